"""Text read from pixels: one protocol, RapidOCR for Latin, Chinese and Japanese, tesseract for other scripts where it is installed."""

from __future__ import annotations

import hashlib
import importlib.util
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box

Pixels = NDArray[np.uint8]
Ink = tuple[float, float, float]

EXTRA = "text cannot be read on this machine; pip install 'brandkit[ocr]'"
MOST_KEPT = 64  # readings kept in memory; a campaign's formats share their raw pictures
INK_REACH = 150.0  # Euclidean distance in 8-bit RGB from the ink at which a pixel is blank; rims of letters fade in between
LEAST_SIDE = 736  # px; RapidOCR enlarges smaller pictures to it, and reads enlarged strips worse than strips on a larger sheet
LEAST_LETTER = 6  # px; no letter can be read in a picture lower or narrower than this
MOST_RATIO = 4  # long over short side of what is given to RapidOCR: it enlarges the short one, and a line of pixels would take gigabytes
OWN = {"LATIN", "CJK", "HIRAGANA", "KATAKANA", "FULLWIDTH", "HALFWIDTH", "FEMININE", "MASCULINE", "UNKNOWN"}
"""Scripts in the alphabet of RapidOCR's model (its metadata lists 18,708 characters; Arabic, Cyrillic and Hangul are not among them)."""
MODELS = {"Det": "*_det_*.onnx", "Rec": "*_rec_*.onnx"}  # as they lie in the wheel; named outright, so that nothing is ever downloaded


@dataclass(frozen=True)
class Line:
    """A line of text: what it reads, its box in pixels, and how sure the reader is, in [0, 1]."""

    text: str
    box: Box
    confidence: float


class Reader(Protocol):
    """Something that reads text."""

    @property
    def name(self) -> str:
        """For reports, and part of what readings are kept under."""
        ...

    @property
    def edition(self) -> str:
        """Version of what reads."""
        ...

    @property
    def looks(self) -> tuple[float, ...]:
        """Font sizes in px at which a text that was misread is read again."""
        ...

    @property
    def legible(self) -> float:
        """Font size in px from which a misread text is to blame, not the reader."""
        ...

    @property
    def thorough(self) -> bool:
        """Whether one reading is believed; else it may have overlooked the text or slipped, and what it says only advises."""
        ...

    def read(self, rgb: Pixels, *, block: bool = False) -> tuple[Line, ...]:
        """The lines in a picture of shape (H, W, 3), sRGB, 0..255, from top to bottom; `block`: it is known to hold one text only."""
        ...


@dataclass(frozen=True)
class Unreadable:
    """Why a text cannot be read here, and what would change that."""

    reason: str


def reader_for(text: str) -> Reader | Unreadable:
    """The reader for the script that `text` is written in."""
    written = scripts(text)
    if not written - OWN:
        return RapidReader() if installed() else Unreadable(EXTRA)
    from brandkit.metric.tesseract import tesseract_for

    return tesseract_for(written)


def readers_of(texts: Iterable[str]) -> list[str]:
    """What reads `texts` on this machine, or why nothing does: where it changes, earlier readings no longer hold."""
    readers = (reader_for(text) for text in texts)
    return sorted({reader.reason if isinstance(reader, Unreadable) else f"{reader.name} {reader.edition}" for reader in readers})


