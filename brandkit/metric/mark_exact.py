"""Read a logo whose every pixel is known, because the page that was drawn is known: nothing is resampled, so nothing is guessed."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.mark_measure import MarkReading, View, align, read_pose, read_view
from brandkit.metric.mark_model import Floats, Frame, Pose, paint_masks, premultiply

LARGEST = 30_000  # px of the drawing while it is compared; larger ones are halved or more, and so is the picture
SAME = 0.03  # share of ink by which a drawing may differ from itself: rounding, and what the fitted ground is wrong by
LOSSY_QUALITY = 75  # JPEG quality of the loss that is allowed for; the least that brandkit's own files come close to
LOSS_FACTOR = 1.3  # how much more than that loss a file may lose in shape
PAINT_FACTOR = 2.0  # and in colour, whose detail is halved before it is coded
BLOCK = 16  # px of the squares that JPEG codes colour in
BETTER = 0.005  # of agreement that another pose must bring, when it is known already that this is not the drawing as it was
LEAST_DIFFERENCE = 2.5  # ΔE76 that nobody sees and rounding makes
CALM = 1.5  # ΔE76 of the ground's own texture up to which it can be fitted where the picture beneath is not known
STILL = (2.0, 1.0, 1.5)  # % of aspect, degrees and pixels up to which a mark stands where it was drawn


def measure_drawn(
    rgb: NDArray[np.uint8], drawn: NDArray[np.uint8], corner: tuple[int, int], box: Box, mark_rgba: NDArray[np.uint8],
    *, lossy: bool = False, beneath: NDArray[np.uint8] | None = None,
) -> MarkReading:  # fmt: skip
    """Read the mark that was drawn into `box`.

    Args:
        rgb: Picture, shape (H, W, 3), uint8, sRGB.
        drawn: The mark as the page's renderer draws it, straight RGBA, shape (h, w, 4), uint8.
        corner: Column and row of the picture where `drawn` begins; it may reach beyond the picture.
        box: The mark's box in the picture; the rest of `drawn` is margin.
        mark_rgba: The mark in its own proportions, straight RGBA, for what was moved, turned or stretched.
        lossy: True for JPEG and its like, whose loss is then allowed for.
        beneath: The picture behind the mark, for the pixels of `drawn`, shape (h, w, 3), uint8.

    Returns:
        The reading. Where the mark is as drawn, within what the file's coding does to it, nothing is aligned.
    """
    expected = Pose.of_box(box)
    view = _view(rgb, drawn, corner, box, beneath)
    if view is None:
        return read_pose(rgb, premultiply(mark_rgba), expected, expected, area=LARGEST)
    wanted = np.asarray(view.colour + (1 - view.alpha[..., None]) * view.ground.rgb, np.float32)
    worn = _worn(wanted, corner) if lossy else None
    floor = LOSS_FACTOR * _difference(view, wanted, worn) if worn is not None else 0.0
    exact = beneath is not None or view.ground.noise <= CALM
    here = replace(_doubted(view, read_view(view, expected, expected), worn), exact=exact)
    if _difference(view, wanted, view.picture) <= SAME + floor:
        return here
    mark = premultiply(mark_rgba)
    pose = align(rgb, mark, expected, area=LARGEST, better=BETTER)
    if pose is expected:
        return here
    moved = read_pose(rgb, mark, pose, expected, area=LARGEST)
    shape, turn, shift = STILL
    still = abs(moved.aspect_error) < shape and abs(moved.rotation) < turn and max(abs(side) for side in moved.offset) < shift
    if still:  # by less than anybody sees: what remains once it is put straight is what was done to it
        paints = min(here.paints, moved.paints, key=lambda paints: max((paint.certain for paint in paints), default=0.0))
        return replace(here, residual=min(here.residual, moved.residual), paints=paints, sharpness=max(here.sharpness, moved.sharpness))
    return replace(moved, found=moved.found or here.found)


def _view(
    rgb: NDArray[np.uint8], drawn: NDArray[np.uint8], corner: tuple[int, int], box: Box, beneath: NDArray[np.uint8] | None
) -> View | None:
    """Mark and picture side by side, in the picture's own pixels or in a whole fraction of them."""
    left, top = max(0, corner[0]), max(0, corner[1])
    right, bottom = min(rgb.shape[1], corner[0] + drawn.shape[1]), min(rgb.shape[0], corner[1] + drawn.shape[0])
    if right - left < 8 or bottom - top < 8:
        return None
    window = slice(top - corner[1], bottom - corner[1]), slice(left - corner[0], right - corner[0])
    step = max(1, math.ceil(math.sqrt((right - left) * (bottom - top) / LARGEST)))
    layer, picture = _reduced(premultiply(drawn[window]), step), _reduced(_floats(rgb[top:bottom, left:right]), step)
    under = None if beneath is None else _reduced(_floats(beneath[window]), step)
    margin = max(0, round(min(box.x - left, box.y - top, right - box.right, bottom - box.bottom) / step))
    frame = Frame(picture.shape[1] - 2 * margin, picture.shape[0] - 2 * margin, margin)
    return View.beside(layer[..., :3], np.ascontiguousarray(layer[..., 3]), picture, frame, beneath=under)


