"""The tables of `docs/benchmarks/drift.md`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.drift.base import CALM, CROPS
from benchmarks.drift.faults import FAULTS, Fault
from benchmarks.drift.score import (
    FIRED,
    GROUNDS,
    alarms,
    any_fired,
    auroc,
    existing,
    hits_at,
    is_relevant,
    judged,
    monotone,
    naive_auroc,
    named,
    of_ground,
    right_fired,
    score,
)  # fmt: skip
from benchmarks.drift.sets import Set

Record = dict[str, Any]
TARGET = 0.95


def write_report(rows: Sequence[Record], material: Set, command: str) -> str:
    """Everything measured, as Markdown.

    Args:
        rows: All records of one set.
        material: The set.
        command: What made it.
    """
    clean = [record for record in rows if not record["fault"]]
    parts = [
        "# How often the checks are right\n\n"
        f"<!-- Made by the command below; not edited by hand. -->\n\n    {command}\n\n"
        f"Set `{material.name}`: brands {', '.join(material.brands)}; seed {material.seed}. {len({record['base'] for record in rows})} "
        f"base assets in four encodings, {len(clean)} checks of {len(clean) // 2} on-brand files, "
        f"{len(rows) - len(clean)} checks of assets with one known fault. "
        f"Limits are the defaults. "
        "*Own* assets were laid out by brandkit, so that boxes are known; *foreign* ones are the same pictures without a layout.",
        _words(),
        "## Targets at brand-relevant severity\n\n" + "\n".join(_targets(rows, clean)),
        "## False alarms on on-brand assets\n\n" + "\n".join(_alarms(clean)),
        "## Own assets, every severity\n\n" + "\n".join(_faults(rows, clean, own=True)),
        "## Foreign assets, every severity\n\n" + "\n".join(_faults(rows, clean, own=False)),
    ]
    return "\n\n".join(parts) + "\n"


def _words() -> str:
    return (
        "Reading the tables. *AUROC*: how often a faulty asset scores worse than an on-brand one, by the right check's worst "
        "reading as a multiple of its limit (both checks' together for `palette-swap`, of which each sees a part). *TPR@1 %*: "
        "faulty assets above the score that 1 % of on-brand assets exceed. *right*: the check made for this fault says review "
        "or fail at its default limits. Every brand here says `logo.required: true`, so in a foreign picture in which too little is left "
        "of a mark to recognise or to see it `logo-missing` is right, too, and scores above every reading of a mark; *named* counts only "
        "those where a check says what was done. *any*: any check does. *ρ*: rank correlation of score and severity within an asset; a "
        "dash where the severities are kinds and not degrees. *naive*: the best by AUROC of colorthief's palette, SSIM at 256² "
        "and pHash against the same layout without its picture; own assets only. A dash is not measured: no such check exists, "
        "no asset of this kind was drawn, or nothing reads text here (the extra `ocr`). Reading text costs more than all other "
        "checks together, so `text-misspelt` and `text-unrequested` are made on the text faults and on one of the four "
        "encodings of each on-brand own asset, and left out elsewhere; they are also the only ones that see the picture "
        "underneath. A drifted swatch is never drawn as a grey, nor, from ΔE00 7.5 on, as a tint, shade or blend of the brand's "
        "colours: in a picture from elsewhere nobody could tell it from a choice. The colours of `palette-swap` are the "
        "accent, the ground and the ink, in this order: one that shows on less than 2 % of the page, or is within ΔE00 3 of the "
        "brand's own, makes the same picture as one colour fewer, and is left out; inks are read on flat grounds only in pictures "
        "from elsewhere. Photographs on whose things words stand are no examples of pictures without text, and left "
        "out there. An on-brand photograph is cropped as a designer would, so "
        f"that the mark stands clear: of {CROPS} random crops the one with the least squared gradient of luma in the busiest small square "
        f"of the mark's clear space, and where that is over {CALM:g} (levels per px)², of another photograph. That is plain arithmetic on "
        "the photograph and asks none of brandkit's checks. **Bold** severities are those that a brand must "
        "not publish."
    )


def _targets(rows: Sequence[Record], clean: Sequence[Record]) -> Iterator[str]:
    yield "| fault | from | right check | assets | ground | n | AUROC | TPR@1 % | right | named | any | ρ | naive AUROC | naive TPR@1 % |"
    yield "|---|---|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    for fault in FAULTS.values():
        for own in (True, False):
            if not (fault.own if own else fault.foreign):
                continue
            for group in GROUNDS:
                of_fault = [record for record in of_ground(rows, group) if record["fault"] == fault.id and record["own"] is own]
                base = judged([record for record in of_ground(clean, group) if record["own"] is own], fault)
                hard = [record for record in of_fault if is_relevant(record)]
                peer = naive_auroc(hard, base) if own else (math.nan, math.nan, "")
                numbers = _numbers(hard, base, fault)
                known = existing(fault, own=own)
                cells = [
                    f"{fault.id}: {fault.what}", f"{fault.relevant:.3g} {fault.unit}",
                    " / ".join(known) or f"{fault.right[0]} does not exist yet", "own" if own else "foreign", group, str(len(hard)),
                    *numbers,
                    _n(monotone(of_fault, base, fault)) if known and fault.ordered else "–",
                    f"{_n(peer[0])} {peer[2]}".strip(), _n(peer[1]),
                ]  # fmt: skip
                yield "| " + " | ".join(cells) + " |"


def _numbers(faulty: Sequence[Record], clean: Sequence[Record], fault: Fault) -> list[str]:
    hit = _n(sum(map(any_fired, faulty)) / len(faulty)) if faulty else "–"
    if not existing(fault) or not faulty:
        return ["–", "–", "–", "–", hit]
    one, two = [score(record, fault) for record in faulty], [score(record, fault) for record in clean]
    fired = sum(right_fired(record, fault) for record in faulty) / len(faulty)
    told = sum(named(record, fault) for record in faulty) / len(faulty)
    return [_n(auroc(one, two)), _n(hits_at(one, two)), _n(fired), _n(told), hit]


def _alarms(clean: Sequence[Record]) -> Iterator[str]:
    yield "| assets | ground | n | fail | 95 % | in bases | review | 95 % | in bases |"
    yield "|---|---|---:|---:|---|---|---:|---|---|"
    for own in (True, False):
        for group in ("all", *GROUNDS):
            some = [record for record in (clean if group == "all" else of_ground(clean, group)) if record["own"] is own]
            cells = ["own" if own else "foreign", group, str(len(some))]
            for verdict in ("fail", "review"):
                found = alarms(some, [record["verdict"] == verdict for record in some])
                cells += [_percent(found.share), f"{_percent(found.low, '')}–{_percent(found.high)}", f"{found.hit} of {found.bases}"]
            yield "| " + " | ".join(cells) + " |"
    yield "\nAn asset's verdict is that of its worst `must` check; a `must` check that could not be made counts as review. Each base asset"
    yield "is checked in four encodings, which are not independent: in the intervals it counts once, with the share of its encodings, and"
    yield "*in bases* says in how many base assets it happened at all. By check:\n"
    yield "| check | own: fail | review | not checked | foreign: fail | review | not checked | most frequent reasons |"
    yield "|---|---:|---:|---:|---:|---:|---:|---|"
    for name in sorted({name for record in clean for name in record["checks"]}):
        made = [record for record in clean if name in record["checks"]]
        cells = [name, *_by_check([record for record in made if record["own"]], name)]
        cells += _by_check([record for record in made if not record["own"]], name)
        reasons: dict[str, int] = {}
        for record in made:
            check = record["checks"][name]
            for code in {code.split(":")[0] for code in check["codes"]} if check["v"] in FIRED else ():
                reasons[code] = reasons.get(code, 0) + 1
        cells.append(", ".join(f"{code} {count}" for code, count in sorted(reasons.items(), key=lambda item: -item[1])[:4]))
        yield "| " + " | ".join(cells) + " |"


def _by_check(made: Sequence[Record], name: str) -> list[str]:
    cells = []
    for verdict in ("fail", "review", "not_checked"):
        found = alarms(made, [record["checks"][name]["v"] == verdict for record in made])
        cells.append(_percent(found.share) + (f" ≤ {_percent(found.high)}" if verdict == "fail" and made else ""))
    return cells


def _faults(rows: Sequence[Record], clean: Sequence[Record], *, own: bool) -> Iterator[str]:
    yield "| fault | severity | ground | n | AUROC | TPR@1 % | right | named | any |"
    yield "|---|---:|---|---:|---:|---:|---:|---:|---:|"
    for fault in FAULTS.values():
        if not (fault.own if own else fault.foreign):
            continue
        for severity in fault.severities:
            if not own and severity < fault.foreign_from:
                continue
            for group in GROUNDS:
                some = [
                    record for record in of_ground(rows, group)
                    if record["fault"] == fault.id and record["own"] is own and abs(record["severity"] - severity) < 1e-9
                ]  # fmt: skip
                base = judged([record for record in of_ground(clean, group) if record["own"] is own], fault)
                shown = f"{severity:.3g} {fault.unit}"
                shown = f"**{shown}**" if severity >= fault.relevant - 1e-9 else shown
                yield "| " + " | ".join([fault.id, shown, group, str(len(some)), *_numbers(some, base, fault)]) + " |"


def _n(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}".replace("0.", ".", 1) if value < 1 else "1.0"


def _percent(share: float, unit: str = " %") -> str:
    return "–" if math.isnan(share) else f"{100 * share:.1f}{unit}"
