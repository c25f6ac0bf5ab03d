"""How near other things stand to a logo: the first foreign ink inside its clear space."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.mark_model import Floats, Frame, Pose

LEAST_EDGE = 7.0  # ΔE76 across two pixels: below it lie JPEG blocks, banding and soft gradients
TEXTURED = 0.8  # ΔE76: upper quartile of the edges around the mark; flat and graded grounds stay below it, photographs do not
BOLD_EDGE = 12.0  # ΔE76: the least edge that counts as ink on a texture
BOLD_FACTOR = 3.0  # how far above the texture's strong edges (its 95th percentile) ink must be
FEW = 3.0  # times the upper quartile of the edges up to which strong ones belong to a texture; in photographs they are two to three
ILLEGIBLE = 60.0  # ΔE76 at which only black on white could still be told from the texture
RINGING = 16  # px around the mark in which JPEG leaves echoes of it: one block of chroma
ECHO_FACTOR = 2.5  # how much stronger an edge must be there
LEAST_EXTENT = 0.05  # mark heights that a piece of ink must span; less is a speck
LEAST_PIXELS = 4.0  # px that it must span at least
OWN_REACH = 0.02  # mark heights around the mark's own ink that its anti-aliasing and JPEG ringing may touch
BLOCK = 3  # px of ringing that JPEG leaves around an edge; its 8 px blocks fade quickly
ECHO_REACH = 15  # px from an edge in which JPEG leaves echoes of it: the square that colour is coded in
ECHO_SHARE = 0.35  # of the edge's own strength, up to which something near it is its echo
SLIP = 2  # px by which the picture beneath may lie beside its own place
SHADE_FACTOR = 1.3  # how much stronger a shade may make an edge of the picture: light shades weaken it, dark ones lift it in ΔE
SAMPLES = 5_003  # px that a quartile is taken of; a prime, so that no column of pixels is met again and again
MAX_AREA = 400_000  # px that are looked at; larger surroundings are reduced

Beneath = Callable[[Box], NDArray[np.uint8] | None]


@dataclass(frozen=True)
class ClearSpace:
    """What stands around a mark. Distances are in heights of the mark, from the box of its ink."""

    free: float
    """Distance of the first foreign ink; `asked` when there is none inside the clear space."""
    asked: float
    region: Box | None
    """The foreign ink, in picture pixels."""
    area: float
    """Foreign ink inside the clear space, in square mark heights."""
    threshold: float
    """Edge from which something counted as ink here, ΔE76 over two pixels; it rises with the texture of the ground."""
    textured: bool
    """True on photographs, where an object's outline cannot be told from ink with certainty."""

    @property
    def measurable(self) -> bool:
        """False where the ground is so busy that no ink could be told from it."""
        return self.threshold < ILLEGIBLE

    @property
    def missing(self) -> float:
        """Clear space that is missing, in mark heights; 0 when all is free."""
        return max(0.0, self.asked - self.free)


