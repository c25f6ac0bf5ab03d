"""Ink and ground of set text, read from pixels, and the contrast between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from brandkit.color.contrast import apca_contrast, luminance_contrast, relative_luminance, wcag_contrast
from brandkit.image.region import Box
from brandkit.metric.median import channel_medians

Pixels = NDArray[np.uint8]
Color = tuple[float, float, float]

INK_SHARE = 0.03  # of the box: the pixels farthest from its median are full-weight strokes, not their soft rims
INK_NEAR = 60.0  # Euclidean distance in 8-bit RGB within which pixels count as a declared ink at all
RIM = 2  # pixels around the ink that are neither ink nor ground
MIN_GROUND = 12  # pixels; fewer say nothing about a cell's ground
MARGIN = 0.3  # of the text's size, around its box: between the letters of small type there is no pixel of pure ground
CELL = 1.5  # cell width in heights of the text: about two letters, the smallest part that must be legible by itself
FINE = 24  # px of type for each step in which its pixels are looked at; larger type has strokes of several steps
SOLID = 24.0  # px of type from which some pixels are all stroke; below, even the darkest are mixed with the ground
MOST_MIXED = 0.5  # of the way to the ground: how far the strokes of the smallest type seem to fade
FAINT = 90.0  # Euclidean distance in 8-bit RGB; small coloured type loses its colour, not its lightness, where files halve that resolution
FADED = 0.06  # of that way at any size: coding and rounding


@dataclass(frozen=True)
class TextReading:
    """What a box of text shows: its ink, the ground where it is hardest to read, and that place.

    Colours are sRGB in 0..255; `ratio` is WCAG 2.2 in [1, 21], `lc` APCA in about [-108, 106].
    """

    ink: Color
    ground: Color
    ratio: float
    lc: float
    region: Box


def read_text(rgb: Pixels, box: Box, *, ink: Color | None = None, size: float | None = None) -> TextReading:
    """Measure the contrast of text on real pixels.

    Args:
        rgb: Picture, shape (H, W, 3), sRGB, 0..255.
        box: Box of the text's ink in the picture.
        ink: Colour that the text was set in, 0..255; None reads it from the pixels farthest from the median.
        size: Font size in pixels, for the size of the parts that are judged by themselves; the box's height when not given.

    Returns:
        The reading at the worst part of the box. Higher contrast is better.

    Raises:
        ValueError: The box lies outside the picture.
    """
    height, width = rgb.shape[:2]
    rows, columns = box.pixels(width, height)
    part = rgb[rows, columns]
    if not part.size:
        raise ValueError(f"{box!r} lies outside the {width}×{height} picture")
    em = size or part.shape[0]
    step = max(1, int(em / FINE))
    found = _ink(part[::step, ::step].astype(np.float32), ink)
    rows, columns = box.grown(max(RIM + 1, MARGIN * em)).pixels(width, height)
    pixels = np.ascontiguousarray(rgb[rows, columns][::step, ::step])
    around, median = pixels.astype(np.float32), channel_medians(pixels).lower.astype(np.float32)
    strokes = _strokes(around, found, median)
    cells = _cells(pixels, strokes, max(8, round(CELL * em / step)))
    luminance = relative_luminance(found)
    ratios = [luminance_contrast(luminance, relative_luminance(ground)) for ground, _, _ in cells]
    worst, x, w = cells[ratios.index(min(ratios))] if cells else (_color(median), 0, around.shape[1])
    found = _whole(found, ink, worst, em)
    return TextReading(
        ink=found,
        ground=worst,
        ratio=wcag_contrast(found, worst),
        lc=apca_contrast(found, worst),
        region=Box(columns.start + x * step, rows.start, w * step, around.shape[0] * step),
    )


def _whole(found: Color, declared: Color | None, ground: Color, size: float) -> Color:
    """The declared ink, where what was found is that ink as thin strokes show it: mixed with their ground. WCAG judges the ink itself."""
    if declared is None:
        return found
    along = np.subtract(ground, declared)
    mixed = float(np.dot(np.subtract(found, declared), along) / max(1.0, float(np.dot(along, along))))
    aside = float(np.linalg.norm(np.subtract(found, declared) - mixed * along))
    return declared if aside < FAINT and mixed <= FADED + MOST_MIXED * max(0.0, 1 - size / SOLID) else found


def _ink(part: NDArray[np.float32], declared: Color | None) -> Color:
    pixels = part.reshape(-1, 3)
    count = max(1, round(INK_SHARE * len(pixels)))
    if declared is not None:
        distance = _distance(pixels, declared)
        nearest = np.argpartition(distance, count - 1)[:count]
        if distance[nearest].mean() < INK_NEAR:
            return _color(pixels[nearest].mean(axis=0))
    distance = _distance(pixels, _median(pixels))
    return _color(pixels[np.argpartition(-distance, count - 1)[:count]].mean(axis=0))


def _strokes(part: NDArray[np.float32], ink: Color, median: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Strokes with their soft rims: what is nearer to the ink than to the ground, grown by the width of the rim."""
    import cv2

    reach = max(4.0, 0.5 * float(np.linalg.norm(median - np.array(ink))))
    near = (_distance(part, ink) < reach).astype(np.uint8)
    return np.asarray(cv2.dilate(near, np.ones((2 * RIM + 1, 2 * RIM + 1), np.uint8)) > 0)


def _cells(part: Pixels, strokes: NDArray[np.bool_], width: int) -> list[tuple[Color, int, int]]:
    """Median ground of every cell that holds text, with the cell's left edge and width."""
    import cv2

    lefts = np.arange(0, part.shape[1], width)
    kind = np.uint8 if len(lefts) <= 256 else np.uint16
    cell = np.tile((np.arange(part.shape[1]) // width).astype(kind), (len(part), 1))
    images: list[NDArray[np.integer[Any]]] = [cell, part.astype(kind, copy=False)]
    ground, sizes = (~strokes).view(np.uint8), [len(lefts), 256]
    counts = [cv2.calcHist(images, [0, channel], ground, sizes, [0, sizes[0], 0, 256]) for channel in (1, 2, 3)]
    below = np.cumsum(counts, axis=2, dtype=np.float64)
    free, widths = below[0, :, -1], np.minimum(width, part.shape[1] - lefts)
    medians = (below <= ((free - 1) // 2)[:, None]).sum(axis=2).T  # the lower one of two
    held = np.flatnonzero((free < widths * part.shape[0]) & (free >= MIN_GROUND)).tolist()
    return [(_color(medians[index]), int(lefts[index]), int(widths[index])) for index in held]


def _distance(pixels: NDArray[np.float32], color: ArrayLike) -> NDArray[np.float32]:
    """Euclidean distance of every pixel from a colour."""
    red, green, blue = np.asarray(color, np.float32)
    return np.asarray(np.sqrt((pixels[..., 0] - red) ** 2 + (pixels[..., 1] - green) ** 2 + (pixels[..., 2] - blue) ** 2))


def _median(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Median of each channel of pixels of shape (N, 3); the lower one of two."""
    middle = (len(pixels) - 1) // 2
    return np.asarray(np.partition(pixels, middle, axis=0)[middle], np.float32)


def _color(values: NDArray[np.float32]) -> Color:
    red, green, blue = (min(255.0, max(0.0, float(value))) for value in values)
    return red, green, blue
