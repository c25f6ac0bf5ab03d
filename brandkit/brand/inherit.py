"""A brand that extends another: values hold where the child is silent, and only what every parent opens may be changed.

`name`, `idea`, `extends`, `open` and `lint` are always the child's own. A section (a top-level key) that no parent writes is free. Inside a
section that a parent writes, a changed or added key must be open in every brand from the one that wrote it down to the direct parent:
by a path in its `open` list, or by `open: true` beside the rule or one around it. The longest path decides, so that `open: false`
locks a rule inside an open section. Repeating a parent's value is no change. Lists are replaced whole, mappings are joined.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from brandkit.brand.reading import read_source
from brandkit.brand.references import FILES, FOLDERS
from brandkit.brand.resolve import Loc, Position
from brandkit.brand.source import Earlier, Source, dotted
from brandkit.errors import BrandFileError, Fault

MAX_GENERATIONS = 16  # brands in one chain; real ones have two or three
KIT_FILE = "brand.yaml"
FOLDER = "write the parent's folder, relative to this file, e.g. '../house'"
OWN = ("brandkit", "name", "idea", "extends", "open", "lint")
PARENT = "parent-broken"  # rule that a link to another brand breaks


def read_chain(file: Path, find: Callable[[Path], Path]) -> tuple[list[Source], list[Fault]]:
    """Read a brand file and all brands it extends.

    Args:
        file: The brand's file.
        find: Turns the path of a brand's folder or file into that of its file.

    Returns:
        The files from the child to its oldest ancestor, and the faults of the links between them.

    Raises:
        BrandFileError: The child itself cannot be read.
    """
    chain = [read_source(file)]
    seen = [file.resolve()]
    while isinstance(parent := chain[-1].tree.get("extends"), str):
        target = _parent(chain[-1], parent, find)
        if isinstance(target, Fault):
            return chain, [target]
        if target.resolve() in seen:
            circle = " → ".join(str(path) for path in [*(source.file for source in chain), target])
            return chain, [_link_fault(chain[-1], f"brands extend each other in a circle: {circle}", "delete one 'extends'")]
        if len(chain) >= MAX_GENERATIONS:
            return chain, [_link_fault(chain[-1], f"more than {MAX_GENERATIONS} brands extend one another", "shorten the chain")]
        try:
            chain.append(read_source(target))
        except BrandFileError as error:
            if any(fault.line for fault in error.faults):
                return chain, list(error.faults)
            return chain, [_link_fault(chain[-1], f"the parent {error.faults[0].file} {error.faults[0].message}", FOLDER)]
        seen.append(target.resolve())
    return chain, []


def _parent(child: Source, parent: str, find: Callable[[Path], Path]) -> Path | Fault:
    """The parent's file. `extends` is the one way out of a kit, so it leads to another kit and nowhere else."""
    if parent.startswith(("/", "~")) or "\\" in parent or re.match(r"[A-Za-z]:", parent):
        return _link_fault(child, f"{parent[:60]!r} is not a relative path", FOLDER)
    try:
        target = find(Path(os.path.normpath(child.file.parent / parent)))
        inside = target.resolve().is_relative_to(child.file.parent.resolve())
    except BrandFileError as error:
        return _link_fault(child, f"the parent {error.faults[0].file} {error.faults[0].message}", FOLDER)
    except (OSError, ValueError):
        return _link_fault(child, f"{parent[:60]!r} is not a path", FOLDER)
    if not inside and target.name != KIT_FILE and target.exists():
        return _link_fault(child, f"{parent[:60]!r} is no kit: outside this folder only a {KIT_FILE} can be extended", FOLDER)
    return target


def _link_fault(child: Source, message: str, hint: str) -> Fault:
    return child.fault(("extends",), message, hint, rule=PARENT)


def join(chain: list[Source]) -> tuple[Source, list[Fault]]:
    """Join a chain of brands (child first) into one tree whose positions name the file that won.

    Returns:
        The joined source, and a fault for every key that was changed without leave.
    """
    joined = Source(chain[0].file, {}, chain=tuple(chain))
    faults: list[Fault] = []
    for index in range(len(chain) - 1, -1, -1):
        source = chain[index]
        faults += _trespasses(joined, source, chain[index + 1 :])
        for own in OWN:
            if own in joined.tree and (own != "idea" or own in source.tree):
                if own in ("name", "idea"):
                    _remember(joined, joined.tree[own], source.tree.get(own), (own,))
                _forget(joined, joined.tree.pop(own), (own,))
        joined.lines.update(source.lines)
        _overlay(joined, source, joined.tree, source.tree, ())
        joined.values[()] = source.values[()]
    return joined, faults


def is_open(joined: Source, loc: Loc) -> bool:
    """Whether a brand that extends the joined one may change the value at `loc`, or add it."""
    return not _closed(joined, loc, joined.chain)


