"""`brandkit lint`: everything that is wrong or weak in a kit, with its place and a remedy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from brandkit.cli.options import Format, FormatOption


def lint_command(
    brand: Annotated[Path, typer.Argument(metavar="BRAND", help="Folder of the brand, its brand.yaml, or a zip file with both.")],
    format: FormatOption = Format.TEXT,
) -> None:
    """Check a brand's files, colours, fonts and marks; exit 2 on errors, 0 when there are at most warnings."""
    from brandkit.brand.archive import unpacked
    from brandkit.brand.lint import lint_brand

    with unpacked(brand) as folder:
        report = lint_brand(folder)
    text = json.dumps(report.to_json(), indent=2, ensure_ascii=False) + "\n" if format is Format.JSON else report.to_text()
    typer.echo(text if folder == brand else text.replace(f"{folder.parent}/", ""), nl=False)
    raise typer.Exit(report.exit_code)
