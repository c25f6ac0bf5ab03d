"""The book as one self-contained page: the same content as the PDF, as real text and tables, with nothing to fetch."""

from __future__ import annotations

import base64
import io
from dataclasses import asdict
from pathlib import Path
from typing import Any

from brandkit.book.gather import Content
from brandkit.book.look import mix
from brandkit.brand.resolve import Brand
from brandkit.color.contrast import relative_luminance
from brandkit.layout.fonts import script_of
from brandkit.layout.given import is_rtl

LANGUAGES = {"arabic": "ar", "hebrew": "he", "cjk": "ja", "thai": "th", "devanagari": "hi"}
MEDIA = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg"}
CHROME = "".join(map(chr, range(32, 127))) + "×–—·’“”°≥≤Δ→…"


def render_page(content: Content, brand: Brand) -> str:
    """The page as HTML with embedded style, fonts and pictures.

    The fonts are cut to the characters that the page shows. Every word of the kit is escaped.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    env = Environment(
        loader=PackageLoader("brandkit.book", "static"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    env.filters.update(lang=language, dir=direction, tidy=lambda name: name.replace("-", " "), percent=_percent)
    look = asdict(content.look)
    dark = relative_luminance(content.look.paper) < 0.22
    names = {name: data_uri(name, data) for name, data in content.files.items()}
    values: dict[str, Any] = content.values | {
        "src": names.__getitem__, "look": look, "faces": _faces(content, brand), "dark": dark,
        "other": _other(content), "sections": _sections(content.values),
    }  # fmt: skip
    return env.get_template("book.html.j2").render(values)


def _sections(values: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Id and title of every section, and whether the kit has anything for it."""
    marks, colors, tone, imagery = values["marks"], values["colors"], values["tone"], values["imagery"]
    many = len(colors) > 1
    return [
        ("idea", "The idea", bool(values["idea"])), ("logo", "The logo", bool(marks)), ("space", "Room to stand", bool(marks)),
        ("grounds", "On which ground", bool(marks and values["grounds"])), ("misuse", "What nobody does to it", bool(values["never"])),
        ("colour", "Colour", bool(colors)), ("contrast", "What reads on what", many), ("pairs", "Pairs", many and bool(values["pairs"])),
        ("schemes", "Schemes", many),
        ("vision", "Seen by everyone", many), ("type", "Type", bool(values["families"])), ("scale", "The scale", bool(values["families"])),
        ("tone", "How it speaks", any(tone.values())), ("pictures", "Pictures", bool(values["photos"])),
        ("direction", "What to look for" if values["photos"] else "Pictures", any(imagery.values()) or bool(values["references"])),
        ("layouts", "Layouts", bool(values["layouts"])), ("gate", "The gate", True),
    ]  # fmt: skip


def language(text: str) -> str:
    """The language that a browser needs to know to set `text`: by its script; empty for Latin, whose language nobody knows."""
    return LANGUAGES.get(script_of(text), "")


def direction(text: str) -> str:
    """`rtl` or `ltr`, by the script."""
    return "rtl" if is_rtl(language(text) or "en") else "ltr"


def _percent(share: list[float] | None) -> str:
    if not share:
        return ""
    low, high = (round(100 * value) for value in share)
    return f"{low} %" if low == high else f"{low}–{high} %"


def _other(content: Content) -> dict[str, str]:
    """Paper and inks changed places: for screens set to dark, and for a book on dark ground that is printed."""
    paper, ink = content.look.ink, content.look.paper
    return {"paper": paper, "ink": ink, "quiet": mix(ink, paper, 0.25), "line": mix(ink, paper, 0.8), "field": mix(ink, paper, 0.94)}


def data_uri(name: str, data: bytes) -> str:
    """A file as a `data:` address."""
    return f"data:{MEDIA[name.rpartition('.')[2]]};base64,{base64.b64encode(data).decode()}"


def _faces(content: Content, brand: Brand) -> list[dict[str, Any]]:
    """The kit's font files as `@font-face` rules, one family for each of the kit's."""
    typography = brand.document.typography
    characters = set(CHROME) | set(_texts(content.values))
    made = []
    for family in typography.families if typography else {}:
        for index in range(len(typography.families[family].files) if typography else 0):
            path = brand.path("typography", "families", family, "files", index)
            weight, data = cut_font(path, frozenset(map(ord, characters)))
            made.append({"family": f"kit-{family}", "weight": weight, "src": f"data:font/ttf;base64,{base64.b64encode(data).decode()}"})
    return made


def _texts(value: Any) -> str:
    if isinstance(value, str):
        return value + value.upper()
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return "".join(dict.fromkeys("".join(map(_texts, parts))))


def cut_font(path: Path, characters: frozenset[int]) -> tuple[int, bytes]:
    """The weight of a font, and the font cut to `characters`, with its own date, so that the same kit gives the same bytes."""
    from fontTools import subset

    cutting: Any = subset
    options = cutting.Options(
        layout_features=["*"], hinting=False, notdef_outline=True, recalc_timestamp=False, ignore_missing_unicodes=True
    )
    buffer = io.BytesIO()
    with cutting.load_font(str(path), options) as opened:
        font: Any = opened
        weight = int(font["OS/2"].usWeightClass)
        cutter = cutting.Subsetter(options)
        cutter.populate(unicodes=characters)
        cutter.subset(font)
        font.save(buffer, reorderTables=None)
    return weight, buffer.getvalue()
