"""Reading text: comparison by letters, readers for scripts, and what is said when there is none."""

from __future__ import annotations

import socket
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from brandkit.image.region import Box
from brandkit.metric import ocr, tesseract
from brandkit.metric.lines import count_lines, line_length
from brandkit.metric.ocr import Line, Unreadable, reader_for, scripts
from brandkit.metric.proof import doubt, proof_read
from brandkit.metric.spelling import compare, inside, letters, reading_order
from brandkit.metric.tesseract import lines_of, tesseract_for
from brandkit.metric.unrequested import parts_of, unrequested_lines

needs_ocr = pytest.mark.skipif(not ocr.installed(), reason="needs brandkit[ocr]")


@pytest.mark.parametrize(
    ("expected", "read", "wrong"),
    [
        ("Dipped once.", "DIPPED\nonce", 0),
        ("Dipped once.", "before Dippedonce, after", 0),
        ("Dipped once.", "Dipped ence", 1),
        ("hyphenated", "hyphen-\nated", 0),
        ("Fill it", "FiIl 1t", 1.0),
        ("9.90 €", "990 €", 1),
        ("größer", "grosser", 1),
        ("größer", "gro\u0308ßer", 0),
        ("一度だけ。", "一度だけ", 0),
        ("リンゴ", "りンゴ", 0),
        ("كُلّ نصف ساعة", "كل نصف ساعة", 0),
        ("Ｃａｆé", "café", 0),
        ("قهوة", "قيوة", 0.5),
        ("abc", "", 3),
        ("…", "abc", 0),
    ],
)
def test_wrong_letters(expected: str, read: str, wrong: float) -> None:
    assert compare(expected, read).wrong == wrong


WORDS = st.text(alphabet="abÄß釉ー一ا .,-", max_size=12)


@given(WORDS, WORDS, WORDS)
def test_a_text_is_found_inside_any_other(before: str, text: str, after: str) -> None:
    assert compare(text, f"{before} {text} {after}").wrong == 0


@given(st.text(alphabet="abcdexyz ", max_size=12), st.text(alphabet="abcdexyz ", max_size=12))
def test_no_text_differs_by_more_than_its_letters(expected: str, read: str) -> None:
    spelling = compare(expected, read)
    assert 0 <= spelling.wrong <= spelling.letters == len(letters(expected))
    assert 0 <= spelling.rate <= 1


def line(text: str, x: float, y: float, w: float = 100, h: float = 20) -> Line:
    return Line(text, Box(x, y, w, h), 1.0)


def test_lines_are_read_from_top_to_bottom_in_the_direction_of_the_script() -> None:
    lines = [line("c", 0, 50), line("b", 120, 3), line("a", 0, 0)]
    assert [part.text for part in reading_order(lines)] == ["a", "b", "c"]
    assert [part.text for part in reading_order(lines, rtl=True)] == ["b", "a", "c"]


def test_a_line_belongs_to_the_box_that_holds_its_centre() -> None:
    lines = [line("in", 10, 10), line("beside", 190, 10)]
    assert [part.text for part in inside(lines, Box(0, 0, 200, 40))] == ["in"]


def test_scripts_of_a_text() -> None:
    assert scripts("Zug 12, קטר") == {"LATIN", "HEBREW"}
    assert scripts("あア漢ー") == {"HIRAGANA", "KATAKANA", "CJK"}


def test_without_the_extra_the_reason_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "installed", lambda: False)
    missing = reader_for("Dipped once")
    assert isinstance(missing, Unreadable) and "pip install 'brandkit[ocr]'" in missing.reason


def test_other_scripts_need_tesseract_with_their_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract.shutil, "which", lambda name: None)
    missing = reader_for("كل نصف ساعة")
    assert isinstance(missing, Unreadable) and "apt-get install tesseract-ocr-ara" in missing.reason
    monkeypatch.setattr(tesseract.shutil, "which", lambda name: "/usr/bin/tesseract")
    monkeypatch.setattr(tesseract, "_languages", lambda program: frozenset({"eng", "osd"}))
    missing = reader_for("كل نصف ساعة")
    assert isinstance(missing, Unreadable) and "lacks the language pack ara" in missing.reason
    monkeypatch.setattr(tesseract, "_languages", lambda program: frozenset({"eng", "ara"}))
    reader = reader_for("كل نصف ساعة: Tram")
    assert not isinstance(reader, Unreadable) and reader.name == "tesseract-ara+eng"
    missing = tesseract_for({"CUNEIFORM"})
    assert isinstance(missing, Unreadable) and missing.reason == "nothing here reads Cuneiform text"


TABLE = """level	page_num	block_num	par_num	line_num	word_num	left	top	width	height	conf	text
4	1	1	1	1	0	10	20	200	30	-1	
5	1	1	1	1	1	10	20	90	30	90	half
5	1	1	1	1	2	110	22	100	30	70	"past
5	1	2	1	1	1	10	80	50	30	96	four
"""


def test_words_of_tesseract_become_lines() -> None:
    assert lines_of(TABLE) == (Line('half "past', Box(10, 20, 200, 32), 0.8), Line("four", Box(10, 80, 50, 30), 0.96))


def test_tesseract_reads_arabic_where_it_is_installed() -> None:
    reader = tesseract_for({"ARABIC"})
    if isinstance(reader, Unreadable):
        pytest.skip(reader.reason)
    assert reader.read(np.full((64, 64, 3), 255, np.uint8)) == ()


@pytest.mark.parametrize(("height", "lines"), [(30, 1), (80, 2), (128, 3), (0, 1)])
def test_lines_in_a_box(height: float, lines: int) -> None:
    assert count_lines(height, size=40, leading=1.2) == lines


