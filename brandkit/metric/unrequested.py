"""Text in a picture that nobody asked for: lines that a reader is sure of, large enough to be meant, and no part of known words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from brandkit.image.region import Box
from brandkit.metric.ocr import Line, Pixels, Reader, read_lines
from brandkit.metric.spelling import compare, letters

SURE = 0.80  # confidence from which a line is text; strokes, tiles and grain that resemble letters stay below
LEAST_HEIGHT = 0.012  # of the picture's short side; smaller lettering on things in a scene is part of the scene
LEAST_LETTERS = 2  # a single stroke or ring reads as I or O
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
    lines = (line for line in read_lines(rgb, reader) if _meant(line, min(height, width), room))
    return [
        Found(line.text, len(letters(line.text)), line.box, line.confidence)
        for line in lines
        if not any(_part(line, text) for text in texts)
    ]


def _meant(line: Line, short: int, room: Box) -> bool:
    x, y = line.box.x + line.box.w / 2, line.box.y + line.box.h / 2
    placed = room.x <= x <= room.right and room.y <= y <= room.bottom
    large = min(line.box.h, line.box.w) >= LEAST_HEIGHT * short
    return placed and large and line.confidence >= SURE and len(letters(line.text)) >= LEAST_LETTERS


def _part(line: Line, text: str) -> bool:
    return min(compare(line.text, text).rate, compare(text, line.text).rate) <= KNOWN
