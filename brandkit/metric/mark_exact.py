"""Read a logo whose every pixel is known, because the page that was drawn is known: nothing is resampled, so nothing is guessed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.mark_measure import FOUND_NCC, MarkReading, decompose, read_pose, read_view
from brandkit.metric.mark_model import Floats, Frame, Pose, in_pixels, once, premultiply
from brandkit.metric.mark_near import search_near
from brandkit.metric.mark_view import View, ecc, length
from brandkit.metric.mark_worn import LOSS_FACTOR, distance, doubted, to_lab
from brandkit.metric.mark_worn import worn as worn_by_coding

Beneath = Callable[[Box], NDArray[np.uint8] | None]

LARGEST = 30_000  # px of the drawing while it is compared; larger ones are halved or more, and so is the picture
IDENTICAL = 0.003  # share of ink below which nothing was done to a lossless drawing, not even a shift of a tenth of a pixel
SAME = 0.03  # share of ink by which a drawing may differ from itself: rounding, and what the fitted ground is wrong by
LEAST_DIFFERENCE = 2.5  # ΔE76 that nobody sees and rounding makes
CALM = 1.5  # ΔE76 of the ground's own texture up to which it can be fitted where the picture beneath is not known
CONTEXT = 0.3  # of the mark's height that is looked at beyond its drawing, to know its ground
MOST_CONTEXT = 32  # px
HALO = 0.2  # of the mark's height around its ink in which shadows and outlines live, so that nothing there is ground
STEPS = 12  # of alignment, which starts where the mark should be
SETTLED_NCC = 0.62  # agreement below which the mark is looked for as turned or smaller
SETTLED_RESIDUAL = 0.5  # share of ink that differs, likewise where it was moved: parallel strokes come to lie on one another's places
CRISP = 0.4  # edge slope that such a mark has at least; what is softer is its smear
MILD = 15.0  # % of aspect that a melted mark may seem to be stretched by
TURNED = 5.0  # degrees, likewise
FURTHEST = 8.0  # times larger or smaller that a mark may be and still be read
SAME_GROUND = 10.0  # ΔE76 by which the ground there may be busier: a smaller mark stands on the ground it was drawn on
NEARER = 0.05  # of agreement that such a mark must bring
STILL = (2.0, 1.0, 1.5)  # % of aspect, degrees and pixels up to which a mark stands where it was drawn


def measure_drawn(
    rgb: NDArray[np.uint8], drawn: NDArray[np.uint8], corner: tuple[int, int], box: Box, mark_rgba: NDArray[np.uint8],
    *, lossy: bool = False, beneath: Beneath | None = None,
) -> MarkReading:  # fmt: skip
    """Read the mark that was drawn into `box`.

    Args:
        rgb: Picture, shape (H, W, 3), uint8, sRGB.
        drawn: The mark as the page's renderer draws it, straight RGBA, shape (h, w, 4), uint8.
        corner: Column and row of the picture where `drawn` begins; it may reach beyond the picture.
        box: The mark's box in the picture; the rest of `drawn` is margin.
        mark_rgba: The mark in its own proportions, straight RGBA, for what was moved, turned or stretched.
        lossy: True for JPEG and its like, whose loss is then allowed for.
        beneath: Gives the picture behind everything for a box of whole pixels, shape (h, w, 3), uint8, or None.

    Returns:
        The reading. Where the mark is as drawn, within what the file's coding does to it, nothing is aligned.
    """
    expected, mark = Pose.of_box(box), premultiply(mark_rgba)
    window = _window(rgb, drawn, corner, box, beneath)
    if window is None:
        return read_pose(rgb, mark, expected, expected, area=LARGEST)
    view = window.view
    worn = worn_by_coding(view.wanted, window.corner) if lossy else None
    here = doubted(view, read_view(view, expected, expected), worn)
    here = replace(here, exact=view.known or view.ground.noise <= CALM)
    gap = _difference(view, view.lab)
    if worn is None and gap <= IDENTICAL:
        return here
    warp = ecc(view, STEPS, drawn=None if worn is None else distance(worn, view))
    pose = expected if warp is None else window.moved(warp, expected)
    if _still(pose, expected):
        here = _posed(here, pose, expected)
        floor = LOSS_FACTOR * _difference(view, to_lab(worn)) if worn is not None else 0.0
        if gap <= SAME + floor:
            return here
    straight = here if warp is None else replace(_straight(window, mark, warp, pose, expected, worn), exact=here.exact)
    return _chosen(here, straight, expected, lambda: search_near(rgb, mark, expected))


def _straight(window: _Window, mark: Floats, warp: NDArray[np.float64], pose: Pose, expected: Pose, worn: Floats | None) -> MarkReading:
    """The reading once the mark is put where it was drawn; one that stands elsewhere is compared as its pixels there would show it."""
    import cv2

    view, flags = window.view, cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP

    def put(image: Floats, border: int = cv2.BORDER_REPLICATE) -> Floats:
        moved = cv2.warpAffine(image, warp[:2], image.shape[1::-1], flags=flags, borderMode=border)
        return np.asarray(np.clip(moved, 0, 1), np.float32)

    colour, alpha = view.colour, view.alpha
    if not _still(pose, expected):
        local = (np.linalg.inv(window.to_page) @ np.vstack([pose.matrix, [0, 0, 1]]))[:2]
        local[:, 2] += 0.5  # from the indices of pixels to positions
        layer = put(_floats(in_pixels(mark, Pose(local), (alpha.shape[1], alpha.shape[0]))), cv2.BORDER_CONSTANT)
        colour, alpha = np.ascontiguousarray(layer[..., :3]), np.ascontiguousarray(layer[..., 3])
    beneath = None if window.beneath is None else put(window.beneath)
    straight = View.beside(colour, alpha, put(view.picture), view.frame, beneath=beneath, halo=window.halo)
    return doubted(straight, read_view(straight, pose, expected, furthest=FURTHEST), worn)


def _chosen(here: MarkReading, straight: MarkReading, expected: Pose, near: Callable[[], MarkReading | None]) -> MarkReading:
    """Of a mark as it stands in its place and put straight, what is true; `near` looks further where neither is."""
    if _still(straight.pose, expected):  # moved by less than anybody sees: what remains once it is put straight was done to it
        paints = min(here.paints, straight.paints, key=lambda paints: max((paint.certain for paint in paints), default=0.0))
        better, sharp = min(here, straight, key=lambda reading: reading.residual), max(here.sharpness, straight.sharpness)
        best = replace(here, residual=better.residual, lacking=better.lacking, spread=better.spread, paints=paints, sharpness=sharp)
    else:
        # Any blot looks like the mark once it is pulled into its shape: only edges are proof of a pose that is far off.
        mild = abs(straight.aspect_error) < MILD and abs(straight.rotation) < TURNED and 0.85 < straight.scale < 1.18 and straight.whole
        best = straight if straight.ncc >= here.ncc and (straight.ncc >= FOUND_NCC or mild) else here
    if best.ncc >= SETTLED_NCC and (best.residual <= SETTLED_RESIDUAL or _still(best.pose, expected)):
        return best
    other = near()
    if other is None or not other.found or other.sharpness < CRISP or other.ncc < best.ncc + NEARER:
        return best
    if other.noise > best.noise + SAME_GROUND:  # a speck of it, or of the page
        return best
    return best if best.found and (other.ncc < SETTLED_NCC or other.contrast < 0.5 * best.contrast) else other


def _posed(reading: MarkReading, pose: Pose, expected: Pose) -> MarkReading:
    rotation, aspect, _ = decompose(pose, expected)
    shift = pose.centre - expected.centre
    return replace(reading, aspect_error=aspect, rotation=rotation, offset=(float(shift[0]), float(shift[1])))


def _still(pose: Pose, expected: Pose) -> bool:
    rotation, aspect, scale = decompose(pose, expected)
    shape, turn, shift = STILL
    far = float(np.abs(pose.centre - expected.centre).max())
    return abs(aspect) < shape and abs(rotation) < turn and far < shift and abs(scale - 1) < shape / 100


@dataclass(frozen=True)
class _Window:
    """The pixels of a page that are compared: the drawing with a little of its surroundings, as far as the page reaches."""

    view: View
    corner: tuple[int, int]
    step: int
    halo: int
    beneath: Floats | None

    def moved(self, warp: NDArray[np.float64], expected: Pose) -> Pose:
        """The expected pose after `warp`, shape (3, 3), in the view's pixels."""
        page = self.to_page
        return Pose((page @ warp @ np.linalg.inv(page) @ np.vstack([expected.matrix, [0, 0, 1]]))[:2])

    @property
    def to_page(self) -> NDArray[np.float64]:
        """Shape (3, 3): pixel indices of the view to positions on the page."""
        left, top = self.corner
        return np.array([[self.step, 0, left + 0.5 * self.step], [0, self.step, top + 0.5 * self.step], [0, 0, 1.0]])


