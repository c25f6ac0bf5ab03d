"""series-drift."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.check.registry import NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.metric.series import LEAST
from brandkit.results import Finding, Level, Limit, Measurement, Verdict

ID = "series-drift"


@check(
    id=ID,
    rationale="""
        A campaign is recognised by what its pieces share. One that is darker, more colourful or busier than all others may pass every
        rule and still look like a stray. It is compared with the middle of its own series, so a bold campaign is measured by itself.
    """,
    limits=Limit(review_at=6.0, fail_at=12.0, unit="robust z"),
    level=Level.SHOULD,
)
def series_drift(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """The picture looks like one of its series."""
    reading = subject.series
    if reading is None:
        yield NotChecked(f"it was checked by itself; a series takes at least {LEAST} pictures of one run or folder")
        return
    for name in ("colour", "tone", "edges"):
        value = getattr(reading, name)
        yield Measurement(name=name, measured=f"{value:.1f}", expected=f"≤ {limit.review_at:g}", value=value, unit=limit.unit)
    family, worst = reading.worst
    verdict = limit.verdict(worst)
    if verdict is not Verdict.PASS:
        yield Finding(
            check=ID, code=family, verdict=verdict, measured=worst, unit=limit.unit, limit=limit,
            message=f"in {family} it stands {worst:.1f} robust standard deviations away from the others of its series",
            remedy="look at it beside the others; take another variant, or leave it where the difference is meant",
        )  # fmt: skip
