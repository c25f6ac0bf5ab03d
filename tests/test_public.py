"""The public names: pinned, typed, and used as the docs use them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import brandkit

ROOT = Path(__file__).parent.parent
NAMES = [
    "AssetResult", "BrandFileError", "BrandkitError", "InputError", "PictureError", "RunResult", "UnfinishedError", "Verdict",
    "calibrate", "check_files", "check_picture", "load_brand", "load_picture", "open_plan", "render", "run_plan",
]  # fmt: skip


def test_public_names_are_pinned_and_there() -> None:
    assert brandkit.__all__ == NAMES
    assert all(getattr(brandkit, name).__name__ == name and getattr(brandkit, name).__doc__ for name in NAMES)
    assert not hasattr(brandkit, "nothing") and set(NAMES) <= set(dir(brandkit))


def test_the_types_name_the_same_things_from_the_same_modules() -> None:
    stub = (ROOT / "brandkit/__init__.pyi").read_text(encoding="utf-8")
    typed = {name: home for home, name, _ in re.findall(r"from (\S+) import (\w+) as (\w+)", stub)}
    assert typed == {name: getattr(brandkit, name).__module__ for name in NAMES}


def test_the_snippet_of_the_docs_runs() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```python\n(.*?)```", text, re.S)
    small = snippet.replace('"brands/ebbware/photos"', '"docs/figures/order.webp"')
    assert small != snippet
    done = subprocess.run([sys.executable, "-c", small], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("order.webp") >= 2
