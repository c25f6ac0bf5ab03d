"""How well a mark fits what is seen once its strokes may be shifted a little, each its own way: what a mark drawn from memory keeps."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.ground import fit_ground
from brandkit.metric.mark_model import Floats, Frame, Pose, draw_mark, sample
from brandkit.metric.orientation import orientation_field

SIDE = 44.0  # px, geometric mean of the mark's sides while it is bent
LEAST_SIDE = 20.0  # px of its shorter side
AROUND = 0.3  # of that side: how far around the mark is looked
SOFTNESS = (0.12, 0.06, 0.03)  # of that side by which both pictures are softened: coarse first, where strokes cannot be mixed up
STEPS = 25  # for each of them
STIFFNESS = 0.07  # of that side over which neighbours must shift alike; drawn from memory, strokes shift over about 0.12
FURTHEST = 0.3  # of that side by which a stroke may shift
DAMPING = 0.5  # of the difference, which keeps single steps short where the mark has no slope
SYMMETRIC = 0.9  # correlation with the mark from which its mirror image is the mark
FINE = 0.8  # px of softness in which the result is compared
PLAIN = 1e-3  # variance for each pixel below which a place is plain


class Bent(NamedTuple):
    """What a mark explains once it is bent: a share of what is seen, at most 1, and the agreement of edges in [-1, 1]."""

    share: float
    edges: float


def bend(rgb: NDArray[np.uint8], mark: Floats, box: Box) -> Bent:
    """Bend the mark towards what is seen in and around `box`.

    Args:
        rgb: Picture, shape (H, W, 3), uint8, sRGB.
        mark: Premultiplied RGBA in 0..1, shape (h, w, 4).
        box: Where it stands, upright, nearly.

    References:
        Thirion (1998), Image matching as a diffusion process: an analogy with Maxwell's demons.
    """
    import cv2

    scale = max(SIDE / math.sqrt(box.area), LEAST_SIDE / min(box.w, box.h))
    width, height = max(4, round(scale * box.w)), max(4, round(scale * box.h))
    short = min(width, height)
    frame = Frame(width, height, max(5, round(AROUND * short)))
    seen, (colour, alpha) = sample(rgb, Pose.of_box(box), frame), draw_mark(mark, frame)
    free = cv2.dilate(alpha, np.ones((5, 5), np.uint8)) < 0.02
    ground = fit_ground(seen, np.asarray(cv2.cvtColor(seen, cv2.COLOR_RGB2Lab), np.float32), free)
    drawn = np.asarray(colour + (1 - alpha[..., None]) * ground.rgb, np.float32)
    wanted, seen = (np.asarray(cv2.GaussianBlur(image, (0, 0), FINE), np.float32) for image in (_bent(drawn, seen, short), seen))
    spread = max(float(((seen - seen.mean(axis=(0, 1))) ** 2).sum()), PLAIN * alpha.size)
    return Bent(1 - float(((seen - wanted) ** 2).sum()) / spread, _edges(wanted, seen))


def controls(mark: Floats) -> list[Floats]:
    """The mark as it never stands: upside down, mirrored and turned by half; in another order where all these look like the mark.

    What agrees with them agrees by chance: lines of writing and textures do with any other.

    Args:
        mark: Premultiplied RGBA in 0..1, shape (h, w, 4).
    """
    others = [mark[::-1], mark[:, ::-1], mark[::-1, ::-1]]
    unlike = [other for other in others if _alike(mark, other) < SYMMETRIC]
    half = mark.shape[0] // 2, mark.shape[1] // 2
    orders = [np.roll(mark, shift, (0, 1)) for shift in ((half[0], 0), (0, half[1]))]
    return [np.ascontiguousarray(other) for other in unlike or orders]


def _alike(one: Floats, other: Floats) -> float:
    one, other = one - one.mean(), other - other.mean()
    return float((one * other).sum()) / max(1e-9, math.sqrt(float((one * one).sum()) * float((other * other).sum())))


def _bent(drawn: Floats, seen: Floats, short: int) -> Floats:
    """`drawn` with every pixel shifted towards what is like it in `seen`, neighbours alike."""
    import cv2

    rows, columns = seen.shape[:2]
    down, across = (np.asarray(grid, np.float32) for grid in np.mgrid[0:rows, 0:columns])
    shift = np.zeros((rows, columns, 2), np.float32)
    for softness in SOFTNESS:
        one, other = (np.asarray(cv2.GaussianBlur(image, (0, 0), max(0.6, softness * short)), np.float32) for image in (drawn, seen))
        for _ in range(STEPS):
            moved = _moved(one, across, down, shift)
            slopes = [cv2.Sobel(moved, cv2.CV_32F, *axis, scale=1 / 8) for axis in ((1, 0), (0, 1))]
            gap = other - moved
            weight = slopes[0] * slopes[0] + slopes[1] * slopes[1] + np.float32(DAMPING) * gap * gap
            step = np.stack([_summed(gap * slope) for slope in slopes], axis=2) / (_summed(weight)[..., None] + np.float32(1e-4))
            shift = np.asarray(cv2.GaussianBlur(shift + step, (0, 0), STIFFNESS * short), np.float32)
            far = np.sqrt(_summed(shift * shift))
            shift *= np.minimum(1, FURTHEST * short / np.maximum(far, 1e-6))[..., None]
    return _moved(drawn, across, down, shift)


def _moved(image: Floats, across: Floats, down: Floats, shift: Floats) -> Floats:
    import cv2

    x, y = across + shift[..., 0], down + shift[..., 1]
    return np.asarray(cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _summed(channels: Floats) -> Floats:
    """The sum over the last axis, one channel after the other: a dot product's last bit differs with the machine's cores."""
    total = channels[..., 0].copy()
    for channel in range(1, channels.shape[2]):
        total += channels[..., channel]
    return total


def _edges(wanted: Floats, seen: Floats) -> float:
    import cv2

    one, other = (cv2.GaussianBlur(orientation_field(image), (0, 0), FINE) for image in (wanted, seen))
    norm = math.sqrt(float((one * one).sum()) * float((other * other).sum()))
    return float((one * other).sum()) / norm if norm > 1e-9 else 0.0
