"""Lint of the type: fonts that load, with a glyph for every character of the copy in the kit's own campaigns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from brandkit.brand.finding import LintFinding
from brandkit.brand.fonts import font_characters
from brandkit.brand.reading import read_source
from brandkit.brand.references import select
from brandkit.brand.resolve import Brand, Loc
from brandkit.brand.source import Source
from brandkit.errors import BrandFileError, PictureError

CAMPAIGNS = "campaigns"
MAX_CAMPAIGNS = 200  # campaign files that are read for their copy
COPY: Loc = ("concepts", "*", "copy", "*", "*")
MAX_SHOWN = 12  # missing characters that one finding names


def lint_type(brand: Brand, source: Source) -> Iterator[LintFinding]:
    """All findings on fonts, their licences and their glyphs."""
    typography = brand.document.typography
    if not typography:
        return
    covered: dict[str, frozenset[int]] = {}
    for name, family in typography.families.items():
        covered[name] = frozenset()
        for index in range(len(family.files)):
            loc: Loc = ("typography", "families", name, "files", index)
            try:
                covered[name] |= font_characters(brand.path(*loc))
            except PictureError as error:
                yield LintFinding("font-unreadable", "error", source.fault(loc, error.message, error.hint or "name a TTF or OTF file"))
        if family.licence is None:
            message = f"the family {name!r} names no licence file"
            hint = "add 'licence:' with the file that came with the fonts, e.g. fonts/OFL.txt"
            yield LintFinding("font-licence", "warning", source.fault(("typography", "families", name), message, hint, key=True))
    for file in _campaign_files(brand.root):
        try:
            yield from _glyphs(brand, read_source(file), covered)
        except BrandFileError as error:
            yield from (LintFinding("campaign-file", "error", fault) for fault in error.faults)


def _campaign_files(root: Path) -> list[Path]:
    folder = root / CAMPAIGNS
    return sorted([*folder.glob("*.yaml"), *folder.glob("*/campaign.yaml")])[:MAX_CAMPAIGNS]


def _glyphs(brand: Brand, campaign: Source, covered: dict[str, frozenset[int]]) -> Iterator[LintFinding]:
    """Each text of a campaign can be set in the family of its slot, or in one of its fallbacks."""
    everything = frozenset[int]().union(*covered.values())
    for loc, text in select(campaign.tree, COPY):
        if not isinstance(text, str):
            continue
        family, case = _style(brand, str(loc[-1]))
        wanted = {
            letter
            for letter in (text.upper() if case == "upper" else text)
            if unicodedata.category(letter)[0] not in "ZC" and letter != "\ufe0f"
        }
        chain = frozenset[int]().union(*(covered.get(name, frozenset()) for name in _chain(brand, family)))
        missing = sorted(letter for letter in wanted if ord(letter) not in chain)
        if missing:
            named = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in missing[:MAX_SHOWN]) + (
                ", …" if len(missing) > MAX_SHOWN else ""
            )
            nowhere = any(ord(letter) not in everything for letter in missing)
            message = f"the family {family!r} and its fallbacks have no glyph for {named}"
            hint = (
                "add a font with these characters as a family and name it under 'fallback'"
                if nowhere
                else (f"name a family of the kit that has them under 'typography.families.{family}.fallback'")
            )
            yield LintFinding("glyph-missing", "error" if nowhere else "warning", campaign.fault(loc, message, hint))


def _style(brand: Brand, slot: str) -> tuple[str, str]:
    """Family and case that a slot of copy is set in."""
    typography = brand.document.typography
    if not typography:
        return "", "sentence"
    styles = {str(name): style for name, style in typography.scale.items()}
    return (styles[slot].family, styles[slot].case) if slot in styles else (next(iter(typography.families)), "sentence")


def _chain(brand: Brand, family: str) -> list[str]:
    """The family and its fallbacks, each once, as deep as they name one another."""
    typography = brand.document.typography
    found: list[str] = []
    waiting = [family]
    while waiting and typography:
        name = waiting.pop(0)
        if name not in found and name in typography.families:
            found.append(name)
            waiting += typography.families[name].fallback
    return found