def _trespasses(joined: Source, source: Source, parents: Sequence[Source]) -> Iterator[Fault]:
    """A fault for each change in `source` to `joined`, the join of `parents` (direct parent first), that they do not open."""
    for loc in _changes(joined.tree, source.tree, ()):
        if closed := _closed(joined, loc, parents):
            written = _written(joined, loc)
            what = "is set" if loc in joined.keys else "belongs to a section"
            keeper = closed[-1]
            lock = _openness(keeper, loc).lock
            if lock:
                place = keeper.place((*lock, "open"))
                reason = f"{place.file}:{place.line} locks {'it' if lock == loc else repr(dotted(lock))}"
                hint = f"delete it here, or take away 'open: false' at {place.file}:{place.line}"
            else:
                reason = f"{keeper.file} does not open it"
                hint = f"delete it here, or add '{dotted(loc)}' to 'open' in {' and in '.join(str(parent.file) for parent in closed)}"
            yield source.fault(loc, f"{what} at {written.file}:{written.line}, and {reason}", hint, key=True, rule="key-closed")


def _written(joined: Source, loc: Loc) -> Position:
    """Where the value at `loc`, or the nearest section around it, is set."""
    return next(place for end in range(len(loc), 0, -1) if (place := joined.keys.get(loc[:end])))


def _closed(joined: Source, loc: Loc, parents: Sequence[Source]) -> list[Source]:
    """Those of `parents`, down from the one that wrote the value at `loc`, that do not open it."""
    if loc[0] in OWN or loc[0] not in joined.tree:
        return []
    writer = _written(joined, loc).file
    oldest = next(index for index, parent in enumerate(parents) if parent.file == writer)
    return [parent for parent in parents[: oldest + 1] if not _openness(parent, loc).open]


def _changes(base: dict[str, Any], top: dict[str, Any], loc: Loc) -> Iterator[Loc]:
    for key, value in top.items():
        old = base.get(key)
        if key in base and isinstance(old, dict) and isinstance(value, dict):
            yield from _changes(old, value, (*loc, key))
        elif key not in base or not same((*loc, key), old, value):
            yield (*loc, key)


def same(loc: Loc, old: Any, value: Any) -> bool:
    """Whether `value` at `loc` repeats `old`. Paths never do: each is relative to the file that it stands in."""
    paths = any(
        len(loc) <= len(one) and all(wild in ("*", step) for wild, step in zip(one, loc, strict=False)) for one in (*FILES, *FOLDERS)
    )
    return repr(old) == repr(value) and not paths


class _Openness(NamedTuple):
    open: bool
    lock: Loc
    """Where `open: false` stands, if that decides."""


def _openness(parent: Source, loc: Loc) -> _Openness:
    """What the longest statement of `parent` on `loc` says; a rule's own word wins over the list of the same length."""
    listed = parent.tree.get("open")
    paths = [tuple(path.split(".")) for path in listed if isinstance(path, str)] if isinstance(listed, list) else []
    reach = max((len(path) for path in paths if loc[: len(path)] == path), default=0)
    node: Any = parent.tree
    found = _Openness(reach > 0, ())
    for end, step in enumerate(loc, 1):
        node = node.get(step) if isinstance(node, dict) else None
        said = node.get("open") if isinstance(node, dict) else None
        if isinstance(said, bool) and end >= reach:
            found = _Openness(said, () if said else loc[:end])
    return found


def _overlay(joined: Source, source: Source, base: dict[str, Any], top: dict[str, Any], loc: Loc) -> None:
    """Lay `top` over `base`, which is changed in place, and move the places along with the values."""
    for key, value in top.items():
        inner = (*loc, key)
        old = base.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            _overlay(joined, source, old, value, inner)
        elif key not in base or not same(inner, old, value):
            if key in base:
                _remember(joined, old, value, inner)
            _forget(joined, old, inner)
            base[key] = _copy(joined, source, value, inner)


def _copy(joined: Source, source: Source, value: Any, loc: Loc) -> Any:
    joined.values[loc] = source.values[loc]
    if loc in source.keys:
        joined.keys[loc] = source.keys[loc]
    if loc in source.written:
        joined.written[loc] = source.written[loc]
    if isinstance(value, dict):
        return {key: _copy(joined, source, inner, (*loc, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [_copy(joined, source, inner, (*loc, index)) for index, inner in enumerate(value)]
    return value


def _remember(joined: Source, old: Any, new: Any, loc: Loc) -> None:
    """Keep the value that is about to be overridden, with its place."""
    if repr(old) != repr(new):
        joined.replaced[loc] = (Earlier(old, joined.place(loc)), *joined.replaced.get(loc, ()))


def _forget(joined: Source, value: Any, loc: Loc) -> None:
    for places in (joined.values, joined.keys, joined.written):
        places.pop(loc, None)
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            _forget(joined, inner, (*loc, step))
