"""How evidence of a picture's owner is put together, and how the benchmark of it counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.own_score import Round, Side, scored, shown, usual_of
from brandkit.check.drift import combined, likeness_p_value
from brandkit.check.likeness import KINDS, NEIGHBOURS, NOTHING, READ, USUAL, Readings, weigh

COUNT = len(READ) - 2
RATIOS = st.lists(st.floats(0, 3), min_size=COUNT, max_size=COUNT)


def beside(*rows: list[float], alone: tuple[float, float] = (1, 1)) -> Readings:
    """Readings in multiples of the usual, one row for each example."""
    return Readings(np.array(rows) * USUAL[:COUNT], np.array(alone) * USUAL[COUNT:])


def test_every_reading_is_of_one_kind():
    assert sorted(name for kind in KINDS for name in kind) == sorted(READ)
    assert len(USUAL) == len(READ)


def test_a_strangers_picture_reads_0_and_the_examples_own_least():
    stranger = weigh(beside(*[[1.0] * COUNT] * 5))
    assert stranger == pytest.approx(np.log(1 + NOTHING))
    assert weigh(beside(*[[0.0] * COUNT] * 5, alone=(0, 0))) == pytest.approx(np.log(NOTHING))


@given(st.lists(RATIOS, min_size=1, max_size=9), st.randoms())
def test_the_order_of_examples_does_not_matter_and_another_never_makes_stranger(rows, random):
    number = weigh(beside(*rows))
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert weigh(beside(*shuffled)) == pytest.approx(number)
    if len(rows) >= NEIGHBOURS:
        assert weigh(beside(*rows, [2.0] * COUNT)) <= number + 1e-9


@given(st.lists(RATIOS, min_size=1, max_size=5), st.integers(0, COUNT - 1))
def test_what_is_farther_is_stranger(rows, part):
    farther = [[value + 0.5 * (index == part) for index, value in enumerate(row)] for row in rows]
    assert weigh(beside(*farther)) > weigh(beside(*rows))


def test_one_example_must_be_near_in_all_kinds():
    """Near to one example in colour and to another in tone is not near to either."""
    colour, tone = ([0.0 if name in near else 1.0 for name in READ[:COUNT]] for near in (("color", "meetings"), ("tone",)))
    both = [0.0 if name in ("color", "meetings", "tone") else 1.0 for name in READ[:COUNT]]
    assert weigh(beside(*[both] * 3)) < weigh(beside(*[colour] * 3, *[tone] * 3)) - 0.2


@pytest.mark.parametrize(
    ("values", "likeness", "drift"),
    [([], None, None), ([0.5], None, 0.5), ([], 0.2, 0.8), ([1.0, 1.0], 1.0, 0.0), ([0.5], 0.5, 0.5)],
)
def test_drifts_of_known_p_values(values, likeness, drift):
    assert combined(values, likeness) == drift


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=20), st.floats(0.01, 1), st.floats(0.1, 0.9))
def test_a_drift_lies_between_its_parts_and_falls_with_none_of_them(values, likeness, factor):
    drift = combined(values, likeness)
    low, high = sorted((combined(values, None), combined([], likeness)))
    assert 0 <= low and low - 1e-4 <= drift <= high + 1e-4 and high < 1
    assert combined([factor * values[0], *values[1:]], likeness) >= drift
    assert combined(values, factor * likeness) > drift or drift > 0.99


def test_one_check_far_beyond_all_examples_is_seen_in_the_drift():
    assert combined([1.0] * 9 + [0.001], 0.9) > combined([1.0] * 10, 0.9) + 0.15


def a_round(own: list[float], others: list[float]) -> Round:
    """Every kind at this multiple of the usual."""
    sides = [[beside([ratio] * COUNT, alone=(ratio, ratio)) for ratio in ratios] for ratios in (own, others)]
    known = [beside([ratio] * COUNT, alone=(ratio, ratio)) for ratio in (0.2, 0.3, 0.4)]
    return Round(np.arange(len(own)), known, *(Side(side, [[] for _ in side], [0, 0, 0]) for side in sides))


@pytest.mark.parametrize(
    ("own", "others", "area"), [([0.1, 0.2], [1, 2], 1.0), ([1, 2], [0.1, 0.2], 0.0), ([0.5], [0.5], 0.5), ([0.1, 1.5], [1, 2], 0.75)]
)
def test_areas_of_known_rounds(own, others, area):
    for separation in scored([a_round(own, others)], USUAL):
        assert separation.areas == [area]


def test_usual_values_are_strangers_means_and_every_brand_counts_once():
    few, many = [a_round([0.1], [1.0])], [a_round([0.1], [3.0, 3.0, 3.0])] * 5
    assert usual_of([few, many]) == pytest.approx(2 * USUAL)
    assert usual_of([few]) == pytest.approx(USUAL)


def test_intervals_hold_the_mean_and_narrow_with_more_pictures():
    def width(count: int) -> float:
        generator = np.random.default_rng(1)
        one = a_round(list(generator.uniform(0.1, 1.1, count)), list(generator.uniform(0.6, 1.6, count)))
        text = shown([scored([one], USUAL).strange])
        assert text == shown([scored([one], USUAL).strange])
        mean, low, high = (float(part) for part in text.replace("(", "").replace(")", "").replace("–", " ").split())
        assert low <= mean <= high
        return high - low

    assert width(80) < width(8)
    assert likeness_p_value(0.0, [-2.0, -1.0]) < likeness_p_value(-1.5, [-2.0, -1.0])
