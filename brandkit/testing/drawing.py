"""Pictures that a pretended model would make: plain blocks in the colours that the prompt names."""

from __future__ import annotations

import hashlib
import io
import random
import re
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import srgb_to_lab

FORMATS = {"png": "PNG", "jpeg": "JPEG", "webp": "WEBP"}


@lru_cache(maxsize=16)  # tests ask for the same few pictures again and again; drawing one takes longer than serving it
def draw_answer(
    prompt: str, width: int, height: int, output_format: str = "png", *, drift: float = 0.0, transparent: bool = False
) -> bytes:
    """A picture of `width` × `height` pixels that depends on nothing but its arguments.

    Args:
        prompt: Names the colours, as `#RRGGBB`.
        width: Pixels.
        height: Pixels.
        output_format: `png`, `jpeg` or `webp`.
        transparent: Draw a subject on nothing.
        drift: ΔE00 by which every colour strays from the one that was asked for, 0 to 20: darker ones get lighter, lighter ones darker.
    """
    chance = random.Random(hashlib.sha256(f"{prompt}|{width}x{height}".encode()).hexdigest())
    asked = prompt.partition("\nEXCLUSIONS\n")[0]  # what the prompt forbids is no model's palette
    colors = re.findall(r"#[0-9A-Fa-f]{6}", asked) or ["#7F8C8D", "#ECF0F1"]
    colors = [strayed(color, drift) for color in colors]
    if transparent:
        return _encoded(_cut_out(width, height, colors), output_format)
    ramp = Image.linear_gradient("L").resize((width, height))
    image = Image.composite(Image.new("RGB", (width, height), colors[0]), Image.new("RGB", (width, height), colors[-1]), ramp)
    draw = ImageDraw.Draw(image)
    for _ in range(4):
        x, y = chance.random() * width * 0.8, height * (0.5 + 0.4 * chance.random())
        draw.rectangle((x, y, x + width * 0.15, y + height * 0.1), fill=chance.choice(colors))
    return _encoded(image, output_format)


def _cut_out(width: int, height: int, colors: list[str]) -> Image.Image:
    """A ball with a soft edge in the middle of nothing."""
    side = min(width, height) * 7 // 10
    ball = Image.new("L", (2 * side, 2 * side))
    ImageDraw.Draw(ball).ellipse((0, 0, 2 * side - 1, 2 * side - 1), fill=255)
    shaded = Image.composite(Image.new("RGB", (side, side), colors[0]), Image.new("RGB", (side, side), colors[-1]),
                             Image.linear_gradient("L").resize((side, side)))  # fmt: skip
    shaded.putalpha(ball.resize((side, side)))
    image = Image.new("RGBA", (width, height))
    image.paste(shaded, ((width - side) // 2, (height - side) // 2))
    return image


def _encoded(image: Image.Image, output_format: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, FORMATS[output_format], **({"compress_level": 1} if output_format == "png" else {}))
    return buffer.getvalue()


def strayed(color: str, drift: float) -> str:
    """The colour on the way to white (or to black, for light ones) that is `drift` ΔE00 away, to the nearest 8-bit value."""
    if drift <= 0:
        return color
    start = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], float) / 255
    lab = srgb_to_lab(start)
    goal = np.ones(3) if lab[0] < 60 else np.zeros(3)
    way = start + np.linspace(0, 1, 1025)[:, None] * (goal - start)
    best = way[int(np.argmin(np.abs(delta_e_2000(lab, srgb_to_lab(way)) - drift)))]
    return "#" + "".join(f"{round(255 * float(value)):02X}" for value in best)
