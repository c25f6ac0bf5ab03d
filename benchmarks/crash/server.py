"""The loopback provider in a process of its own, so that runs can be killed around it."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, NamedTuple

from brandkit.testing.provider import Fault, Provider


class Books(NamedTuple):
    """What the provider saw and put on its bill since the last reset."""

    posts: int
    billed: tuple[str, ...]
    """Request ids."""
    spoilt: int
    """Answers that were lost, damaged or refused on purpose."""


class Server:
    """A provider that outlives the runs; as a context manager."""

    def __enter__(self) -> Server:
        self._pipe, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        self.base_url, self.key = self._pipe.recv()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pipe.send(("stop", ()))
        self._process.join(5)
        self._process.kill()

    def reset(self, faults: tuple[Fault, ...] = (), *, looks: int = 0, lose: bool = False) -> None:
        """Forget what was seen, and let the next POSTs and lines of batches fail with `faults` ('ok' fails nothing).

        A batch is done when it was asked for `looks` times; with `lose` the answer to the first submission is lost.
        """
        self._ask("reset", (faults, looks, lose))

    def books(self) -> Books:
        """What was seen and billed."""
        return Books(*self._ask("books", ()))

    def _ask(self, what: str, value: tuple[Any, ...]) -> Any:
        self._pipe.send((what, value))
        return self._pipe.recv()


def _serve(pipe: Connection) -> None:
    faults: tuple[Fault, ...] = ()
    with Provider() as provider:
        pipe.send((provider.base_url, provider.key))
        while True:
            what, value = pipe.recv()
            if what == "stop":
                return
            if what == "reset":
                provider.reset()
                faults, provider.batches.looks, provider.batches.lose = value
                provider.fail(*faults)
                pipe.send(None)
            else:
                met = faults[: len(faults) - provider.waiting_faults]
                billed = tuple(charge.request_id for charge in provider.bill)
                pipe.send((len(provider.seen), billed, sum(fault != "ok" for fault in met)))
