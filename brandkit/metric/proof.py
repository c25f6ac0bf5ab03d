"""A set text proof-read: what stands in its box, against what should."""

from __future__ import annotations

from collections.abc import Iterable

from brandkit.image.region import Box
from brandkit.metric.ocr import Ink, Line, Pixels, Reader, read_closely, read_lines
from brandkit.metric.spelling import Spelling, compare, inside, reading_order

PART = 0.5  # error rate up to which a line is taken for a part of a text; lines of other texts lie far above
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
    best = first
    for only in (None, ink) if ink else (None,):
        for look in reader.looks:
            closer = inside(read_closely(rgb, box, reader, size=size, at=look, ink=only), room)
            again = compare(expected, " ".join(line.text for line in reading_order(closer, rtl=rtl)))
            best = min(best, again, key=lambda spelling: spelling.wrong)
            if best.wrong == 0:
                return best
    return best


def _parts(lines: Iterable[Line], expected: str) -> list[Line]:
    """The lines that are parts of `expected`, or hold it: the others stand between them in a layout of several columns."""
    return [line for line in lines if min(compare(line.text, expected).rate, compare(expected, line.text).rate) <= PART]
