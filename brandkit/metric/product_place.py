"""Where a product is in another picture: where its features agree on one place, else what stands out and has about its shape."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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
    for scale in (1, ENLARGED):
        matrix = _match(*(_enlarged(array, scale) for array in (picture, reference, mask.astype(np.uint8))))
        if matrix is not None:
            matrix[:, 2] /= scale
            return matrix
    seen = filled(find_product(picture))
    if not seen.any():
        return None
    overlay = lay_over(filled(mask), seen)
    sure = overlay.overlap > SURE_OVERLAP and max(abs(overlay.aspect), overlay.shear) < SURE_STRETCH
    return overlay.matrix if sure else None


def _enlarged(picture: Pixels, scale: int) -> Pixels:
    import cv2

    return picture if scale == 1 else np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)


def _match(picture: Pixels, reference: Pixels, mask: Pixels) -> Floats | None:
    """Map from reference to picture pixels that SIFT features agree on (scale, turn, place)."""
    import cv2

    sift = cv2.SIFT.create(nfeatures=FEATURES, contrastThreshold=0.02)
    points, features = sift.detectAndCompute(cv2.cvtColor(reference, cv2.COLOR_RGB2GRAY), (mask > 0).astype(np.uint8))
    others, candidates = sift.detectAndCompute(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), None)
    if features is None or candidates is None or len(points) < INLIERS or len(others) < INLIERS:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(features, candidates, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < RATIO * pair[1].distance]
    if len(good) < INLIERS:
        return None
    here = np.array([points[match.queryIdx].pt for match in good])
    there = np.array([others[match.trainIdx].pt for match in good])
    cv2.setRNGSeed(1)
    matrix, inliers = cv2.estimateAffinePartial2D(here, there, ransacReprojThreshold=5.0)
    if matrix is None or int(inliers.sum()) < INLIERS:
        return None
    scale = float(np.linalg.norm(matrix[:, 0]))
    return np.asarray(matrix, np.float64) if 1 / MAX_SCALE < scale < MAX_SCALE else None
