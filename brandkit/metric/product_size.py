"""How large a product's parts are against the whole: a shorter spout, a smaller knob, a cap that has grown.

Another camera moves a part, because it stands nearer or farther than the rest, and foreshortens it in one direction; it hardly makes it
smaller. So each part is laid over its picture at several sizes, wherever it has gone, and what one direction explains as well is a camera.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Image = NDArray[np.float32]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

OPENINGS = (0.05, 0.09, 0.14)  # of the height: radii of discs that find no room in a part which stands off from the rest
SPECK = 1  # px: radius of what is no part but the stairs of an outline
COLORS, COLOR_CRUMB = 4, 2  # colours that a product is taken apart into, and px: radius of what is only an edge between two
SHADING = 0.4  # weight of lightness beside hue and chroma in a part's colour: one paint is lit unevenly
BOUND, AN_EDGE = 0.85, 0.3  # of a colour's border that must be an edge of at least so much: light and shade on one paint have softer ends
PART = (0.01, 0.25)  # of the product that a part covers; smaller shows no size, larger is the product
SAME_PART = 0.7  # of both that two share
LIGHTNESS = 0.7  # weight of lightness in edges: shadows are edges of lightness alone
EDGE = 3.0  # CIELAB units per px at which an edge counts half
SOFT = 1.0  # px: Gaussian over edges
AROUND, SLIDE = 0.04, 0.05  # of the height: what is looked at beside a part, and how far it may have moved
COARSE = 0.04  # step between the sizes that are tried at first
SIZES = np.arange(0.84, 1.161, 0.02)
FINE = np.arange(0.84, 1.1601, 0.0025)
SURE = 0.85  # correlation from which it is this part, seen as in the reference
AS_WELL, NOISE = 1.2, 0.003  # times the misfit of the best size, and above, up to which another size explains the picture as well
SHOWN = 0.98  # of a part that the picture must show

Fit = Callable[[float, float], float]


def size_change(reference: Pixels, aligned: Image, mask: Mask, shown: Mask, height: int, there: Image | None = None) -> float:
    """% by which the part that changed most is certainly smaller or larger for the product than in the reference; at least 0.

    Args:
        reference: The reference, shape (h, w, 3), sRGB.
        aligned: The picture laid over it, same shape, 0..255.
        mask: The product in the reference.
        shown: Pixels that the picture shows.
        height: Of the product, px.
        there: The reference as it would look in the picture, whose ground gives its parts other edges; None where it looks so already.
    """
    before, after = _edges(reference.astype(np.float32) if there is None else there), _edges(aligned)
    parts = _parts(reference.tobytes(), mask.tobytes(), mask.shape, height)
    return max((_changed(_fit(before, after, part, height)) for part in parts if shown[part].mean() > SHOWN), default=0.0)


@lru_cache(maxsize=16)
def _parts(pixels: bytes, area: bytes, shape: tuple[int, ...], height: int) -> tuple[Mask, ...]:
    """Parts that stand off or have a colour of their own, each once: many pictures are compared with the same reference."""
    mask = np.frombuffer(area, np.bool_).reshape(shape)
    reference = np.frombuffer(pixels, np.uint8).reshape(*shape, 3)
    low, high = (share * mask.sum() for share in PART)
    kept: list[Mask] = []
    for part in (*_standing_off(mask, height), *_colored(reference, mask)):
        if low <= part.sum() <= high and all((part & other).sum() < SAME_PART * (part | other).sum() for other in kept):
            kept.append(part)
    return tuple(kept)


def _standing_off(mask: Mask, height: int) -> Iterator[Mask]:
    import cv2

    for radius in (max(2, round(share * height)) for share in OPENINGS):
        padded = np.pad(mask, radius + 1).astype(np.uint8)
        body = cv2.morphologyEx(padded, cv2.MORPH_OPEN, _disc(radius))
        off = cv2.morphologyEx(((padded > 0) & (body == 0)).astype(np.uint8), cv2.MORPH_OPEN, _disc(SPECK))
        yield from _pieces(off[radius + 1 : -radius - 1, radius + 1 : -radius - 1])


def _colored(reference: Pixels, mask: Mask) -> Iterator[Mask]:
    import cv2

    inner = (
        cv2.erode(np.pad(mask, COLOR_CRUMB).astype(np.uint8), _disc(COLOR_CRUMB))[COLOR_CRUMB:-COLOR_CRUMB, COLOR_CRUMB:-COLOR_CRUMB] > 0
    )
    lab = cv2.cvtColor(cv2.GaussianBlur(reference, (0, 0), 1.0).astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    colors = (lab[inner] * (SHADING, 1, 1)).astype(np.float32)
    if len(colors) < COLORS:
        return
    cv2.setRNGSeed(1)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 40, 0.2)
    _, labels, _ = cv2.kmeans(colors, COLORS, np.zeros((len(colors), 1), np.int32), criteria, 3, cv2.KMEANS_PP_CENTERS)
    border = cv2.dilate(_edges(reference.astype(np.float32)), np.ones((5, 5), np.uint8)) > AN_EDGE
    for index in range(COLORS):
        area = np.zeros(mask.shape, np.uint8)
        area[inner] = labels.ravel() == index
        whole = cv2.morphologyEx(cv2.morphologyEx(area, cv2.MORPH_OPEN, _disc(COLOR_CRUMB)), cv2.MORPH_CLOSE, _disc(COLOR_CRUMB))
        yield from (piece for piece in _pieces(whole) if border[_ring(piece)].mean() > BOUND)


def _pieces(area: NDArray[Any]) -> Iterator[Mask]:
    import cv2

    count, names = cv2.connectedComponents(np.ascontiguousarray(area), connectivity=8)
    yield from (names == index for index in range(1, count))


def _ring(piece: Mask) -> Mask:
    """The pixels around a piece."""
    import cv2

    return (cv2.dilate(piece.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0) & ~piece


def _edges(rgb: Image) -> Image:
    """How much of an edge each pixel shows, in [0, 1]: nearly the same in any light and before any ground."""
    import cv2

    lab = cv2.cvtColor(cv2.GaussianBlur(rgb, (0, 0), 0.7) / 255, cv2.COLOR_RGB2Lab) * np.array([LIGHTNESS, 1, 1], np.float32)
    across, down = (cv2.Sobel(lab, cv2.CV_32F, dx, 1 - dx, scale=1 / 8) for dx in (1, 0))
    change = np.sqrt((across**2 + down**2).sum(axis=2))
    return np.asarray(cv2.GaussianBlur(change / (change + EDGE), (0, 0), SOFT), np.float32)


def _fit(before: Image, after: Image, part: Mask, height: int) -> Fit:
    """How well a part, so many times as wide and as tall, agrees with its picture: the correlation at the best place nearby."""
    import cv2

    beside, slide = max(1, round(AROUND * height)), max(3, round(SLIDE * height))
    (top, left), (bottom, right) = (end(np.argwhere(part), axis=0) for end in (np.min, np.max))
    grown = beside + round((SIZES[-1] - 1) * max(bottom - top, right - left))
    around = grown + slide + 8
    old, new = (cv2.copyMakeBorder(edges, around, around, around, around, cv2.BORDER_REPLICATE) for edges in (before, after))
    near = cv2.dilate(np.pad(part, around).astype(np.uint8), _disc(beside)).astype(np.float32)
    box = np.s_[top + around - beside : bottom + around + beside + 1, left + around - beside : right + around + beside + 1]
    wanted, weights = np.ascontiguousarray(old[box]), np.ascontiguousarray(near[box])
    tall, wide = (side + 2 * slide for side in wanted.shape)
    middle = (left + right) / 2 + around, (top + bottom) / 2 + around

    def fit(wider: float, taller: float) -> float:
        matrix = np.array([[wider, 0, middle[0] - wider * (wide - 1) / 2], [0, taller, middle[1] - taller * (tall - 1) / 2]])
        seen = cv2.warpAffine(new, matrix, (wide, tall), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        alike = cv2.matchTemplate(seen, wanted, cv2.TM_CCOEFF_NORMED, mask=weights)
        return float(np.where(np.isfinite(alike), alike, -1).max())

    return fit


def _changed(fit: Fit) -> float:
    """%: the least change of size that explains the picture about as well as the best one; 0 where a camera does, or none is sure."""
    coarse = np.arange(1 - 3 * COARSE, 1 + 3.5 * COARSE, COARSE)
    if int(np.argmax([fit(size, size) for size in coarse])) == 3:
        return 0.0
    whole = _curve(SIZES, [fit(size, size) for size in SIZES])
    best = float(whole.max())
    sparse = SIZES[::2]
    foreshortened = max(
        float(_curve(sparse, [fit(*pair(size)) for size in sparse]).max()) for pair in (lambda s: (s, 1.0), lambda s: (1.0, s))
    )
    if best < SURE or foreshortened >= best:
        return 0.0
    as_well = whole >= 1 - (AS_WELL * (1 - best) + NOISE)
    return 100 * float(np.abs(np.log(FINE[as_well])).min())


def _curve(sizes: Floats, values: list[float]) -> Floats:
    """A natural cubic spline through even steps, at FINE."""
    count, step, known = len(sizes), float(sizes[1] - sizes[0]), np.array(values)
    square = 4 * np.eye(count) + np.eye(count, k=1) + np.eye(count, k=-1)
    square[0], square[-1] = np.eye(count)[0], np.eye(count)[-1]
    bends = np.linalg.solve(square, np.concatenate([[0.0], 6 * np.diff(known, 2) / step**2, [0.0]]))
    left = np.clip(((FINE - sizes[0]) / step).astype(int), 0, count - 2)
    after, before = FINE - sizes[left], sizes[left + 1] - FINE
    cubic = (bends[left] * before**3 + bends[left + 1] * after**3) / (6 * step)
    linear = (known[left] / step - bends[left] * step / 6) * before + (known[left + 1] / step - bends[left + 1] * step / 6) * after
    return np.asarray(cubic + linear)


def _disc(radius: int) -> Pixels:
    import cv2

    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)), np.uint8)
