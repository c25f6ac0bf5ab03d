"""From resolved tokens to a sketch: colours, families and text styles, and what a kit has no place for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from brandkit.brand.exchange.library import Library, Token
from brandkit.brand.exchange.names import kit_name, path_name, slot_of
from brandkit.brand.exchange.sketch import STYLE_SLOTS, Color, Font, Mark, Remark, Sketch, Style
from brandkit.brand.exchange.token_types import COMPOSITES, TYPES, WEIGHTS, wrongs
from brandkit.brand.exchange.values import color_object, css_of
from brandkit.brand.source import Source
from brandkit.color.parse import parse_color
from brandkit.errors import BrandFileError

VENDOR = "dev.brandkit"
PLAIN_SIZE = 16.0  # px; against which letter spacing is read where a style has no size
SAME_HEX = 6  # 8-bit levels by which a rounded fallback may differ
REM = 16.0  # px; what a browser makes of 1 rem
TEXT_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff]")

_QUANTITY = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*(px|rem|em|ms|s|%)?\s*")


def modern(kind: str, value: Any) -> Any:
    """`value` as DTCG 2025.10 writes it, where it is written as in the older draft; anything else as it is."""
    if kind == "color" and isinstance(value, str):
        try:
            return color_object(value)
        except ValueError:
            return value
    if kind in {"dimension", "duration"} and isinstance(value, str) and (match := _QUANTITY.fullmatch(value)):
        units = {"dimension": ("px", "rem"), "duration": ("ms", "s")}[kind]
        if match[2] in units or (match[2] is None and float(match[1]) == 0):
            return {"value": float(match[1]), "unit": match[2] or units[0]}
    if kind == "number" and isinstance(value, str) and (match := _QUANTITY.fullmatch(value)) and match[2] in {None, "%"}:
        return float(match[1]) / (100 if match[2] else 1)
    if kind == "fontWeight" and isinstance(value, str) and value not in WEIGHTS:
        plain = value.strip().lower().replace(" ", "-")
        return int(plain) if plain.isdecimal() and len(plain) < 5 else plain
    if kind == "strokeStyle" and isinstance(value, dict):
        return {key: modern("dimensions", entry) if key == "dashArray" else entry for key, entry in value.items()}
    if kind == "dimensions" and isinstance(value, list):
        return [modern("dimension", entry) for entry in value]
    if kind in COMPOSITES and isinstance(value, dict):
        return {key: modern(COMPOSITES[kind].get(key, ""), entry) for key, entry in value.items()}
    if kind in COMPOSITES and isinstance(value, list):
        return [modern(kind, entry) for entry in value]
    return value


@dataclass
class Gathering:
    """What has been found so far."""

    colors: dict[str, Color] = field(default_factory=dict)
    fonts: dict[str, Font] = field(default_factory=dict)
    styles: dict[str, Style] = field(default_factory=dict)
    others: Counter[str] = field(default_factory=Counter)
    first: dict[str, Token] = field(default_factory=dict)
    older: Counter[str] = field(default_factory=Counter)


def gather(library: Library, tokens: Iterable[Token]) -> Gathering:
    """Sort tokens by their use; what is broken or has no place becomes a remark of the library."""
    found = Gathering()
    for token in tokens:
        value = _checked(library, token, found)
        if value is None:
            continue
        if token.type == "color":
            _color(library, token, value, found)
        elif token.type == "fontFamily":
            _font(token, value, found, path_name(token.path[1:] if token.path[1:] else token.path, ()))
        elif token.type == "typography":
            _style(library, token, value, found)
        else:
            found.others[token.type] += 1
            found.first.setdefault(token.type, token)
    for kind, count in found.others.items():
        text = f"{count} {kind} token{'s' if count > 1 else ''}, of which this is the first: a kit has no place for {kind} values"
        library.remark("left-out", found.first[kind].document, found.first[kind].loc, text)
    for name, count in found.older.items():
        token = found.first[f"older:{name}"]
        text = f"{count} value{'s' if count > 1 else ''} as an older draft writes them, of which this is the first; read all the same"
        library.remark("guessed", token.document, token.loc, text, "`brandkit export --to dtcg` writes them as 2025.10")
    return found


def _checked(library: Library, token: Token, found: Gathering) -> Any:
    """The token's value in today's notation, or None where it breaks the rules."""
    key = library.dialect.value
    if token.type not in TYPES:
        if library.dialect.strict:
            what = f"{token.type[:40]!r} is no token type" if token.type else "has no type, nor has a group around it"
            library.remark("broken", token.document, token.loc, what, f"write '$type' with one of: {', '.join(TYPES)}")
        else:
            found.others[token.type or "untyped"] += 1
            found.first.setdefault(token.type or "untyped", token)
        return None
    value = modern(token.type, token.value)
    faults = list(wrongs(token.type, value))
    for wrong in faults:
        kind = "broken" if library.dialect.strict else "left-out"
        library.remark(kind, token.document, (*token.loc, key, *wrong.loc), wrong.message, wrong.hint)  # type: ignore[arg-type]
    if not faults and value != token.value and library.dialect.strict:
        file = str(token.document.source.file)
        found.older[file] += 1
        found.first.setdefault(f"older:{file}", token)
    return value if not faults or token.type == "typography" else None


def _color(library: Library, token: Token, value: Mapping[str, Any], found: Gathering) -> None:
    alpha = value.get("alpha", 1)
    if alpha < 1:
        found.others["translucent color"] += 1
        found.first.setdefault("translucent color", token)
        return
    own = token.extensions.get(VENDOR)
    said = own if isinstance(own, dict) else {}
    name = path_name(token.path, found.colors)
    css = css_of(value)
    _fallback(library, token, value, css)
    if isinstance(said.get("value"), str) and _same(said["value"], css):
        css = said["value"]
    found.colors[name] = Color(
        name=name,
        value=css,
        role=str(said.get("role", "")),
        note=clean(token.description),
        evidence=f"token {'.'.join(token.path)}" + (f" = {token.aliased}" if token.aliased else ""),
    )


def _fallback(library: Library, token: Token, value: Mapping[str, Any], css: str) -> None:
    """Say so where `hex` is another colour than the components; outside sRGB tools differ in how they map, so nothing is said there."""
    shown = parse_color(css)
    if "hex" not in value or not shown.in_srgb:
        return
    if max(abs(one - two) for one, two in zip(parse_color(value["hex"]).rgb, shown.rgb, strict=True)) > SAME_HEX:
        message = f"the fallback {value['hex']} is another colour than the components ({shown.hex}), which are taken"
        library.remark("guessed", token.document, (*token.loc, library.dialect.value, "hex"), message, f"write {shown.hex.lower()}")


def _same(written: str, css: str) -> bool:
    """Whether a colour kept in the vendor's extension still is the one that the token gives."""
    try:
        return css_of(color_object(written)) == css
    except ValueError:
        return False


