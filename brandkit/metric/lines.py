"""How a text is broken: lines in a box, characters in a line."""

from __future__ import annotations

FIRST = 0.75  # sizes; height of the ink of one line: between that of capitals (0.7) and of letters with descenders (1.0)


def count_lines(height: float, *, size: float, leading: float, first: float = FIRST) -> int:
    """Lines whose ink stands in a box, at least 1.

    Args:
        height: Of the ink, in px.
        size: Font size in px.
        leading: Line height in sizes.
        first: Height of the ink of one line in sizes; scripts with tall letters and marks have more than the default.

    Raises:
        ValueError: Size or leading is not positive.
    """
    if size <= 0 or leading <= 0:
        raise ValueError(f"size and leading must be positive, got {size} and {leading}")
    return 1 + max(0, round((height / size - max(first, FIRST)) / leading))


def line_length(characters: int, breaks: int, lines: int) -> float:
    """Characters in a full line of a text that takes `lines`; the last one is half full on average, one with no other is full.

    Args:
        characters: Of the whole text.
        breaks: Line breaks that its author wrote; each leaves a line that is half full.
        lines: Lines that it takes.

    Raises:
        ValueError: There is no line.
    """
    if lines < 1:
        raise ValueError(f"a text takes at least one line, got {lines}")
    short = min(breaks + 1, lines) if lines > 1 else 0
    return characters / (lines - short / 2)
