"""The kit's own reference pictures, to be laid beside an asset: what it was meant to look like, or to show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from brandkit.brand.resolve import Brand
from brandkit.errors import BrandkitError, PictureError, UnfinishedError
from brandkit.image.apart import load_apart

ROLES = {"style": "Style", "product": "Product", "pattern": "Pattern"}


@dataclass(frozen=True)
class KitReference:
    """One reference of a kit. Sizes are in pixels, as it stands upright."""

    name: str
    """In addresses: no part of the file's name or path."""
    label: str
    """For people: its role in the kit, and what the kit says about it."""
    path: Path
    sha256: str
    """Of the bytes that were read when the review began; what is not these any more is not shown."""
    width: int
    height: int


def kit_references(brand: Brand) -> Iterator[KitReference | BrandkitError]:
    """The references of a kit in its order, those inherited among them; for what cannot be read, why."""
    for index, rule in enumerate(brand.document.imagery.references):
        try:
            path = brand.path("imagery", "references", index, "file")
            picture = load_apart(path, name=rule.file)
        except (PictureError, UnfinishedError) as error:
            yield type(error)(f"{brand.where('imagery', 'references', index)}: {error.message}", hint=error.hint)
            continue
        label = f"{ROLES[rule.role]} reference of the kit: {rule.note or path.name}"
        yield KitReference(f"kit-{index}", label, path, picture.sha256, picture.width, picture.height)
