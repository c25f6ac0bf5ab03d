"""The invented marks, drawn by code: wordmarks, crests, gradients, one-colour shapes and thin strokes, all as paths."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

FONTS = Path(__file__).parents[3] / "brands"
FRAUNCES = FONTS / "ebbware/fonts/Fraunces-SemiBold.ttf"
HANKEN = FONTS / "ebbware/fonts/HankenGrotesk-SemiBold.ttf"
PLEX = FONTS / "halfpast/fonts/IBMPlexSans-SemiBold.ttf"
FAMILJEN = FONTS / "halfpast/fonts/FamiljenGrotesk-Bold.ttf"


class Inks(NamedTuple):
    """The paints of one variant of a mark, as `#RRGGBB`."""

    main: str
    accent: str
    second: str


Draw = Callable[[Inks], str]


@lru_cache(maxsize=32)
def _word(text: str, font: Path, tracking: float = 0.0) -> tuple[str, float]:
    """Outlines of `text` at a cap height of about 70 units, baseline at 0; and its width."""
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.ttLib import TTFont

    face = TTFont(font)
    glyphs, names = face.getGlyphSet(), face.getBestCmap()
    scale, x, parts = 100 / face["head"].unitsPerEm, 0.0, []
    for letter in text:
        glyph = glyphs[names[ord(letter)]]
        pen = SVGPathPen(glyphs, ntos=lambda value: f"{value:.2f}".rstrip("0").rstrip("."))
        glyph.draw(TransformPen(pen, (scale, 0, 0, -scale, x, 0)))
        parts.append(pen.getCommands())
        x += glyph.width * scale + tracking
    return "".join(parts), x - tracking


def _svg(width: float, height: float, body: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1f} {height:.1f}" width="{width:.1f}" height="{height:.1f}">{body}</svg>'


def _at(x: float, y: float, body: str) -> str:
    return f'<g transform="translate({x:.2f} {y:.2f})">{body}</g>'


def _polar(cx: float, cy: float, radius: float, degrees: float) -> str:
    return f"{cx + radius * math.sin(math.radians(degrees)):.2f} {cy - radius * math.cos(math.radians(degrees)):.2f}"


def _star(cx: float, cy: float, outer: float, inner: float, points: int) -> str:
    return "M" + "L".join(_polar(cx, cy, outer if i % 2 == 0 else inner, 180 * i / points) for i in range(2 * points)) + "Z"


def _with_word(symbol: str, side: float, text: str, font: Path, ink: str, tracking: float = 0.0) -> str:
    path, width = _word(text, font, tracking)
    return _svg(side + 24 + width + 2, side, symbol + _at(side + 24, side * 0.5 + 33, f'<path d="{path}" fill="{ink}"/>'))


def quillmarsh(inks: Inks) -> str:
    """A serif wordmark with a stroke under its first letter."""
    path, width = _word("quillmarsh", FRAUNCES, 0.5)
    return _svg(width + 2, 112, _at(1, 82, f'<path d="{path}" fill="{inks.main}"/>'))


def dunmoor(inks: Inks) -> str:
    """A shield with chevrons, stars, a battlement and a hatched foot."""
    chevrons = "".join(
        f'<path d="M22 {y} L80 {y - 34} L138 {y} V{y + 9} L80 {y - 25} L22 {y + 9}Z" fill="{inks.second}"/>' for y in (92, 110, 128)
    )
    stars = "".join(f'<path d="{_star(x, 42, 11, 4.6, 5)}" fill="{inks.accent}"/>' for x in (44, 80, 116))
    hatch = "".join(f'<path d="M{x} 146 h3 v{30 - abs(x - 80) * 0.36:.1f} h-3Z" fill="{inks.accent}"/>' for x in range(44, 118, 7))
    shield = f'<path d="M10 10 h20 v8 h16 v-8 h20 v8 h28 v-8 h20 v8 h16 v-8 h20 v88 q0 62 -70 92 q-70 -30 -70 -92Z" fill="{inks.main}"/>'
    return _svg(160, 200, shield + stars + chevrons + hatch)


def auric(inks: Inks) -> str:
    """Three rising discs in one gradient, and a word."""
    stops = f'<stop offset="0" stop-color="{inks.accent}"/><stop offset="1" stop-color="{inks.second}"/>'
    gradient = f'<defs><linearGradient id="g" x1="0" y1="1" x2="1" y2="0">{stops}</linearGradient></defs>'
    discs = '<path d="M10 100 a40 40 0 0 1 80 0Z M24 56 a26 26 0 0 1 52 0Z M36 26 a14 14 0 0 1 28 0Z" fill="url(#g)"/>'
    return _with_word(gradient + discs, 110, "auric", HANKEN, inks.main, 2)


def brickle(inks: Inks) -> str:
    """Interlocked blocks in one colour."""
    path = "M4 4h60v24h-36v36h-24Z M76 4h60v60h-24v-36h-36Z M4 76h24v36h36v24h-60Z M112 76h24v60h-60v-24h36Z M46 46h48v48h-48Z M60 60v20h20v-20Z"
    return _svg(140, 140, f'<path fill-rule="evenodd" d="{path}" fill="{inks.main}"/>')


def harrow(inks: Inks) -> str:
    """Thin furrows that bend round a hill, and a thin frame."""
    lines = "".join(f'<path d="M8 {30 + 13 * i} q46 {-26 + 3 * i} 92 0 t92 0"/>' for i in range(8))
    frame = '<path d="M4 4 h192 v140 h-192 Z"/>'
    sun = f'<circle cx="156" cy="34" r="13" stroke="{inks.accent}"/>'
    return _svg(200, 148, f'<g fill="none" stroke="{inks.main}" stroke-width="2.4">{frame}{lines}{sun}</g>')


def lowenta(inks: Inks) -> str:
    """A wide-set wordmark of capitals with a coloured last letter."""
    path, width = _word("LOWENT", PLEX, 14)
    last, more = _word("A", PLEX)
    body = f'<path d="{path}" fill="{inks.main}"/>' + _at(width + 14, 0, f'<path d="{last}" fill="{inks.accent}"/>')
    return _svg(width + more + 16, 84, _at(1, 77, body))


def vantor(inks: Inks) -> str:
    """A round seal: ticked ring, compass rose, letters around nothing."""
    ticks = "".join(f'<path d="M{_polar(100, 100, 92, a)} L{_polar(100, 100, 78 if a % 30 else 70, a)}"/>' for a in range(0, 360, 10))
    ring = f'<circle cx="100" cy="100" r="95" fill="none" stroke="{inks.main}" stroke-width="5"/>'
    inner = f'<circle cx="100" cy="100" r="64" fill="{inks.main}"/>'
    rose = f'<path d="{_star(100, 100, 58, 15, 8)}" fill="{inks.second}"/><path d="{_star(100, 100, 52, 11, 4)}" fill="{inks.accent}"/>'
    return _svg(200, 200, ring + f'<g stroke="{inks.main}" stroke-width="3.2">{ticks}</g>' + inner + rose)


def solace(inks: Inks) -> str:
    """A sun that goes down into waves, in one gradient."""
    stops = f'<stop offset="0" stop-color="{inks.accent}"/><stop offset="0.6" stop-color="{inks.second}"/><stop offset="1" stop-color="{inks.main}"/>'
    gradient = f'<defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1">{stops}</linearGradient></defs>'
    waves = "".join(f"M8 {y} q24 -14 48 0 t48 0 t48 0 v10 q-24 14 -48 0 t-48 0 t-48 0Z " for y in (92, 114, 136))
    return _svg(160, 160, gradient + f'<path d="M24 84 a56 56 0 0 1 112 0Z {waves}" fill="url(#s)"/>')


def knotwell(inks: Inks) -> str:
    """A knot of three thick loops in one colour, and a word."""
    loops = "".join(f'<ellipse cx="60" cy="38" rx="20" ry="33" transform="rotate({a} 60 62)"/>' for a in (0, 120, 240))
    symbol = f'<g fill="none" stroke="{inks.main}" stroke-width="10">{loops}</g>'
    return _with_word(symbol, 120, "knotwell", FAMILJEN, inks.main, -1)


def fennel(inks: Inks) -> str:
    """A stem with thin fronds and a thin word."""
    fronds = "".join(
        f'<path d="M60 {150 - 18 * i} q{side * (34 - 3 * i)} {-4 - i} {side * (50 - 5 * i)} {-30 + 2 * i}"/>'
        f'<path d="M{60 + side * (26 - 2 * i)} {141 - 18 * i} l{side * (20 - 2 * i)} -2"/>' for i in range(6) for side in (-1, 1)
    )  # fmt: skip
    return _svg(120, 170, f'<g fill="none" stroke="{inks.main}" stroke-width="2.6" stroke-linecap="round"><path d="M60 166 V24"/>{fronds}</g>'
                f'<circle cx="60" cy="14" r="6" fill="none" stroke="{inks.accent}" stroke-width="2.6"/>')  # fmt: skip


MARKS: dict[str, Draw] = {
    "quillmarsh": quillmarsh, "dunmoor": dunmoor, "auric": auric, "brickle": brickle, "harrow": harrow,
    "lowenta": lowenta, "vantor": vantor, "solace": solace, "knotwell": knotwell, "fennel": fennel,
}  # fmt: skip
