"""The outline of a product: finding it on its ground, laying one over another, and how far they then lie apart."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

BORDER = 0.06  # of the short side: the frame from which the ground is learnt
ROUNDS = 4  # of re-weighting; more change nothing
STANDS_OUT = 2.0  # times the ground's own scatter (80th percentile) from which a pixel is not ground
LEAST_APART = 7.0  # ΔE76 that the product must stand out by
SHADOW = 0.45  # of the ground's lightness that a cast shadow takes away at most
SOFT = 0.02  # of the side: blur of outlines while they are laid over each other
CALM = 4.0  # L*: standard deviation up to which a gap shows bare ground
TOLERANCE = 95  # percentile of the distances between outlines: parts count, single pixels do not


class Overlay(NamedTuple):
    """How one outline lies over another once it is aligned. Lengths are % of the product's height."""

    matrix: Floats
    """Affine map from reference to candidate pixels, shape (2, 3)."""
    aspect: float
    """% by which the candidate is wider for its height, as seen after rotation; negative when narrower."""
    shear: float
    """% by which the outline leans."""
    distance: float
    """95th percentile of the distance between both outlines."""
    overlap: float
    """Intersection over union in [0, 1]."""


def find_product(rgb: Pixels) -> Mask:
    """The thing that stands out from the ground of a packshot or still life.

    Args:
        rgb: Picture, shape (H, W, 3), sRGB, 0..255, with the thing inside and ground along the edges.

    Returns:
        Its mask, shape (H, W); empty where nothing stands out.
    """
    import cv2

    height, width = rgb.shape[:2]
    lab = cv2.cvtColor(cv2.GaussianBlur(rgb, (0, 0), 1.0).astype(np.float32) / 255, cv2.COLOR_RGB2Lab).astype(np.float64)
    frame = frame_of((height, width))
    if frame.all():
        return np.zeros((height, width), bool)
    apart = apart_from(lab, ground_of(lab, frame))
    level = max(LEAST_APART, STANDS_OUT * float(np.percentile(apart[frame], 80)))
    seed = cv2.morphologyEx((apart > level).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    thing = central(cv2.morphologyEx(seed, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)))
    return refine(rgb, thing) if 0.01 * thing.size < thing.sum() < 0.8 * thing.size else np.zeros((height, width), bool)


def frame_of(shape: tuple[int, ...]) -> Mask:
    """The border of a picture of this shape (H, W), along which its ground is seen; all of a tiny one."""
    edge = max(2, round(BORDER * min(shape[:2])))
    frame = np.ones(shape[:2], bool)
    frame[edge:-edge, edge:-edge] = False
    return frame


def ground_of(lab: Floats, frame: Mask) -> Floats:
    """The ground as a smooth surface learnt from the frame; things that reach into the frame count less and less."""
    y, x = np.mgrid[0 : lab.shape[0], 0 : lab.shape[1]] / max(lab.shape[:2])
    basis = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    weight = np.ones(int(frame.sum()))
    for _ in range(ROUNDS):
        fit, *_ = np.linalg.lstsq(basis[frame] * weight[:, None], lab[frame] * weight[:, None], rcond=None)
        error = np.linalg.norm(lab[frame] - basis[frame] @ fit, axis=1)
        weight = 1 / (1 + (error / max(1.0, float(np.median(error)))) ** 2)
    return np.asarray(basis @ fit)


def apart_from(lab: Floats, ground: Floats) -> Floats:
    """How far each pixel is from its ground. A shadow scales all of CIELAB: darker, and paler in proportion, is still ground."""
    darker = np.clip(lab[..., 0] / np.maximum(ground[..., 0], 1), 0.3, 1)
    chroma = np.linalg.norm(lab[..., 1:] - ground[..., 1:] * darker[..., None], axis=-1)
    brighter = np.maximum(lab[..., 0] - ground[..., 0], 0)
    black = np.maximum((1 - SHADOW) * ground[..., 0] - lab[..., 0], 0)
    return np.asarray(np.sqrt(1.5 * chroma**2 + brighter**2 + black**2))


def central(mask: NDArray[Any]) -> Mask:
    """The largest connected part, weighted by how near the middle it is."""
    import cv2

    count, labels, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count < 2:
        return np.zeros(mask.shape, bool)
    middle = np.array([mask.shape[1] / 2, mask.shape[0] / 2])
    beside = ((centres[1:] - middle) / (0.25 * np.array([mask.shape[1], mask.shape[0]]))) ** 2
    return np.asarray(labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA] * np.exp(-beside.sum(axis=1)))))


