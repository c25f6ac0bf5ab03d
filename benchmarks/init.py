"""Begins kits from the logos and pictures of real brands and compares the proposed palette with the official one.

`python -m benchmarks.init [--write]`; needs the collected brands (`BRANDKIT_CORPUS`, default `../shared/corpus`). A proposed colour is
right when it lies within ΔE00 3 of an official one, false otherwise; stand-ins for a missing ink or ground are not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from brandkit.brand.load import load_brand
from brandkit.color.difference import delta_e_2000
from brandkit.start.begin import begin_kit
from brandkit.start.sightings import lab_of

CORPUS = Path(os.environ.get("BRANDKIT_CORPUS", "../shared/corpus")) / "brands"
PAGE = Path("docs/interchange.md")
BEGIN, END = "<!-- made by benchmarks/init.py -->", "<!-- end of init -->"
NEAR = 3.0  # ΔE00
BOTH = ("logos", "examples")


class Row(NamedTuple):
    brand: str
    source: str
    files: int
    official: int
    found: int
    proposed: int
    false: int
    errors: int
    decide: int


def measure(brand: str, folders: tuple[str, ...]) -> Row:
    official = sorted({entry["hex"] for entry in json.loads((CORPUS / brand / "brand.json").read_text())["palette"] if entry.get("hex")})
    sources = [CORPUS / brand / folder for folder in folders]
    with tempfile.TemporaryDirectory() as place:
        result = begin_kit(Path(place) / "kit", sources, name=brand)
        text = result.file.read_text(encoding="utf-8")
        colors = load_brand(result.file).colors
    seen = [color.hex for name, color in colors.items() if f"{name}: {{" in text and "stands in" not in _line(text, name)]
    near = [[float(delta_e_2000(lab_of(one), lab_of(other))) <= NEAR for other in official] for one in seen]
    found = sum(any(row[index] for row in near) for index in range(len(official)))
    false = sum(not any(row) for row in near)
    files = sum(1 for folder in sources for _ in folder.iterdir())
    return Row(brand, " and ".join(folders), files, len(official), found, len(seen), false, len(result.lint.errors), len(result.decide))


def _line(text: str, name: str) -> str:
    return next((line for line in text.splitlines() if line.strip().startswith(f"{name}: {{value")), "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="Put the table into docs/interchange.md.")
    if not CORPUS.is_dir():
        print(f"{CORPUS} is missing; set BRANDKIT_CORPUS", file=sys.stderr)
        return 2
    rows = [
        "| brand | from | files | official colours | of them proposed | proposed | false | lint errors | to decide |",
        "|---|---|" + "--:|" * 7,
    ]
    for brand in sorted(folder.name for folder in CORPUS.iterdir() if folder.is_dir()):
        for folders in (("logos",), ("examples",), BOTH):
            row = measure(brand, folders)
            rows.append("| " + " | ".join(map(str, row)) + " |")
            print(rows[-1], flush=True)
    if parser.parse_args().write:
        head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(f"{head}{BEGIN}\n\n" + "\n".join(rows) + f"\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
