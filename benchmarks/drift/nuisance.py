"""What happens to every asset on its way and changes nothing about the brand: encodings, grain, profiles, resizing."""

from __future__ import annotations

import io
import struct
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from brandkit.color.matrices import P3_TO_XYZ, SRGB_TO_XYZ
from brandkit.color.spaces import linear_to_srgb, srgb_to_linear

Pixels = NDArray[np.uint8]
OWN = ("png", "jpeg92", "jpeg80", "webp90", "grain", "p3", "twice")
FOREIGN = (*OWN, "resize")


def encode(rgb: Pixels, nuisance: str, seed: int) -> bytes:
    """The bytes of a file with these pixels after one nuisance.

    Args:
        rgb: Shape (H, W, 3), sRGB.
        nuisance: `png`; `jpeg92`, `jpeg80`, `webp90`; `grain` (sigma 1.5 levels, then PNG); `p3` (the same colours in a Display P3
            file); `twice` (JPEG 95, then 85); `resize` (to 0.62 to 0.9, then JPEG 90).
        seed: Of the grain and the size.
    """
    rng = np.random.default_rng(seed)
    picture = Image.fromarray(rgb)
    if nuisance == "grain":
        return _saved(
            Image.fromarray(np.clip(np.rint(rgb + rng.normal(0, 1.5, rgb.shape)), 0, 255).astype(np.uint8)), "PNG", compress_level=1
        )
    if nuisance == "p3":
        return _saved(Image.fromarray(to_p3(rgb)), "PNG", compress_level=1, icc_profile=p3_profile())
    if nuisance == "twice":
        again = Image.open(io.BytesIO(_saved(picture, "JPEG", quality=95)))
        return _saved(again, "JPEG", quality=85)
    if nuisance == "resize":
        scale = float(rng.uniform(0.62, 0.9))
        small = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)
        return _saved(small, "JPEG", quality=90)
    if nuisance.startswith("jpeg"):
        return _saved(picture, "JPEG", quality=int(nuisance[4:]))
    if nuisance.startswith("webp"):
        return _saved(picture, "WEBP", quality=int(nuisance[4:]), method=2)
    return _saved(picture, "PNG", compress_level=1)


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def to_p3(rgb: Pixels) -> Pixels:
    """Turn sRGB pixels into the numbers that a Display P3 file holds for the same colours."""
    matrix = np.linalg.inv(np.array(P3_TO_XYZ)) @ np.array(SRGB_TO_XYZ)
    table = srgb_to_linear(np.repeat(np.arange(256)[:, None] / 255, 3, axis=1))[:, 0]
    linear = table[rgb] @ matrix.T
    return np.asarray(np.rint(255 * linear_to_srgb(np.clip(linear, 0, 1))), np.uint8)


@lru_cache(maxsize=1)
def p3_profile() -> bytes:
    """Display P3 as an ICC profile of version 2: primaries adapted to D50, and the sRGB curve in 1024 steps."""

    def xyz(*values: float) -> bytes:
        return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65536) for value in values))

    steps = np.linspace(0, 1, 1024)[:, None].repeat(3, axis=1)
    curve = b"curv" + bytes(4) + struct.pack(">I1024H", 1024, *(srgb_to_linear(steps)[:, 0] * 65535).round().astype(int).tolist())
    tags = {
        b"wtpt": xyz(0.9642, 1, 0.8249), b"rXYZ": xyz(0.51512, 0.2412, -0.00105), b"gXYZ": xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": xyz(0.1571, 0.06657, 0.78407), b"rTRC": curve, b"gTRC": curve, b"bTRC": curve,
        b"desc": b"desc" + bytes(4) + struct.pack(">I", 3) + b"P3\0" + bytes(78), b"cprt": b"text" + bytes(4) + b"none\0",
    }  # fmt: skip
    table, body, start = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    kind = struct.pack(">I4s4s4s", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head = bytes(8) + kind + bytes(12) + b"acsp" + bytes(28) + xyz(0.9642, 1, 0.8249)[8:]
    size = struct.pack(">I", start + len(body))
    return size + head.ljust(128, b"\0")[4:] + struct.pack(">I", len(tags)) + table + body
