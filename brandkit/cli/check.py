"""`brandkit check`: score pictures against a brand, whoever made them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from brandkit.cli.options import FailOn, Gate, Only, ReportFormat, ReportFormatOption, Skip

if TYPE_CHECKING:
    from brandkit.check.journal import Journal
    from brandkit.results import RunResult


CopyOption = Annotated[Path | None, typer.Option("--copy", metavar="FILE", help="What every picture should read: `copy: {headline: …}`.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder for run.json and report.html, for `brandkit review DIR`.")
]
RequiredOption = Annotated[
    bool | None,
    typer.Option(
        "--logo-required/--logo-optional",
        show_default=False,
        help="Whether every picture must carry a mark of the brand; by default as logo.required in brand.yaml says.",
    ),
]


def check_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILES...", help="Pictures, or folders to walk.")],
    brand: Annotated[Path, typer.Option("--brand", metavar="DIR", help="Brand folder or file.")],
    report: Annotated[Path | None, typer.Option("--report", metavar="FILE", help="Also write an HTML report here.")] = None,
    out: OutOption = None,
    copy: CopyOption = None,
    logo_required: RequiredOption = None,
    only: Only = None,
    skip: Skip = None,
    fail_on: FailOn = Gate.REVIEW,
    format: ReportFormatOption = ReportFormat.TEXT,
) -> None:
    """Check FILES against a brand. Checks that need a layout or a brief say `not_checked` on pictures made elsewhere.

    --copy names a YAML file with `copy: {headline: Dipped once.}` and perhaps `locale: de` and `topics: [price]`; with it, spelling, words
    that nobody asked for and the brand's tone are checked, too.

    With --only or --skip, the checks left out are `not_checked` too, so an asset whose must checks were left out waits for a person
    (exit 1); `--fail-on fail` lets it through.

    A photograph of a brand's library needs no logo, a finished ad does: with --logo-required, or `logo.required: true` in brand.yaml, a
    picture in which none of the marks can be recognised does not pass.

    A picture that crashes or exhausts its decoder could not be checked; all others are, and the exit code is 3.

    With --out, people can decide about the pictures: `brandkit review DIR`, in the folder that the check was made in (elsewhere with
    --files). The next check with the same --out counts what they accepted as on-brand, as long as picture, kit and readings are the same.

    A check that is stopped (Ctrl-C, a crash) loses nothing: the same command again takes the pictures that were finished and goes on with
    the rest. What it keeps for that lies in DIR/checked, without --out in the user's cache folder, counts only while kit, options, picture
    and brandkit are the same, and is deleted when the check ends.
    """
    from brandkit.brand.load import load_brand
    from brandkit.check.run import check_files
    from brandkit.check.select import left_out
    from brandkit.cli.ending import end, show_result
    from brandkit.cli.progress import Progress
    from brandkit.prompt.copy_file import load_copy

    _require_places(report, out)
    texts, brief = load_copy(copy) if copy else (None, None)
    told: dict[str, Any] = {"copy": texts, "brief": brief, "logo_required": logo_required, "left_out": left_out(only or (), skip or ())}
    kit = load_brand(brand)
    with _resumable(out) as journal:
        with Progress() as progress:
            result = check_files(files, kit, **told, on_file=progress.count, journal=journal)
        result = _kept(result, report, out)
        show_result(result, format, fail_on)
        journal.end(result)
    _way_on(result, shown=format is not ReportFormat.TEXT or bool(report or out))
    end(result, fail_on)


@contextmanager
def _resumable(out: Path | None) -> Iterator[Journal]:
    """Where the check keeps what it has done until all is shown; after a stop, words on what is kept."""
    from brandkit.check.journal import Journal
    from brandkit.cli.ending import Stopped

    def found(kept: int, total: int) -> None:
        typer.echo(f"brandkit: {kept} of {total} {'was' if kept == 1 else 'were'} checked before", err=True)

    journal = Journal(out / "checked" if out else _cache(), own=out is not None, on_found=found)
    try:
        yield journal
    except Stopped as stopped:
        stopped.words = _stopped(journal)
        raise


def _cache() -> Path | None:
    """Where programs keep what they can do without (XDG Base Directory Specification 0.8); None where the user has no such place."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(home) / "brandkit" / "checked" if os.path.isabs(home) else None


def _stopped(journal: Journal) -> str:
    if journal.kept:
        are = "is" if journal.kept == 1 else "are"
        stand = f"stopped; {journal.kept} of {journal.total} pictures {are} checked, and kept in {journal.folder}"
        return f"{stand}; run the same command again to go on with the others"
    return f"stopped; nothing is kept{f': {journal.trouble}' if journal.trouble else ', for no picture was finished'}"


def _way_on(result: RunResult, *, shown: bool) -> None:
    """On a terminal, where a person reads who has no page of the result: what shows the findings on the pictures."""
    if not shown and sys.stderr.isatty() and any(asset.verdict.value != "pass" for asset in result.assets):
        typer.echo("\nwith --report report.html: the same, with each finding marked on its picture", err=True)


def _require_places(report: Path | None, out: Path | None) -> None:
    """Refuse places where nothing can be written, before the work that is to go there, and the folder of a run."""
    from brandkit.errors import InputError
    from brandkit.files import require_place

    if out and (out / "record.db").exists():
        raise InputError(
            f"{out} is the folder of a run, whose result would be lost", hint="name another folder with --out, or use --report"
        )
    for page in _pages(report, out):
        require_place(page)


def _pages(report: Path | None, out: Path | None) -> list[Path]:
    """Where reports are wanted."""
    return [page for page in (report, out / "report.html" if out else None) if page]


def _kept(result: RunResult, report: Path | None, out: Path | None) -> RunResult:
    """The result with what people decided in `out`, written to where it is wanted."""
    from brandkit.files import write_atomic
    from brandkit.report import render
    from brandkit.review.standing import decided

    result = decided(result, out) if out else result
    if out:  # first, because it is what took long, and all pages can be made from it
        write_atomic(out / "run.json", render(result, "json"))
    for page in _pages(report, out):
        write_atomic(page, render(result, "html"))
    return result
