"""The paints of a mark that was searched for: thin strokes are read by the colour that they leave around them, whatever coding smeared."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from brandkit.metric.mark_model import Floats, Pose, paint_masks
from brandkit.metric.mark_view import PaintReading, View, broad, paint_reading
from brandkit.metric.mark_worn import CALM, less_paint, worn

TO_LUMA = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])  # BT.601, as JPEG codes
FROM_LUMA = np.linalg.inv(TO_LUMA)
REACH = (2.0, 6.0)  # px of the picture, σ: coding spreads luma over 8 px and chroma, at half resolution, over 16
ALIKE = 0.01  # of the paints' weight by which they are held together: neighbours in a smear cannot be told apart
FAINT = 1e-3  # alpha below which a pixel holds nothing of a paint
ABSENT = 1e-6  # of the ink below which a paint covers nothing


def searched_paints(view: View, pose: Pose, *, lossy: bool) -> tuple[PaintReading, ...]:
    """Every paint, less what the coding of `lossy` files does to it; without its rims where it is broad, else `_fitted`."""
    masks = paint_masks(view.colour, view.alpha)
    if view.ground.noise > CALM or all(broad(mask) is not None for mask in masks):
        return _lessened(view, tuple(view.paints(masks)), masks, lossy=lossy)
    scale = math.sqrt(view.frame.width * view.frame.height / max(1.0, abs(float(np.linalg.det(pose.matrix[:, :2])))))
    read = _fitted(view, masks, scale)
    if not lossy:
        return read
    lost = _fitted(replace(view, picture=worn(view.wanted)), masks, scale)
    return tuple(less_paint(paint, loss) for paint, loss in zip(read, lost, strict=True))


def _lessened(view: View, read: tuple[PaintReading, ...], masks: list[NDArray[np.bool_]], *, lossy: bool) -> tuple[PaintReading, ...]:
    if not lossy:
        return read
    lost = replace(view, picture=worn(view.wanted)).paints(masks)
    return tuple(less_paint(paint, loss) for paint, loss in zip(read, lost, strict=True))


def _fitted(view: View, masks: list[NDArray[np.bool_]], scale: float) -> tuple[PaintReading, ...]:
    """The shift of each paint's colour that explains, in the least-squares sense, what the smeared picture has more than the drawing.

    Coding moves colour about within its blocks and keeps their sums, so that smeared over a block the strokes hold what they held.
    """
    import cv2

    paints = np.array([(view.colour[mask] / view.alpha[mask][:, None]).mean(axis=0) for mask in masks])
    total = sum(int(np.count_nonzero(mask)) for mask in masks)
    covers, gap = _covers(view, paints), np.asarray(cv2.transform(view.picture - view.wanted, TO_LUMA), np.float32)
    luma, chroma = (max(1.0, reach * scale) for reach in REACH)
    shifts = np.concatenate([_shifts(covers, gap[..., :1], luma), _shifts(covers, gap[..., 1:], chroma)], axis=1) @ FROM_LUMA.T
    return tuple(
        paint_reading(paint, paint + shift, int(np.count_nonzero(mask)) / total)
        for paint, shift, mask in zip(paints, shifts, masks, strict=True)
    )


def _covers(view: View, paints: NDArray[np.floating]) -> list[Floats]:
    """How much of each pixel a paint covers: mixed pixels count for the paint that they are most like."""
    if len(paints) == 1:
        return [view.alpha]
    ink = np.flatnonzero(view.alpha > FAINT)
    straight = view.colour.reshape(-1, 3)[ink] / view.alpha.reshape(-1)[ink][:, None]
    nearest = np.full(view.alpha.size, -1)
    nearest[ink] = np.argmin([((straight - np.asarray(paint, np.float32)) ** 2).sum(axis=1) for paint in paints], axis=0)
    owner = nearest.reshape(view.alpha.shape)
    return [np.where(owner == index, view.alpha, 0).astype(np.float32) for index in range(len(paints))]


def _shifts(covers: list[Floats], gaps: Floats, reach: float) -> NDArray[np.float64]:
    """The shift of each paint in each channel of `gaps`, shape (paints, channels)."""
    import cv2

    def smeared(image: Floats) -> Floats:
        return np.asarray(cv2.GaussianBlur(np.ascontiguousarray(image), (0, 0), reach), np.float32)

    strokes, seen = [smeared(cover) for cover in covers], [smeared(gaps[..., channel]) for channel in range(gaps.shape[2])]
    products = np.array([[float((one * other).sum()) for other in strokes] for one in strokes])
    wanted = np.array([[float((stroke * channel).sum()) for channel in seen] for stroke in strokes])
    weight, count = float(np.trace(products)) / len(strokes), len(strokes)
    held = ALIKE * weight * (np.eye(count) - np.full((count, count), 1 / count)) + ABSENT * weight * np.eye(count)
    return np.asarray(np.linalg.solve(products + held, wanted), np.float64)
