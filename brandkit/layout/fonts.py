"""The brand's fonts as the typesetter sees them: one loaded set per kit, real family names, glyph coverage and optical edges."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from brandkit.brand.fonts import Ink, font_facts, glyph_ink
from brandkit.brand.resolve import Brand
from brandkit.errors import LayoutError, PictureError

SAMPLES = {  # letters whose ink stands for the script's: top from the first, bottom from the second (none: the baseline)
    "latin": ("H", ""),
    "arabic": ("ل", "ج"),
    "cjk": ("国", "国"),
    "devanagari": ("क", "कु"),
    "thai": ("ป", "ฤ"),
    "hebrew": ("ם", ""),
}
LINE_AIR = 0.06  # em; least white between the ink of two lines
RANGES = (  # first and last code point, script
    (0x0590, 0x05FF, "hebrew"),
    (0x0600, 0x08FF, "arabic"),
    (0xFB50, 0xFDFF, "arabic"),
    (0xFE70, 0xFEFE, "arabic"),
    (0x0900, 0x0DFF, "devanagari"),
    (0x0E00, 0x0EFF, "thai"),
    (0x2E80, 0x9FFF, "cjk"),
    (0xAC00, 0xD7FF, "cjk"),
    (0xF900, 0xFAFF, "cjk"),
    (0x20000, 0x3FFFF, "cjk"),
)


@dataclass(frozen=True)
class Face:
    """What is known of one font file."""

    path: Path
    group: str
    """The kit's family that names the file."""
    family: str
    """The name by which Typst finds it."""
    weight: int
    characters: frozenset[int]
    units: int


@dataclass(frozen=True)
class Edges:
    """Where a script's ink starts and ends, in ems above the baseline."""

    top: float
    bottom: float


def script_of(text: str) -> str:
    """The script that decides how `text` is set: the first of the tall ones it holds, else Latin."""
    for char in text:
        code = ord(char)
        for first, last, script in RANGES:
            if first <= code <= last:
                return script
    return "latin"


def _stamp(path: Path) -> tuple[Path, int, int]:
    try:
        stat = path.stat()
    except OSError as error:
        raise PictureError(
            f"cannot read the font {path.name}: {error.strerror}", hint="put the file into the kit, or correct its name"
        ) from None
    return path, stat.st_mtime_ns, stat.st_size


def typst_fonts(brand: Brand) -> Any:
    """The kit's fonts, loaded once for as long as the files stay as they are; no system font is among them."""
    return _typst_fonts(tuple(sorted({_stamp(path) for path in brand.font_files})))


@lru_cache(maxsize=8)
def _typst_fonts(stamps: tuple[tuple[Path, int, int], ...]) -> Any:
    import typst

    folders = sorted({str(path.parent) for path, _, _ in stamps})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def faces(brand: Brand, family: str) -> list[Face]:
    """The files of a family and then of its fallback families, in the kit's order.

    Raises:
        PictureError: A file is missing or no font.
    """
    families = brand.document.typography.families if brand.document.typography else {}
    known = {Path(info.path).resolve(): info.family for info in typst_fonts(brand).fonts() if info.path}
    found: list[Face] = []
    for name in (family, *families[family].fallback):
        if name not in families:
            continue
        for index in range(len(families[name].files)):
            path = brand.path("typography", "families", name, "files", index)
            facts = font_facts(path)
            if path.resolve() not in known:
                raise PictureError(f"the typesetter cannot load the font {path.name}", hint="use a static TTF or OTF file")
            found.append(Face(path, name, known[path.resolve()], facts.weight, facts.characters, facts.units))
    return found


def in_weight(among: list[Face], weight: int) -> list[str]:
    """Typst family names in the order to try: of each kit family the file nearest to `weight` by its OS/2 table comes first.

    Some foundries name each weight as a family of its own; asked for the first name alone, Typst would set every weight alike.
    """
    groups: dict[str, list[Face]] = {}
    for face in among:
        groups.setdefault(face.group, []).append(face)
    ordered = [face for group in groups.values() for face in sorted(group, key=lambda face: abs(face.weight - weight))]
    return list(dict.fromkeys(face.family for face in ordered))


def check_glyphs(text: str, among: list[Face], *, slot: str, locale: str, format_name: str) -> None:
    """Refuse a character that none of the faces has.

    Raises:
        LayoutError: Names the characters with their code points, the slot, locale and format.
    """
    has = frozenset().union(*(face.characters for face in among))
    lacking = [char for char in dict.fromkeys(text) if ord(char) not in has and not _silent(char)]
    if lacking:
        named = ", ".join(f"{char!r} (U+{ord(char):04X} {unicodedata.name(char, 'unnamed')})" for char in lacking[:6])
        more = f" and {len(lacking) - 6} more" if len(lacking) > 6 else ""
        raise LayoutError(
            f"{slot}, {locale}, {format_name}: no font of the brand has {named}{more}",
            hint="add a font with these characters to the kit and name it as a `fallback` "
            f"(looked in: {', '.join(face.path.name for face in among)})",
        )


def _silent(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Cf", "Cc"} or 0xFE00 <= ord(char) <= 0xFE0F


def edges_of(among: list[Face], script: str) -> Edges:
    """Ink edges of `script` in the first face that can write it: cap height for Latin, real ink for the others."""
    top_sample, bottom_sample = SAMPLES[script]
    for face in among:
        if ord(top_sample[0]) in face.characters:
            top = _ink(face.path, top_sample[0]).top
            bottom = _ink(face.path, bottom_sample[0]).bottom if bottom_sample else 0.0
            return Edges(round(top, 4), round(min(0.0, bottom), 4))
    return Edges(0.7, 0.0)


def _ink(path: Path, letter: str) -> Ink:
    return glyph_ink(path, letter) or Ink(0.0, 0.7)


def least_leading(edges: Edges, script: str) -> float:
    """Smallest leading, in ems, at which lines of a script with tall ink do not touch; 0 for Latin, where the brand decides."""
    return 0.0 if script == "latin" else round(edges.top - edges.bottom + LINE_AIR, 4)
