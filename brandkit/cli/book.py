"""`brandkit book`: a kit as a designed book."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def book_command(
    brand: Annotated[Path, typer.Argument(metavar="BRAND", help="Brand folder, or its brand.yaml.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for book.pdf and book.html.")] = Path("out/book"),
) -> None:
    """Make the brand book of BRAND: a paginated PDF and a self-contained HTML page, from the kit alone.

    Sections that the kit says nothing about are left out. The same kit gives the same bytes.
    """
    from brandkit.book import make_book

    book = make_book(brand, out)
    typer.echo(f"{book.pdf}\n{book.html}")
