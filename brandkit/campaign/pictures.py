"""Pictures for a run: from the store where they were received before, else from the backend, booked around every call.

The order of writing is the promise: the ledger holds the price before anything is sent, the answer is on disk before it is
read, and a picture is booked only once it stands in the store. A crash at any point leaves either an answer that the next
run reads, or an attempt that counts as spent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from brandkit.campaign.ledger import NO_CAPS, Attempt, Caps, Ledger, Received
from brandkit.campaign.store import Store
from brandkit.errors import AnswerInvalid, BackendDenied, BackendError, BackendRefused, BackendUnavailable
from brandkit.generate.answer import REQUEST_ID
from brandkit.generate.backend import Answer, Backend, ImageRequest, ImageResponse, Price, Reader
from brandkit.generate.backends.replay import Replay
from brandkit.generate.batch import SHARE
from brandkit.generate.call import Limiter, call
from brandkit.prompt.models import availability, load_models

TRIES = 3  # attempts at one picture, each reserved and counted, when the server answers 5xx with Retry-After


@dataclass(frozen=True)
class PictureDesk:
    """Gets pictures for requests, each at most once for money."""

    backend: Backend
    ledger: Ledger
    store: Store
    caps: Caps = NO_CAPS
    retry_unknown: bool = False
    buying: bool = True
    """False: take what stands or has arrived, and send nothing that costs money."""
    recorder: Replay | None = None
    """Where answers are also recorded, to be played back by the backend `replay`."""
    limiter: Limiter = field(default_factory=Limiter)
    today: Callable[[], date] = lambda: datetime.now(UTC).date()

    def get(self, request: ImageRequest, price: Price) -> Received:
        """The picture for `request`: received before, or made now.

        Raises:
            BudgetExceeded: It would pass a cap; nothing was sent.
            BackendRefused: It is refused, now or earlier.
            BackendError: It could not be made; the ledger says whether it may have been billed.
        """
        self._salvage(request)
        before = self.ledger.received(request.fingerprint)
        if before is not None and self.store.get(before.sha256) is not None:
            return before
        if before is not None and price.most and not self.retry_unknown:
            raise BackendError(
                f"the stored picture {before.sha256[:12]} is missing or damaged, and it was paid for",
                hint="restore objects/ from a backup, or run again with --retry-unknown to buy it once more",
            )
        if price.most and before is None and (last := self.ledger.last(request.fingerprint)):
            if received := self.read_again(last, request):
                return received
            self._refuse_again(last)
        if price.most and not self.buying:
            raise BackendUnavailable("the picture was not bought: nothing new is bought with --resume", hint="run again without it")
        return self._make(request, price)

    def _refuse_again(self, last: Attempt) -> None:
        """What was refused stays refused; what was paid for and lost or unusable is bought again only when asked for."""
        if last.state == "refused":
            raise BackendRefused(f"{last.note} (refused on {last.at[:10]}, not asked again)", hint="change the scene in the campaign file")
        if last.state == "sent":
            raise BackendUnavailable(f"request {last.fingerprint[:12]} is in a batch under way", hint="run again with --resume later")
        if self.retry_unknown:
            return
        lost = "holds no usable picture" if last.state == "received_invalid" else "was lost"
        raise BackendError(
            f"the answer to request {last.fingerprint[:12]} {lost} and {'was' if lost[0] == 'h' else 'may have been'} billed"
            + (f": {last.note}" if last.note else ""),
            hint="run again with --retry-unknown to buy it once more; the budget counts both",
        )

    def _salvage(self, request: ImageRequest) -> None:
        """Read answers that arrived and were not booked, because the process ended in between."""
        for attempt, answer in self.store.answers(request.fingerprint).items():
            self.read(attempt, request, answer)

    def read(self, attempt: int, request: ImageRequest, answer: Answer) -> None:
        """Read a kept answer to `request`, and book it at what it cost: half for a line of a batch."""
        share = SHARE if self.ledger.in_batch(attempt) else Decimal(1)
        if not isinstance(self.backend, Reader):
            return
        try:
            response = self.backend.read(answer, request)
        except AnswerInvalid as error:
            error.cost *= share
            self.book_invalid(attempt, request, error, answer)
        else:
            self.book(attempt, request, replace(response, cost=response.cost * share))

    def read_again(self, last: Attempt, request: ImageRequest) -> Received | None:
        """The picture in an answer that was of no use once: it may have been this machine that had no memory to decode it."""
        body = self.store.get(last.sha256) if last.state == "received_invalid" else None
        if body is None or not isinstance(self.backend, Reader):
            return None
        try:
            response = self.backend.read(Answer(body, {REQUEST_ID: last.request_id}), request)
        except AnswerInvalid:
            return None
        return self.book(last.id, request, replace(response, cost=last.cost))

    def reserve(self, request: ImageRequest, price: Price) -> int:
        """Hold the most that a call can cost, and give the attempt's id.

        Raises:
            BackendDenied: The model was switched off.
            BudgetExceeded: It would pass a cap.
        """
        model = load_models().get(request.model)
        state = availability(model, self.today()) if model else None
        if state and state.level == "error":
            raise BackendDenied(state.message, hint=f"{state.remedy}; nothing was sent")
        return self.ledger.reserve(
            request.fingerprint, backend=self.backend.id, model=request.model, most=price.most, likely=price.usd, caps=self.caps
        )

    def _make(self, request: ImageRequest, price: Price) -> Received:
        """Buy the picture; again, in an attempt of its own, where a server that failed says after which time it may be asked again."""
        left = TRIES
        while True:
            left -= 1
            try:
                return self._attempt(request, price)
            except BackendUnavailable as error:
                if not left or error.rate_limited or error.retry_after is None or not self.limiter.put_off(error.retry_after):
                    raise

    def _attempt(self, request: ImageRequest, price: Price) -> Received:
        if price.most:
            self.store.check_space()
        attempt = self.reserve(request, price)
        self.ledger.sent(attempt)
        arrived: list[Answer] = []

        def keep(answer: Answer) -> None:
            self.store.keep_answer(attempt, request.fingerprint, answer)
            arrived.append(answer)

        try:
            response = call(self.backend, request, keep=keep, limiter=self.limiter)
        except AnswerInvalid as error:
            self.book_invalid(attempt, request, error, arrived[0] if arrived else Answer(b""))
            raise
        except BackendRefused as error:
            self.ledger.fail(attempt, note=error.message, maybe_billed=error.maybe_billed, refused=True, request_id=error.request_id)
            raise
        except BackendUnavailable as error:
            self.ledger.fail(attempt, note=error.message, maybe_billed=error.maybe_billed, request_id=error.request_id)
            raise
        except BackendError as error:
            self.ledger.fail(attempt, note=error.message, maybe_billed=False)
            raise
        return self.book(attempt, request, response)

    def book(self, attempt: int, request: ImageRequest, response: ImageResponse) -> Received:
        digest = self.store.put(response.data)
        if self.recorder is not None:
            self.recorder.record(request, response)
        self.ledger.book(attempt, response, digest)
        self.store.drop_answer(attempt, request.fingerprint)
        return Received(request.fingerprint, digest, response.media_type, response.cost, response.request_id)

    def book_invalid(self, attempt: int, request: ImageRequest, error: AnswerInvalid, answer: Answer) -> None:
        digest = self.store.put(answer.body)
        request_id = answer.headers.get(REQUEST_ID, "")
        self.ledger.book_invalid(attempt, cost=error.cost, digest=digest, note=error.message, request_id=request_id)
        self.store.drop_answer(attempt, request.fingerprint)
