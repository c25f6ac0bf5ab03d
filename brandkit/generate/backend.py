"""The protocol of image backends: price one call, make one picture. No policy: retry, budget and records live outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from brandkit.brand.resolve import Brand
from brandkit.prompt.request import ReferenceInput, SceneRequest

__all__ = ["Backend", "ImageRequest", "ImageResponse", "Price", "ReferenceInput", "SceneRequest"]


@dataclass(frozen=True)
class ImageRequest:
    """One call for one picture."""

    model: str
    prompt: str
    width: int
    height: int
    quality: str
    references: tuple[ReferenceInput, ...]
    scene: SceneRequest
    brand: Brand = field(repr=False, compare=False)
    output_format: str = "png"
    background: str = "opaque"
    fingerprint: str = ""
    """SHA-256 over everything that matters to the picture."""


@dataclass(frozen=True)
class Price:
    """What one call costs, in US dollars: the likely price and the most it can be."""

    usd: Decimal
    most: Decimal
    basis: str = ""
    """How it was worked out, e.g. `1756 output + 480 input tokens`."""


@dataclass(frozen=True)
class ImageResponse:
    """A backend's answer, untouched."""

    data: bytes = field(repr=False)
    media_type: str
    cost: Decimal
    request_id: str = ""
    usage: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The answer's JSON without the picture."""


class Backend(Protocol):
    """One way to get a picture."""

    id: str
    """As in `openai:gpt-image-2.5-sunburst`."""

    def price(self, request: ImageRequest) -> Price:
        """The price of `generate(request)`, without a call."""

    def generate(self, request: ImageRequest) -> ImageResponse:
        """Make the picture with exactly one attempt.

        Raises:
            BackendRefused: The provider refused the content.
            BackendUnavailable: It could not be reached or answered late or wrong.
            BackendError: Anything else, such as a missing key.
        """
