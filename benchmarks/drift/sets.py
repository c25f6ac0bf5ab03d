"""Which brands, grounds, formats and seeds belong to which set: what is tuned on is never reported on.

| | tuning | reporting |
|---|---|---|
| brands | halfpast, quillmarsh, dunmoor, auric, brickle, harrow | ebbware, lowenta, vantor, solace, knotwell, fennel |
| photographs (scikit-image) | astronaut, chelsea, rocket | coffee, motorcycle, hubble |
| photographs (Ebbware) | mug-sweep, table-overhead | pitcher-line, evening-wide, vase-window |
| seed | 11 | 20261 |

Limits and detection may be changed after looking at the tuning set only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

EBBWARE_PHOTOS = Path(__file__).parents[2] / "brands" / "ebbware" / "photos"


@dataclass(frozen=True)
class Set:
    """One half of the material."""

    name: str
    seed: int
    brands: tuple[str, ...]
    photos: tuple[str, ...]


SETS = {
    "tuning": Set(
        "tuning", 11, ("halfpast", "quillmarsh", "dunmoor", "auric", "brickle", "harrow"),
        ("skimage/astronaut.png", "skimage/chelsea.png", "skimage/rocket.jpg", "ebbware/mug-sweep.jpg", "ebbware/table-overhead.jpg"),
    ),
    "reporting": Set(
        "reporting", 20261, ("ebbware", "lowenta", "vantor", "solace", "knotwell", "fennel"),
        ("skimage/coffee.png", "skimage/motorcycle_left.png", "skimage/hubble_deep_field.jpg", "ebbware/pitcher-line.jpg",
         "ebbware/evening-wide.jpg", "ebbware/vase-window.jpg"),
    ),
}  # fmt: skip
LETTERED = ("skimage/astronaut.png", "skimage/motorcycle_left.png")  # words stand on things in them, seen by eye
FORMATS = {
    "x-card": 0.26, "google-play-feature": 0.16, "open-graph": 0.14, "instagram-post": 0.1, "instagram-portrait": 0.05,
    "email-header": 0.08, "google-large-rectangle": 0.13, "google-half-page": 0.08,
}  # fmt: skip
TEMPLATES = {
    "flat": ("poster", "frame", "split"),
    "gradient": ("full-bleed", "frame", "split"),
    "photo": ("full-bleed", "card", "split", "product"),
}
GROUNDS = ("flat", "gradient", "photo")
COPY = (
    {"headline": "Every hour counts twice", "body": "Doors open at nine and close when the last guest leaves.", "cta": "See the hours"},
    {"headline": "Small rooms, long views", "body": "Twelve houses on the ridge, each with its own path.", "cta": "Book a house"},
    {"headline": "Bread before eight", "body": "Baked through the night and on your table by dawn.", "cta": "Order today"},
    {"headline": "The quiet side of town", "cta": "Plan a walk"},
    {"headline": "Two wheels, one key", "body": "Unlock any bicycle between the river and the hill.", "cta": "Find a wheel"},
    {"headline": "Made to be mended", "body": "Every part can be bought for thirty years.", "cta": "See the parts"},
)  # fmt: skip
LEGAL = "Terms apply. Offer ends on 30 June."


@lru_cache(maxsize=4)
def photograph(name: str) -> NDArray[np.uint8]:
    """A photograph by the names of the table, sRGB, shape (H, W, 3)."""
    import skimage
    from PIL import Image

    source, file = name.split("/")
    folder = Path(skimage.__file__).parent / "data" if source == "skimage" else EBBWARE_PHOTOS
    with Image.open(folder / file) as picture:
        return np.array(picture.convert("RGB"), np.uint8)