def _window(rgb: NDArray[np.uint8], drawn: NDArray[np.uint8], corner: tuple[int, int], box: Box, beneath: Beneath | None) -> _Window | None:
    """Mark and picture side by side, in the picture's own pixels or in a whole fraction of them."""
    height, width = drawn.shape[:2]
    more = max(0, round(min(CONTEXT * box.h, MOST_CONTEXT)))
    left, top = max(0, corner[0] - more), max(0, corner[1] - more)
    right, bottom = min(rgb.shape[1], corner[0] + width + more), min(rgb.shape[0], corner[1] + height + more)
    if right - left < 8 or bottom - top < 8:
        return None
    step = max(1, math.ceil(math.sqrt((right - left) * (bottom - top) / LARGEST)))
    window = slice(top - corner[1], bottom - corner[1]), slice(left - corner[0], right - corner[0])
    colour, alpha = once(drawn, f"layer {window} {step}", lambda: _layer(drawn, *window, step))
    picture = _reduced(_floats(rgb[top:bottom, left:right]), step)
    behind = beneath(Box(left, top, right - left, bottom - top)) if beneath else None
    under = None if behind is None else _reduced(_floats(behind), step)
    margin = max(0, round(min(box.x - left, box.y - top, right - box.right, bottom - box.bottom) / step))
    frame = Frame(picture.shape[1] - 2 * margin, picture.shape[0] - 2 * margin, margin)
    halo = round(HALO * box.h / step)
    view = View.beside(colour, alpha, picture, frame, beneath=under, halo=halo)
    return _Window(view, (left, top), step, halo, under)


