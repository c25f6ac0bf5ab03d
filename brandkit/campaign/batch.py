"""Pictures by batch: reserved, marked and submitted in one run, collected and booked in a later one."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import groupby

from brandkit.campaign.pictures import PictureDesk
from brandkit.errors import AnswerTooLarge, BackendError, BackendRefused, BackendUnavailable, InputError, UnfinishedError
from brandkit.generate.backend import ImageRequest, Price
from brandkit.generate.backends.openai import OpenAIBackend
from brandkit.generate.batch import SHARE, Line, Look, endpoint_of, find, look, results, submit

Tell = Callable[[str], None]


def half(price: Price) -> Price:
    """What a call costs by batch."""
    return replace(price, usd=price.usd * SHARE, most=price.most * SHARE, basis=f"{price.basis}, by batch")


class BatchDesk:
    """Submits and collects batches for a picture desk.

    Raises:
        InputError: The desk's backend or model has no Batch API.
    """

    def __init__(self, desk: PictureDesk) -> None:
        if not isinstance(desk.backend, OpenAIBackend) or not desk.backend.model.batch:
            raise InputError(f"{desk.backend.id} makes no batches", hint="leave --batch out, or use --backend openai")
        self.desk, self.backend, self.ledger = desk, desk.backend, desk.ledger

    def collect(self, requests: dict[str, ImageRequest], tell: Tell) -> None:
        """Book what open batches have answered; those still under way are left alone.

        Args:
            requests: By fingerprint; answers to others stay in the inbox until a plan has them.
            tell: Told how each batch stands.
        """
        for mark, known in self.ledger.open_batches().items():
            batch_id = known or find(self.backend, mark)
            if not batch_id:  # the process ended before it was submitted, or the provider never took it
                self.ledger.batch_closed(mark, note="the batch was never submitted")
                continue
            self.ledger.batch_named(mark, batch_id)
            seen = look(self.backend, batch_id)
            tell(f"batch {batch_id}: {seen.status}, {seen.done} of {seen.total} done")
            if not seen.ended:
                continue
            try:
                self._book_all(seen, mark, requests)
            except AnswerTooLarge as error:  # asked again, it would give the same
                tell(f"batch {batch_id}: {error}")
                self.ledger.batch_lost(mark, note=error.message)
            else:
                self.ledger.batch_closed(mark, note=f"the batch {batch_id} is {seen.status} and left it unanswered")

    def _book_all(self, seen: Look, mark: str, requests: dict[str, ImageRequest]) -> None:
        lines = self.ledger.lines_of(mark)
        waiting = {line.id: line.fingerprint for line in lines if line.state == "sent"}
        for attempt, answer in results(self.backend, seen, asked=len(lines)):
            fingerprint = waiting.pop(attempt, None)
            if fingerprint is None:
                continue
            if isinstance(answer, BackendError):  # a line that failed for load or for time is not charged
                refused = isinstance(answer, BackendRefused)
                billed, request_id = (answer.maybe_billed, answer.request_id) if isinstance(answer, BackendRefused) else (False, "")
                self.ledger.fail(attempt, note=answer.message, maybe_billed=billed, refused=refused, request_id=request_id)
                continue
            self.desk.store.keep_answer(attempt, fingerprint, answer)
            if request := requests.get(fingerprint):
                self.desk.read(attempt, request, answer)
            else:
                self.ledger.fail(attempt, note="answered, but no longer in the plan", maybe_billed=True)

    def submit(self, wanted: Iterable[tuple[ImageRequest, Price]], tell: Tell) -> int:
        """Submit what is neither received nor under way, and give the number of pictures. Prices are those of a batch: `half`.

        Raises:
            BudgetExceeded: Even at half price it would pass a cap; nothing of that batch is submitted.
            BackendError: The batch was not accepted.
        """
        missing = [(request, price) for request, price in wanted if self._missing(request)]
        count = 0
        for _, group in groupby(sorted(missing, key=lambda pair: endpoint_of(pair[0])), key=lambda pair: endpoint_of(pair[0])):
            count += self._submit(list(group), tell)
        return count

    def _missing(self, request: ImageRequest) -> bool:
        last = self.ledger.last(request.fingerprint)
        if last is None or not self.desk.retry_unknown:
            return last is None
        return last.state in ("unknown", "received_invalid") and self.desk.read_again(last, request) is None

    def _submit(self, group: list[tuple[ImageRequest, Price]], tell: Tell) -> int:
        mark = uuid.uuid4().hex
        lines: list[Line] = []
        try:
            for request, price in group:
                lines.append(Line(self.desk.reserve(request, price), request))
        except UnfinishedError as error:
            for line in lines:
                self.ledger.fail(line.attempt, note=f"never submitted: {error.message}", maybe_billed=False)
            raise
        self.ledger.batched(mark, [line.attempt for line in lines])
        try:
            batch_id = submit(self.backend, lines, mark=mark)
        except BackendUnavailable as error:
            if not error.maybe_billed:
                self.ledger.batch_closed(mark, note=error.message)
            raise
        except BackendError as error:
            self.ledger.batch_closed(mark, note=error.message)
            raise
        self.ledger.batch_named(mark, batch_id)
        tell(f"batch {batch_id}: submitted, {len(lines)} pictures")
        return len(lines)
