"""logo-missing."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.check.marks import SURE_NCC, search_displaced
from brandkit.check.registry import NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.metric.logo import MarkReading
from brandkit.results import Finding, Level, Limit, Measurement, Verdict

ID = "logo-missing"
LEAST_OFFSET = 3.0  # px; below it a displaced mark cannot be told from anti-aliasing


@check(
    id=ID,
    version=2,
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
    verdict = limit.verdict(reading.ncc)
    yield Measurement(
        name=sighting.name,
        measured=f"{reading.ncc:.2f}",
        expected=f"{limit.review_at:.2f}",
        value=reading.ncc,
        unit=limit.unit,
        region=place,
    )
    if verdict is Verdict.PASS and reading.found:
        yield from _displaced(subject, reading, limit)
        return
    elsewhere = search_displaced(subject, sighting) if sighting.sure else subject.displaced
    if elsewhere is not None and elsewhere.box.intersection(layout.mark.box).area < 0.8 * layout.mark.box.area:
        x, y = round(elsewhere.box.x), round(elsewhere.box.y)
        yield Finding(
            check=ID, code="moved", verdict=Verdict.FAIL, measured=reading.ncc, unit=limit.unit, limit=limit,
            message=f"the mark {sighting.name!r} stands at {x}, {y} and not in its place at {place.x}, {place.y}",
            region=subject.region(elsewhere.box), remedy="compose the asset again from its layout",
        )  # fmt: skip
        return
    pale = reading.ncc > limit.fail_at and not reading.found
    yield Finding(
        check=ID, code="pale" if pale else "missing", verdict=Verdict.FAIL if pale or verdict is Verdict.PASS else verdict,
        message=f"the mark {sighting.name!r} is " + (f"hardly visible: {reading.visible:.0%} of its ink stands out from the ground" if pale
                else f"not in its place (agreement {reading.ncc:.2f}, needs {limit.review_at:.2f})"),
        measured=reading.ncc, unit=limit.unit, limit=limit, region=place,
        remedy="compose the asset again, and put a calmer ground under the mark or use its variant for this ground",
    )  # fmt: skip


def _displaced(subject: Subject, reading: MarkReading, limit: Limit) -> Iterator[Outcome]:
    across, down = reading.offset
    size = subject.layout.mark.box.h if subject.layout else 1.0
    far = max(abs(across), abs(down))
    if far > max(LEAST_OFFSET, 0.05 * size):
        yield Finding(
            check=ID, code="displaced", verdict=Verdict.FAIL if far > 0.15 * size else Verdict.REVIEW,
            message=f"the mark stands {across:+.0f} px across and {down:+.0f} px down from its place",
            measured=far, unit="px", limit=Limit(review_at=max(LEAST_OFFSET, 0.05 * size), fail_at=0.15 * size, unit="px"),
            region=subject.region(reading.box), remedy="compose the asset again from its layout",
        )  # fmt: skip
