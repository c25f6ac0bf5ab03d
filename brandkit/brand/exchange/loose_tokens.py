"""Token files of other tools, read only: Style Dictionary (all versions) and Tokens Studio."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from brandkit.brand.exchange.format import Format
from brandkit.brand.exchange.from_tokens import gather, refuse_empty, sketch_from
from brandkit.brand.exchange.json_source import read_json
from brandkit.brand.exchange.library import Dialect, Document, Library, Token
from brandkit.brand.exchange.sketch import Reading, Remark
from brandkit.brand.exchange.swatches import hex_of
from brandkit.brand.exchange.token_types import TYPES
from brandkit.brand.source import Source

CLASSIC = Dialect("value", "type", ("comment", "description"))
MODERN = Dialect("$value", "$type", ("$description", "description"))
TYPE_WORDS = {
    "colors": "color", "fontFamilies": "fontFamily", "fontfamily": "fontFamily", "font-family": "fontFamily", "fontWeights": "fontWeight",
    "fontSizes": "dimension", "fontSize": "dimension", "sizing": "dimension", "spacing": "dimension", "borderRadius": "dimension",
    "borderWidth": "dimension", "lineHeights": "number", "lineHeight": "number", "letterSpacing": "dimension", "boxShadow": "shadow",
}  # fmt: skip
"""Type names of other tools, and DTCG's for the same thing."""
LOOKS_LIKE_COLOR = re.compile(r"#[0-9A-Fa-f]{3,8}|(rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\(.*\)")


def read_style_dictionary(files: Sequence[Path], _contexts: Mapping[str, str]) -> Reading:
    """Read Style Dictionary files as one set: types may be missing, then the path or the value tells."""
    sources = [read_json(file) for file in files]
    return _read([Document(source) for source in sources], CLASSIC, [], sources[0])


def read_tokens_studio(files: Sequence[Path], contexts: Mapping[str, str]) -> Reading:
    """Read Tokens Studio files: the sets in their order, or those that a theme enables (`--context theme=NAME`)."""
    documents: list[Document] = []
    remarks: list[Remark] = []
    modern = False
    for file in files:
        source = read_json(file)
        modern = modern or '"$value"' in "\n".join(source.lines[file])
        documents += [Document(source, (name,)) for name in _sets(source, contexts, remarks)]
    return _read(documents, MODERN if modern else CLASSIC, remarks, read_json(files[0]))


def _sets(source: Source, contexts: Mapping[str, str], remarks: list[Remark]) -> list[str]:
    """Names of the token sets of a file, in the order in which they are laid over each other."""
    sets = [name for name, tree in source.tree.items() if not name.startswith("$") and isinstance(tree, dict)]
    meta = source.tree.get("$metadata")
    order = meta.get("tokenSetOrder") if isinstance(meta, dict) else None
    ordered = [name for name in order if name in sets] if isinstance(order, list) else sets
    themes = source.tree.get("$themes")
    named = {str(theme.get("name")): theme for theme in themes if isinstance(theme, dict)} if isinstance(themes, list) else {}
    chosen = contexts.get("theme")
    if chosen is None or chosen not in named:
        if named:
            hint = f"choose one with --context theme=…: {', '.join(list(named)[:8])}"
            remarks.append(Remark(source.fault(("$themes",), "all sets are read, whatever the theme", hint), "guessed"))
        return ordered
    states = named[chosen].get("selectedTokenSets")
    return [name for name in ordered if isinstance(states, dict) and states.get(name, "disabled") != "disabled"]


def _read(documents: list[Document], dialect: Dialect, remarks: list[Remark], source: Source) -> Reading:
    library = Library(documents, dialect, remarks)
    sketch = sketch_from(gather(library, _typed(library.tokens())), {})
    return Reading(sketch, refuse_empty(library, sketch, source))


def _typed(tokens: Iterator[Token]) -> Iterator[Token]:
    """Tokens with DTCG's types and notations."""
    for token in tokens:
        kind = TYPE_WORDS.get(token.type, token.type)
        value = _color_text(token.value) if isinstance(token.value, dict) else token.value
        if kind not in TYPES:
            kind = _guess(token, value)
        if kind in {"dimension", "number"} and isinstance(value, int | float):
            value = f"{value}px" if kind == "dimension" else value
        if kind == "typography" and isinstance(value, dict):
            value = {key: f"{entry}px" if key in {"fontSize", "letterSpacing"} and _bare(entry) else entry for key, entry in value.items()}
            value = {key: entry for key, entry in value.items() if key in COMMON}
        yield replace(token, type=kind, value=value)


COMMON = {"fontFamily", "fontSize", "fontWeight", "letterSpacing", "lineHeight"}


def _bare(value: Any) -> bool:
    return isinstance(value, int | float) or (isinstance(value, str) and bool(re.fullmatch(r"-?\d*\.?\d+", value)))


def _guess(token: Token, value: Any) -> str:
    words = [step.lower() for step in token.path]
    if isinstance(value, str) and (LOOKS_LIKE_COLOR.fullmatch(value.strip()) or words[0] in {"color", "colors", "colour"}):
        return "color"
    if isinstance(value, str) and "font" in words[0] and any("family" in word or word == "fonts" for word in words):
        return "fontFamily"
    return ""


def _color_text(value: Mapping[str, Any]) -> Any:
    """Objects of channels, as older Style Dictionary files write colours, as CSS."""
    channels = {key: entry for key, entry in value.items() if isinstance(entry, int | float)}
    if {"r", "g", "b"} <= channels.keys() and len(value) <= 4:
        alpha = f" / {channels['a']}" if "a" in channels else ""
        return f"rgb({channels['r']} {channels['g']} {channels['b']}{alpha})"
    if {"h", "s", "l"} <= channels.keys() and len(value) <= 4:
        share = 100 if max(channels["s"], channels["l"]) <= 1 else 1
        return f"hsl({channels['h']} {channels['s'] * share}% {channels['l'] * share}%)"
    if {"h", "s", "v"} <= channels.keys() and len(value) <= 4:
        share = 1 if max(channels["s"], channels["v"]) <= 1 else 100
        return hex_of(*colorsys.hsv_to_rgb(channels["h"] / 360, channels["s"] / share, channels["v"] / share))
    return value


def _is_json(file: Path) -> bool:
    return file.suffix.lower() in {".json", ".tokens"}


STYLE_DICTIONARY = Format(
    id="style-dictionary",
    title="Style Dictionary",
    file="tokens.json",
    says=("wide", "notes", "families", "styles"),
    recognises=lambda file, data: _is_json(file) and re.search(rb'"value"\s*:', data) is not None,
    read=read_style_dictionary,
)
TOKENS_STUDIO = Format(
    id="tokens-studio",
    title="Tokens Studio",
    file="tokens.json",
    says=("wide", "notes", "families", "styles"),
    recognises=lambda file, data: _is_json(file) and (b'"$themes"' in data or b'"tokenSetOrder"' in data),
    read=read_tokens_studio,
)
