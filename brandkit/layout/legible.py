"""Which of the brand's colours copy on a picture is set in, and how much shade it needs there: judged by the pixels around its letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.model import Scheme
from brandkit.brand.resolve import Brand
from brandkit.color.contrast import apca_contrast, relative_luminance, wcag_contrast
from brandkit.color.spaces import linear_to_srgb, srgb_to_lab, srgb_to_linear
from brandkit.layout.boxes import Layout, Slot
from brandkit.layout.colouring import hex_rgb

Plane = NDArray[np.float64]
LARGE = 24.0  # px; from this size text counts as large (WCAG 2.2: 18 pt)
LEVELS = {"AA": (4.5, 3.0), "AAA": (7.0, 4.5), "AA-large": (4.5, 3.0), "AAA-large": (7.0, 4.5)}  # small text, large text
LIGHTNESS = (60.0, 45.0)  # APCA |Lc| for small and for large text: WCAG alone lets dark ink stand on dark ground
MARGIN = 1.06  # above both, for what JPEG and a reader's resampling take away
WORST = 0.985  # quantile of the picture that must still contrast: a few specks do not hide a letter
AROUND, AROUND_EM = 3, 0.25  # px and part of the type's size around the ink that count as its ground
INKED = 40  # of 255; fainter pixels of the type are the haze of anti-aliasing
SPOTS = 8000  # px that are looked at for each text
STEPS = 9  # of halving: the strength is right to 0.2 %
DARKEST, LIGHTEST = 0.8, 0.5  # strongest scrim darker, and lighter, than the picture; beyond, a panel is cleaner
DULL = 0.35  # what a whole scrim takes from a picture whatever its colour, in the unit of `CHANGE`: its texture
CHANGE = 100.0  # mean ΔE76 between picture and scrim that counts as much as taking all of the picture away
OTHER = 0.08  # of that change that the planned colours may need more than others: a faint shade is no reason to leave the scheme
SEEN = 1.5  # WCAG contrast between a button and the picture around it below which it is none
WEIGHTS = np.array([0.2126, 0.7152, 0.0722])


@dataclass(frozen=True)
class Look:
    """The colours of one of the brand's schemes, `#RRGGBB`: ink of the copy, ground of what helps it, and the button's two."""

    ink: str
    ground: str
    accent: str
    on_accent: str

    @property
    def light(self) -> float:
        """Relative luminance of the ground."""
        return relative_luminance(self.ground)


class Spot(NamedTuple):
    """Picture around the letters of one text: sRGB in 0..1, shape (N, 3), and how much of each scrim lies there, (S, N)."""

    slot: Slot
    pixels: Plane
    masks: Plane


class Help(NamedTuple):
    """What copy in a look needs on this picture: a strength for each scrim, the most that still looks well, and how much it changes."""

    look: Look
    strengths: tuple[float, ...]
    most: float
    cost: float

    @property
    def enough(self) -> bool:
        """Whether scrims alone make it read well."""
        return max(self.strengths, default=0.0) <= self.most


def looks(layout: Layout, brand: Brand) -> list[Look]:
    """The planned colours, and then those of the brand's other schemes in its order.

    A layout with copy or panels in the scheme's colours beside what stands on the picture keeps the planned ones alone: the one ink has
    to serve both.
    """
    planned = _look(layout, brand, brand.schemes[layout.scheme])
    mixed = any(name not in ("cta", "fallback") for name, _, _ in layout.panels) or any(
        slot.ground is not None and slot.name != "cta" for slot in layout.slots
    )
    if mixed:
        return [planned]
    return list(dict.fromkeys([planned, *(_look(layout, brand, scheme) for scheme in brand.schemes.values())]))


def _look(layout: Layout, brand: Brand, scheme: Scheme) -> Look:
    return Look(*(brand.hex(name) for name in (scheme.ink, scheme.ground, scheme.accent, scheme.on_accent)))


def spots_of(pixels: Plane, type_alpha: NDArray[np.uint8], layout: Layout, masks: Sequence[Plane]) -> list[Spot]:
    """The picture around the letters of every text that stands on it.

    Args:
        pixels: The page without type, sRGB in 0..1, shape (H, W, 3).
        type_alpha: The type alone, shape (H, W), 0..255.
        layout: Its layout.
        masks: The scrims' shapes at full strength, each (H, W), in [0, 1].
    """
    return [_spot(pixels, type_alpha, slot, masks) for slot in layout.slots if slot.ground is None]


def _spot(pixels: Plane, type_alpha: NDArray[np.uint8], slot: Slot, masks: Sequence[Plane]) -> Spot:
    import cv2

    reach = max(AROUND, round(AROUND_EM * slot.size))
    rows, columns = slot.box.grown(reach).pixels(pixels.shape[1], pixels.shape[0])
    inked = (type_alpha[rows, columns] > INKED).astype(np.uint8)
    near = cv2.dilate(inked, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)).astype(bool) if inked.any() else np.ones(inked.shape, bool)
    step = max(1, round(near.sum() / SPOTS))
    shades = np.array([mask[rows, columns][near][::step] for mask in masks]).reshape(len(masks), -1)
    return Spot(slot, pixels[rows, columns][near][::step], shades)


def best_help(spots: Sequence[Spot], layout: Layout, brand: Brand) -> Help:
    """The look that needs least help on this picture, the planned one unless another needs clearly less."""
    planned, *others = looks(layout, brand)
    first = _help(planned, spots, layout, brand, 0.0)
    if not others or first.cost <= OTHER:
        return first
    found = [first, *(_help(look, spots, layout, brand, OTHER) for look in others)]
    return min((one for one in found if one.enough), key=lambda one: one.cost, default=first)


def _help(look: Look, spots: Sequence[Spot], layout: Layout, brand: Brand, extra: float) -> Help:
    scrims = sum(scrim.name == "copy" for scrim in layout.scrims)
    ground, ratios = hex_rgb(look.ground), [ratio_for(spot.slot, look, brand) for spot in spots]
    now, strengths = list(spots), []
    for index in range(scrims):
        strength = _strength(now, index, look, ground, ratios)
        strengths.append(strength)
        now = [spot._replace(pixels=_shaded(spot, index, ground, strength)) for spot in now]
    if not scrims and not _reads(now, look, ratios):
        strengths = [1.0]
    pixels = np.concatenate([spot.pixels for spot in spots])
    lightens = look.light > float(np.median(srgb_to_linear(pixels) @ WEIGHTS))
    change = float(np.linalg.norm(srgb_to_lab(ground) - srgb_to_lab(pixels), axis=1).mean())
    cost = extra + max(strengths, default=0.0) * (DULL + change / CHANGE)
    return Help(look, tuple(strengths), LIGHTEST if lightens else DARKEST, cost)


def _strength(spots: Sequence[Spot], index: int, look: Look, ground: Plane, ratios: Sequence[float]) -> float:
    """The least opacity of one scrim with which every text reads; 1 when none is enough."""
    if _reads(spots, look, ratios):
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if _reads([spot._replace(pixels=_shaded(spot, index, ground, middle)) for spot in spots], look, ratios):
            high = middle
        else:
            low = middle
    return high


def _shaded(spot: Spot, index: int, ground: Plane, strength: float) -> Plane:
    mixed: Plane = spot.pixels + (ground - spot.pixels) * (spot.masks[index] * strength)[:, None]
    return mixed


def _reads(spots: Sequence[Spot], look: Look, ratios: Sequence[float]) -> bool:
    return all(_met(spot, look, ratio) for spot, ratio in zip(spots, ratios, strict=True))


def _met(spot: Spot, look: Look, ratio: float) -> bool:
    """Whether the ink stands out from the worst of what is around it, on the side on which its own ground is."""
    if not spot.pixels.size:
        return True
    light: Plane = srgb_to_linear(np.clip(spot.pixels, 0, 1)) @ WEIGHTS
    ink = relative_luminance(look.ink)
    worst = float(np.quantile(light, 1 - WORST if ink < look.light else WORST))
    if (worst > ink) != (look.light > ink):
        return False
    grey = _grey(worst)  # as light as the worst: colour counts for neither measure
    wanted = min(LIGHTNESS[spot.slot.size >= LARGE], abs(apca_contrast(look.ink, look.ground)) / MARGIN)
    return wcag_contrast(look.ink, grey) >= ratio * MARGIN and abs(apca_contrast(look.ink, grey)) >= wanted * MARGIN


def _grey(light: float) -> tuple[float, float, float]:
    """The grey of a relative luminance, 0..255."""
    level = float(linear_to_srgb(np.full(3, light))[0]) * 255
    return level, level, level


def ratio_for(slot: Slot, look: Look, brand: Brand) -> float:
    """The contrast that a text on the picture must reach: what the brand's pair promises, at least AA."""
    small, large = LEVELS["AA"]
    pairs = brand.document.palette.pairs if brand.document.palette else []
    for pair in pairs:
        if brand.hex(pair.ink) == look.ink and brand.hex(pair.on) == look.ground:
            small, large = LEVELS[pair.level]
    promised = large if slot.size >= LARGE else small
    return min(promised, wcag_contrast(look.ink, look.ground) / MARGIN)


