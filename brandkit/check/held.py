"""Which limit each number was held to, and which number decided: what stands beside a verdict must explain it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from brandkit.results import Finding, Limit, Measurement, Verdict

DIGITS = 3  # decimals of a stored number; single-precision sums differ in the seventh digit between runs on several cores


class Deciding(NamedTuple):
    """The number that decided, in its limit's unit; None where none did, and then the check's limit."""

    value: float | None
    limit: Limit


def held_finding(finding: Finding) -> Finding:
    """The finding with a stable number, and a limit that gives its verdict: where only a person may tell, its limit says so."""
    value, limit = _steady(finding.measured), finding.limit
    if value is not None and limit is not None and limit.verdict(value).weight > finding.verdict.weight:
        limit = limit.model_copy(update={"most": finding.verdict})
    same = value == finding.measured and limit is finding.limit
    return finding if same else finding.model_copy(update={"measured": value, "limit": limit})


def held_measurement(entry: Measurement, limit: Limit) -> Measurement:
    """The measurement with a stable number and the limit it was held to: its own, else the check's where their units agree."""
    if entry.value is None:
        return entry
    held = entry.limit or (limit if entry.unit == limit.unit else None)
    return entry.model_copy(update={"value": _steady(entry.value), "limit": held})


def deciding(findings: Sequence[Finding], measurements: Sequence[Measurement], limit: Limit) -> Deciding:
    """The number that decided, with its limit: of the worst finding, or where nothing was found of the reading nearest to its limit."""
    worst = max((finding.verdict for finding in findings), key=lambda verdict: verdict.weight, default=None)
    found = [(finding.measured, finding.limit) for finding in findings if finding.verdict is worst]
    read = [(entry.value, entry.limit) for entry in measurements if entry.limit and entry.limit.most is not Verdict.PASS]
    numbers = [Deciding(value, held) for value, held in found or read if held]
    return max(numbers, key=_far, default=Deciding(None, limit))


def _far(one: Deciding) -> tuple[float, float]:
    """How bad a number is: its drift, and what tells two apart that both drift as far as can be."""
    if one.value is None:
        return -1.0, 0.0
    span = abs(one.limit.fail_at - one.limit.review_at) or abs(one.limit.review_at) or 1.0
    return one.limit.drift(one.value), (1 if one.limit.higher_is_worse else -1) * (one.value - one.limit.review_at) / span


def _steady(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
