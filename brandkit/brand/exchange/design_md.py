"""DESIGN.md: design tokens as YAML in the front matter (or in fenced blocks), with prose around them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from brandkit.brand.exchange.css import pixels
from brandkit.brand.exchange.foreign_yaml import parse_yaml
from brandkit.brand.exchange.format import Format, Written
from brandkit.brand.exchange.from_tokens import clean
from brandkit.brand.exchange.json_source import decode, read_bytes
from brandkit.brand.exchange.kept import packed, reconciled, unpacked
from brandkit.brand.exchange.names import kit_name, slot_of
from brandkit.brand.exchange.settle import merged
from brandkit.brand.exchange.sketch import STYLE_SLOTS, Color, Font, Kind, Reading, Remark, Sketch, Style
from brandkit.brand.exchange.values import color_object, css_of
from brandkit.brand.exchange.yaml_text import yaml_text
from brandkit.brand.reading import MAX_BYTES
from brandkit.brand.resolve import Loc
from brandkit.brand.source import Source
from brandkit.color.parse import parse_color
from brandkit.errors import BrandFileError, Fault

BEGIN = "begin the file with '---', the tokens as YAML, and '---'"
SECTIONS = ("Overview", "Colors", "Typography", "Layout", "Elevation & Depth", "Shapes", "Components", "Do's and Don'ts")
PLAIN = {"version", "name", "description", "omitted", "colors", "typography", "brandkit"}
REFERENCE = re.compile(r"\{([\w.-]+)\}")
PRIMARY = "primary"  # the one colour that the format asks for by name
MAX_CHAIN = 16  # references that lead to one another


def read(files: Sequence[Path], _contexts: Mapping[str, str]) -> Reading:
    """Read design files: tokens are taken, prose is a person's."""
    sketches, remarks = [], []
    for file in files:
        text = decode(read_bytes(file, MAX_BYTES), file)
        reader = _Reader(parse_yaml(_only_yaml(text, file), file, BEGIN))
        reader.source.lines[file] = re.split(r"\r\n|\n|\r", text)
        sketches.append(reader.sketch())
        remarks += [*reader.remarks, *_prose(text, file)]
    return Reading(merged(sketches), tuple(remarks))


def _only_yaml(text: str, file: Path) -> str:
    """The file with every line blanked that is not YAML, so that lines keep their numbers."""
    lines = re.split(r"\r\n|\n|\r", text)
    kept = [""] * len(lines)
    state = "front" if lines[0].strip() == "---" else ""
    opened = 1
    for index, line in enumerate(lines[1:] if state else lines, 1 if state else 0):
        if state == "front" and line.rstrip() == "---":
            state = ""
        elif state == "fence" and line.strip().startswith("```"):
            state = ""
        elif state:
            kept[index] = line
        elif re.fullmatch(r"```ya?ml\s*", line):
            state, opened = "fence", index + 1
    if state:
        what = "front matter" if state == "front" else "block of YAML"
        raise BrandFileError([Fault(str(file), opened, 1, "", f"the {what} is opened here and never closed", hint="close it")])
    return "\n".join(kept)


