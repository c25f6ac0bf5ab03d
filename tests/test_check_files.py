"""Checking files from anywhere: folders, broken pictures, brands that say little."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from painting import make_brand, paint

from brandkit.check.run import check_files, check_picture
from brandkit.errors import InputError, PictureError
from brandkit.report import render
from brandkit.results import Verdict

PALETTE = {"palette": {"colors": {"pine": {"value": "#1F4D3A"}}}}


def test_a_folder_is_walked_and_a_broken_picture_fails_with_its_reason(tmp_path: Path) -> None:
    brand = make_brand(PALETTE, tmp_path)
    folder = tmp_path / "assets"
    (folder / "deeper").mkdir(parents=True)
    (folder / "good.png").write_bytes(paint({"size": [64, 64], "paint": [{"fill": "#1F4D3A"}]}, brand))
    (folder / "deeper" / "good.png").write_bytes((folder / "good.png").read_bytes())
    (folder / "broken.png").write_bytes((folder / "good.png").read_bytes()[:60])
    (folder / "notes.txt").write_text("no picture")
    result = check_files([folder, folder / "good.png"], brand)
    assert [asset.id for asset in result.assets] == ["broken", "good", "good-2"]
    broken = result.assets[0]
    assert broken.verdict is Verdict.FAIL and broken.checks[0].findings[0].code == "unreadable"
    assert all("broke on" not in check.reason for asset in result.assets for check in asset.checks)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes among its files")
def test_a_pipe_or_a_link_to_nowhere_among_pictures_is_told_and_waited_for_by_nobody(tmp_path: Path) -> None:
    brand = make_brand(PALETTE, tmp_path)
    folder = tmp_path / "assets"
    folder.mkdir()
    (folder / "good.png").write_bytes(paint({"size": [64, 64], "paint": [{"fill": "#1F4D3A"}]}, brand))
    os.mkfifo(folder / "pipe.png")
    (folder / "link.png").symlink_to("nowhere.png")
    verdicts = {asset.id: asset.verdict for asset in check_files([folder], brand).assets}
    assert verdicts["pipe"] is Verdict.FAIL and verdicts["link"] is Verdict.FAIL and len(verdicts) == 3


def test_the_only_picture_must_be_readable_and_paths_must_exist(tmp_path: Path) -> None:
    brand = make_brand(PALETTE, tmp_path)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(PictureError, match=r"broken\.png"):
        check_files([tmp_path / "broken.png"], brand)
    with pytest.raises(InputError, match="no such file"):
        check_files([tmp_path / "missing.png"], brand)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no picture"):
        check_files([tmp_path / "empty"], brand)


@pytest.mark.parametrize("stroke", [{"fill": "white"}, {"clear": [0, 0, 9, 9], "color": "#FF00FF"}], ids=["white", "transparent"])
@pytest.mark.parametrize("size", [[1, 1], [9, 1], [9, 9]], ids=str)
def test_a_brand_that_says_nothing_and_odd_pictures_are_no_trouble(tmp_path: Path, stroke: dict[str, object], size: list[int]) -> None:
    brand = make_brand({}, tmp_path)
    (tmp_path / "a.png").write_bytes(paint({"size": size, "paint": [stroke]}, brand))
    asset = check_files([tmp_path / "a.png"], brand).assets[0]
    assert asset.verdict is not Verdict.PASS, "what could not be checked is not passed"
    assert all(check.reason and "broke on" not in check.reason for check in asset.checks if check.verdict is Verdict.NOT_CHECKED)


def test_the_same_bytes_give_the_same_numbers_on_any_number_of_cores(tmp_path: Path) -> None:
    import cv2

    brand = make_brand(PALETTE, tmp_path)
    strokes = [{"gradient": ["#1F4D3A", "#E8743B"]}, {"noise": 20}, {"rect": [40, 30, 300, 200], "color": "#1F4D3A"}]
    data = paint({"size": [1200, 800], "paint": strokes, "save": {"type": "jpeg", "quality": 80}}, brand)
    before = cv2.getNumThreads()
    try:
        results = []
        for threads in (1, 2, 5, 1):
            cv2.setNumThreads(threads)
            results.append(check_picture(data, brand, asset_id="any").model_dump_json())
    finally:
        cv2.setNumThreads(before)
    assert len(set(results)) == 1


def test_pictures_of_a_given_folder_are_a_series_and_single_files_are_not(tmp_path: Path) -> None:
    brand, folder = make_brand(PALETTE, tmp_path), tmp_path / "campaign"
    folder.mkdir()
    for index in range(6):
        ground = "#101418" if index == 3 else ("#DAD4C8", "#DCD6CA", "#D8D2C6")[index % 3]
        strokes = [{"fill": ground}, {"rect": [10 + 4 * index, 20, 40, 30], "color": "#1F4D3A"}]
        (folder / f"{index}.png").write_bytes(paint({"size": [96, 72], "paint": strokes}, brand))

    def series(*paths: Path, **options: dict[str, str]) -> list[Verdict]:
        result = check_files(list(paths), brand, **options)
        return [check.verdict for asset in result.assets for check in asset.checks if check.check == "series-drift"]

    assert [verdict is Verdict.PASS for verdict in series(folder)] == [True, True, True, False, True, True]
    assert set(series(*sorted(folder.iterdir()))) == {Verdict.NOT_CHECKED}, "nobody said that these belong together"
    assert set(series(folder, left_out={"series-drift": "not wanted"})) == {Verdict.NOT_CHECKED}


@pytest.mark.parametrize(
    ("stroke", "seen"),
    [
        ({"fill": "#808080"}, False),
        ({"gradient": ["#101010", "#F0F0F0"]}, False),
        ({"rect": [0, 0, 64, 20], "color": "#1F4D3A"}, True),
        ({"clear": [0, 0, 64, 64], "color": "#FF00FF"}, True),  # its checks say already that there is nothing to see
    ],
    ids=["grey", "shading", "swatch", "transparent"],
)
def test_a_picture_in_which_nothing_of_the_brand_was_seen_is_told(tmp_path: Path, stroke: dict[str, object], seen: bool) -> None:
    brand = make_brand({"palette": {"colors": {"pine": {"value": "#1F4D3A"}, "paper": {"value": "#FFFFFF"}}}}, tmp_path)
    (tmp_path / "a.png").write_bytes(paint({"size": [64, 64], "paint": [{"fill": "#FFFFFF"}, stroke]}, brand))
    result = check_files([tmp_path / "a.png"], brand)
    assert result.assets[0].unbranded is not seen
    for format in ("text", "markdown", "html"):
        assert ("othing of the brand was seen" in render(result, format)) is not seen
    skipped = check_files([tmp_path / "a.png"], brand, left_out={"palette-drift": "not asked for"})
    assert not skipped.assets[0].unbranded, "nobody looked"


def test_a_search_that_breaks_on_a_picture_costs_only_the_checks_that_need_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(subject: object) -> None:
        raise RuntimeError("on this picture")

    brand = make_brand(PALETTE, tmp_path)
    data = paint({"size": [96, 72], "paint": [{"fill": "#808080"}]}, brand)
    monkeypatch.setattr("brandkit.check.subject.sight", broken)
    monkeypatch.setattr("brandkit.check.subject.strangeness_here", broken)
    result = check_picture(data, brand, asset_id="any")
    assert not result.unbranded and {check.check: check.verdict for check in result.checks}["palette-intruder"] is Verdict.PASS
    monkeypatch.setattr("brandkit.check.run.is_unbranded", broken)
    assert not check_picture(data, brand, asset_id="any").unbranded
