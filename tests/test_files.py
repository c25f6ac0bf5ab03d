"""Files are written whole, named safely, and stay inside their root."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandkit.errors import InputError
from brandkit.files import contained, require_place, sha256, sha256_file, slug, write_atomic


@given(st.text())
def test_a_slug_is_always_a_safe_file_name(text):
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?", slug(text))


@pytest.mark.parametrize("text", ["", "/etc/passwd", "../x", "a/../../x", "~/x", "C:/x", "a\\b", "a\x00b", "link/x"])
def test_paths_that_leave_the_root_are_refused(tmp_path, text):
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    with pytest.raises(InputError):
        contained(root, text)


@pytest.mark.parametrize("text", ["a", "a/b.svg", "a/../b", "./a", "…/ü"])
def test_paths_inside_the_root_are_resolved(tmp_path, text):
    assert contained(tmp_path, text).is_relative_to(tmp_path.resolve())


def test_writing_replaces_whole_files_and_leaves_no_leftovers(tmp_path):
    path = tmp_path / "deep" / "file.txt"
    write_atomic(path, "one")
    write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert [item.name for item in path.parent.iterdir()] == ["file.txt"]
    assert sha256_file(path) == sha256(b"two")


def test_an_unwritable_target_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot write"):
        write_atomic(tmp_path / "file" / "below", b"data")
    for write in (lambda: write_atomic(tmp_path, b"data"), lambda: require_place(tmp_path)):
        with pytest.raises(InputError, match="it is a folder"):
            write()
    require_place(tmp_path, folder=True)


def test_a_file_where_a_folder_would_be_is_wrong_input_and_stays(tmp_path):
    (tmp_path / "file").write_text("kept")
    for place in (tmp_path / "file" / "x", tmp_path / "file" / "deeper" / "x"):
        with pytest.raises(InputError, match="is a file, not a folder"):
            require_place(place)
        with pytest.raises(InputError, match="is a file, not a folder"):
            write_atomic(place, "new")
    assert (tmp_path / "file").read_text() == "kept"
    require_place(tmp_path / "new" / "deeper" / "x")
    assert not (tmp_path / "new").exists(), "asking makes nothing"
