"""Answers taken in within limits, so that no server, hostile or broken, fills this machine's memory or holds a call for ever."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import httpx2

from brandkit.errors import AnswerTooLarge, BackendDenied
from brandkit.image.load import DEFAULT

PICTURE = 4 * -(-DEFAULT.bytes // 3)  # bytes of base64 of the largest picture that is accepted; more is of no use, whoever sends it
AROUND = 1_000_000  # bytes of JSON around the pictures: usage, a prompt rewritten
OTHER = 8_000_000  # bytes of answers without pictures: lists of models and batches, errors
MARKS = 100_000  # braces, brackets and commas around pictures; some dozens are usual, and each may become an object of 70 bytes
REQUEST_ID = "x-request-id"
HINT = "it may have been billed, and the budget counts it; look at the server before --retry-unknown buys it once more"


class Tally:
    """Counts an answer while it comes in.

    Args:
        model: For the message.
        pictures: How many were asked for, previews included; 0 for answers that hold none.
        request_id: As the answer's head gives it.
    """

    def __init__(self, model: str, pictures: int, request_id: str = "") -> None:
        self.most = pictures * PICTURE + AROUND if pictures else OTHER
        self._model, self._pictures, self._request_id = model, pictures, request_id
        self._bytes = self._marks = 0

    def announced(self, length: str) -> None:
        """See what the answer's head says of its length.

        Raises:
            AnswerTooLarge: It is more than is taken in.
        """
        if length.isdigit() and int(length[:20]) > self.most:
            raise self._error(f"announces {int(length[:20]) / 1e6:,.0f} MB, where {self.most / 1e6:,.0f} MB are the most that is taken in")

    def add(self, chunk: bytes) -> None:
        """Count the next bytes, decompressed.

        Raises:
            AnswerTooLarge: They are more than is taken in.
        """
        self._bytes += len(chunk)
        if self._bytes > self.most:
            raise self._error(f"goes on beyond the {self.most / 1e6:,.0f} MB that are taken in at most, and was not read to its end")
        self._marks += sum(map(chunk.count, (b"{", b"[", b","))) if self._pictures else 0
        if self._marks > MARKS:
            raise self._error(f"holds more than {MARKS:,} values, which no answer with a picture does, and was not read to its end")

    def _error(self, what: str) -> AnswerTooLarge:
        place = f"{self._model}{f', request {self._request_id}' if self._request_id else ''}"
        return AnswerTooLarge(f"{place}: the answer {what}", hint=HINT, request_id=self._request_id)


def intake(
    model: str, *, pictures: int = 1, seconds: float, secret: str = "", clock: Callable[[], float] = time.monotonic
) -> Callable[[httpx2.Response], None]:
    """A hook for an HTTP client that limits every answer before any of its body is read, those that redirect and errors included.

    Args:
        model: For messages.
        pictures: How many each call for pictures asks for, previews included.
        seconds: How long a body may take from its head to its end.
        secret: Taken out of every header, wherever the server echoes it: request ids and limits are kept and shown.
        clock: Seconds that only go forward.

    The hook raises `AnswerTooLarge` for what its head announces; the body raises it, or `httpx2.ReadTimeout`, while it is read.
    Results of a batch are let through: who reads them counts each line with a `Tally`.
    """

    def limit(response: httpx2.Response) -> None:
        request = response.request
        for name, value in response.headers.items():
            if secret and secret in value:
                response.headers[name] = value.replace(secret, "***")
        path = request.extensions.setdefault("brandkit", request.url.path)  # of the first request; those it is sent on to carry it along
        if response.has_redirect_location and request.method == "POST":
            hint = "if it is the right one, name it in OPENAI_BASE_URL: prompts and pictures go nowhere else"
            raise BackendDenied(f"{model}: the server sends the call on to another address", hint=hint)
        if response.is_success and path.endswith("/content"):
            return
        made = "/images/" in path and response.is_success
        tally = Tally(model, pictures if made else 0, response.headers.get(REQUEST_ID, ""))
        tally.announced(response.headers.get("content-length", ""))
        stream = response.stream
        if isinstance(stream, httpx2.SyncByteStream):
            packed = httpx2.Response(response.status_code, headers=response.headers, stream=stream, request=request)
            response.headers.pop("content-encoding", None)  # what is counted is what was packed in it
            response.stream = _Limited(packed, tally, clock, clock() + seconds)

    return limit


class _Limited(httpx2.SyncByteStream):
    def __init__(self, packed: httpx2.Response, tally: Tally, clock: Callable[[], float], end: float) -> None:
        self._packed, self._tally, self._clock, self._end = packed, tally, clock, end

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._packed.iter_bytes():
            self._tally.add(chunk)
            if self._clock() > self._end:
                raise httpx2.ReadTimeout("the answer came, and came to no end in time", request=self._packed.request)
            yield chunk

    def close(self) -> None:
        self._packed.close()
