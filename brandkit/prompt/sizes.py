"""Which size to ask a model for, and which part of its answer is used."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from brandkit.image.region import Box
from brandkit.layout.boxes import Layout
from brandkit.layout.crop import crop_to
from brandkit.prompt.models import FreeSizes, ImageModel


@dataclass(frozen=True)
class SizePlan:
    """The picture to ask for and the part of it that becomes the asset's picture."""

    width: int
    height: int
    crop: Box
    """Whole pixels of the requested picture; its aspect is the target's within one pixel."""
    upscale: float
    """By how much the crop is enlarged to the target: 1 when it need not be."""

    def to_picture(self, box: Box, target: Box) -> Box:
        """`box` on the page as fractions of the requested picture, when the crop is shown in `target` of the page.

        Returns:
            Fractions in [0, 1]; parts of `box` outside the crop are cut off.
        """
        inside = box.intersection(target)
        fx, fy = self.crop.w / target.w, self.crop.h / target.h
        x, y = self.crop.x + (inside.x - target.x) * fx, self.crop.y + (inside.y - target.y) * fy
        return Box(x / self.width, y / self.height, inside.w * fx / self.width, inside.h * fy / self.height)


def plan_size(model: ImageModel, width: int, height: int) -> SizePlan:
    """Choose the smallest legal size whose crop covers `width` × `height`, or the one that needs least enlarging.

    Args:
        model: From the catalogue.
        width: Of the place for the picture, pixels, at least 1.
        height: Likewise.

    Raises:
        ValueError: The target is empty.
    """
    if width < 1 or height < 1:
        raise ValueError(f"a picture needs at least 1x1 pixels, got {width}x{height}")
    if model.allows(width, height):
        return SizePlan(width, height, Box(0, 0, width, height), 1.0)
    candidates = _legal_sizes(model.free, width / height) if model.free else iter(model.fixed_sizes)
    plans = (_plan(w, h, width, height) for w, h in candidates)
    # The share that is cropped away decides between fixed sizes of equal enlargement, the cost between free ones.
    return min(plans, key=lambda plan: (round(plan.upscale, 3), plan.width * plan.height, plan.width))


def plan_picture(model: ImageModel, layout: Layout) -> SizePlan:
    """The size to ask for so that the crop fills the picture of `layout`.

    Raises:
        ValueError: The layout has no picture.
    """
    if layout.picture is None:
        raise ValueError(f"the layout {layout.template!r} has no picture")
    return plan_size(model, max(1, round(layout.picture.w)), max(1, round(layout.picture.h)))


def _plan(width: int, height: int, target_width: int, target_height: int) -> SizePlan:
    crop = crop_to(width, height, target_width, target_height)
    return SizePlan(width, height, crop, max(1.0, target_width / crop.w, target_height / crop.h))


def _legal_sizes(free: FreeSizes, aspect: float) -> Iterator[tuple[int, int]]:
    clamped = min(free.max_ratio, max(1 / free.max_ratio, aspect))
    for width in range(free.step, free.max_edge + 1, free.step):
        ideal = width / clamped / free.step
        for steps in {math.floor(ideal), math.ceil(ideal)}:
            if free.allows(width, steps * free.step):
                yield width, steps * free.step
