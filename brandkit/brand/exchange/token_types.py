"""The thirteen token types of DTCG 2025.10 as data, and where a resolved value breaks the rules of its type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from brandkit.brand.exchange.values import SPACES, within
from brandkit.brand.resolve import Loc

WEIGHTS = {
    "thin": 100, "hairline": 100, "extra-light": 200, "ultra-light": 200, "light": 300, "normal": 400, "regular": 400, "book": 400,
    "medium": 500, "semi-bold": 600, "demi-bold": 600, "bold": 700, "extra-bold": 800, "ultra-bold": 800, "black": 900, "heavy": 900,
    "extra-black": 950, "ultra-black": 950,
}  # fmt: skip
STROKES = ("solid", "dashed", "dotted", "double", "groove", "ridge", "outset", "inset")
COMPOSITES: dict[str, dict[str, str]] = {
    "border": {"color": "color", "width": "dimension", "style": "strokeStyle"},
    "transition": {"duration": "duration", "delay": "duration", "timingFunction": "cubicBezier"},
    "shadow": {
        "color": "color", "offsetX": "dimension", "offsetY": "dimension", "blur": "dimension", "spread": "dimension", "inset": "boolean?",
    },
    "gradient": {"color": "color", "position": "number"},
    "typography": {
        "fontFamily": "fontFamily", "fontSize": "dimension", "fontWeight": "fontWeight", "letterSpacing": "dimension",
        "lineHeight": "number",
    },
    "dashes": {"dashArray": "dimensions", "lineCap": "cap"},
}  # fmt: skip
"""Members of composite types and their types; `?` marks those that may be missing."""
TYPES = (
    "color", "dimension", "fontFamily", "fontWeight", "duration", "cubicBezier", "number", "strokeStyle", "border", "transition",
    "shadow", "gradient", "typography",
)  # fmt: skip
LISTS = {"gradient", "shadow"}  # composites that may be a list of themselves; a gradient always is
UNITS = {"dimension": ("px", "rem"), "duration": ("ms", "s")}


class Wrong(NamedTuple):
    """A rule that a value breaks: where inside the value, what, and what to write."""

    loc: Loc
    message: str
    hint: str


def wrongs(kind: str, value: Any, loc: Loc = ()) -> Iterator[Wrong]:
    """Everything in `value` that the type `kind` does not allow."""
    if kind in COMPOSITES:
        if kind in LISTS and isinstance(value, list):
            for index, entry in enumerate(value):
                yield from wrongs(kind, entry, (*loc, index)) if isinstance(entry, list) else _object(kind, entry, (*loc, index))
            if not value:
                yield Wrong(loc, "is an empty list", f"write at least one {kind}")
        elif kind == "gradient":
            yield Wrong(loc, "is not a list of stops", 'write [{"color": …, "position": 0}, …]')
        else:
            yield from _object(kind, value, loc)
    elif kind == "color":
        yield from _color(value, loc)
    elif kind in UNITS:
        yield from _quantity(kind, value, loc)
    elif kind == "strokeStyle" and isinstance(value, dict):
        yield from _object("dashes", value, loc)
    elif kind == "dimensions" and isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _quantity("dimension", entry, (*loc, index))
    elif not _plain(kind, value):
        yield Wrong(loc, f"{str(value)[:60]!r} is no {kind}", SIMPLE.get(kind, "see the DTCG format"))


SIMPLE = {
    "fontFamily": 'write a name or a list of names, e.g. ["Inter", "sans-serif"]',
    "fontWeight": f"write 1 to 1000, or one of: {', '.join(WEIGHTS)}",
    "cubicBezier": "write [x1, y1, x2, y2] with x in 0..1",
    "number": "write a number without quotes",
    "strokeStyle": f"write one of: {', '.join(STROKES)}, or a dashArray with a lineCap",
    "boolean": "write true or false",
    "cap": "write round, butt or square",
    "dimensions": 'write [{"value": 2, "unit": "px"}, …]',
}


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(kind: str, value: Any) -> bool:
    if kind == "fontFamily":
        names = value if isinstance(value, list) else [value]
        return bool(names) and all(isinstance(name, str) for name in names)
    if kind == "fontWeight":
        return 1 <= value <= 1000 if _number(value) else isinstance(value, str) and value in WEIGHTS
    if kind == "cubicBezier":
        return isinstance(value, list) and len(value) == 4 and all(map(_number, value)) and all(0 <= value[index] <= 1 for index in (0, 2))
    if kind == "number":
        return _number(value)
    if kind == "boolean":
        return isinstance(value, bool)
    choices: tuple[str, ...] = {"strokeStyle": STROKES, "cap": ("round", "butt", "square")}.get(kind, ())
    return isinstance(value, str) and value in choices


def _object(kind: str, value: Any, loc: Loc) -> Iterator[Wrong]:
    members = COMPOSITES[kind]
    needed = [name for name, member in members.items() if not member.endswith("?")]
    if not isinstance(value, dict):
        yield Wrong(loc, f"{str(value)[:60]!r} is no {kind}", f"write an object with {', '.join(needed)}")
        return
    for name in needed:
        if name not in value:
            yield Wrong(loc, f"lacks {name!r}", f"add {name!r}; a {kind} needs {', '.join(needed)}")
    for name, entry in value.items():
        if name in members:
            yield from wrongs(members[name].rstrip("?"), entry, (*loc, name))
        else:
            yield Wrong((*loc, name), f"a {kind} has no member {name!r}", f"delete it; it may have {', '.join(members)}")


def _quantity(kind: str, value: Any, loc: Loc) -> Iterator[Wrong]:
    units = UNITS[kind]
    if not isinstance(value, dict) or set(value) != {"value", "unit"} or not _number(value["value"]):
        yield Wrong(loc, f"{str(value)[:60]!r} is no {kind}", f'write {{"value": 16, "unit": "{units[0]}"}}')
    elif value["unit"] not in units:
        yield Wrong((*loc, "unit"), f"{value['unit']!r} is no unit of a {kind}", f"write {' or '.join(units)}")


def _color(value: Any, loc: Loc) -> Iterator[Wrong]:
    if not isinstance(value, dict) or "colorSpace" not in value or "components" not in value:
        hint = 'write {"colorSpace": "srgb", "components": [0, 0.4, 0.8], "hex": "#0066cc"}'
        yield Wrong(loc, f"{str(value)[:60]!r} is no color", hint)
        return
    space, parts, alpha, digits = (value.get(key) for key in ("colorSpace", "components", "alpha", "hex"))
    if not isinstance(space, str) or space not in SPACES:
        yield Wrong((*loc, "colorSpace"), f"{str(space)[:40]!r} is no colour space", f"write one of: {', '.join(SPACES)}")
    elif not isinstance(parts, list) or len(parts) != 3:
        yield Wrong((*loc, "components"), "needs three components", "write three numbers, or 'none' for one that is missing")
    else:
        for index, number in enumerate(parts):
            if not (number == "none" or _number(number)) or not within(space, index, number):
                yield Wrong((*loc, "components", index), f"{str(number)[:40]!r} is out of the range of {space}", "see the colour module")
    if alpha is not None and not (_number(alpha) and 0 <= alpha <= 1):
        yield Wrong((*loc, "alpha"), f"{str(alpha)[:40]!r} is no alpha", "write a number in 0..1")
    if digits is not None and not (isinstance(digits, str) and len(digits) == 7 and digits[0] == "#" and _is_hex(digits[1:])):
        yield Wrong((*loc, "hex"), f"{str(digits)[:40]!r} is no hex colour of six digits", "write e.g. '#0066cc'")
    for name in sorted(value.keys() - {"colorSpace", "components", "alpha", "hex"}):
        yield Wrong((*loc, name), f"a color has no member {name!r}", "delete it")


def _is_hex(digits: str) -> bool:
    return all(digit in "0123456789abcdefABCDEF" for digit in digits)
