"""Checks left out: said in the result, refused when there is no such check, and never a pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from small_kit import write_kit

from brandkit.check.registry import load_checks
from brandkit.check.run import check_files
from brandkit.check.select import left_out
from brandkit.errors import InputError
from brandkit.results import Level, Verdict

ALL = {check.id for check in load_checks()}


@pytest.mark.parametrize(
    ("only", "skip", "expected"),
    [
        ((), (), set()),
        (("gamut",), (), ALL - {"gamut"}),
        ((), ("gamut", "tone-ban"), {"gamut", "tone-ban"}),
        (("gamut", "tone-ban"), ("text-misspelt",), ALL - {"gamut", "tone-ban"}),
    ],
)
def test_what_is_left_out(only: tuple[str, ...], skip: tuple[str, ...], expected: set[str]) -> None:
    assert set(left_out(only, skip)) == expected


def test_wrong_ids_are_named() -> None:
    with pytest.raises(InputError, match="no check 'gamutt'") as caught:
        left_out(["gamutt"])
    assert "gamut" in (caught.value.hint or "")
    with pytest.raises(InputError, match="gamut is asked for and left out at once"):
        left_out(["gamut"], ["gamut"])


def test_a_must_that_was_left_out_asks_for_a_person(tmp_path: Path) -> None:
    brand = write_kit(tmp_path).brand
    picture = tmp_path / "red.png"
    Image.new("RGB", (600, 400), next(iter(brand.swatches)).hex).save(picture)
    result = check_files([picture], brand, left_out=left_out(["gamut"])).assets[0]
    assert {check.check for check in result.checks} == ALL
    for check in result.checks:
        assert (check.verdict, check.reason) == (
            (Verdict.PASS, "") if check.check == "gamut" else (Verdict.NOT_CHECKED, "left out by --only")
        )
    assert any(check.level is Level.MUST for check in result.checks if check.check != "gamut")
    assert result.verdict is Verdict.REVIEW
