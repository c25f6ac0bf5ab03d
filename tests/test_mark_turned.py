"""Long marks set at a slant are found at any angle up to 20 degrees, not only at those that templates happen to stand at."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from brandkit.image.vector import render_mark
from brandkit.metric.logo import build_pyramid, find_askew, is_clear, is_proven, premultiply

STROKES = (
    "v70h14v-44l26 44h14v-70h-14v44l-26-44z", "h48v14h-34v14h28v13h-28v15h34v14h-48z", "h14v56h32v14h-46z", "h52v14h-19v56h-14v-56h-19z",
)  # fmt: skip
GROUND = (240, 236, 228)


def long_mark(folder: Path, letters: int) -> NDArray[np.uint8]:
    """A line of `letters` glyphs, about 7:1 for ten of them, straight RGBA."""
    body = "".join(f"M{4 + 66 * index} 15{STROKES[(index * index + index // 3) % 4]}" for index in range(letters))
    width = 66 * letters
    (folder / "mark.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 100"><path d="{body}" fill="#1c2b4a"/></svg>'
    )
    return render_mark(folder / "mark.svg", 900)


def at_a_slant(mark: NDArray[np.uint8], width: int, turn: float) -> NDArray[np.uint8]:
    """A page of 1000 × 700 px with the mark `width` px long in its middle, turned counter-clockwise."""
    layer = mark.astype(np.float32) / 255
    layer[..., :3] *= layer[..., 3:]
    middle = layer.shape[1] / 2, layer.shape[0] / 2
    matrix = cv2.getRotationMatrix2D(middle, turn, 3 * width / layer.shape[1])
    matrix[:, 2] += 1500 - middle[0], 1050 - middle[1]
    placed = cv2.resize(cv2.warpAffine(layer, matrix, (3000, 2100)), (1000, 700), interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip((1 - placed[..., 3:]) * np.array(GROUND, np.float32) + placed[..., :3] * 255, 0, 255), np.uint8)


@pytest.mark.parametrize("turn", [-20, -16, -9, 8, 15, 17, 20])
@pytest.mark.parametrize(("letters", "width"), [(13, 300), (13, 600), (22, 500)])
def test_a_long_mark_is_found_at_a_slant(tmp_path: Path, letters: int, width: int, turn: float) -> None:
    mark = long_mark(tmp_path, letters)
    found = find_askew(build_pyramid(at_a_slant(mark, width, turn)), [mark])
    assert found is not None and is_clear(found.reading) and is_proven(found.reading, premultiply(mark))
    assert found.reading.rotation == pytest.approx(turn, abs=0.5)
    assert abs(found.reading.aspect_error) < 3


@pytest.mark.parametrize("turn", [-16, 8, 15])
@pytest.mark.parametrize("line", ["Every hour counts twice", "THE LONG WAY HOME", "Bread before eight, tea at ten"])
def test_another_line_at_a_slant_is_not_taken_for_it(tmp_path: Path, line: str, turn: float) -> None:
    written = Image.new("RGBA", (900, 105), (28, 43, 74, 0))
    ImageDraw.Draw(written).text((8, 20), line, (28, 43, 74, 255), font_size=60)
    mark = long_mark(tmp_path, 13)
    found = find_askew(build_pyramid(at_a_slant(np.array(written), 500, turn)), [mark])
    assert found is None or not is_clear(found.reading) or not is_proven(found.reading, premultiply(mark))
