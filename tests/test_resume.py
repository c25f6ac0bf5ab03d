"""A check of many pictures that is stopped goes on where it was, and takes nothing that is not true any more."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from painting import paint

from brandkit.brand.load import load_brand
from brandkit.check.journal import Journal
from brandkit.check.run import check_files
from brandkit.errors import UnfinishedError
from brandkit.files import sha256_file
from brandkit.report import render
from brandkit.results import AssetResult, Verdict

KIT: dict[str, Any] = {
    "brandkit": 1,
    "name": "Any",
    "palette": {"colors": {"pine": {"value": "#1F4D3A"}, "paper": {"value": "#FFFFFF"}}},
    "logo": {"marks": {"disc": {"file": "disc.svg"}}},
}
DISC = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 24"><path d="M2 2h20v8h-8v12H2z M26 2h12v20H26z" fill="#1F4D3A"/></svg>'
PICTURES, STOPPED_AT = 6, 3
START = """
import os, sys
from brandkit.cli.main import main
from brandkit.cli.progress import Progress

number, after = int(sys.argv.pop(1)), int(sys.argv.pop(1))
count = Progress.count

def stop(self, text, done, total):
    if done == after:
        os.kill(os.getpid(), number)
    count(self, text, done, total)

Progress.count = stop
main()
"""


class Stop(BaseException):
    """As a signal is: no exception that anything may catch."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a kit and with pictures of which some pass and some do not."""
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "disc.svg").write_text(DISC)
    (tmp_path / "kit" / "brand.yaml").write_text(yaml.safe_dump(KIT, sort_keys=False))
    brand = load_brand(tmp_path / "kit")
    (tmp_path / "ads" / "more").mkdir(parents=True)
    for index in range(PICTURES):
        paints = [{"fill": "#FFFFFF"}, {"rect": [8 * index, 10, 40, 30], "color": "#1F4D3A" if index % 2 else "#7A1FD0"}]
        folder = tmp_path / "ads" / ("more" if index == PICTURES - 1 else "")  # the last has the first one's name
        (folder / f"{index % (PICTURES - 1)}.png").write_bytes(paint({"size": [96, 72], "paint": paints}, brand))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def check(place: Path, *options: str, number: int = 0, after: int = -1) -> subprocess.CompletedProcess[str]:
    """`brandkit check` in a process that gets a signal when `after` pictures are done."""
    command = [sys.executable, "-c", START, str(number), str(after), "check", "ads", "--brand", "kit", *options]
    return subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize(
    ("number", "options"),
    [(signal.SIGINT, ("--out", "out")), (signal.SIGINT, ()), (signal.SIGTERM, ()), (signal.SIGKILL, ("--out", "out"))],
    ids=["interrupt", "interrupt, no folder", "terminate, no folder", "kill"],
)
def test_the_same_command_goes_on_where_it_was_stopped(place: Path, number: signal.Signals, options: tuple[str, ...]) -> None:
    folder = Path("out/checked") if options else place / "cache" / "brandkit" / "checked"
    stopped = check(place, *options, number=number, after=STOPPED_AT)
    assert stopped.stdout == "" and not (place / "out" / "run.json").exists()
    if number is signal.SIGKILL:
        assert stopped.returncode == -number
    else:
        assert stopped.returncode == 128 + number
        words = f"stopped; {STOPPED_AT} of {PICTURES} pictures are checked, and kept in {folder}; run the same command again to go on"
        assert words in stopped.stderr
    assert len(list((place / folder).iterdir())) == 1
    done = check(place, *options)
    assert f"{STOPPED_AT} of {PICTURES} were checked before" in done.stderr
    whole = check(place, *((options[0], "whole") if options else ()))
    assert "before" not in whole.stderr
    assert (done.returncode, done.stdout) == (whole.returncode, whole.stdout) and done.returncode == 1
    if options:
        assert (place / "out" / "run.json").read_bytes() == (place / "whole" / "run.json").read_bytes()
        assert sorted(path.name for path in (place / "out").iterdir()) == ["report.html", "run.json"], (
            "nothing is left that could be believed"
        )
    else:
        assert not list((place / folder).iterdir())


def test_a_stop_before_the_first_picture_is_finished_says_that_nothing_is_kept(place: Path) -> None:
    stopped = check(place, "--out", "out", number=signal.SIGINT, after=0)
    assert stopped.returncode == 130 and "stopped; nothing is kept, for no picture was finished" in stopped.stderr


