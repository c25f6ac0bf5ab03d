"""Is it still the same product? Shape, print and colour of a thing against its reference, each apart, whatever the light.

Whole-picture measures rank backwards here: a new light moves far more pixels than a wrong product. So the outline is laid over
the reference's first, the print is compared inside it, and colours are compared between the product's own parts, because a
light that changes all of them alike changes no product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import linear_to_srgb, srgb_to_lab, srgb_to_linear
from brandkit.metric.silhouette import filled, find_product, lay_over, lost_thickness, refine, warp

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

SIDE = 480  # px of the long side at which products are compared
RIM = 0.03  # of the product's height: how far inside the outline print and colour are read
TURNS = 0.35  # weight of sideways shifts of the print: a camera a little further round shifts it, too
PRINT_EDGE = 10.0  # L* per px: gradient of print; shading is softer
BETTER = 0.1  # of correlation at the worst place that another pose of the print must bring
BLOCKS = 6  # blocks across the product's height in which the print is compared
PARTS = 4  # colours that a product is taken apart into
LEAST_PART = 0.04  # of the product that a part covers
LIT = (0.5, 0.95)  # quantiles of brightness between which a part shows its own colour
SHEEN = 0.03  # of the brightest part's light that the room's mirror image adds or takes away
# What a reading may show when only light, camera or background change; set on the tuning products of benchmarks/drift/pairs.
SHAPE = 0.7  # % of height; other cameras make 0.5
ESTIMATED_SHAPE = 2.0  # % of height, where an outline had to be estimated
ASPECT = 2.6  # %; a camera 3° higher makes 1.7
SHIFT = 2.6  # % of height; the same camera makes 2.0
TURN = 3.0  # °; a light from the other side makes 0.6
PRINT = 0.5  # 1 - correlation; another light and room make 0.2
COLOR = 2.5  # ΔE00; another light and room make 1.2
FEATURES = 1500  # keypoints looked for when nobody says where the product is
RATIO = 0.8  # Lowe's ratio test
SURE_OVERLAP = 0.8  # of both outlines from which a thing without features is taken for the product
SURE_STRETCH = 25.0  # %; whatever must be stretched more is another thing
MAX_SCALE = 8.0  # times larger or smaller; matches that agree on more agree by chance
INLIERS = 8  # matches that agree on one place, from which the product is found


@dataclass(frozen=True)
class ReferenceReading:
    """How a product differs from its reference. Where `found` is false the other numbers mean nothing."""

    found: bool
    shape: float = 0.0
    """How far both outlines lie apart, in % of the product's height: the 95th percentile of their distance where both are known,
    half the thickness of the thickest piece lost where one was estimated."""
    aspect: float = 0.0
    """% by which it is wider for its height than the reference; negative when narrower."""
    shift: float = 0.0
    """% of the height by which its print sits elsewhere; sideways counts a third, because a camera moves it, too."""
    turn: float = 0.0
    """Degrees by which its print is turned."""
    print: float = 0.0
    """1 − correlation of the print at its worst place, in [0, 2]; 0 is the same print."""
    color: float = 0.0
    """ΔE00 of the part whose colour changed most against the product's other parts."""
    overlap: float = 0.0
    """Intersection over union of both outlines."""
    shape_limit: float = SHAPE
    """What `shape` may be: estimated outlines are less exact."""

    @property
    def drift(self) -> float:
        """The worst reading in multiples of what is seen when only light, camera or background change; above 1 is another product."""
        return max(self.shape / self.shape_limit, abs(self.aspect) / ASPECT, self.shift / SHIFT, abs(self.turn) / TURN, self.print / PRINT,
                   self.color / COLOR)  # fmt: skip


