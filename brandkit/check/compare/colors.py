"""Colours of two kits: what moved, what may stray further, and which texts can no longer be read."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.brand.model import Pair, Palette, PaletteColor
from brandkit.brand.resolve import Brand, Loc
from brandkit.check.compare.change import Change, Effect, Sides, both, number_changed, set_changed
from brandkit.check.limits import limit_for
from brandkit.check.registry import load_checks
from brandkit.check.swatches import lab_of, swatch_limit
from brandkit.color.contrast import WCAG_RATIOS, wcag_contrast
from brandkit.color.difference import delta_e_2000

COLORS: Loc = ("palette", "colors")
FLAT = ("palette-drift", "palette-intruder", "palette-balance")  # checks that look swatches up
TEXT = WCAG_RATIOS["AA"]  # the contrast that text of a scheme needs


def compare_colors(sides: Sides) -> Iterator[Change]:
    """Changes of the palette and of the contrasts that its pairs and schemes promise."""
    before, after = sides.a.brand.document.palette, sides.b.brand.document.palette
    if before and after:
        yield from number_changed(
            ("palette", "tolerance"), "tolerance", before.tolerance, after.tolerance, looser="higher", unit="ΔE00", checks=FLAT[:2]
        )
        yield from set_changed(
            ("palette", "forbidden"),
            ("forbidden colour", "forbidden colours"),
            before.forbidden,
            after.forbidden,
            looser="shorter",
            checks=("palette-intruder",),
        )
    yield from _names(sides)
    for name in both(sides.a.brand.colors, sides.b.brand.colors):
        yield from _color(sides, name)
    yield from _pairs(sides)
    yield from _schemes(sides)


def _names(sides: Sides) -> Iterator[Change]:
    a, b = sides.a.brand, sides.b.brand
    for name in a.colors:
        if name not in b.colors:
            yield Change(Effect.REGRESSION, (*COLORS, name), "colour removed: what shows it is off the palette now", a.hex(name), "", FLAT)
    for name in b.colors:
        if name not in a.colors:
            yield Change(Effect.OTHER, (*COLORS, name), "colour added", "", b.hex(name), FLAT)


def _entry(brand: Brand, name: str) -> PaletteColor:
    palette = brand.document.palette
    if palette is None:
        raise ValueError(f"{brand.name!r} has no palette, and so no {name!r}")
    return palette.colors[name]


def _color(sides: Sides, name: str) -> Iterator[Change]:
    a, b, loc = _entry(sides.a.brand, name), _entry(sides.b.brand, name), (*COLORS, name)
    yield from _value(sides, name, a.value, b.value)
    if a.tolerance != b.tolerance:
        was, now = (_tolerance(kit.brand, name) for kit in (sides.a, sides.b))
        yield from number_changed((*loc, "tolerance"), "tolerance", was, now, looser="higher", unit="ΔE00", checks=FLAT[:2])
    if a.required != b.required:
        effect = Effect.IMPROVEMENT if b.required else Effect.REGRESSION
        message = "must show in every asset now" if b.required else "need not show any more"
        yield Change(effect, (*loc, "required"), message, str(a.required).lower(), str(b.required).lower(), FLAT[:1])
    if a.share != b.share:
        yield _share((*loc, "share"), a.share, b.share)
    if a.role != b.role:
        yield Change(Effect.OTHER, (*loc, "role"), "role changed", a.role, b.role, ("palette-balance", "palette-drift"))


def _tolerance(brand: Brand, name: str) -> float:
    """ΔE00 up to which the colour passes."""
    return swatch_limit(brand, name, limit_for(load_checks()["palette-drift"], brand)).review_at


def _value(sides: Sides, name: str, before: str, after: str) -> Iterator[Change]:
    if before == after:
        return
    a, b = sides.a.brand.hex(name), sides.b.brand.hex(name)
    distance, limit = float(delta_e_2000(lab_of(a), lab_of(b))), _tolerance(sides.a.brand, name)
    if a == b:
        yield Change(Effect.OTHER, (*COLORS, name, "value"), "the same colour, written differently", before, after)
    else:
        far = distance > limit
        message = f"moved by ΔE00 {distance:.2g}, {'more than' if far else 'within'} its tolerance of {limit:g}"
        effect = Effect.REGRESSION if far else Effect.OTHER
        yield Change(effect, (*COLORS, name, "value"), message, a, b, (*FLAT, "palette-grade", "text-contrast"))


def _share(loc: Loc, before: tuple[float, float] | None, after: tuple[float, float] | None) -> Change:
    old, new = ("" if share is None else f"{share[0]:.0%} to {share[1]:.0%}" for share in (before, after))
    wider = after is None or (before is not None and after[0] <= before[0] and after[1] >= before[1])
    narrower = before is None or (after is not None and after[0] >= before[0] and after[1] <= before[1])
    effect = Effect.REGRESSION if wider else Effect.IMPROVEMENT if narrower else Effect.OTHER
    message = "share removed" if after is None else "share widened" if wider else "share narrowed" if narrower else "share moved"
    return Change(effect, loc, message, old, new, ("palette-balance",))


def _pairs(sides: Sides) -> Iterator[Change]:
    before, after = (_by_colors(kit.brand.document.palette) for kit in (sides.a, sides.b))
    for colors, (index, pair) in before.items():
        loc: Loc = ("palette", "pairs", after[colors][0] if colors in after else index)
        if colors not in after:
            message = f"{pair.ink} on {pair.on} is no longer promised"
            yield Change(Effect.REGRESSION, loc, message, pair.level, "", ("text-contrast",))
            continue
        now = after[colors][1]
        if pair.level != now.level:
            looser = WCAG_RATIOS[now.level] < WCAG_RATIOS[pair.level]
            effect = Effect.REGRESSION if looser else Effect.IMPROVEMENT
            message = f"{pair.ink} on {pair.on} promises {'less' if looser else 'more'}"
            yield Change(effect, (*loc, "level"), message, pair.level, now.level, ("text-contrast",))
        yield from _contrast(sides, loc, (pair.ink, pair.on), WCAG_RATIOS[now.level], now.level)
    for colors, (index, pair) in after.items():
        if colors not in before:
            message = f"{pair.ink} on {pair.on} is promised now"
            yield Change(Effect.IMPROVEMENT, ("palette", "pairs", index), message, "", pair.level, ("text-contrast",))


def _by_colors(palette: Palette | None) -> dict[tuple[str, str], tuple[int, Pair]]:
    return {(pair.ink, pair.on): (index, pair) for index, pair in enumerate(palette.pairs if palette else ())}


def _schemes(sides: Sides) -> Iterator[Change]:
    a, b = sides.a.brand.document.layout.schemes, sides.b.brand.document.layout.schemes
    for name in a:
        if name not in b:
            message = "scheme removed: campaigns that name it no longer load"
            yield Change(Effect.REGRESSION, ("layout", "schemes", name), message, name, "", ())
    for name in both(a, b):
        for ink, ground in (("ink", "ground"), ("on_accent", "accent")):
            names = (getattr(b[name], ink), getattr(b[name], ground))
            old = (getattr(a[name], ink), getattr(a[name], ground))
            yield from _contrast(sides, ("layout", "schemes", name, ink), names, TEXT, "AA", old=old)


def _contrast(
    sides: Sides, loc: Loc, names: tuple[str, str], needed: float, level: str, *, old: tuple[str, str] | None = None
) -> Iterator[Change]:
    """A text and its ground whose contrast crossed what they need."""
    was_names = old or names
    if any(name not in kit.brand.colors for kit, pair in ((sides.a, was_names), (sides.b, names)) for name in pair):
        return
    was = wcag_contrast(*(sides.a.brand.hex(name) for name in was_names))
    now = wcag_contrast(*(sides.b.brand.hex(name) for name in names))
    if (was >= needed) != (now >= needed):
        lost = now < needed
        message = f"{names[0]} on {names[1]} {'lost' if lost else 'reached'} the contrast of {level}, {needed:g}:1"
        effect = Effect.REGRESSION if lost else Effect.IMPROVEMENT
        yield Change(effect, loc, message, f"{_cut(was)}:1", f"{_cut(now)}:1", ("text-contrast",))


def _cut(ratio: float) -> str:
    return f"{int(ratio * 100) / 100:.2f}"
