"""What lint finds in kits that load: each finding with its id, level, place and remedy."""

import json
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit_files import font, write_kit
from typer.testing import CliRunner

from benchmarks.drift.real import CORPUS, NAMES, make_brand
from brandkit.brand.edit import Delete, Replace, apply_edits
from brandkit.brand.fix import fix_brand
from brandkit.brand.fonts import font_characters
from brandkit.brand.lint import lint_brand
from brandkit.brand.reading import source_of
from brandkit.cli.lint import surroundings
from brandkit.cli.main import app
from brandkit.color.contrast import nearest_passing, wcag_contrast
from brandkit.errors import InputError, PictureError

ROOT = Path(__file__).parents[1]
PALETTE = (
    'palette: {colors: {night: {value: "#1C304A", role: ink}, day: {value: "#FFFFFF", role: surface}, '
    'sun: {value: "#FFC400", role: accent}}}\n'
)


@pytest.mark.parametrize("ground", ["#FFFFFF", "#000000", "#777777", "#FFC400"])
def test_the_proposed_fix_passes_and_is_the_nearest(ground):
    fix = nearest_passing("#D08020", ground, 4.5)
    assert fix is not None
    assert wcag_contrast(fix.hex, ground) >= 4.5
    assert nearest_passing(fix.hex, ground, 4.5).distance < 0.01


def damaged(cut: int) -> bytes:
    return font("abc")[:cut]


def bomb() -> bytes:
    """A font whose character map claims four thousand million characters in one group."""
    data = bytearray(font("abc\U00020000"))
    at = data.find(struct.pack(">HHI", 12, 0, 40))
    start = at + 16 if at >= 0 else data.find(b"\x00\x0c\x00\x00") + 16
    data[start : start + 12] = struct.pack(">III", 0, 0xFFFFFFFF, 1)
    return bytes(data)


@pytest.mark.parametrize("data", [b"", b"OTTO", damaged(40), damaged(200), damaged(600), bomb()], ids=lambda data: f"{len(data)} bytes")
def test_hostile_fonts_are_refused(data, tmp_path):
    (tmp_path / "a.ttf").write_bytes(data)
    with pytest.raises(PictureError, match=r"^a\.ttf ") as caught:
        font_characters(tmp_path / "a.ttf")
    assert caught.value.hint


PAIR = PALETTE.replace("}}}\n", "}}, pairs: [{ink: sun, on: day}]}\n")
TWINS = 'palette: {colors: {ink: {value: "#1C304A", role: ink}, navy: {value: "#1D314B", role: surface}}}\n'
REPEATED = "# words\ntone:\n  ban: [seamless, effortless, Seamless] # never\n"


def run(*words: str | Path):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_command_prints_findings_and_exits_with_two(tmp_path, monkeypatch, golden):
    monkeypatch.chdir(tmp_path)
    write_kit(Path("kit"), PAIR + REPEATED)
    text = run("lint", "kit")
    assert text.exit_code == 2
    golden("lint.txt", text.stdout)
    data = json.loads(run("lint", "kit", "--format", "json").stdout)
    assert (data["schema_version"], data["errors"], data["findings"][0]["rule"]) == ("brandkit/lint@2", 1, "contrast-low")
    assert [finding["fixable"] for finding in data["findings"]] == [False, True]


def test_sarif_holds_every_finding_with_its_rule_and_place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_kit(Path("a kit"), PAIR + REPEATED)
    result = run("lint", "a kit", "--format", "sarif")
    log = json.loads(result.stdout)
    (only,) = log["runs"]
    assert (result.exit_code, log["version"]) == (2, "2.1.0")
    rules = [rule["id"] for rule in only["tool"]["driver"]["rules"]]
    assert rules == ["contrast-low", "word-repeated"]
    told = [(one["ruleId"], rules[one["ruleIndex"]], one["level"], one["locations"][0]["physicalLocation"]) for one in only["results"]]
    file = {"uri": "a%20kit/brand.yaml"}
    assert told == [
        ("contrast-low", "contrast-low", "error", {"artifactLocation": file, "region": {"startLine": 3, "startColumn": 146}}),
        ("word-repeated", "word-repeated", "note", {"artifactLocation": file, "region": {"startLine": 6, "startColumn": 31}}),
    ]


def test_the_command_exits_with_zero_when_there_is_only_advice(tmp_path):
    result = run("lint", write_kit(tmp_path, TWINS), "--select", "swatch-twin")
    assert (result.exit_code, "0 errors, 1 piece of advice" in result.stdout) == (0, True)


