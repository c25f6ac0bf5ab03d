"""Products against their references: single letters, edges that are no outline, and how the benchmark counts."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.drift.products import TUNING, Compared, auroc, drift, limits_without, products_of, table
from brandkit.image.load import load_picture
from brandkit.metric.product_ground import before_ground
from brandkit.metric.product_letters import changed_strokes
from brandkit.metric.product_paint import alike, may_show, paint_of
from brandkit.metric.product_place import place_of
from brandkit.metric.product_size import size_change
from brandkit.metric.reference import GONE, LOST, PRINT, SIZE, STROKES, TURN, ReferenceReading, compare_product

PAIRS = Path(__file__).parents[1] / "benchmarks" / "drift" / "pairs"


def pair(name: str) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    return load_picture(PAIRS / f"{name}.jpg").rgb, load_picture(PAIRS / f"{name}.png").rgb[..., 0] > 127


@pytest.mark.parametrize("product", ["caddy", "dispenser", "carton", "jug"])
@pytest.mark.parametrize(("name", "drifted"), [("label-words-1", True), ("light-and-camera", False)])
def test_one_letter_is_another_print_and_another_camera_is_none(product: str, name: str, drifted: bool) -> None:
    reference, mask = pair(f"{product}-base")
    picture, seen = pair(f"{product}-{name}")
    reading = compare_product(picture, reference, mask, candidate_mask=seen)
    assert reading.found and (reading.strokes > STROKES) == drifted and (reading.drift > 1) == drifted, reading


@pytest.mark.parametrize("product", ["flask", "pouch"])
@pytest.mark.parametrize(("name", "missing"), [("part-missing-100", True), ("light-side", False)])
def test_a_pale_part_that_is_missing_on_a_pale_ground_leaves_its_outline_open(product: str, name: str, missing: bool) -> None:
    reading = compare_product(pair(f"{product}-{name}")[0], *pair(f"{product}-base"))
    assert reading.found and (reading.gone > GONE) == missing and (reading.drift > 1) == missing, reading


@pytest.mark.parametrize(("name", "turned"), [("light-side", False), ("label-turned-10", True)])
def test_a_sheen_beside_a_label_as_light_as_its_body_is_no_print(name: str, turned: bool) -> None:
    reading = compare_product(pair(f"can-{name}")[0], *pair("can-base"))
    assert reading.found and reading.print < PRINT and (abs(reading.turn) > TURN) == turned, reading


@pytest.mark.parametrize("product", ["mug", "bottle", "carton", "tin", "viewer", "can", "jar"])
@pytest.mark.parametrize(
    ("name", "changed"), [("part-smaller-5", True), ("part-smaller-10", True), ("light-side", False), ("camera-turned-4", False)]
)
def test_a_part_a_twentieth_smaller_is_seen_and_another_camera_is_none(product: str, name: str, changed: bool) -> None:
    reading = compare_product(pair(f"{product}-{name}")[0], *pair(f"{product}-base"))
    assert reading.found and (reading.size > SIZE) == changed, reading


def knobbed(knob: float, *, wide: float = 1.0) -> NDArray[np.uint8]:
    """A dark body with a pale knob, 300 × 300, the knob so many times as large and, with `wide`, foreshortened."""
    canvas = np.full((600, 600, 3), (205, 198, 186), np.uint8)
    cv2.rectangle(canvas, (180, 240), (420, 500), (40, 92, 107), -1)
    cv2.ellipse(canvas, (300, 200), (round(50 * knob * wide), round(50 * knob)), 0, 0, 360, (190, 120, 60), -1)
    return cv2.GaussianBlur(cv2.resize(canvas, (300, 300), interpolation=cv2.INTER_AREA), (0, 0), 0.6)


@pytest.mark.parametrize("knob", [0.9, 0.94, 1.06, 1.1])
def test_the_size_read_is_no_more_than_the_change_made(knob: float) -> None:
    whole = np.abs(knobbed(1).astype(int) - (205, 198, 186)).sum(axis=2) > 20
    made = 100 * abs(np.log(knob))
    everywhere = np.ones(whole.shape, np.bool_)
    read = size_change(knobbed(1), knobbed(knob).astype(np.float32), whole, everywhere, 180)
    assert 0.6 * made < read < 1.1 * made
    assert size_change(knobbed(1), knobbed(1, wide=knob).astype(np.float32), whole, everywhere, 180) == 0, "a camera turned"
    hidden = everywhere.copy()
    hidden[:150] = False
    assert size_change(knobbed(1), knobbed(knob).astype(np.float32), whole, hidden, 180) == 0, "the picture does not show it"


def flacon(ground: tuple[int, int, int], *, stopper: bool = True) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A white flacon with a label and a stopper on a ground, 400 × 400, and where it is."""
    canvas, mask = np.full((800, 800, 3), ground, np.uint8), np.zeros((800, 800), np.uint8)
    for drawn, colour in ((canvas, (250, 249, 246)), (mask, (255,))):
        cv2.rectangle(drawn, (260, 300), (540, 700), colour, -1)
        if stopper:
            cv2.ellipse(drawn, (400, 250), (60, 70), 0, 0, 360, colour, -1)
    cv2.rectangle(canvas, (310, 420), (490, 600), (40, 92, 107), -1)
    cv2.putText(canvas, "PURE", (322, 530), cv2.FONT_HERSHEY_SIMPLEX, 2, (235, 230, 220), 5, cv2.LINE_AA)
    small = cv2.GaussianBlur(cv2.resize(canvas, (400, 400), interpolation=cv2.INTER_AREA), (0, 0), 0.7)
    return small, cv2.resize(mask, (400, 400), interpolation=cv2.INTER_AREA) > 127


