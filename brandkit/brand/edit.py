"""Small edits to a YAML file that leave everything else as it was written: comments, order, quotes, line breaks."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from brandkit.brand.reading import source_of
from brandkit.brand.resolve import Loc
from brandkit.errors import BrandFileError

BLOCK_SCALARS = ("|", ">")


class Replace(NamedTuple):
    """Write `text` (YAML of one plain value) in place of the value at `loc`."""

    loc: Loc
    text: str


class Delete(NamedTuple):
    """Take out the entry at `loc`, with its key where it has one."""

    loc: Loc


Edit = Replace | Delete


class _Span(NamedTuple):
    start: int
    end: int
    text: str


def apply_edits(text: str, edits: Iterable[Edit], file: Path) -> str:
    """`text` with every edit applied that changes exactly what it says; the others are left out.

    Args:
        text: A YAML file as brandkit takes it.
        edits: In any order, with key paths of `text` as it is.
        file: How to call it in errors.
    """
    order = [(edit, _start(yaml.compose(text, Loader=yaml.SafeLoader), edit.loc)) for edit in dict.fromkeys(edits)]
    for edit, start in sorted(order, key=lambda entry: -entry[1]):  # from the end, so that earlier key paths stay true
        if start >= 0:
            text = _apply(text, edit, file)
    return text


def _apply(text: str, edit: Edit, file: Path) -> str:
    """`text` with one edit, or as it was when anything else would change with it."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    spans = _replaced(root, edit) if isinstance(edit, Replace) else _deleted(text, root, edit.loc)
    changed = text
    for span in sorted(spans, reverse=True):
        changed = changed[: span.start] + span.text + changed[span.end :]
    try:
        same = source_of(changed, file).tree == _expected(source_of(text, file).tree, edit, file)
    except BrandFileError:
        same = False
    return changed if spans and same else text


def _expected(tree: dict[str, Any], edit: Edit, file: Path) -> dict[str, Any]:
    wanted = copy.deepcopy(tree)
    home: Any = wanted
    for step in edit.loc[:-1]:
        home = home[step]
    if isinstance(edit, Replace):
        home[edit.loc[-1]] = source_of(f"value: {edit.text}", file).tree["value"]
    else:
        del home[edit.loc[-1]]
    return wanted


def _find(root: Any, loc: Loc) -> tuple[Any, Any, Any] | None:
    """The collection that holds `loc`, with the key's node (None in lists) and the value's node; None where there is none."""
    home, key, value = None, None, root
    for step in loc:
        home, key = value, None
        if isinstance(home, yaml.MappingNode):
            found = next(((name, node) for name, node in home.value if name.value == step), None)
            if found is None:
                return None
            key, value = found
        elif isinstance(home, yaml.SequenceNode) and isinstance(step, int) and step < len(home.value):
            value = home.value[step]
        else:
            return None
    return home, key, value


def _start(root: Any, loc: Loc) -> int:
    found = _find(root, loc)
    return int((found[1] or found[2]).start_mark.index) if found else -1


def _replaced(root: Any, edit: Replace) -> list[_Span]:
    found = _find(root, edit.loc)
    if not found or not isinstance(found[2], yaml.ScalarNode) or found[2].style in BLOCK_SCALARS:
        return []
    return [_Span(found[2].start_mark.index, found[2].end_mark.index, edit.text)]


def _deleted(text: str, root: Any, loc: Loc) -> list[_Span]:
    found = _find(root, loc)
    if not found or found[0] is None:
        return []
    home = found[0]
    entries = [(key.start_mark.index, _end(text, value)) for key, value in _entries(home)]
    at = [id(value) for _, value in _entries(home)].index(id(found[2]))
    start, end = entries[at]
    if home.flow_style:
        if at + 1 < len(entries):
            return [_Span(start, entries[at + 1][0], "")]
        return [_Span(entries[at - 1][1] if at else start, end, "")]
    return _lines(text, home, entries, at) if len(entries) > 1 else _emptied(text, root, home, loc, start, end)


def _entries(home: Any) -> list[tuple[Any, Any]]:
    return list(home.value) if isinstance(home, yaml.MappingNode) else [(node, node) for node in home.value]


def _end(text: str, node: Any) -> int:
    """Where the content of `node` ends: without the line breaks and comments that YAML counts to a block."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        return _end(text, _entries(node)[-1][1])
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    return start + len(text[start:end].rstrip())


def _lines(text: str, home: Any, entries: list[tuple[int, int]], at: int) -> list[_Span]:
    """The lines of one entry of a block, or what stands up to the next entry where it shares its first line with its parent."""
    start, end = entries[at]
    line = text.rfind("\n", 0, start) + 1
    before = text[line:start].strip()
    if before in ("", "-") and (before == "-") == isinstance(home, yaml.SequenceNode):
        after = text.find("\n", end)
        return [_Span(line, len(text) if after < 0 else after + 1, "")]
    return [_Span(start, entries[at + 1][0], "")] if at + 1 < len(entries) else []


def _emptied(text: str, root: Any, home: Any, loc: Loc, start: int, end: int) -> list[_Span]:
    """The only entry of a block: its lines go, and the key of the block gets an empty list or mapping."""
    found = _find(root, loc[:-1])
    if not found or found[1] is None:
        return []
    colon = text.index(":", found[1].end_mark.index) + 1
    after = text.find("\n", end)
    line = text.rfind("\n", 0, start) + 1
    if line <= colon:
        return []
    empty = " {}" if isinstance(home, yaml.MappingNode) else " []"
    return [_Span(colon, colon, empty), _Span(line, len(text) if after < 0 else after + 1, "")]
