"""Find a logo in a picture that nobody laid out here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.mark_measure import MarkReading, align, read_pose
from brandkit.metric.mark_model import Floats, Frame, Pose, draw_mark, premultiply
from brandkit.metric.orientation import orientation_field

TEMPLATE = 40.0  # px, geometric mean of the mark's sides while searching: enough to tell marks apart, small enough to be fast
LEAST_SIDE = 9  # px of a template's short side; below it a long mark has no shape left
SHORT_SIDE = 640  # px of the largest picture searched; smaller marks than TEMPLATE in it are too small to judge
STEP = 1.16  # between scales; the template still agrees when it is off by half a step
PEAKS = 3  # candidates of each scale; one is not enough for plain silhouettes
CANDIDATES = 10
REFINED = 3  # candidates that are aligned
CLEAR_NCC = 0.80  # agreement and residual of an aligned candidate that no other can beat: the rest need no alignment
CLEAR_RESIDUAL = 0.12
LEAST_NCC = 0.30  # agreement in the coarse search below which nothing is worth aligning
SURE_NCC = 0.62  # agreement from which rotated templates cannot do better
TURNS = (-24.0, -12.0, 12.0, 24.0)  # degrees; between them the alignment follows by itself
HALVED_FROM = 16  # px of a template's short side, from which half of it is enough to find the places to look at closely
AROUND = 3  # px around such a place
BORDER = 6  # px of nothing around the picture, so that a mark that fills it is found
BLUR = 0.9  # px; forgives half a step of scale
SAME_RATIO = 0.03  # by which the proportions of two drawings of one mark may differ
SAME_SHAPE = 0.85  # agreement from which two marks are the same but for their colours
SEARCH_AREA = 5_000  # px of the mark while candidates are compared
FINAL_AREA = 24_000


@dataclass(frozen=True)
class Candidate:
    """A place where the mark might be."""

    score: float
    box: Box
    turn: float = 0.0


@dataclass(frozen=True)
class Pyramid:
    """Edge directions of a picture at all scales that are searched, made once for all marks."""

    fields: tuple[tuple[float, Floats], ...]
    """Scale (search pixels per picture pixel) and field, largest first."""
    width: int
    height: int


def build_pyramid(rgb: NDArray[np.uint8]) -> Pyramid:
    """Edge directions of `rgb`, shape (H, W, 3), uint8, at every scale at which a mark may be found."""
    import cv2

    height, width = rgb.shape[:2]
    scale = min(1.0, SHORT_SIDE / min(height, width))
    fields = []
    picture = rgb
    while min(height, width) * scale >= TEMPLATE * 0.8:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        field = cv2.GaussianBlur(orientation_field(np.asarray(picture / np.float32(255), np.float32)), (0, 0), BLUR)
        padded = cv2.copyMakeBorder(field, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_CONSTANT, value=(0, 0))
        fields.append((scale, np.asarray(padded, np.float32)))
        scale /= STEP
    return Pyramid(tuple(fields), width, height)


def find_mark(
    rgb: NDArray[np.uint8], mark_rgba: NDArray[np.uint8], *, pyramid: Pyramid | None = None, turns: bool = True,
    variants: Sequence[NDArray[np.uint8]] = (),
) -> MarkReading | None:  # fmt: skip
    """Look for a mark of unknown place, size, colour and polarity, upright or turned up to about 35°.

    Args:
        rgb: Picture, shape (H, W, 3), uint8, sRGB.
        mark_rgba: The mark, straight RGBA, shape (h, w, 4), uint8, in its own proportions.
        pyramid: `build_pyramid(rgb)`, when several marks are looked for.
        turns: Also look for turned marks where no upright one is certain.
        variants: The same shape in other colours; each place is read with the one that suits its ground.

    Returns:
        The best reading, whose `found` says whether it is the mark; None when nothing resembles it at all.

    Raises:
        ValueError: Arrays of another shape or type.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8:
        raise ValueError(f"rgb must be uint8 of shape (H, W, 3), got {rgb.dtype} {rgb.shape}")
    pyramid, mark = pyramid or build_pyramid(rgb), premultiply(mark_rgba)
    upright = search(pyramid, mark, (0.0,))
    marks = [mark, *(premultiply(variant) for variant in variants)]
    best = _best(rgb, marks, upright)
    if turns and (best is None or best.ncc < SURE_NCC):
        coarse = Pyramid(pyramid.fields[5:], pyramid.width, pyramid.height)  # the small scales cost most, and turned marks are rare
        turned = _best(rgb, marks, search(coarse, mark, TURNS))
        if turned is not None and (best is None or _rank(turned) < _rank(best) - 0.1):
            best = turned
    return best


