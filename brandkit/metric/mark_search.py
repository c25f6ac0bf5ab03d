"""Find a logo in a picture that nobody laid out here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.mark_color import share_explained
from brandkit.metric.mark_measure import BETTER, LEAST_CONTRAST, LEAST_TURN, MarkReading, decompose, read_pose, read_view, warped
from brandkit.metric.mark_model import Floats, Pose, draw_mark, fingerprint, frame_for, premultiply, sample
from brandkit.metric.mark_paint import searched_paints
from brandkit.metric.mark_pyramid import BORDER, FINER, SIDE, Level, Pyramid, Template, on_ground, template_for
from brandkit.metric.mark_stiff import stiffly, stiffly_turned
from brandkit.metric.mark_turned import turned_places
from brandkit.metric.mark_view import View, ecc
from brandkit.metric.mark_worn import doubted, residual_around, worn
from brandkit.metric.orientation import orientation_field

PEAKS = 3  # candidates of each level; one is not enough for plain silhouettes
CANDIDATES = 10
REFINED = 4  # candidates that are aligned
SAME_PAINT = 2.0  # ΔE00 up to which a paint is the right one, whatever coding and scaling did to it
OTHER_PAINT = 6.0  # ΔE00 from which a paint is another one
FADED = 0.5  # strength up to which a mark is faded, and not in another colour
AS_EDGED = 0.05  # of agreement that a colouring may stay behind another and still be the one that is seen
CLEAR_NCC = 0.80  # agreement and residual of an aligned candidate that no other can beat: the rest need no alignment
CLEAR_RESIDUAL = 0.12
LEAST_NCC = 0.35  # agreement in a level below which nothing is worth aligning
LEAST_FINE = 0.50  # likewise for smaller marks, of which there is more to confuse them with
SURE_NCC = 0.60  # agreement from which it is certainly the mark; other brands' marks and pictures stay below 0.5
SURE_RESIDUAL = 0.60  # share of differing ink up to which it is
BEYOND_NCC = 0.75  # agreement from which it is the mark whatever was drawn around it
WORN_NCC = 0.42  # agreement of edges, and of its ink as a whole, from which it is the mark though something was done to it;
WORN_MASS = 0.90  # of other marks none reaches both
KEPT = 0.60  # share of what is seen that a mark found by its colours explains, from which it is the mark; chance reaches 0.59
LONG = 2.0  # times its shorter side from which a mark some degrees off does not lie on itself, so that its angle is sought first
ODD_TURN = 10.0  # degrees and % of aspect from which so many poses were tried that some agree by chance
ODD_ASPECT = 15.0
ODD_NCC = 0.70  # SURE_NCC for those
STEADY_ASPECT = 6.0  # % up to which, and agreement of averaged edges from which, it is not asked of them
STEADY_LOOSE = 0.70
WORN_TURN = 25.0  # degrees up to which a worn mark may be turned
SAME_RATIO = 0.03  # by which the proportions of two drawings of one mark may differ
SAME_SHAPE = 0.85  # agreement from which two marks are the same but for their colours
COARSE_AREA = 4_000  # px of the mark while it is first aligned
FINE_AREA = 12_000
COARSE_STEPS, FINE_STEPS = 40, 12  # of alignment
FINAL_AREA = 24_000
UNPULLED = 0.1  # of agreement that it may lose when it is not
EXPLAINED = 0.3  # share of what is seen that such a mark must explain
PALE = 0.5  # of agreement that a mark must bring which nobody sees, so that it goes before chance and behind what is seen
SLIDE = 0.1  # of the mark's mean side that a candidate may lie beside its place


class Candidate(NamedTuple):
    """A place where the mark might be."""

    score: float
    box: Box
    turn: float = 0.0


@dataclass(frozen=True)
class Found:
    """The reading of a place and which of the variants stands there."""

    reading: MarkReading
    variant: int = 0
    likeness: bool = False
    """True where it is like the mark, and not certainly it."""


def build_pyramid(rgb: NDArray[np.uint8], *, lossy: bool = False) -> Pyramid:
    """What is searched: `rgb`, shape (H, W, 3), uint8, sRGB, shared by all marks that are looked for in it.

    What the coding of `lossy` files does by itself is allowed for in the readings.

    Raises:
        ValueError: An array of another shape or type.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8:
        raise ValueError(f"rgb must be uint8 of shape (H, W, 3), got {rgb.dtype} {rgb.shape}")
    return Pyramid(rgb, lossy)


