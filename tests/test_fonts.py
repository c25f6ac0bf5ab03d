"""Fonts that are built to exhaust time, memory or the stack: refused with their name, in a process that may be killed."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.misc.psCharStrings import T2CharString
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent
from test_lint import font

from brandkit.brand.font_worker import MAX_SUBTABLES
from brandkit.brand.fonts import HELPER, font_characters, font_facts, font_letterforms, glyph_ink
from brandkit.errors import PictureError

ROOT = Path(__file__).parents[1]


def composed(parts: dict[str, list[str]]) -> bytes:
    """A font whose glyphs are made of other glyphs; `a` is mapped to the first."""
    names = [".notdef", *parts]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord("a"): names[1]})
    builder.setupGlyf({name: Glyph() for name in names})
    builder.setupHorizontalMetrics({name: (500, 0) for name in names})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Any", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    for name, others in parts.items():
        glyph = Glyph()
        glyph.numberOfContours = -1 if others else 0
        glyph.components = []
        glyph.xMin = glyph.yMin = glyph.xMax = glyph.yMax = 0
        for other in others:
            component = GlyphComponent()
            component.glyphName, component.x, component.y, component.flags = other, 0, 0, 0x2
            glyph.components.append(component)
        builder.font["glyf"][name] = glyph
    stream = BytesIO()
    builder.font.recalcBBoxes = False
    builder.font["maxp"].recalc = lambda font: None
    builder.save(stream)
    return stream.getvalue()


def subroutines() -> bytes:
    """A CFF font whose one glyph calls a subroutine that calls the next one ten times, and so on."""
    names = [".notdef", "a"]
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord("a"): "a"})
    call = [0 - 107, "callsubr"]
    builder.setupCFF("Any", {}, {name: T2CharString(program=[*call, "endchar"]) for name in names}, {})
    private = builder.font["CFF "].cff.topDictIndex[0].Private
    from fontTools.cffLib import SubrsIndex

    private.Subrs = SubrsIndex()
    for index in range(9):
        program = [part for _ in range(10) for part in (index + 1 - 107, "callsubr")] if index < 8 else [1, 1, "rlineto"]
        private.Subrs.append(T2CharString(program=[*program, "return"], private=private))
    builder.setupHorizontalMetrics({name: (500, 0) for name in names})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Any", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.font.recalcBBoxes = False  # or it is caught in its own trap
    stream = BytesIO()
    builder.save(stream)
    return stream.getvalue()


def with_map(table: bytes) -> bytes:
    """A font with another character map."""
    stream = BytesIO()
    with TTFont(BytesIO(font("abc"))) as opened:
        from fontTools.ttLib.tables.DefaultTable import DefaultTable

        opened["cmap"] = DefaultTable("cmap")
        opened["cmap"].data = table
        opened.save(stream)
    return stream.getvalue()


def overlapping_segments(count: int) -> bytes:
    """Format 4 with many segments that each map everything."""
    segments = struct.pack(f">{count}H", *[0xFFFF] * count) + b"\0\0" + bytes(2 * count) + bytes(4 * count)
    body = struct.pack(">4H", 2 * count, 0, 0, 0) + segments
    part = struct.pack(">3H", 4, min(0xFFFF, len(body) + 6), 0) + body
    return struct.pack(">4HL", 0, 1, 3, 1, 12) + part


def overlapping_parts(count: int) -> bytes:
    """Many subtables, each a byte further on in one large piece of data."""
    head = struct.pack(">2H", 0, count) + b"".join(struct.pack(">2HL", 3, 10, 4 + 8 * count + 16 * index) for index in range(count))
    part = struct.pack(">2H3L", 12, 0, 3_000_000, 0, 0)[:16]
    return head + part * count + bytes(3_000_000)


HOSTILE = {
    "segments that overlap": (with_map(overlapping_segments(4000)), "larger than Unicode"),
    "parts that overlap": (with_map(overlapping_parts(MAX_SUBTABLES)), "larger than Unicode"),
    "many parts": (with_map(struct.pack(">2H", 0, 60_000) + bytes(480_000)), "too many parts"),
}


@pytest.mark.parametrize(("data", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_character_map_that_unfolds_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "a.ttf").write_bytes(data)
    with pytest.raises(PictureError, match=rf"a\.ttf is a damaged font: .*{message}"):
        font_characters(tmp_path / "a.ttf")


BOMB = {f"g{index}": [f"g{index + 1}"] * 12 for index in range(9)} | {"g9": []}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (composed({"a": ["a"]}), r"a\.ttf is a damaged font"),
        (composed(BOMB), r"a\.ttf is a damaged font: it takes longer than"),
        (subroutines(), r"a\.ttf is a damaged font: it takes longer than"),
    ],
    ids=["a glyph made of itself", "glyphs made of glyphs", "subroutines that call ten others"],
)
def test_a_glyph_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, message: str) -> None:
    monkeypatch.setattr(HELPER, "seconds", 0)  # and up to one more
    HELPER.end()
    (tmp_path / "a.ttf").write_bytes(data)
    assert font_characters(tmp_path / "a.ttf") == {ord("a")}, "only drawing it is the trap"
    with pytest.raises(PictureError, match=message):
        glyph_ink(tmp_path / "a.ttf", "a")
    (tmp_path / "b.ttf").write_bytes(font("abc"))
    assert font_facts(tmp_path / "b.ttf").units == 1000, "the next font is read"
    HELPER.end()


@pytest.mark.parametrize("file", sorted((ROOT / "brands").glob("*/fonts/*.[ot]tf")), ids=lambda file: file.name)
def test_the_demo_brands_fonts_are_read_as_fonttools_reads_them(file: Path) -> None:
    with TTFont(file, lazy=True) as opened:
        assert font_characters(file) == set(opened.getBestCmap())
        assert (font_facts(file).units, font_facts(file).weight) == (opened["head"].unitsPerEm, opened["OS/2"].usWeightClass)
        letter = next(letter for letter in "Hل国" if ord(letter) in opened.getBestCmap())
    ink = glyph_ink(file, letter)
    assert ink and -0.5 < ink.bottom < 0.3 < ink.top < 1.2
    assert len(font_letterforms(file)) == 64