def measure_clear_space(
    rgb: NDArray[np.uint8], mark_rgba: NDArray[np.uint8], pose: Pose, *, asked: float, lossy: bool = False, beneath: Beneath | None = None
) -> ClearSpace:
    """Look for anything but ground around a placed mark.

    The mark itself is taken out by its own alpha. Ink shows by its edges: the ground may be flat, a gradient or a
    photograph, whose own edges (beyond the clear space) say how strong an edge must be to be ink.

    Args:
        rgb: Picture, shape (H, W, 3), uint8, sRGB.
        mark_rgba: The mark, straight RGBA, shape (h, w, 4), uint8.
        pose: Where it stands, as read by `measure_mark` or `find_mark`.
        asked: Clear space that the brand asks for, in heights of the mark, >= 0.
        lossy: True for JPEG and its like, which leave echoes of an edge all over its block.
        beneath: Gives the picture behind everything for a box of whole pixels, shape (h, w, 3), uint8, or None; its own edges
            are no ink.

    Raises:
        ValueError: `asked` is negative.
    """
    if asked < 0:
        raise ValueError(f"asked must be >= 0 mark heights, got {asked!r}")
    import cv2

    canvas = pose.box
    tall = float(np.linalg.norm(pose.matrix[:, 1]))
    outer = canvas.grown(max(2.2 * asked, asked + 0.5) * tall + 8)
    scale = min(1.0, math.sqrt(MAX_AREA / max(1.0, outer.area)))
    rows, columns = outer.pixels(rgb.shape[1], rgb.shape[0])
    crop = rgb[rows, columns]
    if scale < 1:
        crop = np.asarray(cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    fx, fy = crop.shape[1] / (columns.stop - columns.start), crop.shape[0] / (rows.stop - rows.start)
    shift = np.array([[fx, 0, -fx * columns.start], [0, fy, -fy * rows.start], [0, 0, 1]])
    height = tall * fy
    own = _own_ink(mark_rgba, shift @ np.vstack([pose.matrix, [0, 0, 1]]), crop.shape[:2])
    ink = _ink_box(own)
    if ink is None:
        return ClearSpace(asked, asked, None, 0.0, LEAST_EDGE, False)
    seen = Box(columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start)
    edges = _ink_edges(crop, beneath(seen) if beneath else None)
    whole = edges.copy()
    mine = (own > 0.02).astype(np.uint8)
    edges[_dilated(mine, RINGING)] /= ECHO_FACTOR
    edges[_dilated(mine, math.ceil(BLOCK + OWN_REACH * height))] = 0
    distance = _distance(ink, crop.shape[:2]) / height
    echo: NDArray[np.bool_] | None = None
    if lossy:
        reach = 2 * math.ceil(ECHO_REACH * max(fx, fy)) + 1
        echo = np.asarray(whole < ECHO_SHARE * cv2.dilate(whole, np.ones((reach, reach), np.uint8)))
    return _judge(edges, echo, distance, height, asked, (columns.start, rows.start, fx, fy))


def _ink_edges(crop: NDArray[np.uint8], under: NDArray[np.uint8] | None) -> Floats:
    """Edges of what stands there, less those of the picture beneath where it is known."""
    import cv2

    edges = _edges(crop)
    if under is None:
        return edges
    if under.shape != crop.shape:
        under = np.asarray(cv2.resize(under, crop.shape[1::-1], interpolation=cv2.INTER_AREA), np.uint8)
    own = cv2.dilate(_edges(under), np.ones((2 * SLIP + 1, 2 * SLIP + 1), np.uint8))
    return np.asarray(np.maximum(edges - SHADE_FACTOR * own, 0), np.float32)


def _judge(
    edges: Floats, echo: NDArray[np.bool_] | None, distance: Floats, height: float, asked: float, place: tuple[int, int, float, float]
) -> ClearSpace:
    import cv2

    zone = (distance > 0) & (distance < asked)
    inside, around = _some(edges, zone), _some(edges, distance > asked)
    if not inside.size:
        return ClearSpace(asked, asked, None, 0.0, LEAST_EDGE, False)
    quartiles = [np.percentile(part, (75, 95)) for part in (inside, around) if part.size]
    textured = float(quartiles[0][0]) > TEXTURED
    # Texture is everywhere: where few edges tower above the many, those few are ink, as a line of text is.
    strong = min(min(high, FEW * usual) for usual, high in quartiles)
    limit = max(BOLD_EDGE, BOLD_FACTOR * float(strong)) if textured else LEAST_EDGE
    # Echoes count for how busy the ground is, but are no ink themselves.
    bold = edges > limit if echo is None else (edges > limit) & ~echo
    marked = (bold & zone).view(np.uint8)
    if not marked.any():
        return ClearSpace(asked, asked, None, 0.0, limit, textured)
    joined = cv2.morphologyEx(marked, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    free, region, area = asked, None, 0.0
    for index in range(1, count):
        x, y, w, h, pixels = (int(value) for value in stats[index])
        if max(w, h) < max(LEAST_PIXELS, LEAST_EXTENT * height):
            continue
        window = (slice(y, y + h), slice(x, x + w))
        nearest = float(distance[window][labels[window] == index].min()) + 1 / height  # an edge is seen one pixel early
        area += pixels / height**2
        if nearest < free:
            left, top, fx, fy = place
            free, region = nearest, Box(left + x / fx, top + y / fy, w / fx, h / fy)
    return ClearSpace(free, asked, region, area, limit, textured)


def _some(values: Floats, mask: NDArray[np.bool_]) -> Floats:
    """At most about `SAMPLES` of the values under a mask, evenly chosen: quartiles need no more."""
    places = np.flatnonzero(mask)
    return values.reshape(-1)[places[:: max(1, len(places) // SAMPLES)]]


def _dilated(mask: NDArray[np.uint8], reach: int) -> NDArray[np.bool_]:
    import cv2

    return np.asarray(cv2.dilate(mask, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0)


def _own_ink(mark_rgba: NDArray[np.uint8], to_crop: NDArray[np.float64], shape: tuple[int, ...]) -> Floats:
    import cv2

    width, height = (max(1, round(float(np.linalg.norm(to_crop[:2, column])))) for column in (0, 1))
    frame = Frame(width, height, 2)
    method = cv2.INTER_AREA if width <= mark_rgba.shape[1] else cv2.INTER_CUBIC
    small = cv2.resize(np.ascontiguousarray(mark_rgba[..., 3]), (width, height), interpolation=method)
    alpha = np.pad(small.astype(np.float32) / 255, frame.margin)
    steps = (to_crop @ frame.to_mark())[:2]
    steps[:, 2] -= 0.5
    return np.asarray(cv2.warpAffine(alpha, steps, (shape[1], shape[0]), flags=cv2.INTER_LINEAR), np.float32)


def _ink_box(own: Floats) -> Box | None:
    rows, columns = np.nonzero((own > 0.5).any(axis=1))[0], np.nonzero((own > 0.5).any(axis=0))[0]
    if not len(rows):
        return None
    return Box(float(columns[0]), float(rows[0]), float(columns[-1] + 1 - columns[0]), float(rows[-1] + 1 - rows[0]))


def _edges(crop: NDArray[np.uint8]) -> Floats:
    import cv2

    lab = cv2.cvtColor(crop.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    across, down = cv2.Sobel(lab, cv2.CV_32F, 1, 0, scale=0.25), cv2.Sobel(lab, cv2.CV_32F, 0, 1, scale=0.25)
    together = np.ones((1, 3), np.float32)
    return np.asarray(np.sqrt(cv2.transform(across * across + down * down, together).reshape(crop.shape[:2])))


def _distance(ink: Box, shape: tuple[int, ...]) -> Floats:
    """Distance of every pixel from the ink's box in pixels, the larger of across and down; 0 inside."""
    y, x = np.arange(shape[0], dtype=np.float32), np.arange(shape[1], dtype=np.float32)
    across = np.maximum(np.maximum(ink.x - x - 1, x - ink.right), 0)
    down = np.maximum(np.maximum(ink.y - y - 1, y - ink.bottom), 0)
    inside = (x[None, :] >= ink.x) & (x[None, :] < ink.right) & (y[:, None] >= ink.y) & (y[:, None] < ink.bottom)
    return np.where(inside, 0, np.maximum(np.maximum(across[None, :], down[:, None]), 1e-3)).astype(np.float32)
