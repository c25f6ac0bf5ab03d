"""`brandkit export`: a brand in a foreign format, with everything said that got lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from brandkit.brand.exchange.catalogue import format_named
from brandkit.brand.exchange.format import Format, Written
from brandkit.brand.exchange.importing import remark_json
from brandkit.brand.exchange.sketch import Remark, Sketch, restricted, sketch_of
from brandkit.brand.resolve import Brand, Loc
from brandkit.brand.source import Source
from brandkit.errors import Fault, InputError

SCHEMA = "brandkit/export@1"

PART_LOCS: tuple[tuple[str, Loc, str], ...] = (
    ("idea", ("idea",), "the idea"),
    ("families", ("typography", "families"), "the type families"),
    ("styles", ("typography", "scale"), "the type scale"),
    ("marks", ("logo",), "the logo and its rules"),
    ("tone", ("tone",), "the tone"),
    ("rest", ("imagery",), "the imagery"),
    ("rest", ("layout",), "the layout rules"),
    ("rest", ("gate",), "the gate"),
    ("rest", ("palette", "pairs"), "the pairs of ink and ground"),
    ("rest", ("palette", "forbidden"), "the forbidden colours"),
)
"""Part of a sketch, where it stands in a brand file, and what it is called."""


@dataclass(frozen=True)
class Exported:
    """A written file and what it lost."""

    format: str
    data: bytes
    remarks: tuple[Remark, ...]

    def to_json(self) -> dict[str, Any]:
        remarks = [remark_json(remark) for remark in self.remarks]
        return {"schema_version": SCHEMA, "format": self.format, "bytes": len(self.data), "remarks": remarks}


def export_brand(brand: Brand, source: Source, to: str) -> Exported:
    """Write a brand in the format `to`.

    Raises:
        InputError: There is no such format.
    """
    format = format_named(to, write=True)
    sketch = sketch_of(source.tree, family_names(brand))
    written = format.write(sketch) if format.write else Written(b"")
    remarks = [Remark(source.fault(loc, message), "left-out") for loc, message in _lost(sketch, format, source)]
    own = str(brand.file)
    remarks += [Remark(Fault(own, 1, 1, "", message), "left-out") for message in written.losses]
    return Exported(format.id, written.data, tuple(remarks))


def _lost(sketch: Sketch, format: Format, source: Source) -> list[tuple[Loc, str]]:
    says = format.says
    found: list[tuple[Loc, str]] = []
    for name, loc, title in PART_LOCS:
        if name in format.partly and loc in source.values:
            found.append((loc, format.partly[name]))
        elif name not in says and (loc in source.values or loc in source.keys):
            found.append((loc, f"{title} cannot be said in this format"))
    kept = restricted(sketch, says)
    for before, after in zip(sketch.colors, kept.colors, strict=True):
        loc = ("palette", "colors", before.name)
        if before.value != after.value and "wide" not in says and not before.value.startswith("#"):
            found.append(((*loc, "value"), f"{before.value!r} becomes {after.value}"))
    missing = [what for what, part in (("roles", "roles"), ("reasons", "notes")) if part not in says]
    if missing and sketch.colors:
        found.append((("palette", "colors"), f"{' and '.join(missing)} of the colours cannot be said in this format"))
    return found


def family_names(brand: Brand) -> dict[str, str]:
    """Family of the kit to the name that its first font file bears."""
    typography = brand.document.typography
    names = {}
    for name in typography.families if typography else ():
        names[name] = _family_name(brand, name) or name.replace("-", " ").title()
    return names


def _family_name(brand: Brand, family: str) -> str:
    from brandkit.brand.fonts import font_facts

    try:
        return font_facts(brand.path("typography", "families", family, "files", 0)).family
    except InputError:  # a damaged font has no name; lint says so
        return ""
