"""Find a mark that is near its place but smaller or turned."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.mark_measure import MarkReading, align, read_alike
from brandkit.metric.mark_model import Floats, Frame, Pose, draw_mark, sample
from brandkit.metric.mark_pyramid import agreement
from brandkit.metric.orientation import orientation_field

WINDOW_AREA = 20_000  # px of the mark's place; larger ones are reduced
REACH = 0.35  # of the mark's shorter side around its place that is searched
SCALES = tuple(1.1**-step for step in range(22))  # 1 to 0.13 of the expected size
STEP = 12  # degrees between turned templates; the alignment follows by itself from half of it
SLIGHT = (-16, -8, -4, 4, 8, 16)  # and those between that thin parallel strokes need, of which the alignment takes one for another
TURNS = tuple(float(turn) for turn in sorted({*range(-180, 180, STEP), *SLIGHT}) if turn)
LARGE_TURN = 0.05  # of agreement that a half turn must bring over none: some marks look almost the same at several angles
LEAST_SIDE = 6  # px of a template's shorter side; below it nothing has a shape
READ_AREA = 24_000  # px
WORTH = 0.25  # agreement of a template from which its place is aligned
TRIED = 3  # places aligned


def search_near(rgb: NDArray[np.uint8], mark: Floats, expected: Pose) -> MarkReading | None:
    """The mark as it stands near where it should: smaller, or turned about its centre.

    Args:
        rgb: Picture, shape (H, W, 3), uint8, sRGB.
        mark: Premultiplied RGBA in 0..1, shape (h, w, 4).
        expected: Where it should stand.

    Returns:
        The best reading, its scale and offset against the expected pose; None when nothing there resembles the mark.
    """
    found = sorted((*_smaller(rgb, mark, expected.box), *_turned(rgb, mark, expected.box)), key=lambda item: -item[0])
    best: MarkReading | None = None
    for _, start in found[:TRIED]:
        pose = align(rgb, mark, start, area=READ_AREA, better=0.0)
        reading = read_alike(rgb, mark, pose, _upright(start), area=READ_AREA)
        if best is None or reading.ncc > best.ncc:
            best = reading
    if best is None:
        return None
    shift = best.pose.centre - expected.centre
    sides = [abs(float(np.linalg.det(pose.matrix[:, :2]))) for pose in (best.pose, expected)]
    return replace(best, scale=math.sqrt(sides[0] / max(1e-9, sides[1])), offset=(float(shift[0]), float(shift[1])))


def _upright(pose: Pose) -> Pose:
    width, height = (float(np.linalg.norm(pose.matrix[:, column])) for column in (0, 1))
    x, y = pose.centre
    return Pose.of_box(Box(float(x) - width / 2, float(y) - height / 2, width, height))


def _smaller(rgb: NDArray[np.uint8], mark: Floats, box: Box) -> list[tuple[float, Pose]]:
    import cv2

    step = max(1.0, math.sqrt(box.area / WINDOW_AREA))
    outer = box.grown(REACH * min(box.w, box.h) + 4 * step)
    rows, columns = outer.pixels(rgb.shape[1], rgb.shape[0])
    crop = rgb[rows, columns]
    if min(crop.shape[:2]) < LEAST_SIDE:
        return []
    if step > 1:
        crop = np.asarray(cv2.resize(crop, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA), np.uint8)
    fx, fy = crop.shape[1] / (columns.stop - columns.start), crop.shape[0] / (rows.stop - rows.start)
    field = orientation_field(np.asarray(crop / np.float32(255), np.float32))
    found = []
    for scale in SCALES:
        frame = Frame(round(scale * box.w * fx), round(scale * box.h * fy), 2)
        if min(frame.width, frame.height) < LEAST_SIDE or any(a > b for a, b in zip(frame.shape, field.shape[:2], strict=True)):
            continue
        _, score, _, (x, y) = cv2.minMaxLoc(agreement(field, _field(mark, frame)))
        place = Box(columns.start + (x + 2) / fx, rows.start + (y + 2) / fy, frame.width / fx, frame.height / fy)
        width = scale * box.w  # templates have whole pixels; the mark keeps its proportions
        centre = place.x + place.w / 2, place.y + place.h / 2
        start = Box(centre[0] - width / 2, centre[1] - scale * box.h / 2, width, scale * box.h)
        if score >= WORTH:
            found.append((float(score), Pose.of_box(start)))
    return found


def _turned(rgb: NDArray[np.uint8], mark: Floats, box: Box) -> list[tuple[float, Pose]]:
    step = max(1.0, math.sqrt(box.area / (WINDOW_AREA / 4)))
    frame = Frame(max(4, round(box.w / step)), max(4, round(box.h / step)), 3)
    wanted = _field(mark, frame)
    energy = float((wanted**2).sum())
    found = []
    for turn in TURNS:
        pose = Pose.of_box(box, turn)
        seen = orientation_field(sample(rgb, pose, frame))
        norm = math.sqrt(energy * float((seen**2).sum()))
        score = float((wanted * seen).sum()) / norm if norm > 1e-9 else 0.0
        if score >= WORTH:
            found.append((score - LARGE_TURN * abs(turn) / 180, pose))
    return found


def _field(mark: Floats, frame: Frame) -> Floats:
    """Edge directions of the mark on a plain ground that is unlike it."""
    colour, alpha = draw_mark(mark, frame)
    inked = alpha > 0.5
    light = inked.any() and float((colour[inked] / alpha[inked][:, None]).mean()) >= 0.55
    ground = np.float32(0.0 if light else 1.0)
    return orientation_field(np.asarray(colour + (1 - alpha[..., None]) * ground, np.float32))
