"""Render logo files as pixels: SVG through `clean_svg` and Typst's own renderer, PNG through Pillow.

Guaranteed for a stranger's SVG: no file, network, font or code is reached (Typst gets the cleaned bytes and nothing else), the drawing is
bounded by the limits of `svg_rules` and by `MAX_PIXELS`, and it is drawn in a process that is killed when it takes too much time or memory.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from brandkit.errors import PictureError
from brandkit.files import sha256
from brandkit.image.svg import Size, clean_svg, svg_size
from brandkit.image.svg_rules import MAX_BYTES

MAX_PIXELS = 8_000_000  # of one rendering; each canvas of the renderer takes 4 bytes for each
MAX_PNG_BYTES = 20_000_000
MAX_PNG_PIXELS = 25_000_000
CACHED_BYTES = 64_000_000  # of renderings kept; a mark at 512 px takes about 0.5 MB
TRIAL = 64  # px wide that a drawing is tried at before Typst sets it into a page in this process
REMEMBERED = 256  # drawings that failed, so that nobody waits for the same failure twice

_rendered: OrderedDict[tuple[str, int, int], NDArray[np.uint8]] = OrderedDict()
_failed: dict[tuple[str, int, int], tuple[str, str | None]] = {}


def mark_size(path: Path) -> Size:
    """Width and height of the mark in `path`, in its own units; their ratio is the mark's aspect.

    Raises:
        PictureError: The file cannot be read, or is no usable SVG or PNG.
    """
    data = _read(path)
    if _is_png(data):
        picture = _open_png(data, path.name)
        return Size(float(picture.width), float(picture.height))
    return _svg_size(_cleaned(data, path.name), path.name)


def render_mark(path: Path, width: int, height: int | None = None) -> NDArray[np.uint8]:
    """Draw the mark in `path` on nothing.

    Args:
        path: An SVG or a PNG.
        width: Width in pixels, >= 1.
        height: Height in pixels; by default what keeps the mark's proportions.

    Returns:
        Straight (not premultiplied) RGBA, shape ``(height, width, 4)``, uint8, sRGB; read-only, as it is cached by the
        file's content.

    Raises:
        PictureError: The file cannot be read, is refused by `clean_svg`, cannot be drawn, or the drawing is too large.
        ValueError: `width` or `height` below 1.
    """
    data = _read(path)
    if height is None:
        size = mark_size(path)
        height = max(1, round(width * size.height / size.width))
    if width < 1 or height < 1:
        raise ValueError(f"a rendering needs width and height >= 1, got {width} × {height}")
    if width * height > MAX_PIXELS:
        raise PictureError(f"{path.name}: {width} × {height} px is too large a rendering", hint=f"at most {MAX_PIXELS} pixels")
    key = (sha256(data), width, height)
    if key in _rendered:
        _rendered.move_to_end(key)
        return _rendered[key]
    pixels = _draw_png(data, path.name, width, height) if _is_png(data) else _draw_svg(_cleaned(data, path.name), path.name, width, height)
    pixels.setflags(write=False)
    _rendered[key] = pixels
    while sum(kept.nbytes for kept in _rendered.values()) > CACHED_BYTES and len(_rendered) > 1:
        _rendered.popitem(last=False)
    return pixels


@lru_cache(maxsize=64)
def drawable_svg(data: bytes, *, name: str) -> bytes:
    """The cleaned SVG, after it was drawn once in the process that may be killed: fit to be set into a page in this one.

    Raises:
        PictureError: As `render_mark`.
    """
    svg = _cleaned(data, name)
    size = _svg_size(svg, name)
    _draw_svg(svg, name, TRIAL, max(1, min(TRIAL * TRIAL, round(TRIAL * size.height / size.width))))
    return svg


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_PNG_BYTES:
            raise PictureError(f"{path.name}: {path.stat().st_size / 1e6:.0f} MB is too large for a mark", hint="at most 20 MB")
        return path.read_bytes()
    except OSError as error:
        raise PictureError(f"{path}: cannot be read: {error.strerror}", hint="check the mark's path in the brand file") from error


def _is_png(data: bytes) -> bool:
    return data.startswith(b"\x89PNG\r\n\x1a\n")


@lru_cache(maxsize=64)
def _svg_size(svg: bytes, name: str) -> Size:
    return svg_size(svg, name=name)


@lru_cache(maxsize=64)
def _cleaned(data: bytes, name: str) -> bytes:
    if len(data) > MAX_BYTES or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"<", b"\xff", b"\xfe", b"\x1f"):
        if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
            raise PictureError(f"{name}: neither an SVG nor a PNG", hint="save the mark as SVG, or as PNG with transparency")
    return clean_svg(data, name=name)


def _draw_svg(svg: bytes, name: str, width: int, height: int) -> NDArray[np.uint8]:
    from PIL import Image

    from brandkit.image.svg_process import draw_svg

    key = (sha256(svg), width, height)
    if key in _failed:
        message, hint = _failed[key]
        raise PictureError(message, hint=hint)
    try:
        png = draw_svg(svg, name, width, height)
    except PictureError as error:
        if len(_failed) < REMEMBERED:
            _failed[key] = (error.message, error.hint)
        raise
    with Image.open(BytesIO(png), formats=("PNG",)) as picture:
        return np.array(picture.convert("RGBA"), np.uint8)


def _open_png(data: bytes, name: str) -> Any:
    from PIL import Image

    try:
        picture = Image.open(BytesIO(data), formats=("PNG",))
        if picture.width * picture.height > MAX_PNG_PIXELS:
            raise PictureError(f"{name}: {picture.width} × {picture.height} px is too large for a mark", hint="at most 25 megapixels")
        return picture
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureError(f"{name}: the PNG does not load: {error}", hint="save it again, or use the SVG") from None


def _draw_png(data: bytes, name: str, width: int, height: int) -> NDArray[np.uint8]:
    from PIL import Image

    picture = _open_png(data, name)
    try:
        rgba = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError) as error:
        raise PictureError(f"{name}: the PNG does not load: {error}", hint="save it again, or use the SVG") from None
    # Resampling straight alpha would bleed the colour hidden under transparent pixels into the edges.
    small = rgba.convert("RGBa").resize((width, height), Image.Resampling.LANCZOS).convert("RGBA")
    return np.array(small, np.uint8)
