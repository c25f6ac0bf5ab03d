"""Text in a picture that nobody asked for: lines that a reader is sure of, large enough to be meant, and no part of known words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from brandkit.image.region import Box
from brandkit.metric.ocr import Line, Pixels, Reader, read_lines
from brandkit.metric.spelling import compare, letters

SURE = 0.80  # confidence from which a line is text; strokes, tiles and grain that resemble letters stay below
LEAST_HEIGHT = 0.012  # of the picture's short side; smaller lettering on things in a scene is part of the scene
LEAST_LETTERS = 2  # a single stroke or ring reads as I or O
STRIP = 1.5  # sides from which a picture is read in parts
SAME = 0.5  # of the smaller box, from which two readings are of one line
CUT, WHOLE = 0.01, 0.45  # of a part's side: how near its edge a line is cut, and up to which length another part shows it whole
KNOWN = 0.34  # error rate up to which a line is a misread part of a known text


class Found(NamedTuple):
    """A line of text with the number of its letters, digits and signs."""

    text: str
    letters: int
    box: Box
    confidence: float


def unrequested_lines(rgb: Pixels, reader: Reader, *, known: Iterable[str] = (), within: Box | None = None) -> list[Found]:
    """The lines of text in a picture that are no part of `known` texts.

    Args:
        rgb: Picture, shape (H, W, 3), sRGB, 0..255.
        reader: From `reader_for`.
        known: Texts that may stand there, e.g. the brand's name.
        within: Part of the picture that counts, by the centre of a line; None: all of it.
    """
    height, width = rgb.shape[:2]
    room, texts = within or Box(0, 0, width, height), [text for text in known if letters(text)]
    lines = (line for line in _all_lines(rgb, reader) if _meant(line, min(height, width), room))
    return [
        Found(line.text, len(letters(line.text)), line.box, line.confidence)
        for line in lines
        if not any(_part(line, text) for text in texts)
    ]


def _all_lines(rgb: Pixels, reader: Reader) -> list[Line]:
    """The lines in a picture, wide and tall ones read in parts, too: in a long strip the reader overlooks a lone word."""
    height, width = rgb.shape[:2]
    found: list[Line] = []
    for part in parts_of(width, height):
        rows, columns = part.pixels(width, height)
        for line in read_lines(rgb[rows, columns], reader):
            place = Box(line.box.x + columns.start, line.box.y + rows.start, line.box.w, line.box.h)
            if not _sliver(place, part, width, height):
                found.append(Line(line.text, place, line.confidence))
    kept: list[Line] = []
    for line in sorted(found, key=lambda line: -len(letters(line.text))):  # of a line that two parts show, the longer reading stays
        if all(line.box.intersection(other.box).area <= SAME * min(line.box.area, other.box.area) for other in kept):
            kept.append(line)
    return sorted(kept, key=lambda line: (line.box.y, line.box.x))


def _sliver(place: Box, part: Box, width: int, height: int) -> bool:
    """Whether a line is cut by the edge of its part and short, so that another part shows it whole."""
    if width > height:
        start, end, part_start, part_end, long = place.x, place.right, part.x, part.right, width
    else:
        start, end, part_start, part_end, long = place.y, place.bottom, part.y, part.bottom, height
    near = CUT * (part_end - part_start)
    cut = (part_start > 0 and start < part_start + near) or (part_end < long and end > part_end - near)
    return cut and end - start < WHOLE * (part_end - part_start)


def parts_of(width: int, height: int) -> list[Box]:
    """The whole picture, and of a wide or tall one also squares that cover it and overlap by half, at most five.

    Very long pictures, such as leaderboards, are covered by rectangles of a third of their length.
    """
    short, long, whole = min(width, height), max(width, height), Box(0, 0, width, height)
    if long <= STRIP * short or not short:
        return [whole]
    side = max(short, math.ceil(long / 3))
    count = math.ceil(2 * long / side) - 1
    starts = [round(index * (long - side) / (count - 1)) for index in range(count)]
    return [whole] + [Box(start, 0, side, short) if width > height else Box(0, start, short, side) for start in starts]


def _meant(line: Line, short: int, room: Box) -> bool:
    x, y = line.box.x + line.box.w / 2, line.box.y + line.box.h / 2
    placed = room.x <= x <= room.right and room.y <= y <= room.bottom
    large = min(line.box.h, line.box.w) >= LEAST_HEIGHT * short
    return placed and large and line.confidence >= SURE and len(letters(line.text)) >= LEAST_LETTERS


def _part(line: Line, text: str) -> bool:
    return min(compare(line.text, text).rate, compare(text, line.text).rate) <= KNOWN
