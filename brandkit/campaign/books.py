"""The ledger for people: what was bought, what it cost, and whether the provider's bill says the same."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from brandkit.campaign.ledger import Attempt, Ledger
from brandkit.campaign.show import table
from brandkit.errors import InputError

COLUMNS = ("id", "at", "state", "model", "estimate_usd", "most_usd", "cost_usd", "request_id", "sha256", "fingerprint", "note")
COUNTED = ("received", "received_invalid", "refused", "failed", "unknown")
NOTE = 70  # characters of a note in the table; JSON and CSV hold all of it
SHORT = 12  # digits of a fingerprint, as messages of a run show them
SETTLED = "settled by hand"
TOLERANCE = Decimal("0.000001")  # USD: one token's rounding


@dataclass(frozen=True)
class Books:
    """The attempts of one run folder, oldest first."""

    attempts: tuple[Attempt, ...]

    @property
    def spent(self) -> Decimal:
        return sum((attempt.cost for attempt in self.attempts if attempt.state in COUNTED), Decimal(0))

    @property
    def estimate_error(self) -> Decimal | None:
        """By how many percent the received pictures cost more than estimated; None where nothing was estimated."""
        received = [attempt for attempt in self.attempts if attempt.state == "received" and attempt.likely]
        likely = sum((attempt.likely for attempt in received), Decimal(0))
        return 100 * (sum((attempt.cost for attempt in received), Decimal(0)) / likely - 1) if likely else None


def open_books(out: Path) -> Books:
    """The books of a run folder.

    Raises:
        InputError: There is no record in it.
    """
    with_record = _record(out)
    ledger = Ledger(with_record)
    try:
        return Books(tuple(ledger.attempts()))
    finally:
        ledger.close()


def settle(out: Path, attempt: int, cost: Decimal) -> None:
    """Write down what a call with a lost answer did cost, as the provider's bill says; 0 when it was not billed.

    Raises:
        InputError: There is no such attempt, or its answer was not lost.
    """
    ledger = Ledger(_record(out))
    try:
        found = next((entry for entry in ledger.attempts() if entry.id == attempt), None)
        if found is None or found.state != "unknown":
            state = "there is none" if found is None else f"it is {found.state}"
            lost = [str(entry.id) for entry in ledger.attempts() if entry.state == "unknown"]
            raise InputError(f"attempt {attempt} is not one whose answer was lost: {state}", hint=f"lost: {', '.join(lost) or 'none'}")
        ledger.settle(attempt, cost, f"{found.note}; {SETTLED}".lstrip("; "))
    finally:
        ledger.close()


def show_books(books: Books, format: str) -> str:
    """The attempts as a table with totals (`text`), JSON or CSV."""
    rows = [_row(attempt) for attempt in books.attempts]
    if format == "json":
        document = {"schema_version": "brandkit/ledger@1", "spent_usd": f"{books.spent:.6f}", "attempts": rows}
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if format == "csv":
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return buffer.getvalue()
    cells = [
        (
            f"{entry.id}", entry.at[:19], entry.state, entry.fingerprint[:SHORT], entry.model,
            f"{entry.likely:.6f}", f"{entry.cost:.6f}", _short(entry),
        )
        for entry in books.attempts
    ]  # fmt: skip
    states = Counter(attempt.state for attempt in books.attempts)
    head = ("id", "at (UTC)", "state", "picture", "model", "estimate", "USD", "note")
    lines = [table(head, cells, right=(0, 5, 6))] if cells else []
    error = books.estimate_error
    off = f"; received pictures cost {error:+.1f} % against the estimate" if error is not None else ""
    told = ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "no calls"
    return "".join([*lines, f"{told}; ${books.spent:.4f} spent or possibly spent{off}\n"])


def reconcile(books: Books, bill: Path) -> tuple[str, bool]:
    """Compare the books with a provider's bill.

    Args:
        books: Ours.
        bill: CSV with the columns `request_id` and `usd`, one line for each call.

    Returns:
        What differs, in words, and whether nothing does.

    Raises:
        InputError: The bill cannot be read; the message names the line.
    """
    billed = _bill(bill)
    lost = [attempt for attempt in books.attempts if attempt.state == "unknown" and SETTLED not in attempt.note]
    ours = {attempt.request_id: attempt for attempt in books.attempts if attempt.request_id}
    lines = [f"{request_id}: billed at ${usd:.6f}, not in the books" for request_id, usd in billed.items() if request_id not in ours]
    for request_id, attempt in ours.items():
        if attempt in lost or billed.get(request_id, Decimal(0)) == attempt.cost == 0:
            continue
        if request_id not in billed:
            lines.append(f"{request_id}: attempt {attempt.id} is booked at ${attempt.cost:.6f}, not on the bill")
        elif abs(billed[request_id] - attempt.cost) > TOLERANCE:
            lines.append(f"{request_id}: attempt {attempt.id} is booked at ${attempt.cost:.6f}, billed at ${billed[request_id]:.6f}")
    for entry in lost:
        known = f"{billed.get(entry.request_id, Decimal(0)):.6f}" if entry.request_id else "USD"
        lines.append(f"attempt {entry.id} of {entry.at[:19]}: its answer was lost; settle it with --settle {entry.id}={known}")
    both = len(ours.keys() & billed.keys())
    return "".join(f"{line}\n" for line in lines) + f"{both} calls in both, {len(lines)} to look at\n", not lines


def _short(entry: Attempt) -> str:
    """The note without what other columns say."""
    said = re.sub(rf"^{re.escape(entry.model)}(, request \S+)?: ", "", entry.note)
    return said if len(said) <= NOTE else said[: NOTE - 1].rstrip() + "…"


def _record(out: Path) -> Path:
    path = out / "record.db"
    if not path.is_file():
        raise InputError(f"there is no record in {out}", hint="name the folder of a run, the one given as --out")
    return path


def _row(attempt: Attempt) -> dict[str, str | int]:
    return {
        "id": attempt.id, "at": attempt.at, "state": attempt.state, "model": attempt.model, "estimate_usd": f"{attempt.likely:.6f}",
        "most_usd": f"{attempt.most:.6f}", "cost_usd": f"{attempt.cost:.6f}", "request_id": attempt.request_id, "sha256": attempt.sha256,
        "fingerprint": attempt.fingerprint, "note": attempt.note,
    }  # fmt: skip


def _bill(path: Path) -> dict[str, Decimal]:
    try:
        rows: Sequence[dict[str, str]] = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the bill {path}: {error}", hint="export it as CSV in UTF-8") from error
    bill: dict[str, Decimal] = {}
    for number, row in enumerate(rows, 2):
        try:
            bill[row["request_id"]] = bill.get(row["request_id"], Decimal(0)) + Decimal(row["usd"])
        except (KeyError, InvalidOperation, TypeError):
            raise InputError(f"{path}:{number}: no request_id and usd in {row!r}", hint="the first line must name both columns") from None
    return bill
