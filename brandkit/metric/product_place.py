"""Where a product is in another picture: where its features agree on one place, else what stands out and has about its shape."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.metric.product_paint import alike, may_show, paint_of
from brandkit.metric.silhouette import filled, find_product, lay_over

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

FEATURES = 1500  # keypoints looked for
RATIO = 0.8  # Lowe's ratio test
MAX_SCALE = 8.0  # times larger or smaller; matches that agree on more agree by chance
INLIERS = 8  # matches that agree on one place, from which the product is found
ENLARGED = 2  # times: a second look, because a small label has too few features
SURE_OVERLAP = 0.8  # of both outlines from which a thing without features is taken for the product
SURE_STRETCH = 25.0  # %; whatever must be stretched more is another thing


def place_of(picture: Pixels, reference: Pixels, mask: Mask) -> Floats | None:
    """Map from reference to picture pixels, right to some percent of the product's height; None where it is not found.

    Args:
        picture: Shape (H, W, 3), sRGB.
        reference: Shape (h, w, 3), sRGB.
        mask: Where the product is in the reference, shape (h, w).
    """
    looked, known = picture.tobytes(), (reference.tobytes(), mask.tobytes())
    for scale in (1, ENLARGED):
        matrix = _match(_features_of_picture(looked, picture.shape, scale), _features_of_product(*known, reference.shape, scale))
        if matrix is not None:
            matrix[:, 2] /= scale
            return matrix
    paint = paint_of(reference, mask)
    if not may_show(picture, paint):
        return None
    seen = _standing_out(looked, picture.shape)
    if not seen.any() or not alike(paint_of(picture, seen), paint):
        return None
    overlay = lay_over(filled(mask), seen)
    sure = overlay.overlap > SURE_OVERLAP and max(abs(overlay.aspect), overlay.shear) < SURE_STRETCH
    return overlay.matrix if sure else None


@lru_cache(maxsize=1)
def _standing_out(pixels: bytes, shape: tuple[int, ...]) -> Mask:
    """What stands out from the picture's ground: whichever product is looked for, it is the same."""
    return filled(find_product(np.frombuffer(pixels, np.uint8).reshape(shape)))


def _enlarged(picture: Pixels, scale: int) -> Pixels:
    import cv2

    return picture if scale == 1 else np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)


class _Features(NamedTuple):
    """Keypoints: their places, shape (N, 2), x and y in px, and what each looks like, shape (N, 128)."""

    places: Floats
    looks: NDArray[np.float32]


@lru_cache(maxsize=2)
def _features_of_picture(pixels: bytes, shape: tuple[int, ...], scale: int) -> _Features:
    """Of the picture at both scales: several products are looked for in the same one."""
    return _features(_enlarged(np.frombuffer(pixels, np.uint8).reshape(shape), scale), None)


@lru_cache(maxsize=24)
def _features_of_product(pixels: bytes, mask: bytes, shape: tuple[int, ...], scale: int) -> _Features:
    """Of a reference: many pictures are compared with the same one."""
    reference, area = np.frombuffer(pixels, np.uint8).reshape(shape), np.frombuffer(mask, np.uint8).reshape(shape[:2])
    return _features(_enlarged(reference, scale), (_enlarged(area, scale) > 0).astype(np.uint8))


def _features(rgb: Pixels, mask: Pixels | None) -> _Features:
    import cv2

    sift = cv2.SIFT.create(nfeatures=FEATURES, contrastThreshold=0.02)
    points, looks = sift.detectAndCompute(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), mask)
    places = np.array([point.pt for point in points]).reshape(-1, 2)
    return _Features(places, np.zeros((0, 128), np.float32) if looks is None else np.asarray(looks, np.float32))


def _match(picture: _Features, product: _Features) -> Floats | None:
    """Map from reference to picture pixels that SIFT features agree on (scale, turn, place)."""
    import cv2

    if len(product.places) < INLIERS or len(picture.places) < INLIERS:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(product.looks, picture.looks, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < RATIO * pair[1].distance]
    if len(good) < INLIERS:
        return None
    here, there = product.places[[match.queryIdx for match in good]], picture.places[[match.trainIdx for match in good]]
    cv2.setRNGSeed(1)
    matrix, inliers = cv2.estimateAffinePartial2D(here, there, ransacReprojThreshold=5.0)
    if matrix is None or int(inliers.sum()) < INLIERS:
        return None
    scale = float(np.linalg.norm(matrix[:, 0]))
    return np.asarray(matrix, np.float64) if 1 / MAX_SCALE < scale < MAX_SCALE else None
