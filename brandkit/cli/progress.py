"""Progress of long work on stderr: a bar on a terminal, one line for each problem of a run otherwise."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from brandkit.campaign.run import Event


class Progress:
    """Called with every `Event` of a run, or told of files one by one; use as a context manager."""

    def __init__(self) -> None:
        self._bar: Bar | None = None
        self._told: set[str] = set()

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bar

            columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, event: Event) -> None:
        # What stops one picture often stops many: each such problem is told once, and counted when the run ends.
        told = event.text.partition(": ")[2] if event.kind == "problem" else event.text
        if event.kind in ("problem", "note") and told not in self._told:
            self._told.add(told)
            print(f"brandkit: {_visible(event.text)}", file=sys.stderr)
        self.count(event.text, event.done, event.total)

    def count(self, text: str, done: int, total: int) -> None:
        """Show what is at work, and how much of it is done."""
        if self._bar:
            if not self._bar.tasks:
                self._bar.add_task("", total=total)
            self._bar.update(self._bar.tasks[0].id, completed=done, description=_visible(text).replace("\n", " ")[:40].ljust(40))


def _visible(text: str) -> str:
    from brandkit.report.words import visible

    return visible(text, keep="\n")
