"""What counts as the same brandkit: its code, its data and its libraries."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from brandkit import edition as room


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small tree that stands for the package."""
    (tmp_path / "deeper").mkdir()
    (tmp_path / "edition.py").write_text("code")
    (tmp_path / "deeper" / "page.typ").write_text("layout")
    monkeypatch.setattr(room, "__file__", str(tmp_path / "edition.py"))
    return tmp_path


def test_it_is_the_same_on_every_call_and_in_every_place(
    copied: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = room.edition.__wrapped__()
    assert first == room.edition.__wrapped__() and len(first) == 64
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "brandkit"
    shutil.copytree(copied, elsewhere)
    (elsewhere / "__pycache__").mkdir()
    (elsewhere / "__pycache__" / "edition.cpython-311.pyc").write_bytes(b"compiled at another time")
    monkeypatch.setattr(room, "__file__", str(elsewhere / "edition.py"))
    assert room.edition.__wrapped__() == first


@pytest.mark.parametrize("change", ["code", "layout", "a file more", "a file less", "moved", "a library", "the version"])
def test_any_change_makes_another(copied: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    first = room.edition.__wrapped__()
    {
        "code": lambda: (copied / "edition.py").write_text("code\n"),
        "layout": lambda: (copied / "deeper" / "page.typ").write_text("layouT"),
        "a file more": lambda: (copied / "more.toml").write_text(""),
        "a file less": lambda: (copied / "deeper" / "page.typ").unlink(),
        "moved": lambda: (copied / "deeper" / "page.typ").rename(copied / "page.typ"),
        "a library": lambda: monkeypatch.setattr(room, "version", lambda name: "0.0.1"),
        "the version": lambda: monkeypatch.setattr(room, "__version__", "99"),
    }[change]()
    assert room.edition.__wrapped__() != first


def test_the_libraries_that_make_pixels_and_numbers_count_and_tools_do_not() -> None:
    names = {line.split()[0] for line in room._libraries()}
    assert {"numpy", "opencv-python-headless", "pillow", "typst"} <= names
    assert not {"pytest", "mypy", "ruff", "scikit-image", "brandkit"} & names
