"""The catalogue of image models as text or JSON for the command line."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from brandkit.campaign.show import table
from brandkit.generate.choose import typical_price
from brandkit.generate.price import output_tokens
from brandkit.prompt.models import ImageModel, availability, get_model, load_models

SIZES = ((1024, 1024), (1536, 1024), (1024, 1536), (2048, 2048), (3840, 2160))  # px; of those that a model makes
NOTES = """
typical: US dollars for the output of one picture of 1024×1024 at low, medium and high quality; prompt and references come on top.
facts: high = official page or the SDK's source; medium = a copy of an official page; low = a third party's word.
`--model auto` takes the best fit and says why. Prices of your own: BRANDKIT_MODELS=models.toml (see `brandkit models --help`).
"""


def show_models(name: str | None, format: str, *, today: date | None = None) -> str:
    """The catalogue, or one model of it.

    Raises:
        InputError: There is no model called `name`.
    """
    day = today or datetime.now(UTC).date()
    models = [get_model(name, backend="replay")] if name else list(load_models().values())
    if format == "json":
        values = [model.model_dump(mode="json") | {"state": availability(model, day).level} for model in models]
        return json.dumps(values[0] if name else values, indent=2, ensure_ascii=False) + "\n"
    return _one(models[0], day) if name else _all(models, day)


def _all(models: list[ImageModel], day: date) -> str:
    head = ("model", "for", "sizes", "qualities", "transparent", "typical", "switched off", "facts")
    return table(head, [_row(model, day) for model in models]) + NOTES


def _row(model: ImageModel, day: date) -> tuple[str, ...]:
    typical = " / ".join(f"{typical_price(model, quality):.3f}" for quality in ("low", "medium", "high") if quality in model.qualities)
    sizes = "free" if model.free else f"{len(model.fixed)} fixed"
    off = model.shutdown.isoformat() if model.shutdown else "–"
    if availability(model, day).level == "error":
        off += " (off)"
    transparent = "yes" if "transparent" in model.backgrounds else "no"
    price = typical if model.prices else "free of charge"
    return (model.id, model.grade, sizes, ", ".join(model.qualities), transparent, price, off, model.confidence)


def _one(model: ImageModel, day: date) -> str:
    state = availability(model, day)
    lines = [model.id, "─" * len(model.id)]
    lines += [f"{state.level}: {state.message} → {state.remedy}"] if state.message else []
    facts = {
        "made for": f"{model.grade} pictures{', a dated snapshot' if model.snapshot else ''}",
        "qualities": ", ".join(model.qualities),
        "sizes": _sizes(model),
        "grounds": ", ".join(model.backgrounds),
        "files": ", ".join(model.formats),
        "references": f"up to {model.inputs}, {model.input_bytes // 1_000_000} MB each",
        "prompt": f"up to {model.prompt_chars} characters",
        "options": "; ".join(f"{name}: {', '.join(values)}" for name, values in model.options.items()),
        "half price": "by the Batch API" if model.batch and model.prices else "",
        "per million": _prices(model),
        "switched off": model.shutdown.isoformat() if model.shutdown else "",
        "source": f"{model.source} ({model.confidence})",
    }
    lines += [f"{name:<13} {value}" for name, value in facts.items() if value]
    if model.prices:
        sizes = [size for size in SIZES if model.allows(*size)]
        cells = [
            (quality, *(f"{output_tokens(model, *size, quality).likely * model.prices.image_out / 1_000_000:.4f}" for size in sizes))
            for quality in model.qualities
        ]
        head = ("USD, output", *(f"{width}×{height}" for width, height in sizes))
        lines += ["", table(head, cells, right=range(1, len(head))).rstrip()]
    return "\n".join(lines) + "\n"


def _sizes(model: ImageModel) -> str:
    if model.free is None:
        return ", ".join(size.replace("x", "×") for size in model.fixed)
    free = model.free
    return (
        f"multiples of {free.step} px up to {free.max_edge} px, {free.min_pixels:,} to {free.max_pixels:,} px in all, "
        f"at most {free.max_ratio:g}:1"
    )


def _prices(model: ImageModel) -> str:
    prices = model.prices
    if prices is None:
        return ""
    return f"${prices.image_out} picture out, ${prices.image_in} picture in, ${prices.text_in} text in, ${prices.text_out} text out"
