"""Draws the figures of docs/scoring.md from the demo brands: `python docs/figures/scoring.py`. Every number in them is measured here."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import typst
from PIL import Image, ImageDraw
from skimage import data

from brandkit.brand.load import load_brand
from brandkit.brand.resolve import Brand
from brandkit.check.calibrate import calibrate
from brandkit.check.fit import fit_check
from brandkit.check.registry import load_checks
from brandkit.check.run import check_picture, run_check
from brandkit.check.subject import Subject
from brandkit.image.load import load_picture
from brandkit.image.vector import render_mark
from brandkit.results import CheckResult, Verdict

HERE = Path(__file__).parent
BRANDS = HERE.parents[1] / "brands"
COLORS = {Verdict.PASS: "#2E7D4F", Verdict.NOT_CHECKED: "#777777", Verdict.REVIEW: "#B57A00", Verdict.FAIL: "#B3261E"}
STEPS = {"palette-drift": (0, 2, 5, 12), "logo-altered": (0, 2, 4, 9), "palette-intruder": (0, 24, 50, 80)}
WIDTH = 200  # mm of a figure
PPI = 150


def png(picture: Image.Image) -> bytes:
    """The picture as PNG."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def page(brand: Brand, kind: str, step: int) -> Image.Image:
    """A small asset with one fault of the given size."""
    chalk, tide = (np.array(brand.color(name).rgb, float) for name in ("chalk", "tide"))
    shift = step * np.array([0.0, 1.0, -0.5]) if kind == "palette-drift" else 0.0  # toward green: no blend of the brand's colours
    picture = Image.new("RGB", (720, 480), tuple(round(value) for value in chalk))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 300, 719, 479), fill=tuple(int(value) for value in np.clip(tide + shift, 0, 255)))
    stretch = 1 + (step / 100 if kind == "logo-altered" else 0)
    mark = Image.fromarray(render_mark(brand.mark_path(next(iter(brand.marks))), 300))
    mark = mark.resize((round(mark.width * stretch), mark.height), Image.Resampling.LANCZOS)
    if kind != "palette-drift":  # the mark's own ink would answer for the fill
        picture.paste(mark, (60, 110), mark)
    if kind == "palette-intruder" and step:
        pen.rectangle((520, 120, 520 + round(2.0 * step), 120 + round(1.1 * step)), fill="#E0218A")
    return picture


def reading(brand: Brand, picture: Image.Image, check: str) -> CheckResult:
    """What one check says about a picture."""
    return run_check(load_checks()[check], Subject(load_picture(png(picture), name="figure"), brand))


def verdicts(folder: Path) -> str:
    """Rows of pictures with a growing fault, each with its number and verdict."""
    brand = load_brand(BRANDS / "ebbware")
    cells = []
    for kind, steps in STEPS.items():
        for index, step in enumerate(steps):
            picture = page(brand, kind, step)
            result = reading(brand, picture, kind)
            number = "no number" if result.measured is None else f"{result.measured:.1f} {result.unit}"
            picture.save(folder / f"{kind}-{index}.png")
            cells.append(cell(f"{kind}-{index}.png", number, result.verdict, kind if index == 0 else ""))
    return grid(4, cells)


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
        cells.append((drift, cell(f"order-{index}.png", f"drift {drift:.2f}", Verdict.NOT_CHECKED, whose)))
    return grid(6, [text for _, text in sorted(cells, key=lambda entry: entry[0])])


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
    scale, left = 21.0, 6.0
    parts = [f"#box(width: {WIDTH - 20}mm, height: 40mm)["]

    def put(x: float, y: float, body: str) -> None:
        parts.append(f"#place(dx: {left + scale * x:.2f}mm, dy: {y:.2f}mm)[{body}]")

    def line(x: float, color: str, text: str, y: float) -> None:
        put(x, 0, f'#line(start: (0mm, 4mm), end: (0mm, 31mm), stroke: 1pt + rgb("{color}"))')
        put(x + 0.06, y, f'#text(fill: rgb("{color}"))[{text}]')

    put(0, 0, f"#line(start: (0mm, 24mm), end: ({scale * 8}mm, 24mm), stroke: 0.6pt)")
    for tick in range(9):
        put(tick, 25.5, f"{tick} %")
    line(fit.default[0], "#777777", f"default: review over {fit.default[0]:g} % (the floor)", 0)
    line(fit.limits[0], COLORS[Verdict.REVIEW], f"calibrated: review over {fit.limits[0]:.1f} %", 5)
    line(fit.limits[1], COLORS[Verdict.FAIL], f"fail from {fit.limits[1]:.1f} %", 5)
    for number in numbers:
        put(number - 1.1 / scale, 19, '#circle(radius: 1.1mm, fill: rgb("#04444E"), stroke: none)')
    promise = f"a further approved picture exceeds the new limit in {100 * fit.alarms.rate:.0f} % of cases"
    put(0, 34, f"19 approved pictures; {promise} (95 % sure: {100 * fit.alarms.low:.0f} to {100 * fit.alarms.high:.0f} %)")
    return "\n".join([*parts, "]"])


def cell(file: str, number: str, verdict: Verdict, title: str) -> str:
    """A picture over its number and verdict."""
    word = "" if verdict is Verdict.NOT_CHECKED else f' #h(1fr) #text(fill: rgb("{COLORS[verdict]}"), weight: "bold")[{verdict.value}]'
    return f'[#text(weight: "bold")[{title}~] \\ #image("{file}", width: 100%) #v(-2mm) {number}{word}]'


def grid(columns: int, cells: list[str]) -> str:
    """Cells in rows."""
    return f"#grid(columns: (1fr,) * {columns}, column-gutter: 4mm, row-gutter: 5mm, {', '.join(cells)})"


def main() -> None:
    """Write the figures beside this file."""
    fonts = sorted({str(path.parent) for path in BRANDS.rglob("*.ttf")})
    for name, draw in {"verdicts": verdicts, "calibration": calibration, "order": order}.items():
        with tempfile.TemporaryDirectory() as folder:
            body = draw(Path(folder))
            head = f'#set page(width: {WIDTH}mm, height: auto, margin: 6mm, fill: white)\n#set text(size: 9pt, font: "Libertinus Serif")\n'
            source = Path(folder) / "figure.typ"
            source.write_text(head + body, encoding="utf-8")
            typst.compile(str(source), output=str(HERE / f"{name}.png"), format="png", ppi=PPI, font_paths=fonts)


if __name__ == "__main__":
    main()
