"""How alike two pictures look, whatever they show: colour, hue, direction of edges, and texture and tone.

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

Floats = NDArray[np.float64]

SIDE = 192  # px on the long side: the look of a picture, not its details, and the same for every resolution
LIGHT_BINS, AB_BINS = 8, 12  # of OKLab lightness in 0..1 and of a and b in ±AB_RANGE; one step is about what tells two brand colours apart
AB_RANGE = 0.30  # OKLab units; sRGB reaches 0.31 in one corner
HUE_BINS = 24  # of 15°, and one more for what has no hue
GREY = 0.035  # OKLab chroma below which nobody names a hue
EDGE_BINS = 12  # of 15° over a half turn, and one more for calm area
EDGE = 0.05  # OKLab lightness per pixel from which a change is an edge
PALETTE_SIDE = 128  # px, squashed: shares of colour need no shapes
NEAR_SWATCH = 0.06  # OKLab units around a swatch: the colour as people name it, not as the gate measures it
LEAST_COLOR = 0.002  # of the pixels; less is dust
NEIGHBOURS = 3  # nearest examples that a picture is compared with: one alone may be an oddity
SCALES = np.array([0.25, 0.15, 0.30, 0.20, 0.08, 0.05, 0.15, 0.30])  # spread of the eight numbers over mixed pictures


@dataclass(frozen=True)
class Look:
    """The look of a picture: square roots of three histograms, and eight numbers of tone and texture."""

    color: Floats
    hue: Floats
    edges: Floats
    tone: Floats

    def parts(self) -> tuple[Floats, Floats, Floats, Floats]:
        """The four parts, in the order of `PARTS`."""
        return self.color, self.hue, self.edges, self.tone

    def packed(self) -> str:
        """The look in a few hundred characters, to 1/255 of each histogram's root and 1/1000 of a tone."""
        roots = np.round(255 * np.concatenate([self.color, self.hue, self.edges])).astype(np.uint8).tobytes()
        return base64.b85encode(zlib.compress(roots + np.round(1000 * self.tone).astype("<i4").tobytes(), 9)).decode()

    @staticmethod
    def unpacked(text: str) -> Look:
        """The look that `packed` wrote.

        Raises:
            ValueError: It is none.
        """
        sizes = (LIGHT_BINS * AB_BINS**2, HUE_BINS + 1, EDGE_BINS + 1)
        try:
            data = zlib.decompressobj().decompress(base64.b85decode(text), sum(sizes) + 4 * len(SCALES) + 1)
        except (ValueError, zlib.error) as error:
            raise ValueError(f"{text[:20]!r}… is not a packed look") from error
        if len(data) != sum(sizes) + 4 * len(SCALES):
            raise ValueError(f"a packed look holds {sum(sizes) + 4 * len(SCALES)} bytes, not {len(data)}")
        color, hue, edges = np.split(np.frombuffer(data[: sum(sizes)], np.uint8) / 255, np.cumsum(sizes)[:2])
        return Look(color, hue, edges, np.frombuffer(data[sum(sizes) :], "<i4") / 1000)


PARTS = ("color", "hue", "edges", "tone")


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
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    lab = srgb_to_oklab(small / 255.0)
    light, a, b = lab[..., 0], lab[..., 1], lab[..., 2]
    chroma = np.hypot(a, b)
    edges, calm = _edges(light)
    low, high = np.percentile(light, (5, 95))
    strong = float((calm < 1e-3).mean())
    tone = np.array([light.mean(), light.std(), low, high, chroma.mean(), chroma.std(), float((calm > EDGE).mean()), strong]) / SCALES
    return Look(_color(light, a, b), _hue(a, b, chroma), edges, tone)


def distances(look: Look, examples: Sequence[Look]) -> Floats:
    """Mean distance of `look` to its nearest examples, for each of `PARTS`, shape (4,); histograms in 0..1, tone from 0 up."""
    if not examples:
        raise ValueError("there is no example to compare with")
    return np.array([_nearest(part, [example.parts()[index] for example in examples]) for index, part in enumerate(look.parts())])


def off_palette(rgb: NDArray[np.uint8], swatches: Floats) -> float:
    """Share of a picture's colour that is none of the swatches: 0 all theirs, 1 none; 0.5, no evidence, where it has no colour.

    Args:
        rgb: sRGB pixels, shape (H, W, 3).
        swatches: OKLab, shape (N, 3).
    """
    import cv2

    lab = srgb_to_oklab(cv2.resize(rgb, (PALETTE_SIDE, PALETTE_SIDE), interpolation=cv2.INTER_AREA).reshape(-1, 3) / 255.0)
    seen = lab[np.hypot(lab[:, 1], lab[:, 2]) >= GREY]
    if len(swatches) == 0 or len(seen) < LEAST_COLOR * len(lab):
        return 0.5
    nearest = np.min(np.linalg.norm(seen[:, None] - swatches[None], axis=2), axis=1)
    return float((nearest >= NEAR_SWATCH).mean())


def _nearest(part: Floats, examples: list[Floats]) -> float:
    gaps = np.sort(np.linalg.norm(np.stack(examples) - part, axis=1))[:NEIGHBOURS]
    return float(gaps.mean() / np.sqrt(2))


def _color(light: Floats, a: Floats, b: Floats) -> Floats:
    steps = [np.clip((light * LIGHT_BINS).astype(int), 0, LIGHT_BINS - 1)]
    steps += [np.clip(((part / AB_RANGE + 1) / 2 * AB_BINS).astype(int), 0, AB_BINS - 1) for part in (a, b)]
    index = (steps[0] * AB_BINS + steps[1]) * AB_BINS + steps[2]
    return _root(np.bincount(index.ravel(), minlength=LIGHT_BINS * AB_BINS**2))


def _hue(a: Floats, b: Floats, chroma: Floats) -> Floats:
    seen = chroma >= GREY
    angle = (np.arctan2(b[seen], a[seen]) / (2 * np.pi) % 1 * HUE_BINS).astype(int) % HUE_BINS
    counts = np.bincount(angle, minlength=HUE_BINS)
    return _root(np.append(counts, np.count_nonzero(~seen)))


def _edges(light: Floats) -> tuple[Floats, Floats]:
    """Histogram of the directions of edges, and the size of the change at each pixel."""
    if min(light.shape) < 2:
        return _root(np.eye(EDGE_BINS + 1)[-1]), np.zeros_like(light)
    down, across = np.gradient(light, axis=0), np.gradient(light, axis=1)
    size = np.hypot(down, across)
    edge = size > EDGE
    angle = (np.arctan2(down[edge], across[edge]) / np.pi % 1 * EDGE_BINS + 0.5).astype(int) % EDGE_BINS
    counts = np.bincount(angle, minlength=EDGE_BINS)
    return _root(np.append(counts, np.count_nonzero(~edge))), size


def _root(counts: NDArray[np.generic]) -> Floats:
    total = np.asarray(counts, np.float64)
    root: Floats = np.sqrt(total / total.sum())
    return root