def _reduced(image: Floats, step: int) -> Floats:
    import cv2

    if step == 1:
        return image
    height, width = (side // step * step for side in image.shape[:2])
    return np.asarray(cv2.resize(image[:height, :width], (width // step, height // step), interpolation=cv2.INTER_AREA), np.float32)


def _floats(pixels: NDArray[np.uint8]) -> Floats:
    return np.asarray(pixels.astype(np.float32) / 255, np.float32)


def _difference(view: View, wanted: Floats, seen: Floats) -> float:
    """Share of the ink by which two pictures of the mark differ in shape or colour."""
    import cv2

    gap = cv2.blur(cv2.cvtColor(seen, cv2.COLOR_RGB2Lab) - cv2.cvtColor(wanted, cv2.COLOR_RGB2Lab), (3, 3))
    allowed = LEAST_DIFFERENCE + 2 * (1 - view.alpha) * view.ground.noise
    near = cv2.dilate(view.alpha, np.ones((3, 3), np.uint8)) > 0
    total = float((view.expected * view.alpha).sum())
    return float(np.maximum(np.sqrt((gap * gap).sum(axis=2)) - allowed, 0)[near].sum() / total) if total > 1e-6 else 1.0


def _worn(wanted: Floats, corner: tuple[int, int]) -> Floats:
    """What a lossy file would make of the mark, coded in the same squares as the page's."""
    import cv2

    left, top = max(0, corner[0]) % BLOCK, max(0, corner[1]) % BLOCK
    pixels = np.rint(np.clip(wanted, 0, 1) * 255).astype(np.uint8)
    padded = cv2.copyMakeBorder(pixels, top, 0, left, 0, cv2.BORDER_REPLICATE)
    _, coded = cv2.imencode(".jpg", padded[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, LOSSY_QUALITY])
    decoded = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
    return _floats(np.ascontiguousarray(decoded[top:, left:, ::-1]))


def _doubted(view: View, reading: MarkReading, worn: Floats | None) -> MarkReading:
    """The reading less what the file's coding alone does to shape and colours."""
    if worn is None:
        return reading
    control = replace(view, picture=worn, seen=_distance(worn, view))
    masks = paint_masks(view.colour, view.alpha)
    doubts = [PAINT_FACTOR * paint.delta_e for paint in control.paints(masks)]
    paints = tuple(replace(paint, doubt=doubt) for paint, doubt in zip(reading.paints, doubts, strict=True))
    return replace(reading, paints=paints, residual=max(0.0, reading.residual - LOSS_FACTOR * control.residual(control.gain(), masks)))


def _distance(picture: Floats, view: View) -> Floats:
    import cv2

    gap = cv2.cvtColor(picture, cv2.COLOR_RGB2Lab) - view.ground.lab
    return np.asarray(np.sqrt((gap * gap).sum(axis=2)), np.float32)
