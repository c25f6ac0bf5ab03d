"""What a template is given: page, copy with its fitted range, marks and colours, as plain JSON values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from brandkit.brand.model import Mark, Scheme, TypeStyle
from brandkit.brand.resolve import Brand
from brandkit.errors import InputError, LayoutError
from brandkit.image.mark_png import is_png
from brandkit.image.vector import drawable, mark_size
from brandkit.layout.boxes import Format
from brandkit.layout.breaking import cut
from brandkit.layout.fonts import check_glyphs, edges_of, faces, in_weight, least_leading, script_of

SLOTS = ("label", "headline", "body", "cta", "legal")
RTL = {"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}
DEFAULT_SIZES = {
    "headline": (40, 96),
    "body": (20, 34),
    "cta": (20, 32),
    "legal": (13, 18),
    "label": (16, 24),
}  # px at 1080; for kits without a scale
REFERENCE = 1080  # px; short side for which the sizes of a scale are written
SMALL_EXPONENT = 0.85  # small placements are seen closer, so type shrinks less than the page
LONG_FROM = 1.91  # ratio from which the short side says too little about the room
LONG_EXPONENT = 0.8


def is_rtl(locale: str) -> bool:
    """Whether the locale is written from right to left."""
    parts = locale.split("-")
    return parts[0] in RTL or any(part in {"Arab", "Hebr", "Thaa"} for part in parts[1:])


def type_scale(width: int, height: int) -> float:
    """Factor on the brand's type sizes: 1 at a short side of 1080 px, more than proportional below and on long pages."""
    short, long = sorted((width, height))
    share = short / REFERENCE
    return float(share ** (SMALL_EXPONENT if share < 1 else 1) * max(1.0, long / short / LONG_FROM) ** LONG_EXPONENT)


def room_scale(format: Format) -> float:
    """`type_scale` of the room that the safe zone leaves: that, not the page, is what the copy is set in."""
    safe = format.safe
    return type_scale(format.width - safe.left - safe.right, format.height - safe.top - safe.bottom)


def px(length: str) -> float:
    """A length such as `96px` as a number."""
    return float(length.removesuffix("px"))


def style_for(brand: Brand, slot: str) -> TypeStyle:
    """The type style of a slot; one in the kit's first family when the scale has none.

    Raises:
        LayoutError: The kit has no type family.
    """
    typography = brand.document.typography
    if not typography:
        raise LayoutError(
            f"the brand {brand.name!r} has no typography", hint=f"add `typography.families` with at least one font to {brand.file.name}"
        )
    if style := typography.scale.get(slot):  # type: ignore[call-overload]
        return TypeStyle.model_validate(style)
    low, high = DEFAULT_SIZES[slot]
    return TypeStyle(
        family=next(iter(typography.families)), weight=600 if slot in {"headline", "cta"} else 400, size=(f"{low}px", f"{high}px")
    )


def given_slots(brand: Brand, copy: Mapping[str, str], format: Format, locale: str) -> dict[str, Any]:
    """The copy's slots in reading order, cut and measured against the fonts.

    Raises:
        LayoutError: An unknown slot, or a character that no font has.
    """
    if unknown := sorted(set(copy) - set(SLOTS)):
        raise LayoutError(f"{locale}, {format.name}: no slot is called {unknown[0]!r}", hint=f"slots are {', '.join(SLOTS)}")
    scale = room_scale(format)
    return {name: _slot(brand, name, copy[name], format, locale, scale) for name in SLOTS if copy.get(name, "").strip()}


def _slot(brand: Brand, name: str, text: str, format: Format, locale: str, scale: float) -> dict[str, Any]:
    style = style_for(brand, name)
    shown = text.upper() if style.case == "upper" else text
    script = script_of(shown)
    among = faces(brand, style.family)
    check_glyphs(shown, among, slot=name, locale=locale, format_name=format.name)
    edges = edges_of(among, script)
    parts = cut(shown, script=script, glue=name in {"headline", "body"})
    low = max(float(format.text_min), px(style.size[0]) * scale)
    return {
        "lines": parts.lines, "words": parts.words, "letters": parts.letters, "boxed": parts.boxed,
        "hang": parts.hang if name == "headline" else "",
        "fonts": in_weight(among, style.weight), "weight": style.weight, "min": low, "max": max(low, px(style.size[1]) * scale),
        "leading": max(style.leading, least_leading(edges, script)),
        "tracking": 0.0 if script in {"arabic", "devanagari"} else style.tracking,
        "top": edges.top, "bottom": edges.bottom,
        "hyphenate": name in {"body", "legal"} and script == "latin", "text": text,
    }  # fmt: skip


def given_marks(brand: Brand) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """The brand's marks for the template, and their files (cleaned) by the names that the template uses.

    Raises:
        LayoutError: The brand has no marks.
        PictureError: A file is no usable logo.
    """
    if not brand.marks:
        raise LayoutError(f"the brand {brand.name!r} has no logo", hint=f"add `logo.marks` to {brand.file.name}")
    shown, files = [], {}
    for index, (name, mark) in enumerate(brand.marks.items()):
        path = brand.mark_path(name)
        size = mark_size(path)
        data = drawable(path.read_bytes(), name=path.name)
        file = f"mark-{index}.{'png' if is_png(data) else 'svg'}"
        files[file] = data
        shown.append(_mark(name, mark, file, size.width / size.height))
    return shown, files


def _mark(name: str, mark: Mark, file: str, aspect: float) -> dict[str, Any]:
    return {
        "name": name, "file": file, "on": list(mark.on), "aspect": aspect, "min_w": px(mark.min_width),
        "clear": mark.clear_space, "lockup": mark.lockup,
    }  # fmt: skip


def pick_scheme(brand: Brand, name: str | None) -> tuple[str, Scheme]:
    """The colour scheme called `name`, or the brand's first.

    Raises:
        InputError: There is none of that name.
        LayoutError: The brand has no palette.
    """
    schemes = brand.schemes
    if not schemes:
        raise LayoutError(f"the brand {brand.name!r} has no palette", hint=f"add `palette.colors` to {brand.file.name}")
    chosen = name or next(iter(schemes))
    if chosen not in schemes:
        raise InputError(f"the brand {brand.name!r} has no colour scheme {chosen!r}", hint=f"it has: {', '.join(schemes)}")
    return chosen, schemes[chosen]


def given_page(
    brand: Brand, *, format: Format, locale: str, scheme: Scheme, slots: Mapping[str, Any], marks: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Everything a template is given, as JSON values."""
    parts = locale.split("-")
    region = next((part for part in parts[1:] if len(part) == 2), None)
    safe = format.safe
    logo = brand.document.logo
    return {
        "page": {"w": format.width, "h": format.height},
        "safe": {"top": safe.top, "right": safe.right, "bottom": safe.bottom, "left": safe.left},
        "margin": brand.document.layout.margin, "corner": brand.document.layout.corner,
        "rtl": is_rtl(locale), "lang": parts[0], "region": region,
        "scale": room_scale(format), "text_min": format.text_min,
        "scheme": {key: brand.hex(getattr(scheme, key)) for key in ("ground", "ink", "accent", "on_accent")},
        "colors": {name: color.hex for name, color in brand.colors.items()},
        "slots": dict(slots), "marks": list(marks), "corners": list(logo.placement.allow) if logo else [],
        "shifts": {}, "picture": None, "mode": "query",
    }  # fmt: skip
