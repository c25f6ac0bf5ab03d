"""What made a stored result: results of another edition of brandkit, or of the libraries it works with, are never taken for today's."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from brandkit import __version__

NAME = re.compile(r"[\w.-]+")
TOOLS = re.compile(r"extra == ['\"](dev|bench)['\"]")  # requirements that only people who work on brandkit have


@cache
def edition() -> str:
    """SHA-256 over brandkit's version, its code and data, and the versions of its libraries, as 64 hex digits.

    The version alone does not tell two states of a source tree apart, and a library's decoder or text layout moves pixels, too.
    """
    parts = hashlib.sha256(f"{__version__} {_libraries()}".encode())
    root = Path(__file__).parent
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            data = path.read_bytes()
            parts.update(f"{path.relative_to(root).as_posix()} {len(data)}\n".encode() + data)
    return parts.hexdigest()


def _libraries() -> list[str]:
    """`name version` of each library that is there."""
    try:
        wanted = requires("brandkit") or []
    except PackageNotFoundError:  # run from its source without being installed
        wanted = []
    found = []
    for name in sorted({match[0].lower() for line in wanted if not TOOLS.search(line) and (match := NAME.match(line))}):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found
