"""How a rule of a kit is declared and found: one decorator, one registry, small families of rules in `brandkit/brand/rules/`."""

from __future__ import annotations

import importlib
import pkgutil
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from brandkit.brand.edit import Edit
from brandkit.brand.resolve import Loc
from brandkit.brand.source import Source

if TYPE_CHECKING:
    from brandkit.brand.kit import Kit

PACKAGE = "brandkit.brand.rules"
Area = Literal["palette", "logo", "type", "tone", "imagery", "gate", "structure"]
AREAS: tuple[Area, ...] = get_args(Area)
Level = Literal["error", "advice"]
"""`error`: output would be wrong or the kit cannot be used. `advice`: it works, and could work better."""


@dataclass(frozen=True)
class Found:
    """What a rule found: the key path, what is wrong there and what to do; `fix` holds the edits that mend it by themselves."""

    loc: Loc
    message: str
    hint: str
    key: bool = False
    """True to point at the key rather than at the value."""
    level: Level | None = None
    """Instead of the rule's own."""
    source: Source | None = None
    """The file that it is in; the brand's own by default."""
    fix: tuple[Edit, ...] = ()


RuleFunction = Callable[["Kit"], Iterator[Found]]
Repair = Callable[[Source, Loc], tuple[Edit, ...]]


@dataclass(frozen=True)
class Rule:
    """A declared rule: `summary` names the problem, `rationale` says why it is one, `bad` and `good` are parts of `file`."""

    id: str
    area: Area
    level: Level
    summary: str
    rationale: str
    bad: str
    good: str
    fix: str = ""
    """What `brandkit lint --fix` does about it; empty where only a person can decide."""
    file: str = "brand.yaml"
    """The file of which the examples are parts."""
    run: RuleFunction | None = field(default=None, repr=False)
    """None for rules that hold already while the kit is loaded."""
    repair: Repair | None = field(default=None, repr=False)
    """The edits that mend a fault found while loading."""


class Registry:
    """The rules by id, in alphabetical order."""

    def __init__(self) -> None:
        self._rules: dict[str, Rule] = {}

    def register(self, rule: Rule) -> None:
        """File `rule` under its id.

        Raises:
            ValueError: The id is taken.
        """
        if rule.id in self._rules:
            raise ValueError(f"there are two rules called {rule.id!r}; give one of them another id")
        self._rules[rule.id] = rule

    def __iter__(self) -> Iterator[Rule]:
        return iter([self._rules[name] for name in sorted(self._rules)])

    def __len__(self) -> int:
        return len(self._rules)

    def __contains__(self, name: object) -> bool:
        return name in self._rules

    def __getitem__(self, name: str) -> Rule:
        return self._rules[name]


RULES = Registry()


def rule(
    *,
    id: str,
    area: Area,
    level: Level,
    rationale: str,
    bad: str,
    good: str,
    fix: str = "",
    file: str = "brand.yaml",
    registry: Registry = RULES,
) -> Callable[[RuleFunction], RuleFunction]:
    """Declare a rule: a generator of findings over a kit that loads. The first line of its docstring names the problem.

    Args:
        id: Kebab-case noun of the problem; it never changes.
        area: Part of the kit.
        level: `error` only for what makes output wrong.
        rationale: Why a brand owner should care, and what to do.
        bad: Part of a brand file that breaks the rule.
        good: The same, mended.
        fix: What `--fix` does, for rules whose findings carry edits.
        file: The file of which `bad` and `good` are parts.
        registry: Where to file it.
    """

    def declare(function: RuleFunction) -> RuleFunction:
        summary = (function.__doc__ or "").strip().partition("\n")[0]
        registry.register(Rule(id, area, level, summary, _plain(rationale), _yaml(bad), _yaml(good), fix, file, function))
        return function

    return declare


def rule_on_loading(
    *, id: str, area: Area, summary: str, rationale: str, bad: str, good: str, fix: str = "", repair: Repair | None = None
) -> None:
    """Declare a rule that is an error already while the kit is loaded; whoever finds the fault puts the id on it."""
    RULES.register(Rule(id, area, "error", summary, _plain(rationale), _yaml(bad), _yaml(good), fix, repair=repair))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _yaml(text: str) -> str:
    return textwrap.dedent(text.strip("\n")).rstrip() + "\n"


def load_rules() -> Registry:
    """Import every file of `brandkit/brand/rules/` once, and return the registry they filed themselves in."""
    package = importlib.import_module(PACKAGE)
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"{PACKAGE}.{module}")
    return RULES
