"""`brandkit checks`: what is measured, in which unit, with which limits, and what each check means."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from brandkit.cli.options import Format, FormatOption


def checks_command(
    check: Annotated[str | None, typer.Argument(metavar="[ID]", help="Explain this check instead of listing all.")] = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """List the checks with their units, limits and levels, or explain one."""
    from brandkit.check.explain import describe, explain, list_checks

    if format is Format.JSON:
        text = json.dumps(describe(check), indent=2, ensure_ascii=False) + "\n"
    else:
        text = list_checks() if check is None else explain(check)
    typer.echo(text, nl=False)