def find_mark(rgb: NDArray[np.uint8], mark_rgba: NDArray[np.uint8], *, pyramid: Pyramid | None = None) -> MarkReading | None:
    """Look for a mark of unknown place, size, colour, polarity and angle.

    Args:
        rgb: Picture, shape (H, W, 3), uint8, sRGB.
        mark_rgba: The mark, straight RGBA, shape (h, w, 4), uint8, in its own proportions.
        pyramid: `build_pyramid(rgb)`, when several marks are looked for.

    Returns:
        The best reading, whose `found` says whether it is the mark; None when nothing resembles it at all.

    Raises:
        ValueError: Arrays of another shape or type.
    """
    pyramid = pyramid or build_pyramid(rgb)
    best = find_upright(pyramid, [mark_rgba])
    if best is None or not is_clear(best.reading):
        best = better_of(best, find_askew(pyramid, [mark_rgba]))
    return best.reading if best else None


def find_upright(pyramid: Pyramid, variants: Sequence[NDArray[np.uint8]]) -> Found | None:
    """The best upright place for a mark of usual size, in any of its colourings.

    Args:
        pyramid: The picture.
        variants: Drawings that differ in their colours only, each straight RGBA, shape (h, w, 4), uint8.
    """
    marks, key = [premultiply(variant) for variant in variants], fingerprint(variants[0])
    return _best(pyramid, marks, _upright(pyramid, key, variants[0], pyramid.scales()))


def promise(pyramid: Pyramid, mark_rgba: NDArray[np.uint8]) -> float:
    """The agreement in [-1, 1] of the best upright place before anything is aligned: which of many marks to look for closely."""
    places = _upright(pyramid, fingerprint(mark_rgba), mark_rgba, pyramid.scales())
    return places[0].score if places else -1.0


def find_askew(pyramid: Pyramid, variants: Sequence[NDArray[np.uint8]]) -> Found | None:
    """`find_upright` for turned marks, and for smaller ones where none is turned: slower, so only where no upright one is clear."""
    marks, key = [premultiply(variant) for variant in variants], fingerprint(variants[0])
    places = [Candidate(*place) for place in turned_places(pyramid, key, marks[0])[:REFINED]]
    if max(variants[0].shape[:2]) >= LONG * min(variants[0].shape[:2]):
        places = [Candidate(place.score, *stiffly_turned(pyramid.rgb, marks[0], place.box, place.turn)) for place in places]
    turned = _best(pyramid, marks, places)
    if turned is not None and is_clear(turned.reading):
        return turned
    smaller = [place for place in _upright(pyramid, key, variants[0], pyramid.fine_scales()) if place.score >= LEAST_FINE]
    return better_of(turned, _best(pyramid, marks, smaller))


def is_clear(reading: MarkReading) -> bool:
    """True where it is certainly the mark: by its edges, or where those are soft, melted or cut, by them and the whole together."""
    worn = reading.ncc >= WORN_NCC and reading.mass >= WORN_MASS and abs(reading.rotation) <= WORN_TURN
    return is_sharp(reading) or (reading.plain and (reading.kept >= KEPT or (reading.found and worn)))


def is_sharp(reading: MarkReading) -> bool:
    """True where it is certainly the mark by its edges alone."""
    odd = is_odd(reading) and not _steady(reading)
    sharp = reading.ncc >= (ODD_NCC if odd else SURE_NCC) and (reading.residual <= SURE_RESIDUAL or reading.ncc >= BEYOND_NCC)
    return reading.plain and reading.found and sharp


def is_odd(reading: MarkReading) -> bool:
    """True for a pose that only the search at all angles, or a strong pull, gives."""
    return abs(reading.rotation) > ODD_TURN or abs(reading.aspect_error) > ODD_ASPECT


def _steady(reading: MarkReading) -> bool:
    """True for a turned mark that was not pulled and whose averaged edges agree as well: no chance."""
    return abs(reading.aspect_error) <= STEADY_ASPECT and reading.loose >= STEADY_LOOSE


def better_of(first: Found | None, second: Found | None) -> Found | None:
    """The first reading unless the second is clearly better."""
    if first is None or second is None:
        return first or second
    return second if _rank(second.reading) < _rank(first.reading) - 0.1 else first


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
    one, other = (template_for(fingerprint(mark), partial(premultiply, mark), 0.5, side=2 * SIDE).field for mark in (first, second))
    if one.shape != other.shape:
        return False
    norm = math.sqrt(float((one**2).sum()) * float((other**2).sum()))
    return norm > 0 and float((one * other).sum()) / norm > SAME_SHAPE


def _upright(pyramid: Pyramid, key: bytes, mark: NDArray[np.uint8], scales: Iterable[float]) -> list[Candidate]:
    """The places that agree most with the upright mark, best first."""
    found: list[Candidate] = []
    for scale in scales:
        template, level = template_for(key, partial(premultiply, mark), scale), pyramid.level(scale)
        if template.field.shape[0] <= level.shape[0] and template.field.shape[1] <= level.shape[1]:
            found += _peaks(level, template, mark.shape[1] / mark.shape[0], scale)
    return distinct(found)


