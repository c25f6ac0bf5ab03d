"""One change between two kits, and the two kits with what comparing them needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from brandkit.brand.explain import inline
from brandkit.brand.resolve import Loc, Position
from brandkit.brand.saved import Kit
from brandkit.brand.source import dotted


class Effect(StrEnum):
    """What a change does to the brand's protection, from bad to good."""

    REGRESSION = "regression"
    """Something that was promised no longer holds, or something that was refused now passes."""
    OTHER = "other"
    IMPROVEMENT = "improvement"


@dataclass(frozen=True)
class Change:
    """One change: where, what it means, the values before and after, and the ids of the checks whose verdicts it can move."""

    effect: Effect
    loc: Loc
    message: str
    before: str = ""
    after: str = ""
    checks: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return dotted(self.loc)


@dataclass(frozen=True)
class Sides:
    """The kit before and after."""

    a: Kit
    b: Kit

    def place(self, loc: Loc) -> Position | None:
        """Where the value stands now, or stood before when it is gone; None in a saved kit and for defaults."""
        return self.b.brand.positions.get(loc) or self.a.brand.positions.get(loc)


def number_changed(
    loc: Loc, what: str, before: float | None, after: float | None, *, looser: str, unit: str = "", checks: tuple[str, ...] = ()
) -> list[Change]:
    """A limit that moved; none when it did not. A limit that is gone is the loosest.

    Args:
        loc: Its key path.
        what: What it limits, e.g. `clear space`.
        before: Its value, None for no limit.
        after: As `before`.
        looser: `higher` or `lower`: the direction in which it lets more pass.
        unit: Its unit.
        checks: The checks that use it.
    """
    if before == after:
        return []
    if before is None or after is None:
        loosened, verb = after is None, "removed" if after is None else "added"
    else:
        up = after > before
        loosened, verb = up == (looser == "higher"), "raised" if up else "lowered"
    effect = Effect.REGRESSION if loosened else Effect.IMPROVEMENT
    return [Change(effect, loc, f"{what} {verb}", _with_unit(before, unit), _with_unit(after, unit), checks)]


def set_changed(
    loc: Loc, what: tuple[str, str], before: list[Any], after: list[Any], *, looser: str, checks: tuple[str, ...] = ()
) -> list[Change]:
    """Entries of a list whose order means nothing.

    Args:
        loc: The list's key path.
        what: One of its entries in words, and several, e.g. `banned word` and `banned words`.
        before: Its entries.
        after: As `before`.
        looser: `shorter` or `longer`: the direction in which the list lets more pass.
        checks: The checks that use it.
    """
    changes = []
    for entries, others, verb, loosened in ((before, after, "removed", looser == "shorter"), (after, before, "added", looser == "longer")):
        if gone := [entry for entry in entries if entry not in others]:
            effect = Effect.REGRESSION if loosened else Effect.IMPROVEMENT
            words = ", ".join(inline(entry) for entry in gone)
            message = f"{what[len(gone) > 1]} {verb}"
            changes.append(Change(effect, loc, message, *((words, "") if verb == "removed" else ("", words)), checks))
    return changes


def level_changed(loc: Loc, before: str, after: str, checks: tuple[str, ...] = ()) -> list[Change]:
    """A rule whose force changed between `must` and `should`."""
    if before == after:
        return []
    effect = Effect.REGRESSION if after == "should" else Effect.IMPROVEMENT
    return [Change(effect, (*loc, "level"), "now only advises" if after == "should" else "now decides", before, after, checks)]


def both(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names that both sides have, in the order of the first."""
    return [name for name in before if name in after]


def _with_unit(value: float | None, unit: str) -> str:
    return "" if value is None else f"{value:g}{' ' if unit and unit not in ('px', '%') else ''}{unit}"
