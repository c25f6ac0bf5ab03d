"""The tesseract program, where it is installed, for scripts that RapidOCR does not read."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.ocr import Line, Unreadable

PACKS = {
    "ARABIC": "ara", "HEBREW": "heb", "DEVANAGARI": "hin", "THAI": "tha", "GREEK": "ell", "CYRILLIC": "rus", "HANGUL": "kor",
    "BENGALI": "ben", "TAMIL": "tam", "GEORGIAN": "kat", "ARMENIAN": "hye", "LATIN": "eng",
}  # fmt: skip
"""Unicode script to tesseract's language pack."""
SECONDS = 60  # for one picture; a run must not hang on a program that does
SPARSE, BLOCK = "11", "6"  # page segmentation: as much text as can be found; one block of text, which is read much better


LOOKS = (40.0, 64.0, 30.0)  # px; it reads the same line differently at each, and one of them is mostly right


@dataclass(frozen=True)
class TesseractReader:
    """tesseract with the language packs `languages`, e.g. `ara`."""

    program: str
    languages: str
    looks: tuple[float, ...] = LOOKS
    legible: float = 15.0
    thorough: bool = False

    @property
    def name(self) -> str:
        return f"tesseract-{self.languages}"

    @property
    def edition(self) -> str:
        return _edition(self.program)

    def read(self, rgb: NDArray[np.uint8], *, block: bool = False) -> tuple[Line, ...]:
        """The lines in a picture, from top to bottom.

        Raises:
            RuntimeError: The program fails.
        """
        from PIL import Image

        picture = io.BytesIO()
        Image.fromarray(rgb).save(picture, "png", compress_level=1)
        command = [self.program, "stdin", "stdout", "-l", self.languages, "--psm", BLOCK if block else SPARSE, "tsv"]
        done = subprocess.run(
            command,
            input=picture.getvalue(),
            capture_output=True,
            timeout=SECONDS,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"tesseract failed: {done.stderr.decode(errors='replace').strip()[:200]}")
        return lines_of(done.stdout.decode(errors="replace"))


def tesseract_for(scripts: Iterable[str]) -> TesseractReader | Unreadable:
    """A reader for all `scripts` (Unicode names such as `ARABIC`), or why there is none."""
    named = sorted(scripts)
    words = " and ".join(script.title() for script in named)
    program = shutil.which("tesseract")
    if unknown := [script for script in named if script not in PACKS]:
        return Unreadable(f"nothing here reads {' and '.join(script.title() for script in unknown)} text")
    packs = [PACKS[script] for script in named]
    if program is None:
        debian = " ".join(f"tesseract-ocr-{pack}" for pack in packs)
        return Unreadable(f"{words} text is read by tesseract, which is not installed (Debian: apt-get install {debian})")
    if lacking := [pack for pack in packs if pack not in _languages(program)]:
        debian = " ".join(f"tesseract-ocr-{pack}" for pack in lacking)
        return Unreadable(f"tesseract lacks the language pack {', '.join(lacking)} for {words} text (Debian: apt-get install {debian})")
    return TesseractReader(program, "+".join(packs))


@cache
def _languages(program: str) -> frozenset[str]:
    listed = subprocess.run([program, "--list-langs"], capture_output=True, timeout=SECONDS, check=False).stdout.decode(errors="replace")
    return frozenset(listed.split("\n")[1:])


@cache
def _edition(program: str) -> str:
    said = subprocess.run([program, "--version"], capture_output=True, timeout=SECONDS, check=False).stdout.decode(errors="replace")
    return said.partition("\n")[0].removeprefix("tesseract").strip()


def lines_of(table: str) -> tuple[Line, ...]:
    """The lines in tesseract's table of words (TSV)."""
    words: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if (row.get("text") or "").strip():
            words.setdefault((row["block_num"], row["par_num"], row["line_num"]), []).append(row)
    lines = []
    for row_words in words.values():
        left, top = (min(float(word[key]) for word in row_words) for key in ("left", "top"))
        right = max(float(word["left"]) + float(word["width"]) for word in row_words)
        bottom = max(float(word["top"]) + float(word["height"]) for word in row_words)
        sure = sum(float(word["conf"]) for word in row_words) / len(row_words) / 100
        text = " ".join(word["text"] for word in row_words)
        lines.append(Line(text, Box(left, top, right - left, bottom - top), round(sure, 3)))
    return tuple(sorted(lines, key=lambda line: (line.box.y, line.box.x)))
