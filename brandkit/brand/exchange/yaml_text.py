"""YAML as `brandkit init` and `import` write it: plain, with a reason in a comment beside each value."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from brandkit.brand.resolve import Loc

WIDTH = 120  # columns; longer flow mappings are written as blocks
MAX_COMMENT = 1000  # characters
ONE_LINE: tuple[Loc, ...] = (
    ("palette", "colors", "*"), ("palette", "pairs", "*"), ("typography", "scale", "*"), ("imagery", "references", "*"),
    ("tone", "prefer", "*"), ("layout", "schemes", "*"),
)  # fmt: skip
"""Entries that are written on one line each, so that they line up like a table."""

_PLAIN = re.compile(r"[A-Za-z][\w .'()/&+-]*[\w.)']|[A-Za-z]")
_WORDS = {"true", "false", "null"}  # YAML 1.2, as brandkit reads it
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def yaml_text(tree: Mapping[str, Any], notes: Mapping[Loc, str], above: Mapping[Loc, list[str]]) -> str:
    """A block of YAML.

    Args:
        tree: Plain values.
        notes: Key path to the comment behind its line.
        above: Key path to comment lines before it.
    """
    return "\n".join(_mapping(tree, (), 0, notes, above)) + "\n"


def comment(text: str) -> str:
    """Foreign text as the inside of a comment: one line, nothing hidden."""
    return " ".join(_HIDDEN.sub(" ", text).split())[:MAX_COMMENT]


def scalar(value: Any) -> str:
    """One plain value as YAML that reads back as the same value."""
    if not isinstance(value, str):
        return json.dumps(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS and ": " not in value and value.isascii() and "  " not in value:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return _HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def _mapping(tree: Mapping[str, Any], loc: Loc, indent: int, notes: Mapping[Loc, str], above: Mapping[Loc, list[str]]) -> list[str]:
    lines: list[str] = []
    for key, value in tree.items():
        here = (*loc, key)
        pad = " " * indent
        if indent == 0 and lines and isinstance(value, Mapping | list):
            lines.append("")
        lines += [f"{pad}# {comment(line)}" for line in above.get(here, ())]
        note = f" # {comment(notes[here])}" if here in notes else ""
        lines += _entry(f"{pad}{scalar(key)}:", value, here, indent, note, notes, above)
    return lines


def _entry(head: str, value: Any, loc: Loc, indent: int, note: str, notes: Mapping[Loc, str], above: Mapping[Loc, list[str]]) -> list[str]:
    inner: list[str] = []
    if isinstance(value, Mapping) and value and not (_one_line(loc) and len(head + flow(value)) <= WIDTH):
        inner = _mapping(value, loc, indent + 2, notes, above)
    elif isinstance(value, list) and value and any(isinstance(entry, Mapping) for entry in value):
        for index, entry in enumerate(value):
            text = f" # {comment(notes[(*loc, index)])}" if (*loc, index) in notes else ""
            inner.append(f"{' ' * (indent + 2)}- {flow(entry)}{text}")
    return [f"{head}{note}", *inner] if inner else [f"{head} {flow(value)}{note}"]


def _one_line(loc: Loc) -> bool:
    return any(len(loc) == len(pattern) and all(a in ("*", b) for a, b in zip(pattern, loc, strict=True)) for pattern in ONE_LINE)
