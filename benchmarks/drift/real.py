"""Official pictures of four real brands against their own and each other's brand files, at default limits.

Run: `.venv/bin/python -m benchmarks.drift.real --out docs/benchmarks/real.md`. The material is looked for in `BRANDKIT_CORPUS`, by default
`../shared/corpus`; nothing of it is copied into the project. Brand files are made from each brand's own `brand.json`: all colours, and
every mark that looks different, each for the grounds on which it stands out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from benchmarks.drift.score import auroc, interval
from brandkit.brand.load import load_brand
from brandkit.check.run import check_picture
from brandkit.color.contrast import wcag_contrast
from brandkit.errors import BrandkitError
from brandkit.files import slug, write_atomic
from brandkit.image.vector import render_mark
from brandkit.results import AssetResult, Verdict

CORPUS = Path(os.environ.get("BRANDKIT_CORPUS", Path(__file__).parents[3] / "shared" / "corpus")) / "brands"
NAMES = ("18f", "firefox", "jupyter", "rust")
MOST_MARKS = 64  # a brand file takes no more; none of the four has as many that look different
MOST_COLORS = 256  # likewise
TILE = 12  # px of a mark drawn 96 px wide: a planet of it, a word under it
SAME = 16.0  # 8-bit levels; where no tile differs more, two files show one mark
LEAST_WIDTH = 64  # px; an icon of 16 px has no shape that could be told from another
RASTER = {".png", ".jpg", ".jpeg", ".webp", ".gif"}
VERDICTS = ("pass", "review", "fail")
MOST_CODES = 5  # that are listed
RENDERED = 1024  # px of width of an SVG example
STANDS_OUT = 2.0  # WCAG contrast with white or black from which a mark is made for that ground


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--most", type=int, default=60, help="pictures of each brand that are looked at; its file always holds all marks")
    options = parser.parse_args(arguments)
    if not CORPUS.is_dir():
        print(f"{CORPUS}: not there; set BRANDKIT_CORPUS", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in NAMES:
            make_brand(name, root / name)
        marks = {name: len(list((root / name / "logo").iterdir())) for name in NAMES}
        jobs = [(name, brand, str(root)) for name in NAMES for brand in NAMES]
        with ProcessPoolExecutor(options.workers) as pool:
            tables = dict(zip([job[:2] for job in jobs], pool.map(_check, jobs, [options.most] * len(jobs)), strict=True))
    text = report(tables, marks, " ".join(sys.argv[1:] if arguments is None else arguments))
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(options.out, text)
    print(text)
    return 0


def make_brand(name: str, root: Path) -> None:
    """Write `root/brand.yaml` from the facts that the corpus holds about a brand."""
    facts = json.loads((CORPUS / name / "brand.json").read_text(encoding="utf-8"))
    (root / "logo").mkdir(parents=True)
    colors: dict[str, dict[str, str]] = {}
    for entry in facts["palette"]:
        if len(colors) < MOST_COLORS and {"value": entry["hex"]} not in colors.values():
            colors.setdefault(f"c-{slug(entry['name'])}"[:40], {"value": entry["hex"]})
    marks: dict[str, dict[str, Any]] = {}
    for path, grounds in _marks(name, facts):
        shutil.copyfile(path, root / "logo" / path.name)
        key = f"m-{slug(path.stem)}"[:40]  # long names may begin alike
        key = f"{key[:37]}-{len(marks)}" if key in marks else key
        marks[key] = {"file": f"logo/{path.name}", "on": grounds, "min_width": "16px", "clear_space": 0.0}
    document = {"brandkit": 1, "name": name, "palette": {"colors": colors}, "logo": {"marks": marks}}
    (root / "brand.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def _marks(name: str, facts: dict[str, Any]) -> Iterator[tuple[Path, list[str]]]:
    """The marks that look different, vector files first; with the grounds on which they stand out."""
    files = sorted(facts["logos"], key=lambda entry: (not entry["file"].endswith(".svg"), "favicon" in entry["file"], entry["file"]))
    seen: list[np.ndarray[Any, Any]] = []
    for entry in files:
        path = CORPUS / name / entry["file"]
        if path.suffix.lower() != ".svg" and (entry.get("width") or 0) < LEAST_WIDTH:
            continue
        try:
            drawn = render_mark(path, 96, 96).astype(np.float32)
        except (BrandkitError, ValueError, OSError):
            continue
        if drawn[..., 3].max() < 128:
            continue
        print_of = np.dstack([drawn[..., :3] * drawn[..., 3:] / 255, drawn[..., 3]])
        if any(_alike(print_of, other) for other in seen):
            continue
        seen.append(print_of)
        inked = drawn[drawn[..., 3] > 200][:, :3]
        colour = tuple(float(value) for value in inked.mean(axis=0))
        grounds = [
            tone for tone, ground in (("light", (255, 255, 255)), ("dark", (0, 0, 0))) if wcag_contrast(colour, ground) >= STANDS_OUT
        ]
        yield path, grounds or ["light"]
        if len(seen) == MOST_MARKS:
            return


def _alike(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    """Whether two drawings, (96, 96, 4), differ nowhere: neither in the colour of one dot nor in a word."""
    tiles = np.abs(one - other).mean(axis=2).reshape(96 // TILE, TILE, 96 // TILE, TILE).mean(axis=(1, 3))
    return float(tiles.max()) < SAME


def pictures(name: str, most: int) -> list[Path]:
    """The official pictures of a brand, in an order that depends on their content only, at most `most`."""
    files = [path for path in (CORPUS / name / "examples").rglob("*") if path.suffix.lower() in {*RASTER, ".svg"}]
    return sorted(files, key=lambda path: hashlib.sha256(path.read_bytes()).hexdigest())[:most]


def _check(job: tuple[str, str, str], most: int) -> list[dict[str, Any]]:
    import cv2

    cv2.setNumThreads(1)
    owner, brand_name, root = job
    brand = load_brand(Path(root) / brand_name)
    rows = []
    for path in pictures(owner, most):
        try:
            rows.append({"file": path.name, **_evidence(check_picture(_content(path), brand, asset_id=path.stem[:40] or "picture"))})
        except BrandkitError as error:
            rows.append({"file": path.name, "verdict": "unreadable", "why": error.message, "evidence": 0.0, "codes": [], "reviews": []})
    return rows


def _content(path: Path) -> bytes:
    if path.suffix.lower() != ".svg":
        return path.read_bytes()
    import io

    from PIL import Image

    drawn = Image.fromarray(render_mark(path, RENDERED))
    page = Image.new("RGB", drawn.size, "white")
    page.paste(drawn, mask=drawn.getchannel("A"))
    buffer = io.BytesIO()
    page.save(buffer, "PNG")
    return buffer.getvalue()


def _evidence(result: AssetResult) -> dict[str, Any]:
    """What speaks for a picture being the brand's own: its mark's agreement, less what is off the palette.

    `evidence` = agreement of the best mark (0 where none) - 0.02 × % of area in flat colours from outside the palette - 0.5 where
    a must check fails. Nothing of it is fitted to these brands.
    """
    checks = {check.check: check for check in result.checks}
    agreement = next((entry.value for entry in checks["logo-missing"].measurements if entry.value is not None), 0.0) or 0.0
    strangers = next((entry.value for entry in checks["palette-intruder"].measurements if entry.value is not None), 0.0) or 0.0
    found = [(finding.verdict, f"{check.check}/{finding.code}") for check in result.checks for finding in check.findings]
    codes = [[code for verdict, code in found if verdict is wanted] for wanted in (Verdict.FAIL, Verdict.REVIEW)]
    return {
        "verdict": result.verdict.value, "codes": codes[0], "reviews": codes[1], "why": "", "agreement": agreement, "strangers": strangers,
        "evidence": agreement - 0.02 * strangers - (0.5 if result.verdict is Verdict.FAIL else 0.0),
    }  # fmt: skip


def report(tables: dict[tuple[str, str], list[dict[str, Any]]], marks: dict[str, int], command: str) -> str:
    """The page.

    Args:
        tables: Owner of the pictures and brand that judged them, to a row for each picture.
        marks: Brand to the number of marks in its file.
        command: Arguments that the page is made with.
    """
    lines = [
        "# On real brands, with default limits\n",
        f"<!-- Made by the command below; not edited by hand. -->\n\n    .venv/bin/python -m benchmarks.drift.real {command}\n",
        "Official pictures of four brands against brand files made from their own published facts: all colours, and every mark that looks "
        "different. `--most` is the number of pictures of each brand that are looked at, chosen by the hash of their content. "
        "Limits were not set on them, but no change was kept that failed more of them; nothing is calibrated here. "
        "*Own against others*: AUROC of `agreement of the best mark - 0.02 × % of stray flat colour - 0.5 if a check fails`, the brand's "
        "own pictures against those of the other three.\n",
        "| brand | marks | own pictures | pass | review | fail | fail, 95 % | own against others | by mark alone |",
        "|---|---:|---:|---:|---:|---:|---|---:|---:|",
    ]
    areas = []
    for name in NAMES:
        own, others = _sides(tables, name)
        low, high = interval(sum(row["verdict"] == "fail" for row in own), len(own))
        areas.append(auroc([row["evidence"] for row in own], [row["evidence"] for row in others]))
        mark = auroc([row["agreement"] for row in own], [row["agreement"] for row in others])
        lines.append(
            f"| {name} | {marks[name]} | {len(own)} | {_shares(own)} | {100 * low:.0f}–{100 * high:.0f} % | {areas[-1]:.2f} | {mark:.2f} |"
        )
    lines.append(f"\nMean AUROC of the four: {np.mean(areas):.2f} (with a calibration: [own or other](own-or-other.md)).\n")
    return "\n".join([*lines, *_causes(tables), *_strangers(tables)]) + "\n"


def _sides(tables: dict[tuple[str, str], list[dict[str, Any]]], name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What a brand said of its own pictures, and of those of the others; without what cannot be read."""
    readable = {key: [row for row in rows if row["verdict"] != "unreadable"] for key, rows in tables.items()}
    return readable[name, name], [row for other in NAMES if other != name for row in readable[other, name]]


