"""One picture from a backend, with patience for rate limits and for nothing else."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from brandkit.errors import BackendUnavailable
from brandkit.generate.backend import Backend, ImageRequest, ImageResponse

TRIES = 5
FIRST_WAIT = 2.0  # s; doubled at every try: rate windows are minutes long
LONGEST_WAIT = 120.0  # s; a longer wish means that the run should be resumed later
JITTER = 0.25  # share by which waits are lengthened at random, so that several runs do not come back at the same moment


def call(
    backend: Backend,
    request: ImageRequest,
    *,
    tries: int = TRIES,
    sleep: Callable[[float], None] = time.sleep,
    rng: random.Random | None = None,
) -> ImageResponse:
    """Make one picture; wait and ask again only when the provider turned the request away for its rate, unbilled.

    Args:
        backend: Makes exactly one attempt at each call.
        request: The picture.
        tries: How often to ask at most, at least 1.
        sleep: Waits for seconds; injected in tests.
        rng: Source of the jitter; the system's when None.

    Raises:
        BackendError: As raised by the backend; every other fault at once, because the request may have been billed.
    """
    chance = rng or random.SystemRandom()
    for attempt in range(tries):
        try:
            return backend.generate(request)
        except BackendUnavailable as error:
            asked = error.retry_after
            if not error.rate_limited or attempt == tries - 1 or (asked is not None and asked > LONGEST_WAIT):
                raise
            wait = asked if asked is not None else min(LONGEST_WAIT, FIRST_WAIT * 2**attempt)
            sleep(wait * (1 + JITTER * chance.random()))
    raise ValueError(f"tries must be at least 1, got {tries}")
