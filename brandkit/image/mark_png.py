"""Marks saved as PNG: their size from the header, and, in the process that may be killed, their pixels."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from brandkit.errors import PictureError

if TYPE_CHECKING:
    from PIL.Image import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = struct.Struct(">8x4x4sII")  # signature, length and kind of the first chunk, width and height (PNG, section 11.2.1)
MAX_PIXELS = 25_000_000
AGAIN = "save it again, or use the SVG"


def is_png(data: bytes) -> bool:
    """Whether `data` says that it is a PNG."""
    return data.startswith(SIGNATURE)


def png_size(data: bytes, name: str) -> tuple[int, int]:
    """Width and height in pixels, read from the header alone.

    Raises:
        PictureError: There is no header, or it tells of no pixels or of too many.
    """
    kind, width, height = HEADER.unpack_from(data) if len(data) >= HEADER.size else (b"", 0, 0)
    if kind != b"IHDR" or not width or not height:
        raise PictureError(f"{name}: the PNG does not load: it has no header", hint=AGAIN)
    if width * height > MAX_PIXELS:
        raise PictureError(f"{name}: {width} × {height} px is too large for a mark", hint="at most 25 megapixels")
    return width, height


def draw_png(data: bytes, name: str, width: int, height: int) -> NDArray[np.uint8]:
    """The mark as straight RGBA, shape (height, width, 4).

    Raises:
        PictureError: It is damaged.
    """
    from PIL import Image

    # Resampling straight alpha would bleed the colour hidden under transparent pixels into the edges.
    small = _opened(data, name).convert("RGBa").resize((width, height), Image.Resampling.LANCZOS).convert("RGBA")
    return np.array(small, np.uint8)


def rewrite_png(data: bytes, name: str) -> bytes:
    """The same pixels as an 8-bit RGBA file with nothing else in it.

    Raises:
        PictureError: It is damaged.
    """
    buffer = BytesIO()
    _opened(data, name).save(buffer, "PNG")
    return buffer.getvalue()


def _opened(data: bytes, name: str) -> Image:
    from PIL import Image

    png_size(data, name)
    try:
        with Image.open(BytesIO(data), formats=("PNG",)) as picture:
            whole = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureError(f"{name}: the PNG does not load: {error}", hint=AGAIN) from None
    whole.info.clear()  # or a profile would be saved along
    return whole
