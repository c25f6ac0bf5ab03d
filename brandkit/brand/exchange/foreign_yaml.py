"""YAML of foreign files, with the limits and refusals of a kit's own and hints that fit them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from brandkit.brand.exchange.json_source import decode, read_bytes
from brandkit.brand.reading import MAX_BYTES, source_of
from brandkit.brand.source import Source
from brandkit.errors import BrandFileError


def read_yaml(file: Path, begin: str) -> Source:
    """Read one YAML file whose root is a mapping; `begin` is the hint where it is none.

    Raises:
        BrandFileError: It cannot be read, or is not the plain YAML that brandkit takes.
    """
    return parse_yaml(decode(read_bytes(file, MAX_BYTES), file), file, begin)


def parse_yaml(text: str, file: Path, begin: str) -> Source:
    """As `read_yaml`, from text."""
    try:
        return source_of(text, file)
    except BrandFileError as error:
        raise BrandFileError([replace(f, hint=begin) if "brandkit: 1" in f.hint else f for f in error.faults]) from None
