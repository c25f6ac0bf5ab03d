"""CSS custom properties: written with the brand's name as a prefix, read where they are unambiguous."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from brandkit.brand.exchange.css_source import Property, Sheet
from brandkit.brand.exchange.format import Format, Written
from brandkit.brand.exchange.from_tokens import REM, clean
from brandkit.brand.exchange.names import kit_name
from brandkit.brand.exchange.settle import merged
from brandkit.brand.exchange.sketch import STYLE_SLOTS, Color, Font, Kind, Reading, Remark, Sketch, Style
from brandkit.brand.exchange.values import color_object, css_of
from brandkit.color.parse import parse_color
from brandkit.errors import BrandFileError
from brandkit.files import slug

PREFIX_PROPERTY = "brand"  # `--acme-brand: "Acme"` tells the prefix and the name

_LENGTH = re.compile(r"([+-]?\d*\.?\d+)(px|rem|em)")
_SHADE = re.compile(r"-(rgb|hsl|oklch|channels?)$")


def read(files: Sequence[Path], _contexts: Mapping[str, str]) -> Reading:
    """Read style sheets: colours by value, families and text styles by name."""
    sketches, remarks = [], []
    for file in files:
        sheet = _Reader(Sheet(file))
        sketches.append(sheet.sketch())
        remarks += sheet.remarks
    return Reading(merged(sketches), tuple(remarks))


class _Reader:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.remarks: list[Remark] = []
        self.colors: dict[str, Color] = {}
        self.fonts: dict[str, Font] = {}
        self.styles: dict[str, dict[str, str]] = {}
        self.name, self.prefix = self._prefix()

    def remark(self, kind: Kind, found: Property, message: str, hint: str = "") -> None:
        self.remarks.append(Remark(self.sheet.fault(found.line, found.column, message, hint), kind))

    def _prefix(self) -> tuple[str, str]:
        for found in self.sheet.properties.values():
            match = re.fullmatch(rf"--([\w-]+)-{PREFIX_PROPERTY}", found.name)
            if match and found.value[:1] == '"':
                try:
                    return clean(str(json.loads(found.value)))[:120], f"{match[1]}-"
                except ValueError:
                    continue
        return "", ""

    def sketch(self) -> Sketch:
        others: list[Property] = []
        for found in self.sheet.properties.values():
            plain = found.name[2:].removeprefix(self.prefix)
            if not self._style(plain, found) and not self._font(plain, found) and not self._color(plain, found):
                others.append(found)
        self._tell(others)
        if not self.colors and not self.fonts:
            broken = [remark.fault for remark in self.remarks if "var(" in remark.fault.message][:100]
            nothing = self.sheet.fault(1, 1, "holds no custom property with a colour or font", "name a file with '--name: #1F4D3A;'")
            raise BrandFileError(broken or [nothing])
        return Sketch(
            name=self.name,
            colors=tuple(self.colors.values()),
            fonts=tuple(self.fonts.values()),
            styles=tuple(self._made(slot, parts) for slot, parts in self.styles.items() if parts.get("font") in self.fonts),
        )

    def _tell(self, others: list[Property]) -> None:
        own = [found for found in others if found.name != f"--{self.prefix}{PREFIX_PROPERTY}"]
        if own:
            message = f"{len(own)} custom properties, of which this is the first, are no opaque colours, families or text styles"
            self.remark("left-out", own[0], message)
        if self.sheet.others:
            first = self.sheet.others[0]
            message = f"{len(self.sheet.others)} values for other themes, of which this is the first ({first.scope[:80] or 'top level'})"
            self.remark("left-out", first, message, "a kit has one theme: the first value of each name is taken")

    def _color(self, plain: str, found: Property) -> bool:
        try:
            value = self.sheet.value(found.name)
        except ValueError as error:
            message, _, hint = str(error).partition("; ")
            self.remark("left-out", found, message, hint)
            return True
        if _SHADE.search(plain):
            return False
        try:
            parsed = parse_color(value)
        except ValueError:
            return False
        if parsed.alpha < 1:
            return False
        name = kit_name(plain.removeprefix("color-") or plain, self.colors)
        scope = "" if found.scope in {":root", "@theme", ""} else f" in {found.scope[:60]}"
        self.colors[name] = Color(name, css_of(color_object(value)), evidence=f"{found.name}{scope}")
        return True

    def _font(self, plain: str, found: Property) -> bool:
        ours = self.prefix or found.scope.startswith("@theme")
        match = re.fullmatch(rf"font-{'' if ours else '(?:family-)?'}([a-z][\w-]*)", plain)
        if not match or re.match(r"(size|weight|feature|variation|style|line|letter)", match[1]):
            return False
        try:
            value = self.sheet.value(found.name)
        except ValueError:
            return False
        family = clean(value.split(",")[0].strip("\"' "))
        if not re.match(r"-?[^\W\d_]", family):
            return False
        name = kit_name(match[1], self.fonts, "font")
        self.fonts[name] = Font(name, family, evidence=found.name)
        return True

    def _style(self, plain: str, found: Property) -> bool:
        match = re.fullmatch(r"text-([a-z]+)-(font|size|weight|leading|tracking)", plain)
        if not match or match[1] not in STYLE_SLOTS:
            return False
        font = re.fullmatch(rf"var\(--{re.escape(self.prefix)}font-([\w-]+)\)", found.value)
        self.styles.setdefault(match[1], {})[match[2]] = font[1] if font else found.value
        return True

    def _made(self, slot: str, parts: Mapping[str, str]) -> Style:
        number = {key: _number(parts.get(key, "")) for key in ("weight", "leading")}
        tracking = _number(parts.get("tracking", "").removesuffix("em"))
        weight = number["weight"]
        return Style(slot, parts["font"], pixels(parts.get("size", "")), int(weight) if weight else None, number["leading"], tracking)


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[+-]?\d*\.?\d+", text) else None


def pixels(text: str) -> float | None:
    """A CSS length in px; None where it is none. `em` counts as `rem`."""
    match = _LENGTH.fullmatch(text.strip())
    return float(match[1]) * (1 if match[2] == "px" else REM) if match else None


def write(sketch: Sketch) -> Written:
    """`:root` with one property for each colour, family and part of a text style."""
    prefix = f"--{slug(sketch.name)}"
    rows = [f"{prefix}-{PREFIX_PROPERTY}: {css_string(sketch.name)};"]
    rows += [f"{prefix}-color-{color.name}: {color.value};" for color in sketch.colors]
    rows += [f"{prefix}-font-{font.name}: {css_string(font.family)};" for font in sketch.fonts]
    for style in sketch.styles:
        head = f"{prefix}-text-{style.slot}"
        rows.append(f"{head}-font: var({prefix}-font-{style.font});")
        rows += [f"{head}-{key}: {text};" for key, text in style_parts(style).items()]
    return Written((":root {\n  " + "\n  ".join(rows) + "\n}\n").encode())


def style_parts(style: Style) -> dict[str, str]:
    """The parts of a text style that are said, as CSS values."""
    parts = {
        "size": None if style.size is None else f"{style.size:g}px",
        "weight": None if style.weight is None else str(style.weight),
        "leading": None if style.leading is None else f"{style.leading:g}",
        "tracking": None if style.tracking is None else f"{style.tracking:g}em",
    }
    return {key: text for key, text in parts.items() if text is not None}


def css_string(text: str) -> str:
    """Text in double quotes."""
    return json.dumps(text, ensure_ascii=False)


FORMAT = Format(
    id="css",
    title="CSS custom properties",
    file="brand.css",
    says=("name", "wide", "families", "styles"),
    recognises=lambda file, data: file.suffix.lower() in {".css", ".scss"} and b"--" in data and b"@theme" not in data,
    read=read,
    write=write,
)
