"""Laws of the measures for place, grade, series and products: what was done is what they read."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from brandkit.check.checks.reference_drift import SEEN
from brandkit.image.load import load_picture
from brandkit.image.region import Box
from brandkit.metric.contour import contour_of, follow
from brandkit.metric.grade import grade_distance, read_grade
from brandkit.metric.placement import find_shift, zone_distance, zone_of
from brandkit.metric.product_found import found_product
from brandkit.metric.reference import compare_product
from brandkit.metric.series import read_look, read_series
from brandkit.metric.silhouette import find_product, lay_over, stretch_of, without_gaps

RNG = np.random.default_rng(5)
WORDS = RNG.random((24, 120)) < 0.3
WORDS[[0, -1]] = WORDS[:, [0, -1]] = True  # a box that is tight around its ink
SLIP = 2  # px; a box is exact to as much, so nearer is in its place
PHOTO = np.clip(RNG.normal((120, 90, 70), (40, 30, 20), (60, 80, 3)), 0, 255).astype(np.uint8)
PAIRS = Path(__file__).parents[1] / "benchmarks" / "drift" / "pairs"
EBBWARE = Path(__file__).parents[1] / "brands" / "ebbware"


@settings(max_examples=30, deadline=None)
@given(st.integers(-20, 20), st.integers(-20, 20), st.floats(0, 0.05))
def test_the_shift_found_is_the_shift_made(dx: int, dy: int, dirt: float) -> None:
    page = np.random.default_rng(1).random((200, 300)) < dirt
    page[80 + dy : 104 + dy, 90 + dx : 210 + dx] = WORDS
    shift = find_shift(page, Box(90, 80, 120, 24), reach=24)
    assert shift.sure
    assert (shift.dx, shift.dy) == (pytest.approx(dx, abs=SLIP), pytest.approx(dy, abs=SLIP))
    if max(abs(dx), abs(dy)) > SLIP:
        assert (shift.dx, shift.dy) == (dx, dy) and shift.cover == pytest.approx(WORDS.mean())


def test_ink_of_the_same_kind_all_around_leaves_the_place_open() -> None:
    page = np.random.default_rng(4).random((200, 300)) < 0.3
    shift = find_shift(page, Box(90, 80, 120, 24), reach=24)
    assert not shift.sure


def test_copy_that_moved_is_found_beside_something_fuller_of_the_same_colour() -> None:
    page = np.zeros((200, 300), bool)
    page[40:66, 60:260] = np.random.default_rng(2).random((26, 200)) < 0.9  # broader than the copy and cut by no box of its size
    page[80:104, 96:216] = WORDS
    shift = find_shift(page, Box(90, 80, 120, 24), reach=24 + 24)
    assert (shift.dx, shift.dy, shift.sure) == (6, 0, True)


def test_an_even_fill_is_in_no_place() -> None:
    shift = find_shift(np.ones((200, 300), bool), Box(90, 80, 120, 24), reach=20)
    assert (shift.dx, shift.dy) == (0, 0)
    with pytest.raises(ValueError, match="reach"):
        find_shift(np.ones((9, 9), bool), Box(0, 0, 5, 5), reach=-1)


@pytest.mark.parametrize(
    ("box", "corners", "distance", "zone"),
    [
        (Box(0, 0, 10, 10), ["top-left"], 0, "top-left"),
        (Box(295, 145, 10, 10), ["center"], 0, "center"),
        (Box(295, 145, 10, 10), ["top-left", "top-right"], np.hypot(100, 50), "center"),
        (Box(0, 145, 10, 10), ["top-left"], 50, "middle-left"),
        (Box(590, 290, 10, 10), ["bottom-center", "bottom-right"], 0, "bottom-right"),
    ],
)
def test_zones_are_ninths(box: Box, corners: list[str], distance: float, zone: str) -> None:
    assert zone_distance(box, 600, 300, corners) == pytest.approx(distance)
    assert zone_of(box, 600, 300) == zone


@settings(max_examples=20, deadline=None)
@given(st.integers(-25, 25))
def test_grades_are_a_distance(lift: int) -> None:
    one, two = read_grade(PHOTO), read_grade(np.clip(PHOTO.astype(int) + lift, 0, 255).astype(np.uint8))
    assert grade_distance(one, one) == 0
    assert grade_distance(one, two) == pytest.approx(grade_distance(two, one))
    assert grade_distance(one, two) <= grade_distance(one, read_grade(PHOTO[::-1])) + grade_distance(read_grade(PHOTO[::-1]), two) + 1e-9
    assert (two.lightness > one.lightness) == (lift > 0) or lift == 0


def test_a_grade_knows_no_places() -> None:
    shuffled = RNG.permutation(PHOTO.reshape(-1, 3)).reshape(PHOTO.shape)
    assert grade_distance(read_grade(PHOTO), read_grade(shuffled)) < 1e-9
    with pytest.raises(ValueError, match="pixel"):
        read_grade(PHOTO, np.zeros(PHOTO.shape[:2], bool))


def test_the_odd_one_of_a_series_stands_out() -> None:
    plain = [np.clip(PHOTO.astype(int) + shift, 0, 255).astype(np.uint8) for shift in (-4, -2, 0, 2, 4, 6)]
    night = (PHOTO * (0.25, 0.3, 0.6)).astype(np.uint8)
    readings = read_series([read_look(picture) for picture in [*plain, night]])
    assert max(reading.worst[1] for reading in readings[:-1]) < 2
    assert readings[-1].worst[1] > 6
    with pytest.raises(ValueError, match="at least 4"):
        read_series([read_look(PHOTO)] * 3)


def test_the_same_pictures_are_no_drift() -> None:
    assert all(reading.worst[1] == 0 for reading in read_series([read_look(PHOTO)] * 5))


def jug(stretch: float = 1.0, scale: float = 1.0, turn: float = 0.0) -> NDArray[np.bool_]:
    """A jug's outline, 400 × 400: body, handle, spout."""
    canvas = np.zeros((400, 400), np.uint8)
    cv2.ellipse(canvas, (190, 220), (70, 100), 0, 0, 360, 1, -1)
    cv2.ellipse(canvas, (265, 200), (45, 55), 0, 0, 360, 1, 16)
    cv2.fillPoly(canvas, [np.array([[125, 180], [80, 120], [100, 115], [150, 160]])], 1)
    return np.asarray(cv2.warpAffine(canvas, jug_pose(stretch, scale, turn), (400, 400), flags=cv2.INTER_NEAREST) > 0)


