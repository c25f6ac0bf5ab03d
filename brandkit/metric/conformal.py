"""Limits from examples with a promise attached: split conformal quantiles, their exact intervals, and p-values.

Vovk, Gammerman, Shafer: Algorithmic Learning in a Random World, 2005; Vovk: Conditional validity of inductive conformal predictors, 2012.
The promise needs one thing only: that the next picture comes from the same stock as the examples.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

BISECTIONS = 60  # halvings of [0, 1]; beyond the precision of a double
CONFIDENCE = 0.95  # of every interval that is shown


class Interval(NamedTuple):
    """A rate in [0, 1] with the interval that holds the true one."""

    rate: float
    low: float
    high: float


class Quantile(NamedTuple):
    """A limit that holds `value`, set by the example of rank `rank` of `n` in ascending order, counted from 1."""

    value: float
    rank: int
    n: int


def fewest_examples(alpha: float) -> int:
    """The number of examples below which no limit with a false-alarm rate of `alpha` can be set: 1/alpha - 1, rounded up."""
    _check_rate(alpha)
    return math.ceil(1 / alpha - 1 - 1e-9)


def upper_limit(numbers: Sequence[float], alpha: float) -> Quantile | None:
    """The smallest limit that at most a share `alpha` of further pictures exceeds, on average over examples.

    Args:
        numbers: What was read on approved pictures, higher being worse.
        alpha: False-alarm rate in (0, 1).

    Returns:
        The ⌈(n + 1)(1 - alpha)⌉-th smallest number, never a value between two examples; None where there are too few.
    """
    _check_rate(alpha)
    if any(not math.isfinite(number) for number in numbers):
        raise ValueError("every number must be finite")
    rank = math.ceil((len(numbers) + 1) * (1 - alpha) - 1e-9)
    if rank > len(numbers):
        return None
    rank = max(1, rank)
    return Quantile(sorted(numbers)[rank - 1], rank, len(numbers))


def rate_of(quantile: Quantile, *, confidence: float = CONFIDENCE) -> Interval:
    """The false-alarm rate of a limit set by `upper_limit`: its mean over examples, and where it lies for these (Beta, exact)."""
    above, below = quantile.n + 1 - quantile.rank, quantile.rank
    tail = (1 - confidence) / 2
    return Interval(above / (quantile.n + 1), beta_quantile(tail, above, below), beta_quantile(1 - tail, above, below))


def share(hits: int, n: int, *, confidence: float = CONFIDENCE) -> Interval:
    """`hits` of `n` as a rate with its exact interval (Clopper, Pearson 1934); without any `n`, nothing is known: 0 to 1."""
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is no share")
    tail = (1 - confidence) / 2
    low = beta_quantile(tail, hits, n - hits + 1) if hits else 0.0
    high = beta_quantile(1 - tail, hits + 1, n - hits) if hits < n else 1.0
    return Interval(hits / n if n else 0.0, low, high)


def beta_quantile(probability: float, a: int, b: int) -> float:
    """The quantile of Beta(a, b) with whole a, b ≥ 1, by its identity with the binomial tail."""
    if a < 1 or b < 1:
        raise ValueError(f"Beta({a}, {b}) has no density; both must be at least 1")
    low, high = 0.0, 1.0
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if _binomial_tail(a, a + b - 1, middle) < probability else (low, middle)
    return (low + high) / 2


def p_value(number: float, examples: Sequence[float], *, floor: float, span: float) -> float:
    """How usual `number` is among approved pictures: the conformal p-value, higher being worse.

    Differences up to `floor` are nobody's concern and all count alike. Beyond the worst example, where counting ends at 1/(n + 1),
    the value goes on falling with the distance in units of `span`, so that bad and worse can still be told apart.

    Args:
        number: What was read.
        examples: What was read on approved pictures.
        floor: Number up to which everything passes.
        span: Positive distance over which the value falls to a half beyond the worst example.
    """
    if span <= 0:
        raise ValueError(f"the span must be positive, got {span}")
    raised = [max(floor, example) for example in examples]
    value = max(floor, number)
    worst = max(raised, default=floor)
    least = 1 / (len(raised) + 1)
    if value > worst:
        return least / (1 + (value - worst) / span)
    return (1 + sum(example >= value for example in raised)) * least


def smooth_p_value(number: float, examples: Sequence[float], *, span: float) -> float:
    """As `p_value` without a floor, in straight lines between the examples: for ordering, where few examples would give many ties."""
    if not examples:
        raise ValueError("there is no example to compare with")
    n, ordered = len(examples), sorted(examples)
    if number > ordered[-1]:
        return p_value(number, examples, floor=ordered[0], span=span)
    return float(np.interp(number, ordered, [(n - index) / (n + 1) for index in range(n)]))


def harmonic_mean(p_values: Sequence[float], weights: Sequence[float] | None = None) -> float:
    """One p-value out of several that depend on each other (Wilson 2019): the weighted harmonic mean, ruled by the smallest."""
    if not p_values or min(p_values) <= 0:
        raise ValueError("at least one p-value is needed, and all must be positive")
    shares = [1.0] * len(p_values) if weights is None else weights
    return sum(shares) / sum(share / value for share, value in zip(shares, p_values, strict=True))


def geometric_mean(p_values: Sequence[float], weights: Sequence[float]) -> float:
    """One number out of p-values of different things: their weighted geometric mean, in which each counts (Fisher 1932; Good 1955).

    For ordering: as a probability it would need Fisher's distribution.
    """
    if not p_values or min(p_values) <= 0:
        raise ValueError("at least one p-value is needed, and all must be positive")
    return math.exp(sum(weight * math.log(value) for weight, value in zip(weights, p_values, strict=True)) / sum(weights))


def _binomial_tail(least: int, n: int, p: float) -> float:
    """P(X ≥ least) for X ~ Bin(n, p)."""
    if p in (0.0, 1.0):
        return float(p == 1.0 or least <= 0)
    counts = np.arange(least, n + 1)
    factorials = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, n + 1)))))
    logs = factorials[n] - factorials[counts] - factorials[n - counts] + counts * math.log(p) + (n - counts) * math.log1p(-p)
    return float(np.exp(logs).sum())


def _check_rate(alpha: float) -> None:
    if not 0 < alpha < 1:
        raise ValueError(f"the false-alarm rate must lie between 0 and 1, got {alpha}")