def test_one_line_of_a_tall_script_is_one_line() -> None:
    assert count_lines(27, size=20, leading=1.2) == 2
    assert count_lines(27, size=20, leading=1.2, first=1.1) == 1  # Arabic with marks above and letters below the line
    assert count_lines(51, size=20, leading=1.2, first=1.1) == 2


def test_the_last_line_is_half_full() -> None:
    assert line_length(90, 0, 1) == 90
    assert line_length(90, 0, 2) == 60
    with pytest.raises(ValueError, match="positive"):
        count_lines(10, size=0, leading=1)
    with pytest.raises(ValueError, match="at least one line"):
        line_length(10, 0, 0)


@pytest.fixture(scope="module")
def picture() -> Any:
    canvas = Image.new("RGB", (480, 200), "#F4F0E8")
    ImageDraw.Draw(canvas).text((30, 40), "See you soon", font=ImageFont.load_default(48), fill="#14213D")
    ImageDraw.Draw(canvas).text((30, 140), "small print", font=ImageFont.load_default(14), fill="#14213D")
    return np.asarray(canvas)


@needs_ocr
def test_text_is_read_without_a_network(picture: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object) -> None:
        raise OSError("closed")

    monkeypatch.setattr(socket.socket, "connect", closed)
    reader = reader_for("See")
    assert not isinstance(reader, Unreadable)
    lines = ocr.read_lines(picture, reader)
    assert [compare(text, found.text).wrong for text, found in zip(("See you soon", "small print"), lines, strict=True)] == [0, 0]
    assert ocr.read_lines(picture.copy(), reader) is lines


@needs_ocr
def test_a_closer_look_gives_boxes_in_the_picture(picture: Any) -> None:
    reader = reader_for("a")
    assert not isinstance(reader, Unreadable)
    (found,) = ocr.read_closely(picture, Box(30, 138, 100, 16), reader, size=14, at=40)
    assert compare("small print", found.text).wrong == 0
    assert 20 < found.box.x < 40 and 125 < found.box.y < 150 and found.box.h < 40


def test_only_pictures_are_read() -> None:
    with pytest.raises(ValueError, match=r"shape \(H, W, 3\)"):
        ocr.read_lines(np.zeros((4, 4), np.uint8), ocr.RapidReader())
    assert ocr.read_lines(np.zeros((0, 4, 3), np.uint8), ocr.RapidReader()) == ()


class Slipping:
    """A reader that gives one of its answers after the other, and is not believed at once."""

    name, edition, looks, legible, thorough = "slipping", "1", (40.0, 64.0, 30.0), 15.0, False

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)

    def read(self, rgb: Any, *, block: bool = False) -> tuple[Line, ...]:
        text = self.answers.pop(0)
        return (Line(text, Box(30, 40, 200, 40), 0.9),) if text else ()


@pytest.mark.parametrize(
    ("answers", "size", "wrong", "why"),
    [
        (("see yon soon", "see ycu soon", "see y0u soon", "see you soon"), 40, 0, ""),
        (("see yon soon", "see yon soon", "see xyz soon", "see y soon"), 40, 1, ""),
        (("see yon soon", "see ycu soon", "see yxu soon", "see y soon"), 40, 1, "not read it the same way twice"),
        (("", "", "", ""), 40, 10, "finds no such text"),
        (("see yon soon", "see yon soon", "see yon soon", "see yon soon"), 12, 1, "less than 15 px"),
    ],
)
def test_a_reader_that_slips_is_believed_when_two_readings_agree(answers: tuple[str, ...], size: float, wrong: float, why: str) -> None:
    ocr._kept.clear()
    rgb, reader = np.random.default_rng(1).integers(0, 255, (120, 260, 3), np.uint8), Slipping(*answers)
    found = proof_read(rgb, "See you soon", reader, box=Box(30, 40, 200, 40), size=size)
    assert found.wrong == wrong
    assert why in doubt(found, reader, size) if why else doubt(found, reader, size) == ""


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_parts_cover_a_picture_and_overlap(width: int, height: int) -> None:
    whole, *parts = parts_of(width, height)
    assert whole == Box(0, 0, width, height) and len(parts) <= 5
    if max(width, height) <= 1.5 * min(width, height):
        assert not parts
        return
    assert all(part.x >= 0 and part.y >= 0 and part.right <= width and part.bottom <= height for part in parts)
    assert (parts[0].x, parts[0].y) == (0, 0) and (parts[-1].right, parts[-1].bottom) == (width, height)
    for one, two in pairwise(parts):
        assert one.intersection(two).area >= 0.3 * one.area


class Squinting:
    """A reader that sees a word only where it stands in a picture that is no strip, and reads what a part cuts off as letters."""

    name, edition, looks, legible, thorough = "squinting", "1", (40.0,), 10.0, True

    def read(self, rgb: Any, *, block: bool = False) -> tuple[Line, ...]:
        rows, columns = np.nonzero(rgb[..., 0] == 0)
        if not len(columns) or max(rgb.shape[:2]) > 1.5 * min(rgb.shape[:2]):
            return ()
        box = Box(float(columns.min()), float(rows.min()), float(np.ptp(columns) + 1), float(np.ptp(rows) + 1))
        return (Line("SALE NOW"[: max(2, int(box.w // 20))], box, 0.9),)


def test_a_word_in_a_strip_is_found_once() -> None:
    rgb = np.full((200, 600, 3), 255, np.uint8)
    rgb[80:100, 150:310] = 0
    (found,) = unrequested_lines(rgb, Squinting())
    assert found.text == "SALE NO" and found.box == Box(150, 80, 150, 20)  # the longest that one part shows
    assert [line.text for line in unrequested_lines(rgb[:, 60:], Squinting())] == ["SALE NOW"]
