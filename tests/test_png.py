"""Plain PNG files decode to what Pillow makes of them, and what is not plain or not sound is left to Pillow."""

from __future__ import annotations

import io
import struct
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
from brandkit.image.png import SIGNATURE, decode_plain

pytest.importorskip("kornia_rs", reason="built for x86-64 and ARM64 only")

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16)]


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(
    width: int,
    height: int,
    kind: int,
    depth: int,
    stream: bytes,
    *,
    split: int = 1,
    between: bytes = b"",
    more: bytes = b"",
    interlace: int = 0,
) -> bytes:
    """A PNG by hand: its stream in `split` chunks with `between` between them, and `more` chunks after them."""
    size = -(-len(stream) // split)
    parts = [chunk(b"IDAT", stream[at : at + size]) for at in range(0, len(stream), size)]
    palette = chunk(b"PLTE", bytes(range(256)) * 3) if kind == 3 else b""
    hidden = chunk(b"tRNS", bytes([0, 200, 255])) if kind == 3 else b""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlace))
    return SIGNATURE + header + palette + hidden + between.join(parts) + more + chunk(b"tEXt", b"by\0hand") + chunk(b"IEND", b"")


def rows(width: int, height: int, kind: int, depth: int, seed: int = 1) -> bytes:
    """Rows of noise under all five filters."""
    rng = np.random.default_rng(seed)
    length = (width * CHANNELS[kind] * depth + 7) // 8
    return b"".join(bytes([y % 5]) + rng.integers(0, 256, length, np.uint8).tobytes() for y in range(height))


def plainly(data: bytes, monkeypatch: pytest.MonkeyPatch) -> load.Picture:
    with monkeypatch.context() as patch:
        patch.setattr(load, "decode_plain", lambda data, room: None)
        return load_picture(data)


@pytest.mark.parametrize(("kind", "depth"), DEPTHS)
@pytest.mark.parametrize("split", [1, 3])
def test_every_kind_of_png_is_read_as_pillow_reads_it(kind: int, depth: int, split: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = png(450, 170, kind, depth, zlib.compress(rows(450, 170, kind, depth)), split=split)
    assert (decode_plain(data) is not None) == ((kind, depth) in {(2, 8), (6, 8)})
    one, other = load_picture(data), plainly(data, monkeypatch)
    assert (one.rgb == other.rgb).all() and one.mode == other.mode and one.notes == other.notes
    assert (one.alpha is None) == (other.alpha is None)
    assert one.alpha is None or other.alpha is None or (one.alpha == other.alpha).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 900), st.integers(1, 400), st.sampled_from([2, 6]), st.integers(0, 9), st.integers(1, 5))
def test_the_pixels_are_those_that_pillow_decodes(width: int, height: int, kind: int, level: int, split: int) -> None:
    data = png(width, height, kind, 8, zlib.compress(rows(width, height, kind, 8), level), split=split)
    found = decode_plain(data)
    assert found is not None and (found == np.asarray(Image.open(io.BytesIO(data)))).all()


def test_an_opaque_alpha_is_dropped() -> None:
    image = Image.new("RGBA", (9, 9), "#1F4D3A")
    out = io.BytesIO()
    image.save(out, "png")
    assert decode_plain(out.getvalue()) is not None and load_picture(out.getvalue()).alpha is None


