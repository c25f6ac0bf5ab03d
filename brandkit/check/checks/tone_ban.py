"""tone-ban."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.brand.tone import CopyFault, lint_words
from brandkit.check.copy import copy_finding
from brandkit.check.registry import NO_COPY, Outcome, check
from brandkit.check.subject import Subject
from brandkit.results import Finding, Level, Limit, Measurement, Verdict

ID = "tone-ban"


@check(
    id=ID,
    rationale="""
        A brand is recognised by its words as much as by its colours, and banned words come back with every new writer and every language
        model. They are found in all their forms and scripts, with the place in the campaign file and what to say instead. A banned word
        fails; a word for which the brand merely prefers another waits for a person, or is only noted when the preference is a `should`.
    """,
    limits=Limit(review_at=0, fail_at=1, unit="banned words"),
    foreign_level=Level.SHOULD,
)
def tone_ban(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """The copy uses no word that the brand bans."""
    copy, tone = subject.words, subject.brand.document.tone
    if copy is None:
        yield NO_COPY
        return
    faults = list(lint_words(subject.brand, copy, subject.told))
    banned = [fault for fault in faults if fault.kind == "banned"]
    yield Measurement(
        name="banned words",
        measured=", ".join(fault.words for fault in banned) or "none",
        expected=f"none of {len(tone.ban)}",
        value=float(len(banned)),
        unit=limit.unit,
    )
    verdict = limit.verdict(len(banned))
    if verdict is not Verdict.PASS:
        for fault in banned:
            yield copy_finding(subject, ID, fault, verdict, measured=float(len(banned)), limit=limit)
    yield from (_preferred(subject, fault) for fault in faults if fault.kind == "discouraged")


def _preferred(subject: Subject, fault: CopyFault) -> Finding | Measurement:
    if fault.level is Level.MUST:
        return copy_finding(subject, ID, fault, Verdict.REVIEW)
    return Measurement(name=f"{fault.slot} wording", measured=fault.words, expected=fault.remedy.removeprefix("say "))
