"""Whatever the picture, the mark that brandkit composes onto it is the one that holds there, and its own gate says so."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from brandkit.brand.load import load_brand
from brandkit.brand.resolve import Brand
from brandkit.check.run import check_picture
from brandkit.check.select import left_out
from brandkit.image.region import Box
from brandkit.layout import typeset
from brandkit.layout.boxes import Layout
from brandkit.layout.compose import Composed, compose
from brandkit.layout.engine import lay_out
from brandkit.layout.formats import get_format
from brandkit.layout.given import given_marks
from brandkit.layout.scrim import mark_scrim, shape
from brandkit.results import AssetResult

DEMO = Path(__file__).parent.parent / "brands"
JUDGES = left_out(only=["logo-wrong", "logo-missing", "text-contrast"])
FORMATS = ("instagram-post", "instagram-story", "open-graph", "google-leaderboard")
SINGLE = {"only-light": ["light"], "only-dark": ["dark"], "only-photo": ["photo"], "any": ["light", "dark", "photo"]}
Ground = Callable[[np.ndarray, np.ndarray], np.ndarray]
GROUNDS: dict[str, Ground] = {
    **{f"calm {level}": (lambda x, y, level=level: 0 * x + level) for level in (8, 70, 105, 120, 135, 150, 180, 245)},
    "falls": lambda x, y: 30 + 200 * y,
    "rises": lambda x, y: 235 - 210 * y,
    "across": lambda x, y: 240 - 220 * x,
    "half": lambda x, y: np.where(x < 0.1, 25.0, 215.0),
    "halves": lambda x, y: np.where(y < 0.07, 220.0, 40.0),
}
PHOTOS = ("coffee.png", "astronaut.png", "rocket.jpg", "chelsea.png")


@pytest.fixture(scope="module", params=["ebbware", "halfpast", "nightround", *SINGLE])
def brand(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Brand:
    name = str(request.param)
    return load_brand(DEMO / name) if name not in SINGLE else single(tmp_path_factory.mktemp(name) / name, SINGLE[name])


def single(root: Path, made_for: list[str]) -> Brand:
    """A brand with one mark: dark ink unless it is for dark grounds alone."""
    shutil.copytree(DEMO / "halfpast", root, ignore=shutil.ignore_patterns("campaigns"))
    file = "reversed" if made_for == ["dark"] else "primary"
    mark = f"file: logo/{file}.svg, on: [{', '.join(made_for)}], clear_space: 0.5, min_width: 72px, lockup: horizontal"
    text, count = re.subn(
        r"(?m)^  marks:\n(?:    .*\n)+", f"  marks:\n    primary: {{{mark}}}\n", (root / "brand.yaml").read_text(encoding="utf-8")
    )
    assert count == 1
    (root / "brand.yaml").write_text(text, encoding="utf-8")
    return load_brand(root)


def laid(brand: Brand, form: str, scheme: str) -> Layout:
    copy = {"headline": "The quiet side of town", "cta": "Plan a walk"}
    return lay_out(brand, copy=copy, format=get_format(form), locale="en", template="full-bleed", scheme=scheme)


def drawn(ground: Ground, layout: Layout) -> Image.Image:
    y, x = np.mgrid[0 : layout.format.height, 0 : layout.format.width].astype(float)
    level = ground(x / layout.format.width, y / layout.format.height)
    noise = np.random.default_rng(4).normal(0, 2, (*level.shape, 1))
    return Image.fromarray(np.clip(level[..., None] * [1.0, 0.97, 0.92] + noise, 0, 255).astype(np.uint8))


def photographed(name: str, layout: Layout) -> Image.Image:
    skimage = pytest.importorskip("skimage")
    with Image.open(Path(skimage.__file__).parent / "data" / name) as picture:
        return ImageOps.fit(picture.convert("RGB"), (layout.format.width, layout.format.height))


def judged(made: Composed, brand: Brand) -> AssetResult:
    return check_picture(made.data, brand, layout=made.layout, asset_id="any", left_out=JUDGES)


def holds(brand: Brand, picture: Callable[[Layout], Image.Image], case: int) -> None:
    """One scheme and format for each case, in turns, so that all of them meet."""
    schemes = list(brand.schemes)
    layout = laid(brand, FORMATS[case % len(FORMATS)], schemes[case // 2 % len(schemes)])
    made = compose(layout, brand, picture(layout), type="jpeg", quality=85)
    assert made.layout.mark.box == layout.mark.box and made.layout.mark.clear == layout.mark.clear
    found = [(finding.check, finding.code, finding.message) for check in judged(made, brand).checks for finding in check.findings]
    assert not found, (layout.format.name, layout.scheme)


@pytest.mark.parametrize("case", range(len(GROUNDS)), ids=list(GROUNDS))
def test_no_ground_sends_a_composed_mark_to_review(brand: Brand, case: int) -> None:
    holds(brand, lambda layout: drawn(list(GROUNDS.values())[case], layout), case)


@pytest.mark.parametrize("case", range(len(PHOTOS)), ids=PHOTOS)
def test_no_photograph_sends_a_composed_mark_to_review(brand: Brand, case: int) -> None:
    holds(brand, lambda layout: photographed(PHOTOS[case], layout), case)


@pytest.mark.parametrize(("level", "name"), [(30, "reversed"), (105, "reversed"), (235, "primary")])
def test_the_colouring_is_the_one_for_the_picture_and_not_for_the_scheme(level: int, name: str) -> None:
    brand = load_brand(DEMO / "ebbware")
    for scheme in brand.schemes:
        layout = laid(brand, "instagram-portrait", scheme)
        made = compose(layout, brand, drawn(lambda x, y: 0 * x + level, layout), type="jpeg")
        assert made.layout.mark.name == name, scheme
        assert all(scrim.strength == 0 for scrim in made.layout.scrims if scrim.name == "mark"), scheme


def test_outlines_show_the_same_colouring_as_pixels() -> None:
    brand = load_brand(DEMO / "ebbware")
    layout = laid(brand, "instagram-post", "chalk")
    made = compose(layout, brand, drawn(GROUNDS["calm 8"], layout), type="svg")
    assert layout.mark.name == "primary" and made.layout.mark.name == "reversed"
    sources, foreign = typeset.project(brand, layout.template, given_marks(brand)[1])
    page = typeset.draw(brand, sources, made.layout.data | {"mode": "overlay"}, foreign=foreign)  # what SVG and PDF are drawn from
    pixels = np.asarray(Image.open(io.BytesIO(page)).convert("RGBA"))[layout.mark.box.pixels(layout.format.width, layout.format.height)]
    assert np.median(pixels[pixels[..., 3] > 200][:, :3]) > 180, "light ink on a dark picture"


def test_the_shade_around_a_mark_is_soft_and_reaches_the_corner() -> None:
    layout = laid(load_brand(DEMO / "ebbware"), "instagram-post", "chalk")
    mask = shape(mark_scrim(layout), layout)
    rows, columns = layout.mark.box.pixels(mask.shape[1], mask.shape[0])
    assert mask[rows, columns].min() == 1 and mask[-1, -1] == 0
    assert max(np.abs(np.diff(mask, axis=axis)).max() for axis in (0, 1)) < 0.02, "no edge is seen"
    corner = (0 if layout.mark.box.y < mask.shape[0] / 2 else -1, 0 if layout.mark.box.x < mask.shape[1] / 2 else -1)
    assert mask[corner] == 1


def test_a_shade_in_another_colour_stays_off_the_text() -> None:
    layout = laid(load_brand(DEMO / "halfpast"), "google-leaderboard", "mist")
    mask = shape(mark_scrim(layout, "#000000"), layout)
    for slot in layout.slots:
        box = Box(round(slot.box.x) + 1, round(slot.box.y), slot.box.w - 2, slot.box.h)
        assert mask[box.pixels(mask.shape[1], mask.shape[0])].max() < 0.02, slot.name
