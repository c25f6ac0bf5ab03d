"""Places and colours in words, as models understand them better than numbers alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from brandkit.color.parse import parse_color
from brandkit.color.spaces import oklab_to_oklch, srgb_to_oklab
from brandkit.image.region import Box

GRID = 24  # cells along each side when the free area is searched: about 4 % of the picture
EDGE = 1e-6  # of a cell: boxes that only share an edge do not touch
HUES = (  # upper end of each hue range in OKLCH degrees, and its word
    (16, "pink-red"), (36, "red"), (70, "orange"), (82, "amber"), (115, "yellow"), (135, "yellow-green"), (165, "green"),
    (213, "teal"), (236, "sky blue"), (275, "blue"), (310, "violet"), (345, "magenta"), (360, "pink-red"),
)  # fmt: skip


def colour_words(hex_: str) -> str:
    """A plain name of the colour `#RRGGBB`: `dark green`, `pale yellow`, `near-black`, `warm off-white`."""
    rgb = [value / 255 for value in parse_color(hex_).rgb]
    light, chroma, hue = (float(value) for value in oklab_to_oklch(srgb_to_oklab(rgb)))
    if chroma < 0.035:
        return _grey(light, chroma, hue)
    word = next(name for end, name in HUES if hue <= end)
    if light < 0.62 and 40 <= hue < 95:
        word = "brown" if light < 0.5 or chroma < 0.12 else f"brownish {word}"
    if word == "sky blue" and light < 0.6:
        word = "blue"
    if word == "pink-red" and light > 0.7:
        word = "pink"
    if word in ("yellow", "yellow-green") and light < 0.55:
        word = "olive"
    if chroma < 0.07 and light > 0.6 and 50 <= hue < 110:
        return "beige"
    tone = _tone(light, chroma)
    force = "muted" if chroma < 0.08 else "vivid" if chroma > 0.2 else ""
    return " ".join(part for part in (tone or force, word) if part)


def _tone(light: float, chroma: float) -> str:
    if light < 0.42:
        return "very dark" if light < 0.28 else "deep" if chroma < 0.2 else ""
    if chroma < 0.12:
        return "pale" if light > 0.85 else "light" if light > 0.75 else ""
    return ""


def _grey(light: float, chroma: float, hue: float) -> str:
    warmth = "" if chroma < 0.006 else "warm " if hue < 130 or hue > 330 else "cool "
    for least, word in ((0.985, "white"), (0.9, "off-white"), (0.75, "light grey"), (0.45, "grey"), (0.25, "dark grey")):
        if light >= least:
            return f"{warmth}{word}"
    return "black" if light < 0.05 else f"{warmth}near-black"


def percent(box: Box) -> str:
    """A box in fractions as `x 6–48 %, y 10–42 %`."""
    return f"x {box.x * 100:.0f}–{box.right * 100:.0f} %, y {box.y * 100:.0f}–{box.bottom * 100:.0f} %"


def place_words(box: Box) -> str:
    """Where a box in fractions lies: `upper left corner`, `lower third, full width`, `left half`, `centre`."""
    wide, high = box.w >= 0.8, box.h >= 0.8
    x, y = box.x + box.w / 2, box.y + box.h / 2
    across = "left" if x < 0.4 else "right" if x > 0.6 else "centre"
    down = "upper" if y < 0.4 else "lower" if y > 0.6 else "middle"
    if wide and high:
        return "nearly the whole frame"
    if wide:
        return f"{down} {_part(box.h)}, full width"
    if high:
        return f"{across} {_part(box.w)}, full height"
    if across == "centre":
        return "centre" if down == "middle" else f"{down} centre"
    return f"{across} side, at mid height" if down == "middle" else f"{down} {across}"


def _part(share: float) -> str:
    return "quarter" if share < 0.29 else "third" if share < 0.42 else "half" if share < 0.6 else "two thirds"


@lru_cache(maxsize=64)
def free_area(quiet: tuple[tuple[str, Box], ...], frame: Box, aspect: float) -> Box:
    """The best place for a subject: a large, compact rectangle of `frame` that no quiet zone touches, in the same fractions.

    Args:
        quiet: Named zones in fractions of the picture.
        frame: The used part of the picture, likewise.
        aspect: Width over height of the picture in pixels. A rectangle counts its area times the root of short over long
            edge, so that a flat strip loses against a somewhat smaller block.

    Returns:
        A box on a grid of 1/24 of the frame; the whole frame without zones, and a box of area 0 where they cover it.
    """
    step_x, step_y = frame.w / GRID, frame.h / GRID
    if step_x <= 0 or step_y <= 0:
        return Box(frame.x, frame.y, 0, 0)
    spans = [(_cells(box.x, box.right, frame.x, step_x), _cells(box.y, box.bottom, frame.y, step_y)) for _, box in quiet if box.area]
    heights, best, found = [0] * GRID, 0.0, Box(frame.x, frame.y, 0, 0)
    for row in range(GRID):
        taken = {column for columns, rows in spans if row in rows for column in columns}
        heights = [0 if column in taken else height + 1 for column, height in enumerate(heights)]
        for left, width, height in _rectangles(heights):
            ratio = (width * step_x * aspect) / (height * step_y)
            if (worth := width * height * min(ratio, 1 / ratio) ** 0.5) > best:
                best = worth
                found = Box(frame.x + left * step_x, frame.y + (row + 1 - height) * step_y, width * step_x, height * step_y)
    return found


def _cells(start: float, end: float, origin: float, step: float) -> range:
    """The cells of the grid that the open interval touches."""
    return range(math.floor((start - origin) / step + EDGE), math.ceil((end - origin) / step - EDGE))


def _rectangles(heights: list[int]) -> Iterator[tuple[int, int, int]]:
    for left in range(len(heights)):
        lowest = heights[left]
        for right in range(left, len(heights)):
            lowest = min(lowest, heights[right])
            if not lowest:
                break
            yield left, right - left + 1, lowest


def covered_share(quiet: tuple[tuple[str, Box], ...], frame: Box) -> float:
    """Share in [0, 1] of `frame` under quiet zones, overlaps counted once."""
    boxes = [inside for _, box in quiet if (inside := box.intersection(frame)).area]
    xs = sorted({edge for box in boxes for edge in (box.x, box.right)})
    ys = sorted({edge for box in boxes for edge in (box.y, box.bottom)})
    area = sum(
        (x1 - x0) * (y1 - y0)
        for x0, x1 in pairwise(xs)
        for y0, y1 in pairwise(ys)
        if any(box.x <= x0 and x1 <= box.right and box.y <= y0 and y1 <= box.bottom for box in boxes)
    )
    return min(1.0, area / frame.area) if frame.area else 0.0
