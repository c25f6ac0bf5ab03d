"""What is printed on a product, against its reference: moved, turned, or another print."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.metric.orientation import magnitude
from brandkit.metric.product_letters import changed_strokes
from brandkit.metric.silhouette import warp

Pixels = NDArray[np.uint8]
Image = NDArray[np.float32]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

TURNS = 0.35  # weight of sideways shifts of the print: a camera a little further round shifts it, too
PRINT_EDGE = 10.0  # L* per px: gradient of print; shading is softer
BETTER = 0.1  # of correlation at the worst place that another pose of the print must bring
FAR_OFF = 0.5  # 1 - correlation from which a print that is not found nearby is looked for farther off
WIDE_BLUR = 0.05  # of the height
WIDE, FINE = 1 / 6, 1 / 10  # of the product's height: blocks in which the print is compared as a whole, and letter by letter
LEAST_PRINT = 0.002  # of the inside that is edges of print; less is none
BESIDE = 8  # px of the ground that blurs may see; more only takes time
PRINTED = 0.25  # of the strongest block's contrast from which a block counts as printed


class PrintReading(NamedTuple):
    """How a print differs from its reference."""

    shift: float
    """% of the product's height by which it sits elsewhere; sideways counts a third."""
    turn: float
    """Degrees by which it is turned."""
    difference: float
    """1 - correlation at its worst place, in [0, 2]."""
    strokes: float
    """Of the ink's contrast: the strongest piece of a letter that only one of both prints has."""


def compare_print(reference: Pixels, aligned: Image, inner: Mask, height: int) -> PrintReading:
    """Compare what is printed on a product.

    Args:
        reference: The reference, shape (h, w, 3), sRGB.
        aligned: The picture laid over it, same shape, 0..255.
        inner: Pixels that are certainly inside both products.
        height: Of the product, px.
    """
    rows, columns = np.nonzero(inner)
    near = np.s_[max(0, rows.min() - BESIDE) : rows.max() + BESIDE, max(0, columns.min() - BESIDE) : columns.max() + BESIDE]
    reference, aligned, inner = reference[near], aligned[near], inner[near]
    own = reference.astype(np.float32)
    if float((_edges(own)[inner] > PRINT_EDGE).sum()) < LEAST_PRINT * float(inner.sum()):
        return PrintReading(0.0, 0.0, 0.0, 0.0)
    wide = max(8, round(WIDE * height))
    drawn = _colors(own, inner, 1.0, wide / 3)
    still = _worst_block(drawn, aligned, inner, wide, 95)
    matrix, moved = np.eye(2, 3), still
    for far in (False, True):
        pose = _pose(own, aligned, inner, height, far=far)
        there = _worst_block(drawn, warp(aligned, pose, inner.shape), inner, wide, 95)
        if there < moved:
            matrix, moved = pose, there
        if moved < FAR_OFF:  # found, or never gone
            break
    if moved > still - BETTER:  # shading moved, not print: it agrees best where it stands
        worst, strokes = _letters(reference, aligned, inner, height, np.eye(2, 3))
        return PrintReading(0.0, 0.0, max(still, worst), strokes)
    middle = np.average(np.argwhere(_edges(own) * inner > PRINT_EDGE), axis=0)[::-1]
    away = matrix @ np.append(middle, 1.0) - middle
    turn = float(np.degrees(np.arctan2(matrix[1, 0] - matrix[0, 1], matrix[0, 0] + matrix[1, 1])))
    shift = 100 * float(np.hypot(TURNS * away[0], away[1])) / height
    worst, strokes = _letters(reference, aligned, inner, height, matrix)
    return PrintReading(shift, turn, max(moved, worst), strokes)


def _pose(reference: Image, aligned: Image, inner: Mask, height: int, *, far: bool) -> Floats:
    """Where the edges of the print went: nearby, or as far as a wide blur still shows them overlap."""
    near = _blurred(inner.astype(np.float32), 2.0)
    one, two = _edges(reference) * near, _edges(aligned) * near
    start = np.eye(2, 3)
    if far:
        start = _fitted(_blurred(one, WIDE_BLUR * height), _blurred(two, WIDE_BLUR * height), inner, start, slide=True)
    soft = max(1.5, 0.012 * height)
    return _fitted(_blurred(one, soft), _blurred(two, soft), inner, start)


