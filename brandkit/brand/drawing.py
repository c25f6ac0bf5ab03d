"""A mark of the kit drawn once: its colours, its bounds, its strokes, and what its file refers to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.color.contrast import wcag_contrast
from brandkit.errors import PictureError
from brandkit.image.svg import Size
from brandkit.image.svg_rules import TEXT
from brandkit.image.svg_tree import Node, parse_tree
from brandkit.image.vector import mark_size, render_mark

PROBE = 240  # px wide that a mark is drawn to see its colours
MANY_COLORS = 2000  # a mark with more is a picture; its colours are put into bins of 8 levels before they are compared
SOLID = 200  # alpha from which a pixel counts as ink
STRONG_PART = 0.25  # of the mark's ink that must stand out; the rest may be a plate, a tint or a second colour
FINE = 8  # rendered px for each px of the smallest use, so that half a pixel of stroke is 4 px
MOST_FINE = 2400  # px wide that a mark is drawn at most to measure its strokes


class Area(NamedTuple):
    """A flat colour of a mark and its share of the ink in [0, 1]."""

    rgb: tuple[int, int, int]
    share: float


@dataclass(frozen=True)
class Drawing:
    """A mark that can be drawn. `pixels` is RGBA, shape (H, 240, 4)."""

    path: Path
    size: Size
    pixels: NDArray[np.uint8] = field(repr=False)

    @property
    def ratio(self) -> float:
        """Width over height."""
        return self.size.width / self.size.height

    @cached_property
    def inks(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Colours of the opaque pixels, shape (N, 3), and how many pixels each has, shape (N,)."""
        solid = self.pixels[self.pixels[..., 3] >= SOLID][:, :3]
        colors, weights = np.unique(solid, axis=0, return_counts=True)
        if len(colors) > MANY_COLORS:
            colors, weights = np.unique(solid // 8 * 8 + 4, axis=0, return_counts=True)
        return colors, weights

    def areas(self, least: float) -> list[Area]:
        """Flat colours that cover at least `least` of the ink, largest first; gradients and photographs have none."""
        colors, weights = self.inks
        shares = weights / weights.sum()
        order = [int(index) for index in np.argsort(-weights) if shares[index] >= least]
        return [Area((int(colors[index][0]), int(colors[index][1]), int(colors[index][2])), float(shares[index])) for index in order]

    def standing_out(self, ground: str) -> float:
        """The WCAG contrast on `ground` that at least `STRONG_PART` of the ink reaches."""
        colors, weights = self.inks
        ratios = [(wcag_contrast([int(one) for one in color], ground), int(n)) for color, n in zip(colors, weights, strict=True)]
        needed = STRONG_PART * float(weights.sum())
        for ratio, weight in sorted(ratios, reverse=True):
            needed -= weight
            if needed <= 0:
                return ratio
        return 1.0

    @cached_property
    def margins(self) -> tuple[float, float, float, float]:
        """Empty canvas at the top, right, bottom and left, as shares of the mark's height."""
        inked = self.pixels[..., 3] >= 16
        rows, columns = np.flatnonzero(inked.any(1)), np.flatnonzero(inked.any(0))
        height, width = inked.shape
        top, bottom = rows[0] / height, (height - 1 - rows[-1]) / height
        return float(top), float((width - 1 - columns[-1]) / height), float(bottom), float(columns[0] / height)

    def thin_share(self, width: float, stroke: int = FINE) -> float:
        """Share of the ink in [0, 1] that is thinner than a stroke when the mark is `width` px wide.

        Args:
            width: Width in px.
            stroke: Thickness in eighths of a px; 8 is one pixel.
        """
        import cv2

        try:
            drawn = self._fine(width)
        except PictureError:
            return 0.0  # too costly at this size: nothing can be said about its strokes
        scale = drawn.shape[1] / width / FINE  # below 1 where the mark would be too large to draw
        solid = drawn[..., 3] >= 128
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (max(2, round(stroke * scale)),) * 2)
        lost = total = 0
        for color in self.areas(0.04)[:6]:
            mask = (solid & self._nearest(drawn, color)).astype(np.uint8)
            total += int(mask.sum())
            lost += int(mask.sum()) - int(cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel).sum())
        return lost / total if total else 0.0

    def _fine(self, width: float) -> NDArray[np.uint8]:
        """The mark with eight pixels for each px of `width`; as it is at 240 px where that is too costly to draw."""
        try:
            return render_mark(self.path, max(1, round(min(FINE * width, MOST_FINE))))
        except PictureError:
            return self.pixels

    def _nearest(self, drawn: NDArray[np.uint8], color: Area) -> NDArray[np.bool_]:
        """Pixels that are nearer to `color` than to any other flat colour of the mark."""
        flat = [np.array(area.rgb, np.int32) for area in self.areas(0.04)[:6]]
        distances = np.stack([np.abs(drawn[..., :3].astype(np.int32) - one).sum(-1) for one in flat])
        own = next(index for index, one in enumerate(flat) if tuple(one) == color.rgb)
        return np.asarray(distances.argmin(0) == own)


def draw(path: Path) -> Drawing:
    """The mark in `path`, drawn.

    Raises:
        PictureError: It cannot be drawn, has no size, or shows nothing.
    """
    size = mark_size(path)
    if not size.width > 0 or not size.height > 0:
        raise PictureError(f"{path.name} has no size", hint="give the SVG a viewBox")
    pixels = render_mark(path, PROBE)
    if not (pixels[..., 3] >= SOLID).any():
        raise PictureError(f"{path.name} shows nothing", hint="draw something that is not transparent")
    return Drawing(path, size, pixels)


class Contents(NamedTuple):
    """What an SVG holds beside paths: the places of live text, of references out of the file, and of embedded pictures."""

    text: list[Node]
    external: list[Node]
    raster: list[Node]


def contents(path: Path) -> Contents:
    """What the SVG in `path` holds; nothing for PNG and for what is no SVG."""
    try:
        data = path.read_bytes()
        root = parse_tree(data, name=path.name) if b"<svg" in data else None
    except (OSError, PictureError):
        return Contents([], [], [])
    nodes = list(_walk(root)) if root else []
    images = [node for node in nodes if node.name == "image"]
    return Contents(
        [node for node in nodes if node.name in TEXT],
        [node for node in nodes if node.name != "a" and not node.attributes.get("href", "#").strip().startswith(("#", "data:"))],
        [node for node in images if node.attributes.get("href", "").strip().startswith("data:")],
    )


def _walk(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        yield (one := waiting.pop())
        waiting += one.children
