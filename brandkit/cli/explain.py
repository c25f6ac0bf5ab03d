"""`brandkit explain`: where every value of a kit comes from, and what it overrode."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from brandkit.cli.options import Format, FormatOption, on_terminal, terminal_width


def explain_command(
    brand: Annotated[Path, typer.Argument(metavar="BRAND", help="Folder of the brand, or its brand.yaml.")],
    path: Annotated[
        str | None, typer.Argument(metavar="[PATH]", help="Only what stands under this key, e.g. palette.colors or palette.pairs[0].")
    ] = None,
    defaults: Annotated[bool, typer.Option("--defaults", help="Also list values that nobody wrote.")] = False,
    format: FormatOption = Format.TEXT,
) -> None:
    """Say where each value of a kit comes from, and what it overrode.

    Prints the kit as it is after `extends`: each value with the file:line that won, and under it the values it overrode with theirs.
    `open` behind a value says that a brand which extends this one may change it.
    """
    from brandkit.brand.explain import explanation_text
    from brandkit.brand.origin import explain_brand

    explanation = explain_brand(brand, path, defaults=defaults)
    if format is Format.JSON:
        text = json.dumps(explanation.to_json(), indent=2, ensure_ascii=False) + "\n"
    else:
        text = explanation_text(explanation, width=terminal_width(), color=on_terminal())
    typer.echo(text, nl=False)
