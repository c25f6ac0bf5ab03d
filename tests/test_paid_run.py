"""Paid runs against the loopback provider, whose bill is the oracle: nothing is paid twice, hidden, or lost."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from brandkit.campaign.ledger import Ledger
from brandkit.campaign.plan import make_plan
from brandkit.campaign.run import run_plan
from brandkit.campaign.store import Store
from brandkit.errors import UnfinishedError
from brandkit.generate.backends.openai import OpenAIBackend
from brandkit.generate.open import open_backend
from brandkit.image.load import load_picture
from brandkit.prompt.brief import FormatChoice
from brandkit.prompt.conflicts import Conflict
from brandkit.prompt.load import load_campaign
from brandkit.prompt.models import get_model
from brandkit.report import render
from brandkit.results import Level

CAMPAIGN = Path(__file__).parent.parent / "brands/halfpast/campaigns/every-half-hour"
FORMATS = ("x-card", "google-play-feature")
MODEL = get_model("gpt-image-2.5-flare")
DROPPED = ("truncated", "drop")
INVALID = (
    "two-pictures",
    "cut-json",
    "bad-base64",
    "not-a-picture",
    "no-picture",
    "cut-picture",
    "wrong-size",
    "one-pixel",
    "wrong-format",
    "url",
)


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


def test_a_paid_picture_of_another_shape_is_cropped_and_told(campaign, provider, tmp_path):
    """It was bought: a fifth of it is cropped away, which everybody is told, and the answer stays as it came."""
    plan, backend = plan_of(campaign)
    provider.fail("other-shape", "other-shape")
    told = []
    result = run_plan(plan, backend, tmp_path, on_event=lambda event: told.append((event.kind, event.text)))
    assert len(result.assets) == 4 and len(provider.bill) == 2
    asked = {asset.id: asset.request for asset in plan.assets}
    for asset in result.assets:
        width, height = asked[asset.id].width * 5 // 4, asked[asset.id].height
        raw = load_picture(Store(tmp_path).get(asset.picture.sha256), name="raw")
        assert asset.picture.size == f"{width}x{height}" == f"{raw.width}x{raw.height}"
        x, y, w, h = asset.picture.crop
        assert 0 <= x and x + w <= width and 0 <= y and y + h <= height
        came = f"the picture came as {width}×{height} where {asked[asset.id].width}×{height} was asked for"
        note = f"{came}: 20 % of it was cropped away for that"
        assert asset.notes == (note,) and ("note", f"{asset.id}: {note}") in told
        for format in ("text", "markdown", "html"):
            assert "20 % of it was cropped away" in render(result, format, root=tmp_path)
    assert run_plan(plan, backend, tmp_path) == result and len(provider.bill) == 2


@pytest.mark.parametrize("fault", DROPPED + INVALID)
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
    assert dict(states) == {"received": 2, "unknown" if fault in DROPPED else "received_invalid": 1}


def test_a_server_that_asks_for_patience_is_asked_again_each_time_on_the_books(campaign, provider, tmp_path):
    plan, backend = plan_of(campaign)
    provider.fail("overloaded", "overloaded")
    assert len(run_plan(plan, backend, tmp_path, parallel=1).assets) == 4
    ledger = Ledger(tmp_path / "record.db")
    states = [attempt.state for attempt in ledger.attempts()]
    assert states == ["unknown", "unknown", "received", "received"] and ledger.spent() > 2 * min(
        price.most for price in plan.prices.values()
    )
    ledger.close()
    assert len(provider.seen) == 4


def test_patience_ends_with_the_third_try_and_with_the_budget(campaign, provider, tmp_path):
    plan, backend = plan_of(campaign)
    provider.fail(*["overloaded"] * 9)
    with pytest.raises(UnfinishedError, match="HTTP 503"):
        run_plan(plan, backend, tmp_path / "tries", parallel=1)
    assert len(provider.seen) == 3 * len(plan.prices)
    provider.reset()
    provider.fail(*["overloaded"] * 9)
    capped = replace(plan, budget=max(price.most for price in plan.prices.values()))
    with pytest.raises(UnfinishedError, match="of the budget"):
        run_plan(capped, backend, tmp_path / "capped", parallel=1)
    assert len(provider.seen) == 1


@pytest.mark.parametrize("batch", [False, True])
def test_a_model_that_is_switched_off_is_never_asked(campaign, provider, tmp_path, monkeypatch, batch):
    plan, backend = plan_of(campaign)
    off = MODEL.model_copy(update={"shutdown": date(2026, 1, 1), "successor": "gpt-image-9"})
    monkeypatch.setattr("brandkit.campaign.pictures.load_models", lambda: {MODEL.id: off})
    with pytest.raises(UnfinishedError, match="was switched off on 2026-01-01") as caught:
        run_plan(plan, backend, tmp_path, batch=batch)
    assert "use gpt-image-9" in str(caught.value.hint) and not provider.seen and not provider.batches.batches
    monkeypatch.undo()


def test_a_run_says_that_its_model_will_be_switched_off(campaign, provider, tmp_path, monkeypatch):
    plan, backend = plan_of(campaign)
    late = replace(plan, conflicts=(Conflict(plan.campaign.where("model"), Level.SHOULD, "switched off soon", "use another"),))
    told = []
    run_plan(late, backend, tmp_path, on_event=lambda event: told.append(event.text))
    assert any("switched off soon (use another)" in text for text in told)


@pytest.mark.parametrize("fault", ["quota", "unauthorized", "unverified"])
def test_an_account_that_cannot_pay_stops_the_run_at_once(campaign, provider, tmp_path, fault):
    plan, backend = plan_of(campaign)
    provider.fail(*[fault] * 4)
    with pytest.raises(UnfinishedError) as caught:
        run_plan(plan, backend, tmp_path)
    assert provider.key not in str(caught.value)
    assert not provider.bill
    assert len(provider.seen) <= 2, "one call for each worker at most"


@pytest.mark.parametrize("fault", INVALID)
def test_a_useless_answer_is_kept_as_it_came_and_booked_at_what_it_cost(campaign, provider, tmp_path, fault):
    plan, backend = plan_of(campaign)
    provider.fail(fault)
    with pytest.raises(UnfinishedError):
        run_plan(plan, backend, tmp_path)
    ledger = Ledger(tmp_path / "record.db")
    (useless,) = [attempt for attempt in ledger.attempts() if attempt.state == "received_invalid"]
    ledger.close()
    kept = Store(tmp_path).get(useless.sha256)
    assert kept is not None and (fault == "cut-json" or b'"usage"' in kept)
    assert (useless.cost == useless.most) == (fault == "cut-json"), "the usage in the answer, or the most it can be"
    assert not list((tmp_path / "inbox").iterdir())


def test_what_is_refused_is_never_asked_again(campaign, provider, tmp_path):
    plan, backend = plan_of(campaign)
    provider.fail("moderation", "moderation-output")
    with pytest.raises(UnfinishedError, match="refused for violence"):
        run_plan(plan, backend, tmp_path)
    posts = len(provider.seen)
    with pytest.raises(UnfinishedError, match="not asked again"):
        run_plan(plan, backend, tmp_path, retry_unknown=True)
    assert len(provider.seen) == posts == 2
    ledger = Ledger(tmp_path / "record.db")
    costs = sorted(attempt.cost for attempt in ledger.attempts())
    ledger.close()
    assert costs[0] == 0 < costs[1], "what was refused after it was made may be on the bill"


@pytest.mark.parametrize("step", ["keep", "put", "book", "drop"])
def test_an_answer_that_arrived_before_a_crash_is_read_by_the_next_run(campaign, provider, tmp_path, monkeypatch, step):
    plan, backend = plan_of(campaign)
    owner, name = {"keep": (OpenAIBackend, "read"), "put": (Store, "put"), "book": (Ledger, "book"), "drop": (Store, "drop_answer")}[step]

    def crash(*args: object, **options: object) -> None:
        raise SystemExit("the process ended here")

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(owner, name, crash)
        run_plan(plan, backend, tmp_path, parallel=1)
    posts = len(provider.seen)
    assert 1 <= posts <= 2
    result = run_plan(plan, backend, tmp_path)
    assert len(provider.seen) == len(provider.bill) == 2, "nothing was bought twice"
    assert len(result.assets) == 4
    assert not list((tmp_path / "inbox").iterdir())
    assert Decimal(result.spent_usd) < plan.most


def test_a_day_s_cap_stops_a_run(campaign, provider, tmp_path):
    plan, backend = plan_of(campaign)
    capped = replace(plan, budget_per_day=max(price.most for price in plan.prices.values()))
    with pytest.raises(UnfinishedError, match="day's cap"):
        run_plan(capped, backend, tmp_path)
    assert len(provider.bill) == 1


def test_the_error_of_the_estimate_is_reported(campaign, provider, tmp_path):
    plan, backend = plan_of(campaign)
    result = run_plan(plan, backend, tmp_path)
    assert Decimal(result.estimated_usd) == plan.usd.quantize(Decimal("0.0001")) != Decimal(result.spent_usd)


def test_calls_wait_together_when_one_is_turned_away(campaign, provider, tmp_path):
    plan, backend = plan_of(campaign)
    provider.fail("rate-limit", "rate-limit", "rate-limit")
    assert len(run_plan(plan, backend, tmp_path, parallel=2).assets) == 4
    assert (len(provider.seen), len(provider.bill)) == (5, 2)


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