def compare_product(
    rgb: Pixels, reference_rgb: Pixels, mask: Mask | None = None, *, candidate_mask: Mask | None = None
) -> ReferenceReading:
    """Compare the product in a picture with its reference.

    Args:
        rgb: Picture that shows the product, shape (H, W, 3), sRGB, 0..255.
        reference_rgb: The reference, shape (h, w, 3), sRGB, 0..255.
        mask: Where the product is in the reference, shape (h, w); None finds what stands out from the ground.
        candidate_mask: Where it is in the picture, shape (H, W); None finds it by the reference's features and outline.

    Returns:
        The reading; every number is 0 for the same picture and higher is worse.

    Raises:
        ValueError: A mask has another shape than its picture.
    """
    for picture, area in ((reference_rgb, mask), (rgb, candidate_mask)):
        if area is not None and area.shape != picture.shape[:2]:
            raise ValueError(f"the mask has shape {area.shape}, its picture {picture.shape[:2]}")
    reference, known = _reduced(reference_rgb, mask)
    picture, given = _reduced(rgb, candidate_mask)
    wanted = filled(find_product(reference)) if known is None else known
    if not wanted.any():
        return ReferenceReading(False)
    seen = given if given is not None else _locate(picture, reference, wanted)
    if seen is None or not seen.any():
        return ReferenceReading(False)
    # An estimated outline is compared with one that was estimated in the same way: both then err alike.
    outline = wanted if given is not None else filled(refine(reference, filled(wanted)))
    overlay = lay_over(outline, seen)
    exact = known is not None and given is not None
    over = warp(seen.astype(np.float32), overlay.matrix, wanted.shape) > 0.5
    aligned = warp(picture.astype(np.float32), overlay.matrix, wanted.shape)
    common = wanted & over
    height = int(np.ptp(np.flatnonzero(wanted.any(axis=1)))) + 1
    inner = _eroded(common, max(2, round(RIM * height)))
    if inner.sum() < 64:
        return ReferenceReading(False)
    printed = _compare_print(reference, aligned, inner, height)
    color = _compare_color(reference, aligned, inner)
    shape = overlay.distance if exact else 100 * lost_thickness(outline, over) / height
    limit = SHAPE if exact else ESTIMATED_SHAPE
    return ReferenceReading(True, shape, overlay.aspect, *printed, color, overlay.overlap, limit)


def _reduced(rgb: Pixels, mask: Mask | None) -> tuple[Pixels, Mask | None]:
    import cv2

    scale = SIDE / max(rgb.shape[:2])
    if scale >= 1:
        return rgb, mask
    size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
    small = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    area = None if mask is None else np.asarray(cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.5)
    return small, area


def _eroded(mask: Mask, reach: int) -> Mask:
    import cv2

    padded = np.pad(mask.astype(np.uint8), 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return np.asarray(cv2.erode(padded, kernel)[1:-1, 1:-1] > 0)


def _locate(picture: Pixels, reference: Pixels, wanted: Mask) -> Mask | None:
    """The product in a picture: where its features agree on one place, else what stands out and has about its shape."""
    matrix = _match(picture, reference, wanted)
    if matrix is not None:
        inverse = np.linalg.inv(np.vstack([matrix, [0, 0, 1]]))[:2]
        guess = warp(filled(wanted).astype(np.float32), inverse, picture.shape) > 0.5
        return filled(refine(picture, guess))
    seen = filled(find_product(picture))
    if not seen.any():
        return None
    overlay = lay_over(filled(wanted), seen)
    return seen if overlay.overlap > SURE_OVERLAP and max(abs(overlay.aspect), overlay.shear) < SURE_STRETCH else None


def _match(picture: Pixels, reference: Pixels, wanted: Mask) -> Floats | None:
    """Map from reference to picture pixels that SIFT features agree on (scale, turn, place)."""
    import cv2

    sift = cv2.SIFT.create(nfeatures=FEATURES, contrastThreshold=0.02)
    points, features = sift.detectAndCompute(cv2.cvtColor(reference, cv2.COLOR_RGB2GRAY), wanted.astype(np.uint8))
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


def _compare_print(reference: Pixels, aligned: NDArray[np.float32], inner: Mask, height: int) -> tuple[float, float, float]:
    """Shift (% of height), turn (degrees) and worst local difference of what is printed on the product."""
    import cv2

    one, two = _edges(reference.astype(np.float32)), _edges(aligned)
    near = np.asarray(cv2.GaussianBlur(inner.astype(np.float32), (0, 0), 2.0))
    one, two = one * near, two * near
    if float((one > PRINT_EDGE).sum()) < 0.002 * float(inner.sum()):
        return 0.0, 0.0, 0.0  # nothing is printed on it
    soft = max(1.5, 0.012 * height)
    matrix = np.eye(2, 3)
    try:
        criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 100, 1e-6)
        blurred = cv2.GaussianBlur(one, (0, 0), soft), cv2.GaussianBlur(two, (0, 0), soft)
        start = np.eye(2, 3, dtype=np.float32)
        _, fitted = cv2.findTransformECC(blurred[0], blurred[1], start, cv2.MOTION_AFFINE, criteria, inner.astype(np.uint8))
        matrix = np.asarray(fitted, np.float64)
    except cv2.error:  # print too different to converge: it stays where it is, and its worst place says the rest
        pass
    still = _worst_block(reference.astype(np.float32), aligned, inner, height)
    moved = _worst_block(reference.astype(np.float32), warp(aligned, matrix, inner.shape), inner, height)
    if moved > still - BETTER:  # shading moved, not print: it agrees best where it stands
        return 0.0, 0.0, still
    middle = np.average(np.argwhere(one > PRINT_EDGE), axis=0)[::-1]
    away = matrix @ np.append(middle, 1.0) - middle
    turn = float(np.degrees(np.arctan2(matrix[1, 0] - matrix[0, 1], matrix[0, 0] + matrix[1, 1])))
    shift = 100 * float(np.hypot(TURNS * away[0], away[1])) / height
    return shift, turn, moved