GOOD = rows(30, 20, 2, 8)
STREAM = zlib.compress(GOOD)
WRONG_SUM = STREAM[:-1] + bytes([STREAM[-1] ^ 1])
LATE = rows(300, 900, 2, 8)[: 800 * 901] + b"\x05" + rows(300, 900, 2, 8)[800 * 901 + 1 :]
LEFT = [
    ("no PNG", b"\xff\xd8\xff\xe0" + bytes(100)),
    ("nothing", b""),
    ("only a signature", SIGNATURE + bytes(9)),
    ("interlaced", png(1, 1, 2, 8, zlib.compress(bytes(4)), interlace=1)),
    ("no deflate stream", png(30, 20, 2, 8, b"x" * 400)),
    ("stream cut short", png(30, 20, 2, 8, STREAM[:-300])),
    ("a row too few", png(30, 20, 2, 8, zlib.compress(GOOD[:-91]))),
    ("an unknown filter", png(30, 20, 2, 8, zlib.compress(b"\x07" + GOOD[1:]))),
    ("no rows", png(30, 20, 2, 8, b"x")[:33] + chunk(b"IEND", b"")),
    ("a chunk between the rows", png(30, 20, 2, 8, STREAM, split=2, between=chunk(b"tEXt", b"a\0b"))),
    ("an unknown chunk that must be understood", png(30, 20, 2, 8, STREAM, more=chunk(b"ABCD", b""))),
    ("a header with another checksum", png(30, 20, 2, 8, STREAM).replace(struct.pack(">II", 30, 20), struct.pack(">II", 20, 30))),
    ("no room for it", png(2**31 - 1, 2**31 - 1, 2, 8, STREAM)),
    ("a colour that is transparent", png(30, 20, 2, 8, STREAM, more=chunk(b"tRNS", bytes(6)))),
    ("an orientation", png(30, 20, 2, 8, STREAM, more=chunk(b"eXIf", b"II*\0" + bytes(4)))),
    ("an orientation in words", png(30, 20, 2, 8, STREAM, more=chunk(b"tEXt", b"Raw profile type exif\0x"))),
    ("metadata that may hold one", png(30, 20, 2, 8, STREAM, more=chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x/>"))),
    ("a chunk with another checksum", png(30, 20, 2, 8, STREAM).replace(b"by\0hand", b"by\0Hand")),
    ("rows with another checksum", png(30, 20, 2, 8, STREAM).replace(chunk(b"IDAT", STREAM), chunk(b"IDAT", STREAM)[:-1] + b"x")),
    ("a chunk whose name is none", png(30, 20, 2, 8, STREAM, more=chunk(b"a b\0", b""))),
    ("an unknown filter far down", png(300, 900, 2, 8, zlib.compress(LATE))),
    ("an unknown colour type", png(30, 20, 2, 8, STREAM).replace(b"\x08\x02\0\0\0", b"\x08\x05\0\0\0")),
]


@pytest.mark.parametrize("data", [row[1] for row in LEFT], ids=[row[0] for row in LEFT])
def test_what_is_not_plain_or_not_sound_is_left_to_pillow(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def outcome(read: Callable[[], load.Picture]) -> bytes | str:
        try:
            return read().rgb.tobytes()
        except PictureError as error:
            return error.message

    assert decode_plain(data) is None
    assert outcome(lambda: load_picture(data)) == outcome(lambda: plainly(data, monkeypatch))


@pytest.mark.parametrize("stream", [zlib.compress(GOOD + GOOD[:91]), zlib.compress(GOOD + bytes(50_000_000)), WRONG_SUM])
def test_what_comes_after_the_rows_changes_nothing(stream: bytes) -> None:
    found = decode_plain(png(30, 20, 2, 8, stream))
    assert found is not None and (found == decode_plain(png(30, 20, 2, 8, STREAM))).all()


def test_a_panic_of_the_decoder_is_left_to_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    class Panic(BaseException):
        """As PyO3 makes them."""

    def panics(*_: object) -> None:
        raise Panic

    data = png(30, 20, 2, 8, STREAM)
    wanted = load_picture(data).rgb
    monkeypatch.setattr("brandkit.image.png._decoder", lambda: panics)
    assert decode_plain(data) is None and (load_picture(data).rgb == wanted).all()


def test_without_the_library_pillow_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    data = png(30, 20, 2, 8, STREAM)
    wanted = load_picture(data).rgb
    monkeypatch.setattr("brandkit.image.png._decoder", lambda: None)
    assert decode_plain(data) is None and (load_picture(data).rgb == wanted).all()
