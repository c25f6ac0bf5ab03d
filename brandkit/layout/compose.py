"""Put picture, scrim, type and mark together: raster files by Pillow over the exact overlay, SVG and PDF from the same page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from brandkit.brand.resolve import Brand
from brandkit.image.region import Box
from brandkit.layout import typeset
from brandkit.layout.boxes import Layout
from brandkit.layout.clear import without_ground
from brandkit.layout.crop import choose_crop, room_beside
from brandkit.layout.encode import embed, encode
from brandkit.layout.given import given_marks
from brandkit.layout.scrim import shade_picture, with_panel
from brandkit.layout.stamp import blank_marks, stamp_mark

if TYPE_CHECKING:
    from PIL.Image import Image

FileType = Literal["png", "jpeg", "webp", "svg", "pdf"]


@dataclass(frozen=True)
class Composed:
    """A finished file."""

    data: bytes = field(repr=False)
    layout: Layout
    """The layout with the part of the picture it shows, the colours of its copy, the strength of its scrims or the panel that replaced one,
    and the mark as it is."""
    quality: int | None = None
    """Quality the file was written with, where its type has one."""
    notes: tuple[str, ...] = ()


def compose(
    layout: Layout, brand: Brand, picture: Image | None,
    *, type: FileType, quality: int = 92, clear: bool = False, cover: Image | None = None,
    focus: tuple[float, float] | None = None,
) -> Composed:  # fmt: skip
    """Make a finished file of a layout.

    Args:
        layout: As from `lay_out`.
        brand: The same brand.
        picture: What shows in `layout.picture`, resized to exactly that box; of another shape, the part in `layout.crop` of it, and where
            that is None the part that `choose_crop` finds. Where copy needs a panel, the picture is shown beside that and not half under
            it, unless `layout.crop` says which part. A picture with transparency stands on the layout's ground. None leaves the ground.
        type: The file's type. SVG and PDF keep type and mark as outlines and embed the picture.
        quality: 1 to 100 for JPEG and WebP; lowered stepwise where the placement limits the file's weight.
        clear: Leave the ground out of PNG and WebP: transparent where nothing stands on it, and the same as ever when it is put on it.
        focus: Where the subject is, x and y in fractions of the picture; found in its pixels when None.
        cover: Where `picture` covers the ground that it already stands on (`L`, of the same size); everywhere when None. Cropped alike.

    Returns:
        Exactly `format.width` × `format.height` pixels; the same bytes for the same input.

    Raises:
        LayoutError: The template cannot be run.
        PictureError: A mark cannot be read.
    """
    page, overlay, final = put_together(layout, brand, picture, focus=focus)
    if type in ("svg", "pdf"):
        name, embedded = embed(page, flat=layout.picture is None)
        sources, foreign = typeset.project(brand, layout.template, given_marks(brand)[1])
        data = final.data | {"mode": "overlay", "picture": name}
        drawn = typeset.draw(brand, sources | {name: embedded}, data, type=type, foreign=foreign)
        return Composed(_in_pixels(drawn, layout) if type == "svg" else drawn, final)
    finished = _finished(page, overlay)
    if clear:
        covered = None if cover is None else shown_part(cover, final)
        finished = without_ground(finished, overlay, final, covered, shown=picture is not None)
    encoded = encode(finished, type=type, quality=quality, max_kb=layout.format.max_kb)
    return Composed(encoded.data, final, encoded.quality, encoded.notes)


def put_together(
    layout: Layout, brand: Brand, picture: Image | None, *, focus: tuple[float, float] | None = None
) -> tuple[Image, Image, Layout]:
    """What lies on each other in the finished asset.

    Returns:
        Ground, picture and scrims (RGB); type and mark (RGBA) over it; and the layout with the strength of its scrims and the colouring
        of the mark that reads best on this picture.

    Raises:
        LayoutError: The template cannot be run.
        PictureError: A mark cannot be read.
    """
    free, layout = layout.crop is None, cropped(layout, picture, focus)
    overlay = draw_type(brand, layout.template, layout.data)
    alpha = None if picture is None else np.asarray(overlay.getchannel("A"))
    page, final = shade_picture(draw_page(layout, picture), layout, brand, type_alpha=alpha)
    if free and (moved := _beside_panel(layout, final)):
        layout = cropped(moved, picture, focus)
        page, final = shade_picture(draw_page(layout, picture), layout, brand, type_alpha=alpha)
    if final.data["scheme"] != layout.data["scheme"]:
        overlay = draw_type(brand, layout.template, final.data)
    return page, stamp_mark(overlay, brand, final.mark), final


def cropped(layout: Layout, picture: Image | None, focus: tuple[float, float] | None = None) -> Layout:
    """`layout` with the part of `picture` that it shows: its own, where it has one."""
    if picture is None or layout.picture is None or layout.crop is not None:
        return layout
    return replace(layout, crop=choose_crop(np.asarray(picture.convert("RGB")), layout, focus=focus))


def _beside_panel(layout: Layout, shaded: Layout) -> Layout | None:
    """`layout` with its picture in the room beside the panel that its copy turned out to need; None where it needed none."""
    panel = next((box for name, box, _ in shaded.panels if name == "fallback"), None)
    if panel is None or layout.picture is None:
        return None
    room = room_beside(layout.picture, panel)
    return replace(with_panel(layout, panel), picture=room, crop=None) if room else None


def shown_part(picture: Image, layout: Layout) -> Image:
    """What `layout.crop` leaves of a picture; all of it where that says nothing."""
    if layout.crop is None or layout.crop == Box(0, 0, *picture.size):
        return picture
    return picture.crop((round(layout.crop.x), round(layout.crop.y), round(layout.crop.right), round(layout.crop.bottom)))


def _finished(page: Image, overlay: Image) -> Image:
    whole = page.convert("RGBA")
    whole.alpha_composite(overlay)
    return whole.convert("RGB")


def draw_type(brand: Brand, template: str, data: Mapping[str, Any]) -> Image:
    """Copy and panels on nothing (RGBA), without the mark."""
    from PIL import Image

    marks, files = given_marks(brand)
    sources, foreign = typeset.project(brand, template, files)
    drawn = typeset.draw(brand, sources | blank_marks(marks), dict(data) | {"mode": "overlay"}, foreign=foreign)
    return Image.open(BytesIO(drawn)).convert("RGBA")


def draw_page(layout: Layout, picture: Image | None) -> Image:
    """The ground with the picture in its box, without type."""
    from PIL import Image, ImageColor

    page = Image.new("RGB", (layout.format.width, layout.format.height), ImageColor.getrgb(layout.ground)[:3])
    if picture is None or layout.picture is None:
        return page
    x, y, w, h = _whole(layout.picture)
    clear = "A" in picture.getbands() or "transparency" in picture.info
    shown = shown_part(picture, layout).convert("RGBA" if clear else "RGB").resize((w, h), Image.Resampling.LANCZOS)
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
