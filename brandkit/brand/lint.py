"""Lint of a kit: everything that loading checks, and whether its colours, files, fonts and marks can do what it declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from brandkit.brand.finding import LintFinding, LintReport
from brandkit.brand.lint_logo import lint_logo
from brandkit.brand.lint_type import lint_type
from brandkit.brand.load import load_with_source
from brandkit.brand.resolve import Brand
from brandkit.brand.source import Source
from brandkit.color.contrast import WCAG_RATIOS, wcag_contrast
from brandkit.color.parse import parse_color
from brandkit.errors import BrandFileError, PictureError

TWINS = 3.0  # ΔE00 under which two swatches cannot be told apart by the gate's default tolerance
LARGE_TEXT = WCAG_RATIOS["AA-large"]  # the least contrast at which any text of a scheme can be read
STEP = 0.005  # of OKLCH lightness; finer than anyone sees

Lint = Callable[[Brand, Source], Iterator[LintFinding]]


def lint_brand(path: Path) -> LintReport:
    """Look for every fault and weakness of the kit at `path` (folder or file).

    Faults that loading finds are errors with the id `brand-file`; when there are any, the rest cannot be looked at.
    """
    try:
        brand, source = load_with_source(path)
    except BrandFileError as error:
        return LintReport.of(str(path), [LintFinding("brand-file", "error", fault) for fault in error.faults])
    lints: tuple[Lint, ...] = (_pairs, _schemes, _twins, _gamut, lint_logo, lint_type, _pictures)
    return LintReport.of(str(path), [finding for lint in lints for finding in lint(brand, source)])


def _pairs(brand: Brand, source: Source) -> Iterator[LintFinding]:
    """Declared pairs reach the contrast that they promise."""
    palette = brand.document.palette
    for index, pair in enumerate(palette.pairs if palette else ()):
        needed, ratio = WCAG_RATIOS[pair.level], wcag_contrast(brand.hex(pair.ink), brand.hex(pair.on))
        if ratio < needed:
            message = f"{pair.ink!r} on {pair.on!r} has a contrast of {_cut(ratio)}:1, and {pair.level} needs {needed:g}:1"
            hint = _advice(brand, pair.ink, pair.on, needed)
            yield LintFinding("contrast-low", "error", source.fault(("palette", "pairs", index), message, hint))


def _schemes(brand: Brand, source: Source) -> Iterator[LintFinding]:
    """Ink and button text of every declared scheme can be read."""
    for name, scheme in brand.document.layout.schemes.items():
        for key, ink, ground in (("ink", scheme.ink, scheme.ground), ("on_accent", scheme.on_accent, scheme.accent)):
            ratio = wcag_contrast(brand.hex(ink), brand.hex(ground))
            if ratio < WCAG_RATIOS["AA"]:
                message = f"{ink!r} on {ground!r} has a contrast of {_cut(ratio)}:1; text needs 4.5:1, large text 3:1"
                fault = source.fault(("layout", "schemes", name, key), message, _advice(brand, ink, ground, WCAG_RATIOS["AA"]))
                yield LintFinding("scheme-contrast", "error" if ratio < LARGE_TEXT else "warning", fault)


def _cut(ratio: float) -> str:
    """A ratio with two digits, never rounded up to a limit that it misses."""
    return f"{int(ratio * 100) / 100:.2f}"


class _Fix(NamedTuple):
    distance: float
    word: str
    hex: str


def _advice(brand: Brand, ink: str, ground: str, needed: float) -> str:
    fix = nearest_passing(brand.hex(ink), brand.hex(ground), needed)
    if fix:
        return f"{fix.word} {ink!r} to {fix.hex}, or pair {ground!r} with another ink"
    return f"no lightness of {ink!r} reaches {needed:g}:1 on {ground!r}; choose another ground"


def nearest_passing(ink: str, ground: str, needed: float) -> _Fix | None:
    """The colour nearest to `ink` in OKLCH lightness, with its hue, that reaches the contrast `needed` on `ground`."""
    from brandkit.color.spaces import oklab_to_oklch, srgb_to_oklab

    lightness, chroma, hue = (float(value) for value in oklab_to_oklch(srgb_to_oklab([value / 255 for value in parse_color(ink).rgb])))
    fixes = []
    for index in range(int(1 / STEP) + 1):
        goal = index * STEP
        candidate = parse_color(f"oklch({goal:.4f} {chroma:.4f} {hue:.2f})").hex
        if wcag_contrast(candidate, ground) >= needed:
            fixes.append(_Fix(abs(goal - lightness), "darken" if goal < lightness else "lighten", candidate))
    return min(fixes, default=None)


def _twins(brand: Brand, source: Source) -> Iterator[LintFinding]:
    """No two swatches are so alike that the gate cannot tell them apart."""
    from brandkit.color.difference import delta_e_2000
    from brandkit.color.spaces import srgb_to_lab

    labs = {name: srgb_to_lab([value / 255 for value in color.rgb]) for name, color in brand.colors.items()}
    for first, second in combinations(labs, 2):
        distance = float(delta_e_2000(labs[first], labs[second]))
        if distance < TWINS:
            message = f"{second!r} is only ΔE00 {distance:.1f} from {first!r}, so the gate cannot tell them apart"
            fault = source.fault(("palette", "colors", second), message, "move them apart, or delete one", key=True)
            yield LintFinding("swatch-twin", "warning", fault)


def _gamut(brand: Brand, source: Source) -> Iterator[LintFinding]:
    """Colours outside sRGB are shown with what screens will make of them."""
    for name, color in brand.colors.items():
        loc = ("palette", "colors", name, "value")
        if not color.in_srgb:
            message = f"{name!r} lies outside sRGB; assets will show {color.hex}"
            yield LintFinding("swatch-gamut", "warning", source.fault(loc, message, f"write '{color.hex}' if that is what you mean"))
        if color.alpha < 1:
            message = f"{name!r} is {color.alpha:.0%} opaque; swatches are flat colours"
            hint = f"write the colour as it looks on its ground, e.g. '{color.hex}'"
            yield LintFinding("swatch-transparent", "error", source.fault(loc, message, hint))


def _pictures(brand: Brand, source: Source) -> Iterator[LintFinding]:
    """References and photographs load."""
    from brandkit.image.load import load_picture

    for loc, path in brand.paths.items():
        if loc[0] == "imagery":
            try:
                load_picture(path, ground="#FFFFFF")
            except PictureError as error:
                fault = source.fault(loc, error.message, error.hint or "replace it by a PNG, JPEG or WebP picture")
                yield LintFinding("picture-unreadable", "error", fault)
