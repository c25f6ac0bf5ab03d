"""Laws of brand files, the accessors of a resolved brand, inheritance, and the schemas."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brandkit.brand.load import load_brand, read_document
from brandkit.brand.reading import read_source
from brandkit.cli.schemas import EXAMPLES, MODELS, schema_text
from brandkit.errors import BrandFileError, BrandkitError, InputError
from brandkit.prompt.load import load_campaign

ROOT = Path(__file__).parents[1]
SHIPPED = sorted(file for file in (ROOT / "brands").glob("**/*.yaml") if "scene" not in file.parts)
slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

names = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
texts = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)
colors = st.fixed_dictionaries(
    {"value": st.from_regex(r"#[0-9A-F]{6}", fullmatch=True)},
    optional={"role": st.sampled_from(["primary", "surface", "ink", "accent"]), "why": texts, "share": st.floats(0, 0.1)},
)
documents = st.fixed_dictionaries(
    {"brandkit": st.just(1), "name": texts},
    optional={
        "idea": texts,
        "palette": st.fixed_dictionaries(
            {"colors": st.dictionaries(names, colors, min_size=1, max_size=6)}, optional={"tolerance": st.floats(0.5, 20)}
        ),
        "tone": st.fixed_dictionaries({}, optional={"voice": st.lists(texts, max_size=3), "ban": st.lists(texts, max_size=3)}),
        "imagery": st.fixed_dictionaries({}, optional={"style": texts, "materials": st.lists(texts, max_size=3)}),
        "gate": st.fixed_dictionaries({}, optional={"profile": st.sampled_from(["default", "strict"])}),
    },
)


@pytest.fixture
def corpus() -> Path:
    folder = Path(os.environ.get("BRANDKIT_CORPUS", ROOT / "../shared/corpus"))
    if not folder.is_dir():
        pytest.skip(f"no corpus at {folder}; set BRANDKIT_CORPUS")
    return folder


class Quoted(yaml.SafeDumper):
    """Writes every text in quotes: PyYAML leaves `0E0` bare, which YAML 1.2 reads as a number."""


Quoted.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


def write(folder: Path, document: dict) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "brand.yaml").write_text(yaml.dump(document, Dumper=Quoted, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


@slow
@given(documents)
def test_what_is_written_is_what_is_read(tmp_path, document):
    kit = write(tmp_path, document)
    assert read_source(kit / "brand.yaml").tree == document
    first = load_brand(kit)
    again = load_brand(write(tmp_path / "again", first.document.model_dump(mode="json", by_alias=True, exclude_unset=True)))
    assert (again.document, again.kit_hash) == (first.document, first.kit_hash)


@slow
@given(documents)
def test_inheriting_nothing_changes_nothing(tmp_path, document):
    parent = load_brand(write(tmp_path / "house", document))
    child = load_brand(write(tmp_path / "child", {"brandkit": 1, "name": document["name"], "extends": "../house"}))
    assert child.kit_hash == parent.kit_hash
    assert child.document.model_copy(update={"extends": None}) == parent.document
    assert {loc: place.line for loc, place in child.positions.items() if loc[:1] in {("palette",), ("tone",)}} == {
        loc: place.line for loc, place in parent.positions.items() if loc[:1] in {("palette",), ("tone",)}
    }


@slow
@given(documents)
def test_repeating_a_parent_is_no_change(tmp_path, document):
    parent = load_brand(write(tmp_path / "house", document))
    assert load_brand(write(tmp_path / "child", document | {"extends": "../house"})).kit_hash == parent.kit_hash


pieces = st.sampled_from(
    [*"{}[]:,-#&*!|>'\"%@`?\n\t .~\\", "  ", "brandkit: 1\n", "name: x\n", "extends: .\n", "palette:\n  colors: ", "\x00", "é"]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=200), st.lists(pieces, max_size=40).map(lambda parts: "".join(parts).encode())))
def test_no_bytes_crash_the_loader(tmp_path, data):
    (tmp_path / "brand.yaml").write_bytes(data)
    try:
        load_brand(tmp_path)
    except BrandkitError as error:
        assert "hint: " in str(error)


junk = st.sampled_from(
    [None, True, 0, -1, 1.5, 10**30, "", " ", "no", "a\u200bb", "../..", "/", [], {}, [[]], [None], {"a": {}}, {"": None}]
)


def mutated(tree: object, path: tuple, value: object) -> object:
    if not path:
        return value
    if isinstance(tree, dict):
        return {key: mutated(inner, path[1:], value) if key == path[0] else inner for key, inner in tree.items()}
    return [mutated(inner, path[1:], value) if index == path[0] else inner for index, inner in enumerate(tree)]  # type: ignore[arg-type]


def places(tree: object, here: tuple = ()) -> list[tuple]:
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [here, *(found for step, inner in steps for found in places(inner, (*here, step)))]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: str(file.relative_to(ROOT)))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), value=junk)
def test_no_wrong_value_anywhere_crashes_the_loader(tmp_path, file, data, value):
    sound = read_source(file).tree
    tree = mutated(sound, data.draw(st.sampled_from(places(sound)[1:])), value)
    kind = "campaign" if "concepts" in sound else "brand"
    target = tmp_path / f"{kind}.yaml"
    target.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
    try:
        load_brand(target) if kind == "brand" else load_campaign(target)
    except BrandFileError as error:
        assert all(fault.hint and fault.message for fault in error.faults)
    source, document, _ = read_document(target, MODELS[kind])
    if document is not None:
        jsonschema.Draft202012Validator(json.loads(schema_text(kind))).validate(source.tree)


def test_a_brand_answers_for_its_values_with_their_places(tmp_path):
    (tmp_path / "house").mkdir()
    (tmp_path / "kid").mkdir()
    (tmp_path / "house" / "a.ttf").write_bytes(b"font")
    (tmp_path / "house" / "logo.svg").write_bytes(b"<svg/>")
    (tmp_path / "house" / "brand.yaml").write_text(
        'brandkit: 1\nname: House\nopen: [palette.colors.flare, imagery]\npalette:\n  colors:\n    pine: {value: "#1f4d3a", role: ink}\n'
        '    flare: {value: "oklch(0.7 0.17 45)", role: accent, share: 0.1}\n    sail: {value: white, role: surface}\n'
        "  pairs: [{ink: pine, on: sail}]\nlogo: {marks: {main: {file: logo.svg}}}\ntypography: {families: {text: {files: [a.ttf]}}}\n",
        encoding="utf-8",
    )
    (tmp_path / "kid" / "brand.yaml").write_text(
        'brandkit: 1\nname: Kid\nextends: ../house\npalette:\n  colors:\n    flare: {value: "#FF0000"}\nimagery: {style: loud}\n',
        encoding="utf-8",
    )
    kid = load_brand(tmp_path / "kid" / "brand.yaml")
    assert (kid.name, kid.root) == ("Kid", (tmp_path / "kid").resolve())
    assert (kid.hex("pine"), kid.hex("flare"), kid.role("accent"), kid.role("tint")) == ("#1F4D3A", "#FF0000", "flare", None)
    assert list(kid.colors) == ["pine", "flare", "sail"]
    assert kid.where("palette", "colors", "flare", "value") == "brand.yaml:6"
    assert kid.where("palette", "colors", "pine", "value") == "house/brand.yaml:6"
    assert kid.where("palette", "colors", "pine", "tolerance") == "house/brand.yaml:6", "a default has the place of its section"
    assert kid.where("gate", "profile") == "brand.yaml"
    assert kid.mark_path("main") == (tmp_path / "house" / "logo.svg").resolve()
    assert kid.font_files == [(tmp_path / "house" / "a.ttf").resolve()]
    assert list(kid.schemes) == ["default"]
    scheme = kid.schemes["default"]
    assert (scheme.ground, scheme.ink, scheme.accent, scheme.on_accent) == ("sail", "pine", "flare", "sail")
    assert [(swatch.name, swatch.hex, swatch.share) for swatch in kid.swatches][1] == ("flare", "#FF0000", (0.1, 0.1))
    with pytest.raises(InputError, match="has no colour 'teal'"):
        kid.color("teal")
    before = kid.kit_hash
    (tmp_path / "house" / "a.ttf").write_bytes(b"other font")
    assert load_brand(tmp_path / "kid").kit_hash != before


@pytest.mark.parametrize("name", MODELS)
def test_the_shipped_schemas_are_those_of_the_models(name):
    text = schema_text(name)
    assert (ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8") == text, "run python -m brandkit.cli.schemas"
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(EXAMPLES[name])
    MODELS[name].model_validate_json(json.dumps(EXAMPLES[name]), strict=True)
    undescribed = [
        f"{home}.{key}"
        for home, part in [("", schema), *schema["$defs"].items()]
        for key, value in part.get("properties", {}).items()
        if not value.get("description") and "$ref" not in value and not value.get("title")
    ]
    assert not undescribed


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_shipped_file_names_its_schema_and_keeps_to_it(file):
    kind = "campaign" if "campaigns" in file.parts else "brand"
    first = file.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (file.parent / first.split("=", 1)[1]).resolve() == ROOT / "schemas" / f"{kind}.schema.json"
    jsonschema.Draft202012Validator(json.loads(schema_text(kind))).validate(read_source(file).tree)


PROBE = """
import pathlib, resource, sys, time
from brandkit.brand.load import load_brand, read_document
from brandkit.errors import BrandFileError
resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))
for file in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    start = time.perf_counter()
    try:
        load_brand(file)
        outcome = "loaded"
    except BrandFileError as error:
        outcome = "refused" if all(fault.hint for fault in error.faults) else "refused without a remedy"
    print(f"{outcome}\\t{time.perf_counter() - start:.3f}\\t{file.name}")
"""


def test_the_json_test_suite_is_refused_with_places_and_within_limits(corpus):
    run = subprocess.run(
        [sys.executable, "-c", PROBE, str(corpus / "badconf/json")], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    rows = [line.split("\t") for line in run.stdout.splitlines()]
    assert len(rows) > 300
    assert {outcome for outcome, _, _ in rows} == {"refused"}, "none of them is a brand"
    assert max(float(seconds) for _, seconds, _ in rows) < 5
