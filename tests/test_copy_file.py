"""Copy for pictures made elsewhere: read from a file, checked with its places, and wrong files refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from small_kit import write_kit
from typer.testing import CliRunner

from brandkit.check.run import check_files
from brandkit.cli.main import app
from brandkit.errors import BrandFileError
from brandkit.prompt.copy_file import load_copy
from brandkit.results import Verdict


def write(folder: Path, text: str) -> Path:
    file = folder / "copy.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_words_have_their_places(tmp_path: Path) -> None:
    brand = write_kit(tmp_path).brand
    texts, brief = load_copy(
        write(tmp_path, "locale: en\ntopics: [price]\ncopy:\n  headline: |-\n    One mug.\n    A revolutionary one.\n")
    )
    assert texts == {"headline": "One mug.\nA revolutionary one."} and brief.topics == ("price",)
    picture = tmp_path / "red.png"
    Image.new("RGB", (600, 400), next(iter(brand.swatches)).hex).save(picture)
    checks = {check.check: check for check in check_files([picture], brand, copy=texts, brief=brief).assets[0].checks}
    assert checks["tone-ban"].verdict is Verdict.FAIL
    assert checks["tone-ban"].findings[0].message.startswith("copy.yaml:6:7: the headline says 'revolutionary'")
    assert "nobody says" not in checks["text-misspelt"].reason


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("copy: {headlin: Mug}\n", "copy.yaml:1:8"),
        ("copy: {}\n", "copy"),
        ("headline: Mug\n", "headline"),
        ("copy: {headline: 3}\n", "copy.headline"),
        ("locale: german\ncopy: {headline: Mug}\n", "copy.yaml:1:9"),
        ("copy: [\n", "copy.yaml"),
        ("", "begin with 'copy:'"),
        ("- copy\n", "begin with 'copy:'"),
        ("locale: german\ncopy: {headline: Mug}\n", "may depend on it, e.g. 'de-AT'"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BrandFileError) as caught:
        load_copy(write(tmp_path, text))
    assert says in str(caught.value)


def test_the_command_line_says_that_there_is_advice(tmp_path: Path) -> None:
    brand = write_kit(tmp_path).brand
    picture = tmp_path / "red.png"
    Image.new("RGB", (600, 400), next(iter(brand.swatches)).hex).save(picture)
    copy = write(tmp_path, "copy: {headline: A revolutionary mug}\n")
    done = CliRunner().invoke(app, ["check", str(picture), "--brand", str(brand.file), "--copy", str(copy), "--fail-on", "fail"])
    assert done.exit_code in (0, 1) and "tone-ban" in done.output
