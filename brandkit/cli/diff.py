"""`brandkit diff`: what changed between two kits, and whether the gate lets more pass than before."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from brandkit.cli.options import on_terminal, terminal_width


class DiffFormat(StrEnum):
    """What `brandkit diff` prints."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def diff_command(
    before: Annotated[Path, typer.Argument(metavar="A", help="Kit before: a brand's folder or file, or a saved kit (.json).")],
    after: Annotated[Path, typer.Argument(metavar="B", help="Kit after, given like A.")],
    format: Annotated[DiffFormat, typer.Option("--format", help="What to print on stdout.")] = DiffFormat.TEXT,
) -> None:
    """Compare two kits by meaning; exit 1 on a regression.

    A regression is a pair that lost its contrast, a colour that moved by more than its tolerance, a rule that lets more pass, or a mark,
    font, colour or disclaimer that is gone or drawn differently. Each change names the checks whose verdicts it can move.
    `brandkit explain BRAND --format json > kit.json` saves a kit to compare with later.
    """
    from brandkit.check.compare.kits import compare_kits, open_kit
    from brandkit.check.compare.show import comparison_json, comparison_markdown, comparison_text

    comparison = compare_kits(open_kit(before), open_kit(after))
    if format is DiffFormat.TEXT:
        text = comparison_text(comparison, width=terminal_width(), color=on_terminal())
    else:
        text = comparison_json(comparison) if format is DiffFormat.JSON else comparison_markdown(comparison)
    typer.echo(text, nl=False)
    raise typer.Exit(comparison.exit_code)
