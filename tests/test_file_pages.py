"""The references of brand and campaign files: complete, up to date, and with examples that are what they say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from kit_files import picture, svg
from typer.testing import CliRunner

from brandkit.brand.lint import lint_brand
from brandkit.brand.load import load_brand
from brandkit.brand.model import BrandDocument
from brandkit.cli.file_pages import PAGES, Page, cut, page_text
from brandkit.cli.lint import surroundings
from brandkit.cli.main import app
from brandkit.cli.shape_words import keys_of
from brandkit.prompt.brief import CampaignDocument

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs/examples"
LOCKUP = '<path d="M10 0 20 20H12V24H8V20H0Z" fill="{0}"/><rect x="28" y="6" width="72" height="12" fill="{0}"/>'
TREE = '<path d="M10 0 20 20H12V24H8V20H0Z" fill="{0}"/>'


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example kit with the files that it names, which the documentation leaves out."""
    folder = tmp_path_factory.mktemp("kit")
    shutil.copytree(EXAMPLES, folder, dirs_exist_ok=True)
    shutil.copytree(ROOT / "brands/ebbware/fonts", folder / "fonts", ignore=shutil.ignore_patterns("NotoSerifJP-SemiBold*"))
    files: dict[str, str | bytes] = {
        "logo/primary.svg": svg(LOCKUP.format("#1F4D3A"), "0 0 100 24"),
        "logo/reversed.svg": svg(LOCKUP.format("#F6F1E7"), "0 0 100 24"),
        "logo/symbol.svg": svg(TREE.format("#1F4D3A"), "0 0 20 24"),
        "pictures/table.jpg": picture((1800, 1200), ["#F6F1E7", "#C9B79C", "#1F4D3A"], "JPEG"),
        "pictures/pot.png": picture((700, 600), ["#1F4D3A"]),
        "LICENSE.md": "Ours.",
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def test_the_example_kit_lints_clean(kit: Path) -> None:
    report = lint_brand(kit, surroundings())
    assert not report.findings, report.to_text()
    assert report.ignored == 1


def test_the_example_of_a_child_lints_clean_and_changes_what_it_says(kit: Path) -> None:
    report = lint_brand(kit / "season", surroundings())
    assert not report.findings, report.to_text()
    assert load_brand(kit / "season").hex("flare") == "#E8804F"


def test_the_example_campaign_can_be_planned(kit: Path) -> None:
    result = CliRunner().invoke(app, ["plan", str(kit / "campaigns/breakfast")])
    assert result.exit_code == 0, result.output
    assert "6 assets" in result.output


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_the_pages_are_those_of_the_models(page: Page) -> None:
    text = page_text(page, ROOT)
    assert (ROOT / "docs" / page.file).read_text(encoding="utf-8") == text, "run `python -m brandkit.cli.file_pages`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_every_section_has_an_example_that_is_yaml(page: Page) -> None:
    slices = cut((ROOT / page.example).read_text(encoding="utf-8"))
    for key in keys_of(page.model):
        if key.inner:
            assert key.name in slices, f"show {key.name!r} in {page.example}"
            assert list(yaml.safe_load(slices[key.name])) == [key.name]


@pytest.mark.parametrize("model", [BrandDocument, CampaignDocument], ids=lambda model: model.__name__)
def test_every_key_and_section_is_described(model: type[BrandDocument]) -> None:
    waiting, seen = [model], set()
    while waiting:
        section = waiting.pop()
        seen.add(section)
        assert section.__doc__, section
        for key in keys_of(section):
            assert key.about.endswith((".", "`", '"')) and len(key.about) > 9, f"describe {section.__name__}.{key.name}"
            assert "ForwardRef" not in key.words and "typing" not in key.words
            waiting += [inner for _, inner in key.inner if inner not in seen]
