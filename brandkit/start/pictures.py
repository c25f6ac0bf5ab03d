"""Pictures: their flat colours measured, and the display palette of photographs as a hint."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from brandkit.color.difference import delta_e_2000
from brandkit.image.apart import load_material
from brandkit.metric.palette import flat_colors
from brandkit.start.sightings import SAME, Sighting, lab_of

LEAST = 0.01  # of the area; smaller flat areas are details
GROUPS = 5  # colours of a display palette
QUALITY = 3  # every third pixel of the reduced picture
SIDE = 320  # px of the longer side that a display palette is made from
PAPER = 245  # from which in all channels a pixel is paper: colorthief ignores those from 250, and fails where nothing is left


def look_at_picture(path: Path) -> list[Sighting]:
    """The colours of a picture: flat modes, then the display palette of what is not flat.

    Raises:
        PictureError: It cannot be read.
    """
    rgb = load_material(path, ground="#FFFFFF").rgb
    flat = flat_colors(rgb)
    seen = [Sighting(mode.hex, mode.share, "flat", path.name, False) for mode in flat.modes if mode.share >= LEAST and not mode.skin]
    return [*seen, *(Sighting(digits, 0.0, "display", path.name, False) for digits in display_palette(rgb))]


def display_palette(rgb: NDArray[np.uint8], count: int = GROUPS) -> list[str]:
    """A few colours that a picture looks like at a glance, for people: no shares, no exact values.

    Guarded against what colorthief is known for: it raises on white, black-and-white and transparent pictures, gives a channel of
    256, and near-copies of one colour. Paper is left out here, so that a coloured detail does not stand for the whole.

    Args:
        rgb: Picture, shape (H, W, 3), sRGB, 0..255.
        count: How many colours at most.

    Returns:
        `#RRGGBB`, no two within ΔE00 3 of each other; empty for a picture of paper alone.
    """
    from PIL import Image

    small = Image.fromarray(rgb)
    small.thumbnail((SIDE, SIDE))
    pixels = np.asarray(small)
    inked = pixels[~(pixels >= PAPER).all(axis=-1)]
    if len(inked) < 0.02 * pixels.shape[0] * pixels.shape[1]:
        return []
    return _distinct(_thief(inked, count))


def _thief(inked: NDArray[np.uint8], count: int) -> list[tuple[int, int, int]]:
    import colorthief
    from PIL import Image

    if len(np.unique(inked // 4, axis=0)) < count:
        colors, counts = np.unique(inked, axis=0, return_counts=True)
        order = np.argsort(-counts)[:count]
        return [(int(red), int(green), int(blue)) for red, green, blue in colors[order]]
    stream = io.BytesIO()
    Image.fromarray(inked[None, :, :]).save(stream, "PNG")
    try:
        thief: Any = colorthief
        found = thief.ColorThief(stream).get_palette(color_count=max(count, 2), quality=QUALITY)
    except Exception:  # colorthief raises plain Exception where its histogram is empty
        return []
    return [tuple(min(255, max(0, int(channel))) for channel in color) for color in found]  # type: ignore[misc]


def _distinct(colors: list[tuple[int, int, int]]) -> list[str]:
    kept: list[str] = []
    for color in colors:
        digits = "#{:02X}{:02X}{:02X}".format(*color)
        if all(float(delta_e_2000(lab_of(known), lab_of(digits))) >= SAME for known in kept):
            kept.append(digits)
    return kept
