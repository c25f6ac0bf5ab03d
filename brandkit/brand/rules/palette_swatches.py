"""Rules on single swatches: their values, their neighbours and their roles."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from brandkit.brand.edit import Replace
from brandkit.brand.kit import Kit
from brandkit.brand.registry import Found, rule
from brandkit.color.difference import delta_e_2000
from brandkit.color.parse import parse_color
from brandkit.color.spaces import srgb_to_lab

TWINS = 3.0  # ΔE00 under which two swatches cannot be told apart by the gate's default tolerance
NEEDED = {"surface": "grounds", "ink": "text"}  # roles without which a layout has to guess, and what for


@rule(
    id="swatch-twin",
    area="palette",
    level="advice",
    rationale="""
        A difference of ΔE00 3 is what a printer may stray and what few people see. Two swatches closer than that are one colour
        with two names: the gate cannot tell which one a picture shows, and shares are counted for the wrong one.
    """,
    bad="""
        palette:
          colors:
            ink: {value: "#1C304A"}
            navy: {value: "#1D314B"}
    """,
    good="""
        palette:
          colors:
            ink: {value: "#1C304A"}
            sky: {value: "#A7BBF9"}
    """,
)
def swatch_twin(kit: Kit) -> Iterator[Found]:
    """Two swatches are so alike that the gate cannot tell them apart."""
    for first, second in combinations(kit.labs, 2):
        distance = float(delta_e_2000(kit.labs[first], kit.labs[second]))
        if distance < TWINS:
            message = f"{second!r} is only ΔE00 {distance:.1f} from {first!r}, so the gate cannot tell them apart"
            yield Found(("palette", "colors", second), message, "move them apart, or delete one", key=True)


@rule(
    id="tolerance-wide",
    area="palette",
    level="advice",
    rationale="""
        A tolerance says how far a colour may stray and still be itself. When it reaches the next swatch, that swatch passes as
        this one, and a wrong colour is called right.
    """,
    bad="""
        palette:
          colors:
            tide: {value: "#04444E", tolerance: 12}
            slate: {value: "#1A4A58"}
    """,
    good="""
        palette:
          colors:
            tide: {value: "#04444E", tolerance: 3}
            slate: {value: "#1A4A58"}
    """,
)
def tolerance_wide(kit: Kit) -> Iterator[Found]:
    """The tolerance of a swatch reaches another swatch."""
    palette = kit.brand.document.palette
    for name, color in kit.colors.items():
        tolerance = color.tolerance or (palette.tolerance if palette else 0)
        near = {other: float(delta_e_2000(kit.labs[name], kit.labs[other])) for other in kit.labs if other != name}
        reached = min(near, key=lambda other: near[other], default=None)
        if reached and TWINS <= near[reached] < tolerance:
            own = color.tolerance is not None
            loc = ("palette", "colors", name, "tolerance") if own else ("palette", "tolerance")
            message = f"{name!r} may stray by ΔE00 {tolerance:g}, and {reached!r} is only {near[reached]:.1f} away"
            yield Found(loc, message, f"set the tolerance of {name!r} below {near[reached]:.1f}")


@rule(
    id="swatch-gamut",
    area="palette",
    level="advice",
    rationale="""
        Assets are sRGB, as most screens and all image models are. A colour outside sRGB is shown as the nearest one inside, so
        the file says one thing and every asset another. Write down the colour that people will see.
    """,
    bad="""
        palette:
          colors:
            signal: {value: "color(display-p3 0 1 0)"}
    """,
    good="""
        palette:
          colors:
            signal: {value: "#00F900"}
    """,
    fix="writes the sRGB colour that assets show already",
)
def swatch_gamut(kit: Kit) -> Iterator[Found]:
    """A colour lies outside sRGB and is shown as another."""
    for name, color in kit.brand.colors.items():
        loc = ("palette", "colors", name, "value")
        if not color.in_srgb and color.alpha == 1:
            message = f"{name!r} lies outside sRGB; assets will show {color.hex}"
            yield Found(loc, message, f"write '{color.hex}' if that is what you mean", fix=(Replace(loc, f'"{color.hex}"'),))


@rule(
    id="swatch-transparent",
    area="palette",
    level="error",
    rationale="""
        A swatch is what a flat area looks like. A transparent colour looks different on every ground, so nothing can be measured
        against it. Write the colour as it looks where it is used.
    """,
    bad="""
        palette:
          colors:
            veil: {value: "#04444E80"}
    """,
    good="""
        palette:
          colors:
            veil: {value: "#7B9897"}
    """,
)
def swatch_transparent(kit: Kit) -> Iterator[Found]:
    """A swatch is transparent."""
    for name, color in kit.brand.colors.items():
        if color.alpha < 1:
            message = f"{name!r} is {color.alpha:.0%} opaque; swatches are flat colours"
            hint = f"write the colour as it looks on its ground, e.g. '{color.hex}'"
            yield Found(("palette", "colors", name, "value"), message, hint)


@rule(
    id="forbidden-swatch",
    area="palette",
    level="error",
    rationale="""
        A colour that is forbidden and in the palette cannot be used and must be used. The gate would fail every asset that shows
        it, and the prompt would ask for it and against it in one breath.
    """,
    bad="""
        palette:
          colors:
            coal: {value: "#010101", role: ink}
          forbidden: ["#000000"]
    """,
    good="""
        palette:
          colors:
            coal: {value: "#20262B", role: ink}
          forbidden: ["#000000"]
    """,
)
def forbidden_swatch(kit: Kit) -> Iterator[Found]:
    """A forbidden colour is, within its tolerance, a swatch."""
    palette = kit.brand.document.palette
    for index, forbidden in enumerate(palette.forbidden if palette else ()):
        lab = srgb_to_lab(np.array(parse_color(forbidden).rgb) / 255)
        for name, color in kit.colors.items():
            distance = float(delta_e_2000(lab, kit.labs[name]))
            if distance <= (color.tolerance or (palette.tolerance if palette else 0)):
                message = f"{forbidden} is forbidden, and the swatch {name!r} ({kit.brand.hex(name)}) is only ΔE00 {distance:.1f} from it"
                yield Found(("palette", "forbidden", index), message, f"delete it here, or take {name!r} out of the palette")


@rule(
    id="role-missing",
    area="palette",
    level="advice",
    rationale="""
        Layouts ask for a surface to put things on and an ink to write with. Where neither a scheme nor a role names them,
        brandkit guesses by contrast, and a guess changes when the palette does.
    """,
    bad="""
        palette:
          colors:
            chalk: {value: "#F2EBE0"}
            tide: {value: "#04444E"}
    """,
    good="""
        palette:
          colors:
            chalk: {value: "#F2EBE0", role: surface}
            tide: {value: "#04444E", role: ink}
    """,
)
def role_missing(kit: Kit) -> Iterator[Found]:
    """No swatch has the role that layouts need, and no scheme names one."""
    palette = kit.brand.document.palette
    if palette is None or kit.brand.document.layout.schemes:
        return
    roles = {color.role for color in palette.colors.values()}
    missing = [role for role in NEEDED if role not in roles and not (role == "ink" and palette.pairs)]
    if missing:
        guessed = " and ".join(NEEDED[role] for role in missing)
        message = f"no colour has the role {' or '.join(map(repr, missing))}, so layouts guess what to take for {guessed}"
        yield Found(("palette", "colors"), message, "give the colours their roles, or declare 'layout.schemes'", key=True)
