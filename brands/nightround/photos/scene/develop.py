"""Develops the renders: `python develop.py RENDERS_FOLDER` turns bedside.png, far.png and dial.png into the JPEGs one folder up.

The view transform of the renderer pales strong light, so the lit dial is brought back to the brand's lime; nothing else is touched.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from brandkit.color.parse import parse_color
from brandkit.color.spaces import oklab_to_oklch, oklab_to_srgb, srgb_to_oklab

LIME = "#C7EB3A"


def develop(picture: np.ndarray) -> np.ndarray:
    lab = srgb_to_oklab(picture / 255)
    light, chroma, hue = np.moveaxis(oklab_to_oklch(lab), -1, 0)
    lime = srgb_to_oklab([value / 255 for value in parse_color(LIME).rgb])
    near = np.clip((light - 0.60) / 0.14, 0, 1) * np.clip((chroma - 0.045) / 0.03, 0, 1) * np.clip((18 - np.abs(hue - 116)) / 6, 0, 1)
    shaded = lime * (light / np.median(light[near > 0.99]))[..., None]
    graded = lab + (shaded - lab) * near[..., None]
    return np.rint(oklab_to_srgb(graded).clip(0, 1) * 255).astype(np.uint8)


def main() -> None:
    for name in ("bedside", "far", "dial"):
        picture = np.asarray(Image.open(Path(sys.argv[1]) / f"{name}.png").convert("RGB"), dtype=float)
        Image.fromarray(develop(picture)).save(Path(__file__).parents[1] / f"{name}.jpg", quality=92, subsampling=0, optimize=True)


if __name__ == "__main__":
    main()