def clean(text: str) -> str:
    """Foreign text as a kit may hold it: no invisible control characters, at most 2000 characters."""
    return TEXT_CONTROL.sub(" ", text)[:2000].strip()


def _font(token: Token, value: Any, found: Gathering, name: str) -> str:
    family = _first_family(value)
    known = next((font.name for font in found.fonts.values() if font.family == family), None)
    own = token.extensions.get(VENDOR)
    files = own.get("files") if isinstance(own, dict) else None
    if isinstance(own, dict) and token.type == "typography" and own.get("font") in found.fonts:
        return str(own["font"])
    if known is None or token.type == "fontFamily":
        known = kit_name(name or family, found.fonts, "font")
        paths = tuple(str(file) for file in files) if isinstance(files, list) else ()
        found.fonts[known] = Font(known, family, paths, evidence=f"token {'.'.join(token.path)}")
    return known


def _style(library: Library, token: Token, value: Mapping[str, Any], found: Gathering) -> None:
    slot = token.path[-1] if token.path[-1] in STYLE_SLOTS else slot_of(token.path)
    if not slot or slot in found.styles or "fontFamily" not in value:
        found.others["further typography"] += 1
        found.first.setdefault("further typography", token)
        return
    own = token.extensions.get(VENDOR)
    for member in own.get("unsaid", ()) if isinstance(own, dict) and isinstance(own.get("unsaid"), list) else ():
        value = {key: entry for key, entry in value.items() if key != member}
    size = _px(value.get("fontSize"))
    spacing = _px(value.get("letterSpacing"))
    raw = value.get("fontWeight")
    weight = WEIGHTS.get(raw) if isinstance(raw, str) else raw
    leading = value.get("lineHeight")
    found.styles[slot] = Style(
        slot=slot,
        font=_font(token, value["fontFamily"], found, kit_name(_first_family(value["fontFamily"]), (), "font")),
        size=size,
        weight=min(900, max(100, round(weight))) if isinstance(weight, int | float) else None,
        leading=float(leading) if isinstance(leading, int | float) and 0.8 <= leading <= 2.5 else None,
        tracking=_tracking(spacing, size or PLAIN_SIZE),
        evidence=f"token {'.'.join(token.path)}",
    )


