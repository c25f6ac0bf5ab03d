"""The shapes of a campaign file: concepts, copy for each locale, formats, and how the set is made."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from brandkit.brand.model import Document, Name, Reference, RelativePath, Text, Version
from brandkit.brand.shapes import Fraction

SlotName = Literal["headline", "body", "cta", "legal", "label"]
LocaleTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$", examples=["de-AT"])]
"""A BCP 47 language tag: `en`, `de-AT`, `zh-Hant-TW`."""


def _format(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _money(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


Dollars = Annotated[Decimal, BeforeValidator(_money, json_schema_input_type=float), Field(ge=0, max_digits=9, decimal_places=2)]


class Scene(Document):
    """What the picture underneath shows. It never holds copy or the logo: those are set by the typesetter."""

    kind: Literal["photograph", "pattern", "gradient", "flat"] = "photograph"
    """What the embedded backend makes: one of the brand's photographs, a pattern, a gradient, or a plain ground."""
    photographs: list[Name] = []
    """Names from the brand's `imagery.photographs` that suit, in the order of preference; empty: all."""
    subject: Text | None = None
    """The thing that the picture shows."""
    setting: Text | None = None
    """Where it is, and when."""
    background: Literal["opaque", "transparent"] = "opaque"
    """`transparent`: the subject is cut out and stands on the layout's ground. For models with a transparent ground (`brandkit models`)."""
    details: list[Text] = []
    """Further things to see, a sentence each; at most twelve are sent."""
    avoid: list[Text] = []
    """What this picture does not show, beside what the brand avoids."""
    references: list[Reference] = []
    """Pictures for this concept only, e.g. the product; paths relative to the campaign file."""


class Concept(Document):
    """One idea of the campaign, with its picture and its copy."""

    message: Text
    """What the reader should take away, in one sentence."""
    use: Text | None = None
    """What the asset is, e.g. "social advertisement"; sets the finish that the model aims for."""
    scene: Scene = Scene()
    """What the picture shows."""
    topics: list[str] = []
    """Topics such as `price`, for disclaimers."""
    template: Name | None = None
    """Template for formats that name none; otherwise chosen by the format's shape."""
    scheme: Name | None = None
    """Colour scheme from the brand's `layout.schemes`; otherwise the first."""
    copy_: Annotated[dict[LocaleTag, dict[SlotName, Text]], Field(min_length=1, alias="copy")]
    """Locale to slot to text. A line break in the text is a line break in the layout; a soft hyphen (U+00AD) says where a long
    word may break."""


class FormatChoice(Document):
    """A placement from the catalogue, with what this campaign wants of it."""

    name: Name
    """Name of the placement; `brandkit formats` lists them."""
    template: Name | None = None
    """Template for this placement only."""
    scheme: Name | None = None
    """Colour scheme for this placement only."""
    photograph: Name | None = None
    """The one photograph for this format; otherwise the backend takes the one that suits the shape best."""
    drop: list[SlotName] = []
    """Slots left out of this format on purpose."""
    focus: tuple[Fraction, Fraction] | None = None
    """Focal point of a model's picture where it is cropped to this placement: x and y as fractions of it. By default its pixels decide."""


def _raster(value: list[str]) -> list[str]:
    if not {"png", "jpeg", "webp"} & set(value):
        raise ValueError("needs a raster type beside the vector ones, because pixels are what is checked; add 'png'")
    return value


class Output(Document):
    """Which files each asset becomes."""

    types: Annotated[list[Literal["png", "jpeg", "webp", "svg", "pdf"]], Field(min_length=1), AfterValidator(_raster)] = ["png"]
    """At least one of `png`, `jpeg` and `webp`; the first of these is the main file, the one that is checked."""
    quality: Annotated[int, Field(ge=1, le=100)] = 92
    """For JPEG and WebP."""
    background: Literal["opaque", "transparent"] = "opaque"
    """`transparent`: the layout's ground is left out, for `png` and `webp` only. It is judged on that ground: put it on one like it."""


class StageModels(Document):
    """A model for quick looks and one for what is published; an id or `auto` each."""

    draft: str
    """For `--stage draft`."""
    final: str
    """For `--stage final`, the default."""


class CampaignDocument(Document):
    """A campaign as a file."""

    brandkit: Version
    """Version of the file format."""
    brand: RelativePath
    """The brand's folder, relative to this file; it may climb with `..`."""
    brands: dict[LocaleTag, RelativePath] = {}
    """Locale to the brand used for it in place of `brand`: usually one that extends it, e.g. `{ar: ../../arabic}` with other fonts."""
    name: Annotated[Text, Field(max_length=120)]
    """The campaign's name."""
    concepts: Annotated[dict[Name, Concept], Field(min_length=1, max_length=50)]
    """The ideas, by name; each becomes a picture with copy."""
    formats: Annotated[
        list[Annotated[FormatChoice, BeforeValidator(_format, json_schema_input_type=Name | FormatChoice)]],
        Field(min_length=1, max_length=60),
    ]
    """Placements by name, or `{name: …, template: …}`."""
    locales: Annotated[list[LocaleTag], Field(min_length=1, max_length=40)]
    """Languages in which every concept has copy."""
    variants: Annotated[int, Field(ge=1, le=8)] = 1
    """Pictures for each concept and format."""
    output: Output = Output()
    """Which files each asset becomes."""
    backend: Literal["studio", "openai", "replay"] = "studio"
    """Who makes the pictures: the embedded studio (free, offline), OpenAI, or recorded answers."""
    model: str | StageModels | None = None
    """Model for backends that have several: an id, `auto`, or one for each stage, `{draft: gpt-image-2.5-flare, final: auto}`."""
    quality: Literal["low", "medium", "high", "xhigh", "max"] = "medium"
    """Quality asked of the model; higher ones cost more. `brandkit plan` shows prices."""
    options: dict[Literal["complexity", "moderation", "input_fidelity"], str] = {}
    """Further parameters of the model, where it takes them: `brandkit models ID` lists them."""
    budget: Dollars | None = None
    """US dollars that a run folder may spend at most, all runs together."""
    budget_per_day: Dollars | None = None
    """US dollars that a run folder may spend on one day (UTC)."""
