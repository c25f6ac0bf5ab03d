"""Every check is complete: reason, limits in a unit, cases that pass and fail, a version, and a page with its plate."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from brandkit.check.docs import page, page_of, pages
from brandkit.check.explain import explain
from brandkit.check.registry import Check, load_checks
from brandkit.results import Limit

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs/checks/pictures"
PLATES: dict[str, Any] = json.loads((PICTURES / "plates.json").read_text(encoding="utf-8"))
HEAVIEST, HEAVIEST_ALL = 60_000, 1_500_000  # bytes of a plate, and of all of them
CHECKS = list(load_checks())


def cases_of(name: str) -> list[dict[str, Any]]:
    table = ROOT / "tests/cases" / f"{name}.yaml"
    return yaml.safe_load(table.read_text(encoding="utf-8"))["cases"] if table.exists() else []


def lacks(check: Check, cases: Sequence[dict[str, Any]], panels: Sequence[dict[str, str]], text: str) -> list[str]:
    """What a check lacks to be complete."""
    expected = {case["expect"] for case in cases}
    verdicts = [panel["verdict"] for panel in panels]
    wanted = {
        "a rationale of a sentence or more": len(check.rationale) >= 80,
        "a summary": bool(check.summary),
        "a unit": bool(check.limits.unit),
        "limits in order": (check.limits.fail_at - check.limits.review_at) * (1 if check.limits.higher_is_worse else -1) >= 0,
        "a version": check.version >= 1,
        "a case that passes": "pass" in expected,
        "a case that is off-brand": bool(expected & {"fail", "review"}),
        "a plate from good to bad": verdicts[:1] == ["pass"] and bool({*verdicts} & {"review", "fail"}),
        "its plate on its page": f"](pictures/{check.id}.webp)" in text,
        "its version on its page": f"Version of its numbers: {check.version}." in text,
    }
    return [name for name, there in wanted.items() if not there]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_check_is_complete(check: Check) -> None:
    panels = PLATES.get(check.id, {}).get("panels", [])
    text = (ROOT / page_of(check.id)).read_text(encoding="utf-8")
    assert lacks(check, cases_of(check.id), panels, text) == []
    assert page_of(check.id) in explain(check.id)


def test_an_incomplete_check_is_seen() -> None:
    whole, cases, panels = load_checks()["gamut"], cases_of("gamut"), PLATES["gamut"]["panels"]
    broken = replace(whole, rationale="Because.", summary="", version=0, limits=Limit(review_at=3, fail_at=2, unit=""))
    assert len(lacks(broken, [], [], "")) == 10
    assert lacks(whole, cases, panels, page(whole, cases, panels)) == []
    assert lacks(whole, cases, panels[:1], page(whole, cases)) == ["a plate from good to bad", "its plate on its page"]
    assert lacks(whole, [case for case in cases if case["expect"] != "pass"], panels, page(whole, cases, panels)) == ["a case that passes"]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_plate_is_a_light_picture(check: Check) -> None:
    path = PICTURES / f"{check.id}.webp"
    assert path.stat().st_size <= HEAVIEST
    with Image.open(path) as picture:
        picture.load()
        assert picture.width == 1520 and picture.height >= 250
        assert len(picture.convert("RGB").getcolors(maxcolors=1 << 24) or ()) > 50


def test_plates_weigh_little_and_none_is_left_over() -> None:
    files = sorted(PICTURES.glob("*.webp"))
    assert sum(path.stat().st_size for path in files) <= HEAVIEST_ALL
    assert {path.stem for path in files} == {check.id for check in CHECKS} == set(PLATES)


def test_pages_are_as_they_are_made() -> None:
    stale = [path.name for path, text in pages(ROOT).items() if path.read_text(encoding="utf-8") != text]
    assert not stale, f"run `python -m brandkit.check.docs`: {stale}"
    linked = [name for path in pages(ROOT) for name in re.findall(r"\]\((pictures/\S+)\)", path.read_text(encoding="utf-8"))]
    assert len(linked) == len(CHECKS) and all((ROOT / "docs/checks" / name).is_file() for name in linked)


def test_the_page_about_numbers_explains_every_unit_and_links_every_check() -> None:
    text = (ROOT / "docs/scoring.md").read_text(encoding="utf-8")
    explained = {name.replace("\\", "") for name in re.findall(r"\*\*(.+?)\*\*", text)}
    limits = [limit for check in CHECKS for limit in vars(sys.modules[check.run.__module__]).values() if isinstance(limit, Limit)]
    units = {check.limits.unit for check in CHECKS} | {limit.unit for limit in limits}
    assert len(limits) > 5 and not units - explained
    assert not [check.id for check in CHECKS if f"](checks/{check.id}.md)" not in text]
    pictures = re.findall(r"\]\((figures/\S+)\)", text)
    assert len(pictures) == 2 and all((ROOT / "docs" / name).is_file() for name in pictures)
