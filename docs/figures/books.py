"""Draws docs/figures/books.webp, pages of the demo brands' books: `python docs/figures/books.py BOOK.pdf BOOK.pdf BOOK.pdf`.

It needs pdftoppm. Each PDF comes from `brandkit book brands/NAME --out DIR`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

TARGET = Path(__file__).parent / "books.webp"
PAGES = (1, 5, 7, 8, 10, 15, 18)  # cover, clear space, misuse, colour, contrast, scale, pictures
LAST = 18  # of the first book: its layouts
WIDE, GAP, GROUND = 420, 14, "#D9D8D5"
LIMIT = 300_000  # bytes


def page(book: Path, number: int, folder: Path) -> Image.Image:
    """One page of a book as a small picture."""
    stem = folder / f"{book.parent.name}-{number}"
    subprocess.run(["pdftoppm", "-r", "90", "-f", str(number), "-l", str(number), "-singlefile", "-png", book, stem], check=True)
    drawn = Image.open(stem.with_suffix(".png")).convert("RGB")
    return drawn.resize((WIDE, round(drawn.height * WIDE / drawn.width)), Image.Resampling.LANCZOS)


def main() -> None:
    """Draw four pages of each book, and a row of further ones."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [[page(Path(book), number, Path(folder)) for number in PAGES[:4]] for book in sys.argv[1:]]
        rows += [
            [page(Path(sys.argv[1 + index % len(sys.argv[1:])]), number, Path(folder)) for index, number in enumerate((*PAGES[4:], LAST))]
        ]
    high = rows[0][0].height
    sheet = Image.new("RGB", (4 * (WIDE + GAP) + GAP, len(rows) * (high + GAP) + GAP), GROUND)
    for down, row in enumerate(rows):
        for across, picture in enumerate(row):
            sheet.paste(picture, (GAP + across * (WIDE + GAP), GAP + down * (high + GAP)))
    for quality in range(88, 40, -4):
        sheet.save(TARGET, quality=quality, method=6)
        if TARGET.stat().st_size <= LIMIT:
            return
    raise SystemExit(f"{TARGET} is larger than {LIMIT} bytes")


if __name__ == "__main__":
    main()
