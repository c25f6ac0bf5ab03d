"""Draws the figures of docs/scoring.md from the demo brands: `python -m docs.figures.scoring`. Every number in them is measured here."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image
from skimage import data

from benchmarks.drift import on_mark, on_page
from brandkit.brand.load import load_brand
from brandkit.check.calibrate import calibrate
from brandkit.check.fit import fit_check
from brandkit.check.registry import load_checks
from brandkit.check.run import check_picture
from brandkit.files import write_atomic
from brandkit.image.vector import render_mark
from brandkit.results import Verdict
from docs.figures.checks import COLORS, GAP, MARGIN, WIDTH, escape, picture_panel, webp
from docs.figures.examples import Example, draw, judge, split
from docs.figures.plates import around_mark

HERE = Path(__file__).parent
BRANDS = HERE.parents[1] / "brands"
ROWS = {
    "palette-drift": ("The brand's blue strays", (0, 1.5, 3, 8)),
    "logo-altered": ("The logo is stretched", (0, 1, 3, 8)),
    "palette-intruder": ("A strange colour spreads", (0, 1.5, 3, 6)),
}


def png(picture: Image.Image) -> bytes:
    """The picture as PNG."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def example(check: str, step: float) -> Example:
    """One asset with a fault of the given size, and what the check says."""
    base, make, focus = {
        "palette-drift": (split(), lambda: draw(on_page.swatch, split(), step, 5), None),
        "logo-altered": (split("chalk"), lambda: draw(on_mark.stretch, split("chalk"), step, 2), around_mark(split("chalk"))),
        "palette-intruder": (split("chalk"), lambda: draw(on_page.intruder, split("chalk"), step, 8), None),
    }[check]
    return judge(check, "", base, make() if step else None, focus=focus, read="aspect" if check == "logo-altered" else "")


def verdicts(folder: Path) -> str:
    """Rows of assets with a growing fault, each with its number and verdict."""
    width = (WIDTH - 2 * MARGIN - 3 * GAP) / 4
    rows = []
    for check, (title, steps) in ROWS.items():
        cells = [picture_panel(example(check, step), f"{check}-{index}.png", width, folder) for index, step in enumerate(steps)]
        rows.append(
            f'#block(above: 14pt, below: 9pt)[#text(weight: 600, size: 13pt)[{title}] #h(4pt) #text(fill: rgb("#7A8488"))[{escape(check)}]]'
            f"#grid(columns: 4, column-gutter: {GAP}pt, {', '.join(f'[{cell}]' for cell in cells)})"
        )
    return "\n".join(rows)


