"""A lint report as SARIF 2.1.0, which code hosts show beside the lines of a change."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from brandkit import __version__
from brandkit.brand.finding import LintFinding, LintReport
from brandkit.brand.lint import find_rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "advice": "note"}


def to_sarif(report: LintReport) -> dict[str, Any]:
    """The report as plain JSON values: the rules that found something, and one result for each finding.

    References:
        OASIS (2020). Static Analysis Results Interchange Format (SARIF) version 2.1.0.
    """
    ids = sorted({finding.id for finding in report.findings})
    driver = {"name": "brandkit", "version": __version__, "rules": [_rule(id) for id in ids]}
    results = [_result(finding, ids.index(finding.id)) for finding in report.findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(id: str) -> dict[str, Any]:
    rule = find_rule(id)
    shown = f"{rule.rationale}\n\nInstead of this:\n\n```yaml\n{rule.bad}```\n\nwrite:\n\n```yaml\n{rule.good}```"
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.rationale},
        "help": {"text": rule.rationale, "markdown": shown},
        "defaultConfiguration": {"level": LEVELS[rule.level]},
        "properties": {"tags": [rule.area]},
    }


def _result(finding: LintFinding, index: int) -> dict[str, Any]:
    fault = finding.fault
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(fault.file)}}
    if fault.line:
        place["region"] = {"startLine": fault.line, "startColumn": fault.column}
    message = f"{fault.message}\n{fault.hint}" if fault.hint else fault.message
    return {
        "ruleId": finding.id,
        "ruleIndex": index,
        "level": LEVELS[finding.level],
        "message": {"text": message},
        "locations": [{"physicalLocation": place, "logicalLocations": [{"fullyQualifiedName": fault.path}]}],
    }


def _uri(file: str) -> str:
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
