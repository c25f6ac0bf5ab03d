"""Text of strangers, made safe to stand in a prompt: marked as material, short, visible, and without quotes.

Briefs and kits are data. A model cannot tell data from instruction for certain, so the compiler keeps them apart by form: foreign
text stands in square brackets, which it cannot close; its quotes are taken away, because models draw quoted words as lettering;
what nobody can see is removed; and the rules of the house come after it.
"""

from __future__ import annotations

import re
import unicodedata

MAX_FIELD = 600  # characters of one field: several sentences; more dilutes a prompt and gives room for a counter-prompt
MAX_ITEM = 240  # characters of one item of a list
MAX_ITEMS = 12  # items of a list

_PLAIN = str.maketrans(
    {"[": "(", "]": ")", "{": "(", "}": ")", "⟦": "(", "⟧": ")", "【": "(", "】": ")", "［": "(", "］": ")", "|": "/", "\\": "/"}
    | dict.fromkeys('<>‹›«»"“”„‟〝〞「」『』＂`´', "")
    | {"‘": "'", "’": "'", "‚": "'", "‛": "'"}
)
_ALIEN = {"Cc", "Cf", "Co", "Cs", "Cn"}  # control, bidi and zero-width, private, surrogate, unassigned


def clean(text: str, limit: int = MAX_FIELD) -> str:
    """`text` on one line, without invisible characters, quotes and brackets, at most `limit` characters long."""
    spaced = "".join(" " if char.isspace() else char for char in unicodedata.normalize("NFC", text))
    visible = "".join(char for char in spaced if unicodedata.category(char) not in _ALIEN and not _selector(char))
    bare = re.sub(r"(?<!\w)'|'(?!\w)", "", visible.translate(_PLAIN))
    line = re.sub(r"\s+", " ", bare).strip()
    if len(line) <= limit:
        return line
    return line[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def bracketed(text: str, limit: int = MAX_FIELD) -> str:
    """`text` as material: cleaned and in square brackets."""
    return f"[{clean(text, limit).rstrip(' .')}]"


def _selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0000" <= char <= "\U000e0fff"
