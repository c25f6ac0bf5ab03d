"""`brandkit review` and `brandkit report`: let people decide about assets, and show what stands after they did."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from brandkit.cli.options import FailOn, Gate, ReportFormat, ReportFormatOption

RunFolder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of `brandkit run --out` or `brandkit check --out`.")]
FilesOption = Annotated[
    Path | None,
    typer.Option(
        "--files",
        metavar="DIR",
        help="Folder that the assets lie in, for pictures checked where they are; by default DIR, else the folder you are in, else the "
        "one that holds them all.",
    ),
]


def _place(out: Path, files: Path | None) -> Path:
    """Folder that the assets lie in: as told, else DIR; where none is in it, the folder of the command, or the one that holds them all."""
    from brandkit.review.standing import read_run

    if files:
        return files
    names = [asset.file for asset in read_run(out).assets]
    if not any(Path(name).is_file() for name in names) or any((out / name).exists() for name in names if not os.path.isabs(name)):
        return out
    folders = [os.path.dirname(os.path.abspath(name)) for name in names]
    return Path() if all(Path(folder).is_relative_to(Path.cwd()) for folder in folders) else Path(os.path.commonpath(folders))


def review_command(
    out: RunFolder,
    listing: Annotated[bool, typer.Option("--list", help="Print what is open and what was decided, and serve nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The same as JSON, for scripts.")] = False,
    files: FilesOption = None,
    brand: Annotated[
        Path | None, typer.Option("--brand", metavar="DIR", help="Kit whose reference pictures can be laid beside each asset.")
    ] = None,
    reviewer: Annotated[str | None, typer.Option("--reviewer", metavar="NAME", help="Who decides; your login name by default.")] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one.")] = 0,
    browser: Annotated[bool, typer.Option("--open", help="Open the page in the default browser.")] = False,
    fail_on: FailOn = Gate.REVIEW,
) -> None:
    """Let a person decide about the assets in DIR, on a page that only this machine can open; Ctrl-C ends it.

    The riskiest asset comes first. On the page: j and k walk, a accepts, r rejects with a reason, u takes back, ? lists all keys.
    With --brand, e lays the kit's style, product and pattern references beside the asset.

    Decisions go to DIR/decisions.jsonl, one line each, at once and for good; a run may be at work in DIR meanwhile. Each one holds for
    exactly the file that was looked at: an acceptance is void as soon as the file, the kit or what was measured is another. Accepting
    what fails takes a written reason; a rejection always does. `run`, `check --out` and `report` count what was accepted as on-brand
    and what was rejected as off-brand.

    --list and --json exit with 0 when nothing is open or rejected, else 1: a gate for scripts.
    """
    from brandkit.cli.review_page import list_decisions, serve_page

    if listing or json:
        raise typer.Exit(list_decisions(out, _place(out, files), as_json=json, accept_review=fail_on is Gate.FAIL))
    serve_page(out, _place(out, files), kit=brand, reviewer=reviewer, port=port, browser=browser)


def report_command(
    out: RunFolder,
    files: FilesOption = None,
    format: ReportFormatOption = ReportFormat.TEXT,
    fail_on: FailOn = Gate.REVIEW,
) -> None:
    """Print what stands in DIR again, with everything that was decided since; measures nothing anew.

    A file that is not, byte for byte, the one that was checked waits for a person. `--format html > DIR/report.html` makes the page anew.
    """
    from brandkit.cli.ending import end, show_result
    from brandkit.review.standing import standing_run

    place = _place(out, files)
    result = standing_run(out, place)
    show_result(result, format, fail_on, root=place)
    end(result, fail_on)