def _prose(text: str, file: Path) -> list[Remark]:
    """Two sections of the same name are an error of the format; prose itself has no place in a kit."""
    remarks: list[Remark] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if match := re.fullmatch(r"##\s+(.+?)\s*", line):
            if match[1] in seen:
                message = f"the section {match[1][:60]!r} is given twice, first on line {seen[match[1]]}"
                remarks.append(Remark(Fault(str(file), number, 1, "", message, line[:160], "keep one of them"), "broken"))
            elif match[1] in SECTIONS:
                message = f"the prose of {match[1]!r} has no place in a kit"
                remarks.append(Remark(Fault(str(file), number, 1, "", message, "", "read it when you set tone and imagery"), "left-out"))
            seen.setdefault(match[1], number)
    return remarks


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.tree = source.tree
        self.remarks: list[Remark] = []

    def remark(self, kind: Kind, loc: Loc, message: str, hint: str = "") -> None:
        self.remarks.append(Remark(self.source.fault(loc, message, hint), kind))

    def mapping(self, key: str) -> Mapping[str, Any]:
        value = self.tree.get(key)
        if value is not None and not isinstance(value, Mapping):
            self.remark("broken", (key,), "must be a mapping of names to values", "write 'name: value' under it")
        return value if isinstance(value, Mapping) else {}

    def sketch(self) -> Sketch:
        for key in self.tree:
            if key not in PLAIN:
                self.remark("left-out", (key,), f"{key[:40]!r} has no place in a kit")
        fonts: dict[str, Font] = {}
        native = Sketch(
            name=clean(str(self.tree.get("name") or ""))[:120],
            idea=clean(str(self.tree.get("description") or "")),
            colors=self.colors(),
            styles=self.styles(fonts),
            fonts=tuple(fonts.values()),
        )
        kept = unpacked(self.tree.get("brandkit"))
        native = Sketch(**{**vars(native), "marks": kept.marks, "fonts": (*native.fonts, *_unused(native, kept))})
        sketch = reconciled(native, kept)
        if sketch.empty:
            broken = [remark.fault for remark in self.remarks if remark.kind == "broken"]
            raise BrandFileError(broken or [self.source.fault((), "holds no colours or typography", "add 'colors:'")])
        return sketch

    def colors(self) -> tuple[Color, ...]:
        found: dict[str, Color] = {}
        kept = unpacked(self.tree.get("brandkit")).colors
        for key, written in self.mapping("colors").items():
            loc: Loc = ("colors", key)
            if key == PRIMARY and kept and all(color.name != key for color in kept) and REFERENCE.fullmatch(str(written)):
                continue  # the alias that `write` adds
            value = self.value(loc)
            try:
                parsed = parse_color(value if isinstance(value, str) else "")
            except ValueError as error:
                message, _, hint = str(error).partition("; ")
                self.remark("left-out" if str(value).startswith("color-mix(") else "broken", loc, message, hint)
                continue
            if parsed.alpha < 1:
                self.remark("left-out", loc, "is translucent; swatches of a kit are opaque", f"write e.g. '{parsed.hex}'")
                continue
            name = kit_name(key, found)
            found[name] = Color(name, css_of(color_object(value)), evidence=f"colors.{key}")
        return tuple(found.values())

    def value(self, loc: Loc) -> Any:
        """The value at `loc` with references followed; None where they lead nowhere."""
        seen = [loc]
        while True:
            node: Any = self.tree
            for step in seen[-1]:
                node = node.get(step) if isinstance(node, Mapping) else None
            match = REFERENCE.fullmatch(node.strip()) if isinstance(node, str) else None
            if not match:
                return node
            target: Loc = tuple(match[1].split("."))
            if target in seen or len(seen) > MAX_CHAIN:
                self.remark("broken", loc, f"references lead in a circle: {node}", "give one of them a value of its own")
                return None
            seen.append(target)

    def styles(self, fonts: dict[str, Font]) -> tuple[Style, ...]:
        found: dict[str, Style] = {}
        for key, entry in self.mapping("typography").items():
            family = self.value(("typography", key, "fontFamily"))
            if not isinstance(entry, Mapping) or not isinstance(family, str):
                self.remark("broken", ("typography", key), "needs a 'fontFamily'", "write 'fontFamily: Inter'")
                continue
            name = _family(family, fonts, f"typography.{key}")
            slot = key if key in STYLE_SLOTS else slot_of((key,))
            if not slot or slot in found:
                self.remark("left-out", ("typography", key), "has no slot of its own in a kit's scale", f"slots: {', '.join(STYLE_SLOTS)}")
                continue
            found[slot] = _style(slot, name, {part: self.value(("typography", key, part)) for part in entry}, f"typography.{key}")
        return tuple(found.values())


def _unused(native: Sketch, kept: Sketch) -> list[Font]:
    """Families that no text style uses, which DESIGN.md has no place for."""
    used = {font.family for font in native.fonts}
    of_styles = {style.font for style in kept.styles}
    return [font for font in kept.fonts if font.family not in used and font.name not in of_styles]


