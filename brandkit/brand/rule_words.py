"""The rules in words: a list of all of them, and one explained with its reason, its examples and what mends it."""

from __future__ import annotations

import textwrap
from typing import Any

from brandkit.brand.lint import find_rule
from brandkit.brand.registry import AREAS, Rule, load_rules

WIDTH = 100  # columns of the explanations


def describe_rules(name: str | None = None) -> list[dict[str, Any]]:
    """All rules, or the one called `name`, as plain values.

    Raises:
        InputError: There is no such rule.
    """
    chosen = [find_rule(name)] if name else _in_order()
    return [
        {
            "id": rule.id,
            "area": rule.area,
            "level": rule.level,
            "finds": rule.summary,
            "rationale": rule.rationale,
            "file": rule.file,
            "bad": rule.bad,
            "good": rule.good,
            "fix": rule.fix or None,
        }
        for rule in chosen
    ]


def list_rules() -> str:
    """One line for each rule, by area."""
    rules = _in_order()
    width = max(len(rule.id) for rule in rules)
    lines = []
    for area in AREAS:
        lines += ["", area]
        lines += [
            f"  {rule.id.ljust(width)}  {rule.level.ljust(6)}  {'fix' if rule.fix else '   '}  {rule.summary}"
            for rule in rules
            if rule.area == area
        ]
    fixed = sum(bool(rule.fix) for rule in rules)
    return "\n".join([*lines[1:], "", f"{len(rules)} rules, {fixed} with a fix. `brandkit rules ID` explains one."]) + "\n"


def _in_order() -> list[Rule]:
    return sorted(load_rules(), key=lambda rule: (AREAS.index(rule.area), rule.id))


def explain_rule(name: str) -> str:
    """One rule in words.

    Raises:
        InputError: There is no such rule.
    """
    rule = find_rule(name)
    fix = f"`brandkit lint --fix` {rule.fix}." if rule.fix else "No fix: a person has to decide."
    parts = [
        f"{rule.id}: {rule.summary}",
        textwrap.fill(rule.rationale, WIDTH),
        f"Area: {rule.area}. Level: {rule.level}. {fix}",
        f"Instead of this, in {rule.file}:\n" + textwrap.indent(rule.bad, "  ").rstrip(),
        "Write:\n" + textwrap.indent(rule.good, "  ").rstrip(),
        "To live with it, in brand.yaml:\n" + textwrap.indent(ignoring(rule), "  ").rstrip(),
    ]
    return "\n\n".join(parts) + "\n"


def ignoring(rule: Rule) -> str:
    """YAML that makes lint ignore the rule."""
    return f"lint:\n  ignore:\n    - {{rule: {rule.id}, why: …}}\n"
