"""A mark and the picture side by side in one frame: what separates each from the ground, compared."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.color.difference import delta_e_2000
from brandkit.metric.ground import Ground, fit_ground, fit_over
from brandkit.metric.mark_model import Floats, Frame, Pose, draw_alike, draw_mark, once, paint_masks, sample
from brandkit.metric.median import median
from brandkit.metric.orientation import magnitude, orientation_field

VISIBLE = 6.0  # ΔE76 at which a pixel of ink stands out
LEAST_GAIN = 0.15  # contrast relative to the expected; fainter marks are not scaled up further, or noise becomes ink
SMOOTHED = 5  # px over which thin paints are averaged: twice the blocks of chroma in JPEG and WebP
CORE = 5  # px that a paint must be broad to be read inside
CORE_PIXELS = 16  # px that its inside must have at least
CORE_SHARE = 0.05  # of the paint that its inside must be
UNEVEN = 1.5  # ΔE76 of a ground's own texture beyond which it is read right beside the strokes, too
BESIDE = 3.0  # px, σ: how near that is
CLEAR = 0.02  # alpha below which a pixel shows its ground alone
LEAST_BARE = 0.02  # share of the neighbourhood that must be bare to tell the ground
LEAST_COVER = 0.3  # share of a smoothed stroke that is paint; thinner ones are too faint to scale up further
SAMPLES = 2_000  # px that a median is taken of
LEAST_FREE = 300  # px of ground that must be left outside the halo
HALO = 0.3  # of the mark's height around its ink in which shadows and outlines live
FARTHER = 0.01  # of it at which added ink counts twice
RING = 0.25  # of it, beyond that, from which the ground is known then
CERTAIN = 0.05  # share of ink below which it need not be asked how far what was added reaches
NEARBY = 17  # px of a square around the ink within which a mark is aligned; further off stand other things
COARSER = 3.0  # times more pixels of the picture than of the frame, from which their raster no longer shows
SYMMETRY_PROBE = 5.0  # degrees
SYMMETRIC = 0.995  # correlation of the mark with itself turned by the probe, from which rotation cannot be seen


@dataclass(frozen=True)
class PaintReading:
    """One paint of the mark: what it should be, what was read, and their distance (ΔE00). `share` is that of the ink."""

    expected: str
    measured: str
    delta_e: float
    share: float
    doubt: float = 0.0
    """ΔE00 by which the reading may be off: what a lossy file does to strokes this thin."""

    @property
    def certain(self) -> float:
        """ΔE00 beyond doubt."""
        return max(0.0, self.delta_e - self.doubt)


class Residual(NamedTuple):
    """Ink that differs from the mark's, as shares of it in 0..1 and above."""

    lacking: float
    added: float
    spread: float = 0.0
    """What was added, at its full strength and more the farther it lies: a shadow thins out as it is thrown farther."""

    @property
    def whole(self) -> float:
        return self.lacking + self.added

    def less(self, loss: Residual, factor: float) -> Residual:
        """What remains beyond `factor` times the `loss` that coding brings; it is taken off both sides as they share the rest."""
        left = max(0.0, self.whole - factor * loss.whole)
        lacking = min(left, max(0.0, self.lacking - factor * loss.lacking))
        return Residual(lacking, left - lacking, max(0.0, self.spread - factor * loss.spread))


