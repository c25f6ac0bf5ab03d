"""What a file's own coding does to a mark, so that it is not taken for a fault."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from brandkit.color.difference import delta_e_2000
from brandkit.color.parse import parse_color
from brandkit.color.spaces import srgb_to_lab
from brandkit.metric.mark_measure import MarkReading
from brandkit.metric.mark_model import Floats, Pose, frame_for, paint_masks
from brandkit.metric.mark_view import PaintReading, Residual, View

LOSSY_QUALITY = 75  # JPEG quality of the loss that is allowed for; the least that brandkit's own files come close to
LOSS_FACTOR = 1.3  # how much more than that loss a file may lose in shape
PAINT_FACTOR = 2.0  # and in colour, whose detail is halved before it is coded
PAINT_SPREAD = 0.5  # of that loss by which it may also go elsewhere
LEAST_SHARP = 0.5  # edge slope that a lossy file leaves at least
AROUND_AREA = 6_000  # px of the mark while its surroundings are looked at
CALM = 2.0  # ΔE76 of the ground's own texture up to which its continuation beneath a shadow is known
LEAST_AROUND = 0.02  # share of ink that is not worth coding for
BLOCK = 16  # px of the squares that JPEG codes colour in


def worn(wanted: Floats, corner: tuple[int, int] = (0, 0)) -> Floats:
    """What a lossy file would make of a mark on its ground, sRGB in 0..1, coded in the squares of a page where it stands at `corner`."""
    import cv2

    left, top = max(0, corner[0]) % BLOCK, max(0, corner[1]) % BLOCK
    pixels = np.rint(np.clip(wanted, 0, 1) * 255).astype(np.uint8)
    padded = cv2.copyMakeBorder(pixels, top, 0, left, 0, cv2.BORDER_REPLICATE)
    _, coded = cv2.imencode(".jpg", padded[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, LOSSY_QUALITY])
    decoded = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
    return np.asarray(np.ascontiguousarray(decoded[top:, left:, ::-1]).astype(np.float32) / 255, np.float32)


def doubted(view: View, reading: MarkReading, loss: Floats | None) -> MarkReading:
    """The reading less what the file's coding alone does to shape, edges and colours."""
    if loss is None:
        return reading
    control = replace(view, picture=loss, seen=distance(loss, view))
    masks, gain = paint_masks(view.colour, view.alpha), control.gain()
    paints = tuple(less_paint(paint, lost) for paint, lost in zip(reading.paints, control.paints(masks), strict=True))
    sharp = reading.sharpness / min(1.0, max(LEAST_SHARP, control.sharpness(gain)))
    left = Residual(reading.lacking, reading.residual - reading.lacking, reading.spread).less(control.residual(gain, masks), LOSS_FACTOR)
    return replace(reading, paints=paints, residual=left.whole, lacking=left.lacking, spread=left.spread, sharpness=sharp)


def residual_around(rgb: NDArray[np.uint8], mark: Floats, pose: Pose, *, lossy: bool) -> Residual:
    """Ink that differs, shadows and outlines with it, less what the file's coding does; nothing where the ground is too busy to know."""
    width, height = (float(np.linalg.norm(pose.matrix[:, column])) for column in (0, 1))
    view = View.around(rgb, mark, pose, frame_for(width, height, AROUND_AREA))
    if view.ground.noise > CALM:
        return Residual(0.0, 0.0)
    masks = paint_masks(view.colour, view.alpha)
    residual = view.residual(view.gain(), masks)
    if not lossy or residual.whole < LEAST_AROUND:
        return residual
    loss = worn(view.wanted)
    control = replace(view, picture=loss, seen=distance(loss, view))
    return residual.less(control.residual(control.gain(), masks), LOSS_FACTOR)


def less_paint(paint: PaintReading, loss: PaintReading) -> PaintReading:
    """A paint's reading with the doubt that its loss brings: coding may have moved it towards where it moves the drawing, or beyond."""
    expected, lost, seen = (
        np.asarray(srgb_to_lab(np.array(parse_color(code).rgb) / 255)) for code in (paint.expected, loss.measured, paint.measured)
    )
    steps = np.linspace(0, PAINT_FACTOR, 9)[:, None]
    nearest = float(delta_e_2000(expected + steps * (lost - expected), np.broadcast_to(seen, (9, 3))).min())
    return replace(paint, doubt=max(0.0, paint.delta_e - nearest) + PAINT_SPREAD * loss.delta_e)


def to_lab(picture: Floats) -> Floats:
    """CIELAB (D65) of sRGB in 0..1, shape (h, w, 3)."""
    import cv2

    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2Lab), np.float32)


def distance(picture: Floats, view: View) -> Floats:
    """What separates a picture of the same pixels from the view's ground, ΔE76, shape (h, w)."""
    gap = to_lab(picture) - view.ground.lab
    return np.asarray(np.sqrt((gap * gap).sum(axis=2)), np.float32)
