"""text-size."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.check.registry import NO_LAYOUT, Outcome, check
from brandkit.check.subject import Subject
from brandkit.results import Finding, Level, Limit, Measurement, Verdict

ID = "text-size"


@check(
    id=ID,
    rationale="""
        Text that is set to fit a desktop screen is dust on a telephone. Every placement has a size below which its delivered pixels do not
        carry letters any more, and small print gets there first. The size is the one the text is really set in, after it was fitted into
        the layout, so no recognition is needed. The placement's own smallest size applies; a limit of the brand's own goes before it.
    """,
    limits=Limit(review_at=11, fail_at=9, unit="px", higher_is_worse=False),
    foreign_level=Level.SHOULD,
)
def text_size(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """Every text is set large enough to be read in its placement."""
    if subject.layout is None:
        yield NO_LAYOUT
        return
    applied = _applied(subject, limit)
    for slot in subject.layout.slots:
        yield Measurement(
            name=slot.name,
            measured=f"{slot.size:.1f} px",
            expected=f"at least {applied.review_at:g} px",
            value=slot.size,
            unit=limit.unit,
            limit=applied,
            region=subject.region(slot.box),
        )
        verdict = applied.verdict(slot.size)
        if verdict is not Verdict.PASS:
            yield Finding(
                check=ID,
                code="small",
                verdict=verdict,
                message=f"the {slot.name} is set in {slot.size:.1f} px; it is read from {applied.review_at:g} px on",
                measured=slot.size,
                unit=limit.unit,
                limit=applied,
                region=subject.region(slot.box),
                remedy=f"shorten the {slot.name}, raise `typography.scale.{slot.style or slot.name}.size`, or drop the slot in this format",
            )


def _applied(subject: Subject, limit: Limit) -> Limit:
    """The placement's smallest size with the default's span under it, unless the brand has a limit of its own."""
    if subject.format is None or limit.source != "default":
        return limit
    least = float(subject.format.text_min)
    fail_at = least * limit.fail_at / limit.review_at
    return limit.model_copy(update={"review_at": least, "fail_at": fail_at, "source": f"format {subject.format.name}"})