@dataclass(frozen=True)
class View:
    """The mark and the picture side by side in one frame, with what separates each from the ground (ΔE76)."""

    frame: Frame
    alpha: Floats
    colour: Floats
    picture: Floats
    ground: Ground
    free: NDArray[np.bool_]
    expected: Floats
    seen: Floats
    lab: Floats
    """The picture in CIELAB."""
    wanted: Floats
    """The mark on its ground, sRGB in 0..1."""
    wanted_lab: Floats
    """The same in CIELAB."""
    known: bool = False
    """True when the picture beneath is known and need not be fitted."""

    @staticmethod
    def of(rgb: NDArray[np.uint8], mark: Floats, pose: Pose, frame: Frame, *, halo: int = 0) -> View:
        return View.beside(*draw_mark(mark, frame), sample(rgb, pose, frame), frame, halo=halo)

    @staticmethod
    def beside(colour: Floats, alpha: Floats, picture: Floats, frame: Frame, *, beneath: Floats | None = None, halo: int = 0) -> View:
        """A mark and the picture of the same pixels.

        `beneath` is the picture without mark and shades, where it is known. Within `halo` pixels of the mark nothing counts as
        its ground, because shadows and outlines live there.
        """
        import cv2

        lab = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2Lab), np.float32)
        reach = 5 if min(frame.width, frame.height) > 24 else 3
        free = _away(alpha, 2 * halo + 1) if halo else None
        if free is None or free.sum() < LEAST_FREE:
            free = _away(alpha, reach)
        ground = fit_ground(picture, lab, free) if beneath is None else fit_over(picture, lab, free, beneath)
        wanted, wanted_lab = _placed(colour, alpha, ground)
        seen, drawn = length(lab - ground.lab), length(wanted_lab - ground.lab)
        return View(frame, alpha, colour, picture, ground, free, drawn, seen, lab, wanted, wanted_lab, beneath is not None)

    @staticmethod
    def around(rgb: NDArray[np.uint8], mark: Floats, pose: Pose, frame: Frame) -> View:
        """`of` with a ground that is known from beyond where shadows and outlines live; nothing else that far off is compared."""
        tall = frame.height
        inner, margin = max(2, round(HALO * tall)), max(4, round((HALO + RING) * tall))
        view = View.of(rgb, mark, pose, wide := Frame(frame.width, frame.height, margin), halo=inner).alike(mark, pose)
        cut = margin - inner
        window = (slice(cut, wide.shape[0] - cut), slice(cut, wide.shape[1] - cut))
        ground = replace(view.ground, rgb=view.ground.rgb[window], lab=view.ground.lab[window])
        return View(
            Frame(frame.width, frame.height, inner), view.alpha[window], view.colour[window], view.picture[window], ground,
            view.free[window], view.expected[window], view.seen[window], view.lab[window], view.wanted[window], view.wanted_lab[window],
        )  # fmt: skip

    def painted(self, mark: Floats) -> View:
        """The same place with another colouring of the mark, premultiplied RGBA in 0..1."""
        return self._drawn(*draw_mark(mark, self.frame))

    def alike(self, mark: Floats, pose: Pose) -> View:
        """The same place with the mark drawn into whole pixels, as its picture was; where those are finer than the frame, as it is."""
        pixels = abs(float(np.linalg.det(pose.matrix[:, :2])))
        return self if pixels > COARSER * self.frame.width * self.frame.height else self._drawn(*draw_alike(mark, pose, self.frame))

    def _drawn(self, colour: Floats, alpha: Floats) -> View:
        wanted, lab = _placed(colour, alpha, self.ground)
        return replace(self, colour=colour, alpha=alpha, expected=length(lab - self.ground.lab), wanted=wanted, wanted_lab=lab)

    def stray(self) -> float:
        """ΔE00 of the paint that strays most."""
        return max((paint.delta_e for paint in self.paints(paint_masks(self.colour, self.alpha))), default=0.0)

    def mismatch(self) -> float:
        """Mean difference of the channels, in 0..1, between the mark and what is seen where its ink is."""
        weight = float(self.alpha.sum())
        return float((np.abs(self.picture - self.wanted).mean(axis=2) * self.alpha).sum()) / weight if weight else 0.0

    def fade(self) -> tuple[float, float]:
        """How strongly the mark shows, and the share of what is seen, in 0..1, that it leaves unexplained then.

        1 is the mark itself, 0 nothing, and less than 0 what stands out to the other side of the ground.
        """
        wanted, seen = self.wanted - self.ground.rgb, self.picture - self.ground.rgb
        strength = float((wanted * seen).sum()) / max(1e-9, float((wanted * wanted).sum()))
        left = seen - np.float32(max(0.0, strength)) * wanted
        return strength, float((left * left).sum()) / max(1e-9, float((seen * seen).sum()))

    def core(self) -> tuple[slice, slice]:
        """The mark with a little of its surroundings."""
        inset = self.frame.margin - max(2, self.frame.margin // 4)
        return slice(inset, self.frame.shape[0] - inset), slice(inset, self.frame.shape[1] - inset)

    def ink_level(self) -> float:
        weight = float(self.alpha.sum())
        return float((self.expected * self.alpha).sum() / weight) if weight else 0.0

    def visible(self) -> float:
        weight = float(self.alpha.sum())
        return float(self.alpha[np.minimum(self.expected, self.seen) >= VISIBLE].sum() / weight) if weight else 0.0

    def ncc(self) -> float:
        """Agreement of edge directions, in [-1, 1]."""
        return self._agreement

    @cached_property
    def _agreement(self) -> float:
        wanted = orientation_field(self.wanted)[self.core()]
        seen = orientation_field(self.picture)[self.core()]
        norm = math.sqrt(float((wanted**2).sum()) * float((seen**2).sum()))
        return float((wanted * seen).sum()) / norm if norm > 1e-9 else 0.0

    def mass(self, reach: float) -> tuple[float, float]:
        """Agreement in [-1, 1] of the ink smoothed over `reach` of its height, and its amount relative to the expected."""
        import cv2

        sigma = max(0.5, reach * self.frame.height)
        level = max(4.0, 1.5 * self.ink_level())
        wanted, seen = (cv2.GaussianBlur(image, (0, 0), sigma) for image in (self.expected, np.minimum(self.seen, level)))
        amount = float((wanted * seen).sum()) / max(1e-9, float((wanted * wanted).sum()))
        wanted, seen = wanted - wanted.mean(), seen - seen.mean()
        norm = math.sqrt(float((wanted * wanted).sum()) * float((seen * seen).sum()))
        return (float((wanted * seen).sum()) / norm if norm > 1e-9 else 0.0), amount

    def gain(self) -> float:
        """Contrast relative to the expected: 1 for the mark itself, 0 where nothing is."""
        inked = self.expected > 0.5 * self.ink_level()
        return median(_some(self.seen[inked]) / _some(self.expected[inked])) if inked.any() and self.ink_level() > 0.5 else 0.0

    def residual(self, gain: float, masks: list[NDArray[np.bool_]]) -> Residual:
        """Shares of ink that are lacking and added once each paint's own contrast is allowed for: recoloured is not reshaped.

        Missing ink counts wherever the mark is; added ink only where it exceeds what the ground shows around the mark.
        """
        import cv2

        core = self.core()
        wanted = self.expected * max(gain, LEAST_GAIN)
        for mask in masks:
            own = median(self.seen[mask] / np.maximum(self.expected[mask], 0.5))
            wanted[mask] = self.expected[mask] * max(own, 0.4 * gain, LEAST_GAIN)
        total = float(wanted[core].sum())
        if total < 1e-6:
            return Residual(1.0, 0.0)
        ambient = 1.3 * float(np.percentile(self.seen[self.free], 92)) if self.free.any() else 0.0
        allowed = 3.0 + (1 - self.alpha) * ambient
        difference = cv2.blur(np.minimum(self.seen, 3 * self.ink_level()) - wanted, (3, 3))  # anti-aliasing is no difference
        over = np.maximum(difference - allowed, 0)
        lacking = float(np.maximum(-difference - allowed, 0)[core].sum()) / total
        added = float(over[core].sum()) / total
        if lacking + added < CERTAIN:
            return Residual(lacking, added)
        away = self._away_from_ink()
        thrown = difference * (1 + away / FARTHER) * ((over > 0) & (away <= HALO))
        return Residual(lacking, added, float(thrown.sum()) / total)

    def _away_from_ink(self) -> Floats:
        """How far each pixel lies from the mark's own ink, in heights of the mark."""
        import cv2

        def measure() -> Floats:
            pixels = cv2.distanceTransform((self.alpha < 0.5).astype(np.uint8), cv2.DIST_L2, 3)
            return np.asarray(np.minimum(pixels, max(pixels.shape)) / self.frame.height, np.float32)  # without any ink it is boundless

        return once(self.alpha, f"away from ink {self.frame.height}", measure)

    def sharpness(self, gain: float) -> float:
        import cv2

        def slopes(image: Floats) -> Floats:
            across, down = cv2.Sobel(image, cv2.CV_32F, 1, 0), cv2.Sobel(image, cv2.CV_32F, 0, 1)
            return np.asarray(magnitude(across, down))

        wanted, seen = slopes(self.expected), slopes(np.minimum(self.seen / max(gain, LEAST_GAIN), 3 * max(1.0, self.ink_level())))
        edge = wanted > 0.5 * float(wanted.max(initial=0.0))
        return median(seen[edge] / wanted[edge]) if edge.any() else 1.0

    def turns_unseen(self) -> bool:
        import cv2

        rows, columns = self.expected.shape
        turn = cv2.getRotationMatrix2D(((columns - 1) / 2, (rows - 1) / 2), SYMMETRY_PROBE, 1.0)
        turned = cv2.warpAffine(self.expected, turn, (columns, rows), flags=cv2.INTER_LINEAR)
        both = float((turned * self.expected).sum())
        norm = math.sqrt(float((turned**2).sum()) * float((self.expected**2).sum()))
        return norm > 0 and both / norm > SYMMETRIC

    def paint_of(self, mask: NDArray[np.bool_], picture: Floats) -> NDArray[np.float32]:
        """The colour under `mask` in `picture`, sRGB in 0..1. The mark and its picture are read alike, or mixtures count as faults."""
        alpha = self.alpha[mask][:, None]
        if float(alpha.min()) >= 0.9:
            return np.asarray(np.median(picture[mask], axis=0), np.float32)
        # Strokes thinner than a pixel: undo the mixture with the ground, in the least-squares sense.
        mixed = picture[mask] - (1 - alpha) * self.ground.rgb[mask]
        return np.asarray(np.clip((alpha * mixed).sum(axis=0) / float((alpha**2).sum()), 0, 1), np.float32)

    def _wanted_here(self) -> Floats:
        """The mark on the ground right beside its strokes, where that is too uneven for a smooth surface, sRGB in 0..1."""
        import cv2

        bare = np.asarray(self.alpha < CLEAR, np.float32)
        gap = (self.picture - self.ground.rgb) * bare[..., None]
        near, weight = cv2.GaussianBlur(gap, (0, 0), BESIDE), cv2.GaussianBlur(bare, (0, 0), BESIDE)
        return np.asarray(self.wanted + ((1 - self.alpha) / np.maximum(weight, LEAST_BARE))[..., None] * near, np.float32)

    def paints(self, masks: list[NDArray[np.bool_]]) -> list[PaintReading]:
        """Each paint as it is, read without its rims where it is broad enough, else by its mean over a few pixels.

        Lossy files keep colour at half resolution, and an alignment is right to a fraction of a pixel: the rims of a stroke mix
        with what is beside them, but smoothed, the mark as drawn and as seen hold the same amount of each paint.
        """
        import cv2

        total = sum(int(np.count_nonzero(mask)) for mask in masks)
        wanted = self.wanted if self.known or self.ground.noise <= UNEVEN else self._wanted_here()
        difference: Floats | None = None
        readings = []
        for mask in masks:
            within = np.flatnonzero(mask)
            expected = (self.colour.reshape(-1, 3)[within] / self.alpha.reshape(-1)[within][:, None]).mean(axis=0)
            core = broad(mask)
            if core is not None:
                places = _some(np.flatnonzero(core))
                seen = expected + np.median(self.picture.reshape(-1, 3)[places] - wanted.reshape(-1, 3)[places], axis=0)
            else:
                if difference is None:
                    difference = np.asarray(cv2.blur(self.picture - wanted, (SMOOTHED, SMOOTHED)), np.float32)
                cover = cv2.blur(np.where(mask, self.alpha, 0).astype(np.float32), (SMOOTHED, SMOOTHED))
                seen = expected + (difference.reshape(-1, 3)[within].mean(axis=0) / max(LEAST_COVER, float(cover[mask].mean())))
            readings.append(paint_reading(expected, seen, len(within) / total))
        return readings


def broad(mask: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """The inside of a paint, without its rims; None where it is too thin to have one."""
    import cv2

    core = cv2.erode(mask.astype(np.uint8), np.ones((CORE, CORE), np.uint8)) > 0
    return core if np.count_nonzero(core) >= max(CORE_PIXELS, CORE_SHARE * np.count_nonzero(mask)) else None


def paint_reading(expected: NDArray[Any], seen: NDArray[Any], share: float) -> PaintReading:
    """The reading of a paint of which `expected` and `seen` are sRGB in 0..1, shape (3,)."""
    import cv2

    pair = np.clip(np.stack([expected, seen]), 0, 1).astype(np.float32).reshape(1, 2, 3)
    lab = cv2.cvtColor(pair, cv2.COLOR_RGB2Lab)[0].astype(np.float64)
    return PaintReading(_hex(expected), _hex(pair[0, 1]), float(delta_e_2000(lab[0], lab[1])), share)


def ecc(view: View, steps: int, *, slide: float = 0, drawn: Floats | None = None, stiff: bool = False) -> NDArray[np.float64] | None:
    """The affine map of frame pixels that aligns the mark to the picture, shape (3, 3); None where nothing converges.

    First the mark is slid by up to `slide` pixels. Without that, what lies beyond a few pixels of its ink does not count. `drawn`
    stands for the mark as its file's coding leaves it; with `stiff` it is moved and turned only.
    """
    import cv2

    level = max(4.0, 1.5 * view.ink_level())
    wanted, seen = np.minimum(view.expected if drawn is None else drawn, level), np.minimum(view.seen, level)
    if float(wanted.std()) < 0.3 or float(seen.std()) < 0.3:
        return None
    warp, mask = np.eye(2, 3, dtype=np.float32), np.ones(seen.shape, np.uint8)
    if slide >= 1:
        inner = min(view.frame.margin, math.ceil(slide))
        core = wanted[inner:-inner, inner:-inner]
        scores = cv2.matchTemplate(seen, core, cv2.TM_CCOEFF_NORMED)
        _, _, _, best = cv2.minMaxLoc(scores)
        warp[:, 2] = best[0] - inner, best[1] - inner
    else:
        mask = np.asarray(~_away(view.alpha, NEARBY), np.uint8)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, steps, 1e-5)
    try:
        _, fitted = cv2.findTransformECC(
            wanted, seen, warp, cv2.MOTION_EUCLIDEAN if stiff else cv2.MOTION_AFFINE, criteria, mask, 5 if slide >= 1 else 3
        )
    except cv2.error:  # flat, or it wandered off
        return None
    determinant = float(fitted[0, 0] * fitted[1, 1] - fitted[0, 1] * fitted[1, 0])
    if not np.isfinite(fitted).all() or not 0.3 < determinant < 3:
        return None
    return np.vstack([np.asarray(fitted, np.float64), [0, 0, 1]])


def _placed(colour: Floats, alpha: Floats, ground: Ground) -> tuple[Floats, Floats]:
    """A mark on its ground, in sRGB and in CIELAB."""
    import cv2

    bare = 1 - alpha
    wanted = np.asarray(colour + cv2.merge([bare, bare, bare]) * ground.rgb, np.float32)
    return wanted, np.asarray(cv2.cvtColor(wanted, cv2.COLOR_RGB2Lab), np.float32)


def _away(alpha: Floats, reach: int) -> NDArray[np.bool_]:
    """Pixels outside a square of `reach` pixels around any ink."""
    import cv2

    return once(alpha, f"away {reach}", lambda: np.asarray(cv2.dilate(alpha, np.ones((reach, reach), np.uint8)) < 0.02))


def _some(values: NDArray[Any]) -> NDArray[Any]:
    """At most `SAMPLES` of the values, evenly chosen: a median needs no more."""
    return values[:: max(1, len(values) // SAMPLES)]


def length(vectors: Floats) -> Floats:
    """Euclidean length of vectors, shape (h, w, n), as shape (h, w)."""
    import cv2

    return np.asarray(np.sqrt(cv2.transform(vectors * vectors, np.ones((1, 3), np.float32)).reshape(vectors.shape[:2])))


def _hex(rgb: NDArray[np.float32]) -> str:
    return "#" + "".join(f"{round(float(min(1.0, max(0.0, value))) * 255):02X}" for value in rgb)
