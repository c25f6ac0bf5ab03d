"""The pictures that go along with a prompt: plan of the frame, palette card, then the brand's and the concept's own, in upload order."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from brandkit.brand.model import Reference
from brandkit.brand.resolve import Brand
from brandkit.errors import PictureError
from brandkit.files import sha256, slug
from brandkit.prompt.drawings import DEFAULT_SHARES, CardColor, draw_palette, draw_wireframe
from brandkit.prompt.models import ImageModel
from brandkit.prompt.request import ReferenceInput

if TYPE_CHECKING:
    from brandkit.image.region import Box
    from brandkit.prompt.load import Campaign
    from brandkit.prompt.sizes import SizePlan

LONG_EDGE = 1536  # px: models reduce larger inputs, so more would only cost upload time
JPEG_QUALITY = 90  # of style references: no artefact that a model could take for texture
DRAWN = 2  # wireframe and palette card

MediaType = Literal["image/png", "image/jpeg", "image/webp"]
Role = Literal["layout", "palette", "style", "product", "pattern"]


class GivenReference(NamedTuple):
    """A reference as written in a brand or campaign file, with its file and place."""

    rule: Reference
    path: Path
    source: str


def given_references(campaign: Campaign, concept_id: str) -> tuple[GivenReference, ...]:
    """The references of brand and concept: styles and patterns first, products last, each in the order of its file."""
    found = list(_of_brand(campaign.brand)) + list(_of_concept(campaign, concept_id))
    return tuple(sorted(found, key=lambda given: given.rule.role == "product"))


def kept_references(given: tuple[GivenReference, ...], model: ImageModel) -> tuple[GivenReference, ...]:
    """Those of `given` that fit into one call: products before styles, because what must be kept cannot be described."""
    room = max(0, model.inputs - DRAWN)
    ranked = sorted(range(len(given)), key=lambda index: given[index].rule.role != "product")[:room]
    return tuple(given[index] for index in sorted(ranked))


def build_references(
    campaign: Campaign, concept_id: str, *, model: ImageModel, plan: SizePlan, quiet: tuple[tuple[str, Box], ...]
) -> tuple[ReferenceInput, ...]:
    """Draw and load every reference input, in upload order: 1 plan of the frame, 2 palette card, then styles, then products.

    Args:
        campaign: With its brand.
        concept_id: Whose references go along.
        model: Sets how many inputs fit; with none, the result is empty.
        plan: Size and crop of the picture.
        quiet: Named calm zones in fractions of the picture.

    Raises:
        PictureError: A file cannot be read, or is too big for the model even when reduced.
    """
    if model.inputs < DRAWN:
        return ()
    drawn: list[tuple[Role, bytes, MediaType, str, str]] = [
        ("layout", draw_wireframe(plan.width, plan.height, plan.crop, quiet), "image/png", "layout", "layout")
    ]
    if colors := card_colors(campaign.brand):
        drawn.append(("palette", draw_palette(colors), "image/png", "palette", campaign.brand.where("palette", "colors")))
    for given in kept_references(given_references(campaign, concept_id), model):
        data, media_type = encode_reference(given.path, lossless=given.rule.role != "style")
        drawn.append((given.rule.role, data, media_type, given.path.stem, given.source))
    return tuple(
        _input(index, role, data, media_type, stem, source, model)
        for index, (role, data, media_type, stem, source) in enumerate(drawn, start=1)
    )


def card_colors(brand: Brand) -> tuple[CardColor, ...]:
    """The palette with the middle of each declared share, or a usual share for the colour's role."""
    palette = brand.document.palette
    if palette is None:
        return ()
    return tuple(
        CardColor(brand.hex(name), max(0.02, sum(color.share) / 2 if color.share else DEFAULT_SHARES[color.role]))
        for name, color in palette.colors.items()
    )


def encode_reference(path: Path, *, lossless: bool) -> tuple[bytes, MediaType]:
    """A picture file as a model should get it: sRGB, at most 1536 px long, PNG or JPEG, the same bytes every time.

    Raises:
        PictureError: The file is no picture that can be used.
    """
    state = path.stat()
    return _encoded(path, state.st_mtime_ns, state.st_size, lossless)


@lru_cache(maxsize=64)
def _encoded(path: Path, _modified: int, _size: int, lossless: bool) -> tuple[bytes, MediaType]:
    from PIL import Image

    from brandkit.image.apart import load_material

    picture = load_material(path)
    image = Image.fromarray(picture.rgb)
    if max(image.size) > LONG_EDGE:
        factor = LONG_EDGE / max(image.size)
        size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
        image = image.resize(size, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    if lossless:
        image.save(buffer, "PNG", compress_level=6)
        return buffer.getvalue(), "image/png"
    image.save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return buffer.getvalue(), "image/jpeg"


def _input(index: int, role: Role, data: bytes, media_type: MediaType, stem: str, source: str, model: ImageModel) -> ReferenceInput:
    if len(data) > model.input_bytes:
        limit = model.input_bytes // 1_000_000
        raise PictureError(f"{source}: the reference {stem!r} is {len(data) / 1e6:.1f} MB", hint=f"{model.id} takes at most {limit} MB")
    suffix = "jpg" if media_type == "image/jpeg" else "png"
    # Only role and index go into the name: file names of the brand are nobody else's business.
    name = f"{index}-{slug(role)}.{suffix}"
    return ReferenceInput(index, role, name, data, sha256(data), media_type, source)


def _of_brand(brand: Brand) -> Iterator[GivenReference]:
    for index, rule in enumerate(brand.document.imagery.references):
        loc = ("imagery", "references", index)
        yield GivenReference(rule, brand.path(*loc, "file"), brand.where(*loc))


def _of_concept(campaign: Campaign, concept_id: str) -> Iterator[GivenReference]:
    for index, rule in enumerate(campaign.document.concepts[concept_id].scene.references):
        loc = ("concepts", concept_id, "scene", "references", index)
        yield GivenReference(rule, campaign.path(*loc, "file"), campaign.where(*loc))
