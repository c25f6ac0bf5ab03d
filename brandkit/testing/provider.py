"""A provider on the loopback interface: it speaks the Images API, checks every request, keeps its own bill, and fails on demand."""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar

from brandkit.testing.batches import Batches, Reply, match
from brandkit.testing.drawing import draw_answer
from brandkit.testing.faults import ERRORS, UNCHARGED, WAITING, Fault
from brandkit.testing.floods import FLOODS, flood, pour
from brandkit.testing.kinds import KINDS, check_kind, error_body, shaped
from brandkit.testing.multipart import Part, parse_multipart
from brandkit.testing.rules import Rejection, check_edit, check_generation

__all__ = ["UNCHARGED", "Charge", "Fault", "Provider", "Seen"]


@dataclass(frozen=True)
class Seen:
    """One POST as it arrived: `fields` are the JSON body or the form's text fields, `files` the form's files in order."""

    path: str
    headers: dict[str, str]
    fields: dict[str, Any]
    files: tuple[Part, ...] = ()
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Charge:
    """One line of the bill."""

    path: str
    model: str
    size: str
    request_id: str
    batch: bool = False
    """True at half the price."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a client goes away in the middle, which killed ones do."""


class Provider:
    """The server, as a context manager.

    `kind` makes it behave like another server that speaks the Images API: `litellm`, `vllm-omni`, `sglang`, `stable-diffusion-cpp`,
    `localai`. `drift` is the ΔE00 by which the colours of its pictures stray. `seen` holds every POST, `bill` those that were charged.
    `fail(...)` queues faults, one for each following POST.
    """

    def __init__(self, *, key: str = "sk-loopback-0123456789", slow_seconds: float = 2.0, kind: str = "openai", drift: float = 0.0) -> None:
        self.drift = drift
        """ΔE00 by which the colours of its pictures stray."""
        self.kind = KINDS.get(kind)
        """How it differs from OpenAI's own; None when it does not."""
        self.made = b""
        """The picture of the newest answer that named an address."""
        self.key = key
        self.slow_seconds = slow_seconds
        self.seen: list[Seen] = []
        self.bill: list[Charge] = []
        self.rejected: list[Rejection] = []
        self.batches = Batches()
        self._faults: deque[Fault] = deque()
        self._requests = 0
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"provider": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def base_url(self) -> str:
        """For `OPENAI_BASE_URL`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def waiting_faults(self) -> int:
        """How many of the faults queued by `fail` no POST has met yet."""
        return len(self._faults)

    def fail(self, *faults: Fault) -> None:
        """Let the next POSTs fail, one fault for each."""
        self._faults.extend(faults)

    def reset(self) -> None:
        """Forget what was seen, the bill and the queued faults. Request ids go on counting, so that none comes twice."""
        with self._lock:
            self.seen, self.bill, self.rejected, self.batches = [], [], [], Batches()
            self._faults.clear()

    def __enter__(self) -> Provider:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def receive(self, seen: Seen) -> tuple[Fault | None, str]:
        """Book the arrival of a POST: the fault to answer with, and the request id."""
        with self._lock:
            self.seen.append(seen)
            self._requests += 1
            return (self._faults.popleft() if self._faults else None), f"req_{self._requests:06d}"

    def work(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any], str]:
        """Do one line of a batch: status (0 for unanswered), answer and request id. Queued faults apply to lines in their order."""
        seen = Seen(path, {}, body, tuple(Part("image[]", "x", None, b"") for _ in body.get("images", ())))
        with self._lock:
            self._requests += 1
            fault, request_id = (self._faults.popleft() if self._faults else None), f"req_{self._requests:06d}"
        if fault == "drop":
            return 0, {}, request_id
        if fault in ERRORS:
            status, code, message = ERRORS[fault]
            return status, {"error": {"message": message, "type": "x", "code": code, "param": None}}, request_id
        with self._lock:
            self.bill.append(Charge(path, str(body.get("model")), str(body.get("size")), request_id, batch=True))
        return 200, _answer(seen, fault, self.drift), request_id

    def charge(self, seen: Seen, request_id: str) -> None:
        """Put the work on the bill."""
        with self._lock:
            self.bill.append(Charge(seen.path, str(seen.fields.get("model")), str(seen.fields.get("size")), request_id))


class _Handler(BaseHTTPRequestHandler):
    provider: ClassVar[Provider]
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a test's output belongs to the test."""

    def do_GET(self) -> None:
        """List no models, which is enough to say whether a key is known; show files and batches."""
        kind, name = match(self.path)
        if self.path == "/generated/picture":
            self._send(200, self.provider.made, "req_picture", length=len(self.provider.made), headers={})
        elif self.headers.get("authorization") != f"Bearer {self.provider.key}":
            self._error(401, "invalid_api_key", f"Incorrect API key provided: {self.headers.get('authorization')}.", "req_models")
        elif kind == "content":
            self._reply(self.provider.batches.content(name))
        elif kind == "batches":
            self._reply(self.provider.batches.listed())
        elif kind == "batch":
            self._reply(self.provider.batches.look(name, self.provider.work))
        else:
            self._reply(Reply(200, b'{"object": "list", "data": []}'))

    def _reply(self, reply: Reply) -> None:
        self._send(reply.status, reply.body, "req_batch", length=len(reply.body), headers={})

    def _kept(self, body: bytes) -> bool:
        """Whether the POST was for files or batches, and is answered."""
        kind, _ = match(self.path)
        if kind not in ("files", "batches"):
            return False
        batches = self.provider.batches
        if self.headers.get("authorization") != f"Bearer {self.provider.key}":
            self._error(401, "invalid_api_key", "Incorrect API key provided.", "req_batch")
        elif kind == "files":
            self._reply(batches.upload(self.headers.get("content-type") or "", body))
        else:
            reply = batches.create(json.loads(body))
            if batches.lose:
                batches.lose, self.close_connection = False, True
            else:
                self._reply(reply)
        return True

    def do_POST(self) -> None:
        """Answer one request."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self._kept(body):
            return
        try:
            seen = _read(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        except ValueError as error:
            self._error(400, "invalid_request_error", str(error), "req_unread")
            return
        fault, request_id = self.provider.receive(seen)
        if fault == "unauthorized" or seen.headers.get("authorization") != f"Bearer {self.provider.key}":
            given = seen.headers.get("authorization", "").removeprefix("Bearer ")
            self._error(401, "invalid_api_key", f"Incorrect API key provided: {given}.", request_id)
        elif fault in ERRORS:
            wait = {"retry-after": "600" if fault == "rate-limit-long" else "0"} if fault in WAITING else {}
            self._error(*ERRORS[fault], request_id, headers=wait)
        else:
            self._work(seen, fault, request_id)

    def _work(self, seen: Seen, fault: Fault | None, request_id: str) -> None:
        try:
            if self.provider.kind and "/images/" in seen.path:
                edit = seen.path.endswith("/images/edits")
                check_kind(self.provider.kind, seen.fields, [part.name for part in seen.files], edit=edit)
            elif seen.path.endswith("/images/generations"):
                check_generation(seen.fields)
            elif seen.path.endswith("/images/edits"):
                names = [part.name for part in parse_multipart(seen.headers["content-type"], seen.body) if part.filename is None]
                check_edit(seen.fields, names, seen.files)
            else:
                self._error(404, "not_found", f"Invalid URL (POST {seen.path})", request_id)
                return
        except Rejection as rejection:
            self.provider.rejected.append(rejection)
            self._error(400, rejection.code, rejection.message, request_id, param=rejection.param)
            return
        if fault not in UNCHARGED:
            self.provider.charge(seen, request_id)
        if fault in FLOODS:
            self._flood(fault, request_id)
            return
        if fault == "moderation-output":
            details = {"moderation_stage": "output", "categories": ["violence"]}
            self._error(*ERRORS["moderation"], request_id, details=details)
            return
        streamed = str(seen.fields.get("stream", "")).lower() == "true"
        if fault == "drop" or (fault == "half-stream" and not streamed):
            self.close_connection = True
            return
        if fault == "slow":
            time.sleep(self.provider.slow_seconds)
        if streamed:
            self._stream(seen, fault, request_id)
            return
        self._answer(_answer(seen, fault, self.provider.drift), fault, request_id)

    def _flood(self, fault: str, request_id: str) -> None:
        status, headers, body = flood(fault)
        self.send_response(status)
        for name, value in {"content-type": "application/json", "x-request-id": request_id, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        pour(body, self.wfile)
        self.close_connection = True

    def _stream(self, seen: Seen, fault: Fault | None, request_id: str) -> None:
        """Previews, then the finished picture, as server-sent events; a stream has no length, it ends with the connection."""
        answer, name = _answer(seen, fault, self.provider.drift), "image_edit" if seen.files else "image_generation"
        code = answer["data"][0].get("b64_json", "") if answer["data"] else ""
        events = [
            {"type": f"{name}.partial_image", "partial_image_index": number, "b64_json": code}
            for number in range(int(str(seen.fields.get("partial_images", 0))))
        ]
        finished = {name: value for name, value in answer.items() if name not in ("data", "created")}
        events.append({"type": f"{name}.completed", "b64_json": code, "created_at": answer["created"], **finished})
        sent = events[:1] if fault == "half-stream" else events
        self.send_response(200)
        for header, value in (("content-type", "text/event-stream"), ("x-request-id", request_id), ("connection", "close")):
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write("".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in sent).encode())
        self.close_connection = True

    def _answer(self, document: dict[str, Any], fault: Fault | None, request_id: str) -> None:
        if self.provider.kind and document["data"]:
            self.provider.made = base64.b64decode(document["data"][0].get("b64_json", ""))
            fields = self.provider.seen[-1].fields
            document = shaped(self.provider.kind, document, fields, self.provider.base_url.removesuffix("/v1"))
        payload = json.dumps(document).encode()
        if fault == "cut-json":
            payload = payload[: len(payload) // 2]
        sent = payload[: len(payload) // 2] if fault == "truncated" else payload
        limits = {"x-ratelimit-remaining-requests": "49", "openai-processing-ms": "1200"}
        self._send(200, sent, request_id, length=len(payload) // (2 if fault == "short-length" else 1), headers=limits)
        self.close_connection = fault == "truncated" or self.close_connection

    def _error(
        self, status: int, code: str, message: str, request_id: str, *, param: str | None = None, headers: dict[str, str] | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        kind = "image_generation_user_error" if code == "moderation_blocked" else "invalid_request_error"
        error: dict[str, Any] = {"message": message, "type": kind, "param": param, "code": code or None}
        body = {"error": error | ({"moderation_details": details} if details else {})}
        if self.provider.kind:
            body = error_body(self.provider.kind, message, code)
        payload = json.dumps(body).encode()
        self._send(status, payload, request_id, length=len(payload), headers=headers or {})

    def _send(self, status: int, payload: bytes, request_id: str, *, length: int, headers: dict[str, str]) -> None:
        try:
            self.send_response(status)
            for name, value in {"content-type": "application/json", "x-request-id": request_id, **headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(length))
            self.end_headers()
            self.wfile.write(payload)
        except (BrokenPipeError, ConnectionResetError):  # the client gave up, which is what slow answers are for
            self.close_connection = True


def _read(path: str, headers: dict[str, str], body: bytes) -> Seen:
    if headers.get("content-type", "").startswith("multipart/"):
        parts = parse_multipart(headers["content-type"], body)
        fields = {part.name: part.data.decode() for part in parts if part.filename is None}
        return Seen(path, headers, fields, tuple(part for part in parts if part.filename is not None), body)
    fields = json.loads(body)
    if not isinstance(fields, dict):
        raise ValueError("the body must be a JSON object")
    return Seen(path, headers, fields, (), body)


def _drawn(fields: dict[str, Any], width: int, height: int, output: str, fault: Fault | None, drift: float) -> bytes:
    prompt, transparent = str(fields["prompt"]), fields.get("background") == "transparent" and fault != "opaque"
    if fault == "wrong-size":
        return draw_answer(prompt, width // 2, height // 2, output)
    if fault == "other-shape":
        return draw_answer(prompt, width * 5 // 4, height, output)
    if fault == "one-pixel":
        return draw_answer(prompt, 1, 1, output)
    if fault == "wrong-format":
        return draw_answer(prompt, width, height, "png" if output == "jpeg" else "jpeg")
    data = draw_answer(prompt, width, height, output, drift=drift, transparent=transparent)
    return data[:-20] if fault == "cut-picture" else data


def _answer(seen: Seen, fault: Fault | None, drift: float = 0.0) -> dict[str, Any]:
    fields = seen.fields
    size = re.fullmatch(r"(\d+)x(\d+)", str(fields.get("size", ""))) or re.fullmatch(r"(\d+)x(\d+)", "1024x1024")
    width, height = (int(size[1]), int(size[2])) if size else (1024, 1024)
    output = str(fields.get("output_format", "png"))
    code = base64.b64encode(_drawn(fields, width, height, output, fault, drift)).decode()
    item: dict[str, str] = {"b64_json": code}
    if fault == "bad-base64":
        item = {"b64_json": code[: len(code) // 2] + "*!" + code[len(code) // 2 :]}
    elif fault == "not-a-picture":
        item = {"b64_json": base64.b64encode(b"<html>busy</html>").decode()}
    elif fault == "url":
        item = {"url": "http://127.0.0.1:1/picture.png"}
    text, pictures = len(str(fields["prompt"])) // 4 + 6, 480 * len(seen.files)
    made = 40 + width * height // 1024
    usage = {
        "input_tokens": text + pictures,
        "input_tokens_details": {"text_tokens": text, "image_tokens": pictures},
        "output_tokens": made,
        "total_tokens": text + pictures + made,
    }
    answer = {
        "created": 1_790_000_000,
        "data": [item] * {"no-picture": 0, "two-pictures": 2}.get(fault or "", 1),
        "background": fields.get("background", "opaque"),
        "output_format": output,
        "quality": fields.get("quality", "medium"),
        "size": f"{width}x{height}",
        "usage": usage,
    }
    return {name: value for name, value in answer.items() if not (fault == "no-usage" and name == "usage")}
