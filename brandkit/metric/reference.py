"""Is it still the same product? Shape, parts, print and colour of a thing against its reference, each apart, whatever the light.

Whole-picture measures rank backwards here: a new light moves far more pixels than a wrong product. So the outline is followed from
the reference into the picture first, the print is compared inside it, and colours are compared between the product's own parts,
because a light that changes all of them alike changes no product.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.metric.contour import contour_of, follow
from brandkit.metric.product_color import compare_color
from brandkit.metric.product_found import found_product
from brandkit.metric.product_ground import before_ground
from brandkit.metric.product_parts import lost_thickness
from brandkit.metric.product_place import place_of
from brandkit.metric.product_print import compare_print
from brandkit.metric.product_size import size_change
from brandkit.metric.silhouette import lay_over, stretch_of, warp

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

SIDE = 480  # px of the long side at which products are compared
AROUND = 0.2  # of the product's height: ground around it that is looked at
RIM = 0.03  # of the product's height: how far inside the outline print and colour are read
LIGHTNESS = 0.7  # weight of lightness beside hue and chroma in an outline: shadows are edges of lightness alone
FEWEST = 64  # pixels inside; fewer say nothing
# What a reading may show when only light, camera or background change; set on the tuning products of benchmarks/drift/pairs.
SHAPE = 0.5  # % of height, between two masks; other cameras make 0.4
FOLLOWED_SHAPE = 0.6  # % of height, where the outline was followed; another camera or light makes 0.5
FOUND_SHAPE = 1.2  # % of height, where the reference's outline had to be found, too: a shadow may be taken for the product
GONE = 4.5  # % of the outline; a room of the product's colour hides 3.7
APART = 1.6  # % of height, between two masks; other cameras make 1.5
LOST = 2.0  # % of height; a shadow or a dark room takes 1.5
FOUND_LOST = 3.4  # % of height, where the reference's outline had to be found
ASPECT = 2.6  # %; a camera 3° higher makes 1.7
SHIFT = 2.8  # % of height; the same camera makes 2.6
TURN = 3.0  # °; a light from the other side makes 0.6
PRINT = 0.58  # 1 - correlation; a light from the other side makes 0.55
STROKES = 0.15  # of the ink's contrast; another camera or room makes 0.14
SIZE = 2.0  # % of a part's size; a lens nearer by makes 1.7
COLOR = 2.4  # ΔE00; another light and room make 2.4, two colours that light each other 3.5


@dataclass(frozen=True)
class ReferenceReading:
    """How a product differs from its reference. Where `found` is false the other numbers mean nothing."""

    found: bool
    shape: float = 0.0
    """How far the farthest stretch of the outline lies off once both are aligned, beyond what another camera does, in % of the height."""
    lost: float = 0.0
    """Half the thickness of the thickest piece that is not there, in % of the height; between two masks also of what is there anew."""
    aspect: float = 0.0
    """% by which it is wider for its height than the reference; negative when narrower."""
    shift: float = 0.0
    """% of the height by which its print sits elsewhere; sideways counts a third, because a camera moves it, too."""
    turn: float = 0.0
    """Degrees by which its print is turned."""
    print: float = 0.0
    """1 − correlation of the print at its worst place, in [0, 2]; 0 is the same print."""
    strokes: float = 0.0
    """The strongest piece of a letter that only one of both prints has, as a share of the ink's contrast; about 1 is all of it."""
    color: float = 0.0
    """ΔE00 of the part whose colour changed most against the product's other parts."""
    seen: float = 0.0
    """Share of the reference's outline that is found again: of its length where it was followed, of both areas between two masks."""
    shape_limit: float = SHAPE
    """What `shape` may be: a followed outline is less exact."""
    lost_limit: float = LOST
    """What `lost` may be, likewise."""
    gone: float = 0.0
    """% of the outline, in one stretch, that is not there although the product would stand out from its ground; 0 between two masks."""

    size: float = 0.0
    """% by which the part that changed most is smaller or larger for the product than in the reference, beyond what a camera does."""

    @property
    def drift(self) -> float:
        """The worst reading in multiples of what is seen when only light, camera or background change; above 1 is another product."""
        return max(self.shape / self.shape_limit, self.lost / self.lost_limit, self.gone / GONE, abs(self.aspect) / ASPECT,
                   self.shift / SHIFT, abs(self.turn) / TURN, self.print / PRINT, self.strokes / STROKES,
                   self.color / COLOR, self.size / SIZE)  # fmt: skip


