"""Comparing two kits as a whole: the changes that have a meaning for the gate, and everything else that differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from brandkit.brand.explain import inline
from brandkit.brand.load import load_brand
from brandkit.brand.resolve import Loc, plain_values
from brandkit.brand.saved import Kit, kit_of, read_kit
from brandkit.brand.source import dotted
from brandkit.check.compare.change import Change, Effect, Sides, level_changed
from brandkit.check.compare.colors import compare_colors
from brandkit.check.compare.drawings import compare_logo, compare_type
from brandkit.check.compare.gate import compare_gate
from brandkit.check.compare.words import compare_imagery, compare_tone
from brandkit.results import Level

PARTS: tuple[Callable[[Sides], Iterator[Change]], ...] = (
    compare_colors, compare_logo, compare_type, compare_tone, compare_imagery, compare_gate,
)  # fmt: skip
MOVES: dict[Loc, tuple[str, ...]] = {
    ("layout",): ("layout-drift",),
    ("typography", "scale"): ("layout-drift", "text-size"),
    ("imagery", "references"): ("reference-drift", "palette-grade"),
    ("logo",): ("logo-missing", "logo-wrong", "logo-altered"),
    ("palette",): ("palette-drift", "palette-intruder", "palette-balance"),
    ("tone",): ("tone-ban", "tone-claim", "tone-disclaimer"),
}
"""Checks that a change without a rule of its own can move, by the start of its key path."""

_NOTHING = object()


@dataclass(frozen=True)
class Comparison:
    """All changes from one kit to another, regressions first."""

    sides: Sides
    changes: tuple[Change, ...]

    def of(self, effect: Effect) -> tuple[Change, ...]:
        """The changes with this effect."""
        return tuple(change for change in self.changes if change.effect is effect)

    @property
    def exit_code(self) -> int:
        """1 when anything got worse, else 0."""
        return 1 if self.of(Effect.REGRESSION) else 0


def open_kit(path: Path) -> Kit:
    """The kit at `path`: a brand's folder or file, or a document that `brandkit explain --format json` wrote.

    Raises:
        BrandFileError: The brand cannot be used as written.
        InputError: The saved document cannot be read.
    """
    return read_kit(path) if path.suffix.lower() == ".json" and path.is_file() else kit_of(load_brand(path))


def compare_kits(a: Kit, b: Kit) -> Comparison:
    """What changed from `a` to `b`.

    A saved kit holds no calibration, so calibrations are left out of account where one of the two is saved.
    """
    if a.saved or b.saved:
        a, b = (replace(kit, brand=replace(kit.brand, calibration=None)) for kit in (a, b))
    sides = Sides(a, b)
    changes = [change for compare in PARTS for change in compare(sides)]
    changes += _rest(sides, {change.loc for change in changes})
    order = list(Effect)
    return Comparison(sides, tuple(sorted(changes, key=lambda change: order.index(change.effect))))


def _rest(sides: Sides, told: set[Loc]) -> Iterator[Change]:
    """Every value that differs and that no change is about; and files with another content."""
    a, b = (plain_values(kit.brand.document) for kit in (sides.a, sides.b))
    found = [entry for entry in _differences(a, b, ()) if not any(_related(entry[0], other) for other in told)]
    for loc, before, after in found:
        if loc[-1] == "level" and {before, after} == set(Level):
            yield from level_changed(loc[:-1], before, after, _moves(loc))
            continue
        old, new = ("" if value is _NOTHING or value is None else inline(value) for value in (before, after))
        yield Change(Effect.OTHER, loc, "added" if not old else "removed" if not new else "changed", old, new, _moves(loc))
    names = {dotted(loc) for loc in told} | {dotted(loc) for loc, _, _ in found}
    for path in sides.a.files:
        if path in sides.b.files and sides.a.files[path] != sides.b.files[path] and not any(path.startswith(name) for name in names):
            yield Change(Effect.OTHER, (path,), "file has another content", sides.a.files[path][:12], sides.b.files[path][:12])


def _differences(a: Any, b: Any, loc: Loc) -> Iterator[tuple[Loc, Any, Any]]:
    if isinstance(a, dict) and isinstance(b, dict):
        for key in [*a, *(key for key in b if key not in a)]:
            yield from _differences(a.get(key, _NOTHING), b.get(key, _NOTHING), (*loc, key))
    elif a != b:
        yield loc, a, b


def _related(loc: Loc, other: Loc) -> bool:
    short = min(len(loc), len(other))
    return loc[:short] == other[:short]


def _moves(loc: Loc) -> tuple[str, ...]:
    return next((checks for start, checks in MOVES.items() if loc[: len(start)] == start), ())
