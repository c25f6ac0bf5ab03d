"""From numbers read on a brand's own pictures to one check's limits, with what is promised and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from brandkit.brand.calibration import CALIBRATED, Fit, Rate
from brandkit.brand.resolve import Brand
from brandkit.check.registry import Check, load_checks
from brandkit.metric.conformal import Interval, fewest_examples, rate_of, share, upper_limit
from brandkit.results import CheckResult, Limit, Verdict

DIGITS = 3  # decimals of a limit; limits are rounded outwards, so that the example which set one stays inside
FINER = 5  # decimals of a limit that is a multiple of another
MOST = 99.0  # times its limit that a reading counts as at most
FIXED = {
    "format": "the publisher of a placement sets its rules",
    "logo-missing": "examples without a mark would teach the gate that none is needed",
    "text": "readers set what can be read",
    "tone": "the brand file and the law say what may be written",
    "provenance": "a manifest is there or not",
}
"""Check ids, or first words of them, whose limits pictures may not move, with the reason."""


def fit_check(check: Check, approved: Mapping[str, float], rejected: Sequence[float], alpha: float, *, silent: int = 0) -> Fit:
    """Fit the limits of `check`.

    The new `review_at` is the conformal quantile of the approved pictures' numbers, never tighter than the default: that one is the
    physical floor, below which nobody sees a difference. `fail_at` moves by the same distance, so a person's share stays as wide.

    Args:
        check: The check.
        approved: Example to what the check read on it.
        rejected: What it read on pictures that were turned down; they show what the limits catch, and move nothing.
        alpha: Share of further on-brand pictures that may exceed `review_at`.
        silent: How many approved pictures it read nothing on, as they show nothing that it judges. They count among the examples, as
            they do among further pictures: the promise is about pictures, not about readings.
    """
    sign = 1 if check.limits.higher_is_worse else -1
    numbers = {name: sign * number for name, number in approved.items()}
    state, reason, limits, set_by = "floor", "the examples keep within the default", _pair(check.limits), ""
    floor, n, following = sign * check.limits.review_at, len(numbers) + silent, None
    ordered = sorted([*numbers.values(), *[floor] * silent])
    quantile = upper_limit(ordered, alpha)
    alarms = share(sum(number > floor for number in numbers.values()), n)
    if fixed := fixed_reason(check.id):
        state, reason = "fixed", fixed
    elif quantile is None:
        state, reason = "too-few", _too_few(n, alpha)
    elif quantile.value > floor:
        limits = _shifted(check.limits, quantile.value - floor)
        following = _shifted(check.limits, max(0.0, ordered[quantile.rank - 2] - floor) if quantile.rank > 1 else 0.0)
        set_by = next(name for name, number in numbers.items() if number == quantile.value)
        state, reason, alarms = "fitted", f"set by example {quantile.rank} of {quantile.n} in order, {set_by}", rate_of(quantile)
    fitted = Limit(review_at=limits[0], fail_at=limits[1], unit=check.limits.unit, higher_is_worse=check.limits.higher_is_worse)
    caught = sum(sign * number > sign * fitted.review_at for number in rejected)
    return Fit.model_validate(
        {
            "version": check.version,
            "unit": check.limits.unit,
            "state": state,
            "reason": reason,
            "default": _pair(check.limits),
            "limits": limits,
            "n": n,
            "alarms": _rate(alarms),
            "detected": _rate(share(caught, len(rejected))) if rejected else None,
            "numbers": tuple(sorted(approved.values())),
            "set_by": set_by,
            "next": following,
        }
    )


def number_of(result: CheckResult, limit: Limit) -> float | None:
    """The number that a limit is set by: the worst in the limit's unit, but no worse than the limit where the check found no fault.

    A check may report readings that it does not judge, such as the distance of a colour that nothing requires.
    """
    numbers = [finding.measured for finding in result.findings if finding.measured is not None and finding.unit == limit.unit]
    numbers = numbers or [entry.value for entry in result.measurements if entry.value is not None and entry.unit == limit.unit]
    worst, nearer = (max, min) if limit.higher_is_worse else (min, max)
    number = worst(numbers, default=None)
    return number if number is None or result.verdict is not Verdict.PASS else nearer(number, limit.review_at)


def parts_of(result: CheckResult) -> dict[str, float]:
    """What a check's readings with limits of their own read, as multiples of those, by `check/reading`."""
    parts, found = load_checks()[result.check].parts, dict[str, float]()
    for entry in result.measurements:
        if entry.name not in parts or entry.value is None or entry.limit is None or entry.limit.most is Verdict.PASS:
            continue
        over, under = (entry.value, entry.limit.review_at) if entry.limit.higher_is_worse else (entry.limit.review_at, entry.value)
        found[f"{result.check}/{entry.name}"] = min(MOST, over / under) if under > 0 else MOST
    return found


