"""format-wrong."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.check.registry import Further, NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.image.region import Box
from brandkit.layout.boxes import Format, Layout
from brandkit.metric.checkerboard import MIN_SHARE, checkerboard_share
from brandkit.results import Finding, Limit, Measurement, Region, Verdict

ID = "format-wrong"
WEIGHT_SLACK = 1.0  # kB; platforms differ on 1000 or 1024 bytes
GAMUT_REVIEW = 1.0  # % of pixels outside sRGB; fewer are single highlights
SAFE_SLACK = 0.5  # px; rounding of boxes
CHEQUERS = Limit(review_at=100 * MIN_SHARE, fail_at=100 * MIN_SHARE, unit="% of area")  # from which they are seen, and then a fault
PRINT_MODES = {"CMYK", "LAB"}  # pixel modes that screens cannot show as they are


@check(
    id=ID,
    version=3,
    rationale="""
        A placement refuses, crops or recompresses what does not fit it: wrong pixels, too many kilobytes, copy under the platform's own
        buttons. Print colours, foreign profiles and painted chequers look right on one screen and wrong on all others.
    """,
    limits=Limit(review_at=0.0, fail_at=1.0, unit="px"),
    further=[Further("chequers", CHEQUERS, "painted where transparency is meant")],
)
def format_wrong(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """The file is what its placement takes: size, type, weight, colour mode and safe zones."""
    form = subject.format
    size = f"{subject.width}×{subject.height} px"
    if subject.layout is not None and form is None:
        yield NotChecked("the layout names no format")
        return
    yield Measurement(name="size", measured=size, expected=f"{form.width}×{form.height} px" if form else "not checked: no format was given")
    yield Measurement(name="type", measured=subject.picture.media_type, expected=", ".join(form.types) if form else "any")
    if form is not None:
        yield from _size(subject, form, limit)
        yield from _file(subject, form)
        if subject.layout is not None:
            yield from _safe(subject, subject.layout, form, limit)
    yield from _pixels(subject)


def _size(subject: Subject, form: Format, limit: Limit) -> Iterator[Outcome]:
    off = max(abs(subject.width - form.width), abs(subject.height - form.height))
    yield Measurement(name="difference in size", measured=f"{off} px", expected="0 px", value=off, unit=limit.unit)
    verdict = limit.verdict(off)
    if verdict is not Verdict.PASS:
        message = f"the picture has {subject.width}×{subject.height} px, {form.title} takes {form.width}×{form.height}"
        remedy = f"export it at {form.width}×{form.height} px"
        yield Finding(
            check=ID, code="size", verdict=verdict, message=message, measured=off, unit=limit.unit, limit=limit,
            region=_page(subject), remedy=remedy,
        )  # fmt: skip


def _file(subject: Subject, form: Format) -> Iterator[Outcome]:
    kind = subject.picture.media_type.removeprefix("image/")
    if kind not in form.types:
        message = f"the file is {kind}, {form.title} takes {', '.join(form.types)}"
        yield Finding(check=ID, code="type", verdict=Verdict.FAIL, message=message, remedy=f"export it as {form.types[0]}")
    weight = subject.picture.bytes_count / 1000
    yield Measurement(name="weight", measured=f"{weight:.0f} kB", expected=f"at most {form.max_kb} kB" if form.max_kb else "any")
    if form.max_kb is not None:
        limit = Limit(review_at=form.max_kb, fail_at=form.max_kb + WEIGHT_SLACK, unit="kB", source=f"format {form.name}")
        if (verdict := limit.verdict(weight)) is not Verdict.PASS:
            message = f"the file has {weight:.0f} kB, {form.title} takes {form.max_kb}"
            remedy = "export it as JPEG or WebP, or at a lower quality"
            yield Finding(check=ID, code="weight", verdict=verdict, message=message, measured=weight, unit="kB", limit=limit, remedy=remedy)


def _safe(subject: Subject, layout: Layout, form: Format, limit: Limit) -> Iterator[Outcome]:
    safe = form.safe
    inner = Box(safe.left, safe.top, max(0, form.width - safe.left - safe.right), max(0, form.height - safe.top - safe.bottom))
    applied = limit.model_copy(update={"source": f"format {form.name}"})
    for name, box in [*((slot.name, slot.box) for slot in layout.slots), ("logo", layout.mark.box)]:
        out = max(inner.x - box.x, inner.y - box.y, box.right - inner.right, box.bottom - inner.bottom)
        if out > SAFE_SLACK and (verdict := applied.verdict(out)) is not Verdict.PASS:
            yield Finding(
                check=ID, code="safe-zone", verdict=verdict, measured=out, unit=limit.unit, limit=applied,
                message=f"the {name} stands {out:.0f} px inside the zone that {form.platform} may cover",
                region=subject.region(box), remedy="move it inwards, or choose a template that keeps the zone free",
            )  # fmt: skip


def _pixels(subject: Subject) -> Iterator[Outcome]:
    picture = subject.picture
    if picture.animated and picture.media_type != "image/jpeg":  # in which cameras keep previews and gain maps as further pictures
        message = "the file holds several pictures, and only the first was checked"
        remedy = "look at the others, or check them one by one, each saved as a file"
        yield Finding(check=ID, code="animated", verdict=Verdict.REVIEW, message=message, remedy=remedy)
    if picture.mode in PRINT_MODES:
        message = f"the file holds {picture.mode} pixels; browsers and platforms convert them each in their own way"
        yield Finding(check=ID, code="mode", verdict=Verdict.REVIEW, message=message, remedy="export it in sRGB")
    if picture.gamut_share * 100 > GAMUT_REVIEW:
        share = picture.gamut_share * 100
        limit = Limit(review_at=GAMUT_REVIEW, fail_at=100.0, unit="% of area")
        message = f"{share:.0f} % of the pixels lie outside sRGB and turn duller where profiles are ignored"
        yield Finding(
            check=ID, code="gamut", verdict=Verdict.REVIEW, message=message, measured=share, unit="% of area", limit=limit,
            remedy="convert it to sRGB",
        )  # fmt: skip
    chequers = checkerboard_share(subject.rgb)
    if chequers > 0:
        message = f"{chequers:.0%} of the area is painted chequers, which look like transparency and are not"
        yield Finding(
            check=ID, code="fake-transparency", verdict=Verdict.FAIL, message=message, measured=100 * chequers, unit=CHEQUERS.unit,
            limit=CHEQUERS, region=_page(subject),
            remedy="ask for a plain ground, or cut the subject out and save it with real transparency",
        )  # fmt: skip


def _page(subject: Subject) -> Region:
    return Region(x=0, y=0, w=subject.width, h=subject.height)
