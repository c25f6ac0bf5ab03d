"""logo-missing."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.check.marks import SURE_NCC, Sighting, search_displaced
from brandkit.check.registry import NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.image.region import Box
from brandkit.metric.logo import MarkReading
from brandkit.results import Finding, Level, Limit, Measurement, Verdict

ID = "logo-missing"
CHANCE = 0.25  # agreement that any edges reach; below it there is none to speak of
PALE = Limit(review_at=35.0, fail_at=35.0, unit="% of ink", higher_is_worse=False)
LEAST_OFFSET = 3.0  # px; below it a displaced mark cannot be told from anti-aliasing


@check(
    id=ID,
    version=6,
    rationale="""
        An asset without its sender works for nobody, or for a competitor. A mark can be absent, hidden by what was painted over it,
        as pale as its ground, or pushed out of the place that the layout gave it.
    """,
    limits=Limit(review_at=0.50, fail_at=0.40, unit="agreement", higher_is_worse=False),
    foreign_level=Level.SHOULD,
)
def logo_missing(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """The logo is there, and where the layout put it."""
    if not subject.brand.marks:
        yield NotChecked("the brand file names no mark; add one under logo.marks")
    elif subject.foreign:
        yield from _foreign(subject, limit)
    else:
        yield from _own(subject, limit)


def _foreign(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    sighting = subject.sighting
    if sighting is None:
        yield Measurement(name="logo", measured="nothing like a mark")
    else:
        words = f"{sighting.name} ({sighting.reading.ncc:.2f})" if sighting.sure else f"at most a resemblance ({sighting.reading.ncc:.2f})"
        region = subject.region(sighting.box) if sighting.sure else None
        yield Measurement(
            name="logo", measured=words, expected=f"{SURE_NCC:.2f}", value=sighting.reading.ncc, unit=limit.unit, region=region
        )
    if sighting is None or not sighting.sure:
        yield NotChecked("no mark was found, and no brief says that this picture must carry one")


def _own(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    sighting = subject.sighting
    layout = subject.layout
    if sighting is None or layout is None:
        return
    reading, place = sighting.reading, subject.region(layout.mark.box)
    elsewhere = None if reading.found and reading.agreement >= limit.review_at else _elsewhere(subject, sighting)
    shown = elsewhere.reading.agreement if elsewhere else reading.agreement if reading.agreement >= CHANCE else 0.0
    yield Measurement(
        name=sighting.name, measured=f"{shown:.2f}", expected=f"{limit.review_at:.2f}", value=shown, unit=limit.unit, region=place
    )
    if elsewhere is not None:
        yield _moved(subject, elsewhere, layout.mark.box)
    elif not reading.found and reading.located:
        yield Finding(
            check=ID, code="pale", verdict=Verdict.FAIL, measured=100 * reading.visible, unit=PALE.unit, limit=PALE, region=place,
            message=f"the mark {sighting.name!r} is hardly visible: {reading.visible:.0%} of its ink stands out from the ground",
            remedy="compose the asset again, and put a calmer ground under the mark or use its variant for this ground",
        )  # fmt: skip
    elif not reading.found or limit.verdict(shown) is not Verdict.PASS:
        yield Finding(
            check=ID, code="missing", verdict=Verdict.FAIL if not reading.found else limit.verdict(shown), measured=shown,
            unit=limit.unit, limit=limit, region=place, remedy="compose the asset again from its layout",
            message=f"the mark {sighting.name!r} is not in its place (agreement {shown:.2f}, needs {limit.review_at:.2f})",
        )  # fmt: skip
    else:
        yield from _displaced(subject, reading, limit)


def _elsewhere(subject: Subject, sighting: Sighting) -> Sighting | None:
    """Where the mark stands instead of in its box, if it does; a long one may still cover most of it."""
    found = search_displaced(subject, sighting) if sighting.sure else subject.displaced
    box = subject.layout.mark.box if subject.layout else sighting.box
    if found is None:
        return None
    away = found.box.intersection(box).area < 0.8 * box.area
    return found if away or _offset(found.box, box) > _shift_limit(box.h).review_at else None


def _moved(subject: Subject, elsewhere: Sighting, box: Box) -> Finding:
    place, (x, y) = subject.region(box), (round(elsewhere.box.x), round(elsewhere.box.y))
    return Finding(
        check=ID, code="moved", verdict=Verdict.FAIL, measured=_offset(elsewhere.box, box), unit="px", limit=_shift_limit(box.h),
        message=f"the mark {elsewhere.name!r} stands at {x}, {y} and not in its place at {place.x}, {place.y}",
        region=subject.region(elsewhere.box), remedy="compose the asset again from its layout",
    )  # fmt: skip


def _offset(one: Box, two: Box) -> float:
    """How far the centres of two boxes are apart, in px along the axis on which it is more."""
    return max(abs(one.x + one.w / 2 - two.x - two.w / 2), abs(one.y + one.h / 2 - two.y - two.h / 2))


def _shift_limit(height: float) -> Limit:
    return Limit(review_at=max(LEAST_OFFSET, 0.05 * height), fail_at=max(LEAST_OFFSET, 0.15 * height), unit="px")


def _displaced(subject: Subject, reading: MarkReading, limit: Limit) -> Iterator[Outcome]:
    across, down = reading.offset
    shift = _shift_limit(subject.layout.mark.box.h if subject.layout else 1.0)
    far = max(abs(across), abs(down))
    if shift.verdict(far) is not Verdict.PASS:
        yield Finding(
            check=ID, code="displaced", verdict=shift.verdict(far), measured=far, unit="px", limit=shift,
            message=f"the mark stands {across:+.0f} px across and {down:+.0f} px down from its place",
            region=subject.region(reading.box), remedy="compose the asset again from its layout",
        )  # fmt: skip
