"""Draws the plates of `docs/checks/` from the demo brand, each number read by the check itself.

Run: `python -m docs.figures.checks [ID ...] [--check]`. With `--check` nothing is written: a plate whose numbers or pixels differ is named.
"""

from __future__ import annotations

import io
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import typst
from PIL import Image

from brandkit.files import write_atomic
from brandkit.image.region import Box
from brandkit.results import CheckResult, Verdict
from docs.figures.examples import BRANDS, Example
from docs.figures.plates import PLATES, RATIO, Text

FOLDER = Path(__file__).parents[1] / "checks" / "pictures"
INDEX = FOLDER / "plates.json"
COLORS = {Verdict.PASS: "#2E7D4F", Verdict.NOT_CHECKED: "#777777", Verdict.REVIEW: "#B57A00", Verdict.FAIL: "#B3261E"}
WIDTH, MARGIN, GAP, PPI = 760.0, 22.0, 18.0, 144.0  # pt; pixels per 72 pt
QUALITY = 84
STRIKING, FEW = 32, 2e-4  # levels, share of pixels: other machines' encoders differ by less, a frame that moved does not
HEAD = """#set page(width: {width}pt, height: auto, margin: {margin}pt, fill: rgb("#FAF8F4"))
#set text(font: "Hanken Grotesk", size: 11.5pt, fill: rgb("#2A3235"))
#set par(leading: 0.5em)
"""


def verdict_line(result: CheckResult, number: str) -> str:
    """A dot and the verdict on the left, the number on the right."""
    color = COLORS[result.verdict]
    dot = f'#box(baseline: -0.5pt, circle(radius: 3.6pt, fill: rgb("{color}")))'
    word = result.verdict.value.replace("_", " ")
    return f'{dot} #h(3pt) #text(fill: rgb("{color}"), weight: 600)[{word}] #h(1fr) #text(weight: 600)[{escape(number)}]'


def escape(text: str) -> str:
    """Text that Typst shows as it is."""
    return re.sub(r"([\\#$*_`<>@\[\]~/-])", r"\\\1", text)


def picture_panel(example: Example, file: str, width: float, folder: Path) -> str:
    """A picture with the finding's frame, its verdict and number, and what is seen."""
    seen = example.focus or Box(0, 0, *example.picture.size)
    part = example.picture.resize(
        (round(2 * width), round(2 * width / RATIO)), Image.Resampling.LANCZOS, box=(seen.x, seen.y, seen.right, seen.bottom)
    )
    part.save(folder / file, "PNG", compress_level=1)
    scale, frame, color = width / seen.w, "", COLORS[example.result.verdict]
    if example.box is not None and 0 < (box := example.box.grown(1.5 / scale).intersection(seen)).area < 0.8 * seen.area:
        x, y, w, h = ((box.x - seen.x) * scale, (box.y - seen.y) * scale, box.w * scale, box.h * scale)
        for stroke in ('2.6pt + rgb("#FFFFFFB0")', f'1.2pt + rgb("{color}")'):
            drawn = f"rect(width: {w:.2f}pt, height: {h:.2f}pt, stroke: {stroke}, radius: 1pt)"
            frame += f"#place(top + left, dx: {x:.2f}pt, dy: {y:.2f}pt, {drawn})"
    image = f'#image("{file}", width: {width}pt)'
    stroked = f'#place(top + left, rect(width: {width}pt, height: {width / RATIO:.2f}pt, stroke: 0.5pt + rgb("#00000026")))'
    over = f"#place(top + left)[{frame}]" if frame else ""
    return f"#box(width: {width}pt, clip: true)[{image}{over}{stroked}]{under(example, width)}"


def under(example: Example | Text, width: float) -> str:
    """Verdict, number and caption."""
    number = example.number if isinstance(example, Example) else ""
    line = f"#v(7pt, weak: true)#block(width: {width}pt, above: 7pt, below: 0pt)[{verdict_line(example.result, number)}]"
    if not example.caption:
        return line
    return f'{line}#block(width: {width}pt, above: 6pt, below: 0pt)[#text(size: 10.5pt, fill: rgb("#5C676B"))[{escape(example.caption)}]]'


