"""A YAML file as plain values that know their places, and faults that show them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from brandkit.brand.resolve import Loc, Position
from brandkit.errors import Fault

MAX_EXCERPT = 160  # columns of a source line that are still readable above a caret

_HIDDEN = re.compile(r"[\t\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True)
class Earlier:
    """A value that a brand overrode, and where it stands."""

    value: Any
    place: Position


@dataclass(frozen=True)
class Source:
    """A YAML file as plain values, with the place of every value and key.

    `tree` holds only dict, list, str, int, float, bool and None; `written` is the text of plain scalars that are not text.
    Of joined files, `chain` holds the files (the child first) and `replaced` what was overridden (the last first).
    """

    file: Path
    tree: dict[str, Any]
    values: dict[Loc, Position] = field(default_factory=dict)
    keys: dict[Loc, Position] = field(default_factory=dict)
    written: dict[Loc, str] = field(default_factory=dict)
    lines: dict[Path, list[str]] = field(default_factory=dict)
    chain: tuple[Source, ...] = ()
    replaced: dict[Loc, tuple[Earlier, ...]] = field(default_factory=dict)

    def fault(self, loc: Loc, message: str, hint: str = "", *, key: bool = False, rule: str = "") -> Fault:
        """A fault at the value at `loc` (at its key with `key=True`), or at the nearest thing around it that exists."""
        place = self.place(loc, key=key)
        lines = self.lines.get(place.file, [])
        line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
        return Fault(str(place.file), place.line, place.column, dotted(loc), message, excerpt(line, place.column), hint, rule)

    def place(self, loc: Loc, *, key: bool = False) -> Position:
        """Where the value (or key) at `loc` stands, or the nearest thing around it."""
        for end in range(len(loc), -1, -1):
            own = self.keys if key and end == len(loc) else self.values
            found = own.get(loc[:end]) or self.values.get(loc[:end])
            if found:
                if end < len(loc) and loc[:end] in self.keys:
                    return self.keys[loc[:end]]
                return found
        return Position(self.file, 1, 1)


def dotted(loc: Loc) -> str:
    """A key path as people write it, `palette.pairs[0].ink`, without characters that could rule a terminal."""
    text = ""
    for step in (_HIDDEN.sub("�", part) if isinstance(part, str) else part for part in loc):
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def undotted(path: str) -> Loc:
    """The key path that `dotted` wrote; keys with dots or brackets in them do not come back."""
    return tuple(int(step[1:-1]) if step.startswith("[") else step for step in re.findall(r"\[\d+\]|[^.\[]+", path))


def excerpt(line: str, column: int) -> str:
    """A source line fit to be shown above a caret: no hidden characters, and empty when the caret would be far out."""
    return _HIDDEN.sub(" ", line[:MAX_EXCERPT]).rstrip() if 0 < column <= MAX_EXCERPT else ""