def order(folder: Path) -> str:
    """Pictures of both demo brands in the order of drift, after calibrating on half of Ebbware's."""
    brand = load_brand(BRANDS / "ebbware")
    own = sorted((BRANDS / "ebbware/photos").glob("*.jpg"))
    elsewhere = [Image.fromarray(data.coffee()), Image.fromarray(data.chelsea()), clock()]
    examples = folder / "examples"
    examples.mkdir()
    for index, path in enumerate(own):  # each photograph and a crop of it: a small brand's shelf
        with Image.open(path) as opened:
            picture = opened.convert("RGB")
        picture.thumbnail((900, 900))
        if index % 2 == 0:
            picture.save(examples / f"{index}.png")
            picture.crop((picture.width // 8, picture.height // 8, picture.width, picture.height)).save(examples / f"{index}-crop.png")
    outcome = calibrate(brand, [examples], alpha=0.2)
    fresh = replace(brand, calibration=outcome.calibration)
    shown = [("Ebbware's own", Image.open(path).convert("RGB")) for path in own[1::2][:3]]
    shown += [("from elsewhere", picture) for picture in elsewhere]
    cells = []
    for index, (whose, picture) in enumerate(shown):
        picture.thumbnail((900, 900))
        drift = check_picture(png(picture), fresh, asset_id="figure").drift or 0.0
        square = min(picture.size)
        left, top = (picture.width - square) // 2, (picture.height - square) // 2
        picture.crop((left, top, left + square, top + square)).resize((400, 400)).save(folder / f"order-{index}.png")
        cells.append((drift, cell(f"order-{index}.png", drift, whose)))
    shown_in_order = ", ".join(text for _, text in sorted(cells, key=lambda entry: entry[0]))
    return f"#grid(columns: (1fr,) * 6, column-gutter: 12pt, {shown_in_order})"


def clock() -> Image.Image:
    """The other demo brand's mark on its own ground."""
    brand = load_brand(BRANDS / "halfpast")
    picture = Image.new("RGB", (720, 720), next(iter(brand.swatches)).hex)
    mark = Image.fromarray(render_mark(brand.mark_path(list(brand.marks)[-1]), 420))
    picture.paste(mark, ((720 - mark.width) // 2, (720 - mark.height) // 2), mark)
    return picture


def calibration(_: Path) -> str:
    """Nineteen examples on a line, the physical floor, and the limit that they set."""
    check = load_checks()["palette-intruder"]
    numbers = [*np.random.default_rng(4).gamma(1.2, 0.6, 17).round(2).tolist(), 3.1, 6.8]
    fit = fit_check(check, {f"{index}": number for index, number in enumerate(numbers)}, (), 0.1)
    scale, left, axis = 84.0, 16.0, 92.0
    parts = [f"#box(width: {WIDTH - 2 * MARGIN}pt, height: 142pt)["]

    def put(x: float, y: float, body: str) -> None:
        parts.append(f"#place(dx: {left + scale * x:.2f}pt, dy: {y:.2f}pt)[{body}]")

    def line(x: float, color: str, text: str, y: float) -> None:
        put(x, y, f'#line(start: (0pt, 0pt), end: (0pt, {axis - y}pt), stroke: 1.4pt + rgb("{color}"))')
        put(x + 0.07, y - 2, f'#text(fill: rgb("{color}"), weight: 600)[{text}]')

    put(0, axis, f'#line(start: (0pt, 0pt), end: ({scale * 8}pt, 0pt), stroke: 0.8pt + rgb("#7A8488"))')
    for tick in range(9):
        put(tick - 0.13, axis + 7, f'#text(size: 10pt, fill: rgb("#7A8488"))[{tick} %]')
    line(fit.default[0], "#7A8488", f"default: review over {fit.default[0]:g} % (the floor)", 6)
    line(fit.limits[0], COLORS[Verdict.REVIEW], f"calibrated: review over {fit.limits[0]:.1f} %", 28)
    line(fit.limits[1], COLORS[Verdict.FAIL], f"fail from {fit.limits[1]:.1f} %", 28)
    for number in numbers:
        put(number - 3.6 / scale, axis - 13, '#circle(radius: 3.6pt, fill: rgb("#04444ED0"), stroke: 0.6pt + white)')
    promise = f"a further approved picture exceeds the new limit in {100 * fit.alarms.rate:.0f} % of cases"
    put(0, axis + 32, f"19 approved pictures; {promise} (95 % sure: {100 * fit.alarms.low:.0f} to {100 * fit.alarms.high:.0f} %)")
    return "\n".join([*parts, "]"])


def cell(file: str, drift: float, whose: str) -> str:
    """A picture over its drift as a bar and a number, and whose it is."""
    bar = f'#box(width: 100%, height: 3pt, fill: rgb("#E3DED4"))[#rect(width: {100 * drift:.1f}%, height: 3pt, fill: rgb("#04444E"))]'
    return (
        f'[#image("{file}", width: 100%)#block(above: 6pt, below: 5pt)[{bar}]'
        f'#text(weight: 600)[drift {drift:.2f}] \\ #text(size: 10pt, fill: rgb("#5C676B"))[{whose}]]'
    )


def main() -> None:
    """Write the figures beside this file."""
    for name, make in {"verdicts": verdicts, "calibration": calibration, "order": order}.items():
        with tempfile.TemporaryDirectory() as folder:
            write_atomic(HERE / f"{name}.webp", webp(make(Path(folder)), Path(folder)))


if __name__ == "__main__":
    main()