def read_again(rgb: NDArray[np.uint8], mark_rgba: NDArray[np.uint8], pose: Pose) -> MarkReading:
    """The reading of another variant of a mark at the pose where one was found."""
    width, height = (float(np.linalg.norm(pose.matrix[:, column])) for column in (0, 1))
    ratio, side = math.sqrt(mark_rgba.shape[1] / mark_rgba.shape[0]), math.sqrt(width * height)
    x, y = (float(value) for value in pose.centre)
    drawn = Box(x - side * ratio / 2, y - side / ratio / 2, side * ratio, side / ratio)
    return read_pose(rgb, premultiply(mark_rgba), pose, Pose.of_box(drawn), area=FINAL_AREA)


def same_shape(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> bool:
    """True when two marks differ in their colours only, so that looking for one finds the other.

    Args:
        first: Straight RGBA, shape (h, w, 4), uint8.
        second: Straight RGBA of any size.
    """
    ratios = [mark.shape[1] / mark.shape[0] for mark in (first, second)]
    if abs(ratios[0] / ratios[1] - 1) > SAME_RATIO:
        return False
    one, other = (_template(premultiply(mark), 0.0)[0] for mark in (first, second))
    if one.shape != other.shape:
        return False
    norm = math.sqrt(float((one**2).sum()) * float((other**2).sum()))
    return norm > 0 and float((one * other).sum()) / norm > SAME_SHAPE


def search(pyramid: Pyramid, mark: Floats, turns: tuple[float, ...]) -> list[Candidate]:
    """The places that agree most with the mark turned by `turns`, best first, at most `CANDIDATES`."""
    found: list[Candidate] = []
    for turn in turns:
        template, frame = _template(mark, turn)
        for scale, field in pyramid.fields:
            if template.shape[0] > field.shape[0] or template.shape[1] > field.shape[1]:
                break
            found += _peaks(field, template, frame, mark.shape[1] / mark.shape[0], scale, turn)
    found.sort(key=lambda candidate: -candidate.score)
    kept: list[Candidate] = []
    for candidate in found:
        if len(kept) < CANDIDATES and not any(_overlap(candidate.box, other.box) > 0.45 for other in kept):
            kept.append(candidate)
    return kept


def _template(mark: Floats, turn: float) -> tuple[Floats, Frame]:
    import cv2

    ratio = mark.shape[1] / mark.shape[0]
    side = max(TEMPLATE, LEAST_SIDE * math.sqrt(max(ratio, 1 / ratio)))
    frame = Frame(max(4, round(side * math.sqrt(ratio))), max(4, round(side / math.sqrt(ratio))), 3)
    colour, alpha = draw_mark(mark, frame)
    inked = alpha > 0.5
    straight = colour[inked] / alpha[inked][:, None]
    ground = np.ones(3, np.float32) if inked.any() and float(straight.mean()) < 0.55 else np.zeros(3, np.float32)
    canvas = np.asarray(colour + (1 - alpha[..., None]) * ground, np.float32)
    if turn:
        pad = round(0.3 * max(frame.width, frame.height))
        filling = [float(value) for value in ground]
        canvas = np.asarray(cv2.copyMakeBorder(canvas, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=filling), np.float32)
        rows, columns = canvas.shape[:2]
        matrix = cv2.getRotationMatrix2D(((columns - 1) / 2, (rows - 1) / 2), turn, 1.0)
        canvas = np.asarray(cv2.warpAffine(canvas, matrix, (columns, rows), borderValue=filling), np.float32)
    field = cv2.GaussianBlur(orientation_field(canvas), (0, 0), BLUR)
    return np.asarray(field, np.float32), frame


def _peaks(field: Floats, template: Floats, frame: Frame, ratio: float, scale: float, turn: float) -> list[Candidate]:
    found = []
    rows, columns = template.shape[:2]
    for score, x, y in _places(field, template, max(2, frame.width // 3), max(2, frame.height // 3)):
        centre_x, centre_y = x + columns / 2 - BORDER, y + rows / 2 - BORDER
        # The template's sides are whole pixels; the mark's own proportions are what stretching is measured against.
        side = math.sqrt(frame.width * frame.height)
        width, height = side * math.sqrt(ratio), side / math.sqrt(ratio)
        box = Box(centre_x - width / 2, centre_y - height / 2, width, height).scaled(1 / scale, 1 / scale)
        found.append(Candidate(score, box, turn))
    return found


def _places(field: Floats, template: Floats, reach_x: int, reach_y: int) -> list[tuple[float, int, int]]:
    """Score, column and row of the best places; sought at half size where the template keeps its shape there."""
    import cv2

    if min(template.shape[:2]) < HALVED_FROM:
        places = _maxima(_scores(field, template), PEAKS, reach_x, reach_y)
    else:
        half_field, half = (cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for image in (field, template))
        coarse = _scores(np.asarray(half_field, np.float32), np.asarray(half, np.float32))
        places = []
        for _, x, y in _maxima(coarse, PEAKS + 1, reach_x // 2, reach_y // 2):
            left, top = max(0, 2 * x - AROUND), max(0, 2 * y - AROUND)
            window = field[top : 2 * y + AROUND + template.shape[0], left : 2 * x + AROUND + template.shape[1]]
            if window.shape[0] < template.shape[0] or window.shape[1] < template.shape[1]:
                continue
            _, score, _, (dx, dy) = cv2.minMaxLoc(_scores(window, template))
            places.append((float(score), left + dx, top + dy))
    return sorted((place for place in places if place[0] >= LEAST_NCC), reverse=True)[:PEAKS]


def _scores(field: Floats, template: Floats) -> Floats:
    import cv2

    scores = np.asarray(cv2.matchTemplate(field, template, cv2.TM_CCORR_NORMED), np.float32)
    scores[~(scores <= 1.001)] = 0  # division by the energy of a flat window
    return scores


def _maxima(scores: Floats, count: int, reach_x: int, reach_y: int) -> list[tuple[float, int, int]]:
    import cv2

    found = []
    for _ in range(count):
        _, score, _, (x, y) = cv2.minMaxLoc(scores)
        if score < LEAST_NCC:
            break
        found.append((float(score), x, y))
        scores[max(0, y - reach_y) : y + reach_y + 1, max(0, x - reach_x) : x + reach_x + 1] = 0
    return found


def _suited(rgb: NDArray[np.uint8], marks: list[Floats], candidate: Candidate) -> Floats:
    """The variant whose colours are nearest to what stands there: one that sinks into its ground could not be aligned."""
    if len(marks) == 1:
        return marks[0]
    start, upright = Pose.of_box(candidate.box, candidate.turn), Pose.of_box(candidate.box)
    strays = [read_pose(rgb, mark, start, upright, area=SEARCH_AREA).delta_e for mark in marks]
    return marks[int(np.argmin(strays))]


def _best(rgb: NDArray[np.uint8], marks: list[Floats], candidates: list[Candidate]) -> MarkReading | None:
    readings = []
    for candidate in candidates[:REFINED]:
        start = Pose.of_box(candidate.box, candidate.turn)
        mark = _suited(rgb, marks, candidate)
        pose = align(rgb, mark, start, area=SEARCH_AREA, better=0.0)
        upright = Pose.of_box(candidate.box)
        readings.append((read_pose(rgb, mark, pose, upright, area=SEARCH_AREA), candidate, pose, mark))
        if readings[-1][0].ncc >= CLEAR_NCC and readings[-1][0].residual <= CLEAR_RESIDUAL:
            break
    if not readings:
        return None
    _, candidate, pose, mark = min(readings, key=lambda item: _rank(item[0]))
    closer = align(rgb, mark, pose, area=FINAL_AREA, better=0.0)
    return read_pose(rgb, mark, closer, Pose.of_box(candidate.box), area=FINAL_AREA)


def _rank(reading: MarkReading) -> float:
    return min(2.0, reading.residual) - 0.5 * reading.ncc * (1.0 if reading.contrast > 2 else 0.0) - reading.ncc


def _overlap(first: Box, second: Box) -> float:
    common = first.intersection(second).area
    return common / max(1e-9, first.area + second.area - common)
