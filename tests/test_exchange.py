"""Foreign formats: a round trip is the identity on what both can say, cases as data, and hostile files."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from exchange_sketches import sketches
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from brandkit.brand.exchange import dtcg
from brandkit.brand.exchange.catalogue import FORMATS, format_of
from brandkit.brand.exchange.exporting import export_brand, family_names
from brandkit.brand.exchange.importing import import_files
from brandkit.brand.exchange.json_source import parse_json
from brandkit.brand.exchange.sketch import Sketch, restricted, sketch_of, tree_of
from brandkit.brand.exchange.values import SPACES, color_object, css_of, srgb_hex
from brandkit.brand.lint import lint_brand
from brandkit.brand.load import load_brand, load_with_source
from brandkit.errors import BrandFileError

HERE = Path(__file__).parent
CORPUS = Path(os.environ.get("BRANDKIT_CORPUS", HERE.parent.parent / "shared/corpus")) / "tokens"
BRANDS = HERE.parent / "brands"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="no collected token files (BRANDKIT_CORPUS)")
BOTH_WAYS = [format for format in FORMATS.values() if format.read and format.write]
COLORS: list[Any] = yaml.safe_load((HERE / "cases_spaces.yaml").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = yaml.safe_load((HERE / "cases_exchange.yaml").read_text(encoding="utf-8"))


def read_back(format_id: str, data: bytes) -> Sketch:
    format = FORMATS[format_id]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / format.file
        file.write_bytes(data)
        assert format_of(file) is format
        assert format.read
        return format.read([file], {}).sketch


@pytest.mark.parametrize("format", BOTH_WAYS, ids=lambda format: format.id)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sketch=sketches())
def test_what_is_written_reads_back(format: Any, sketch: Sketch) -> None:
    assert read_back(format.id, format.write(sketch).data) == restricted(sketch, format.says)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sketch=sketches())
def test_a_brand_file_and_its_sketch_say_the_same(sketch: Sketch) -> None:
    tree = tree_of(sketch)
    assert tree_of(sketch_of(tree, {font.name: font.family for font in sketch.fonts})) == tree


@pytest.mark.parametrize("name", ["ebbware", "halfpast"])
def test_a_demo_brand_survives_its_sketch(name: str) -> None:
    brand, source = load_with_source(BRANDS / name)
    assert tree_of(sketch_of(source.tree, family_names(brand))) == source.tree


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    for name, text in case["files"].items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    case = json.loads(json.dumps(case).replace("{folder}", tmp_path.name))
    files = [tmp_path / name for name in case.get("read", case["files"])]
    format = format_of(files[0])
    assert format.id == case["format"]
    assert format.read
    if "error" in case:
        with pytest.raises(BrandFileError) as caught:
            format.read(files, case.get("contexts", {}))
        assert [_brief(fault) for fault in caught.value.faults] == case["error"]
        return
    reading = format.read(files, case.get("contexts", {}))
    assert {color.name: color.value for color in reading.sketch.colors} == case.get("colors", {})
    for key in ("roles", "fonts", "styles"):
        if key in case:
            assert _part(reading.sketch, key) == case[key]
    assert [f"{remark.kind} {_brief(remark.fault)}" for remark in reading.remarks] == case.get("remarks", [])


def _brief(fault: Any) -> str:
    return f"{Path(fault.file).name}:{fault.line}:{fault.column} {fault.message}"


def _part(sketch: Sketch, key: str) -> dict[str, Any]:
    if key == "roles":
        return {color.name: color.role for color in sketch.colors if color.role}
    if key == "fonts":
        return {font.name: font.family for font in sketch.fonts}
    return {style.slot: [style.font, style.size, style.weight, style.leading, style.tracking] for style in sketch.styles}


def official(folder: str) -> Draft7Validator:
    base = CORPUS / "schema-dtcg/2025.10"
    documents = [json.loads(file.read_text(encoding="utf-8")) for file in base.rglob("*.json")]
    registry: Any = Registry().with_resources([(str(entry["$id"]), Resource.from_contents(entry)) for entry in documents])
    return Draft7Validator(json.loads((base / folder).read_text(encoding="utf-8")), registry=registry)


@needs_corpus
def test_the_official_schema_accepts_what_is_written() -> None:
    validator = official("format.json")

    @settings(max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(sketch=sketches())
    def check(sketch: Sketch) -> None:
        assert [error.message for error in validator.iter_errors(json.loads(dtcg.write(sketch).data))] == []

    check()
    for name in ("ebbware", "halfpast"):
        written = json.loads(export_brand(*load_with_source(BRANDS / name), "dtcg").data)
        assert [error.message for error in validator.iter_errors(written)] == []


@pytest.mark.parametrize(("digits", "space", "components"), COLORS, ids=lambda value: str(value)[:14])
def test_a_colour_is_the_same_in_every_space(digits: str, space: str, components: list[float]) -> None:
    assert srgb_hex(css_of({"colorSpace": space, "components": components})) == digits


@pytest.mark.parametrize("space", SPACES)
def test_every_space_has_a_notation_that_reads_back(space: str) -> None:
    value = {"colorSpace": space, "components": [0.25, 0.125, 0.5], "alpha": 0.5}
    again = color_object(css_of(value))
    assert {key: again[key] for key in value} == value
    assert srgb_hex(css_of(value)).startswith("#")


@pytest.mark.parametrize("name", ["ebbware", "halfpast"])
def test_brand_yml_itself_accepts_what_is_written(name: str, tmp_path: Path) -> None:
    package = pytest.importorskip("brand_yml", reason="the brand_yml package is not installed")
    brand, source = load_with_source(BRANDS / name)
    (tmp_path / "_brand.yml").write_bytes(export_brand(brand, source, "brand-yml").data)
    accepted = package.Brand.from_yaml(tmp_path / "_brand.yml")
    assert accepted.meta.name.full == brand.name
    assert accepted.color.palette == {color: brand.hex(color) for color in brand.colors}
    assert accepted.color.primary == brand.hex(brand.role("primary"))
    assert accepted.defaults["brandkit"]["rest"]


@pytest.mark.parametrize("format", [format for format in FORMATS.values() if format.write], ids=lambda format: format.id)
@pytest.mark.parametrize("name", ["ebbware", "halfpast"])
def test_a_demo_brand_is_exported_and_imported(format: Any, name: str, tmp_path: Path) -> None:
    brand, source = load_with_source(BRANDS / name)
    exported = export_brand(brand, source, format.id)
    assert all(remark.fault.line for remark in exported.remarks), "every loss has a place in the brand file"
    if not format.read:
        return
    file = tmp_path / format.file
    file.write_bytes(exported.data)
    result = import_files([file], tmp_path / "kit")
    assert result.lint.exit_code == 0, result.lint.to_text()
    again = load_brand(tmp_path / "kit")
    assert {srgb_hex(color.value) for color in again.document.palette.colors.values()} == {  # type: ignore[union-attr]
        brand.hex(color) for color in brand.colors
    }


def test_an_import_beside_the_kit_is_the_same_kit(tmp_path: Path) -> None:
    import shutil

    kit = tmp_path / "kit"
    shutil.copytree(BRANDS / "halfpast", kit)
    before, source = load_with_source(kit)
    (kit / "brand.tokens.json").write_bytes(export_brand(before, source, "dtcg").data)
    result = import_files([kit / "brand.tokens.json"], tmp_path / "again")
    assert not result.decide and not result.remarks
    after = load_brand(tmp_path / "again")
    assert after.document.model_dump(exclude={"extends", "open"}) == before.document.model_dump(exclude={"extends", "open"})
    assert after.kit_hash == before.kit_hash


def test_a_kit_that_is_there_is_never_changed(tmp_path: Path) -> None:
    tokens = tmp_path / "a.tokens.json"
    tokens.write_text('{"color": {"$type": "color", "red": {"$value": "#cc0000"}, "blue": {"$value": "#0000cc"}}}', encoding="utf-8")
    file = tmp_path / "kit/brand.yaml"
    file.parent.mkdir()
    mine = 'brandkit: 1\nname: Mine\npalette:\n  colors:\n    rot: {value: "#CC0000", role: accent} # my decision\n'
    file.write_text(mine, encoding="utf-8")
    import_files([tokens], file.parent)
    once = file.read_text(encoding="utf-8")
    assert once.startswith(mine) and all(line.startswith("#") for line in once[len(mine) :].splitlines() if line)
    assert "blue" in once[len(mine) :] and "#CC0000" not in once[len(mine) :]
    import_files([tokens], file.parent)
    assert file.read_text(encoding="utf-8") == once
    assert lint_brand(file.parent).exit_code == 0


def test_text_of_a_token_is_data(tmp_path: Path) -> None:
    evil = 'x"\n    evil: {value: "#000000"}\nopen: [palette]\n# '
    tokens = {"color": {"$type": "color", evil.replace(".", ""): {"$value": "#cc0000", "$description": evil}}}
    (tmp_path / "a.tokens.json").write_text(json.dumps(tokens).replace("{value", "(value").replace('000\\"}', '000\\")'), encoding="utf-8")
    import_files([tmp_path / "a.tokens.json"], tmp_path / "kit")
    document = load_brand(tmp_path / "kit").document
    assert document.palette and len(document.palette.colors) == 1 and document.open == []


def bomb() -> dict[str, Any]:
    group: dict[str, Any] = {"g0": {"$type": "color", "a": {"$value": "#000000"}}}
    for index in range(1, 40):
        group[f"g{index}"] = {"a": {"$extends": f"{{g{index - 1}}}"}, "b": {"$extends": f"{{g{index - 1}}}"}}
    return group


def lists() -> dict[str, Any]:
    tokens: dict[str, Any] = {"s0": {"$type": "shadow", "$value": [{}] * 10}}
    for index in range(1, 30):
        tokens[f"s{index}"] = {"$type": "shadow", "$value": [f"{{s{index - 1}}}"] * 10}
    return tokens


def chain() -> dict[str, Any]:
    return {"$type": "color"} | {f"t{n}": {"$value": f"{{t{n - 1}}}"} for n in range(5000, 0, -1)} | {"t0": {"$value": "#000000"}}


@pytest.mark.parametrize("make", [bomb, lists, chain])
def test_bombs_are_refused_or_cut(make: Any, tmp_path: Path) -> None:
    file = tmp_path / "a.tokens.json"
    file.write_text(json.dumps(make()), encoding="utf-8")
    try:
        reading = dtcg.read([file], {})
    except BrandFileError as error:
        assert all(fault.line for fault in error.faults)
    else:
        assert any(remark.kind == "broken" for remark in reading.remarks)


def test_every_format_is_listed_in_the_commands_help() -> None:
    from brandkit.cli.exchange import FORMATS as listed

    assert listed.split(", ") == sorted((f.id for f in FORMATS.values() if f.write), key=listed.split(", ").index)


def test_json_is_strict_and_placed() -> None:
    for text, place in [
        ('{"a": 1,}', (1, 9)),
        ('{"a": /* */ 1}', (1, 7)),
        ('{"a"\n: tru}', (2, 3)),
        ("[" * 200, (1, 1)),
        ('{"a": "\\ud800"}', (1, 7)),
    ]:
        with pytest.raises(BrandFileError) as caught:
            parse_json(text, Path("a.json"))
        fault = caught.value.faults[0]
        assert fault.line == place[0] and (fault.column == place[1] or text.startswith("[[")), text


def test_the_commands_import_and_export(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from brandkit.cli.main import app

    tokens = tmp_path / "a.tokens.json"
    tokens.write_text('{"color": {"$type": "color", "red": {"$value": "#cc0000"}, "bad": {"$value": "{red}"}}}', encoding="utf-8")
    run = CliRunner().invoke
    answer = run(app, ["import", str(tokens), "--into", str(tmp_path / "kit")])
    assert answer.exit_code == 0 and answer.stdout.strip() == str(tmp_path / "kit/brand.yaml")
    assert "a.tokens.json:1:78: left-out" in answer.stderr
    answer = run(app, ["export", str(tmp_path / "kit"), "--to", "gpl"])
    assert answer.exit_code == 0 and answer.stdout.startswith("GIMP Palette\n") and "204   0   0\tred" in answer.stdout
    answer = run(app, ["export", str(tmp_path / "kit"), "--to", "css", "--out", str(tmp_path / "a.css"), "--format", "json"])
    assert json.loads(answer.stdout)["remarks"][0]["path"] == "palette.colors"
    assert "--kit-color-red: #CC0000;" in (tmp_path / "a.css").read_text(encoding="utf-8")
    answer = run(app, ["export", str(tmp_path / "kit"), "--to", "css", "--out", str(tmp_path / "b.css")])
    assert answer.exit_code == 0 and answer.stdout.strip() == str(tmp_path / "b.css")
    for wrong, said in [
        (["export", str(tmp_path / "kit"), "--to", "gpls"], "did you mean 'gpl'?"),
        (["export", str(tmp_path / "kit"), "--to", "css", "--format", "json"], "add --out FILE"),
        (["import", str(tokens), "--into", str(tmp_path / "kit"), "--context", "dark"], "NAME=VALUE"),
        (["import", str(tokens), "--into", str(tmp_path / "kit"), "--only", "blue-*"], "--only"),
    ]:
        failed = run(app, wrong)
        assert failed.exit_code != 0 and said in str(failed.exception), wrong


def test_strict_refuses_what_breaks_a_rule(tmp_path: Path) -> None:
    tokens = tmp_path / "a.tokens.json"
    tokens.write_text('{"color": {"$type": "color", "red": {"$value": "#cc0000"}, "bad": {"$value": 7}}}', encoding="utf-8")
    with pytest.raises(BrandFileError) as caught:
        import_files([tokens], tmp_path / "kit", strict=True)
    assert [fault.column for fault in caught.value.faults] == [78] and not (tmp_path / "kit").exists()
    assert import_files([tokens], tmp_path / "kit").took["colors"] == 1


def test_what_strangers_keep_under_our_key_cannot_break_a_kit(tmp_path: Path) -> None:
    (tmp_path / "secret.env").write_text("KEY=1", encoding="utf-8")
    own = {
        "marks": {"m": {"file": "secret.env"}, "n": {"file": "../../etc/passwd"}},
        "tone": {"voice": 7, "ban": ["x\u202e"]},
        "rest": {"palette": {"tolerance": -1}, "gate": {"limits": "all"}, "unknown": {"a": 1}, "extends": "../other"},
    }
    tokens = {"$extensions": {"dev.brandkit": own}, "color": {"$type": "color", "red": {"$value": "#cc0000"}}}
    (tmp_path / "a.tokens.json").write_text(json.dumps(tokens), encoding="utf-8")
    result = import_files([tmp_path / "a.tokens.json"], tmp_path / "kit")
    assert result.lint.exit_code == 0, result.lint.to_text()
    assert sorted(path.name for path in (tmp_path / "kit").rglob("*")) == ["brand.yaml"]
    assert load_brand(tmp_path / "kit").document.extends is None
    assert len([remark for remark in result.remarks if remark.kind == "broken"]) >= 4


def ase(model: bytes, *parts: float) -> bytes:
    import struct

    name = "Deep Sea".encode("utf-16-be") + b"\0\0"
    block = struct.pack(">H", len(name) // 2) + name + model + struct.pack(f">{len(parts)}fH", *parts, 2)
    return b"ASEF" + struct.pack(">HHI", 1, 0, 1) + struct.pack(">HI", 1, len(block)) + block


def aco(*numbers: int) -> bytes:
    import struct

    return struct.pack(">7H", 1, 1, *numbers)


@pytest.mark.parametrize(
    ("name", "data", "value", "guessed"),
    [
        ("a.ase", ase(b"RGB ", 0.2, 0.4, 0.6), "#336699", False),
        ("a.ase", ase(b"Gray", 0.2), "#333333", False),
        ("a.ase", ase(b"LAB ", 0.5, 20, -30), "lab(50.0000 20.0000 -30.0000)", False),
        ("a.ase", ase(b"CMYK", 1, 0.5, 0, 0.2), "#0066CC", True),
        ("a.aco", aco(0, 0x3333, 0x6666, 0x9999, 0), "#336699", False),
        ("a.aco", aco(1, 32768, 65535, 65535, 0), "#00FFFF", False),
        ("a.aco", aco(2, 0, 32768, 65535, 52428), "#0066CC", True),
        ("a.aco", aco(7, 5000, 2000, 65536 - 3000, 0), "lab(50.0000 20.0000 -30.0000)", False),
        ("a.aco", aco(8, 10000, 0, 0, 0), "#000000", False),
    ],
)
def test_swatch_models(name: str, data: bytes, value: str, guessed: bool, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    format = format_of(file)
    assert format.read
    reading = format.read([file], {})
    assert [color.value for color in reading.sketch.colors] == [value]
    assert [remark.kind for remark in reading.remarks] == ["guessed"] * guessed
    for end in range(4, len(data) - 1):
        file.write_bytes(data[:end])
        try:
            format.read([file], {})
        except BrandFileError as error:
            assert error.faults[0].message


VOCABULARY = """
$value $type $ref $extends $root $extensions dev.brandkit value type color colors palette primary theme extend
fontFamily fontSize typography fonts family files path logo images small meta name names logos url tone voice ext
brandkit rest marks styles sets sources modifiers contexts resolutionOrder version components colorSpace $themes
$metadata tokenSetOrder headings base light defaults
""".split()
WORDS = [
    "#ff0000",
    "{color.primary}",
    "{a}",
    "#/color/primary/$value",
    "color",
    "typography",
    "srgb",
    "primary",
    "x.svg",
    "../x",
    "",
    "1rem",
]
trees = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 300) | st.sampled_from(WORDS) | st.just(1.5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(VOCABULARY), inner, max_size=5),
    max_leaves=25,
)


@pytest.mark.parametrize(
    "format", [format for format in FORMATS.values() if format.read and format.file.endswith(("json", "yml", "md"))], ids=lambda one: one.id
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=st.dictionaries(st.sampled_from(VOCABULARY), trees, min_size=1, max_size=6))
def test_no_shape_of_a_file_is_more_than_a_fault(format: Any, tree: dict[str, Any]) -> None:
    text = json.dumps(tree)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / format.file
        file.write_text(f"---\n{text}\n---\n" if format.file.endswith("md") else text, encoding="utf-8")
        try:
            reading = format.read([file], {})
        except BrandFileError as error:
            assert all(fault.message for fault in error.faults)
        else:
            tree_of(reading.sketch)