def _family(value: str, fonts: dict[str, Font], evidence: str) -> str:
    family = clean(value.split(",")[0].strip("\"' "))
    known = next((font.name for font in fonts.values() if font.family == family), None)
    if known is None:
        known = kit_name(family, fonts, "font")
        fonts[known] = Font(known, family, evidence=evidence)
    return known


def _number(value: Any) -> float | None:
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d*\.?\d+", value.strip()):
        return float(value)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _style(slot: str, font: str, parts: Mapping[str, Any], evidence: str) -> Style:
    size = pixels(str(parts.get("fontSize", "")))
    weight = _number(parts.get("fontWeight"))
    leading = _number(parts.get("lineHeight"))
    height = pixels(str(parts.get("lineHeight", "")))
    if leading is None and height and size:
        leading = round(height / size, 3)
    spacing = str(parts.get("letterSpacing", ""))
    tracking = _number(spacing.removesuffix("em")) if spacing.endswith("em") and not spacing.endswith("rem") else None
    if tracking is None and (wide := pixels(spacing)) is not None and size:
        tracking = round(wide / size, 4)
    return Style(
        slot,
        font,
        size,
        min(900, max(100, round(weight))) if weight else None,
        leading if leading and 0.8 <= leading <= 2.5 else None,
        tracking if tracking is not None and -0.1 <= tracking <= 0.5 else None,
        evidence=evidence,
    )


def write(sketch: Sketch) -> Written:
    """Front matter with the tokens, and the sections for which the kit has words, in the format's order."""
    families = {font.name: font.family for font in sketch.fonts}
    tree: dict[str, Any] = {"version": "alpha", "name": sketch.name}
    if sketch.idea:
        tree["description"] = sketch.idea
    if sketch.colors:
        names = {color.name: color.value for color in sketch.colors}
        main = next((color.name for color in sketch.colors if color.role == PRIMARY), None)
        alias = {PRIMARY: f"{{colors.{main}}}"} if main and PRIMARY not in names else {}
        tree["colors"] = alias | names
    if sketch.styles:
        tree["typography"] = {style.slot: _tokens(style, families[style.font]) for style in sketch.styles}
    tree["brandkit"] = packed(sketch)
    return Written(("---\n" + yaml_text(tree, {}, {}) + "---\n" + _sections(sketch)).encode())


def _tokens(style: Style, family: str) -> dict[str, Any]:
    entry = {
        "fontFamily": family,
        "fontSize": None if style.size is None else f"{style.size:g}px",
        "fontWeight": style.weight,
        "lineHeight": style.leading,
        "letterSpacing": None if style.tracking is None else f"{style.tracking:g}em",
    }
    return {key: value for key, value in entry.items() if value is not None}


def _line(text: Any) -> str:
    """Text of the kit as one line of Markdown that is no heading, fence or front matter."""
    return " ".join(str(text).split()).replace("`", "'").lstrip("#-")


def _sections(sketch: Sketch) -> str:
    parts = []
    if sketch.idea:
        parts.append(f"\n## Overview\n\n{_line(sketch.idea)}\n")
    noted = [color for color in sketch.colors if color.note or color.role]
    if noted:
        rows = [f"- **{c.name}** ({c.value}): {_line('; '.join(filter(None, (c.role, c.note))))}" for c in noted]
        parts.append("\n## Colors\n\n" + "\n".join(rows) + "\n")
    rules = [f"- Don't say “{_line(word)}”" for word in sketch.tone.get("ban") or ()]
    if rules:
        parts.append("\n## Do's and Don'ts\n\n" + "\n".join(rules) + "\n")
    return "".join(parts)


FORMAT = Format(
    id="design-md",
    title="DESIGN.md",
    file="DESIGN.md",
    says=("name", "idea", "roles", "notes", "wide", "families", "files", "styles", "marks", "tone", "rest"),
    recognises=lambda file, data: file.suffix.lower() in {".md", ".markdown"} and (b"colors:" in data or b"typography:" in data),
    read=read,
    write=write,
)
