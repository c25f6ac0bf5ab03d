"""What a call will cost and what it did cost, in US dollars."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from brandkit.errors import InputError
from brandkit.generate.backend import ImageRequest, Price
from brandkit.prompt.models import ImageModel

MILLION = Decimal(1_000_000)
CENT_FRACTION = Decimal("0.000001")  # USD: the smallest amount that one token can cost
PROMPT_OVERHEAD = 6  # tokens around the prompt, measured on generate
EDIT_OVERHEAD = 300  # tokens: room for the undocumented extra text of edits
BYTES_PER_TOKEN = 4  # bytes of English prose in one token of o200k; the most is one token for each byte


class Tokens(NamedTuple):
    """A count of tokens: the likely one and the most it can be."""

    likely: int
    most: int


def output_tokens(model: ImageModel, width: int, height: int, quality: str) -> Tokens:
    """Output tokens of one picture before it is made.

    Args:
        model: From the catalogue.
        width: Pixels.
        height: Pixels.
        quality: One of the model's; never `auto`, whose price nobody knows beforehand.

    Raises:
        InputError: The model does not make this size or quality.

    References:
        For free sizes: q·s·(2 000 000 + W·H) / 4 000 000 rounded up, with s = q·S/L rounded half up, L and S the long and the
        short edge and q the factor of the quality (community.openai.com, thread 1382699). Fixed sizes: the published table.
    """
    if quality not in model.qualities:
        raise InputError(f"{model.id} has no quality {quality!r}", hint=f"choose one of {', '.join(model.qualities)}")
    if not model.allows(width, height):
        raise InputError(f"{model.id} makes no pictures of {width}x{height} pixels", hint="plan the size with prompt.sizes.plan_size")
    if model.tokens:
        count = model.tokens[f"{width}x{height}"][quality]
        return Tokens(count, count)
    if not model.factors:
        return Tokens(0, 0)
    factor, (short, long) = model.factors[quality], sorted((width, height))
    side = (2 * factor * short + long) // (2 * long)
    count = -(-factor * side * (2_000_000 + width * height) // 4_000_000)
    likely, most = model.spread.get(quality, (1.0, 1.0))
    return Tokens(math.ceil(count * likely), math.ceil(count * most))


def price_call(model: ImageModel, request: ImageRequest) -> Price:
    """The price of one call, from the catalogue: the likely one and the most it can be.

    Raises:
        InputError: The model does not make the request's size or quality.
    """
    if model.prices is None:
        return Price(Decimal(0), Decimal(0), "free")
    out = output_tokens(model, request.width, request.height, request.quality)
    length, count = len(request.prompt.encode()), len(request.references)
    text = Tokens(length // BYTES_PER_TOKEN + PROMPT_OVERHEAD, length + PROMPT_OVERHEAD + (EDIT_OVERHEAD if count else 0))
    pictures = Tokens(count * model.input_tokens.likely, count * model.input_tokens.most)
    spoken = model.text_out_tokens
    likely = _usd(model, out.likely, pictures.likely, text.likely, spoken.likely)
    most = _usd(model, out.most, pictures.most, text.most, spoken.most)
    basis = (
        f"{out.likely} output + {pictures.likely} reference + {text.likely} text tokens, at most {out.most} + {pictures.most} + {text.most}"
    )
    return Price(likely.quantize(CENT_FRACTION, ROUND_HALF_UP), most.quantize(CENT_FRACTION, ROUND_CEILING), basis)


def cost_of(model: ImageModel, usage: Mapping[str, Any]) -> Decimal | None:
    """What a call did cost by the usage in its answer; None when the answer does not say.

    Without details, output counts as picture tokens and input as picture tokens too: the dearer reading.
    """
    if model.prices is None:
        return Decimal(0)
    given, made = usage.get("input_tokens"), usage.get("output_tokens")
    if not isinstance(given, int) or not isinstance(made, int):
        return None
    inside, outside = usage.get("input_tokens_details") or {}, usage.get("output_tokens_details") or {}
    text_in = min(given, _count(inside, "text_tokens"))
    text_out = min(made, _count(outside, "text_tokens"))
    return _usd(model, made - text_out, given - text_in, text_in, text_out).quantize(CENT_FRACTION, ROUND_HALF_UP)


def _count(details: Mapping[str, Any], key: str) -> int:
    value = details.get(key)
    return value if isinstance(value, int) and value > 0 else 0


def _usd(model: ImageModel, image_out: int, image_in: int, text_in: int, text_out: int) -> Decimal:
    prices = model.prices
    if prices is None:
        return Decimal(0)
    total = image_out * prices.image_out + image_in * prices.image_in + text_in * prices.text_in + text_out * prices.text_out
    return total / MILLION