@pytest.mark.parametrize("ground", [(205, 190, 170), (60, 70, 90)])
@pytest.mark.parametrize("stopper", [True, False])
def test_a_white_product_cut_out_on_white_is_compared_before_the_pictures_ground(ground: tuple[int, int, int], stopper: bool) -> None:
    reference, mask = flacon((255, 255, 255))
    cut = np.where(mask[..., None], reference, 255).astype(np.uint8)
    reading = compare_product(flacon(ground, stopper=stopper)[0], cut, mask)
    assert reading.found and (reading.gone > GONE) == (not stopper) and (reading.drift > 1) == (not stopper), reading


@pytest.mark.parametrize("name", ["light-side", "light-and-camera", "part-missing-100"])
def test_a_pale_nozzle_on_a_cut_outs_white_is_held_against_its_picture(name: str) -> None:
    reference, mask = pair("dispenser-base")
    reading = compare_product(pair(f"dispenser-{name}")[0], np.where(mask[..., None], reference, 255).astype(np.uint8), mask)
    assert reading.found and (reading.drift > 1) == (name == "part-missing-100"), reading


def test_a_reference_is_redrawn_before_another_ground_alone() -> None:
    (here, mask), (there, _) = flacon((205, 190, 170)), flacon((60, 70, 90))
    everywhere = np.ones(mask.shape, np.bool_)
    dim = (0.8 * here).astype(np.float32)
    assert before_ground(here, dim, mask, everywhere, 260) is None, "the same ground in another light"
    drawn = before_ground(here, 0.8 * there.astype(np.float32), mask, everywhere, 260)
    assert drawn is not None and np.abs(drawn - 0.8 * there.astype(np.float32)).mean() < 1
    assert before_ground(here, dim, np.zeros_like(mask), everywhere, 260) is None
    assert before_ground(here, dim, mask, ~everywhere, 260) is None, "the picture does not show it"


def label(words: str, *, rings: int = 0) -> NDArray[np.uint8]:
    """A pale label, 200 × 200, with words in ink and rings of a highlight's colour."""
    canvas = np.full((200, 200, 3), (228, 222, 210), np.uint8)
    cv2.putText(canvas, words, (30, 110), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (40, 40, 60), 2, cv2.LINE_AA)
    for ring in range(rings):
        cv2.line(canvas, (20, 150 + 12 * ring), (180, 150 + 12 * ring), (90, 90, 90), 2, cv2.LINE_AA)
    return cv2.GaussianBlur(canvas, (0, 0), 0.8)


INSIDE = np.pad(np.ones((180, 180), np.bool_), 10)
HERE = (np.eye(2, 3),)


