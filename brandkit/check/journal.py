"""The results of a check that is under way, one line for each finished picture, so that the same check goes on where it was stopped."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from brandkit.brand.resolve import Brand
from brandkit.check.registry import load_checks
from brandkit.edition import edition
from brandkit.files import make_folder, sha256, sha256_file, sync
from brandkit.metric.ocr import readers_of
from brandkit.results import AssetResult, RunResult

BROKE, HALTED = "the check broke on this picture", "it could not be finished here"  # begin reasons that may not hold the next time
FORGOTTEN = 30  # days after which a stopped check that nobody went on with is cleared away
Found = Callable[[int, int], None]  # told how many pictures were checked before, and of how many


class Journal:
    """What a check of many pictures has done so far.

    A line holds one result and a digest. Its file's name is a hash over all that bears on every picture (`journal_key`), and a line
    counts only for the path and the content that it was written for: with another kit, option or brandkit nothing is found.
    A file that cannot be written costs the resumption, never the check.
    """

    def __init__(self, folder: Path | None, *, own: bool = True, on_found: Found | None = None) -> None:
        self.folder = folder
        """Where it is kept; None: nowhere."""
        self.own = own
        """Whether no other check keeps its results in the same folder, so that all in it may go when this one ends."""
        self.kept = 0
        """Pictures whose results stand in it."""
        self.total = 0
        """Pictures of the check."""
        self.trouble = "" if folder else "there is no folder for it"
        """Why nothing more is kept; "" while all is well."""
        self._on_found = on_found
        self._key = ""
        self._kit: dict[Path, tuple[int, int] | None] = {}

    def begin(self, key: str, files: Sequence[Path], ids: Sequence[str], *, kit: Iterable[Path] = ()) -> dict[int, AssetResult]:
        """The results of pictures that were checked before, by their index in `files`.

        Args:
            key: From `journal_key`.
            files: Pictures of this check.
            ids: Their ids in the result.
            kit: Files of the kit, which are read when they are first needed; once one is edited, nothing more is kept.
        """
        self._key, self.total = key, len(files)
        self._kit = {path: _stamp(path) for path in kit}
        if not self.folder or self.total < 2:
            return {}
        self._clear(path for path in self.folder.glob("*.jsonl") if path != self.path and _is_forgotten(path))
        before = self._lines()
        found = {index: _taken(before[str(path)], path, ids[index]) for index, path in enumerate(files) if str(path) in before}
        results = {index: result for index, result in found.items() if result is not None}
        self.kept = len(results)
        if results and self._on_found:
            self._on_found(self.kept, self.total)
        return results

    def keep(self, result: AssetResult) -> AssetResult:
        """Put a result on disk, unless something made it that may pass; the result as it would be read again."""
        if not self.folder or self.trouble or self.total < 2 or may_pass(result):
            return result
        if edited := next((path for path, stamp in self._kit.items() if _stamp(path) != stamp), None):
            self.trouble = f"{edited} was edited meanwhile"
            return result
        text = json.dumps(result.model_dump(mode="json"))
        try:
            self._append(f"\n{self._digest(text)} {text}\n".encode())  # after a torn line, too, it stands on its own
        except OSError as error:
            self.trouble = f"{self.path}: {error.strerror or error}"
            return result
        self.kept += 1
        return AssetResult.model_validate(json.loads(text))

    def end(self, result: RunResult) -> None:
        """Forget it all, because the document `result` made of it is written; not where a picture could not be read: try that one again."""
        if not self.folder or self.total < 2 or any(asset.unread for asset in result.assets):
            return
        self._clear(self.folder.glob("*.jsonl") if self.own else [self.path])
        if self.own:
            with contextlib.suppress(OSError):  # something else stands in it
                self.folder.rmdir()

    @property
    def path(self) -> Path:
        """Its file."""
        return (self.folder or Path()) / f"{self._key[:32]}.jsonl"

    def _digest(self, text: str) -> str:
        return sha256(f"{self._key}\n{text}".encode())

    def _append(self, line: bytes) -> None:
        new = not self.path.exists()
        if new:
            make_folder(self.path.parent)
        with open(self.path, "ab", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        if new:
            sync(self.path.parent)

    def _lines(self) -> dict[str, dict[str, Any]]:
        """Path to the last whole result that stands in the file for it."""
        try:
            lines = self.path.read_bytes().split(b"\n")
        except OSError:
            return {}
        found: dict[str, dict[str, Any]] = {}
        for line in lines:
            digest, _, text = line.decode(errors="replace").partition(" ")
            if digest and digest == self._digest(text):
                entry = json.loads(text)
                found[entry["file"]] = entry
        return found

    @staticmethod
    def _clear(paths: Iterable[Path]) -> None:
        with contextlib.suppress(OSError):  # what stays is never believed wrongly
            for path in paths:
                path.unlink(missing_ok=True)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size


def _is_forgotten(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > FORGOTTEN * 86400


def _taken(entry: dict[str, Any], path: Path, asset_id: str) -> AssetResult | None:
    """The result that was kept for a picture; None where it has another content now."""
    try:
        same = sha256_file(path) == entry["sha256"]
    except OSError:
        return None
    return AssetResult.model_validate(entry | {"id": asset_id}) if same else None


def may_pass(result: AssetResult) -> bool:
    """Whether the next time something else may come out: the picture could not be read, or a check broke or could not be finished."""
    return result.width == 0 or any(word in check.reason for check in result.checks for word in (BROKE, HALTED))


def journal_key(brand: Brand, **told: Any) -> str:
    """SHA-256 over all that bears on the result of every picture of a check, but for the picture.

    Args:
        brand: The kit; its values, the places they were written at, and the content of all its files count, and its calibration.
        told: What else `check_files` was told: copy, brief, checks left out, whether a mark is a must.
    """
    places = sorted((repr(loc), str(position.file), str(position)) for loc, position in brand.positions.items())
    parts = {
        "edition": edition(),
        "checks": {check.id: check.version for check in load_checks()},
        "kit": [str(brand.file), brand.kit_hash, brand.document.model_dump(mode="json"), places],
        "calibration": brand.calibration.digest if brand.calibration else "",
        "readers": readers_of(["Latin", *(told.get("copy") or {}).values()]),
        "told": told,
    }
    return sha256(json.dumps(parts, sort_keys=True, default=_plain).encode())


def _plain(value: object) -> object:
    return dataclasses.asdict(value) if dataclasses.is_dataclass(value) and not isinstance(value, type) else repr(value)
