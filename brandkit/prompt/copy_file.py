"""The copy of a picture made elsewhere, in a file: what it should read, in which language, about what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import Field

from brandkit.brand.load import read_document
from brandkit.brand.model import Document, Text
from brandkit.brand.source import Source
from brandkit.brand.tone import Brief, Written
from brandkit.errors import BrandFileError
from brandkit.prompt.brief import LocaleTag, SlotName

BEGIN = "begin with 'copy:' and under it 'headline: …'"


class CopyDocument(Document):
    """A copy file: `copy: {headline: Dipped once.}`, and where wanted `locale: de` and `topics: [price]`."""

    locale: LocaleTag = "en"
    """Language of the copy; disclaimers may depend on it."""
    topics: list[str] = []
    """Topics such as `price`, for disclaimers."""
    copy_: Annotated[dict[SlotName, Text], Field(min_length=1, alias="copy")]
    """Slot to the text as it should stand in the picture."""


class Copy(NamedTuple):
    """Slot to text, and what is known about it."""

    texts: dict[str, str]
    brief: Brief


def load_copy(path: Path) -> Copy:
    """Read the copy file at `path`.

    Raises:
        BrandFileError: It cannot be read, or its shape is wrong.
    """
    try:
        source, document, faults = read_document(path, CopyDocument)
    except BrandFileError as error:
        raise BrandFileError([replace(fault, hint=BEGIN) if "brandkit: 1" in fault.hint else fault for fault in error.faults]) from None
    if faults or document is None:
        raise BrandFileError(faults)
    texts = {str(slot): text for slot, text in document.copy_.items()}
    written = {slot: _written(source, ("copy", slot)) for slot in texts}
    return Copy(texts, Brief(document.locale, tuple(document.topics), written, _written(source, ("copy",))))


def _written(source: Source, loc: tuple[str, ...]) -> Written:
    place = source.place(loc)
    later = [other.line for other in source.values.values() if other.line > place.line]
    lines = source.lines.get(place.file, [])[place.line - 1 : min(later) - 1 if later else None]
    return Written(place.file.name, place.line, place.column, tuple(lines))
