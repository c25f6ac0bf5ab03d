"""A finished asset taken apart, so that faults can be put in cleanly: plate, mark, type and layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.drift.brands.kit import KIND, brand_named
from benchmarks.drift.sets import COPY, FORMATS, GROUNDS, LEGAL, LETTERED, TEMPLATES, Set, photograph
from brandkit.brand.resolve import Brand
from brandkit.errors import LayoutError
from brandkit.image.region import Box
from brandkit.image.vector import mark_size, render_mark
from brandkit.layout.boxes import Layout, PlacedMark
from brandkit.layout.compose import draw_page, draw_type, put_together, shown_part
from brandkit.layout.engine import lay_out
from brandkit.layout.formats import get_format
from brandkit.layout.stamp import stamp_mark

Pixels = NDArray[np.uint8]
SMALL = 400  # px of width below which an asset carries a headline and an action only
SUPERSAMPLING = 3
CROPS = 24  # of a photograph, from which the one that is calmest around the mark is taken, as a designer does
CALM = 36.0  # (levels per px)²: how busy that one may be around the mark; beyond it another photograph is taken
PATCH = 0.15  # of the mark's height: side of the squares of which the busiest says how calm a crop is
LUMA = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True)
class Base:
    """One on-brand asset. `page` is ground and picture with its scrims, `rgb` the finished pixels."""

    index: int
    brand: Brand
    name: str
    ground: str
    copy: dict[str, str]
    layout: Layout
    picture: Image.Image | None
    page: Image.Image
    rgb: Pixels
    folder: Path
    material: Set
    photo: str = ""
    """The photograph that the picture underneath was cut from; empty where none was."""

    @property
    def lettered(self) -> bool:
        """Whether the picture underneath holds words of its own, so that it is no example of one without."""
        return self.photo in LETTERED

    @property
    def kind(self) -> str:
        return KIND[self.name]

    @property
    def side(self) -> int:
        return min(self.layout.format.width, self.layout.format.height)

    @property
    def mark_file(self) -> Path:
        return self.brand.mark_path(self.layout.mark.name)

    @property
    def raw(self) -> Pixels | None:
        """The picture underneath, before anything stands on it; None where the layout shows none."""
        return None if self.picture is None else np.array(self.picture.convert("RGB"), np.uint8)

    @cached_property
    def plate(self) -> Pixels:
        """The finished asset without its mark."""
        return self.draw(self.layout.data, marked=False)

    @cached_property
    def template(self) -> Pixels:
        """The layout without its picture: what a naive check compares with."""
        return self.draw(self.layout.data, page=draw_page(self.layout, None))

    def draw(self, data: Mapping[str, Any], *, marked: bool = True, page: Image.Image | None = None) -> Pixels:
        """The asset with its type drawn from `data`, on `page` or its own."""
        overlay = draw_type(self.brand, self.layout.template, data)
        if marked:
            overlay = stamp_mark(overlay, self.brand, self.layout.mark)
        whole = (page or self.page).convert("RGBA")
        whole.alpha_composite(overlay)
        return np.array(whole.convert("RGB"), np.uint8)

    def mark(self, scale: float = SUPERSAMPLING, file: Path | None = None) -> NDArray[np.float32]:
        """The mark at `scale` times its size, premultiplied RGBA in 0..1."""
        path = file or self.mark_file
        size, box = mark_size(path), self.layout.mark.box
        straight = render_mark(path, max(8, round(scale * box.h * size.width / size.height))).astype(np.float32) / 255
        straight[..., :3] *= straight[..., 3:]
        return straight


class Made(NamedTuple):
    """A faulty asset: its pixels, or its file where the fault is in the encoding; and what the checks are told where that differs.

    `raw` is the picture underneath, where the fault is in it.
    """

    rgb: Pixels | None = None
    data: bytes | None = None
    layout: Layout | None = None
    copy: Mapping[str, str] | None = None
    raw: Pixels | None = None


Faulty = Pixels | Made | None  # None where the fault cannot be put into this asset


def make_base(material: Set, index: int, folder: Path) -> Base:
    """The on-brand asset number `index` of a set; the same one every time."""
    for attempt in range(20):
        rng = np.random.default_rng([material.seed, index, attempt])
        name = material.brands[index % len(material.brands)]
        ground = GROUNDS[(index // len(material.brands)) % len(GROUNDS)]
        try:
            return _make(material, index, folder, rng, name, ground)
        except LayoutError:
            continue  # this copy does not fit that format: draw again
    raise LayoutError(f"no layout for asset {index} of the set {material.name} in 20 draws")


def _make(material: Set, index: int, folder: Path, rng: np.random.Generator, name: str, ground: str) -> Base:
    brand = brand_named(name, folder)
    form = get_format(str(rng.choice(list(FORMATS), p=list(FORMATS.values()))))
    copy = dict(COPY[int(rng.integers(len(COPY)))])
    if form.width < SMALL:
        copy = {slot: copy[slot] for slot in ("headline", "cta")}
    elif rng.random() < 0.6:
        copy["legal"] = LEGAL
    template = str(rng.choice(TEMPLATES[ground]))
    scheme = str(rng.choice(list(brand.schemes)))
    layout = lay_out(brand, copy=copy, format=form, locale="en", template=template, scheme=scheme)
    picture, photo = _picture(material, brand, layout, ground, rng) if layout.picture else (None, "")
    page, overlay, final = put_together(layout, brand, picture)  # as `compose`, without encoding and decoding a PNG
    whole = page.convert("RGBA")
    whole.alpha_composite(overlay)
    rgb = np.array(whole.convert("RGB"), np.uint8)
    if picture and final.picture and final.picture != layout.picture:  # its copy needed a panel: what is beneath is what shows beside that
        size = round(final.picture.w), round(final.picture.h)
        picture = shown_part(picture, final).resize(size, Image.Resampling.LANCZOS)
        final = replace(final, crop=Box(0, 0, *size))
    final = with_format(final, types=("png", "jpeg", "webp"), max_kb=None)
    return Base(index, brand, name, ground, copy, final, picture, page, rgb, folder, material, photo)


def _picture(material: Set, brand: Brand, layout: Layout, ground: str, rng: np.random.Generator) -> tuple[Image.Image, str]:
    box = layout.picture
    assert box is not None
    w, h = max(8, round(box.w)), max(8, round(box.h))
    hexes = [brand.hex(name) for name in brand.colors]
    if ground == "photo":
        return _cropped(material, layout.mark, box, w, h, rng)
    one, two = (np.array([int(hexes[i][k : k + 2], 16) for k in (1, 3, 5)], float) for i in rng.choice(len(hexes), 2, replace=False))
    if ground == "gradient":
        angle = rng.uniform(0, 2 * np.pi)
        y, x = np.mgrid[0:h, 0:w] / max(w, h)
        ramp = np.cos(angle) * x + np.sin(angle) * y
        ramp = (ramp - ramp.min()) / (np.ptp(ramp) or 1)
        noisy = np.rint(one + (two - one) * ramp[..., None] + rng.uniform(-0.5, 0.5, (h, w, 1)))
        return Image.fromarray(noisy.clip(0, 255).astype(np.uint8)), ""
    return _flat(layout, one, two, w, h, rng), ""


def _cropped(material: Set, mark: PlacedMark, box: Box, w: int, h: int, rng: np.random.Generator) -> tuple[Image.Image, str]:
    """A photograph that fills `box`, calm around the mark, and its name: the calmest where none is."""
    best: tuple[float, str, Image.Image] | None = None
    for name in map(str, rng.permutation(material.photos)):
        source = photograph(name)
        scale = max(w / source.shape[1], h / source.shape[0]) * float(rng.uniform(1.0, 1.35))
        size = max(w, round(source.shape[1] * scale)), max(h, round(source.shape[0] * scale))
        big = Image.fromarray(source).resize(size, Image.Resampling.LANCZOS)
        places = [(int(rng.integers(size[0] - w + 1)), int(rng.integers(size[1] - h + 1))) for _ in range(CROPS)]
        unrest, (x, y) = min((_unrest(big, place, box, mark), place) for place in places)
        if best is None or unrest < best[0]:
            best = unrest, name, big.crop((x, y, x + w, y + h))
        if unrest <= CALM:
            break
    assert best is not None
    return best[2], best[1]


def _unrest(photo: Image.Image, place: tuple[int, int], box: Box, mark: PlacedMark) -> float:
    """How busy a photograph is in the mark's clear space, cropped at `place` to fill `box`; 0 where it reaches none of it.

    The mean squared gradient of the luma in the busiest square of a few pixels. Nothing of brandkit's own check is used.
    """
    import cv2

    zone = mark.clear.intersection(box)
    if zone.w < 2 or zone.h < 2:
        return 0.0
    left, top = round(place[0] + zone.x - box.x), round(place[1] + zone.y - box.y)
    luma = np.asarray(photo.crop((left, top, left + round(zone.w), top + round(zone.h))), float) @ LUMA
    energy = sum(slope**2 for slope in np.gradient(luma))
    side = max(3, round(PATCH * mark.box.h))
    return float(cv2.blur(energy, (side, side)).max())


def _flat(layout: Layout, one: NDArray[np.float64], two: NDArray[np.float64], w: int, h: int, rng: np.random.Generator) -> Image.Image:
    """A fill with a disc in another swatch, clear of copy and mark."""
    import cv2

    picture = np.broadcast_to(one, (h, w, 3)).astype(np.uint8).copy()
    box = layout.picture
    assert box is not None
    busy = [layout.mark.clear, *(slot.box for slot in layout.slots), *(zone for _, zone in layout.quiet)]
    for _ in range(12):
        radius = int(rng.uniform(0.1, 0.3) * min(w, h))
        x, y = int(rng.integers(0, w)), int(rng.integers(0, h))
        around = Box(box.x + x - radius - 4, box.y + y - radius - 4, 2 * radius + 8, 2 * radius + 8)
        if radius > 4 and all(around.intersection(other).area == 0 for other in busy):
            cv2.circle(picture, (x, y), radius, tuple(int(v) for v in two), -1, cv2.LINE_AA)
            break
    return Image.fromarray(picture)


def with_format(layout: Layout, **changes: Any) -> Layout:
    """The same layout for a placement that differs in `changes`."""
    return replace(layout, format=replace(layout.format, **changes))
