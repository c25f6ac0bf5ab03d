"""Mends what can be mended without a decision: edits of the brand's own file that keep its comments and its layout."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from brandkit.brand.edit import apply_edits
from brandkit.brand.finding import LintReport
from brandkit.brand.kit import Surroundings
from brandkit.brand.lint import ALONE, lint_brand
from brandkit.brand.load import brand_file
from brandkit.brand.reading import read_text
from brandkit.errors import BrandFileError
from brandkit.files import write_atomic

MAX_PASSES = 10  # each may uncover what the next one mends; three are the most ever seen
MARK = b"\xef\xbb\xbf"  # byte-order mark, kept where the file had one


@dataclass(frozen=True)
class Fixed:
    """What was mended: the file's text before and after, and what is left to find."""

    file: Path
    before: str
    text: str
    report: LintReport

    @property
    def diff(self) -> str:
        """The change as a unified diff; empty where nothing changed."""
        old, new = self.before.splitlines(keepends=True), self.text.splitlines(keepends=True)
        return "".join(difflib.unified_diff(old, new, str(self.file), str(self.file)))


def fix_brand(
    path: Path, surroundings: Surroundings = ALONE, *, write: bool = True, select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> Fixed:
    """Apply the fixes of all findings to the brand's own file, and lint it again until nothing more can be mended.

    Args:
        path: Folder of the brand, or its file.
        surroundings: As for `lint_brand`.
        write: False to change nothing; then `text` is what the first pass would make of the file, and `report` tells of the file as it is.
        select: Ids of the only rules to apply; all when empty.
        ignore: Ids of rules not to apply.

    Raises:
        InputError: An id is unknown.
        OutputError: The file cannot be written; it is as it was.
    """
    file, select, ignore = brand_file(path), tuple(select), tuple(ignore)
    report = lint_brand(path, surroundings, select=select, ignore=ignore)
    try:
        before = text = read_text(file)
    except BrandFileError:
        return Fixed(file, "", "", report)
    for _ in range(MAX_PASSES):
        changed = apply_edits(text, [edit for finding in report.findings for edit in finding.fix], file)
        if changed == text:
            break
        text = changed
        if not write:
            break
        _write(file.resolve(), text)
        report = lint_brand(path, surroundings, select=select, ignore=ignore)
    return Fixed(file, before, text, report)


def _write(file: Path, text: str) -> None:
    """Replace the file's text, and keep its byte-order mark and its permissions."""
    mark = MARK if file.read_bytes().startswith(MARK) else b""
    mode = file.stat().st_mode
    write_atomic(file, mark + text.encode())
    file.chmod(mode)
