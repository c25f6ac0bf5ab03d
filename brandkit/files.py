"""Files, written whole or not at all, named safely, and never outside their root."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import sys
import threading
import unicodedata
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from brandkit.errors import InputError, OutputError

MAX_SLUG = 60  # characters; leaves room for a hash and a suffix in the 255 bytes of a file name


StrPath = str | os.PathLike[str]
"""A path as Python users write it: text, or a `pathlib.Path`."""

_making = threading.Lock()


def as_paths(paths: StrPath | Iterable[StrPath]) -> list[Path]:
    """One path or several as a list: a single text is one path, not a row of letters."""
    return [Path(paths)] if isinstance(paths, str | os.PathLike) else [Path(path) for path in paths]


def sha256(data: bytes) -> str:
    """SHA-256 of `data`, as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_file(path: Path) -> str:
    """SHA-256 of a file's content, as 64 hex digits.

    Raises:
        OSError: It cannot be read, or is a pipe or device, which nobody may ever answer.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_atomic(path: Path, data: bytes | str) -> None:
    """Write `data` so that `path` holds either its old content or all of the new, also after a power cut.

    Args:
        path: Target; missing parent folders are made.
        data: Bytes, or text that is written as UTF-8.

    Raises:
        InputError: A file stands where one of the target's folders would be, or the target is a folder.
        OutputError: The folder is not writable, or the disk is full.
    """
    require_place(path)
    payload = data.encode() if isinstance(data, str) else data
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        make_folder(path.parent)
        with temporary.open("wb") as file:
            file.write(payload)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise OutputError(
            f"cannot write {path}: {error.strerror or error}", hint="check that the folder exists, is writable and has space"
        ) from error


def require_place(path: Path, *, folder: bool = False) -> None:
    """Refuse a path at which nothing can be written; to be asked before long work whose result goes there.

    Args:
        path: Where something is to be written.
        folder: Whether that is a folder rather than a file.

    Raises:
        InputError: A file stands where one of its folders would be, or a folder where the file would be.
        OutputError: The folder that it would be made in is not writable.
    """
    if not folder and path.is_dir():
        raise InputError(f"cannot write {path}: it is a folder", hint="name a file inside it")
    there = next((parent for parent in path.absolute().parents if parent.exists()), None)
    if there is None:
        return
    if not there.is_dir():
        raise InputError(f"cannot write {path}: {there} is a file, not a folder", hint="name a path inside a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise OutputError(f"cannot write {path}: {there} is not writable", hint="choose another folder, or change its permissions")


def make_folder(folder: Path) -> None:
    """Make a folder with its missing parents; each new name is on disk when this returns.

    Raises:
        OSError: It cannot be made.
    """
    with _making:  # nobody may use a folder that another thread has made and not yet synced
        missing = [folder] if not folder.is_dir() else []
        while missing and not missing[-1].parent.is_dir():
            missing.append(missing[-1].parent)
        for new in reversed(missing):
            new.mkdir(exist_ok=True)
            sync(new.parent)


def sync(path: Path) -> None:
    """Wait until a file's content, or the names in a folder, are on disk.

    Raises:
        OSError: They cannot be written.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def contained(root: Path, relative: str) -> Path:
    """Resolve `relative` under `root` and refuse everything that leaves it.

    Args:
        root: An existing folder.
        relative: A path as written in a file: relative, with `/`, without `..`, drives or symbolic links out of `root`.

    Returns:
        The absolute, resolved path; it need not exist.

    Raises:
        InputError: The path is absolute, climbs, holds control characters, or leads outside through a link.
    """
    if not relative or "\x00" in relative or "\\" in relative or relative.startswith(("/", "~")) or re.match(r"^[A-Za-z]:", relative):
        raise InputError(f"{relative!r} is not a relative path", hint="write a path relative to the file that names it, with '/'")
    base = root.resolve()
    target = (base / relative).resolve()
    if not target.is_relative_to(base):
        raise InputError(f"{relative!r} leads outside {root.name or root}", hint="keep every file of the kit inside its folder")
    return target


def slug(text: str) -> str:
    """A safe file name part made of `text`: ASCII letters, digits and single hyphens, never empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_SLUG].strip("-")
    return words or "untitled"


def bring_up_to_date(made: Mapping[Path, str], arguments: Sequence[str], module: str) -> int:
    """Write generated files that differ from what was made now, or with `--check` only name them.

    Args:
        made: Path to text.
        arguments: Of the command line.
        module: What `python -m` makes them with.

    Returns:
        1 where `--check` finds one that differs, else 0.
    """
    stale = [path for path, text in made.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if "--check" in arguments:
            print(f"{path} is out of date; run `python -m {module}`", file=sys.stderr)
        else:
            write_atomic(path, made[path])
    return int("--check" in arguments and bool(stale))
