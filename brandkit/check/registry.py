"""How a check is declared and found: one decorator, one registry, one file for each check."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from brandkit.results import Finding, Level, Limit, Measurement

if TYPE_CHECKING:
    from brandkit.check.subject import Subject

PACKAGE = "brandkit.check.checks"
TIMES = "× its limit"  # unit of readings that have limits of their own


@dataclass(frozen=True)
class NotChecked:
    """Yielded by a check that could not be made: `reason` says why, and what would make it possible."""

    reason: str


NO_LAYOUT = NotChecked("the picture was made elsewhere: nobody says where its parts stand and how large they are; lay it out with brandkit")
NO_COPY = NotChecked("nobody says what the picture should read; give it its copy (`brandkit check --copy FILE`)")

Outcome = Finding | Measurement | NotChecked
CheckFunction = Callable[["Subject", Limit], Iterator[Outcome]]


class Promise(NamedTuple):
    """What a brand file may say, so that a check decides where it only advises otherwise."""

    key: str
    """As it is written there, e.g. `logo.required: true`."""
    level: Callable[[Subject], Level | None]
    """The level that it gives for a picture made elsewhere; None where the brand does not say it."""


class Further(NamedTuple):
    """A reading that a check holds to a limit of its own."""

    name: str
    limit: Limit
    where: str = ""
    """In which cases it holds, in words; several limits of one reading differ in this."""
    fitted: bool = False
    """Whether approved pictures widen it by itself."""


@dataclass(frozen=True)
class Check:
    """A declared check: `summary` says what holds when it passes, `rationale` why a brand owner should care."""

    id: str
    summary: str
    rationale: str
    limits: Limit
    version: int
    level: Level
    foreign_level: Level
    """Level for pictures without a layout: a promise that nobody wrote down cannot be a must."""
    run: CheckFunction = field(repr=False)
    promise: Promise | None = None
    """What in the brand file writes such a promise down."""
    further: tuple[Further, ...] = ()
    """Readings with limits of their own."""

    @property
    def parts(self) -> dict[str, float]:
        """Those that approved pictures widen, each to how many times its `review_at` it fails at."""
        pairs = {entry.name: (entry.limit.review_at, entry.limit.fail_at) for entry in self.further if entry.fitted}
        return {name: max(pair) / min(pair) for name, pair in pairs.items()}

    def part(self, name: str) -> Check:
        """One of `parts` as a check, for fitting: its numbers are multiples of the reading's own limit."""
        limits = Limit(review_at=1.0, fail_at=self.parts[name], unit=TIMES)
        return replace(self, id=f"{self.id}/{name}", limits=limits, further=())


class Registry:
    """The checks by id, in alphabetical order."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}

    def register(self, item: Check) -> None:
        """File `item` under its id.

        Raises:
            ValueError: The id is taken.
        """
        if item.id in self._checks:
            raise ValueError(f"there are two checks called {item.id!r}; give one of them another id")
        self._checks[item.id] = item

    def __iter__(self) -> Iterator[Check]:
        return iter([self._checks[name] for name in sorted(self._checks)])

    def __len__(self) -> int:
        return len(self._checks)

    def __getitem__(self, name: str) -> Check:
        if name not in self._checks:
            raise KeyError(f"there is no check {name!r}; known: {', '.join(sorted(self._checks))}")
        return self._checks[name]


CHECKS = Registry()


def check(
    *,
    id: str,
    rationale: str,
    limits: Limit,
    version: int = 1,
    level: Level = Level.MUST,
    foreign_level: Level | None = None,
    promise: Promise | None = None,
    further: Sequence[Further] = (),
    registry: Registry = CHECKS,
) -> Callable[[CheckFunction], CheckFunction]:
    """Declare a check: a generator of findings and measurements over a subject and the limit that applies.

    The first line of the generator's docstring says what holds when the check passes. It yields a `Measurement` for
    everything it read (with `value` in the limit's unit where it has one), a `Finding` for each fault, and `NotChecked`
    when it cannot be made. No finding means that it passes.

    Args:
        id: Kebab-case noun of the problem; the file is called the same, with underscores. It never changes.
        rationale: Why a brand owner should care.
        limits: Default limits in a physical unit; a brand's `gate.limits` replaces them.
        version: Raised by one whenever its numbers move.
        level: `must` decides an asset's verdict, `should` only advises.
        foreign_level: Level for pictures that brandkit did not lay out; the same as `level` when not given.
        promise: What a brand file may say to make it decide there, too.
        further: Readings with limits of their own.
        registry: Where to file it.
    """

    def declare(function: CheckFunction) -> CheckFunction:
        summary = (function.__doc__ or "").strip().partition("\n")[0]
        package, _, module = function.__module__.rpartition(".")
        if package == PACKAGE and module.replace("_", "-") != id:
            raise ValueError(f"check {id!r} stands in {module}.py; the file must be called {id.replace('-', '_')}.py")
        text = " ".join(rationale.split())
        registry.register(Check(id, summary, text, limits, version, level, foreign_level or level, function, promise, tuple(further)))
        return function

    return declare


@cache
def load_checks() -> Registry:
    """Import every file of `brandkit/check/checks/` once, and return the registry they filed themselves in."""
    package = importlib.import_module(PACKAGE)
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"{PACKAGE}.{module}")
    return CHECKS