@pytest.mark.parametrize(("seen", "least", "most"), [("LOAF", 0, 0.02), ("LOAE", 0.3, 2), ("LOAR", 0.3, 2), ("LAAF", 0.3, 2)])
def test_strokes_gained_or_lost_are_read(seen: str, least: float, most: float) -> None:
    assert least <= changed_strokes(label("LOAF"), label(seen).astype(np.float32), INSIDE, 200, HERE) <= most


@pytest.mark.parametrize(("dx", "dy", "light"), [(1, 0, 1.0), (-1, 1, 1.0), (0, 0, 0.7), (1, 1, 0.8)])
def test_a_pixel_or_a_shade_changes_no_letter(dx: int, dy: int, light: float) -> None:
    moved = np.roll(label("LOAF"), (dy, dx), (0, 1)).astype(np.float32) * light
    assert changed_strokes(label("LOAF"), moved, INSIDE, 200, HERE) < 0.1


def test_rings_and_rims_are_no_words() -> None:
    assert changed_strokes(label("", rings=2), label("", rings=3).astype(np.float32), INSIDE, 200, HERE) == 0
    assert changed_strokes(label(""), label("LOAF").astype(np.float32), INSIDE, 200, HERE) == 0


def readings(product: str, kept: float, changed: float) -> list[Compared]:
    def one(kind: str, color: float) -> Compared:
        return Compared(product, kind, "made", {name: ReferenceReading(True, color=color) for name in WAYS}, color)

    return [one("kept", kept), one("drift", changed)]


WAYS = ("both masks", "mask of the reference", "cut-out reference", "no mask")


def test_a_product_left_out_has_no_say_in_its_limits() -> None:
    pictures = readings("mug", 1.0, 4.0) + readings("pot", 2.0, 4.0) + readings("jar", 8.0, 9.0)
    assert limits_without(pictures, "jar")["color"] == pytest.approx(2.2)
    assert limits_without(pictures, "mug")["color"] == pytest.approx(8.8)
    assert drift(pictures[-1].readings["no mask"], limits_without(pictures, "jar")) == pytest.approx(9 / 2.2)


def test_the_table_shows_both_sets_and_counts_what_is_over_one() -> None:
    pictures = readings("mug", 1.0, 4.0) + readings("pot", 2.0, 1.5) + readings("bag", 3.0, 4.0)
    lines = table(pictures).splitlines()
    assert next(line for line in lines if line.startswith("| no mask | tuning")).endswith("| 0.90 | 1 of 2 | 0 of 2 |")
    assert next(line for line in lines if line.startswith("| no mask | reporting")).endswith("| 0.90 | 1 of 1 | 1 of 1 |")
    assert f"| no mask | tuning | {auroc([4.0, 1.5], [1.0, 2.0]):.3f} |" in table(pictures)


def test_reporting_products_are_of_their_own() -> None:
    assert set(TUNING) < set(products_of()) and len(set(products_of()) - set(TUNING)) >= 4


def test_what_the_frame_cuts_off_is_not_lost() -> None:
    reference, mask = pair("mug-base")
    right = int(np.flatnonzero(mask.any(axis=0))[-1])
    reading = compare_product(np.ascontiguousarray(reference[:, : right - 20]), reference, mask)  # through the handle
    assert reading.found and reading.lost < LOST, reading


def test_a_flat_drawing_of_a_product_is_not_taken_for_it() -> None:
    """Whose outline and colour it has; the features that tell pictures of products apart are not asked."""
    shot, mask = pair("mug-base")
    ground = np.median(shot[:20], axis=(0, 1))
    icon = np.where(mask[..., None], np.median(shot[mask], axis=0), ground).astype(np.uint8)
    assert may_show(icon, paint_of(shot, mask))  # by its colour it could be
    assert not alike(paint_of(icon, mask), paint_of(shot, mask))
    assert place_of(icon, shot, mask) is None


@pytest.mark.parametrize("name", ["light-warm", "light-dim", "light-and-room", "colour-10", "background"])
@pytest.mark.parametrize("product", ["mug", "boot", "tin"])
def test_another_light_room_or_paint_leaves_a_product_what_it_is(product: str, name: str) -> None:
    (base, base_mask), (other, mask) = pair(f"{product}-base"), pair(f"{product}-{name}")
    assert alike(paint_of(other, mask), paint_of(base, base_mask)) and may_show(other, paint_of(base, base_mask))