def stop_at(place: Path, after: int = STOPPED_AT, **told: Any) -> Journal:
    """A check that is stopped when `after` pictures are done."""

    def heard(name: str, done: int, total: int) -> None:
        if done == after:
            raise Stop

    journal = Journal(place / "state")
    with pytest.raises(Stop):
        check_files([place / "ads"], load_brand(place / "kit"), journal=journal, on_file=heard, **told)
    return journal


def go_on(place: Path, **told: Any) -> int:
    """How many pictures were taken from before; their results must be those of a check that knows of nothing."""
    measured: list[int] = []
    brand = load_brand(place / "kit")
    result = check_files(
        [place / "ads"], brand, journal=Journal(place / "state"), on_file=lambda name, done, total: measured.append(done), **told
    )
    assert render(result, "json") == render(check_files([place / "ads"], brand, **told), "json")
    return PICTURES - len(measured)


def edit_kit(old: str, new: str) -> Callable[[Path], None]:
    def edit(place: Path) -> None:
        file = place / "kit" / "brand.yaml"
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new, 1))

    return edit


def swap_pictures(place: Path) -> None:
    one, two = place / "ads" / "0.png", place / "ads" / "1.png"
    data = one.read_bytes(), two.read_bytes()
    one.write_bytes(data[1]), two.write_bytes(data[0])


def calibrated(place: Path) -> None:
    from brandkit.check.calibrate import calibrate

    outcome = calibrate(load_brand(place / "kit"), [place / "ads"], alpha=0.3)
    (place / "kit" / "calibration.json").write_text(outcome.calibration.to_text())


