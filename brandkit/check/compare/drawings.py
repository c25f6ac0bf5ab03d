"""Marks and type of two kits: what is gone, what is drawn differently, and which limits moved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from brandkit.brand.fonts import font_characters
from brandkit.brand.model import Mark
from brandkit.brand.resolve import Loc
from brandkit.brand.saved import FONTS, MARKS
from brandkit.brand.source import dotted
from brandkit.check.compare.change import Change, Effect, Sides, both, number_changed, set_changed
from brandkit.errors import PictureError

DRAWN = ("logo-missing", "logo-wrong", "logo-altered")  # checks that compare with the mark's own drawing
PROBE = 480  # px wide that two drawings of a mark are compared at
NOISE = 8  # levels of 255 that two renderings of the same drawing may differ by
SPECKS = 0.001  # share of pixels that may differ by more: edges that fall on another side of a pixel
SAME_SHAPE = 0.005  # relative difference of two aspects


def compare_logo(sides: Sides) -> Iterator[Change]:
    """Changes of marks and of the rules for them."""
    a, b = sides.a.brand, sides.b.brand
    for name in a.marks:
        if name not in b.marks:
            yield Change(Effect.REGRESSION, (*MARKS, name), "mark removed", a.marks[name].file, "", DRAWN)
    for name in b.marks:
        if name not in a.marks:
            yield Change(Effect.OTHER, (*MARKS, name), "mark added", "", b.marks[name].file, DRAWN)
    for name in both(a.marks, b.marks):
        yield from _mark(sides, name, a.marks[name], b.marks[name])
    if a.document.logo and b.document.logo:
        was, now = a.document.logo, b.document.logo
        if was.required != now.required:
            effect = Effect.IMPROVEMENT if now.required else Effect.REGRESSION
            message = "every asset must carry a mark now" if now.required else "assets need not carry a mark any more"
            yield Change(effect, ("logo", "required"), message, str(was.required).lower(), str(now.required).lower(), DRAWN[:1])
        yield from set_changed(
            ("logo", "placement", "allow"),
            ("corner", "corners"),
            was.placement.allow,
            now.placement.allow,
            looser="longer",
            checks=("logo-placement",),
        )
        yield from set_changed(
            ("logo", "never"), ("ban on a treatment", "bans on treatments"), was.never, now.never, looser="shorter", checks=DRAWN[2:]
        )


def _mark(sides: Sides, name: str, was: Mark, now: Mark) -> Iterator[Change]:
    loc: Loc = (*MARKS, name)
    yield from _redrawn(sides, name)
    yield from number_changed(
        (*loc, "clear_space"), "clear space", was.clear_space, now.clear_space, looser="lower", unit="heights", checks=("logo-clearspace",)
    )
    least, now_least = (float(mark.min_width.removesuffix("px")) for mark in (was, now))
    yield from number_changed((*loc, "min_width"), "smallest width", least, now_least, looser="lower", unit="px", checks=("logo-size",))
    for tone in was.on:
        if tone not in now.on:
            alone = not any(tone in mark.on for mark in sides.b.brand.marks.values())
            message = f"no longer made for {tone} grounds" + (", and no other mark is" if alone else "")
            effect = Effect.REGRESSION if alone else Effect.OTHER
            yield Change(effect, (*loc, "on"), message, ", ".join(was.on), ", ".join(now.on), ("logo-wrong",))


def _redrawn(sides: Sides, name: str) -> Iterator[Change]:
    loc: Loc = (*MARKS, name, "file")
    key = dotted(loc)
    before, after = sides.a.brand.marks[name].file, sides.b.brand.marks[name].file
    if sides.a.drawings.get(key) == sides.b.drawings.get(key):
        if sides.a.files.get(key) != sides.b.files.get(key):
            yield Change(Effect.OTHER, loc, "another file with the same drawing", before, after)
        return
    words = "drawn differently"
    if not sides.a.saved and not sides.b.saved:
        share = _changed_share(sides, name)
        if share is not None and share <= SPECKS:
            yield Change(Effect.OTHER, loc, "another file that looks the same", before, after)
            return
        words = "drawn in other proportions" if share is None else f"drawn differently on {max(share, 0.01):.0%} of its area"
    yield Change(Effect.REGRESSION, loc, words, before, after, DRAWN)


def _changed_share(sides: Sides, name: str) -> float | None:
    """Share of the mark's area that looks different; None when its proportions do."""
    from brandkit.image.vector import mark_size, render_mark

    paths = [kit.brand.mark_path(name) for kit in (sides.a, sides.b)]
    try:
        sizes = [mark_size(path) for path in paths]
        if abs(sizes[0].width / sizes[0].height / (sizes[1].width / sizes[1].height) - 1) > SAME_SHAPE:
            return None
        height = max(1, round(PROBE * sizes[0].height / sizes[0].width))
        a, b = (render_mark(path, PROBE, height).astype(np.float64) for path in paths)
    except PictureError:
        return 1.0  # one of them cannot be drawn at all
    for pixels in (a, b):
        pixels[..., :3] *= pixels[..., 3:] / 255  # the colour under transparent pixels is not seen
    return float((np.abs(a - b).max(axis=-1) > NOISE).mean())


