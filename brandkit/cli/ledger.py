"""`brandkit ledger`: what a run folder has bought."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class LedgerFormat(StrEnum):
    """What `brandkit ledger` prints."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def ledger_command(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="Run folder, the one given to `run` as --out.")],
    format: Annotated[LedgerFormat, typer.Option("--format", help="What to print on stdout.")] = LedgerFormat.TEXT,
    bill: Annotated[
        Path | None,
        typer.Option("--bill", metavar="CSV", help="The provider's bill with the columns request_id and usd: say what differs, exit 1."),
    ] = None,
    settled: Annotated[
        list[str] | None,
        typer.Option("--settle", metavar="ID=USD", help="What a call with a lost answer did cost, 0 if it was not billed. Repeatable."),
    ] = None,
) -> None:
    """Show every call that a run folder paid for or may have paid for, with the estimate beside the cost.

    States: received; received_invalid (paid, no usable picture, kept as it came); refused (terminal); failed (not billed);
    unknown (sent, answer lost: counts at its highest price until it is settled); released (never sent).
    """
    from brandkit.campaign.books import open_books, reconcile, settle, show_books

    for words in settled or ():
        settle(out, *_settled(words))
    books = open_books(out)
    if bill is None:
        typer.echo(show_books(books, format.value), nl=False)
        return
    text, same = reconcile(books, bill)
    typer.echo(text, nl=False)
    raise typer.Exit(0 if same else 1)


def _settled(words: str) -> tuple[int, Decimal]:
    number, _, usd = words.partition("=")
    try:
        cost = Decimal(usd)
        if not number.isdigit() or not cost.is_finite() or cost < 0:
            raise ValueError
        return int(number), cost
    except (ValueError, InvalidOperation):
        raise typer.BadParameter(f"{words!r} is not ID=USD, as in 3=0.0412", param_hint="--settle") from None
