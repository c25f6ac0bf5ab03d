"""Power losses and full disks, at every operation of a real run: what SQLite and Python wrote is recorded, and lost again."""

from __future__ import annotations

import copy
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.crash.trial import accepted_in, looked_at, tried_here, uncomposed
from brandkit import files
from brandkit.campaign import run
from brandkit.campaign.ledger import Ledger
from brandkit.campaign.store import Store
from brandkit.errors import UnfinishedError
from brandkit.generate import answer
from brandkit.testing.batches import Batches
from brandkit.testing.provider import Provider
from tests.faults.disk import Choice, Disk, Entry, compile_shim, everything, nothing, read_log, some
from tests.faults.jobs import Job, job_at
from tests.faults.recorded_run import PARALLEL

EXAMPLES = int(os.environ.get("BRANDKIT_POWER_LOSSES", "16"))
EVERY = 4  # of the losses that take all, the share whose run is taken up again; the others are looked at
FAULTS = [f"ENOSPC:{at}" for at in (1, 2, 5, 9, 14, 20, 27, 35, 44, 54)] + [f"EIO:{at}" for at in (3, 12, 24, 40, 60)]
FAULTS += [f"EMFILE:{at}" for at in (1, 2, 4, 6, 8)]
ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not (shutil.which("cc") or shutil.which("gcc")), reason="the shim needs Linux and a C compiler"
)


class Recorded(NamedTuple):
    """A run that nobody disturbed, as the disk saw it."""

    base: Path
    out: Path
    log: list[Entry]
    job: Job
    server: Provider
    batches: Batches
    final: dict[str, str]


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    return compile_shim(tmp_path_factory.mktemp("shim"))


@pytest.fixture(scope="module")
def server():
    with Provider() as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "finish_asset", uncomposed)
        patch.setattr(answer, "try_picture", tried_here)
        patch.setattr(files, "sync", lambda path: None)  # runs that are taken up again may be quick; the recorded one is another process
        yield server


@pytest.fixture(scope="module", params=["live", "batch"])
def recorded(request, server, shim, tmp_path_factory):
    base = tmp_path_factory.mktemp(request.param)
    out = base / "runs" / "spring"
    server.reset()
    done = recorded_run(shim, base, out, server, request.param)
    assert done.returncode == 0, done.stderr
    return Recorded(base, out, read_log(base.with_suffix(".log")), job_at(), server, copied(server.batches), accepted_in(out))


@pytest.fixture
def account(server, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", server.key)
    monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)


def copied(batches: Batches) -> Batches:
    return Batches(files=dict(batches.files), batches=copy.deepcopy(batches.batches))


