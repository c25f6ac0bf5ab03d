"""Every check is explained, documented and tested; nobody has to remember to."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from brandkit.check.docs import pages
from brandkit.check.registry import PACKAGE, Check, Registry, check, load_checks
from brandkit.results import Limit

ROOT = Path(__file__).parent.parent
CHECKS = list(load_checks())


@pytest.mark.parametrize("item", CHECKS, ids=lambda item: item.id)
def test_a_check_is_complete(item: Check) -> None:
    assert item.summary.endswith("."), "the docstring's first line is shown in reports"
    assert len(item.rationale) > 80, "say why a brand owner should care"
    assert item.limits.unit, "a number without a unit cannot be argued with"
    assert item.run.__module__ == f"{PACKAGE}.{item.id.replace('-', '_')}"
    table = ROOT / "tests/cases" / f"{item.id}.yaml"
    assert table.exists(), "add passing and failing cases"
    verdicts = {case["expect"] for case in yaml.safe_load(table.read_text(encoding="utf-8"))["cases"]}
    assert {"pass", "fail"} <= verdicts


def test_every_file_of_the_package_is_a_check() -> None:
    files = {file.stem.replace("_", "-") for file in (ROOT / "brandkit/check/checks").glob("[a-z]*.py")}
    assert files == {item.id for item in CHECKS}


def test_the_pages_are_those_of_the_checks() -> None:
    for path, text in pages(ROOT).items():
        assert path.exists() and path.read_text(encoding="utf-8") == text, f"{path.name}: run `python -m brandkit.check.docs`"


def test_two_checks_of_one_name_are_refused() -> None:
    registry = Registry()
    declare = check(id="any-thing", rationale="Any.", limits=Limit(review_at=1, fail_at=2, unit="px"), registry=registry)
    declare(lambda subject, limit: iter(()))
    with pytest.raises(ValueError, match="two checks called 'any-thing'"):
        declare(lambda subject, limit: iter(()))
    assert [item.id for item in registry] == ["any-thing"]


def test_an_unknown_check_is_named_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match="palette-drift"):
        load_checks()["palette-drfit"]
