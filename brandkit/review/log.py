"""The log of decisions beside a run: append-only, one JSON line each, synced to disk, and safe for several writers.

A decision is only written when its author has seen the last one about the same asset (compare and set). A run may hold the folder
meanwhile: the log has a lock of its own.
"""

from __future__ import annotations

import fcntl
import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from brandkit.errors import InputError, OutputError
from brandkit.files import sync
from brandkit.results import DECISION_SCHEMA, Action, AssetResult, Decision, Verdict
from brandkit.review.reading import reading

NAME = "decisions.jsonl"
TORN = "decisions.torn"  # where a line goes that a crash or a power cut left unfinished
MAX_NOTE = 1000  # characters
MAX_NAME = 80  # characters of a reviewer's name
BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # could make a name or reason read as another


class Outcome(StrEnum):
    """What became of a decision that was handed in."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    """It stands in the log already: the same click again."""
    OVERTAKEN = "overtaken"
    """Somebody decided about the same asset meanwhile; nothing was written."""


class Appended(NamedTuple):
    """The outcome, and the decision that stands in the log; None when the asset's last decision was expected and there is none."""

    outcome: Outcome
    decision: Decision | None


@dataclass(frozen=True)
class Wish:
    """A decision before it is in the log.

    Raises:
        InputError: No reason where one is needed, no reviewer, or a text that is too long.
    """

    asset: AssetResult
    action: Action
    reviewer: str
    note: str = ""
    after: int = 0
    """The number of the last decision about the asset that the reviewer saw."""
    token: str = ""

    def __post_init__(self) -> None:
        for name, most in (("reviewer", MAX_NAME), ("note", MAX_NOTE)):
            text = plain(getattr(self, name))
            if len(text) > most:
                raise InputError(f"{name} is {len(text)} characters long, at most {most} are kept", hint="say it shorter")
            object.__setattr__(self, name, text)
        if not self.reviewer:
            raise InputError("a decision needs a name", hint="say who decides, with --reviewer or on the page")
        failing = self.action is Action.ACCEPT and self.asset.verdict is Verdict.FAIL
        if not self.note and (failing or self.action is Action.REJECT):
            what = f"{self.asset.id} fails: accepting it" if failing else "a rejection"
            raise InputError(f"{what} needs a reason", hint="write one line for whoever reads it later")


