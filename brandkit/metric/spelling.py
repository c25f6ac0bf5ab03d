"""How far a text that was read is from the one that was asked for, in letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from brandkit.image.region import Box
from brandkit.metric.ocr import Line

TWINS = str.maketrans("ヘベペリニカロハタエト一|", "へべぺり二力口八夕工卜ーl")
"""Letters that look the same in most fonts, so that neither a reader nor a program can tell them apart."""
LOOKALIKES = ("il1j", "o0", "s5", "بتثنيه", "جحخ", "دذ", "رز", "سش", "صض", "طظ", "عغ", "فق")
"""Letters that are confused in small or soft type; Arabic ones that differ only in their dots, which tesseract often misses."""
LOOKALIKE = 0.5  # letters; a single pair of these may be a reader's slip, two of them are not
LOST = 0.5  # error rate from which a text is not misspelt but not there
KEPT = set("%&@#§$€£¥+=<>°·")  # signs that change what is said
ROW = 0.5  # share of a line's height by which the centres of two parts of one line may differ


class Spelling(NamedTuple):
    """The best place of a text in what was read: `wrong` letters (halves for look-alikes) of `letters`, and what stands there.

    `agreed` is the number of readings, at different sizes, that found exactly this.
    """

    wrong: float
    letters: int
    found: str
    agreed: int = 1

    @property
    def rate(self) -> float:
        """Character error rate in [0, 1]."""
        return self.wrong / self.letters if self.letters else 0.0


def letters(text: str) -> str:
    """What of `text` is compared: letters, digits and signs, in one case and width, without spaces, marks and punctuation.

    Punctuation between digits stays (9.90 is not 990). Arabic vowel signs and the stretching tatweel go.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"[\u064b-\u065f\u0670\u0640]", "", plain)
    plain = re.sub(r"(?<=\d)[.,:](?=\d)", "·", plain).translate(TWINS)
    return "".join(char for char in plain if unicodedata.category(char)[0] in "LNM" or char in KEPT)


def compare(expected: str, read: str) -> Spelling:
    """The place in `read` that differs least from `expected`, whatever stands before and after it.

    Args:
        expected: The text that was asked for.
        read: The text that was read, lines in reading order.
    """
    wanted, given = letters(expected), letters(read)
    if not wanted:
        return Spelling(0.0, 0, "")
    if wanted in given:
        return Spelling(0.0, len(wanted), wanted)
    cost, start = np.zeros(len(given) + 1), np.arange(len(given) + 1)
    for char in wanted:
        left_cost, left_start = cost[0] + 1, start[0]
        new_cost, new_start = [left_cost], [left_start]
        for index, other in enumerate(given):
            options = (
                (cost[index] + _swap(char, other), start[index]),
                (cost[index + 1] + 1, start[index + 1]),
                (new_cost[-1] + 1, new_start[-1]),
            )
            best = min(options, key=lambda option: option[0])
            new_cost.append(best[0])
            new_start.append(best[1])
        cost, start = np.array(new_cost), np.array(new_start)
    end = int(np.argmin(cost))
    return Spelling(float(cost[end]), len(wanted), given[int(start[end]) : end])


def _swap(first: str, second: str) -> float:
    if first == second:
        return 0.0
    return LOOKALIKE if any(first in group and second in group for group in LOOKALIKES) else 1.0


def reading_order(lines: Iterable[Line], *, rtl: bool = False) -> list[Line]:
    """Lines from top to bottom; parts of one line in the direction of reading."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.box.y + line.box.h / 2):
        middle = line.box.y + line.box.h / 2
        last = rows[-1][0].box if rows else None
        if last is not None and abs(middle - last.y - last.h / 2) < ROW * min(last.h, line.box.h):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: -line.box.right if rtl else line.box.x)]


def inside(lines: Iterable[Line], box: Box) -> list[Line]:
    """The lines whose centre lies in `box`."""
    found = []
    for line in lines:
        x, y = line.box.x + line.box.w / 2, line.box.y + line.box.h / 2
        if box.x <= x <= box.right and box.y <= y <= box.bottom:
            found.append(line)
    return found
