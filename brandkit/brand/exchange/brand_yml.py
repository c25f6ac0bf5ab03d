"""brand.yml (`_brand.yml`, Quarto and Shiny): what it cannot say is kept under `defaults.brandkit`, so that it stays valid there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from brandkit.brand.exchange.brand_yml_read import Reader
from brandkit.brand.exchange.foreign_yaml import read_yaml
from brandkit.brand.exchange.format import Format, Written
from brandkit.brand.exchange.kept import packed
from brandkit.brand.exchange.settle import merged
from brandkit.brand.exchange.sketch import Mark, Reading, Sketch
from brandkit.brand.exchange.values import srgb_hex
from brandkit.brand.exchange.yaml_text import yaml_text

ROLES = {"foreground": "ink", "background": "surface", "primary": "primary", "secondary": "secondary", "tertiary": "accent"}
"""Theme colours of brand.yml, and the roles of a kit."""
SIZES = {"small": "symbol", "medium": "horizontal", "large": "stacked"}
KEYS = re.compile(rb"^(meta|logo|color|typography|defaults):", re.MULTILINE)


def read(files: Sequence[Path], _contexts: Mapping[str, str]) -> Reading:
    """Read brand files."""
    sketches, remarks = [], []
    for file in files:
        reader = Reader(read_yaml(file, "begin with 'meta:', 'logo:', 'color:' or 'typography:'"))
        sketches.append(reader.sketch())
        remarks += reader.remarks
    return Reading(merged(sketches), tuple(remarks))


def write(sketch: Sketch) -> Written:
    """A `_brand.yml`: colours in hex, as Quarto's Sass needs them."""
    tree: dict[str, Any] = {}
    if sketch.name:
        tree["meta"] = {"name": sketch.name}
    if sketch.marks:
        tree["logo"] = _logo(sketch.marks)
    if sketch.colors:
        palette = {color.name: srgb_hex(color.value) for color in sketch.colors}
        roles: dict[str, str] = {}
        for theirs, ours in ROLES.items():
            name = next((color.name for color in sketch.colors if color.role == ours), None)
            if name:
                roles[theirs] = palette[name] if name in THEME else name
        tree["color"] = {"palette": palette, **roles}
    if sketch.fonts:
        tree["typography"] = _typography(sketch)
    tree["defaults"] = {"brandkit": _kept(sketch)}
    return Written(yaml_text({key: value for key, value in tree.items() if value}, {}, {}).encode())


THEME = {*ROLES, "success", "info", "warning", "danger", "light", "dark", "emphasis", "link"}


def _kept(sketch: Sketch) -> dict[str, Any]:
    """What brand.yml cannot say; a colour's value only where hex is not the whole of it."""
    tree = packed(sketch)
    for entry in tree.get("colors", {}).values():
        if entry.get("value", "").startswith("#"):
            del entry["value"]
    return tree


def _logo(marks: Sequence[Mark]) -> dict[str, Any]:
    logo: dict[str, Any] = {
        "images": {mark.name: {"path": mark.file, "alt": mark.alt} if mark.alt else {"path": mark.file} for mark in marks}
    }
    for size, lockup in SIZES.items():
        fitting = [mark for mark in marks if mark.lockup == lockup]
        light = next((mark.name for mark in fitting if "light" in mark.on or not mark.on), None)
        dark = next((mark.name for mark in fitting if "dark" in mark.on), None)
        if light and dark and light != dark:
            logo[size] = {"light": light, "dark": dark}
        elif light or dark:
            logo[size] = light or dark
    return logo


def _typography(sketch: Sketch) -> dict[str, Any]:
    families = {font.name: font.family for font in sketch.fonts}
    fonts = [
        {"family": font.family, "source": "file", "files": [{"path": file} for file in font.files]}
        if font.files
        else {"family": font.family, "source": "system"}
        for font in sketch.fonts
    ]
    typography: dict[str, Any] = {"fonts": fonts}
    for theirs, slot in (("base", "body"), ("headings", "headline")):
        style = next((style for style in sketch.styles if style.slot == slot), None)
        if style:
            entry = {"family": families[style.font], "weight": style.weight, "line-height": style.leading}
            if theirs == "base" and style.size is not None:
                entry["size"] = f"{style.size:g}px"
            typography[theirs] = {key: value for key, value in entry.items() if value is not None}
    return typography


def recognises(file: Path, data: bytes) -> bool:
    """YAML files with one of its five sections, unless they are a kit."""
    return file.suffix.lower() in {".yml", ".yaml"} and KEYS.search(data) is not None and b"\nbrandkit: 1" not in b"\n" + data


FORMAT = Format(
    id="brand-yml",
    title="brand.yml",
    file="_brand.yml",
    says=("name", "idea", "roles", "notes", "wide", "families", "files", "styles", "marks", "tone", "rest"),
    recognises=recognises,
    read=read,
    write=write,
)
