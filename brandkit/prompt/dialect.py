"""How prompts are written for each model family. Kept small: what differs, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from brandkit.prompt.models import ImageModel


@dataclass(frozen=True)
class Dialect:
    """The manner of one family."""

    name: str
    hex_values: bool
    """Whether hex values help; older models follow colour names and pictures better, and may draw the digits."""
    exact_zones: bool
    """Whether percentages help beside the words for a place."""
    image_word: str = "Image {index}"


DIALECTS = {
    "gpt-image-1": Dialect("gpt-image-1", hex_values=False, exact_zones=False),
    "gpt-image-2": Dialect("gpt-image-2", hex_values=True, exact_zones=True),
    "none": Dialect("none", hex_values=True, exact_zones=True),
}


def dialect_for(model: ImageModel) -> Dialect:
    """The manner in which prompts for `model` are written."""
    return DIALECTS[model.dialect]
