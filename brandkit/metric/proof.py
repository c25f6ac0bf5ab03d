"""A set text proof-read: what stands in its box, against what should."""

from __future__ import annotations

from collections.abc import Iterable

from brandkit.image.region import Box
from brandkit.metric.ocr import Ink, Line, Pixels, Reader, read_closely, read_lines
from brandkit.metric.spelling import LOST, Spelling, compare, inside, reading_order

PART = 0.5  # error rate up to which a line is taken for a part of a text; lines of other texts lie far above
AGREED = 2  # readings at different sizes that must find the same letters before a reader that slips is believed
SLACK = 0.6  # font sizes around a text's box in which the centre of its lines may lie


def proof_read(
    rgb: Pixels, expected: str, reader: Reader, *, box: Box | None = None, size: float = 0.0, ink: Ink | None = None, rtl: bool = False
) -> Spelling:
    """Compare what a picture reads with what it should read.

    The whole picture is read first, once for all its texts. Where that differs, the box is read again, enlarged, at last with everything
    blanked out that has not the ink's colour, and the best reading counts: a misspelt word stays misspelt in all of them, a word that was
    only small or on a busy ground does not.

    Args:
        rgb: Picture, shape (H, W, 3), sRGB, 0..255.
        expected: The text that was asked for.
        reader: From `reader_for`.
        box: Where it was set; None for a picture made elsewhere, in which it may stand anywhere.
        size: Font size in px, where the box is known.
        ink: Colour of the text, 0..255, where it is known.
        rtl: Whether it runs from right to left.
    """
    lines = read_lines(rgb, reader)
    if box is None:
        return compare(expected, " ".join(line.text for line in reading_order(_parts(lines, expected), rtl=rtl)))
    room = box.grown(SLACK * size)
    first = compare(expected, " ".join(line.text for line in reading_order(inside(lines, room), rtl=rtl)))
    if first.wrong == 0 or size <= 0:
        return first
    readings = [first]
    for only in (None, ink) if ink else (None,):
        for look in reader.looks:
            closer = inside(read_closely(rgb, box, reader, size=size, at=look, ink=only), room)
            readings.append(compare(expected, " ".join(line.text for line in reading_order(closer, rtl=rtl))))
            if readings[-1].wrong == 0:
                return readings[-1]
    best = min(readings, key=lambda reading: reading.wrong)
    return best._replace(agreed=sum(reading.found == best.found for reading in readings))


def doubt(spelling: Spelling, reader: Reader, size: float | None = None) -> str:
    """Why a text that was misread may be the reader's fault and not the picture's; empty where it is the picture's.

    Args:
        spelling: From `proof_read`.
        reader: What read it.
        size: Font size in px, where it is known.
    """
    if spelling.wrong == 0:
        return ""
    if size is not None and size < reader.legible:
        return f"{reader.name} does not surely read text of less than {reader.legible:g} px"
    if reader.thorough:
        return ""
    if spelling.rate > LOST:
        return f"{reader.name} finds no such text, and it overlooks some on busy grounds"
    if spelling.agreed < AGREED:
        return f"{reader.name} does not read it the same way twice, so the slip may be its own"
    return ""


def _parts(lines: Iterable[Line], expected: str) -> list[Line]:
    """The lines that are parts of `expected`, or hold it: the others stand between them in a layout of several columns."""
    return [line for line in lines if min(compare(line.text, expected).rate, compare(expected, line.text).rate) <= PART]
