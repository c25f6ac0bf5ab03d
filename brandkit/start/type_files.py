"""Font files: families by the names that the files bear, and a scale proposed from their weights."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from brandkit.brand.exchange.names import kit_name
from brandkit.brand.exchange.sketch import Font, Style
from brandkit.brand.fonts import font_facts
from brandkit.files import sha256_file

SUFFIXES = {".ttf", ".otf"}
SCALE = {
    "headline": (96.0, 700, 1.1), "body": (36.0, 400, 1.4), "cta": (32.0, 600, 1.2), "label": (26.0, 600, 1.3), "legal": (20.0, 400, 1.4),
}  # fmt: skip
"""Slot to the largest size in px on a 1080 px placement, the weight wished for, and the leading."""
SCRIPT = re.compile(r"\b(JP|KR|SC|TC|HK|CJK|Arabic|Hebrew|Thai|Devanagari|Bengali|Tamil|Armenian|Georgian|Khmer|Emoji|Symbols)\b")
"""In the names of families that were made for one script beside others."""
LEAST = {"headline": 38, "body": 21, "cta": 18, "label": 16, "legal": 16}
"""Slot to the smallest size in px: a telephone still shows it, and the body stays larger than the legal may become."""


@dataclass(frozen=True)
class Face:
    """One font file."""

    path: Path
    family: str
    weight: int
    name: str
    """Of its file in the kit."""
    sha256: str


def read_face(path: Path) -> Face:
    """Family and weight of a font file.

    Raises:
        PictureError: It is no font that brandkit takes.
    """
    facts = font_facts(path)
    return Face(path, facts.family or path.stem, min(900, max(100, facts.weight)), path.name, sha256_file(path))


def distinct(faces: Sequence[Face]) -> list[Face]:
    """Each font once, by its content, and no two under one name: folders of a family often hold the same files for desktop and web."""
    kept: dict[str, Face] = {}
    taken: set[str] = set()
    for face in faces:
        if face.sha256 in kept:
            continue
        name, number = face.name, 2
        while name.lower() in taken:
            name, number = f"{face.path.stem}-{number}{face.path.suffix}", number + 1
        taken.add(name.lower())
        kept[face.sha256] = replace(face, name=name)
    return list(kept.values())


def proposed_sizes(styles: Sequence[Style]) -> dict[str, Any]:
    """The size ranges of a proposed scale, by the keys of a brand file."""
    return {"typography": {"scale": {style.slot: {"size": [f"{LEAST[style.slot]}px", f"{style.size:g}px"]} for style in styles}}}


def families_of(faces: Sequence[Face]) -> tuple[tuple[Font, ...], tuple[Style, ...]]:
    """Families, and a scale that uses the first for headlines and the last for text, in weights that are there.

    Families for another script are for fallbacks; they set text only where there is nothing else.
    """
    grouped: dict[str, list[Face]] = {}
    for face in faces:
        grouped.setdefault(face.family, []).append(face)
    fonts: dict[str, Font] = {}
    weights: dict[str, list[int]] = {}
    for family, members in grouped.items():
        name = kit_name(family, fonts, "font")
        files = tuple(f"fonts/{face.name}" for face in sorted(members, key=lambda face: face.weight))
        fonts[name] = Font(name, family, files, evidence=f"{len(members)} font files")
        weights[name] = [face.weight for face in members]
    if not fonts:
        return (), ()
    names = [name for name, font in fonts.items() if not SCRIPT.search(font.family)] or list(fonts)
    styles = []
    for slot, (size, wish, leading) in SCALE.items():
        font = names[0] if slot == "headline" else names[-1]
        weight = min(weights[font], key=lambda have: abs(have - wish))
        styles.append(Style(slot, font, size, weight, leading, evidence="proposed size; set your own"))
    return tuple(fonts.values()), tuple(styles)
