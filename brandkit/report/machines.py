"""The result document for other programs: JUnit XML for build servers, SARIF 2.1.0 for code hosts.

In both, what people decided counts, as it does for the exit code: an accepted asset breaks no build, and a rejected one does.
"""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from urllib.parse import quote

from brandkit.report.words import limit_words, number, standing_words
from brandkit.results import AssetResult, CheckResult, Finding, Level, RunResult, Verdict

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
DECISION = "decision"  # names what stands beside the checks: a person's word, or why nothing is known
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold, not even escaped


def render_junit(result: RunResult, *, accept_review: bool = False) -> str:
    """One suite for each asset, one case for each check of it: JUnit XML as build servers read it.

    A must check that fails is a `failure`; so is one that waits for a person, or that could not be made, unless `accept_review`, when it
    is `skipped`: only what somebody let through is. Advice breaks no build: what it found stands in the case's `system-out`. Advice that
    could not be given is no case, because nothing was tested, and a dashboard would show a test that somebody switched off; the suite's
    `system-out` names it with the reason. An asset that people rejected, or whose file is another than the one checked, has a failing case
    `decision`.
    """
    top = ET.Element("testsuites", name=_xml(f"brandkit: {result.brand}"))
    totals = {"tests": 0, "failures": 0, "skipped": 0}
    for asset in result.assets:
        suite = ET.SubElement(top, "testsuite", name=_xml(asset.file))
        counts = {"tests": 0, "failures": 0, "skipped": 0}
        for name, outcome, message, text in _cases(asset, accept_review):
            case = ET.SubElement(suite, "testcase", classname=_xml(asset.file), name=name)
            counts["tests"] += 1
            if outcome in ("failure", "skipped"):
                counts["failures" if outcome == "failure" else "skipped"] += 1
                ET.SubElement(case, outcome, message=_xml(message)).text = _xml(text) if outcome == "failure" else None
            elif text:
                ET.SubElement(case, "system-out").text = _xml(text)
        if silent := _not_given(asset):
            ET.SubElement(suite, "system-out").text = _xml(silent)
        for key, count in counts.items():
            suite.set(key, str(count))
            totals[key] += count
    for key, count in totals.items():
        top.set(key, str(count))
    ET.indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(top, encoding="unicode") + "\n"


def render_sarif(result: RunResult) -> str:
    """One result for each finding and each must check that was not made, at the asset's file: SARIF 2.1.0.

    `fail` is an error, `review` a warning, advice a note. What people accepted is kept, with a suppression that says who and why.

    References:
        OASIS (2020). Static Analysis Results Interchange Format (SARIF) version 2.1.0.
    """
    titles = {check.check: check.title for asset in result.assets for check in asset.checks}
    titles[DECISION] = "No person rejected the asset, and its file is the one that was checked."
    ids = sorted(titles)
    rules = [{"id": id, "shortDescription": {"text": titles[id]}} for id in ids]
    driver = {"name": "brandkit", "version": result.brandkit, "rules": rules}
    results = [entry for asset in result.assets for entry in _results(asset, ids)]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _cases(asset: AssetResult, accept_review: bool) -> list[tuple[str, str, str, str]]:
    """Name, outcome (`passed`, `failure` or `skipped`), message and text of each case of an asset."""
    accepted = asset.decision is not None and asset.standing is Verdict.PASS
    made = [check for check in asset.checks if not _silent(check)]
    cases = [(check.check, _outcome(check, accepted, accept_review), _first(check), _told(check)) for check in made]
    holds = asset.standing is Verdict.PASS or (accept_review and asset.standing is not Verdict.FAIL and not asset.unread)
    words = standing_words(asset)
    if words or (not holds and all(outcome != "failure" for _, outcome, _, _ in cases)):
        told = words or ("the picture could not be read" if asset.unread else "nothing was checked, so a person decides")
        cases.append((DECISION, "passed" if holds else "failure", told, told))
    return cases


def _silent(check: CheckResult) -> bool:
    """Whether it is advice that could not be given, not even in part."""
    return check.level is Level.SHOULD and check.verdict is Verdict.NOT_CHECKED


def _not_given(asset: AssetResult) -> str:
    """The advice that could not be given, each reason once with the checks it is for."""
    reasons: dict[str, list[str]] = {}
    for check in asset.checks:
        if _silent(check):
            reasons.setdefault(check.reason, []).append(check.check)
    return "\n".join(f"not checked: {', '.join(names)}: {reason}" for reason, names in reasons.items())


def _outcome(check: CheckResult, accepted: bool, accept_review: bool) -> str:
    if check.verdict is Verdict.PASS or check.level is Level.SHOULD:
        return "passed"
    return "skipped" if accepted or (accept_review and check.verdict is not Verdict.FAIL) else "failure"


def _first(check: CheckResult) -> str:
    """The worst finding in one line, or why nothing was measured."""
    worst = max(check.findings, key=lambda finding: finding.verdict.weight, default=None)
    return f"{check.verdict.value}: {worst.message if worst else check.reason}"


def _told(check: CheckResult) -> str:
    return "\n".join([*map(finding_words, check.findings), *([f"not checked: {check.reason}"] if check.reason else [])])


def finding_words(finding: Finding) -> str:
    """A finding in full: what, where, the number beside its limit, and what to do."""
    place = f" at {finding.region.x},{finding.region.y} {finding.region.w}×{finding.region.h}" if finding.region else ""
    lines = [f"{finding.verdict.value}: {finding.check}/{finding.code}: {finding.message}{place}"]
    if finding.measured is not None and finding.limit is not None:
        lines.append(f"  measured {number(finding.measured)} {finding.unit}; {limit_words(finding.limit)}")
    return "\n".join([*lines, *([f"  {finding.remedy}"] if finding.remedy else [])])


def _results(asset: AssetResult, ids: list[str]) -> list[dict[str, Any]]:
    told = [(check.check, _level(check, finding.verdict), finding_words(finding)) for check in asset.checks for finding in check.findings]
    told += [
        (check.check, "warning", f"not checked: {check.reason}") for check in asset.checks if check.reason and check.level is Level.MUST
    ]
    if standing_words(asset) and asset.standing is not Verdict.PASS:
        told.append((DECISION, "error" if asset.standing is Verdict.FAIL else "warning", standing_words(asset)))
    place = {"physicalLocation": {"artifactLocation": {"uri": _uri(asset.file)}}}
    held: dict[str, Any] = {}
    if asset.decision is not None and asset.standing is Verdict.PASS:
        held = {"suppressions": [{"kind": "external", "status": "accepted", "justification": standing_words(asset)}]}
    return [
        {"ruleId": id, "ruleIndex": ids.index(id), "level": level, "message": {"text": text}, "locations": [place]} | held
        for id, level, text in told
    ]


def _level(check: CheckResult, verdict: Verdict) -> str:
    return "note" if check.level is Level.SHOULD else "error" if verdict is Verdict.FAIL else "warning"


def _uri(file: str) -> str:
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()))


def _xml(text: str) -> str:
    return NOT_IN_XML.sub("\ufffd", text)
