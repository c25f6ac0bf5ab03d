"""Font files, looked into without trusting them: in a process that may be killed, once for each content."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from brandkit.errors import PictureError
from brandkit.process import Helper, Killed, Refused

HELPER = Helper("brandkit.brand.font_worker")


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
    weight: int = 400
    """The weight that it is drawn for, also where it is variable."""
    units: int = 1000
    """Units of its grid in one em."""
    family: str = ""
    """The name that it bears, without control characters; empty when it bears none."""


class Ink(NamedTuple):
    """Where the ink of a glyph begins and ends, in ems above the baseline."""

    bottom: float
    top: float


def font_characters(path: Path) -> frozenset[int]:
    """The code points that a TTF or OTF file has glyphs for.

    Raises:
        PictureError: It cannot be read, is no font, or is built to exhaust time or memory.
    """
    return font_facts(path).characters


def font_facts(path: Path) -> FontFacts:
    """What a TTF or OTF file says about itself.

    Raises:
        PictureError: As `font_characters`.
    """
    return _facts(*_stamp(path))


def glyph_ink(path: Path, letter: str) -> Ink | None:
    """Where the ink of `letter` stands; None for a glyph without any.

    Raises:
        PictureError: As `font_characters`, or the font does not have the letter.
    """
    found = _small(*_stamp(path), "extent", letter)
    return Ink(*found) if found else None


def font_letterforms(path: Path) -> str:
    """SHA-256 over what decides how text looks in the font: its characters, outlines, metrics, kerning and substitutions.

    Raises:
        PictureError: As `font_characters`.
    """
    return str(_small(*_stamp(path), "letterforms"))


def _stamp(path: Path) -> tuple[Path, int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise PictureError(f"{path.name} cannot be read: {error.strerror or error}", hint="check the path and its permissions") from None
    return path, status.st_mtime_ns, status.st_size


@lru_cache(maxsize=128)
def _facts(path: Path, _changed: int, _size: int) -> FontFacts:
    told = _ask(path, "facts")
    return FontFacts(**told | {"characters": frozenset(told["characters"]), "weights": tuple(told["weights"])})


@lru_cache(maxsize=512)
def _small(path: Path, _changed: int, _size: int, ask: str, letter: str = "") -> Any:
    return _ask(path, ask, letter)


def _ask(path: Path, ask: str, letter: str = "") -> Any:
    try:
        return json.loads(HELPER.ask(json.dumps({"ask": ask, "path": str(path.absolute()), "letter": letter}).encode()))
    except Refused as error:
        try:
            reason, remedy = json.loads(str(error))
        except ValueError:
            reason, remedy = f"cannot be read: {error}", "check the path and its permissions"
        raise PictureError(f"{path.name} {reason}", hint=remedy) from None
    except Killed as error:
        raise PictureError(f"{path.name} is a damaged font: {error}", hint="get the file again from the type foundry") from None
