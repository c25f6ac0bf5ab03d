"""The process that looks into font files: which characters they map, their metrics, where ink stands. `fonts` asks it.

fontTools is written for fonts whose authors mean well: a character map can unfold without end, and a glyph can be made of glyphs made of
glyphs. What is cheap to refuse is refused before it reads anything; the rest dies with this process.
"""

from __future__ import annotations

import hashlib
import json
import struct
import sys
from pathlib import Path
from typing import Any, cast

from brandkit.process import serve

MAX_BYTES = 40_000_000  # bytes; a full CJK face has about 20 MB
MAX_TABLES = 64  # tables in one font; real ones have under 30
MAX_FAMILY = 64  # characters of a family's name
MAX_GLYPHS = 65_535  # what the format can count
MAX_SUBTABLES = 64  # of the character map; real ones have under 10
MAX_MAP_BYTES = 8_000_000  # of all subtables as they are cut out, which may overlap; the largest CJK faces have 0.4 MB
MAX_CHARACTERS = 400_000  # mapped characters of all subtables together; the largest CJK faces map about 120 000
DRAWN_TABLES = ("glyf", "loca", "CFF ", "CFF2", "hmtx", "GSUB", "GPOS", "kern", "fvar", "gvar", "avar", "HVAR")
"""Tables that decide how text looks; the others name, license or hint it."""

_KINDS = {b"\x00\x01\x00\x00", b"OTTO", b"true"}
_WEB = {b"wOFF": "WOFF", b"wOF2": "WOFF2", b"ttcf": "a collection (TTC)"}
AGAIN = "get the file again from the type foundry, as TTF or OTF"


class Unusable(Exception):
    """Why a font is refused: the rest of a sentence that begins with its name, and the remedy, joined by a line break."""

    def __init__(self, reason: str, remedy: str = AGAIN) -> None:
        super().__init__(json.dumps([reason, remedy]))


def answer(question: bytes) -> bytes:
    """The answer to `{"ask": "facts" | "extent" | "letterforms", "path": …, "letter": …}`, both as JSON."""
    asked = json.loads(question)
    path = Path(asked["path"])
    if path.stat().st_size > MAX_BYTES:
        raise Unusable(f"is larger than {MAX_BYTES // 1_000_000} MB", "use a subset of the font")
    check_directory(path.read_bytes())
    from fontTools.ttLib import TTFont

    try:
        with TTFont(path, lazy=True, recalcBBoxes=False, recalcTimestamp=False) as font:
            opened: Any = font
            check_map(opened.reader["cmap"])
            if not 16 <= opened["head"].unitsPerEm <= 16384 or not 0 < opened["maxp"].numGlyphs <= MAX_GLYPHS:
                raise ValueError("its head or maxp table holds impossible numbers")
            return json.dumps(_ANSWERS[asked["ask"]](opened, str(asked.get("letter", "")))).encode()
    except Unusable:
        raise
    except Exception as error:  # fontTools raises whatever a broken table leads to
        raise Unusable(f"is a damaged font: {str(error)[:120] or type(error).__name__}") from None


def _characters(font: Any, _letter: str) -> list[int]:
    return sorted(font.getBestCmap() or ())


def _facts(font: Any, letter: str) -> dict[str, Any]:
    """Numbers of a regular, free font stand in where tables are missing."""
    os2 = font["OS/2"] if "OS/2" in font else None
    weight = int(getattr(os2, "usWeightClass", 400))
    axes = font["fvar"].axes if "fvar" in font else []
    span = next(([round(axis.minValue), round(axis.maxValue)] for axis in axes if axis.axisTag == "wght"), [weight, weight])
    names = font["name"] if "name" in font else None
    family = str((names and (names.getDebugName(16) or names.getDebugName(1))) or "")
    return {
        "family": "".join(letter for letter in family if letter.isprintable())[:MAX_FAMILY].strip(),
        "characters": _characters(font, letter), "weights": span, "weight": weight, "units": int(font["head"].unitsPerEm),
        "italic": bool(getattr(os2, "fsSelection", 0) & 1), "embedding": int(getattr(os2, "fsType", 0)),
    }  # fmt: skip


