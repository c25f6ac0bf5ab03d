"""One picture from a backend, with patience for rate limits and for nothing else."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Mapping

from brandkit.errors import BackendUnavailable
from brandkit.generate.backend import Backend, ImageRequest, ImageResponse, Keep, forget

TRIES = 5
FIRST_WAIT = 2.0  # s; doubled at every try: rate windows are minutes long
LONGEST_WAIT = 120.0  # s; a longer wish means that the run should be resumed later
SPANS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
JITTER = 0.25  # share by which waits are lengthened at random, so that several runs do not come back at the same moment


class Limiter:
    """One gate for all calls of a run: when the provider turns one away for its rate, every other waits as well.

    Args:
        clock: Seconds that only go forward.
        sleep: Waits for seconds; injected in tests.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep) -> None:
        self._clock, self._sleep = clock, sleep
        self._chance = random.SystemRandom()
        self._lock = threading.Lock()
        self._free_at = 0.0

    def pause(self, seconds: float) -> None:
        """Let nobody pass for `seconds`, or longer where a longer pause is set already."""
        with self._lock:
            self._free_at = max(self._free_at, self._clock() + seconds)

    def put_off(self, wish: float) -> bool:
        """Pause for as long as a provider wishes, and a little more; False where that is longer than a run should wait."""
        if wish > LONGEST_WAIT:
            return False
        self.pause(wish * (1 + JITTER * self._chance.random()))
        return True

    def learn(self, headers: Mapping[str, str]) -> None:
        """Pause where an answer's headers say that the account's share is used up, until they say that it is renewed."""
        for kind in ("requests", "images", "tokens"):
            if headers.get(f"x-ratelimit-remaining-{kind}") == "0":
                self.pause(min(LONGEST_WAIT, seconds_of(headers.get(f"x-ratelimit-reset-{kind}", ""))))

    def wait(self) -> None:
        """Return once no pause is set."""
        while (left := self._left()) > 0:
            self._sleep(left)

    def _left(self) -> float:
        with self._lock:
            return self._free_at - self._clock()


def seconds_of(words: str) -> float:
    """Seconds in a span as rate-limit headers write it: `12s`, `1m3.5s`, `200ms`, `2h`; 0 for anything else."""
    if not re.fullmatch(r"(\d+(\.\d+)?(ms|s|m|h|d))+", words):
        return 0.0
    return sum(float(number) * SPANS[unit] for number, _, unit in re.findall(r"(\d+(\.\d+)?)(ms|s|m|h|d)", words))


def call(
    backend: Backend,
    request: ImageRequest,
    *,
    keep: Keep = forget,
    limiter: Limiter | None = None,
    tries: int = TRIES,
    rng: random.Random | None = None,
) -> ImageResponse:
    """Make one picture; wait and ask again only when the provider turned the request away for its rate, unbilled.

    Args:
        backend: Makes exactly one attempt at each call.
        request: The picture.
        keep: Takes the answer before it is read.
        limiter: The gate that the run's calls share; one of its own when None.
        tries: How often to ask at most, at least 1.
        rng: Source of the jitter; the system's when None.

    Raises:
        BackendError: As raised by the backend; every other fault at once, because the request may have been billed.
    """
    chance, gate = rng or random.SystemRandom(), limiter or Limiter()
    for attempt in range(tries):
        gate.wait()
        try:
            response = backend.generate(request, keep=keep)
            gate.learn(response.headers)
            return response
        except BackendUnavailable as error:
            asked = error.retry_after
            if not error.rate_limited or attempt == tries - 1 or (asked is not None and asked > LONGEST_WAIT):
                raise
            wait = asked if asked is not None else min(LONGEST_WAIT, FIRST_WAIT * 2**attempt)
            gate.pause(wait * (1 + JITTER * chance.random()))
    raise ValueError(f"tries must be at least 1, got {tries}")
