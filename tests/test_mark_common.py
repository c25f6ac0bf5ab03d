"""Marks that are plain figures are not seen in every disc, box and drop; and they are seen where they stand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image, ImageDraw

from brandkit.brand.load import load_brand
from brandkit.brand.resolve import Brand
from brandkit.check.subject import Subject
from brandkit.image.load import load_picture
from brandkit.image.vector import render_mark
from brandkit.metric.mark_common import FIGURE, common_agreement, common_share
from brandkit.metric.mark_model import premultiply

DROP = "M40 4C52 30 74 46 74 66A34 32 0 0 1 6 66C6 46 28 30 40 4Z"
WORD = "M6 90V20h18l22 40V20h14v70h-16l-24-42v42z M80 20h44v14h-29v14h26v13h-26v15h30v14h-45z M140 20h14v56h30v14h-44z"
MARKS = {  # width of the canvas, drawing, and whether it is a plain figure
    "disc": (100, '<circle cx="50" cy="50" r="46" fill="#E4002B"/>', True),
    "white disc": (100, '<circle cx="50" cy="50" r="46" fill="#FFFFFF"/>', True),
    "ring": (100, '<circle cx="50" cy="50" r="38" fill="none" stroke="#111111" stroke-width="18"/>', True),
    "drop": (80, f'<path d="{DROP}" fill="#0E9AA7"/>', False),
    "rounded square": (100, '<rect x="4" y="4" width="92" height="92" rx="24" fill="#1DB954"/>', True),
    "tile": (100, '<rect x="4" y="4" width="92" height="92" rx="22" fill="#F2C14E"/><path d="M50 24L78 74H22Z" fill="#5B2A86"/>', True),
    "leaf": (90, '<path d="M10 90C4 40 30 8 84 6C86 60 60 90 10 90Z" fill="#4C9F38"/>', True),
    "pill": (200, '<rect x="4" y="10" width="192" height="80" rx="40" fill="#0077B6"/>', True),
    "word": (190, f'<path d="{WORD}" fill="#1C2B4A"/>', False),
}


def kit(folder: Path, name: str) -> Brand:
    width, drawing, _ = MARKS[name]
    (folder / "logo").mkdir(parents=True)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 100" width="{width}" height="100">{drawing}</svg>'
    (folder / "logo/mark.svg").write_text(svg)
    mark = {"file": "logo/mark.svg", "on": ["light", "dark"], "min_width": "16px", "clear_space": 0.0}
    colors = {"ink": {"value": "#F4A63A"}}
    document = {"brandkit": 1, "name": "Plain", "palette": {"colors": colors}, "logo": {"marks": {"mark": mark}}}
    (folder / "brand.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    return load_brand(folder)


def buttons(page: Image.Image) -> None:
    """A tile with letters, a round icon with a branch in it, and a button."""
    draw = ImageDraw.Draw(page)
    draw.rectangle((40, 40, 119, 119), "#FFFFFF")
    draw.text((58, 66), "8KF", "#000000", font_size=22)
    draw.ellipse((250, 180, 329, 259), "#7D8794")
    draw.line((284, 200, 284, 236, 306, 240), "#263850", 2)
    draw.rounded_rectangle((430, 330, 589, 389), 30, "#C9CED6")


def pins(page: Image.Image) -> None:
    """A pin that stands on its tip, another's ring and a crescent of paper."""
    draw = ImageDraw.Draw(page)
    draw.ellipse((80, 70, 149, 139), "#FF7A45")
    draw.polygon(((82, 120), (147, 120), (115, 175)), "#FF7A45")
    draw.ellipse((300, 90, 399, 189), None, "#B5179E", 18)
    draw.ellipse((460, 250, 569, 359), "#FFD166")
    draw.ellipse((490, 240, 599, 349), "#1E2A38")


@pytest.mark.parametrize("others", [buttons, pins], ids=lambda scene: scene.__name__)
@pytest.mark.parametrize("name", MARKS)
def test_a_plain_mark_is_not_seen_in_other_figures(tmp_path: Path, name: str, others: Callable[[Image.Image], None]) -> None:
    brand, page = kit(tmp_path, name), Image.new("RGB", (640, 420), "#1E2A38")
    others(page)
    page.save(tmp_path / "page.png")
    sighting = Subject(load_picture(tmp_path / "page.png"), brand).sighting
    assert sighting is None or not sighting.sure


@pytest.mark.parametrize("file", ["page.png", "page.jpg"])
@pytest.mark.parametrize("name", MARKS)
def test_it_is_seen_where_it_stands(tmp_path: Path, name: str, file: str) -> None:
    brand, page = kit(tmp_path, name), Image.new("RGB", (640, 420), "#9AA3AD")
    drawn = Image.fromarray(render_mark(brand.mark_path("mark"), MARKS[name][0]))
    page.paste(drawn, (211, 133), drawn)
    page.save(tmp_path / file, quality=85)
    sighting = Subject(load_picture(tmp_path / file), brand).sighting
    assert sighting is not None and sighting.sure
    width = MARKS[name][0]
    box = sighting.box  # a disc, too, has the box that it was drawn with, however it was turned to align it
    assert (box.x, box.y, box.right, box.bottom) == pytest.approx((211, 133, 211 + width, 233), abs=2)


@pytest.mark.parametrize("name", MARKS)
def test_what_a_plain_figure_reaches_is_known(tmp_path: Path, name: str) -> None:
    mark = premultiply(render_mark(kit(tmp_path, name).mark_path("mark"), 2 * MARKS[name][0]))
    assert (common_agreement(mark).edges >= FIGURE) is MARKS[name][2]
    assert 0 < common_share(mark) <= 1


def test_a_mark_without_ink_agrees_with_nothing() -> None:
    nothing = premultiply(np.zeros((40, 60, 4), np.uint8))
    assert common_agreement(nothing) == (0.0, 0.0)
    assert common_share(nothing) == 0.0
