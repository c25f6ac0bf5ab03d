"""Put the mark into raster files exactly: Typst draws a small SVG on whole pixels, which stretches a 30 px mark by up to 3 %."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from brandkit.brand.resolve import Brand
from brandkit.image.vector import render_mark
from brandkit.layout.boxes import PlacedMark

if TYPE_CHECKING:
    from PIL.Image import Image

SUPERSAMPLING = 4  # drawn pixels for each pixel of the page and side
MOST_DRAWN = 6_000_000  # px of one drawing


def blank_marks(marks: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
    """Empty files in the proportions of the given marks, by the names that templates use: the page without its mark."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w:.3f} 100" width="{w:.3f}" height="100"></svg>'
    return {str(mark["file"]): svg.format(w=100 * float(mark["aspect"])).encode() for mark in marks}


def stamp_mark(overlay: Image, brand: Brand, placed: PlacedMark) -> Image:
    """`overlay` (RGBA) with the mark in exactly its box, at fractions of a pixel, averaged down from a larger drawing.

    Raises:
        PictureError: The mark cannot be drawn.
    """
    import cv2
    from PIL import Image as images

    box = placed.box
    rows, columns = box.grown(1).pixels(overlay.width, overlay.height)
    width, height = columns.stop - columns.start, rows.stop - rows.start
    if width < 1 or height < 1:
        return overlay
    scale = max(1, min(SUPERSAMPLING, math.floor(math.sqrt(MOST_DRAWN / max(1.0, width * height)))))
    size = max(1, round(scale * box.w)), max(1, round(scale * box.h))
    drawn = render_mark(brand.mark_path(placed.name), *size).astype(np.float32) / 255
    drawn[..., :3] *= drawn[..., 3:]
    across, down = scale * box.w / size[0], scale * box.h / size[1]
    left, top = scale * (box.x - columns.start), scale * (box.y - rows.start)
    # OpenCV counts from pixel centres.
    place = np.array([[across, 0, left + 0.5 * across - 0.5], [0, down, top + 0.5 * down - 0.5]])
    large = cv2.warpAffine(drawn, place, (scale * width, scale * height), flags=cv2.INTER_LINEAR)
    layer = np.asarray(cv2.resize(large, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    alpha = layer[..., 3:]
    straight = np.where(alpha > 0, layer[..., :3] / np.maximum(alpha, 1e-6), 0)
    pixels = np.rint(np.clip(np.concatenate([straight, alpha], axis=-1), 0, 1) * 255).astype(np.uint8)
    whole = overlay.copy()
    whole.alpha_composite(images.fromarray(pixels), (columns.start, rows.start))
    return whole
