"""Put picture, scrim, type and mark together: raster files by Pillow over the exact overlay, SVG and PDF from the same page."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from brandkit.brand.resolve import Brand
from brandkit.image.region import Box
from brandkit.layout import typeset
from brandkit.layout.boxes import Layout
from brandkit.layout.clear import without_ground
from brandkit.layout.encode import embed, encode
from brandkit.layout.given import given_marks
from brandkit.layout.scrim import shade_picture
from brandkit.layout.stamp import blank_marks, stamp_mark

if TYPE_CHECKING:
    from PIL.Image import Image

FileType = Literal["png", "jpeg", "webp", "svg", "pdf"]


@dataclass(frozen=True)
class Composed:
    """A finished file."""

    data: bytes = field(repr=False)
    layout: Layout
    """The layout with the strength of its scrims, and the panel that replaced one where none was strong enough."""
    quality: int | None = None
    """Quality the file was written with, where its type has one."""
    notes: tuple[str, ...] = ()


def compose(
    layout: Layout, brand: Brand, picture: Image | None,
    *, type: FileType, quality: int = 92, clear: bool = False, cover: Image | None = None,
) -> Composed:  # fmt: skip
    """Make a finished file of a layout.

    Args:
        layout: As from `lay_out`.
        brand: The same brand.
        picture: What shows in `layout.picture`, of the same aspect; resized to exactly that box. A picture with transparency
            stands on the layout's ground. None leaves the ground.
        type: The file's type. SVG and PDF keep type and mark as outlines and embed the picture.
        quality: 1 to 100 for JPEG and WebP; lowered stepwise where the placement limits the file's weight.
        clear: Leave the ground out of PNG and WebP: transparent where nothing stands on it, and the same as ever when it is put on it.
        cover: Where `picture` covers the ground that it already stands on (`L`, of the same size); everywhere when None.

    Returns:
        Exactly `format.width` × `format.height` pixels; the same bytes for the same input.

    Raises:
        LayoutError: The template cannot be run.
        PictureError: A mark cannot be read.
    """
    marks, files = given_marks(brand)
    sources, foreign = typeset.project(brand, layout.template, files)
    data = layout.data | {"mode": "overlay"}
    overlay = stamp_mark(_overlay(brand, sources | blank_marks(marks), data, foreign), brand, layout.mark)
    page = _page(layout, picture)
    page, final = shade_picture(page, overlay, layout, brand, shown=picture is not None)
    if type in ("svg", "pdf"):
        name, embedded = embed(page, flat=layout.picture is None)
        drawn = typeset.draw(brand, sources | {name: embedded}, data | {"picture": name}, type=type, foreign=foreign)
        return Composed(_in_pixels(drawn, layout) if type == "svg" else drawn, final)
    finished = _finished(page, overlay)
    if clear:
        finished = without_ground(finished, overlay, final, cover, shown=picture is not None)
    encoded = encode(finished, type=type, quality=quality, max_kb=layout.format.max_kb)
    return Composed(encoded.data, final, encoded.quality, encoded.notes)


def _finished(page: Image, overlay: Image) -> Image:
    whole = page.convert("RGBA")
    whole.alpha_composite(overlay)
    return whole.convert("RGB")


def _overlay(brand: Brand, sources: dict[str, bytes], data: dict[str, Any], foreign: bool) -> Image:
    from PIL import Image

    return Image.open(BytesIO(typeset.draw(brand, sources, data, foreign=foreign))).convert("RGBA")


def _page(layout: Layout, picture: Image | None) -> Image:
    """The ground with the picture in its box, without type."""
    from PIL import Image, ImageColor

    page = Image.new("RGB", (layout.format.width, layout.format.height), ImageColor.getrgb(layout.ground)[:3])
    if picture is None or layout.picture is None:
        return page
    x, y, w, h = _whole(layout.picture)
    clear = "A" in picture.getbands() or "transparency" in picture.info
    shown = picture.convert("RGBA" if clear else "RGB").resize((w, h), Image.Resampling.LANCZOS)
    page.paste(shown, (x, y), shown.getchannel("A") if clear else None)
    return page


def _whole(box: Box) -> tuple[int, int, int, int]:
    x, y = round(box.x), round(box.y)
    return x, y, max(1, round(box.right) - x), max(1, round(box.bottom) - y)


def _in_pixels(svg: bytes, layout: Layout) -> bytes:
    """Typst writes the page's size in points; browsers need it in pixels to show it at the placement's size."""
    text = svg.decode()
    head, mark, rest = text.partition(">")
    width, height = layout.format.width, layout.format.height
    for side, size in (("width", width), ("height", height)):
        head = head.replace(f'{side}="{size}pt"', f'{side}="{size}"')
    return (head + mark + rest).encode()
