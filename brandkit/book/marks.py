"""The logo as files for the page: every mark cleaned, on the grounds it is made for, and the things that nobody may do to it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from brandkit.book.colour import leading
from brandkit.book.look import Look, best_ink, mix
from brandkit.brand.resolve import Brand
from brandkit.color.contrast import relative_luminance, wcag_contrast
from brandkit.image.vector import render_mark
from brandkit.layout.given import given_marks

DARK = 0.22  # relative luminance under which a ground counts as dark
SEEN = 2.0  # contrast of a mark's main ink with a ground under which it does not stand there
SHADE = 900  # px; width of the drawn copies
FAULTS = (  # id in `logo.never` ("" for those that other rules forbid), what is done, how it is told
    ("stretch", "stretch", "Do not stretch or squeeze it"),
    ("rotate", "rotate", "Do not turn it"),
    ("recolor", "recolor", "Do not change its colours"),
    ("outline", "outline", "Do not outline it"),
    ("crop", "crop", "Do not crop it"),
    ("shadow", "shadow", "Do not add a shadow"),
    ("", "crowd", "Do not crowd it"),
    ("", "faint", "Do not set it where it sinks in"),
)


def marks(brand: Brand) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """The marks with their rules, and their files by the names used on the page."""
    if not brand.marks:
        return [], {}
    given, files = given_marks(brand)
    shown = []
    for entry in given:
        rule = brand.marks[entry["name"]]
        shown.append(entry | {"alt": rule.alt or "", "why": rule.why or "", "ground": ground_for(brand, entry["on"])})
    return shown, files


def ground_for(brand: Brand, on: list[str]) -> str:
    """A ground of the palette that a mark made for `on` stands on: the scheme's first, else by luminance."""
    wants_dark = on[0] in ("dark", "photo")
    grounds = [brand.hex(scheme.ground) for scheme in brand.schemes.values()] + [color.hex for color in brand.colors.values()]
    fitting = [ground for ground in grounds if (relative_luminance(ground) < DARK) == wants_dark]
    return fitting[0] if fitting else ("#1B1B1A" if wants_dark else "#FAFAF8")


def grounds(brand: Brand, shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """For each leading colour the mark that belongs on it: of those made for its tone, the one that stands out most."""
    tiles = []
    for name in leading(brand):
        color = brand.colors[name]
        tone = "dark" if relative_luminance(color.hex) < DARK else "light"
        able = [entry for entry in shown if tone in entry["on"] and entry["lockup"] != "symbol"] or [e for e in shown if tone in e["on"]]
        contrast = {entry["name"]: stand_out(brand, entry["name"], color.hex) for entry in able}
        best = max(able, key=lambda entry: contrast[entry["name"]], default=None)
        fits = best is not None and contrast[best["name"]] >= SEEN
        tiles.append({"name": name, "hex": color.hex, "mark": best if fits else None, "tone": tone})
    return tiles


def stand_out(brand: Brand, mark: str, ground: str) -> float:
    """Contrast in [1, 21] of the main ink of a mark with a flat ground: the median over its opaque pixels."""
    pixels = render_mark(brand.mark_path(mark), 160)
    ink = pixels[pixels[..., 3] > 200][:, :3]
    if not len(ink):
        return 1.0
    step = max(1, len(ink) // 200)
    ratios = sorted(wcag_contrast(tuple(float(v) for v in color), ground) for color in ink[::step])
    return ratios[len(ratios) // 2]


def misuse(brand: Brand, shown: list[dict[str, Any]], look: Look) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """The kit's `never`, each done to the main mark, and the files that shows it."""
    logo = brand.document.logo
    if not shown or logo is None:
        return [], {}
    main, files, tiles = shown[0], {}, []
    path = brand.mark_path(main["name"])
    for rule, kind, title in FAULTS:
        if rule and rule not in logo.never:
            continue
        tile = {"kind": kind, "title": title, "file": main["file"], "aspect": main["aspect"], "ground": main["ground"]}
        tile["ink"] = best_ink(main["ground"], [color.hex for color in brand.colors.values()])
        if kind in ("recolor", "outline", "shadow"):
            tile["file"] = f"never-{kind}.png"
            files[tile["file"]] = _spoilt(path, kind, main["ground"], look)
        if kind == "faint":
            tile["ground"] = _sinking(path, brand)
        tiles.append(tile)
    return tiles, files


def _spoilt(path: Any, kind: str, ground: str, look: Look) -> bytes:
    import cv2
    import numpy as np
    from PIL import Image

    drawn = Image.fromarray(np.array(render_mark(path, SHADE)))
    pad = SHADE // 20
    canvas = Image.new("RGBA", (drawn.width + 2 * pad, drawn.height + 2 * pad), (0, 0, 0, 0))
    canvas.alpha_composite(drawn, (pad, pad))
    alpha = np.asarray(canvas)[..., 3]
    if kind == "recolor":
        hues = np.linspace(0, 1, alpha.shape[1])[None, :, None] * np.array([60.0, 120.0, -190.0]) + np.array([180.0, 60.0, 230.0])
        return _png(np.dstack([np.broadcast_to(hues, (*alpha.shape, 3)).clip(0, 255).astype(np.uint8), alpha]))
    if kind == "outline":
        wide = cv2.dilate(alpha, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (19, 19)))
        inner = cv2.dilate(alpha, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)))
        tone = 255 if relative_luminance(ground) < DARK else 20
        rim = np.dstack([np.full((*alpha.shape, 3), tone, np.uint8), np.asarray(cv2.subtract(wide, inner))])
        return _png(np.asarray(Image.alpha_composite(Image.fromarray(rim), canvas)))
    shade = mix(ground, "#000000" if relative_luminance(ground) > 0.02 else "#FFFFFF", 0.6).lstrip("#")
    cast = np.zeros((*alpha.shape, 4), np.uint8)
    cast[..., :3] = [int(shade[i : i + 2], 16) for i in (0, 2, 4)]
    soft = cv2.GaussianBlur(np.roll(alpha, (pad // 3, pad // 3), (0, 1)), (0, 0), pad / 5)
    cast[..., 3] = soft
    return _png(np.asarray(Image.alpha_composite(Image.fromarray(cast), canvas)))


def _sinking(path: Any, brand: Brand) -> str:
    """A ground on which the mark is hard to see: the brand's own colour nearest to its main ink, or a shade of that ink."""
    import numpy as np

    pixels = render_mark(path, 160)
    ink = pixels[pixels[..., 3] > 200][:, :3]
    median = np.median(ink, axis=0) if len(ink) else np.array([128, 128, 128])
    main = "#" + "".join(f"{int(value):02X}" for value in median)
    near = [color.hex for color in brand.colors.values() if 1.15 <= wcag_contrast(color.hex, main) <= 2.2]
    return near[0] if near else mix(main, "#808080", 0.25)


def _png(pixels: Any) -> bytes:
    from PIL import Image

    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
