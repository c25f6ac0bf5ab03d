"""Which of several marks a picture shows, and what is only chance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from brandkit.brand.load import load_brand
from brandkit.check.checks.logo_altered import _distance
from brandkit.check.marks import MOST_SHAPES, Sighting, choose, is_certain
from brandkit.check.subject import Subject
from brandkit.image.load import load_picture
from brandkit.image.region import Box
from brandkit.image.vector import render_mark
from brandkit.metric.logo import MarkReading, PaintReading, Pose, build_pyramid, chance_agreement, find_upright, measure_drawn

SYMBOL = '<path d="M10 90 L50 8 L90 90 L64 90 L50 58 L36 90 Z" fill="{0}"/><circle cx="50" cy="80" r="9" fill="{0}"/>'
WORD = '<path d="M115 90V20h18l22 40V20h14v70h-16l-24-42v42z M190 20h44v14h-29v14h26v13h-26v15h30v14h-45z" fill="{0}"/>'
SQUARE, WIDE, ASIDE = Box(0, 0, 100, 100), Box(0, 0, 260, 100), Box(400, 0, 100, 100)
READING = MarkReading(
    True, 0.9, SQUARE, 0.0, 0.0, 1.0, (0.0, 0.0), 0.01, 1.0, 60.0, 1.0, 0.0, (), Pose.of_box(SQUARE)
)  # fmt: skip
PAINT = PaintReading("#FFD542", "#40C8F3", 53.0, 1.0)
SOLID = np.full((10, 10, 4), 255, np.uint8)
CHOICES = [  # what was found: name, place and what differs from READING; and which of them stands there
    ("nearly the same: the one with more ink", [("symbol", SQUARE, {}), ("lock-up", WIDE, {"residual": 0.06})], "lock-up"),
    ("a word that sank into its ground", [("symbol", SQUARE, {}), ("lock-up", WIDE, {"residual": 0.003, "visible": 0.6})], "symbol"),
    ("another word beside the symbol", [("symbol", SQUARE, {}), ("lock-up", WIDE, {"residual": 0.24})], "symbol"),
    ("a look-alike that agrees more and explains less", [("icon", SQUARE, {"ncc": 0.95, "residual": 0.36}), ("mark", SQUARE, {})], "mark"),
    ("as a whole, beside its edges", [("symbol", SQUARE, {}), ("lock-up", WIDE, {"ncc": 0.43, "mass": 0.95, "residual": 0.02})], "symbol"),
    ("as much ink in other paints", [("night", Box(0, 0, 104, 104), {"paints": (PAINT,)}), ("day", SQUARE, {"ncc": 0.88})], "day"),
    ("elsewhere and less clear", [("symbol", SQUARE, {}), ("word", ASIDE, {"ncc": 0.7, "residual": 0.2})], "symbol"),
    ("a likeness with less that differs", [("symbol", SQUARE, {}), ("word", WIDE, {"found": False, "residual": 0.0})], "symbol"),
]


def made(name: str, box: Box, changes: dict[str, float]) -> Sighting:
    reading = replace(READING, box=box, **changes)
    return Sighting(name, reading, SOLID, reading.found)


@pytest.mark.parametrize(("found", "wanted"), [case[1:] for case in CHOICES], ids=[case[0] for case in CHOICES])
@pytest.mark.parametrize("order", [1, -1])
def test_the_mark_that_explains_most_is_chosen_in_any_order(found, wanted, order):
    chosen = choose([made(*entry) for entry in found[::order]])
    assert chosen is not None and chosen.name == wanted


def test_of_nothing_nothing_is_chosen():
    assert choose([]) is None


@pytest.mark.parametrize(
    ("side", "changes", "certain"),
    [
        (28, {"ncc": 0.53, "mass": 0.957}, False),  # as people in a crowd read
        (28, {"ncc": 0.9}, True),
        (19, {"ncc": 0.40, "kept": 0.68}, False),
        (120, {"ncc": 0.53, "mass": 0.957}, True),
        (120, {"ncc": 0.40, "kept": 0.68}, True),
        (120, {"ncc": 0.53, "mass": 0.5}, False),
    ],
)
def test_a_small_mark_must_agree_better_than_chance(side, changes, certain):
    reading = replace(READING, box=Box(50, 50, side, side), **changes)
    assert is_certain(reading, chance_agreement(side, 346 * 346, 5)) is certain


@given(st.floats(8, 400), st.floats(1e4, 1e7), st.integers(1, 40), st.floats(1, 10))
def test_chance_agrees_better_with_more_places_and_smaller_marks(side, area, marks, factor):
    level = chance_agreement(side, area, marks)
    assert 0 < level <= 1
    assert chance_agreement(side, factor * area, marks) >= level
    assert chance_agreement(side, area, marks + 3) >= level
    assert chance_agreement(factor * side, area, marks) <= level


def kit(folder: Path, marks: dict[str, tuple[str, str]]) -> Path:
    """A brand of these marks: width of the canvas and drawing."""
    (folder / "logo").mkdir(parents=True)
    for name, (width, drawing) in marks.items():
        (folder / f"logo/{name}.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 100">{drawing}</svg>')
    entries = {name: {"file": f"logo/{name}.svg", "on": ["light", "dark"], "min_width": "16px", "clear_space": 0.0} for name in marks}
    document = {"brandkit": 1, "name": "Peak", "palette": {"colors": {"ink": {"value": "#F4A63A"}}}, "logo": {"marks": entries}}
    (folder / "brand.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    return folder


def shown(folder: Path, mark: Path, ground: tuple[int, int, int]) -> Subject:
    drawn = Image.fromarray(render_mark(mark, 150))
    page = Image.new("RGB", (640, 480), ground)
    page.paste(drawn, (240, 160), drawn)
    page.save(folder / "page.png")
    return Subject(load_picture(folder / "page.png"), load_brand(folder))


def test_a_lock_up_whose_word_would_not_be_seen_is_not_what_stands_there(tmp_path):
    ink, dark = "#F4A63A", "#141414"
    root = kit(tmp_path / "peak", {"symbol": ("100", SYMBOL.format(ink)), "lockup": ("245", SYMBOL.format(ink) + WORD.format(dark))})
    sighting = shown(root, root / "logo/symbol.svg", (20, 20, 20)).sighting
    assert sighting is not None and sighting.sure and sighting.name == "symbol"
    assert shown(root, root / "logo/lockup.svg", (250, 250, 250)).sighting.name == "lockup"


def test_a_mark_is_found_however_late_the_brand_names_it(tmp_path):
    """More shapes than are looked for closely: the ones that show at a first glance are."""
    others = {}
    for index in range(MOST_SHAPES + 2):
        corners = cv2.ellipse2Poly((50, 50), (45, 18 + 3 * index), 23 * index, 0, 360, 120 - 9 * index)
        others[f"other-{index}"] = ("100", f'<polygon points="{" ".join(f"{x},{y}" for x, y in corners)}" fill="#335577"/>')
    root = kit(tmp_path / "peak", {**others, "symbol": ("100", SYMBOL.format("#F4A63A"))})
    sighting = shown(root, root / "logo/symbol.svg", (250, 250, 250)).sighting
    assert sighting is not None and sighting.sure and sighting.name == "symbol"


OFFICIAL = [  # brand, picture, the mark that stands in it by eye; None for none
    ("firefox", "firefox_browser_og.png", "browser-logo"),
    ("firefox", "firefox_browser_developer_og.png", "developer-logo"),
    ("firefox", "billboard-image.png", None),  # a crowd in the brand's colours
    ("jupyter", "poweredbyjupyter-rec-lightbg.png", "logomark-orangebody-greyplanets"),
    ("jupyter", "poweredbyjupyter-square-darkbg.png", "squarelogo-whitetext-orangebody-whitem"),
]


@pytest.mark.parametrize(("brand", "picture", "mark"), OFFICIAL)
def test_the_right_mark_of_all_that_a_brand_publishes(tmp_path, brand, picture, mark):
    pytest.importorskip("skimage")
    from benchmarks.drift.real import CORPUS, make_brand

    if not CORPUS.is_dir():
        pytest.skip(f"no pictures of real brands at {CORPUS}; set BRANDKIT_CORPUS")
    make_brand(brand, tmp_path / brand)
    sighting = Subject(load_picture(CORPUS / brand / "examples" / picture), load_brand(tmp_path / brand)).sighting
    assert (sighting.name if sighting and sighting.sure else None) == (f"m-{mark}" if mark else None)


THIN = '<path d="M4 20Q50 4 96 20M4 44Q50 28 96 44M4 68Q50 52 96 68M4 92Q50 76 96 92" stroke="{0}" stroke-width="4" fill="none"/>'


@pytest.mark.parametrize(("side", "chance", "likely"), [(24, 0.94, False), (24, 0.4, True), (100, 0.94, True)])
def test_an_eye_as_large_as_a_tiny_mark_is_not_like_it(side, chance, likely):
    box = Box(0, 0, side, side)
    reading = replace(READING, ncc=0.53, box=box, pose=Pose.of_box(box))
    assert Sighting("mark", reading, SOLID, False, chance).likely is likely


@pytest.mark.parametrize("lossy", [False, True], ids=["png", "jpeg80"])
@pytest.mark.parametrize(("ink", "off"), [("#5a1e1e", 0.0), ("#7a2a2a", 7.0)], ids=["own", "recoloured"])
def test_thin_strokes_are_read_in_their_colour_whatever_coding_smeared(tmp_path, lossy, ink, off):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="100" height="100">{}</svg>'
    for name, colour in (("mark", "#5a1e1e"), ("seen", ink)):
        (tmp_path / f"{name}.svg").write_text(svg.format(THIN.format(colour)), encoding="utf-8")
    page = Image.new("RGB", (400, 300), "#f7f3f0")
    seen = Image.fromarray(render_mark(tmp_path / "seen.svg", 64))
    page.paste(seen, (41, 53), seen)
    file = tmp_path / ("page.jpg" if lossy else "page.png")
    page.save(file, quality=80)
    pyramid = build_pyramid(load_picture(file).rgb, lossy=lossy)
    found = find_upright(pyramid, [render_mark(tmp_path / "mark.svg", 220)])
    assert found is not None
    assert max(paint.delta_e for paint in found.reading.paints) == pytest.approx(off, abs=2.0)


@pytest.mark.parametrize("lossy", [False, True], ids=["png", "jpeg80"])
@pytest.mark.parametrize(("ink", "least", "most"), [("#f6f1ed", 0.0, 1.0), ("#d9c9bd", 8.0, 20.0)], ids=["own", "recoloured"])
@pytest.mark.parametrize("seed", range(4))
def test_thin_strokes_are_read_in_their_colour_on_uneven_ground(tmp_path, seed, lossy, ink, least, most):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="100" height="100">{}</svg>'
    for name, colour in (("mark", "#f6f1ed"), ("seen", ink)):
        (tmp_path / f"{name}.svg").write_text(svg.format(THIN.format(colour)), encoding="utf-8")
    uneven = cv2.GaussianBlur(np.random.default_rng(seed).normal(0, 1, (300, 400, 3)).astype(np.float32), (0, 0), 9)
    page = Image.fromarray(np.clip(25 * uneven / uneven.std() + np.array([120, 84, 50]), 0, 255).astype(np.uint8))
    seen, drawn = (render_mark(tmp_path / f"{name}.svg", 80) for name in ("seen", "mark"))
    page.paste(Image.fromarray(seen), (150, 100), Image.fromarray(seen))
    file = tmp_path / ("page.jpg" if lossy else "page.png")
    page.save(file, quality=80)
    reading = measure_drawn(load_picture(file).rgb, drawn, (150, 100), Box(150, 100, 80, 80), drawn, lossy=lossy)
    assert least <= max(paint.certain for paint in reading.paints) <= most


SQUARES = '<path d="M8 8H44V20H20V44H8Z M56 8H92V44H80V20H56Z M8 56H20V80H44V92H8Z M80 56H92V92H56V80H80Z M38 38H62V62H38Z" fill="{0}"/>'


def melted(mark: Path, seed: int, severity: float) -> Image.Image:
    """The mark with its strokes displaced by a smooth random field, by `severity` of its height, as a model that draws it from memory."""
    drawn, rng = np.pad(render_mark(mark, 180), ((60, 60), (60, 60), (0, 0))), np.random.default_rng(seed)
    fields = [cv2.GaussianBlur(rng.normal(0, 1, drawn.shape[:2]).astype(np.float32), (0, 0), 22) for _ in range(2)]
    down, across = (np.asarray(grid, np.float32) for grid in np.mgrid[0 : drawn.shape[0], 0 : drawn.shape[1]])
    x, y = (grid + field / field.std() * severity * 180 for grid, field in zip((across, down), fields, strict=True))
    return Image.fromarray(cv2.remap(drawn, x, y.astype(np.float32), cv2.INTER_LINEAR)).resize((100, 100), Image.Resampling.BOX)


@pytest.mark.parametrize("seed", [1, 2, 3])  # seed 0 melts it beyond what is recognised
def test_a_mark_drawn_from_memory_is_something_to_look_at(tmp_path, seed):
    brand = load_brand(kit(tmp_path, {"mark": ("100", SQUARES.format("#0b2e59"))}))
    page = Image.new("RGB", (640, 400), "#f2f4f7")
    drawn = melted(brand.mark_path("mark"), seed, 0.07)
    page.paste(drawn, (60, 40), drawn)
    page.save(tmp_path / "page.png")
    sighting = Subject(load_picture(tmp_path / "page.png"), brand).sighting
    assert sighting is not None and sighting.likely
    assert sighting.box.intersection(Box(76, 56, 68, 68)).area > 0.6 * 68 * 68


@pytest.mark.parametrize(("delta", "doubt", "words"), [(14.62, 0.0, "ΔE00 14.6"), (6.3, 2.1, "ΔE00 4.2 at least, read as 6.3")])
def test_a_sentence_about_a_paint_states_the_number_that_is_judged(delta, doubt, words):
    paint = PaintReading("#1F4D3A", "#3A4D1F", delta, 0.5, doubt)
    assert _distance(paint) == words
