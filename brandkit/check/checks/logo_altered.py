"""logo-altered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from brandkit.check.limits import further_limit
from brandkit.check.marks import Sighting
from brandkit.check.registry import Further, NotChecked, Outcome, check, load_checks
from brandkit.check.subject import Subject
from brandkit.metric.logo import PaintReading
from brandkit.results import Finding, Limit, Measurement, Verdict

ID = "logo-altered"
GRAINED = 1.0  # ΔE76 of the ground from which thin strokes, searched for, seem to lack or gain ink
WORN_HEIGHT = 100.0  # px; lossy files halve the resolution of colour, so the strokes of smaller marks mix with their ground
MOST_WORN = 1.1  # times the usual limit; what coding does to these very strokes is taken off before
TEXTURE = 6.0  # ΔE76 of the ground from which edges of the picture disturb the reading
TURN = Limit(review_at=1.0, fail_at=2.0, unit="°")
COLOUR = Limit(review_at=3.0, fail_at=6.0, unit="ΔE00")
SOFT = Limit(review_at=0.50, fail_at=0.35, unit="edge slope", higher_is_worse=False)  # of a crisp rendering; JPEG q80 keeps 0.65
CRISP = Limit(review_at=0.88, fail_at=0.55, unit="edge slope", higher_is_worse=False)  # where coding's own loss is known; clean: 0.95
EXACT = Limit(review_at=2.0, fail_at=8.0, unit="% of ink")  # where the mark is compared with its own drawing
PLACED = Limit(review_at=6.0, fail_at=10.0, unit="% of ink")  # where it stands on a ground that can only be guessed
SEARCHED = Limit(review_at=2.5, fail_at=10.0, unit="% of ink")  # where it was searched for and is compared as its pixels would show it
SLIGHT = 33.0  # px of height from which on the pose of a mark that was searched for is read as exactly as it ever is
THIN = 60.0  # px, likewise the ink of its strokes
LEAST_HEIGHT = 8.0  # px below which letters and strokes are no longer there to compare
SMALL = 16.0  # px of height below which a mark that was searched for is too small to read its sharpness


class Reading(NamedTuple):
    """One thing that may have been done to a mark, with its limit."""

    code: str
    name: str
    value: float
    limit: Limit
    done: str
    remedy: str


@check(
    id=ID,
    version=7,
    rationale="""
        A logo is a signature: stretched, turned, recoloured, cropped or soft it says that nobody looked. People who would never draw
        it anew still pull it wider to fill a box, and image models redraw it from memory, always a little wrong.
    """,
    limits=Limit(review_at=2.0, fail_at=4.0, unit="% of aspect"),
    further=[
        Further("rotation", TURN, fitted=True),
        Further("colour", COLOUR, "or the palette's tolerance and twice that, where it is wider", fitted=True),
        Further("ink", EXACT, "compared with its own drawing"),
        Further("ink", PLACED, "on a ground that can only be guessed"),
        Further("ink", SEARCHED, "in pictures made elsewhere", fitted=True),
        Further("sharpness", CRISP, "in its place"),
        Further("sharpness", SOFT, "in pictures made elsewhere", fitted=True),
    ],
)
def logo_altered(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """The logo keeps its shape, angle, colours and edges."""
    sighting = subject.displaced or subject.sighting
    if subject.foreign and (sighting is None or not sighting.likely):
        yield Measurement(name="logo", measured="no mark in this picture", expected="")
        return
    if subject.foreign and sighting is not None and not sighting.sure:
        yield from _resemblance(subject, sighting)
        return
    if sighting is None or not (sighting.sure or sighting.reading.located):
        yield NotChecked("the mark was not found with enough certainty to judge how it was treated")
        return
    if sighting.box.h < LEAST_HEIGHT:
        yield NotChecked(f"the mark is {sighting.box.h:.0f} px high; below {LEAST_HEIGHT:g} px it has no shape to judge")
        return
    tolerance = subject.brand.document.palette.tolerance if subject.brand.document.palette else 3.0
    readings = list(_readings(sighting, limit, tolerance, foreign=subject.foreign, lossy=subject.lossy))
    soft = sighting.worn or any(reading.code == "soft" and reading.limit.verdict(reading.value) is Verdict.FAIL for reading in readings)
    lenient = _lenient(sighting, readings) if subject.foreign else ()
    for reading in readings:
        judged = not (soft and reading.code in ("stretched", "rotated"))  # without edges nobody can tell
        yield from _judge(subject, sighting, reading, judged=judged, lenient=reading.code in lenient)


def _resemblance(subject: Subject, sighting: Sighting) -> Iterator[Outcome]:
    """Something that is like the mark and not certainly it: a person must say whether somebody drew it anew."""
    mark, region = sighting.reading, subject.region(sighting.box)
    ink = 100 * max(mark.residual, mark.around)
    limit = SEARCHED.model_copy(update={"most": Verdict.REVIEW})
    yield Measurement(
        name="ink", measured=f"{ink:.2f} {limit.unit}", expected=f"≤ {limit.review_at:.3g} {limit.unit}",
        value=ink, unit=limit.unit, limit=limit, region=region,
    )  # fmt: skip
    yield Finding(
        check=ID, code="redrawn", verdict=Verdict.REVIEW, measured=ink, unit=limit.unit, limit=limit, region=region,
        message=f"something here is like the mark {sighting.name!r}, with {ink:.0f} % of its ink lacking, added or shifted",
        remedy="look whether it is the mark; if it is, place the original file",
    )  # fmt: skip


def _lenient(sighting: Sighting, readings: list[Reading]) -> tuple[str, ...]:
    """What a person must look at in a picture made elsewhere: versions exist that the brand file does not list."""
    mark = sighting.reading
    recoloured = any(reading.code == "recoloured" and reading.limit.verdict(reading.value) is not Verdict.PASS for reading in readings)
    # What lies around a mark may belong to the picture, or be a lock-up; and who drew it without edges is not for a machine to say.
    beside = mark.around > mark.residual or 100 * mark.lacking <= SEARCHED.review_at
    unsteady = recoloured or beside or sighting.worn or mark.noise > GRAINED
    return ("recoloured", "soft", "redrawn") if unsteady else ("recoloured", "soft")


def _judge(subject: Subject, sighting: Sighting, reading: Reading, *, judged: bool, lenient: bool) -> Iterator[Outcome]:
    check, region = load_checks()[ID], subject.region(sighting.box)
    limit = reading.limit if reading.name == "aspect" else further_limit(reading.limit, reading.name, check, subject)
    limit = limit if judged else limit.model_copy(update={"most": Verdict.PASS})
    yield Measurement(
        name=reading.name, measured=f"{reading.value:.2f} {limit.unit}",
        expected=f"{'≥' if not limit.higher_is_worse else '≤'} {limit.review_at:.3g} {limit.unit}",
        value=reading.value, unit=limit.unit, limit=limit, region=region,
    )  # fmt: skip
    verdict = limit.verdict(reading.value)
    if lenient and verdict is Verdict.FAIL:
        verdict = Verdict.REVIEW
    if verdict is not Verdict.PASS:
        yield Finding(
            check=ID, code=reading.code, verdict=verdict, message=f"the mark {sighting.name!r} {reading.done}",
            measured=reading.value, unit=limit.unit, limit=limit, region=region, remedy=reading.remedy,
        )  # fmt: skip


def _distance(paint: PaintReading) -> str:
    """The distance that is judged; where strokes are too thin to be read exactly, with the one that was read."""
    unsure = paint.delta_e - paint.certain >= 0.05
    return f"ΔE00 {paint.certain:.1f} at least, read as {paint.delta_e:.1f}" if unsure else f"ΔE00 {paint.delta_e:.1f}"


def _readings(sighting: Sighting, limit: Limit, tolerance: float, *, foreign: bool, lossy: bool) -> Iterator[Reading]:
    mark = sighting.reading
    # Where the mark was searched for, or stands on a texture, its pose is read less exactly: small marks most of all.
    busy = 1.5 if mark.noise > TEXTURE else 1.0
    slack, strokes = (1.0 if mark.exact else busy * (max(1.0, px / max(1.0, mark.box.h)) if foreign else 1.0) for px in (SLIGHT, THIN))
    shape = limit.model_copy(update={"review_at": limit.review_at * slack, "fail_at": limit.fail_at * slack})
    wider = "wider" if mark.aspect_error > 0 else "narrower"
    yield Reading(
        "stretched", "aspect", abs(mark.aspect_error), shape, f"is {abs(mark.aspect_error):.1f} % {wider} than drawn",
        "scale it with its proportions locked",
    )  # fmt: skip
    turn = TURN.model_copy(update={"review_at": TURN.review_at * slack, "fail_at": TURN.fail_at * slack})
    yield Reading("rotated", "rotation", abs(mark.rotation), turn, f"is turned by {abs(mark.rotation):.1f}°", "set it upright")
    paint = max(mark.paints, key=lambda paint: paint.certain, default=None)
    if paint is not None:
        worn = min(MOST_WORN, max(1.0, WORN_HEIGHT / max(1.0, mark.box.h))) if lossy and not mark.exact else 1.0
        wide = worn * max(1.0, tolerance / COLOUR.review_at)
        colours = COLOUR.model_copy(update={"review_at": COLOUR.review_at * wide, "fail_at": COLOUR.fail_at * wide})
        done = f"shows {paint.measured} where it should be {paint.expected} ({_distance(paint)})"
        yield Reading("recoloured", "colour", paint.certain, colours, done, "use the file as it is, or the variant made for this ground")
    near = SEARCHED if foreign else PLACED
    structure = EXACT if mark.exact else near.model_copy(update={"review_at": near.review_at * strokes, "fail_at": near.fail_at * strokes})
    ink = 100 * max(mark.residual, mark.around)
    if ink >= structure.fail_at:  # it is certain: what was added counts at its full strength, and the more the farther it is thrown
        ink = max(ink, 100 * mark.strength)
    if 100 * mark.lacking <= SEARCHED.review_at < ink:
        done = f"has a shadow, an outline or something else beside it, as strong as {ink:.0f} % of its ink"
        remedy = "take it away, or add this version under logo.marks" if foreign else "place the original file, without effects"
    else:
        done, remedy = f"lacks, adds or shifts {ink:.0f} % of its ink", "place the original file; nothing may cut or cover it"
    yield Reading("redrawn", "ink", ink, structure, done, remedy)
    if (mark.box.h >= SMALL or not foreign) and mark.noise <= TEXTURE:
        edges = SOFT if foreign else CRISP
        yield Reading(
            "soft", "sharpness", mark.sharpness, edges, f"is soft (edge slope {mark.sharpness:.2f} of 1)", "place the vector file"
        )
