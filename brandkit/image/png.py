"""PNG files made cheap to decode: inflated by ISA-L, three times as fast as zlib, so that Pillow only has to undo the row filters.

Inflating is four fifths of what decoding a PNG costs. Nothing here judges a file: what is not plain is handed back as it came, and
Pillow decides about it. Where ISA-L is not installed (it is built for x86-64 and ARM64), that is every file.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LARGEST = 64 * 2**20  # bytes of filtered rows: twice a 4K picture with alpha; beyond, a second buffer costs more than it brings
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
BLOCK = 0xFFFF  # bytes that a deflate block without compression holds at most


def with_stored_rows(data: bytes) -> bytes:
    """The same picture with its rows stored uncompressed, every other chunk as it was; `data` itself where that cannot be done.

    Args:
        data: A picture whose chunks were found whole and whose size was found acceptable; of any kind but PNG, it comes back as is.

    References:
        RFC 1950, RFC 1951 §3.2.4; PNG (Third Edition), W3C 2025, §10.
    """
    try:
        from isal import isal_zlib
    except ImportError:
        return data
    found = _find_rows(data)
    if found is None:
        return data
    inflater = isal_zlib.decompressobj()
    try:
        rows = inflater.decompress(b"".join(found.compressed), found.length + 1)
    except Exception:  # damaged, which is Pillow's to say; the library's stub gives its error no type
        return data
    if len(rows) != found.length or not inflater.eof:
        return data
    stream, crc, size = [b"IDAT", b"\x78\x01", *_blocks(rows), struct.pack(">I", isal_zlib.adler32(rows))], 0, -4
    for part in stream:
        crc, size = isal_zlib.crc32(part, crc), size + len(part)
    return b"".join([data[: found.start], struct.pack(">I", size), *stream, struct.pack(">I", crc), data[found.stop :]])


class _Rows(NamedTuple):
    """Where the compressed rows of a PNG are, all chunks of them, and how long they are once inflated."""

    start: int
    stop: int
    compressed: list[memoryview]
    length: int


def _find_rows(data: bytes) -> _Rows | None:
    if data[:8] != SIGNATURE or data[12:16] != b"IHDR" or len(data) < 33:
        return None
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", data[16:29])
    length = height * (1 + (width * CHANNELS.get(kind, 0) * depth + 7) // 8)
    if interlaced or kind not in CHANNELS or length > LARGEST:
        return None
    view, at, start, parts = memoryview(data), 8, 0, []
    while at + 12 <= len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        if name == b"IDAT":
            start = start or at
            parts.append(view[at + 8 : at + 8 + size])
        elif parts:
            return _Rows(start, at, parts, length)
        at += 12 + size
    return None


def _blocks(rows: bytes) -> Iterator[bytes | memoryview]:
    """The blocks of a deflate stream that compresses nothing."""
    view = memoryview(rows)
    for at in range(0, len(rows), BLOCK):
        size = min(BLOCK, len(rows) - at)
        yield struct.pack("<BHH", at + size == len(rows), size, size ^ BLOCK)
        yield view[at : at + size]
