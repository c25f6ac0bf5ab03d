"""`brandkit lint`: everything that is wrong or weak in a kit, with its place and a remedy, and the mending of what needs no decision."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from brandkit.errors import InputError

if TYPE_CHECKING:
    from brandkit.brand.finding import LintReport
    from brandkit.brand.kit import Surroundings


class LintFormat(StrEnum):
    """What `lint` prints."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


Ids = Annotated[list[str] | None, typer.Option("--select", metavar="ID", help="Only this rule; may be repeated.")]
NotIds = Annotated[list[str] | None, typer.Option("--ignore", metavar="ID", help="Not this rule; may be repeated.")]


def lint_command(
    brand: Annotated[Path, typer.Argument(metavar="BRAND", help="Folder of the brand, its brand.yaml, or a zip file with both.")],
    fix: Annotated[bool, typer.Option("--fix", help="Mend what needs no decision in the brand file, show the change, lint again.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what --fix would change, and change nothing.")] = False,
    select: Ids = None,
    ignore: NotIds = None,
    format: Annotated[LintFormat, typer.Option("--format", help="What to print on stdout; sarif is for code hosts.")] = LintFormat.TEXT,
) -> None:
    """Check a brand's files, colours, marks, type and words; exit 2 on errors, 0 when there is at most advice.

    Every finding names its rule; `brandkit rules ID` explains one. To live with a finding, name it in the brand file with a reason:
    `lint: {ignore: [{rule: ID, why: …}]}`.
    """
    from brandkit.brand.archive import unpacked
    from brandkit.brand.lint import lint_brand

    chosen = {"select": select or (), "ignore": ignore or ()}
    with unpacked(brand) as folder:
        report = _mend(folder, brand, diff, chosen) if fix or diff else lint_brand(folder, surroundings(), **chosen)
    if diff and report.readable:
        raise typer.Exit(0)
    typer.echo(_without(_words(report, format), folder, brand), nl=False)
    raise typer.Exit(report.exit_code)


def _mend(folder: Path, brand: Path, diff: bool, chosen: Mapping[str, Sequence[str]]) -> LintReport:
    """Mend the kit (or with `diff` only say how), show the change, and return what is left to find."""
    from brandkit.brand.fix import fix_brand

    if folder != brand and not diff:
        raise InputError(f"{brand} is a zip file, which is never written to", hint="unpack it first: `brandkit unpack`")
    fixed = fix_brand(folder, surroundings(), write=not diff, **chosen)
    typer.echo(_without(fixed.diff, folder, brand), nl=False, err=not diff)
    return fixed.report


def _without(text: str, folder: Path, brand: Path) -> str:
    """`text` without the folder that a zip file was unpacked to."""
    return text if folder == brand else text.replace(f"{folder.parent}/", "")


def _words(report: LintReport, format: LintFormat) -> str:
    from brandkit.brand.sarif import to_sarif

    if format is LintFormat.TEXT:
        return report.to_text()
    data = to_sarif(report) if format is LintFormat.SARIF else report.to_json()
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def surroundings() -> Surroundings:
    """The checks and placements that come with brandkit."""
    from brandkit.brand.kit import Surroundings
    from brandkit.check.registry import load_checks
    from brandkit.layout.formats import load_formats

    formats = {name: (format.width, format.height) for name, format in load_formats().items()}
    return Surroundings({check.id: check for check in load_checks()}, formats)
