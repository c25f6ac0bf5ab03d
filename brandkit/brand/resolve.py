"""The brand as the rest of brandkit sees it: documents joined, names looked up, files found, every value with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from brandkit.brand.model import BrandDocument, Logo, Mark, Palette, Scheme, Typography

Loc = tuple[str | int, ...]


@dataclass(frozen=True)
class Position:
    """Where a value stands: `line` and `column` count from 1."""

    file: Path
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file.name}:{self.line}"


@dataclass(frozen=True)
class Brand:
    """A resolved brand.

    `positions` maps the key path of every value (e.g. `("palette", "colors", "pine", "value")`) to where it was written;
    `kit_hash` is the SHA-256 over the resolved values and the content of every file they name.
    """

    document: BrandDocument
    file: Path
    positions: Mapping[Loc, Position] = field(repr=False)
    kit_hash: str = ""
    paths: Mapping[Loc, Path] = field(default_factory=dict, repr=False)
    """Absolute path of every file the kit names, by the key path of its name."""
