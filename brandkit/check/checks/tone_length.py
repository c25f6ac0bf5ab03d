"""tone-length."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from brandkit.check.limits import profiled
from brandkit.check.registry import NO_LAYOUT, Further, Outcome, check
from brandkit.check.subject import Subject
from brandkit.layout.boxes import Slot
from brandkit.metric.lines import count_lines, line_length
from brandkit.results import Finding, Level, Limit, Measurement, Verdict

ID = "tone-length"
MOST_LINES = {"label": 2, "headline": 4, "body": 6, "cta": 1, "legal": 4}
"""Lines that each kind of text may take: an action is one phrase, a headline is taken in at one glance, small print stays small."""
MEASURE = Limit(review_at=80, fail_at=120, unit="characters per line")
"""WCAG 2.2, 1.4.8: at most 80 characters a line, 40 full-width ones (each counts twice); beyond half as many again nobody finds back."""
LEADING = 1.2  # line height in sizes, for layouts that do not say


@check(
    id=ID,
    rationale="""
        Copy that fits can still be too long: the typesetter makes it smaller and breaks it more often until it is in, and nobody reads it.
        What counts is what a reader sees in this format, not a number of characters in the brief: the lines that each slot takes (label
        2, headline 4, body 6, action 1, small print 4), and how long the lines of running text are (80 characters, 40 full-width ones).
        Both come from the layout, so they hold for every language and size alike.
    """,
    limits=Limit(review_at=0, fail_at=3, unit="lines too many"),
    further=[Further("line", MEASURE, "of running text")],
    version=2,
    foreign_level=Level.SHOULD,
)
def tone_length(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """No text takes more lines, or longer ones, than its kind can bear."""
    if subject.layout is None:
        yield NO_LAYOUT
        return
    for slot in subject.layout.slots:
        given = subject.layout.data.get("slots", {}).get(slot.name, {})
        leading, ink = float(given.get("leading", LEADING)), float(given.get("top", 0)) - float(given.get("bottom", 0))
        lines = count_lines(slot.box.h, size=slot.size, leading=leading, first=ink)
        most = MOST_LINES.get(slot.name, MOST_LINES["body"])
        yield Measurement(
            name=slot.name,
            measured=f"{lines} line{'s' if lines > 1 else ''}",
            expected=f"at most {most}",
            value=float(max(0, lines - most)),
            unit=limit.unit,
            region=subject.region(slot.box),
        )
        verdict = limit.verdict(lines - most)
        if lines > most and verdict is not Verdict.PASS:
            yield _too_many(subject, slot, lines, most, limit, verdict)
        if slot.name == "body":
            yield from _too_long(subject, slot, lines)


def _too_many(subject: Subject, slot: Slot, lines: int, most: int, limit: Limit, verdict: Verdict) -> Finding:
    words = len(slot.text.split())
    spoken = f"{words} words" if words > most else f"{len(slot.text)} characters"
    return Finding(
        check=ID,
        code="lines",
        verdict=verdict,
        message=f"the {slot.name} takes {lines} lines ({spoken}) where {most} are read",
        measured=float(lines - most),
        unit=limit.unit,
        limit=limit,
        region=subject.region(slot.box),
        remedy=f"shorten it to about {round(100 * most / lines)} % of its length, or choose a template with a wider column for it",
    )


def _too_long(subject: Subject, slot: Slot, lines: int) -> Iterator[Outcome]:
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in slot.text)
    longest = line_length(len(slot.text) + wide, slot.text.count("\n"), lines)
    yield Measurement(name=f"{slot.name} line", measured=f"{longest:.0f} characters", expected=f"at most {MEASURE.review_at:g}")
    limit = profiled(MEASURE, subject.brand)
    verdict = limit.verdict(longest)
    if verdict is not Verdict.PASS:
        yield Finding(
            check=ID,
            code="long-lines",
            verdict=verdict,
            message=f"the lines of the {slot.name} hold {longest:.0f} characters; the eye loses the next line beyond {MEASURE.review_at:g}",
            measured=longest,
            unit=limit.unit,
            limit=limit,
            region=subject.region(slot.box),
            remedy="set it larger, in a narrower column, or say it shorter",
        )
