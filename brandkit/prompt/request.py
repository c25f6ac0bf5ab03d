"""What a compiled prompt hands to a backend beside its text: the pictures that go along, and the scene as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from brandkit.image.region import Box


@dataclass(frozen=True)
class ReferenceInput:
    """A picture that goes along with the prompt, in upload order."""

    index: int
    """1 for "Image 1" in the prompt."""
    role: Literal["layout", "palette", "style", "product", "pattern"]
    name: str
    """File name sent, e.g. `1-layout.png`."""
    data: bytes = field(repr=False)
    sha256: str
    media_type: Literal["image/png", "image/jpeg", "image/webp"]
    source: str
    """Where it comes from: `brand.yaml:61`, or `layout` for a drawn one."""


@dataclass(frozen=True)
class SceneRequest:
    """What the picture must be, as data: for backends that draw rather than read prompts."""

    kind: Literal["photograph", "pattern", "gradient", "flat"]
    photographs: tuple[str, ...]
    """Names in the brand's `imagery.photographs`, best first."""
    ground: str
    ink: str
    accent: str
    """Colours of the scheme as `#RRGGBB`."""
    quiet: tuple[tuple[str, Box], ...]
    """Named calm zones, in fractions of the picture (0..1)."""
    seed: int
    """From concept, format family, direction and variant."""
    concept: str = ""
