"""The Files and Batch API of the loopback provider: files are kept, batches are worked off when somebody asks how they stand."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from brandkit.testing.multipart import parse_multipart
from brandkit.testing.rules import Rejection, check_batched_edit, check_generation

Work = Callable[[str, dict[str, Any]], tuple[int, dict[str, Any], str]]
"""Path and body to status, answer and request id: what the provider does with one line."""


class Reply(NamedTuple):
    """What is sent back."""

    status: int
    body: bytes


@dataclass
class Batches:
    """The state of both APIs.

    `looks` is how often a batch must be asked for before it is done: 0 is at once. `lose` answers the next submission with a
    broken connection although the batch stands.
    """

    looks: int = 0
    lose: bool = False
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def upload(self, content_type: str, body: bytes) -> Reply:
        """Keep a file."""
        parts = {part.name: part for part in parse_multipart(content_type, body)}
        purpose = parts["purpose"].data.decode() if "purpose" in parts else ""
        if "file" not in parts or purpose not in ("batch", "vision"):
            return _refused("file and purpose are required")
        with self._lock:
            name = f"file-{len(self.files) + 1:06d}"
            self.files[name] = parts["file"].data
        about = {"id": name, "object": "file", "bytes": len(parts["file"].data), "created_at": 1, "filename": "x"}
        return _json(about | {"purpose": purpose, "status": "processed"})

    def content(self, name: str) -> Reply:
        """The bytes of a file."""
        return Reply(200, self.files[name]) if name in self.files else _refused("no such file", 404)

    def create(self, fields: dict[str, Any]) -> Reply:
        """Accept a batch whose every line is well-formed."""
        if set(fields) != {"completion_window", "endpoint", "input_file_id", "metadata"} or fields["completion_window"] != "24h":
            return _refused("unknown or missing parameters")
        try:
            lines = [json.loads(line) for line in self.files[fields["input_file_id"]].decode().splitlines()]
            if any(line["url"] != fields["endpoint"] or line["method"] != "POST" for line in lines):
                return _refused("every line must be for the batch's endpoint")
            if len({line["custom_id"] for line in lines}) != len(lines):
                return _refused("custom ids must differ")
        except (KeyError, ValueError):
            return _refused("the input file is not well-formed")
        with self._lock:
            name = f"batch_{len(self.batches) + 1:06d}"
            self.batches[name] = {
                "id": name,
                "object": "batch",
                **fields,
                "status": "validating",
                "created_at": len(self.batches),
                "output_file_id": None,
                "error_file_id": None,
                "request_counts": {"total": len(lines), "completed": 0, "failed": 0},
            }
            return _json(self.batches[name])

    def listed(self) -> Reply:
        """All batches, newest first."""
        found = sorted(self.batches.values(), key=lambda batch: -batch["created_at"])
        return _json({"object": "list", "data": found, "has_more": False, "first_id": None, "last_id": None})

    def look(self, name: str, work: Work) -> Reply:
        """How a batch stands; it is worked off once it was asked for often enough."""
        with self._lock:
            batch = self.batches.get(name)
            if batch is None:
                return _refused("no such batch", 404)
            if self.looks > 0:
                self.looks -= 1
                batch["status"] = "in_progress"
            elif batch["status"] not in ("completed", "expired"):
                self._work_off(batch, work)
            return _json(batch)

    def _work_off(self, batch: dict[str, Any], work: Work) -> None:
        good: list[dict[str, Any]] = []
        bad: list[dict[str, Any]] = []
        for text in self.files[batch["input_file_id"]].decode().splitlines():
            line = json.loads(text)
            status, body, request_id = self._answered(line, work)
            if status == 0:
                continue  # left unanswered: the day was over
            response = {"status_code": status, "request_id": request_id, "body": body}
            (good if status == 200 else bad).append({"id": "x", "custom_id": line["custom_id"], "response": response, "error": None})
        total = batch["request_counts"]["total"]
        batch["status"] = "completed" if len(good) + len(bad) == total else "expired"
        batch["request_counts"] = {"total": total, "completed": len(good), "failed": len(bad)}
        for key, lines in (("output_file_id", good), ("error_file_id", bad)):
            if lines:
                batch[key] = f"file-{batch['id']}-{key}"
                self.files[batch[key]] = "".join(json.dumps(line) + "\n" for line in lines).encode()

    def _answered(self, line: dict[str, Any], work: Work) -> tuple[int, dict[str, Any], str]:
        try:
            if line["url"].endswith("/edits"):
                check_batched_edit(line["body"], set(self.files))
            else:
                check_generation(line["body"])
        except Rejection as rejection:
            return (
                400,
                {"error": {"message": rejection.message, "code": rejection.code, "param": rejection.param, "type": "x"}},
                "req_rejected",
            )
        return work(line["url"], line["body"])


CALLS = {
    "files": r"/v1/files",
    "content": r"/v1/files/([\w-]+)/content",
    "batches": r"/v1/batches",
    "batch": r"/v1/batches/([\w-]+)",
}


def match(path: str) -> tuple[str, str]:
    """Which call of the two APIs a path is, and the name in it: ("", "") for none."""
    for kind, pattern in CALLS.items():
        if found := re.fullmatch(pattern, path.partition("?")[0]):
            return kind, found[1] if found.groups() else ""
    return "", ""


def _json(document: dict[str, Any]) -> Reply:
    return Reply(200, json.dumps(document).encode())


def _refused(message: str, status: int = 400) -> Reply:
    return Reply(status, json.dumps({"error": {"message": message, "type": "invalid_request_error", "code": None, "param": None}}).encode())
