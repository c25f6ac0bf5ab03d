"""`brandkit doctor`: whether a paid run would work here."""

from __future__ import annotations

from typing import Annotated

import typer

from brandkit.cli.options import ModelOption


def doctor_command(
    model: ModelOption = None,
    online: Annotated[bool, typer.Option("--online", help="Also ask the server whether it knows the key; free of charge.")] = False,
) -> None:
    """Check key, server address, packages and model, and price one call. Nothing is made and nothing is paid.

    Exit 0 when a run with --backend openai can start, 3 when something is missing. The key itself is never shown.
    """
    from brandkit.generate.doctor import examine

    report = examine(model, online=online)
    typer.echo(report.text, nl=False)
    raise typer.Exit(0 if report.ready else 3)
