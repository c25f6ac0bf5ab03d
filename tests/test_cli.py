"""The command line: bad input is one clear paragraph with place and remedy, never a traceback, and nothing is half-written."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
import yaml
from PIL import Image

from brandkit.brand.load import load_brand
from brandkit.check.run import check_files
from brandkit.cli.main import main

ROOT = Path(__file__).parent.parent
CAMPAIGN = "campaigns/every-half-hour/campaign.yaml"


@pytest.fixture
def kit(tmp_path):
    """A copy of the Halfpast kit that a test may spoil."""
    shutil.copytree(ROOT / "brands/halfpast", tmp_path / "halfpast")
    return tmp_path / "halfpast"


@pytest.fixture
def brandkit(monkeypatch, capsys):
    """Run the command in this process: exit code, stdout, stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["brandkit", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
            raise SystemExit(0)
        out, err = capsys.readouterr()
        code = end.value.code
        return (code if isinstance(code, int) else int(bool(code))), out, err

    return run


def edit(file: Path, change) -> None:
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(document)
    file.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")


def concept(document):
    return next(iter(document["concepts"].values()))


def small(document):
    document["formats"] = ["google-medium-rectangle"]
    document["locales"] = ["en"]


CASES = {
    "unknown format": (CAMPAIGN, lambda d: d.update(formats=["instagram-pots"]), "instagram-post"),
    "unknown template": (CAMPAIGN, lambda d: d.update(formats=[{"name": "slide", "template": "no-such"}]), "no-such"),
    "unknown scheme": (CAMPAIGN, lambda d: d.update(formats=[{"name": "slide", "scheme": "no-such"}]), "no-such"),
    "unknown key": (CAMPAIGN, lambda d: d.update(localse=["en"]), "locales"),
    "empty locales": (CAMPAIGN, lambda d: d.update(locales=[]), "locales"),
    "locale without copy": (CAMPAIGN, lambda d: d.update(locales=["fr"]), "fr"),
    "copy too long": (CAMPAIGN, lambda d: (small(d), concept(d)["copy"]["en"].update(headline="wide words " * 60)), "headline"),
    "a word too wide": (CAMPAIGN, lambda d: (small(d), concept(d)["copy"]["en"].update(headline="W" * 70)), "headline"),
    "a glyph no font has": (CAMPAIGN, lambda d: (small(d), concept(d)["copy"]["en"].update(headline="ᚠ")), "U+16A0"),
    "only vector files": (CAMPAIGN, lambda d: d.update(output={"types": ["svg", "pdf"]}), "png"),
    "missing brand": (CAMPAIGN, lambda d: d.update(brand="../../../nowhere"), "nowhere"),
    "a colour that is none": ("brand.yaml", lambda d: next(iter(d["palette"]["colors"].values())).update(value="#12"), "#12"),
    "cyclic extends": ("brand.yaml", lambda d: d.update(extends="."), "extends"),
    "missing logo": ("brand.yaml", lambda d: next(iter(d["logo"]["marks"].values())).update(file="logo/none.svg"), "none.svg"),
    "a path that climbs": ("brand.yaml", lambda d: next(iter(d["logo"]["marks"].values())).update(file="../x.svg"), "../x.svg"),
    "wrong type": ("brand.yaml", lambda d: d.update(palette=["#123456"]), "palette"),
}


@pytest.mark.parametrize(("file", "change", "word"), CASES.values(), ids=CASES)
def test_wrong_files_are_refused_before_anything_is_made(kit, brandkit, tmp_path, file, change, word):
    edit(kit / file, change)
    code, out, err = brandkit("run", kit / CAMPAIGN, "--out", tmp_path / "out")
    assert (code, out) == (2, "")
    assert err.startswith("brandkit: ")
    assert word in err
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()


def test_a_logo_that_does_not_parse(kit, brandkit):
    (kit / "logo/primary.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'", encoding="utf-8")
    code, out, err = brandkit("lint", kit)
    assert code == 2
    assert "primary.svg" in out + err


def test_a_font_that_is_none(kit, brandkit):
    next((kit / "fonts").glob("*.ttf")).write_bytes(b"not a font")
    code, out, err = brandkit("lint", kit)
    assert code == 2
    assert ".ttf" in out + err


@pytest.mark.parametrize("command", ["lint", "plan", "compile"])
def test_a_missing_path_names_it(brandkit, command):
    code, out, err = brandkit(command, "no/such/thing")
    assert code == 2
    assert "no/such/thing" in (out if command == "lint" else err)


def bomb() -> bytes:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    parts = [struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\nxxxx", b"<svg/>", bomb()], ids=["empty", "gif", "png", "svg", "bomb"])
def test_an_unreadable_picture_is_wrong_input(brandkit, tmp_path, data):
    (tmp_path / "picture.png").write_bytes(data)
    code, out, err = brandkit("check", tmp_path / "picture.png", "--brand", ROOT / "brands/halfpast")
    assert (code, out) == (2, "")
    assert "picture.png" in err
    assert "Traceback" not in err


def test_an_unreadable_picture_among_others_fails_with_its_reason(brandkit, tmp_path):
    (tmp_path / "a.png").write_bytes(b"broken")
    Image.new("RGB", (64, 64), "#EAEEF9").save(tmp_path / "b.png")
    code, out, _ = brandkit("check", tmp_path, "--brand", ROOT / "brands/halfpast", "--format", "json")
    assets = {asset["id"]: asset for asset in json.loads(out)["assets"]}
    assert code == 1
    assert assets["a"]["verdict"] == "fail"
    assert assets["a"]["checks"][0]["findings"][0]["code"] == "unreadable"


def test_openai_without_a_key_is_unfinished_and_says_how_to_give_one(kit, brandkit, tmp_path):
    edit(kit / CAMPAIGN, lambda d: (small(d), d.update(budget=5)))
    code, _, err = brandkit("run", kit / CAMPAIGN, "--backend", "openai", "--out", tmp_path / "out")
    assert code == 3
    assert "OPENAI_API_KEY" in err
    assert "Traceback" not in err


def test_a_file_as_out_is_wrong_input(kit, brandkit, tmp_path):
    (tmp_path / "file").write_text("in the way")
    edit(kit / CAMPAIGN, small)
    code, _, err = brandkit("run", kit / CAMPAIGN, "--out", tmp_path / "file")
    assert code == 2
    assert "is a file, not a folder" in err


def test_run_prints_one_json_document_and_writes_a_report_that_loads_nothing(kit, brandkit, tmp_path):
    edit(kit / CAMPAIGN, small)
    _, out, err = brandkit("run", kit / CAMPAIGN, "--out", tmp_path / "out", "--format", "json")
    assert json.loads(out) == json.loads((tmp_path / "out/run.json").read_text(encoding="utf-8"))
    assert "report.html" in err
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page


def test_text_in_a_campaign_cannot_become_markup_in_the_report(kit, brandkit, tmp_path):
    edit(kit / CAMPAIGN, lambda d: (small(d), d.update(name="<script>alert(1)</script>")))
    brandkit("run", kit / CAMPAIGN, "--out", tmp_path / "out")
    assert "<script>alert(1)" not in (tmp_path / "out/report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("module", ["brandkit", "brandkit.cli.main"])
def test_importing_brandkit_stays_light(module):
    code = f"import {module}, sys; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ}).stdout.split()
    assert not {"numpy", "cv2", "PIL", "typst", "openai", "pydantic", "fontTools", "yaml"} & set(loaded)


def test_what_people_accepted_counts_in_the_next_check_and_in_scripts(brandkit, tmp_path, monkeypatch):
    """A picture made elsewhere, from the check to the gate that a person opened."""
    from brandkit.results import Action
    from brandkit.review.log import DecisionLog, Wish
    from brandkit.review.standing import read_run

    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (64, 64), "#17B890").save(tmp_path / "a.png")
    check = ("check", "a.png", "--brand", ROOT / "brands/halfpast", "--out", "out")
    assert brandkit(*check)[0] == 1
    code, out, _ = brandkit("review", "out", "--files", ".", "--json")
    listed = json.loads(out)["assets"][0]
    assert (code, listed["id"], listed["open"], listed["decision"]) == (1, "a", True, None)
    DecisionLog(tmp_path / "out").append(Wish(read_run(tmp_path / "out").assets[0], Action.ACCEPT, "Ada", "a plain ground"))
    code, out, _ = brandkit(*check)
    assert (code, "Accepted by Ada" in out, "1 accepted by people" in out) == (0, True, True)
    assert brandkit("report", "out", "--files", ".")[0] == 0
    code, out, _ = brandkit("review", "out", "--files", ".", "--list")
    assert (code, "1 asset: 0 open, 1 accepted" in out) == (0, True), out
    Image.new("RGB", (64, 64), "#17B891").save(tmp_path / "a.png")
    assert brandkit("report", "out", "--files", ".")[0] == 1, "another file now"
    code, out, _ = brandkit(*check)
    assert (code, "no longer holds: the file was made anew" in out) == (1, True), out


def test_reviewing_a_folder_without_a_result_says_what_to_do(brandkit, tmp_path):
    for command in ("review", "report"):
        code, _, err = brandkit(command, tmp_path)
        assert code == 2
        assert "there is no run.json here" in err and "--out" in err


def test_the_list_of_commands_says_each_in_a_whole_sentence(brandkit, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = brandkit("--help")
    listed = out.partition("Commands:")[2].partition("Exit codes:")[0].strip().splitlines()
    assert len(listed) >= 20
    assert [line for line in listed if not line.endswith(".") or line.endswith("...")] == []


def test_a_missing_campaign_is_not_told_to_be_a_brand(kit, brandkit):
    code, _, err = brandkit("plan", kit)
    assert code == 2
    assert "a campaign is a folder that holds campaign.yaml" in err
    assert "a campaign one that holds campaign.yaml" in brandkit("plan", "nowhere")[2]
    assert "hint: check the path\n" in brandkit("check", kit, "--brand", kit, "--copy", "nowhere.yaml")[2]


def test_beginning_a_kit_says_what_comes_next(brandkit, tmp_path):
    (tmp_path / "mark.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path fill="#1F4D3A" d="M0 0h9v9z"/></svg>'
    )
    code, out, err = brandkit("init", tmp_path / "kit", "--from", tmp_path / "mark.svg")
    assert code == 0
    assert f"--brand {tmp_path / 'kit'}`" in err.splitlines()[-1]
    assert out.strip() == str(tmp_path / "kit/brand.yaml")


def test_a_check_is_reported_from_the_folder_that_it_was_made_in(kit, brandkit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (400, 300), "#272BC7").save(tmp_path / "flat.png")
    checked = brandkit("check", "flat.png", "--brand", kit, "--out", "out")
    assert brandkit("report", "out")[1].splitlines()[0] == checked[1].splitlines()[0]
    Image.new("RGB", (400, 300), "#FB6527").save(tmp_path / "flat.png")
    assert "not the one that was checked" in brandkit("report", "out")[1], "another file of that name is not the one that was checked"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    code, told, _ = brandkit("report", tmp_path / "out")
    assert code == 1 and "no such file here" in told and "--files" in told and "not the one that was checked" not in told


def test_a_check_takes_no_runs_place(kit, brandkit, tmp_path):
    Image.new("RGB", (40, 30), "#272BC7").save(tmp_path / "flat.png")
    (tmp_path / "run").mkdir()
    for name in ("record.db", "run.json", "report.html"):
        (tmp_path / "run" / name).write_text("the run's own")
    code, _, err = brandkit("check", tmp_path / "flat.png", "--brand", kit, "--out", tmp_path / "run")
    assert code == 2 and "is the folder of a run" in err and "--report" in err
    assert {file.read_text() for file in (tmp_path / "run").iterdir()} == {"the run's own"}
    assert brandkit("check", tmp_path / "flat.png", "--brand", kit, "--report", tmp_path / "run/check.html")[0] != 2


def test_long_checks_tell_of_each_file(kit, tmp_path):
    for name in ("a", "b", "c"):
        Image.new("RGB", (60, 40), "#272BC7").save(tmp_path / f"{name}.png")
    heard: list[tuple[str, int, int]] = []
    check_files([tmp_path / "a.png", tmp_path / "b.png", tmp_path / "c.png"], load_brand(kit), on_file=lambda *told: heard.append(told))
    assert heard == [("a.png", 0, 3), ("b.png", 1, 3), ("c.png", 2, 3)]


@pytest.mark.parametrize(("terminal", "extra", "told"), [(True, (), True), (False, (), False), (True, ("--report", "r.html"), False)])
def test_a_person_is_told_what_shows_findings_on_the_pictures(kit, brandkit, tmp_path, monkeypatch, terminal, extra, told):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("brandkit.cli.check.sys.stderr.isatty", lambda: terminal, raising=False)
    monkeypatch.setattr("brandkit.cli.progress.Progress.__enter__", lambda progress: progress)
    picture = Image.new("RGB", (400, 300), "#EAEEF9")
    picture.paste("#F000B4", (50, 50, 350, 250))
    picture.save(tmp_path / "off.png")
    code, _, err = brandkit("check", "off.png", "--brand", kit, *extra)
    assert code == 1
    assert ("--report report.html" in err) is told


@pytest.mark.parametrize(
    "words",
    [
        ["init", "{file}/x", "--from", "{kit}/logo/primary.svg"],
        ["import", "{tokens}", "--into", "{file}/x"],
        ["export", "{kit}", "--to", "css", "--out", "{file}/x.css"],
        ["book", "{kit}", "--out", "{file}/x"],
        ["check", "{kit}/photos", "--brand", "{kit}", "--out", "{file}/x"],
        ["check", "{kit}/photos", "--brand", "{kit}", "--report", "{file}/x.html"],
        ["calibrate", "{kit}", "{kit}/photos", "--out", "{file}/x.json"],
        ["run", "{kit}/campaigns/every-half-hour", "--out", "{file}/x"],
    ],
    ids=lambda words: words[0],
)
def test_a_file_where_the_results_folder_would_be_is_wrong_input_at_once(words, brandkit, kit, tmp_path, monkeypatch):
    """Before anything is measured or made: nobody waits for an hour to learn that the result cannot be kept."""
    monkeypatch.setattr("brandkit.check.run.check_picture", None)
    (tmp_path / "file").write_text("kept")
    (tmp_path / "tokens.css").write_text(":root { --brand-pine: #1F4D3A; }")
    known = {"file": tmp_path / "file", "kit": kit, "tokens": tmp_path / "tokens.css"}
    code, _, err = brandkit(*(word.format(**known) for word in words))
    assert code == 2 and f"{tmp_path / 'file'} is a file, not a folder" in err
    assert (tmp_path / "file").read_text() == "kept"


def test_a_result_whose_names_are_no_utf8_is_read_again(brandkit, kit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = Path(os.fsdecode(b"ads-\xff"))
    folder.mkdir()
    Image.new("RGB", (64, 64), "#FFFFFF").save(folder / os.fsdecode(b"p\xfe.png"))
    out = Path(os.fsdecode(b"out-\xfd"))
    first, told, _ = brandkit("check", folder, "--brand", kit, "--out", out)
    again, text, err = brandkit("report", out)
    assert (again, text) == (first, told) and not err
    assert brandkit("review", out, "--list")[0] == first
    assert [brandkit("report", out, "--format", format)[0] for format in ("html", "junit", "sarif", "markdown")] == [first] * 4


@pytest.mark.parametrize("given", [["../ads"], ["{}/ads"], ["../ads", "own.png"], ["own.png"]], ids=["climbs", "absolute", "both", "here"])
def test_pictures_that_were_checked_anywhere_are_found_again(brandkit, kit, tmp_path, monkeypatch, given):
    (tmp_path / "ads").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for file in (tmp_path / "ads" / "a.png", tmp_path / "ads" / "b.png", tmp_path / "here" / "own.png"):
        Image.new("RGB", (64, 64), "#FFFFFF").save(file)
    first, told, _ = brandkit("check", *(word.format(tmp_path) for word in given), "--brand", kit, "--out", "out")
    assert brandkit("report", "out")[:2] == (first, told) and "not the one that was checked" not in told
    assert brandkit("report", "out", "--format", "html")[1].count("data:image") == (out := Path("out/report.html").read_text()).count(
        "data:image"
    )
    assert "missing or unreadable" not in out
    changed = tmp_path / ("here/own.png" if "own.png" in given else "ads/a.png")
    Image.new("RGB", (64, 64), "#FEFEFE").save(changed)
    assert brandkit("report", "out")[1].count("the file is not the one that was checked") == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (AttributeError("no such thing"), "this is a fault in brandkit"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (MemoryError(), "not enough memory"),
    ],
    ids=["fault", "disk", "memory"],
)
def test_what_nobody_foresaw_is_no_traceback_and_does_not_read_as_off_brand(error, words, brandkit, kit, monkeypatch):
    def broken(*_, **__):
        raise error

    monkeypatch.setattr("brandkit.check.run.check_files", broken)
    code, out, err = brandkit("check", kit / "photos", "--brand", kit)
    assert code == 3 and words in err and "hint:" in err and "Traceback" not in err and not out
    monkeypatch.setenv("BRANDKIT_DEBUG", "1")
    with pytest.raises(type(error)):
        brandkit("check", kit / "photos", "--brand", kit)
