"""How far plain figures, as discs, boxes and triangles are, agree with a mark: what any such thing in a picture reaches is no proof."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.mark_color import share_kept
from brandkit.metric.mark_measure import MarkReading
from brandkit.metric.mark_model import Floats, Frame, Pose, draw_mark, frame_for, once
from brandkit.metric.mark_pyramid import on_ground
from brandkit.metric.mark_search import KEPT, WORN_MASS, is_odd
from brandkit.metric.orientation import orientation_field

AREA = 2_500  # px of the mark while figures are laid over it
SIZES = ((1.0, 1.0), (0.9, 1.0), (1.1, 1.0), (1.0, 0.9), (1.0, 1.1))  # times the size and the width of the mark's ink
INKED = 0.1  # alpha from which a pixel belongs to the ink's extent
FIGURE = 0.70  # agreement with a plain figure from which a mark is one itself, so that its shape alone proves nothing
ABOVE = 0.55  # share of what a plain figure leaves open by which edges must agree better to be the mark's,
ABOVE_NEAR = 0.4  # likewise in its own colours, or where no ink differs,
ABOVE_ODD = 0.75  # and in other colours and an odd pose
ABOVE_WORN, ABOVE_WORN_NEAR = 0.35, 0.2  # likewise where the ink as a whole agrees, too
ABOVE_LOOSE, ABOVE_LOOSE_NEAR = 0.6, 0.25  # likewise of averaged edges
ABOVE_KEPT = 0.5  # likewise of the share that its colours explain
SAME_PAINT = 8.0  # ΔE00 of every paint up to which a figure's colours are the mark's
NEAR_PAINT = 25.0  # ΔE00 up to which it may be the mark in other colours, or so soft that they are mixed with the ground's
EXACT_NCC, EXACT_RESIDUAL = 0.75, 0.12  # agreement and residual from which a figure is the mark,
EXACT_POSE = 8.0  # where it is off its proportions by less %, and turned by less degrees
LEAST_SIDE = 12.0  # px, geometric mean of its sides: of what is smaller, edges prove nothing

Field = NDArray[np.float32]
Figure = Callable[[Field, Field], Field]  # positions across and down, -1..1 over the ink; below 0 inside, in units of its half side


class Placed(NamedTuple):
    """Figures, their centre in pixels, and their half sides as the columns of a matrix, shape (2, 2)."""

    figures: tuple[Figure, ...]
    centre: NDArray[np.float64]
    axes: NDArray[np.float64]


class Common(NamedTuple):
    """The agreement of edges, and of averaged edges, that the best of all plain figures reaches."""

    edges: float
    loose: float


def _rounded(radius: float) -> Figure:
    def figure(x: Field, y: Field) -> Field:
        across, down = np.abs(x) - 1 + radius, np.abs(y) - 1 + radius
        outside = np.hypot(np.maximum(across, 0), np.maximum(down, 0))
        return np.asarray(outside + np.minimum(np.maximum(across, down), 0) - radius, np.float32)

    return figure


def _ellipse(x: Field, y: Field) -> Field:
    return np.asarray(np.hypot(x, y) - 1, np.float32)


def _ring(x: Field, y: Field) -> Field:
    return np.asarray(np.abs(np.hypot(x, y) - 0.8) - 0.2, np.float32)


def _diamond(x: Field, y: Field) -> Field:
    return np.asarray((np.abs(x) + np.abs(y) - 1) * math.sqrt(0.5), np.float32)


def _triangle(x: Field, y: Field) -> Field:
    return np.asarray(np.maximum(y - 1, (np.abs(x) - (y + 1) / 2) * 0.9), np.float32)


FIGURES: tuple[Figure, ...] = (
    _ellipse, _ring, _rounded(0.0), _rounded(0.4), _rounded(0.7), _diamond, _triangle,
    lambda x, y: _triangle(x, -y), lambda x, y: _triangle(y, x), lambda x, y: _triangle(y, -x),
)  # fmt: skip


def common_agreement(mark: Floats) -> Common:
    """The agreement that plain figures reach with a mark, premultiplied RGBA in 0..1, shape (h, w, 4)."""
    return once(mark, "common agreement", lambda: _agreement(mark))


def common_share(mark: Floats) -> float:
    """The share that the mark explains (see `share_kept`) of a plain figure in its own mean colour."""
    return once(mark, "common share", lambda: _share(mark))


def is_proven(reading: MarkReading, mark: Floats) -> bool:
    """True where what was found agrees with the mark better than any disc, box or triangle would.

    A mark that is such a figure itself is proven by its boundary, ground, colours and proportions together.
    """
    by_colour = reading.kept != reading.loose and reading.kept >= KEPT  # where equal, it is edges that it was taken from
    if by_colour and reading.kept >= _above(common_share(mark), ABOVE_KEPT):
        return True
    if math.sqrt(reading.box.area) < LEAST_SIDE:
        return False
    return _is_exact(reading) or _is_shaped(reading, common_agreement(mark), near=reading.delta_e <= NEAR_PAINT, by_colour=by_colour)


def may_be_meant(reading: MarkReading, mark: Floats) -> bool:
    """True where what was found is more than another plain figure: by its colours, or by its shape."""
    if reading.delta_e <= NEAR_PAINT:
        return True
    common = common_agreement(mark).edges
    return common < FIGURE and reading.ncc >= common


def _is_exact(reading: MarkReading) -> bool:
    """True for the mark as it was drawn."""
    drawn = reading.ncc >= EXACT_NCC and reading.residual <= EXACT_RESIDUAL and reading.delta_e <= SAME_PAINT
    return drawn and abs(reading.aspect_error) <= EXACT_POSE and abs(reading.rotation) <= EXACT_POSE


def _is_shaped(reading: MarkReading, common: Common, *, near: bool, by_colour: bool) -> bool:
    """True where edges agree better than a plain figure's; the more is asked of them the less else agrees."""
    if common.edges >= FIGURE:
        return False
    odd = is_odd(reading)
    alike = near or (reading.residual <= EXACT_RESIDUAL and not odd)
    if reading.ncc >= _above(common.edges, ABOVE_NEAR if alike else ABOVE_ODD if odd else ABOVE):
        return True
    worn = reading.mass >= WORN_MASS and reading.ncc >= _above(common.edges, ABOVE_WORN_NEAR if near else ABOVE_WORN)
    return worn or reading.loose >= _above(common.loose, ABOVE_LOOSE_NEAR if near or by_colour else ABOVE_LOOSE)


