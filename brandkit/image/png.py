"""Plain PNG files, decoded by the Rust library `png` (in the wheels of kornia-rs), which is much faster than Pillow.

Nothing here judges a file: what is not plain, and what is not sound, is left to Pillow. Sound are chunks with the right checksums; the
second checksum, of the stream in them, is not looked at. Where kornia-rs is not installed (it has wheels for x86-64 and ARM64),
everything is left to Pillow.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Room = Callable[[tuple[int, int, int]], Pixels | None]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = struct.Struct(">IIBBBBB")  # width, height, depth, colour type, compression, filters, interlacing
KINDS = {2: ("rgb", 3), 6: ("rgba", 4)}  # by colour type, of 8 bits a channel; the rest is rare and has to be converted anyway
TELLING = {b"tRNS", b"iCCP", b"eXIf", b"acTL", b"fcTL", b"fdAT"}  # chunks that change what the rows look like
TEXTS = {b"tEXt", b"zTXt", b"iTXt"}
TELLING_TEXTS = (b"Raw profile", b"XML:com.adobe.xmp")  # which may say that the picture must be turned


def decode_plain(data: bytes, room: Room = lambda shape: None) -> Pixels | None:
    """The pixels of an 8-bit RGB or RGBA PNG about which nothing else need be known: no profile, no orientation, no animation.

    Args:
        data: A file that begins as a PNG whose size was found acceptable.
        room: Asked for the array to decode into, by its shape; None leaves that to this function.

    Returns:
        Shape (H, W, 3) or (H, W, 4), what Pillow would give; None where Pillow has to read the file itself.

    References:
        PNG (Third Edition), W3C 2025, §5.
    """
    decode, plain = _decoder(), _plain(data)
    if decode is None or plain is None:
        return None
    shape = plain.height, plain.width, plain.channels
    try:
        np.empty(shape, np.uint8)  # no room for it is an error here; in Rust it is a panic, which writes to the terminal
        pixels: Pixels = decode(data, shape[:2], plain.mode)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # damaged, which is Pillow's to say; a panic in Rust is no `Exception`
        return None
    given = room(shape)
    if given is None:
        return pixels
    given[...] = pixels
    return given


@cache
def _decoder() -> Callable[..., Any] | None:
    try:
        from kornia_rs import io
    except ImportError:
        return None
    decode: Callable[..., Any] = io.decode_image_png_u8
    return decode


class _Plain(NamedTuple):
    """What the header says."""

    width: int
    height: int
    mode: str
    channels: int


def _plain(data: bytes) -> _Plain | None:
    chunks = _chunks(data) if data[:8] == SIGNATURE else iter(())
    before, header = next(chunks, (b"", memoryview(b"")))
    if before != b"IHDR" or len(header) != HEADER.size:
        return None
    width, height, depth, kind, _, _, interlaced = HEADER.unpack(header)
    if interlaced or depth != 8 or kind not in KINDS or not width or not height:
        return None
    rows = False
    for name, body in chunks:
        if name == b"IEND":
            return _Plain(width, height, *KINDS[kind]) if rows else None
        if name == b"IDAT" and (before == name or not rows):
            rows = True
        elif name[:1].isupper() or name in TELLING or (name in TEXTS and bytes(body[:24]).startswith(TELLING_TEXTS)):
            return None
        before = name
    return None


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """The chunks as far as they are sound; whether those with rows are, their decoder tells."""
    view, at = memoryview(data), len(SIGNATURE)
    while at + 12 <= len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        end = at + 8 + size
        if end + 4 > len(data) or not name.isalpha():
            return
        if name != b"IDAT" and data[end : end + 4] != struct.pack(">I", zlib.crc32(view[at + 4 : end])):
            return
        yield name, view[at + 8 : end]
        at = end + 4
