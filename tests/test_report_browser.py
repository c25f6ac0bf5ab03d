"""The report's page in a browser: many assets can be filtered and sorted, by keyboard too, and nothing overflows a phone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from PIL import Image

from brandkit.report import render
from brandkit.report.html import TOOLS, copy_sides, shared_folder
from brandkit.results import AssetResult, CheckResult, Level, RunResult, Verdict

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (apt-get install chromium)")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu", "--disable-dev-shm-usage"])
        yield started
        started.close()


def made(index: int) -> AssetResult:
    fails = index % 3 == 0
    check = CheckResult(
        check="logo-altered" if index % 2 else "palette-drift", version=1, level=Level.MUST, title="X.",
        verdict=Verdict.FAIL if fails else Verdict.PASS,
    )  # fmt: skip
    name = f"a-very-long-name-without-any-space-in-it-{20 - index}" if fails else f"poster {index}"
    size = {"sha256": "0", "width": 120, "height": 80}
    return AssetResult(id=f"id-{index}", file=f"{name}.png", verdict=check.verdict, checks=(check,), **size)


@pytest.fixture
def open_page(browser, tmp_path):
    contexts = []

    def open_(count: int = TOOLS, width: int = 1440):
        assets = tuple(made(index) for index in range(count))
        for asset in assets:
            Image.new("RGB", (120, 80), "#3A4D1F").save(tmp_path / asset.file)
        result = RunResult(brandkit="0", brand="B", kit_hash="k" * 64, assets=assets)
        (tmp_path / "report.html").write_text(render(result, "html", root=tmp_path), encoding="utf-8")
        contexts.append(context := browser.new_context(viewport={"width": width, "height": 900}))
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto((tmp_path / "report.html").as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()


def listed(page) -> list[str]:
    return [name.split(".png")[0].strip() for name in page.locator(".grid li:visible .name").all_text_contents()]


def test_many_assets_are_filtered_and_sorted_and_next_follows(open_page):
    page = open_page()
    assert len(listed(page)) == TOOLS
    page.select_option("[name=verdict]", "fail")
    failing = listed(page)
    assert len(failing) == 5 and all(name.startswith("a-very") for name in failing)
    page.select_option("[name=order]", "name")
    assert [int(name.rsplit("-", 1)[1]) for name in listed(page)] == [8, 11, 14, 17, 20], "numbers in names count as numbers"
    page.select_option("[name=check]", "logo-altered")
    assert [int(name.rsplit("-", 1)[1]) for name in listed(page)] == [11, 17]
    assert page.locator("output").inner_text() == "2 listed"
    page.locator(".grid li:visible a").first.click()
    assert "a-very-long-name-without-any-space-in-it-11" in page.locator(".detail:target .id").inner_text()
    page.keyboard.press("j")
    assert "it-17" in page.locator(".detail:target .id").inner_text()
    assert page.locator(".detail:target a[rel=next]:visible").count() == 0
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("jk 17")
    assert listed(page) == [] and page.locator("output").inner_text() == "nothing is like that"


def test_few_assets_need_no_tools_and_are_walked(open_page):
    page = open_page(3)
    assert page.locator(".tools").count() == 0
    page.keyboard.press("/")
    page.locator(".grid li a").first.click()
    for key, left in (("j", 1), ("ArrowRight", 0), ("k", 1)):
        page.keyboard.press(key)
        assert page.locator(".detail:target a[rel=next]:visible").count() == left


def test_nothing_overflows_a_phone(open_page):
    page = open_page(width=390)
    for place in ("", "#a1"):
        page.evaluate(f"location.hash = '{place}'")
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_in_print_what_is_left_out_and_what_passes_takes_no_page(open_page):
    page = open_page()
    page.select_option("[name=check]", "palette-drift")
    page.emulate_media(media="print")
    assert page.locator(".detail:visible").count() == 3 and page.locator(".tools:visible").count() == 0


def test_printed_the_overview_is_a_sheet_and_each_finding_has_a_page_of_its_own(open_page):
    """Tiles once were as large as on the screen, and every detail ran onto a second page."""
    printed = open_page(count=15).pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1 + 5
    assert b"/MediaBox [0 0 595" in printed or b"/MediaBox [0 0 594" in printed


def test_the_folder_that_all_pictures_share_is_said_once():
    assets = [made(0).model_copy(update={"file": file}) for file in ("in/a/b.png", "in/a/c/d.png", "in/abc.png")]
    assert shared_folder(assets) == "in/" and shared_folder(assets[:2]) == "in/a/" and shared_folder(assets[:1]) == ""
    assert shared_folder([*assets, assets[0].model_copy(update={"format": "slide"})]) == ""
    assert shared_folder([assets[0], assets[0].model_copy(update={"file": "/in/a/b.png"})]) == ""


def test_copies_shrink_where_there_are_many():
    assert copy_sides(1) == copy_sides(60) == (520, 1400)
    assert copy_sides(200) == (360, 800) == copy_sides(100_000)
    assert (360, 800) < copy_sides(90) < (520, 1400)
