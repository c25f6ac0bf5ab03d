"""The catalogue of image models: sizes, qualities, prices, limits, and when each is switched off."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import Field

from brandkit.brand.model import Document
from brandkit.errors import InputError

DEFAULT_MODEL = "gpt-image-2.5-sunburst-2026-09-08"  # a dated snapshot: the same id keeps meaning the same model
OVERRIDE = "BRANDKIT_MODELS"
NOTICE_DAYS = 30  # days before the shutdown from which a plan warns: about one campaign


class FreeSizes(Document):
    """Any width and height within these limits."""

    step: int
    """Both edges are multiples of this many pixels."""
    max_ratio: float
    """Long edge over short edge."""
    min_pixels: int
    max_pixels: int
    max_edge: int
    """Inclusive."""
    steady_pixels: int
    """Larger pictures are experimental."""

    def allows(self, width: int, height: int) -> bool:
        """Whether the model makes pictures of `width` × `height` pixels."""
        short, long = sorted((width, height))
        return (
            short > 0
            and width % self.step == 0
            and height % self.step == 0
            and long <= self.max_edge
            and long <= self.max_ratio * short
            and self.min_pixels <= width * height <= self.max_pixels
        )


class Prices(Document):
    """US dollars for a million tokens."""

    image_out: Decimal
    image_in: Decimal
    text_in: Decimal
    text_out: Decimal = Decimal(0)


class Estimate(Document):
    """A count of tokens before the call."""

    likely: int = 0
    most: int = 0


class ImageModel(Document):
    """What one image model accepts and costs."""

    id: str
    backend: Literal["openai", "studio"]
    family: str
    dialect: Literal["gpt-image-1", "gpt-image-2", "none"]
    """How prompts are written for it; `none` draws from the scene and reads no prompt."""
    free: FreeSizes | None = None
    fixed: tuple[str, ...] = ()
    """The only sizes, where `free` is None."""
    qualities: tuple[str, ...]
    factors: dict[str, int] = {}
    """q of the token formula, by quality."""
    tokens: dict[str, dict[str, int]] = {}
    """Output tokens by size and quality, for models with a published table."""
    spread: dict[str, tuple[float, float]] = {}
    """Likely and greatest multiple of the formula's count, by quality, where measurements differ from it."""
    prices: Prices | None = None
    """None: free."""
    backgrounds: tuple[str, ...]
    formats: tuple[str, ...] = ("png", "jpeg", "webp")
    inputs: int = 16
    """Most reference pictures in one call."""
    input_bytes: int = 50_000_000
    """Most bytes of one reference picture."""
    prompt_chars: int = 32_000
    input_tokens: Estimate = Estimate()
    """Tokens of one reference picture."""
    text_out_tokens: Estimate = Estimate()
    """Text tokens that the model bills with its answer."""
    parameters: tuple[str, ...] = ("model", "prompt", "n", "size", "quality", "background", "output_format")
    """Documented for both generate and edit; nothing else is sent."""
    grade: Literal["draft", "final"] = "final"
    """What its maker means it for: quick looks, or what is published."""
    options: dict[str, tuple[str, ...]] = {}
    """Further parameters that a campaign may set, and their values: `moderation` (generations only), `input_fidelity` (edits only),
    `complexity`."""
    batch: bool = True
    """Whether the Batch API takes it, at half price."""
    snapshot: bool = False
    """A dated id, which keeps meaning the same model."""
    shutdown: date | None = None
    """First day on which calls fail."""
    successor: str = ""
    source: str
    confidence: Literal["high", "medium", "low"]

    def allows(self, width: int, height: int) -> bool:
        """Whether the model makes pictures of `width` × `height` pixels."""
        return self.free.allows(width, height) if self.free else f"{width}x{height}" in self.fixed

    def call_parameters(
        self,
        width: int,
        height: int,
        quality: str,
        *,
        background: str = "opaque",
        output_format: str = "png",
        options: Mapping[str, str] | None = None,
    ) -> dict[str, str | int]:
        """What is sent beside prompt and pictures: documented parameters only, none left to the model's choice.

        Raises:
            InputError: `options` holds a parameter or a value that the model does not take.
        """
        every: dict[str, str | int] = {
            "model": self.id,
            "n": 1,
            "size": f"{width}x{height}",
            "quality": quality,
            "background": background,
            "output_format": output_format,
        }
        for name, value in (options or {}).items():
            if value not in self.options.get(name, ()):
                takes = "; ".join(f"{key}: {', '.join(values)}" for key, values in self.options.items()) or "none"
                raise InputError(f"{self.id} takes no {name}: {value}", hint=f"the options it takes: {takes}")
        return {name: value for name, value in every.items() if name in self.parameters} | dict(options or {})

    @property
    def fixed_sizes(self) -> tuple[tuple[int, int], ...]:
        """The fixed sizes as pixels."""
        return tuple((int(width), int(height)) for width, height in (size.split("x") for size in self.fixed))


