"""Rows that were stored uncompressed are the rows that the file had, and what is not plain is left to Pillow."""

from __future__ import annotations

import io
import struct
import sys
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from brandkit.errors import PictureError
from brandkit.image import load
from brandkit.image.load import load_picture
from brandkit.image.png import SIGNATURE, with_stored_rows

pytest.importorskip("isal", reason="built for x86-64 and ARM64 only")

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16)]


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(
    width: int, height: int, kind: int, depth: int, stream: bytes, *, split: int = 1, between: bytes = b"", interlace: int = 0
) -> bytes:
    """A PNG by hand; its stream in `split` chunks with `between` between them."""
    size = -(-len(stream) // split)
    parts = [chunk(b"IDAT", stream[at : at + size]) for at in range(0, len(stream), size)]
    palette = chunk(b"PLTE", bytes(range(256)) * 3) if kind == 3 else b""
    hidden = chunk(b"tRNS", bytes([0, 200, 255])) if kind == 3 else b""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlace))
    return SIGNATURE + header + palette + hidden + between.join(parts) + chunk(b"tEXt", b"by\0hand") + chunk(b"IEND", b"")


def rows(width: int, height: int, kind: int, depth: int, seed: int = 1) -> bytes:
    """Rows of noise under all five filters."""
    rng = np.random.default_rng(seed)
    length = (width * CHANNELS[kind] * depth + 7) // 8
    return b"".join(bytes([y % 5]) + rng.integers(0, 256, length, np.uint8).tobytes() for y in range(height))


def plainly(data: bytes, monkeypatch: pytest.MonkeyPatch) -> load.Picture:
    with monkeypatch.context() as patch:
        patch.setattr(load, "with_stored_rows", lambda data: data)
        return load_picture(data)


@pytest.mark.parametrize(("kind", "depth"), DEPTHS)
@pytest.mark.parametrize("split", [1, 3])
def test_every_kind_of_png_is_read_as_pillow_reads_it(kind: int, depth: int, split: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = png(150, 170, kind, depth, zlib.compress(rows(150, 170, kind, depth)), split=split)
    assert with_stored_rows(data) != data
    one, other = load_picture(data), plainly(data, monkeypatch)
    assert (one.rgb == other.rgb).all() and one.mode == other.mode and one.notes == other.notes
    assert (one.alpha is None) == (other.alpha is None)
    assert one.alpha is None or other.alpha is None or (one.alpha == other.alpha).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 70), st.integers(1, 1200), st.integers(0, 9), st.integers(1, 5))
def test_what_is_stored_is_a_sound_png_of_the_same_rows(width: int, height: int, level: int, split: int) -> None:
    wanted = rows(width, height, 2, 8)
    data = png(width, height, 2, 8, zlib.compress(wanted, level), split=split)
    stored = with_stored_rows(data)
    with Image.open(io.BytesIO(stored)) as image:
        image.verify()
    start, stop = stored.index(b"IDAT"), stored.index(b"tEXt") - 4
    assert zlib.decompress(stored[start + 4 : stop - 4]) == wanted
    assert stored[: start - 4] == data[: data.index(b"IDAT") - 4] and stored[stop:] == data[data.index(b"tEXt") - 4 :]


GOOD = rows(30, 20, 2, 8)
DAMAGED = bytearray(zlib.compress(GOOD))
DAMAGED[-1] ^= 1
LEFT = [
    ("no PNG", b"\xff\xd8\xff\xe0" + bytes(100)),
    ("nothing", b""),
    ("only a signature", SIGNATURE + bytes(9)),
    ("interlaced", png(1, 1, 2, 8, zlib.compress(bytes(4)), interlace=1)),
    ("wrong sum", png(30, 20, 2, 8, bytes(DAMAGED))),
    ("no deflate stream", png(30, 20, 2, 8, b"x" * 400)),
    ("stream cut short", png(30, 20, 2, 8, zlib.compress(GOOD)[:-300])),
    ("a row too few", png(30, 20, 2, 8, zlib.compress(GOOD[:-91]))),
    ("a bomb", png(30, 20, 2, 8, zlib.compress(bytes(5_000_000)))),
    ("no rows", png(30, 20, 2, 8, b"x")[:33] + chunk(b"IEND", b"")),
    ("a chunk between the rows", png(30, 20, 2, 8, zlib.compress(GOOD), split=2, between=chunk(b"tEXt", b"a\0b"))),
    ("unknown colour type", png(30, 20, 2, 8, zlib.compress(GOOD)).replace(b"\x08\x02\0\0\0", b"\x08\x05\0\0\0")),
]


@pytest.mark.parametrize("data", [row[1] for row in LEFT], ids=[row[0] for row in LEFT])
def test_what_is_not_plain_comes_back_untouched(data: bytes) -> None:
    assert with_stored_rows(data) is data


@pytest.mark.parametrize("data", [row[1] for row in LEFT[3:]], ids=[row[0] for row in LEFT[3:]])
def test_and_pillow_decides_about_it(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def outcome(read: Callable[[], load.Picture]) -> bytes | str:
        try:
            return read().rgb.tobytes()
        except PictureError as error:
            return error.message

    assert outcome(lambda: load_picture(data)) == outcome(lambda: plainly(data, monkeypatch))


def test_without_the_library_pillow_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    data = png(30, 20, 2, 8, zlib.compress(GOOD))
    wanted = load_picture(data).rgb
    monkeypatch.setitem(sys.modules, "isal", None)
    assert with_stored_rows(data) is data and (load_picture(data).rgb == wanted).all()


def test_pictures_with_more_rows_than_fit_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brandkit.image.png.LARGEST", len(GOOD) - 1)
    data = png(30, 20, 2, 8, zlib.compress(GOOD))
    assert with_stored_rows(data) is data
