"""logo-size."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.check.registry import NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.results import Finding, Level, Limit, Measurement, Verdict

ID = "logo-size"


@check(
    id=ID,
    version=6,
    rationale="""
        Below a certain width a mark is a smudge: thin strokes fill in, words cannot be read. The brand file says how small is too
        small, in pixels as delivered, and small placements have a symbol for that.
    """,
    limits=Limit(review_at=98.0, fail_at=92.0, unit="% of min width", higher_is_worse=False),
    foreign_level=Level.SHOULD,
)
def logo_size(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """The logo is at least as wide as the brand asks."""
    sighting = subject.displaced or subject.sighting
    if subject.foreign and (sighting is None or not sighting.likely):
        yield Measurement(name="logo", measured="no mark in this picture", expected="")
        return
    if sighting is None or not sighting.sure:
        yield NotChecked("the mark was not found with enough certainty to say how wide it is")
        return
    least = float(subject.brand.marks[sighting.name].min_width.removesuffix("px"))
    # A turned mark is as wide as its own horizontal, not as the box around it.
    width = float((sighting.reading.pose.matrix[:, 0] ** 2).sum() ** 0.5)
    share, region = 100 * width / least, subject.region(sighting.box)
    yield Measurement(
        name=sighting.name, measured=f"{width:.0f} px", expected=f"≥ {least:g} px", value=share, unit=limit.unit, region=region
    )
    verdict = limit.verdict(share)
    if verdict is Verdict.FAIL and subject.foreign:
        verdict = Verdict.REVIEW  # nobody says that this file is shown at its own size
    if verdict is not Verdict.PASS:
        where = subject.brand.where("logo", "marks", sighting.name, "min_width")
        yield Finding(
            check=ID, code="small", verdict=verdict, measured=share, unit=limit.unit, limit=limit, region=region,
            message=f"the mark {sighting.name!r} is {width:.0f} px wide; {where} asks for {least:g} px",
            remedy="make it larger, or take a mark that is made for small sizes",
        )  # fmt: skip
