"""The gate of two kits: limits and levels as they apply after profile, calibration and the kit's own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from brandkit.brand.resolve import Brand
from brandkit.check.compare.change import Change, Effect, Sides, level_changed
from brandkit.check.limits import limit_for
from brandkit.check.registry import Check, load_checks
from brandkit.results import Limit


class _Moved(NamedTuple):
    check: Check
    before: Limit
    after: Limit

    @property
    def effect(self) -> Effect:
        """A limit that lets more pass at either of its two points is a regression."""
        sign = 1 if self.after.higher_is_worse else -1
        steps = (self.after.review_at - self.before.review_at, self.after.fail_at - self.before.fail_at)
        return Effect.REGRESSION if max(sign * step for step in steps) > 0 else Effect.IMPROVEMENT


def compare_gate(sides: Sides) -> Iterator[Change]:
    """Limits that moved and checks that decide more or less, whatever moved them."""
    moved = []
    for check in load_checks():
        limits = [limit_for(check, kit.brand) for kit in (sides.a, sides.b)]
        if (limits[0].review_at, limits[0].fail_at) != (limits[1].review_at, limits[1].fail_at):
            moved.append(_Moved(check, *limits))
        was, now = (_level(check, kit.brand) for kit in (sides.a, sides.b))
        yield from (replace(change, loc=("gate", "levels", check.id)) for change in level_changed((), was, now, (check.id,)))
    profiles = [kit.brand.document.gate.profile for kit in (sides.a, sides.b)]
    by_profile = [entry for entry in moved if profiles[0] != profiles[1] and not _own(sides, entry.check)]
    for effect in Effect:
        if checks := tuple(entry.check.id for entry in by_profile if entry.effect is effect):
            words = f"{len(checks)} limits {_verb(effect)} by the profile"
            yield Change(effect, ("gate", "profile"), words, profiles[0], profiles[1], checks)
    yield from (_limit(entry) for entry in moved if entry not in by_profile)


def _own(sides: Sides, check: Check) -> bool:
    """Whether either kit sets the check's limit itself."""
    return any(check.id in kit.brand.document.gate.limits for kit in (sides.a, sides.b))


def _verb(effect: Effect) -> str:
    return "loosened" if effect is Effect.REGRESSION else "tightened"


def _limit(moved: _Moved) -> Change:
    before, after = (f"review {one.review_at:g}, fail {one.fail_at:g} {one.unit}" for one in (moved.before, moved.after))
    message = f"limit {_verb(moved.effect)} ({moved.after.source})"
    return Change(moved.effect, ("gate", "limits", moved.check.id), message, before, after, (moved.check.id,))


def _level(check: Check, brand: Brand) -> str:
    return brand.document.gate.levels.get(check.id) or check.level
