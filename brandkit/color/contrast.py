"""How well text stands out from its ground: WCAG 2.2, which decides, and APCA, which knows polarity."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

from brandkit.color.parse import parse_color

Colour = str | Sequence[float]
"""A CSS colour, or red, green and blue in 0..255."""

WCAG_RATIOS = {"AA": 4.5, "AAA": 7.0, "AA-large": 3.0, "AAA-large": 4.5}  # WCAG 2.2, success criteria 1.4.3 and 1.4.6
APCA_WEIGHTS = (0.2126729, 0.7151522, 0.0721750)  # APCA 0.98G-4g: luminance of sRGB
STEP = 0.005  # of OKLCH lightness, in which a passing colour is looked for; finer than anyone sees
APCA_POWER = 2.4  # APCA 0.98G-4g: one simple curve instead of the sRGB one


def _channels(color: Colour) -> tuple[float, float, float]:
    if isinstance(color, str):
        return parse_color(color).rgb
    if len(color) != 3 or not all(0 <= float(channel) <= 255 for channel in color):
        raise ValueError(f"{color!r} is not a colour; give '#RRGGBB' or three numbers in 0..255")
    red, green, blue = (float(channel) for channel in color)
    return red, green, blue


def relative_luminance(color: Colour) -> float:
    """Relative luminance of a colour in [0, 1], 0 for black and 1 for white.

    References:
        WCAG 2.2, "relative luminance".
    """
    red, green, blue = _channels(color)
    return 0.2126 * _linear(red / 255) + 0.7152 * _linear(green / 255) + 0.0722 * _linear(blue / 255)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else math.pow((value + 0.055) / 1.055, 2.4)


def wcag_contrast(first: Colour, second: Colour) -> float:
    """Contrast ratio of two colours, in either order.

    Args:
        first: CSS colour, or red, green, blue in 0..255.
        second: The same.

    Returns:
        A ratio in [1, 21]; higher is easier to read. Text needs 4.5, large text 3.

    References:
        WCAG 2.2, success criterion 1.4.3.
    """
    return luminance_contrast(relative_luminance(first), relative_luminance(second))


def luminance_contrast(first: float, second: float) -> float:
    """`wcag_contrast` of two colours whose relative luminances are known."""
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def _apca_luminance(color: Colour) -> float:
    luminance = sum(weight * math.pow(channel / 255, APCA_POWER) for weight, channel in zip(APCA_WEIGHTS, _channels(color), strict=True))
    return luminance if luminance > 0.022 else luminance + math.pow(0.022 - luminance, 1.414)  # soft clamp of black


def apca_contrast(text: Colour, ground: Colour) -> float:
    """Lightness contrast Lc of `text` on `ground`; the order matters.

    Args:
        text: CSS colour, or red, green, blue in 0..255.
        ground: The same.

    Returns:
        Lc in about [-108, 106]: positive for dark text on light, negative for light on dark. |Lc| 75 suits body text,
        60 content text, 45 headlines.

    References:
        Somers (2021). APCA 0.98G-4g, the Accessible Perceptual Contrast Algorithm.
    """
    ink, paper = _apca_luminance(text), _apca_luminance(ground)
    if abs(paper - ink) < 0.0005:  # deltaYmin: no difference to speak of
        return 0.0
    if paper > ink:
        contrast = (paper**0.56 - ink**0.57) * 1.14
        return 0.0 if contrast < 0.1 else (contrast - 0.027) * 100
    contrast = (paper**0.65 - ink**0.62) * 1.14
    return 0.0 if contrast > -0.1 else (contrast + 0.027) * 100


def ground_tone(color: Colour) -> Literal["light", "dark"]:
    """`light` when black stands out more on `color` than white does, else `dark`."""
    return "light" if wcag_contrast(color, "#000000") >= wcag_contrast(color, "#FFFFFF") else "dark"


class Passing(NamedTuple):
    """A colour that reaches a contrast: `word` says which way it was moved, `distance` by how much OKLCH lightness."""

    distance: float
    word: Literal["darken", "lighten"]
    hex: str


def nearest_passing(ink: str, ground: str, needed: float) -> Passing | None:
    """The colour nearest to `ink` in OKLCH lightness, with its hue and chroma, that reaches the contrast `needed` on `ground`.

    Args:
        ink: CSS colour.
        ground: CSS colour.
        needed: WCAG ratio in [1, 21].

    Returns:
        None where no lightness reaches it.
    """
    from brandkit.color.spaces import oklab_to_oklch, srgb_to_oklab

    lightness, chroma, hue = (float(value) for value in oklab_to_oklch(srgb_to_oklab([value / 255 for value in parse_color(ink).rgb])))
    found: list[Passing] = []
    for index in range(int(1 / STEP) + 1):
        goal = index * STEP
        candidate = parse_color(f"oklch({goal:.4f} {chroma:.4f} {hue:.2f})").hex
        if wcag_contrast(candidate, ground) >= needed:
            found.append(Passing(abs(goal - lightness), "darken" if goal < lightness else "lighten", candidate))
    return min(found, default=None)
