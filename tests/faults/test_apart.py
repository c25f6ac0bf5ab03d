"""Pictures that crash or exhaust the decoder while a heap is checked: each is one asset that says so, and the others are all checked."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import sys
import threading
from mmap import mmap

import numpy as np
import pytest
from PIL import Image

from brandkit.brand.load import load_brand
from brandkit.check.ahead import read_ahead
from brandkit.check.calibrate import calibrate
from brandkit.check.run import check_files, check_picture
from brandkit.cli.main import main
from brandkit.errors import PictureError, UnfinishedError
from brandkit.image.apart import HELPER, load_apart
from brandkit.image.load import Picture, load_picture
from brandkit.image.shared import SIZE
from brandkit.results import Action, Decision, Verdict
from tests.faults.jobs import HALFPAST
from tests.faults.poisoned_apart import ABORTS, CRASHES, HANGS, KILLS, STARVES

POISONED = "tests.faults.poisoned_apart"
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit on address space")
HEALTHY = 64
SAYS = {
    ABORTS: "crashes the library",
    KILLS: "crashes the library",
    CRASHES: "exit code -11",
    STARVES: "needs too much memory",
    HANGS: "takes longer than 0 s",
}


@pytest.fixture(autouse=True)
def fresh():
    HELPER.end()
    yield
    HELPER.end()


@pytest.fixture
def poisoned(monkeypatch):
    """The decoder of a real helper, poisoned."""
    monkeypatch.setattr(HELPER, "module", POISONED)


@pytest.fixture(scope="module")
def brand():
    return load_brand(HALFPAST)


def picture(width, height=48, mode="RGB", kind="PNG", **options):
    pixels = np.random.default_rng(width).integers(0, 255, (height, width, 4), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


def heap(folder, *widths):
    for number, width in enumerate(widths):
        (folder / f"{number}.png").write_bytes(picture(width))
    return folder


FILES = {
    "plain": picture(70),
    "alpha": picture(70, mode="RGBA"),
    "opaque alpha": (lambda buffer: (Image.new("RGBA", (9, 7), "#123456").save(buffer, "PNG"), buffer.getvalue())[1])(io.BytesIO()),
    "grey": picture(71, mode="L"),
    "one pixel": picture(1, 1),
    "cmyk": picture(72, mode="CMYK", kind="JPEG"),
    "webp": picture(73, kind="WEBP"),
    "tiff": picture(74, mode="L", kind="TIFF"),
    "animation": picture(33, mode="P", kind="GIF", save_all=True, append_images=[Image.new("P", (33, 48))]),
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("ground", [None, "#1F4D3A"])
def test_a_picture_read_apart_is_the_one_read_here(tmp_path, kind, ground):
    file = tmp_path / "a.png"
    file.write_bytes(FILES[kind])
    here, apart = load_picture(file, ground=ground), load_apart(file, ground=ground)
    for field in dataclasses.fields(Picture):
        ours, theirs = getattr(here, field.name), getattr(apart, field.name)
        if isinstance(ours, np.ndarray):
            np.testing.assert_array_equal(ours, theirs)
            assert theirs.dtype == np.uint8 and not theirs.flags.writeable
        else:
            assert ours == theirs, field.name
    assert load_apart(FILES[kind], name="a.png", ground=ground).sha256 == here.sha256


@linux
def test_shared_pixels_stay_as_they_are_while_anything_looks_at_them():
    first, second = load_apart(picture(90)), load_apart(picture(91))
    corner = first.rgb[5:9, 3:8, ::-1]
    wanted, second_wanted = corner.copy(), second.rgb.copy()
    del first
    others = [load_apart(picture(width)) for width in range(92, 96)]  # no slot is left, so that they come through the pipe
    np.testing.assert_array_equal(corner, wanted)
    np.testing.assert_array_equal(second.rgb, second_wanted)
    for width, other in zip(range(92, 96), others, strict=True):
        np.testing.assert_array_equal(other.rgb, load_picture(picture(width)).rgb)
    assert isinstance(second.rgb.base.base, memoryview | mmap) and isinstance(others[0].rgb.base.base, bytes)
    del corner, second
    assert isinstance(load_apart(picture(96)).rgb.base.base, memoryview | mmap)  # and again


@linux
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_forked_process_keeps_its_picture_when_the_parent_reads_on():
    kept = load_apart(picture(90))
    wanted, (reading, writing) = kept.rgb.copy(), os.pipe()
    child = os.fork()
    if not child:
        os.read(reading, 1)  # until the parent has read others
        os._exit(0 if (kept.rgb == wanted).all() else 1)
    del kept
    for width in (91, 92, 93):
        load_apart(picture(width))
    os.write(writing, b"!")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@linux
def test_a_picture_that_is_too_large_to_share_comes_whole():
    data = picture(3400, 3300)
    apart = load_apart(data)
    np.testing.assert_array_equal(apart.rgb, load_picture(data).rgb)
    assert apart.rgb.nbytes > SIZE and isinstance(apart.rgb.base.base, bytes)


@pytest.mark.parametrize("data", [b"", b"<svg", b"%PDF-1.7", picture(64)[:90], b"\x89PNG\r\n\x1a\n" + bytes(50)])
def test_what_is_wrong_with_a_file_is_said_in_the_same_words(tmp_path, data):
    file = tmp_path / "a.png"
    file.write_bytes(data)
    with pytest.raises(PictureError) as here:
        load_picture(file)
    with pytest.raises(PictureError) as apart:
        load_apart(file)
    assert (apart.value.message, apart.value.hint) == (here.value.message, here.value.hint)


def test_the_numbers_of_a_heap_are_those_of_its_pictures(tmp_path, brand):
    folder = heap(tmp_path, 200, 201, 202)
    apart = check_files([folder / f"{number}.png" for number in range(3)], brand)
    for number, asset in enumerate(apart.assets):
        assert asset == check_picture(folder / f"{number}.png", brand, asset_id=asset.id, file=asset.file)


@pytest.mark.parametrize("width", [ABORTS, KILLS, CRASHES, pytest.param(STARVES, marks=linux), HANGS])
def test_a_poisonous_picture_is_not_checked_and_all_others_are(tmp_path, brand, monkeypatch, poisoned, width):
    if width == HANGS:
        monkeypatch.setattr(HELPER, "seconds", 0)
    folder = heap(tmp_path, HEALTHY, width, HEALTHY + 1)
    result = check_files([folder], brand)
    assert [asset.width for asset in result.assets] == [HEALTHY, 0, HEALTHY + 1]
    for asset in result.assets[1::2]:
        (check,) = asset.checks
        assert asset.verdict is Verdict.REVIEW and asset.unread and check.verdict is Verdict.NOT_CHECKED
        assert "could not be checked: it crashed or exhausted the decoder, 2 times" in check.reason and SAYS[width] in check.reason
        assert len(asset.sha256) == 64
    for asset in result.assets[::2]:
        assert not asset.unread and len(asset.checks) > 10
    assert result.exit_code() == 3 == result.exit_code(accept_review=True)


def test_a_person_may_clear_what_could_not_be_read_here(tmp_path, brand, poisoned):
    result = check_files([heap(tmp_path, HEALTHY, ABORTS)], brand)
    lost = result.assets[1]
    seen = Decision(
        seq=1, after=0, at="2026-11-02T10:00:00Z", asset=lost.id, sha256=lost.sha256, reading="", kit_hash=brand.kit_hash,
        action=Action.ACCEPT, reviewer="Ida", verdict=lost.verdict,
    )  # fmt: skip
    cleared = result.model_copy(update={"assets": (lost.model_copy(update={"decision": seen}),)})
    assert result.exit_code() == 3 and cleared.exit_code() == 0


def test_the_command_ends_with_3_and_its_reports_are_whole(tmp_path, poisoned, capsys, monkeypatch):
    folder = tmp_path / "assets"
    folder.mkdir()
    heap(folder, HEALTHY, ABORTS, HEALTHY + 1, HEALTHY + 2, KILLS, HEALTHY + 3)
    arguments = ["brandkit", "check", str(folder), "--brand", str(HALFPAST), "--format", "json", "--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 3
    told = json.loads(capsys.readouterr().out)
    assert [asset["width"] for asset in told["assets"]] == [HEALTHY, 0, HEALTHY + 1, HEALTHY + 2, 0, HEALTHY + 3]
    made = {check["check"]: check["verdict"] for check in told["assets"][0]["checks"]}
    assert made["series-drift"] != "not_checked", "the series is that of the pictures that could be read"
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "could not be checked" in page and page.count("data:image/jpeg") == 8


def test_the_only_picture_raises_with_the_way_out(tmp_path, brand, poisoned):
    with pytest.raises(UnfinishedError, match=r"0\.png: could not be checked") as caught:
        check_files([heap(tmp_path, ABORTS) / "0.png"], brand)
    assert caught.value.exit_code == 3 and caught.value.hint


def test_a_machine_that_starts_no_helper_says_so_of_every_picture(tmp_path, brand, monkeypatch):
    monkeypatch.setattr(sys, "executable", os.devnull + "/python")
    result = check_files([heap(tmp_path, HEALTHY, HEALTHY + 1)], brand)
    assert all(asset.unread and "helper process cannot be started" in asset.checks[0].reason for asset in result.assets)


def test_the_next_picture_is_read_while_one_is_checked_and_none_further(tmp_path, monkeypatch):
    read, second = [], threading.Event()

    def noted(path):
        read.append(path.name)
        if path.name == "1.png":
            second.set()
        return load_picture(path)

    monkeypatch.setattr("brandkit.check.ahead.load_apart", noted)
    folder = heap(tmp_path, 10, 11, 12, 13)
    coming = read_ahead([folder / f"{number}.png" for number in range(4)])
    assert next(coming).width == 10
    assert second.wait(30) and read == ["0.png", "1.png"]
    assert [picture.width for picture in coming] == [11, 12, 13]
    assert list(read_ahead([])) == []


@pytest.mark.parametrize("width", [ABORTS, CRASHES])
def test_a_poisonous_example_is_named_and_all_others_count(tmp_path, brand, poisoned, width):
    outcome = calibrate(brand, [heap(tmp_path, HEALTHY, width, HEALTHY + 1)], alpha=0.4)
    (lost,) = outcome.calibration.excluded
    assert outcome.unread and lost.file.endswith("1.png") and SAYS[width] in lost.reason
    assert [example.file[-5:] for example in outcome.calibration.examples] == ["0.png", "2.png"]


def test_what_is_no_picture_is_left_out_and_nothing_is_unfinished(tmp_path, brand):
    folder = heap(tmp_path, HEALTHY, HEALTHY + 1)
    (folder / "9.png").write_bytes(b"no picture")
    outcome = calibrate(brand, [folder], alpha=0.4)
    assert not outcome.unread and [lost.file[-5:] for lost in outcome.calibration.excluded] == ["9.png"]


def test_calibrating_on_a_poisonous_example_writes_what_the_others_say_and_ends_with_3(tmp_path, poisoned, capsys, monkeypatch):
    folder, kept = tmp_path / "approved", tmp_path / "later.json"
    folder.mkdir()
    heap(folder, HEALTHY, KILLS, HEALTHY + 1)
    monkeypatch.setattr(sys, "argv", ["brandkit", "calibrate", str(HALFPAST), str(folder), "--alpha", "0.4", "--out", str(kept)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 3 and "left out: approved/1.png: 1.png: could not be checked" in capsys.readouterr().out
    assert [example["file"] for example in json.loads(kept.read_text())["examples"]] == ["approved/0.png", "approved/2.png"]
