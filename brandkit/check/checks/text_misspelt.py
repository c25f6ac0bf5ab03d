"""text-misspelt."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.check.registry import NO_COPY, NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.color.parse import parse_color
from brandkit.layout.boxes import Slot
from brandkit.layout.given import is_rtl
from brandkit.metric.ocr import Reader
from brandkit.metric.spelling import LOST, Spelling
from brandkit.results import Finding, Level, Limit, Measurement, Region, Verdict

ID = "text-misspelt"


@check(
    id=ID,
    rationale="""
        Image models misspell, and nobody proof-reads the eleventh format. The text in the picture is read and compared with the brief,
        letter by letter; capitals, spaces, line breaks and punctuation do not count, and a look-alike such as l and 1 counts half. In
        assets that brandkit made, the typesetter placed the text from the brief, so it cannot be wrong: reading it proves that it is
        legible where it stands. Hence the level `should`; write `levels: {text-misspelt: must}` where others make the pictures. It needs
        the extra `ocr` for Latin, Chinese and Japanese, and tesseract with its language pack for other scripts. Half a wrong letter may
        be the reader's own slip; from three on, a word is wrong or missing. Text that is too small for the reader (10 px; tesseract 15 px)
        passes when it is read right, and counts as not checked when it is not. Tesseract slips on right texts, Arabic ones above all, so
        it only ever asks for a person: where two readings at different sizes agree on the fault; else the text counts as not checked.
    """,
    limits=Limit(review_at=0.5, fail_at=3, unit="wrong letters"),
    version=2,
    level=Level.SHOULD,
)
def text_misspelt(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """Every text reads as the brief has it."""
    copy = subject.words
    if not copy:
        yield NO_COPY
        return
    from brandkit.metric.ocr import Unreadable, reader_for
    from brandkit.metric.proof import doubt

    slots = {slot.name: slot for slot in subject.layout.slots} if subject.layout else {}
    unread: dict[str, list[str]] = {}
    for name, text in copy.items():
        slot, reader = slots.get(name), reader_for(text)
        if isinstance(reader, Unreadable):
            unread.setdefault(reader.reason, []).append(name)
            continue
        spelling = _read(subject, slot, text, reader)
        why = doubt(spelling, reader, slot.size if slot else None)
        if limit.verdict(spelling.wrong) is not Verdict.PASS and why:
            unread.setdefault(why, []).append(name)
        else:
            yield from _judged(subject, name, slot, spelling, limit, advisory=not reader.thorough)
    for reason, names in unread.items():
        yield NotChecked(f"{reason} ({', '.join(names)})")


def _read(subject: Subject, slot: Slot | None, text: str, reader: Reader) -> Spelling:
    from brandkit.metric.proof import proof_read

    rtl = is_rtl(subject.told.locale)
    if slot is None:
        return proof_read(subject.rgb, text, reader, rtl=rtl)
    return proof_read(subject.rgb, text, reader, box=slot.box, size=slot.size, ink=parse_color(slot.ink).rgb, rtl=rtl)


def _judged(subject: Subject, name: str, slot: Slot | None, spelling: Spelling, limit: Limit, *, advisory: bool) -> Iterator[Outcome]:
    region: Region | None = subject.region(slot.box) if slot else None
    yield Measurement(
        name=name,
        measured=f"{spelling.wrong:g} wrong of {spelling.letters} letters",
        expected="every letter",
        value=spelling.wrong,
        unit=limit.unit,
        region=region,
    )
    verdict = limit.verdict(spelling.wrong)
    if verdict is Verdict.PASS:
        return
    if advisory:
        verdict = Verdict.REVIEW
    lost = spelling.rate > LOST
    message = (
        f"the {name} cannot be found" if lost else f"the {name} reads {spelling.found!r}: {spelling.wrong:g} letters differ from the brief"
    )
    yield Finding(
        check=ID,
        code="missing" if lost else "misspelt",
        verdict=verdict,
        message=message,
        measured=spelling.wrong,
        unit=limit.unit,
        limit=limit,
        region=region,
        remedy="look at it: set the text again from the brief, or larger and on a calmer ground if it is right and merely hard to read",
    )
