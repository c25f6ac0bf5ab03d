"""The result document as Markdown, for a comment on a change: a verdict, a table of all assets, and what was found in each."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from itertools import accumulate

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

MOST = 65_000  # characters; GitHub takes comments of up to 65,536, other hosts take more
LINE = 400  # characters kept for the table's head and the two lines on what did not fit
MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&!@])")  # what Markdown and code hosts would read as more than a letter


def render_markdown(result: RunResult) -> str:
    """A comment's worth of Markdown: what decides stands open, what passes is one line of the table.

    Of more assets than fit into `MOST` characters the worst are told, and a line says how many are not.
    """
    assets = sorted(result.assets, key=lambda asset: (-asset.standing.weight, -(asset.drift or 0), asset.id))
    lead = verdict_words(Counter(asset.standing for asset in assets)) if assets else "nothing to check"
    head = f"## {plain(result.brand)}: {lead}\n\n"
    foot = f"{plain(sentence(unseen))}\n\n" if (unseen := unbranded_words(assets)) else ""
    people = f" · {words} by people" if (words := decided_words(assets)) else ""
    foot += f"kit `{result.kit_hash[:12] or 'none'}` · brandkit {plain(result.brandkit)}{people}\n"
    rows = [_row(asset) + "\n" for asset in assets]
    told = ["\n".join(_asset(asset)) + "\n" for asset in assets if asset.standing is not Verdict.PASS]
    room = MOST - len(head) - len(foot) - LINE
    if sum(map(len, rows + told)) > room:
        rows = _fitting(rows, room - min(room // 2, sum(map(len, told))), "assets are not in this table")
        told = _fitting(told, room - sum(map(len, rows)), "assets that do not pass are not told here: the HTML report has all")
    table = ["| | asset | size | decided by |\n|---|---|---|---|\n", *rows, "\n"] if assets else []
    return "".join([head, *table, *told, foot])


def _fitting(blocks: list[str], room: int, what: str) -> list[str]:
    """As many of the first blocks as have room, and a line on how many have not."""
    ends = list(accumulate(map(len, blocks)))
    count = bisect_right(ends, room)
    return blocks if count == len(blocks) else [*blocks[:count], f"\n{len(blocks) - count} {what}.\n\n"]


def plain(text: str) -> str:
    """`text` that Markdown shows letter by letter, on one line."""
    return MARKUP.sub(r"\\\1", visible(" ".join(text.split())))


def _row(asset: AssetResult) -> str:
    size = f"{asset.width}×{asset.height}" if asset.width else "unreadable"
    by = "; ".join([plain(standing_words(asset)) or ", ".join(check.check for check in _decisive(asset)), *map(plain, asset.notes)])
    return f"| {SHAPES[asset.standing]} {WORDS[asset.standing]} | {plain(asset.file)} | {size} | {by.removeprefix('; ')} |"


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
