"""Pictures, brands and layouts written down as data, so that case tables read like a specification."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np

from brandkit.brand.model import BrandDocument
from brandkit.brand.resolve import Brand, Position
from brandkit.brand.tone import Brief, Written
from brandkit.color.spaces import srgb_to_linear
from brandkit.image.region import Box
from brandkit.layout.boxes import Format, Layout, PlacedMark, SafeZone, Slot


def make_brand(data: dict[str, Any], folder: Path) -> Brand:
    """A brand from the keys of its file.

    `svg` maps mark names to drawings, which are written to `folder`; `pictures` is a list of pictures (`size` and `paint`), one
    for each of `imagery.references`.
    """
    svg = data.get("svg", {})
    paths = {}
    for name, text in svg.items():
        file = folder / f"{name}.svg"
        file.write_text(text, encoding="utf-8")
        paths["logo", "marks", name, "file"] = file
    plain = {key: data[key] for key in data if key not in {"svg", "pictures"}}
    document = BrandDocument.model_validate({"brandkit": 1, "name": "Any", **plain})
    file = folder / "brand.yaml"
    brand = Brand(document, file, dict(_positions(document.model_dump(exclude_unset=True), file, ())), paths=paths)
    for index, picture in enumerate(data.get("pictures", [])):
        shown = folder / f"reference-{index}.png"
        shown.write_bytes(paint(picture, brand))
        paths["imagery", "references", index, "file"] = shown
    return brand


def _positions(value: Any, file: Path, loc: tuple[str | int, ...]) -> Any:
    yield loc, Position(file, max(1, len(loc)), 1)
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    for key, inner in items:
        yield from _positions(inner, file, (*loc, key))


def make_format(data: dict[str, Any]) -> Format:
    """A placement: `size`, and any of the fields of `Format`."""
    width, height = data["size"]
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items() if key not in {"size", "safe"}}
    safe = SafeZone(**data.get("safe", {}))
    plain: dict[str, Any] = {"name": "any", "title": "Any", "platform": "Any", "source": "test"}
    return Format(**plain | {"width": width, "height": height, "safe": safe} | fields)


def make_layout(data: dict[str, Any], form: Format) -> Layout:
    """A layout: `ground`, `slots` ({name, box, ink, ground, size}), `panels` ([box, colour]), `picture` and `mark` boxes."""
    slots = tuple(
        Slot(
            name=slot.get("name", "headline"), text=slot.get("text", "Any"), box=Box(*slot["box"]), zone=Box(*slot["box"]),
            size=slot.get("size", 40), ink=slot["ink"], ground=slot.get("ground"),
        )
        for slot in data.get("slots", [])
    )  # fmt: skip
    mark = Box(*data.get("mark", [0, 0, 0, 0]))
    placed = PlacedMark(name=data.get("mark_name", "primary"), box=mark, clear=mark.grown(mark.h / 2), ground=data["ground"])
    return Layout(
        template="any", format=form, locale="en", rtl=False, scheme="default", ground=data["ground"], slots=slots, mark=placed,
        picture=Box(*data["picture"]) if "picture" in data else None,
        panels=tuple((f"panel-{i}", Box(*box), color) for i, (box, color) in enumerate(data.get("panels", []))),
    )  # fmt: skip


def make_brief(case: dict[str, Any]) -> Brief | None:
    """What a campaign file says that holds the case's `copy`, one slot on a line from line 20 on; `brief` gives locale and topics."""
    if "brief" not in case:
        return None
    written = {
        slot: Written("campaign.yaml", 20 + index, 7 + len(slot), (f"    {slot}: {text}",))
        for index, (slot, text) in enumerate(case.get("copy", {}).items())
    }
    return Brief(case["brief"].get("locale", "en"), tuple(case["brief"].get("topics", ())), written)


