"""The result document as Markdown, for a comment on a change: a verdict, a table of all assets, and what was found in each."""

from __future__ import annotations

import re
from collections import Counter

from brandkit.report.words import (
    SHAPES,
    WORDS,
    decided_words,
    limit_words,
    number,
    sentence,
    standing_words,
    unbranded_words,
    verdict_words,
    visible,
)
from brandkit.results import AssetResult, CheckResult, Finding, Level, RunResult, Verdict

MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&!@])")  # what Markdown and code hosts would read as more than a letter


def render_markdown(result: RunResult) -> str:
    """A comment's worth of Markdown: what decides stands open, what passes is one line of the table."""
    assets = sorted(result.assets, key=lambda asset: (-asset.standing.weight, -(asset.drift or 0), asset.id))
    lines = [
        f"## {plain(result.brand)}: {verdict_words(Counter(asset.standing for asset in assets)) if assets else 'nothing to check'}",
        "",
    ]
    if assets:
        lines += ["| | asset | size | decided by |", "|---|---|---|---|", *map(_row, assets), ""]
    for asset in assets:
        if asset.standing is not Verdict.PASS:
            lines += _asset(asset)
    lines += [plain(sentence(unseen)), ""] if (unseen := unbranded_words(assets)) else []
    people = f" · {words} by people" if (words := decided_words(assets)) else ""
    lines.append(f"kit `{result.kit_hash[:12] or 'none'}` · brandkit {plain(result.brandkit)}{people}")
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """`text` that Markdown shows letter by letter, on one line."""
    return MARKUP.sub(r"\\\1", visible(" ".join(text.split())))


def _row(asset: AssetResult) -> str:
    size = f"{asset.width}×{asset.height}" if asset.width else "unreadable"
    by = plain(standing_words(asset)) or ", ".join(check.check for check in _decisive(asset))
    return f"| {SHAPES[asset.standing]} {WORDS[asset.standing]} | {plain(asset.file)} | {size} | {by} |"


def _decisive(asset: AssetResult) -> list[CheckResult]:
    return [check for check in asset.checks if check.level is Level.MUST and check.verdict is not Verdict.PASS]


def _asset(asset: AssetResult) -> list[str]:
    lines = [f"### {plain(asset.file)}", ""]
    for check in _decisive(asset):
        lines += [_finding(finding) for finding in check.findings]
        lines += [f"- **not checked** {check.check}: {plain(check.reason)}"] if check.reason else []
    return [*lines, ""]


def _finding(finding: Finding) -> str:
    head = f"- **{WORDS[finding.verdict]}** {finding.check}/{finding.code}: {plain(sentence(finding.message))}"
    if finding.measured is not None and finding.limit is not None:
        head += f"  \n  measured {number(finding.measured)} {plain(finding.unit)}; {plain(limit_words(finding.limit))}"
    return head + (f"  \n  {plain(sentence(finding.remedy))}" if finding.remedy else "")
