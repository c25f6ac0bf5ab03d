"""Lint of the logo: marks that load, stand out on the grounds they are made for, and exist for every ground in use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brandkit.brand.finding import Level, LintFinding
from brandkit.brand.resolve import Brand
from brandkit.brand.source import Source
from brandkit.color.contrast import wcag_contrast
from brandkit.errors import PictureError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GRAPHIC_CONTRAST = 3.0  # WCAG 2.2, 1.4.11: graphical objects; logos are exempt there, so missing it is a warning
INVISIBLE = 1.5  # contrast under which a mark cannot be seen at a glance: an error
STRONG_PART = 0.25  # of the mark's ink that must stand out; the rest may be a plate, a tint or a second colour
PROBE = 240  # px wide that a mark is drawn to see its colours
MANY_COLORS = 2000  # a mark with more is a picture; its colours are put into bins of 8 levels before they are compared
SHARP = 2.0  # pixels of a PNG for each pixel of its smallest use, so that it stays sharp on dense screens


def lint_logo(brand: Brand, source: Source) -> Iterator[LintFinding]:
    """All findings on the brand's marks."""
    for name, mark in brand.marks.items():
        loc = ("logo", "marks", name)
        path = brand.mark_path(name)
        try:
            colors, weights = _inks(path)
        except PictureError as error:
            fault = source.fault((*loc, "file"), error.message, error.hint or "draw it as plain SVG, or as PNG with transparency")
            yield LintFinding("mark-unreadable", "error", fault)
            continue
        for tone in mark.on:
            for surface in (surface for surface in _surfaces(brand) if tone == tone_of(brand.hex(surface))):
                ratio = _standing_out(colors, weights, brand.hex(surface))
                if ratio < GRAPHIC_CONTRAST:
                    message = (
                        f"{name!r} is made for {tone} grounds, but has a contrast of only {int(ratio * 100) / 100:.2f}:1 on {surface!r}"
                    )
                    hint = f"give it a {'darker' if tone == 'light' else 'lighter'} drawing, or take {tone!r} out of 'on'"
                    level: Level = "error" if ratio < INVISIBLE else "warning"
                    yield LintFinding("mark-ground", level, source.fault((*loc, "on"), message, hint))
        yield from _sharpness(brand, source, name, path)
    yield from _missing(brand, source)


def tone_of(color: str) -> str:
    """`light` when black stands out more on `color` than white does, else `dark`."""
    return "light" if wcag_contrast(color, "#000000") >= wcag_contrast(color, "#FFFFFF") else "dark"


def _surfaces(brand: Brand) -> list[str]:
    """Names of the colours that marks are set on: grounds of declared schemes, and surfaces by role."""
    palette = brand.document.palette
    roles = [name for name, color in palette.colors.items() if color.role == "surface"] if palette else []
    return list(dict.fromkeys([*(scheme.ground for scheme in brand.document.layout.schemes.values()), *roles]))


def _inks(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The colours of a mark's opaque pixels, shape (N, 3), and how many pixels each has, shape (N,)."""
    import numpy as np

    from brandkit.image.vector import mark_size, render_mark

    size = mark_size(path)
    if not size.width > 0 or not size.height > 0:
        raise PictureError(f"{path.name} has no size", hint="give the SVG a viewBox")
    pixels = render_mark(path, PROBE).reshape(-1, 4)
    solid = pixels[pixels[:, 3] >= 200][:, :3]
    if not len(solid):
        raise PictureError(f"{path.name} shows nothing", hint="draw something that is not transparent")
    colors, weights = np.unique(solid, axis=0, return_counts=True)
    if len(colors) > MANY_COLORS:
        colors, weights = np.unique(solid // 8 * 8 + 4, axis=0, return_counts=True)
    return colors, weights


def _standing_out(colors: Any, weights: Any, ground: str) -> float:
    """The contrast on `ground` that at least `STRONG_PART` of the ink reaches."""
    ratios = sorted(
        ((wcag_contrast([int(value) for value in color], ground), int(weight)) for color, weight in zip(colors, weights, strict=True)),
        reverse=True,
    )
    needed = STRONG_PART * sum(weight for _, weight in ratios)
    for ratio, weight in ratios:
        needed -= weight
        if needed <= 0:
            return ratio
    return 1.0


def _sharpness(brand: Brand, source: Source, name: str, path: Path) -> Iterator[LintFinding]:
    from brandkit.image.vector import mark_size

    least = float(brand.marks[name].min_width.removesuffix("px"))
    width = mark_size(path).width
    if path.suffix.lower() == ".png" and width < SHARP * least:
        message = f"{path.name} is {width:g} px wide, too few for a smallest use of {least:g} px on dense screens"
        hint = f"use an SVG, or a PNG at least {SHARP * least:g} px wide"
        yield LintFinding("mark-blurred", "warning", source.fault(("logo", "marks", name, "file"), message, hint))


def _missing(brand: Brand, source: Source) -> Iterator[LintFinding]:
    """Every scheme has a mark for its ground."""
    if not brand.marks:
        return
    for name, scheme in brand.schemes.items():
        tone = tone_of(brand.hex(scheme.ground))
        if not any(tone in mark.on for mark in brand.marks.values()):
            message = f"the scheme {name!r} has a {tone} ground ({scheme.ground!r}), and no mark is made for {tone} grounds"
            hint = f"add a mark with 'on: [{tone}]'{' (the reversed one)' if tone == 'dark' else ''}"
            yield LintFinding("mark-missing", "error", source.fault(("logo", "marks"), message, hint, key=True))
