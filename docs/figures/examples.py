"""The demo brand's assets with one fault each, judged by the checks: what the plates of `docs/checks/` show."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.drift.base import Base, Faulty, Made
from benchmarks.drift.sets import SETS
from brandkit.brand.load import load_brand
from brandkit.brand.resolve import Brand
from brandkit.brand.tone import Brief, Written
from brandkit.check.registry import load_checks
from brandkit.check.run import run_check
from brandkit.check.subject import Subject
from brandkit.image.load import load_picture
from brandkit.image.region import Box
from brandkit.layout.compose import put_together
from brandkit.layout.engine import lay_out
from brandkit.layout.formats import get_format
from brandkit.metric.series import SeriesReading
from brandkit.results import CheckResult, Finding, Region

Pixels = NDArray[np.uint8]
BRANDS = Path(__file__).parents[2] / "brands"
COPY = {
    "label": "The first firing",
    "headline": "Dipped once.\nNever straightened.",
    "body": "Each pot is held by the foot and lowered into the glaze. Where the blue stops, a hand was holding on.",
    "cta": "Choose yours",
}
SINGLE = {"wrong letters": "wrong letter", "letters": "letter", "lines too many": "line too many"}
FORMAT = "facebook-link"  # 1200 × 628; all plates show its shape


@dataclass(frozen=True)
class Example:
    """One panel of a plate: what is seen, what the check says, and which part of it is shown (all of it when None)."""

    caption: str
    picture: Image.Image
    result: CheckResult
    focus: Box | None = None
    read: str = ""
    """Name of the measurement to tell where no finding has a number; without it, the one nearest to its limit."""

    @property
    def finding(self) -> Finding | None:
        """The finding that decides; among equals the one that covers most of the picture."""
        order = sorted(self.result.findings, key=lambda one: (one.verdict.weight, _area(one.region)))
        return order[-1] if order else None

    @property
    def number(self) -> str:
        """The measured number with its unit, as the report has it; empty where nothing is measured."""
        one = self.finding
        named = next((entry for entry in self.result.measurements if entry.name == self.read), None)
        value, unit = (named.value, named.unit) if named else (self.result.measured, self.result.unit)
        value, unit = (one.measured, one.unit) if one and one.measured is not None else (value, unit)
        unit = SINGLE.get(unit, unit) if value == 1 else unit
        return "" if value is None else f"{_plain(value)} {unit.replace('what light and camera change', 'light and camera')}"

    @property
    def box(self) -> Box | None:
        """Where the fault is; where nothing is wrong, what was looked at, if that is a part of the picture."""
        width, height = self.picture.size
        read = (entry for entry in self.result.measurements if entry.region and entry.value == self.result.measured)
        placed = self.finding or max(read, key=lambda entry: _area(entry.region), default=None)
        region = placed.region if placed else None
        if region is None or (region.w >= width and region.h >= height):
            return None
        return Box(region.x, region.y, region.w, region.h)


def _plain(value: float) -> str:
    """A number as one says it: two decimals under 1, one above, none where they are noughts."""
    text = f"{value:.2f}" if abs(value) < 1 else f"{value:.1f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _area(region: Region | None) -> int:
    return region.w * region.h if region else 0


@lru_cache
def ebbware() -> Brand:
    """The demo brand of the plates."""
    return load_brand(BRANDS / "ebbware")


@lru_cache
def halfpast() -> Brand:
    """The other demo brand, for what is strange."""
    return load_brand(BRANDS / "halfpast")


@lru_cache
def photograph(name: str) -> Image.Image:
    """One of the demo brand's photographs, at most 1600 px wide."""
    with Image.open(BRANDS / "ebbware/photos" / f"{name}.jpg") as picture:
        shown = picture.convert("RGB")
    shown.thumbnail((1600, 1600), Image.Resampling.LANCZOS)
    return shown


def asset(
    template: str, scheme: str, photo: Image.Image | None, *, copy: Mapping[str, str] = COPY, brand: Brand | None = None, form: str = FORMAT
) -> Base:
    """An asset of the demo brand as the campaign would make it, taken apart so that faults can be put in."""
    brand = brand or ebbware()
    layout = lay_out(brand, copy=dict(copy), format=get_format(form), locale="en", template=template, scheme=scheme)
    picture = _filling(photo, layout.picture) if photo and layout.picture else None
    page, overlay, final = put_together(layout, brand, picture)
    whole = page.convert("RGBA")
    whole.alpha_composite(overlay)
    rgb = np.array(whole.convert("RGB"), np.uint8)
    return Base(0, brand, "ebbware", "photo", dict(copy), final, picture, page, rgb, BRANDS, SETS["reporting"])


def _filling(photo: Image.Image, box: Box) -> Image.Image:
    """The middle of a photograph, as large as it fits into the box's shape."""
    ratio = box.w / box.h
    width = min(photo.width, round(photo.height * ratio))
    height = min(photo.height, round(width / ratio))
    left, top = round(0.62 * (photo.width - width)), round(0.55 * (photo.height - height))
    return photo.crop((left, top, left + width, top + height)).resize((round(box.w), round(box.h)), Image.Resampling.LANCZOS)


@lru_cache
def wide() -> Base:
    """Copy on a photograph that fills the page."""
    return asset("full-bleed", "chalk", photograph("mug-sweep"))


@lru_cache
def split(scheme: str = "tide") -> Base:
    """Copy on a flat ground beside a photograph."""
    return asset("split", scheme, photograph("table-overhead"))


def judge(
    check: str,
    caption: str,
    base: Base,
    made: Faulty = None,
    *,
    focus: Box | None = None,
    read: str = "",
    foreign: bool = False,
    **told: Any,
) -> Example:
    """What `check` says about an asset, or about the faulty version `made` of it."""
    made = Made(made) if isinstance(made, np.ndarray) else made or Made(base.rgb)
    data = made.data if made.data is not None else png(made.rgb)
    raw = base.raw if made.raw is None else made.raw
    layout = None if foreign else made.layout or base.layout
    told = {"copy": made.copy or base.copy, "raw": None if raw is None or foreign else load_picture(png(raw), name="raw")} | told
    picture = load_picture(data, name="example")
    subject = Subject(picture, base.brand, layout=layout, format=base.layout.format, **told)
    return Example(caption, Image.fromarray(picture.rgb), run_check(load_checks()[check], subject), focus, read)


def series(caption: str, base: Base, reading: SeriesReading) -> Example:
    """What series-drift says about an asset with this place in its series."""
    subject = Subject(load_picture(png(base.rgb), name="example"), base.brand, layout=base.layout, series=reading)
    return Example(caption, Image.fromarray(base.rgb), run_check(load_checks()["series-drift"], subject))


def png(rgb: Pixels | None) -> bytes:
    """The pixels as a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def words(check: str, copy: Mapping[str, str], brief: Brief, brand: Brand | None = None) -> CheckResult:
    """What a check of the copy says about texts that stand in a campaign file from line 20 on."""
    written = {
        slot: Written("campaign.yaml", 20 + row, 7 + len(slot), (f"    {slot}: {text}",)) for row, (slot, text) in enumerate(copy.items())
    }
    picture = load_picture(png(wide().rgb), name="example")
    return run_check(load_checks()[check], Subject(picture, brand or ebbware(), copy=copy, brief=replace(brief, written=written)))


def draw(make: Callable[..., Faulty], base: Base, severity: float, seed: int = 1) -> Faulty:
    """A fault of the drift benchmark."""
    return make(base, severity, np.random.default_rng(seed))
