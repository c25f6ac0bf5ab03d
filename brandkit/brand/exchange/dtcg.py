"""Design tokens of the DTCG, format module 2025.10 (and the older draft, which is read only).

What the format has no type for is kept under `$extensions` with the key `dev.brandkit`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from brandkit.brand.exchange.format import Format, Written
from brandkit.brand.exchange.from_tokens import PLAIN_SIZE, VENDOR, extension, gather, refuse_empty, sketch_from
from brandkit.brand.exchange.json_source import read_json
from brandkit.brand.exchange.library import Dialect, Document, Library
from brandkit.brand.exchange.resolver import documents_of, is_resolver
from brandkit.brand.exchange.sketch import Color, Reading, Remark, Sketch, Style
from brandkit.brand.exchange.values import color_object, css_of

SCHEMA = "https://www.designtokens.org/schemas/2025.10/format.json"
DIALECT = Dialect("$value", "$type", ("$description",), strict=True)


def read(files: Sequence[Path], contexts: Mapping[str, str]) -> Reading:
    """Read token files and resolver documents as one set, in their order."""
    documents: list[Document] = []
    remarks: list[Remark] = []
    sources = [read_json(file) for file in files]
    for source in sources:
        if is_resolver(source.tree):
            found, said = documents_of(source, contexts)
            documents += found
            remarks += said
        else:
            documents.append(Document(source))
    library = Library(documents, DIALECT, remarks)
    found_tokens = gather(library, library.tokens())
    own: dict[str, Any] = {}
    for index, document in enumerate(documents):
        if isinstance(document.tree, dict):
            own.update(extension(library, document.tree.get("$extensions"), ("$extensions", VENDOR), index))
    sketch = sketch_from(found_tokens, own)
    return Reading(sketch, refuse_empty(library, sketch, sources[0]))


def write(sketch: Sketch) -> Written:
    """A 2025.10 token file; the official JSON Schema accepts it."""
    kept = {
        "name": sketch.name,
        "idea": sketch.idea,
        "marks": {m.name: {"file": m.file, "on": list(m.on), "lockup": m.lockup, "alt": m.alt} for m in sketch.marks},
        "tone": dict(sketch.tone),
        "rest": dict(sketch.rest),
    }
    tree: dict[str, Any] = {"$schema": SCHEMA}
    if sketch.idea or sketch.name:
        tree["$description"] = sketch.idea or sketch.name
    if own := {key: value for key, value in kept.items() if value}:
        tree["$extensions"] = {VENDOR: own}
    if sketch.colors:
        tree["color"] = {"$type": "color", **{color.name: _color(color) for color in sketch.colors}}
    if sketch.fonts:
        tree["font"] = {"$type": "fontFamily"}
        for font in sketch.fonts:
            tree["font"][font.name] = {"$value": [font.family]}
            if font.files:
                tree["font"][font.name]["$extensions"] = {VENDOR: {"files": list(font.files)}}
    if sketch.styles:
        tree["type"] = {"$type": "typography", **{style.slot: _style(style, sketch) for style in sketch.styles}}
    return Written((json.dumps(tree, indent=2, ensure_ascii=False) + "\n").encode())


def _color(color: Color) -> dict[str, Any]:
    value = color_object(color.value)
    token: dict[str, Any] = {"$value": value}
    if color.note:
        token["$description"] = color.note
    own = {"role": color.role} if color.role else {}
    if css_of(value) != color.value:
        own["value"] = color.value
    if own:
        token["$extensions"] = {VENDOR: own}
    return token


def _style(style: Style, sketch: Sketch) -> dict[str, Any]:
    """DTCG needs all five members; the ones that the kit does not say are named, so that they are not taken for decisions."""
    size = PLAIN_SIZE if style.size is None else style.size
    said = {"fontSize": style.size, "fontWeight": style.weight, "letterSpacing": style.tracking, "lineHeight": style.leading}
    value = {
        "fontFamily": f"{{font.{style.font}}}",
        "fontSize": {"value": size, "unit": "px"},
        "fontWeight": style.weight or 400,
        "letterSpacing": {"value": round((style.tracking or 0) * size, 4), "unit": "px"},
        "lineHeight": style.leading or 1.2,
    }
    unsaid = [name for name, member in said.items() if member is None]
    families = {font.name: font.family for font in sketch.fonts}
    own: dict[str, Any] = {"unsaid": unsaid} if unsaid else {}
    if list(families.values()).count(families.get(style.font, "")) > 1:
        own["font"] = style.font
    return {"$value": value, "$extensions": {VENDOR: own}} if own else {"$value": value}


def recognises(file: Path, data: bytes) -> bool:
    """Token files and resolver documents, by their names or their own words."""
    name = file.name.lower()
    return name.endswith((".tokens", ".tokens.json", ".resolver.json")) or (
        name.endswith(".json") and any(word in data for word in (b'"$value"', b'"resolutionOrder"', b'"$ref"'))
    )


FORMAT = Format(
    id="dtcg",
    title="DTCG design tokens 2025.10",
    file="brand.tokens.json",
    says=("name", "idea", "roles", "notes", "wide", "families", "files", "styles", "marks", "tone", "rest"),
    recognises=recognises,
    read=read,
    write=write,
)
