"""text-unrequested."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.check.registry import NO_COPY, NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.image.load import Picture
from brandkit.image.region import Box
from brandkit.results import Finding, Level, Limit, Measurement, Region, Verdict

ID = "text-unrequested"


@check(
    id=ID,
    rationale="""
        Image models paint words that nobody asked for: invented slogans, signs, a brand's name on the product. The prompt forbids them,
        the raw picture shows whether it was obeyed, before any copy stands on it. In pictures made elsewhere everything counts that is
        neither in their copy nor the brand's name; without copy nobody can say what was asked for. Only lines that the reader is sure of
        (80 %), that are at least 1.2 % of the short side high, and that hold two letters or more are taken for text; two letters may still
        be a pattern. Lettering on things in a photograph can be wanted, so the level is `should`. It needs the extra `ocr`.
    """,
    limits=Limit(review_at=2, fail_at=12, unit="letters"),
    version=2,
    level=Level.SHOULD,
)
def text_unrequested(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """The picture holds no text that nobody asked for."""
    layout, copy = subject.layout, subject.copy
    if layout is not None and layout.picture is None:
        yield Measurement(name="text", measured="no picture underneath", expected="none", value=0.0, unit=limit.unit)
        return
    if layout is not None and subject.raw is None:
        yield NotChecked("the picture underneath is not at hand, and on the finished one the copy stands; check it where it was made")
        return
    if layout is None and copy is None:
        yield NO_COPY
        return
    from brandkit.metric.ocr import Unreadable, reader_for
    from brandkit.metric.unrequested import unrequested_lines

    reader = reader_for("Latin")
    if isinstance(reader, Unreadable):
        yield NotChecked(reader.reason)
        return
    picture = subject.raw if layout is not None and subject.raw is not None else subject.picture
    known = [subject.brand.name, *(() if layout is not None else (copy or {}).values())]
    found = unrequested_lines(picture.rgb, reader, known=known, within=subject.crop if layout is not None else None)
    count = sum(line.letters for line in found)
    words = ", ".join(repr(line.text) for line in found[:4]) or "none"
    yield Measurement(name="text", measured=words, expected="none", value=float(count), unit=limit.unit)
    verdict = limit.verdict(count)
    if verdict is not Verdict.PASS:
        for line in found:
            yield Finding(
                check=ID,
                code="unrequested",
                verdict=verdict,
                message=f"the picture reads {line.text!r} ({line.confidence:.0%} sure), and nobody asked for it",
                measured=float(count),
                unit=limit.unit,
                limit=limit,
                region=_place(subject, picture, line.box),
                remedy="make the picture again, or paint the words over; a scene that wants lettering makes this check a matter of taste",
            )


def _place(subject: Subject, picture: Picture, box: Box) -> Region:
    """Where a place in the raw picture is in the asset."""
    if subject.layout is None or subject.layout.picture is None:
        return subject.region(box)
    shown, crop = subject.layout.picture, subject.crop or Box(0, 0, picture.width, picture.height)
    fx, fy = shown.w / crop.w, shown.h / crop.h
    return subject.region(Box(shown.x + (box.x - crop.x) * fx, shown.y + (box.y - crop.y) * fy, box.w * fx, box.h * fy))
