"""Rules on colours that stand on each other: pairs, schemes, and people who see fewer colours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from brandkit.brand.edit import Delete
from brandkit.brand.kit import Kit
from brandkit.brand.registry import Found, rule
from brandkit.brand.resolve import Brand, Loc
from brandkit.color.contrast import WCAG_RATIOS, apca_contrast, nearest_passing, wcag_contrast
from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import srgb_to_lab
from brandkit.color.vision import DEFICIENCIES, simulate

LARGE_TEXT = WCAG_RATIOS["AA-large"]  # the least contrast at which any text of a scheme can be read
GRAPHIC = 3.0  # WCAG 2.2, 1.4.11: contrast from which a shape is told from its ground by lightness alone
ALIKE = 8.0  # ΔE00 under which two flat areas side by side merge at a glance
APART = 16.0  # ΔE00 from which two colours are plainly different; only then is merging a surprise


@rule(
    id="contrast-low",
    area="palette",
    level="error",
    rationale="""
        A pair is a promise that text in this ink can be read on this ground. WCAG 2.2 says what that takes: 4.5:1 for text, 3:1
        for large text, 7:1 and 4.5:1 for the enhanced level. Below it readers with low vision, and everybody in sunlight, lose
        the words. WCAG decides; the APCA value beside it (Lc; 75 for body text, 60 for other content, 45 for headlines) is closer
        to how light text on dark grounds is seen.
    """,
    bad="""
        palette:
          colors:
            chalk: {value: "#F2EBE0", role: surface}
            clay: {value: "#B08A5B", role: ink}
          pairs:
            - {ink: clay, on: chalk, level: AA}
    """,
    good="""
        palette:
          colors:
            chalk: {value: "#F2EBE0", role: surface}
            clay: {value: "#7A5A30", role: ink}
          pairs:
            - {ink: clay, on: chalk, level: AA}
    """,
)
def contrast_low(kit: Kit) -> Iterator[Found]:
    """A declared pair does not reach the contrast that it promises."""
    palette = kit.brand.document.palette
    for index, pair in enumerate(palette.pairs if palette else ()):
        needed, ratio = WCAG_RATIOS[pair.level], wcag_contrast(kit.brand.hex(pair.ink), kit.brand.hex(pair.on))
        if ratio < needed:
            words = _contrast(kit.brand, pair.ink, pair.on)
            yield Found(
                ("palette", "pairs", index), f"{words}, and {pair.level} needs {needed:g}:1", _remedy(kit.brand, pair.ink, pair.on, needed)
            )


@rule(
    id="scheme-contrast",
    area="palette",
    level="advice",
    rationale="""
        Layouts take their text colours from the scheme: the ink on the ground, and the words of a button on the accent. Under
        4.5:1 only large text can be read (advice); under 3:1 none can (error).
    """,
    bad="""
        palette:
          colors:
            night: {value: "#1C304A"}
            day: {value: "#FFFFFF"}
            sun: {value: "#FFC400"}
        layout:
          schemes:
            plain: {ground: day, ink: night, accent: sun, on_accent: day}
    """,
    good="""
        palette:
          colors:
            night: {value: "#1C304A"}
            day: {value: "#FFFFFF"}
            sun: {value: "#FFC400"}
        layout:
          schemes:
            plain: {ground: day, ink: night, accent: sun, on_accent: night}
    """,
)
def scheme_contrast(kit: Kit) -> Iterator[Found]:
    """Text of a colour scheme is hard to read."""
    for name, scheme in kit.brand.document.layout.schemes.items():
        for key, ink, ground in (("ink", scheme.ink, scheme.ground), ("on_accent", scheme.on_accent, scheme.accent)):
            ratio = wcag_contrast(kit.brand.hex(ink), kit.brand.hex(ground))
            if ratio < WCAG_RATIOS["AA"]:
                message = f"{_contrast(kit.brand, ink, ground)}; text needs 4.5:1, large text 3:1"
                hint = _remedy(kit.brand, ink, ground, WCAG_RATIOS["AA"])
                yield Found(("layout", "schemes", name, key), message, hint, level="error" if ratio < LARGE_TEXT else "advice")


def _contrast(brand: Brand, ink: str, ground: str) -> str:
    one, two = brand.hex(ink), brand.hex(ground)
    ratio = int(wcag_contrast(one, two) * 100) / 100  # never rounded up to a limit that it misses
    return f"{ink!r} on {ground!r} has a contrast of {ratio:.2f}:1 (APCA Lc {abs(apca_contrast(one, two)):.0f})"


def _remedy(brand: Brand, ink: str, ground: str, needed: float) -> str:
    """The smaller of the two changes in lightness that would mend it: of the ink, or of its ground."""
    moved = [
        (passing, name, other)
        for name, other in ((ink, ground), (ground, ink))
        if (passing := nearest_passing(brand.hex(name), brand.hex(other), needed))
    ]
    if not moved:
        return f"no lightness of either reaches {needed:g}:1; choose other colours"
    passing, name, _ = min(moved)
    return f"{passing.word} {name!r} to {passing.hex}, or pair {ground!r} with another ink"


class _Use(NamedTuple):
    loc: Loc
    one: str
    two: str


@rule(
    id="pair-confusable",
    area="palette",
    level="advice",
    rationale="""
        One man in twelve and one woman in two hundred see red and green, or blue and green, as nearly the same. Two colours that
        differ plainly for most people can merge for them, above all when they are equally light: a button vanishes into its
        ground. The rule simulates protanopia and deuteranopia (Viénot 1999) and tritanopia (Brettel 1997) and tells which pair
        merges. A difference in lightness helps everybody.
    """,
    bad="""
        palette:
          colors:
            leaf: {value: "#7A7A2E"}
            brick: {value: "#B0503C"}
            night: {value: "#101418"}
        layout:
          schemes:
            garden: {ground: leaf, ink: night, accent: brick, on_accent: night}
    """,
    good="""
        palette:
          colors:
            leaf: {value: "#7A7A2E"}
            sand: {value: "#F4DFC8"}
            night: {value: "#101418"}
        layout:
          schemes:
            garden: {ground: leaf, ink: night, accent: sand, on_accent: night}
    """,
)
def pair_confusable(kit: Kit) -> Iterator[Found]:
    """Two colours that stand side by side merge for people with a colour-vision deficiency."""
    for use in _uses(kit):
        pair = np.array([kit.brand.color(use.one).rgb, kit.brand.color(use.two).rgb]) / 255
        if wcag_contrast(pair[0] * 255, pair[1] * 255) >= GRAPHIC or _distance(srgb_to_lab(pair)) < APART:
            continue
        seen = {name: _distance(srgb_to_lab(simulate(pair, name))) for name in DEFICIENCIES}
        worst = min(seen, key=lambda name: seen[name])
        if seen[worst] < ALIKE:
            usual = _distance(srgb_to_lab(pair))
            message = f"{use.one!r} and {use.two!r} differ by ΔE00 {usual:.0f}, but only by {seen[worst]:.0f} in {worst} vision"
            yield Found(use.loc, message, "make one of them much lighter or darker")


def _uses(kit: Kit) -> Iterator[_Use]:
    palette = kit.brand.document.palette
    for index, pair in enumerate(palette.pairs if palette else ()):
        yield _Use(("palette", "pairs", index), pair.ink, pair.on)
    for name, scheme in kit.brand.document.layout.schemes.items():
        if scheme.accent != scheme.ground:
            yield _Use(("layout", "schemes", name, "accent"), scheme.accent, scheme.ground)


def _distance(labs: np.ndarray) -> float:
    return float(delta_e_2000(labs[0], labs[1]))


@rule(
    id="text-pair-missing",
    area="palette",
    level="advice",
    rationale="""
        Which ink may stand on which ground is the question that every layout asks first. Without an answer brandkit takes what
        contrasts most, which is readable but perhaps not yours. Declare at least one pair for every surface.
    """,
    bad="""
        palette:
          colors:
            chalk: {value: "#F2EBE0", role: surface}
            tide: {value: "#04444E", role: primary}
    """,
    good="""
        palette:
          colors:
            chalk: {value: "#F2EBE0", role: surface}
            tide: {value: "#04444E", role: primary}
          pairs:
            - {ink: tide, on: chalk, level: AAA}
    """,
)
def text_pair_missing(kit: Kit) -> Iterator[Found]:
    """A surface has no declared ink, neither in a pair nor in a scheme."""
    palette = kit.brand.document.palette
    told = {pair.on for pair in palette.pairs} if palette else set()
    told |= {scheme.ground for scheme in kit.brand.document.layout.schemes.values()}
    for name, color in kit.colors.items():
        if color.role == "surface" and name not in told and len(kit.colors) > 1:
            best = max((other for other in kit.colors if other != name), key=lambda other: _ratio(kit, other, name))
            hint = f"add {{ink: {best}, on: {name}, level: {_level(_ratio(kit, best, name))}}} to 'palette.pairs'"
            yield Found(("palette", "colors", name), f"no pair says which ink stands on the surface {name!r}", hint, key=True)


def _ratio(kit: Kit, ink: str, ground: str) -> float:
    return wcag_contrast(kit.brand.hex(ink), kit.brand.hex(ground))


def _level(ratio: float) -> str:
    return next((name for name in ("AAA", "AA", "AA-large") if ratio >= WCAG_RATIOS[name]), "AA-large")


@rule(
    id="pair-repeated",
    area="palette",
    level="advice",
    rationale="Two entries for the same pair are one more than anybody keeps in step; where their levels differ, the stricter one holds.",
    bad="""
        palette:
          colors: {chalk: {value: "#F2EBE0"}, tide: {value: "#04444E"}}
          pairs:
            - {ink: tide, on: chalk, level: AAA}
            - {ink: tide, on: chalk}
    """,
    good="""
        palette:
          colors: {chalk: {value: "#F2EBE0"}, tide: {value: "#04444E"}}
          pairs:
            - {ink: tide, on: chalk, level: AAA}
    """,
    fix="deletes the entry with the lower level",
)
def pair_repeated(kit: Kit) -> Iterator[Found]:
    """The same ink on the same ground is declared twice."""
    palette = kit.brand.document.palette
    strictest: dict[tuple[str, str], int] = {}
    pairs = palette.pairs if palette else []
    for index in sorted(range(len(pairs)), key=lambda index: (-WCAG_RATIOS[pairs[index].level], index)):
        pair, loc = pairs[index], ("palette", "pairs", index)
        first = strictest.setdefault((pair.ink, pair.on), index)
        if first != index:
            message = f"{pair.ink!r} on {pair.on!r} is declared already, as {pairs[first].level}"
            yield Found(loc, message, "delete this entry", fix=(Delete(loc),))


@rule(
    id="scheme-unpaired",
    area="palette",
    level="advice",
    rationale="""
        A palette that lists its pairs says which combinations are meant. A scheme that sets other ones uses combinations that
        nobody approved and whose contrast nobody promised. Add the pair, or change the scheme.
    """,
    bad="""
        palette:
          colors: {chalk: {value: "#F2EBE0"}, tide: {value: "#04444E"}, iron: {value: "#A25025"}}
          pairs: [{ink: tide, on: chalk}]
        layout:
          schemes:
            warm: {ground: chalk, ink: iron, accent: tide, on_accent: chalk}
    """,
    good="""
        palette:
          colors: {chalk: {value: "#F2EBE0"}, tide: {value: "#04444E"}, iron: {value: "#A25025"}}
          pairs: [{ink: tide, on: chalk}, {ink: iron, on: chalk}, {ink: chalk, on: tide}]
        layout:
          schemes:
            warm: {ground: chalk, ink: iron, accent: tide, on_accent: chalk}
    """,
)
def scheme_unpaired(kit: Kit) -> Iterator[Found]:
    """A scheme sets an ink on a ground that is not among the declared pairs."""
    palette = kit.brand.document.palette
    pairs = {(pair.ink, pair.on) for pair in palette.pairs} if palette else set()
    for name, scheme in kit.brand.document.layout.schemes.items() if pairs else ():
        for key, ink, ground in (("ink", scheme.ink, scheme.ground), ("on_accent", scheme.on_accent, scheme.accent)):
            if (ink, ground) not in pairs:
                message = f"{ink!r} on {ground!r} is not among the declared pairs"
                hint = (
                    f"add {{ink: {ink}, on: {ground}, level: {_level(_ratio(kit, ink, ground))}}} to 'palette.pairs', or change the scheme"
                )
                yield Found(("layout", "schemes", name, key), message, hint)
