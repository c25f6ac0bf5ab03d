"""How a gate ends: the result on stdout, and what it says as the exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from brandkit.cli.options import Gate, ReportFormat

if TYPE_CHECKING:
    from brandkit.results import RunResult


def show_result(result: RunResult, format: ReportFormat, fail_on: Gate, *, root: Path | None = None) -> None:
    """Print the result document in the wanted format.

    Args:
        result: What was made, measured and judged.
        format: How to print it.
        fail_on: What makes the gate fail; JUnit shows what it lets through as skipped.
        root: Folder that the assets' file names are relative to.
    """
    from brandkit.report import render

    typer.echo(render(result, format.value, root=root, accept_review=fail_on is Gate.FAIL), nl=False)


def end(result: RunResult, fail_on: Gate) -> NoReturn:
    """Leave with the result's exit code."""
    raise typer.Exit(result.exit_code(accept_review=fail_on is Gate.FAIL))


class Stopped(BaseException):
    """SIGINT or SIGTERM. No KeyboardInterrupt, which the command-line library would turn into a bare "Aborted"."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number
        self.words = "stopped; run the same command again to resume"
        """What is told last; a command that knows more says what is kept."""
