"""gamut."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.check.registry import Outcome, check
from brandkit.check.subject import Subject
from brandkit.results import Finding, Level, Limit, Measurement, Region, Verdict

ID = "gamut"
UNDEFINED = {"CMYK", "LAB"}  # pixel modes whose numbers mean nothing certain without a profile
REMEDY = "convert it to sRGB, and save it with that profile or with none"


@check(
    id=ID,
    rationale="""
        Colours from outside sRGB look right on the designer's screen and turn duller, or shift, wherever profiles are ignored: in
        most mails, shops and feeds. A file in print colours without its profile has no defined colours at all.
    """,
    limits=Limit(review_at=1.0, fail_at=10.0, unit="% of area"),
    foreign_level=Level.SHOULD,
)
def gamut(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """Every colour of the file is one that sRGB can show, and the file says truly what its numbers mean."""
    picture = subject.picture
    share = 100 * picture.gamut_share
    page = Region(x=0, y=0, w=subject.width, h=subject.height)
    yield Measurement(name="outside sRGB", measured=f"{share:.1f} %", expected="0 %", value=share, unit=limit.unit)
    profile = "used" if picture.profile_applied else "cannot be used" if picture.had_profile else "none"
    yield Measurement(name="profile", measured=profile, expected="sRGB, or none")
    verdict = limit.verdict(share)
    if verdict is not Verdict.PASS:
        yield Finding(
            check=ID, code="outside", verdict=verdict, measured=share, unit=limit.unit, limit=limit, region=page, remedy=REMEDY,
            message=f"{share:.0f} % of the pixels lie outside sRGB; they were clipped for the other checks",
        )  # fmt: skip
    if picture.had_profile and not picture.profile_applied:
        yield Finding(
            check=ID, code="broken-profile", verdict=Verdict.REVIEW, region=page, remedy=REMEDY,
            message="the colour profile in the file cannot be used; every program will show it in its own way",
        )  # fmt: skip
    elif picture.mode in UNDEFINED and not picture.profile_applied:
        yield Finding(
            check=ID, code="no-profile", verdict=Verdict.REVIEW, region=page, remedy=REMEDY,
            message=f"the file holds {picture.mode} pixels without a profile, so nobody can say which colours they are",
        )  # fmt: skip
