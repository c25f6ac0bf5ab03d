"""An explanation of a brand as aligned text: every value with its file and line, and under it what it overrode."""

from __future__ import annotations

import io
import json
import re
from itertools import groupby
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from brandkit.brand.origin import Explanation, Origin
from brandkit.brand.resolve import Position
from brandkit.brand.source import Earlier, dotted
from brandkit.color.parse import parse_color

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # could rule the terminal, or turn text around
WIDTH = 132  # characters where no terminal says otherwise: two of them fit on a wide screen
SHARE = 0.45  # of the width, the most that key paths take, and places; longer ones wrap
LEAST = 16  # characters left to values, however long the paths are
MARK = 4  # characters of the word `open`
GAPS = 3 * 2  # characters between the columns
PATCH = 3  # characters that a patch of colour takes before its value


def explanation_text(explanation: Explanation, *, width: int | None = None, color: bool = False) -> str:
    """The explanation for people.

    Args:
        explanation: From `explain_brand`.
        width: Characters in a line.
        color: Style it for a terminal, with a patch of each colour beside its value.
    """
    width = width or WIDTH
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, highlight=False, force_terminal=color, color_system="truecolor" if color else None, no_color=not color
    )
    console.print(_head(explanation), soft_wrap=True)
    paths, values, places = _widths(explanation, width)
    for _, group in groupby(explanation.origins, key=lambda origin: origin.loc[0]):
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(width=paths, overflow="fold")
        table.add_column(width=values, overflow="fold")
        table.add_column(width=places, overflow="fold")
        table.add_column(width=MARK)
        for origin in group:
            _rows(table, origin, color=color)
        console.print()
        console.print(table)
    if explanation.hidden:
        console.print()
        console.print(Text(f"{explanation.hidden} values are defaults that nobody wrote; --defaults lists them.", style="dim"))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def _widths(explanation: Explanation, width: int) -> tuple[int, int, int]:
    """Characters for key paths, values and places, none wider than it needs to be."""
    origins = explanation.origins
    lines: list[Origin | Earlier] = [*origins, *(old for origin in origins for old in origin.earlier)]
    paths = min(max((cell_len(dotted(origin.loc)) for origin in origins), default=0), int(width * SHARE))
    places = min(max((cell_len(_place(line.place)) for line in lines), default=0), int(width * SHARE))
    wanted = max((cell_len(inline(line.value)) + len("was ") + PATCH for line in lines), default=0)
    return paths, max(LEAST, min(wanted, width - paths - places - MARK - GAPS)), places


def _head(explanation: Explanation) -> Text:
    brand = explanation.brand
    head = Text.assemble((brand.name, "bold"), ("  kit ", "dim"), brand.kit_hash[:12])
    for index, file in enumerate(explanation.files):
        head.append(f"\n{'extends ' if index else ''}{file}", style="dim")
    return head


def _rows(table: Table, origin: Origin, *, color: bool) -> None:
    path, _, last = dotted(origin.loc).rpartition(".")
    name = Text.assemble((f"{path}." if path else "", "dim"), (last, "bold"))
    mark = Text("open", style="green") if origin.open and path else Text()  # name and idea are always the child's own
    value = patched(inline(origin.value), color=color, style="" if origin.place else "dim")
    table.add_row(name, value, Text(_place(origin.place), style="cyan" if origin.place else "dim"), mark)
    for old in origin.earlier:
        was = Text.assemble(("was ", "dim"), patched(inline(old.value), color=color, style="dim"))
        table.add_row(Text(), was, Text(_place(old.place), style="dim"), Text())


def patched(text: str, *, color: bool, style: str = "") -> Text:
    """The text; with `color`, and when it is a colour, after a patch of it."""
    styled = Text(text, style=style)
    try:
        return Text.assemble(("██ ", parse_color(text).hex), styled) if color else styled
    except ValueError:
        return styled


def inline(value: Any) -> str:
    """A value on one line: text as it is, lists and mappings in brackets as YAML writes them."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {inline(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(inner) for inner in value) + "]"
    return _CONTROL.sub("�", value.replace("\n", " ")) if isinstance(value, str) else json.dumps(value)


def _place(place: Position | None) -> str:
    return f"{place.file}:{place.line}" if place else "default"
