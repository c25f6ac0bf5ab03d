"""A brand folder in, a resolved `Brand` out, or every fault at once with its place and what to write instead."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from brandkit.brand.calibration import read_calibration
from brandkit.brand.inherit import KIT_FILE, join, read_chain
from brandkit.brand.model import BrandDocument
from brandkit.brand.reading import read_source
from brandkit.brand.references import find_files, name_faults
from brandkit.brand.resolve import Brand, Loc, plain_values
from brandkit.brand.source import Source
from brandkit.brand.wording import faults_of
from brandkit.errors import BrandFileError, Fault
from brandkit.files import StrPath, sha256, sha256_file

BRAND_FILE = KIT_FILE
MAX_FAULTS = 100  # faults of one file that are shown; more help nobody
MAX_NAMED_BYTES = 250_000_000  # bytes of one file named by a kit; hashing it takes about a quarter of a second
MAX_FOLDER_FILES = 500  # files in a templates folder

Shape = TypeVar("Shape", bound=BaseModel)


def load_brand(path: StrPath) -> Brand:
    """Read the brand at `path`, join it with what it extends, and check it.

    Args:
        path: The brand's folder, or its file.

    Raises:
        BrandFileError: With every fault of the file and its parents, as `file:line:col: key.path: message`.
        InputError: The `calibration.json` beside it is damaged.
    """
    return load_with_source(Path(path))[0]


def load_with_source(path: Path) -> tuple[Brand, Source]:
    """The brand at `path` and its joined source, which can place further faults.

    Raises:
        BrandFileError: As `load_brand`.
    """
    chain, faults = read_chain(brand_file(path), brand_file)
    joined, trespasses = join(chain)
    document, wrong = shape(joined, BrandDocument)
    paths, missing = find_files(joined)
    faults = [*faults, *trespasses, *wrong, *name_faults(joined), *missing]
    if faults or document is None:
        raise BrandFileError(_without_repeats(faults))
    kit_hash = content_hash(plain_values(document, defaults=False), paths, joined)
    file = joined.file.resolve()
    return Brand(document, file, joined.values, kit_hash, paths, read_calibration(file.parent)), joined


def brand_file(path: Path) -> Path:
    """The file of the brand at `path`, which may be a folder or the file itself."""
    if path.suffix.lower() == ".zip" and path.is_file():
        hint = f"unpack it first: brandkit unpack {path} DIR"
        raise BrandFileError([Fault(str(path), 0, 0, "", "is a zip file, not a brand", hint=hint)])
    return document_file(path, BRAND_FILE)


def document_file(path: Path, name: str) -> Path:
    """`path` itself, or the file `name` in it when it is a folder."""
    try:
        folder = path.is_dir()
    except (OSError, ValueError):
        folder = False
    return path / name if folder else path


def read_document(path: Path, model: type[Shape]) -> tuple[Source, Shape | None, list[Fault]]:
    """Read one YAML file and check its shape.

    Returns:
        The plain tree with its places, the document (None when the shape is wrong), and the faults of the shape.

    Raises:
        BrandFileError: The file cannot be read as YAML at all.
    """
    source = read_source(path)
    return source, *shape(source, model)


def shape(source: Source, model: type[Shape]) -> tuple[Shape | None, list[Fault]]:
    """The document that `source` holds, or the faults of its shape.

    Values pass through JSON, where pydantic's strict mode takes lists for tuples but never text for numbers.
    """
    try:
        return model.model_validate_json(json.dumps(source.tree), strict=True), []
    except ValidationError as error:
        errors = error.errors(include_url=False)[:MAX_FAULTS]
        return None, faults_of(source, errors, model)


def content_hash(values: Mapping[str, Any], paths: Mapping[Loc, Path], source: Source) -> str:
    """SHA-256 over the canonical JSON of `values` and the content of every named file.

    Raises:
        BrandFileError: A named file cannot be read or is too large.
    """
    parts = [json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))]
    faults = []
    for loc, path in sorted(paths.items(), key=lambda entry: str(entry[0])):
        try:
            parts.append(f"{loc}:{path_hash(path)}")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            faults.append(source.fault(loc, f"{path.name} cannot be read: {reason}", "check its permissions and its size"))
    if faults:
        raise BrandFileError(faults)
    return sha256("\n".join(parts).encode())


def path_hash(path: Path) -> str:
    """SHA-256 of a file's content, or of the names and contents of all files in a folder.

    Raises:
        OSError: It cannot be read.
        ValueError: It is too large, or holds too many files.
    """
    return _folder_hash(path) if path.is_dir() else _file_hash(path)


def _file_hash(path: Path) -> str:
    if path.stat().st_size > MAX_NAMED_BYTES:
        raise ValueError(f"it is larger than {MAX_NAMED_BYTES // 1_000_000} MB")
    return sha256_file(path)


def _folder_hash(folder: Path) -> str:
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    if len(files) > MAX_FOLDER_FILES:
        raise ValueError(f"it holds more than {MAX_FOLDER_FILES} files")
    return sha256("\n".join(f"{file.relative_to(folder).as_posix()}:{_file_hash(file)}" for file in files).encode())


def _without_repeats(faults: Iterable[Fault]) -> list[Fault]:
    """Each place once: a name that is missing and one that is unknown need not both be told."""
    seen: dict[tuple[str, int, int, str], Fault] = {}
    for fault in faults:
        seen.setdefault((fault.file, fault.line, fault.column, fault.path), fault)
    return list(seen.values())[:MAX_FAULTS]
