"""Words that matter to conflicts: colours by name, phrases in a text, requests for lettering, orders to the model."""

from __future__ import annotations

import re
from functools import cache

from brandkit.color.parse import parse_color

NEAR = 8.0  # ΔE00 up to which a colour by name means a forbidden one: a different shade to the eye, the same word
LETTERING = (
    r"(?:reading|saying|says|with) (?:the )?(?:words?|text|headline|slogan|caption|lettering)"
    r"|logos?|wordmarks?|watermarks?|slogans?|captions?|lettering"
)
ORDERS = (
    r"(?:ignore|disregard|forget|override) (?:\w+ ){0,4}(?:instructions?|rules?|colou?rs?|palette|brand|guidelines?|constraints?|prompt)",
    r"(?:system|developer) (?:prompt|message)",
    r"(?:new|following|previous|above) instructions?",
    r"(?:write|print|render|output|answer|respond with) (?:the word )?[\"'“]?(?:PASS|APPROVED|OK)\b",
    r"you are now\b",
)
COLOUR_NAMES = (
    "aqua black blue brown chartreuse coral crimson cyan fuchsia gold gray grey green indigo ivory khaki lavender lime magenta maroon "
    "navy olive orange orchid pink plum purple red salmon silver tan teal tomato turquoise violet white yellow hotpink deeppink"
).split()  # CSS names that people also use in prose


def words(text: str) -> list[str]:
    """The words of `text`, case-folded, plural `s` taken off."""
    return [re.sub(r"(?<=\w{3})(?<!s)s$", "", word) for word in re.findall(r"[^\W_]+", text.casefold())]


def mentions(text: str, phrase: str) -> bool:
    """Whether the words of `phrase` stand in `text` in this order, whatever their case and plural."""
    wanted, found = words(phrase), words(text)
    return bool(wanted) and any(found[start : start + len(wanted)] == wanted for start in range(len(found) - len(wanted) + 1))


def named_colours(text: str) -> list[tuple[str, str]]:
    """Colours that `text` names, as written and as `#RRGGBB`: hex values and CSS names of one word or two (`hot pink`)."""
    found = [(code, parse_color(code).hex) for code in re.findall(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b", text)]
    singles = re.findall(r"[a-z]+", text.casefold())
    for index, word in enumerate(singles):
        pair = word + singles[index + 1] if index + 1 < len(singles) else ""
        name = pair if pair in COLOUR_NAMES else word
        if name in COLOUR_NAMES:
            found.append((name, parse_color(name).hex))
    return found


def same_colour(first: str, second: str) -> bool:
    """Whether two CSS colours are within 8 ΔE00 of each other."""
    from brandkit.color.difference import delta_e_2000

    return float(delta_e_2000(_lab(first), _lab(second))) <= NEAR


@cache
def _lab(color: str) -> tuple[float, float, float]:
    from brandkit.color.spaces import srgb_to_lab

    light, a, b = srgb_to_lab([value / 255 for value in parse_color(color).rgb])
    return float(light), float(a), float(b)


def asks_for_lettering(text: str) -> str | None:
    """The words in `text` that ask for text or a logo in the picture."""
    return _first(LETTERING, text)


def commands(text: str) -> str | None:
    """The words in `text` that read like an instruction to a model rather than a description."""
    return next((found for pattern in ORDERS if (found := _first(pattern, text))), None)


def _first(pattern: str, text: str) -> str | None:
    match = re.search(rf"\b(?:{pattern})", text, re.IGNORECASE)
    return match[0] if match else None
