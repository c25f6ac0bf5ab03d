"""Rules on the colours of marks: the grounds that they stand on, and the palette that they come from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from brandkit.brand.kit import Kit
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
