"""text-contrast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from brandkit.check.registry import NO_LAYOUT, NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.color.contrast import WCAG_RATIOS
from brandkit.color.parse import parse_color
from brandkit.layout.boxes import Slot
from brandkit.metric.text import TextReading, read_text
from brandkit.results import Finding, Level, Limit, Measurement, Verdict

ID = "text-contrast"
LARGE = 24.0  # px; WCAG 2.2 calls text large from 18 pt = 24 px on


class Promise(NamedTuple):
    """The ratio that a text must reach, and who says so."""

    ratio: float
    level: str
    source: str


@check(
    id=ID,
    version=2,
    rationale="""
        Copy that cannot be read is money spent on nothing, and low contrast locks out people with weak sight. Declared colours do not
        settle it: on a photograph or a scrim only the finished pixels tell, and the worst letter decides.
    """,
    limits=Limit(review_at=4.5, fail_at=4.0, unit=":1", higher_is_worse=False),
    foreign_level=Level.SHOULD,
)
def text_contrast(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """Every text stands out from what is really behind it."""
    if subject.layout is None:
        yield NO_LAYOUT
        return
    for slot in subject.layout.slots:
        if subject.region(slot.box).w == 0 or subject.region(slot.box).h == 0:
            yield NotChecked(f"the text {slot.name!r} lies outside the picture")
            continue
        reading = read_text(subject.rgb, slot.box, ink=_rgb(slot.ink), size=slot.size)
        promise = _promise(subject, slot, limit)
        applied = _applied(limit, promise)
        yield Measurement(
            name=slot.name,
            measured=f"{reading.ratio:.1f}:1 (APCA Lc {reading.lc:.0f})",
            expected=f"{promise.ratio:g}:1 ({promise.level})",
            value=reading.ratio,
            unit=limit.unit,
            limit=applied,
            region=subject.region(slot.box),
        )
        verdict = applied.verdict(reading.ratio)
        if verdict is not Verdict.PASS:
            yield _finding(subject, slot, reading, promise, applied, verdict)


def _promise(subject: Subject, slot: Slot, limit: Limit) -> Promise:
    palette = subject.brand.document.palette
    for index, pair in enumerate(palette.pairs if palette else []):
        if subject.swatches.get(pair.ink) == slot.ink.upper() and slot.ground and subject.swatches.get(pair.on) == slot.ground.upper():
            return Promise(WCAG_RATIOS[pair.level], pair.level, subject.brand.where("palette", "pairs", index))
    if slot.size >= LARGE and limit.source == "default":
        return Promise(WCAG_RATIOS["AA-large"], "AA-large", "default")
    return Promise(limit.review_at, "AA", limit.source)


def _applied(limit: Limit, promise: Promise) -> Limit:
    slack = limit.fail_at / limit.review_at if limit.review_at else 1.0
    return limit.model_copy(update={"review_at": promise.ratio, "fail_at": promise.ratio * slack, "source": promise.source})


def _finding(subject: Subject, slot: Slot, reading: TextReading, promise: Promise, limit: Limit, verdict: Verdict) -> Finding:
    ink, ground = ("#{:02X}{:02X}{:02X}".format(*(round(value) for value in color)) for color in (reading.ink, reading.ground))
    need = f"{promise.level} needs {promise.ratio:g}:1"
    return Finding(
        check=ID,
        code="low",
        verdict=verdict,
        message=f"the {slot.name} reaches {reading.ratio:.2f}:1 at its worst ({ink} on {ground}); {need}",
        measured=reading.ratio,
        unit=limit.unit,
        limit=limit,
        region=subject.region(reading.region),
        remedy="put a panel or a stronger scrim behind it, choose a calmer part of the picture, or another scheme",
    )


def _rgb(color: str) -> tuple[float, float, float]:
    red, green, blue = parse_color(color).rgb
    return float(red), float(green), float(blue)
