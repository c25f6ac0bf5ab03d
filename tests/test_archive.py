"""Kits as zip files: sound ones come out whole, hostile ones leave nothing behind."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_cli import brandkit  # noqa: F401  (a fixture)

import brandkit.brand.archive as archives
from brandkit.brand.archive import unpack
from brandkit.brand.load import load_brand
from brandkit.errors import BrandkitError, InputError

BRAND = b"brandkit: 1\nname: Any\nlogo: {marks: {main: {file: logo/main.svg}}}\n"
MARK = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path d="M0 0h40v20H0z"/></svg>'
KIT = {"brand.yaml": BRAND, "logo/main.svg": MARK}


def entry(name: str, *, mode: int = 0, method: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x")
    info.filename = info.orig_filename = name
    info.external_attr = mode << 16
    info.compress_type = method
    return info


def zipped(*entries: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for info, data in [*KIT.items(), *entries]:
            file.writestr(info, data)
    return stream.getvalue()


def tree(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("wrapper", ["", "house/"])
def test_a_kit_comes_out_as_it_went_in(tmp_path: Path, brandkit, wrapper: str) -> None:  # noqa: F811
    with zipfile.ZipFile(tmp_path / "kit.zip", "w") as file:
        file.mkdir("empty") if not wrapper else None
        for name, data in KIT.items():
            file.writestr(wrapper + name, data)
        file.writestr("__MACOSX/._brand.yaml", b"junk")
        file.writestr(f"{wrapper}logo/.DS_Store", b"junk")
        file.writestr(entry(f"{wrapper}run.sh", mode=stat.S_IFREG | 0o777), b"#!/bin/sh\n")
    code, out, err = brandkit("unpack", tmp_path / "kit.zip", tmp_path / "kit")
    assert (code, err) == (0, "")
    assert f"{tmp_path / 'kit'}: 3 files" in out and "next: brandkit lint" in out
    assert tree(tmp_path / "kit") == KIT | {"run.sh": b"#!/bin/sh\n"}
    assert not (tmp_path / "kit/run.sh").stat().st_mode & 0o111, "nothing that was unpacked can be run"
    assert load_brand(tmp_path / "kit").name == "Any"
    assert {path.name for path in tmp_path.iterdir()} == {"kit", "kit.zip"}


def test_several_kits_that_extend_one_another_travel_together(tmp_path: Path) -> None:
    season = b"brandkit: 1\nname: Season\nextends: ../house\n"
    with zipfile.ZipFile(tmp_path / "kit.zip", "w") as file:
        for name, data in {**{f"house/{name}": data for name, data in KIT.items()}, "season/brand.yaml": season}.items():
            file.writestr(name, data)
    unpack(tmp_path / "kit.zip", tmp_path / "kits")
    assert load_brand(tmp_path / "kits/season").mark_path("main").name == "main.svg"


HOSTILE = {
    "a name that climbs": ([(entry("../evil.txt"), b"x")], "'../evil.txt' leads out"),
    "a name that climbs from inside": ([(entry("logo/../../evil.txt"), b"x")], "leads out"),
    "an absolute name": ([(entry("/tmp/evil.txt"), b"x")], "is not named by a relative path"),
    "a drive": ([(entry("C:evil.txt"), b"x")], "is not named by a relative path"),
    "a backslash": ([(entry("logo\\..\\evil.txt"), b"x")], "is not named by a relative path"),
    "an empty part": ([(entry("logo//evil.txt"), b"x")], "leads out of its folder, or holds an empty part"),
    "a name that turns around": ([(entry("logo/\u202egnp.svg"), b"x")], "control character"),
    "a name for a device": ([(entry("logo/con.svg"), b"x")], "not every system can store"),
    "a long name": ([(entry("a/" * 300 + "b"), b"x")], "more than 400 characters"),
    "a link": ([(entry("logo/link.svg", mode=stat.S_IFLNK | 0o777), b"/etc/passwd")], "is a symbolic link"),
    "a link that is a folder": ([(entry("link", mode=stat.S_IFLNK | 0o777), b"/etc"), ("link/passwd", b"x")], "is a symbolic link"),
    "a device": ([(entry("logo/null", mode=stat.S_IFCHR | 0o666), b"")], "is no plain file"),
    "another case": ([("Brand.yaml", b"x")], "collides with 'brand.yaml'"),
    "another case of a folder": ([("LOGO/other.svg", b"x")], "collides with 'logo'"),
    "another form of a letter": ([("n\u00e9.txt", b"x"), ("ne\u0301.txt", b"x")], "collides with"),
    "a file that is a folder": ([("logo/main.svg/x", b"x")], "collides with 'logo/main.svg'"),
    "an archive": ([("more.zip", b"x")], "archive inside"),
    "an archive by content": ([("more.png", zipped())], "archive inside"),
    "a bomb": ([("bomb.png", b"\0" * 3_000_000)], "unfolds to more than 200 times its size"),
    "an odd compression": ([(entry("a.txt", method=zipfile.ZIP_LZMA), b"x")], "unusual way"),
}


@pytest.mark.parametrize(("entries", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_archive_leaves_nothing_behind(tmp_path: Path, brandkit, entries, message: str) -> None:  # noqa: F811
    (tmp_path / "in").mkdir()
    (tmp_path / "in/kit.zip").write_bytes(zipped(*entries))
    code, out, err = brandkit("unpack", tmp_path / "in/kit.zip", tmp_path / "in/kit")
    assert (code, out) == (2, "")
    assert message in err and "hint: " in err and "Traceback" not in err
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "kit.zip"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "kit.zip").write_bytes(zipped(("brand.yaml", b"x")))
    with pytest.raises(InputError, match="collides with"):
        unpack(tmp_path / "kit.zip", tmp_path / "kit")


def test_limits_on_all_entries_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kit.zip").write_bytes(zipped(*((f"{index}.txt", bytes(1000)) for index in range(30))))
    for limit, value, message in (
        ("MAX_ENTRIES", 20, "has 32 entries"),
        ("MAX_TOTAL", 20_000, "unfolds to more"),
        ("MAX_DIRECTORY", 99, "lists"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(archives, limit, value)
            with pytest.raises(InputError, match=message):
                unpack(tmp_path / "kit.zip", tmp_path / "kit")
    assert unpack(tmp_path / "kit.zip", tmp_path / "kit").files == 32


def test_entries_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """A bomb that overlaps: many entries of the list point to one piece of compressed data."""
    stream = io.BytesIO(zipped(("big.txt", bytes(range(256)) * 100)))
    with zipfile.ZipFile(stream) as file:
        info = file.getinfo("big.txt")
    data = stream.getvalue()
    end = data.rfind(b"PK\x05\x06")
    start = struct.unpack_from("<L", data, end + 16)[0]
    listed = data[start:end]
    last = listed[listed.rfind(b"PK\x01\x02") :]
    copies = b"".join(last.replace(b"big.txt", f"b{index:02}.txt".encode()[:7].ljust(7, b"x")) for index in range(40))
    count = 3 + 40
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(listed + copies), start, 0)
    (tmp_path / "kit.zip").write_bytes(data[:start] + listed + copies + tail)
    assert info.compress_size * 40 > len(data)
    with pytest.raises(InputError, match="overlap"):
        unpack(tmp_path / "kit.zip", tmp_path / "kit")


def test_a_folder_that_holds_something_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "kit.zip").write_bytes(zipped())
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit/mine.txt").write_text("mine")
    with pytest.raises(InputError, match="holds something already"):
        unpack(tmp_path / "kit.zip", tmp_path / "kit")
    assert tree(tmp_path / "kit") == {"mine.txt": b"mine"}


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", zipped()[:-30], zipped()[:60] + b"\xff" * 40 + zipped()[100:]])
def test_what_is_no_zip_is_wrong_input(tmp_path: Path, brandkit, data: bytes) -> None:  # noqa: F811
    (tmp_path / "kit.zip").write_bytes(data)
    code, out, err = brandkit("unpack", tmp_path / "kit.zip", tmp_path / "kit")
    assert (code, out) == (2, "")
    assert "kit.zip" in err and "hint: " in err
    assert not (tmp_path / "kit").exists()


def test_a_zip_without_a_kit(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "kit.zip", "w") as file:
        file.writestr("readme.txt", b"x")
    with pytest.raises(InputError, match=r"holds no brand\.yaml"):
        unpack(tmp_path / "kit.zip", tmp_path / "kit")


def test_lint_looks_into_a_zip_and_names_it(tmp_path: Path, brandkit) -> None:  # noqa: F811
    (tmp_path / "kit.zip").write_bytes(zipped())
    code, out, _ = brandkit("lint", tmp_path / "kit.zip")
    assert code == 0 and "kit.zip" in out and "brandkit-" not in out
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as file:
        file.writestr("brand.yaml", b"brandkit: 1\nnam: x\n")
    code, out, _ = brandkit("lint", tmp_path / "bad.zip")
    assert code == 2
    assert out.startswith("bad.zip/brand.yaml:")


def test_other_commands_say_how_to_unpack_it(tmp_path: Path, brandkit) -> None:  # noqa: F811
    (tmp_path / "kit.zip").write_bytes(zipped())
    code, _, err = brandkit("explain", tmp_path / "kit.zip")
    assert code == 2 and "brandkit unpack" in err


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(zipped()) - 1), st.binary(min_size=1, max_size=6))
def test_no_damage_crashes_it_or_leaves_the_folder(tmp_path: Path, place: int, noise: bytes) -> None:
    data = zipped()
    (tmp_path / "kit.zip").write_bytes(data[:place] + noise + data[place + len(noise) :])
    try:
        unpack(tmp_path / "kit.zip", tmp_path / "kit")
    except BrandkitError as error:
        assert error.hint
    names = {path.name for path in tmp_path.iterdir()}
    assert names <= {"kit", "kit.zip"}
    if "kit" in names:
        import shutil

        shutil.rmtree(tmp_path / "kit")