def _extent(font: Any, letter: str) -> list[float] | None:
    from fontTools.pens.boundsPen import BoundsPen

    glyphs = font.getGlyphSet()
    pen: Any = cast(Any, BoundsPen)(glyphs)
    glyphs[font.getBestCmap()[ord(letter)]].draw(pen)
    units = font["head"].unitsPerEm
    return [pen.bounds[1] / units, pen.bounds[3] / units] if pen.bounds else None


def _letterforms(font: Any, letter: str) -> str:
    digest = hashlib.sha256(json.dumps(_characters(font, letter)).encode())
    for tag in DRAWN_TABLES:
        if tag in font.reader:
            digest.update(tag.encode() + hashlib.sha256(font.reader[tag]).digest())
    return digest.hexdigest()


_ANSWERS = {"facts": _facts, "extent": _extent, "letterforms": _letterforms}


def check_directory(data: bytes) -> None:
    """Refuse what is no single TTF or OTF font, and table directories that point outside the file."""
    if data[:4] in _WEB:
        raise Unusable(f"is {_WEB[data[:4]]}", "convert it to a single TTF or OTF font")
    if data[:4] not in _KINDS or len(data) < 12:
        raise Unusable("is not a font", "name a TTF or OTF file")
    count = int.from_bytes(data[4:6], "big")
    tables = {data[at : at + 4]: struct.unpack(">II", data[at + 8 : at + 16]) for at in range(12, min(12 + 16 * count, len(data) - 15), 16)}
    if not 0 < count <= MAX_TABLES or len(tables) != count:
        raise Unusable("is a damaged font: its table directory is broken")
    for tag, (offset, length) in tables.items():
        if offset + length > len(data):
            raise Unusable(f"is a damaged font: the table {tag.decode('latin-1')!r} is cut off")
    if missing := {b"cmap", b"head", b"maxp"} - tables.keys():
        raise Unusable(f"is a damaged font: it has no {min(missing).decode()!r} table")


def check_map(table: bytes) -> None:
    """Refuse a character map that unfolds to more than there is."""
    count = int.from_bytes(table[2:4], "big")
    if count > MAX_SUBTABLES:
        raise ValueError("its character map has too many parts")
    mapped = size = 0
    for at in range(4, min(4 + 8 * count, len(table) - 7), 8):
        part = table[int.from_bytes(table[at + 4 : at + 8], "big") :][:MAX_MAP_BYTES]
        kind = int.from_bytes(part[:2], "big")
        size += int.from_bytes(part[4:8] if kind >= 8 and kind != 14 else part[2:6] if kind == 14 else part[2:4], "big")
        mapped += _mapped(part, kind)
        if mapped > MAX_CHARACTERS or size > MAX_MAP_BYTES:
            raise ValueError("its character map is larger than Unicode")


def _mapped(part: bytes, kind: int) -> int:
    """Characters that a subtable says it maps, where that can be more than it has bytes."""
    if kind == 4:
        count = int.from_bytes(part[6:8], "big") // 2
        ends = struct.unpack(f">{count}H", part[14 : 14 + 2 * count].ljust(2 * count, b"\0"))
        starts = struct.unpack(f">{count}H", part[16 + 2 * count : 16 + 4 * count].ljust(2 * count, b"\0"))
        return sum(max(0, end - start + 1) for start, end in zip(starts, ends, strict=True))
    if kind not in (8, 12, 13):
        return 0
    first = 16 if kind != 8 else 8208
    count = min(int.from_bytes(part[first - 4 : first], "big"), (len(part) - first) // 12)
    groups = (struct.unpack(">II", part[at : at + 8]) for at in range(first, first + 12 * count, 12))
    return sum(max(0, end - start + 1) for start, end in groups)


if __name__ == "__main__":
    import fontTools.ttLib  # noqa: F401  (before the limits hold)

    sys.exit(serve(answer))
