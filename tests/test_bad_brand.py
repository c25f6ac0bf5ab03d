"""Runs tests/cases_brand: bad brand files, each with the exact place of every fault and words of its remedy."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from brandkit.brand.load import load_brand
from brandkit.errors import BrandFileError, Fault
from brandkit.files import slug

SCHEMA = json.loads((Path(__file__).parents[1] / "schemas/brand.schema.json").read_text(encoding="utf-8"))
CASES = [
    pytest.param(case, id=f"{file.stem}: {case['name']}")
    for file in sorted((Path(__file__).parent / "cases_brand").glob("*.yaml"))
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))
]
JARGON = re.compile(r"pydantic|Value error|Input should|Traceback|literal_error|__|errors\.py")


def write_kit(folder: Path, case: dict) -> Path:
    kit = folder / "kit"
    kit.mkdir()
    (kit / "brand.yaml").write_text(case["brand"], encoding="utf-8")
    for name, content in case.get("files", {}).items():
        file = kit / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    for name, target in case.get("links", {}).items():
        (kit / name).symlink_to(target)
    return kit


def faults_of(kit: Path) -> tuple[Fault, ...]:
    with pytest.raises(BrandFileError) as caught:
        load_brand(kit)
    return caught.value.faults


def place(fault: Fault) -> str:
    name = "" if fault.file == "kit/brand.yaml" else f"{fault.file}:"
    return f"{name}{fault.line}:{fault.column} {fault.path}"


@pytest.mark.parametrize("case", CASES)
def test_every_fault_has_its_place_and_a_remedy(case, tmp_path, monkeypatch, golden):
    monkeypatch.chdir(tmp_path)
    write_kit(tmp_path, case)
    faults = faults_of(Path("kit"))
    assert [place(fault) for fault in faults][: len(case["expect"])] == [expected[0] for expected in case["expect"]]
    if "bomb" not in case["name"]:
        assert len(faults) == len(case["expect"])
    for fault, (_, message, remedy) in zip(faults, case["expect"], strict=False):
        assert message in fault.message
        assert remedy in fault.hint
        assert not JARGON.search(str(fault))
    if case.get("golden"):
        golden(f"brand-errors/{slug(case['name'])}.txt", str(BrandFileError(faults)) + "\n")


@pytest.mark.parametrize("case", [case for case in CASES if case.values[0].get("schema")])
def test_the_json_schema_refuses_the_same_files(case):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(yaml.safe_load(case["brand"]))


@pytest.mark.parametrize(
    ("data", "place", "message", "remedy"),
    [
        (b"\xff\xfeb\x00", "1:1", "is saved as UTF-16", "save it as UTF-8"),
        (b"brandkit: 1\nname: caf\xe9\n", "2:10", "the byte 0xE9 is not UTF-8", "save the file as UTF-8"),
        (b"# " + b"x" * 1_000_000, "0:0", "is larger than 1 MB", "files of their own"),
        (b"a: " + b"[" * 5000, "1:67", "is nested deeper than 64 levels", "brackets"),
        (b"{a: " * 5000, "1:257", "is nested deeper than 64 levels", "brackets"),
        (b"- " * 5000, "1:129", "is nested deeper than 64 levels", "brackets"),
        (b"a:\n" + b"- x\n" * 100_000, "99999:3", "holds more than 100000 values", "split the file"),
        (b"brandkit: 1\nname: " + b"9" * 900_000, "2:7", "is too long or too large", "quotes"),
    ],
    ids=["utf-16", "latin-1", "huge", "deep lists", "deep mappings", "deep blocks", "many values", "long number"],
)
def test_bytes_that_no_brand_is_made_of(data, place, message, remedy, tmp_path):
    (tmp_path / "brand.yaml").write_bytes(data)
    fault = faults_of(tmp_path)[0]
    assert f"{fault.line}:{fault.column}" == place
    assert message in fault.message
    assert remedy in fault.hint


def test_a_missing_brand_is_told_with_its_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    assert str(faults_of(Path("nowhere"))[0]).splitlines() == [
        "nowhere: does not exist",
        "  hint: check the path; a brand is a folder that holds brand.yaml, a campaign one that holds campaign.yaml",
    ]
    assert str(faults_of(Path("empty"))[0]).startswith("empty/brand.yaml: does not exist")


@pytest.mark.parametrize("name", ["a\x00b", "x" * 5000])
def test_paths_that_no_file_can_have(name):
    assert faults_of(Path(name))[0].hint


def test_a_byte_order_mark_is_no_fault(tmp_path):
    (tmp_path / "brand.yaml").write_bytes(b"\xef\xbb\xbfbrandkit: 1\nname: Any\n")
    assert load_brand(tmp_path).where("name") == "brand.yaml:2"