def distinct(found: Iterable[Candidate]) -> list[Candidate]:
    """The best of `found` that do not overlap much, at most `CANDIDATES`."""
    kept: list[Candidate] = []
    for candidate in sorted(found, key=lambda candidate: -candidate.score):
        if len(kept) < CANDIDATES and not any(_overlap(candidate.box, other.box) > 0.45 for other in kept):
            kept.append(candidate)
    return kept


def _peaks(level: Level, template: Template, ratio: float, scale: float) -> list[Candidate]:
    import cv2

    scores = level.agreement(template.field)
    rows, columns = template.field.shape[:2]
    reach_x, reach_y = max(2, columns // 3), max(2, rows // 3)
    side, found = math.sqrt(template.width * template.height), []
    width, height = side * math.sqrt(ratio), side / math.sqrt(ratio)
    for _ in range(PEAKS):
        _, score, _, (x, y) = cv2.minMaxLoc(scores)
        if score < LEAST_NCC:
            break
        box = Box(x + columns / 2 - BORDER - width / 2, y + rows / 2 - BORDER - height / 2, width, height)
        found.append(Candidate(float(score), box.scaled(1 / scale, 1 / scale)))
        scores[max(0, y - reach_y) : y + reach_y + 1, max(0, x - reach_x) : x + reach_x + 1] = 0
    return found


def _best(pyramid: Pyramid, marks: list[Floats], candidates: list[Candidate]) -> Found | None:
    best: Found | None = None
    origin: Candidate | None = None
    for candidate in candidates[:REFINED]:
        found = _aligned(pyramid, marks, candidate)
        if best is None or _rank(found.reading) < _rank(best.reading):
            best, origin = found, candidate
        if found.reading.ncc >= CLEAR_NCC and found.reading.residual <= CLEAR_RESIDUAL:
            break
    if best is None or origin is None or origin.turn or is_clear(best.reading) or abs(best.reading.aspect_error) <= ODD_ASPECT:
        return best
    return _aligned(pyramid, marks, origin, pulled=False)


def _aligned(pyramid: Pyramid, marks: list[Floats], candidate: Candidate, *, pulled: bool = True) -> Found:
    """The candidate after alignment, read with the variant that suits it; in its own proportions unless it may be `pulled`."""
    upright, pose = Pose.of_box(candidate.box), Pose.of_box(candidate.box, candidate.turn)
    variant = 0
    for area, steps in ((COARSE_AREA, COARSE_STEPS), (FINE_AREA, FINE_STEPS)):
        frame = frame_for(candidate.box.w, candidate.box.h, area)
        view = View.of(pyramid.rgb, marks[variant], pose, frame)
        if area == COARSE_AREA and len(marks) > 1:  # one that sinks into its ground could not be aligned
            views = [view, *(view.painted(mark) for mark in marks[1:])]
            variant = _suited(views)
            view = views[variant]
        warp = ecc(view, steps, slide=SLIDE * math.sqrt(frame.width * frame.height) if area == COARSE_AREA else 0)
        if warp is None:
            break
        pose = warped(pose, frame, warp)
    frame = frame_for(candidate.box.w, candidate.box.h, FINAL_AREA)
    view = View.of(pyramid.rgb, marks[0], pose, frame)
    turn = decompose(pose, upright)[0]
    if abs(turn) > LEAST_TURN and view.turns_unseen():  # or the box around it would be larger than it is
        pose = _turned_back(pose, turn)
        view = View.of(pyramid.rgb, marks[0], pose, frame)
    views = [view, *(view.painted(mark) for mark in marks[1:])]
    variant = _suited(views)
    view = views[variant]
    if not pulled:
        pose, view = _unpulled(pyramid, marks[variant], candidate.box, pose, view)
    sure = view.ncc() >= SURE_NCC
    reading = _closely(pyramid, view, marks[variant], pose, upright) if sure else read_view(view, pose, upright)
    if reading.ncc < CLEAR_NCC:
        reading = replace(reading, loose=loosely(pyramid.rgb, marks[variant], pose))
    return Found(reading, variant)


def _turned_back(pose: Pose, turn: float) -> Pose:
    """`pose` turned clockwise by `turn` degrees about its centre."""
    linear = Pose.of_box(Box(0, 0, 1, 1), -turn).matrix[:, :2] @ pose.matrix[:, :2]
    return Pose(np.column_stack([linear, pose.centre - linear @ [0.5, 0.5]]))


def _suited(views: Sequence[View]) -> int:
    """Which variant stands there: the one whose paints stray least, and of those with the right paints the one that differs least.

    A version in one colour has the right paint as soon as most of the mark shows it, and yet another part may have a colour of its own.
    One that would be as pale as the ground there is not what is seen: a faded dark mark is not its light variant.
    """
    if len(views) == 1:
        return 0
    plain = [index for index, view in enumerate(views) if view.ink_level() >= LEAST_CONTRAST] or range(len(views))
    strays = {index: max(SAME_PAINT, views[index].stray()) for index in plain}
    if min(strays.values()) > OTHER_PAINT:
        return _strange(views, strays)
    right = [index for index, stray in strays.items() if stray == min(strays.values())]
    return right[0] if len(right) == 1 else min(right, key=lambda index: views[index].mismatch())


def _strange(views: Sequence[View], strays: dict[int, float]) -> int:
    """Which variant stands there where none has these paints.

    Its parts stand out where something is seen, to the same side of the ground; it is the one that strays least, or where even that is
    faded, the one that explains what is left.
    """
    most = max(views[index].ncc() for index in strays)
    fades = {index: views[index].fade() for index in strays if views[index].ncc() >= most - AS_EDGED}
    fades = {index: fade for index, fade in fades.items() if fade[0] > 0} or fades
    nearest = min(fades, key=lambda index: (strays[index], views[index].mismatch()))
    return nearest if fades[nearest][0] > FADED else min(fades, key=lambda index: fades[index][1])


def _unpulled(pyramid: Pyramid, mark: Floats, box: Box, pose: Pose, view: View) -> tuple[Pose, View]:
    """The mark in its own proportions where it agrees nearly as well: what is left of one that was cut is pulled to fill its place."""
    other = stiffly(pyramid.rgb, mark, box)
    whole = View.of(pyramid.rgb, mark, other, view.frame)
    if whole.ncc() < view.ncc() - UNPULLED or share_explained(pyramid.rgb, mark, other) < EXPLAINED:
        return pose, view
    nearer = _nearer(pyramid, mark, box, other) if whole.ncc() >= SURE_NCC else None
    if nearer is not None and abs(decompose(nearer, other)[1]) <= ODD_ASPECT:
        close = View.of(pyramid.rgb, mark, nearer, view.frame)
        if close.ncc() >= whole.ncc() + BETTER:
            return nearer, close
    return other, whole


def _nearer(pyramid: Pyramid, mark: Floats, box: Box, pose: Pose) -> Pose | None:
    """`pose` after one more fine alignment: what was pulled by little stands there, and the coarse one had only lost its way."""
    frame = frame_for(box.w, box.h, FINE_AREA)
    warp = ecc(View.of(pyramid.rgb, mark, pose, frame), FINE_STEPS)
    return None if warp is None else warped(pose, frame, warp)


def _closely(pyramid: Pyramid, view: View, mark: Floats, pose: Pose, upright: Pose) -> MarkReading:
    """The reading of a mark that is there, with everything that its raster, its file's coding and its surroundings tell."""
    close = view.alike(mark, pose)
    shape = read_view(close, pose, upright)
    if pyramid.lossy:
        shape = doubted(close, shape, worn(close.wanted))
    paints = searched_paints(view, pose, lossy=pyramid.lossy)  # solid where drawn as it is
    around = residual_around(pyramid.rgb, mark, pose, lossy=pyramid.lossy)
    return replace(shape, paints=paints, around=around.whole, spread=max(shape.spread, around.spread))


def loosely(rgb: NDArray[np.uint8], mark: Floats, pose: Pose) -> float:
    """Agreement of averaged edge directions, in [-1, 1], which soft and melted marks keep."""
    import cv2

    width, height = (float(np.linalg.norm(pose.matrix[:, column])) for column in (0, 1))
    frame = frame_for(width, height, (FINER * SIDE) ** 2)
    size = max(1, frame.shape[1] // FINER), max(1, frame.shape[0] // FINER)
    pictures = on_ground(*draw_mark(mark, frame))[0], sample(rgb, pose, frame)
    wanted, seen = (cv2.resize(orientation_field(picture), size, interpolation=cv2.INTER_AREA) for picture in pictures)
    norm = math.sqrt(float((wanted**2).sum()) * float((seen**2).sum()))
    return float((wanted * seen).sum()) / norm if norm > 1e-9 else 0.0


def _rank(reading: MarkReading) -> float:
    return 0.3 * min(1.0, reading.residual) - reading.ncc + (0.0 if reading.plain else PALE)


def _overlap(first: Box, second: Box) -> float:
    across = min(first.x + first.w, second.x + second.w) - max(first.x, second.x)
    down = min(first.y + first.h, second.y + second.h) - max(first.y, second.y)
    if across <= 0 or down <= 0:
        return 0.0
    return across * down / max(1e-9, first.w * first.h + second.w * second.h - across * down)
