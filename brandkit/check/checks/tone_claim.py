"""tone-claim."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.brand.tone import lint_claims
from brandkit.check.copy import copy_finding
from brandkit.check.registry import NO_COPY, Outcome, check
from brandkit.check.subject import Subject
from brandkit.results import Level, Limit, Measurement, Verdict

ID = "tone-claim"


@check(
    id=ID,
    rationale="""
        "Lead-free" or "always on time" is a promise that somebody may have to prove in court. The brand lists such words, and the exact
        statements that it has proof for; everything else waits for the person who has the proof. An asset with a handful of unproven
        claims is not a matter of one missing document any more and fails. Set the limits to [0, 1] to stop at the first.
    """,
    limits=Limit(review_at=0, fail_at=5, unit="claims"),
    foreign_level=Level.SHOULD,
)
def tone_claim(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """The copy claims nothing that still needs proof."""
    copy, claims = subject.words, subject.brand.document.tone.claims
    if copy is None:
        yield NO_COPY
        return
    faults = list(lint_claims(subject.brand, copy, subject.told))
    yield Measurement(
        name="unproven claims",
        measured=", ".join(fault.words for fault in faults) or "none",
        expected=f"none of {len(claims.need_proof)}",
        value=float(len(faults)),
        unit=limit.unit,
    )
    verdict = limit.verdict(len(faults))
    if verdict is not Verdict.PASS:
        for fault in faults:
            yield copy_finding(subject, ID, fault, verdict, measured=float(len(faults)), limit=limit)
