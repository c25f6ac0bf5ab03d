"""logo-missing."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.check.limits import profiled
from brandkit.check.marks import LIKELY_NCC, SURE_NCC, Sighting, search_displaced
from brandkit.check.registry import Further, NotChecked, Outcome, Promise, check
from brandkit.check.subject import Subject
from brandkit.image.region import Box
from brandkit.metric.logo import MarkReading, is_odd
from brandkit.results import Finding, Level, Limit, Measurement, Verdict

ID = "logo-missing"
CHANCE = 0.25  # agreement that any edges reach; below it there is none to speak of
SEARCHED = Limit(review_at=SURE_NCC, fail_at=LIKELY_NCC, unit="agreement", higher_is_worse=False)  # where it was searched for
PALE = Limit(review_at=35.0, fail_at=35.0, unit="% of ink", higher_is_worse=False)
SHIFT = Limit(review_at=0.05, fail_at=0.15, unit="mark heights")
TRACED = 0.75  # agreement of edges from which a mark that was searched for and that nobody sees is there all the same
LEAST_OFFSET = 3.0  # px; below it a displaced mark cannot be told from anti-aliasing


def _required(subject: Subject) -> Level | None:
    logo = subject.brand.document.logo
    if subject.must_carry or logo is None:
        return Level.MUST if subject.must_carry else None
    return logo.level if subject.logo_required else None


@check(
    id=ID,
    version=7,
    rationale="""
        An asset without its sender works for nobody, or for a competitor. A mark can be absent, hidden by what was painted over it,
        as pale as its ground, or pushed out of the place that the layout gave it.
    """,
    limits=Limit(review_at=0.50, fail_at=0.40, unit="agreement", higher_is_worse=False),
    foreign_level=Level.SHOULD,
    promise=Promise("logo.required: true", _required),
    further=[
        Further("agreement", SEARCHED, "in pictures made elsewhere"),
        Further("visible ink", PALE),
        Further("offset", SHIFT, f"never less than {LEAST_OFFSET:g} px"),
    ],
)
def logo_missing(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """The logo is there, and where the layout put it."""
    if not subject.brand.marks:
        yield NotChecked("the brand file names no mark; add one under logo.marks")
    elif subject.foreign:
        yield from _foreign(subject)
    else:
        yield from _own(subject, limit)


def _foreign(subject: Subject) -> Iterator[Outcome]:
    sighting = subject.sighting
    found = sighting is not None and sighting.sure
    agreement = sighting.agreement if sighting else 0.0
    pale = sighting if sighting is not None and not found and _is_pale(sighting) else None
    words = "nothing like a mark" if sighting is None else sighting.name if found else "at most a resemblance"
    words = f"{pale.name}, hardly visible" if pale else words
    region = subject.region(sighting.box) if sighting and (pale or sighting.likely) else None
    held = profiled(SEARCHED, subject.brand)
    yield Measurement(
        name="logo", measured=f"{words} ({agreement:.2f})", expected=f"≥ {held.review_at:.2f}", value=agreement, unit=held.unit,
        limit=held, region=region,
    )  # fmt: skip
    if found:
        return
    if pale is not None:
        yield _pale(subject, pale, Verdict.FAIL if subject.logo_required else Verdict.REVIEW)
        return
    if not subject.logo_required:
        yield NotChecked("no mark was found, and nobody says that this picture must carry one; `logo.required: true` in brand.yaml does")
        return
    verdict = held.verdict(agreement)
    like = f"what looks most like one agrees by {agreement:.2f}, a mark by {held.review_at:.2f}" if sighting else "nothing resembles one"
    yield Finding(
        check=ID, code="missing", verdict=verdict, measured=agreement, unit=held.unit, limit=held, region=region,
        message=f"none of the brand's marks can be recognised: {like}",
        remedy="place the mark from its file" if verdict is Verdict.FAIL else "look whether it is the mark, and place it from its file",
    )  # fmt: skip


def _is_pale(sighting: Sighting) -> bool:
    """Whether the mark stands there as certainly as edges say, and nobody sees it."""
    reading = sighting.reading
    return not reading.plain and reading.ncc >= max(TRACED, sighting.chance) and not is_odd(reading)


def _pale(subject: Subject, sighting: Sighting, verdict: Verdict) -> Finding:
    visible = sighting.reading.visible
    first = "" if subject.foreign else "compose the asset again, and "
    return Finding(
        check=ID, code="pale", verdict=verdict, measured=100 * visible, unit=PALE.unit, limit=PALE,
        region=subject.region(sighting.box if subject.layout is None else subject.layout.mark.box),
        message=f"the mark {sighting.name!r} is hardly visible: {visible:.0%} of its ink stands out from the ground",
        remedy=f"{first}put a calmer ground under the mark or use its variant for this ground",
    )  # fmt: skip


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
        yield _pale(subject, sighting, Verdict.FAIL)
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
    return found if away or _offset(found.box, box) > _shift_limit(subject, box.h).review_at else None


def _moved(subject: Subject, elsewhere: Sighting, box: Box) -> Finding:
    place, (x, y) = subject.region(box), (round(elsewhere.box.x), round(elsewhere.box.y))
    return Finding(
        check=ID, code="moved", verdict=Verdict.FAIL, measured=_offset(elsewhere.box, box), unit="px", limit=_shift_limit(subject, box.h),
        message=f"the mark {elsewhere.name!r} stands at {x}, {y} and not in its place at {place.x}, {place.y}",
        region=subject.region(elsewhere.box), remedy="compose the asset again from its layout",
    )  # fmt: skip


def _offset(one: Box, two: Box) -> float:
    """How far the centres of two boxes are apart, in px along the axis on which it is more."""
    return max(abs(one.x + one.w / 2 - two.x - two.w / 2), abs(one.y + one.h / 2 - two.y - two.h / 2))


def _shift_limit(subject: Subject, height: float) -> Limit:
    far = (max(LEAST_OFFSET, share * height) for share in (SHIFT.review_at, SHIFT.fail_at))
    return profiled(Limit(review_at=next(far), fail_at=next(far), unit="px"), subject.brand)


def _displaced(subject: Subject, reading: MarkReading, limit: Limit) -> Iterator[Outcome]:
    across, down = reading.offset
    shift = _shift_limit(subject, subject.layout.mark.box.h if subject.layout else 1.0)
    far = max(abs(across), abs(down))
    if shift.verdict(far) is not Verdict.PASS:
        yield Finding(
            check=ID, code="displaced", verdict=shift.verdict(far), measured=far, unit="px", limit=shift,
            message=f"the mark stands {across:+.0f} px across and {down:+.0f} px down from its place",
            region=subject.region(reading.box), remedy="compose the asset again from its layout",
        )  # fmt: skip
