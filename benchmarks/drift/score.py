"""From records to numbers: ranking, hits at a fixed false-alarm rate, hits at the default limits, and their intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.drift.faults import FAULTS, Fault
from brandkit.check.registry import load_checks

Record = dict[str, Any]
Floats = NDArray[np.float64]
FIRED = ("review", "fail")
GROUNDS = {"flat, gradient": ("flat", "gradient"), "photo": ("photo",)}
GONE = 1000.0  # multiple of its limit that a mark which cannot be recognised counts as: above any reading of one, and all alike
PEERS = ("palette", "ssim", "phash")


def existing(fault: Fault, *, own: bool = True) -> tuple[str, ...]:
    """The right checks of a fault that exist today; a fault without any is not measured."""
    known = {check.id for check in load_checks()}
    return tuple(dict.fromkeys(name for name in (*fault.right, *(() if own else fault.gone)) if name in known))


def score(record: Record, fault: Fault) -> float:
    """The worst reading of the right checks, as a multiple of its limit; 1 where a check says that it could not be made.

    The sum of the checks' worst readings where each sees a part of the fault. In a picture made elsewhere in which no mark can be
    recognised `GONE`, and one less where something resembles it or it is too pale to be seen: beyond that its agreement is chance and
    says nothing.
    """
    found = [0.0]
    for name in existing(fault, own=record["own"]):
        check = record["checks"].get(name)
        if check is None:
            continue
        if not record["own"] and ("!missing" in check["m"] or "!pale" in check["m"]):
            found.append(GONE - ("missing:fail" not in check["codes"]))
        if not record["own"] and name in fault.gone:
            continue  # how well a mark that was found agrees is no reading of what was done to it
        named = [ratio for key, ratio in check["m"].items() if not fault.readings or key in fault.readings or key.startswith("!")]
        found.append(max([1.0 if check["v"] == "not_checked" else 0.0, *named]))
    return sum(found) if fault.parted else max(found)


def judged(rows: Sequence[Record], fault: Fault) -> list[Record]:
    """The records in which a right check was made; the checks that read text are made on some of the assets only."""
    return [record for record in rows if any(name in record["checks"] for name in existing(fault, own=record["own"]))]


def right_fired(record: Record, fault: Fault) -> bool:
    return any(record["checks"].get(name, {}).get("v") in FIRED for name in existing(fault, own=record["own"]))


def named(record: Record, fault: Fault) -> bool:
    """Whether a check that says what was done fired, and not only that no mark can be recognised."""
    names = existing(fault) if record["own"] else tuple(name for name in existing(fault) if name not in fault.gone)
    return any(record["checks"].get(name, {}).get("v") in FIRED for name in names)


def any_fired(record: Record) -> bool:
    return any(check["v"] in FIRED for check in record["checks"].values())


def auroc(faulty: Sequence[float], clean: Sequence[float]) -> float:
    """Share of pairs in which the faulty asset scores higher; ties count half. NaN without pairs."""
    if not len(faulty) or not len(clean):
        return math.nan
    one, two = np.asarray(faulty)[:, None], np.asarray(clean)[None]
    return float(((one > two) + 0.5 * (one == two)).mean())


def hits_at(faulty: Sequence[float], clean: Sequence[float], rate: float = 0.01) -> float:
    """Share of faulty assets above the score that at most `rate` of the clean ones exceed."""
    if not len(faulty) or not len(clean):
        return math.nan
    order = np.sort(np.asarray(clean))
    limit = order[max(0, len(order) - 1 - math.floor(rate * len(order)))]
    return float((np.asarray(faulty) > limit).mean())


def interval(hits: float, count: int) -> tuple[float, float]:
    """Clopper-Pearson interval of a share at 95 %; `hits` may be a sum of shares."""
    from scipy.stats import beta

    if not count:
        return math.nan, math.nan
    low = 0.0 if hits == 0 else float(beta.ppf(0.025, hits, count - hits + 1))
    high = 1.0 if hits == count else float(beta.ppf(0.975, hits + 1, count - hits))
    return low, high


class Alarms(NamedTuple):
    """How often something happened: share of the checks with its interval at 95 %, and in how many of the base assets at all."""

    share: float
    low: float
    high: float
    hit: int
    bases: int


def alarms(rows: Sequence[Record], happened: Sequence[bool]) -> Alarms:
    """A share with an interval in which every base asset counts once, with the share of its encodings: they are not independent."""
    by_base: dict[int, list[bool]] = {}
    for record, one in zip(rows, happened, strict=True):
        by_base.setdefault(record["base"], []).append(one)
    shares = [sum(some) / len(some) for some in by_base.values()]
    low, high = interval(sum(shares), len(shares))
    return Alarms(sum(happened) / len(rows) if rows else math.nan, low, high, sum(map(any, by_base.values())), len(by_base))


def monotone(rows: Sequence[Record], clean: Sequence[Record], fault: Fault) -> float:
    """Spearman's rank correlation of score and severity within each asset (its clean version is severity 0), averaged."""
    from scipy.stats import spearmanr

    start: dict[int, list[float]] = {}
    for record in clean:
        start.setdefault(record["base"], []).append(score(record, fault))
    series: dict[int, list[tuple[float, float]]] = {}
    for record in rows:
        series.setdefault(record["base"], []).append((record["severity"], score(record, fault)))
    found = []
    for base, points in series.items():
        points = [(0.0, float(np.median(start[base]))), *points] if base in start else points
        if len(points) >= 3:
            x, y = zip(*points, strict=True)
            found.append(0.0 if len(set(y)) == 1 else float(spearmanr(x, y).statistic))
    return float(np.mean(found)) if found else math.nan


def naive_auroc(faulty: Sequence[Record], clean: Sequence[Record]) -> tuple[float, float, str]:
    """The best of the naive features: its AUROC, its hits at 1 % false alarms, and its name."""
    best = (math.nan, math.nan, "")
    for name in PEERS:
        one = [record["naive"][name] for record in faulty if record["naive"]]
        two = [record["naive"][name] for record in clean if record["naive"]]
        value = auroc(one, two)
        if not math.isnan(value) and (math.isnan(best[0]) or value > best[0]):
            best = (value, hits_at(one, two), name)
    return best


def of_ground(rows: Sequence[Record], group: str) -> list[Record]:
    return [record for record in rows if record["ground"] in GROUNDS[group]]


def is_relevant(record: Record) -> bool:
    fault = FAULTS[record["fault"]]
    return bool(record["severity"] >= fault.relevant - 1e-9)
