"""Pictures by batch: half the price, submitted by one process and collected by another, booked like any other."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from brandkit.campaign.batch import half
from brandkit.campaign.ledger import Ledger
from brandkit.campaign.plan import make_plan
from brandkit.campaign.run import run_plan
from brandkit.errors import InputError, UnfinishedError
from brandkit.generate.open import open_backend
from brandkit.prompt.brief import FormatChoice
from brandkit.prompt.load import load_campaign
from brandkit.prompt.models import get_model

CAMPAIGN = Path(__file__).parent.parent / "brands/halfpast/campaigns/every-half-hour"
MODEL = get_model("gpt-image-2.5-flare")


@pytest.fixture(scope="module")
def campaign():
    loaded = load_campaign(CAMPAIGN)
    formats = [FormatChoice(name=name, template="split") for name in ("google-medium-rectangle", "google-half-page")]
    return replace(loaded, document=loaded.document.model_copy(update={"formats": formats, "locales": ["en"], "quality": "low"}))


@pytest.fixture
def job(campaign):
    backend = open_backend("openai", model=MODEL)
    plan = make_plan(campaign, backend, model=MODEL, budget=Decimal(5))
    return replace(plan, prices={name: half(price) for name, price in plan.prices.items()}), backend


def states(out):
    ledger = Ledger(out / "record.db")
    found = [(attempt.state, attempt.cost) for attempt in ledger.attempts()]
    ledger.close()
    return found


def test_one_process_submits_and_another_collects(job, provider, tmp_path):
    plan, backend = job
    provider.batches.looks = 1
    notes = []
    with pytest.raises(UnfinishedError, match="in a batch under way"):
        run_plan(plan, backend, tmp_path, batch=True, on_event=lambda event: notes.append(event.text))
    assert any("submitted, 2 pictures" in note for note in notes) and not provider.bill
    assert [state for state, _ in states(tmp_path)] == ["sent", "sent"], "a batch survives the process that submitted it"
    with pytest.raises(UnfinishedError, match="in a batch under way"):
        run_plan(plan, backend, tmp_path, resume=True, on_event=lambda event: notes.append(event.text))
    assert any("in_progress" in note for note in notes)
    result = run_plan(plan, open_backend("openai", model=MODEL), tmp_path, resume=True)
    assert len(result.assets) == 2 and len(provider.bill) == 2 and all(charge.batch for charge in provider.bill)
    assert not provider.seen, "nothing was bought live"
    live = make_plan(plan.campaign, backend, model=MODEL, budget=Decimal(5))
    whole = run_plan(live, backend, tmp_path / "live", parallel=1)
    assert Decimal(result.spent_usd) == pytest.approx(Decimal(whole.spent_usd) / 2, abs=Decimal("0.0001"))
    assert [asset.sha256 for asset in result.assets] == [asset.sha256 for asset in whole.assets]


def test_a_live_run_buys_nothing_that_a_batch_is_making(job, provider, tmp_path):
    plan, backend = job
    provider.batches.looks = 9
    with pytest.raises(UnfinishedError):
        run_plan(plan, backend, tmp_path, batch=True)
    with pytest.raises(UnfinishedError, match="in a batch under way"):
        run_plan(plan, backend, tmp_path)
    assert not provider.seen and len(provider.batches.batches) == 1
    with pytest.raises(UnfinishedError):
        run_plan(plan, backend, tmp_path, batch=True)
    assert len(provider.batches.batches) == 1, "nor does a second batch"


def test_what_a_batch_left_out_is_planned_again(job, provider, tmp_path):
    plan, backend = job
    provider.fail("ok", "drop")  # the day was over before the second line
    with pytest.raises(UnfinishedError):
        run_plan(plan, backend, tmp_path, batch=True)
    with pytest.raises(UnfinishedError, match="nothing new is bought"):
        run_plan(plan, backend, tmp_path, resume=True)
    assert sorted(state for state, _ in states(tmp_path)) == ["failed", "received"]
    result = run_plan(plan, backend, tmp_path)
    assert len(result.assets) == 2 and [charge.batch for charge in provider.bill] == [True, False], "batch and live pictures mix"


def test_lines_fail_one_by_one(job, provider, tmp_path):
    plan, backend = job
    provider.fail("moderation", "bad-base64")
    with pytest.raises(UnfinishedError):
        run_plan(plan, backend, tmp_path, batch=True)
    with pytest.raises(UnfinishedError, match=r"refused for violence|holds no usable picture"):
        run_plan(plan, backend, tmp_path, resume=True)
    assert sorted(state for state, _ in states(tmp_path)) == ["received_invalid", "refused"]
    assert sum(cost for _, cost in states(tmp_path)) > 0


def test_a_batch_whose_answer_was_lost_is_found_again(job, provider, tmp_path):
    plan, backend = job
    provider.batches.lose = True
    with pytest.raises(UnfinishedError, match="lost before the answer was complete"):
        run_plan(plan, backend, tmp_path, batch=True)
    assert len(provider.batches.batches) == 1
    result = run_plan(plan, backend, tmp_path, batch=True)
    assert len(result.assets) == 2 and len(provider.bill) == 2 and len(provider.batches.batches) == 1


def test_a_batch_that_never_left_is_planned_again(job, provider, tmp_path, monkeypatch):
    plan, backend = job
    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr("brandkit.campaign.batch.submit", lambda *_, **__: (_ for _ in ()).throw(SystemExit()))
        run_plan(plan, backend, tmp_path, batch=True)
    assert not provider.batches.batches
    with pytest.raises(UnfinishedError):
        run_plan(plan, backend, tmp_path, batch=True)
    assert len(run_plan(plan, backend, tmp_path, resume=True).assets) == 2
    assert len(provider.bill) == 2


def test_the_cap_holds_for_batches(job, provider, tmp_path):
    plan, backend = job
    capped = replace(plan, budget=max(price.most for price in plan.prices.values()))
    with pytest.raises(UnfinishedError, match="budget"):
        run_plan(capped, backend, tmp_path, batch=True)
    assert not provider.batches.batches and {cost for _, cost in states(tmp_path)} == {0}


def test_the_studio_makes_no_batches(campaign, tmp_path):
    studio = open_backend("studio")
    plan = make_plan(campaign, studio, model=get_model(None, backend="studio"))
    with pytest.raises(InputError, match="makes no batches"):
        run_plan(plan, studio, tmp_path, batch=True)
