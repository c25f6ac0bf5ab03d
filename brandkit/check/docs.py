"""The pages under `docs/checks/`, written from the checks themselves: `python -m brandkit.check.docs [--check]`.

Their plates are drawn by `python -m docs.figures.checks [--check]`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from brandkit.check.explain import signed
from brandkit.check.registry import Check, load_checks
from brandkit.files import bring_up_to_date
from brandkit.results import Limit

ROOT = Path(__file__).parents[2]
MADE_BY = "<!-- Written by `python -m brandkit.check.docs`; edit the check or its cases, not this page. -->"


def page(check: Check, cases: Sequence[dict[str, Any]], panels: Sequence[dict[str, str]] = ()) -> str:
    """The page of one check, as Markdown.

    Args:
        check: The check.
        cases: The rows of its case table, each with `name`, `expect` and perhaps `codes`.
        panels: What its plate shows, each with `caption`, `verdict` and `number`; empty where there is no plate.
    """
    lines = [
        MADE_BY,
        f"# {check.id}",
        check.summary,
        "## Why",
        check.rationale,
        "## Limits",
        limit_words(check.limits),
        *_further(check),
        f"{level_words(check, mark='`')} Version of its numbers: {check.version}.",
        f"Your own limits and level, in `brand.yaml`:\n\n```yaml\ngate:\n  limits: {{{check.id}: {_pair(check.limits)}}}\n"
        f"  levels: {{{check.id}: should}}\n```",
        *_examples(check.id, panels),
        "## Cases",
        "Each row is a test in `tests/cases/" + check.id + ".yaml`.",
        "| case | verdict | reason |\n|---|---|---|\n" + "\n".join(_row(case) for case in cases),
    ]
    return "\n\n".join(lines) + "\n"


def page_of(check: str) -> str:
    """Where the page of a check lies, in the repository."""
    return f"docs/checks/{check}.md"


def _examples(check: str, panels: Sequence[dict[str, str]]) -> list[str]:
    if not panels:
        return []
    told = "; ".join(": ".join(filter(None, (panel["verdict"].replace("_", " "), panel["number"], panel["caption"]))) for panel in panels)
    shown = (
        "The frame is where the check looked or what it found." if not check.startswith("tone-") else "The marked words are its findings."
    )
    told = told.replace("[", "(").replace("]", ")")
    return ["## Examples", f"![{told}](pictures/{check}.webp)", f"*Assets of the demo brand, each number read by the check. {shown}*"]


def limit_words(limit: Limit) -> str:
    """Both limits in words."""
    if limit.review_at == limit.fail_at:
        return f"{'More' if limit.higher_is_worse else 'Less'} than {limit.review_at:g} {limit.unit} fails."
    if limit.higher_is_worse:
        return f"Up to {limit.review_at:g} {limit.unit} passes, from {limit.fail_at:g} {limit.unit} on fails, a person decides between."
    return f"From {limit.review_at:g} {limit.unit} on passes, at {limit.fail_at:g} {limit.unit} and below fails, a person decides between."


def _further(check: Check) -> list[str]:
    """A table of the limits of a check's other readings; none where it has no others."""
    if not check.further:
        return []
    rows = [f"| {entry.name} | {' | '.join(signed(entry.limit))} | {entry.limit.unit} | {entry.where} |" for entry in check.further]
    words = "Its other readings have limits of their own (`gate.limits` sets the one above, `gate.profile` moves all):"
    head = f"{words}\n\n| reading | review | fail | unit | where |\n|---|---|---|---|---|\n"
    return [head + "\n".join(rows)]


def level_words(check: Check, *, mark: str = "") -> str:
    """How binding a check is, with keys between `mark`s, as in `Level: must (should on pictures made elsewhere)`."""
    foreign = ""
    if check.foreign_level is not check.level:
        unless = f", unless the brand file says {mark}{check.promise.key}{mark}" if check.promise else ""
        foreign = f" ({mark}{check.foreign_level.value}{mark} on pictures made elsewhere{unless})"
    return f"Level: {mark}{check.level.value}{mark}{foreign}."


def _pair(limit: Limit) -> str:
    return f"[{limit.review_at:g}, {limit.fail_at:g}]"


def _row(case: dict[str, Any]) -> str:
    codes = ", ".join(f"`{code}`" for code in case.get("codes", []))
    return f"| {case['name']} | {case['expect']} | {codes} |"


def pages(root: Path) -> dict[Path, str]:
    """Every page by its path under `root`, which holds `docs/` and `tests/`."""
    found = {}
    index = root / "docs" / "checks" / "pictures" / "plates.json"
    plates = json.loads(index.read_text(encoding="utf-8")) if index.exists() else {}
    for check in load_checks():
        table = root / "tests" / "cases" / f"{check.id}.yaml"
        cases = yaml.safe_load(table.read_text(encoding="utf-8"))["cases"] if table.exists() else []
        found[root / page_of(check.id)] = page(check, cases, plates.get(check.id, {}).get("panels", ()))
    return found


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with `--check` name those that differ; returns 1 when any does."""
    return bring_up_to_date(pages(ROOT), arguments, "brandkit.check.docs")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
