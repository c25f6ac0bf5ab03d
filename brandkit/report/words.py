"""Numbers, limits and verdicts in words, the same in every report."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal

from brandkit.results import Action, AssetResult, Decision, Limit, Verdict

WORDS = {Verdict.PASS: "pass", Verdict.NOT_CHECKED: "not checked", Verdict.REVIEW: "for review", Verdict.FAIL: "fail"}
MOST_NAMED = 3  # files in a line about several
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # reorder what stands around them
_UNSEEN = ("Cc", "Cs", "Zl", "Zp")  # controls, lone surrogates of undecodable names, line and paragraph separators
SHAPES = {Verdict.PASS: "●", Verdict.NOT_CHECKED: "○", Verdict.REVIEW: "◆", Verdict.FAIL: "▲"}


def visible(text: str, *, keep: str = "") -> str:
    """`text` with each control and direction character written as an escape, so that a file's name can forge no line of a report.

    Args:
        text: What is to be shown on one line of a terminal or log.
        keep: Control characters that stay, e.g. a line break.
    """
    return "".join(
        char.encode("unicode_escape").decode() if char not in keep and (char in BIDI or unicodedata.category(char) in _UNSEEN) else char
        for char in text
    )


def number(value: float) -> str:
    """A measured number with as many digits as a person can use: three significant ones at most."""
    if abs(value) >= 100:
        return f"{value:.0f}"
    text = f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def limit_words(limit: Limit) -> str:
    """A limit in one line: where review begins, where it fails, and who said so."""
    return f"{_bounds(limit)} {limit.unit}{', no value fails' if _advises(limit) else ''} ({limit.source})"


def limit_bound(limit: Limit) -> str:
    """The value up to which a check passes: `≤ 3`."""
    return f"{'≤' if limit.higher_is_worse else '≥'} {number(limit.review_at)}"


def limit_span(limit: Limit) -> str:
    """Where review begins and where it fails, without the unit: `review over 3, fail from 6, brand.yaml:41`."""
    return f"{_bounds(limit)}, {'no value fails, ' if _advises(limit) else ''}{limit.source}"


def _bounds(limit: Limit) -> str:
    over, from_ = ("over", "from") if limit.higher_is_worse else ("under", "at or under")
    if limit.review_at == limit.fail_at or _advises(limit):
        return f"{'review' if _advises(limit) else 'fail'} {over} {number(limit.review_at)}"
    return f"review {over} {number(limit.review_at)}, fail {from_} {number(limit.fail_at)}"


def _advises(limit: Limit) -> bool:
    """Whether only a person can fail what this limit is for."""
    return limit.most is not Verdict.FAIL


def verdict_words(counts: Mapping[Verdict, int]) -> str:
    """What a reader wants to know first, in one line: `3 of 7 assets are off-brand, 2 wait for a person`."""
    total, failed, waiting = sum(counts.values()), counts[Verdict.FAIL], counts[Verdict.REVIEW] + counts[Verdict.NOT_CHECKED]
    if not failed and not waiting:
        return "It is on-brand" if total == 1 else f"All {total} assets are on-brand"
    if total == 1:
        return "It is off-brand" if failed else "It waits for a person to decide"
    parts = [f"{failed} of {total} assets {'is' if failed == 1 else 'are'} off-brand"] if failed else []
    of = "" if failed else f" of {total} assets"
    parts += [f"{waiting}{of} wait{'s' if waiting == 1 else ''} for a person"] if waiting else []
    return ", ".join(parts)


def unbranded_words(assets: Iterable[AssetResult]) -> str:
    """What a pass does not say, in one line: which of the pictures show nothing of the brand; "" where all show something."""
    made = list(assets)
    names = [asset.file for asset in made if asset.unbranded]
    if not names:
        return ""
    which = f" ({', '.join(names[:MOST_NAMED])}{', …' if len(names) > MOST_NAMED else ''})"
    where = "nothing of the brand was seen" if len(made) == 1 else f"nothing of the brand was seen in {len(names)} of {len(made)}{which}"
    return f"{where}: neither a mark nor one of its colours. To make the mark a must: `--logo-required`, or `logo.required: true`"


def sentence(text: str) -> str:
    """A message with a capital first letter, unless it begins with a name that is written small: an id, a path or a quoted word."""
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first.isalpha() else text


def money(usd: str) -> str:
    """US dollars: to the cent, or with four decimals where cents would hide a small sum."""
    amount = Decimal(usd)
    return f"${amount:.2f}" if not amount or amount >= 1 else f"${amount:.4f}"


def decision_words(decision: Decision) -> str:
    """Who decided what and when, in one line: `Accepted by Ada, 2026-11-26 14:03 UTC: seen on the wall`."""
    done = {Action.ACCEPT: "Accepted", Action.REJECT: "Rejected", Action.UNDO: "Taken back"}[decision.action]
    why = f": {decision.note}" if decision.note else ""
    return f"{done} by {decision.reviewer}, {decision.at[:16].replace('T', ' ')} UTC{why}"


def standing_words(asset: AssetResult) -> str:
    """What a person decided about the asset, and why that or its verdict no longer holds; "" where nobody did and nothing changed."""
    if asset.decision is None:
        return asset.stale
    return decision_words(asset.decision) + (f" — no longer holds: {asset.stale}" if asset.stale else "")


def decided_words(assets: Iterable[AssetResult]) -> str:
    """How many assets people accepted and rejected, and of how many of those decisions nothing holds: `2 accepted, 1 stale`."""
    made = [(asset.decision.action, bool(asset.stale)) for asset in assets if asset.decision]
    counts = {
        "accepted": sum(action is Action.ACCEPT and not stale for action, stale in made),
        "rejected": sum(action is Action.REJECT and not stale for action, stale in made),
        "no longer valid": sum(stale for _, stale in made),
    }
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)
