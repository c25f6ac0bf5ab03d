"""The pages under `docs/checks/`, written from the checks themselves: `python -m brandkit.check.docs [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from brandkit.check.registry import Check, load_checks
from brandkit.files import write_atomic
from brandkit.results import Limit

ROOT = Path(__file__).parents[2]
MADE_BY = "<!-- Written by `python -m brandkit.check.docs`; edit the check or its cases, not this page. -->"


def page(check: Check, cases: Sequence[dict[str, Any]]) -> str:
    """The page of one check, as Markdown.

    Args:
        check: The check.
        cases: The rows of its case table, each with `name`, `expect` and perhaps `codes`.
    """
    level = check.level.value
    foreign = "" if check.foreign_level is check.level else f" (`{check.foreign_level.value}` on pictures made elsewhere)"
    lines = [
        MADE_BY,
        f"# {check.id}",
        check.summary,
        "## Why",
        check.rationale,
        "## Limits",
        limit_words(check.limits),
        f"Level: `{level}`{foreign}. Version of its numbers: {check.version}.",
        f"Your own limits and level, in `brand.yaml`:\n\n```yaml\ngate:\n  limits: {{{check.id}: {_pair(check.limits)}}}\n"
        f"  levels: {{{check.id}: should}}\n```",
        "## Cases",
        "Each row is a test in `tests/cases/" + check.id + ".yaml`.",
        "| case | verdict | reason |\n|---|---|---|\n" + "\n".join(_row(case) for case in cases),
    ]
    return "\n\n".join(lines) + "\n"


def limit_words(limit: Limit) -> str:
    """Both limits in words."""
    if limit.review_at == limit.fail_at:
        return f"{'More' if limit.higher_is_worse else 'Less'} than {limit.review_at:g} {limit.unit} fails."
    if limit.higher_is_worse:
        return f"Up to {limit.review_at:g} {limit.unit} passes, from {limit.fail_at:g} {limit.unit} on fails, a person decides between."
    return f"From {limit.review_at:g} {limit.unit} on passes, at {limit.fail_at:g} {limit.unit} and below fails, a person decides between."


def _pair(limit: Limit) -> str:
    return f"[{limit.review_at:g}, {limit.fail_at:g}]"


def _row(case: dict[str, Any]) -> str:
    codes = ", ".join(f"`{code}`" for code in case.get("codes", []))
    return f"| {case['name']} | {case['expect']} | {codes} |"


def pages(root: Path) -> dict[Path, str]:
    """Every page by its path under `root`, which holds `docs/` and `tests/`."""
    found = {}
    for check in load_checks():
        table = root / "tests" / "cases" / f"{check.id}.yaml"
        cases = yaml.safe_load(table.read_text(encoding="utf-8"))["cases"] if table.exists() else []
        found[root / "docs" / "checks" / f"{check.id}.md"] = page(check, cases)
    return found


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with `--check` name those that differ; returns 1 when any does."""
    stale = [path for path, text in pages(ROOT).items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of date; run `python -m brandkit.check.docs`", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        write_atomic(path, pages(ROOT)[path])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
