"""The ledger: every call for a picture, written down before it is made, so that money and pictures outlive a crash.

States of an attempt: `reserved` (the budget holds its price) → `sent` (the request may be billed) → `received`,
`received_invalid` (paid, and no usable picture in it), `refused` or `failed`. A crash leaves `reserved`, which is released, or
`sent`, which becomes `unknown`: it counts against the budget at its highest price and is not silently bought again.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from brandkit.campaign.mounts import network_file_system
from brandkit.errors import BudgetExceeded, OutputError
from brandkit.files import make_folder
from brandkit.generate.backend import ImageResponse

SCHEMA_VERSION = 2
MICRO = Decimal(1_000_000)  # money is kept as whole millionths of a dollar: exact sums inside SQL

TABLES = """
CREATE TABLE IF NOT EXISTS attempt (
  id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL, backend TEXT NOT NULL, model TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state IN ('reserved','sent','received','received_invalid','refused','failed','unknown','released')),
  likely_micro INTEGER NOT NULL DEFAULT 0, most_micro INTEGER NOT NULL, cost_micro INTEGER NOT NULL DEFAULT 0,
  sha256 TEXT, media_type TEXT, request_id TEXT, usage TEXT, note TEXT, batch TEXT, at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS batch (mark TEXT PRIMARY KEY, id TEXT, state TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS attempt_by_fingerprint ON attempt (fingerprint, state);
CREATE TABLE IF NOT EXISTS asset (
  id TEXT PRIMARY KEY, key TEXT NOT NULL, result TEXT NOT NULL, at TEXT NOT NULL
);
"""
COLUMNS_1 = "id, fingerprint, backend, model, state, most_micro, cost_micro, sha256, media_type, request_id, usage, note, at"
# SQLite cannot change a CHECK, so the table is made anew; in one transaction, or a crash would lose it.
FROM_1 = f"""
BEGIN IMMEDIATE;
DROP INDEX attempt_by_fingerprint;
ALTER TABLE attempt RENAME TO attempt_1;
{TABLES}
INSERT INTO attempt ({COLUMNS_1}) SELECT {COLUMNS_1} FROM attempt_1;
DROP TABLE attempt_1;
PRAGMA user_version=2;
COMMIT;
"""


@dataclass(frozen=True)
class Received:
    """A picture that was paid for and is in the store."""

    fingerprint: str
    sha256: str
    media_type: str
    cost: Decimal
    request_id: str


@dataclass(frozen=True)
class Attempt:
    """One line of the ledger. Money is US dollars."""

    id: int
    fingerprint: str
    backend: str
    model: str
    state: str
    likely: Decimal
    most: Decimal
    cost: Decimal
    sha256: str
    request_id: str
    note: str
    usage: Mapping[str, Any]
    at: str
    """UTC, ISO 8601, of its last change."""


@dataclass(frozen=True)
class Caps:
    """The most US dollars that may be spent, reserved or possibly spent; None is no cap."""

    budget: Decimal | None = None
    """In this run folder, all runs together."""
    per_day: Decimal | None = None
    """On one day (UTC) in this run folder."""


NO_CAPS = Caps()
SHOWN = "id, fingerprint, backend, model, state, likely_micro, most_micro, cost_micro, sha256, request_id, note, usage, at"
BILLED = "'received','received_invalid','refused','failed','unknown'"


class Ledger:
    """The record of one run folder, in SQLite with every commit synced to disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            make_folder(path.parent)
        except OSError as error:
            raise self._unkept(error) from error
        if kind := network_file_system(path.parent):
            raise OutputError(f"{path.parent} lies on a network file system ({kind})", hint="choose a folder on a local disk with --out")
        with self._reported():
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
            self._open()

    def _open(self) -> None:
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise OutputError(f"{self.path} was written by a newer brandkit (record version {version})", hint="upgrade brandkit")
        if version == 1:
            self._db.executescript(FROM_1)
        self._db.executescript(TABLES)
        self._db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """What SQLite says against the record, as an error of the run."""
        try:
            yield
        except sqlite3.OperationalError as error:  # a full disk, a folder that cannot be written, a lock that is not given
            raise self._unkept(error) from error
        except sqlite3.DatabaseError as error:
            hint = "restore record.db from a backup: without it nobody knows what was paid for; the pictures themselves are in objects/"
            raise OutputError(f"the record {self.path} is damaged: {error}", hint=hint) from error

    def _unkept(self, error: Exception) -> OutputError:
        return OutputError(
            f"cannot keep the record {self.path}: {error}", hint="make room there, or choose a writable local folder with --out"
        )

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self._reported():
            return self._db.execute(query, values).fetchall()

    def _row(self, query: str, values: tuple[Any, ...] = ()) -> tuple[Any, ...] | None:
        return next(iter(self._rows(f"{query} LIMIT 1", values)), None)

    def close(self) -> None:
        self._db.close()

    def recover(self) -> int:
        """After a crash: release what was never sent, mark what may have been billed as unknown; gives the number of unknowns."""
        with self._transaction() as db:
            db.execute("UPDATE attempt SET state='released' WHERE state='reserved'")
            return db.execute("UPDATE attempt SET state='unknown', cost_micro=most_micro WHERE state='sent' AND batch IS NULL").rowcount

    def received(self, fingerprint: str) -> Received | None:
        """The newest received picture for this request, if there is one."""
        query = "SELECT sha256, media_type, cost_micro, request_id FROM attempt WHERE fingerprint=? AND state='received' ORDER BY id DESC"
        row = self._row(query, (fingerprint,))
        return Received(fingerprint, row[0], row[1], Decimal(row[2]) / MICRO, row[3]) if row else None

    def last(self, fingerprint: str) -> Attempt | None:
        """The newest attempt for this request that the provider has, or may have, answered."""
        query = f"SELECT {SHOWN} FROM attempt WHERE fingerprint=? AND state NOT IN ('reserved','failed','released') ORDER BY id DESC"
        row = self._row(query, (fingerprint,))
        return _attempt(row) if row else None

    def is_new(self) -> bool:
        """Whether nothing was ever written into it."""
        return self._row("SELECT 1 FROM attempt") is None and self._row("SELECT 1 FROM asset") is None

    def attempts(self) -> list[Attempt]:
        """Every attempt, oldest first."""
        return [_attempt(row) for row in self._rows(f"SELECT {SHOWN} FROM attempt ORDER BY id")]

    def committed(self, *, since: str = "") -> Decimal:
        """US dollars spent, reserved, or possibly spent; with `since` (an ISO date) only by attempts from then on."""
        return Decimal(self._committed(since)) / MICRO

    def spent(self) -> Decimal:
        """US dollars for answers, usable or not, and for calls whose answer was lost."""
        query = f"SELECT COALESCE(SUM(cost_micro), 0) FROM attempt WHERE state IN ({BILLED})"
        return Decimal(self._rows(query)[0][0]) / MICRO

    def estimated(self) -> Decimal:
        """What the attempts that are now received were expected to cost, in US dollars."""
        query = "SELECT COALESCE(SUM(likely_micro), 0) FROM attempt WHERE state='received'"
        return Decimal(self._rows(query)[0][0]) / MICRO

    def reserve(
        self, fingerprint: str, *, backend: str, model: str, most: Decimal, caps: Caps = NO_CAPS, likely: Decimal = Decimal(0)
    ) -> int:
        """Hold `most` dollars for one attempt and give its id.

        Args:
            fingerprint: Of the request.
            backend: Its id.
            model: Its id.
            most: The most that the call can cost, in US dollars.
            caps: What may be taken in all and today.
            likely: What it probably costs, to be compared with what it did cost.

        Raises:
            BudgetExceeded: Spent, reserved, possibly spent and `most` together pass a cap.
        """
        micro = _micro(most)
        with self._transaction() as db:
            for cap, held, hint in self._held(caps):
                if micro and held + micro > int(cap * MICRO):
                    raise BudgetExceeded(
                        f"the next picture may cost ${most:.4f}; ${Decimal(held) / MICRO:.4f} of the {hint[0]} of ${cap:.2f} is taken",
                        hint=hint[1],
                    )
            cursor = db.execute(
                "INSERT INTO attempt (fingerprint, backend, model, state, likely_micro, most_micro, at) VALUES (?,?,?,'reserved',?,?,?)",
                (fingerprint, backend, model, _micro(likely), micro, _now()),
            )
            return int(cursor.lastrowid or 0)

    def _held(self, caps: Caps) -> Iterator[tuple[Decimal, int, tuple[str, str]]]:
        if caps.budget is not None:
            yield caps.budget, self._committed(""), ("budget", "raise --budget")
        if caps.per_day is not None:
            yield caps.per_day, self._committed(_now()[:10]), ("day's cap", "go on tomorrow (UTC), or raise --budget-per-day")

    def sent(self, attempt: int) -> None:
        """The request is about to leave: from here on it may be billed."""
        self._update(attempt, "sent", {})

    def batched(self, mark: str, attempts: Iterable[int]) -> None:
        """A batch of these attempts is about to be submitted under `mark`: from here on they may be billed."""
        with self._transaction() as db:
            db.execute("INSERT INTO batch (mark, state, at) VALUES (?, 'open', ?)", (mark, _now()))
            db.executemany("UPDATE attempt SET state='sent', batch=?, at=? WHERE id=?", [(mark, _now(), attempt) for attempt in attempts])

    def batch_named(self, mark: str, batch_id: str) -> None:
        """The provider's id of a batch."""
        with self._transaction() as db:
            db.execute("UPDATE batch SET id=? WHERE mark=?", (batch_id, mark))

    def batch_closed(self, mark: str, *, note: str = "") -> None:
        """Every answer of a batch is booked; what it left unanswered was not billed."""
        with self._transaction() as db:
            db.execute("UPDATE attempt SET state='failed', note=?, at=? WHERE batch=? AND state='sent'", (note, _now(), mark))
            db.execute("UPDATE batch SET state='closed', at=? WHERE mark=?", (_now(), mark))

    def batch_lost(self, mark: str, *, note: str) -> None:
        """The answers of a batch that are not booked cannot be had; each stays on the books at its highest price."""
        with self._transaction() as db:
            values = (note[:2000], _now(), mark)
            db.execute("UPDATE attempt SET state='unknown', cost_micro=most_micro, note=?, at=? WHERE batch=? AND state='sent'", values)
            db.execute("UPDATE batch SET state='closed', at=? WHERE mark=?", (_now(), mark))

    def lines_of(self, mark: str) -> list[Attempt]:
        """The attempts that were submitted in one batch."""
        return [_attempt(row) for row in self._rows(f"SELECT {SHOWN} FROM attempt WHERE batch=? ORDER BY id", (mark,))]

    def in_batch(self, attempt: int) -> bool:
        """Whether an attempt is a line of a batch."""
        return self._row("SELECT 1 FROM attempt WHERE id=? AND batch IS NOT NULL", (attempt,)) is not None

    def open_batches(self) -> dict[str, str]:
        """Mark to the provider's id ("" while it is not known) of every batch that is not collected."""
        return {mark: name or "" for mark, name in self._rows("SELECT mark, id FROM batch WHERE state='open' ORDER BY at, mark")}

    def book(self, attempt: int, response: ImageResponse, digest: str) -> None:
        """The answer is on disk under `digest`; book what it cost."""
        values = {
            "cost_micro": _micro(response.cost),
            "sha256": digest,
            "media_type": response.media_type,
            "request_id": response.request_id,
            "usage": json.dumps(dict(response.usage), sort_keys=True),
        }
        self._update(attempt, "received", values)

    def book_invalid(self, attempt: int, *, cost: Decimal, digest: str, note: str, request_id: str = "") -> None:
        """An answer came and was paid for, but holds no usable picture; it is on disk as it came under `digest`."""
        values = {"cost_micro": _micro(cost), "sha256": digest, "note": note[:2000], "request_id": request_id}
        self._update(attempt, "received_invalid", values)

    def settle(self, attempt: int, cost: Decimal, note: str) -> None:
        """Write down what a call with a lost answer did cost after all; it stays lost."""
        self._update(attempt, "unknown", {"cost_micro": _micro(cost), "note": note[:2000]})

    def fail(self, attempt: int, *, note: str, maybe_billed: bool, refused: bool = False, request_id: str = "") -> None:
        """The attempt failed; when it may have been billed it stays on the books at its highest price."""
        state = "refused" if refused else "unknown" if maybe_billed else "failed"
        with self._transaction() as db:
            if maybe_billed:
                db.execute("UPDATE attempt SET cost_micro=most_micro WHERE id=?", (attempt,))
            values = (state, note[:2000], request_id, _now(), attempt)
            db.execute("UPDATE attempt SET state=?, note=?, request_id=?, at=? WHERE id=?", values)

    def asset(self, asset_id: str) -> tuple[str, dict[str, Any]] | None:
        """Key and stored result of an asset."""
        row = self._row("SELECT key, result FROM asset WHERE id=?", (asset_id,))
        return (row[0], json.loads(row[1])) if row else None

    def keep_asset(self, asset_id: str, key: str, result: Mapping[str, Any]) -> None:
        """Store an asset's result under the key of everything it was made from."""
        values = (asset_id, key, json.dumps(result, sort_keys=True), _now())
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO asset (id, key, result, at) VALUES (?,?,?,?)", values)

    def _committed(self, since: str) -> int:
        held = f"CASE WHEN state IN ({BILLED}) THEN cost_micro WHEN state='released' THEN 0 ELSE most_micro END"
        return int(self._rows(f"SELECT COALESCE(SUM({held}), 0) FROM attempt WHERE at >= ?", (since,))[0][0])

    def _update(self, attempt: int, state: str, values: Mapping[str, Any]) -> None:
        columns = "".join(f", {name}=?" for name in values)
        with self._transaction() as db:
            db.execute(f"UPDATE attempt SET state=?, at=?{columns} WHERE id=?", (state, _now(), *values.values(), attempt))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._reported():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # a full disk may have ended it already
                    self._db.execute("ROLLBACK")
                raise


def _attempt(row: tuple[Any, ...]) -> Attempt:
    number, fingerprint, backend, model, state, likely, most, cost, digest, request_id, note, usage, at = row
    return Attempt(
        number, fingerprint, backend, model, state, Decimal(likely) / MICRO, Decimal(most) / MICRO, Decimal(cost) / MICRO,
        digest or "", request_id or "", note or "", json.loads(usage or "{}"), at,
    )  # fmt: skip


def _micro(usd: Decimal) -> int:
    return int((usd * MICRO).to_integral_value(rounding="ROUND_CEILING"))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
