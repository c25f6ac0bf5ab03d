"""Pictures and brands at the edge of what can be checked: every check says something true, or that it could not be made and why."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from painting import make_brand, make_format, make_layout, paint
from PIL import Image

from brandkit.brand.resolve import Brand
from brandkit.check.run import check_picture
from brandkit.results import AssetResult, Verdict

TABLE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "cases_bad_input.yaml").read_text(encoding="utf-8"))
LAYOUT: dict[str, Any] = TABLE["layout"]


def encode(case: dict[str, Any], brand: Brand) -> bytes:
    """A picture of the table: painted, or of one value in a mode that painting does not know."""
    if "mode" not in case:
        return paint(case, brand)
    width, height = case["size"]
    if case["mode"] == "I;16":
        image = Image.fromarray(np.full((height, width), case["value"], np.uint16))
    else:
        image = Image.new(case["mode"], (width, height), tuple(case["value"]))
    buffer = io.BytesIO()
    frames = [Image.new("RGB", image.size, color) for color in case.get("frames", [])]
    image.save(buffer, case.get("type", "png"), **({"save_all": True, "append_images": frames} if frames else {}))
    return buffer.getvalue()


def check(case: dict[str, Any], brand: Brand, *, own: bool) -> AssetResult:
    form = make_format({"size": LAYOUT["size"]})
    told: dict[str, Any] = {"layout": make_layout(LAYOUT, form), "copy": {"headline": "Harbor"}} if own else {}
    return check_picture(encode(case, brand), brand, asset_id="odd", **told)


@pytest.mark.parametrize("own", [False, True], ids=["foreign", "own"])
@pytest.mark.parametrize("kind", list(TABLE["brands"]))
@pytest.mark.parametrize("case", TABLE["pictures"], ids=lambda case: str(case["name"]))
def test_every_check_says_something_true(case: dict[str, Any], kind: str, own: bool, tmp_path: Path) -> None:
    result = check(case, make_brand(TABLE["brands"][kind], tmp_path), own=own)
    for item in result.checks:
        assert "broke on" not in item.reason, f"{item.check}: {item.reason}"
        assert bool(item.reason) == (item.verdict is Verdict.NOT_CHECKED), item.check
        if item.verdict is Verdict.PASS:
            assert item.measurements, f"{item.check} passes without having looked at anything"
        if item.verdict in (Verdict.REVIEW, Verdict.FAIL):
            assert item.findings, f"{item.check} says {item.verdict} without a finding"
    verdicts = {item.check: item.verdict.value for item in result.checks}
    for name, verdict in case.get("own" if own else "foreign", {}).get(kind, {}).items():
        assert verdicts[name] == verdict, [(item.reason, item.findings) for item in result.checks if item.check == name]


@pytest.mark.parametrize("kind", list(TABLE["brands"]))
def test_nothing_to_see_is_never_on_brand(kind: str, tmp_path: Path) -> None:
    brand = make_brand(TABLE["brands"][kind], tmp_path)
    for case in TABLE["pictures"]:
        if case.get("blank"):
            assert check(case, brand, own=True).verdict is not Verdict.PASS, case["name"]
