"""`brandkit import` and `brandkit export`: brands from and to the formats of other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from brandkit.cli.options import Format, FormatOption

FORMATS = "dtcg, brand-yml, design-md, adcp, tailwind, tailwind-v3, css, ase, aco, gpl"


def import_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files to read; those of one format are read together.")],
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="Folder of the brand; made if it is missing.")],
    name: Annotated[str, typer.Option("--name", help="Name of the brand, where no file gives one.")] = "",
    only: Annotated[list[str] | None, typer.Option("--only", metavar="PATTERN", help="Colours to take, e.g. 'brand-*'.")] = None,
    context: Annotated[
        list[str] | None, typer.Option("--context", metavar="NAME=VALUE", help="Context of a resolver's modifier, e.g. theme=dark.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse files that break a rule of their format anywhere.")] = False,
    format: FormatOption = Format.TEXT,
) -> None:
    """Make a brand folder from design tokens, palettes and brand files, and say what was taken, guessed and left out.

    Reads DTCG tokens (2025.10 and the older draft) and resolvers, Style Dictionary, Tokens Studio, _brand.yml, DESIGN.md, AdCP
    brand.json, Tailwind themes, CSS custom properties, .ase, .aco and .gpl. A brand.yaml that is there is never changed: what is
    new is added to it as comments.
    """
    from brandkit.brand.exchange.importing import import_files
    from brandkit.cli.exchange_text import contexts_of, show_import

    result = import_files(files, into, name=name, patterns=only or (), contexts=contexts_of(context or ()), strict=strict)
    show_import(result, as_json=format is Format.JSON)


def export_command(
    brand: Annotated[Path, typer.Argument(metavar="BRAND", help="Folder of the brand, or its brand.yaml.")],
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help=f"One of: {FORMATS}.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to write; stdout without it.")] = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """Write a brand in another tool's format; what that format cannot say is told on stderr.

    With --format json, stdout holds the remarks, and --out says where the file goes.
    """
    from brandkit.brand.exchange.exporting import export_brand
    from brandkit.brand.load import load_with_source
    from brandkit.cli.exchange_text import show_export

    show_export(export_brand(*load_with_source(brand), to), out, as_json=format is Format.JSON)