def test_rules_are_selected_and_ignored(tmp_path):
    kit = write_kit(tmp_path, PAIR + REPEATED)
    assert {finding.id for finding in lint_brand(kit, select=["word-repeated"]).findings} == {"word-repeated"}
    assert {finding.id for finding in lint_brand(kit, ignore=["contrast-low"]).findings} == {"word-repeated"}
    with pytest.raises(InputError, match="no rule 'word-repeatd'") as caught:
        lint_brand(kit, select=["word-repeatd"])
    assert "word-repeated" in (caught.value.hint or "")


def test_no_option_hides_that_a_file_is_invalid(tmp_path):
    kit = write_kit(tmp_path, "palete: {}\n")
    assert [finding.id for finding in lint_brand(kit, select=["swatch-twin"], ignore=["brand-file"]).findings] == ["brand-file"]


def test_fix_mends_the_file_and_shows_the_change(tmp_path):
    kit = write_kit(tmp_path, REPEATED)
    result = run("lint", kit, "--fix")
    assert result.exit_code == 0
    assert "-  ban: [seamless, effortless, Seamless] # never" in result.stderr
    assert "+  ban: [seamless, effortless] # never" in result.stderr
    assert "no faults found" in result.stdout
    assert (kit / "brand.yaml").read_text() == "brandkit: 1\nname: Any\n# words\ntone:\n  ban: [seamless, effortless] # never\n"


def test_diff_shows_the_change_and_makes_none(tmp_path):
    kit = write_kit(tmp_path, REPEATED)
    before = (kit / "brand.yaml").read_bytes()
    result = run("lint", kit, "--diff")
    assert (result.exit_code, "+  ban: [seamless, effortless] # never" in result.stdout) == (0, True)
    assert (kit / "brand.yaml").read_bytes() == before


def test_a_kit_in_a_zip_file_is_shown_its_fixes_and_never_written_to(tmp_path):
    kit = write_kit(tmp_path / "kit", REPEATED)
    with zipfile.ZipFile(tmp_path / "kit.zip", "w") as archive:
        archive.write(kit / "brand.yaml", "kit/brand.yaml")
    shown = run("lint", tmp_path / "kit.zip", "--diff")
    assert (shown.exit_code, shown.stdout.splitlines()[0]) == (0, "--- kit.zip/brand.yaml")
    refused = run("lint", tmp_path / "kit.zip", "--fix")
    assert isinstance(refused.exception, InputError) and "zip file" in str(refused.exception)


def test_diff_says_when_there_is_nothing_to_read(tmp_path):
    result = run("lint", tmp_path / "none", "--diff")
    assert (result.exit_code, "does not exist" in result.stdout) == (2, True)


def test_a_fix_keeps_line_endings_and_the_byte_order_mark(tmp_path):
    file = write_kit(tmp_path, "") / "brand.yaml"
    file.write_bytes(b"\xef\xbb\xbfbrandkit: 1\r\nname: Any\r\ntone:\r\n  ban:\r\n    - a b\r\n    - a b\r\n    - c\r\n")
    fix_brand(file)
    assert file.read_bytes() == b"\xef\xbb\xbfbrandkit: 1\r\nname: Any\r\ntone:\r\n  ban:\r\n    - a b\r\n    - c\r\n"


def test_a_fix_goes_through_a_link_and_keeps_permissions(tmp_path):
    file = write_kit(tmp_path / "kit", REPEATED) / "brand.yaml"
    file.chmod(0o640)
    link = tmp_path / "other" / "brand.yaml"
    link.parent.mkdir()
    link.symlink_to(file)
    assert fix_brand(link).diff
    assert link.is_symlink() and "Seamless" not in file.read_text() and file.stat().st_mode & 0o777 == 0o640


def test_a_parents_file_is_never_mended_from_its_child(tmp_path):
    house = write_kit(tmp_path / "house", REPEATED)
    child = write_kit(tmp_path / "child", "extends: ../house\n")
    before = (house / "brand.yaml").read_text()
    fixed = fix_brand(child)
    assert [finding.id for finding in fixed.report.findings] == ["word-repeated"]
    assert (fixed.diff, (house / "brand.yaml").read_text()) == ("", before)