class _Entry(Document):
    family: str
    prices: str | None = None
    grade: Literal["draft", "final"] = "final"
    snapshot: bool = False
    shutdown: date | None = None
    successor: str = ""


class _Catalogue(Document):
    families: dict[str, dict[str, Any]]
    prices: dict[str, Prices]
    models: dict[str, _Entry] = Field(min_length=1)


@cache
def load_models() -> dict[str, ImageModel]:
    """The catalogue, by model id: the shipped one, with the user's own file laid over it where `BRANDKIT_MODELS` names one.

    Raises:
        InputError: The user's file cannot be read or does not fit.
    """
    shipped = tomllib.loads(files("brandkit.prompt").joinpath("models.toml").read_text(encoding="utf-8"))
    own = os.environ.get(OVERRIDE, "").strip()
    try:
        return _models(_overlaid(shipped, tomllib.loads(Path(own).read_text(encoding="utf-8"))) if own else shipped)
    except (OSError, ValueError, KeyError) as error:  # TOMLDecodeError and ValidationError are ValueErrors
        if not own:
            raise
        raise InputError(f"{OVERRIDE}={own}: {error}", hint="write it like brandkit/prompt/models.toml; only what differs") from None


def _overlaid(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Tables joined key by key, `above` winning; families and prices are replaced by their keys, never emptied."""
    joined = dict(below)
    for key, value in above.items():
        old = joined.get(key)
        joined[key] = _overlaid(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return joined


def _models(tables: dict[str, Any]) -> dict[str, ImageModel]:
    catalogue = _Catalogue.model_validate(tables)
    return {
        name: ImageModel(
            id=name,
            prices=catalogue.prices[entry.prices] if entry.prices else None,
            **catalogue.families[entry.family],
            **entry.model_dump(exclude={"prices"}),
        )
        for name, entry in catalogue.models.items()
    }


def get_model(name: str | None, *, backend: str = "openai") -> ImageModel:
    """The model called `name`; without a name the backend's default.

    Raises:
        InputError: There is no such model, or it does not belong to `backend` (replay plays any of them).
    """
    models = load_models()
    wanted = name or ("studio" if backend == "studio" else DEFAULT_MODEL)
    model = models.get(wanted)
    if model is None:
        near = difflib.get_close_matches(wanted, models, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else f"choose one of {', '.join(sorted(models))}"
        raise InputError(f"there is no image model {wanted!r}", hint=hint)
    if backend != "replay" and model.backend != backend:
        fitting = ", ".join(sorted(other.id for other in models.values() if other.backend == backend))
        raise InputError(f"the backend {backend!r} has no model {wanted!r}", hint=f"leave the model out, or choose one of {fitting}")
    return model


class Availability(NamedTuple):
    """Whether a model can be used on a day."""

    level: Literal["ok", "warning", "error"]
    message: str = ""
    remedy: str = ""


def availability(model: ImageModel, today: date) -> Availability:
    """Whether `model` still answers on `today`: an error from its shutdown on, a warning for the last 30 days before."""
    if model.shutdown is None or (model.shutdown - today).days > NOTICE_DAYS:
        return Availability("ok")
    remedy = f"use {model.successor}" if model.successor else "choose another model"
    if today >= model.shutdown:
        return Availability("error", f"the model {model.id} was switched off on {model.shutdown:%Y-%m-%d}", remedy)
    days = (model.shutdown - today).days
    return Availability("warning", f"the model {model.id} will be switched off on {model.shutdown:%Y-%m-%d}, in {days} days", remedy)
