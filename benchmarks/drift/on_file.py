"""Faults of the file: wrong pixels, profile or weight."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from benchmarks.drift.base import Base, Faulty, Made, with_format
from benchmarks.drift.nuisance import encode, p3_profile

Rng = np.random.Generator


def wrong_size(base: Base, severity: float, rng: Rng) -> Faulty:
    """Delivered smaller or larger than its placement takes, by at least a pixel."""
    width, height = base.rgb.shape[1], base.rgb.shape[0]
    factor = 1 + severity / 100 * (1 if rng.random() < 0.5 else -0.6)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    size = (size[0] + 1, size[1]) if size == (width, height) else size
    return np.array(Image.fromarray(base.rgb).resize(size, Image.Resampling.LANCZOS), np.uint8)


def profile(base: Base, severity: float, rng: Rng) -> Faulty:
    """1: the pixels as CMYK. 2: a Display P3 file of which a tenth is more colourful than sRGB can show."""
    buffer = io.BytesIO()
    if severity == 1:
        Image.fromarray(base.rgb).convert("CMYK").save(buffer, "JPEG", quality=92)
        return Made(data=buffer.getvalue())
    rgb = base.rgb.copy()
    height, width = rgb.shape[:2]
    rgb[: height // 5, : width // 2] = rng.permutation(np.array([255, 0, 30], np.uint8))
    Image.fromarray(rgb).save(buffer, "PNG", icc_profile=p3_profile(), compress_level=1)
    return Made(data=buffer.getvalue())


def weight(base: Base, severity: float, rng: Rng) -> Faulty:
    """The file as it is, for a placement that takes less."""
    data = encode(base.rgb, "jpeg92", 0)
    return Made(data=data, layout=with_format(base.layout, max_kb=max(1, round(len(data) / 1000 / severity))))