class DecisionLog:
    """`decisions.jsonl` in a run folder. Safe to share between threads and processes.

    Attributes:
        torn: What a crash left of an unfinished line, as it was found; "" when nothing was.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.torn = ""

    def read(self) -> tuple[Decision, ...]:
        """Every decision, oldest first; none where there is no log.

        Raises:
            InputError: A line is damaged, or the numbering has a gap.
        """
        try:
            with self.path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH)
                return self._parse(file.read()).decisions
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise OutputError(f"cannot read {self.path}: {error.strerror}", hint="check the permissions of the folder") from error

    def append(self, wish: Wish) -> Appended:
        """Write a decision down if its author saw the last one about the asset; it is on disk before this returns.

        Raises:
            InputError: The log is damaged, or there is nothing to take back.
            OutputError: It cannot be written; it is left as it was.
        """
        with self._writing() as file:
            decisions = self._recover(file)
            last = next((made for made in reversed(decisions) if made.asset == wish.asset.id), None)
            if earlier := _repeated(wish, decisions, last):
                return Appended(Outcome.REPEATED, earlier)
            if (last.seq if last else 0) != wish.after:
                return Appended(Outcome.OVERTAKEN, last)
            if wish.action is Action.UNDO and (last is None or last.action is Action.UNDO):
                raise InputError(f"{wish.asset.id}: there is no decision to take back")
            decision = _decision(wish, len(decisions) + 1)
            self._write(file, (decision.model_dump_json() + "\n").encode())
            return Appended(Outcome.RECORDED, decision)

    @contextmanager
    def _writing(self) -> Iterator[int]:
        try:
            new = not self.path.exists()
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise OutputError(f"cannot write {self.path}: {error.strerror}", hint="check the permissions of the folder") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if new:
                sync(self.path.parent)
            yield file
        finally:
            os.close(file)

    def _recover(self, file: int) -> tuple[Decision, ...]:
        """The log's decisions; an unfinished last line is finished where it is whole, else put into `decisions.torn`."""
        size = os.fstat(file).st_size
        parsed = self._parse(os.pread(file, size, 0))
        if parsed.unended:
            self._write(file, b"\n")
        if parsed.rest:
            with (self.path.parent / TORN).open("ab") as aside:
                aside.write(parsed.rest + b"\n")
                aside.flush()
                os.fsync(aside.fileno())
            os.ftruncate(file, size - len(parsed.rest))
            os.fsync(file)
        return parsed.decisions

    def _parse(self, data: bytes) -> _Parsed:
        *lines, rest = data.split(b"\n")
        decisions = [self._line(number, line) for number, line in enumerate(lines, 1)]
        if not rest:
            return _Parsed(tuple(decisions), b"", False)
        try:
            return _Parsed((*decisions, self._line(len(lines) + 1, rest)), b"", True)
        except InputError:
            self.torn = rest.decode(errors="replace")
            return _Parsed(tuple(decisions), rest, False)

    def _line(self, number: int, line: bytes) -> Decision:
        try:
            decision = Decision.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise InputError(f"{self.path}:{number}: not a decision: {place} {first['msg']}", hint=_MEND) from error
        if decision.schema_version != DECISION_SCHEMA:
            raise InputError(
                f"{self.path}:{number}: written as {decision.schema_version!r}, not {DECISION_SCHEMA!r}", hint="upgrade brandkit"
            )
        if decision.seq != number:
            raise InputError(f"{self.path}:{number}: decision {decision.seq} stands where {number} should", hint=_MEND)
        return decision

    def _write(self, file: int, data: bytes) -> None:
        before = os.fstat(file).st_size
        try:
            written = os.write(file, data)
            if written != len(data):
                raise OSError(f"only {written} of {len(data)} bytes were written")
            os.fsync(file)
        except OSError as error:
            os.ftruncate(file, before)
            raise OutputError(f"cannot write {self.path}: {error.strerror or error}", hint="make room; nothing was recorded") from error


_MEND = "the log is never edited by hand: take it from a backup, or move it away to begin a new one"


class _Parsed(NamedTuple):
    decisions: tuple[Decision, ...]
    rest: bytes
    """An unfinished last line."""
    unended: bool
    """The last line is whole but for its line break."""


def plain(text: str) -> str:
    """`text` without control and direction characters, trimmed; line breaks become spaces."""
    kept = (" " if char.isspace() else char for char in text if char.isspace() or not (unicodedata.category(char) == "Cc" or char in BIDI))
    return " ".join("".join(kept).split())


def latest(decisions: tuple[Decision, ...]) -> dict[str, Decision]:
    """Asset id to the last decision about it; one that took another back is the last, too."""
    return {decision.asset: decision for decision in decisions}


def _repeated(wish: Wish, decisions: tuple[Decision, ...], last: Decision | None) -> Decision | None:
    """The decision that this wish asks for and that is in the log already."""
    if wish.token and (same := next((made for made in decisions if made.token == wish.token), None)):
        return same
    if last is None or last.seq == wish.after:
        return None
    asked = (wish.action, wish.note, wish.reviewer, wish.asset.sha256, wish.asset.kit_hash, wish.after)
    return last if asked == (last.action, last.note, last.reviewer, last.sha256, last.kit_hash, last.after) else None


def _decision(wish: Wish, seq: int) -> Decision:
    return Decision(
        seq=seq,
        after=wish.after,
        asset=wish.asset.id,
        action=wish.action,
        note=wish.note,
        reviewer=wish.reviewer,
        at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        sha256=wish.asset.sha256,
        kit_hash=wish.asset.kit_hash,
        reading=reading(wish.asset),
        verdict=wish.asset.verdict,
        checks={check.check: check.version for check in wish.asset.checks},
        token=wish.token,
    )
