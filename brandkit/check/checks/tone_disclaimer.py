"""tone-disclaimer."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.brand.tone import applying, lint_disclaimers
from brandkit.check.copy import copy_finding
from brandkit.check.registry import NO_COPY, NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.results import Level, Limit, Measurement, Verdict

ID = "tone-disclaimer"


@check(
    id=ID,
    rationale="""
        Some copy is only true, or only legal, with a sentence beside it: "incl. VAT" beside a price. Which sentence depends on the country
        and on what the copy is about, so it is forgotten in the one format or language that nobody looked at. What counts is the text
        that stands in this asset: a slot that its layout drops does not. A disclaimer that the brand marks as `should` is noted, but
        does not stop the asset, since small formats may leave it to the page behind them.
    """,
    limits=Limit(review_at=0, fail_at=1, unit="missing texts"),
    foreign_level=Level.SHOULD,
)
def tone_disclaimer(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """Every text that must stand with the copy stands there."""
    copy, rules = subject.words, subject.brand.document.tone.disclaimers
    if copy is None:
        yield NO_COPY
        return
    if subject.brief is None and any(rule.when.topic for rule in rules):
        yield NotChecked(
            "nobody says what the copy is about, and the brand's disclaimers depend on it; make it from a campaign with topics"
        )
        return
    missing = list(lint_disclaimers(subject.brand, copy, subject.told))
    binding = [fault for fault in missing if fault.level is Level.MUST]
    yield Measurement(
        name="missing texts",
        measured=", ".join(repr(fault.words) for fault in binding) or "none",
        expected=f"none of {sum(1 for _ in applying(rules, subject.told))}",
        value=float(len(binding)),
        unit=limit.unit,
    )
    for fault in missing:
        if fault.level is Level.SHOULD:
            yield Measurement(name="advised text", measured="missing", expected=fault.words)
    verdict = limit.verdict(len(binding))
    if verdict is not Verdict.PASS:
        for fault in binding:
            yield copy_finding(subject, ID, fault, verdict, measured=float(len(binding)), limit=limit)
