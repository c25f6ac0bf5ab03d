"""Prices before and after the call, against the published tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from small_kit import make_layout, write_kit

from brandkit.errors import InputError
from brandkit.generate.backend import ImageRequest
from brandkit.generate.price import cost_of, output_tokens, price_call
from brandkit.prompt.compile import compile_prompt
from brandkit.prompt.models import availability, get_model, load_models

# Output tokens by size for q = 16, 24, 48, 64, 96 (OpenAI image generation guide, checked against 120 published prices).
PUBLISHED = {
    (1024, 1024): (196, 439, 1756, 3122, 7024),
    (1536, 1024): (158, 343, 1372, 2459, 5488),
    (2048, 2048): (397, 892, 3568, 6343, 14272),
    (2560, 1440): (205, 478, 1843, 3276, 7370),
    (3840, 2160): (371, 865, 3336, 5930, 13342),
}
QUALITIES_25 = ("low", "medium", "high", "xhigh", "max")
CELLS_25 = [(size, quality, count) for size, row in PUBLISHED.items() for quality, count in zip(QUALITIES_25, row, strict=True)]
CELLS_2 = [(size, quality, row[index]) for size, row in PUBLISHED.items() for quality, index in (("low", 0), ("medium", 2), ("high", 4))]
CELLS_1 = [
    ((1024, 1024), {"low": 272, "medium": 1056, "high": 4160}),
    ((1024, 1536), {"low": 408, "medium": 1584, "high": 6240}),
    ((1536, 1024), {"low": 400, "medium": 1568, "high": 6208}),
]


@pytest.mark.parametrize("model", ["gpt-image-2.5-flare", "gpt-image-2.5-sunburst-2026-09-08"])
@pytest.mark.parametrize(("size", "quality", "count"), CELLS_25)
def test_tokens_of_25(model: str, size: tuple[int, int], quality: str, count: int) -> None:
    assert output_tokens(get_model(model), *size, quality) == (count, count)


@pytest.mark.parametrize(("size", "quality", "count"), CELLS_2)
def test_tokens_of_2(size: tuple[int, int], quality: str, count: int) -> None:
    assert output_tokens(get_model("gpt-image-2"), *size, quality) == (count, count)
    assert output_tokens(get_model("gpt-image-2"), size[1], size[0], quality).most == count


@pytest.mark.parametrize("model", ["gpt-image-1.5", "gpt-image-1-mini"])
@pytest.mark.parametrize(("size", "row"), CELLS_1)
def test_tokens_of_fixed_sizes(model: str, size: tuple[int, int], row: dict[str, int]) -> None:
    assert {quality: output_tokens(get_model(model), *size, quality).likely for quality in row} == row


def test_tokens_of_26_cover_what_was_measured() -> None:
    model = get_model("gpt-image-2.6-flare")
    assert output_tokens(model, 1536, 1024, "low") == (664, 790)
    high = output_tokens(model, 1536, 1024, "high")
    assert high.likely == 1372 and high.most >= 1372 * 1.2


@pytest.mark.parametrize(
    ("model", "size", "quality"),
    [("gpt-image-2", (1024, 1024), "max"), ("gpt-image-2", (1920, 1080), "low"), ("gpt-image-1.5", (1024, 1024), "auto")],
)
def test_what_cannot_be_priced_is_refused(model: str, size: tuple[int, int], quality: str) -> None:
    with pytest.raises(InputError):
        output_tokens(get_model(model), *size, quality)


def test_max_of_25_at_a_square_costs_21_cents(tmp_path: Path) -> None:
    request = _request(tmp_path, "gpt-image-2.5-sunburst", "max")
    bare = ImageRequest(**{**vars(request), "width": 1024, "height": 1024, "references": (), "prompt": ""})
    price = price_call(get_model("gpt-image-2.5-sunburst"), bare)
    assert price.usd == Decimal("0.210750")  # 7024 · $30/M + 6 · $5/M


def test_references_and_prompt_raise_the_price(tmp_path: Path) -> None:
    request = _request(tmp_path, "gpt-image-2.5-flare", "low")
    price = price_call(get_model("gpt-image-2.5-flare"), request)
    without = price_call(get_model("gpt-image-2.5-flare"), ImageRequest(**{**vars(request), "references": ()}))
    assert len(request.references) == 4
    assert without.usd < price.usd < price.most
    assert price.most >= Decimal(4 * 1536 * 8) / 1_000_000


def test_studio_is_free(tmp_path: Path) -> None:
    price = price_call(get_model(None, backend="studio"), _request(tmp_path, "studio", "medium"))
    assert (price.usd, price.most) == (0, 0)


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        ({"input_tokens": 1000, "output_tokens": 2000, "input_tokens_details": {"text_tokens": 400, "image_tokens": 600}}, "0.066800"),
        ({"input_tokens": 1000, "output_tokens": 2000}, "0.068000"),  # undetailed input is priced as pictures, the dearer reading
        (
            {
                "input_tokens": 10,
                "output_tokens": 30,
                "input_tokens_details": {"text_tokens": 10},
                "output_tokens_details": {"text_tokens": 10},
            },
            "0.000750",
        ),
    ],
)
def test_cost_by_usage(usage: dict[str, Any], usd: str) -> None:
    assert cost_of(get_model("gpt-image-2"), usage) == Decimal(usd)


@pytest.mark.parametrize("usage", [{}, {"input_tokens": None, "output_tokens": 3}, {"output_tokens": "many"}])
def test_a_silent_usage_has_no_cost(usage: dict[str, Any]) -> None:
    assert cost_of(get_model("gpt-image-2"), usage) is None


@pytest.mark.parametrize(
    ("today", "level"),
    [(date(2026, 10, 1), "ok"), (date(2026, 11, 1), "warning"), (date(2026, 11, 30), "warning"), (date(2026, 12, 1), "error")],
)
def test_models_warn_before_they_are_switched_off(today: date, level: str) -> None:
    assert availability(get_model("gpt-image-1.5"), today).level == level
    assert availability(get_model("gpt-image-2"), today).level == "ok"


def test_a_misspelt_model_is_answered_with_near_ones() -> None:
    with pytest.raises(InputError, match=r"gpt-image-2\.5-sunburst"):
        get_model("gpt-image-2.5-sunbrust")
    with pytest.raises(InputError, match="has no model"):
        get_model("gpt-image-2", backend="studio")
    assert get_model("gpt-image-2", backend="replay").id == "gpt-image-2"


def test_every_model_is_complete() -> None:
    for model in load_models().values():
        assert bool(model.free) != bool(model.fixed)
        assert model.source and (not model.shutdown or model.successor in load_models())
        if model.backend == "openai":
            assert model.prices and set(model.qualities) == set(model.factors or model.tokens[model.fixed[0]])
            assert "auto" not in model.qualities


def _request(root: Path, model: str, quality: str) -> ImageRequest:
    campaign = write_kit(root)
    choice = campaign.document.formats[0]
    compiled = compile_prompt(campaign, "mug", choice, make_layout(), model=load_models()[model], quality=quality)
    return ImageRequest(
        model=compiled.model,
        prompt=compiled.text,
        width=compiled.width,
        height=compiled.height,
        quality=compiled.quality,
        references=compiled.references,
        scene=compiled.scene,
        brand=campaign.brand,
        fingerprint=compiled.fingerprint,
    )
