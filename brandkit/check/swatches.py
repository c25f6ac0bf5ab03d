"""A brand's swatches as the palette checks use them: values, and how far each may stray."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.calibration import CALIBRATED
from brandkit.brand.resolve import Brand
from brandkit.color.parse import parse_color
from brandkit.color.spaces import srgb_to_lab, srgb_to_oklab
from brandkit.metric.palette import FlatColors, FlatMode
from brandkit.metric.panel import Panel, find_panel
from brandkit.results import Limit

Floats = NDArray[np.float64]

FILL_PEAK = 0.8  # a fill stands alone in colour space; photographs, shading and gradients do not
EVEN = 2.2  # 8-bit levels by which a fill deviates with grain and JPEG noise; lit walls and papers deviate more
BUTTON = 0.3  # % of area from which a small panel counts by itself: a button is where a brand's accent is looked for
BUTTON_PANEL, BUTTON_PEAK, BUTTON_UNIFORM = 0.88, 0.75, 0.1  # how a button differs from a detail
SMOOTH = 0.8  # of pixels with even neighbours, from which deviation is shading


@dataclass(frozen=True)
class SwatchTable:
    """The palette as arrays: `rgb` (0..1), `lab` and `oklab` have shape (N, 3), in the order of `names`."""

    names: tuple[str, ...]
    hexes: tuple[str, ...]
    rgb: Floats
    lab: Floats
    oklab: Floats


def swatch_table(brand: Brand) -> SwatchTable:
    """The brand's palette as arrays; empty ones without a palette."""
    names = tuple(brand.colors)
    rgb = np.array([brand.color(name).rgb for name in names], dtype=np.float64).reshape(-1, 3) / 255
    hexes = tuple(brand.hex(name) for name in names)
    return SwatchTable(names, hexes, rgb, srgb_to_lab(rgb), srgb_to_oklab(rgb))


def lab_of(color: str) -> Floats:
    """CIELAB of a CSS colour, shape (3,)."""
    return srgb_to_lab(np.array(parse_color(color).rgb) / 255)


def swatch_limit(brand: Brand, name: str | None, limit: Limit) -> Limit:
    """The limit for one swatch: its own tolerance, else what `gate.limits` says, else the palette's tolerance, else the calibration.

    A tolerance is where passing ends; failing begins at the same multiple of it as in `limit`.
    """
    palette = brand.document.palette
    if palette is None:
        return limit
    own = palette.colors[name].tolerance if name in palette.colors else None
    if own is not None:
        return _scaled(limit, own, brand.where("palette", "colors", str(name), "tolerance"))
    if "palette-drift" in brand.document.gate.limits:
        return limit
    written = ("palette", "tolerance") in brand.positions
    if not written and limit.source.startswith(CALIBRATED):
        return limit
    return _scaled(limit, palette.tolerance, brand.where("palette", "tolerance") if written else limit.source)


def _scaled(limit: Limit, review_at: float, source: str) -> Limit:
    factor = limit.fail_at / limit.review_at if limit.review_at else 1.0
    return limit.model_copy(update={"review_at": review_at, "fail_at": review_at * factor, "source": source})


def is_fill(mode: FlatMode, uniform: float) -> bool:
    """Whether a flat colour is a drawn fill: one colour, alone in colour space, and even in at least `uniform` of its pixels."""
    return mode.peak >= FILL_PEAK and mode.deviation <= EVEN and mode.uniform >= uniform


def is_button(flat: FlatColors, mode: FlatMode) -> bool:
    """Whether a flat colour is a panel, however small, with or without letters on it."""
    alone = mode.peak >= BUTTON_PEAK and mode.uniform >= BUTTON_UNIFORM
    shaded = mode.deviation > EVEN and mode.uniform >= SMOOTH  # not by letters on it, which leave little even ground
    return alone and not shaded and 100 * mode.share >= BUTTON and flat.solidity(mode) >= BUTTON_PANEL


def button_of(flat: FlatColors, mode: FlatMode, *, outlined: bool = True) -> Panel | None:
    """The panel that a flat colour is, however small, with or without letters on it; None where it is none.

    `outlined` looks for its outline where coding scattered its colour, which takes longer.
    """
    if is_button(flat, mode):
        return Panel(flat.region(mode), mode.rgb, mode.share)
    panel = find_panel(flat, mode) if outlined else None
    return panel if panel and 100 * panel.share >= BUTTON else None
