"""Copy on a picture: the brand's colours that read on its pixels come first, then a scrim, and a panel comes last."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from brandkit.brand.load import load_brand
from brandkit.check.run import check_picture
from brandkit.check.select import left_out
from brandkit.color.contrast import apca_contrast, wcag_contrast
from brandkit.image.region import Box
from brandkit.layout.boxes import Layout
from brandkit.layout.compose import Composed, compose
from brandkit.layout.engine import lay_out
from brandkit.layout.formats import get_format
from brandkit.layout.legible import DARKEST, LARGE, LEVELS, LIGHTEST, LIGHTNESS, MARGIN, SEEN, looks

DEMO = Path(__file__).parent.parent / "brands"
BRAND, HALFPAST = load_brand(DEMO / "ebbware"), load_brand(DEMO / "halfpast")
COPY = {"headline": "The quiet side of town", "body": "Doors open at nine and close when the last guest leaves.", "cta": "Plan a walk"}
CONTRAST = left_out(only=["text-contrast"])


def laid(scheme: str = "chalk", template: str = "full-bleed", form: str = "instagram-post") -> Layout:
    return lay_out(BRAND, copy=COPY, format=get_format(form), locale="en", template=template, scheme=scheme)


def flat(layout: Layout, level: float, noise: float = 0.0) -> Image.Image:
    assert layout.picture is not None
    size = (round(layout.picture.h), round(layout.picture.w), 3)
    return Image.fromarray(np.clip(level + np.random.default_rng(3).normal(0, noise, size), 0, 255).astype(np.uint8))


def squares(layout: Layout, side: int) -> Image.Image:
    y, x = np.indices((layout.format.height, layout.format.width)) // side
    return Image.fromarray(np.repeat((((x + y) % 2) * 255).astype(np.uint8)[..., None], 3, axis=2))


def strengths(made: Composed) -> list[float]:
    return [scrim.strength for scrim in made.layout.scrims if scrim.name == "copy"]


def inks(layout: Layout) -> set[str]:
    return {slot.ink for slot in layout.slots if slot.name != "cta"}


@pytest.mark.parametrize(
    ("scheme", "level", "ink"), [("chalk", 245, "tide"), ("chalk", 12, "chalk"), ("tide", 245, "tide"), ("tide", 12, "chalk")]
)
def test_a_calm_picture_needs_no_help_because_the_ink_follows_it(scheme: str, level: int, ink: str) -> None:
    layout = laid(scheme)
    made = compose(layout, BRAND, flat(layout, level, 3), type="png")
    assert inks(made.layout) == {BRAND.hex(ink)}
    assert strengths(made) == [0.0] and "fallback" not in [name for name, _, _ in made.layout.panels]
    assert [slot.box for slot in made.layout.slots] == [slot.box for slot in layout.slots], "a colour moves nothing"


def test_the_file_shows_the_colours_that_the_layout_names() -> None:
    layout = laid("chalk")
    made = compose(layout, BRAND, flat(layout, 12), type="png")
    page = np.asarray(Image.open(BytesIO(made.data)).convert("RGB"))
    headline, action = (next(slot for slot in made.layout.slots if slot.name == name) for name in ("headline", "cta"))
    shown = page[headline.box.pixels(page.shape[1], page.shape[0])].reshape(-1, 3)
    assert (np.abs(shown.astype(int) - [int(headline.ink[i : i + 2], 16) for i in (1, 3, 5)]).max(axis=1) <= 2).mean() > 0.05
    _, button, fill = next(panel for panel in made.layout.panels if panel[0] == "cta")
    assert "#{:02X}{:02X}{:02X}".format(*page[round(button.y + button.h / 2), round(button.x + 6)]) == fill.upper() == action.ground


def test_a_loud_picture_gets_a_scrim_and_only_a_hopeless_one_a_panel() -> None:
    layout = laid("chalk")
    scrim = compose(layout, BRAND, flat(layout, 110, 18), type="png")
    assert 0 < strengths(scrim)[0] <= DARKEST and "fallback" not in [name for name, _, _ in scrim.layout.panels]
    layout = laid("chalk", form="x-card")  # smaller type, for which the brand promises 7:1
    hopeless = compose(layout, BRAND, squares(layout, 90), type="png")
    assert "fallback" in [name for name, _, _ in hopeless.layout.panels]
    assert inks(hopeless.layout) == inks(layout) and strengths(hopeless) == [0.0], "a panel keeps the planned colours"


@pytest.mark.parametrize("left", [0.12, 0.35, 0.66])
@pytest.mark.parametrize("size", [(1536, 1024), (1024, 900), (800, 418)])
def test_a_panel_for_copy_hides_nothing_of_the_subject(left: float, size: tuple[int, int]) -> None:
    """The picture is shown beside it: once it stayed under it, and half of the subject with it."""
    layout = laid("chalk", form="x-card")
    width, height = size
    y, x = np.indices((height, width)) // 90
    pixels = np.repeat((((x + y) % 2) * 255).astype(np.uint8)[..., None], 3, axis=2)
    pixels[round(0.3 * height) : round(0.7 * height), round(left * width) : round((left + 0.26) * width)] = (200, 30, 40)
    made = compose(layout, BRAND, Image.fromarray(pixels), type="png")
    panel = next(box for name, box, _ in made.layout.panels if name == "fallback")
    shown, crop = made.layout.picture, made.layout.crop
    assert shown is not None and crop is not None and shown.intersection(panel).area == 0
    assert shown.area + panel.area == layout.format.width * layout.format.height
    page = np.asarray(Image.open(BytesIO(made.data)).convert("RGB")).astype(int)
    red = (np.abs(page - [200, 30, 40]).max(axis=2) < 30).sum() * (crop.w / shown.w) ** 2
    assert red == pytest.approx(0.4 * height * 0.26 * width, rel=0.04)
    again = compose(made.layout, BRAND, Image.fromarray(pixels), type="png")
    assert again.data == made.data, "the layout says all that was done"


def test_a_part_of_the_picture_that_was_asked_for_stays_where_it_is() -> None:
    layout = laid("chalk", form="x-card")
    whole = squares(layout, 90)
    asked = replace(layout, crop=Box(0, 0, *whole.size))
    made = compose(asked, BRAND, whole, type="png")
    assert "fallback" in [name for name, _, _ in made.layout.panels]
    assert (made.layout.picture, made.layout.crop) == (layout.picture, asked.crop)
    focused = [compose(layout, BRAND, whole, type="png", focus=(x, 0.5)).layout.crop for x in (0.2, 0.8)]
    assert focused[0] and focused[1] and focused[0].x < focused[1].x


def test_the_planned_colours_stay_where_others_are_hardly_better() -> None:
    layout = laid("mist")  # the same ink as in the scheme chalk, on another ground
    assert len(looks(layout, BRAND)) > 1
    made = compose(layout, BRAND, flat(layout, 170, 4), type="png")
    assert inks(made.layout) == inks(layout)
    assert all(scrim.color is None for scrim in made.layout.scrims if scrim.name == "copy")


@pytest.mark.parametrize("level", [12, 60, 110, 160, 245])
@pytest.mark.parametrize("scheme", list(BRAND.schemes))
def test_whatever_helps_the_gate_reads_every_text_and_the_button_is_seen(scheme: str, level: int) -> None:
    layout = laid(scheme, form="x-card")
    made = compose(layout, BRAND, flat(layout, level, 8), type="jpeg", quality=85)
    checked = check_picture(made.data, BRAND, layout=made.layout, asset_id="any", left_out=CONTRAST)
    assert not [finding.message for check in checked.checks for finding in check.findings]
    assert strengths(made)[0] <= max(DARKEST, LIGHTEST)
    page = np.asarray(Image.open(BytesIO(made.data)).convert("RGB"))
    _, button, fill = next(panel for panel in made.layout.panels if panel[0] == "cta")
    beside = page[round(button.y - 6), round(button.x) : round(button.right)]
    assert wcag_contrast(fill, np.median(beside, axis=0)) >= 0.95 * SEEN


def test_copy_beside_panels_keeps_the_one_ink_that_serves_both() -> None:
    card = laid("chalk", template="card")
    assert len(looks(card, BRAND)) == 1
    made = compose(card, BRAND, flat(card, 12), type="png")
    assert inks(made.layout) == inks(card)
    half = replace(laid("chalk"), panels=(("panel", card.mark.box, "#FFFFFF"),))
    assert len(looks(half, BRAND)) == 1


def test_dark_ink_does_not_stand_on_dark_ground_where_wcag_alone_would_let_it() -> None:
    layout = lay_out(HALFPAST, copy=COPY, format=get_format("instagram-post"), locale="en", template="full-bleed", scheme="mist")
    headline, grey = layout.slots[0], (124,) * 3
    assert headline.size >= LARGE and wcag_contrast(headline.ink, grey) >= LEVELS["AA"][1] * MARGIN
    assert apca_contrast(headline.ink, grey) < LIGHTNESS[1]
    made = compose(replace(layout, slots=(headline,)), HALFPAST, flat(layout, grey[0]), type="png")
    assert inks(made.layout) != {headline.ink} or strengths(made)[0] > 0
