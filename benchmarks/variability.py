"""How far the numbers of one unchanged asset move when only its file changes.

Run: `python -m benchmarks.variability [--out FILE] [--figure SVG]`. One page of Ebbware, painted here, is saved as JPEG, made smaller,
stripped of a wide-gamut profile and checked again; the true answer is always 0.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from brandkit import __version__
from brandkit.brand.load import load_brand
from brandkit.brand.resolve import Brand
from brandkit.check.registry import load_checks
from brandkit.check.run import run_check
from brandkit.check.subject import Subject
from brandkit.files import write_atomic
from brandkit.image.load import load_picture
from brandkit.image.vector import render_mark

ROOT = Path(__file__).parents[1]
SIZE = (1200, 800)
PAINTED = ("chalk", "tide")  # the colours that the page shows as areas; others may be met by chance in the photograph
CHECKS = ("palette-drift", "palette-intruder", "logo-altered", "logo-clearspace")


def asset(brand: Brand) -> Image.Image:
    """A page that keeps to the brand: its ground, its blue, its mark, and one of its photographs."""
    page = Image.new("RGB", SIZE, brand.hex("chalk"))
    ImageDraw.Draw(page).rectangle((0, 560, 1199, 799), fill=brand.hex("tide"))
    with Image.open(sorted(brand.root.glob("photos/*.jpg"))[0]) as opened:
        page.paste(opened.convert("RGB").resize((480, 440)), (680, 60))
    mark = Image.fromarray(render_mark(brand.mark_path(next(iter(brand.marks))), 360))
    page.paste(mark, (90, 160), mark)
    return page


def variants(page: Image.Image) -> dict[str, bytes]:
    """The same asset as files that people make of it."""
    files = {"PNG": saved(page, "PNG")}
    for quality in (95, 85, 75, 60, 40):
        files[f"JPEG {quality}"] = saved(page, "JPEG", quality=quality)
    files["WebP 80"] = saved(page, "WEBP", quality=80)
    for factor in (0.75, 0.5, 0.25):
        small = page.resize((round(SIZE[0] * factor), round(SIZE[1] * factor)), Image.Resampling.LANCZOS)
        files[f"{100 * factor:.0f} % size"] = saved(small, "PNG")
    files["50 % size, JPEG 75"] = saved(page.resize((600, 400), Image.Resampling.LANCZOS), "JPEG", quality=75)
    noise = np.random.default_rng(5).normal(0, 2.5, (SIZE[1], SIZE[0], 3))
    files["grain, 2.5 levels"] = saved(Image.fromarray(np.clip(np.asarray(page) + noise, 0, 255).round().astype(np.uint8)), "PNG")
    wide = to_p3(np.asarray(page) / 255.0)
    files["Display P3, profile lost"] = saved(Image.fromarray((255 * wide).round().astype(np.uint8)), "PNG")
    return files


def to_p3(rgb: np.ndarray) -> np.ndarray:
    """The same colours in Display P3 numbers, as an editor writes them; read without their profile, they look paler."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.82246197, 0.17753803, 0], [0.0331942, 0.9668058, 0], [0.01708263, 0.07239744, 0.91051993]])
    moved = np.clip(linear @ matrix.T, 0, 1)
    return np.where(moved <= 0.0031308, moved * 12.92, 1.055 * moved ** (1 / 2.4) - 0.055)


def saved(picture: Image.Image, form: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def read(data: bytes, brand: Brand) -> dict[str, float | None]:
    """What the checks read in a file."""
    subject = Subject(load_picture(data, name="asset"), brand)
    results = {name: run_check(load_checks()[name], subject) for name in CHECKS}
    painted = [entry.value for entry in results["palette-drift"].measurements if entry.name in PAINTED and entry.value is not None]
    aspect = next((entry.value for entry in results["logo-altered"].measurements if entry.name == "aspect"), None)
    numbers = {name: result.measured for name, result in results.items()}
    return numbers | {"palette-drift": max(painted, default=None), "logo-altered": aspect}


def report(table: dict[str, dict[str, float | None]], threads: bool) -> str:
    """The page."""
    limits = {name: load_checks()[name].limits for name in CHECKS}
    lines = [
        "# What the file does to the numbers\n",
        f"Made by `python -m benchmarks.variability --out docs/benchmarks/variability.md`, brandkit {__version__}.",
        "One on-brand page of Ebbware whose file alone changes. Nothing in it is wrong, so everything above 0 comes from the file.\n",
        "| file | " + " | ".join(f"{name}, {limits[name].unit}" for name in CHECKS) + " |",
        "|---" * (len(CHECKS) + 1) + "|",
    ]
    for name, numbers in table.items():
        cells = ["–" if numbers[check] is None else f"{numbers[check]:.2f}" for check in CHECKS]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines.append("| *review over* | " + " | ".join(f"{limits[name].review_at:g}" for name in CHECKS) + " |")
    same = "the same numbers to every stored digit" if threads else "different numbers: please report it"
    lines.append(f"\nWith one thread and with all, twice each: {same}.")
    return "\n".join(lines) + "\n"


def figure(table: dict[str, dict[str, float | None]]) -> str:
    """Bars of ΔE00 for every file, with the limit, as SVG."""
    limit, scale, left, step = load_checks()["palette-drift"].limits, 110, 190, 26
    rows, height = [], 30 + step * len(table)
    for index, (name, numbers) in enumerate(table.items()):
        value, y = numbers["palette-drift"] or 0.0, 30 + step * index
        color = "#2E7D4F" if value <= limit.review_at else "#B57A00" if value < limit.fail_at else "#B3261E"
        rows.append(f'<text x="{left - 10}" y="{y + 13}" text-anchor="end">{name}</text>')
        rows.append(f'<rect x="{left}" y="{y}" width="{max(1.0, value * scale):.1f}" height="14" rx="2" fill="{color}"/>')
        rows.append(f'<text x="{left + value * scale + 8:.1f}" y="{y + 13}">{value:.2f}</text>')
    for value, word in ((limit.review_at, "review"), (limit.fail_at, "fail")):
        x = left + value * scale
        rows.append(f'<path d="M{x} 22V{height}" stroke="#7A8488" stroke-dasharray="4 3"/>')
        rows.append(f'<text x="{x}" y="16" text-anchor="middle" fill="#7A8488">{word}</text>')
    width = left + 5.6 * scale
    style = 'font-family="\'Hanken Grotesk\', Inter, \'Helvetica Neue\', Arial, sans-serif" font-size="13" fill="#2A3235"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height + 10}" {style}>\n'
        f'<rect width="100%" height="100%" fill="#FAF8F4"/>\n' + "\n".join(rows) + "\n</svg>\n"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--figure", type=Path)
    options = parser.parse_args()
    brand = load_brand(ROOT / "brands/ebbware")
    files = variants(asset(brand))
    table = {name: read(data, brand) for name, data in files.items()}
    probe, runs = files["JPEG 75"], []
    for threads in (1, 1, 0, 0):
        cv2.setNumThreads(threads or -1)
        runs.append(read(probe, brand))
    text = report(table, all(run == runs[0] for run in runs))
    print(text, end="")
    if options.out:
        write_atomic(options.out, text)
    if options.figure:
        write_atomic(options.figure, figure(table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
