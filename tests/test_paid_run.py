"""Paid runs against the loopback provider, whose bill is the oracle: nothing is paid twice, hidden, or lost."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from brandkit.campaign.plan import make_plan
from brandkit.campaign.run import run_plan
from brandkit.errors import UnfinishedError
from brandkit.generate.open import open_backend
from brandkit.prompt.brief import FormatChoice
from brandkit.prompt.load import load_campaign
from brandkit.prompt.models import get_model
from brandkit.testing.provider import Provider

CAMPAIGN = Path(__file__).parent.parent / "brands/halfpast/campaigns/every-half-hour"
FORMATS = ("x-card", "google-play-feature")
MODEL = get_model("gpt-image-2.5-flare")
LOST = ("truncated", "cut-json", "bad-base64", "not-a-picture", "drop")


@pytest.fixture
def provider(monkeypatch):
    with Provider() as server:
        monkeypatch.setenv("OPENAI_API_KEY", server.key)
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        yield server


@pytest.fixture(scope="module")
def campaign():
    loaded = load_campaign(CAMPAIGN)
    formats = [FormatChoice(name=name, template="split") for name in FORMATS]
    return replace(loaded, document=loaded.document.model_copy(update={"formats": formats, "locales": ["en", "de"], "quality": "low"}))


def plan_of(campaign, budget=Decimal(5)):
    backend = open_backend("openai", model=MODEL)
    return make_plan(campaign, backend, model=MODEL, budget=budget), backend


def test_every_picture_is_bought_once_and_booked_at_what_it_cost(campaign, provider, tmp_path):
    plan, backend = plan_of(campaign)
    first = run_plan(plan, backend, tmp_path)
    assert len(provider.bill) == len(plan.prices) == 2, "locales of one direction share a picture"
    assert len(first.assets) == 4
    assert 0 < Decimal(first.spent_usd) <= plan.most
    assert all(asset.picture and asset.picture.request_id for asset in first.assets)
    assert run_plan(plan, backend, tmp_path) == first
    assert len(provider.seen) == 2


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_counts_and_is_not_bought_again_unasked(campaign, provider, tmp_path, fault):
    plan, backend = plan_of(campaign)
    provider.fail(fault)
    with pytest.raises(UnfinishedError):
        run_plan(plan, backend, tmp_path)
    posts = len(provider.seen)
    with pytest.raises(UnfinishedError, match="retry-unknown"):
        run_plan(plan, backend, tmp_path)
    assert len(provider.seen) == posts
    result = run_plan(plan, backend, tmp_path, retry_unknown=True)
    assert len(result.assets) == 4
    assert len(provider.bill) == 3
    states = sqlite3.connect(tmp_path / "record.db").execute("SELECT state, COUNT(*) FROM attempt GROUP BY state").fetchall()
    assert dict(states) == {"received": 2, "unknown": 1}


@pytest.mark.parametrize("fault", ["quota", "unauthorized", "unverified"])
def test_an_account_that_cannot_pay_stops_the_run_at_once(campaign, provider, tmp_path, fault):
    plan, backend = plan_of(campaign)
    provider.fail(*[fault] * 4)
    with pytest.raises(UnfinishedError) as caught:
        run_plan(plan, backend, tmp_path)
    assert provider.key not in str(caught.value)
    assert not provider.bill
    assert len(provider.seen) <= 2, "one call for each worker at most"


def test_the_budget_is_never_passed_on_the_provider_s_bill(campaign, provider, tmp_path):
    price = max(price.most for price in plan_of(campaign)[0].prices.values())
    plan, backend = plan_of(campaign, budget=price)
    with pytest.raises(UnfinishedError, match="budget"):
        run_plan(plan, backend, tmp_path)
    assert len(provider.bill) == 1


def test_the_key_is_nowhere_in_the_run_folder(campaign, provider, tmp_path):
    plan, backend = plan_of(campaign)
    provider.fail("moderation")
    with pytest.raises(UnfinishedError):
        run_plan(plan, backend, tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if provider.key.encode() in path.read_bytes()]


def test_a_recorded_run_plays_back_without_a_call(campaign, provider, tmp_path):
    plan, backend = plan_of(campaign)
    paid = run_plan(plan, backend, tmp_path / "paid", record=tmp_path / "recordings")
    posts = len(provider.seen)
    replay = open_backend("replay", model=MODEL, recordings=tmp_path / "recordings")
    again = run_plan(make_plan(campaign, replay, model=MODEL, budget=Decimal(0)), replay, tmp_path / "replayed")
    assert len(provider.seen) == posts
    assert [asset.sha256 for asset in again.assets] == [asset.sha256 for asset in paid.assets]
    assert again.spent_usd == "0.0000"
