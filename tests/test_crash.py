"""Runs that are killed at every named step and at random moments keep the promise about pictures and money."""

from __future__ import annotations

import os

import pytest

from benchmarks.crash.run import report, run_trials
from benchmarks.crash.trial import BATCH_POINTS, POINTS
from brandkit.campaign.store import Store
from brandkit.generate.backend import Answer

SEEDS = int(os.environ.get("BRANDKIT_CRASH_SEEDS", "20"))  # CI asks for 50, which is a minute
WORKERS = 3  # trials at a time; most of each is waiting: for a moment to be killed at, for the disk, for the provider


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the trials fork, which this system cannot")
def test_nothing_is_lost_or_passed_over_when_runs_are_killed():
    outcomes = run_trials(SEEDS, light=True, workers=WORKERS)
    assert len(outcomes) == SEEDS + len(POINTS) + len(BATCH_POINTS)
    first = {(outcome.by_batch, outcome.kills[:1]) for outcome in outcomes}
    assert first >= {(False, (point,)) for point in POINTS if "compose" not in point}, "all were reached"
    assert first >= {(True, (point,)) for point in BATCH_POINTS}
    broken = [outcome for outcome in outcomes if outcome.broken]
    assert not broken, report(broken, "", 0)


def test_an_answer_whose_writing_was_cut_short_is_finished_or_cleared_away(tmp_path):
    store, answer = Store(tmp_path), Answer(b'{"data": [\n]}', {"x-request-id": "req_1"})
    store.keep_answer(7, "f" * 64, answer)
    (kept,) = (tmp_path / "inbox").iterdir()
    whole = kept.read_bytes()
    kept.unlink()
    (tmp_path / "inbox" / f".{'f' * 64}.7.0a1b2c3d.tmp").write_bytes(whole)
    (tmp_path / "inbox" / f".{'f' * 64}.8.0a1b2c3d.tmp").write_bytes(whole[:-3])
    store.recover()
    assert store.answers("f" * 64) == {7: answer}
    assert [path.name for path in (tmp_path / "inbox").iterdir()] == [f"{'f' * 64}.7"]


def test_a_damaged_answer_is_set_aside(tmp_path):
    store = Store(tmp_path)
    store.keep_answer(7, "f" * 64, Answer(b"{}", {}))
    (kept,) = (tmp_path / "inbox").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1] + b"!")
    assert store.answers("f" * 64) == {}
    assert [path.name for path in (tmp_path / "inbox").iterdir()] == [f"{'f' * 64}.7.corrupt"]
    assert store.answers("f" * 64) == {}
