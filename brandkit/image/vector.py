"""Render logo files as pixels: SVG through `clean_svg` and Typst's own renderer, PNG through Pillow, each in a process that may be killed.

Guaranteed for a stranger's SVG: no file, network, font or code is reached (Typst gets the cleaned bytes and nothing else), the drawing is
bounded by the limits of `svg_rules` and by `MAX_PIXELS`. What takes too much time or memory costs the mark, not this process.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from brandkit.errors import PictureError
from brandkit.files import sha256
from brandkit.image.apart import draw_mark, rewrite_mark
from brandkit.image.mark_png import is_png, png_size
from brandkit.image.svg import Size, clean_svg, svg_size
from brandkit.image.svg_rules import MAX_BYTES

MAX_PIXELS = 8_000_000  # of one rendering; each canvas of the renderer takes 4 bytes for each
MAX_PNG_BYTES = 20_000_000
CACHED_BYTES = 64_000_000  # of renderings kept; a mark at 512 px takes about 0.5 MB
TRIAL = 64  # px wide that a drawing is tried at before Typst sets it into a page in this process
REMEMBERED = 256  # drawings that failed, so that nobody waits for the same failure twice

Drawn = TypeVar("Drawn")

_rendered: OrderedDict[tuple[str, int, int], NDArray[np.uint8]] = OrderedDict()
_failed: dict[tuple[str, int, int], tuple[str, str | None]] = {}


def mark_size(path: Path) -> Size:
    """Width and height of the mark in `path`, in its own units; their ratio is the mark's aspect.

    Raises:
        PictureError: The file cannot be read, or is no usable SVG or PNG.
    """
    data = _read(path)
    if is_png(data):
        return Size(*map(float, png_size(data, path.name)))
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
    pixels = _drawn(data, path.name, width, height)
    pixels.setflags(write=False)
    _rendered[key] = pixels
    while sum(kept.nbytes for kept in _rendered.values()) > CACHED_BYTES and len(_rendered) > 1:
        _rendered.popitem(last=False)
    return pixels


@lru_cache(maxsize=64)
def drawable(data: bytes, *, name: str) -> bytes:
    """A mark that Typst may set into a page in this process, after it was drawn once in one that may be killed.

    An SVG is cleaned; a PNG is written anew, so that it holds nothing but the pixels that were decoded there.

    Raises:
        PictureError: As `render_mark`.
    """
    if is_png(data):
        return _remembered(data, name, (0, 0), lambda: rewrite_mark(data, name))
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


@lru_cache(maxsize=64)
def _svg_size(svg: bytes, name: str) -> Size:
    return svg_size(svg, name=name)


@lru_cache(maxsize=64)
def _cleaned(data: bytes, name: str) -> bytes:
    if len(data) > MAX_BYTES or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"<", b"\xff", b"\xfe", b"\x1f"):
        if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
            raise PictureError(f"{name}: neither an SVG nor a PNG", hint="save the mark as SVG, or as PNG with transparency")
    return clean_svg(data, name=name)


def _drawn(data: bytes, name: str, width: int, height: int) -> NDArray[np.uint8]:
    if is_png(data):  # what is wrong with a PNG is wrong with it at every size
        return _remembered(data, name, (0, 0), lambda: draw_mark(data, name, width, height))
    return _draw_svg(_cleaned(data, name), name, width, height)


def _draw_svg(svg: bytes, name: str, width: int, height: int) -> NDArray[np.uint8]:
    from PIL import Image

    from brandkit.image.svg_process import draw_svg

    png = _remembered(svg, name, (width, height), lambda: draw_svg(svg, name, width, height))
    with Image.open(BytesIO(png), formats=("PNG",)) as picture:
        return np.array(picture.convert("RGBA"), np.uint8)


def _remembered(data: bytes, name: str, size: tuple[int, int], draw: Callable[[], Drawn]) -> Drawn:
    """What `draw` gives, or the fault that it had the last time."""
    key = (sha256(data), *size)
    if key in _failed:
        message, hint = _failed[key]
        raise PictureError(message, hint=hint)
    try:
        return draw()
    except PictureError as error:
        if len(_failed) < REMEMBERED:
            _failed[key] = (error.message, error.hint)
        raise
