"""What is timed: own and foreign assets of three sizes, made once and kept under `out/bench/speed`, and the naive stack."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.drift.brands.kit import brand_named
from benchmarks.drift.sets import photograph
from brandkit.brand.resolve import Brand
from brandkit.layout.boxes import Format, Layout

FOLDER = Path("out/bench/speed")
BRANDS = Path("out/bench/brands")
BRAND = "knotwell"
COPY = {"headline": "Made to be mended", "body": "Every part can be bought for thirty years.", "cta": "See the parts"}


@dataclass(frozen=True)
class Case:
    """A row of the table."""

    title: str
    run: Callable[[bytes, Brand, Layout], object]
    needs: str = ""
    """The library without which the row is left out."""
    photograph: bool = False
    """Whether the picture is a photograph from edge to edge instead of the laid-out page."""


def _load(data: bytes, brand: Brand, layout: Layout) -> object:
    from brandkit.image.load import load_picture

    return load_picture(data)


def _own(data: bytes, brand: Brand, layout: Layout) -> object:
    """As where the extra `ocr` is not installed: the checks that read text say so."""
    from brandkit.metric import ocr

    installed = ocr.installed
    ocr.installed = _nothing  # by hand: a mock takes longer than some checks
    try:
        return _own_again(data, brand, layout)
    finally:
        ocr.installed = installed


def _nothing() -> bool:
    return False


def _own_again(data: bytes, brand: Brand, layout: Layout) -> object:
    from brandkit.check.run import check_picture

    return check_picture(data, brand, layout=layout, copy=COPY)


def _own_first(data: bytes, brand: Brand, layout: Layout) -> object:
    from brandkit.metric import ocr

    ocr._kept.clear()
    return _own_again(data, brand, layout)


def _foreign(data: bytes, brand: Brand, layout: Layout) -> object:
    from brandkit.check.run import check_picture

    return check_picture(data, brand)


def _foreign_apart(data: bytes, brand: Brand, layout: Layout) -> object:
    """As `brandkit check` does for a single file; of a heap it reads the next picture meanwhile."""
    from brandkit.check.run import check_picture
    from brandkit.image.apart import load_apart

    return check_picture(load_apart(data), brand)


def _naive(data: bytes, brand: Brand, layout: Layout) -> object:
    """What people write: six dominant colours, ΔE00 of every pixel to every swatch's nearest, and SSIM with a template."""
    import numpy as np
    from colorthief import ColorThief
    from PIL import Image
    from skimage.color import deltaE_ciede2000, rgb2lab
    from skimage.metrics import structural_similarity

    palette = ColorThief(io.BytesIO(data)).get_palette(color_count=6, quality=10)
    rgb = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    lab = rgb2lab(rgb)
    swatch = rgb2lab(np.array([[brand.color(next(iter(brand.colors))).rgb]], np.uint8))
    delta = deltaE_ciede2000(lab, np.broadcast_to(swatch, lab.shape))
    grey = np.asarray(Image.fromarray(rgb).convert("L"))
    return palette, float(delta.mean()), structural_similarity(grey, grey[:, ::-1])


CASES = {
    "load": Case("decoding alone, as every check begins", _load),
    "own": Case("own asset, all checks but reading its text", _own),
    "own-read": Case("own asset, its text read (extra `ocr`)", _own_first, needs="rapidocr"),
    "own-again": Case("own asset, its text read before", _own_again, needs="rapidocr"),
    "foreign": Case("foreign picture, one mark, all checks", _foreign),
    "foreign-apart": Case("the same, decoded in another process", _foreign_apart),
    "photograph": Case("photograph without the mark, which is looked for in every way", _foreign, photograph=True),
    "naive": Case("naive: colorthief + ΔE00 + SSIM", _naive),
}


def load_case(name: str, width: int, height: int) -> tuple[Callable[[], object], bytes]:
    """What to run for a row, and the PNG that it runs on."""
    data, layout = _asset(width, height)
    brand = _one_mark()
    case = CASES[name]
    if case.photograph:
        data = _photograph(width, height)
    return (lambda: case.run(data, brand, layout)), data


def _one_mark() -> Brand:
    """The brand with one shape of mark, in two colours: what most brands look for."""
    return brand_named(BRAND, BRANDS)


def _photograph(width: int, height: int) -> bytes:
    file = FOLDER / f"photograph-{width}x{height}.png"
    if not file.exists():
        from PIL import Image, ImageOps

        FOLDER.mkdir(parents=True, exist_ok=True)
        ImageOps.fit(Image.fromarray(photograph("skimage/coffee.png")), (width, height), Image.Resampling.LANCZOS).save(file)
    return file.read_bytes()


def _asset(width: int, height: int) -> tuple[bytes, Layout]:
    import numpy as np
    from PIL import Image

    file = FOLDER / f"{width}x{height}.pickle"
    if file.exists():
        saved: Any = pickle.loads(file.read_bytes())
        return saved
    from brandkit.layout.compose import compose
    from brandkit.layout.engine import lay_out

    brand = _one_mark()
    form = Format(name=f"{width}x{height}", title="speed", platform="none", width=width, height=height, source="own: speed")
    layout = lay_out(brand, copy=COPY, format=form, locale="en", template="split")
    box = layout.picture
    assert box is not None
    source = Image.fromarray(photograph("skimage/coffee.png")).resize((round(box.w), round(box.h)), Image.Resampling.LANCZOS)
    grain = np.random.default_rng(7).normal(0, 3, (source.height, source.width, 1))
    picture = Image.fromarray(np.clip(np.asarray(source) + grain, 0, 255).astype(np.uint8))
    made = compose(layout, brand, picture, type="png")
    FOLDER.mkdir(parents=True, exist_ok=True)
    file.write_bytes(pickle.dumps((made.data, made.layout)))
    return made.data, made.layout