def widened(limit: Limit, name: str, check: Check, brand: Brand) -> Limit:
    """The limit of one of a check's `parts`, by as much wider as the brand's approved pictures ask for; its source says so."""
    calibration, key = brand.calibration, f"{check.id}/{name}"
    fit = calibration.checks.get(key) if calibration else None
    if calibration is None or fit is None or fit.state != "fitted":
        return limit
    if why := calibration.stale(brand, key, check.version):
        return limit.model_copy(update={"source": f"default; calibration.json is stale: {why}"})
    more, half = fit.limits[0] - 1, 0.5 * 10**-FINER
    if limit.higher_is_worse:
        pair = [round(value + more * limit.review_at + half, FINER) for value in (limit.review_at, limit.fail_at)]
    else:
        pair = [round(limit.review_at / (limit.review_at / value + more) - half, FINER) for value in (limit.review_at, limit.fail_at)]
    return limit.model_copy(update={"review_at": pair[0], "fail_at": pair[1], "source": CALIBRATED})


def fixed_reason(check: str) -> str:
    """Why pictures may not move the limits of a check; empty where they may."""
    return FIXED.get(check) or FIXED.get(check.partition("-")[0]) or ""


def left_out(check: Check, approved: Mapping[str, float], alpha: float, *, silent: int = 0, unlike: Collection[str] = ()) -> set[str]:
    """The examples that this check would flag if each had been left out of the fit: an honest estimate for examples that set limits.

    Those that are `unlike` all others would be held to the default.
    """
    if fixed_reason(check.id):
        return set()
    sign = 1 if check.limits.higher_is_worse else -1
    numbers = {name: sign * number for name, number in approved.items()}
    floor = sign * check.limits.review_at
    flagged = set()
    for name in (name for name, number in numbers.items() if number > floor):
        quantile = upper_limit([*(value for other, value in numbers.items() if other != name), *[floor] * silent], alpha)
        if quantile is None or name in unlike or numbers[name] > max(floor, quantile.value):
            flagged.add(name)
    return flagged


def _shifted(limit: Limit, distance: float) -> tuple[float, float]:
    """Both limits looser by `distance`, rounded outwards; where lower is worse, they end at zero."""
    step = 10**-DIGITS
    moved = round(distance + step / 2, DIGITS)
    if limit.higher_is_worse:
        return round(limit.review_at + moved, DIGITS), round(limit.fail_at + moved, DIGITS)
    return max(0.0, round(limit.review_at - moved, DIGITS)), max(0.0, round(limit.fail_at - moved, DIGITS))


def _too_few(n: int, alpha: float) -> str:
    best = f"; {n} can promise {100 / (n + 1):.1f} % at best (`--alpha {_up(1 / (n + 1))}`)" if n else ""
    return f"{n} example{'s' if n != 1 else ''}, and a false-alarm rate of {100 * alpha:g} % takes {fewest_examples(alpha)}{best}"


def _up(rate: float) -> str:
    """`rate` rounded up to two digits, so that it is still reached."""
    digits = 2 if rate >= 0.1 else 3
    step = 10**-digits
    return f"{(int(rate / step - 1e-9) + 1) * step:.{digits}f}"


def _pair(limit: Limit) -> tuple[float, float]:
    return limit.review_at, limit.fail_at


def _rate(interval: Interval) -> Rate:
    return Rate(rate=round(interval.rate, 4), low=round(interval.low, 4), high=round(interval.high, 4))