def refine(rgb: Pixels, rough: Mask) -> Mask:
    """A rough mask drawn to the outline that is really there, by graph cut.

    References:
        Rother, Kolmogorov, Blake, GrabCut, 2004.
    """
    import cv2

    if not rough.any():
        return rough
    reach = max(2, round(0.035 * float(np.sqrt(rough.sum()))))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    wide, narrow = cv2.dilate(rough.astype(np.uint8), kernel, iterations=2) > 0, cv2.erode(rough.astype(np.uint8), kernel) > 0
    labels = np.full(rough.shape, cv2.GC_BGD, np.uint8)
    labels[wide], labels[rough], labels[narrow] = cv2.GC_PR_BGD, cv2.GC_PR_FGD, cv2.GC_FGD
    if not narrow.any() or wide.all():
        return rough
    cv2.setRNGSeed(1)  # the clusters of the colour models start at random points
    try:
        cv2.grabCut(rgb[..., ::-1].copy(), labels, (0, 0, 1, 1), np.zeros((1, 65)), np.zeros((1, 65)), 4, cv2.GC_INIT_WITH_MASK)
    except cv2.error:  # too few colours for its models
        return rough
    cut = _largest(((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.uint8))
    return cut if 0.5 * rough.sum() < cut.sum() < 2 * rough.sum() else rough


def lay_over(reference: Mask, candidate: Mask) -> Overlay:
    """Lay the candidate's outline over the reference's, by an affine map.

    Args:
        reference: The outline that it should have, shape (H, W).
        candidate: The outline that it has, shape (h, w), of any size and place.

    Returns:
        The overlay; `distance` is 0 for the same shape moved, turned, scaled or (reported apart) stretched.

    Raises:
        ValueError: A mask is empty.
    """
    import cv2

    if not reference.any() or not candidate.any():
        raise ValueError("both masks must hold at least one pixel")
    matrix = _from_boxes(reference, candidate)
    soft = max(1.5, SOFT * float(np.sqrt(reference.sum())))
    one = cv2.GaussianBlur(reference.astype(np.float32), (0, 0), soft)
    two = cv2.GaussianBlur(candidate.astype(np.float32), (0, 0), soft)
    try:
        criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 80, 1e-6)
        _, fitted = cv2.findTransformECC(one, two, matrix.astype(np.float32), cv2.MOTION_AFFINE, criteria)
        matrix = np.asarray(fitted, np.float64)
    except cv2.error:  # outlines too different to converge: the boxes' fit stands, and the distance says the rest
        pass
    height = int(np.ptp(np.flatnonzero(reference.any(axis=1)))) + 1
    seen = warp(candidate.astype(np.float32), matrix, reference.shape) > 0.5
    distance = 100 * outline_distance(reference, seen) / height
    union = int((reference | seen).sum())
    aspect, shear = stretch_of(matrix)
    return Overlay(matrix, aspect, shear, distance, float((reference & seen).sum() / union))


def stretch_of(matrix: Floats) -> tuple[float, float]:
    """Stretch along the reference's axes, and shear, in %, once rotation is taken out (polar decomposition)."""
    left, _, right = np.linalg.svd(matrix[:, :2])
    stretch = (left @ right).T @ matrix[:, :2]
    return 100 * float(stretch[0, 0] / stretch[1, 1] - 1), 200 * float(abs(stretch[0, 1]) / (stretch[0, 0] + stretch[1, 1]))


def outline_distance(one: Mask, two: Mask) -> float:
    """95th percentile of the distance from each outline to the other, in px; the larger of both directions."""
    import cv2

    def outline(mask: Mask) -> Mask:
        small = mask.astype(np.uint8)
        return np.asarray((small > 0) & (cv2.erode(small, np.ones((3, 3), np.uint8)) == 0))

    first, second = outline(one), outline(two)
    if not first.any() or not second.any():
        return float(max(one.shape))
    to_first = cv2.distanceTransform((~first).astype(np.uint8), cv2.DIST_L2, 5)
    to_second = cv2.distanceTransform((~second).astype(np.uint8), cv2.DIST_L2, 5)
    return float(max(np.percentile(to_second[first], TOLERANCE), np.percentile(to_first[second], TOLERANCE)))


def filled(mask: Mask) -> Mask:
    """The mask with everything inside its outer outline."""
    import cv2

    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    drawn = np.zeros(mask.shape, np.uint8)
    cv2.drawContours(drawn, contours, -1, 1, cv2.FILLED)
    return np.asarray(drawn > 0)


def without_gaps(rgb: Pixels, mask: Mask) -> Mask:
    """The mask with its holes closed, but for those through which the ground is seen, as inside a handle.

    A label may have the ground's colour, too; but something is printed on it.
    """
    import cv2

    whole = filled(mask)
    lab = cv2.cvtColor(cv2.GaussianBlur(rgb, (0, 0), 1.0).astype(np.float32) / 255, cv2.COLOR_RGB2Lab).astype(np.float64)
    count, labels = cv2.connectedComponents((whole & ~mask).astype(np.uint8), connectivity=4)
    for hole in (labels == index for index in range(1, count)):
        reach = max(3, round(float(np.sqrt(hole.sum()))))
        around = (cv2.dilate(hole.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0) & ~whole
        inside = cv2.erode(hole.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        if not around.any() or not inside.any() or float(lab[inside][:, 0].std()) > CALM:
            continue
        if np.median(apart_from(lab[inside], np.median(lab[around], axis=0)[None])) < LEAST_APART:
            whole = whole & ~hole
    return whole


def warp(picture: NDArray[np.float32], matrix: Floats, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """The candidate as it lies over the reference: `matrix` maps reference to candidate pixels."""
    import cv2

    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(picture, np.asarray(matrix, np.float64), (shape[1], shape[0]), flags=flags), np.float32)


def _largest(mask: Pixels) -> Mask:
    """The largest connected part with its holes filled, and parts that nearly touch it."""
    import cv2

    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    if count < 2:
        return np.zeros(mask.shape, bool)
    return np.asarray(labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])))


def _from_boxes(reference: Mask, candidate: Mask) -> Floats:
    """Where to start: same centre of area, same area."""

    def centre(mask: Mask) -> Floats:
        rows, columns = np.nonzero(mask)
        return np.array([columns.mean(), rows.mean()])

    scale = float(np.sqrt(candidate.sum() / reference.sum()))
    offset = centre(candidate) - scale * centre(reference)
    return np.array([[scale, 0.0, offset[0]], [0.0, scale, offset[1]]])
