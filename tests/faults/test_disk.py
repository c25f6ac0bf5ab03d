"""Full disks, jumping clocks and edited kits."""

from __future__ import annotations

import errno
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from brandkit import files
from brandkit.campaign import ledger as ledgers
from brandkit.campaign.ledger import Caps, Ledger
from brandkit.campaign.plan import make_plan
from brandkit.campaign.run import run_plan
from brandkit.errors import BudgetExceeded, UnfinishedError
from brandkit.generate.open import open_backend
from brandkit.prompt.brief import FormatChoice
from brandkit.prompt.load import load_campaign
from brandkit.prompt.models import get_model
from brandkit.testing.provider import Provider

HALFPAST = Path(__file__).parents[2] / "brands/halfpast"
MODEL = get_model("gpt-image-2.5-flare")


def campaign_of(folder):
    loaded = load_campaign(folder / "campaigns/every-half-hour")
    formats = [FormatChoice(name=name, template="split") for name in ("google-medium-rectangle", "google-half-page")]
    return replace(loaded, document=loaded.document.model_copy(update={"formats": formats, "locales": ["en"], "quality": "low"}))


@pytest.fixture
def job(monkeypatch):
    with Provider() as server:
        monkeypatch.setenv("OPENAI_API_KEY", server.key)
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        backend = open_backend("openai", model=MODEL)
        yield make_plan(campaign_of(HALFPAST), backend, model=MODEL, budget=Decimal(5)), backend, server


@pytest.mark.parametrize("nth", range(1, 9))
def test_a_full_disk_stops_the_run_and_loses_nothing(job, tmp_path, monkeypatch, nth):
    plan, backend, server = job
    writes, posts_at_failure = [0], []
    synced = files.os.fsync

    def full(descriptor: int) -> None:
        writes[0] += 1
        if writes[0] >= nth:
            posts_at_failure.append(len(server.seen))
            raise OSError(errno.ENOSPC, "No space left on device")
        synced(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(files, "os", SimpleNamespace(**{**vars(files.os), "fsync": full}))
        with pytest.raises(UnfinishedError, match="No space left"):
            run_plan(plan, backend, tmp_path, parallel=1)
    assert len(server.seen) == posts_at_failure[0], "no request left after the first failure"
    result = run_plan(plan, backend, tmp_path, retry_unknown=True, parallel=1)
    assert len(result.assets) == 2
    ledger = Ledger(tmp_path / "record.db")
    counted = [attempt for attempt in ledger.attempts() if attempt.state in ("received", "received_invalid", "unknown")]
    ledger.close()
    assert len(counted) >= len(server.bill), "every call on the bill is in the books"
    assert not [path for path in tmp_path.rglob("*.tmp")]


def test_nothing_is_bought_without_room_for_it(job, tmp_path, monkeypatch):
    plan, backend, server = job
    monkeypatch.setattr("brandkit.campaign.store.shutil.disk_usage", lambda path: SimpleNamespace(free=1_000_000))
    with pytest.raises(UnfinishedError, match="too little to receive pictures"):
        run_plan(plan, backend, tmp_path)
    assert not server.seen


def test_the_record_is_synced_at_every_commit(tmp_path):
    ledger = Ledger(tmp_path / "record.db")
    assert ledger._db.execute("PRAGMA synchronous").fetchone()[0] == 2, "FULL"
    assert ledger._db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    ledger.close()


def test_a_clock_that_jumps_changes_neither_order_nor_caps(tmp_path, monkeypatch):
    ledger, now = Ledger(tmp_path / "record.db"), datetime(2026, 11, 25, 0, 30, tzinfo=UTC)
    caps = Caps(Decimal("0.5"), Decimal("0.3"))
    for jump in (timedelta(), timedelta(hours=-1), timedelta(days=1)):
        monkeypatch.setattr(ledgers, "_now", lambda jump=jump: (now + jump).isoformat(timespec="milliseconds"))
        ledger.reserve("f", backend="b", model="m", most=Decimal("0.15"), caps=caps)
    assert [attempt.id for attempt in ledger.attempts()] == [1, 2, 3]
    assert ledger.committed() == Decimal("0.45")
    with pytest.raises(BudgetExceeded, match="of the budget"):
        ledger.reserve("f", backend="b", model="m", most=Decimal("0.15"), caps=caps)
    ledger.close()


def test_an_edited_kit_starts_a_new_revision(tmp_path):
    folder, out = tmp_path / "halfpast", tmp_path / "out"
    shutil.copytree(HALFPAST, folder)
    studio, model = open_backend("studio"), get_model(None, backend="studio")
    first = run_plan(make_plan(campaign_of(folder), studio, model=model), studio, out)
    text = (folder / "brand.yaml").read_text(encoding="utf-8")
    old = campaign_of(folder).brand.kit_hash
    (folder / "brand.yaml").write_text(text.replace("idea:", "idea: A kit that was edited. #", 1), encoding="utf-8")
    notes = []
    second = run_plan(make_plan(campaign_of(folder), studio, model=model), studio, out, on_event=notes.append)
    assert first.kit_hash == old != second.kit_hash
    assert sorted(path.name for path in (out / "superseded" / old[:12]).rglob("*.png")) == [
        "google-half-page.en.png",
        "google-medium-rectangle.en.png",
    ]
    assert any("old revision" in note.text for note in notes)
    assert {asset["kit_hash"] for asset in json.loads((out / "run.json").read_text())["assets"]} == {second.kit_hash}


def cut(record: Path) -> None:
    record.write_bytes(record.read_bytes()[:5000])


def overwrite(record: Path) -> None:
    data = record.read_bytes()
    record.write_bytes(data[:4096] + b"\xa5" * 4096 + data[8192:])


def empty(record: Path) -> None:
    record.write_bytes(b"")


@pytest.mark.parametrize("damage", [cut, overwrite, empty, Path.unlink, lambda record: record.write_bytes(b"not a database at all" * 400)])
def test_a_damaged_record_is_told_and_nothing_is_bought_again(job, tmp_path, damage):
    plan, backend, server = job
    run_plan(plan, backend, tmp_path)
    posts, blobs = len(server.seen), sorted((tmp_path / "objects").rglob("*"))
    damage(tmp_path / "record.db")
    with pytest.raises(UnfinishedError, match=r"is damaged|record of what was paid for is gone") as caught:
        run_plan(plan, backend, tmp_path)
    assert "backup" in str(caught.value.hint)
    assert len(server.seen) == posts and sorted((tmp_path / "objects").rglob("*")) == blobs
