"""A logo drawn into a page at fractions of a pixel: what composing puts there and what checks expect to see are the same pixels."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.image.vector import render_mark

SUPERSAMPLING = 4  # drawn pixels for each pixel of the page and side
MOST_DRAWN = 6_000_000  # px of one drawing
MARGIN = 10  # px of nothing around the mark
CACHED = 12  # drawings kept; the languages of one campaign share a place in each format

_drawn: OrderedDict[tuple[int, tuple[float, ...]], tuple[NDArray[np.uint8], PlacedDrawing]] = OrderedDict()


@dataclass(frozen=True, eq=False)
class PlacedDrawing:
    """The pixels of a page in which a mark stands, without anything else."""

    rgba: NDArray[np.uint8]
    """Straight RGBA, shape (h, w, 4), uint8, sRGB; read-only."""
    left: int
    """Column of the page in which `rgba` begins; negative where the margin reaches beyond the page."""
    top: int

    @property
    def box(self) -> Box:
        """The pixels of the page that it covers, margin included."""
        return Box(self.left, self.top, self.rgba.shape[1], self.rgba.shape[0])


def place_mark(path: Path, box: Box) -> PlacedDrawing:
    """Draw the mark in `path` filling `box` of a page exactly, averaged down from a larger drawing.

    Typst alone draws a small SVG on whole pixels, which stretches a 30 px mark by up to 3 %.

    Args:
        path: The mark's file, SVG or PNG.
        box: Where it stands, in pixels of the page; its sides may lie between them.

    Returns:
        The drawing with `MARGIN` pixels of nothing around it, cached by the rendering and the place.

    Raises:
        PictureError: The mark cannot be drawn.
        ValueError: The box is empty.
    """
    if box.w <= 0 or box.h <= 0:
        raise ValueError(f"a mark needs a box with an area, got {box!r}")
    left, top = math.floor(box.x) - MARGIN, math.floor(box.y) - MARGIN
    width, height = math.ceil(box.right) + MARGIN - left, math.ceil(box.bottom) + MARGIN - top
    scale = max(1, min(SUPERSAMPLING, math.floor(math.sqrt(MOST_DRAWN / (width * height)))))
    size = max(1, round(scale * box.w)), max(1, round(scale * box.h))
    pixels = render_mark(path, *size)
    key = (id(pixels), (box.x, box.y, box.w, box.h))  # the cache keeps `pixels`, so that its id stays its own
    if key in _drawn:
        _drawn.move_to_end(key)
        return _drawn[key][1]
    frame = Box(left, top, width, height)
    _drawn[key] = (pixels, PlacedDrawing(_averaged(pixels, box, frame, scale), left, top))
    while len(_drawn) > CACHED:
        _drawn.popitem(last=False)
    return _drawn[key][1]


def _averaged(pixels: NDArray[np.uint8], box: Box, frame: Box, scale: int) -> NDArray[np.uint8]:
    """A drawing `scale` times as large as `box`, at its place in `frame` (whole pixels), as straight RGBA."""
    import cv2

    drawn = pixels.astype(np.float32) / 255
    drawn[..., :3] *= drawn[..., 3:]
    height, width = round(frame.h), round(frame.w)
    across, down = scale * box.w / pixels.shape[1], scale * box.h / pixels.shape[0]
    # OpenCV counts from pixel centres.
    x, y = scale * (box.x - frame.x) + 0.5 * across - 0.5, scale * (box.y - frame.y) + 0.5 * down - 0.5
    place = np.array([[across, 0, x], [0, down, y]])
    large = cv2.warpAffine(drawn, place, (scale * width, scale * height), flags=cv2.INTER_LINEAR)
    layer = np.asarray(cv2.resize(large, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    alpha = layer[..., 3:]
    straight = np.where(alpha > 0, layer[..., :3] / np.maximum(alpha, 1e-6), 0)
    rgba: NDArray[np.uint8] = np.rint(np.clip(np.concatenate([straight, alpha], axis=-1), 0, 1) * 255).astype(np.uint8)
    rgba.setflags(write=False)
    return rgba
