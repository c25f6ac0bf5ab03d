"""Palette, contrasts and colour vision as plain values for the page."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from brandkit.book.look import best_ink
from brandkit.brand.resolve import Brand
from brandkit.color.contrast import WCAG_RATIOS, apca_contrast, wcag_contrast
from brandkit.color.difference import delta_e_2000
from brandkit.color.parse import parse_color
from brandkit.color.spaces import oklab_to_oklch, srgb_to_lab, srgb_to_oklab
from brandkit.color.vision import DEFICIENCIES, simulate

MATRIX = 10  # inks across the contrast matrix; more columns would be too narrow to read
LEADING = 32  # colours shown as grounds, one by one; all others stand with their values
ALIKE = 8.0  # ΔE00 under which two colours of a simulation are called alike: apart as areas, not as thin lines
ORDER = ("surface", "ink", "primary", "accent", "secondary", "neutral", "tint")
SIGHT = {
    "protan": ("Protanopia", "no red cones"),
    "deutan": ("Deuteranopia", "no green cones"),
    "tritan": ("Tritanopia", "no blue cones"),
}


def palette(brand: Brand) -> list[dict[str, Any]]:
    """Every colour with its values, in the order of the kit."""
    rules = brand.document.palette
    if rules is None:
        return []
    hexes = [color.hex for color in brand.colors.values()]
    return [
        values(brand.hex(name)) | {
            "name": name, "role": rule.role, "why": rule.why or "", "share": list(rule.share) if rule.share else None,
            "written": rule.value, "tolerance": rule.tolerance or rules.tolerance, "on": best_ink(brand.hex(name), hexes),
        }
        for name, rule in rules.colors.items()
    ]  # fmt: skip


def leading(brand: Brand) -> list[str]:
    """Names of the colours that the brand leads with, in its order: all, or of a large palette those whose roles come first."""
    rules = brand.document.palette
    roles = {name: rule.role for name, rule in rules.colors.items()} if rules else {}
    first = sorted(roles, key=lambda name: ORDER.index(roles[name]))[:LEADING]
    return [name for name in roles if name in first]


def values(hex_: str) -> dict[str, str]:
    """A colour in the notations that people ask for.

    CMYK is the plain complement with full black replacement: no press, paper or ink is known here, so it is only a start for a proof.
    """
    rgb = [float(value) for value in parse_color(hex_).rgb]
    light, chroma, hue = (float(value) for value in oklab_to_oklch(srgb_to_oklab([value / 255 for value in rgb])))
    black = 1 - max(rgb) / 255
    inks = [0.0 if black >= 1 else (1 - value / 255 - black) / (1 - black) for value in rgb]
    return {
        "hex": hex_,
        "rgb": " ".join(str(round(value)) for value in rgb),
        "oklch": f"{light:.3f} {chroma:.3f} {hue:.0f}°",
        "cmyk": " ".join(str(round(100 * value)) for value in (*inks, black)),
    }


def shares(brand: Brand) -> list[dict[str, Any]]:
    """Each colour's part of a typical page, scaled to sum to 1: the middle of its range, or an equal part of what is left."""
    colors = palette(brand)
    wanted = [sum(color["share"]) / 2 if color["share"] else None for color in colors]
    known = sum(share for share in wanted if share is not None)
    open_ = [share for share in wanted if share is None]
    rest = max(1 - known, 0.04 * len(open_)) / len(open_) if open_ else 0.0
    parts = [rest if share is None else share for share in wanted]
    total = sum(parts) or 1.0
    return [{"hex": color["hex"], "name": color["name"], "part": part / total} for color, part in zip(colors, parts, strict=True)]


def matrix(brand: Brand) -> dict[str, Any]:
    """Contrast of the most text-like inks on every leading ground, WCAG and APCA, with the pairs that the kit declares."""
    colors, first = palette(brand), leading(brand)
    ranked = sorted(colors, key=lambda color: ORDER.index(color["role"]))[:MATRIX]
    inks = [color for color in colors if color in ranked]
    pairs = {(pair.ink, pair.on): pair for pair in (brand.document.palette.pairs if brand.document.palette else [])}
    rows = [
        {"name": ground["name"], "hex": ground["hex"], "on": ground["on"], "cells": [_cell(ink, ground, pairs) for ink in inks]}
        for ground in colors if ground["name"] in first
    ]  # fmt: skip
    return {
        "inks": [{"name": ink["name"], "hex": ink["hex"]} for ink in inks],
        "rows": rows,
        "all": len(inks) == len(colors),
        "every": len(rows) == len(colors),
    }


def _cell(ink: dict[str, Any], ground: dict[str, Any], pairs: dict[tuple[str, str], Any]) -> dict[str, Any]:
    ratio, lightness = wcag_contrast(ink["hex"], ground["hex"]), apca_contrast(ink["hex"], ground["hex"])
    pair = pairs.get((ink["name"], ground["name"]))
    grade = "AAA" if ratio >= 7 else "AA" if ratio >= 4.5 else "large" if ratio >= 3 else "none"
    return {
        "ink": ink["hex"], "ratio": f"{int(ratio * 10) / 10:.1f}", "apca": str(round(abs(lightness))), "grade": grade,
        "same": ink["name"] == ground["name"], "pair": pair.level if pair else "",
    }  # fmt: skip


def pairs(brand: Brand) -> list[dict[str, Any]]:
    """The declared pairs with what they promise and what they reach."""
    rules = brand.document.palette
    return [
        {
            "ink": brand.hex(pair.ink), "on": brand.hex(pair.on), "names": f"{pair.ink} on {pair.on}", "level": pair.level,
            "ratio": f"{int((ratio := wcag_contrast(brand.hex(pair.ink), brand.hex(pair.on))) * 10) / 10:.1f}",
            "kept": ratio >= WCAG_RATIOS[pair.level], "why": pair.why or "",
        }
        for pair in (rules.pairs if rules else [])
    ]  # fmt: skip


def vision(brand: Brand) -> list[dict[str, Any]]:
    """The palette as people with each kind of dichromacy see it, and the two colours that come closest for them."""
    names, hexes = list(brand.colors), [color.hex for color in brand.colors.values()]
    if not names:
        return []
    rgb = np.array([[value / 255 for value in parse_color(color).rgb] for color in hexes])
    rows = [{"title": "As it is", "note": "", "hexes": hexes, "close": ""}]
    for kind in DEFICIENCIES:
        seen = simulate(rgb, kind)
        title, note = SIGHT[kind]
        shown = ["#" + "".join(f"{round(float(value) * 255):02X}" for value in color) for color in seen]
        rows.append({"title": title, "note": note, "hexes": shown, "close": _closest(names, rgb, seen)})
    return rows


def _closest(names: list[str], rgb: Any, seen: Any) -> str:
    """The pair that a dichromat can least tell apart, among those that others can."""
    before, after = srgb_to_lab(rgb), srgb_to_lab(seen)
    found = [
        (float(delta_e_2000(after[i], after[j])), names[i], names[j])
        for i, j in combinations(range(len(names)), 2)
        if float(delta_e_2000(before[i], before[j])) >= ALIKE
    ]
    if not found:
        return ""
    distance, one, two = min(found)
    return f"{one} and {two} look alike (ΔE00 {distance:.1f})" if distance < ALIKE else f"closest: {one}, {two} (ΔE00 {distance:.1f})"