def _layer(drawn: NDArray[np.uint8], rows: slice, columns: slice, step: int) -> tuple[Floats, Floats]:
    """A window of a drawing, which may reach beyond it, averaged over `step` pixels: premultiplied sRGB and alpha in 0..1, read-only."""
    layer = np.zeros((rows.stop - rows.start, columns.stop - columns.start, 4), np.uint8)
    part = drawn[max(0, rows.start) : rows.stop, max(0, columns.start) : columns.stop]
    y, x = max(0, -rows.start), max(0, -columns.start)
    layer[y : y + part.shape[0], x : x + part.shape[1]] = part
    pixels = _reduced(premultiply(layer), step)
    colour, alpha = np.ascontiguousarray(pixels[..., :3]), np.ascontiguousarray(pixels[..., 3])
    colour.setflags(write=False)
    alpha.setflags(write=False)
    return colour, alpha


def _reduced(image: Floats, step: int) -> Floats:
    import cv2

    if step == 1:
        return image
    height, width = (side // step * step for side in image.shape[:2])
    return np.asarray(cv2.resize(image[:height, :width], (width // step, height // step), interpolation=cv2.INTER_AREA), np.float32)


def _floats(pixels: NDArray[np.uint8]) -> Floats:
    return np.asarray(pixels.astype(np.float32) / 255, np.float32)


def _difference(view: View, lab: Floats) -> float:
    """Share of the ink by which the mark and a picture of it, in CIELAB, differ in shape or colour."""
    import cv2

    gap = np.asarray(cv2.blur(lab - view.wanted_lab, (3, 3)), np.float32)
    allowed = LEAST_DIFFERENCE + 2 * (1 - view.alpha) * view.ground.noise
    near = cv2.dilate(view.alpha, np.ones((3, 3), np.uint8)) > 0
    total = float((view.expected * view.alpha).sum())
    return float(np.maximum(length(gap) - allowed, 0)[near].sum() / total) if total > 1e-6 else 1.0
