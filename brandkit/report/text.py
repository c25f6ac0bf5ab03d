"""The result document as plain text for terminals and logs: the worst asset first, one line for each number.

What decides stands before what only advises. Advice that could not be given is told once for all assets, at the end: it is the same
for each of them, and would bury what was found.
"""

from __future__ import annotations

from collections import Counter

from brandkit.report.words import WORDS, decided_words, limit_words, number, standing_words, unbranded_words, visible
from brandkit.results import AssetResult, CheckResult, Level, RunResult, Verdict


def render_text(result: RunResult) -> str:
    """One block for each asset that does not pass, one line for each that does, and a summary."""
    assets = sorted(result.assets, key=lambda asset: (-asset.verdict.weight, -(asset.drift or 0), asset.id))
    lines: list[str] = []
    for asset in assets:
        lines += _asset(asset)
    lines += _advice_not_given(assets)
    lines += [words, ""] if (words := unbranded_words(assets)) else []
    counts = Counter(asset.verdict for asset in assets)
    summary = ", ".join(f"{counts[verdict]} {WORDS[verdict]}" for verdict in reversed(Verdict) if counts[verdict])
    people = f" · {words} by people" if (words := decided_words(assets)) else ""
    lines.append(
        f"{len(assets)} asset{'s' if len(assets) != 1 else ''}: {summary or 'nothing to check'}{people} · kit {result.kit_hash[:12]}"
    )
    return "\n".join(map(visible, lines)) + "\n"


def _asset(asset: AssetResult) -> list[str]:
    drift = f"  drift {number(asset.drift)}" if asset.drift is not None else ""
    size = f"{asset.width}×{asset.height}" if asset.width else "unreadable"
    lines = [f"{asset.verdict.value:<11} {asset.file}  {size}{drift}"]
    if words := standing_words(asset):
        lines.append(f"  {'':<11} {words}")
    lines += [f"  {'note':<11} {note}" for note in asset.notes]
    if asset.verdict is not Verdict.PASS:
        for check in sorted(asset.checks, key=lambda check: check.level is Level.SHOULD):
            if check.verdict is not Verdict.PASS and not _no_advice(check):
                lines += _check(check)
    elif advice := [check.check for check in asset.checks if check.verdict in (Verdict.REVIEW, Verdict.FAIL)]:
        lines.append(f"  {'':<11} advice by {', '.join(advice)}: in the HTML report, and in --format json")
    return lines


def _no_advice(check: CheckResult) -> bool:
    return check.level is Level.SHOULD and check.verdict is Verdict.NOT_CHECKED


def _advice_not_given(assets: list[AssetResult]) -> list[str]:
    """For each reason one line: which checks, and for how many of the assets."""
    silent: dict[tuple[str, int], list[str]] = {}
    counts = Counter((check.check, check.reason) for asset in assets for check in asset.checks if _no_advice(check))
    for (check, reason), count in sorted(counts.items()):
        silent.setdefault((reason, count), []).append(check)
    if not silent:
        return []
    lines = ["", "advice that could not be given"]
    for (reason, count), checks in silent.items():
        how_many = f" in {count} of {len(assets)}" if len(assets) > 1 else ""
        lines += [f"  {', '.join(checks)}{how_many}", f"              {reason}"]
    return [*lines, ""]


def _check(check: CheckResult) -> list[str]:
    if check.verdict is Verdict.NOT_CHECKED:
        return [f"  {'not_checked':<11} {check.check}: {check.reason}"]
    lines = []
    advice = " (advice)" if check.level is Level.SHOULD else ""
    for finding in check.findings:
        place = f" at {finding.region.x},{finding.region.y} {finding.region.w}×{finding.region.h}" if finding.region else ""
        lines.append(f"  {finding.verdict.value:<11} {finding.check}/{finding.code}{advice}: {finding.message}{place}")
        if finding.measured is not None and finding.limit is not None:
            lines.append(f"  {'':<11} measured {number(finding.measured)} {finding.unit}; {limit_words(finding.limit)}")
        if finding.remedy:
            lines.append(f"  {'':<11} {finding.remedy}")
    return lines