def test_what_a_parent_ignores_its_children_ignore_too(tmp_path):
    write_kit(tmp_path / "house", REPEATED + "lint: {ignore: [{rule: word-repeated, at: tone.ban, why: One of them is a proper name.}]}\n")
    child = write_kit(tmp_path / "child", "extends: ../house\n")
    report = lint_brand(child)
    assert (report.findings, report.ignored) == ((), 1)


def test_what_is_wrong_in_a_parents_list_is_told_where_it_stands(tmp_path):
    house = write_kit(tmp_path / "house", "lint: {ignore: [{rule: word-repeated}]}\n")
    assert [finding.id for finding in lint_brand(house).findings] == ["brand-file"]
    assert lint_brand(write_kit(tmp_path / "child", "extends: ../house\n")).findings == ()


@pytest.mark.parametrize("kit", sorted((ROOT / "brands").glob("**/brand.yaml")), ids=lambda file: file.parent.name)
def test_the_demo_brands_lint_clean(kit):
    assert run("lint", kit).stdout == f"{kit}: no faults found\n"


@pytest.mark.parametrize("name", NAMES)
def test_kits_of_real_brands_raise_no_error(name, tmp_path):
    if not CORPUS.is_dir():
        pytest.skip(f"{CORPUS} is not there; set BRANDKIT_CORPUS")
    make_brand(name, tmp_path / name)
    report = lint_brand(tmp_path / name, surroundings())
    assert not report.errors, report.to_text()
    said = {finding.id for finding in report.advice}
    assert said <= {
        "role-missing",
        "mark-alt",
        "mark-lockup",
        "mark-raster",
        "clear-space-missing",
        "mark-thin",
        "mark-margin",
        "swatch-twin",
        "mark-color",
    }, said


words = st.sampled_from(["seamless", "Seamless", "effortless", "a b", "至高", "'it''s'", '"quoted: text"'])


@given(st.lists(words, min_size=1, max_size=6), st.booleans(), st.booleans())
def test_edits_change_what_they_say_and_nothing_else(entries, flow, comments):
    note = " # note" if comments and not flow else ""
    body = f" [{', '.join(entries)}]\n" if flow else "\n" + "".join(f"    - {entry}{note}\n" for entry in entries)
    text = f"tone:\n  # these\n  ban:{body}  voice: [plain] # that\n"
    whole = source_of(text, Path("brand.yaml")).tree["tone"]["ban"]
    for gone in range(len(entries)):
        changed = apply_edits(text, [Delete(("tone", "ban", gone)), Replace(("tone", "voice", 0), "exact")], Path("brand.yaml"))
        tree = source_of(changed, Path("brand.yaml")).tree
        assert tree == {"tone": {"ban": whole[:gone] + whole[gone + 1 :], "voice": ["exact"]}}
        assert changed.endswith("  voice: [exact] # that\n") and changed.startswith("tone:\n  # these\n  ban:")
        assert changed.count("# note") == (len(entries) - 1 if note else 0)


HALFPAST = ROOT / "brands/halfpast/brand.yaml"
WRITTEN = source_of(HALFPAST.read_text(encoding="utf-8"), HALFPAST)


@given(st.sampled_from([loc for loc in WRITTEN.values if loc]), st.booleans())
@settings(max_examples=25, deadline=None)
def test_every_value_of_a_real_brand_file_can_be_deleted_or_replaced(loc, delete):
    text = HALFPAST.read_text(encoding="utf-8")
    old = reach(WRITTEN.tree, loc)
    if isinstance(old, dict | list) and not delete:
        return
    changed = apply_edits(text, [Delete(loc) if delete else Replace(loc, '"other"')], HALFPAST)
    home = reach(source_of(changed, HALFPAST).tree, loc[:-1])
    kept = len(reach(WRITTEN.tree, loc[:-1]))
    assert len(home) == kept - 1 if delete else home[loc[-1]] == "other"
    gone = {line for line in text.splitlines() if line.lstrip().startswith("#")} - set(changed.splitlines())
    assert not gone, "a comment on a line of its own is never lost"


def reach(tree, loc):
    for step in loc:
        tree = tree[step]
    return tree


def test_an_edit_that_cannot_be_made_changes_nothing():
    text = "tone:\n  voice:\n    - |\n      a long\n      text\n"
    edits = [Replace(("tone", "voice", 0), "exact"), Delete(("tone", "ban", 3)), Replace(("tone",), "none")]
    assert apply_edits(text, edits, Path("brand.yaml")) == text
