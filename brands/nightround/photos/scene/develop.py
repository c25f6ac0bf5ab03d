"""Develops the renders: `python develop.py RENDERS_FOLDER` turns bedside.png, far.png and dial.png into the JPEGs of
Nightround, and with the dial in the colour of dawn into those of Firstlight.

The view transform of the renderer pales strong light, so the lit dial is brought back to the brand's lime; nothing else is touched.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from brandkit.color.parse import parse_color
from brandkit.color.spaces import oklab_to_oklch, oklab_to_srgb, srgb_to_oklab

PHOTOS = Path(__file__).parents[1]
LIME, DAWN = "#C7EB3A", "#FFA378"


def hue_of(color: str) -> float:
    return float(oklab_to_oklch(srgb_to_oklab([value / 255 for value in parse_color(color).rgb]))[2])


def develop(picture: np.ndarray, color: str) -> np.ndarray:
    lab = srgb_to_oklab(picture / 255)
    light, chroma, hue = np.moveaxis(oklab_to_oklch(lab), -1, 0)
    lime = srgb_to_oklab([value / 255 for value in parse_color(color).rgb])
    near = np.clip((light - 0.60) / 0.14, 0, 1) * np.clip((chroma - 0.045) / 0.03, 0, 1) * np.clip((18 - np.abs(hue - 116)) / 6, 0, 1)
    shaded = lime * (light / np.median(light[near > 0.99]))[..., None]
    turn = np.radians(hue_of(color) - hue_of(LIME)) * np.clip((chroma - 0.012) / 0.012, 0, 1) * np.clip((44 - np.abs(hue - 112)) / 8, 0, 1)
    turn = turn * np.clip((0.5 - light) / 0.08, 0, 1)
    a, b = lab[..., 1], lab[..., 2]  # the glow on the table has the colour of the dial
    lit = np.stack([light, a * np.cos(turn) - b * np.sin(turn), a * np.sin(turn) + b * np.cos(turn)], axis=-1)
    graded = lit + (shaded - lit) * near[..., None]
    return np.rint(oklab_to_srgb(graded).clip(0, 1) * 255).astype(np.uint8)


def main() -> None:
    for name in ("bedside", "far", "dial"):
        picture = np.asarray(Image.open(Path(sys.argv[1]) / f"{name}.png").convert("RGB"), dtype=float)
        for folder, color in ((PHOTOS, LIME), (PHOTOS.parent / "firstlight/photos", DAWN)):
            Image.fromarray(develop(picture, color)).save(folder / f"{name}.jpg", quality=92, subsampling=0, optimize=True)


if __name__ == "__main__":
    main()
