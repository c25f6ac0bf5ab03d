"""Transparent grounds: asked for in the campaign, refused where they cannot be had, real in the file, judged on the ground they are for."""

from __future__ import annotations

import io
import shutil
import sqlite3
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageColor

from brandkit.campaign import open_plan
from brandkit.campaign.plan import make_plan
from brandkit.campaign.run import run_plan
from brandkit.errors import BrandFileError, UnfinishedError
from brandkit.generate.open import open_backend
from brandkit.layout.compose import compose
from brandkit.layout.engine import lay_out
from brandkit.layout.formats import get_format
from brandkit.prompt.brief import FormatChoice, Output
from brandkit.prompt.load import load_campaign
from brandkit.prompt.models import get_model
from brandkit.results import Verdict
from brandkit.testing.drawing import draw_answer
from brandkit.testing.provider import Provider

CAMPAIGN = Path(__file__).parent.parent / "brands/halfpast/campaigns/every-half-hour"
MODEL = get_model("gpt-image-2.5-flare")
COPY = {"headline": "See you at half past.", "cta": "Find your stop"}


@pytest.fixture(scope="module")
def campaign():
    loaded = load_campaign(CAMPAIGN)
    formats = [FormatChoice(name="open-graph", template="split"), FormatChoice(name="linkedin-ad", template="product")]
    concepts = {
        name: concept.model_copy(update={"scene": concept.scene.model_copy(update={"background": "transparent"})})
        for name, concept in list(loaded.document.concepts.items())[:1]
    }
    output = Output(types=["png", "webp"], background="transparent")
    update = {"formats": formats, "locales": ["en"], "quality": "low", "concepts": concepts, "output": output}
    return replace(loaded, document=loaded.document.model_copy(update=update))


def job_of(campaign, name="gpt-image-2.5-flare"):
    backend = open_backend("openai", model=get_model(name))
    return make_plan(campaign, backend, model=get_model(name), budget=Decimal(5)), backend


@pytest.mark.parametrize("template", ["full-bleed", "split", "card", "frame", "product"])
def test_what_has_no_ground_is_the_same_asset_once_it_has_one(campaign, template):
    layout = lay_out(campaign.brand, copy=COPY, format=get_format("instagram-post"), locale="en", template=template)
    assert layout.picture is not None
    size = (round(layout.picture.w), round(layout.picture.h))
    with Image.open(_file(draw_answer("#FFFFFF #0A1240", *size, transparent=True))) as subject:
        cover = subject.getchannel("A")
        ground = Image.new("RGB", size, layout.ground)
        ground.paste(subject, (0, 0), subject)
    opaque = _pixels(compose(layout, campaign.brand, ground, type="png").data)
    clear = _pixels(compose(layout, campaign.brand, ground, type="png", clear=True, cover=cover).data)
    assert opaque.mode == "RGB" and clear.mode == "RGBA" and clear.getchannel("A").getextrema() == (0, 255)
    page = Image.new("RGBA", clear.size, ImageColor.getrgb(layout.ground))
    page.alpha_composite(clear)
    difference = np.abs(np.asarray(page.convert("RGB"), int) - np.asarray(opaque, int))
    assert difference.max() <= 2, "rounding, once in colour and once in cover"


def test_a_cut_out_is_bought_composed_without_ground_and_passes(campaign, provider, tmp_path):
    plan, backend = job_of(campaign)
    result = run_plan(plan, backend, tmp_path)
    assert [seen.fields["background"] for seen in provider.seen] == ["transparent"] * 2
    for asset in result.assets:
        assert asset.verdict is Verdict.PASS and len(asset.files) == 2
        for name in asset.files:
            with Image.open(tmp_path / name) as image:
                alpha = np.asarray(image.convert("RGBA"))[..., 3]
                assert 0.05 < (alpha == 0).mean() < 0.95 and alpha.max() == 255


def test_on_an_opaque_page_a_cut_out_stands_on_the_layout_s_ground(campaign, provider, tmp_path):
    whole = replace(campaign, document=campaign.document.model_copy(update={"output": Output()}))
    plan, backend = job_of(whole)
    (asset, _) = run_plan(plan, backend, tmp_path).assets
    with Image.open(tmp_path / asset.file) as image:
        assert image.mode == "RGB"
        box = plan.assets[0].layout.picture
        assert image.getpixel((round(box.right) - 3, round(box.y) + 3)) == ImageColor.getrgb(plan.assets[0].layout.ground)


def test_an_opaque_answer_is_useless_and_paid_for(campaign, provider, tmp_path):
    plan, backend = job_of(campaign)
    provider.fail("opaque")
    with pytest.raises(UnfinishedError, match="the picture is opaque, asked for was a transparent background"):
        run_plan(plan, backend, tmp_path)
    states = sqlite3.connect(tmp_path / "record.db").execute("SELECT state FROM attempt ORDER BY state").fetchall()
    assert states == [("received",), ("received_invalid",)]


def test_places_do_not_enter_the_prompt_of_a_cut_out(campaign):
    plan, _ = job_of(campaign)
    text = plan.assets[0].prompt.text
    assert "Setting:" not in text and "Transparent background: only the subject" in text and "from edge to edge" not in text
    assert any("has no setting; it is not sent" in conflict.message for conflict in plan.conflicts)
    opaque = load_campaign(CAMPAIGN)
    assert job_of(opaque)[0].prices.keys().isdisjoint(plan.prices), "another ground is another picture"


@pytest.mark.parametrize("model", ["gpt-image-2", "studio"])
def test_models_without_transparency_are_refused_at_the_place_that_asks(campaign, model):
    backend = open_backend("studio") if model == "studio" else open_backend("openai", model=get_model(model))
    with pytest.raises(BrandFileError, match=rf"campaign\.yaml:\d+:\d+: .*background: {model} makes no transparent background"):
        make_plan(campaign, backend, model=get_model(model, backend=model if model == "studio" else "openai"))


def test_auto_takes_a_model_that_can(tmp_path):
    shutil.copytree(CAMPAIGN.parents[1], tmp_path / "kit")
    file = tmp_path / "kit/campaigns" / CAMPAIGN.name / "campaign.yaml"
    text = file.read_text(encoding="utf-8").replace("    scene:\n", "    scene:\n      background: transparent\n")
    assert "background: transparent" in text
    file.write_text(text, encoding="utf-8")
    job = open_plan(file, backend="openai", model="auto")
    assert "transparent" in get_model(job.plan.model).backgrounds and "transparent ground" in job.plan.chosen


def test_a_server_that_takes_no_background_is_never_asked(campaign, monkeypatch, tmp_path):
    with Provider(kind="localai") as server:
        monkeypatch.setenv("OPENAI_API_KEY", server.key)
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("BRANDKIT_SERVER", "localai")
        bare = {
            name: c.model_copy(update={"scene": c.scene.model_copy(update={"references": []})})
            for name, c in campaign.document.concepts.items()
        }
        plan, backend = job_of(replace(campaign, document=campaign.document.model_copy(update={"concepts": bare})))
        with pytest.raises(UnfinishedError, match=r"takes no (background|reference pictures)"):
            run_plan(plan, backend, tmp_path)
        assert not server.seen


def _file(data):
    return io.BytesIO(data)


def _pixels(data):
    with Image.open(_file(data)) as image:
        image.load()
        return image