def recorded_run(shim: Path, base: Path, out: Path, server: Provider, *modes: str) -> subprocess.CompletedProcess[str]:
    log = base.with_suffix(".log")
    log.unlink(missing_ok=True)
    account = {"OPENAI_API_KEY": server.key, "OPENAI_BASE_URL": server.base_url}
    known = account | {"LD_PRELOAD": str(shim), "SHIM_ROOT": str(base), "SHIM_LOG": str(log), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.faults.recorded_run", str(out), *modes]
    every = {**os.environ, **known}
    return subprocess.run(command, env=every, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


def count(log: list[Entry], mark: str) -> int:
    return sum(entry.kind == "M" and entry.words[0] == mark for entry in log)


def what_broke(recorded: Recorded, at: int, out: Path) -> list[str]:
    """What does not hold in `out`, the run folder after a power loss at operation `at`, before anything is done about it."""
    past, broken = recorded.log[:at], looked_at(out, {})
    rows: list[Any] = []
    if (out / "record.db").exists():
        ledger = Ledger(out / "record.db")
        rows = ledger.attempts()
        kept = [row[0] for row in ledger._db.execute("SELECT id FROM asset")]
        ledger.close()
        if set(kept) - set(accepted_in(out)):
            broken.append("an asset is on record without its file")
        if len(kept) < count(past, ">asset"):
            broken.append("an accepted asset was lost")
    under_way = [attempt for attempt in rows if attempt.state not in ("reserved", "released")]
    if len(under_way) < count(past, "<post") or (count(past, "<submit") and not under_way):
        broken.append(f"{count(past, '<post')} requests had left, the ledger knows of {len(under_way)}")
    received = sum(attempt.state == "received" for attempt in rows)
    arrived = sum(len(Store(out).answers(attempt.fingerprint)) for attempt in rows if attempt.state == "sent")
    if received + arrived < count(past, ">keep"):
        broken.append(f"{count(past, '>keep')} answers had been kept, {received} + {arrived} are left")
    return broken


def resumed(recorded: Recorded, at: int, out: Path) -> list[str]:
    """What does not hold once the run was taken up again and finished."""
    past, server, job = recorded.log[:at], recorded.server, recorded.job
    server.reset()
    by_batch = count(recorded.log, "<submit") > 0
    if by_batch and count(past, "<submit"):
        server.batches = copied(recorded.batches)
    for _ in range(3):
        try:
            job.run(out, batch=by_batch and not count(past, "<submit"), retry_unknown=True, parallel=PARALLEL)
            break
        except UnfinishedError as error:
            problem = error.message
    else:
        return [f"the run is not finished by the third time: {problem}"]
    broken = looked_at(out, {})
    if accepted_in(out) != recorded.final:
        broken.append("the final record differs from that of an undisturbed run")
    earlier = len(job.plan.prices) if by_batch and count(past, "<submit") else count(past, "<post")
    billed = len(server.bill) + earlier
    ledger = Ledger(out / "record.db")
    counted = sum(attempt.state in ("received", "received_invalid", "unknown") for attempt in ledger.attempts())
    ledger.close()
    if counted < billed:
        broken.append(f"{billed} calls are on the bill, the ledger counts {counted}")
    if billed > len(job.plan.prices) + PARALLEL:
        broken.append(f"{billed} calls were made for {len(job.plan.prices)} pictures")
    return broken


def lose_power(recorded: Recorded, at: int, to: Path, choose: Choice) -> list[str]:
    disk = Disk(recorded.base)
    for entry in recorded.log[:at]:
        disk.play(entry)
    disk.after_power_loss(to, choose)
    out = to / recorded.out.relative_to(recorded.base)
    return what_broke(recorded, at, out) or resumed(recorded, at, out)


def test_a_power_loss_that_takes_all_that_was_not_synced(recorded, account, tmp_path):
    """At every operation that changes what is on the disk, and just before it."""
    broken = {}
    disk, changed, turns = Disk(recorded.base), True, 0
    for at, entry in enumerate([*recorded.log, Entry("M", ("end",))]):
        turns += changed
        if changed or entry.kind == "M":
            to = tmp_path / f"{at}"
            disk.after_power_loss(to)
            out = to / recorded.out.relative_to(recorded.base)
            found = what_broke(recorded, at, out) or (resumed(recorded, at, out) if changed and turns % EVERY == 1 else [])
            if found:
                broken[at, entry.kind, entry.words] = found
            shutil.rmtree(to)
        changed = disk.play(entry)
    assert not broken


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1), seed=st.integers(0, 10**6), kind=st.sampled_from(["nothing", "everything", "some"]))
def test_a_power_loss_that_takes_any_part(recorded, account, tmp_path_factory, share, seed, kind):
    at = round(share * len(recorded.log))
    choose = {"nothing": nothing, "everything": everything, "some": some(seed)}[kind]
    to = tmp_path_factory.mktemp("loss") / "disk"
    broken = lose_power(recorded, at, to, choose)
    shutil.rmtree(to)
    assert not broken


@pytest.fixture(scope="module")
def failed(server, shim, tmp_path_factory):
    """Runs whose disk failed from one operation on: folder, and the requests that left after that."""
    base = tmp_path_factory.mktemp("full")
    server.reset()
    done = recorded_run(shim, base, base, server, *FAULTS)
    assert done.returncode == 0, done.stderr
    found, name, late = {}, "", False
    for entry in read_log(base.with_suffix(".log")):
        if entry.kind == "M" and entry.words[0].startswith("run "):
            name, late = entry.words[0][4:], False
            found[name] = []
        elif entry.kind == "M":
            late = late or entry.words[0] == "failed"
            found[name] += [entry.words[0]] if entry.words[0] == "failed" or (late and entry.words[0] == "<post") else []
    return base, found


@pytest.mark.parametrize("fault", FAULTS)
def test_a_disk_that_fails_from_an_operation_on(failed, server, account, fault):
    base, marks = failed
    code, _, words = (base / fault).with_suffix(".told").read_text().partition("\n")
    assert marks[fault] == ["failed"], "it failed, and no request left afterwards"
    assert code == "3" and "Traceback" not in words, words
    server.reset()
    out, job = base / fault, job_at()
    assert len(job.run(out, retry_unknown=True, parallel=1).assets) == len(job.plan.assets)
    assert not looked_at(out, {})
    ledger = Ledger(out / "record.db")
    counted = sum(attempt.state in ("received", "received_invalid", "unknown") for attempt in ledger.attempts())
    ledger.close()
    assert counted >= len(server.bill)
    assert not list(out.rglob("*.tmp"))
