"""Rules on font files: that they load, may be used, and have the weights and the glyphs that are asked of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import combinations

from brandkit.brand.fonts import FontFacts
from brandkit.brand.kit import Kit
from brandkit.brand.registry import Found, rule
from brandkit.brand.resolve import Loc
from brandkit.errors import PictureError

MAX_SHOWN = 12  # missing characters that one finding names
NEAR = 50  # of a weight; fonts call the same weight 350 and 400, or 450 and 500
RESTRICTED, BITMAP_ONLY = 0x0002, 0x0200  # fsType: no embedding at all, or of bitmaps only


@rule(
    id="font-unreadable",
    area="type",
    level="error",
    rationale="""
        Text is set from the files that the kit names, and from nothing else. A file that is no TTF or OTF font, or a damaged one,
        leaves the layout without type. Web fonts (WOFF, WOFF2) and collections (TTC) have to be converted to single fonts.
    """,
    bad="""
        typography:
          families:
            text: {files: [fonts/web.woff2], licence: fonts/OFL.txt}
    """,
    good="""
        typography:
          families:
            text: {files: [fonts/text.ttf], licence: fonts/OFL.txt}
    """,
)
def font_unreadable(kit: Kit) -> Iterator[Found]:
    """A font file cannot be used."""
    for loc, facts in kit.fonts.items():
        if isinstance(facts, PictureError):
            yield Found(loc, facts.message, facts.hint or "name a TTF or OTF file")


@rule(
    id="font-licence",
    area="type",
    level="advice",
    rationale="""
        A kit is copied to agencies, printers and build machines, and the fonts go with it. Most licences ask that their text goes
        along, and some forbid the copy. Put the licence that came with the fonts beside them and name it.
    """,
    bad="""
        typography:
          families:
            text: {files: [fonts/text.ttf]}
    """,
    good="""
        typography:
          families:
            text: {files: [fonts/text.ttf], licence: fonts/OFL.txt}
    """,
)
def font_licence(kit: Kit) -> Iterator[Found]:
    """A family names no licence file."""
    typography = kit.brand.document.typography
    for name, family in typography.families.items() if typography else ():
        if family.licence is None:
            hint = "add 'licence:' with the file that came with the fonts, e.g. fonts/OFL.txt"
            yield Found(("typography", "families", name), f"the family {name!r} names no licence file", hint, key=True)


@rule(
    id="font-embedding",
    area="type",
    level="error",
    rationale="""
        PDF and SVG files carry the outlines of their fonts. A font says in its OS/2 table (fsType) whether it may be embedded;
        one that is restricted, or that allows bitmaps only, may not be, whatever the software can do. Get a licence and a file
        that allow it.
    """,
    bad="""
        typography:
          families:
            text: {files: [fonts/restricted.ttf], licence: fonts/OFL.txt}
    """,
    good="""
        typography:
          families:
            text: {files: [fonts/text.ttf], licence: fonts/OFL.txt}
    """,
)
def font_embedding(kit: Kit) -> Iterator[Found]:
    """A font forbids that it is embedded in a file."""
    for loc, facts in kit.fonts.items():
        if isinstance(facts, FontFacts) and (facts.embedding & 0xF == RESTRICTED or facts.embedding & BITMAP_ONLY):
            what = "no embedding" if facts.embedding & 0xF == RESTRICTED else "embedding as bitmaps only"
            message = f"{kit.brand.path(*loc).name} allows {what} (fsType {facts.embedding:#06x})"
            yield Found(loc, message, "get a font file whose licence allows embedding, or take another family")


@rule(
    id="weight-missing",
    area="type",
    level="advice",
    rationale="""
        A style that asks for a weight which no file has is set in the nearest one: a bold headline in medium. Nothing is
        thickened artificially, so the text is lighter or heavier than designed. Add the file, or ask for a weight that is there.
    """,
    bad="""
        typography:
          families:
            text: {files: [fonts/text.ttf], licence: fonts/OFL.txt}
          scale:
            headline: {family: text, weight: 700, size: [48px, 96px]}
    """,
    good="""
        typography:
          families:
            text: {files: [fonts/text.ttf, fonts/bold.ttf], licence: fonts/OFL.txt}
          scale:
            headline: {family: text, weight: 700, size: [48px, 96px]}
    """,
)
def weight_missing(kit: Kit) -> Iterator[Found]:
    """A style asks for a weight that no file of its family has."""
    typography = kit.brand.document.typography
    for slot, style in typography.scale.items() if typography else ():
        upright = [facts for facts in _of_family(kit, style.family) if not facts.italic] or _of_family(kit, style.family)
        if upright and not any(low - NEAR <= style.weight <= high + NEAR for low, high in (facts.weights for facts in upright)):
            there = sorted({weight for facts in upright for weight in facts.weights})
            near = min(there, key=lambda weight: abs(weight - style.weight))
            message = (
                f"the {slot} asks for weight {style.weight}, and {style.family!r} has {', '.join(map(str, there))}; it is set in {near}"
            )
            yield Found(("typography", "scale", slot, "weight"), message, f"add the font file of weight {style.weight}, or write {near}")


def _of_family(kit: Kit, family: str) -> list[FontFacts]:
    return [facts for loc, facts in kit.fonts.items() if loc[2] == family and isinstance(facts, FontFacts)]


@rule(
    id="font-twin",
    area="type",
    level="advice",
    rationale="""
        Two files of one family with the same weight and slant leave it to chance which one sets the text. Usually one is an older
        version, or a copy under another name.
    """,
    bad="""
        typography:
          families:
            text: {files: [fonts/text.ttf, fonts/regular.ttf], licence: fonts/OFL.txt}
    """,
    good="""
        typography:
          families:
            text: {files: [fonts/text.ttf, fonts/bold.ttf], licence: fonts/OFL.txt}
    """,
)
def font_twin(kit: Kit) -> Iterator[Found]:
    """Two files of a family have the same weight and slant."""
    for (first, one), (second, two) in combinations(kit.fonts.items(), 2):
        if first[2] == second[2] and isinstance(one, FontFacts) and isinstance(two, FontFacts):
            if (one.weights, one.italic) == (two.weights, two.italic) and not one.characters.isdisjoint(two.characters):
                slant = " italic" if one.italic else ""
                message = f"{kit.brand.path(*second).name} has weight {two.weights[0]}{slant}, as {kit.brand.path(*first).name} does"
                yield Found(second, message, "delete one of the two")


@rule(
    id="glyph-missing",
    area="type",
    level="error",
    rationale="""
        A character that no font of the kit has cannot be set: the layout stops, in the one language nobody tested. The rule reads
        all copy of the kit's own campaigns. Where another family of the kit has the character, naming it under `fallback` is
        enough (advice).
    """,
    bad="""
        typography:
          families:
            text: {files: [fonts/small.ttf], licence: fonts/OFL.txt}
    """,
    good="""
        typography:
          families:
            text: {files: [fonts/small.ttf], licence: fonts/OFL.txt, fallback: [kana]}
            kana: {files: [fonts/kana.ttf], licence: fonts/OFL.txt}
    """,
)
def glyph_missing(kit: Kit) -> Iterator[Found]:
    """Copy of a campaign has characters that its fonts lack."""
    for campaign in kit.campaigns if kit.brand.document.typography else ():
        for loc, text in kit.copy(campaign):
            if found := missing_glyphs(kit, loc, text, str(loc[-1])):
                yield Found(loc, found.message, found.hint, level=found.level, source=campaign)


@rule(
    id="disclaimer-glyphs",
    area="type",
    level="error",
    rationale="""
        A disclaimer is set in every asset of its locale. When the fonts for small print lack one of its characters, no asset of
        that locale can be made, and nobody notices before the campaign for it exists.
    """,
    bad="""
        typography:
          families:
            text: {files: [fonts/small.ttf], licence: fonts/OFL.txt}
        tone:
          disclaimers:
            - {when: {locale: ja}, text: 港}
    """,
    good="""
        typography:
          families:
            text: {files: [fonts/small.ttf], licence: fonts/OFL.txt, fallback: [kana]}
            kana: {files: [fonts/kana.ttf], licence: fonts/OFL.txt}
        tone:
          disclaimers:
            - {when: {locale: ja}, text: 港}
    """,
)
def disclaimer_glyphs(kit: Kit) -> Iterator[Found]:
    """A disclaimer has characters that the fonts for small print lack."""
    for index, disclaimer in enumerate(kit.brand.document.tone.disclaimers if kit.brand.document.typography else ()):
        if found := missing_glyphs(kit, ("tone", "disclaimers", index, "text"), disclaimer.text, "legal"):
            yield found


def missing_glyphs(kit: Kit, loc: Loc, text: str, slot: str) -> Found | None:
    """The finding on a text that cannot be set in the family of its slot or in one of its fallbacks."""
    family, case = _style(kit, slot)
    chain = kit.characters(kit.family_chain(family))
    missing = sorted(letter for letter in _wanted(text, case) if ord(letter) not in chain)
    if not missing or not chain:
        return None
    named = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in missing[:MAX_SHOWN]) + (", …" if len(missing) > MAX_SHOWN else "")
    typography = kit.brand.document.typography
    everything = kit.characters(list(typography.families) if typography else [])
    nowhere = any(ord(letter) not in everything for letter in missing)
    hint = (
        "add a font with these characters as a family and name it under 'fallback'"
        if nowhere
        else f"name a family of the kit that has them under 'typography.families.{family}.fallback'"
    )
    message = f"the family {family!r} and its fallbacks have no glyph for {named}"
    return Found(loc, message, hint, level="error" if nowhere else "advice")


def _wanted(text: str, case: str) -> Iterable[str]:
    """The characters that need a glyph of their own."""
    plain = text.upper() if case == "upper" else text
    return {letter for letter in plain if unicodedata.category(letter)[0] not in "ZC" and letter != "\ufe0f"}


def _style(kit: Kit, slot: str) -> tuple[str, str]:
    """Family and case that a slot of copy is set in."""
    typography = kit.brand.document.typography
    if not typography:
        return "", "sentence"
    styles = {str(name): style for name, style in typography.scale.items()}
    return (styles[slot].family, styles[slot].case) if slot in styles else (next(iter(typography.families)), "sentence")
