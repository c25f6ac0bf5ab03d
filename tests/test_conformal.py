"""The promises of the conformal limits, by simulation and by law."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandkit.metric.conformal import (
    beta_quantile,
    fewest_examples,
    geometric_mean,
    harmonic_mean,
    p_value,
    rate_of,
    share,
    smooth_p_value,
    upper_limit,
)

NUMBERS = st.lists(st.floats(0, 100).map(lambda value: round(value, 3)), min_size=1, max_size=60)
RATES = st.floats(0.02, 0.5)


@pytest.mark.parametrize(("alpha", "fewest"), [(0.5, 1), (0.1, 9), (0.05, 19), (0.01, 99), (0.001, 999)])
def test_the_fewest_examples_suffice_and_one_less_does_not(alpha: float, fewest: int) -> None:
    assert fewest_examples(alpha) == fewest
    assert upper_limit(range(fewest), alpha) is not None
    assert upper_limit(range(fewest - 1), alpha) is None


@pytest.mark.parametrize("n", [19, 50, 200])
@pytest.mark.parametrize("draw", ["normal", "exponential", "standard_cauchy"])
def test_coverage_holds_whatever_the_distribution(n: int, draw: str) -> None:
    """2000 calibrations, one further picture each: at most alpha exceed, and the interval is true for most."""
    alpha, rng = 0.05, np.random.default_rng(7)
    exceeded = inside = 0
    for _ in range(400):
        quantile = upper_limit(getattr(rng, draw)(size=n).tolist(), alpha)
        assert quantile is not None
        further = getattr(rng, draw)(size=2000)
        rate = float((further > quantile.value).mean())
        exceeded += rate
        interval = rate_of(quantile)
        inside += interval.low - 0.01 <= rate <= interval.high + 0.01
    assert exceeded / 400 <= alpha + 0.01
    assert inside / 400 >= 0.93


@given(NUMBERS, RATES, RATES)
def test_a_lower_rate_never_tightens_a_limit(numbers: list[float], one: float, other: float) -> None:
    strict, loose = (upper_limit(numbers, rate) for rate in sorted((one, other)))
    assert strict is None or (loose is not None and strict.value >= loose.value)


@given(NUMBERS, RATES)
def test_a_limit_is_an_example_and_few_exceed_it(numbers: list[float], alpha: float) -> None:
    quantile = upper_limit(numbers, alpha)
    if quantile is not None:
        assert quantile.value in numbers
        assert sum(number > quantile.value for number in numbers) <= alpha * (len(numbers) + 1)


@pytest.mark.parametrize(
    ("a", "b", "probability", "value"),
    [(1, 1, 0.3, 0.3), (2, 98, 0.025, 0.0024560), (1, 99, 0.975, 0.0365750), (5, 5, 0.5, 0.5)],  # R: qbeta
)
def test_quantiles_of_beta(a: int, b: int, probability: float, value: float) -> None:
    assert beta_quantile(probability, a, b) == pytest.approx(value, abs=2e-6)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(0, 20, 0, 0.16843), (3, 20, 0.03207, 0.37893), (20, 20, 0.83157, 1), (0, 0, 0, 1)],  # R: binom.test
)
def test_shares_have_the_exact_interval(hits: int, n: int, low: float, high: float) -> None:
    interval = share(hits, n)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-5)


@given(NUMBERS, st.floats(0, 120), st.floats(0, 120), st.floats(0, 50))
def test_worse_numbers_have_smaller_p_values(numbers: list[float], one: float, other: float, floor: float) -> None:
    better, worse = (p_value(number, numbers, floor=floor, span=2) for number in sorted((one, other)))
    assert 0 < worse <= better <= 1
    assert p_value(floor, numbers, floor=floor, span=2) == 1, "what everything passes with is no drift"


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=12))
def test_the_harmonic_mean_lies_between_and_near_the_smallest(values: list[float]) -> None:
    mean = harmonic_mean(values)
    assert min(values) - 1e-12 <= mean <= min(max(values), len(values) * min(values)) + 1e-12


@given(NUMBERS, st.floats(-10, 120), st.floats(-10, 120))
def test_smooth_p_values_fall_and_stay_near_the_counted_ones(numbers: list[float], one: float, other: float) -> None:
    better, worse = (smooth_p_value(number, numbers, span=2) for number in sorted((one, other)))
    assert 0 < worse <= better <= 1
    counted = p_value(one, numbers, floor=-100, span=2)
    if len(set(numbers)) == len(numbers):
        assert abs(smooth_p_value(one, numbers, span=2) - counted) <= 1 / (len(numbers) + 1) + 1e-9


def test_weights_share_the_say() -> None:
    assert harmonic_mean([0.01, 1.0], [1, 3]) == pytest.approx(4 / 103)
    assert harmonic_mean([0.01, 1.0], [1, 0]) == pytest.approx(0.01)


@pytest.mark.parametrize("call", [lambda: upper_limit([1.0], 0), lambda: upper_limit([float("nan")], 0.5), lambda: share(3, 2),
                                  lambda: harmonic_mean([]), lambda: harmonic_mean([0.0]), lambda: beta_quantile(0.5, 0, 1),
                                  lambda: p_value(1, [1], floor=0, span=0)])  # fmt: skip
def test_nonsense_is_refused(call) -> None:
    with pytest.raises(ValueError, match=r"."):
        call()


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=12), st.floats(0.01, 9))
def test_the_geometric_mean_lies_between_and_only_relative_weights_count(values: list[float], factor: float) -> None:
    weights = list(range(1, len(values) + 1))
    mean = geometric_mean(values, weights)
    assert min(values) <= mean * (1 + 1e-9) and mean <= max(values) * (1 + 1e-9)
    assert geometric_mean(values, [factor * weight for weight in weights]) == pytest.approx(mean)
    assert geometric_mean([0.04, 0.25], [1, 1]) == pytest.approx(0.1)
    with pytest.raises(ValueError, match="positive"):
        geometric_mean([], [])
