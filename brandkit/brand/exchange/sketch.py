"""The neutral model between brand files and foreign formats: what any file may say of a brand, and what was noticed on the way.

Colours, fonts, styles and marks are shared by most formats and have shapes of their own. Everything else that a brand file can say is
kept in `rest`, in the words of `brand.yaml`, so that `tree_of(sketch_of(tree)) == tree`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from brandkit.errors import Fault

Kind = Literal["guessed", "left-out", "broken"]
"""`guessed`: taken, but a person should look. `left-out`: a kit has no place for it. `broken`: the file breaks its format's own rules."""
Tree = dict[str, Any]
PARTS = ("name", "idea", "roles", "notes", "wide", "families", "files", "styles", "marks", "tone", "rest")
"""What a format can or cannot say, besides the colours themselves. `wide`: colours beyond 8-bit sRGB, in the notation given."""

OWN = ("brandkit", "name", "idea", "extends", "open", "tone")  # keys of a brand file that never come out of `rest`
STYLE_SLOTS = ("headline", "body", "cta", "legal", "label")


@dataclass(frozen=True, order=True)
class Remark:
    """Something that a person should know about an import or export, with its place."""

    fault: Fault
    kind: Kind

    def __str__(self) -> str:
        place, _, rest = str(self.fault).partition(": ")
        return f"{place}: {self.kind}: {rest}"


@dataclass(frozen=True)
class Color:
    """One colour: `value` is CSS, `role` a role of `brand.yaml` or empty, `evidence` says in a few words where it is from."""

    name: str
    value: str
    role: str = ""
    note: str = ""
    evidence: str = field(default="", compare=False)
    decide: str = field(default="", compare=False)


@dataclass(frozen=True)
class Font:
    """A type family: `family` is the name that software knows it by; `files` are relative to the file that names them."""

    name: str
    family: str
    files: tuple[str, ...] = ()
    evidence: str = field(default="", compare=False)


@dataclass(frozen=True)
class Style:
    """How one kind of text is set; `size` is the largest, in px, `tracking` in ems; None where nothing is said."""

    slot: str
    font: str
    size: float | None = None
    weight: int | None = None
    leading: float | None = None
    tracking: float | None = None
    evidence: str = field(default="", compare=False)


@dataclass(frozen=True)
class Mark:
    """One logo file."""

    name: str
    file: str
    on: tuple[str, ...] = ()
    lockup: str = ""
    alt: str = ""
    evidence: str = field(default="", compare=False)


@dataclass(frozen=True)
class Sketch:
    """What a file says of a brand."""

    name: str = ""
    idea: str = ""
    colors: tuple[Color, ...] = ()
    fonts: tuple[Font, ...] = ()
    styles: tuple[Style, ...] = ()
    marks: tuple[Mark, ...] = ()
    tone: Mapping[str, Any] = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)
    """The remaining values of a brand file, by its own keys."""

    @property
    def empty(self) -> bool:
        """True when nothing was found that a kit could use."""
        return self == Sketch(name=self.name, idea=self.idea)


@dataclass(frozen=True)
class Reading:
    """What an import found."""

    sketch: Sketch
    remarks: tuple[Remark, ...] = ()


def sketch_of(tree: Mapping[str, Any], families: Mapping[str, str]) -> Sketch:
    """The sketch of a brand file's plain tree.

    Args:
        tree: Values of a valid brand file, parents joined.
        families: Name of each family of the kit to the name that software knows it by.
    """
    rest = deepcopy({key: value for key, value in tree.items() if key not in OWN})
    return Sketch(
        name=str(tree.get("name", "")),
        idea=str(tree.get("idea") or ""),
        colors=tuple(
            Color(name, entry.pop("value"), entry.pop("role", ""), entry.pop("why", None) or "")
            for name, entry in _entries(rest, "palette", "colors")
        ),
        fonts=tuple(
            Font(name, families.get(name, name), tuple(entry.pop("files"))) for name, entry in _entries(rest, "typography", "families")
        ),
        styles=tuple(_style(slot, entry) for slot, entry in _entries(rest, "typography", "scale")),
        marks=tuple(
            Mark(name, entry.pop("file"), tuple(entry.pop("on", ())), entry.pop("lockup", ""), entry.pop("alt", None) or "")
            for name, entry in _entries(rest, "logo", "marks")
        ),
        tone=deepcopy(dict(tree.get("tone") or {})),
        rest=pruned(rest),
    )


def _entries(rest: Tree, *steps: str) -> list[tuple[str, Tree]]:
    found: Any = rest
    for step in steps:
        found = found.get(step) or {}
    return list(found.items())


def _style(slot: str, entry: Tree) -> Style:
    size = entry.get("size")
    return Style(
        slot,
        entry.pop("family"),
        float(str(size[1]).removesuffix("px")) if size else None,
        entry.pop("weight", None),
        entry.pop("leading", None),
        entry.pop("tracking", None),
    )


