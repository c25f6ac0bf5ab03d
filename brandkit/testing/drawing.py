"""Pictures that a pretended model would make: plain blocks in the colours that the prompt names."""

from __future__ import annotations

import hashlib
import io
import random
import re

from PIL import Image, ImageDraw

FORMATS = {"png": "PNG", "jpeg": "JPEG", "webp": "WEBP"}


def draw_answer(prompt: str, width: int, height: int, output_format: str = "png") -> bytes:
    """A picture of `width` × `height` pixels that depends on nothing but its arguments."""
    chance = random.Random(hashlib.sha256(f"{prompt}|{width}x{height}".encode()).hexdigest())
    asked = prompt.partition("\nEXCLUSIONS\n")[0]  # what the prompt forbids is no model's palette
    colors = re.findall(r"#[0-9A-Fa-f]{6}", asked) or ["#7F8C8D", "#ECF0F1"]
    ramp = Image.linear_gradient("L").resize((width, height))
    image = Image.composite(Image.new("RGB", (width, height), colors[0]), Image.new("RGB", (width, height), colors[-1]), ramp)
    draw = ImageDraw.Draw(image)
    for _ in range(4):
        x, y = chance.random() * width * 0.8, height * (0.5 + 0.4 * chance.random())
        draw.rectangle((x, y, x + width * 0.15, y + height * 0.1), fill=chance.choice(colors))
    buffer = io.BytesIO()
    image.save(buffer, FORMATS[output_format], **({"compress_level": 1} if output_format == "png" else {}))
    return buffer.getvalue()
