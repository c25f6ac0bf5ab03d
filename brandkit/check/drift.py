"""One number in [0, 1] for putting a calibrated brand's assets in order, the strangest first; it decides nothing."""

from __future__ import annotations

from collections.abc import Iterable

from brandkit.brand.calibration import Calibration
from brandkit.check.fit import fixed_reason, number_of
from brandkit.check.likeness import VERSION, example_looks, strangeness
from brandkit.check.limits import limit_for
from brandkit.check.registry import load_checks
from brandkit.check.subject import Subject
from brandkit.metric.conformal import harmonic_mean, p_value, smooth_p_value
from brandkit.results import CheckResult, Limit

DIGITS = 4  # decimals of a drift
FEWEST = 5  # numbers of a check below which its p-value says nothing
LIKENESS_WEIGHT = 0.95  # of the likeness, the checks share the rest: only who has a mark can have it wrong
ALIKE_SPAN = 0.25  # of strangeness (natural logarithm): a quarter farther from every example


def asset_drift(subject: Subject, checks: Iterable[CheckResult]) -> float | None:
    """1 minus the harmonic mean of the checks' p-values among the brand's approved pictures; None for a brand without any.

    Near 0 is a picture that looks like most approved ones and in which no check reads more than everything passes with.
    """
    calibration = subject.brand.calibration
    if calibration is None:
        return None
    values, likeness = check_values(calibration, subject, checks), _likeness_value(calibration, subject)
    if not values or not likeness:
        return round(1 - harmonic_mean(values or likeness), DIGITS) if values or likeness else None
    shared = (1 - LIKENESS_WEIGHT) / len(values)
    return round(1 - harmonic_mean([*values, *likeness], [shared] * len(values) + [LIKENESS_WEIGHT]), DIGITS)


def check_values(calibration: Calibration, subject: Subject, checks: Iterable[CheckResult]) -> list[float]:
    """The p-value of every check that read a number here and on enough approved pictures, and is not stale."""
    values = []
    for check in checks:
        fit, known = calibration.checks.get(check.check), load_checks()[check.check]
        number = number_of(check, limit_for(known, subject.brand))
        if fit is None or number is None or len(fit.numbers) < FEWEST or fixed_reason(check.check):
            continue
        if not calibration.stale(subject.brand, check.check, check.version):
            values.append(_value(number, fit.numbers, known.limits))
    return values


def _value(number: float, examples: Iterable[float], limit: Limit) -> float:
    sign = 1 if limit.higher_is_worse else -1
    span = abs(limit.fail_at - limit.review_at) or max(abs(limit.review_at), 1.0)
    return p_value(sign * number, [sign * example for example in examples], floor=sign * limit.review_at, span=span)


def _likeness_value(calibration: Calibration, subject: Subject) -> list[float]:
    likeness = calibration.likeness
    if likeness is None or likeness.version != VERSION or calibration.stale(subject.brand, "likeness", 0):
        return []
    looks = example_looks(calibration)
    if not looks:
        return []
    return [smooth_p_value(strangeness(subject, looks), likeness.numbers, span=ALIKE_SPAN)]