def jug_pose(stretch: float, scale: float, turn: float) -> NDArray[np.float64]:
    matrix = cv2.getRotationMatrix2D((200, 200), turn, scale)
    matrix[:, :2] = matrix[:, :2] @ np.diag([stretch, 1.0])
    return np.asarray(matrix, np.float64)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.7, 1.15), st.floats(-6, 6))
def test_scale_and_turn_change_no_outline(scale: float, turn: float) -> None:
    overlay = lay_over(jug(), jug(scale=scale, turn=turn))
    assert abs(overlay.aspect) < 1 and overlay.distance < 1.2 and overlay.overlap > 0.95


@pytest.mark.parametrize("stretch", [0.94, 1.05, 1.10])
def test_the_stretch_read_is_the_stretch_made(stretch: float) -> None:
    assert lay_over(jug(), jug(stretch)).aspect == pytest.approx(100 * (stretch - 1), abs=0.8)


def test_what_stands_out_is_found_without_its_shadow() -> None:
    rgb = np.full((400, 400, 3), (205, 198, 186), np.uint8)
    rgb[330:345, 120:380] = (150, 145, 136)
    rgb[jug()] = (40, 92, 107)
    found = find_product(rgb)
    assert (found & jug()).sum() / (found | jug()).sum() > 0.93
    assert not find_product(np.full((60, 60, 3), 200, np.uint8)).any()


