"""Every rule is explained and tested: runs the tables of tests/cases_rules and the rules' own examples."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from kit_files import write_kit
from typer.testing import CliRunner

from brandkit.brand.finding import LintFinding
from brandkit.brand.fix import fix_brand
from brandkit.brand.lint import find_rule, lint_brand
from brandkit.brand.registry import AREAS, PACKAGE, Registry, Rule, load_rules, rule
from brandkit.brand.rules_docs import pages
from brandkit.cli.lint import surroundings
from brandkit.cli.main import app
from brandkit.errors import InputError

FOLDER = Path(__file__).parent / "cases_rules"
ROOT = Path(__file__).parent.parent
RULES = list(load_rules())
TABLES: dict[str, dict[str, Any]] = {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.yaml"))}
CASES = [pytest.param(name, case, id=f"{name}: {case['name']}") for name, table in TABLES.items() for case in table["cases"]]


def findings(kit: Path, name: str, table: dict[str, Any]) -> list[LintFinding]:
    """What the rule `name` finds in `kit`; all rules are applied where the table says `rules: all`."""
    report = lint_brand(kit, surroundings(), select=() if table.get("rules") == "all" else [name])
    other = [str(finding) for finding in report.findings if finding.id == "brand-file"]
    assert not other or name == "brand-file", other
    return [finding for finding in report.findings if finding.id == name]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_rule_finds_exactly_this(name: str, case: dict[str, Any], tmp_path: Path) -> None:
    table = TABLES[name]
    kit = write_kit(tmp_path / "kit", case["brand"], table.get("files", {}) | case.get("files", {}))
    found = findings(kit, name, table)
    places = [f"{one.fault.line}:{one.fault.column}" for one in found]
    assert places == case["at"], [str(one) for one in found]
    assert all(one.fault.message and one.fault.hint for one in found), "say what is wrong and what to do"
    for word in [case["says"]] if isinstance(case.get("says"), str) else case.get("says", []):
        assert any(word in one.fault.message for one in found), [one.fault.message for one in found]
    if "remedy" in case:
        assert case["remedy"] in found[0].fault.hint
    if "level" in case:
        assert {one.level for one in found} == {case["level"]}
    assert bool(case.get("fix")) == any(one.fix for one in found)
    if "fix" in case:
        fixed = fix_brand(kit, surroundings(), select=() if table.get("rules") == "all" else [name])
        assert fixed.text == f"brandkit: 1\nname: Any\n{case['fix']}"
        assert findings(kit, name, table) == []


@pytest.mark.parametrize("item", RULES, ids=lambda item: item.id)
def test_a_rule_is_complete(item: Rule) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+){1,3}", item.id), "a kebab-case noun of the problem"
    assert item.area in AREAS
    assert item.summary.endswith(".") and len(item.summary) < 110, "the docstring's first line names the problem"
    assert len(item.rationale) > 80, "say why a brand owner should care"
    assert item.bad != item.good
    cases = TABLES[item.id]["cases"]
    assert any(case["at"] for case in cases) and any(not case["at"] for case in cases), "add a bad and a good case"
    assert bool(item.fix) == any(case.get("fix") for case in cases), "a fix is told and tested"


@pytest.mark.parametrize("item", RULES, ids=lambda item: item.id)
@pytest.mark.parametrize("kind", ["bad", "good"])
def test_the_examples_are_what_they_say(item: Rule, kind: str, tmp_path: Path) -> None:
    table = TABLES[item.id]
    files, example = table.get("files", {}) | table.get(f"{kind}_files", {}), getattr(item, kind)
    own = item.file == "brand.yaml"
    kit = write_kit(tmp_path / "kit", example if own else "", files if own else files | {item.file: example})
    found = findings(kit, item.id, table)
    assert bool(found) == (kind == "bad"), [str(one) for one in found]
    if kind == "good":
        errors = lint_brand(kit, surroundings(), ignore=table.get("besides", [])).errors
        assert not errors, [str(one) for one in errors]


def test_every_file_of_the_package_declares_rules_and_every_table_has_one() -> None:
    homes = {item.run.__module__ for item in RULES if item.run}
    assert {f"{PACKAGE}.{file.stem}" for file in (ROOT / "brandkit/brand/rules").glob("[a-z]*.py")} - homes == {f"{PACKAGE}.loading"}
    assert set(TABLES) == {item.id for item in RULES}


def test_there_are_rules_for_every_area() -> None:
    assert {item.area for item in RULES} == set(AREAS)
    assert len(RULES) >= 40


def test_two_rules_of_one_name_are_refused() -> None:
    registry = Registry()
    declare = rule(id="any-thing", area="tone", level="advice", rationale="Any.", bad="a: 1", good="a: 2", registry=registry)
    declare(lambda kit: iter(()))
    with pytest.raises(ValueError, match="two rules called 'any-thing'"):
        declare(lambda kit: iter(()))
    assert [item.id for item in registry] == ["any-thing"]


def test_the_command_lists_and_explains_rules(golden: Any) -> None:
    runner = CliRunner()
    listed = runner.invoke(app, ["rules"]).stdout
    assert all(item.id in listed for item in RULES)
    golden("rule.txt", runner.invoke(app, ["rules", "pair-repeated"]).stdout)
    described = json.loads(runner.invoke(app, ["rules", "--format", "json"]).stdout)
    assert {one["id"] for one in described} == {item.id for item in RULES}
    assert json.loads(runner.invoke(app, ["rules", "pair-repeated", "--format", "json"]).stdout)[0]["fix"]


def test_an_unknown_rule_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="no rule 'pair-repeatd'") as caught:
        find_rule("pair-repeatd")
    assert "pair-repeated" in (caught.value.hint or "")


def test_the_pages_are_those_of_the_rules() -> None:
    for path, text in pages(ROOT).items():
        assert path.exists() and path.read_text(encoding="utf-8") == text, f"{path.name}: run `python -m brandkit.brand.rules_docs`"
