"""How alike two pictures look, whatever they show: colour and which colours meet, tone, contrast at each size, how rich and how painted.

None of them says who made a picture, and for each brand another one tells most; so they stay apart here.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from brandkit.color.spaces import srgb_to_oklab
from brandkit.metric import likeness_paint
from brandkit.metric.likeness_paint import Paints, new_paint, paints_of
from brandkit.metric.likeness_pattern import CONTRASTS, PAIRS, contrasts, meetings

Floats = NDArray[np.float64]

SIDE = 192  # px on the long side: the look of a picture, not its details, and the same for every resolution
LIGHT_BINS, AB_BINS = 8, 12  # of OKLab lightness in 0..1 and of a and b in ±AB_RANGE; one step is about what tells two brand colours apart
AB_RANGE = 0.30  # OKLab units; sRGB reaches 0.31 in one corner
GREY = 0.035  # OKLab chroma below which nobody names a hue
EDGE = 0.05  # OKLab lightness per pixel from which a change is an edge
PALETTE_SIDE = 128  # px, squashed: shares of colour need no shapes
NEAR_SWATCH = 0.06  # OKLab units around a swatch: the colour as people name it, not as the gate measures it
COVERED = 0.03  # of all colours that may count as a palette's, about what six swatches reach: near to one of forty is every colour
GAMUT_STEPS = 12  # levels of each sRGB channel that stand for all colours
LEAST_COLOR = 0.002  # of the pixels; less is dust
SCALES = np.array([0.25, 0.15, 0.30, 0.20, 0.08, 0.05, 0.15, 0.30])  # spread of the eight numbers over mixed pictures
CELL = 16  # levels of each sRGB channel that count as one colour when colours are counted
CELLS = (256 // CELL) ** 3
GREYS = 256  # levels of lightness whose entropy is taken
RICHNESS = 2  # numbers: colours and lightness


@dataclass(frozen=True)
class Look:
    """The look of a picture: roots of two histograms, eight numbers of tone, two of richness, ten of contrast, and its flat colours."""

    color: Floats
    meetings: Floats
    """See `brandkit.metric.likeness_pattern`, as for `contrast`."""
    tone: Floats
    richness: Floats
    """Share of all colours that occur, and the entropy of lightness as a share of its most, both in 0..1: a drawing has few of either,
    a photograph many."""
    contrast: Floats
    paints: Paints

    def parts(self) -> tuple[Floats, ...]:
        """The parts that are points in a space, in the order of `PARTS`."""
        return self.color, self.meetings, self.tone, self.richness[:1], self.richness[1:], self.contrast

    def packed(self) -> str:
        """The look in a few hundred characters, to 1/255 of a histogram's root, 1/1000 of a tone or contrast, 1/10000 of a richness."""
        roots = np.round(255 * np.concatenate([self.color, self.meetings])).astype(np.uint8).tobytes()
        numbers = np.round(np.concatenate([1000 * self.tone, 10_000 * self.richness, 1000 * self.contrast])).astype("<i4").tobytes()
        return base64.b85encode(zlib.compress(roots + numbers + likeness_paint.packed(self.paints), 9)).decode()

    @staticmethod
    def unpacked(text: str) -> Look:
        """The look that `packed` wrote.

        Raises:
            ValueError: It is none.
        """
        sizes = (LIGHT_BINS * AB_BINS**2, PAIRS)
        rest = sum(sizes) + 4 * (len(SCALES) + RICHNESS + CONTRASTS)
        length = rest + likeness_paint.LENGTH
        try:
            data = zlib.decompressobj().decompress(base64.b85decode(text), length + 1)
        except (ValueError, zlib.error) as error:
            raise ValueError(f"{text[:20]!r}… is not a packed look") from error
        if len(data) != length:
            raise ValueError(f"a packed look holds {length} bytes, not {len(data)}")
        color, borders = np.split(np.frombuffer(data[: sum(sizes)], np.uint8) / 255, sizes[:1])
        numbers = np.frombuffer(data[sum(sizes) : rest], "<i4")
        paints = likeness_paint.unpacked(data[rest:])
        tone, richness, contrast = np.split(numbers, (len(SCALES), len(SCALES) + RICHNESS))
        return Look(color, borders, tone / 1000, richness / 10_000, contrast / 1000, paints)


PARTS = ("color", "meetings", "tone", "colors", "greys", "contrast", "paint")


