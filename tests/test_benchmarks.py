"""The measuring stick measures: its assets are brandkit's own, its faults are what they say, its scores are right."""

from __future__ import annotations

import io
import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

pytest.importorskip("skimage")

from benchmarks.drift import base as base_module
from benchmarks.drift import edits, on_page
from benchmarks.drift.base import Base, Made, make_base
from benchmarks.drift.colors import chroma, drifted, hex_of, rgb_of
from benchmarks.drift.faults import FAULTS
from benchmarks.drift.nuisance import FOREIGN, encode
from benchmarks.drift.real import _alike
from benchmarks.drift.sample import MOST
from benchmarks.drift.score import alarms, auroc, hits_at, interval, named, right_fired, score
from benchmarks.drift.sets import SETS, Set
from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import srgb_to_lab
from brandkit.image.load import load_picture
from brandkit.image.region import Box
from brandkit.layout.boxes import PlacedMark
from brandkit.layout.compose import compose
from brandkit.metric.blend import tint_distance


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    return make_base(SETS["tuning"], 9, tmp_path_factory.mktemp("brands"))


def test_a_base_is_what_brandkit_composes(base: Base) -> None:
    made = compose(base.layout, base.brand, base.picture, type="png")
    assert np.array_equal(np.array(Image.open(io.BytesIO(made.data)).convert("RGB")), base.rgb)


