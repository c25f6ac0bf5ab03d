"""The catalogue of placements: pixels, safe zones and file weights of real platforms, each with its source."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from brandkit.brand.model import Document, Name
from brandkit.errors import BrandFileError, Fault, InputError
from brandkit.layout.boxes import Confidence, Format, SafeZone

Side = Annotated[int, Field(ge=16, le=8192)]
Margin = Annotated[int, Field(ge=0, le=4096)]
MOST_NAMED = 5  # near matches that an error lists


class FormatEntry(Document):
    """One placement as written in a catalogue file."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    platform: Annotated[str, Field(min_length=1, max_length=40)]
    size: tuple[Side, Side]
    """Width and height in pixels."""
    safe: tuple[Margin, Margin, Margin, Margin] = (0, 0, 0, 0)
    """Margins in pixels that the interface may cover: top, right, bottom, left."""
    max_kb: Annotated[int, Field(ge=1)] | None = None
    """Largest file, in kilobytes of 1000 bytes."""
    types: tuple[str, ...] = ("png", "jpeg")
    text_min: Annotated[int, Field(ge=6, le=200)] = 11
    """Smallest legible text in delivered pixels."""
    source: Annotated[str, Field(pattern=r"^(https://|own:)")]
    """Address of the platform's own page; `own:` and the reason where there is none."""
    checked: Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""
    """Day on which somebody looked the figures up; empty where nobody did."""
    confidence: Confidence = "convention"
    """How well the weakest figure is known, apart from those that `note` calls our estimate."""
    note: str = ""

    @model_validator(mode="after")
    def _room_left(self) -> FormatEntry:
        top, right, bottom, left = self.safe
        if left + right >= self.size[0] or top + bottom >= self.size[1]:
            raise ValueError("the safe zone leaves no room for copy; write [top, right, bottom, left] in pixels")
        return self

    @model_validator(mode="after")
    def _looked_up(self) -> FormatEntry:
        if self.confidence in ("confirmed", "secondary") and not self.checked:
            raise ValueError(f'{self.confidence} figures need the day on which they were read; write checked = "2026-11-20"')
        return self


class Catalogue(Document):
    """A catalogue file: format name to placement."""

    format: dict[Name, FormatEntry]


def load_formats(extra: Path | None = None) -> dict[str, Format]:
    """All placements by name, in the order of the catalogue.

    Args:
        extra: A TOML file of the same form; its placements come after the shipped ones and replace those of the same name.

    Raises:
        BrandFileError: The file cannot be read or holds a wrong value; every fault is named.
    """
    known = dict(_shipped())
    if extra is not None:
        known |= _formats(_read(extra), extra.name)
    return known


def get_format(name: str, extra: Path | None = None) -> Format:
    """The placement called `name`.

    Raises:
        InputError: There is none; the nearest names are listed.
    """
    known = load_formats(extra)
    if name not in known:
        near = _near(name, list(known))
        raise InputError(f"no format is called {name!r}", hint=f"did you mean {', '.join(near)}? `brandkit formats` lists all {len(known)}")
    return known[name]


def _near(name: str, names: list[str]) -> list[str]:
    import difflib

    plain = name.lower().replace("_", "-").replace(" ", "-")
    parts = [part for part in plain.split("-") if len(part) > 2]
    holding = [one for one in names if any(part in one for part in parts)]
    return list(dict.fromkeys([*difflib.get_close_matches(plain, names, n=3, cutoff=0.5), *holding, *names]))[:MOST_NAMED]


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Format]:
    return _formats(files("brandkit.layout").joinpath("formats.toml").read_text(encoding="utf-8"), "formats.toml")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BrandFileError([Fault(str(path), 0, 0, "", f"cannot be read: {error}", hint="give a TOML file in UTF-8")]) from None


def _formats(text: str, file: str) -> dict[str, Format]:
    try:
        entries = Catalogue.model_validate(tomllib.loads(text)).format
    except tomllib.TOMLDecodeError as error:
        raise BrandFileError([Fault(file, 0, 0, "", f"is not valid TOML: {error}")]) from None
    except ValidationError as error:
        faults = [
            Fault(file, 0, 0, ".".join(map(str, fault["loc"])), fault["msg"].removeprefix("Value error, ")) for fault in error.errors()
        ]
        raise BrandFileError(faults) from None
    return {name: _format(name, entry) for name, entry in entries.items()}


def _format(name: str, entry: FormatEntry) -> Format:
    top, right, bottom, left = entry.safe
    return Format(
        name=name, title=entry.title, platform=entry.platform, width=entry.size[0], height=entry.size[1], source=entry.source,
        safe=SafeZone(top, right, bottom, left), max_kb=entry.max_kb, types=entry.types, text_min=entry.text_min,
        checked=entry.checked, confidence=entry.confidence, note=entry.note,
    )  # fmt: skip