CHANGES: dict[str, tuple[Callable[[Path], object], dict[str, Any], int]] = {  # what was changed, what was told, how many are taken
    "nothing": (lambda place: None, {}, STOPPED_AT),
    "a picture": (lambda place: (place / "ads" / "1.png").write_bytes((place / "ads" / "3.png").read_bytes()), {}, STOPPED_AT - 1),
    "two pictures swapped": (swap_pictures, {}, STOPPED_AT - 2),
    "a picture gone and another there": (lambda place: (place / "ads" / "0.png").rename(place / "ads" / "00.png"), {}, STOPPED_AT - 1),
    "a picture more of the same name": (
        lambda place: (place / "ads" / "2.jpg").write_bytes((place / "ads" / "2.png").read_bytes()),
        {},
        STOPPED_AT,
    ),
    "a colour": (edit_kit("#1F4D3A", "#7A1FD0"), {}, 0),
    "a line of the brand file": (edit_kit("palette:", "# moved\npalette:"), {}, 0),
    "a mark": (lambda place: (place / "kit" / "disc.svg").write_text(DISC.replace("24", "25")), {}, 0),
    "the profile": (lambda place: edit_kit("palette:", "gate: {profile: strict}\npalette:")(place), {}, 0),
    "a calibration": (calibrated, {}, 0),
    "the copy": (lambda place: None, {"copy": {"headline": "Dipped once."}}, 0),
    "a check left out": (lambda place: None, {"left_out": {"palette-intruder": "left out by --skip"}}, 0),
    "the mark a must": (lambda place: None, {"logo_required": True}, 0),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_has_changed_is_checked_again(place: Path, name: str) -> None:
    change, told, taken = CHANGES[name]
    stop_at(place)
    change(place)
    extra = len(list((place / "ads").rglob("*.*"))) - PICTURES
    assert go_on(place, **told) + extra == taken


def test_results_of_another_brandkit_are_not_taken(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_at(place)
    monkeypatch.setattr("brandkit.check.journal.edition", lambda: "another")
    assert go_on(place) == 0


def test_a_kit_that_is_edited_while_it_is_used_ends_the_keeping(place: Path) -> None:
    def heard(name: str, done: int, total: int) -> None:
        if done == 2:
            (place / "kit" / "disc.svg").write_text(DISC + "\n")

    journal = Journal(place / "state")
    check_files([place / "ads"], load_brand(place / "kit"), journal=journal, on_file=heard)
    assert journal.kept == 2 and "disc.svg was edited meanwhile" in journal.trouble


def test_what_may_pass_is_not_kept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from brandkit.check.registry import load_checks

    (place / "ads" / "2.png").write_bytes(b"no picture")
    check = load_checks()["gamut"]
    made = check.run

    def weak(subject: Any, limit: Any) -> Any:
        if subject.picture.sha256 == tired[0]:
            raise MemoryError
        if subject.picture.sha256 == tired[1]:
            raise UnfinishedError("no process can be started")
        yield from made(subject, limit)

    tired = [sha256_file(place / "ads" / f"{index}.png") for index in (0, 1)]
    object.__setattr__(check, "run", weak)
    try:
        journal = Journal(place / "state")
        result = check_files([place / "ads"], load_brand(place / "kit"), journal=journal)
    finally:
        object.__setattr__(check, "run", made)
    reasons = [check.reason for asset in result.assets for check in asset.checks if check.check == "gamut"]
    assert "broke on this picture (MemoryError" in reasons[0] and "could not be finished here: no process" in reasons[1]
    assert journal.kept == PICTURES - 3
    assert go_on(place) == PICTURES - 3


def test_while_a_picture_could_not_be_read_here_the_others_stay(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from brandkit.check.ahead import load_apart

    def tired(path: Path) -> Any:
        if path.name == "1.png":
            raise UnfinishedError("1.png: could not be checked: there is not enough memory")
        return load_apart(path)

    journal = Journal(place / "state")
    with monkeypatch.context() as patched:
        patched.setattr("brandkit.check.ahead.load_apart", tired)
        result = check_files([place / "ads"], load_brand(place / "kit"), journal=journal)
    assert result.exit_code() == 3
    journal.end(result)
    assert go_on(place) == PICTURES - 1
    journal.end(check_files([place / "ads"], load_brand(place / "kit"), journal=journal))
    assert not (place / "state").exists()


@pytest.mark.parametrize("folder", ["file/checked", "file"])
def test_a_folder_that_cannot_be_written_costs_only_the_resumption(place: Path, folder: str) -> None:
    (place / "file").write_text("in the way")
    journal = Journal(place / folder)
    result = check_files([place / "ads"], load_brand(place / "kit"), journal=journal)
    assert len(result.assets) == PICTURES and journal.kept == 0 and "file" in journal.trouble
    journal.end(result)


def test_one_picture_leaves_nothing_on_disk(place: Path) -> None:
    check_files([place / "ads" / "0.png"], load_brand(place / "kit"), journal=Journal(place / "state"))
    assert not (place / "state").exists()


@given(kind=st.sampled_from(["cut", "flip", "twice"]), place=st.floats(0, 1, exclude_max=True), byte=st.integers(1, 255))
def test_a_damaged_line_is_never_believed(kind: str, place: float, byte: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    files = [folder / f"{index}.png" for index in range(3)]
    for file in files:
        file.write_bytes(file.name.encode())
    truth = [
        AssetResult(id=f"{index}", file=str(file), sha256=sha256_file(file), width=4, height=3, verdict=Verdict.FAIL)
        for index, file in enumerate(files)
    ]
    journal = Journal(folder / "state")
    journal.begin("key", files, ["0", "1", "2"])
    for result in truth:
        assert journal.keep(result) == result
    whole = journal.path.read_bytes()
    at = int(place * len(whole))
    damaged = {"cut": whole[:at], "flip": whole[:at] + bytes([whole[at] ^ byte]) + whole[at + 1 :], "twice": whole[at:] + whole}[kind]
    journal.path.write_bytes(damaged)
    again = Journal(folder / "state")
    found = again.begin("key", files, ["0", "1", "2"])
    assert all(found[index] == truth[index] for index in found)
    if kind != "twice":
        assert len(found) >= (2 if kind == "flip" else whole[:at].count(b"\n") // 2 - 1), "only what is damaged is lost"
    again.keep(truth[2])
    assert Journal(folder / "state").begin("key", files, ["0", "1", "2"])[2] == truth[2], "what is written after damage is whole"
    assert Journal(folder / "state").begin("another key", files, ["0", "1", "2"]) == {}
    renamed = Journal(folder / "state")
    journal.path.rename(folder / "state" / f"{'another key'[:32]}.jsonl")
    assert renamed.begin("another key", files, ["0", "1", "2"]) == {}, "a file under another check's name is not believed"
