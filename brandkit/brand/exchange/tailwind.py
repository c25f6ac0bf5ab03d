"""Tailwind themes: version 4 as CSS with `@theme`, version 3 as JSON for `theme.extend`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from brandkit.brand.exchange import css
from brandkit.brand.exchange.css import css_string, style_parts
from brandkit.brand.exchange.format import Format, Written
from brandkit.brand.exchange.from_tokens import clean
from brandkit.brand.exchange.json_source import read_json
from brandkit.brand.exchange.names import kit_name
from brandkit.brand.exchange.settle import merged
from brandkit.brand.exchange.sketch import Color, Font, Reading, Remark, Sketch
from brandkit.brand.exchange.values import color_object, css_of
from brandkit.brand.resolve import Loc
from brandkit.brand.source import Source
from brandkit.color.parse import parse_color
from brandkit.errors import BrandFileError

SUBS = {"weight": "font-weight", "leading": "line-height", "tracking": "letter-spacing"}
V3_SUBS = {"weight": "fontWeight", "leading": "lineHeight", "tracking": "letterSpacing"}
SIZES_ONLY = "text sizes are written, but Tailwind does not tie them to a family, so they do not read back"
MAX_DEPTH = 8  # nested colour scales


def write(sketch: Sketch) -> Written:
    """Version 4: `@theme` with `--color-*`, `--font-*` and `--text-*`."""
    rows = [f"--color-{color.name}: {color.value};" for color in sketch.colors]
    rows += [f"--font-{font.name}: {css_string(font.family)};" for font in sketch.fonts]
    for style in sketch.styles:
        parts = style_parts(style)
        if size := parts.pop("size", None):
            rows.append(f"--text-{style.slot}: {size};")
            rows += [f"--text-{style.slot}--{SUBS[key]}: {text};" for key, text in parts.items()]
    return Written(("@theme {\n  " + "\n  ".join(rows) + "\n}\n").encode())


def write_v3(sketch: Sketch) -> Written:
    """Version 3: JSON that a `tailwind.config.js` can require and spread."""
    extend: dict[str, Any] = {"colors": {color.name: color.value for color in sketch.colors}}
    if sketch.fonts:
        extend["fontFamily"] = {font.name: [font.family] for font in sketch.fonts}
    sizes: dict[str, Any] = {}
    for style in sketch.styles:
        parts = style_parts(style)
        if size := parts.pop("size", None):
            sizes[style.slot] = [size, {V3_SUBS[key]: text for key, text in parts.items()}] if parts else size
    if sizes:
        extend["fontSize"] = sizes
    return Written((json.dumps({"theme": {"extend": extend}}, indent=2, ensure_ascii=False) + "\n").encode())


def read_v3(files: Sequence[Path], _contexts: Mapping[str, str]) -> Reading:
    """Read version 3 themes saved as JSON: colours, nested or not, and families."""
    sketches, remarks = [], []
    for file in files:
        source = read_json(file)
        sketch, said = _theme(source)
        if sketch.empty:
            raise BrandFileError([*(r.fault for r in said), source.fault(("theme",), "holds no colours or families", "add 'colors'")])
        sketches.append(sketch)
        remarks += said
    return Reading(merged(sketches), tuple(remarks))


def _theme(source: Source) -> tuple[Sketch, list[Remark]]:
    colors: dict[str, Color] = {}
    fonts: dict[str, Font] = {}
    remarks: list[Remark] = []
    theme = source.tree.get("theme")
    places: list[tuple[Loc, Any]] = [(("theme",), theme)]
    if isinstance(theme, dict):
        places.append((("theme", "extend"), theme.get("extend")))
    for loc, part in places:
        part = part if isinstance(part, dict) else {}
        for path, where, value in _leaves(part.get("colors"), (), (*loc, "colors")):
            _color(source, path, where, value, colors, remarks)
        families = part.get("fontFamily")
        for name, value in families.items() if isinstance(families, dict) else ():
            first = value[0] if isinstance(value, list) and value else value
            if isinstance(first, str):
                key = kit_name(name, fonts, "font")
                fonts[key] = Font(key, clean(first.split(",")[0].strip("\"' ")), evidence=f"fontFamily.{name}")
        others = [key for key in part if key not in {"colors", "fontFamily", "extend"}]
        for key in others:
            message = f"{key!r} is left out: a kit has no place for it, or it cannot be tied to a family"
            remarks.append(Remark(source.fault((*loc, key), message), "left-out"))
    return Sketch(colors=tuple(colors.values()), fonts=tuple(fonts.values())), remarks


def _leaves(tree: Any, path: tuple[str, ...], loc: Loc) -> Iterator[tuple[tuple[str, ...], Loc, Any]]:
    for key, value in tree.items() if isinstance(tree, dict) and len(path) < MAX_DEPTH else ():
        steps = path if key == "DEFAULT" else (*path, key)
        if isinstance(value, dict):
            yield from _leaves(value, steps, (*loc, key))
        else:
            yield steps, (*loc, key), value


def _color(source: Source, path: Sequence[str], loc: Loc, value: Any, colors: dict[str, Color], remarks: list[Remark]) -> None:
    try:
        if not isinstance(value, str) or parse_color(value).alpha < 1:
            raise ValueError(f"{str(value)[:60]!r} is no opaque colour; write e.g. '#1F4D3A'")
    except ValueError as error:
        message, _, hint = str(error).partition("; ")
        remarks.append(Remark(source.fault(loc, message, hint), "left-out"))
        return
    name = kit_name("-".join(path) or "color", colors)
    colors[name] = Color(name, css_of(color_object(value)), evidence=f"colors.{'.'.join(path)}")


def recognises_v3(file: Path, data: bytes) -> bool:
    """JSON with a theme of colours or families."""
    return file.suffix.lower() == ".json" and b'"theme"' in data and (b'"colors"' in data or b'"fontFamily"' in data)


FORMAT = Format(
    id="tailwind",
    title="Tailwind 4 theme",
    file="theme.css",
    says=("wide", "families"),
    partly={"styles": SIZES_ONLY},
    recognises=lambda file, data: file.suffix.lower() == ".css" and b"@theme" in data,
    read=css.read,
    write=write,
)
FORMAT_V3 = Format(
    id="tailwind-v3",
    title="Tailwind 3 theme (JSON)",
    file="tailwind.theme.json",
    says=("wide", "families"),
    partly={"styles": SIZES_ONLY},
    recognises=recognises_v3,
    read=read_v3,
    write=write_v3,
)
