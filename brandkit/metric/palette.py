"""The flat colours of a picture: which they are, how much area each covers, and how they relate to a set of swatches.

A flat mode is a colour that large areas hold evenly, as a designer's fill does. Photographs, grain and edges have none:
pixels count only where their neighbourhood is even, and a mode only where its colours are few and close together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import srgb_to_lab, srgb_to_oklab
from brandkit.image.region import Box

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]

BITS = 6  # bits per channel of the histogram: bins of 4 levels, 262 144 of them
CORE = 1  # bins around a peak that belong to the mode: 12 levels wide, above JPEG noise and fine grain
RING = 4  # bins around a peak in which a flat colour has little else: 36 levels wide
SHARP = 2.0  # 8-bit levels, standard deviation of one colour with grain and JPEG noise; a part of a shading has 3.5
SPLIT = 1.5  # 8-bit levels of deviation from which a mode may hold two colours
VALLEY = 0.05  # of the smaller of two colours that two levels between them hold; a shading holds a sixth of a mode
LESSER = 0.05  # of a mode's pixels that the smaller of two colours in it has
FLAT_RANGE = 8  # 8-bit levels that a 3 × 3 neighbourhood may span after smoothing: JPEG at quality 75 stays below
EDGE = 2  # px on either side of an edge in which smoothing and neighbourhood make a fill look uneven
UNIFORM_RANGE = 2  # 8-bit levels; a fill spans no more, sensor noise nearly always does
MIN_SHARE = 0.001  # of the area; smaller modes are edges, dots and dust
MAX_MODES = 40  # far more than any palette; bounds the time on noise
SAMPLE_PIXELS = 400_000  # pixels that are looked at, each the mean of a square; shares stay right to 0.1 %, places to a few px
REGION_PIXELS = 65_000  # pixels in which a mode's place is looked for: it is only shown to people
NEUTRAL_CHROMA = 0.035  # OKLab chroma below which colours read as grey
GREY_CHROMA = 0.004  # OKLab chroma up to which a fill is a grey and nothing else: everybody's, not a brand's own off-white
EXTREME = 1.5  # ΔE00 from white or black within which a colour is white or black to the eye
SKIN_HUE = (25.0, 80.0)  # degrees in CIELAB; the narrow arc of human skin
SKIN_CHROMA = (8.0, 45.0)  # CIELAB; paler is grey, stronger is paint
SKIN_LIGHTNESS = (20.0, 92.0)  # CIELAB L*


def skin_colored(lab: Floats) -> NDArray[np.bool_]:
    """Which CIELAB colours (…, 3) lie in the narrow arc of human skin."""
    lightness, a, b = np.moveaxis(np.asarray(lab, np.float64), -1, 0)
    hue, chroma = np.degrees(np.arctan2(b, a)) % 360, np.hypot(a, b)
    inside = (SKIN_HUE[0] <= hue) & (hue <= SKIN_HUE[1]) & (SKIN_CHROMA[0] <= chroma) & (chroma <= SKIN_CHROMA[1])
    return np.asarray(inside & (SKIN_LIGHTNESS[0] <= lightness) & (lightness <= SKIN_LIGHTNESS[1]))


@dataclass(frozen=True)
class FlatMode:
    """One flat colour: mean sRGB in 0..255, share of the picture's area in [0, 1].

    `peak` in [0, 1] is how much of everything around it in colour space is the mode itself: 1 for a lone fill, low in
    photographs and gradients. `uniform` in [0, 1] is the share of its pixels whose neighbours are the same to 2 levels.
    `deviation` is its standard deviation in the channel in which it is largest, in 8-bit levels.
    """

    rgb: tuple[float, float, float]
    share: float
    peak: float
    uniform: float
    deviation: float
    index: int
    lab: Floats = field(repr=False, compare=False)
    """The same colour in CIELAB, shape (3,)."""
    oklab: Floats = field(repr=False, compare=False)

    @property
    def hex(self) -> str:
        return "#{:02X}{:02X}{:02X}".format(*(round(channel) for channel in self.rgb))

    @property
    def neutral(self) -> bool:
        return float(np.hypot(*self.oklab[1:])) < NEUTRAL_CHROMA

    @property
    def grey(self) -> bool:
        """True for white, black and the greys between them that nobody tinted."""
        return is_grey(self.lab, self.oklab)

    @property
    def skin(self) -> bool:
        """True in the arc of skin colours, unless it is as even as only a fill is."""
        return bool(skin_colored(self.lab)) and self.uniform < 0.5


def is_grey(lab: Floats, oklab: Floats | None = None) -> bool:
    """Whether a colour, shape (3,), is white, black or a grey between them that nobody tinted."""
    ends = delta_e_2000(np.stack([lab, lab]), srgb_to_lab(np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])))
    return bool(float(ends.min()) <= EXTREME or (oklab is not None and float(np.hypot(*oklab[1:])) <= GREY_CHROMA))


@dataclass(frozen=True)
class FlatColors:
    """The flat modes of a picture, largest first, and a map of which pixel belongs to which (0 is none).

    `sample` is the picture as it was looked at, every pixel the mean of a square of `step` × `step`; `labels` has its shape.
    """

    modes: tuple[FlatMode, ...]
    labels: NDArray[np.uint8] = field(repr=False)
    sample: Pixels = field(repr=False)
    smooth: NDArray[np.bool_] = field(repr=False)
    """Where neighbours are the same to `UNIFORM_RANGE` levels, shape of `labels`: fills and drawn gradients, seldom a photograph."""
    step: int = 1

    def region(self, mode: FlatMode) -> Box:
        """Box in picture pixels around the largest connected part of a mode."""
        import cv2

        every = max(1, round((self.labels.size / REGION_PIXELS) ** 0.5))
        mask = (np.ascontiguousarray(self.labels[::every, ::every]) == mode.index).view(np.uint8)
        count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
        if count < 2:
            return Box(0, 0, 0, 0)
        x, y, w, h, _ = (int(value) for value in stats[1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))])
        step = every * self.step
        return Box(x * step, y * step, w * step, h * step)

    def solidity(self, mode: FlatMode) -> float:
        """How much of its box the largest part of a mode fills, holes included, in [0, 1]: near 1 for panels and buttons."""
        import cv2

        contours, _ = cv2.findContours((self.labels == mode.index).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        if not contours:
            return 0.0
        largest = max(contours, key=cv2.contourArea)
        _, _, w, h = cv2.boundingRect(largest)
        return float(cv2.contourArea(largest) / ((w - 1) * (h - 1))) if min(w, h) > 1 else 1.0


def flat_colors(rgb: Pixels, *, ignore: NDArray[np.bool_] | None = None) -> FlatColors:
    """Find the flat colours of a picture.

    Args:
        rgb: Picture, shape (H, W, 3), sRGB, 0..255.
        ignore: Pixels to leave out, shape (H, W); None for none. Shares are of the rest.

    Returns:
        The modes with their exact mean colours, in the order of their area.

    Raises:
        ValueError: `rgb` or `ignore` has the wrong shape or type.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or not rgb.size:
        raise ValueError(f"rgb must be uint8 of shape (H, W, 3) with at least one pixel, got {rgb.dtype} {rgb.shape}")
    if ignore is not None and ignore.shape != rgb.shape[:2]:
        raise ValueError(f"ignore must have shape {rgb.shape[:2]}, got {ignore.shape}")
    step = max(1, int(np.ceil(np.sqrt(rgb.shape[0] * rgb.shape[1] / SAMPLE_PIXELS))))
    sample = _reduced(rgb, step)
    spread = _local_range(sample)
    wanted = np.ones(spread.shape, bool) if ignore is None else ~_every(ignore, step)[: len(spread), : spread.shape[1]]
    flat = (spread <= FLAT_RANGE) & wanted
    area = int(np.count_nonzero(wanted))
    if not flat.any():
        return FlatColors((), np.zeros(spread.shape, np.uint8), sample, flat, step)
    histogram = _histogram(sample, flat)
    table, peaks = _peaks(histogram, area)
    everywhere = np.take(table, _codes(sample))
    labels = _grown(everywhere, flat, wanted)
    return FlatColors(_modes(sample, spread, labels, peaks, histogram, area), labels, sample, (spread <= UNIFORM_RANGE) & wanted, step)