def _blurred(picture: Image, sigma: float) -> Image:
    import cv2

    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)


def _fitted(one: Image, two: Image, inner: Mask, start: Floats, *, slide: bool = False) -> Floats:
    import cv2

    motion = cv2.MOTION_TRANSLATION if slide else cv2.MOTION_AFFINE
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 100, 1e-6)
    try:
        _, fitted = cv2.findTransformECC(one, two, start.astype(np.float32), motion, criteria, inner.astype(np.uint8))
    except cv2.error:  # too different to converge: it stays where it is, and its worst place says the rest
        return start
    return np.asarray(fitted, np.float64)


def _letters(reference: Pixels, aligned: Image, inner: Mask, height: int, pose: Floats) -> tuple[float, float]:
    """1 - correlation of the worst letter-sized block, and strokes gained or lost, in the pose of the print in which each is least."""
    block, own = max(7, int(FINE * height)), reference.astype(np.float32)
    one, two = (_detail(rgb, inner, 0.8, height / 18) for rgb in (own, aligned))
    poses = (pose, _fitted(one, two, inner, pose))
    drawn = _colors(own, inner, 0.7, block / 3)
    worst = min(_worst_block(drawn, warp(aligned, each, inner.shape), inner, block, 100, noise=0.7) for each in poses)
    return worst, changed_strokes(reference, aligned, inner, height, poses)


def _edges(rgb: Image) -> Image:
    import cv2

    light = cv2.cvtColor(np.ascontiguousarray(rgb) / 255, cv2.COLOR_RGB2Lab)[..., 0]
    strength = magnitude(cv2.Sobel(light, cv2.CV_32F, 1, 0, scale=0.25), cv2.Sobel(light, cv2.CV_32F, 0, 1, scale=0.25))
    return np.asarray(np.where(strength > 0.3 * PRINT_EDGE, strength, 0), np.float32)


def _colors(rgb: Image, inner: Mask, noise: float, shading: float) -> Image:
    """CIELAB inside without noise and without slow shading: a sheen on one ground is light alone, print is ink."""
    import cv2

    inside = inner.astype(np.float32)
    lab = cv2.cvtColor(np.ascontiguousarray(rgb) / 255, cv2.COLOR_RGB2Lab) * inside[..., None]
    fine, slow = (_blurred(lab, sigma) / np.maximum(_blurred(inside, sigma), 1e-3)[..., None] for sigma in (noise, shading))
    return np.asarray((fine - slow) * inside[..., None], np.float32)


def _detail(rgb: Image, inner: Mask, noise: float, shading: float) -> Image:
    """Lightness inside without noise and without slow shading, both sigmas in px; the ground beside it has no share in either."""
    import cv2

    inside = inner.astype(np.float32)
    light = cv2.cvtColor(np.ascontiguousarray(rgb) / 255, cv2.COLOR_RGB2Lab)[..., 0] * inside
    fine, slow = (_blurred(light, sigma) / np.maximum(_blurred(inside, sigma), 1e-3) for sigma in (noise, shading))
    return np.asarray((fine - slow) * inside, np.float32)


def _worst_block(own: Image, seen: Image, inner: Mask, block: int, worst: float, *, noise: float = 1.0) -> float:
    """1 - correlation of the colours in printed blocks of `block` px: the percentile `worst` of all.

    `own` is the reference's detail, as `_colors` gives it for the same block and noise.
    """
    import cv2

    other = _colors(seen, inner, noise, block / 3)

    def mean(values: Image) -> Image:
        return np.asarray(cv2.boxFilter(values, cv2.CV_32F, (block, block), borderType=cv2.BORDER_CONSTANT), np.float32)

    inside, like, printed = mean(inner.astype(np.float32)) > 0.7, np.full(inner.shape, -1.0), np.ones(inner.shape, np.bool_)
    for channels in (slice(0, 1), slice(0, 3)):  # a sheen is light alone, a part's edge may be colour alone: print is both
        product, first, second = (
            mean((one[..., channels] * two[..., channels]).sum(axis=2)) for one, two in ((own, other), (own, own), (other, other))
        )
        printed &= inside & (first > PRINTED * float(first.max()))
        like = np.maximum(like, product / np.sqrt(first * second + 1e-6))
    if not printed.any():
        return 0.0
    return float(np.percentile(1 - like[printed], worst))