@cache
def installed() -> bool:
    """Whether the extra `ocr` is installed."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime"))


def scripts(text: str) -> set[str]:
    """Unicode names of the scripts that the letters of `text` belong to, e.g. `{"LATIN", "ARABIC"}`."""
    return {unicodedata.name(char, "UNKNOWN").split()[0] for char in text if char.isalpha() and char not in "ー々"}


@cache
def _rapid_edition() -> str:
    """Looked up once: each time takes five milliseconds, and a run asks for every slot of every asset."""
    return f"{version('rapidocr')} onnxruntime {version('onnxruntime')}"


@dataclass(frozen=True)
class RapidReader:
    """RapidOCR on onnxruntime, with the models of its wheel; nothing is downloaded. One thread each, so that numbers never change."""

    name: str = "rapidocr"
    looks: tuple[float, ...] = (40.0,)
    legible: float = 10.0
    thorough: bool = True

    @property
    def edition(self) -> str:
        return _rapid_edition()

    def read(self, rgb: Pixels, *, block: bool = False) -> tuple[Line, ...]:
        if min(rgb.shape[:2]) < LEAST_LETTER:
            return ()
        found = _engine()(np.ascontiguousarray(_on_sheet(rgb)[..., ::-1]))
        if found.txts is None or found.boxes is None:
            return ()
        lines = [
            Line(text, _around(corners), round(float(score), 3))
            for text, corners, score in zip(found.txts, found.boxes, found.scores, strict=True)
        ]
        return tuple(sorted(lines, key=lambda line: (line.box.y, line.box.x)))


def _on_sheet(rgb: Pixels) -> Pixels:
    """The picture, with ground in its own middle colour below or beside it where it is a strip."""
    height, width = rgb.shape[:2]
    least = -(-max(height, width) // MOST_RATIO)
    if min(height, width) >= least:
        return rgb
    sheet = np.empty((max(height, least), max(width, least), 3), np.uint8)
    sheet[:] = np.median(rgb.reshape(-1, 3), axis=0).astype(np.uint8)
    sheet[:height, :width] = rgb
    return sheet


_local = threading.local()  # an engine keeps state while it reads


def _engine() -> Any:
    if not hasattr(_local, "engine"):
        from rapidocr import RapidOCR

        _local.engine = RapidOCR(params=_settings())
    return _local.engine


def _settings() -> dict[str, Any]:
    import rapidocr

    folder = Path(rapidocr.__file__).parent / "models"
    settings: dict[str, Any] = {
        "Global.log_level": "critical",
        "Global.use_cls": False,  # whether lines stand upside down
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    for part, pattern in MODELS.items():
        model = next(iter(sorted(folder.glob(pattern))), None)
        if model is None:
            raise FileNotFoundError(f"rapidocr is installed without its model {pattern}; install it again: {EXTRA.partition('; ')[2]}")
        settings[f"{part}.model_path"] = str(model)
    return settings


def _around(corners: NDArray[np.float32]) -> Box:
    left, top = (float(value) for value in corners.min(axis=0))
    right, bottom = (float(value) for value in corners.max(axis=0))
    return Box(left, top, right - left, bottom - top)


_kept: OrderedDict[tuple[str, str], tuple[Line, ...]] = OrderedDict()
_guard = threading.Lock()


def read_lines(rgb: Pixels, reader: Reader, *, block: bool = False) -> tuple[Line, ...]:
    """The lines that `reader` finds in a picture; the same pixels are read once.

    Args:
        rgb: Picture, shape (H, W, 3), sRGB, 0..255.
        reader: From `reader_for`.
        block: Whether it is known to hold one text only.

    Raises:
        ValueError: The array is no picture.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8:
        raise ValueError(f"expected uint8 of shape (H, W, 3), got {rgb.dtype} of shape {rgb.shape}")
    if not rgb.size:
        return ()
    key = (
        f"{reader.name} {block}",
        hashlib.blake2b(np.ascontiguousarray(rgb).data, digest_size=16, salt=str(rgb.shape).encode()[:16]).hexdigest(),
    )
    with _guard:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    lines = reader.read(rgb, block=block)
    with _guard:
        _kept[key] = lines
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return lines


def read_closely(rgb: Pixels, box: Box, reader: Reader, *, size: float, at: float, ink: Ink | None = None) -> tuple[Line, ...]:
    """The lines in one part of a picture, enlarged (or reduced) until its letters have a size that is read well.

    Args:
        rgb: Picture, shape (H, W, 3), sRGB, 0..255.
        box: The part.
        reader: From `reader_for`.
        size: Font size there, in px.
        at: Font size to read at, in px.
        ink: Colour of the text, 0..255, where it is known: everything else is blanked out before reading.

    Returns:
        The lines with boxes in pixels of the picture.
    """
    import cv2

    rows, columns = box.grown(size).pixels(rgb.shape[1], rgb.shape[0])
    part = rgb[rows, columns]
    if not part.size:
        return ()
    part = part if ink is None else _only(part, ink)
    factor = min(at / size, 2000 / max(part.shape[:2]))
    scaled = cv2.resize(part, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA)
    height, width = scaled.shape[:2]
    sheet = np.empty((max(LEAST_SIDE, height), max(LEAST_SIDE, width), 3), np.uint8)
    sheet[:] = np.median(part.reshape(-1, 3), axis=0).astype(np.uint8)
    sheet[:height, :width] = scaled
    lines = read_lines(sheet, reader, block=True)
    places = [line.box.scaled(1 / factor, 1 / factor) for line in lines]
    return tuple(
        Line(line.text, Box(place.x + columns.start, place.y + rows.start, place.w, place.h), line.confidence)
        for line, place in zip(lines, places, strict=True)
    )


def _only(part: Pixels, ink: Ink) -> Pixels:
    """The pixels of one colour as black strokes on white, so that a photograph behind them does not matter."""
    distance = np.linalg.norm(part.astype(np.float32) - np.array(ink, np.float32), axis=2)
    grey = np.clip(distance * (255 / INK_REACH), 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)
