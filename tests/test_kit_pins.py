"""The kit's hash stands wherever a verdict does, and a locale may have a kit of its own."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
import yaml
from PIL import Image
from test_cli import CAMPAIGN, ROOT, brandkit, edit, kit  # noqa: F401  (fixtures)

from brandkit.brand.load import load_brand
from brandkit.errors import BrandFileError
from brandkit.prompt.load import load_campaign


def small(document, *, brands=None):
    document["formats"] = ["google-medium-rectangle"]
    document["locales"] = ["en", "ar"]
    document |= {"brands": brands} if brands else {}


def arabic(kit: Path, **more: object) -> Path:  # noqa: F811
    """A brand beside `kit` that extends it for one locale."""
    folder = kit.parent / "arabic"
    folder.mkdir()
    document = {"brandkit": 1, "name": "Halfpast (ar)", "extends": "../halfpast"} | more
    (folder / "brand.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    return folder


def opened(kit: Path, *paths: str) -> None:  # noqa: F811
    text = (kit / "brand.yaml").read_text(encoding="utf-8")
    (kit / "brand.yaml").write_text(text.replace("\nidea:", f"\nopen: [{', '.join(paths)}]\nidea:", 1), encoding="utf-8")


def test_a_run_pins_the_kit_in_its_document_its_record_and_its_report(kit, brandkit, tmp_path) -> None:  # noqa: F811
    edit(kit / CAMPAIGN, small)
    expected = load_brand(kit).kit_hash
    _, out, _ = brandkit("run", kit / CAMPAIGN, "--out", tmp_path / "out", "--format", "json")
    document = json.loads(out)
    assert document["kit_hash"] == expected
    assert {asset["kit_hash"] for asset in document["assets"]} == {expected}
    with sqlite3.connect(tmp_path / "out/record.db") as record:
        tables = [name for (name,) in record.execute("select name from sqlite_master where type = 'table'")]
        rows = [str(row) for table in tables for row in record.execute(f"select * from {table}")]
    record.close()
    assert sum(expected in row for row in rows) == len(document["assets"])
    assert f"kit {expected[:12]}" in (tmp_path / "out/report.html").read_text(encoding="utf-8")


def test_a_check_pins_the_kit_in_every_format(brandkit, tmp_path) -> None:  # noqa: F811
    brand = ROOT / "brands/halfpast"
    expected = load_brand(brand).kit_hash
    Image.new("RGB", (64, 64), "#EAEEF9").save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"broken")
    _, text, _ = brandkit("check", tmp_path, "--brand", brand, "--report", tmp_path / "report.html")
    assert text.splitlines()[-1].endswith(f"kit {expected[:12]}")
    assert f"kit {expected[:12]}" in (tmp_path / "report.html").read_text(encoding="utf-8")
    _, out, _ = brandkit("check", tmp_path, "--brand", brand, "--format", "json")
    assert {asset["kit_hash"] for asset in json.loads(out)["assets"]} == {expected}


def test_a_calibration_pins_the_kit(brandkit, tmp_path) -> None:  # noqa: F811
    shutil.copytree(ROOT / "brands/halfpast", tmp_path / "halfpast")
    (tmp_path / "approved").mkdir()
    for index in range(3):
        Image.new("RGB", (160, 120), (230, 238, 240 + index)).save(tmp_path / f"approved/{index}.png")
    brandkit("calibrate", tmp_path / "halfpast", tmp_path / "approved", "--out", tmp_path / "calibration.json")
    assert json.loads((tmp_path / "calibration.json").read_text())["kit_hash"] == load_brand(tmp_path / "halfpast").kit_hash


def test_a_locale_may_have_a_kit_with_other_fonts(kit, brandkit, tmp_path) -> None:  # noqa: F811
    opened(kit, "typography.families.arabic", "typography.families.text")
    families = load_brand(kit).document.typography.families
    assert "arabic" in families
    folder = arabic(kit, typography={"families": {"arabic": {"files": ["fonts/heavy.ttf"]}}})
    (folder / "fonts").mkdir()
    fonts = [kit / name for name in families["arabic"].files]
    shutil.copy(fonts[-1], folder / "fonts/heavy.ttf")
    edit(kit / CAMPAIGN, lambda document: small(document, brands={"ar": "../../../arabic"}))
    _, out, _ = brandkit("run", kit / CAMPAIGN, "--out", tmp_path / "out", "--format", "json")
    pinned = {asset["locale"]: asset["kit_hash"] for asset in json.loads(out)["assets"]}
    assert pinned == {"en": load_brand(kit).kit_hash, "ar": load_brand(folder).kit_hash}
    assert pinned["en"] != pinned["ar"]
    assert f"kit {pinned['en'][:12]}, {pinned['ar'][:12]}" in (tmp_path / "out/report.html").read_text(encoding="utf-8")
    campaign = load_campaign(kit / CAMPAIGN)
    assert campaign.for_locale("ar").brand.name == "Halfpast (ar)" and campaign.for_locale("en") is campaign


def test_a_changed_locale_kit_makes_only_its_own_assets_again(kit, brandkit, tmp_path) -> None:  # noqa: F811
    opened(kit, "layout.corner")
    folder = arabic(kit)
    edit(kit / CAMPAIGN, lambda document: small(document, brands={"ar": "../../../arabic"}))
    brandkit("run", kit / CAMPAIGN, "--out", tmp_path / "out")
    times = {file.name: file.stat().st_mtime_ns for file in (tmp_path / "out/assets").rglob("*.png")}
    edit(folder / "brand.yaml", lambda document: document.update(layout={"corner": 0.5}))
    brandkit("run", kit / CAMPAIGN, "--out", tmp_path / "out")
    changed = {file.name for file in (tmp_path / "out/assets").rglob("*.png") if file.stat().st_mtime_ns != times[file.name]}
    assert changed and all(".ar." in name for name in changed)


@pytest.mark.parametrize(
    ("brands", "message"),
    [
        ({"fr": "../.."}, "the campaign has no locale 'fr'"),
        ({"ar": "../../../nowhere"}, "there is no brand at '../../../nowhere'"),
        ({"ar": "../../../broken"}, "unknown key 'nam'"),
    ],
)
def test_a_wrong_locale_kit_is_told_with_its_place(kit, brands, message) -> None:  # noqa: F811
    (kit.parent / "broken").mkdir()
    (kit.parent / "broken/brand.yaml").write_text("brandkit: 1\nname: x\nnam: y\n")
    edit(kit / CAMPAIGN, lambda document: small(document, brands=brands))
    with pytest.raises(BrandFileError) as caught:
        load_campaign(kit / CAMPAIGN)
    (fault,) = caught.value.faults
    assert message in fault.message and fault.line
