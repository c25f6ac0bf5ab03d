"""Where a mark's own colours on a smooth ground explain what is seen: places that softness, melting and cuts leave standing."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.mark_model import Floats, Frame, Pose, draw_mark, once, sample
from brandkit.metric.mark_pyramid import SIDE, Pyramid

MARGIN = 3  # px of ground around the mark in a template
BLUR = 0.6  # px of a template and a level
FINER = 4  # times finer that a template is drawn than it is compared
LEAST_SIDE = 6.0  # px of a template's shorter side
LEAST_INK = 0.15  # contrast of ink and ground, of sRGB's range, below which any plain place looks like the mark
STILL = 1e-3  # variance for each pixel below which a place is plain
PEAKS = 2  # places of each level
WORTH = 0.20  # share explained from which a place is worth a look
APART = 0.45  # overlap up to which two places are different
FINE_SIDE = 36.0  # px, geometric mean of the mark's sides where softened marks are compared
SOFTNESS = (0.0, 0.02, 0.04, 0.07, 0.11, 0.17)  # of the mark's shorter side by which it is softened for that
SMEAR = 0.17  # of the mark's shorter side over which places are smeared before they are compared
LEAST_ENERGY = 0.3  # of the crisp mark's that a softened one must keep: of what is fainter any shade is a likeness


class ColorPlace(NamedTuple):
    """A place, which of the colourings explains it, and the share of what is seen there that it explains."""

    share: float
    box: Box
    variant: int


def color_places(pyramid: Pyramid, marks: list[Floats]) -> list[ColorPlace]:
    """The places that the mark's own colours explain best, best first.

    Args:
        pyramid: The picture.
        marks: Colourings of one shape, premultiplied RGBA in 0..1, shape (h, w, 4).
    """
    return pyramid.once(marks, lambda: _color_places(pyramid, marks))


def _color_places(pyramid: Pyramid, marks: list[Floats]) -> list[ColorPlace]:
    ratio, found = marks[0].shape[1] / marks[0].shape[0], []
    side = max(SIDE, LEAST_SIDE * math.sqrt(max(ratio, 1 / ratio)))
    width, height = side * math.sqrt(ratio), side / math.sqrt(ratio)
    frame = Frame(max(4, round(width)), max(4, round(height)), MARGIN)
    templates = [_template(mark, frame) for mark in marks]
    for scale, level in pyramid.color_levels():
        if any(inner > outer for inner, outer in zip(frame.shape, level.shape[:2], strict=True)):
            continue
        for variant, shares in enumerate(_explained(level, templates)):
            for share, x, y in _peaks(shares, max(2, frame.width // 3), max(2, frame.height // 3)):
                box = Box(x + (frame.width - width) / 2, y + (frame.height - height) / 2, width, height)
                found.append(ColorPlace(share, box.scaled(1 / scale, 1 / scale), variant))
    kept: list[ColorPlace] = []
    for place in sorted(found, key=lambda place: -place.share):
        if all(place.box.intersection(other.box).area < APART * min(place.box.area, other.box.area) for other in kept):
            kept.append(place)
    return kept


def share_explained(rgb: NDArray[np.uint8], mark: Floats, pose: Pose) -> float:
    """The share of what is seen at a pose that the mark on one plain ground explains, at most 1."""
    frame = _frame(pose, SIDE, LEAST_SIDE, MARGIN)
    return _share(*_pair(rgb, mark, pose, frame))


def share_kept(rgb: NDArray[np.uint8], mark: Floats, pose: Pose) -> float:
    """`share_explained` on finer detail by the mark as soft as suits it best: what blurred and melted marks keep.

    Args:
        rgb: Picture, shape (H, W, 3), uint8, sRGB.
        mark: Premultiplied RGBA in 0..1, shape (h, w, 4).
        pose: Where it stands.
    """
    import cv2

    frame = _frame(pose, FINE_SIDE, 10.0, 5)
    layer, seen = _pair(rgb, mark, pose, frame)
    short, best, first = min(frame.width, frame.height), -1.0, 0.0
    for softness in SOFTNESS:
        soft = np.asarray(cv2.GaussianBlur(layer, (0, 0), softness * short), np.float32) if softness else layer
        energy = _energy(soft, seen)
        first = first or energy
        if energy < LEAST_ENERGY * first:
            break
        best = max(best, _share(soft, seen))
    return best


def share_smeared(rgb: NDArray[np.uint8], mark: Floats, pose: Pose) -> float:
    """`share_explained` of what is left when mark and picture are smeared: whether ink of these colours lies there at all."""
    import cv2

    frame = _frame(pose, SIDE, LEAST_SIDE, MARGIN)
    softness = SMEAR * min(frame.width, frame.height)

    def smeared(image: Floats) -> Floats:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), softness), np.float32)

    layer, seen = _pair(rgb, mark, pose, frame)
    return _share(once(mark, f"smear {frame}", lambda: smeared(layer)), smeared(seen))


def _frame(pose: Pose, side: float, least: float, margin: int) -> Frame:
    width, height = (float(np.linalg.norm(pose.matrix[:, column])) for column in (0, 1))
    side = max(side, least * math.sqrt(max(width / height, height / width)))
    scale = side / math.sqrt(width * height)
    return Frame(max(4, round(width * scale)), max(4, round(height * scale)), margin)


def _pair(rgb: NDArray[np.uint8], mark: Floats, pose: Pose, frame: Frame) -> tuple[Floats, Floats]:
    import cv2

    return _template(mark, frame), np.asarray(cv2.GaussianBlur(sample(rgb, pose, frame), (0, 0), BLUR), np.float32)


def _template(mark: Floats, frame: Frame) -> Floats:
    """The mark in `frame`, premultiplied RGBA in 0..1; most places are compared in the same one."""
    import cv2

    def make() -> Floats:
        finer = Frame(FINER * frame.width, FINER * frame.height, FINER * frame.margin)
        layer = np.dstack(draw_mark(mark, finer))
        return np.asarray(cv2.GaussianBlur(cv2.resize(layer, frame.shape[::-1], interpolation=cv2.INTER_AREA), (0, 0), BLUR), np.float32)

    return once(mark, f"template {frame}", make)


def _ground(layer: Floats, seen: Floats) -> Floats:
    """The plain ground that suits best, sRGB."""
    bare = 1 - layer[..., 3:]
    return np.asarray(((seen - layer[..., :3]) * bare).sum(axis=(0, 1)) / float((bare * bare).sum()), np.float32)


def _energy(layer: Floats, seen: Floats) -> float:
    drawn = layer[..., :3] + (1 - layer[..., 3:]) * _ground(layer, seen)
    return float(((drawn - drawn.mean(axis=(0, 1))) ** 2).sum())


def _share(layer: Floats, seen: Floats) -> float:
    drawn = layer[..., :3] + (1 - layer[..., 3:]) * _ground(layer, seen)
    spread = float(((seen - seen.mean(axis=(0, 1))) ** 2).sum())
    return 1 - float(((seen - drawn) ** 2).sum()) / max(spread, STILL * layer[..., 3].size)


def _explained(level: Floats, templates: list[Floats]) -> list[Floats]:
    """`share_explained` at every place of a level, for each template; -1 where the mark would not stand out."""
    import cv2

    rows, columns = templates[0].shape[:2]
    height, width = level.shape[0] - rows + 1, level.shape[1] - columns + 1
    alpha = np.ascontiguousarray(templates[0][..., 3])
    bare, count, inked = 1 - alpha, float(alpha.size), float((alpha * alpha).sum())

    def summed(image: Floats) -> Floats:
        whole = cv2.boxFilter(image, cv2.CV_32F, (columns, rows), anchor=(0, 0), normalize=False, borderType=cv2.BORDER_CONSTANT)
        return np.asarray(whole[:height, :width], np.float32)

    channels = [np.ascontiguousarray(level[..., channel]) for channel in range(3)]
    square = summed(np.asarray((level * level).sum(axis=2), np.float32))
    spread = np.maximum(square - sum(summed(channel) ** 2 for channel in channels) / count, STILL * count)
    on_bare = [cv2.matchTemplate(channel, bare, cv2.TM_CCORR) for channel in channels]
    shares = []
    for template in templates:
        paint = np.ascontiguousarray(template[..., :3])
        inks = [float((paint[..., channel] * bare).sum()) for channel in range(3)]
        grounds = [(seen - ink) / float((bare * bare).sum()) for seen, ink in zip(on_bare, inks, strict=True)]
        error = square - 2 * cv2.matchTemplate(level, paint, cv2.TM_CCORR) + float((paint * paint).sum())
        error -= float((bare * bare).sum()) * sum(ground * ground for ground in grounds)
        own = [float((paint[..., channel] * alpha).sum()) for channel in range(3)]
        contrast = float((paint * paint).sum()) + sum(
            inked * ground * ground - 2 * ground * ink for ground, ink in zip(grounds, own, strict=True)
        )
        share = np.asarray(1 - error / spread, np.float32)
        share[contrast < 3 * inked * LEAST_INK**2] = -1
        shares.append(share)
    return shares


def _peaks(shares: Floats, reach_x: int, reach_y: int) -> list[tuple[float, float, float]]:
    import cv2

    found = []
    for _ in range(PEAKS):
        _, share, _, (x, y) = cv2.minMaxLoc(shares)
        if share < WORTH:
            break
        found.append((float(share), float(x), float(y)))
        shares[max(0, y - reach_y) : y + reach_y + 1, max(0, x - reach_x) : x + reach_x + 1] = -1
    return found
