"""Logos: their exact paints and how much of the ink each has, and the grounds that they stand out on."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.color.contrast import wcag_contrast
from brandkit.color.difference import delta_e_2000
from brandkit.color.parse import parse_color
from brandkit.color.spaces import srgb_to_lab
from brandkit.errors import PictureError
from brandkit.image.apart import load_material
from brandkit.image.mark_png import MAX_PIXELS
from brandkit.image.svg import svg_colors
from brandkit.image.vector import mark_size, render_mark
from brandkit.metric.palette import flat_colors
from brandkit.start.sightings import Sighting

PROBE = 400  # px wide that a mark is drawn to weigh its paints
OPAQUE = 250  # alpha from which a pixel is ink and no edge
NEAR = 1.5  # ΔE00 within which a pixel shows a paint; edges and gradients lie further off
LEAST = 0.02  # of the ink; less is a detail or a step of a gradient
EVEN = 0.5  # of a flat colour's pixels whose neighbours are the same: textures and gradients have fewer
MANY_PAINTS = 60  # more are those of an illustration, whose weight is measured on flat areas instead
CLEAR = 0.10  # of the area that is transparent in a logo saved as PNG; pictures have none
STANDS_OUT = 2.5  # contrast; WCAG 2.2 asks 3 of graphics (1.4.11) and excepts logos: an orange one on white has 2.7
VANISHES = 1.5  # contrast below which ink is a hint on its ground


class Drawing(NamedTuple):
    """A logo: its colours, its width to height, and whether it stands out on a ground."""

    sightings: list[Sighting]
    width: float
    aspect: float
    inks: NDArray[np.uint8]
    weights: NDArray[np.int64]

    def standing_out(self, ground: str) -> float:
        """Share of the ink that stands out on the colour `ground`, in [0, 1]."""
        return float(self.weights[self._ratios(ground) >= STANDS_OUT].sum() / self.weights.sum())

    def lost(self, ground: str) -> float:
        """Share of the ink that can hardly be seen on the colour `ground`, in [0, 1]."""
        return float(self.weights[self._ratios(ground) < VANISHES].sum() / self.weights.sum())

    def _ratios(self, ground: str) -> NDArray[np.float64]:
        return np.array([wcag_contrast([int(channel) for channel in ink], ground) for ink in self.inks])


def is_drawing(path: Path) -> bool:
    """Whether a file is a logo: an SVG, or a PNG that is transparent around its ink."""
    if path.suffix.lower() == ".svg":
        return True
    if path.suffix.lower() != ".png":
        return False
    try:
        alpha = load_material(path).alpha
    except PictureError:  # the reader of pictures says it
        return False
    return alpha is not None and alpha.size <= MAX_PIXELS and float((alpha < 8).mean()) >= CLEAR


def look_at_drawing(path: Path) -> Drawing:
    """The colours of a logo.

    Raises:
        PictureError: It cannot be read, or shows nothing.
    """
    size = mark_size(path)
    pixels = render_mark(path, PROBE)
    solid = pixels[pixels[..., 3] >= OPAQUE][:, :3]
    if not len(solid):
        solid = pixels[pixels[..., 3] >= 100][:, :3]
    aspect = size.width / size.height if size.height else 1.0
    inks, weights = np.unique(solid // 8 * 8 + 4 if len(solid) > 20_000 else solid, axis=0, return_counts=True)
    paints = svg_colors(path.read_bytes(), name=path.name) if path.suffix.lower() == ".svg" else []
    if paints and len(paints) <= MANY_PAINTS:
        sightings = _paints(paints, solid, path.name)
    else:
        sightings = _flat(pixels, path.name)
    return Drawing(sightings, size.width, aspect, inks, weights)


def _paints(paints: list[str], solid: NDArray[np.uint8], name: str) -> list[Sighting]:
    """Paints by the share of solid ink that shows just them."""
    if not len(solid):
        return []
    colors, counts = np.unique(solid, axis=0, return_counts=True)
    lab = srgb_to_lab(colors / 255)
    swatches = srgb_to_lab(np.array([parse_color(paint).rgb for paint in paints]) / 255)
    distances = np.stack([delta_e_2000(lab, swatch) for swatch in swatches], axis=1)
    nearest, best = distances.argmin(axis=1), distances.min(axis=1)
    shares = [float(counts[(nearest == index) & (best <= NEAR)].sum() / counts.sum()) for index in range(len(paints))]
    return [Sighting(paint, share, "exact", name, True) for paint, share in zip(paints, shares, strict=True) if share >= LEAST]


def _flat(pixels: NDArray[np.uint8], name: str) -> list[Sighting]:
    clear = pixels[..., 3] < OPAQUE
    if clear.all():
        return []
    modes = flat_colors(np.ascontiguousarray(pixels[..., :3]), ignore=clear).modes
    even = [mode for mode in modes if mode.share >= LEAST and mode.uniform >= EVEN]
    return [Sighting(mode.hex, mode.share, "flat", name, True) for mode in even]
