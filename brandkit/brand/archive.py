"""Kits as zip files, unpacked whole or not at all, and never outside their folder.

Refused: names that climb or collide, links and devices, encrypted or exotic entries, archives inside, and anything that unfolds to more
than a kit could hold. All names and sizes are checked before the first byte is written.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from brandkit.brand.load import BRAND_FILE, MAX_NAMED_BYTES
from brandkit.errors import InputError, OutputError
from brandkit.files import require_place

MAX_ENTRIES = 5_000  # files and folders; real kits have under 200
MAX_TOTAL = 1_000_000_000  # bytes of all files unpacked
MAX_RATIO = 200  # bytes out for each byte in; YAML and SVG reach 20
SMALL = 1_000_000  # bytes that a file may have whatever its ratio
MAX_DIRECTORY = 4_000_000  # bytes of the list of entries, which is read into memory as a whole
MAX_NAME = 400  # characters of a path
CHUNK = 1 << 20
IGNORED = ("__MACOSX/", ".DS_Store", "Thumbs.db")  # what file managers leave behind
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".xz")
_END = struct.Struct("<4s4H2LH")  # "end of central directory": its signature, …, size and place of the list, length of the comment
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Unpacked:
    """What was unpacked."""

    folder: Path
    files: int
    bytes: int


def unpack(archive: Path, folder: Path) -> Unpacked:
    """Unpack the kit in `archive` into `folder`, which must not hold anything yet.

    A single folder around the whole kit is left out, so that `folder` itself holds `brand.yaml`.

    Raises:
        InputError: No zip file, no kit in it, a refused entry (named in the message), or `folder` holds something.
        OutputError: `folder` cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} holds something already", hint="name a folder that does not exist or is empty")
    require_place(folder, folder=True)
    with _opened(archive) as file:
        entries = _checked(file, archive)
        _find_kit(entries, archive)
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name[:60]}.", suffix=".tmp", dir=folder.parent))
        except OSError as error:
            raise OutputError(f"cannot write {folder}: {error.strerror}", hint="choose a writable folder") from error
        try:
            size = sum(_extract(file, info, temporary / name, archive) for name, info in entries.items())
            temporary.chmod(0o755)
            temporary.replace(folder)
        except OSError as error:
            raise OutputError(f"cannot write {folder}: {error.strerror}", hint="check the space on the disk and its permissions") from error
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return Unpacked(folder, len(entries), size)


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The kit's folder: `path` itself, or of a zip file a folder of the same name that is gone afterwards.

    Raises:
        InputError: As `unpack`.
    """
    if not (path.suffix.lower() == ".zip" and path.is_file()):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="brandkit-") as folder:
        yield unpack(path, Path(folder) / path.name).folder


def _refuse(archive: Path, what: str, hint: str, *, entry: str | None = None) -> InputError:
    return InputError(f"{archive}: {f'the entry {entry[:120]!r} ' if entry is not None else ''}{what}", hint=hint)


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    remedy = "make the archive again with the kit's folder in it"
    try:
        _check_end(archive)
        with zipfile.ZipFile(archive) as file:
            yield file
    except OSError as error:
        raise _refuse(archive, f"cannot be read: {error.strerror or error}", "check the path and its permissions") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, RuntimeError) as error:
        raise _refuse(archive, f"is a damaged zip file: {error}", remedy) from None


def _check_end(archive: Path) -> None:
    """Refuse what is no zip, and a list of entries too long to be read."""
    with archive.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _END.size - 0xFFFF - 20))
        tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + _END.size:
        raise _refuse(archive, "is no zip file", "give a .zip, or the kit's folder")
    listed = _END.unpack_from(tail, place)[5]
    if listed > MAX_DIRECTORY or tail[place - 20 : place - 16] == b"PK\x06\x07":
        raise _refuse(archive, "lists more entries than any kit has", f"a kit has at most {MAX_ENTRIES} files")


def _checked(file: zipfile.ZipFile, archive: Path) -> dict[str, zipfile.ZipInfo]:
    """The files by the path that each is written to, after every name and size is found harmless."""
    infos = file.infolist()
    if len(infos) > MAX_ENTRIES:
        raise _refuse(archive, f"has {len(infos)} entries", f"a kit has at most {MAX_ENTRIES} files")
    if sum(info.compress_size for info in infos) > archive.stat().st_size:
        raise _refuse(archive, "has entries that overlap", "make the archive again")
    total = 0
    kept: dict[str, zipfile.ZipInfo] = {}
    seen: dict[str, str] = {}
    for info in infos:
        _check_entry(info, archive)
        total += info.file_size
        if total > MAX_TOTAL:
            raise _refuse(archive, f"unfolds to more than {MAX_TOTAL // 1_000_000} MB", "leave out what does not belong to the kit")
        name = info.filename.rstrip("/")
        _check_collision(name, info, seen, archive)
        if not info.is_dir() and not name.startswith(IGNORED) and PurePosixPath(name).name not in IGNORED:
            kept[name] = info
    return _without_wrapper(kept)


def _check_entry(info: zipfile.ZipInfo, archive: Path) -> None:
    name = info.orig_filename
    mode = info.external_attr >> 16
    if why := _bad_name(name):
        raise _refuse(archive, why, "keep every file of the kit inside its folder, with plain names", entry=name)
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        what = "is a symbolic link" if stat.S_ISLNK(mode) else "is no plain file"
        raise _refuse(archive, what, "put the file itself into the archive", entry=name)
    if info.flag_bits & 0x1:
        raise _refuse(archive, "is encrypted", "make the archive without a password", entry=name)
    if info.compress_type not in METHODS:
        raise _refuse(archive, "is compressed in an unusual way", "make the archive with the usual 'deflate'", entry=name)
    if info.file_size > MAX_NAMED_BYTES:
        raise _refuse(archive, f"is larger than {MAX_NAMED_BYTES // 1_000_000} MB", "leave it out", entry=name)
    if info.file_size > SMALL and info.file_size > MAX_RATIO * max(1, info.compress_size):
        raise _refuse(archive, f"unfolds to more than {MAX_RATIO} times its size", "leave it out", entry=name)
    if name.lower().endswith(ARCHIVES):
        raise _refuse(archive, "is an archive inside the archive", "unpack it, or leave it out", entry=name)


def _bad_name(name: str) -> str:
    """Why a name is refused; empty for a good one."""
    if len(name) > MAX_NAME:
        return f"has a name of more than {MAX_NAME} characters"
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in name):
        return "has a control character in its name"
    if "\\" in name or name.startswith("/") or re.match(r"^[A-Za-z]:", name):
        return "is not named by a relative path with '/'"
    parts = name.rstrip("/").split("/")
    if any(part in ("", ".", "..") for part in parts):
        return "leads out of its folder, or holds an empty part"
    if any(len(part.encode()) > 255 or part != part.rstrip(". ") or _RESERVED.fullmatch(part) for part in parts):
        return "has a name that not every system can store"
    return ""


def _check_collision(name: str, info: zipfile.ZipInfo, seen: dict[str, str], archive: Path) -> None:
    """Refuse two entries for one file, also on disks that do not tell `A` from `a`, and a file that is a folder as well."""
    parts = name.split("/")
    for end in range(1, len(parts) + 1):
        path = "/".join(parts[:end])
        kind = "folder" if end < len(parts) or info.is_dir() else "file"
        key = unicodedata.normalize("NFC", path).casefold()
        known = seen.get(key)
        if known is not None and (kind == "file" or known != f"folder {path}"):
            other = known.partition(" ")[2]
            raise _refuse(archive, f"collides with {other!r}", "give every file a name of its own, whatever the case", entry=info.filename)
        seen[key] = f"{kind} {path}"


def _without_wrapper(entries: dict[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    tops = {name.partition("/")[0] for name in entries}
    top = next(iter(tops)) if len(tops) == 1 else ""
    if f"{top}/{BRAND_FILE}" not in entries:
        return entries
    return {name.removeprefix(f"{top}/"): info for name, info in entries.items()}


def _find_kit(entries: dict[str, zipfile.ZipInfo], archive: Path) -> None:
    if not any(PurePosixPath(name).name == BRAND_FILE for name in entries):
        raise _refuse(archive, f"holds no {BRAND_FILE}", "put the kit's folder into the archive")


def _extract(file: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, archive: Path) -> int:
    """Write one file, with plain permissions, into a folder that nobody else writes to; its size."""
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with file.open(info) as source, target.open("xb") as out:
        while chunk := source.read(CHUNK):
            if not written and chunk.startswith(b"PK\x03\x04"):
                raise _refuse(archive, "is an archive inside the archive", "unpack it, or leave it out", entry=info.filename)
            written += len(chunk)
            if written > info.file_size:
                raise _refuse(archive, "is larger than the archive says", "make the archive again", entry=info.filename)
            out.write(chunk)
    return written
