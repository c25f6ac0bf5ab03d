"""The part of a picture that is shown: its own pixels choose it, a declared focus wins, and the same bytes give the same window."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from brandkit.brand.load import load_brand
from brandkit.image.region import Box
from brandkit.layout.boxes import Layout
from brandkit.layout.compose import compose
from brandkit.layout.crop import choose_crop, crop_to, room_beside
from brandkit.layout.engine import lay_out
from brandkit.layout.formats import get_format
from brandkit.metric.saliency import saliency

BRAND = load_brand(Path(__file__).parent.parent / "brands" / "halfpast")
COPY = {"headline": "The quiet side of town", "cta": "Plan a walk"}


def laid(form: str = "instagram-story", template: str = "full-bleed") -> Layout:
    return lay_out(BRAND, copy=COPY, format=get_format(form), locale="en", template=template)


STORY, POST, SPLIT = laid(), laid("instagram-post"), laid("instagram-post", "split")


def scene(width: int, height: int, subject: Box, *, noisy: Box | None = None) -> np.ndarray:
    """A calm light ground with one red thing on it, and noise where asked for."""
    rng = np.random.default_rng(5)
    rgb = np.full((height, width, 3), 214.0) + rng.normal(0, 1.5, (height, width, 1))
    if noisy:
        rows, columns = noisy.pixels(width, height)
        rgb[rows, columns] += rng.normal(0, 45, rgb[rows, columns].shape[:2])[..., None]
    rows, columns = subject.pixels(width, height)
    rgb[rows, columns] = (178, 34, 42)
    return np.clip(rgb, 0, 255).astype(np.uint8)


def on_page(window: Box, place: Box, layout: Layout) -> Box:
    """A place of the picture on the page of a layout that shows `window`."""
    assert layout.picture is not None
    fx, fy = layout.picture.w / window.w, layout.picture.h / window.h
    return Box(layout.picture.x + (place.x - window.x) * fx, layout.picture.y + (place.y - window.y) * fy, place.w * fx, place.h * fy)


@pytest.mark.parametrize("left", [40, 500, 1040])
def test_a_narrow_window_keeps_the_subject_whole(left: int) -> None:
    subject = Box(left, 90, 300, 240)
    window = choose_crop(scene(1400, 900, subject), STORY)
    assert subject.intersection(window).area == subject.area
    assert window.h == 900 and window.w == round(900 * 1080 / 1920)


def test_the_subject_is_moved_out_from_under_the_copy_where_there_is_room() -> None:
    layout = laid("open-graph")  # the copy stands on the left
    subject = Box(330, 150, 260, 260)
    picture = scene(1400, 560, subject)
    centred, chosen = crop_to(1400, 560, 1200, 630), choose_crop(picture, layout)
    texts = [slot.box for slot in layout.slots]

    def hidden(window: Box) -> float:
        return sum(on_page(window, subject, layout).intersection(text).area for text in texts)

    assert hidden(chosen) < hidden(centred)
    assert subject.intersection(chosen).area == subject.area


def test_copy_is_given_the_calm_side() -> None:
    """Nothing to see but noise at the foot, where the copy stands: the window goes up."""
    picture = scene(800, 1400, Box(360, 620, 80, 80), noisy=Box(0, 950, 800, 450))
    window = choose_crop(picture, POST)
    assert window.y < crop_to(800, 1400, 1, 1).y


def test_nothing_to_choose_by_is_the_centre() -> None:
    flat = np.full((900, 1400, 3), 128, np.uint8)
    for layout in (STORY, POST, SPLIT):
        assert layout.picture is not None
        assert choose_crop(flat, layout) == crop_to(1400, 900, round(layout.picture.w), round(layout.picture.h))


def test_a_picture_of_the_right_shape_is_shown_whole() -> None:
    picture = scene(1200, 1200, Box(0, 0, 200, 200))
    assert choose_crop(picture, POST) == Box(0, 0, 1200, 1200)


@pytest.mark.parametrize("focus", [(0.1, 0.5), (0.5, 0.5), (0.92, 0.4)])
def test_a_declared_focus_wins_over_the_pixels(focus: tuple[float, float]) -> None:
    picture = scene(1400, 900, Box(600, 300, 260, 260))
    window = choose_crop(picture, STORY, focus=focus)
    assert window.x <= focus[0] * 1400 <= window.right
    elsewhere = choose_crop(scene(1400, 900, Box(20, 20, 200, 200)), STORY, focus=focus)
    assert window == elsewhere, "whatever the picture shows"
    seen = on_page(window, Box(focus[0] * 1400, focus[1] * 900, 0, 0), STORY)
    assert not any(slot.box.x < seen.x < slot.box.right and slot.box.y < seen.y < slot.box.bottom for slot in STORY.slots)


@settings(max_examples=40, deadline=None)
@given(st.integers(8, 700), st.integers(8, 700), st.sampled_from([STORY, POST, SPLIT]), st.integers(0, 9))
def test_every_window_is_whole_pixels_inside_and_of_the_right_shape(width: int, height: int, layout: Layout, seed: int) -> None:
    rgb = np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)
    window = choose_crop(rgb, layout)
    assert all(float(side).is_integer() for side in (window.x, window.y, window.w, window.h))
    assert 0 <= window.x and 0 <= window.y and window.right <= width and window.bottom <= height
    assert layout.picture is not None
    ratio = layout.picture.w / layout.picture.h
    assert abs(window.w - window.h * ratio) <= 1 + ratio
    assert choose_crop(rgb.copy(), layout) == window


def test_the_room_beside_a_panel_is_its_largest_side() -> None:
    page = Box(0, 0, 1200, 600)
    assert room_beside(page, Box(0, 0, 500, 600)) == Box(500, 0, 700, 600)
    assert room_beside(page, Box(500, 0, 700, 600)) == Box(0, 0, 500, 600)
    assert room_beside(page, Box(0, 350, 1200, 250)) == Box(0, 0, 1200, 350)
    assert room_beside(page, Box(0, 0, 1200, 250)) == Box(0, 250, 1200, 350)
    assert room_beside(page, Box(0, 0, 1100, 600)) is None and room_beside(page, page) is None


def test_the_layout_records_the_window_and_it_gives_the_same_file_again() -> None:
    picture = Image.fromarray(scene(1400, 900, Box(1000, 80, 300, 260)))
    made = compose(STORY, BRAND, picture, type="jpeg")
    assert made.layout.crop == choose_crop(np.asarray(picture), STORY)
    again = compose(replace(STORY, crop=made.layout.crop), BRAND, picture, type="jpeg")
    assert again.data == made.data
    centred = compose(replace(STORY, crop=crop_to(1400, 900, 1080, 1920)), BRAND, picture, type="jpeg")
    assert centred.data != made.data


def test_pictures_are_cropped_and_never_stretched() -> None:
    """A square in the picture is a square on the page."""
    picture = Image.fromarray(scene(1400, 900, Box(1000, 100, 200, 200)))
    page = np.asarray(Image.open(BytesIO(compose(STORY, BRAND, picture, type="jpeg").data)).convert("RGB")).astype(int)
    red = np.abs(page - [178, 34, 42]).max(axis=2) < 40
    rows, columns = np.flatnonzero(red.sum(axis=1) > 200), np.flatnonzero(red.sum(axis=0) > 200)
    assert abs((rows[-1] - rows[0]) - (columns[-1] - columns[0])) <= 6


def test_saliency_finds_the_thing_and_not_the_ground() -> None:
    subject = Box(150, 200, 120, 90)
    seen = saliency(scene(600, 400, subject))
    assert seen.sum() == pytest.approx(1) and seen.min() >= 0
    rows, columns = subject.grown(20).scaled(seen.shape[1] / 600, seen.shape[0] / 400).pixels(seen.shape[1], seen.shape[0])
    assert seen[rows, columns].sum() > 0.9
    assert saliency(np.full((50, 80, 3), 90, np.uint8)).std() < 1e-12
    with pytest.raises(ValueError, match="H, W >= 1"):
        saliency(np.zeros((0, 5, 3), np.uint8))
