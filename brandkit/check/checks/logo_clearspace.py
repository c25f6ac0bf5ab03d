"""logo-clearspace."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.check.registry import NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.image.region import Box
from brandkit.metric.logo import measure_clear_space
from brandkit.results import Finding, Limit, Measurement, Verdict

ID = "logo-clearspace"
PIXELS = 0.5  # px of clear space that antialiasing may seem to take from small marks, where their own drawing is not known
DRAWN_PIXELS = 0.25  # px likewise where the drawing is known and lies under grain
TOUCH = 1.0  # px that a slot's box may reach into the clear space by rounding
OVERSHOOT = 0.12  # of the font's size by which a slot's box may be higher than the letters it holds


@check(
    id=ID,
    version=7,
    rationale="""
        A mark is recognised by the calm around it. Text, edges and objects that crowd it make it part of something else, and the rule
        is the one that is broken most often, because the crowding arrives last.
    """,
    limits=Limit(review_at=0.03, fail_at=0.10, unit="mark heights"),
)
def logo_clearspace(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """Nothing else stands in the logo's clear space."""
    sighting = subject.sighting
    if subject.foreign and (sighting is None or not sighting.likely):
        yield Measurement(name="logo", measured="no mark in this picture", expected="")
        return
    if sighting is None or not sighting.sure:
        yield NotChecked("the mark was not found with enough certainty to look around it")
        return
    asked = subject.brand.marks[sighting.name].clear_space
    space = measure_clear_space(
        subject.rgb, sighting.drawn, sighting.reading.pose, asked=asked, lossy=subject.lossy, beneath=subject.beneath
    )
    region = subject.region(space.region) if space.region else subject.region(sighting.box)
    slack = 0.0 if sighting.reading.exact else (PIXELS if subject.foreign else DRAWN_PIXELS) / max(1.0, sighting.box.h)
    applied = limit.model_copy(update={"review_at": limit.review_at + slack, "fail_at": limit.fail_at + slack})
    yield Measurement(
        name="clear space", measured=f"{space.free:.2f} mark heights", expected=f"≥ {asked:g} mark heights", value=space.missing,
        unit=limit.unit, limit=applied, region=region,
    )  # fmt: skip
    own = list(_overlaps(subject, limit, sighting.box))
    yield from own
    if not space.measurable:
        yield NotChecked("the ground around the mark is so busy that nothing can be told from it")
        return
    verdict = applied.verdict(space.missing)
    if verdict is Verdict.FAIL and (space.textured or subject.foreign):
        verdict = Verdict.REVIEW  # an object's outline in a photograph or illustration is not for a machine to call foreign
    if verdict is not Verdict.PASS and not own:
        yield Finding(
            check=ID, code="crowded", verdict=verdict, measured=space.missing, unit=limit.unit, limit=applied, region=region,
            message=f"something stands {space.free:.2f} mark heights from {sighting.name!r}; {asked:g} must be free",
            remedy="move it away, or make the mark smaller",
        )  # fmt: skip


def _overlaps(subject: Subject, limit: Limit, mark: Box) -> Iterator[Finding]:
    """Text that the layout itself puts into the clear space: exact, whatever the pixels show."""
    if subject.layout is None:
        return
    for slot in subject.layout.slots:
        common = slot.box.intersection(subject.layout.mark.clear)
        if common.w > TOUCH and common.h > max(TOUCH, OVERSHOOT * slot.size):
            deep = min(common.w, common.h) / max(1.0, mark.h)
            verdict = limit.verdict(deep)
            if verdict is not Verdict.PASS:
                yield Finding(
                    check=ID, code="crowded", verdict=verdict, measured=deep, unit=limit.unit, limit=limit,
                    message=f"the {slot.name} reaches {deep:.2f} mark heights into the clear space",
                    region=subject.region(common), remedy="shorten the copy, or use another template for this format",
                )  # fmt: skip
