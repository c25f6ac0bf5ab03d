"""The log of decisions: append-only, whole after any crash, one winner, and never valid for anything but what was looked at."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from review_room import READINGS, make_asset, make_room, paint, write_run

from brandkit.campaign import open_plan
from brandkit.campaign.run import run_plan
from brandkit.errors import InputError, OutputError
from brandkit.results import Action, RunResult, Verdict
from brandkit.review import log as log_module
from brandkit.review.log import NAME, TORN, DecisionLog, Outcome, Wish, plain
from brandkit.review.standing import decided, read_run, standing_run, with_decisions

ROOT = Path(__file__).parent.parent


@pytest.fixture
def room(tmp_path):
    return make_room(tmp_path)


def wish(folder: Path, name: str = "far", action: Action = Action.ACCEPT, **values: object) -> Wish:
    note = "seen, and fine" if "note" not in values else values.pop("note")
    return Wish(make_asset(name, folder), action, **{"reviewer": "Ada", "note": note, **values})


def test_a_decision_keeps_what_it_was_made_on(room):
    made = DecisionLog(room).append(wish(room)).decision
    asset = make_asset("far", room)
    assert (made.seq, made.after, made.asset, made.action) == (1, 0, "far", Action.ACCEPT)
    assert (made.sha256, made.kit_hash, made.verdict) == (asset.sha256, asset.kit_hash, Verdict.REVIEW)
    assert made.checks == {"palette-drift": 1}
    assert made.at.endswith("+00:00")
    assert DecisionLog(room).read() == (made,)


def test_only_who_saw_the_last_decision_may_decide(room):
    log = DecisionLog(room)
    first = log.append(wish(room))
    late = log.append(wish(room, action=Action.REJECT, reviewer="Bo"))
    assert (late.outcome, late.decision) == (Outcome.OVERTAKEN, first.decision)
    informed = log.append(wish(room, action=Action.REJECT, reviewer="Bo", after=first.decision.seq))
    assert informed.outcome is Outcome.RECORDED
    assert [(made.seq, made.after) for made in log.read()] == [(1, 0), (2, 1)]


def test_the_same_click_counts_once(room):
    log = DecisionLog(room)
    first = log.append(wish(room, token="click-1"))
    assert log.append(wish(room, token="click-1")) == (Outcome.REPEATED, first.decision)
    assert log.append(wish(room, token="click-2")) == (Outcome.REPEATED, first.decision), "same person, same decision, same version"
    assert log.append(wish(room, token="click-3", reviewer="Bo")).outcome is Outcome.OVERTAKEN
    assert len(log.read()) == 1


def test_a_click_whose_answer_was_lost_is_found_again_whatever_came_after(room):
    log = DecisionLog(room)
    first = log.append(wish(room, token="click-1")).decision
    log.append(wish(room, action=Action.REJECT, reviewer="Bo", after=first.seq))
    assert log.append(wish(room, token="click-1")) == (Outcome.REPEATED, first)
    assert len(log.read()) == 2


def test_a_decision_is_synced_to_disk_before_it_is_told(room, monkeypatch):
    calls, write, sync = [], os.write, os.fsync
    monkeypatch.setattr(log_module.os, "write", lambda file, data: (calls.append(("write", file)), write(file, data))[1])
    monkeypatch.setattr(log_module.os, "fsync", lambda file: (calls.append(("sync", file)), sync(file))[1])
    DecisionLog(room).append(wish(room))
    (wrote, file), (synced, same) = calls[-2:]
    assert (wrote, synced) == ("write", "sync") and file == same
    assert ("sync", calls[0][1]) == calls[0], "the folder, when the log is new"


@pytest.mark.parametrize(
    ("name", "action", "note", "words"),
    [
        ("broken", Action.ACCEPT, "", "broken fails: accepting it needs a reason"),
        ("broken", Action.ACCEPT, " \n\t", "broken fails: accepting it needs a reason"),
        ("far", Action.REJECT, "", "a rejection needs a reason"),
        ("far", Action.ACCEPT, "x" * 1001, "note is 1001 characters long"),
    ],
)
def test_what_needs_a_reason_gets_one(room, name, action, note, words):
    with pytest.raises(InputError, match=words):
        wish(room, name, action, note=note)


def test_nobody_decides_without_a_name(room):
    with pytest.raises(InputError, match="needs a name"):
        wish(room, reviewer="\u202e\n ")


def test_what_was_never_decided_cannot_be_taken_back(room):
    log = DecisionLog(room)
    with pytest.raises(InputError, match="no decision to take back"):
        log.append(wish(room, action=Action.UNDO))
    log.append(wish(room))
    log.append(wish(room, action=Action.UNDO, after=1))
    with pytest.raises(InputError, match="no decision to take back"):
        log.append(wish(room, action=Action.UNDO, after=2))
    assert decided(read_run(room), room).assets[2].decision is None


def test_direction_and_control_characters_leave_a_text():
    assert plain("fine\u202egnp.exe\x00\x1b[31m\nnext") == "finegnp.exe[31m next"


# What a decision holds for.


def held(folder: Path, **changes: object) -> tuple[Verdict, str]:
    """What stands for the asset `far` after run.json was written anew."""
    write_run(folder, **changes)
    asset = next(asset for asset in standing_run(folder, folder).assets if asset.id == "far")
    return asset.standing, asset.stale


def test_an_acceptance_clears_and_the_gate_counts_it(room):
    for name in ("near", "far", "broken"):
        DecisionLog(room).append(wish(room, name))
    result = standing_run(room, room)
    assert [asset.standing for asset in result.assets] == [Verdict.PASS] * 4
    assert result.verdict is Verdict.FAIL, "what was measured stays"
    assert result.exit_code() == 0


def test_a_rejection_fails_whatever_was_measured(room):
    for name in ("near", "far", "broken"):
        DecisionLog(room).append(wish(room, name))
    DecisionLog(room).append(wish(room, "fine", Action.REJECT, note="the wrong quay"))
    assert standing_run(room, room).exit_code(accept_review=True) == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kit": "n" * 64}, "the kit was edited"),
        ({"version": 2}, "it is measured differently now; against it: palette-drift"),
        ({"value": 5.6}, "it is measured differently now; against it: palette-drift"),
    ],
)
def test_an_acceptance_holds_for_what_was_looked_at_and_nothing_else(room, changes, why):
    DecisionLog(room).append(wish(room))
    assert held(room) == (Verdict.PASS, "")
    assert held(room, **changes) == (Verdict.REVIEW, why)
    assert held(room) == (Verdict.PASS, ""), "the same file, kit and readings again"


def test_an_acceptance_never_counts_for_a_newer_file(room):
    DecisionLog(room).append(wish(room))
    paint(room, "far", "#010203")
    asset = next(asset for asset in standing_run(room, room).assets if asset.id == "far")
    assert (asset.standing, asset.stale) == (Verdict.REVIEW, "the file is not the one that was checked"), "before it is checked again"
    assert held(room) == (Verdict.REVIEW, "the file was made anew"), "and after"


def test_a_rejection_holds_for_the_file_whatever_the_kit_says(room):
    DecisionLog(room).append(wish(room, action=Action.REJECT))
    assert held(room, kit="n" * 64) == (Verdict.FAIL, "")
    paint(room, "far", "#010203")
    assert held(room) == (Verdict.REVIEW, "the file was made anew")


def test_a_pass_of_a_file_that_changed_since_waits_for_a_person(room):
    paint(room, "fine", "#010203")
    asset = standing_run(room, room).assets[0]
    assert (asset.id, asset.verdict) == ("fine", Verdict.REVIEW)


@pytest.mark.parametrize("file", ["../outside.png", "/etc/hostname", "assets/../../outside.png", "assets/link.png", "a\x00b"])
def test_a_file_outside_the_folder_never_counts_as_checked(room, file):
    paint(room.parent, "x")
    (room.parent / "assets/x.png").replace(room.parent / "outside.png")
    (room / "assets/link.png").symlink_to(room.parent / "outside.png")
    asset = make_asset("fine", room).model_copy(update={"file": file})
    write = RunResult(brandkit="0", brand="B", kit_hash="", assets=(asset,)).to_json()
    (room / "run.json").write_text(json.dumps(write), encoding="utf-8")
    assert standing_run(room, room).assets[0].stale


# Crashes, damage, and several writers.


@settings(max_examples=60)
@given(kept=st.integers(1, 3), cut=st.floats(0, 1), data=st.data())
def test_a_line_cut_short_anywhere_is_set_aside_and_nothing_else_is_lost(kept, cut, data):
    with tempfile.TemporaryDirectory() as place:
        room = make_room(Path(place))
        log = DecisionLog(room)
        for name in list(READINGS)[: kept + 1]:
            log.append(wish(room, name))
        whole = log.read()
        lines = (room / NAME).read_bytes().splitlines(keepends=True)
        torn = lines[-1][: int(cut * (len(lines[-1]) - 2))]
        (room / NAME).write_bytes(b"".join(lines[:-1]) + torn)
        after = DecisionLog(room)
        assert after.read() == whole[:kept]
        assert bool(after.torn) == bool(torn), "told"
        assert (room / NAME).read_bytes().endswith(torn), "reading changes nothing"
        again = after.append(wish(room, list(READINGS)[kept]))
        assert again.decision.seq == kept + 1
        assert DecisionLog(room).read() == (*whole[:kept], again.decision)
        assert not torn or (room / TORN).read_bytes() == torn + b"\n"


def test_a_line_that_lacks_only_its_line_break_counts(room):
    log = DecisionLog(room)
    made = log.append(wish(room)).decision
    (room / NAME).write_bytes((room / NAME).read_bytes()[:-1])
    assert DecisionLog(room).read() == (made,)
    DecisionLog(room).append(wish(room, "near"))
    assert [each.seq for each in DecisionLog(room).read()] == [1, 2]


def _die_while_writing(folder: str, share: float) -> None:
    real = os.write

    def half(file: int, data: bytes) -> int:
        real(file, data[: int(len(data) * share)])
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    log_module.os.write = half
    DecisionLog(Path(folder)).append(wish(Path(folder), "near"))


@pytest.mark.parametrize("share", [0, 0.3, 0.9, 1])
def test_kill_9_in_the_middle_of_a_write_loses_no_recorded_decision(room, share):
    recorded = DecisionLog(room).append(wish(room)).decision
    child = multiprocessing.get_context("fork").Process(target=_die_while_writing, args=(str(room), share))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    log = DecisionLog(room)
    assert log.read()[0] == recorded
    assert len(log.read()) == (2 if share == 1 else 1)
    assert bool(log.torn) == (0 < share < 1)
    assert log.append(wish(room, "broken")).outcome is Outcome.RECORDED, "the lock died with its holder"


def test_a_full_disk_leaves_the_log_as_it_was(room, monkeypatch):
    log = DecisionLog(room)
    log.append(wish(room))
    before, real = (room / NAME).read_bytes(), os.write
    monkeypatch.setattr(log_module.os, "write", lambda file, data: real(file, data[:20]))
    with pytest.raises(OutputError, match="nothing was recorded"):
        log.append(wish(room, "near"))
    assert (room / NAME).read_bytes() == before


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        (lambda lines: [lines[0][:40], *lines[1:]], ":1: not a decision"),
        (lambda lines: [lines[1], lines[0]], ":1: decision 2 stands where 1 should"),
        (lambda lines: lines[1:], ":1: decision 2 stands where 1 should"),
        (lambda lines: [lines[0], lines[0]], ":2: decision 1 stands where 2 should"),
        (lambda lines: [lines[0].replace("decision@1", "decision@9"), lines[1]], ":1: written as 'brandkit/decision@9'"),
    ],
)
def test_a_log_that_was_edited_is_refused_with_its_line(room, damage, place):
    for name in ("far", "near"):
        DecisionLog(room).append(wish(room, name))
    lines = damage((room / NAME).read_text(encoding="utf-8").splitlines())
    (room / NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=NAME + place):
        standing_run(room, room)


def test_of_many_reviewers_at_once_one_wins_and_the_others_are_told(room):
    outcomes: list[Outcome] = []
    start = threading.Barrier(12)

    def decide(number: int) -> None:
        start.wait()
        outcomes.append(DecisionLog(room).append(wish(room, reviewer=f"R{number}")).outcome)

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [Outcome.OVERTAKEN] * 11 + [Outcome.RECORDED]
    assert len(DecisionLog(room).read()) == 1


def _decide_often(folder: str, name: str) -> None:
    log, after = DecisionLog(Path(folder)), 0
    for _ in range(10):
        after = log.append(wish(Path(folder), name, after=after)).decision.seq


def test_processes_write_one_log_together(room):
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=_decide_often, args=(str(room), name)) for name in READINGS]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    made = DecisionLog(room).read()
    assert [each.seq for each in made] == list(range(1, 41))
    for name in READINGS:
        chain = [(each.seq, each.after) for each in made if each.asset == name]
        assert [after for _, after in chain] == [0, *(seq for seq, _ in chain)][:10]


class Reviewing(RuleBasedStateMachine):
    """Any order of decisions, repeated clicks, stale eyes, crashes, remade files and edited kits."""

    def __init__(self) -> None:
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        self.room = make_room(Path(self.place.name))
        self.kit = "k" * 64
        self.known: dict[str, int] = dict.fromkeys(READINGS, 0)
        self.acknowledged: list[str] = []
        self.clicks = 0

    def teardown(self) -> None:
        self.place.cleanup()

    def asset(self, name: str):
        return make_asset(name, self.room, kit=self.kit)

    @rule(
        name=st.sampled_from(list(READINGS)),
        action=st.sampled_from([Action.ACCEPT, Action.REJECT]),
        lag=st.integers(0, 2),
        twice=st.booleans(),
    )
    def decide(self, name, action, lag, twice):
        self.clicks += 1
        after = max(0, self.known[name] - lag)
        made = Wish(self.asset(name), action, "Ada", f"click {self.clicks}", after, f"token-{self.clicks}")
        appended = DecisionLog(self.room).append(made)
        assert (appended.outcome is Outcome.RECORDED) == (after == self.known[name])
        if appended.outcome is Outcome.RECORDED:
            self.known[name] = appended.decision.seq
            self.acknowledged.append(appended.decision.model_dump_json())
        if twice and appended.outcome is Outcome.RECORDED:
            assert DecisionLog(self.room).append(made) == (Outcome.REPEATED, appended.decision)

    @precondition(lambda self: any(self.known.values()))
    @rule(name=st.sampled_from(list(READINGS)))
    def take_back(self, name):
        last = next((made for made in reversed(DecisionLog(self.room).read()) if made.asset == name), None)
        if last is None or last.action is Action.UNDO:
            return
        appended = DecisionLog(self.room).append(Wish(self.asset(name), Action.UNDO, "Bo", "", last.seq))
        self.known[name] = appended.decision.seq
        self.acknowledged.append(appended.decision.model_dump_json())

    @rule(piece=st.binary(min_size=1, max_size=80).filter(lambda data: b"\n" not in data))
    def crash_in_a_write(self, piece):
        with (self.room / NAME).open("ab") as file:
            file.write(b"{" + piece)

    @rule(name=st.sampled_from(list(READINGS)), color=st.integers(0, 0xFFFFFF))
    def make_anew(self, name, color):
        paint(self.room, name, f"#{color:06X}")

    @rule(kit=st.sampled_from("kn"))
    def edit_the_kit(self, kit):
        self.kit = kit * 64

    @invariant()
    def the_log_holds_every_acknowledged_decision_in_order(self):
        made = DecisionLog(self.room).read()
        assert [each.model_dump_json() for each in made] == self.acknowledged

    @invariant()
    def an_acceptance_stands_only_for_the_bytes_and_the_kit_it_was_made_for(self):
        made = DecisionLog(self.room).read()
        result = RunResult(brandkit="0", brand="B", kit_hash=self.kit, assets=tuple(self.asset(name) for name in READINGS))
        for asset in with_decisions(result, made).assets:
            last = next((each for each in reversed(made) if each.asset == asset.id), None)
            for_this = last is not None and last.sha256 == asset.sha256
            accepted = for_this and last.action is Action.ACCEPT and last.kit_hash == asset.kit_hash
            rejected = for_this and last.action is Action.REJECT
            assert asset.standing is (Verdict.PASS if accepted else Verdict.FAIL if rejected else asset.verdict)


Reviewing.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
TestReviewing = Reviewing.TestCase


# In a run.


def test_a_run_counts_what_people_decided_until_the_kit_is_edited(tmp_path):
    """The whole way: a kit so strict that a person must look, an acceptance, the same run again, and an edit of the kit."""
    kit = tmp_path / "halfpast"
    shutil.copytree(ROOT / "brands/halfpast", kit)
    brand, campaign = kit / "brand.yaml", kit / "campaigns/every-half-hour"
    strict = "\ngate:\n  limits:\n    text-contrast: [20, 1]\n"
    brand.write_text(brand.read_text(encoding="utf-8") + strict, encoding="utf-8")
    document = yaml.safe_load((campaign / "campaign.yaml").read_text(encoding="utf-8"))
    small = document | {"formats": ["google-medium-rectangle"], "locales": ["en"]}
    (campaign / "campaign.yaml").write_text(yaml.safe_dump(small, allow_unicode=True, sort_keys=False), encoding="utf-8")
    out = tmp_path / "out"

    def run() -> RunResult:
        job = open_plan(campaign)
        return run_plan(job.plan, job.backend, out)

    first = run()
    assert {asset.verdict for asset in first.assets} == {Verdict.REVIEW}
    assert first.exit_code() == 1
    for asset in first.assets:
        DecisionLog(out).append(Wish(asset, Action.ACCEPT, "Ada"))
    again = run()
    assert again.exit_code() == 0
    assert [asset.sha256 for asset in again.assets] == [asset.sha256 for asset in first.assets]
    assert all(asset.decision for asset in read_run(out).assets), "run.json says it"
    whole = (out / NAME).read_bytes()
    (out / NAME).write_bytes(b"edited\n" + whole)
    with pytest.raises(InputError, match=f"{NAME}:1: not a decision"):
        run()
    (out / NAME).write_bytes(whole)
    assert "Accepted by Ada" in (out / "report.html").read_text(encoding="utf-8")
    brand.write_text(brand.read_text(encoding="utf-8").replace("[20, 1]", "[21, 1]"), encoding="utf-8")
    edited = run()
    assert edited.exit_code() == 1
    assert {asset.stale for asset in edited.assets} <= {"the kit was edited", "the file was made anew"}
    assert "no longer holds" in (out / "report.html").read_text(encoding="utf-8")
