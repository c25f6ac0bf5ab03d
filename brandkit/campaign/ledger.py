"""The ledger: every call for a picture, written down before it is made, so that money and pictures outlive a crash.

States of an attempt: `reserved` (the budget holds its price) → `sent` (the request may be billed) → `received`, `refused`
or `failed`. A crash leaves `reserved`, which is released, or `sent`, which becomes `unknown`: it counts against the budget
at its highest price and is not silently bought again.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from brandkit.errors import BudgetExceeded, OutputError
from brandkit.generate.backend import ImageResponse

SCHEMA_VERSION = 1
MICRO = Decimal(1_000_000)  # money is kept as whole millionths of a dollar: exact sums inside SQL

TABLES = """
CREATE TABLE IF NOT EXISTS attempt (
  id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL, backend TEXT NOT NULL, model TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('reserved','sent','received','refused','failed','unknown','released')),
  most_micro INTEGER NOT NULL, cost_micro INTEGER NOT NULL DEFAULT 0,
  sha256 TEXT, media_type TEXT, request_id TEXT, usage TEXT, note TEXT, at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS attempt_by_fingerprint ON attempt (fingerprint, state);
CREATE TABLE IF NOT EXISTS asset (
  id TEXT PRIMARY KEY, key TEXT NOT NULL, result TEXT NOT NULL, at TEXT NOT NULL
);
"""


@dataclass(frozen=True)
class Received:
    """A picture that was paid for and is in the store."""

    fingerprint: str
    sha256: str
    media_type: str
    cost: Decimal
    request_id: str


class Ledger:
    """The record of one run folder, in SQLite with every commit synced to disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version > SCHEMA_VERSION:
                raise OutputError(f"{path} was written by a newer brandkit (record version {version})", hint="upgrade brandkit")
            self._db.executescript(TABLES)
            self._db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        except (sqlite3.Error, OSError) as error:
            raise OutputError(f"cannot keep the record {path}: {error}", hint="choose a writable local folder with --out") from error

    def close(self) -> None:
        self._db.close()

    def recover(self) -> int:
        """After a crash: release what was never sent, mark what may have been billed as unknown; gives the number of unknowns."""
        with self._transaction() as db:
            db.execute("UPDATE attempt SET state='released' WHERE state='reserved'")
            return db.execute("UPDATE attempt SET state='unknown', cost_micro=most_micro WHERE state='sent'").rowcount

    def received(self, fingerprint: str) -> Received | None:
        """The newest received picture for this request, if there is one."""
        row = self._db.execute(
            "SELECT sha256, media_type, cost_micro, request_id FROM attempt WHERE fingerprint=? AND state='received' ORDER BY id DESC",
            (fingerprint,),
        ).fetchone()
        return Received(fingerprint, row[0], row[1], Decimal(row[2]) / MICRO, row[3]) if row else None

    def unknown(self, fingerprint: str) -> bool:
        """Whether a request like this was sent and its answer lost, with no later answer."""
        query = "SELECT state FROM attempt WHERE fingerprint=? AND state IN ('unknown','received') ORDER BY id DESC"
        row = self._db.execute(query, (fingerprint,)).fetchone()
        return bool(row) and row[0] == "unknown"

    def committed(self) -> Decimal:
        """US dollars spent, reserved, or possibly spent."""
        return Decimal(self._committed()) / MICRO

    def spent(self) -> Decimal:
        """US dollars for received answers and for calls whose answer was lost."""
        query = "SELECT COALESCE(SUM(cost_micro), 0) FROM attempt WHERE state IN ('received','refused','failed','unknown')"
        return Decimal(self._db.execute(query).fetchone()[0]) / MICRO

    def reserve(self, fingerprint: str, *, backend: str, model: str, most: Decimal, budget: Decimal | None) -> int:
        """Hold `most` dollars for one attempt and give its id.

        Raises:
            BudgetExceeded: Spent, reserved, possibly spent and `most` together pass `budget`.
        """
        micro = int((most * MICRO).to_integral_value(rounding="ROUND_CEILING"))
        with self._transaction() as db:
            held = self._committed()
            if budget is not None and micro and held + micro > int(budget * MICRO):
                raise BudgetExceeded(
                    f"the next picture may cost ${most:.4f}; ${Decimal(held) / MICRO:.4f} of the budget of ${budget:.2f} is taken",
                    hint="raise --budget",
                )
            cursor = db.execute(
                "INSERT INTO attempt (fingerprint, backend, model, state, most_micro, at) VALUES (?,?,?,'reserved',?,?)",
                (fingerprint, backend, model, micro, _now()),
            )
            return int(cursor.lastrowid or 0)

    def sent(self, attempt: int) -> None:
        """The request is about to leave: from here on it may be billed."""
        self._update(attempt, "sent", {})

    def book(self, attempt: int, response: ImageResponse, digest: str) -> None:
        """The answer is on disk under `digest`; book what it cost."""
        values = {
            "cost_micro": int((response.cost * MICRO).to_integral_value(rounding="ROUND_CEILING")),
            "sha256": digest,
            "media_type": response.media_type,
            "request_id": response.request_id,
            "usage": json.dumps(dict(response.usage), sort_keys=True),
        }
        self._update(attempt, "received", values)

    def fail(self, attempt: int, *, note: str, maybe_billed: bool, refused: bool = False) -> None:
        """The attempt failed; when it may have been billed it stays on the books at its highest price."""
        state = "unknown" if maybe_billed else "refused" if refused else "failed"
        with self._transaction() as db:
            if maybe_billed:
                db.execute("UPDATE attempt SET cost_micro=most_micro WHERE id=?", (attempt,))
            db.execute("UPDATE attempt SET state=?, note=?, at=? WHERE id=?", (state, note[:2000], _now(), attempt))

    def asset(self, asset_id: str) -> tuple[str, dict[str, Any]] | None:
        """Key and stored result of an asset."""
        row = self._db.execute("SELECT key, result FROM asset WHERE id=?", (asset_id,)).fetchone()
        return (row[0], json.loads(row[1])) if row else None

    def keep_asset(self, asset_id: str, key: str, result: Mapping[str, Any]) -> None:
        """Store an asset's result under the key of everything it was made from."""
        values = (asset_id, key, json.dumps(result, sort_keys=True), _now())
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO asset (id, key, result, at) VALUES (?,?,?,?)", values)

    def _committed(self) -> int:
        query = (
            "SELECT COALESCE(SUM(CASE state WHEN 'received' THEN cost_micro WHEN 'refused' THEN cost_micro"
            " WHEN 'failed' THEN cost_micro WHEN 'released' THEN 0 ELSE most_micro END), 0) FROM attempt"
        )
        return int(self._db.execute(query).fetchone()[0])

    def _update(self, attempt: int, state: str, values: Mapping[str, Any]) -> None:
        columns = "".join(f", {name}=?" for name in values)
        with self._transaction() as db:
            db.execute(f"UPDATE attempt SET state=?, at=?{columns} WHERE id=?", (state, _now(), *values.values(), attempt))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