@pytest.mark.parametrize("paint", [(40, 92, 107), (131, 127, 119), (226, 218, 204)], ids=["teal", "taupe", "cream"])
def test_a_product_is_found_in_any_colour_even_that_of_its_own_shadow(paint: tuple[int, int, int]) -> None:
    rgb, whole = np.full((400, 400, 3), (205, 198, 186), np.uint8), jug()
    cast = cv2.GaussianBlur(np.roll(whole, 40, 1).astype(np.float32), (0, 0), 12)[..., None]
    rgb = (rgb * (1 - 0.2 * cast)).astype(np.uint8)
    rgb[whole] = paint
    found = found_product(cv2.GaussianBlur(rgb, (0, 0), 0.8))
    assert (found & whole).sum() / (found | whole).sum() > 0.96
    assert not found[200, 275], "the gap of its handle shows the ground"


@pytest.mark.parametrize("product", ["pot", "viewer", "sack", "flask"])
def test_a_rendered_product_is_found_to_a_twentieth(product: str) -> None:
    rgb, mask = pair(f"{product}-base")
    found = found_product(rgb)
    assert (found & mask).sum() / (found | mask).sum() > 0.95


def test_nothing_is_found_on_bare_or_busy_ground() -> None:
    assert not found_product(np.full((60, 60, 3), 200, np.uint8)).any()
    assert not found_product(np.full((20, 20, 3), 200, np.uint8)).any()
    assert not found_product(np.random.default_rng(1).integers(0, 256, (120, 120, 3), np.uint8)).any()


def pair(name: str) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    mask = load_picture(PAIRS / f"{name}.png").rgb[..., 0] > 127
    return load_picture(PAIRS / f"{name}.jpg").rgb, mask


@pytest.mark.parametrize(
    ("name", "drifted"),
    [
        ("part-missing-100", True),
        ("taller-5", True),
        ("label-moved-6", True),
        ("label-turned-10", True),
        ("colour-7", True),
        ("light-side", False),
        ("light-warm", False),
        ("background", False),
        ("camera-nearer-12", False),
    ],
)
def test_light_and_room_are_no_drift_and_products_are(name: str, drifted: bool) -> None:
    reference, mask = pair("mug-base")
    picture, seen = pair(f"mug-{name}")
    reading = compare_product(picture, reference, mask, candidate_mask=seen)
    assert reading.found and (reading.drift > 1) == drifted, reading


@pytest.mark.parametrize("name", ["part-missing-100", "part-smaller-10", "taller-5", "label-moved-6", "label-turned-10", "label-words-1"])
def test_changes_are_seen_with_the_mask_of_the_reference_alone(name: str) -> None:
    reference, mask = pair("mug-base")
    assert compare_product(pair(f"mug-{name}")[0], reference, mask).drift > 1


@pytest.mark.parametrize("name", ["light-and-room", "light-and-camera", "lens-60"])
def test_another_light_and_camera_are_none(name: str) -> None:
    reference, mask = pair("mug-base")
    reading = compare_product(pair(f"mug-{name}")[0], reference, mask)
    assert reading.found and reading.drift < 1, reading


@pytest.mark.parametrize("product", ["mug", "bottle", "jar"])
@pytest.mark.parametrize(("name", "drifted"), [("light-and-room", False), ("part-missing-100", True)])
def test_a_cut_out_on_white_reads_as_its_picture_does(product: str, name: str, drifted: bool) -> None:
    reference, mask = pair(f"{product}-base")
    reading = compare_product(pair(f"{product}-{name}")[0], np.where(mask[..., None], reference, 255).astype(np.uint8), mask)
    assert reading.found and (reading.drift > 1) == drifted, reading


def test_a_photograph_of_the_product_on_a_ground_of_its_own_colour_is_no_drift() -> None:
    cut, photograph = (load_picture(EBBWARE / name) for name in ("products/mug.png", "photos/mug-sweep.jpg"))
    assert cut.alpha is not None
    reading = compare_product(photograph.rgb, cut.rgb, cut.alpha > 127)
    assert reading.found and reading.seen > 0.6 and reading.drift < 0.9, reading


