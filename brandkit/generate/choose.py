"""Which model suits a need: `--model auto`, with the reason that a person would give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from brandkit.errors import InputError
from brandkit.generate.price import output_tokens
from brandkit.prompt.models import ImageModel, availability, load_models

Stage = Literal["draft", "final"]
TYPICAL = ((1024, 1024), (1536, 1024))  # px; one of them is a size of every model


@dataclass(frozen=True)
class Need:
    """What a campaign asks of a model."""

    stage: Stage = "final"
    transparent: bool = False
    aspects: tuple[float, ...] = ()
    """Width over height of the pictures that it needs."""
    quality: str = "medium"


class Choice(NamedTuple):
    """A model and why it was taken."""

    model: ImageModel
    why: str


def choose_model(need: Need, *, today: date, models: Iterable[ImageModel] | None = None) -> Choice:
    """The model of the backend `openai` for a need.

    Those that are switched off, or will be within a month, that lack a quality or a transparent ground, and those whose prices
    are a third party's word are left out. Of the rest the one made for the stage is taken, then the one that makes the asked-for
    shapes with the least cropping, then the cheaper, then a dated snapshot before an id whose meaning may move.

    Raises:
        InputError: No model fits.
    """
    known = [model for model in (models if models is not None else load_models().values()) if model.backend == "openai" and model.prices]
    refused = {model.id: reason for model in known if (reason := _unfit(model, need, today))}
    fitting = [model for model in known if model.id not in refused]
    if not fitting:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in sorted(refused.items()))
        raise InputError(f"no model fits ({reasons})", hint="name one with --model, or ask for less")
    best = min(fitting, key=lambda model: _rank(model, need))
    fixed = [model for model in fitting if model.grade == need.stage]
    rivals = f"of {len(fitting)} that fit" if len(fitting) > 1 else "the only one that fits"
    meant = f"made for {'drafts' if best.grade == 'draft' else 'final pictures'}" if fixed else f"none is made for a {need.stage}"
    ground = ", transparent ground" if need.transparent else ""
    price = f"${typical_price(best, need.quality):.4f} for a typical picture at {need.quality}"
    return Choice(best, f"{rivals}: {meant}{ground}, {price}{', a dated snapshot' if best.snapshot else ''}")


def typical_price(model: ImageModel, quality: str) -> Decimal:
    """US dollars for the output of one picture of about a megapixel at `quality`; 0 for free models."""
    if model.prices is None:
        return Decimal(0)
    width, height = next(size for size in TYPICAL if model.allows(*size))
    return output_tokens(model, width, height, quality).likely * model.prices.image_out / 1_000_000


def _unfit(model: ImageModel, need: Need, today: date) -> str:
    state = availability(model, today)
    if state.level != "ok":
        return state.message
    if need.quality not in model.qualities:
        return f"no quality {need.quality!r}"
    if need.transparent and "transparent" not in model.backgrounds:
        return "no transparent ground"
    return "its prices are a third party's word" if model.confidence == "low" else ""


def _rank(model: ImageModel, need: Need) -> tuple[object, ...]:
    return (model.grade != need.stage, _cropped(model, need), typical_price(model, need.quality), not model.snapshot, model.id)


def _cropped(model: ImageModel, need: Need) -> float:
    """The largest share of a picture that is cut away to reach one of the shapes, in [0, 1], in steps of a tenth."""
    if model.free is not None:
        shapes = [(1 / model.free.max_ratio, model.free.max_ratio)]
    else:
        shapes = [(width / height, width / height) for width, height in model.fixed_sizes]
    lost = [min(1 - _kept(aspect, low, high) for low, high in shapes) for aspect in need.aspects]
    return round(max(lost, default=0.0), 1)


def _kept(aspect: float, low: float, high: float) -> float:
    nearest = min(max(aspect, low), high)
    return min(aspect / nearest, nearest / aspect)
