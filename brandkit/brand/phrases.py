"""Phrases in running text, in any script: whole words with their inflected forms, whatever their case and spelling of accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Thai, Lao, Burmese, Khmer, kana and Han: written without spaces, so that a word has no boundaries to look for."""
ARABIC = r"\u0600-\u06ff\u0750-\u077f"
INFLECTED = 4  # letters from which a word is also found in its inflected forms; shorter ones would meet other words
ENGLISH = r"(?:['’]s|s|es|ed|d|ing)?"
ENGLISH_E = r"(?:e(?:['’]s|s|d)?|ing)"  # after a stem that lost its e: elevate, elevated, elevating
ENGLISH_Y = r"(?:y(?:['’]s|ing)?|ies|ied)"
GERMAN = r"(?:s|es|n|en|e|em|er|ern|ens|nen)?"
ARABIC_BEFORE = r"(?:[وف]?(?:[بكل]?ال|لل|[بكل])?)"  # and, so; in, like, for; the
ARABIC_AFTER = r"(?:ات|ان|ون|ين|ه|ها|هم|هن|ك|كم|نا|ي)?"
FOLD = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None, "‘": "'", "’": "'"})


class Match(NamedTuple):
    """Where a phrase stands in a text: `text[start:end]`."""

    start: int
    end: int


def find_phrases(text: str, phrase: str, locale: str = "en") -> list[Match]:
    """Every place where `text` says `phrase`, in the order of the text, without overlaps.

    Case, composed and decomposed letters, full-width forms, soft hyphens, Arabic vowel signs and forms of alef make no difference. A space
    of the phrase stands for any space or hyphen; a hyphen also for nothing. The last letters may be an inflection of the locale's language
    (English and German endings, the plural `s` elsewhere, attached particles in Arabic). Scripts without spaces match anywhere.

    Args:
        text: Copy of a person.
        phrase: One word or several.
        locale: BCP 47 tag of the text.
    """
    pattern = _pattern(phrase, locale.partition("-")[0])
    if pattern is None:
        return []
    folded, spans = _folded(text)
    return [Match(spans[found.start()].start, spans[found.end() - 1].end) for found in re.finditer(pattern, folded)]


def possible(phrases: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Those of `phrases` whose first letters stand somewhere in `texts`; the others cannot be found there."""
    whole = fold("\n".join(texts))
    beginning = re.compile(rf"[{UNSPACED}]|[^\W_]{{1,3}}")
    return [phrase for phrase in phrases if (first := beginning.search(fold(phrase))) and first[0] in whole]


def fold(text: str) -> str:
    """`text` as it is compared: one form for letters that differ only in case, width, composition or vowel signs."""
    return _folded(text)[0]


@lru_cache(maxsize=256)
def _folded(text: str) -> tuple[str, tuple[Match, ...]]:
    """The folded text, and for each of its characters the part of the original that it comes from."""
    folded: list[str] = []
    spans: list[Match] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and unicodedata.combining(text[end]):
            continue
        cluster = unicodedata.normalize("NFKC", text[start:end]).casefold().translate(FOLD)
        kept = [char for char in cluster if unicodedata.category(char) != "Cf" and not _vowel_sign(char)]
        folded += kept
        spans += [Match(start, end)] * len(kept)
        start = end
    return "".join(folded), tuple(spans)


def _vowel_sign(char: str) -> bool:
    return "\u064b" <= char <= "\u065f" or char == "\u0670"


@cache
def _pattern(phrase: str, language: str) -> re.Pattern[str] | None:
    words = re.split(r"([\W_]+)", fold(phrase).strip())
    words = words[2:] if words and not words[0] else words
    words = words[:-2] if words and not words[-1] else words
    if not words:
        return None
    parts = [_word(part, language) if index % 2 == 0 else _gap(part) for index, part in enumerate(words)]
    before = "" if re.match(f"[{UNSPACED}]", words[0]) else rf"(?<![^\W{UNSPACED}])"
    after = "" if re.search(f"[{UNSPACED}]$", words[-1]) else rf"(?![^\W{UNSPACED}])"
    return re.compile(before + "".join(parts) + after)


def _gap(between: str) -> str:
    return r"[\W_]*" if between.strip() in {"-", "‐", "‑", "–"} else r"[\W_]+"


def _word(word: str, language: str) -> str:
    literal = re.escape(word)
    if re.search(f"[{UNSPACED}]", word):
        return r"\s*".join(re.escape(char) for char in word) if word.isalpha() else literal  # a line break may stand anywhere
    if re.fullmatch(f"[{ARABIC}]+", word):
        return ARABIC_BEFORE + re.sub(r"ه$", "[هت]", literal) + ARABIC_AFTER
    if len(word) < INFLECTED or not word.isalpha():
        return literal
    if language == "de":
        return literal + GERMAN
    if language != "en":
        return literal + "(?:s|es)?"
    if word.endswith("e"):
        return re.escape(word[:-1]) + ENGLISH_E
    return re.escape(word[:-1]) + ENGLISH_Y if word.endswith("y") else literal + ENGLISH