def _above(common: float, share: float) -> float:
    return common + share * (1 - common)


def _agreement(mark: Floats) -> Common:
    import cv2

    frame = frame_for(mark.shape[1], mark.shape[0], AREA)
    canvas, _ = on_ground(*draw_mark(mark, frame))
    half = max(1, frame.shape[1] // 2), max(1, frame.shape[0] // 2)
    fields = [orientation_field(canvas), *(orientation_field(figure[..., None]) for figure in _drawn(mark, frame, SIZES))]
    averaged = [np.asarray(cv2.resize(field, half, interpolation=cv2.INTER_AREA), np.float32) for field in fields]
    edges, loose = (max((_cosine(kind[0], other) for other in kind[1:]), default=0.0) for kind in (fields, averaged))
    return Common(edges, loose)


def _share(mark: Floats) -> float:
    frame = frame_for(mark.shape[1], mark.shape[0], AREA)
    colour, alpha = draw_mark(mark, frame)
    ink, (_, ground) = colour.sum(axis=(0, 1)) / max(1e-6, float(alpha.sum())), on_ground(colour, alpha)
    place = Pose.of_box(Box(frame.margin, frame.margin, frame.width, frame.height))
    pictures = (ground + (ink - ground) * figure[..., None] for figure in _drawn(mark, frame, SIZES[:2]))
    return max((share_kept(np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8), mark, place) for picture in pictures), default=0.0)


def _drawn(mark: Floats, frame: Frame, sizes: tuple[tuple[float, float], ...]) -> Iterator[Field]:
    """Plain figures that cover the mark's ink as well as they can: what they cover of each pixel of the frame, in 0..1."""
    alpha = draw_mark(mark, frame)[1]
    if not (alpha > INKED).any():
        return
    down, across = (np.asarray(grid, np.float32) for grid in np.mgrid[0 : frame.shape[0], 0 : frame.shape[1]])
    for figures, centre, axes in (_by_extent(alpha), _by_moments(alpha, across, down)):
        for size, width in sizes:
            scaled = axes * np.array([size * width, size / width])  # columns: half sides as vectors
            inverse = np.linalg.inv(scaled)
            x = inverse[0, 0] * (across - centre[0]) + inverse[0, 1] * (down - centre[1])
            y = inverse[1, 0] * (across - centre[0]) + inverse[1, 1] * (down - centre[1])
            for figure in figures:
                beyond = figure(np.asarray(x, np.float32), np.asarray(y, np.float32)) * np.linalg.norm(scaled, axis=0).min()
                yield np.asarray(np.clip(0.5 - beyond, 0, 1), np.float32)


def _by_extent(alpha: Floats) -> Placed:
    """Every figure, upright, as wide and as high as the ink."""
    inked = alpha > INKED
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    centre = np.array([columns[0] + columns[-1], rows[0] + rows[-1]]) / 2
    return Placed(FIGURES, centre, np.diag([columns[-1] + 1 - columns[0], rows[-1] + 1 - rows[0]]) / 2)


def _by_moments(alpha: Floats, across: Field, down: Field) -> Placed:
    """Those without corners, turned and as broad as the ink is by its moments."""
    weight = float(alpha.sum())
    places = np.stack([across, down])
    centre = (places * alpha).sum(axis=(1, 2)) / weight
    away = places - centre[:, None, None].astype(np.float32)
    squares, turn = np.linalg.eigh(np.einsum("ihw,jhw,hw->ij", away, away, alpha).astype(np.float64) / weight)
    return Placed(FIGURES[:1], centre, turn * 2 * np.sqrt(np.maximum(squares, 0.25)))


def _cosine(one: Field, other: Field) -> float:
    norm = math.sqrt(float((one**2).sum()) * float((other**2).sum()))
    return float((one * other).sum()) / norm if norm > 1e-9 else 0.0
