"""Colours between CSS notations, which kits write, and the colour objects of DTCG 2025.10, in all fourteen spaces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from brandkit.color.parse import parse_color

FUNCTIONS = {"hsl", "hwb", "lab", "lch", "oklab", "oklch"}  # spaces with a CSS function of their own; the rest use color()
SPACES = (
    "srgb", "srgb-linear", "hsl", "hwb", "lab", "lch", "oklab", "oklch", "display-p3", "a98-rgb", "prophoto-rgb", "rec2020",
    "xyz-d65", "xyz-d50",
)  # fmt: skip
UNIT, PERCENT, HUE, FREE, CHROMA = (0.0, 1.0), (0.0, 100.0), (0.0, 360.0), (None, None), (0.0, None)
RANGES: dict[str, tuple[tuple[float | None, float | None], ...]] = {
    **dict.fromkeys(SPACES, (UNIT, UNIT, UNIT)),
    "hsl": (HUE, PERCENT, PERCENT), "hwb": (HUE, PERCENT, PERCENT),
    "lab": (PERCENT, FREE, FREE), "lch": (PERCENT, CHROMA, HUE),
    "oklab": (UNIT, FREE, FREE), "oklch": (UNIT, CHROMA, HUE),
}  # fmt: skip
"""Least and most of each component; a hue stays below 360."""
PERCENTAGES = {"hsl": (1, 2), "hwb": (1, 2)}  # components that CSS writes with %
ROUNDING = 0.13  # of an 8-bit level: components with three decimals are off by up to 0.1275
LAB_SCALES = {"lab": (100.0, 125.0, 125.0), "lch": (100.0, 150.0, 1.0), "oklab": (1.0, 0.4, 0.4), "oklch": (1.0, 0.4, 1.0)}  # 100 %

_CALL = re.compile(r"(color|hsla?|hwb|lab|lch|oklab|oklch)\(\s*([^()]*?)\s*\)")
_PART = re.compile(r"(none)|([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(%|deg|grad|rad|turn)?")
_TURNS = {"": 1.0, "deg": 1.0, "grad": 0.9, "turn": 360.0, "rad": 57.29577951308232}


def srgb_hex(css: str) -> str:
    """`#RRGGBB` of a CSS colour, as screens show it."""
    return parse_color(css).hex


def css_of(color: Mapping[str, Any]) -> str:
    """The CSS notation of a valid DTCG colour object; 8-bit sRGB becomes `#RRGGBB`."""
    space, parts, alpha = str(color["colorSpace"]), list(color["components"]), float(color.get("alpha", 1))
    if space == "srgb" and "none" not in parts:
        levels = [float(part) * 255 for part in parts]
        if all(abs(level - round(level)) <= ROUNDING for level in levels):
            digits = "".join(f"{round(level):02X}" for level in levels)
            return f"#{digits}" + ("" if alpha == 1 else f"{round(alpha * 255):02X}")
    written = [_written(part) + ("%" if index in PERCENTAGES.get(space, ()) else "") for index, part in enumerate(parts)]
    body = " ".join(written) + ("" if alpha == 1 else f" / {_written(alpha)}")
    return f"{space}({body})" if space in FUNCTIONS else f"color({space} {body})"


def _written(part: Any) -> str:
    if part == "none":
        return "none"
    number = round(float(part), 10)
    return f"{number:.10f}".rstrip("0").rstrip(".") if number else "0"


def color_object(css: str) -> dict[str, Any]:
    """The DTCG colour object of a CSS colour, in its own space where DTCG has that space, with `hex` as the fallback.

    Raises:
        ValueError: `css` is not a colour.
    """
    parsed = parse_color(css)
    plain = css.strip().lower()
    call = _CALL.fullmatch(plain)
    found = _components(call[1], call[2]) if call and "," not in plain else None
    if found:
        space, parts, alpha = found
        value: dict[str, Any] = {"colorSpace": space, "components": parts}
    else:
        value = {"colorSpace": "srgb", "components": [_number(round(channel / 255, 5)) for channel in parsed.rgb]}
        alpha = parsed.alpha
    if alpha < 1:
        value["alpha"] = round(alpha, 4)
    return {**value, "hex": parsed.hex.lower()}


def _components(name: str, body: str) -> tuple[str, list[Any], float] | None:
    """Space, components and alpha of a CSS function; None where DTCG cannot say it as it stands."""
    space = name.removesuffix("a")
    if name == "color":
        space, _, body = body.partition(" ")
        space = "xyz-d65" if space == "xyz" else space
    main, _, last = body.partition("/")
    words = main.split()
    if space not in SPACES or len(words) != 3:
        return None
    parts = [_component(space, index, word) for index, word in enumerate(words)]
    alpha = _component("srgb", 0, last.strip()) if last.strip() else 1.0
    if None in parts or alpha is None or any(not within(space, index, part) for index, part in enumerate(parts)):
        return None
    return space, parts, 0.0 if alpha == "none" else float(alpha)


def _component(space: str, index: int, word: str) -> Any:
    match = _PART.fullmatch(word)
    if not match:
        return None
    if match[1]:
        return "none"
    number, unit = float(match[2]), match[3] or ""
    if RANGES[space][index] is HUE:
        return _number(round(number * _TURNS[unit] % 360, 10)) if unit in _TURNS else None
    if unit not in {"", "%"}:
        return None
    if unit and index not in PERCENTAGES.get(space, ()):
        number = number / 100 * LAB_SCALES.get(space, (1.0, 1.0, 1.0))[index]
    return _number(round(number, 10))


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else value


def within(space: str, index: int, part: Any) -> bool:
    """Whether a component lies in the range that DTCG gives it."""
    if part == "none":
        return True
    low, high = RANGES[space][index]
    number = float(part)
    return (low is None or number >= low) and (high is None or number < high or (number == high and RANGES[space][index] is not HUE))
