"""Rules on what marks are made for: grounds, colours, space, sizes, and each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from brandkit.brand.drawing import Drawing
from brandkit.brand.kit import Kit
from brandkit.brand.references import select
from brandkit.brand.registry import Found, rule
from brandkit.color.contrast import ground_tone
from brandkit.color.difference import delta_e_2000
from brandkit.color.parse import parse_color
from brandkit.color.spaces import srgb_to_lab

GRAPHIC_CONTRAST = 3.0  # WCAG 2.2, 1.4.11: graphical objects; logos are exempt there, so missing it is advice
INVISIBLE = 1.5  # contrast under which a mark cannot be seen at a glance: an error
LARGE_AREA = 0.08  # of the ink; smaller areas are edges between two colours, or details
NEARBY = 8.0  # ΔE00 under which a stray colour is a bad copy of a swatch rather than another colour
NEUTRAL = 6.0  # of CIELAB chroma and distance from black or white: marks in plain black or white are no brand colour
LEVELS = 24  # of 255; more than the rounding of edges when one drawing is saved by two programs
SAME = 0.002  # of the canvas that may differ in drawings that are one; a dot that changes its colour has more


@rule(
    id="mark-ground",
    area="logo",
    level="advice",
    rationale="""
        A mark that is declared for light or dark grounds is set on every ground of that kind that the kit has. Where a quarter of
        its ink does not reach 3:1 it is hard to find (advice), under 1.5:1 it cannot be seen (error).
    """,
    bad="""
        palette: {colors: {day: {value: "#FFFFFF", role: surface}, night: {value: "#1C304A", role: ink}}}
        logo:
          marks:
            main: {file: logo/white.svg, on: [light]}
    """,
    good="""
        palette: {colors: {day: {value: "#FFFFFF", role: surface}, night: {value: "#1C304A", role: ink}}}
        logo:
          marks:
            main: {file: logo/white.svg, on: [dark]}
    """,
)
def mark_ground(kit: Kit) -> Iterator[Found]:
    """A mark does not stand out on a ground that it is made for."""
    for name, mark, drawing in kit.drawn:
        for tone in mark.on:
            for surface in (surface for surface in surfaces(kit) if tone == ground_tone(kit.brand.hex(surface))):
                ratio = drawing.standing_out(kit.brand.hex(surface))
                if ratio < GRAPHIC_CONTRAST:
                    cut = int(ratio * 100) / 100
                    message = f"{name!r} is made for {tone} grounds, but has a contrast of only {cut:.2f}:1 on {surface!r}"
                    hint = f"give it a {'darker' if tone == 'light' else 'lighter'} drawing, or take {tone!r} out of 'on'"
                    yield Found(("logo", "marks", name, "on"), message, hint, level="error" if ratio < INVISIBLE else "advice")


def surfaces(kit: Kit) -> list[str]:
    """Names of the colours that marks are set on: grounds of declared schemes, and surfaces by role."""
    roles = [name for name, color in kit.colors.items() if color.role == "surface"]
    return list(dict.fromkeys([*(scheme.ground for scheme in kit.brand.document.layout.schemes.values()), *roles]))


@rule(
    id="mark-missing",
    area="logo",
    level="error",
    rationale="""
        Every colour scheme needs a mark for its ground. Without one a layout in that scheme has no logo, or one that cannot be
        seen.
    """,
    bad="""
        palette: {colors: {day: {value: "#FFFFFF"}, night: {value: "#1C304A"}}}
        logo: {marks: {main: {file: logo/main.svg, on: [light]}}}
        layout:
          schemes:
            night: {ground: night, ink: day, accent: day, on_accent: night}
    """,
    good="""
        palette: {colors: {day: {value: "#FFFFFF"}, night: {value: "#1C304A"}}}
        logo: {marks: {main: {file: logo/white.svg, on: [dark]}}}
        layout:
          schemes:
            night: {ground: night, ink: day, accent: day, on_accent: night}
    """,
)
def mark_missing(kit: Kit) -> Iterator[Found]:
    """A colour scheme has no mark for its ground."""
    for name, scheme in kit.brand.schemes.items() if kit.brand.marks else ():
        tone = ground_tone(kit.brand.hex(scheme.ground))
        if not any(tone in mark.on for mark in kit.brand.marks.values()):
            declared = name in kit.brand.document.layout.schemes
            what = f"the scheme {name!r}" if declared else "the scheme that is made from the palette"
            message = f"{what} has a {tone} ground ({scheme.ground!r}), and no mark is made for {tone} grounds"
            hint = f"add a mark with 'on: [{tone}]'{' (the reversed one)' if tone == 'dark' else ''}"
            yield Found(("logo", "marks"), message, hint, key=True, level="error" if declared else "advice")


@rule(
    id="mark-reversed",
    area="logo",
    level="advice",
    rationale="""
        Sooner or later somebody puts the mark on the brand's own dark colour. Without a reversed version they invert it
        themselves, box it in white, or leave it unreadable.
    """,
    bad="""
        palette: {colors: {chalk: {value: "#F2EBE0", role: surface}, tide: {value: "#04444E", role: primary}}}
        logo:
          marks:
            main: {file: logo/main.svg, on: [light]}
    """,
    good="""
        palette: {colors: {chalk: {value: "#F2EBE0", role: surface}, tide: {value: "#04444E", role: primary}}}
        logo:
          marks:
            main: {file: logo/main.svg, on: [light]}
            reversed: {file: logo/white.svg, on: [dark]}
    """,
)
def mark_reversed(kit: Kit) -> Iterator[Found]:
    """The palette has a dark brand colour, and no mark is made for dark grounds."""
    dark = [
        name for name, color in kit.colors.items() if color.role in ("primary", "surface") and ground_tone(kit.brand.hex(name)) == "dark"
    ]
    grounds = {ground_tone(kit.brand.hex(scheme.ground)) for scheme in kit.brand.schemes.values()}
    if (
        dark
        and "dark" not in grounds
        and not any({"dark", "photo"} & set(mark.on) for mark in kit.brand.marks.values())
        and kit.brand.marks
    ):
        yield Found(
            ("logo", "marks"), f"no mark can stand on {dark[0]!r}, which is dark", "add the reversed mark with 'on: [dark]'", key=True
        )


@rule(
    id="mark-color",
    area="logo",
    level="advice",
    rationale="""
        The logo shows the brand's colours more often than anything else. A mark in a colour that is near a swatch but not it is
        an old file or a wrong profile; one in a colour that no swatch has will be measured as foreign. Plain black and white are
        left alone.
    """,
    bad="""
        palette: {colors: {tide: {value: "#04444E"}}}
        logo:
          marks:
            main: {file: logo/red.svg}
    """,
    good="""
        palette: {colors: {tide: {value: "#04444E"}, flare: {value: "#D02030"}}}
        logo:
          marks:
            main: {file: logo/red.svg}
    """,
)
def mark_color(kit: Kit) -> Iterator[Found]:
    """A flat colour of a mark is not in the palette."""
    for name, _, drawing in kit.drawn if kit.labs else ():
        for area in drawing.areas(LARGE_AREA):
            lab = srgb_to_lab(np.array(area.rgb) / 255)
            near = min(kit.labs, key=lambda other: float(delta_e_2000(lab, kit.labs[other])))
            distance = float(delta_e_2000(lab, kit.labs[near]))
            plain = np.hypot(lab[1], lab[2]) < NEUTRAL and (lab[0] < NEUTRAL or lab[0] > 100 - NEUTRAL)
            if distance > _tolerance(kit, near) and not plain:
                hex_ = "#{:02X}{:02X}{:02X}".format(*area.rgb)
                message = f"{area.share:.0%} of {name!r} is {hex_}, and the nearest swatch, {near!r}, is ΔE00 {distance:.1f} away"
                hint = f"add {hex_} to the palette, or export the mark in the brand's colours"
                if distance < NEARBY:
                    hint = f"export the mark with {near!r} as {kit.brand.hex(near)}"
                yield Found(("logo", "marks", name, "file"), message, hint)


def _tolerance(kit: Kit, swatch: str) -> float:
    palette = kit.brand.document.palette
    return kit.colors[swatch].tolerance or (palette.tolerance if palette else 0.0)


@rule(
    id="mark-forbidden",
    area="logo",
    level="error",
    rationale="A mark that is drawn in a forbidden colour puts that colour into every asset, and the gate fails each one for its own logo.",
    bad="""
        palette: {colors: {tide: {value: "#04444E"}}, forbidden: ["#D02030"]}
        logo:
          marks:
            main: {file: logo/red.svg}
    """,
    good="""
        palette: {colors: {tide: {value: "#04444E"}}, forbidden: ["#D02030"]}
        logo:
          marks:
            main: {file: logo/main.svg}
    """,
)
def mark_forbidden(kit: Kit) -> Iterator[Found]:
    """A mark is drawn in a colour that the palette forbids."""
    palette = kit.brand.document.palette
    for index, forbidden in enumerate(palette.forbidden if palette else ()):
        lab = srgb_to_lab(np.array(parse_color(forbidden).rgb) / 255)
        for name, _, drawing in kit.drawn:
            areas = [area for area in drawing.areas(LARGE_AREA) if float(delta_e_2000(lab, srgb_to_lab(np.array(area.rgb) / 255))) < 1]
            if areas:
                message = f"{forbidden} is forbidden, and {areas[0].share:.0%} of the mark {name!r} has this colour"
                yield Found(("palette", "forbidden", index), message, "delete it here, or export the mark in another colour")


@rule(
    id="clear-space-missing",
    area="logo",
    level="advice",
    rationale="""
        Clear space keeps other things from becoming part of the mark. With 0 anything may touch it, and the gate has nothing to
        measure. A common rule is half the height of the mark.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/main.svg, clear_space: 0}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/main.svg, clear_space: 0.5}
    """,
)
def clear_space_missing(kit: Kit) -> Iterator[Found]:
    """A mark has no clear space."""
    for name, mark in kit.brand.marks.items():
        if mark.clear_space == 0:
            yield Found(
                ("logo", "marks", name, "clear_space"), f"anything may touch {name!r}", "write e.g. 0.5, half the height of the mark"
            )


@rule(
    id="mark-twin",
    area="logo",
    level="advice",
    rationale="""
        Two marks with the same drawing are one mark with two names: nobody knows which to choose, and when one file is replaced
        the other stays.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/main.svg}
            classic: {file: logo/main.svg}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/main.svg}
    """,
)
def mark_twin(kit: Kit) -> Iterator[Found]:
    """Two marks look the same."""
    for (first, _, one), (second, _, two) in combinations(list(kit.drawn), 2):
        if abs(one.ratio / two.ratio - 1) < 0.02 and _difference(one, two) < SAME:
            message = f"{second!r} looks the same as {first!r}"
            yield Found(("logo", "marks", second), message, "delete one, and join their 'on' lists", key=True)


def _difference(one: Drawing, two: Drawing) -> float:
    """Share of the canvas in [0, 1] on which two drawings of one width show something else."""
    rows = min(len(one.pixels), len(two.pixels))
    flat = [drawing.pixels[:rows].astype(np.float64) for drawing in (one, two)]
    for pixels in flat:
        pixels[..., :3] *= pixels[..., 3:] / 255
    return float((np.abs(flat[0] - flat[1]).max(-1) > LEVELS).mean())


@rule(
    id="mark-lockup",
    area="logo",
    level="advice",
    rationale="""
        Layouts choose marks by how they are built: wide places take the horizontal lockup, narrow ones the symbol. A square mark
        that is called horizontal is set far too small, and a wide one that is called a symbol far too large.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/square.svg}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/square.svg, lockup: symbol}
    """,
)
def mark_lockup(kit: Kit) -> Iterator[Found]:
    """The lockup of a mark does not fit its proportions."""
    for name, mark, drawing in kit.drawn:
        wide = mark.lockup in ("horizontal", "wordmark")
        if (wide and drawing.ratio < 1.1) or (mark.lockup == "symbol" and drawing.ratio > 2.5):
            message = f"{name!r} is {drawing.ratio:.2f} times as wide as high, which is no {mark.lockup} mark"
            hint = "write 'lockup: symbol' or 'lockup: stacked'" if wide else "write 'lockup: horizontal' or 'lockup: wordmark'"
            yield Found(("logo", "marks", name, "lockup"), message, hint)


@rule(
    id="mark-alt",
    area="logo",
    level="advice",
    rationale="""
        The words for a mark go into alternative texts, for people who do not see it, and into prompts, where the model must know
        what it should leave out. Describe what is drawn, not what it stands for.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/main.svg}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/main.svg, alt: A square cut by a diagonal line}
    """,
)
def mark_alt(kit: Kit) -> Iterator[Found]:
    """Marks have no description in words."""
    without = [name for name, mark in kit.brand.marks.items() if not mark.alt]
    if without:
        named = ", ".join(map(repr, without[:4])) + (", …" if len(without) > 4 else "")
        yield Found(("logo", "marks", without[0]), f"no words describe {named}", "add 'alt:' with what the mark shows", key=True)


@rule(
    id="mark-wide",
    area="logo",
    level="error",
    rationale="""
        A mark may not be smaller than its smallest width. When a placement of the kit's own campaigns is narrower than every
        mark, the layout cannot be made at all. Add a symbol for narrow places, or leave the placement out.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/main.svg, min_width: 1200px}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/main.svg, min_width: 96px}
    """,
)
def mark_wide(kit: Kit) -> Iterator[Found]:
    """No mark fits into a placement that a campaign of the kit uses."""
    widths = {name: float(mark.min_width.removesuffix("px")) for name, mark in kit.brand.marks.items()}
    narrowest = min(widths, key=lambda name: widths[name], default=None)
    margin = kit.brand.document.layout.margin
    for campaign in kit.campaigns if narrowest else ():
        for pattern in (("formats", "*"), ("formats", "*", "name")):
            for loc, name in select(campaign.tree, pattern):
                width, height = kit.surroundings.formats.get(name, (0, 0)) if isinstance(name, str) else (0, 0)
                room = width - 2 * margin * min(width, height)
                if width and narrowest and widths[narrowest] > room:
                    needs = f"the narrowest mark, {narrowest!r}, needs {widths[narrowest]:g} px"
                    message = f"{name} has {room:.0f} px between its margins, and {needs}"
                    yield Found(loc, message, "add a symbol with a smaller min_width, or leave this format out", source=campaign)
