"""`brandkit check`: score pictures against a brand, whoever made them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from brandkit.cli.options import FailOn, Gate, Only, ReportFormat, ReportFormatOption, Skip

if TYPE_CHECKING:
    from brandkit.results import RunResult


CopyOption = Annotated[Path | None, typer.Option("--copy", metavar="FILE", help="What every picture should read: `copy: {headline: …}`.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder for run.json and report.html, for `brandkit review DIR`.")
]


def check_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILES...", help="Pictures, or folders to walk.")],
    brand: Annotated[Path, typer.Option("--brand", metavar="DIR", help="Brand folder or file.")],
    report: Annotated[Path | None, typer.Option("--report", metavar="FILE", help="Also write an HTML report here.")] = None,
    out: OutOption = None,
    copy: CopyOption = None,
    logo_required: Annotated[
        bool | None,
        typer.Option(
            "--logo-required/--logo-optional",
            show_default=False,
            help="Whether every picture must carry a mark of the brand; by default as logo.required in brand.yaml says.",
        ),
    ] = None,
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
    """
    from brandkit.brand.load import load_brand
    from brandkit.check.run import check_files
    from brandkit.check.select import left_out
    from brandkit.cli.ending import end, show_result
    from brandkit.cli.progress import Progress
    from brandkit.files import require_place
    from brandkit.prompt.copy_file import load_copy

    for page in _pages(report, out):
        require_place(page)
    texts, brief = load_copy(copy) if copy else (None, None)
    chosen = left_out(only or (), skip or ())
    with Progress() as progress:
        result = check_files(
            files, load_brand(brand), copy=texts, brief=brief, logo_required=logo_required, left_out=chosen, on_file=progress.count
        )
    result = _kept(result, report, out)
    show_result(result, format, fail_on)
    if format is ReportFormat.TEXT and not (report or out):
        _way_on(result)
    end(result, fail_on)


def _way_on(result: RunResult) -> None:
    """On a terminal, where a person reads: what shows the findings on the pictures."""
    if sys.stderr.isatty() and any(asset.verdict.value != "pass" for asset in result.assets):
        typer.echo("\nwith --report report.html: the same, with each finding marked on its picture", err=True)


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
