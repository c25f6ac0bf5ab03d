"""Pictures that crash or exhaust the decoder: one picture is lost, never the run, and never the money's trace."""

from __future__ import annotations

import io
import json
import os
import sys
from decimal import Decimal

import numpy as np
import pytest
from PIL import Image

from brandkit.campaign.ledger import Ledger
from brandkit.campaign.store import Store
from brandkit.errors import PictureError, UnfinishedError
from brandkit.image.load_process import HELPER, try_picture
from tests.faults.jobs import FORMATS, job_of

POISONED = "tests.faults.poisoned_worker"
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit on address space")


@pytest.fixture(autouse=True)
def starts(monkeypatch):
    """No helper before or after, and the number of those that were started."""
    HELPER.end()
    start, started = HELPER._start, []

    def counted():
        started.append(HELPER.memory)
        return start()

    monkeypatch.setattr(HELPER, "_start", counted)
    yield started
    HELPER.end()


def noise(width, height, kind="PNG"):
    pixels = np.random.default_rng(0).integers(0, 255, (height // 8, width // 8, 4), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).resize((width, height)).save(buffer, kind, **({"compress_level": 1} if kind == "PNG" else {}))
    return buffer.getvalue()


def test_a_warm_helper_tells_kind_and_size(starts):
    assert try_picture(noise(64, 56)) == try_picture(noise(64, 56))
    told = try_picture(noise(32, 64, "WEBP"))
    assert (told.media_type, told.width, told.height, told.alpha) == ("image/webp", 32, 64, True)
    assert len(starts) == 1


@linux
def test_a_picture_that_needs_more_memory_than_there_is_is_poison_after_two_tries(starts, monkeypatch):
    picture = noise(3840, 2160)
    monkeypatch.setattr(HELPER, "memory", 180 << 20)
    with pytest.raises(PictureError, match="poison: it crashed or exhausted the decoder, 2 times: it needs too much memory"):
        try_picture(picture)
    assert len(starts) == 2
    assert try_picture(noise(64, 56)).width == 64, "and the next one is read"


def test_a_picture_that_takes_too_long_is_poison(starts, monkeypatch):
    monkeypatch.setattr(HELPER, "module", POISONED)
    monkeypatch.setattr(HELPER, "seconds", 0)
    with pytest.raises(PictureError, match="2 times: it takes longer than 0 s"):
        try_picture(noise(640, 64))
    assert len(starts) == 2


@linux
def test_the_second_try_may_succeed(starts, monkeypatch):
    picture, start = noise(3840, 2160), HELPER._start

    def first_is_short_of_memory():
        HELPER.memory = (1 << 30) if starts else (180 << 20)
        return start()

    monkeypatch.setattr(HELPER, "memory", HELPER.memory)  # put back afterwards
    monkeypatch.setattr(HELPER, "_start", first_is_short_of_memory)
    assert try_picture(picture).width == 3840
    assert len(starts) == 2


@pytest.mark.parametrize("shape", ["upright", pytest.param("wide", marks=linux)])
def test_a_poisonous_answer_costs_one_asset_and_is_not_bought_again(shape, starts, monkeypatch, tmp_path):
    """Abort() and the limit of address space in the process that decodes: three pictures, one of them deadly."""
    with job_of(monkeypatch, formats=FORMATS[shape]) as job:
        monkeypatch.setattr(HELPER, "module", POISONED)
        with pytest.raises(UnfinishedError, match=r"2 of 3 assets stand .*poison: it crashed or exhausted the decoder, 2 times") as caught:
            job.run(tmp_path, parallel=1)
        assert caught.value.exit_code == 3 and len(job.server.bill) == 3
        assert len(starts) == 3, "the first, and a fresh one after each of the two crashes"
        ledger = Ledger(tmp_path / "record.db")
        (poison,) = [attempt for attempt in ledger.attempts() if attempt.state == "received_invalid"]
        assert sorted(attempt.state for attempt in ledger.attempts()) == ["received", "received", "received_invalid"]
        ledger.close()
        assert Decimal(0) < poison.cost < poison.most and poison.request_id and "poison" in poison.note
        kept = Store(tmp_path).get(poison.sha256)
        assert kept is not None and json.loads(kept)["data"][0]["b64_json"], "as it came"
        with pytest.raises(UnfinishedError, match="holds no usable picture and was billed"):
            job.run(tmp_path)
        assert len(job.server.seen) == 3, "nothing was bought again"
        HELPER.end()
        monkeypatch.setattr(HELPER, "module", "brandkit.image.load_worker")
        assert len(job.run(tmp_path).assets) == 3, "where the decoder survives it, what was paid for is used after all"
        assert len(job.server.seen) == 3


def test_a_machine_that_starts_no_helper_keeps_the_answer_for_the_next_run(monkeypatch, tmp_path):
    with job_of(monkeypatch, formats=FORMATS["upright"][:1]) as job:
        with monkeypatch.context() as patch, pytest.raises(UnfinishedError, match="helper process cannot be started"):
            patch.setattr(sys, "executable", os.devnull + "/python")
            job.run(tmp_path)
        assert len(job.run(tmp_path).assets) == 1 and len(job.server.bill) == 1
