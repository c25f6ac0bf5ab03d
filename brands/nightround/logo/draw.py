"""Draws the marks of Nightround and of Firstlight: `python draw.py` (needs fonttools; the wordmarks are outlines of Readex Pro).

Four circles touch in one point at three o'clock of a box of 96: at 0, 24, 40 and 56 from the left; the fifth, the dot, starts at 68.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
FONT = HERE.parent / "fonts/ReadexPro-Regular.ttf"
NEST = (0, 24, 40, 56)
DOT = 68
NIGHT, MOON, HEATHER, DIAL, DAWN = "#1A0C1F", "#F3EDD7", "#692B93", "#C7EB3A", "#FFA378"


def number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def circle(left: float, sweep: int = 1) -> str:
    radius = number((96 - left) / 2)
    return f"M{number(left)} 48A{radius} {radius} 0 1 {sweep} 96 48A{radius} {radius} 0 1 {sweep} {number(left)} 48Z"


def words(text: str, x: float, base: float, size: float, tracking: float = 0.0) -> tuple[str, float]:
    font = TTFont(FONT)
    glyphs, names, scale = font.getGlyphSet(), font.getBestCmap(), size / font["head"].unitsPerEm
    parts = []
    for char in text:
        glyph = names[ord(char)]
        pen = SVGPathPen(glyphs, ntos=number)
        glyphs[glyph].draw(TransformPen(pen, (scale, 0, 0, -scale, x, base)))
        parts.append(pen.getCommands())
        x += glyphs[glyph].width * scale + tracking * size
    return "".join(parts), x


def mark(name: str, ink: str, dot: str, lines: tuple[tuple[str, float, float, str], ...] = (), folder: Path = HERE, title: str = "Nightround") -> None:
    nest = "".join(circle(left, 1 - i % 2) for i, left in enumerate(NEST))
    paths, right = [], 96.0
    for text, base, size, color in lines:
        drawn, end = words(text, 122, base, size, -0.012)
        paths.append(f'<path fill="{color}" d="{drawn}"/>')
        right = max(right, end)
    body = f'<path fill="{ink}" d="{nest}"/><path fill="{dot}" d="{circle(DOT)}"/>' + "".join(paths)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(round(right))} 96" role="img"><title>{title}</title>'
    (folder / f"{name}.svg").write_text(f"{head}{body}</svg>\n", encoding="utf-8")


def main() -> None:
    for name, ink, dot in (("primary", MOON, DIAL), ("daylight", NIGHT, HEATHER), ("mono", MOON, MOON)):
        mark(name, ink, dot, (("nightround", 66.5, 74, ink),))
    mark("symbol", MOON, DIAL)
    mark("symbol-daylight", NIGHT, HEATHER)
    early = HERE.parent / "firstlight/logo"
    for name, ink, dot in (("primary", MOON, DAWN), ("daylight", NIGHT, HEATHER), ("mono", MOON, MOON)):
        mark(name, ink, dot, (("nightround", 41, 46, ink), ("firstlight", 84, 46, dot)), early, "Nightround Firstlight")
    mark("symbol", MOON, DAWN, folder=early, title="Nightround Firstlight")
    mark("symbol-daylight", NIGHT, HEATHER, folder=early, title="Nightround Firstlight")


if __name__ == "__main__":
    main()
