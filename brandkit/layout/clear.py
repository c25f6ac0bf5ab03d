"""Take a finished page off its ground, so that it stands on whatever is behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from brandkit.image.region import Box
from brandkit.layout.boxes import Layout
from brandkit.layout.scrim import Plane, shape

if TYPE_CHECKING:
    from PIL.Image import Image


def without_ground(page: Image, overlay: Image, layout: Layout, cover: Image | None, *, shown: bool) -> Image:
    """The page as RGBA: put on the layout's ground it is `page` again, to a level of 8 bits.

    Args:
        page: Finished, RGB.
        overlay: Its type, mark and panels, RGBA.
        layout: With the strengths of its scrims.
        cover: Where the picture covers the ground, `L`, in the shape of the picture's box; everywhere in it when None.
        shown: Whether there is a picture.
    """
    from PIL import Image as images

    opacity = _opacity(overlay, layout, cover, shown=shown)
    ground = np.array([int(layout.ground[i : i + 2], 16) for i in (1, 3, 5)], np.float64)
    alpha = np.rint(255 * opacity)[..., None] / 255
    pixels = np.asarray(page, np.float64)
    colour = np.where(alpha > 0, ground + (pixels - ground) / np.maximum(alpha, 1 / 255), ground)  # nothing hides where nothing is seen
    rgba = np.dstack([np.clip(np.rint(colour), 0, 255), 255 * alpha])
    return images.fromarray(np.rint(rgba).astype(np.uint8))


def _opacity(overlay: Image, layout: Layout, cover: Image | None, *, shown: bool) -> Plane:
    """Picture, scrims, the panel that replaced one, and overlay, one over the other: shape (H, W), in [0, 1]."""
    opacity: Plane = np.zeros((layout.format.height, layout.format.width))
    if shown and layout.picture is not None:
        opacity[_pixels(layout.picture, opacity)] = _covered(layout.picture, cover, opacity)
        for scrim in layout.scrims:
            opacity += (1 - opacity) * shape(scrim, layout) * scrim.strength
    for name, box, _ in layout.panels:
        if name == "fallback":  # painted on the page; all others are part of the overlay
            opacity[_pixels(box, opacity)] = 1
    over: Plane = np.asarray(overlay.getchannel("A"), np.float64) / 255
    return over + (1 - over) * opacity


def _pixels(box: Box, plane: Plane) -> tuple[slice, slice]:
    return slice(max(0, round(box.y)), min(plane.shape[0], round(box.bottom))), slice(
        max(0, round(box.x)), min(plane.shape[1], round(box.right))
    )


def _covered(box: Box, cover: Image | None, plane: Plane) -> Plane | float:
    if cover is None:
        return 1.0
    from PIL import Image as images

    rows, columns = _pixels(box, plane)
    left, top = round(box.x), round(box.y)
    whole = cover.resize((max(1, round(box.right) - left), max(1, round(box.bottom) - top)), images.Resampling.LANCZOS)
    part: Plane = np.asarray(whole, np.float64)[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    return part / 255
