"""The Batch API: many pictures within a day for half the price, submitted by one process and collected by another."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from brandkit.errors import AnswerTooLarge, BackendError, BackendUnavailable
from brandkit.generate.backend import Answer, ImageRequest
from brandkit.generate.backends.openai import OpenAIBackend
from brandkit.generate.faults import status_error, translate

if TYPE_CHECKING:
    from openai import OpenAI

SHARE = Decimal("0.5")  # of the live price
GENERATIONS, EDITS = "/v1/images/generations", "/v1/images/edits"
MARK = "brandkit"  # name of the metadata by which a batch is found again whose id was lost
MAX_LINES, MAX_BYTES = 50_000, 200_000_000  # of one batch
ENDED = {"completed", "failed", "expired", "cancelled"}
HINT = "they may have been billed, and the budget counts them; --retry-unknown buys them once more"
SEARCHED = 100  # newest batches looked at for one whose id was lost


class Line(NamedTuple):
    """One picture of a batch: the attempt that pays for it, and the request."""

    attempt: int
    request: ImageRequest


class Result(NamedTuple):
    """What a batch made of one of its lines."""

    attempt: int
    answer: Answer | BackendError


@dataclass(frozen=True)
class Look:
    """How a batch stands."""

    status: str
    done: int
    total: int
    files: tuple[str, ...] = ()
    """Where its results are, once it has ended."""

    @property
    def ended(self) -> bool:
        return self.status in ENDED


def endpoint_of(request: ImageRequest) -> str:
    """Where a request goes; all lines of a batch go to one place."""
    return EDITS if request.references else GENERATIONS


def submit(backend: OpenAIBackend, lines: Sequence[Line], *, mark: str) -> str:
    """Submit a batch and give its id. Every step before the last is free of charge.

    Args:
        backend: With its client.
        lines: At least one; all for the same endpoint.
        mark: Written into the batch, so that `find` sees it again when the answer to the submission is lost.

    Raises:
        BackendError: The batch was not accepted, or is too large.
        BackendUnavailable: The answer was lost; with `maybe_billed`, the batch may stand and `find` tells.
    """
    client = backend.client()
    with _translated(backend, client):
        uploaded: dict[str, str] = {}
        text = "".join(json.dumps(_line(client, backend, line, uploaded)) + "\n" for line in lines).encode()
        if len(lines) > MAX_LINES or len(text) > MAX_BYTES:
            raise BackendError(f"a batch of {len(lines)} pictures and {len(text)} bytes is too large", hint="make fewer assets at once")
        file = client.files.create(file=("batch.jsonl", text, "application/jsonl"), purpose="batch")
        endpoint: Any = endpoint_of(lines[0].request)
        batch = client.batches.create(completion_window="24h", endpoint=endpoint, input_file_id=file.id, metadata={MARK: mark})
    return batch.id


def find(backend: OpenAIBackend, mark: str) -> str | None:
    """The id of the batch with this mark, among the newest; None when there is none.

    Raises:
        BackendError: The provider cannot be asked.
    """
    client = backend.client()
    with _translated(backend, client):
        for number, batch in enumerate(client.batches.list(limit=SEARCHED)):
            if (batch.metadata or {}).get(MARK) == mark:
                return batch.id
            if number + 1 >= SEARCHED:
                break
    return None


def look(backend: OpenAIBackend, batch_id: str) -> Look:
    """How a batch stands.

    Raises:
        BackendError: The provider cannot be asked, or does not know the batch.
    """
    client = backend.client()
    with _translated(backend, client):
        batch = client.batches.retrieve(batch_id)
        counts = batch.request_counts
    files = tuple(name for name in (batch.output_file_id, batch.error_file_id) if name)
    return Look(batch.status, (counts.completed + counts.failed) if counts else 0, counts.total if counts else 0, files)


def results(backend: OpenAIBackend, seen: Look, *, asked: int) -> Iterator[Result]:
    """What a batch that has ended made of its lines, one in memory at a time.

    Args:
        backend: With its client.
        seen: How it stands.
        asked: How many lines were submitted.

    Raises:
        AnswerTooLarge: A line is larger than an answer may be, or there are more lines than were asked for.
        BackendError: The provider cannot be asked.
        BackendUnavailable: The results cannot be read to their end.
    """
    client = backend.client()
    with _translated(backend, client):
        for file_id in seen.files:
            for line in _lines(client, backend, file_id):
                asked -= 1
                if asked < 0:
                    raise AnswerTooLarge(f"{backend.model.id}: the batch's results hold more pictures than were asked for", hint=HINT)
                yield _result(backend, client, json.loads(line))


def _line(client: OpenAI, backend: OpenAIBackend, line: Line, uploaded: dict[str, str]) -> dict[str, Any]:
    request = line.request
    body: dict[str, Any] = {"prompt": request.prompt, **backend.parameters(request)}
    if request.references:
        ordered = sorted(request.references, key=lambda reference: reference.index)
        for reference in (*ordered, *((request.mask,) if request.mask else ())):
            if reference.sha256 not in uploaded:  # references are shared by most pictures of a campaign
                file = client.files.create(file=(reference.name, reference.data, reference.media_type), purpose="vision")
                uploaded[reference.sha256] = file.id
        body["images"] = [{"file_id": uploaded[reference.sha256]} for reference in ordered]
        if request.mask:
            body["mask"] = {"file_id": uploaded[request.mask.sha256]}
    return {"custom_id": str(line.attempt), "method": "POST", "url": endpoint_of(request), "body": body}


def _lines(client: OpenAI, backend: OpenAIBackend, file_id: str) -> Iterator[bytes]:
    """The lines of a file of results that are not blank, each within the limits of one answer."""
    from brandkit.generate.intake import Tally

    tally, parts = Tally(backend.model.id, 1), list[bytes]()
    with client.files.with_streaming_response.content(file_id) as response:
        for chunk in response.iter_bytes():
            *ends, rest = chunk.split(b"\n")
            for end in ends:
                tally.add(end)
                yield from _unless_blank(b"".join([*parts, end]))
                tally, parts = Tally(backend.model.id, 1), []
            tally.add(rest)
            parts.append(rest)
    yield from _unless_blank(b"".join(parts))


def _unless_blank(line: bytes) -> tuple[bytes, ...]:
    return (line,) if line.strip() else ()


def _result(backend: OpenAIBackend, client: OpenAI, line: dict[str, Any]) -> Result:
    attempt = int(line["custom_id"])
    response = line.get("response") or {}
    status, body = response.get("status_code"), response.get("body") or {}
    request_id = str(response.get("request_id") or "")
    if status == 200:
        return Result(attempt, Answer(json.dumps(body).encode(), {"x-request-id": request_id}))
    inner = body.get("error") or line.get("error") or {}
    told = SimpleNamespace(
        body=inner, status_code=status or 500, code=inner.get("code"), type=inner.get("type"), request_id=request_id,
        response=SimpleNamespace(headers={}),
    )  # fmt: skip
    return Result(attempt, status_error(told, backend.model.id, client.api_key))


class _translated:
    """Turns the SDK's errors into brandkit's."""

    def __init__(self, backend: OpenAIBackend, client: OpenAI) -> None:
        self.backend, self.client = backend, client

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        import httpx2
        import openai

        if isinstance(error, openai.OpenAIError | httpx2.HTTPError):
            raise translate(error, self.backend.model.id, secret=self.client.api_key) from None
        if isinstance(error, ValueError | KeyError | TypeError | AttributeError | RecursionError) and not isinstance(error, BackendError):
            raise BackendUnavailable(f"the batch's results cannot be read ({type(error).__name__})", hint="run again") from None
