"""The public names: pinned, typed, and used as the docs use them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from painting import make_brand
from PIL import Image

import brandkit
from brandkit.errors import BrandFileError, InputError

ROOT = Path(__file__).parent.parent
NAMES = [
    "AssetResult", "Brand", "BrandFileError", "BrandkitError", "InputError", "Picture", "PictureError", "RunResult", "UnfinishedError",
    "Verdict", "calibrate", "check_files", "check_picture", "load_brand", "load_picture", "open_plan", "render", "run_plan",
]  # fmt: skip


def test_public_names_are_pinned_and_there() -> None:
    assert brandkit.__all__ == NAMES
    assert all(getattr(brandkit, name).__name__ == name and getattr(brandkit, name).__doc__ for name in NAMES)
    assert not hasattr(brandkit, "nothing") and set(NAMES) <= set(dir(brandkit))


def test_the_types_name_the_same_things_from_the_same_modules() -> None:
    stub = (ROOT / "brandkit/__init__.pyi").read_text(encoding="utf-8")
    typed = {name: home for home, name, _ in re.findall(r"from (\S+) import (\w+) as (\w+)", stub)}
    assert typed == {name: getattr(brandkit, name).__module__ for name in NAMES}


def test_the_snippets_of_the_docs_run() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    snippet, service = re.findall(r"```python\n(.*?)```", text, re.S)
    small = snippet.replace('"brands/ebbware/photos"', '"docs/figures/order.webp"')
    assert small != snippet
    done = subprocess.run([sys.executable, "-c", small], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("order.webp") >= 2
    call = 'from PIL import Image\nprint(judge(Image.new("RGB", (64, 64), "#FF00FF")), judge(Image.new("RGB", (1, 1))))'
    done = subprocess.run([sys.executable, "-c", service + call], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "'verdict': 'fail'" in done.stdout or "'verdict': 'review'" in done.stdout


def test_paths_may_be_text_and_what_is_no_picture_is_refused_in_words(tmp_path: Path) -> None:
    picture = tmp_path / "ein Bild.png"
    Image.new("RGB", (32, 32), "#1F4D3A").save(picture)
    (tmp_path / "brand.yaml").write_text('brandkit: 1\nname: Pine\npalette: {colors: {pine: {value: "#1F4D3A"}}}\n')
    brand = brandkit.load_brand(str(tmp_path))
    whole = [brandkit.check_files(given, brand).assets[0] for given in (picture, str(picture), [str(picture)], [picture])]
    assert len({asset.model_dump_json() for asset in whole}) == 1
    assert brandkit.check_picture(str(picture), brand) == brandkit.check_picture(picture, brand)
    assert brandkit.check_picture(bytearray(picture.read_bytes()), brand).sha256 == whole[0].sha256
    assert brandkit.calibrate(brand, str(picture), alpha=0.5).before["approved"].total() == 1
    with pytest.raises(InputError, match="load_brand"):
        brandkit.check_files(picture, str(tmp_path))  # type: ignore[arg-type]
    for wrong in (Image.new("RGB", (9, 9)), np.zeros((9, 9, 3), np.uint8), 3, None):
        with pytest.raises(InputError, match=f"not as {type(wrong).__name__}") as raised:
            brandkit.check_picture(wrong, brand)  # type: ignore[arg-type]
        assert "getvalue" in str(raised.value.hint)


def test_a_limit_on_a_check_that_does_not_exist_is_refused_wherever_it_would_count(tmp_path: Path) -> None:
    brand = make_brand({"gate": {"limits": {"palette-drfit": [2, 3]}, "levels": {"tone": "must"}}}, tmp_path)
    picture = tmp_path / "a.png"
    Image.new("RGB", (32, 32)).save(picture)
    for call in (brandkit.check_files, brandkit.check_picture, lambda path, brand: brandkit.calibrate(brand, path)):
        with pytest.raises(BrandFileError, match=r"brand\.yaml:\d+:\d+: gate\.limits\.palette-drfit: there is no check") as raised:
            call(picture, brand)
        assert "did you mean 'palette-drift'?" in str(raised.value) and len(raised.value.faults) == 2