def tree_of(sketch: Sketch) -> Tree:
    """The plain tree of the brand file that `sketch` describes: the inverse of `sketch_of`."""
    tree: Tree = {"brandkit": 1, "name": sketch.name}
    if sketch.idea:
        tree["idea"] = sketch.idea
    if sketch.colors:
        tree["palette"] = {"colors": {c.name: _without({"value": c.value, "role": c.role, "why": c.note}) for c in sketch.colors}}
    if sketch.marks:
        tree["logo"] = {
            "marks": {m.name: _without({"file": m.file, "on": list(m.on), "lockup": m.lockup, "alt": m.alt}) for m in sketch.marks}
        }
    kept = {font.name for font in sketch.fonts if font.files}
    if kept:
        styles = {style.slot: _style_tree(style, sketch.rest) for style in sketch.styles if style.font in kept}
        tree["typography"] = _without({
            "families": {font.name: {"files": list(font.files)} for font in sketch.fonts if font.files}, "scale": styles,
        })  # fmt: skip
    if sketch.tone:
        tree["tone"] = deepcopy(dict(sketch.tone))
    return joined(tree, _fitting(sketch, kept))


def _style_tree(style: Style, rest: Mapping[str, Any]) -> Tree:
    entry: Tree = {
        "family": style.font, "weight": style.weight, "size": _sizes(style, rest), "leading": style.leading, "tracking": style.tracking,
    }  # fmt: skip
    return {key: value for key, value in entry.items() if value is not None}


def _sizes(style: Style, rest: Mapping[str, Any]) -> list[str] | None:
    """The size range: as the rest says, if it ends where the style does; else from four tenths of the size on."""
    if style.size is None:
        return None
    said = part(rest, "typography", "scale", style.slot, "size")
    if isinstance(said, list) and len(said) == 2 and said[1] == f"{style.size:g}px":
        return said
    return [f"{max(1.0, round(style.size * 0.4)):g}px", f"{style.size:g}px"]


def _fitting(sketch: Sketch, fonts: set[str]) -> Tree:
    """The rest without what belongs to entries that the sketch no longer has."""
    rest = deepcopy({key: value for key, value in sketch.rest.items() if key not in OWN})
    known = {
        ("palette", "colors"): {color.name for color in sketch.colors},
        ("logo", "marks"): {mark.name for mark in sketch.marks},
        ("typography", "families"): fonts,
        ("typography", "scale"): {style.slot for style in sketch.styles if style.font in fonts},
    }
    for (section, key), names in known.items():
        entries = part(rest, section, key)
        if isinstance(entries, dict):
            rest[section][key] = {name: entry for name, entry in entries.items() if name in names}
    for style in sketch.styles:
        scale = part(rest, "typography", "scale", style.slot)
        if isinstance(scale, dict):
            scale.pop("size", None)
    return pruned(rest)


def part(tree: Any, *steps: str) -> Any:
    """The value under `steps`, or None."""
    for step in steps:
        tree = tree.get(step) if isinstance(tree, Mapping) else None
    return tree


def pruned(tree: Tree) -> Tree:
    """`tree` without mappings that hold nothing."""
    kept = {key: pruned(value) if isinstance(value, dict) else value for key, value in tree.items()}
    return {key: value for key, value in kept.items() if value != {}}


def joined(first: Tree, second: Mapping[str, Any]) -> Tree:
    """Two trees laid over each other; where both say something, `first` holds."""
    result = dict(first)
    for key, value in second.items():
        if key not in result:
            result[key] = value
        elif isinstance(result[key], dict) and isinstance(value, Mapping):
            result[key] = joined(result[key], value)
    return result


def _without(entry: Tree) -> Tree:
    return {key: value for key, value in entry.items() if value not in ("", [], {}, None)}


def restricted(sketch: Sketch, says: Sequence[str]) -> Sketch:
    """What is left of `sketch` in a format that can say the parts `says`, besides plain colours."""
    from brandkit.brand.exchange.values import srgb_hex

    colors = tuple(
        replace(
            color,
            value=color.value if "wide" in says else srgb_hex(color.value),
            role=color.role if "roles" in says else "",
            note=color.note if "notes" in says else "",
        )
        for color in sketch.colors
    )
    return Sketch(
        name=sketch.name if "name" in says else "",
        idea=sketch.idea if "idea" in says else "",
        colors=colors,
        fonts=tuple(replace(f, files=f.files if "files" in says else ()) for f in sketch.fonts) if "families" in says else (),
        styles=sketch.styles if "styles" in says else (),
        marks=sketch.marks if "marks" in says else (),
        tone=sketch.tone if "tone" in says else {},
        rest=sketch.rest if "rest" in says else {},
    )
