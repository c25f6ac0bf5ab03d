"""A resolved kit as one JSON document: what `brandkit explain --format json` holds beside the origins, and `brandkit diff` reads again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from brandkit.brand.load import path_hash
from brandkit.brand.model import BrandDocument
from brandkit.brand.resolve import Brand, Loc
from brandkit.brand.source import dotted
from brandkit.errors import InputError, PictureError
from brandkit.files import sha256

MAX_BYTES = 20_000_000  # bytes of a saved kit; real ones have under 200 kB
MARKS: Loc = ("logo", "marks")
FONTS: Loc = ("typography", "families")


@dataclass(frozen=True)
class Kit:
    """A brand to be compared. `files` holds the SHA-256 of each file it names, `drawings` that of what marks and fonts look like."""

    brand: Brand
    files: dict[str, str] = field(repr=False)
    drawings: dict[str, str] = field(repr=False)
    saved: bool = False
    """Whether it comes from a saved document, so that its files cannot be opened."""

    def to_json(self) -> dict[str, Any]:
        """The kit as plain JSON values, which `read_kit` reads again."""
        document = self.brand.document.model_dump(mode="json", by_alias=True, exclude={"extends", "open"})
        return {"document": document, "files": self.files, "drawings": self.drawings}


def kit_of(brand: Brand) -> Kit:
    """The kit of a loaded brand, with the hashes of all its files."""
    files = {dotted(loc): path_hash(path) for loc, path in brand.paths.items()}
    drawn = {loc: path for loc, path in brand.paths.items() if loc[:2] in (MARKS, FONTS) and loc[-1] != "licence"}
    return Kit(brand, files, {dotted(loc): _drawing(path) for loc, path in drawn.items()})


def read_kit(path: Path) -> Kit:
    """A saved kit.

    Raises:
        InputError: The file is no document that `brandkit explain --format json` wrote, or was written with a PATH.
    """
    remedy = "save one with `brandkit explain BRAND --format json > kit.json`"
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path} is larger than {MAX_BYTES // 1_000_000} MB", hint=remedy)
        data = json.loads(path.read_bytes())
        kit = data["kit"]
        document = BrandDocument.model_validate_json(json.dumps(kit["document"]), strict=True)
        files, drawings = ({str(key): str(value) for key, value in kit[part].items()} for part in ("files", "drawings"))
        return Kit(Brand(document, path.resolve(), {}, str(data["kit_hash"])), files, drawings, saved=True)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", hint=remedy) from None
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError, ValidationError):
        raise InputError(f"{path} is no saved kit", hint=remedy) from None


def _drawing(path: Path) -> str:
    """A hash of what is drawn, so that a file which only names or notes something else counts as the same."""
    data = path.read_bytes()
    try:
        if path.suffix.lower() == ".svg":
            from brandkit.image.svg import clean_svg

            return sha256(clean_svg(data, name=path.name))
        if path.suffix.lower() in (".ttf", ".otf"):
            from brandkit.brand.fonts import font_letterforms

            return font_letterforms(path)
    except PictureError:
        pass  # what cannot be drawn is compared byte for byte; lint says what is wrong with it
    return sha256(data)
