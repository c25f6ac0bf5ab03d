"""A loaded kit as its rules see it: the brand, the file it comes from, and facts about its files, each found out once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.drawing import Drawing, draw
from brandkit.brand.fonts import FontFacts, font_facts
from brandkit.brand.model import Mark, PaletteColor
from brandkit.brand.reading import read_source
from brandkit.brand.references import select
from brandkit.brand.resolve import Brand, Loc
from brandkit.brand.source import Source
from brandkit.color.spaces import srgb_to_lab
from brandkit.errors import BrandFileError, Fault, PictureError
from brandkit.results import Level, Limit

CAMPAIGNS = "campaigns"
MAX_CAMPAIGNS = 200  # campaign files that are read for their copy
THUMB = 160  # px of the longer side of the picture that is kept of a reference

Facts = TypeVar("Facts")


class Check(Protocol):
    """What rules about the gate need to know of a check."""

    @property
    def limits(self) -> Limit: ...
    @property
    def level(self) -> Level: ...
    @property
    def version(self) -> int: ...


@dataclass(frozen=True)
class Surroundings:
    """What a kit is used with: the checks by id, and the width and height in pixels of each placement by name.

    Rules that need them find nothing where they are empty.
    """

    checks: Mapping[str, Check] = field(default_factory=dict)
    formats: Mapping[str, tuple[int, int]] = field(default_factory=dict)


class Thumb(NamedTuple):
    """A picture of the kit: its size in pixels, the hash of its content, and a small copy, shape (H, W, 3)."""

    width: int
    height: int
    sha256: str
    rgb: NDArray[np.uint8]


@dataclass(frozen=True)
class Kit:
    """A brand with its source and the surroundings that it is used in."""

    brand: Brand
    source: Source
    surroundings: Surroundings = field(default_factory=Surroundings)

    @cached_property
    def labs(self) -> dict[str, NDArray[np.float64]]:
        """Swatch name to CIELAB."""
        return {name: srgb_to_lab(np.array(color.rgb) / 255) for name, color in self.brand.colors.items()}

    @cached_property
    def drawings(self) -> dict[str, Drawing | PictureError]:
        """Each mark drawn, or why it cannot be drawn."""
        return {name: _or_error(draw, self.brand.mark_path(name)) for name in self.brand.marks}

    @property
    def drawn(self) -> Iterator[tuple[str, Mark, Drawing]]:
        """Name, rules and drawing of every mark that can be drawn."""
        for name, drawing in self.drawings.items():
            if isinstance(drawing, Drawing):
                yield name, self.brand.marks[name], drawing

    @cached_property
    def fonts(self) -> dict[Loc, FontFacts | PictureError]:
        """What each named font file says about itself, or why it cannot be read."""
        return {loc: _or_error(font_facts, path) for loc, path in self._named("typography") if "files" in loc}

    @cached_property
    def pictures(self) -> dict[Loc, Thumb | PictureError]:
        """References and photographs, small, or why they cannot be read."""
        seen = {path: _or_error(thumb, path) for path in dict.fromkeys(path for _, path in self._named("imagery"))}
        return {loc: seen[path] for loc, path in self._named("imagery")}

    def thumbs(self, kind: str) -> list[tuple[Loc, Thumb]]:
        """Those of `references` or `photographs` that can be read, with the key path of their file."""
        return [(loc, picture) for loc, picture in self.pictures.items() if loc[1] == kind and isinstance(picture, Thumb)]

    def _named(self, section: str) -> list[tuple[Loc, Path]]:
        return [(loc, path) for loc, path in self.brand.paths.items() if loc[0] == section]

    @cached_property
    def campaigns(self) -> list[Source]:
        """The kit's own campaign files that can be read."""
        return [source for source in self._campaigns if isinstance(source, Source)]

    @property
    def campaign_faults(self) -> Iterator[Fault]:
        """Faults of campaign files that cannot be read."""
        return (fault for error in self._campaigns if isinstance(error, BrandFileError) for fault in error.faults)

    @cached_property
    def _campaigns(self) -> list[Source | BrandFileError]:
        folder = self.brand.root / CAMPAIGNS
        files = sorted([*folder.glob("*.yaml"), *folder.glob("*/campaign.yaml")])[:MAX_CAMPAIGNS]
        return [_read(file) for file in files]

    @property
    def parents(self) -> list[Source]:
        """The brands that this one extends, direct parent first."""
        return list(self.source.chain[1:])

    def family_chain(self, family: str) -> list[str]:
        """The family and its fallbacks, each once, as deep as they name one another."""
        typography = self.brand.document.typography
        found: list[str] = []
        waiting = [family]
        while waiting and typography:
            name = waiting.pop(0)
            if name not in found and name in typography.families:
                found.append(name)
                waiting += typography.families[name].fallback
        return found

    def characters(self, families: list[str]) -> frozenset[int]:
        """All code points that the families have glyphs for."""
        known = [facts.characters for loc, facts in self.fonts.items() if loc[2] in families and isinstance(facts, FontFacts)]
        return frozenset[int]().union(*known)

    def copy(self, campaign: Source) -> Iterator[tuple[Loc, str]]:
        """Every text of copy in a campaign: `("concepts", concept, "copy", locale, slot)` and the text."""
        for loc, text in select(campaign.tree, ("concepts", "*", "copy", "*", "*")):
            if isinstance(text, str):
                yield loc, text

    @property
    def colors(self) -> dict[str, PaletteColor]:
        """Swatch name to its entry in the file; empty without a palette."""
        palette = self.brand.document.palette
        return dict(palette.colors) if palette else {}


def _read(file: Path) -> Source | BrandFileError:
    try:
        return read_source(file)
    except BrandFileError as error:
        return error


def _or_error(read: Callable[[Path], Facts], path: Path) -> Facts | PictureError:
    try:
        return read(path)
    except PictureError as error:
        return error


def thumb(path: Path) -> Thumb:
    """Size, hash and a small copy of a picture.

    Raises:
        PictureError: It cannot be read.
    """
    from PIL import Image

    from brandkit.image.apart import load_material

    picture = load_material(path, ground="#FFFFFF")
    scale = max(1.0, max(picture.width, picture.height) / THUMB)
    size = (max(1, round(picture.width / scale)), max(1, round(picture.height / scale)))
    small = Image.fromarray(picture.rgb).resize(size, Image.Resampling.NEAREST)
    return Thumb(picture.width, picture.height, picture.sha256, np.array(small, np.uint8))
