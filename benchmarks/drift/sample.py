"""One base asset in, one record per check run out: clean, and with its share of the faults."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.drift.base import Base, Made, make_base
from benchmarks.drift.faults import FAULTS, Fault
from benchmarks.drift.naive import naive
from benchmarks.drift.nuisance import FOREIGN, OWN, encode
from benchmarks.drift.sets import SETS
from brandkit.brand.tone import Brief
from brandkit.check.run import check_picture
from brandkit.check.select import left_out
from brandkit.image.load import load_picture
from brandkit.layout.boxes import Layout
from brandkit.metric.ocr import installed
from brandkit.results import AssetResult, CheckResult, Limit, Verdict

Record = dict[str, Any]
READ = ("text-misspelt", "text-unrequested")  # checks that read text, at 0.3 s and more for each picture
NOT_READ = left_out(skip=READ)
ONLY_READ = left_out(only=READ)
CLEAN = 4  # nuisances of each base, own and foreign, as on-brand assets
MOST = 999.0  # multiple of a limit that a reading counts as at most
UNMEASURED = {Verdict.REVIEW: 1.5, Verdict.FAIL: 3.0}  # ratio of a finding that carries no number


def records(set_name: str, index: int, folder: str, faults: int) -> list[Record]:
    """Every record of base `index`; deterministic but for the times."""
    import cv2

    cv2.setNumThreads(1)
    base = make_base(SETS[set_name], index, Path(folder))
    made = [*_clean(base)]
    for fault in _chosen(index, faults):
        made += _faulty(base, fault)
    return made


def _chosen(index: int, count: int) -> list[Fault]:
    names = [name for name, fault in FAULTS.items() if installed() or not reads(fault)]
    return [FAULTS[names[(index * count + k) % len(names)]] for k in range(count)]


def reads(fault: Fault) -> bool:
    """Whether the fault is found by reading text."""
    return bool({*fault.right} & {*READ})


def _clean(base: Base) -> Iterator[Record]:
    for k in range(CLEAN):
        for own, among in ((True, OWN), (False, FOREIGN)):
            nuisance = among[(base.index * CLEAN + k) % len(among)]
            yield _record(base, None, 0.0, nuisance, own, Made(base.rgb), peer=own and k == 0, read=own and k == 0)


def _faulty(base: Base, fault: Fault) -> Iterator[Record]:
    number = list(FAULTS).index(fault.id)
    for severity in fault.severities:
        made = fault.make(base, severity, np.random.default_rng([base.material.seed, base.index, number]))
        if made is None:
            continue
        made = made if isinstance(made, Made) else Made(made)
        for own, among in ((True, OWN), (False, FOREIGN)):
            if (own and fault.own) or (not own and fault.foreign and severity >= fault.foreign_from):
                nuisance = among[(base.index + number) % len(among)]
                yield _record(base, fault, severity, nuisance, own, made, peer=own and made.rgb is not None, read=own and reads(fault))


def _record(base: Base, fault: Fault | None, severity: float, nuisance: str, own: bool, made: Made, *, peer: bool, read: bool) -> Record:
    """What the checks say; those that read text only with `read`, and only they see the picture underneath."""
    least = float(base.brand.marks[base.layout.mark.name].min_width.removesuffix("px"))
    if nuisance == "resize" and base.layout.mark.box.w * 0.62 < least:
        nuisance = "jpeg92"  # made smaller, the mark would fall under its least width: that is a fault
    data = made.data if made.data is not None else encode(_pixels(made), nuisance, base.index)
    layout: Layout | None = (made.layout or base.layout) if own else None
    start = time.perf_counter()
    told = {"copy": made.copy or base.copy, "brief": Brief(locale="en")} if own else {}
    result = check_picture(data, base.brand, layout=layout, asset_id="sample", left_out=NOT_READ, **told)
    seconds = time.perf_counter() - start
    checks = _checks(result, NOT_READ)
    if read and installed():
        beneath = base.raw if made.raw is None else made.raw
        raw = None if beneath is None else load_picture(encode(beneath, nuisance, base.index), name="raw")
        leave = ONLY_READ | (left_out(skip=["text-unrequested"]) if base.lettered else {})
        again = check_picture(data, base.brand, layout=layout, asset_id="sample", left_out=leave, raw=raw, **told)
        checks |= _checks(again, leave)
    peers = naive(load_picture(data).rgb, base.template, base.brand) if peer else {}
    return {
        "base": base.index, "brand": base.name, "kind": base.kind, "ground": base.ground, "format": base.layout.format.name,
        "template": base.layout.template, "fault": fault.id if fault else "", "severity": severity, "own": own, "nuisance": nuisance,
        "verdict": result.verdict.value, "checks": checks, "naive": peers, "ms": round(1000 * seconds, 1),
    }  # fmt: skip


def _pixels(made: Made) -> np.ndarray[Any, np.dtype[np.uint8]]:
    if made.rgb is None:
        raise ValueError("a faulty asset needs pixels or a file")
    return made.rgb


def _checks(result: AssetResult, skipped: Mapping[str, str]) -> dict[str, Record]:
    return {
        check.check: {
            "v": check.verdict.value, "level": check.level.value,
            "codes": [f"{finding.code}:{finding.verdict.value}" for finding in check.findings],
            "m": {name: round(ratio, 4) for name, ratio in ratios(check).items()},
        }
        for check in result.checks if check.check not in skipped
    }  # fmt: skip


def ratios(check: CheckResult) -> Mapping[str, float]:
    """Every number that a check read as a multiple of where review begins: above 1 is a fault. Findings count by their code."""
    found: dict[str, float] = {}
    for entry in check.measurements:
        if entry.value is None or entry.limit is None or entry.limit.most is Verdict.PASS:
            continue  # held to nothing here
        ratio = _of(entry.limit, entry.value)
        found[entry.name] = max(ratio, found.get(entry.name, 0.0))
    for finding in check.findings:
        ratio = (
            _of(finding.limit, finding.measured) if finding.limit and finding.measured is not None else UNMEASURED.get(finding.verdict, 0.0)
        )
        found[f"!{finding.code}"] = max(ratio, found.get(f"!{finding.code}", 0.0), 1.001)
    return found


def _of(limit: Limit, value: float) -> float:
    return _ratio(value, limit.review_at, limit.higher_is_worse)


def _ratio(value: float, limit: float, higher_is_worse: bool) -> float:
    if not higher_is_worse:
        return min(MOST, limit / value) if value > 0 else MOST
    if limit == 0:
        return 1 + value if value > 0 else 0.0
    return min(MOST, value / limit)
