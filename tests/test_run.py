"""A run makes each picture once, loses nothing, and goes on where it stopped."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import pytest

from brandkit.campaign import open_plan
from brandkit.campaign.plan import asset_key, make_plan
from brandkit.campaign.run import run_plan
from brandkit.campaign.store import Store
from brandkit.errors import BackendError, BackendRefused, BackendUnavailable, InputError, RunLocked, UnfinishedError
from brandkit.generate.backend import ImageRequest, ImageResponse, Price
from brandkit.generate.backends.studio import Studio
from brandkit.metric import ocr
from brandkit.prompt.brief import FormatChoice
from brandkit.prompt.load import load_campaign
from brandkit.prompt.models import get_model

CAMPAIGN = Path(__file__).parent.parent / "brands/halfpast/campaigns/every-half-hour"
FORMATS = ({"name": "google-medium-rectangle", "template": "split"}, {"name": "google-half-page", "template": "split"})


@dataclass
class Meter:
    """Studio with a price, a counter of calls, and errors on demand by the number of the call."""

    usd: Decimal = Decimal("0.10")
    errors: dict[int, Exception] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    id: str = "meter"

    def price(self, request: ImageRequest) -> Price:
        return Price(self.usd, self.usd)

    def generate(self, request: ImageRequest, **_: object) -> ImageResponse:
        self.calls[request.fingerprint] += 1
        if error := self.errors.pop(self.calls.total(), None):
            raise error
        made = Studio().generate(request)
        return ImageResponse(made.data, made.media_type, self.usd, "req")


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    """The Halfpast campaign with two small formats, which are quick to make, and two locales."""
    folder = tmp_path_factory.mktemp("campaign") / "halfpast"
    shutil.copytree(CAMPAIGN.parent.parent, folder)
    file = folder / "campaigns/every-half-hour/campaign.yaml"
    loaded = load_campaign(file)
    formats = [FormatChoice.model_validate(choice) for choice in FORMATS]
    return replace(loaded, document=loaded.document.model_copy(update={"formats": formats, "locales": ["en", "ar"]}))


def plan_of(campaign, backend, budget=Decimal(9)):
    return make_plan(campaign, backend, model=get_model(None, backend="studio"), budget=budget)


def test_a_second_run_makes_nothing_and_gives_the_same_result(campaign, tmp_path):
    meter = Meter()
    plan = plan_of(campaign, meter)
    first = run_plan(plan, meter, tmp_path)
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "assets").rglob("*.*")}
    events = []
    second = run_plan(plan, meter, tmp_path, on_event=events.append)
    assert set(meter.calls.values()) == {1}
    assert second == first
    assert {event.kind for event in events} == {"kept"}
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "assets").rglob("*.*")} == stamps
    assert json.loads((tmp_path / "run.json").read_text())["assets"][0]["picture"]["backend"] == "meter"
    assert len(first.assets) == 4


def test_raw_answers_are_kept_byte_for_byte(campaign, tmp_path):
    meter = Meter()
    plan = plan_of(campaign, meter)
    result = run_plan(plan, meter, tmp_path)
    requests = {asset.id: asset.request for asset in plan.assets}
    for asset in result.assets:
        assert asset.picture is not None
        assert Store(tmp_path).get(asset.picture.sha256) == Studio().generate(requests[asset.id]).data


def test_a_deleted_or_changed_asset_is_composed_again_without_a_call(campaign, tmp_path):
    meter = Meter()
    plan = plan_of(campaign, meter)
    first = run_plan(plan, meter, tmp_path)
    (tmp_path / first.assets[0].file).unlink()
    (tmp_path / first.assets[1].file).write_bytes(b"changed")
    assert run_plan(plan, meter, tmp_path) == first
    assert set(meter.calls.values()) == {1}


@pytest.mark.parametrize("maybe_billed", [False, True])
def test_a_lost_answer_is_bought_again_only_when_told(campaign, tmp_path, maybe_billed):
    meter = Meter(errors={1: BackendUnavailable("the connection was lost", maybe_billed=maybe_billed)})
    plan = plan_of(campaign, meter)
    with pytest.raises(UnfinishedError, match="connection was lost"):
        run_plan(plan, meter, tmp_path)
    before = meter.calls.total()
    if maybe_billed:
        with pytest.raises(UnfinishedError, match="may have been billed"):
            run_plan(plan, meter, tmp_path)
        assert meter.calls.total() == before
    result = run_plan(plan, meter, tmp_path, retry_unknown=True)
    assert len(result.assets) == len(plan.assets)
    assert Decimal(result.spent_usd) == meter.usd * (len(plan.prices) + maybe_billed)


def test_a_refusal_stops_only_its_own_picture(campaign, tmp_path):
    meter = Meter(errors={1: BackendRefused("blocked: violence")})
    plan = plan_of(campaign, meter)
    with pytest.raises(UnfinishedError, match="violence") as caught:
        run_plan(plan, meter, tmp_path)
    assert caught.value.exit_code == 3
    assert 0 < len(json.loads((tmp_path / "run.json").read_text())["assets"]) < len(plan.assets)


def test_a_missing_key_stops_the_run_at_once(campaign, tmp_path):
    meter = Meter(errors={call: BackendError("no key") for call in range(1, 9)})
    with pytest.raises(UnfinishedError, match="no key"):
        run_plan(plan_of(campaign, meter), meter, tmp_path, parallel=2)
    assert meter.calls.total() <= 2, "one call for each that was under way at most"


def test_the_budget_holds_over_all_runs_of_a_folder(campaign, tmp_path):
    meter = Meter()
    plan = plan_of(campaign, meter, budget=Decimal("0.15"))
    for _ in range(2):
        with pytest.raises(UnfinishedError, match="budget"):
            run_plan(plan, meter, tmp_path)
    assert meter.calls.total() == 1
    assert run_plan(plan_of(campaign, meter, budget=Decimal(5)), meter, tmp_path).verdict is not None


def test_a_paid_picture_that_is_damaged_is_not_silently_bought_again(campaign, tmp_path):
    meter = Meter()
    plan = plan_of(campaign, meter)
    result = run_plan(plan, meter, tmp_path)
    assert result.assets[0].picture is not None
    Store(tmp_path).path(result.assets[0].picture.sha256).write_bytes(b"flipped")
    (tmp_path / result.assets[0].file).unlink()
    with pytest.raises(UnfinishedError, match="missing or damaged"):
        run_plan(plan, meter, tmp_path)
    assert set(meter.calls.values()) == {1}


def test_two_processes_cannot_share_a_run(campaign, tmp_path):
    with (tmp_path / ".lock").open("w") as lock:
        lock.write("4711")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(RunLocked, match="4711"):
            run_plan(plan_of(campaign, Meter()), Meter(), tmp_path)


def test_a_file_in_the_way_of_out_is_a_clear_error(campaign, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="is a file, not a folder"):
        run_plan(plan_of(campaign, Meter()), Meter(), tmp_path / "file" / "out")


def test_a_plan_spends_and_writes_nothing(campaign, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    job = open_plan(CAMPAIGN)
    assert job.plan.most == 0
    assert not list(tmp_path.iterdir())


def test_an_asset_is_checked_again_once_its_text_can_be_read(campaign, monkeypatch):
    """Without the reader its text was `not_checked`; that result must not outlive the installation of the reader."""
    plan = make_plan(campaign, Meter(), model=get_model(None, backend="studio"))
    asset = next(asset for asset in plan.assets if asset.locale == "en")
    keys = []
    for answer in (False, True, False):
        monkeypatch.setattr(ocr, "installed", lambda answer=answer: answer)
        keys.append(asset_key(asset, plan))
    assert keys[0] == keys[2] != keys[1]


def test_a_picture_of_a_quite_other_shape_is_kept_and_not_used(campaign, tmp_path):
    """More than a quarter would be lost: what the prompt placed in it hardly stands where the layout has it."""

    class Wide(Meter):
        def generate(self, request, **_):
            return super().generate(replace(request, width=request.width * 3 // 2))

    meter = Wide()
    with pytest.raises(UnfinishedError, match=r"33 % of it would be cropped away, at most 25 % may be"):
        run_plan(plan_of(campaign, meter), meter, tmp_path)
    assert len([path for path in (tmp_path / "objects").rglob("*") if path.is_file()]) == meter.calls.total(), "it was paid for"


def test_what_is_to_be_told_of_a_further_file_is(campaign, tmp_path):
    """The weight of the main file is measured; that of the others nobody would hear of."""
    output = campaign.document.output.model_copy(update={"types": ["jpeg", "png"]})
    heavy = replace(campaign, document=campaign.document.model_copy(update={"output": output, "locales": ["en"]}))
    meter, told = Meter(), []
    plan = plan_of(heavy, meter)
    tight = [replace(asset, layout=replace(asset.layout, format=replace(asset.layout.format, max_kb=3))) for asset in plan.assets]
    result = run_plan(replace(plan, assets=tuple(tight)), meter, tmp_path, on_event=lambda event: told.append(event.text))
    for asset in result.assets:
        assert len(asset.notes) == 1 and asset.notes[0].startswith(f"{asset.files[1]}: ") and "takes 3 kB: ask for jpeg" in asset.notes[0]
        assert f"{asset.id}: {asset.notes[0]}" in told


def test_an_asset_of_another_edition_is_made_anew_from_the_same_picture(campaign, tmp_path, monkeypatch):
    """Code that lays out differently, or a library that sets type differently, must not leave old files that count as new ones."""
    meter = Meter()
    plan = plan_of(campaign, meter)
    run_plan(plan, meter, tmp_path)
    monkeypatch.setattr("brandkit.campaign.plan.edition", lambda: "another")
    events = []
    run_plan(plan, meter, tmp_path, on_event=lambda event: events.append(event.kind))
    assert events == ["made"] * len(plan.assets) and set(meter.calls.values()) == {1}


def test_a_focus_crops_the_paid_picture_again_and_buys_none(campaign, tmp_path):
    """The model's sizes are not the placement's: what is shown of its picture is chosen here, and recorded to the pixel."""
    meter, crops = Meter(), []
    one = replace(campaign, document=campaign.document.model_copy(update={"locales": ["en"]}))
    for focus in (None, (0.0, 0.0), (1.0, 1.0)):
        formats = [FormatChoice.model_validate({**FORMATS[1], "focus": focus})]
        changed = replace(one, document=one.document.model_copy(update={"formats": formats}))
        plan = make_plan(changed, meter, model=get_model("gpt-image-1.5", backend="openai"), budget=Decimal(9))
        made = run_plan(plan, meter, tmp_path)
        crops.append(made.assets[0].picture.crop)
    assert meter.calls.total() == 1
    assert len({crop[:2] for crop in crops[1:]}) == 2, "the two foci are at opposite edges"
    assert len({crop[2:] for crop in crops}) == 1