def _first_family(value: Any) -> str:
    """The first name of a family, a list of families, or a CSS font stack."""
    first = value[0] if isinstance(value, list) else value
    return clean(str(first).split(",")[0].strip("\"' "))


def _tracking(spacing: float | None, size: float) -> float | None:
    """Letter spacing in ems, where a kit may have it."""
    return round(spacing / size, 4) if spacing is not None and -0.1 <= spacing / size <= 0.5 else None


def _px(value: Any) -> float | None:
    if not isinstance(value, dict) or not isinstance(value.get("value"), int | float):
        return None
    return float(value["value"]) * (REM if value.get("unit") == "rem" else 1)


def extension(library: Library, extensions: Any, loc: tuple[str, ...], index: int = 0) -> dict[str, Any]:
    """What brandkit itself wrote under `$extensions` of a file's root; empty where it is missing or has another shape."""
    own = extensions.get(VENDOR) if isinstance(extensions, dict) else None
    if own is None:
        return {}
    if not isinstance(own, dict):
        library.remark("broken", library.documents[index], loc, f"{VENDOR!r} must be an object", "export the brand again")
        return {}
    return own


def sketch_from(found: Gathering, own: Mapping[str, Any]) -> Sketch:
    """The sketch of what was gathered, with what brandkit kept for itself."""
    marks = own.get("marks")
    return Sketch(
        name=clean(str(own.get("name", "")))[:120],
        idea=clean(str(own.get("idea", ""))),
        colors=tuple(found.colors.values()),
        fonts=tuple(found.fonts.values()),
        styles=tuple(found.styles.values()),
        marks=tuple(mark_of(name, entry) for name, entry in marks.items() if isinstance(entry, dict)) if isinstance(marks, dict) else (),
        tone=_mapping(own.get("tone")),
        rest=_mapping(own.get("rest")),
    )


def mark_of(name: str, entry: Mapping[str, Any]) -> Mark:
    """A mark as brandkit keeps it in foreign files."""
    on = entry.get("on")
    return Mark(
        kit_name(name, (), "mark"),
        str(entry.get("file", "")),
        tuple(str(ground) for ground in on) if isinstance(on, list) else (),
        str(entry.get("lockup", "")),
        clean(str(entry.get("alt", ""))),
    )


def _mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}


def refuse_empty(library: Library, sketch: Sketch, source: Source) -> tuple[Remark, ...]:
    """The library's remarks; an error in `source` where nothing at all could be taken.

    Raises:
        BrandFileError: The files hold nothing that a kit could use, with everything that is broken in them.
    """
    if not sketch.empty:
        return tuple(library.remarks)
    broken = [remark.fault for remark in library.remarks if remark.kind == "broken" or "no token of" in remark.fault.message]
    kinds = Counter(token.type or "untyped" for token in library.found.values())
    held = ", ".join(f"{count} {kind} token{'s' if count > 1 else ''}" for kind, count in kinds.most_common(5)) or "no tokens"
    nothing = source.fault((), f"holds {held}, and nothing that a kit could take", "name files with colours, fonts or text styles")
    raise BrandFileError(broken[:100] or [nothing])
