"""Font files, looked into without trusting them: characters, weights, permissions, and whether they are fonts at all."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from brandkit.errors import PictureError

MAX_BYTES = 40_000_000  # bytes; a full CJK face has about 20 MB
MAX_TABLES = 64  # tables in one font; real ones have under 30
MAX_CHARACTERS = 400_000  # mapped characters of all subtables together; the largest CJK faces map about 120 000

_KINDS = {b"\x00\x01\x00\x00", b"OTTO", b"true"}
_WEB = {b"wOFF": "WOFF", b"wOF2": "WOFF2", b"ttcf": "a collection (TTC)"}


@dataclass(frozen=True)
class FontFacts:
    """What a font file says about itself."""

    characters: frozenset[int] = field(repr=False)
    """Code points that it has glyphs for."""
    weights: tuple[int, int] = (400, 400)
    """Least and greatest weight, 1 to 1000; equal unless the font is variable."""
    italic: bool = False
    embedding: int = 0
    """`fsType` of the OS/2 table: bit 1 forbids embedding, bit 9 allows bitmaps only."""


def font_characters(path: Path) -> frozenset[int]:
    """The code points that a TTF or OTF file has glyphs for.

    Raises:
        PictureError: It cannot be read, is no font, or is built to exhaust memory.
    """
    return font_facts(path).characters


def font_facts(path: Path) -> FontFacts:
    """What a TTF or OTF file says about itself.

    Raises:
        PictureError: It cannot be read, is no font, or is built to exhaust memory.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise PictureError(f"{path.name} cannot be read: {error.strerror or error}", hint="check the path and its permissions") from None
    return _facts(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=128)
def _facts(path: Path, _changed: int, size: int) -> FontFacts:
    if size > MAX_BYTES:
        raise PictureError(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB", hint="use a subset of the font")
    data = path.read_bytes()
    _check_directory(data, path.name)
    from fontTools.ttLib import TTFont

    try:
        with TTFont(path, lazy=True, recalcBBoxes=False, recalcTimestamp=False) as font:
            tables: Any = font
            _check_cmap(tables.reader["cmap"])
            if not 16 <= tables["head"].unitsPerEm <= 16384 or not tables["maxp"].numGlyphs:
                raise ValueError("its head or maxp table holds impossible numbers")
            return FontFacts(frozenset(font.getBestCmap() or ()), *_style(tables))
    except Exception as error:  # fontTools raises whatever a broken table leads to
        raise PictureError(f"{path.name} is a damaged font: {str(error)[:120] or type(error).__name__}", hint=_REMEDY) from None


def _style(tables: Any) -> tuple[tuple[int, int], bool, int]:
    """Weights, slant and permissions; those of a regular, free font where the tables are missing."""
    os2 = tables["OS/2"] if "OS/2" in tables else None
    weight = int(getattr(os2, "usWeightClass", 400))
    axes = tables["fvar"].axes if "fvar" in tables else []
    span = next(((round(axis.minValue), round(axis.maxValue)) for axis in axes if axis.axisTag == "wght"), (weight, weight))
    return span, bool(getattr(os2, "fsSelection", 0) & 1), int(getattr(os2, "fsType", 0))


_REMEDY = "get the file again from the type foundry, as TTF or OTF"


def _check_directory(data: bytes, name: str) -> None:
    """Refuse what is no single TTF or OTF font, and table directories that point outside the file."""
    if data[:4] in _WEB:
        raise PictureError(f"{name} is {_WEB[data[:4]]}", hint="convert it to a single TTF or OTF font")
    if data[:4] not in _KINDS or len(data) < 12:
        raise PictureError(f"{name} is not a font", hint="name a TTF or OTF file")
    count = int.from_bytes(data[4:6], "big")
    tables = {data[at : at + 4]: struct.unpack(">II", data[at + 8 : at + 16]) for at in range(12, min(12 + 16 * count, len(data) - 15), 16)}
    if not 0 < count <= MAX_TABLES or len(tables) != count:
        raise PictureError(f"{name} is a damaged font: its table directory is broken", hint=_REMEDY)
    for tag, (offset, length) in tables.items():
        if offset + length > len(data):
            raise PictureError(f"{name} is a damaged font: the table {tag.decode('latin-1')!r} is cut off", hint=_REMEDY)
    if missing := {b"cmap", b"head", b"maxp"} - tables.keys():
        raise PictureError(f"{name} is a damaged font: it has no {min(missing).decode()!r} table", hint=_REMEDY)


def _check_cmap(table: bytes) -> None:
    """Refuse a character map that unfolds to more characters than there are."""
    mapped = 0
    count = int.from_bytes(table[2:4], "big")
    for at in range(4, min(4 + 8 * count, len(table) - 7), 8):
        start = int.from_bytes(table[at + 4 : at + 8], "big")
        if int.from_bytes(table[start : start + 2], "big") in {8, 12, 13}:
            skip = start + (16 if table[start + 1] != 8 else 8208)
            groups = int.from_bytes(table[skip - 4 : skip], "big")
            for group in range(skip, min(skip + 12 * groups, len(table) - 11), 12):
                first, last = struct.unpack(">II", table[group : group + 8])
                mapped += max(0, last - first + 1)
                if mapped > MAX_CHARACTERS:
                    raise ValueError("its character map is larger than Unicode")
