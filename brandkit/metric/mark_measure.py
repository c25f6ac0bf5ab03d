"""Read a logo where it is expected: is it there, and is it the one that was drawn?"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.mark_model import Floats, Frame, Pose, frame_for, paint_masks, premultiply
from brandkit.metric.mark_view import PaintReading, View, ecc

AREA = 36_000  # pixels of the mark when it is read; larger marks are reduced to this
COARSE_AREA = 4_000  # pixels of the mark when it is first aligned
FINE_AREA = 14_000  # pixels of the mark when the alignment is refined: 0.2° and 0.3 % are still a quarter of a pixel
BETTER = 0.02  # of agreement that another pose must bring: less is noise of the ground, and the expected pose stands
FOUND_NCC = 0.40  # orientation agreement above which the mark is there; where it is missing nothing reaches 0.25
EDGES_AGREE = 0.62  # agreement from which nothing else need be asked
FOUND_MASS = 0.78  # agreement of the smoothed ink from which a soft or melted mark is there; other marks in its place stay below 0.75
TRACE_NCC = 0.15  # agreement of edges that melted marks keep, and others by chance
SMEARED_MASS = 0.92  # FOUND_MASS without it, smoothed twice as far
SMOOTHING = 0.06  # of the mark's height, over which ink is smoothed for that
ONLY_ADDED = 0.1  # of what differs that may be lacking where something was only added
LEAST_TURN = 0.5  # degrees below which it does not matter whether they can be seen
LEAST_CONTRAST = 4.0  # ΔE76 between ink and ground below which nobody sees the mark
LEAST_VISIBLE = 0.35  # share of the ink that must stand out; plates and tints may sink into the ground


@dataclass(frozen=True)
class MarkReading:
    """What was read of one mark. Lengths are picture pixels."""

    found: bool
    ncc: float
    """Agreement of edge directions in [-1, 1]; 1 is the mark itself, whatever its colours."""
    box: Box
    """The box of the whole mark (its file's canvas) as found."""
    aspect_error: float
    """% by which width to height exceeds the mark's own; negative when it is too narrow."""
    rotation: float
    """Degrees counter-clockwise; 0 where the mark looks the same from all sides."""
    scale: float
    """Size relative to the expected box."""
    offset: tuple[float, float]
    """How far its centre lies from the expected one."""
    residual: float
    """Share of the ink that is missing, added or displaced after alignment, in 0..1 and above; 0 is perfect."""
    sharpness: float
    """Edge slope relative to a crisp rendering of the same size: 1 crisp, 0.5 visibly soft."""
    contrast: float
    """ΔE76 between ink and ground."""
    visible: float
    """Share of the ink that stands out from the ground; what is as dark as its ground does not count."""
    noise: float
    """ΔE76 of the ground's own texture; above about 4 it is a photograph."""
    paints: tuple[PaintReading, ...]
    pose: Pose
    mass: float = 0.0
    """Agreement in [-1, 1] of the ink smoothed over a few strokes, which blurred and melted marks keep; 0 where edges agree already."""
    loose: float = 0.0
    """Agreement in [-1, 1] of edge directions averaged over a twentieth of the mark; read where it was searched for and is not crisp."""
    around: float = 0.0
    """`residual` with shadows and outlines, seen against the ground further off; read where it was searched for and that is calm."""
    kept: float = 0.0
    """Share of what is seen there that the mark in its own colours explains, once as soft as it; read where edges found none."""
    lacking: float = 0.0
    """The part of `residual` that is the mark's own ink and not there; the rest was added."""
    spread: float = 0.0
    """`residual` that was added, without the allowance for noise and counted the more the farther it lies; see `Residual`."""
    exact: bool = False
    """True when it was compared pixel by pixel with its own drawing, so that the numbers carry no noise of resampling."""

    @property
    def delta_e(self) -> float:
        """ΔE00 of the paint that strayed most."""
        return max((paint.delta_e for paint in self.paints), default=0.0)

    @property
    def strength(self) -> float:
        """How much was added beside a mark, in 0..1, by its darkness and its extent; 0 where ink of its own is lacking."""
        return self.spread / (1 + self.spread) if self.lacking <= ONLY_ADDED * self.residual else 0.0

    @property
    def plain(self) -> bool:
        """True when it stands out from its ground."""
        return self.contrast >= LEAST_CONTRAST and self.visible >= LEAST_VISIBLE

    @property
    def located(self) -> bool:
        """True when the mark's shape stands there, be it as pale as its ground."""
        return self.ncc >= FOUND_NCC or self.whole

    @property
    def agreement(self) -> float:
        """How well the mark's shape is kept, in [-1, 1]: by its edges, or as a whole where they are soft or melted."""
        return max(self.ncc, self.mass) if self.whole else self.ncc

    @property
    def whole(self) -> bool:
        """True when the ink as a whole is the mark's; where no edge agrees, only a smear of it is."""
        return self.mass >= (FOUND_MASS if self.ncc >= TRACE_NCC else SMEARED_MASS)


def measure_mark(rgb: NDArray[np.uint8], mark_rgba: NDArray[np.uint8], box: Box, *, area: int = AREA) -> MarkReading:
    """Read the mark that should fill `box`.

    Args:
        rgb: Picture, shape (H, W, 3), uint8, sRGB.
        mark_rgba: The mark, straight RGBA, shape (h, w, 4), uint8, sRGB, in its own proportions; ideally at least as
            large as `box`.
        box: Where it should stand, in picture pixels; displacements up to about a third of its height are followed.
        area: Pixels of the frame that it is measured in; smaller is faster and coarser.

    Returns:
        The reading; `found` is false when edges there do not run as in the mark, and the other numbers then mean nothing.

    Raises:
        ValueError: Arrays of another shape or type, or an empty box.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8:
        raise ValueError(f"rgb must be uint8 of shape (H, W, 3), got {rgb.dtype} {rgb.shape}")
    if mark_rgba.ndim != 3 or mark_rgba.shape[2] != 4 or mark_rgba.dtype != np.uint8:
        raise ValueError(f"mark_rgba must be uint8 of shape (h, w, 4), got {mark_rgba.dtype} {mark_rgba.shape}")
    if box.w < 1 or box.h < 1:
        raise ValueError(f"the box must be at least 1 px wide and high, got {box!r}")
    expected, mark = Pose.of_box(box), premultiply(mark_rgba)
    return read_pose(rgb, mark, align(rgb, mark, expected, area=area), expected, area=area)


def align(rgb: NDArray[np.uint8], mark: Floats, start: Pose, *, area: int, better: float = BETTER) -> Pose:
    """The pose near `start` at which the picture agrees best with the mark: coarse first, then fine.

    Another pose must agree by `better` more than the one before it.
    """
    width, height = (float(np.linalg.norm(start.matrix[:, column])) for column in (0, 1))
    pose, agreement = start, None
    for pixels, steps in ((min(COARSE_AREA, area), 40), (min(FINE_AREA, area), 10)):
        frame = frame_for(width, height, pixels)
        view = View.of(rgb, mark, pose, frame)
        warp = ecc(view, steps, slide=frame.margin if agreement is None else 0)
        agreement = view.ncc()
        if warp is None:
            break
        other = warped(pose, frame, warp)
        if View.of(rgb, mark, other, frame).ncc() < agreement + better:
            break
        pose = other
    return pose


def warped(pose: Pose, frame: Frame, warp: NDArray[np.float64]) -> Pose:
    """`pose` after `warp`, shape (3, 3), in the pixels of `frame`."""
    to_mark = frame.to_mark()
    return Pose((np.vstack([pose.matrix, [0, 0, 1]]) @ to_mark @ warp @ np.linalg.inv(to_mark))[:2])


def read_pose(rgb: NDArray[np.uint8], mark: Floats, pose: Pose, expected: Pose, *, area: int) -> MarkReading:
    """Everything there is to read once the mark's pose is known."""
    width, height = (float(np.linalg.norm(expected.matrix[:, column])) for column in (0, 1))
    frame = frame_for(width, height, area)
    return read_view(View.of(rgb, mark, pose, frame), pose, expected)


def read_alike(rgb: NDArray[np.uint8], mark: Floats, pose: Pose, expected: Pose, *, area: int) -> MarkReading:
    """`read_pose` of a mark that is compared as its pixels would show it there."""
    width, height = (float(np.linalg.norm(expected.matrix[:, column])) for column in (0, 1))
    view = View.of(rgb, mark, pose, frame_for(width, height, area)).alike(mark, pose)
    return read_view(view, pose, expected)


def read_view(view: View, pose: Pose, expected: Pose, *, furthest: float = 1.6) -> MarkReading:
    """The reading of a mark that stands beside its picture already; scaled by more than `furthest` it is not found."""
    rotation, aspect, scale = decompose(pose, expected)
    if abs(rotation) > LEAST_TURN and view.turns_unseen():
        rotation = 0.0
    ncc = view.ncc()
    gain, masks = view.gain(), paint_masks(view.colour, view.alpha)
    mass, level = (0.0, gain) if ncc >= EDGES_AGREE else view.mass(SMOOTHING if ncc >= TRACE_NCC else 2 * SMOOTHING)
    sharpness, differs, paints = view.sharpness(gain), view.residual(gain, masks), view.paints(masks)
    offset = pose.centre - expected.centre
    contrast, visible = float(max(gain, level) * view.ink_level()), view.visible()
    reading = MarkReading(
        False, ncc, pose.box, aspect, rotation, scale, (float(offset[0]), float(offset[1])), differs.whole, sharpness, contrast,
        visible, view.ground.noise, tuple(paints), pose, mass, lacking=differs.lacking, spread=differs.spread,
    )  # fmt: skip
    return replace(reading, found=reading.plain and reading.located and 1 / furthest < scale < furthest)


def decompose(pose: Pose, expected: Pose) -> tuple[float, float, float]:
    """Rotation (degrees), aspect error (%) and scale that lead from `expected` to `pose`, by polar decomposition."""
    linear = pose.matrix[:, :2] @ np.linalg.inv(expected.matrix[:, :2])
    left, singular, right = np.linalg.svd(linear)
    turn = left @ right
    stretch = turn.T @ linear
    rotation = -math.degrees(math.atan2(turn[1, 0] - turn[0, 1], turn[0, 0] + turn[1, 1]))
    return rotation, 100 * (stretch[0, 0] / stretch[1, 1] - 1) if stretch[1, 1] else 0.0, math.sqrt(float(np.prod(singular)))
