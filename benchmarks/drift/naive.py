"""The naive peer: dominant colours by colorthief against the palette, SSIM and pHash against the layout without its picture."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.resolve import Brand
from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import srgb_to_lab

Pixels = NDArray[np.uint8]
THUMB = 256  # px; colorthief on full size is twenty times slower and no better


def naive(rgb: Pixels, template: Pixels, brand: Brand) -> dict[str, float]:
    """Three numbers that grow with drift: mean ΔE00 of six dominant colours, 1 - SSIM at 256², bits of pHash that differ."""
    import cv2
    import imagehash
    from PIL import Image
    from skimage.metrics import structural_similarity

    grey = [cv2.cvtColor(cv2.resize(pixels, (256, 256), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY) for pixels in (rgb, template)]
    one, two = (imagehash.phash(Image.fromarray(pixels)) for pixels in grey)
    return {"palette": _palette(rgb, brand), "ssim": 1 - float(structural_similarity(*grey)), "phash": float(one - two)}


def _palette(rgb: Pixels, brand: Brand) -> float:
    from colorthief import ColorThief
    from PIL import Image

    picture = Image.fromarray(rgb)
    picture.thumbnail((THUMB, THUMB))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    try:
        found = ColorThief(buffer).get_palette(color_count=6, quality=10)
    except Exception:  # it raises on white pictures; a naive check would count that as nothing found
        return 0.0
    swatches = srgb_to_lab(np.array([brand.color(name).rgb for name in brand.colors], float) / 255)
    dominant = srgb_to_lab(np.minimum(np.array(found, float), 255) / 255)
    return float(delta_e_2000(dominant[:, None], swatches[None]).min(axis=1).mean())