def compare_product(
    rgb: Pixels, reference_rgb: Pixels, mask: Mask | None = None, *, candidate_mask: Mask | None = None
) -> ReferenceReading:
    """Compare the product in a picture with its reference.

    Args:
        rgb: Picture that shows the product, shape (H, W, 3), sRGB, 0..255.
        reference_rgb: The reference, shape (h, w, 3), sRGB, 0..255.
        mask: Where the product is in the reference, shape (h, w); None finds what stands out from the ground.
        candidate_mask: Where it is in the picture, shape (H, W); None follows the reference's outline into it.

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
    wanted = _found(reference.tobytes(), reference.shape) if known is None else known
    if not wanted.any() or (given is not None and not given.any()):
        return ReferenceReading(False)
    outline = _outline(picture, reference, wanted, given, mask is not None)
    if outline is None:
        return ReferenceReading(False)
    inner = _eroded(wanted & outline.covered, max(2, round(RIM * outline.height)))
    if inner.sum() < FEWEST:
        return ReferenceReading(False)
    apart = _apart(wanted, outline.covered) if given is not None else 0.0
    near = _around(wanted, round(AROUND * outline.height))
    aligned = warp(picture.astype(np.float32), outline.matrix, wanted.shape)[near]
    shown = warp(np.ones(picture.shape[:2], np.float32), outline.matrix, wanted.shape)[near] > 0.5
    reference, wanted, inner = reference[near], wanted[near], inner[near]
    redrawn = None if outline.redrawn is None else outline.redrawn[near]
    size = size_change(reference, aligned, wanted, shown, outline.height, redrawn)
    if given is None:
        apart = lost_thickness(reference, aligned, wanted, inner, outline.covered[near], outline.height)
    printed = compare_print(reference, aligned, inner, outline.height)
    color = compare_color(reference, aligned, inner)
    return ReferenceReading(
        True, outline.distance, 100 * apart / outline.height, outline.aspect, *printed, color, outline.seen,
        *_limits(mask is not None, given is not None), outline.gone, size,
    )  # fmt: skip


def _limits(known: bool, given: bool) -> tuple[float, float]:
    """What outline and lost pieces may be, by how both outlines are known."""
    if given:
        return SHAPE, APART
    return (FOLLOWED_SHAPE, LOST) if known else (FOUND_SHAPE, FOUND_LOST)


@lru_cache(maxsize=16)
def _found(pixels: bytes, shape: tuple[int, ...]) -> Mask:
    """The product in a reference without a mask: many pictures are compared with the same reference."""
    return found_product(np.frombuffer(pixels, np.uint8).reshape(shape))


def _around(mask: Mask, margin: int) -> tuple[slice, slice]:
    """The mask's box with a margin: nothing else is looked at."""
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    return slice(max(0, rows[0] - margin), rows[-1] + 1 + margin), slice(max(0, columns[0] - margin), columns[-1] + 1 + margin)


class _Outline(NamedTuple):
    """The reference's outline in the picture; lengths in % of `height`, which is px of the reference."""

    matrix: Floats
    distance: float
    aspect: float
    seen: float
    height: int
    gone: float
    covered: Mask
    """Pixels of the reference that the picture shows."""
    redrawn: NDArray[np.float32] | None
    """The reference as it would look in the picture; None where it looks so already, and between two masks."""


class _There:
    """Draws the reference as it would look in a picture, once it is about known where, and keeps it."""

    def __init__(self, picture: Pixels, reference: Pixels, wanted: Mask, height: int) -> None:
        self._picture, self._reference, self._wanted, self._height = picture, reference, wanted, height
        self.drawn: NDArray[np.float32] | None = None

    def __call__(self, matrix: Floats) -> NDArray[np.float32] | None:
        aligned = warp(self._picture.astype(np.float32), matrix, self._wanted.shape)
        shown = warp(np.ones(self._picture.shape[:2], np.float32), matrix, self._wanted.shape) > 0.5
        self.drawn = before_ground(self._reference, aligned, self._wanted, shown, self._height)
        return None if self.drawn is None else _edge_picture(self.drawn)


def _outline(picture: Pixels, reference: Pixels, wanted: Mask, given: Mask | None, known: bool) -> _Outline | None:
    height = int(np.ptp(np.flatnonzero(wanted.any(axis=1)))) + 1
    contour = contour_of(wanted)
    if contour is None:
        return None
    if given is not None:
        start: Floats | None = lay_over(wanted, given).matrix
        before, after = _mask_picture(wanted), _mask_picture(given)
    else:
        start = place_of(picture, reference, wanted)
        before, after = _edge_picture(reference), _edge_picture(picture)
    there = _There(picture, reference, wanted, height) if given is None and known else None  # a found outline is its own ground's
    found = None if start is None else follow(contour, before, after, start, height, there)
    if found is None:
        return None
    shown = np.ones(picture.shape[:2], np.float32) if given is None else given.astype(np.float32)
    covered = warp(shown, found.matrix, wanted.shape) > 0.5
    gone = 100 * found.gone if given is None else 0.0
    seen = found.seen if given is None else float((wanted & covered).sum() / (wanted | covered).sum())
    aspect, redrawn = stretch_of(found.matrix)[0], None if there is None else there.drawn
    return _Outline(found.matrix, 100 * found.distance / height, aspect, seen, height, gone, covered, redrawn)


def _apart(one: Mask, two: Mask) -> float:
    """Half the thickness of the thickest piece that only one of two outlines has, px."""
    import cv2

    return float(cv2.distanceTransform(np.pad(one ^ two, 1).astype(np.uint8), cv2.DIST_L2, 5).max())


def _mask_picture(mask: Mask) -> NDArray[np.float32]:
    """A mask as a picture with soft edges, strong as between two colours."""
    import cv2

    return np.asarray(cv2.GaussianBlur(60 * mask.astype(np.float32), (0, 0), 1.0)[..., None])


def _edge_picture(rgb: Pixels | NDArray[np.float32]) -> NDArray[np.float32]:
    """CIELAB with little noise, in which outlines are edges."""
    import cv2

    lab = cv2.cvtColor(cv2.GaussianBlur(rgb, (0, 0), 0.7).astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    return np.asarray(lab * np.array([LIGHTNESS, 1, 1]), np.float32)


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