def in_look(layout: Layout, look: Look, pixels: Plane, brand: Brand) -> Layout:
    """`layout` with its copy in `look`, and its button in colours that are seen on `pixels` (the shaded page, sRGB in 0..1)."""
    fill, words = next(_buttons(layout, look, pixels, brand), (look.ink, look.ground))
    given = layout.data["scheme"] | {"ink": look.ink, "accent": fill, "on_accent": words, "seen": True}
    slots = tuple(
        replace(slot, ink=words, ground=fill) if slot.name == "cta" else replace(slot, ink=look.ink) if slot.ground is None else slot
        for slot in layout.slots
    )
    panels = tuple((name, box, fill if name == "cta" else color) for name, box, color in layout.panels)
    return replace(layout, slots=slots, panels=panels, data=layout.data | {"scheme": given})


def _buttons(layout: Layout, look: Look, pixels: Plane, brand: Brand) -> Iterator[tuple[str, str]]:
    """Fill and words of buttons that are seen where the layout has its own: the look's first, then those of the brand's schemes."""
    box = next((box for name, box, _ in layout.panels if name == "cta"), None)
    if box is None:
        yield look.accent, look.on_accent
        return
    rows, columns = box.grown(max(2.0, 0.15 * box.h)).pixels(pixels.shape[1], pixels.shape[0])
    light = float(np.median(srgb_to_linear(pixels[rows, columns]) @ WEIGHTS))
    grey = _grey(light)
    for one in dict.fromkeys([look, *looks(layout, brand)]):
        if wcag_contrast(one.accent, grey) >= SEEN:
            yield one.accent, one.on_accent