def _shares(rows: list[dict[str, Any]]) -> str:
    return " | ".join(f"{100 * sum(row['verdict'] == verdict for row in rows) / max(1, len(rows)):.0f} %" for verdict in VERDICTS)


def _causes(tables: dict[tuple[str, str], list[dict[str, Any]]]) -> list[str]:
    """What keeps a brand's own pictures from passing: codes of those that do not pass, with how many show them."""
    lines = ["What own pictures wait or fail for, with the number of pictures (one may show several):\n", "| brand | |", "|---|---|"]
    for name in NAMES:
        rows = [row for row in _sides(tables, name)[0] if row["verdict"] != "pass"]
        counts = Counter(code for row in rows for code in {*row["codes"], *row["reviews"]})
        lines.append(f"| {name} | {', '.join(f'{code} {count}' for code, count in counts.most_common(MOST_CODES)) or 'nothing'} |")
    return [*lines, ""]


def _strangers(tables: dict[tuple[str, str], list[dict[str, Any]]]) -> list[str]:
    """What a brand says of the pictures of the other three."""
    lines = [
        "What each brand says of the pictures of the other three. Passing is no error by itself: most have no flat colour and no mark, so",
        "that nothing in them contradicts the brand; `drift` of a calibrated brand tells them from its own, the gate does not.\n",
        "| brand | others' pictures | pass | review | fail | what they are stopped by |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for name in NAMES:
        rows = _sides(tables, name)[1]
        stopped = [row for row in rows if row["verdict"] != "pass"]
        counts = Counter(code for row in stopped for code in {*row["codes"], *row["reviews"]})
        listed = ", ".join(f"{code} {count}" for code, count in counts.most_common(MOST_CODES))
        lines.append(f"| {name} | {len(rows)} | {_shares(rows)} | {listed} |")
    return lines


if __name__ == "__main__":
    sys.exit(main())
