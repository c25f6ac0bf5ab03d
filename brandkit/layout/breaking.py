"""How copy is cut into lines, words and phrases before it is measured: what stays together in which script."""

from __future__ import annotations

import re
from dataclasses import dataclass

OPENING = "“„«‘‚‹\"'"  # marks that hang into the margin at the start of a headline
GLUE_FROM = 4  # words; shorter texts may break before their last word
SOFT = "\u00ad"  # hyphen that shows only where a line ends
SHORT_LAST = 10  # letters; a last word up to this long is held to the one before it


@dataclass(frozen=True)
class Cut:
    """A text ready for the typesetter."""

    lines: tuple[tuple[str, ...], ...]
    """Parts of every line as written; for scripts without spaces, phrases that should not be broken."""
    words: tuple[str, ...]
    """Everything that cannot be broken, for measuring."""
    letters: tuple[str, ...]
    """The same when phrases may be broken after all."""
    boxed: bool
    hang: str
    """The opening quotation mark that hangs into the margin."""


def cut(text: str, *, script: str, glue: bool = True) -> Cut:
    """Cut `text` for setting.

    Args:
        text: Copy as written; a line break in it stays one.
        script: As from `fonts.script_of`.
        glue: Hold the last word to the one before it, so that no word stands alone on the last line.
    """
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in text.strip().split("\n")]
    if script == "cjk":
        parts = tuple(tuple(phrases(line)) for line in lines)
        flat = tuple(dict.fromkeys(part for line in parts for part in line))
        letters = tuple(dict.fromkeys(word for part in flat for word in re.findall(r"[A-Za-z0-9'’.,&%+-]+|.", part)))
        return Cut(parts, flat, letters, True, "")
    if glue:
        lines = [_hold_last(line) for line in lines]
    unbroken = (word for line in lines for word in re.split(rf"[ \u2009]|(?<=[-–—/{SOFT}])", line) if word)
    words = tuple(dict.fromkeys(_seen_at_end(word) for word in unbroken))
    hang = lines[0][0] if lines and lines[0] and lines[0][0] in OPENING else ""
    return Cut(tuple((line,) for line in lines), words, words, False, hang)


def _seen_at_end(word: str) -> str:
    """A part as a line that ends with it shows it."""
    return word[:-1] + "-" if word.endswith(SOFT) else word


def _hold_last(line: str) -> str:
    words = line.split(" ")
    if len(words) < GLUE_FROM or len(words[-1]) > SHORT_LAST:
        return line
    return " ".join([*words[:-2], "\u00a0".join(words[-2:])])


def phrases(line: str) -> list[str]:
    """Cut Japanese or Chinese into phrases: a line may end after punctuation, and after kana before a new content word.

    Particles and verb endings are kana that follow a content word, so they stay with it and never start a line.
    """
    found: list[str] = []
    for char in line:
        if not found or (_closes(found[-1][-1]) and not _closes(char)) or (_starts(found[-1][-1], char) and not _opens(found[-1][-1])):
            found.append(char)
        else:
            found[-1] += char
    return found


def _closes(char: str) -> bool:
    return char in "、。，．！？：；」』）】〉》・…,.!? \u3000"


def _opens(char: str) -> bool:
    return char in "「『（【〈《"


def _kind(char: str) -> str:
    if "\u3041" <= char <= "\u309f":
        return "hiragana"
    if "\u30a0" <= char <= "\u30ff":
        return "katakana"
    return "latin" if char.isascii() else "han"


def _starts(before: str, char: str) -> bool:
    if _opens(char):
        return True
    if _closes(char) or _kind(char) == "hiragana":
        return False
    return _kind(before) == "hiragana" or (_kind(before) != _kind(char) and _kind(before) in {"katakana", "latin"})