def _reduced(rgb: Pixels, step: int) -> Pixels:
    """Means of squares of `step` × `step` pixels, as anybody sees them who steps back; a rest at the right and the bottom is left out."""
    import cv2

    if step == 1:
        return np.ascontiguousarray(rgb)
    height, width = rgb.shape[0] // step, rgb.shape[1] // step
    if not height or not width:
        return np.ascontiguousarray(rgb[::step, ::step])
    return np.asarray(cv2.resize(rgb[: height * step, : width * step], (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _every(mask: NDArray[np.bool_], step: int) -> NDArray[np.bool_]:
    return mask[step // 2 :: step, step // 2 :: step] if min(mask.shape) > step // 2 else mask[::step, ::step]


def _grown(everywhere: NDArray[np.uint8], flat: NDArray[np.bool_], wanted: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Labels of the flat pixels, grown over pixels of the same mode that only an edge beside them made look uneven."""
    import cv2

    near = cv2.dilate(everywhere * flat.view(np.uint8), np.ones((2 * EDGE + 1, 2 * EDGE + 1), np.uint8))
    grown = near == everywhere
    grown &= wanted
    grown |= flat
    return np.asarray(everywhere * grown.view(np.uint8), np.uint8)


def _local_range(rgb: Pixels) -> Pixels:
    """Largest range over the channels in the 3 × 3 neighbourhood, after smoothing away fine grain."""
    import cv2

    smooth = cv2.blur(rgb, (3, 3))
    kernel = np.ones((3, 3), np.uint8)
    spread = cv2.subtract(cv2.dilate(smooth, kernel), cv2.erode(smooth, kernel))
    red, green, blue = cv2.split(spread)
    return np.asarray(cv2.max(cv2.max(red, green), blue), dtype=np.uint8)


def _codes(pixels: Pixels) -> NDArray[np.int32]:
    """Number of each pixel's bin in the flattened histogram. In float32, which is exact here and quicker than whole numbers."""
    import cv2

    places = np.array([[1 << 2 * BITS, 1 << BITS, 1]], np.float32)
    bins = (pixels >> (8 - BITS)).astype(np.float32)
    return np.asarray(cv2.transform(bins, places).reshape(pixels.shape[:2]).astype(np.int32))


def _histogram(pixels: Pixels, mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Pixels under the mask in each bin, shape (64, 64, 64). OpenCV counts in float32, which is exact up to 2**24."""
    import cv2

    size = 1 << BITS
    return np.asarray(cv2.calcHist([pixels], [0, 1, 2], mask.view(np.uint8), [size] * 3, [0, 256] * 3), np.float32)


class _Peak(NamedTuple):
    """A peak of the histogram: its bin, and how many pixels its core holds."""

    center: tuple[int, ...]
    mass: float


def _peaks(histogram: NDArray[np.float32], area: int) -> tuple[NDArray[np.uint8], list[_Peak]]:
    """A table from colour code to mode number, and the modes' peaks."""
    size = 1 << BITS
    left, table = histogram.copy(), np.zeros((size, size, size), np.uint8)
    found: list[_Peak] = []
    counts, rest = histogram.reshape(-1), left.reshape(-1)
    worth = np.flatnonzero(counts >= MIN_SHARE * area / (2 * CORE + 1) ** 3)
    order = worth[np.argsort(-counts[worth], kind="stable")]
    centers = zip(*(axis.tolist() for axis in np.unravel_index(order, histogram.shape)), strict=True)
    for place, center in zip(order.tolist(), centers, strict=True):
        if not rest[place]:
            continue
        if len(found) == MAX_MODES:
            break
        core = tuple(slice(max(0, c - CORE), c + CORE + 1) for c in center)
        here = left[core]
        mass = int(here.sum())
        if mass < MIN_SHARE * area:
            continue
        found.append(_Peak(center, mass))
        table[core] = np.where(here > 0, len(found), table[core])
        left[core] = 0
    return table.reshape(-1), found


class _Levels(NamedTuple):
    """How often each level occurs in each mode: `counts` of shape (3, modes + 1, 256), `mean` and `deviation` of shape (3, modes + 1)."""

    counts: NDArray[np.float64]
    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]


def _levels(channels: Sequence[Pixels], labels: NDArray[np.uint8], count: int) -> _Levels:
    counts = np.stack([_joint(labels, channel, count) for channel in channels])
    levels, pixels = np.arange(256, dtype=np.float64), np.maximum(counts.sum(axis=2), 1)
    mean = counts @ levels / pixels
    return _Levels(counts, mean, np.sqrt(np.maximum(counts @ levels**2 / pixels - mean**2, 0)))


def _joint(labels: NDArray[np.uint8], values: Pixels, count: int) -> NDArray[np.float64]:
    """How often each value occurs under each label, shape (count, 256)."""
    import cv2

    pair = [labels, values]
    return np.asarray(cv2.calcHist(pair, [0, 1], None, [count, 256], [0, count, 0, 256]), np.float64)


def _parted(sample: Pixels, labels: NDArray[np.uint8], peaks: list[_Peak], levels: _Levels, area: int) -> list[_Peak]:
    """The peaks, those of modes that hold two neighbouring colours made two; `labels` are changed with them."""
    parts = list(peaks)
    channels = np.argmax(levels.deviation, axis=0)
    counts = levels.counts[channels, np.arange(len(channels))]
    cuts = np.where(levels.deviation.max(axis=0) >= SPLIT, _valleys(counts), -1)
    for index in (np.flatnonzero(cuts[1:] >= 0) + 1).tolist():
        total, above = float(counts[index].sum()), float(counts[index, cuts[index] + 1 :].sum())
        if min(above, total - above) < MIN_SHARE * area:
            continue
        labels[(labels == index) & (sample[..., channels[index]] > cuts[index])] = len(parts) + 1
        peak = peaks[index - 1]
        parts[index - 1] = peak._replace(mass=peak.mass * (1 - above / total))
        parts.append(peak._replace(mass=peak.mass * above / total))
    return parts


def _valleys(counts: NDArray[np.float64]) -> NDArray[np.intp]:
    """For each row of levels, up to which one the lower of two colours reaches; -1 where no gap parts them."""
    total = counts.sum(axis=1, keepdims=True)
    below = np.cumsum(counts, axis=1)
    gaps = counts.copy()
    gaps[:, :-1] += counts[:, 1:]
    gaps[(below < LESSER * total) | (below > (1 - LESSER) * total)] = np.inf
    best = np.argmin(gaps, axis=1)
    return np.where(gaps[np.arange(len(gaps)), best] <= VALLEY * total[:, 0], best, -1)


def _others(parts: list[_Peak], levels: _Levels) -> NDArray[np.float64]:
    """How many pixels near each mode belong to another fill: one colour of its own, with a gap between the two."""
    centers, masses = np.array([peak.center for peak in parts]), np.array([peak.mass for peak in parts])
    sharp = levels.deviation[:, 1:].max(axis=0) <= SHARP
    beside = (np.abs(centers[:, None] - centers[None]).max(axis=2) <= RING) & sharp[None]
    np.fill_diagonal(beside, False)
    for one, two in zip(*np.nonzero(beside), strict=True):
        channel = int(np.argmax(np.abs(levels.mean[:, one + 1] - levels.mean[:, two + 1])))
        low, high = sorted(int(levels.mean[channel, index + 1]) for index in (one, two))
        between = levels.counts[channel, one + 1, low : high + 2] + levels.counts[channel, two + 1, low : high + 2]
        beside[one, two] = float((between[:-1] + between[1:]).min()) <= VALLEY * min(masses[one], masses[two])
    return np.asarray(beside @ masses)


def _loneliness(parts: list[_Peak], levels: _Levels, histogram: NDArray[np.float32]) -> list[float]:
    """How much of everything around each peak is the peak itself; another fill beside it does not count against it."""
    shares = []
    for peak, other in zip(parts, _others(parts, levels).tolist() if parts else [], strict=True):
        around = histogram[tuple(slice(max(0, c - RING), c + RING + 1) for c in peak.center)]
        shares.append(peak.mass / max(peak.mass, float(around.sum()) - other, 1))
    return shares


def _modes(
    sample: Pixels, spread: Pixels, labels: NDArray[np.uint8], peaks: list[_Peak], histogram: NDArray[np.float32], area: int
) -> tuple[FlatMode, ...]:
    import cv2

    channels = [np.asarray(channel, np.uint8) for channel in cv2.split(sample)]
    levels = _levels(channels, labels, len(peaks) + 1)
    parts = _parted(sample, labels, peaks, levels, area)
    if len(parts) > len(peaks):
        levels = _levels(channels, labels, len(parts) + 1)
    count, pixels = len(parts) + 1, np.maximum(levels.counts[0].sum(axis=1), 1)
    deviation = levels.deviation.max(axis=0)
    lonely = _loneliness(parts, levels, histogram)
    ranges = _joint(labels, spread, count)
    judged = np.maximum(ranges[:, : FLAT_RANGE + 1].sum(axis=1), 1)
    alike = ranges[:, : UNIFORM_RANGE + 1].sum(axis=1) / judged
    means = levels.mean.T / 255
    lab, oklab = srgb_to_lab(means), srgb_to_oklab(means)
    modes = [
        FlatMode(
            rgb=(float(levels.mean[0, i]), float(levels.mean[1, i]), float(levels.mean[2, i])),
            share=float(pixels[i] / area),
            peak=float(lonely[i - 1]),
            uniform=float(alike[i]),
            deviation=float(deviation[i]),
            index=i,
            lab=lab[i],
            oklab=oklab[i],
        )
        for i in range(1, count)
    ]
    return tuple(sorted(modes, key=lambda mode: (-mode.share, mode.index)))
