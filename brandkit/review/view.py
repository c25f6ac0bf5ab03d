"""What the page shows, as plain JSON values: numbers, limits and times are put into words here, the same words as in the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from brandkit.report.html import SWATCHES, numbered, order_checks, told
from brandkit.report.words import decision_words, limit_bound, limit_words, money, number
from brandkit.results import Action, AssetResult, CheckResult, Decision, Finding, Level, Measurement, Region, Verdict
from brandkit.review.desk import Queue, is_open
from brandkit.review.kit import KitReference
from brandkit.review.reading import against, reading
from brandkit.review.standing import CHANGED

BESIDE = {"accepted": "Accepted before", "earlier": "Made by the kit's last revision", "raw": "Picture as it was made"}


def queue_view(queue: Queue, reviewer: str) -> dict[str, Any]:
    """The run, and one short entry for each asset in the order of their risk."""
    result = queue.result
    return {
        "title": result.campaign or "Check",
        "brand": result.brand,
        "kit": result.kit_hash[:12],
        "reviewer": reviewer,
        "spent": money(result.spent_usd),
        "torn": bool(queue.torn),
        "assets": [entry_view(key, asset, queue.versions.get(asset.id, 0)) for key, asset in queue.assets.items()],
    }


def entry_view(key: str, asset: AssetResult, version: int) -> dict[str, Any]:
    """One asset in the list."""
    return {
        "key": key,
        "id": asset.id,
        "title": asset.format or asset.file.rsplit("/", 1)[-1],
        "context": " · ".join(part for part in (asset.concept, asset.locale, f"{asset.width}×{asset.height}") if part),
        "width": asset.width,
        "height": asset.height,
        "verdict": asset.verdict.value,
        "state": state(asset),
        "open": is_open(asset),
        "why": headline(asset),
        "words": decision_words(asset.decision) if asset.decision else "",
        "stale": asset.stale,
        "changed": asset.stale == CHANGED,
        "needs_reason": asset.verdict is Verdict.FAIL,
        "version": version,
        "sha256": asset.sha256,
        "reading": reading(asset),
    }


def state(asset: AssetResult) -> str:
    """`accepted`, `rejected`, `stale`, or `open` when nobody decided."""
    if asset.stale:
        return "stale"
    if asset.decision is None:
        return "open"
    return "accepted" if asset.decision.action is Action.ACCEPT else "rejected"


def headline(asset: AssetResult) -> str:
    """What speaks most against the asset, in one line."""
    if not asset.checks:
        return "nothing was checked"
    for check in sorted(against(asset), key=lambda check: (-check.verdict.weight, -(check.drift or 0))):
        if check.verdict is Verdict.NOT_CHECKED:
            return f"{check.check} could not be checked: {check.reason}"
        for finding in sorted(check.findings, key=lambda finding: -finding.verdict.weight):
            return _first_up(finding.message)
        return check.check
    return ""


def asset_view(
    key: str,
    asset: AssetResult,
    version: int,
    *,
    beside: Sequence[str],
    references: Sequence[KitReference] = (),
    history: Sequence[Decision],
) -> dict[str, Any]:
    """Everything about one asset.

    Args:
        key: Its key.
        asset: With the decision that holds.
        version: Number of the last decision about it.
        beside: Names of the pictures it can be laid beside.
        references: Of the kit.
        history: Every decision about it, oldest first.
    """
    ordered = sorted(order_checks(asset), key=lambda check: (check.level is Level.SHOULD, check.verdict is Verdict.NOT_CHECKED))
    numbers = numbered(ordered)
    checks = [_check(check, numbers) for check in ordered]
    shown = [check for check in ordered if check.measurements and told(check)]
    return entry_view(key, asset, version) | {
        "file": asset.file,
        "template": asset.template,
        "checks": [check for check in checks if check["verdict"] != "pass" and not (check["advice"] and check["reason"])],
        "unmade": [check for check in checks if check["advice"] and check["reason"] and check["verdict"] == "not_checked"],
        "passing": [check for check in checks if check["verdict"] == "pass"],
        "measured": [_measured(check) for check in shown if check.level is Level.MUST or check.check == SWATCHES],
        "further": [_measured(check) for check in shown if check.level is Level.SHOULD and check.check != SWATCHES],
        "boxes": [{"name": name, **_region(box)} for name, box in asset.boxes.items()],
        "picture": _picture(asset),
        "notes": [_first_up(note) for note in asset.notes],
        "beside": [{"name": name, "label": BESIDE[name]} for name in beside],
        "references": [_reference(each) for each in references],
        "history": [decision_words(decision) for decision in reversed(history)],
        "kit": asset.kit_hash[:12],
    }


def _reference(each: KitReference) -> dict[str, Any]:
    return {"name": each.name, "label": each.label, "sha256": each.sha256, "width": each.width, "height": each.height}


def changes_view(queue: Queue, after: int) -> dict[str, Any]:
    """The entries of assets that were decided about since a page last heard, and the newest number."""
    decided = [(key, asset, queue.versions.get(asset.id, 0)) for key, asset in queue.assets.items()]
    changed = [entry_view(key, asset, version) for key, asset, version in decided if version > after]
    return {"seq": max(queue.versions.values(), default=0), "assets": changed}


def _check(check: CheckResult, numbers: Mapping[str, int]) -> dict[str, Any]:
    """The check with the number that decided and the limit that it was held to."""
    value, limit = check.measured, check.limit
    told = limit is not None and value is not None
    return {
        "check": check.check,
        "title": check.title,
        "verdict": check.verdict.value,
        "advice": check.level is Level.SHOULD,
        "reason": check.reason,
        "value": "" if value is None else number(value),
        "unit": check.unit,
        "bound": limit_bound(limit) if told and limit else "",
        "limit": limit_words(limit) if told and limit else "",
        "drift": check.drift,
        "findings": [
            _finding(finding, numbers, None if finding.measured == value and finding.unit == check.unit else finding.measured)
            for finding in check.findings
        ],
    }


def _finding(finding: Finding, numbers: Mapping[str, int], value: float | None) -> dict[str, Any]:
    """One finding; `value` is its number where the check's own says less."""
    return {
        "n": numbers.get(f"{finding.check}/{finding.code}/{finding.message}") if finding.region else None,
        "verdict": finding.verdict.value,
        "message": _first_up(finding.message),
        "value": "" if value is None else f"{number(value)} {finding.unit}".strip(),
        "limit": limit_words(finding.limit) if value is not None and finding.limit and finding.unit != "" else "",
        "remedy": _first_up(finding.remedy),
        "region": _region(finding.region) if finding.region else None,
    }


def _measured(check: CheckResult) -> dict[str, Any]:
    return {"check": check.check, "rows": [_row(row) for row in check.measurements]}


def _row(row: Measurement) -> dict[str, Any]:
    value = "" if row.value is None else f"{number(row.value)} {row.unit}".strip()
    return {"name": row.name, "expected": row.expected, "measured": row.measured, "value": value}


def _picture(asset: AssetResult) -> dict[str, Any] | None:
    made = asset.picture
    if made is None:
        return None
    sections = groupby(made.clauses, key=lambda clause: clause.section)
    return {
        "by": " · ".join(dict.fromkeys(part for part in (made.backend, made.model) if part)),
        "size": made.size,
        "cost": money(made.cost_usd),
        "request": made.request_id,
        "references": list(made.references),
        "prompt": [
            {"section": name, "clauses": [{"text": clause.text, "from": f"{clause.level.value} · {clause.source}"} for clause in clauses]}
            for name, clauses in sections
        ],
    }


def _region(region: Region) -> dict[str, int]:
    return {"x": region.x, "y": region.y, "w": region.w, "h": region.h}


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
