"""The part of a picture that a page shows in a box."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from brandkit.color.parse import parse_color
from brandkit.image.region import Box


def shown_part(picture: NDArray[np.uint8], crop: Box | None, place: Box, box: Box, ground: str) -> NDArray[np.uint8] | None:
    """What a page shows of `picture` in `box`, without anything that stands or lies on it.

    Args:
        picture: Shape (H, W, 3), uint8, sRGB.
        crop: The part of it that is shown, in its own pixels; None: all of it.
        place: The page's box that shows this part.
        box: The part of the page that is asked for, in whole pixels; it may reach beyond the page.
        ground: CSS colour of the page around the picture.

    Returns:
        Shape (box.h, box.w, 3), uint8, exact to about a pixel; None where the picture does not reach into `box`.
    """
    common = place.intersection(box)
    if common.w < 1 or common.h < 1:
        return None
    crop = crop or Box(0, 0, picture.shape[1], picture.shape[0])
    across, down = crop.w / place.w, crop.h / place.h
    left, top = max(0, round(common.x - box.x)), max(0, round(common.y - box.y))
    right, bottom = min(round(box.w), round(common.right - box.x)), min(round(box.h), round(common.bottom - box.y))
    source = Box(
        crop.x + (box.x + left - place.x) * across, crop.y + (box.y + top - place.y) * down, (right - left) * across, (bottom - top) * down
    )
    rows, columns = source.grown(2).pixels(picture.shape[1], picture.shape[0])
    part = picture[rows, columns]
    if right <= left or bottom <= top or not part.size:
        return None
    canvas = np.empty((round(box.h), round(box.w), 3), np.uint8)
    canvas[:] = parse_color(ground).rgb
    start = Box(source.x - columns.start, source.y - rows.start, source.w, source.h)
    canvas[top:bottom, left:right] = _sampled(part, start, (right - left, bottom - top), (across, down))
    return canvas


def _sampled(part: NDArray[np.uint8], source: Box, size: tuple[int, int], step: tuple[float, float]) -> NDArray[np.uint8]:
    """What `part` shows in `source` (its own pixels, whole or not), as `size` pixels that are `step` of the part's own apart."""
    import cv2

    across, down = step
    rows, columns = part.shape[:2]
    shrink = max(1.0, min(across, down))
    if shrink > 1.15:  # average before sampling, or fine detail flickers
        smaller = (max(1, round(columns / shrink)), max(1, round(rows / shrink)))
        part = np.asarray(cv2.resize(part, smaller, interpolation=cv2.INTER_AREA), np.uint8)
    fx, fy = part.shape[1] / columns, part.shape[0] / rows
    # Pixel centres of the page to pixel centres of the part.
    matrix = np.array(
        [
            [across * fx, 0, (source.x + 0.5 * across) * fx - 0.5],
            [0, down * fy, (source.y + 0.5 * down) * fy - 0.5],
        ]
    )
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(part, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)
