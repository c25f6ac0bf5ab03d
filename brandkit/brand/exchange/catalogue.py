"""Every foreign format by its id, and which one a file is in."""

from __future__ import annotations

from pathlib import Path

from brandkit.brand.exchange import dtcg
from brandkit.brand.exchange.format import Format
from brandkit.brand.exchange.json_source import read_bytes
from brandkit.brand.wording import closest
from brandkit.errors import BrandFileError, Fault, InputError

FORMATS: dict[str, Format] = {format.id: format for format in (dtcg.FORMAT,)}
HEAD = 8_000_000  # bytes that recognising a file may look at


def format_of(file: Path) -> Format:
    """The format that `file` is written in, by its name and content.

    Raises:
        BrandFileError: It cannot be read, or is in no format that brandkit reads.
    """
    data = read_bytes(file, HEAD)
    for format in FORMATS.values():
        if format.read and format.recognises(file, data):
            return format
    known = ", ".join(format.title for format in FORMATS.values() if format.read)
    raise BrandFileError([Fault(str(file), 1, 1, "", "is in no format that brandkit reads", hint=f"it reads: {known}")])


def format_named(name: str, *, write: bool = False) -> Format:
    """The format with the id `name`.

    Raises:
        InputError: There is none, or it cannot be written.
    """
    choices = [format.id for format in FORMATS.values() if format.write or not write]
    if name not in choices:
        raise InputError(f"{name!r} is no format to {'export to' if write else 'import from'}", hint=closest(name, choices))
    return FORMATS[name]
