"""The picture of docs/review.md: `python -m docs.figures.review`. Needs Chromium and the extra `dev`."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw

from brandkit.brand.load import load_brand
from brandkit.campaign import open_plan
from brandkit.campaign.run import run_plan
from brandkit.check.run import check_files
from brandkit.files import write_atomic
from brandkit.report import render
from brandkit.results import AssetResult

ROOT = Path(__file__).parents[2]
OUT = Path(__file__).parent / "review.webp"
SIZE = (1280, 760)  # CSS px of the page
BRAND = ROOT / "brands/halfpast"


def make_folder(folder: Path) -> None:
    """Some of the demo's assets with the faults that hands and models make, checked as pictures made elsewhere."""
    job = open_plan(BRAND / "campaigns/every-half-hour")
    made = [asset for asset in run_plan(job.plan, job.backend, folder / "run").assets if asset.locale == "en"]
    (folder / "ads").mkdir()
    for index, asset in enumerate(made):
        picture = Image.open(folder / "run" / asset.file).convert("RGB")
        (_stretch, _sticker, lambda *_: None)[index % 3](picture, asset)
        picture.save(folder / f"ads/{asset.format}.png")
    write_atomic(folder / "run.json", render(check_files([folder / "ads"], load_brand(BRAND)), "json"))


def _stretch(picture: Image.Image, asset: AssetResult) -> None:
    mark = asset.boxes["mark"]
    wide = picture.crop((mark.x, mark.y, mark.x + mark.w, mark.y + mark.h)).resize((round(mark.w * 1.2), mark.h))
    picture.paste(wide, (mark.x, mark.y))


def _sticker(picture: Image.Image, asset: AssetResult) -> None:
    side = min(picture.size) / 6
    left, top = picture.width * 0.7, picture.height * 0.12
    ImageDraw.Draw(picture).ellipse((left, top, left + side, top + side), fill="#17B890")


def shoot(folder: Path) -> bytes:
    """The page with the first asset open, as PNG."""
    from playwright.sync_api import sync_playwright

    line = [sys.executable, "-c", "from brandkit.cli.main import main; main()", "review", str(folder), "--reviewer", "Ada"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as server, sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
            page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]}, color_scheme="light")
            page.goto(server.stdout.readline().strip() if server.stdout else "")
            page.click("text=facebook-link.png")
            page.wait_for_selector("#content[data-shown]")
            page.wait_for_function("() => document.querySelector('figure img')?.complete")
            page.mouse.move(0, 0)
            return page.screenshot()
        finally:
            server.terminate()


def main() -> int:
    """Make the picture."""
    with tempfile.TemporaryDirectory() as place:
        make_folder(Path(place))
        buffer = io.BytesIO()
        Image.open(io.BytesIO(shoot(Path(place)))).save(buffer, "WEBP", quality=82, method=6)
    write_atomic(OUT, buffer.getvalue())
    print(f"{OUT.relative_to(ROOT)}: {len(buffer.getvalue()) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
