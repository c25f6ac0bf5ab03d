"""logo-placement."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.check.registry import NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.image.region import Box
from brandkit.metric.placement import zone_distance, zone_of
from brandkit.results import Finding, Level, Limit, Measurement, Verdict

ID = "logo-placement"
ALLOW = ("logo", "placement", "allow")  # the key of the brand file that names the corners
SUBJECT_AREA = 0.12  # share of the picture from which a mark is what the picture shows, not its signature
MIRROR = {"left": "right", "right": "left"}


@check(
    id=ID,
    version=6,
    rationale="""
        A mark that is always in the same corners is found without looking. Where it wanders, every asset looks like somebody
        else's, and a mark that slipped a little looks like carelessness.
    """,
    limits=Limit(review_at=1.0, fail_at=3.0, unit="% of side"),
    foreign_level=Level.SHOULD,
)
def logo_placement(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """The logo stands where the layout put it, in a corner that the brand allows."""
    sighting = subject.displaced or subject.sighting
    if subject.foreign and (sighting is None or not sighting.likely):
        yield Measurement(name="logo", measured="no mark in this picture", expected="")
        return
    if sighting is None or not sighting.sure:
        yield NotChecked("the mark was not found with enough certainty to say where it stands")
        return
    if subject.layout is not None:
        yield from _moved(subject, limit, sighting.box, subject.layout.mark.box)
    yield from _zone(subject, limit, sighting.box)


def _moved(subject: Subject, limit: Limit, box: Box, expected: Box) -> Iterator[Outcome]:
    dx = box.x + box.w / 2 - expected.x - expected.w / 2
    dy = box.y + box.h / 2 - expected.y - expected.h / 2
    off = _percent(subject, float((dx * dx + dy * dy) ** 0.5))
    region = subject.region(box)
    yield Measurement(name="shift", measured=f"{dx:+.0f}, {dy:+.0f} px", expected="0 px", value=off, unit=limit.unit, region=region)
    verdict = limit.verdict(off)
    if verdict is not Verdict.PASS:
        yield Finding(
            check=ID, code="moved", verdict=verdict, measured=off, unit=limit.unit, limit=limit, region=region,
            message=f"the mark stands {dx:+.0f}, {dy:+.0f} px from where the layout put it",
            remedy="compose the asset again from its layout",
        )  # fmt: skip


def _zone(subject: Subject, limit: Limit, box: Box) -> Iterator[Outcome]:
    logo = subject.brand.document.logo
    if logo is None:
        return
    allowed = [_mirrored(corner) if subject.layout and subject.layout.rtl else corner for corner in logo.placement.allow]
    here = zone_of(box, subject.width, subject.height)
    off = _percent(subject, zone_distance(box, subject.width, subject.height, allowed))
    shown = box.area >= SUBJECT_AREA * subject.width * subject.height
    judged = subject.foreign and not shown
    yield Measurement(
        name="zone", measured=here if not shown else f"{here}: the mark is what the picture shows", expected=", ".join(allowed),
        value=off if judged else None, unit=limit.unit if judged else "", region=subject.region(box),
    )  # fmt: skip
    # In our own layouts a template may set the mark into a panel; what it must not do is leave the panel, and that is a shift.
    if judged and limit.verdict(off) is not Verdict.PASS:
        written = ALLOW in subject.brand.positions
        who = f"{subject.brand.where(*ALLOW)} allows" if written else f"where {'.'.join(ALLOW)} says nothing, marks may stand at"
        yield Finding(
            check=ID, code="zone", verdict=Verdict.REVIEW, measured=off, unit=limit.unit, limit=limit, region=subject.region(box),
            message=f"the mark stands at {here}; {who} {', '.join(allowed)}", remedy="move it to one of these corners",
        )  # fmt: skip


def _mirrored(corner: str) -> str:
    row, _, column = corner.partition("-")
    return f"{row}-{MIRROR.get(column, column)}" if column else row


def _percent(subject: Subject, pixels: float) -> float:
    return 100 * pixels / min(subject.width, subject.height)
