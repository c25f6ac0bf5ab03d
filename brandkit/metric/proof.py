"""A set text proof-read: what stands in its box, against what should."""

from __future__ import annotations

from collections.abc import Iterable

from brandkit.image.region import Box
from brandkit.metric.ocr import Line, Pixels, Reader, read_closely, read_lines
from brandkit.metric.spelling import Spelling, compare, inside, reading_order

PART = 0.5  # error rate up to which a line is taken for a part of a text; lines of other texts lie far above
SLACK = 0.6  # font sizes around a text's box in which the centre of its lines may lie


def proof_read(rgb: Pixels, expected: str, reader: Reader, *, box: Box | None = None, size: float = 0.0, rtl: bool = False) -> Spelling:
    """Compare what a picture reads with what it should read.

    The whole picture is read first, once for all its texts. Where that differs, the box is read again, enlarged, and the better reading
    counts: a misspelt word stays misspelt in both, a word that was only too small does not.

    Args:
        rgb: Picture, shape (H, W, 3), sRGB, 0..255.
        expected: The text that was asked for.
        reader: From `reader_for`.
        box: Where it was set; None for a picture made elsewhere, in which it may stand anywhere.
        size: Font size in px, where the box is known.
        rtl: Whether it runs from right to left.
    """
    lines = read_lines(rgb, reader)
    if box is None:
        return compare(expected, " ".join(line.text for line in reading_order(_parts(lines, expected), rtl=rtl)))
    room = box.grown(SLACK * size)
    first = compare(expected, " ".join(line.text for line in reading_order(inside(lines, room), rtl=rtl)))
    if first.wrong == 0 or size <= 0:
        return first
    closer = read_closely(rgb, box, reader, size=size)
    second = compare(expected, " ".join(line.text for line in reading_order(inside(closer, room), rtl=rtl)))
    return min(first, second, key=lambda spelling: spelling.wrong)


def _parts(lines: Iterable[Line], expected: str) -> list[Line]:
    """The lines that are parts of `expected`, or hold it: the others stand between them in a layout of several columns."""
    return [line for line in lines if min(compare(line.text, expected).rate, compare(expected, line.text).rate) <= PART]