@pytest.mark.parametrize("product", ["mug", "vase"])
@pytest.mark.parametrize("name", ["bowls-linen", "cups-row", "evening-wide", "pitcher-line", "table-overhead"])
def test_other_wares_are_not_taken_for_the_product(product: str, name: str) -> None:
    cut = load_picture(EBBWARE / "products" / f"{product}.png")
    assert cut.alpha is not None
    reading = compare_product(load_picture(EBBWARE / "photos" / f"{name}.jpg").rgb, cut.rgb, cut.alpha > 127)
    assert not reading.found or reading.seen < SEEN, reading


@settings(max_examples=8, deadline=None)
@given(st.floats(0.8, 1.1), st.floats(-5, 5), st.floats(0.95, 1.05))
@example(0.996, 0.0, 1.012)
def test_an_outline_is_followed_to_a_tenth_of_a_percent(scale: float, turn: float, stretch: float) -> None:
    before = cv2.GaussianBlur(60 * jug().astype(np.float32), (0, 0), 1.0)[..., None]
    after = cv2.warpAffine(before, jug_pose(stretch, scale, turn), (400, 400), flags=cv2.INTER_CUBIC)[..., None]  # between whole pixels
    contour = contour_of(jug())
    start = cv2.getRotationMatrix2D((200, 200), turn, scale)
    found = None if contour is None else follow(contour, before, after, start, 220)
    assert found is not None and found.seen > 0.95 and found.distance < 0.8
    assert stretch_of(found.matrix)[0] == pytest.approx(100 * (stretch - 1), abs=0.1)


def test_an_inner_edge_is_not_taken_for_a_faint_outline() -> None:
    def drawn(ground: float) -> NDArray[np.float32]:
        rim = np.where(cv2.erode(jug().astype(np.uint8), np.ones((13, 13))) > 0, 20.0, 60.0)  # a pale rim, 6 px, around a dark body
        return cv2.GaussianBlur(np.where(jug(), rim, ground).astype(np.float32), (0, 0), 1.0)[..., None]

    contour = contour_of(jug())
    found = None if contour is None else follow(contour, drawn(100), drawn(68), np.eye(2, 3), 220)
    assert found is not None and found.seen > 0.9 and found.distance < 0.8
    assert np.abs(found.matrix - np.eye(2, 3)).max() < 0.5


def test_a_blank_picture_or_mask_has_no_outline_to_follow() -> None:
    assert contour_of(np.zeros((50, 50), np.bool_)) is None
    contour, blank = contour_of(jug()), np.zeros((400, 400, 1), np.float32)
    assert contour is not None and follow(contour, blank, blank, np.eye(2, 3), 220) is None


def test_a_gap_that_shows_the_ground_stays_open_and_a_label_does_not() -> None:
    rgb = np.full((400, 400, 3), (205, 198, 186), np.uint8)
    mask = jug()
    rgb[mask] = (40, 92, 107)
    label = np.zeros(mask.shape, np.bool_)
    label[190:250, 150:220] = True
    rgb[label] = (205, 198, 186)
    rgb[200:215, 160:210] = (20, 20, 20)
    assert (without_gaps(rgb, mask & ~label) == mask).all()


def test_a_product_is_itself_and_nothing_else() -> None:
    reference, mask = pair("mug-base")
    same = compare_product(reference, reference, mask, candidate_mask=mask)
    assert same.drift < 0.05 and same.seen == 1
    assert not compare_product(np.full((200, 200, 3), 180, np.uint8), reference, mask).found
    with pytest.raises(ValueError, match="mask"):
        compare_product(reference, reference, mask[:-1])


def test_the_index_names_every_pair() -> None:
    with (PAIRS / "index.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) >= 36 and {row["kind"] for row in rows} == {"base", "drift", "kept"}
    assert all((PAIRS / row["file"]).is_file() and (PAIRS / row["mask"]).is_file() for row in rows)
