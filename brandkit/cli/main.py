"""The `brandkit` command: puts the sub-commands together and turns errors into exit codes, in one place."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

from brandkit import __version__
from brandkit.cli.book import book_command
from brandkit.cli.calibrate import calibrate_command
from brandkit.cli.check import check_command
from brandkit.cli.checks import checks_command
from brandkit.cli.compile import compile_command
from brandkit.cli.diff import diff_command
from brandkit.cli.doctor import doctor_command
from brandkit.cli.ending import Stopped
from brandkit.cli.exchange import export_command, import_command
from brandkit.cli.explain import explain_command
from brandkit.cli.formats import formats_command
from brandkit.cli.init import init_command
from brandkit.cli.ledger import ledger_command
from brandkit.cli.lint import lint_command
from brandkit.cli.models import models_command
from brandkit.cli.plan import plan_command
from brandkit.cli.review import report_command, review_command
from brandkit.cli.rules import rules_command
from brandkit.cli.run import run_command
from brandkit.cli.unpack import unpack_command
from brandkit.errors import BrandkitError

DEBUG = "BRANDKIT_DEBUG"  # environment variable: show the whole trace of a fault in brandkit
EPILOG = (
    "Exit codes: 0 on-brand · 1 off-brand, waiting for a person, or a regression · 2 wrong input (usage, brand or campaign file) · "
    "3 could not finish (provider, budget, lock, disk); run the same command again to resume."
)

app = typer.Typer(
    name="brandkit",
    help="Brand kits as files: compile them with a brief into layouts, prompts and finished assets, and gate every asset on drift.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS = (  # name, function, what it does, an example
    (
        "init",
        init_command,
        "Begin a brand's kit from logos, pictures, fonts and tokens.",
        "brandkit init my-brand --from logo.svg --from fonts/",
    ),
    ("lint", lint_command, "Check a kit's files, colours, marks, type and words.", "brandkit lint my-brand --fix"),
    ("explain", explain_command, "Say where each value of a kit comes from.", "brandkit explain my-brand palette.colors"),
    ("diff", diff_command, "Compare two kits by meaning; exit 1 on a regression.", "brandkit diff kit-before.json my-brand"),
    (
        "import",
        import_command,
        "Make a kit from design tokens, palettes and brand files.",
        "brandkit import tokens.json palette.ase --into my-brand",
    ),
    ("export", export_command, "Write a kit in another tool's format.", "brandkit export my-brand --to css --out brand.css"),
    ("unpack", unpack_command, "Unpack a zipped kit, whole or not at all.", "brandkit unpack kit.zip my-brand"),
    (
        "plan",
        plan_command,
        "Show what `run` would make, and what it would cost.",
        "brandkit plan campaign.yaml --backend openai --model auto",
    ),
    ("compile", compile_command, "Print prompts and parameters exactly as they would be sent.", "brandkit compile campaign.yaml --explain"),
    ("run", run_command, "Make every asset of a campaign, check each, report.", "brandkit run campaign.yaml --out out/spring"),
    ("check", check_command, "Check any pictures against a brand.", "brandkit check ads/ --brand my-brand --out out/ads"),
    ("review", review_command, "Let a person decide about assets, on a local page.", "brandkit review out/spring"),
    (
        "report",
        report_command,
        "Print a run or check again, with what was decided since.",
        "brandkit report out/spring --format markdown > comment.md",
    ),
    (
        "calibrate",
        calibrate_command,
        "Fit limits to approved pictures, with their error rates.",
        "brandkit calibrate my-brand approved/ --alpha 0.05 --apply",
    ),
    ("checks", checks_command, "List the checks with units and limits, or explain one.", "brandkit checks palette-drift"),
    ("rules", rules_command, "List the rules for kits, or explain one.", "brandkit rules contrast-low"),
    ("formats", formats_command, "List the placements that campaigns can name.", "brandkit formats"),
    ("models", models_command, "List the image models: sizes, prices, when each ends.", "brandkit models gpt-image-2"),
    ("ledger", ledger_command, "Show every call that was paid or may have been.", "brandkit ledger out/spring"),
    ("doctor", doctor_command, "Check key, server and packages, and price one call.", "brandkit doctor --online"),
    ("book", book_command, "Make the brand book of a kit: PDF and HTML.", "brandkit book my-brand --out out/book"),
)
_GATE = "0 all passed or accepted · 1 something fails or waits for a person"
EXITS = {  # of commands whose help does not say them
    "diff": "0 no regression · 1 a regression",
    "run": f"{_GATE} · 2 wrong input · 3 could not finish; the same command resumes",
    "check": f"{_GATE} · 2 wrong input · 3 a picture could not be read here; the same command resumes",
    "report": f"{_GATE} · 2 wrong input",
}
for _name, _function, _short, _example in COMMANDS:
    _exits = f" — Exit codes: {EXITS[_name]}." if _name in EXITS else ""
    app.command(_name, short_help=_short, epilog=f"Example: {_example}{_exits}")(_function)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"brandkit {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")] = False,
) -> None:
    pass


def _stop(number: int, frame: object) -> None:
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_DFL)  # a second one ends the process at once
    raise Stopped(number)


def main() -> None:
    """Run the command line; a `BrandkitError` becomes one paragraph on stderr and its exit code.

    A signal ends a run gently: calls under way are brought home and booked, and nothing new is begun.
    """
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")  # names of files may hold bytes that are no text
    try:
        app()
    except BrandkitError as error:
        from brandkit.report.words import visible

        typer.echo(visible(f"brandkit: {error}", keep="\n"), err=True)
        sys.exit(error.exit_code)
    except Stopped as stopped:
        typer.echo(f"brandkit: {stopped.words}", err=True)
        sys.exit(stopped.exit_code)
    except BrokenPipeError:
        sys.exit(141)
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        sys.exit(_broken(error))


def _broken(error: Exception) -> int:
    """Tell what nobody foresaw, in words; exit code 3, because Python's own 1 would say that something is off-brand."""
    from brandkit.report.words import visible

    place = traceback.extract_tb(error.__traceback__)[-1]
    words = (
        f"brandkit: this is a fault in brandkit {__version__}: {type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
    )
    hint = f"  hint: what was written before stands; please report it, with what `{DEBUG}=1 brandkit …` prints"
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO)
    if full:
        words, hint = (
            f"brandkit: cannot go on: {error}",
            "  hint: check the space on the disk and its permissions, then run the same command again",
        )
    if isinstance(error, MemoryError):
        words, hint = "brandkit: there is not enough memory", "  hint: end other programs, or give fewer files at a time"
    typer.echo(visible(f"{words}\n{hint}", keep="\n"), err=True)
    return 3
