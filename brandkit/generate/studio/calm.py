"""Quiet zones of a photograph: texture and contrast give way softly where copy will stand, without a visible box."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.layout import busyness

QUIET = 1.0  # busyness that needs no help
LOUD = 5.0  # busyness from which a zone gets all the help there is
MOST = 0.85  # of the texture taken at most
EVEN = 0.3  # of the remaining contrast toward the zone's mean taken at most
SPARED = 0.85  # of the help withheld on the subject
FEATHER = 0.06  # of the short side: standard deviation of the mask's soft edge
EDGE = 0.09  # contrast (0..1) from which an edge is a thing rather than texture
REACH = 0.03  # of the short side: radius within which texture is smoothed
COARSE = 4  # the smooth picture is made at a quarter of the size


def quieten(picture: NDArray[np.uint8], zones: Sequence[Box], *, subject: Box | None = None) -> NDArray[np.float32]:
    """Calm the zones that need it.

    Args:
        picture: Shape ``(H, W, 3)``, sRGB.
        zones: In fractions of the picture.
        subject: Where the subject is, in fractions: what of it lies in a zone is left nearly as it is. A veil over a face
            or a product looks like a fault; there a scrim or panel of the layout serves better.

    Returns:
        The picture as floats 0..255; equal to the input where no zone is near or all of them are calm already.
    """
    height, width = picture.shape[:2]
    out = picture.astype(np.float32)
    help_ = [(zone.scaled(width, height), _need(picture, zone.scaled(width, height))) for zone in zones]
    if not any(need > 0.02 for _, need in help_):
        return out
    import cv2

    size = max(1, width // COARSE), max(1, height // COARSE)
    small = cv2.resize(out, size, interpolation=cv2.INTER_AREA)
    smooth = smooth_texture(np.asarray(small / 255, dtype=np.float32), max(2, round(REACH * min(size)))) * 255
    mask = np.zeros((size[1], size[0]), dtype=np.float32)
    goal, weights = np.zeros_like(small), np.full(mask.shape, 1e-6, dtype=np.float32)
    for box, need in help_:
        soft = _mask(box.scaled(size[0] / width, size[1] / height), size, need)
        mean = (smooth * soft[..., None]).sum((0, 1)) / max(float(soft.sum()), 1e-6)
        goal += (mean + (smooth - mean) * np.float32(1 - EVEN * need)) * soft[..., None]
        weights += soft
        mask = np.maximum(mask, soft)
    goal = (goal + smooth * np.float32(1e-6)) / weights[..., None]
    if subject is not None and subject.area > 0:
        mask *= 1 - np.float32(SPARED / MOST) * _mask(subject.scaled(*size), size, 1.0)
    full = cv2.resize(goal, (width, height), interpolation=cv2.INTER_CUBIC)
    weight = cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR)[..., None]
    return np.asarray(out + (full - out) * weight, dtype=np.float32)


def _need(picture: NDArray[np.uint8], box: Box) -> float:
    t = min(max((busyness(picture, box) - QUIET) / (LOUD - QUIET), 0.0), 1.0)
    return t * t * (3 - 2 * t)


def _mask(box: Box, size: tuple[int, int], need: float) -> NDArray[np.float32]:
    """A soft-edged box, up to `MOST` × need."""
    import cv2

    sigma = FEATHER * min(size)
    mask = np.zeros((size[1], size[0]), dtype=np.float32)
    rows, columns = box.grown(sigma * 0.8).pixels(*size)
    mask[rows, columns] = MOST * need
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), max(sigma, 0.5), borderType=cv2.BORDER_REPLICATE), dtype=np.float32)


def smooth_texture(picture: NDArray[np.float32], radius: int) -> NDArray[np.float32]:
    """He, Sun & Tang (2010), Guided image filtering, with each channel its own guide: smooths below `EDGE`, keeps edges above."""
    import cv2

    window = (2 * radius + 1, 2 * radius + 1)
    mean = cv2.blur(picture, window)
    variance = np.maximum(cv2.blur(picture * picture, window) - mean * mean, 0)
    slope = variance / (variance + np.float32(EDGE**2))
    return np.asarray(cv2.blur(slope, window) * picture + cv2.blur(mean * (1 - slope), window), dtype=np.float32)
