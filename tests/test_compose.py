"""Finished files: exact size, the same bytes again, light enough, readable, and vector where vector was asked for."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from brandkit.brand.load import load_brand
from brandkit.color.contrast import wcag_contrast
from brandkit.layout.boxes import Format, Layout
from brandkit.layout.compose import compose
from brandkit.layout.encode import encode
from brandkit.layout.engine import lay_out

BRAND = load_brand(Path(__file__).parent.parent / "brands" / "halfpast")
COPY = {"headline": "See you\nat half past.", "body": "One departure every half hour.", "cta": "Find your stop"}


def laid(template: str, width: int = 400, height: int = 500, max_kb: int | None = None) -> Layout:
    form = Format("test", "test", "test", width, height, "own: test", max_kb=max_kb)
    return lay_out(BRAND, copy=COPY, format=form, locale="en", template=template)


def picture(layout: Layout, *, busy: float = 0.0, level: int = 235) -> Image.Image:
    assert layout.picture is not None
    size = (round(layout.picture.h), round(layout.picture.w), 3)
    noise = np.random.default_rng(7).normal(0, busy, size)
    return Image.fromarray(np.clip(level + noise, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("type_", ["png", "jpeg", "webp", "svg", "pdf"])
def test_exact_size_and_same_bytes(type_: str) -> None:
    layout = laid("split")
    first, second = (compose(layout, BRAND, picture(layout), type=type_) for _ in range(2))  # type: ignore[arg-type]
    assert first.data == second.data
    if type_ == "svg":
        assert re.search(rb'<svg[^>]*width="400"[^>]*height="500"', first.data)
        assert b"<text" not in first.data, "type is drawn as outlines"
    elif type_ == "pdf":
        assert first.data.startswith(b"%PDF") and b"CreationDate" not in first.data
        assert re.search(rb"/MediaBox\s*\[\s*0 0 400 500\s*\]", first.data)
    else:
        opened = Image.open(BytesIO(first.data))
        assert opened.size == (400, 500) and opened.mode == "RGB"


def test_files_are_tagged_as_srgb() -> None:
    layout = laid("split")
    assert b"sRGB" in compose(layout, BRAND, picture(layout), type="png").data[:200]
    assert "icc_profile" in Image.open(BytesIO(compose(layout, BRAND, picture(layout), type="jpeg").data)).info


def test_panels_have_exactly_their_colour() -> None:
    layout = laid("split")
    page = Image.open(BytesIO(compose(layout, BRAND, picture(layout), type="png").data))
    _, panel, fill = layout.panels[0]
    assert page.getpixel((round(panel.right) - 3, round(panel.bottom) - 3)) == tuple(int(fill[i : i + 2], 16) for i in (1, 3, 5))


def test_weight_limit_lowers_quality_stepwise() -> None:
    layout = laid("full-bleed", max_kb=60)
    heavy = compose(layout, BRAND, picture(layout, busy=30), type="jpeg")
    assert len(heavy.data) <= 60_000 or heavy.notes
    assert heavy.quality is not None and heavy.quality < 92


def test_weight_that_cannot_be_kept_is_said() -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (300, 300, 3), dtype=np.uint8))
    assert "ask for jpeg" in encode(noise, type="png", quality=92, max_kb=10).notes[0]
    with pytest.raises(ValueError, match="quality"):
        encode(noise, type="jpeg", quality=0, max_kb=None)


@pytest.mark.parametrize("level", [150, 190, 215])
def test_text_over_a_picture_reaches_its_contrast(level: int) -> None:
    layout = laid("full-bleed")
    done = compose(layout, BRAND, picture(layout, busy=12, level=level), type="png")
    page = np.asarray(Image.open(BytesIO(done.data)))
    for slot in done.layout.slots:
        if slot.name == "cta":
            continue
        rows, columns = slot.box.grown(3).pixels(400, 500)
        edge = page[rows, columns][0]
        ground = tuple(int(value) for value in np.median(edge, axis=0))
        assert wcag_contrast(slot.ink, ground) >= (3 if slot.size >= 24 else 4.5), slot.name


def test_transparent_picture_stands_on_the_ground() -> None:
    layout = laid("product")
    clear = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    page = Image.open(BytesIO(compose(layout, BRAND, clear, type="png").data))
    assert layout.picture is not None
    middle = (round(layout.picture.x + layout.picture.w / 2), round(layout.picture.y + layout.picture.h / 2))
    assert page.getpixel(middle) == tuple(int(layout.ground[i : i + 2], 16) for i in (1, 3, 5))
