"""Rules on the scale of styles: sizes, leading, and families that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from brandkit.brand.edit import Delete
from brandkit.brand.kit import Kit
from brandkit.brand.model import TypeStyle
from brandkit.brand.registry import Found, rule, rule_on_loading
from brandkit.brand.resolve import Loc
from brandkit.brand.rules.palette_shares import swap

ORDER = ("headline", "body", "legal")  # from the loudest to the quietest; labels and buttons stand beside the body
LEAST_SIZE = 14.0  # px at 1080 px: a telephone shows 1080 px about 65 mm wide, so that capitals of 14 px are 0.6 mm high
TIGHT = {"headline": 0.9}  # leading from which lines of display type touch; text needs 1.0
SAME = 1e-9


rule_on_loading(
    id="size-range",
    area="type",
    summary="The smallest size is more than the largest.",
    rationale="A size is `[smallest, largest]`: copy is set as large as fits. The other way round there is no size at which it may be set.",
    bad="""
        typography:
          families: {text: {files: [fonts/text.ttf], licence: fonts/OFL.txt}}
          scale:
            headline: {family: text, size: [96px, 48px]}
    """,
    good="""
        typography:
          families: {text: {files: [fonts/text.ttf], licence: fonts/OFL.txt}}
          scale:
            headline: {family: text, size: [48px, 96px]}
    """,
    fix="exchanges the two sizes",
    repair=swap,
)
rule_on_loading(
    id="fallback-self",
    area="type",
    summary="A family falls back to itself.",
    rationale="A fallback is tried for characters that a family lacks. The family itself lacks them as well, so the entry does nothing.",
    bad="""
        typography:
          families: {text: {files: [fonts/text.ttf], licence: fonts/OFL.txt, fallback: [text]}}
    """,
    good="""
        typography:
          families: {text: {files: [fonts/text.ttf], licence: fonts/OFL.txt}}
    """,
    fix="deletes the entry",
    repair=lambda source, loc: (Delete(loc),),
)


@rule(
    id="scale-overlap",
    area="type",
    level="advice",
    rationale="""
        Size is the strongest sign of what to read first. When the smallest headline is no larger than the largest body text, a
        layout can come out in which both look alike, because each slot is fitted by itself. Keep a gap between headline, body and
        small print.
    """,
    bad="""
        typography:
          families: {text: {files: [fonts/text.ttf], licence: fonts/OFL.txt}}
          scale:
            headline: {family: text, size: [32px, 96px]}
            body: {family: text, size: [24px, 40px]}
    """,
    good="""
        typography:
          families: {text: {files: [fonts/text.ttf], licence: fonts/OFL.txt}}
          scale:
            headline: {family: text, size: [44px, 96px]}
            body: {family: text, size: [24px, 40px]}
    """,
)
def scale_overlap(kit: Kit) -> Iterator[Found]:
    """A louder style may be set no larger than a quieter one."""
    styles = [(slot, _styles(kit)[slot]) for slot in ORDER if slot in _styles(kit)]
    for (loud, above), (quiet, below) in pairwise(styles):
        if _pixels(above)[0] <= _pixels(below)[1]:
            message = f"the {loud} may shrink to {above.size[0]}, and the {quiet} may grow to {below.size[1]}"
            yield Found(("typography", "scale", loud, "size"), message, f"start the {loud} above {below.size[1]}")


def _styles(kit: Kit) -> dict[str, TypeStyle]:
    typography = kit.brand.document.typography
    return {str(slot): style for slot, style in typography.scale.items()} if typography else {}


def _pixels(style: TypeStyle) -> tuple[float, float]:
    return float(style.size[0].removesuffix("px")), float(style.size[1].removesuffix("px"))


@rule(
    id="text-small",
    area="type",
    level="advice",
    rationale="""
        Sizes are for a placement of 1080 px, which a telephone shows about 65 mm wide. Text of 14 px is then under a millimetre
        high: the small print that a regulator will ask for cannot be read. Start at 16 px.
    """,
    bad="""
        typography:
          families: {text: {files: [fonts/text.ttf], licence: fonts/OFL.txt}}
          scale:
            legal: {family: text, size: [10px, 18px]}
    """,
    good="""
        typography:
          families: {text: {files: [fonts/text.ttf], licence: fonts/OFL.txt}}
          scale:
            legal: {family: text, size: [16px, 20px]}
    """,
)
def text_small(kit: Kit) -> Iterator[Found]:
    """A style may be set too small to be read."""
    for slot, style in _styles(kit).items():
        if _pixels(style)[0] < LEAST_SIZE:
            message = f"the {slot} may shrink to {style.size[0]} in a placement of 1080 px, which nobody reads on a telephone"
            yield Found(("typography", "scale", slot, "size"), message, "start at 16px, and let the copy be shorter")


@rule(
    id="leading-tight",
    area="type",
    level="advice",
    rationale="""
        Leading is the distance of lines as a multiple of the size. Below 1 the descenders of one line run into the ascenders of
        the next. Large headlines bear a little less (0.9), capitals more still; text never does.
    """,
    bad="""
        typography:
          families: {text: {files: [fonts/text.ttf], licence: fonts/OFL.txt}}
          scale:
            body: {family: text, leading: 0.9}
    """,
    good="""
        typography:
          families: {text: {files: [fonts/text.ttf], licence: fonts/OFL.txt}}
          scale:
            body: {family: text, leading: 1.4}
    """,
)
def leading_tight(kit: Kit) -> Iterator[Found]:
    """The lines of a style run into each other."""
    for slot, style in _styles(kit).items():
        least = TIGHT.get(slot, 1.0) if style.case == "sentence" else 0.8
        if style.leading < least - SAME:
            message = f"the {slot} has a leading of {style.leading:g}, so that its lines touch"
            yield Found(("typography", "scale", slot, "leading"), message, f"write {least:g} or more")


@rule(
    id="style-missing",
    area="type",
    level="advice",
    rationale="""
        A slot without a style is set in the first family, regular, between 16 and 32 px. That suits small text and makes a
        headline look like an accident. Give at least headline and body their styles.
    """,
    bad="""
        typography:
          families: {text: {files: [fonts/text.ttf], licence: fonts/OFL.txt}}
          scale:
            body: {family: text, size: [24px, 38px]}
    """,
    good="""
        typography:
          families: {text: {files: [fonts/text.ttf], licence: fonts/OFL.txt}}
          scale:
            headline: {family: text, size: [48px, 120px]}
            body: {family: text, size: [24px, 38px]}
    """,
)
def style_missing(kit: Kit) -> Iterator[Found]:
    """Headline or body have no style of their own."""
    missing = [slot for slot in ("headline", "body") if slot not in _styles(kit)]
    if missing and kit.brand.document.typography:
        message = f"no style for {' and '.join(missing)}: set in the first family, regular, 16 to 32 px"
        loc: Loc = ("typography", "scale") if _styles(kit) else ("typography",)
        yield Found(loc, message, f"add '{missing[0]}: {{family: …, size: [48px, 120px]}}' under 'typography.scale'", key=True)


@rule(
    id="family-unused",
    area="type",
    level="advice",
    rationale="""
        A family that no style and no fallback names is never set. Either a style has lost its family, or the files are dead
        weight that every copy of the kit carries and somebody pays licences for.
    """,
    bad="""
        typography:
          families:
            text: {files: [fonts/text.ttf], licence: fonts/OFL.txt}
            kana: {files: [fonts/kana.ttf], licence: fonts/OFL.txt}
          scale:
            headline: {family: text, size: [48px, 120px]}
            body: {family: text}
    """,
    good="""
        typography:
          families:
            text: {files: [fonts/text.ttf], licence: fonts/OFL.txt, fallback: [kana]}
            kana: {files: [fonts/kana.ttf], licence: fonts/OFL.txt}
          scale:
            headline: {family: text, size: [48px, 120px]}
            body: {family: text}
    """,
)
def family_unused(kit: Kit) -> Iterator[Found]:
    """No style and no fallback names a family."""
    typography = kit.brand.document.typography
    if typography is None:
        return
    first = next(iter(typography.families))
    used = {name for start in [first, *(style.family for style in _styles(kit).values())] for name in kit.family_chain(start)}
    for name in typography.families:
        if name not in used:
            hint = "name it in a style or under another family's 'fallback', or delete it"
            yield Found(("typography", "families", name), f"nothing is set in the family {name!r}", hint, key=True)
