"""One number in [0, 1] for putting a calibrated brand's assets in order, the strangest first; it decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from brandkit.brand.calibration import Calibration
from brandkit.check.fit import fixed_reason, number_of
from brandkit.check.limits import limit_here
from brandkit.check.registry import load_checks
from brandkit.check.subject import Subject
from brandkit.metric.conformal import geometric_mean, harmonic_mean, p_value, smooth_p_value
from brandkit.results import CheckResult, Limit

DIGITS = 4  # decimals of a drift
FEWEST = 5  # numbers of a check below which its p-value says nothing
LIKENESS_WEIGHT = 0.95  # of the likeness, the checks share the rest: only who has a mark can have it wrong
ALIKE_SPAN = 0.25  # of strangeness (natural logarithm): a quarter farther from every example


def asset_drift(subject: Subject, checks: Iterable[CheckResult]) -> float | None:
    """1 minus one p-value of all there is among the brand's approved pictures; None for a brand without any.

    Near 0 is a picture that looks like most approved ones and in which no check reads more than everything passes with.
    """
    calibration = subject.brand.calibration
    if calibration is None:
        return None
    return combined(check_values(calibration, subject, checks), _likeness_value(calibration, subject.strangeness))


def combined(values: Sequence[float], likeness: float | None) -> float | None:
    """The drift that the p-values of checks and that of the likeness make; None without any.

    The checks depend on each other and one of them is enough: their harmonic mean, which the smallest rules. Both count in the geometric
    mean of the two.

    Args:
        values: Of the checks, each in (0, 1].
        likeness: Of the likeness; None where there is none.
    """
    checks = harmonic_mean(values) if values else None
    if checks is None or likeness is None:
        only = checks if likeness is None else likeness
        return None if only is None else round(1 - only, DIGITS)
    return round(1 - geometric_mean([likeness, checks], [LIKENESS_WEIGHT, 1 - LIKENESS_WEIGHT]), DIGITS)


def likeness_p_value(strange: float, examples: Sequence[float]) -> float:
    """The p-value of a strangeness among those of approved pictures."""
    return smooth_p_value(strange, examples, span=ALIKE_SPAN)


def check_values(calibration: Calibration, subject: Subject, checks: Iterable[CheckResult]) -> list[float]:
    """The p-value of every check that read a number here and on enough approved pictures, and is not stale."""
    values = []
    for check in checks:
        fit, known = calibration.checks.get(check.check), load_checks()[check.check]
        number = number_of(check, limit_here(known, subject))
        if fit is None or number is None or len(fit.numbers) < FEWEST or fixed_reason(check.check):
            continue
        if not calibration.stale(subject.brand, check.check, check.version):
            values.append(_value(number, fit.numbers, known.limits))
    return values


def _value(number: float, examples: Iterable[float], limit: Limit) -> float:
    sign = 1 if limit.higher_is_worse else -1
    span = abs(limit.fail_at - limit.review_at) or max(abs(limit.review_at), 1.0)
    return p_value(sign * number, [sign * example for example in examples], floor=sign * limit.review_at, span=span)


def _likeness_value(calibration: Calibration, strange: float | None) -> float | None:
    return None if strange is None or calibration.likeness is None else likeness_p_value(strange, calibration.likeness.numbers)
