"""Runs tests/cases_campaign.yaml: bad campaign files beside a sound brand, each with the exact place of every fault."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from brandkit.errors import BrandFileError
from brandkit.files import slug
from brandkit.prompt.load import load_campaign

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE.parent / "schemas/campaign.schema.json").read_text(encoding="utf-8"))
CASES = [pytest.param(case, id=case["name"]) for case in yaml.safe_load((HERE / "cases_campaign.yaml").read_text(encoding="utf-8"))]
KIT = """\
brandkit: 1
name: Kit
palette: {colors: {pine: {value: "#1F4D3A", role: ink}, sail: {value: "#F6F1E7", role: surface}}}
layout: {schemes: {night: {ground: pine, ink: sail, accent: sail, on_accent: pine}}}
"""
SOUND = """\
brandkit: 1
brand: {brand}
name: Spring
concepts:
  quay:
    message: Eat outside.
    scene: {{kind: flat, references: [{{file: {file}, role: product}}]}}
    copy: {{"no": {{headline: Hei}}}}
formats: [instagram-post, {{name: instagram-story}}]
locales: [no]
budget: 20
"""


@pytest.fixture
def kit(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("kit", "spring"):
        Path(folder).mkdir()
    Path("kit/brand.yaml").write_text(KIT, encoding="utf-8")
    return Path("kit")


@pytest.mark.parametrize("case", CASES)
def test_every_fault_has_its_place_and_a_remedy(case, kit, golden):
    file = Path("spring/campaign.yaml")
    file.write_text(case["campaign"], encoding="utf-8")
    with pytest.raises(BrandFileError) as caught:
        load_campaign(file.parent)
    faults = caught.value.faults
    assert [f"{fault.line}:{fault.column} {fault.path}" for fault in faults] == [expected[0] for expected in case["expect"]]
    for fault, (_, message, remedy) in zip(faults, case["expect"], strict=True):
        assert message in fault.message
        assert remedy in fault.hint
        assert fault.file == "spring/campaign.yaml"
    if case.get("golden"):
        golden(f"campaign-errors/{slug(case['name'])}.txt", f"{caught.value}\n")


@pytest.mark.parametrize("case", [case for case in CASES if case.values[0].get("schema")])
def test_the_json_schema_refuses_the_same_files(case):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(yaml.safe_load(case["campaign"]))


def test_a_sound_campaign_knows_its_brand_its_places_and_its_files(kit):
    file = Path("spring/campaign.yaml")
    file.write_text(SOUND.format(brand="../kit", file="mug.png"), encoding="utf-8")
    Path("spring/mug.png").write_bytes(b"one")
    first = load_campaign(file)
    assert first.brand.name == "Kit"
    assert first.document.formats[1].name == "instagram-story"
    assert first.document.locales == ["no"], "Norwegian is not false"
    assert str(first.document.budget) == "20"
    assert first.where("concepts", "quay", "message") == "campaign.yaml:6"
    assert first.where("concepts", "quay", "template") == "campaign.yaml:6", "a default has the place of its section"
    assert first.path("concepts", "quay", "scene", "references", 0, "file") == Path("spring/mug.png").resolve()
    Path("spring/mug.png").write_bytes(b"two")
    assert load_campaign(file.parent).campaign_hash != first.campaign_hash


def test_a_campaign_inside_its_kit_may_name_the_kits_pictures(kit):
    Path("kit/campaigns/spring").mkdir(parents=True)
    Path("kit/mug.png").write_bytes(b"one")
    Path("kit/campaigns/spring/campaign.yaml").write_text(SOUND.format(brand="../..", file="../../mug.png"), encoding="utf-8")
    campaign = load_campaign(Path("kit/campaigns/spring"))
    assert campaign.path("concepts", "quay", "scene", "references", 0, "file") == Path("kit/mug.png").resolve()


def test_faults_of_the_brand_are_told_with_its_file(kit):
    Path("kit/brand.yaml").write_text(KIT.replace("role: ink", "role: inc"), encoding="utf-8")
    Path("spring/campaign.yaml").write_text(SOUND.format(brand="../kit", file="mug.png"), encoding="utf-8")
    Path("spring/mug.png").write_bytes(b"one")
    with pytest.raises(BrandFileError, match=r"^kit/brand\.yaml:3:"):
        load_campaign(Path("spring"))
