"""Runs tests/cases_diff.yaml: kits that differ in one thing, and what `brandkit diff` says about it; and files that differ."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image
from test_cli import brandkit  # noqa: F401  (a fixture)
from test_lint import font

from brandkit.brand.load import load_brand
from brandkit.check.compare.change import Effect
from brandkit.check.compare.kits import compare_kits, open_kit
from brandkit.check.registry import load_checks

FONTS = {letters: font(letters) for letters in ("abc", "ab")}  # made once: a font says when it was made
CASES = yaml.safe_load((Path(__file__).parent / "cases_diff.yaml").read_text(encoding="utf-8"))
MAIN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path d="M0 0h30v20H0z" fill="#1F4D3A"/></svg>'
BRAND: dict[str, Any] = {
    "brandkit": 1,
    "name": "Harbor",
    "palette": {
        "colors": {
            "pine": {"value": "#1F4D3A", "role": "primary", "share": [0.2, 0.4], "required": True},
            "sail": {"value": "#F6F1E7", "role": "surface", "share": [0.5, 0.6]},
            "flare": {"value": "#E4572E", "role": "accent", "tolerance": 6},
            "spare": {"value": "#777777"},
        },
        "tolerance": 3,
        "forbidden": ["#FF00FF"],
        "pairs": [{"ink": "pine", "on": "sail", "level": "AAA"}],
    },
    "logo": {
        "marks": {
            "main": {"file": "logo/main.svg", "min_width": "60px"},
            "mono": {"file": "logo/mono.svg", "on": ["light", "dark"]},
        },
    },
    "typography": {
        "families": {"text": {"files": ["fonts/text.ttf"]}, "display": {"files": ["fonts/display.ttf"]}},
        "scale": {"legal": {"family": "text", "size": ["16px", "20px"]}},
    },
    "tone": {
        "ban": ["cheap", "revolutionary"],
        "claims": {"allowed": ["made by hand"], "need_proof": ["lead-free"]},
        "disclaimers": [{"when": {"locale": "de"}, "text": "inkl. MwSt."}],
    },
    "imagery": {
        "style": "calm",
        "subjects": {"avoid": ["boats"]},
        "references": [{"file": "refs/quay.png"}, {"file": "refs/tin.png", "role": "product"}],
    },
    "layout": {"schemes": {"day": {"ground": "sail", "ink": "pine", "accent": "pine", "on_accent": "sail"}}},
}


def write(folder: Path, change: dict[str, Any]) -> Path:
    """The kit with `change` (dotted key path to value, None deletes) in `folder`."""
    document = copy.deepcopy(BRAND)
    for path, value in change.items():
        *steps, last = path.split(".")
        part = document
        for step in steps:
            part = part.setdefault(step, {})
        if value is None:
            part.pop(last, None)
        else:
            part[last] = value
    for name in ("logo", "fonts", "refs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "brand.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    (folder / "logo/main.svg").write_text(MAIN)
    (folder / "logo/mono.svg").write_text(MAIN.replace("#1F4D3A", "#777777"))
    (folder / "fonts/text.ttf").write_bytes(FONTS["abc"])
    (folder / "fonts/display.ttf").write_bytes(FONTS["ab"])
    for index, name in enumerate(("quay", "tin")):
        Image.new("RGB", (40, 40), (index * 80, 90, 90)).save(folder / f"refs/{name}.png")
    return folder


@pytest.fixture
def kits(tmp_path: Path) -> tuple[Path, Path]:
    return write(tmp_path / "a", {}), write(tmp_path / "b", {})


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
@pytest.mark.parametrize("saved", [False, True], ids=["both loaded", "one saved"])
def test_each_change_is_told_with_its_effect(tmp_path: Path, brandkit, case: dict[str, Any], saved: bool) -> None:  # noqa: F811
    a, b = write(tmp_path / "a", {}), write(tmp_path / "b", case["change"])
    if saved:
        _, document, _ = brandkit("explain", a, "--format", "json")
        a = tmp_path / "a.json"
        a.write_text(document, encoding="utf-8")
    comparison = compare_kits(open_kit(a), open_kit(b))
    found = [(change.effect.value, change.path) for change in comparison.changes]
    assert sorted(found) == sorted((effect, path) for effect, path, _, _ in case["expect"])
    known = {check.id for check in load_checks()}
    for effect, path, words, check in case["expect"]:
        change = next(one for one in comparison.changes if (one.effect.value, one.path) == (effect, path))
        assert words in change.message
        assert set(change.checks) <= known and (not check or check in change.checks)
    assert comparison.exit_code == int(any(effect == "regression" for effect, *_ in case["expect"]))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_way_back_is_the_opposite(tmp_path: Path, case: dict[str, Any]) -> None:
    """What loosens in one direction tightens in the other, wherever it is one number, list or level on both sides."""
    a, b = open_kit(write(tmp_path / "a", {})), open_kit(write(tmp_path / "b", case["change"]))
    there, back = compare_kits(a, b), compare_kits(b, a)
    tightened = {change.path for change in back.changes if change.effect is not Effect.OTHER}
    drawn = ("value", "on")  # a colour that moves far is a regression both ways; a ground gained is no promise
    names = ("spare", "mono", "display", "mist", "imagery")  # an entry that comes is no promise either
    for change in there.of(Effect.IMPROVEMENT):
        assert change.path in tightened
    for change in there.of(Effect.REGRESSION):
        if not change.path.endswith(drawn) and not any(name in change.path for name in names):
            assert change.path in tightened


def test_a_mark_that_is_drawn_differently(kits: tuple[Path, Path]) -> None:
    a, b = kits
    (b / "logo/main.svg").write_text(MAIN.replace("M0 0h30", "M0 0h32"))
    (change,) = compare_kits(open_kit(a), open_kit(b)).changes
    assert (change.effect, change.path, change.checks[-1]) == (Effect.REGRESSION, "logo.marks.main.file", "logo-altered")
    assert change.message == "drawn differently on 5% of its area"
    (b / "logo/main.svg").write_text(MAIN.replace("0 0 40 20", "0 0 40 30"))
    assert compare_kits(open_kit(a), open_kit(b)).changes[0].message == "drawn in other proportions"


@pytest.mark.parametrize(
    ("drawing", "words"),
    [
        (MAIN.replace("<path", "<title>Harbor</title><path"), "another file with the same drawing"),
        (MAIN.replace("M0 0h30v20H0z", "M0 0H30V20H0Z"), "another file that looks the same"),
    ],
)
def test_a_mark_that_only_is_written_differently(kits: tuple[Path, Path], drawing: str, words: str) -> None:
    a, b = kits
    (b / "logo/main.svg").write_text(drawing)
    (change,) = compare_kits(open_kit(a), open_kit(b)).changes
    assert (change.effect, change.message) == (Effect.OTHER, words)


def test_a_font_that_lost_letters(kits: tuple[Path, Path]) -> None:
    a, b = kits
    (b / "fonts/text.ttf").write_bytes(FONTS["ab"])
    (change,) = compare_kits(open_kit(a), open_kit(b)).changes
    assert (change.effect, change.message) == (Effect.REGRESSION, "letterforms or metrics changed, characters lost: 1")


def test_a_font_that_only_names_something_else(kits: tuple[Path, Path]) -> None:
    from fontTools.ttLib import TTFont

    a, b = kits
    with TTFont(b / "fonts/text.ttf") as renamed:
        renamed["name"].setName("Version 1.001", 5, 3, 1, 0x409)
        renamed.save(b / "fonts/text.ttf")
    (change,) = compare_kits(open_kit(a), open_kit(b)).changes
    assert (change.effect, change.message) == (Effect.OTHER, "another file with the same letterforms")


def test_a_picture_with_another_content(kits: tuple[Path, Path]) -> None:
    a, b = kits
    Image.new("RGB", (40, 40), "red").save(b / "refs/tin.png")
    (change,) = compare_kits(open_kit(a), open_kit(b)).changes
    assert (change.effect, change.message, change.checks) == (Effect.OTHER, "another product picture", ("reference-drift",))


def test_the_command_and_its_formats(kits: tuple[Path, Path], brandkit, golden, monkeypatch) -> None:  # noqa: F811
    a, b = kits
    monkeypatch.chdir(a.parent)
    write(b, {"palette.colors.pine.value": "#7FA08F", "tone.ban": ["cheap", "<b>|best"], "layout.margin": 0.08, "logo.marks.mono": None})
    code, out, err = brandkit("diff", "a", "b")
    assert (code, err) == (1, "")
    hashes = [(load_brand(Path(kit)).kit_hash[:12], kit * 12) for kit in ("a", "b")]
    for digest, stand_in in hashes:
        out = out.replace(digest, stand_in)
    golden("diff.txt", out)
    _, markdown, _ = brandkit("diff", "a", "b", "--format", "markdown")
    assert "&lt;b&gt;\\|best" in markdown and "<b>" not in markdown
    code, document, _ = brandkit("diff", "a", "b", "--format", "json")
    assert code == 1 and json.loads(document)["regressions"] == 6
    assert json.loads(document)["changes"][0]["source"] == "b/brand.yaml:6"
    assert brandkit("diff", "a", "a")[:2] == (0, f"Harbor {hashes[0][0]} → Harbor {hashes[0][0]}: no difference\n")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"kit": {"document": 1}}', "[" * 100_000, '{"kit": {"document": {}, "files": []}}'])
def test_what_is_no_saved_kit_is_wrong_input(tmp_path: Path, brandkit, text: str) -> None:  # noqa: F811
    (tmp_path / "kit.json").write_text(text)
    code, out, err = brandkit("diff", tmp_path / "kit.json", tmp_path / "kit.json")
    assert (code, out) == (2, "")
    assert "is no saved kit" in err and "brandkit explain BRAND --format json" in err
