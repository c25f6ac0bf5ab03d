"""Pictures for a run: from the store where they were received before, else from the backend, booked around every call."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from brandkit.campaign.ledger import Ledger, Received
from brandkit.campaign.store import Store
from brandkit.errors import BackendError, BackendRefused, BackendUnavailable
from brandkit.generate.backend import Backend, ImageRequest, ImageResponse, Price
from brandkit.generate.backends.replay import Replay
from brandkit.generate.call import call


@dataclass(frozen=True)
class PictureDesk:
    """Gets pictures for requests, each at most once for money."""

    backend: Backend
    ledger: Ledger
    store: Store
    budget: Decimal | None
    retry_unknown: bool = False
    recorder: Replay | None = None
    """Where answers are also recorded, to be played back by the backend `replay`."""

    def get(self, request: ImageRequest, price: Price) -> Received:
        """The picture for `request`: received before, or made now.

        Raises:
            BudgetExceeded: It would pass the budget; nothing was sent.
            BackendError: It could not be made; the ledger says whether it may have been billed.
        """
        before = self.ledger.received(request.fingerprint)
        if before is not None and self.store.get(before.sha256) is not None:
            return before
        if before is not None and price.most and not self.retry_unknown:
            raise BackendError(
                f"the stored picture {before.sha256[:12]} is missing or damaged, and it was paid for",
                hint="restore objects/ from a backup, or run again with --retry-unknown to buy it once more",
            )
        if self.ledger.unknown(request.fingerprint) and price.most and not self.retry_unknown:
            raise BackendError(
                f"the answer to request {request.fingerprint[:12]} was lost and may have been billed",
                hint="run again with --retry-unknown to buy it once more; the budget counts both",
            )
        return self._make(request, price)

    def _make(self, request: ImageRequest, price: Price) -> Received:
        attempt = self.ledger.reserve(
            request.fingerprint, backend=self.backend.id, model=request.model, most=price.most, budget=self.budget
        )
        self.ledger.sent(attempt)
        try:
            response: ImageResponse = call(self.backend, request)
        except BackendRefused as error:
            self.ledger.fail(attempt, note=error.message, maybe_billed=False, refused=True)
            raise
        except BackendUnavailable as error:
            self.ledger.fail(attempt, note=error.message, maybe_billed=error.maybe_billed)
            raise
        except BackendError as error:
            self.ledger.fail(attempt, note=error.message, maybe_billed=False)
            raise
        digest = self.store.put(response.data)
        self.ledger.book(attempt, response, digest)
        if self.recorder is not None:
            self.recorder.record(request, response)
        return Received(request.fingerprint, digest, response.media_type, response.cost, response.request_id)
