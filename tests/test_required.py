"""`logo.required`: who says that a picture made elsewhere must carry the mark, and what then becomes of one that does not."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image
from test_cli import ROOT, brandkit  # noqa: F401  (fixture)

from brandkit.brand.load import load_brand
from brandkit.brand.resolve import Brand
from brandkit.check.run import check_picture
from brandkit.errors import BrandFileError
from brandkit.results import Level, Verdict

HOUSE = ROOT / "brands/halfpast"


def child(folder: Path, **sections: Any) -> Brand:
    """A brand that extends a demo brand's copy, which opens `logo.required` and `gate`."""
    parent = folder / "house"
    shutil.copytree(HOUSE, parent, ignore=shutil.ignore_patterns("campaigns", "photos", "scene"))
    text = (HOUSE / "brand.yaml").read_text(encoding="utf-8").replace("\nidea:", "\nopen: [logo.required, logo.level, gate]\nidea:", 1)
    (parent / "brand.yaml").write_text("".join(line for line in text.splitlines(True) if "required:" not in line), encoding="utf-8")
    (folder / "ads").mkdir()
    (folder / "ads/brand.yaml").write_text(
        yaml.safe_dump({"brandkit": 1, "name": "Ads", "extends": "../house"} | sections), encoding="utf-8"
    )
    return load_brand(folder / "ads")


def plain() -> bytes:
    """A picture without any mark, in the brand's ground."""
    out = io.BytesIO()
    Image.new("RGB", (640, 400), "#EAEEF9").save(out, "PNG")
    return out.getvalue()


def missing(brand: Brand, **told: Any) -> tuple[Verdict, Level, Verdict]:
    """What the check says about the plain picture, how binding it is, and what becomes of the picture."""
    asset = check_picture(plain(), brand, asset_id="plain", **told)
    check = next(one for one in asset.checks if one.check == "logo-missing")
    return check.verdict, check.level, asset.verdict


@pytest.mark.parametrize(
    ("sections", "told", "verdict", "level", "decides"),
    [
        ({}, {}, Verdict.NOT_CHECKED, Level.SHOULD, False),
        ({"logo": {"required": True}}, {}, Verdict.FAIL, Level.MUST, True),
        ({"logo": {"required": True, "level": "should"}}, {}, Verdict.FAIL, Level.SHOULD, False),
        ({"logo": {"required": True}, "gate": {"levels": {"logo-missing": "should"}}}, {}, Verdict.FAIL, Level.SHOULD, False),
        ({"logo": {"required": True}}, {"logo_required": False}, Verdict.NOT_CHECKED, Level.SHOULD, False),
        ({}, {"logo_required": True}, Verdict.FAIL, Level.MUST, True),
    ],
    ids=["nobody says", "the brand says", "it only advises", "the gate only advises", "optional here", "required here"],
)
def test_who_says_that_a_picture_must_carry_the_mark(sections, told, verdict, level, decides, tmp_path) -> None:
    found = missing(child(tmp_path, **sections), **told)
    assert found[:2] == (verdict, level)
    assert (found[2] is Verdict.FAIL) is decides


def test_a_brand_that_extends_another_may_not_require_it_unless_that_is_open(tmp_path) -> None:
    child(tmp_path / "open", logo={"required": True})
    house = tmp_path / "open/house/brand.yaml"
    house.write_text(house.read_text(encoding="utf-8").replace("logo.required, ", ""), encoding="utf-8")
    with pytest.raises(BrandFileError, match="required"):
        load_brand(tmp_path / "open/ads")


def test_a_strict_gate_fails_a_resemblance_and_a_relaxed_one_asks_a_person_sooner(tmp_path) -> None:
    limits = {}
    for profile in ("default", "strict", "relaxed"):
        brand = child(tmp_path / profile, logo={"required": True}, gate={"profile": profile})
        asset = check_picture(plain(), brand, asset_id="plain")
        limits[profile] = next(one.limit for one in asset.checks if one.check == "logo-missing")
    assert [limit.fail_at for limit in limits.values()] == pytest.approx([0.5, 0.6, 0.4])
    assert {limit.review_at for limit in limits.values()} == {0.6}
    assert "profile strict" in limits["strict"].source


def test_the_command_says_it_for_one_folder(brandkit, tmp_path) -> None:  # noqa: F811
    (tmp_path / "ad.png").write_bytes(plain())
    code, out, _ = brandkit("check", tmp_path / "ad.png", "--brand", HOUSE, "--logo-required")
    assert code == 1
    assert "none of the brand's marks can be recognised" in " ".join(out.split())
    _, out, _ = brandkit("check", tmp_path / "ad.png", "--brand", HOUSE, "--logo-optional")
    assert "none of the brand's marks" not in " ".join(out.split())


def test_the_profile_moves_every_limit_of_a_check_with_several(tmp_path) -> None:
    """Each reading between its limits waits for a person by default, and fails where the gate is strict."""
    from brandkit.check.limits import further_limit
    from brandkit.check.registry import load_checks
    from brandkit.check.subject import Subject
    from brandkit.image.load import load_picture

    check = load_checks()["logo-altered"]
    for profile, times in (("default", 1), ("strict", 0), ("relaxed", 2)):
        subject = Subject(load_picture(plain(), name="plain"), child(tmp_path / profile, gate={"profile": profile}))
        for entry in check.further:
            limit = further_limit(entry.limit, entry.name, check, subject)
            span = entry.limit.fail_at - entry.limit.review_at
            assert (limit.review_at, limit.fail_at) == pytest.approx((entry.limit.review_at, entry.limit.review_at + times * span))
            assert limit.source.startswith("profile") is (profile != "default")