def text_panel(text: Text, width: float) -> str:
    """Lines of a campaign file with the words marked, and what the check says about them."""
    marked = dict(
        re.search(r":(\d+):\d+: .*?'(.+?)'", one.message).groups()
        for one in text.result.findings
        if re.search(r":\d+:\d+: .*?'", one.message)
    )
    color, rows = COLORS[text.result.verdict], []
    for row, (slot, words) in enumerate(text.copy.items()):
        shown = escape(words)
        if word := marked.get(str(20 + row)):
            wash = f'#highlight(fill: rgb("{color}30"), top-edge: 0.95em, bottom-edge: -0.3em, extent: 2pt, radius: 2pt)'
            shown = shown.replace(escape(word), f'{wash}[#text(fill: rgb("{color}"), weight: 600)[{escape(word)}]]')
        rows.append(f'text(fill: rgb("#A9B0B2"))[{20 + row}], text(fill: rgb("#7A8488"))[{slot}], [{shown}]')
    table = f"#grid(columns: (20pt, 52pt, 1fr), row-gutter: 10pt, {', '.join(rows)})"
    notes = "".join(
        f'#block(above: 9pt, below: 0pt)[#text(size: 9.6pt, fill: rgb("#5C676B"))[{escape(note(one.message, one.remedy))}]]'
        for one in text.result.findings
    )
    look = 'inset: 12pt, fill: white, stroke: 0.5pt + rgb("#00000026"), height: 104pt'
    card = f"#block(width: {width}pt, {look})[#set text(size: 10.8pt)\n{table}{notes}]"
    return card + under(text, width)


def note(message: str, remedy: str) -> str:
    """Place and remedy of a finding, as short as they can be said."""
    place = re.match(r"\S+:(\d+):(\d+): ", message)
    return f"{place[1]}:{place[2]}  {remedy}" if place else message


def webp(body: str, folder: Path) -> bytes:
    """A page of Typst with the brand's fonts, as WebP; its pictures lie in `folder`."""
    source, buffer = folder / "plate.typ", io.BytesIO()
    source.write_text(HEAD.format(width=WIDTH, margin=MARGIN) + body, encoding="utf-8")
    fonts = [str(BRANDS / "ebbware/fonts"), str(BRANDS / "halfpast/fonts")]
    drawn = typst.compile(str(source), format="png", ppi=PPI, font_paths=fonts, ignore_system_fonts=True)
    Image.open(io.BytesIO(drawn)).convert("RGB").save(buffer, "WEBP", quality=QUALITY, method=6)
    return buffer.getvalue()


def plate(check: str) -> tuple[bytes, dict[str, Any]]:
    """The plate of one check as WebP, and its panels in words."""
    examples = PLATES[check]()
    width = (WIDTH - 2 * MARGIN - (len(examples) - 1) * GAP) / len(examples)
    width = min(width, (WIDTH - 2 * MARGIN - GAP) / 2)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cells = [
            text_panel(example, width) if isinstance(example, Text) else picture_panel(example, f"{index}.png", width, folder)
            for index, example in enumerate(examples)
        ]
        grid = f"#grid(columns: {len(cells)}, column-gutter: {GAP}pt, {', '.join(f'[{cell}]' for cell in cells)})"
        made = webp(grid, folder)
    return made, {"panels": [panel_words(example) for example in examples]}


def panel_words(example: Example | Text) -> dict[str, str]:
    """A panel for people and programs that cannot see it."""
    number = example.number if isinstance(example, Example) else "; ".join(one.message for one in example.result.findings)
    return {"caption": example.caption, "verdict": example.result.verdict.value, "number": number}


def differs(check: str, made: bytes, told: dict[str, Any], index: dict[str, Any]) -> bool:
    """Whether a plate is not what lies in the repository."""
    path = FOLDER / f"{check}.webp"
    if not path.exists() or index.get(check) != told:
        return True
    one, two = (np.asarray(Image.open(source).convert("RGB"), int) for source in (path, io.BytesIO(made)))
    return one.shape != two.shape or float((np.abs(one - two).max(axis=2) > STRIKING).mean()) > FEW


def main(arguments: Sequence[str]) -> int:
    """Write the plates that changed, or name them with `--check`; returns 1 when one did."""
    index = json.loads(INDEX.read_text(encoding="utf-8")) if INDEX.exists() else {}
    stale = []
    for check in [name for name in arguments if name in PLATES] or list(PLATES):
        made, told = plate(check)
        if differs(check, made, told, index):
            stale.append(check)
            index[check] = told
            if "--check" not in arguments:
                write_atomic(FOLDER / f"{check}.webp", made)
                print(f"{check}: {len(made) / 1000:.0f} kB", file=sys.stderr)
    if "--check" in arguments:
        for check in stale:
            print(f"the plate of {check} is out of date; run `python -m docs.figures.checks {check}`", file=sys.stderr)
        return 1 if stale else 0
    write_atomic(INDEX, json.dumps(dict(sorted(index.items())), indent=1, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