def _edges(rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    import cv2

    light = cv2.cvtColor(np.ascontiguousarray(rgb) / 255, cv2.COLOR_RGB2Lab)[..., 0]
    strength = cv2.magnitude(cv2.Sobel(light, cv2.CV_32F, 1, 0, scale=0.25), cv2.Sobel(light, cv2.CV_32F, 0, 1, scale=0.25))
    return np.asarray(np.where(strength > 0.3 * PRINT_EDGE, strength, 0), np.float32)


def _worst_block(reference: NDArray[np.float32], seen: NDArray[np.float32], inner: Mask, height: int) -> float:
    """1 − correlation of the lightness in the printed block where it is lowest, without slow shading."""
    import cv2

    size = max(8, height // BLOCKS)

    def detail(rgb: NDArray[np.float32]) -> NDArray[np.float32]:
        light = cv2.GaussianBlur(cv2.cvtColor(np.ascontiguousarray(rgb) / 255, cv2.COLOR_RGB2Lab)[..., 0], (0, 0), 1.0)
        return np.asarray(light - cv2.GaussianBlur(light, (0, 0), size / 3), np.float32)

    one, two = detail(reference) * inner, detail(seen) * inner

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.boxFilter(values, cv2.CV_32F, (size, size), borderType=cv2.BORDER_CONSTANT), np.float32)

    product, first, second = mean(one * two), mean(one * one), mean(two * two)
    printed = (first > 0.25 * float(first.max())) & (mean(inner.astype(np.float32)) > 0.7)
    if not printed.any():
        return 0.0
    return float(np.percentile(1 - product[printed] / np.sqrt(first[printed] * second[printed] + 1e-6), 95))


def _compare_color(reference: Pixels, aligned: NDArray[np.float32], inner: Mask) -> float:
    """ΔE00 of the part that changed most, under the light that explains the others best: one gain for each channel.

    A product of one colour alone cannot be told from its light: it reads 0.
    """
    import cv2

    before = reference[inner].astype(np.float64) / 255
    after = np.clip(aligned[inner].astype(np.float64) / 255, 0, 1)
    lab = srgb_to_lab(before)
    cv2.setRNGSeed(1)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 40, 0.2)
    features = (lab * (0.3, 1.0, 1.0)).astype(np.float32)
    count = min(PARTS, len(features))
    _, labels, _ = cv2.kmeans(features, count, np.zeros((len(features), 1), np.int32), criteria, 3, cv2.KMEANS_PP_CENTERS)
    names = labels.ravel()
    parts = [index for index in range(count) if (names == index).mean() >= LEAST_PART]
    old = np.array([_lit(srgb_to_linear(before[names == index])) for index in parts])
    new = np.array([_lit(srgb_to_linear(after[names == index])) for index in parts])
    gains = np.log(np.maximum(new, 1e-4)) - np.log(np.maximum(old, 1e-4))
    gains -= gains.mean(axis=1, keepdims=True)  # how bright a part is depends on where the light stands
    shared = gains[int(np.argmax(old.sum(axis=1)))]  # the brightest part shows the light best: a sheen is least of it
    return float(_without_light(old, new, shared).max())


def _lit(linear: Floats) -> Floats:
    """Colour of a part where the main light falls on it: shadows show the room's colour, highlights the lamp's."""
    light = linear.sum(axis=1)
    low, high = np.quantile(light, LIT)
    return np.asarray(np.median(linear[(light >= low) & (light <= high)], axis=0))


def _without_light(old: Floats, new: Floats, shared: Floats) -> Floats:
    """How far apart two readings of each part are, ΔE00, once a shared gain and a sheen of up to SHEEN are allowed for.

    A glaze mirrors a little of the room, which adds the same amount to every channel whatever the paint.
    """
    steps = np.linspace(-SHEEN, SHEEN, 41)[:, None, None] * old.sum(axis=1).max() / 3
    seen = np.maximum(new / np.exp(shared) * np.mean(old.sum(axis=1)) / np.mean((new / np.exp(shared)).sum(axis=1)) + steps, 1e-5)
    seen = seen * old.sum(axis=1, keepdims=True) / seen.sum(axis=2, keepdims=True)
    return np.asarray(delta_e_2000(_lab(old), _lab(seen)).min(axis=0))


def _lab(linear: Floats) -> Floats:
    return srgb_to_lab(linear_to_srgb(np.clip(linear, 0, 1)))
