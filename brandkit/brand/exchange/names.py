"""Names of foreign files made into names of a kit, and what they give away of a colour's role or a style's slot."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import islice

from brandkit.brand.wording import closest
from brandkit.files import slug

MAX_CHOICES = 100  # names that a hint is chosen from
MAX_NAME = 40  # characters; as `Name` in the model
GENERIC = {"color", "colors", "colour", "colours", "palette", "tokens", "token"}
"""First words of a path that say no more than that it is a colour."""

ROLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("primary", ("primary", "brand")),
    ("surface", ("background", "surface", "bg", "canvas", "paper", "base-100")),
    ("ink", ("foreground", "text", "ink", "fg", "base-content", "on-surface", "on-background")),
    ("accent", ("accent", "tertiary", "highlight")),
    ("neutral", ("neutral", "gray", "grey")),
)
"""Role, and the names that state it when a colour is called just that (or that and `default`, `base`, `500`)."""
ENDINGS = {"default", "base", "main", "500", "root", "color", "colour"}
SLOTS: tuple[tuple[str, str], ...] = (
    ("headline", r"h1|headline|heading|headings|title|display|hero"),
    ("body", r"body|base|paragraph|text"),
    ("cta", r"cta|button|action"),
    ("legal", r"legal|caption|footnote|fine"),
    ("label", r"label|overline|eyebrow|tag"),
)
"""Slot of copy, and words in the names of text styles that suggest it; the first style that matches is taken."""


def kit_name(text: str, taken: Collection[str] = (), fallback: str = "color") -> str:
    """A name of lower-case letters, digits and hyphens made of `text`, unlike those in `taken`."""
    plain = slug(re.sub(r"(?<=[a-z])(?=[A-Z])", "-", text)) if text.isascii() or slug(text) != "untitled" else fallback
    plain = plain if plain[0].isalpha() else f"{fallback}-{plain}"
    name = plain[:MAX_NAME].strip("-")
    if name not in taken:
        return name
    low, high = 1, 2  # the numbers up to `low` are taken; thousands of equal names must not take millions of steps
    while _numbered(plain, high) in taken:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _numbered(plain, middle) in taken else (low, middle)
    return _numbered(plain, high)


def _numbered(plain: str, number: int) -> str:
    ending = f"-{number}"
    return plain[: MAX_NAME - len(ending)].strip("-") + ending


def near(word: str, choices: Iterable[str]) -> str:
    """As `closest`, among the first choices only: a file may hold thousands, and thousands of wrong names."""
    return closest(word, list(islice(choices, MAX_CHOICES)))


def path_name(path: Sequence[str], taken: Collection[str] = ()) -> str:
    """A kit's name for a token: its path without a first word that says nothing and without `$root`."""
    steps = [step for step in path if step != "$root"]
    if len(steps) > 1 and steps[0].lower() in GENERIC:
        steps = steps[1:]
    return kit_name("-".join(steps), taken)


def role_of(name: str) -> str:
    """The role that a colour's name states; empty when it states none."""
    words = name.split("-")
    while len(words) > 1 and words[-1] in ENDINGS:
        words = words[:-1]
    plain = "-".join(words)
    return next((role for role, names in ROLES if plain in names), "")


def slot_of(path: Sequence[str]) -> str:
    """The slot of copy that a text style's name suggests; empty when none."""
    words = [word for step in path for word in kit_name(step, fallback="style").split("-")]
    for slot, pattern in SLOTS:
        if any(re.fullmatch(pattern, word) for word in words):
            return slot
    return ""
