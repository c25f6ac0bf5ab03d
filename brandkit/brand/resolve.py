"""The brand as the rest of brandkit sees it: documents joined, names looked up, files found, every value with its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brandkit.brand.model import BrandDocument, Mark, Palette, Scheme
from brandkit.color.contrast import wcag_contrast
from brandkit.color.parse import ParsedColor, parse_color
from brandkit.errors import InputError
from brandkit.files import sha256, sha256_file
from brandkit.results import Swatch

if TYPE_CHECKING:
    from brandkit.brand.calibration import Calibration

Loc = tuple[str | int, ...]
PARTS = ("palette", "logo", "imagery")  # sections of a brand file that checks of pictures read


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
    calibration: Calibration | None = field(default=None, repr=False)
    """What `calibration.json` beside the brand file says; None without one."""

    @cached_property
    def part_hashes(self) -> dict[str, str]:
        """Section of the brand file to the SHA-256 of its values and of the files it names."""
        values = plain_values(self.document, defaults=False)
        hashes = {}
        for part in PARTS:
            named = sorted((".".join(map(str, loc)), path) for loc, path in self.paths.items() if loc[0] == part and path.is_file())
            lines = [json.dumps(values.get(part), sort_keys=True), *(f"{loc}:{sha256_file(path)}" for loc, path in named)]
            hashes[part] = sha256("\n".join(lines).encode())
        return hashes

    @property
    def name(self) -> str:
        return self.document.name

    @property
    def root(self) -> Path:
        """The folder of the brand's own file."""
        return self.file.parent

    def where(self, *loc: str | int) -> str:
        """Where the value at `loc` was written: `brand.yaml:12`, with the folder before it when a parent wrote it.

        A value that nobody wrote (a default) has the place of the nearest section around it, at last the file's name.
        """
        return describe_place(self.positions, self.file.name, loc)

    def color(self, name: str) -> ParsedColor:
        """The palette colour `name`."""
        colors = self._palette.colors if self._palette else {}
        if name not in colors:
            raise InputError(f"the brand {self.name!r} has no colour {name!r}", hint=f"it has: {', '.join(colors) or 'none'}")
        return parse_color(colors[name].value)

    def hex(self, name: str) -> str:
        """The palette colour `name` as `#RRGGBB` in sRGB."""
        return self.color(name).hex

    @property
    def colors(self) -> dict[str, ParsedColor]:
        """Name to colour, in the order of the file."""
        return {name: self.color(name) for name in (self._palette.colors if self._palette else {})}

    @property
    def _palette(self) -> Palette | None:
        return self.document.palette

    def role(self, role: str) -> str | None:
        """Name of the first colour with this role."""
        colors = self._palette.colors if self._palette else {}
        return next((name for name, color in colors.items() if color.role == role), None)

    def path(self, *loc: str | int) -> Path:
        """Absolute path of the file named at `loc`."""
        if loc not in self.paths:
            raise InputError(f"the brand {self.name!r} names no file at {'.'.join(map(str, loc))}", hint=f"add it to {self.file}")
        return self.paths[loc]

    @property
    def marks(self) -> dict[str, Mark]:
        """Mark name to mark, in the order of the file."""
        return dict(self.document.logo.marks) if self.document.logo else {}

    def mark_path(self, name: str) -> Path:
        """Absolute path of the mark's file."""
        return self.path("logo", "marks", name, "file")

    @property
    def schemes(self) -> dict[str, Scheme]:
        """The declared colour schemes, or one derived from pairs and roles; empty only without a palette."""
        if self.document.layout.schemes or not self._palette:
            return dict(self.document.layout.schemes)
        return {"default": _derive_scheme(self, self._palette)}

    @property
    def font_files(self) -> list[Path]:
        """Absolute path of every font file, in the order of the kit, each once."""
        typography = self.document.typography
        locs = [
            ("typography", "families", family, "files", index)
            for family, entry in (typography.families if typography else {}).items()
            for index in range(len(entry.files))
        ]
        return list(dict.fromkeys(self.paths[loc] for loc in locs))

    @property
    def swatches(self) -> tuple[Swatch, ...]:
        """The palette for the result document."""
        colors = self._palette.colors if self._palette else {}
        return tuple(Swatch(name=name, hex=self.hex(name), role=color.role, share=color.share) for name, color in colors.items())


def plain_values(document: BrandDocument, *, defaults: bool = True) -> dict[str, Any]:
    """What the brand says, as JSON values; without links to other brands, leave to change something and lint settings.

    These do not bear on any asset, so they are in no hash. Hashes leave out `defaults`, too: a kit that nobody touched keeps its hash, and
    its calibration, when a newer brandkit knows more keys.
    """
    left_out = {"extends", "open", "lint"}
    values: dict[str, Any] = document.model_dump(mode="json", by_alias=True, exclude=left_out, exclude_defaults=not defaults)
    plain: dict[str, Any] = _without_openness(values)
    return plain


def _without_openness(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: (inner, _without_openness(inner)) for key, inner in value.items() if key != "open" or isinstance(inner, dict)}
        return {key: left for key, (inner, left) in kept.items() if left != {} or inner == {}}  # nothing but leave: nothing
    return [_without_openness(inner) for inner in value] if isinstance(value, list) else value


def describe_place(positions: Mapping[Loc, Position], own: str, loc: Loc) -> str:
    """`file:line` of the value at `loc`, or of the nearest section around it that was written; else the file's own name."""
    for end in range(len(loc), 0, -1):
        if position := positions.get(loc[:end]):
            home = positions.get((), position).file
            return str(position) if position.file == home else f"{position.file.resolve().parent.name}/{position}"
    return own


def _derive_scheme(brand: Brand, palette: Palette) -> Scheme:
    """Ground by role, ink by the declared pair, accent by role; where nothing is declared, what contrasts most."""
    names = list(palette.colors)
    hexes = {name: brand.hex(name) for name in names}

    def strongest(on: str) -> str:
        paired = next((pair.ink for pair in palette.pairs if pair.on == on), None)
        return paired or max(names, key=lambda name: wcag_contrast(hexes[name], hexes[on]))

    ground = brand.role("surface") or max(names, key=lambda name: wcag_contrast(hexes[name], "#000000"))
    paired = next((pair.ink for pair in palette.pairs if pair.on == ground), None)
    ink = paired or brand.role("ink") or strongest(ground)
    accent = brand.role("accent") or brand.role("primary") or ink
    return Scheme(ground=ground, ink=ink, accent=accent, on_accent=strongest(accent))