@pytest.mark.parametrize("seed", range(6))
def test_photographs_are_cropped_so_that_the_mark_stands_clear(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A photograph that is busy everywhere is never taken, and of another one a calm part."""
    busy = np.kron(np.indices((60, 90)).sum(axis=0) % 2 * 200, np.ones((5, 5)))
    half = np.where(np.arange(450) < 180, busy, 120.0)
    photos = {name: np.dstack([grey.astype(np.uint8)] * 3) for name, grey in (("busy", busy), ("half", half))}
    monkeypatch.setattr(base_module, "photograph", photos.__getitem__)
    box, mark = Box(0, 0, 200, 200), PlacedMark(name="any", box=Box(140, 20, 40, 20), clear=Box(130, 10, 60, 40), ground="#FFFFFF")
    material = Set("any", 1, (), ("busy", "half"))
    picture, name = base_module._cropped(material, mark, box, 200, 200, np.random.default_rng(seed))
    assert picture.size == (200, 200) and name == "half"
    assert np.ptp(np.asarray(picture)[10:50, 130:190]) == 0


def test_the_sets_share_nothing() -> None:
    tuning, reporting = SETS["tuning"], SETS["reporting"]
    assert not set(tuning.brands) & set(reporting.brands)
    assert not set(tuning.photos) & set(reporting.photos)
    assert tuning.seed != reporting.seed


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in {"weight", "banned-word", "profile", "wrong-size"}])
def test_every_fault_changes_pixels_and_is_the_same_each_time(base: Base, name: str) -> None:
    fault = FAULTS[name]
    one, two = (fault.make(base, fault.severities[-1], np.random.default_rng(3)) for _ in range(2))
    if one is None:
        assert two is None
        return
    first, second = (made.rgb if isinstance(made, Made) else made for made in (one, two))
    assert first is not None and second is not None
    assert np.array_equal(first, second) and not np.array_equal(first, base.rgb)


@pytest.mark.parametrize("nuisance", FOREIGN)
def test_nuisances_keep_the_picture(base: Base, nuisance: str) -> None:
    picture = load_picture(encode(base.rgb, nuisance, 1))
    if nuisance != "resize":
        assert picture.rgb.shape == base.rgb.shape
        assert np.abs(picture.rgb.astype(int) - base.rgb).mean() < 4


@pytest.mark.parametrize("delta", [2, 6, 20])
def test_drifted_colours_are_as_far_as_they_say(delta: float) -> None:
    start = rgb_of("#A25025")
    moved = drifted(start, delta, np.random.default_rng(1))
    assert float(delta_e_2000(srgb_to_lab(start / 255), srgb_to_lab(moved / 255))) == pytest.approx(delta, rel=0.15)


def test_colours_drift_onto_none_that_the_palette_makes() -> None:
    palette = ["#FFF6EA", "#F58A4B", "#4A1942"]
    made = [drifted(rgb_of(palette[0]), 10, np.random.default_rng(seed), palette) for seed in range(12)]
    swatches = np.array([rgb_of(color) for color in palette]) / 255
    assert all(tint_distance(list(color), swatches) >= 0.01 and chroma(hex_of(color)) > 0.004 for color in made)
    free = [drifted(rgb_of(palette[0]), 10, np.random.default_rng(seed)) for seed in range(12)]
    assert any(tint_distance(list(color), swatches) < 0.01 for color in free)


@pytest.mark.parametrize("severity", [1, 2, 3])
def test_a_swapped_colour_counts_where_it_is_seen(base: Base, severity: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is a fault whose last colour hardly shows, or is the brand's own, as another brand's may be."""

    def made(shown: float) -> bool:
        monkeypatch.setattr(on_page, "_shown", lambda *_: shown)
        return FAULTS["palette-swap"].make(base, severity, np.random.default_rng(3)) is not None

    assert made(0.5) and not made(0.01)
    assert base.layout.scheme == "dark"  # the more chromatic ground, which is what is taken from the other brand
    monkeypatch.setattr(on_page, "brand_named", lambda *_: base.brand)
    assert not made(0.5)


def test_scores() -> None:
    assert auroc([2, 3], [0, 1]) == 1 and auroc([0, 1], [0, 1]) == 0.5 and math.isnan(auroc([], [1]))
    assert hits_at([5, 0.5], list(np.linspace(0, 1, 100))) == 0.5
    low, high = interval(0, 100)
    assert low == 0 and high == pytest.approx(0.0362, abs=1e-3)


def test_alarms_count_each_base_once() -> None:
    rows = [{"base": base} for base in range(25) for _ in range(4)]
    found = alarms(rows, [row["base"] == 3 for row in rows])
    assert (found.share, found.hit, found.bases) == (0.04, 1, 25)
    assert (found.low, found.high) == interval(1, 25) and found.high > interval(4, 100)[1]
    once = alarms(rows, [index == 12 for index in range(100)])
    assert once.share == 0.01 and once.hit == 1 and interval(1, 100)[1] < once.high < found.high


def test_brand_folders_are_written_once(tmp_path: Path) -> None:
    first = make_base(SETS["reporting"], 1, tmp_path)
    assert (tmp_path / "lowenta" / "logo" / "primary.svg").exists()
    assert first.kind == "wordmark"


def test_text_is_read_only_where_a_fault_is_text_and_on_one_clean_own_asset(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks.drift import sample

    monkeypatch.setattr(sample, "CLEAN", 2)
    monkeypatch.setattr(sample, "naive", lambda *_: {})  # the peers need an extra of their own, and are not what is tested here
    rows = [*sample._clean(base), *sample._faulty(base, FAULTS["misspelt"]), *sample._faulty(base, FAULTS["slot-moved"])]
    read = [(row["fault"], row["own"], name) for row in rows for name in sample.READ if name in row["checks"]]
    expected = [("", True, name) for name in sample.READ] + [("misspelt", True, name) for _ in range(3) for name in sample.READ]
    assert read == (expected if sample.installed() else [])
    if sample.installed():
        clean, *faulty = (score(row, FAULTS["misspelt"]) for row in rows if "text-misspelt" in row["checks"])
        assert clean == 0 and faulty == sorted(faulty) and faulty[0] > 1


def test_an_unfound_mark_ranks_above_every_reading_and_is_told_apart_from_a_named_fault() -> None:
    gone = {"v": "fail", "m": {"logo": 2.0, "!missing": 2.0}, "codes": ["missing:fail"]}
    turned = {"v": "fail", "m": {"rotation": 20.0, "!rotated": 20.0}}
    here, quiet = {"v": "pass", "m": {"logo": 0.7}}, {"v": "pass", "m": {}}
    fault = FAULTS["rotate"]
    unfound = {"own": False, "checks": {"logo-missing": gone, "logo-altered": quiet}}
    found = {"own": False, "checks": {"logo-missing": here, "logo-altered": turned}}
    clean = {"own": False, "checks": {"logo-missing": here, "logo-altered": quiet}}
    assert score(unfound, fault) > MOST > score(found, fault) == 20 > score(clean, fault) == 0
    assert [right_fired(record, fault) for record in (unfound, found, clean)] == [True, True, False]
    assert [named(record, fault) for record in (unfound, found, clean)] == [False, True, False]
    assert not right_fired(unfound | {"own": True}, fault), "where a layout says where the mark is, its reading must name the fault"


def test_a_region_that_stayed_is_kept_and_one_that_moved_or_was_redrawn_is_not() -> None:
    rng = np.random.default_rng(5)
    before = cv2.GaussianBlur(rng.integers(0, 256, (240, 320, 3), dtype=np.uint8), (0, 0), 3.0)
    before = cv2.normalize(before, None, 0, 255, cv2.NORM_MINMAX)
    shown, box = np.ones(before.shape[:2], np.bool_), (0.25, 0.25, 0.75, 0.75)
    assert edits.compare_region(before, before, shown, box).verdict == "kept"
    moved = edits.compare_region(before, np.roll(before, 6, axis=1), shown, box)
    assert moved.verdict == "changed" and moved.moved == pytest.approx(100 * 6 / 320, abs=0.3)
    assert edits.compare_region(before, before[::-1, ::-1], shown, box).verdict == "changed"
    assert edits.compare_region(before, before, ~shown, box).verdict == "cut off"


def test_marks_are_one_only_where_no_part_of_them_looks_different() -> None:
    mark = np.zeros((96, 96, 4), np.float32)
    mark[20:70, 20:70] = (243, 119, 38, 255)
    mark[70:80, 20:30] = (116, 116, 117, 255)
    soft, other = mark.copy(), mark.copy()
    soft[19, 20:70] = (120, 60, 19, 128)  # the same drawing, sampled half a pixel off
    other[70:80, 20:30] = (253, 253, 253, 255)  # one white moon
    assert _alike(mark, soft) and not _alike(mark, other)