def p3_profile() -> bytes:
    """Display P3 as an ICC profile of version 2: primaries adapted to D50, and the sRGB curve in 1024 steps."""

    def xyz(*values: float) -> bytes:
        return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65536) for value in values))

    steps = np.linspace(0, 1, 1024)[:, None].repeat(3, axis=1)
    curve = b"curv" + bytes(4) + struct.pack(">I1024H", 1024, *(srgb_to_linear(steps)[:, 0] * 65535).round().astype(int).tolist())
    tags = {
        b"wtpt": xyz(0.9642, 1, 0.8249), b"rXYZ": xyz(0.51512, 0.2412, -0.00105), b"gXYZ": xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": xyz(0.1571, 0.06657, 0.78407), b"rTRC": curve, b"gTRC": curve, b"bTRC": curve,
        b"desc": b"desc" + bytes(4) + struct.pack(">I", 3) + b"P3\0" + bytes(78), b"cprt": b"text" + bytes(4) + b"none\0",
    }  # fmt: skip
    table, body, start = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    kind = struct.pack(">I4s4s4s", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head = bytes(8) + kind + bytes(12) + b"acsp" + bytes(28) + xyz(0.9642, 1, 0.8249)[8:]
    size = struct.pack(">I", start + len(body))
    return size + head.ljust(128, b"\0")[4:] + struct.pack(">I", len(tags)) + table + body


def paint(case: dict[str, Any], brand: Brand) -> bytes:
    """The file of a case: `size`, then `paint` from bottom to top, saved as `save` says (PNG by default).

    A stroke of paint is one of `{fill: colour}`, `{rect: [x, y, w, h], color: …}`, `{disc: [x, y, diameter], color: …}`,
    `{gradient: [from, to], rect: …}` (left to right), `{noise: sigma, rect: …}`, `{text: words, at: [x, y], size: …, color: …}`,
    `{polygon: [x, y, …], color: …}`, `{scale: [red, green, blue], rect: …}` (another light),
    `{chequers: [colour, colour], side: …}`, `{clear: [x, y, w, h], color: …}` (transparent, hiding a colour),
    `{mark: [x, y, w, h], name: …, turn: degrees, blur: px, keep: [x, y]}` (a mark of the brand, stretched to that box;
    `keep` is the share of it that is left from its top left corner).
    """
    from PIL import Image

    canvas = Image.new("RGBA", tuple(case["size"]), "white")
    for stroke in case.get("paint", []):
        _stroke(canvas, stroke, brand)
    options = dict(case.get("save", {}))
    image = canvas.convert(options.pop("mode", "RGBA" if any("clear" in stroke for stroke in case.get("paint", [])) else "RGB"))
    if options.pop("profile", None) == "display-p3":
        options["icc_profile"] = p3_profile()
    out = io.BytesIO()
    image.save(out, options.pop("type", "png"), **options)
    return out.getvalue()


def _stroke(canvas: Any, stroke: dict[str, Any], brand: Brand) -> None:
    from PIL import Image, ImageColor, ImageDraw, ImageFont

    draw, color = ImageDraw.Draw(canvas), stroke.get("color", "black")
    x, y, w, h = stroke.get("rect", [0, 0, *canvas.size])
    if "fill" in stroke:
        draw.rectangle((0, 0, *canvas.size), fill=stroke["fill"])
    elif "disc" in stroke:
        left, top, diameter = stroke["disc"]
        draw.ellipse((left, top, left + diameter, top + diameter), fill=color)
    elif "polygon" in stroke:
        draw.polygon(stroke["polygon"], fill=color)
    elif "scale" in stroke:
        part = np.asarray(canvas.crop((x, y, x + w, y + h)).convert("RGB"), float) * stroke["scale"]
        canvas.paste(Image.fromarray(part.clip(0, 255).astype(np.uint8)), (x, y))
    elif "gradient" in stroke:
        first, last = (np.array(ImageColor.getrgb(end), float) for end in stroke["gradient"])
        row = first + np.linspace(0, 1, w)[:, None] * (last - first)
        canvas.paste(Image.fromarray(np.tile(row.round().astype(np.uint8), (h, 1, 1))), (x, y))
    elif "noise" in stroke:
        part = np.asarray(canvas.crop((x, y, x + w, y + h)).convert("RGB"), float)
        noisy = part + np.random.default_rng(1).normal(0, stroke["noise"], part.shape)
        canvas.paste(Image.fromarray(noisy.clip(0, 255).astype(np.uint8)), (x, y))
    elif "text" in stroke:
        draw.text(tuple(stroke["at"]), stroke["text"], fill=color, font=ImageFont.load_default(stroke["size"]), anchor="lt")
    elif "chequers" in stroke:
        rows, columns = np.indices((h, w)) // stroke["side"]
        pair = np.array([ImageColor.getrgb(name) for name in stroke["chequers"]], np.uint8)
        canvas.paste(Image.fromarray(pair[(rows + columns) % 2]), (x, y))
    elif "clear" in stroke:
        left, top, width, height = stroke["clear"]
        canvas.paste((*ImageColor.getrgb(color), 0), (left, top, left + width, top + height))
    elif "mark" in stroke:
        from PIL import ImageFilter

        from brandkit.image.vector import render_mark

        left, top, width, height = stroke["mark"]
        mark = Image.fromarray(render_mark(brand.mark_path(stroke.get("name", "primary")), width)).resize((width, height))
        kept = Image.new("RGBA", mark.size)
        across, down = stroke.get("keep", [1, 1])
        kept.paste(mark.crop((0, 0, round(across * width), round(down * height))))
        layer = Image.new("RGBa", canvas.size)
        layer.paste(kept.convert("RGBa"), (left, top))
        layer = layer.filter(ImageFilter.GaussianBlur(stroke.get("blur", 0)))
        centre = (left + width / 2, top + height / 2)
        turned = layer.rotate(stroke.get("turn", 0), Image.Resampling.BICUBIC, center=centre)
        canvas.alpha_composite(turned.convert("RGBA"))
    else:
        draw.rectangle((x, y, x + w - 1, y + h - 1), fill=color)
