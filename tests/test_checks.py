"""Runs tests/cases: one YAML file for each check, one test for each case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from painting import make_brand, make_brief, make_format, make_layout, paint

from brandkit.check.registry import load_checks
from brandkit.check.run import run_check
from brandkit.check.subject import Subject
from brandkit.image.load import load_picture
from brandkit.metric.ocr import installed
from brandkit.metric.series import SeriesReading
from brandkit.results import CheckResult, Verdict

TABLES: dict[str, dict[str, Any]] = {
    file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
}
CASES = [pytest.param(name, table, case, id=f"{name}: {case['name']}") for name, table in TABLES.items() for case in table["cases"]]


def test_every_check_has_cases() -> None:
    assert set(TABLES) == {check.id for check in load_checks()}


@pytest.mark.parametrize(("check_id", "table", "case"), CASES)
def test_check(check_id: str, table: dict[str, Any], case: dict[str, Any], tmp_path: Path) -> None:
    case = {"size": table.get("size"), **case}
    if case.get("needs") == "ocr" and not installed():
        pytest.skip("reads text: needs brandkit[ocr]")
    brand = make_brand(case.get("brand", table.get("brand", {})), tmp_path)
    placement = case.get("format") or ({"size": case["size"]} if "layout" in case else None)
    form = make_format({"size": case["size"], **placement}) if placement is not None else None
    layout = make_layout(case["layout"], form) if form and "layout" in case else None
    picture = load_picture(paint(case, brand), name="case", ground=layout.ground if layout else None)
    raw = load_picture(paint({**case, "paint": case["raw"]}, brand), name="raw") if "raw" in case else None
    series = SeriesReading(**case["series"]) if "series" in case else None
    subject = Subject(picture, brand, layout=layout, format=form, copy=case.get("copy"), brief=make_brief(case), raw=raw, series=series)

    result = run_check(load_checks()[check_id], subject)

    found = {"verdict": result.verdict.value, "codes": sorted({finding.code for finding in result.findings})}
    expected = {"verdict": case["expect"], "codes": sorted(case.get("codes", []))}
    assert found == expected, result.model_dump_json(indent=1)
    if "measured" in case:
        assert result.measured == pytest.approx(case["measured"], abs=case.get("within", 0.5))
    for name, value in case.get("reads", {}).items():
        assert [entry.value for entry in result.measurements if entry.name == name] == [pytest.approx(value, abs=case.get("within", 0.5))]
    if "says" in case:
        assert case["says"] in " ".join(f"{finding.message} {finding.remedy}" for finding in result.findings) + result.reason
    if "source" in case:
        assert [finding.limit.source for finding in result.findings if finding.limit] == [case["source"]]
    assert_explained(result)
    assert "broke" not in result.reason
    assert all(finding.remedy and finding.check == check_id for finding in result.findings)


def assert_explained(result: CheckResult) -> None:
    """The limit that stands beside a number gives the verdict that stands beside it: in the check, its findings and its readings."""
    for finding in result.findings:
        if finding.measured is not None and finding.limit is not None:
            assert (finding.limit.verdict(finding.measured), finding.limit.unit) == (finding.verdict, finding.unit), finding
    for entry in result.measurements:
        if entry.limit is not None and entry.value is not None and result.verdict is Verdict.PASS:
            assert (entry.limit.verdict(entry.value), entry.limit.unit) == (Verdict.PASS, entry.unit), entry
    if result.measured is not None and result.limit is not None and result.verdict is not Verdict.NOT_CHECKED:
        assert (result.limit.verdict(result.measured), result.limit.unit) == (result.verdict, result.unit), result.limit
