"""Put the mark into raster files exactly, and leave it out of what Typst draws: on whole pixels, it would stretch a small one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from brandkit.brand.resolve import Brand
from brandkit.image.placed import place_mark
from brandkit.layout.boxes import PlacedMark

if TYPE_CHECKING:
    from PIL.Image import Image


def blank_marks(marks: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
    """Empty files in the proportions of the given marks, by the names that templates use: the page without its mark."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w:.3f} 100" width="{w:.3f}" height="100"></svg>'
    return {str(mark["file"]): svg.format(w=100 * float(mark["aspect"])).encode() for mark in marks}


def stamp_mark(overlay: Image, brand: Brand, placed: PlacedMark) -> Image:
    """`overlay` (RGBA) with the mark in exactly its box, at fractions of a pixel.

    Raises:
        PictureError: The mark cannot be drawn.
    """
    from PIL import Image as images

    drawn = place_mark(brand.mark_path(placed.name), placed.box)
    rows, columns = drawn.box.pixels(overlay.width, overlay.height)
    part = drawn.rgba[rows.start - drawn.top : rows.stop - drawn.top, columns.start - drawn.left : columns.stop - drawn.left]
    whole = overlay.copy()
    if part.size:
        whole.alpha_composite(images.fromarray(part), (columns.start, rows.start))
    return whole
