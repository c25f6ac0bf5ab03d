"""Where every value of a resolved brand comes from: the file and line that won, what it overrode, and whether a child may change it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brandkit.brand.inherit import is_open
from brandkit.brand.load import load_with_source
from brandkit.brand.model import BrandDocument
from brandkit.brand.resolve import Brand, Loc, Position
from brandkit.brand.saved import kit_of
from brandkit.brand.source import Earlier, Source, dotted
from brandkit.brand.wording import closest, describe_at, keys_at, shown
from brandkit.errors import InputError

SCHEMA = "brandkit/explain@1"
LINKS = ("brandkit", "extends", "open")  # keys that say how files are joined, not what the brand is

_NOTHING = object()


@dataclass(frozen=True)
class Origin:
    """One value of a resolved brand. `place` is None for a default that nobody wrote; `earlier` holds what it overrode, the last first."""

    loc: Loc
    value: Any
    place: Position | None
    earlier: tuple[Earlier, ...] = ()
    open: bool = False
    """Whether a brand that extends this one may change it."""


@dataclass(frozen=True)
class Explanation:
    """The values of a brand with their origins, in the order of the model; `files` are the brand's own file and its parents'."""

    brand: Brand
    files: tuple[Path, ...]
    origins: tuple[Origin, ...]
    hidden: int = 0
    """Defaults that were left out."""
    whole: bool = True
    """Whether it is about the whole brand."""

    def to_json(self) -> dict[str, Any]:
        """The explanation as plain JSON values; of a whole brand also the kit itself, which `brandkit diff` reads."""
        return {
            "schema_version": SCHEMA,
            "brand": self.brand.name,
            "kit_hash": self.brand.kit_hash,
            "files": [str(file) for file in self.files],
            "values": [
                {
                    "path": dotted(origin.loc),
                    "value": origin.value,
                    "source": _place(origin.place),
                    "open": origin.open,
                    "overrode": [{"value": old.value, "source": _place(old.place)} for old in origin.earlier],
                }
                for origin in self.origins
            ],
            **({"kit": kit_of(self.brand).to_json()} if self.whole else {}),
        }


def explain_brand(path: Path, key: str | None = None, *, defaults: bool = False) -> Explanation:
    """Explain the brand at `path` (folder or file).

    Args:
        path: The brand's folder, or its file.
        key: Key path such as `palette.colors.pine` or `palette.pairs[0]`; everything under it is explained. By default the whole brand.
        defaults: Also list values that nobody wrote.

    Raises:
        BrandFileError: The brand cannot be used as written.
        InputError: The brand has nothing at `key`.
    """
    brand, source = load_with_source(path)
    return explain_source(brand, source, key, defaults=defaults)


def explain_source(brand: Brand, source: Source, key: str | None = None, *, defaults: bool = False) -> Explanation:
    """As `explain_brand`, of a brand that is loaded already."""
    files = tuple(part.file for part in source.chain)
    dump = brand.document.model_dump(mode="json", by_alias=True, exclude=set(LINKS))
    tree = {name: source.tree[name] for name in dump if name in source.tree}
    found = list(_origins(source, tree, dump, ()))
    if key is not None:
        found = _under(source, found, dump, key)
    written = [origin for origin in found if origin.place]
    shown_ones = found if defaults or not written else written
    return Explanation(brand, files, tuple(shown_ones), len(found) - len(shown_ones), key is None)


def _origins(source: Source, tree: Any, dump: Any, loc: Loc) -> Iterator[Origin]:
    """One origin for each value that is no mapping; an entry of a list that is a mapping counts as one value."""
    if isinstance(dump, dict) and isinstance(tree, dict | type(_NOTHING)):
        written = tree if isinstance(tree, dict) else {}
        for step in [*written, *(step for step in dump if step not in written)]:
            if step != "open" or isinstance(dump.get(step), dict):
                yield from _origins(source, written.get(step, _NOTHING), dump.get(step), (*loc, step))
    elif isinstance(tree, list) and any(isinstance(entry, dict) for entry in tree):
        earlier = source.replaced.get(loc, ())
        for index, entry in enumerate(tree):
            yield Origin((*loc, index), entry, source.place((*loc, index)), earlier if not index else (), is_open(source, loc))
    elif tree is not _NOTHING:
        yield Origin(loc, tree, source.place(loc), source.replaced.get(loc, ()), is_open(source, loc))
    elif dump is not None:
        yield Origin(loc, dump, None, (), is_open(source, loc))


def parse_key(key: str) -> Loc:
    """A key path as people write it, `palette.pairs[0].ink` or `palette.pairs.0.ink`, as steps."""
    steps = [step for step in re.split(r"[.\[\]]+", key) if step]
    return tuple(int(step) if step.isdecimal() else step for step in steps)


def _under(source: Source, origins: list[Origin], dump: dict[str, Any], key: str) -> list[Origin]:
    wanted = parse_key(key)
    if found := [origin for origin in origins if origin.loc[: len(wanted)] == wanted]:
        return found
    for origin in origins:
        if origin.loc == wanted[: len(origin.loc)]:
            value = origin.value
            for step in wanted[len(origin.loc) :]:
                value = _step(value, step)
            if value is not _NOTHING:
                place = source.place(wanted) if origin.place else None
                return [Origin(wanted, value, place, (), origin.open)]
    raise _nothing_at(source, dump, wanted, key)


def _step(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(step, _NOTHING)
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else _NOTHING


def _nothing_at(source: Source, dump: dict[str, Any], wanted: Loc, key: str) -> InputError:
    """Says which step of the path leads nowhere, and what stands there instead."""
    here: Any = dump
    for end, step in enumerate(wanted):
        inner = _step(here, step)
        if inner is _NOTHING or inner is None:
            around = wanted[:end]
            if describe_at(BrandDocument, wanted) and isinstance(step, str) and step in keys_at(BrandDocument, around):
                about = str(describe_at(BrandDocument, wanted).get("description", "")).split("\n")[0]
                return InputError(
                    f"{source.file}: {dotted(wanted)!r} is not set, and has no default", hint=about or "write it, or leave it"
                )
            known = [str(name) for name in here] if isinstance(here, dict) else [str(index) for index in range(len(here or ()))]
            place = f"under {dotted(around)!r}" if around else "at the top"
            hint = closest(str(step), known) or f"{dotted(around)!r} is empty"
            return InputError(f"{source.file}: there is nothing called {shown(step)} {place}", hint=hint)
        here = inner
    return InputError(f"{source.file}: there is nothing at {shown(key)}", hint="write a key path such as 'palette.colors'")


def _place(place: Position | None) -> dict[str, Any] | None:
    return {"file": str(place.file), "line": place.line, "column": place.column} if place else None
