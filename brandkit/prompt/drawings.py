"""The pictures that the compiler draws itself: the plan of the frame and the card of the palette, both without a letter."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image, ImageDraw

from brandkit.image.region import Box
from brandkit.prompt.places import free_area

LONG_EDGE = 1024  # px: what models enlarge or reduce inputs to
CARD = (1024, 512)  # px
OUTSIDE, GROUND, CALM, CALM_EDGE, SUBJECT = (96, 96, 96), (206, 206, 206), (236, 236, 236), (120, 120, 120), (150, 150, 150)
EDGE = 3  # px
DEFAULT_SHARES = {"surface": 0.5, "primary": 0.3, "secondary": 0.12, "neutral": 0.1, "ink": 0.08, "tint": 0.08, "accent": 0.06}


class CardColor(NamedTuple):
    """One colour of the card and how much of it an asset shows, in [0, 1]."""

    hex: str
    share: float


def draw_wireframe(width: int, height: int, crop: Box, quiet: Sequence[tuple[str, Box]]) -> bytes:
    """The plan of a picture as PNG bytes: what is cut off dark, the frame grey, calm zones pale and outlined, the subject's area darker.

    Args:
        width: Of the picture that is asked for, pixels.
        height: Likewise.
        crop: The used part, in its pixels.
        quiet: Named calm zones in fractions of the picture.

    Returns:
        A greyscale drawing with the picture's aspect, 1024 px long, without text.
    """
    factor = LONG_EDGE / max(width, height)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    image = Image.new("RGB", size, OUTSIDE)
    draw = ImageDraw.Draw(image)
    frame = Box(crop.x / width, crop.y / height, crop.w / width, crop.h / height)
    draw.rectangle(_corners(frame, size), fill=GROUND)
    subject = free_area(tuple(quiet), frame, width / height)
    if subject.area:
        inset = Box(subject.x + subject.w * 0.1, subject.y + subject.h * 0.1, subject.w * 0.8, subject.h * 0.8)
        draw.ellipse(_corners(inset, size), fill=SUBJECT)
    for _, box in quiet:
        draw.rectangle(_corners(box, size), fill=CALM, outline=CALM_EDGE, width=EDGE)
    return _png(image)


def draw_palette(colors: Sequence[CardColor]) -> bytes:
    """The card of the palette as PNG bytes: one upright band for each colour, as wide as its share, without text.

    Args:
        colors: At least one; shares need not add up to 1.
    """
    if not colors:
        raise ValueError("a palette card needs at least one colour")
    image = Image.new("RGB", CARD)
    draw = ImageDraw.Draw(image)
    total = sum(color.share for color in colors) or 1.0
    x = 0.0
    for color in colors:
        end = x + color.share / total * CARD[0]
        draw.rectangle((round(x), 0, max(round(x), round(end) - 1), CARD[1]), fill=color.hex)
        x = end
    return _png(image)


def _corners(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    x0, y0 = round(box.x * size[0]), round(box.y * size[1])
    return x0, y0, max(x0, round(box.right * size[0]) - 1), max(y0, round(box.bottom * size[1]) - 1)


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()
