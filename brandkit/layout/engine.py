"""Lay out an asset before anything is generated: real copy, real fonts, real mark; every box in pixels, or an error that says why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from brandkit.brand.resolve import Brand
from brandkit.errors import InputError, LayoutError
from brandkit.image.region import Box
from brandkit.layout import typeset
from brandkit.layout.boxes import Format, Layout, PlacedMark, Scrim, Slot
from brandkit.layout.given import given_marks, given_page, given_slots, is_rtl, pick_scheme

PROBE_ALPHA = 40  # of 255; fainter pixels are the haze of anti-aliasing, not ink
WHY = {
    "word": "its longest word needs {needed} px and the column has {available} px, at the smallest size the brand allows",
    "width": "it needs {needed} px in one line and has {available} px, at the smallest size the brand allows",
    "height": "the copy needs {needed} px of height and the layout has {available} px, at the smallest sizes the brand allows",
}


def templates_for(brand: Brand) -> tuple[str, ...]:
    """Names of the templates this brand can use: its own and the shipped ones, sorted."""
    return tuple(sorted({*typeset.own_templates(brand), *typeset.shipped_templates()}))


def choose_template(format: Format) -> str:
    """The template for a format when nobody names one, by its shape: strips, splits for long pages, else the picture fills the page."""
    if format.ratio >= 4.5:
        return "strip"
    if format.ratio >= 1.6 or format.ratio <= 0.4:
        return "split"
    return "full-bleed"


def lay_out(
    brand: Brand,
    *,
    copy: Mapping[str, str],
    format: Format,
    locale: str,
    template: str | None = None,
    scheme: str | None = None,
    drop: Sequence[str] = (),
) -> Layout:
    """Set `copy` and place the mark on a page of `format`.

    Args:
        brand: The brand; only its fonts, marks and colours are used.
        copy: Slot (`headline`, `body`, `cta`, `legal`, `label`) to text; a line break stays one.
        format: The placement.
        locale: BCP 47 tag; decides direction and line breaking.
        template: Name of a template; by default chosen by the format's shape.
        scheme: Name of one of the brand's colour schemes; by default the first.
        drop: Slots to leave out.

    Returns:
        Boxes of the ink in page pixels, exact to 2 px; grounds are None where the picture is.

    Raises:
        LayoutError: Copy that does not fit, a missing glyph, or a template that cannot be run.
        InputError: An unknown template or scheme.
    """
    name = _template(brand, template or choose_template(format))
    chosen, colors = pick_scheme(brand, scheme)
    slots = given_slots(brand, {slot: text for slot, text in copy.items() if slot not in drop}, format, locale)
    if not slots:
        raise LayoutError(f"{locale}, {format.name}: there is no copy to set", hint="give at least a headline")
    marks, files = given_marks(brand)
    data = given_page(brand, format=format, locale=locale, scheme=colors, slots=slots, marks=marks)
    sources, foreign = typeset.project(brand, name, files)
    plan = typeset.query(brand, sources, data, foreign=foreign)
    _refuse(plan, slots, locale, format, name)
    ink = _probe(brand, sources, data, plan, foreign=foreign)
    return _layout(brand, plan, ink, data, format=format, locale=locale, template=name, scheme=chosen, drop=drop)


def _template(brand: Brand, name: str) -> str:
    if name not in templates_for(brand):
        raise InputError(f"no template is called {name!r}", hint=f"there are: {', '.join(templates_for(brand))}")
    return name


def _refuse(plan: Mapping[str, Any], slots: Mapping[str, Any], locale: str, format: Format, template: str) -> None:
    for mark in plan["marks"]:
        box = _box(mark)
        page = Box(0, 0, format.width, format.height).grown(0.5)
        if box.intersection(page).area < box.area - 0.01:
            raise LayoutError(
                f"{locale}, {format.name}: the smallest size that the brand allows for a mark on this ground, {box.w:.0f}×{box.h:.0f} px "
                f"(`logo.marks.{mark['name']}.min_width`), does not fit {format.width}×{format.height} px (template {template!r})",
                hint="give the brand a mark for small sizes (`lockup: symbol`), lower its `min_width`, or leave this format out",
            )
    for fault in plan["faults"]:
        why = WHY[fault["why"]].format(needed=round(fault["needed"]), available=int(fault["available"]))
        raise LayoutError(
            f"{fault['slot']}, {locale}, {format.name}: {why} (template {template!r})",
            hint=f"shorten the {fault['slot']}, lower `typography.scale.{fault['slot']}.size`, "
            "use another template, or drop a slot in this format"
            + ("; a soft hyphen (U+00AD) in the word says where it may break" if fault["why"] == "word" else ""),
        )
    if not plan["marks"]:
        raise LayoutError(f"{locale}, {format.name}: the template {template!r} has no place for the mark that the brand allows",
                          hint="add a corner to `logo.placement.allow`, or use another template")  # fmt: skip


def _probe(brand: Brand, sources: dict[str, bytes], data: dict[str, Any], plan: Mapping[str, Any], *, foreign: bool) -> dict[str, Box]:
    """Where the ink of each slot really is: each is drawn once in a colour of its own and found again."""
    import numpy as np
    from PIL import Image

    drawn = typeset.draw(brand, sources, data | {"mode": "probe"}, foreign=foreign)
    pixels = np.asarray(Image.open(BytesIO(drawn)).convert("RGBA"))
    colors = [(True, False, False), (False, True, False), (False, False, True), (True, True, False), (False, True, True)]
    found = {}
    for item, color in zip(plan["items"], colors, strict=False):
        reach = Box(item["x"], item["y"], item["w"], item["h"]).grown(item["size"])
        rows, columns = reach.pixels(pixels.shape[1], pixels.shape[0])
        part = pixels[rows, columns]
        mask = (part[..., 3] >= PROBE_ALPHA) & ((part[..., :3] >= 128) == np.array(color)).all(axis=-1)
        ys, xs = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if not len(ys):
            raise LayoutError(f"{item['name']}, {data['lang']}: its text leaves no ink on the page", hint="give it words, or drop it")
        found[item["name"]] = Box(
            float(columns.start + xs[0]), float(rows.start + ys[0]), float(xs[-1] - xs[0] + 1), float(ys[-1] - ys[0] + 1)
        )
    return found


def _shift(item: Mapping[str, Any], ink: Box, rtl: bool) -> float:
    """How far a text moves so that its ink, not its box, stands on the margin."""
    if item["name"] == "cta" or item["align"] == "center":
        return 0.0
    off = item["x"] + item["w"] - ink.right if rtl else item["x"] - ink.x
    return round(float(off), 2) if abs(off) < 0.2 * item["size"] else 0.0


def _layout(
    brand: Brand, plan: Mapping[str, Any], ink: Mapping[str, Box], data: dict[str, Any],
    *, format: Format, locale: str, template: str, scheme: str, drop: Sequence[str],
) -> Layout:  # fmt: skip
    rtl = is_rtl(locale)
    shifts = {item["name"]: [_shift(item, ink[item["name"]], rtl), 0.0] for item in plan["items"]}
    slots = []
    panels = [(panel["name"], _box(panel["box"]), panel["fill"]) for panel in plan["panels"]]
    for item in plan["items"]:
        name, box = item["name"], ink[item["name"]]
        action = name == "cta"
        if action:
            panels.append(("cta", _box(item), item["fill"]))
        slots.append(
            Slot(
                name=name, text=data["slots"][name]["text"], box=Box(box.x + shifts[name][0], box.y, box.w, box.h), zone=_box(item["zone"]),
                size=float(item["size"]), ink=item["on"] if action else item["ink"],
                ground=item["fill"] if action else item["ground"], style=name,
            )
        )  # fmt: skip
    mark = plan["marks"][0]
    placed = _box(mark)
    return Layout(
        template=template, format=format, locale=locale, rtl=rtl, scheme=scheme, ground=plan["ground"], slots=tuple(slots),
        mark=PlacedMark(mark["name"], placed, placed.grown(mark["c"]), mark["ground"], "photo" if mark["ground"] is None else mark["look"]),
        picture=_box(plan["picture"]) if plan["picture"] else None,
        quiet=tuple((zone["name"], _box(zone["box"])) for zone in plan["quiet"]), panels=tuple(panels),
        dropped=tuple(dict.fromkeys([*(slot for slot in drop if slot), *plan["dropped"]])),
        scrims=tuple(Scrim(scrim["name"], _box(scrim["box"]), scrim["side"]) for scrim in plan["scrims"]),
        data=data | {"shifts": shifts},
    )  # fmt: skip


def _box(box: Mapping[str, float]) -> Box:
    return Box(*(round(float(box[key]), 2) for key in ("x", "y", "w", "h")))
