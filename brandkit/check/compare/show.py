"""A comparison of two kits as text for a terminal, as Markdown for a review, or as JSON."""

from __future__ import annotations

import io
import json
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from brandkit.brand.explain import patched
from brandkit.brand.saved import Kit
from brandkit.check.compare.change import Change, Effect
from brandkit.check.compare.kits import Comparison

SCHEMA = "brandkit/diff@1"
WIDTH = 132  # characters where no terminal says otherwise
SIGNS = {Effect.REGRESSION: "▲", Effect.OTHER: "●", Effect.IMPROVEMENT: "▼"}
STYLES = {Effect.REGRESSION: "bold red", Effect.OTHER: "", Effect.IMPROVEMENT: "green"}
TITLES = {Effect.REGRESSION: "Regressions", Effect.OTHER: "Other changes", Effect.IMPROVEMENT: "Improvements"}
SHOWN = 90  # characters of a value; JSON holds all of it


def comparison_text(comparison: Comparison, *, width: int | None = None, color: bool = False) -> str:
    """The changes for people, regressions first, each with its key path, its values, its place and the checks that it moves."""
    stream = io.StringIO()
    console = Console(
        file=stream, width=width or WIDTH, highlight=False, force_terminal=color, color_system="truecolor" if color else None,
        no_color=not color,
    )  # fmt: skip
    for effect in Effect:
        for index, change in enumerate(comparison.of(effect)):
            if not index:
                console.print(Text(TITLES[effect], style="bold"))
            console.print(_row(comparison, change, color=color))
        if comparison.of(effect):
            console.print()
    console.print(summary(comparison), soft_wrap=True, markup=False)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def _row(comparison: Comparison, change: Change, *, color: bool) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=1)
    grid.add_column(overflow="fold")
    head = Text.assemble((change.path, "bold"), "  ", (change.message, STYLES[change.effect]))
    grid.add_row(Text(SIGNS[change.effect], style=STYLES[change.effect]), head)
    if change.before or change.after:
        grid.add_row("", _values(change, color=color))
    place = _place(comparison, change)
    notes = [place] if place else []
    notes += [f"moves {', '.join(change.checks)}"] if change.checks else []
    if notes:
        grid.add_row("", Text(" · ".join(notes), style="dim"))
    return grid


def _values(change: Change, *, color: bool) -> Text:
    before, after = (patched(_short(text), color=color) for text in (change.before, change.after))
    if before.plain == after.plain:
        return before
    if before.plain and after.plain:
        return Text.assemble(before, " → ", after)
    return Text.assemble("− ", before) if before.plain else Text.assemble("+ ", after)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= SHOWN else f"{flat[:SHOWN]}…"


def _place(comparison: Comparison, change: Change) -> str:
    place = comparison.sides.place(change.loc)
    return f"{place.file}:{place.line}" if place else ""


def summary(comparison: Comparison) -> str:
    """One line: both kits, and how many changes of each kind."""
    a, b = comparison.sides.a, comparison.sides.b
    counts = [(len(comparison.of(effect)), effect) for effect in Effect]
    words = {Effect.REGRESSION: "regression", Effect.OTHER: "other change", Effect.IMPROVEMENT: "improvement"}
    told = ", ".join(f"{count} {words[effect]}{'s' if count != 1 else ''}" for count, effect in counts if count)
    return f"{_name(a)} → {_name(b)}: {told or 'no difference'}"


def _name(kit: Kit) -> str:
    return f"{kit.brand.name} {kit.brand.kit_hash[:12]}"


def comparison_markdown(comparison: Comparison) -> str:
    """The changes as a table for a review; text from the kits cannot become markup."""
    lines = [f"### {_cell(summary(comparison))}", ""]
    for effect in Effect:
        if changes := comparison.of(effect):
            lines += [f"**{TITLES[effect]}**", "", "| key | what | before | after | moves |", "|---|---|---|---|---|"]
            for change in changes:
                cells = (change.path, change.message, _short(change.before), _short(change.after), ", ".join(change.checks))
                lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _cell(text: str) -> str:
    for sign in "\\`*_[]<>#|":
        text = text.replace(sign, f"\\{sign}" if sign not in "<>|" else {"<": "&lt;", ">": "&gt;", "|": "\\|"}[sign])
    return text


def comparison_json(comparison: Comparison) -> str:
    """The changes as one JSON document."""
    sides = comparison.sides
    document: dict[str, Any] = {
        "schema_version": SCHEMA,
        "before": {"brand": sides.a.brand.name, "kit_hash": sides.a.brand.kit_hash},
        "after": {"brand": sides.b.brand.name, "kit_hash": sides.b.brand.kit_hash},
        "regressions": len(comparison.of(Effect.REGRESSION)),
        "changes": [
            {
                "effect": change.effect.value,
                "path": change.path,
                "message": change.message,
                "before": change.before,
                "after": change.after,
                "source": _place(comparison, change),
                "checks": list(change.checks),
            }
            for change in comparison.changes
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
