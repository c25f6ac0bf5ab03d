"""Plain PNG files, decoded at three fifths of Pillow's cost: inflated by ISA-L, then band by band through OpenCV's row filters.

Inflating is most of what decoding a PNG costs, and ISA-L does it three times as fast as zlib; bands stay in the processor's cache,
and as files that compress nothing they are unfiltered by the instructions that libpng has for it.
Nothing here judges a file: what is not plain, and what is not sound, is left to Pillow. Where ISA-L is not installed (it is built
for x86-64 and ARM64), that is every file.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Bytes = bytes | bytearray | memoryview
Room = Callable[[tuple[int, int, int]], Pixels | None]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
END = b"\0\0\0\0IEND\xae\x42\x60\x82"
FIRST = 33  # where the first chunk after the header begins
CHANNELS = {2: 3, 6: 4}  # by colour type, RGB and RGBA; of 8 bits a channel, the rest is rare and has to be converted anyway
TELLING = {b"tRNS", b"iCCP", b"eXIf", b"acTL", b"fcTL", b"fdAT"}  # chunks that change what the rows look like
TEXTS = {b"tEXt", b"zTXt", b"iTXt"}
TELLING_TEXTS = (b"Raw profile", b"XML:com.adobe.xmp")  # which may say that the picture must be turned
PIECE = 1 << 16  # bytes that are inflated at a time
LARGE = 1 << 20  # bytes of pixels from which a second thread saves more than its start costs
BAND = 1 << 18  # bytes of rows that are unfiltered at a time
WIDEST = 1 << 20  # bytes of a row; wider ones are hardly pictures, and would need more memory
LAST_FILTER = 4  # Paeth
BLOCK = 0xFFFF  # bytes that a deflate block without compression holds at most


def decode_plain(data: bytes, room: Room = lambda shape: None) -> Pixels | None:
    """The pixels of an 8-bit RGB or RGBA PNG about which nothing else need be known: no profile, no orientation, no animation.

    Args:
        data: A file that begins as a PNG whose size was found acceptable.
        room: Asked for the array to decode into, by its shape; None leaves that to this function.

    Returns:
        Shape (H, W, 3) or (H, W, 4), what Pillow would give; None where Pillow has to read the file itself.

    References:
        PNG (Third Edition), W3C 2025, §9 and §10; RFC 1950; RFC 1951, §3.2.4.
    """
    plain = _plain(data) if find_spec("isal") else None
    if plain is None:
        return None
    shape = plain.height, plain.width, plain.channels
    given = room(shape)
    pixels = np.empty(shape, np.uint8) if given is None else given
    try:
        _fill(pixels, plain)
    except Exception:  # damaged, which is Pillow's to say; ISA-L's stub gives its error no type
        return None
    return pixels


class _Plain(NamedTuple):
    """What is needed to decode a plain PNG; `kind` is its colour type, and `stride` are the bytes of a row without its filter."""

    width: int
    height: int
    kind: int
    channels: int
    stride: int
    compressed: list[memoryview]


def _plain(data: bytes) -> _Plain | None:
    if data[:8] != SIGNATURE or data[12:16] != b"IHDR" or len(data) < FIRST:
        return None
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", data[16:29])
    channels = CHANNELS.get(kind, 0)
    stride = width * channels
    if interlaced or depth != 8 or not 0 < stride < WIDEST or not height:
        return None
    parts: list[memoryview] = []
    before = b""
    for name, body in _chunks(data):
        if name == b"IEND":
            return _Plain(width, height, kind, channels, stride, parts)
        if name == b"IDAT" and (before == name or not parts):
            parts.append(body)
        elif name[:1].isupper() or name in TELLING or (name in TEXTS and bytes(body[:24]).startswith(TELLING_TEXTS)):
            return None
        before = name
    return None


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """The chunks after the header, as far as they are sound."""
    from isal import isal_zlib

    view, at = memoryview(data), FIRST
    while at + 12 <= len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        end = at + 8 + size
        if not name.isalpha() or data[end : end + 4] != struct.pack(">I", isal_zlib.crc32(view[at + 4 : end])):
            return
        yield name, view[at + 8 : end]
        at = end + 4


def _fill(pixels: Pixels, plain: _Plain) -> None:
    """Decode into `pixels`.

    Raises:
        Exception: Of any kind, where the rows are not exactly those that the header says.
    """
    import cv2

    top, swap = 0, plain.channels == 4
    for rows in _ahead(_bands(plain), cv2.getNumThreads() > 1 and pixels.nbytes > LARGE):
        if max(rows[:: 1 + plain.stride]) > LAST_FILTER:  # of which libpng would complain to the terminal
            raise ValueError("an unknown filter")
        first, bottom = max(0, top - 1), top + len(rows) // (1 + plain.stride)
        above = [b"\0", pixels[first].tobytes()] if top else []  # filters look at the row above, so it comes along, unfiltered
        file = np.frombuffer(_stored(plain, bottom - first, [*above, rows]), np.uint8)
        band = cv2.imdecode(file, cv2.IMREAD_UNCHANGED if swap else cv2.IMREAD_COLOR_RGB)
        if band is None or band.shape != (bottom - first, *pixels.shape[1:]):
            raise ValueError("no such rows")
        pixels[top:bottom] = (cv2.cvtColor(band, cv2.COLOR_BGRA2RGBA) if swap else band)[top - first :]
        top = bottom


def _ahead(bands: Iterator[bytes], ahead: bool) -> Iterator[bytes]:
    """The bands; if `ahead`, the next one is inflated by another thread while the last one is worked on."""
    if not ahead:
        yield from bands
        return
    with ThreadPoolExecutor(1, thread_name_prefix="inflate") as inflater:
        coming = inflater.submit(next, bands, None)
        while (rows := coming.result()) is not None:
            coming = inflater.submit(next, bands, None)
            yield rows


def _bands(plain: _Plain) -> Iterator[bytes]:
    """The inflated rows, about `BAND` bytes at a time."""
    from isal import isal_zlib

    inflater, rows = isal_zlib.decompressobj(), list[bytes]()
    left, size = plain.height * (1 + plain.stride), max(1, BAND // (1 + plain.stride)) * (1 + plain.stride)
    wanted = min(size, left)
    for part in plain.compressed:
        for at in range(0, len(part), PIECE):
            piece: bytes | memoryview = part[at : at + PIECE]
            while len(piece):
                found = inflater.decompress(piece, wanted or 1)  # a byte more than there should be is seen
                piece = inflater.unconsumed_tail
                if len(found) > wanted or (not found and piece):
                    raise ValueError("more rows than there should be")
                rows.append(found)
                left, wanted = left - len(found), wanted - len(found)
                if found and not wanted:
                    yield b"".join(rows)
                    rows, wanted = [], min(size, left)
    if left or not inflater.eof:
        raise ValueError("fewer rows than there should be, or another checksum")


def _stored(plain: _Plain, height: int, rows: Sequence[Bytes]) -> bytearray:
    """A PNG file of filtered rows that compresses nothing."""
    from isal import isal_zlib

    header = struct.pack(">4sIIBBBBB", b"IHDR", plain.width, height, 8, plain.kind, 0, 0, 0)
    parts: list[Bytes] = [SIGNATURE, struct.pack(">I", 13), header, struct.pack(">I", isal_zlib.crc32(header)), bytes(4), b"IDAT\x78\x01"]
    left, adler = height * (1 + plain.stride), 1
    for part in rows:
        adler = isal_zlib.adler32(part, adler)
        view = memoryview(part)
        for at in range(0, len(view), BLOCK):
            size = min(BLOCK, len(view) - at)
            left -= size
            parts += [struct.pack("<BHH", not left, size, size ^ BLOCK), view[at : at + size]]
    file = bytearray().join([*parts, struct.pack(">I", adler), bytes(4), END])
    name, crc = FIRST + 4, len(file) - len(END) - 4
    struct.pack_into(">I", file, FIRST, crc - name - 4)
    struct.pack_into(">I", file, crc, isal_zlib.crc32(memoryview(file)[name:crc]))
    return file