def look_of(rgb: NDArray[np.uint8]) -> Look:
    """Read the look of a picture.

    Args:
        rgb: sRGB pixels, shape (H, W, 3), any size from 1 × 1.

    Returns:
        Histograms as square roots that sum to one when squared (for the Hellinger distance); `tone` holds, in units of `SCALES`: mean
        and spread of lightness, its 5 % and 95 % points, mean and spread of chroma, share of edges, share of perfectly even pixels.
    """
    import cv2

    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.size == 0:
        raise ValueError(f"expected pixels of shape (H, W, 3), got {rgb.shape}")
    factor = SIDE / max(rgb.shape[:2])
    size = (max(1, round(rgb.shape[1] * factor)), max(1, round(rgb.shape[0] * factor)))
    small = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR), np.uint8)
    lab = srgb_to_oklab(small / 255.0)
    light, a, b = lab[..., 0], lab[..., 1], lab[..., 2]
    chroma = np.hypot(a, b)
    change = _change(light)
    low, high = np.percentile(light, (5, 95))
    strong = float((change < 1e-3).mean())
    tone = np.array([light.mean(), light.std(), low, high, chroma.mean(), chroma.std(), float((change > EDGE).mean()), strong]) / SCALES
    return Look(_color(light, a, b), meetings(lab), tone, _richness(small), contrasts(lab), paints_of(lab))


def distances(look: Look, examples: Sequence[Look]) -> Floats:
    """How far `look` is from each example in each of `PARTS`, shape (N, 7): tone and contrast from 0 up, the others in 0..1."""
    if not examples:
        raise ValueError("there is no example to compare with")
    pairs = zip(*(example.parts() for example in examples), strict=True)
    points = [np.linalg.norm(np.stack(others) - part, axis=1) / np.sqrt(2) for part, others in zip(look.parts(), pairs, strict=True)]
    return np.stack([*points, np.array([new_paint(look.paints, [example.paints]) for example in examples])], axis=1)


def off_palette(rgb: NDArray[np.uint8], swatches: Floats) -> float:
    """Share of a picture's colour that is none of the swatches: 0 all theirs, 1 none; 0.5, no evidence, where it has no colour.

    Args:
        rgb: sRGB pixels, shape (H, W, 3).
        swatches: OKLab, shape (N, 3).
    """
    import cv2

    small = np.asarray(cv2.resize(rgb, (PALETTE_SIDE, PALETTE_SIDE), interpolation=cv2.INTER_AREA), np.uint8)
    seen = _chromatic(small.reshape(-1, 3) / 255.0)
    if len(swatches) == 0 or len(seen) < LEAST_COLOR * PALETTE_SIDE**2:
        return 0.5
    return float((_to_nearest(seen, swatches) >= swatch_reach(swatches)).mean())


def swatch_reach(swatches: Floats) -> float:
    """Distance in OKLab units up to which a colour counts as one of these swatches, shape (N, 3): the less, the more of them there are."""
    levels = np.linspace(0, 1, GAMUT_STEPS)
    colors = _chromatic(np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(-1, 3))
    return min(NEAR_SWATCH, float(np.quantile(_to_nearest(colors, swatches), COVERED)))


def _chromatic(rgb: Floats) -> Floats:
    """OKLab of those of the colours that have a hue."""
    lab = srgb_to_oklab(rgb)
    return lab[np.hypot(lab[:, 1], lab[:, 2]) >= GREY]


def _to_nearest(colors: Floats, swatches: Floats) -> Floats:
    return np.asarray(np.min(np.linalg.norm(colors[:, None] - swatches[None], axis=2), axis=1))


def _color(light: Floats, a: Floats, b: Floats) -> Floats:
    steps = [np.clip((light * LIGHT_BINS).astype(int), 0, LIGHT_BINS - 1)]
    steps += [np.clip(((part / AB_RANGE + 1) / 2 * AB_BINS).astype(int), 0, AB_BINS - 1) for part in (a, b)]
    index = (steps[0] * AB_BINS + steps[1]) * AB_BINS + steps[2]
    return _root(np.bincount(index.ravel(), minlength=LIGHT_BINS * AB_BINS**2))


def _richness(rgb: NDArray[np.uint8]) -> Floats:
    import cv2

    cells = (rgb // CELL).astype(np.int64) @ np.array([(256 // CELL) ** 2, 256 // CELL, 1])
    shares = np.bincount(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).ravel(), minlength=GREYS) / cells.size
    seen = shares[shares > 0]
    return np.array([len(np.unique(cells)) / CELLS, -float((seen * np.log2(seen)).sum()) / np.log2(GREYS)])


def _change(light: Floats) -> Floats:
    """The size of the change of lightness at each pixel."""
    if min(light.shape) < 2:
        return np.zeros_like(light)
    return np.asarray(np.hypot(np.gradient(light, axis=0), np.gradient(light, axis=1)))


def _root(counts: NDArray[np.generic]) -> Floats:
    total = np.asarray(counts, np.float64)
    root: Floats = np.sqrt(total / total.sum())
    return root
