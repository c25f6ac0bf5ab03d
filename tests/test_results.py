"""Laws of verdicts, limits and drift."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandkit.results import CheckResult, Level, Limit, RunResult, Verdict, asset_verdict

numbers = st.floats(0, 1000)


@st.composite
def limits(draw):
    low, high = sorted((draw(st.floats(0.1, 100)), draw(st.floats(0.1, 100))))
    worse = draw(st.booleans())
    return Limit(review_at=low if worse else high, fail_at=high if worse else low, unit="px", higher_is_worse=worse)


@given(limits(), numbers, numbers)
def test_a_worse_value_never_gets_a_better_verdict_or_less_drift(limit, first, second):
    better, worse = sorted((first, second), reverse=not limit.higher_is_worse)
    assert limit.verdict(better).weight <= limit.verdict(worse).weight
    assert 0 <= limit.drift(better) <= limit.drift(worse) + 1e-9 <= 1 + 2e-9


@pytest.mark.parametrize(
    ("value", "verdict", "drift"), [(0, "pass", 0), (3, "pass", 0.5), (4.5, "review", 0.75), (6, "fail", 1), (60, "fail", 1)]
)
def test_two_limits_where_higher_is_worse(value, verdict, drift):
    limit = Limit(review_at=3, fail_at=6, unit="ΔE00")
    assert limit.verdict(value) == verdict
    assert limit.drift(value) == pytest.approx(drift)


@pytest.mark.parametrize(("value", "verdict"), [(0, "pass"), (3, "pass"), (3.1, "fail")])
def test_where_nothing_is_left_to_a_person_the_limit_itself_passes(value, verdict):
    assert Limit(review_at=3, fail_at=3, unit="words").verdict(value) == verdict


@given(limits(), numbers)
def test_a_limit_that_only_asks_never_fails(limit, value):
    asks = limit.model_copy(update={"most": Verdict.REVIEW})
    assert asks.verdict(value) is (Verdict.PASS if limit.verdict(value) is Verdict.PASS else Verdict.REVIEW)


@pytest.mark.parametrize(("value", "verdict"), [(7, "pass"), (4.5, "pass"), (4, "review"), (3, "fail"), (1, "fail")])
def test_two_limits_where_lower_is_worse(value, verdict):
    assert Limit(review_at=4.5, fail_at=3, unit=":1", higher_is_worse=False).verdict(value) == verdict


def result(verdict: Verdict, level: Level = Level.MUST) -> CheckResult:
    return CheckResult(check="x", version=1, level=level, title="X.", verdict=verdict)


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ([], "review"),
        ([result(Verdict.PASS)], "pass"),
        ([result(Verdict.PASS), result(Verdict.NOT_CHECKED)], "review"),
        ([result(Verdict.PASS), result(Verdict.NOT_CHECKED, Level.SHOULD)], "pass"),
        ([result(Verdict.FAIL, Level.SHOULD), result(Verdict.PASS)], "pass"),
        ([result(Verdict.REVIEW), result(Verdict.FAIL)], "fail"),
    ],
)
def test_the_worst_must_decides_and_unchecked_is_never_passed(checks, expected):
    assert asset_verdict(checks) == expected


def test_exit_codes():
    def run(verdict: str) -> RunResult:
        asset = {"id": "a", "file": "a.png", "sha256": "0", "width": 1, "height": 1, "verdict": verdict}
        return RunResult.model_validate({"brandkit": "0", "brand": "b", "kit_hash": "", "assets": [asset]})

    assert [run(verdict).exit_code() for verdict in ("pass", "review", "fail")] == [0, 1, 1]
    assert [run(verdict).exit_code(accept_review=True) for verdict in ("pass", "review", "fail")] == [0, 0, 1]