class _Font(NamedTuple):
    file: str
    drawing: str
    content: str


def compare_type(sides: Sides) -> Iterator[Change]:
    """Changes of families, their fonts, and the sizes of styles."""
    was, now = sides.a.brand.document.typography, sides.b.brand.document.typography
    families = [typography.families if typography else {} for typography in (was, now)]
    for name in families[0]:
        if name not in families[1]:
            yield Change(Effect.REGRESSION, (*FONTS, name), "family removed", ", ".join(families[0][name].files), "", ("text-misspelt",))
    for name in families[1]:
        if name not in families[0]:
            yield Change(Effect.OTHER, (*FONTS, name), "family added", "", ", ".join(families[1][name].files))
    for name in both(*families):
        yield from _fonts(sides, name)
    scales = [{str(style): entry for style, entry in typography.scale.items()} if typography else {} for typography in (was, now)]
    for style in both(*scales):
        least, now_least = (float(scale[style].size[0].removesuffix("px")) for scale in scales)
        loc: Loc = ("typography", "scale", style, "size")
        yield from number_changed(
            loc, f"smallest {style}", least, now_least, looser="lower", unit="px", checks=("text-size", "layout-drift")
        )


def _fonts(sides: Sides, family: str) -> Iterator[Change]:
    before, after = (_drawings(sides, family, second=second) for second in (False, True))
    loc: Loc = (*FONTS, family, "files")
    now = {font.file: font for font in after}
    drawings = {font.drawing for font in after}
    for font in before:
        same = now.get(font.file)
        if font.drawing in drawings:
            if same and same.content != font.content and same.drawing == font.drawing:
                yield Change(Effect.OTHER, loc, "another file with the same letterforms", font.file, font.file)
            continue
        lost = _lost(sides, family)
        message = ("letterforms or metrics changed" if same else "font removed") + (f", characters lost: {lost}" if lost else "")
        yield Change(Effect.REGRESSION, loc, message, font.file, font.file if same else "", ("layout-drift", "text-size"))
    known = {font.file for font in before} | {font.drawing for font in before}
    for font in after:
        if font.file not in known and font.drawing not in known:
            yield Change(Effect.OTHER, loc, "font added", "", font.file)


def _drawings(sides: Sides, family: str, *, second: bool) -> list[_Font]:
    kit = sides.b if second else sides.a
    typography = kit.brand.document.typography
    files = typography.families[family].files if typography else []
    keys = [dotted((*FONTS, family, "files", index)) for index in range(len(files))]
    return [
        _Font(file.rpartition("/")[2], kit.drawings.get(key, ""), kit.files.get(key, "")) for file, key in zip(files, keys, strict=True)
    ]


def _lost(sides: Sides, family: str) -> int:
    """How many characters the family had and has no more; 0 where its files cannot be opened."""
    if sides.a.saved or sides.b.saved:
        return 0
    covered = []
    for kit in (sides.a, sides.b):
        paths = [path for loc, path in kit.brand.paths.items() if loc[:4] == (*FONTS, family, "files")]
        try:
            covered.append(frozenset[int]().union(*(font_characters(path) for path in paths)))
        except PictureError:
            return 0
    return len(covered[0] - covered[1])
