"""Brand identity of the Ad Context Protocol (`brand.json`): colours by role, logos, fonts and tone of an advertiser."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from brandkit.brand.exchange.format import Format, Written
from brandkit.brand.exchange.from_tokens import clean
from brandkit.brand.exchange.json_source import read_json
from brandkit.brand.exchange.kept import packed, reconciled, unpacked
from brandkit.brand.exchange.names import kit_name
from brandkit.brand.exchange.settle import merged
from brandkit.brand.exchange.sketch import Color, Font, Mark, Reading, Remark, Sketch
from brandkit.brand.exchange.values import srgb_hex
from brandkit.brand.resolve import Loc
from brandkit.brand.source import Source
from brandkit.color.parse import parse_color
from brandkit.errors import BrandFileError
from brandkit.files import slug

ROLES = {"primary": "primary", "secondary": "secondary", "accent": "accent", "background": "surface", "text": "ink"}
EXTRA = {"neutral": "neutral", "tint": "tint"}  # further roles; the schema allows any
NO_ROLE = "other"
ORIENTATIONS = {"horizontal": "horizontal", "stacked": "stacked", "vertical": "stacked", "square": "symbol"}
BACKGROUNDS = {"light-bg": ("light",), "dark-bg": ("dark",), "transparent-bg": ("light", "dark")}


def read(files: Sequence[Path], _contexts: Mapping[str, str]) -> Reading:
    """Read brand identities."""
    sketches, remarks = [], []
    for file in files:
        reader = _Reader(read_json(file))
        sketches.append(reader.sketch())
        remarks += reader.remarks
    return Reading(merged(sketches), tuple(remarks))


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.tree = source.tree
        self.remarks: list[Remark] = []

    def part(self, key: str, kind: type) -> Any:
        value = self.tree.get(key)
        if value is not None and not isinstance(value, kind):
            self.remarks.append(Remark(self.source.fault((key,), f"must be {'an object' if kind is dict else 'a list'}", ""), "broken"))
        return value if isinstance(value, kind) else kind()

    def sketch(self) -> Sketch:
        ext = self.part("ext", dict)
        kept = unpacked(ext.get("brandkit"))
        tone = self.part("tone", dict)
        voice = tone.get("attributes") or [word.strip() for word in str(tone.get("voice", "")).split(",")]
        words = [clean(word) for word in voice if isinstance(word, str) and clean(word)] if isinstance(voice, list) else []
        native = Sketch(
            name=self.name(),
            idea=clean(str(self.tree.get("description") or "")),
            colors=self.colors(kept),
            fonts=self.fonts(),
            marks=self.marks(),
            tone={"voice": words} if words else {},
        )
        self.others(tone)
        sketch = reconciled(native, kept)
        if sketch.empty:
            fault = self.source.fault((), "holds no colours, fonts, logos or tone", "name a brand identity")
            raise BrandFileError([*(remark.fault for remark in self.remarks if remark.kind == "broken"), fault])
        return replace(sketch, idea=native.idea or kept.idea)

    def name(self) -> str:
        for entry in self.part("names", list):
            if isinstance(entry, dict) and entry:
                text = entry.get("en") or next(iter(entry.values()))
                return clean(str(text))[:120]
        house = self.part("house", dict)
        return clean(str(house.get("name") or self.tree.get("name") or ""))[:120]

    def colors(self, kept: Sketch) -> tuple[Color, ...]:
        """Colours by role; the names that brandkit kept for the same roles and values come back."""
        known: dict[tuple[str, str], list[str]] = {}
        for color in kept.colors:
            known.setdefault((color.role, _hex(color.value)), []).append(color.name)
        position = {color.name: index for index, color in enumerate(kept.colors)}
        found: dict[str, Color] = {}
        taken = set(position)
        for role, loc, value in self.values():
            try:
                css = parse_color(value if isinstance(value, str) else json.dumps(value)[:60]).hex
            except ValueError as error:
                message, _, hint = str(error).partition("; ")
                self.remarks.append(Remark(self.source.fault(loc, message, hint), "broken"))
                continue
            ours = (ROLES | EXTRA).get(role, "")
            names = known.get((ours, css))
            name = names.pop(0) if names else kit_name(role, taken)
            taken.add(name)
            found[name] = Color(name, css, ours, evidence=f"colors.{role}")
        return tuple(sorted(found.values(), key=lambda color: position.get(color.name, len(position))))

    def values(self) -> Iterator[tuple[str, Loc, Any]]:
        """Role, place and value of every colour."""
        for role, values in self.part("colors", dict).items():
            if isinstance(values, list):
                yield from ((role, ("colors", role, index), value) for index, value in enumerate(values))
            else:
                yield role, ("colors", role), values

    def fonts(self) -> tuple[Font, ...]:
        fonts: dict[str, Font] = {}
        for key, value in self.part("fonts", dict).items():
            family = value if isinstance(value, str) else value.get("family") if isinstance(value, dict) else None
            if isinstance(family, str) and clean(family):
                name = kit_name(key, fonts, "font")
                fonts[name] = Font(name, clean(family), evidence=f"fonts.{key}")
            elif key == "font_urls":
                self.left(("fonts", key), "font files on the network are not fetched", "put the files into fonts/")
        return tuple(fonts.values())

    def marks(self) -> tuple[Mark, ...]:
        marks: dict[str, Mark] = {}
        for index, entry in enumerate(self.part("logos", list)):
            url = entry.get("url") if isinstance(entry, dict) else None
            if not isinstance(url, str) or not url:
                self.remarks.append(Remark(self.source.fault(("logos", index), "a logo needs its 'url'", "add it"), "broken"))
                continue
            tags = entry.get("tags")
            label = tags[0] if isinstance(tags, list) and tags and isinstance(tags[0], str) else entry.get("variant", "mark")
            name = kit_name(str(label), marks, "mark")
            lockup = "wordmark" if entry.get("variant") == "wordmark" else ORIENTATIONS.get(str(entry.get("orientation")), "")
            marks[name] = Mark(name, url, BACKGROUNDS.get(str(entry.get("background")), ()), lockup, clean(str(entry.get("usage", ""))))
        return tuple(marks.values())

    def left(self, loc: tuple[str | int, ...], message: str, hint: str = "") -> None:
        self.remarks.append(Remark(self.source.fault(loc, message, hint), "left-out"))

    def others(self, tone: Mapping[str, Any]) -> None:
        known = {"$schema", "brand_id", "house", "names", "description", "colors", "fonts", "logos", "tone", "ext", "name", "version"}
        for key in self.tree:
            if key not in known:
                self.left((key,), f"{key!r} is left out: a kit has no place for it")
        for key in ("dos", "donts"):
            if tone.get(key):
                self.left(("tone", key), f"{key!r} are rules in prose: write the words to avoid under tone.ban")


def _hex(value: str) -> str:
    try:
        return srgb_hex(value)
    except ValueError:
        return ""


def write(sketch: Sketch) -> Written:
    """A brand identity; names of colours and what else AdCP cannot say are kept under `ext.brandkit`."""
    words = {ours: theirs for theirs, ours in (ROLES | EXTRA).items()}
    colors: dict[str, list[str]] = {}
    for color in sketch.colors:
        colors.setdefault(words.get(color.role, NO_ROLE), []).append(srgb_hex(color.value))
    tree: dict[str, Any] = {
        "brand_id": slug(sketch.name),
        "house": {"domain": f"{slug(sketch.name)}.invalid", "name": sketch.name},
        "names": [{"en": sketch.name}],
        "description": sketch.idea,
        "colors": {role: values[0] if len(values) == 1 else values for role, values in colors.items()},
        "fonts": {font.name: font.family for font in sketch.fonts},
        "logos": [_logo(mark) for mark in sketch.marks],
        "tone": _tone(sketch.tone),
        "ext": {"brandkit": packed(sketch)},
    }
    text = json.dumps({key: value for key, value in tree.items() if value}, indent=2, ensure_ascii=False) + "\n"
    losses = ["house.domain is required and no kit holds it: replace the placeholder"]
    losses += ["logos.url must be the address of the published file: the paths of the kit stand there"] if sketch.marks else []
    return Written(text.encode(), tuple(losses))


def _logo(mark: Mark) -> dict[str, Any]:
    entry: dict[str, Any] = {"url": mark.file, "tags": [mark.name]}
    shape = {"horizontal": "horizontal", "stacked": "stacked", "symbol": "square", "wordmark": "horizontal"}.get(mark.lockup)
    if shape:
        entry["orientation"] = shape
    if mark.lockup in {"symbol", "wordmark"}:
        entry["variant"] = "icon" if mark.lockup == "symbol" else "wordmark"
    tones = {tone for tone in mark.on if tone != "photo"}
    if tones:
        entry["background"] = "transparent-bg" if len(tones) == 2 else f"{tones.pop()}-bg"
    return entry | ({"usage": mark.alt} if mark.alt else {})


def _tone(tone: Mapping[str, Any]) -> dict[str, Any]:
    voice = [str(word) for word in tone.get("voice") or ()]
    said: dict[str, Any] = {"voice": ", ".join(voice), "attributes": voice} if voice else {}
    if ban := [str(word) for word in tone.get("ban") or ()]:
        said["donts"] = [f"Never say “{word}”" for word in ban]
    return said


FORMAT = Format(
    id="adcp",
    title="AdCP brand identity",
    file="brand.json",
    says=("name", "idea", "roles", "notes", "wide", "families", "files", "styles", "marks", "tone", "rest"),
    recognises=lambda file, data: file.suffix.lower() == ".json" and (b'"brand_id"' in data or b'"house"' in data),
    read=read,
    write=write,
)
