"""The protocol of image backends: price one call, make one picture. No policy: retry, budget and records live outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable

from brandkit.brand.resolve import Brand
from brandkit.prompt.request import ReferenceInput, SceneRequest

__all__ = ["Answer", "Backend", "ImageRequest", "ImageResponse", "Keep", "Price", "Reader", "ReferenceInput", "SceneRequest", "forget"]


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
    options: Mapping[str, str] = field(default_factory=dict)
    """Further parameters of the model, such as `complexity`."""
    mask: ReferenceInput | None = None
    """What may change: a PNG of the first reference's size, transparent where it may. A wish, not a border: check what came back."""
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


@dataclass(frozen=True)
class Answer:
    """What a provider sent, before anybody read it."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    """Those worth keeping, with lower-case names."""


Keep = Callable[[Answer], None]
"""Takes an answer as soon as it has arrived, so that nothing paid for is lost to what happens while it is read."""


def forget(answer: Answer) -> None:
    """Keep nothing: for answers that cost nothing, and for trying out."""


class Backend(Protocol):
    """One way to get a picture."""

    id: str
    """As in `openai:gpt-image-2.5-sunburst`."""

    def price(self, request: ImageRequest) -> Price:
        """The price of `generate(request)`, without a call."""

    def generate(self, request: ImageRequest, *, keep: Keep = forget) -> ImageResponse:
        """Make the picture with exactly one attempt.

        Args:
            request: The picture.
            keep: A backend that costs money calls it with its answer before it decodes anything of it.

        Raises:
            BackendRefused: The provider refused the content.
            AnswerInvalid: It answered, and there is no usable picture in its answer.
            BackendUnavailable: It could not be reached or answered late.
            BackendError: Anything else, such as a missing key.
        """


@runtime_checkable
class Reader(Protocol):
    """A backend that can also read an answer that was kept earlier."""

    id: str

    def read(self, answer: Answer, request: ImageRequest) -> ImageResponse:
        """The picture in `answer`, as `generate` would have given it.

        Raises:
            AnswerInvalid: There is no usable picture in it.
        """
