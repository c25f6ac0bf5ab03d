"""How the book itself looks: its paper, inks and type, taken from the kit, with plain neutrals where a kit has too little."""

from __future__ import annotations

from dataclasses import dataclass

from brandkit.brand.resolve import Brand
from brandkit.color.contrast import wcag_contrast
from brandkit.color.parse import parse_color
from brandkit.color.spaces import oklab_to_srgb, srgb_to_oklab
from brandkit.layout.fonts import faces, in_weight

PAPER, INK = "#FAFAF8", "#1B1B1A"  # for kits whose own colours do not carry text
READABLE = 7.0  # contrast that a scheme needs to become the book's paper: text of 8 pt stands on it
QUIET = 4.6  # contrast of the small type: just over WCAG AA
LAST_RESORT = ("Libertinus Serif", "DejaVu Sans Mono")  # embedded in Typst; the second has the signs that the first lacks
SAFE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:%#/()"


@dataclass(frozen=True)
class Look:
    """Colours of the book's pages as `#RRGGBB`."""

    paper: str
    ink: str
    quiet: str
    """For captions: readable, but second."""
    line: str
    """For hairlines."""
    field: str
    """A step away from the paper, for grounds of diagrams."""
    accent: str
    on_accent: str
    poster: str
    """Ground of cover and dividers."""
    on_poster: str


def look_of(brand: Brand) -> Look:
    """Paper and ink from the first scheme that carries text; the brand's own colour for cover and dividers."""
    schemes = [(brand.hex(s.ground), brand.hex(s.ink), brand.hex(s.accent), brand.hex(s.on_accent)) for s in brand.schemes.values()]
    carrying = [scheme for scheme in schemes if wcag_contrast(scheme[0], scheme[1]) >= READABLE]
    paper, ink, accent, on_accent = carrying[0] if carrying else (PAPER, INK, INK, PAPER)
    poster, on_poster = _poster(brand, [scheme[:2] for scheme in carrying], paper, ink)
    return Look(
        paper, ink, _quiet(ink, paper), mix(ink, paper, 0.82), mix(ink, paper, 0.94), accent, on_accent, poster, on_poster
    )  # fmt: skip


def _poster(brand: Brand, carrying: list[tuple[str, str]], paper: str, ink: str) -> tuple[str, str]:
    primary = brand.role("primary")
    grounds = dict(carrying)
    if primary is None:
        return carrying[-1] if carrying else (ink, paper)
    ground = brand.hex(primary)
    if ground in grounds:
        return ground, grounds[ground]
    return ground, best_ink(ground, [color.hex for color in brand.colors.values()])


def best_ink(ground: str, among: list[str]) -> str:
    """The colour among the brand's that reads best on `ground`; a neutral where none does."""
    best = max(among, key=lambda color: wcag_contrast(color, ground), default=INK)
    if wcag_contrast(best, ground) >= 4.5:
        return best
    return max((PAPER, INK), key=lambda color: wcag_contrast(color, ground))


def _quiet(ink: str, paper: str) -> str:
    shades = [mix(ink, paper, step / 20) for step in range(9)]
    return next((shade for shade in reversed(shades) if wcag_contrast(shade, paper) >= QUIET), ink)


def mix(first: str, second: str, part: float) -> str:
    """`first` with `part` of `second` in it, mixed in OKLab."""
    one, two = (srgb_to_oklab([value / 255 for value in parse_color(color).rgb]) for color in (first, second))
    rgb = oklab_to_srgb(one * (1 - part) + two * part).clip(0, 1)
    return "#" + "".join(f"{round(float(value) * 255):02X}" for value in rgb)


def fonts_of(brand: Brand, family: str | None, weight: int) -> list[str]:
    """Typst family names for text in `family`: its own, then every other family of the kit, then what comes with Typst."""
    typography = brand.document.typography
    if not typography:
        return list(LAST_RESORT)
    order = [name for name in (family, *typography.families) if name in typography.families]
    named = [face for name in dict.fromkeys(order) for face in in_weight(faces(brand, name), weight)]
    return list(dict.fromkeys([*named, *LAST_RESORT]))


def text_family(brand: Brand) -> str | None:
    """The kit's family for the book's own words: that of body copy, if it can write plain English; else the first that can."""
    typography = brand.document.typography
    if not typography:
        return None
    body = typography.scale.get("body")
    wanted = [body.family] if body else []
    for name in [*wanted, *typography.families]:
        own = [face for face in faces(brand, name) if face.group == name]
        if all(ord(char) in face.characters for face in own for char in SAFE):
            return name
    return None
