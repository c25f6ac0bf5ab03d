"""A drawn ground is one colour all over, under grain and in a JPEG; a wall in even light is not, however even."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from brandkit.metric.palette import flat_colors
from brandkit.metric.shade import is_one_color

SIZE = (600, 900)


def picture(slope: float, grain: float, quality: int | None) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A ground that grows lighter by `slope` levels from left to right."""
    rng = np.random.default_rng(3)
    light = np.linspace(0, slope, SIZE[1])[None, :, None] + rng.normal(0, grain, (*SIZE, 1))
    rgb = np.clip(np.rint(np.array([214, 206, 197]) + light), 0, 255).astype(np.uint8)
    if quality is None:
        return rgb
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=quality)
    return np.array(Image.open(buffer).convert("RGB"))


@pytest.mark.parametrize(("slope", "grain", "quality", "drawn"), [
    (0, 0, None, True), (0, 1.5, None, True), (0, 1.5, 85, True), (0, 0, 80, True),
    (4, 0, None, False), (6, 1, None, False), (10, 1.5, None, False), (10, 1, 90, False), (24, 1, None, False),
])  # fmt: skip
def test_one_color(slope: float, grain: float, quality: int | None, drawn: bool) -> None:
    flat = flat_colors(picture(slope, grain, quality))
    assert is_one_color(flat, flat.modes[0]) is drawn


def test_too_few_squares_say_nothing() -> None:
    rgb = np.full((200, 200, 3), 90, np.uint8)
    rgb[:12, :12] = 200
    flat = flat_colors(rgb)
    assert is_one_color(flat, flat.modes[-1])
