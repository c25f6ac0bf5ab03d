"""The ledger keeps its promise: what is spent, held or possibly spent never passes the budget, and no received picture is forgotten."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from brandkit.campaign.ledger import Caps, Ledger
from brandkit.campaign.store import Store
from brandkit.errors import BudgetExceeded, OutputError
from brandkit.files import sha256
from brandkit.generate.backend import ImageResponse

BUDGET = Decimal("1.00")
PRICES = st.decimals(min_value="0.0001", max_value="0.6", places=4)


def answer(cost: Decimal, data: bytes = b"picture") -> ImageResponse:
    return ImageResponse(data=data, media_type="image/png", cost=cost, request_id="req_1", usage={"output_tokens": 3})


class LedgerMachine(RuleBasedStateMachine):
    """Any order of reservations, answers, failures and crashes."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile
        from pathlib import Path

        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "record.db"
        self.ledger = Ledger(self.path)
        self.open: dict[int, Decimal] = {}
        self.sent: set[int] = set()
        self.received: set[str] = set()

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    @rule(price=PRICES)
    def reserve(self, price: Decimal) -> None:
        before = self.ledger.committed()
        try:
            attempt = self.ledger.reserve(f"f{len(self.open)}", backend="b", model="m", most=price, caps=Caps(BUDGET))
        except BudgetExceeded:
            assert before + price > BUDGET
            assert self.ledger.committed() == before
        else:
            self.open[attempt] = price

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        attempt = data.draw(st.sampled_from(sorted(self.open)))
        self.ledger.sent(attempt)
        self.sent.add(attempt)

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), share=st.decimals(min_value="0", max_value="1", places=2))
    def receive(self, data: st.DataObject, share: Decimal) -> None:
        attempt = data.draw(st.sampled_from(sorted(self.sent)))
        self.ledger.book(attempt, answer(self.open[attempt] * share), sha256(str(attempt).encode()))
        self.received.add(sha256(str(attempt).encode()))
        self.sent.discard(attempt)
        del self.open[attempt]

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), maybe=st.booleans())
    def fail(self, data: st.DataObject, maybe: bool) -> None:
        attempt = data.draw(st.sampled_from(sorted(self.sent)))
        self.ledger.fail(attempt, note="lost", maybe_billed=maybe)
        self.sent.discard(attempt)
        del self.open[attempt]

    @rule()
    def crash(self) -> None:
        self.ledger.close()
        self.ledger = Ledger(self.path)
        assert self.ledger.recover() == len(self.sent)
        self.open.clear()
        self.sent.clear()

    @invariant()
    def within_budget(self) -> None:
        assert self.ledger.spent() <= self.ledger.committed() <= BUDGET

    @invariant()
    def nothing_forgotten(self) -> None:
        rows = sqlite3.connect(self.path).execute("SELECT sha256 FROM attempt WHERE state='received'").fetchall()
        assert {row[0] for row in rows} == self.received


LedgerMachine.TestCase.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
TestLedger = LedgerMachine.TestCase


def test_concurrent_reservations_stay_within_the_budget(tmp_path):
    ledger = Ledger(tmp_path / "record.db")

    def reserve(index: int) -> bool:
        try:
            ledger.reserve(f"f{index}", backend="b", model="m", most=Decimal("0.03"), caps=Caps(BUDGET))
        except BudgetExceeded:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        granted = sum(pool.map(reserve, range(64)))
    assert granted == 33
    assert ledger.committed() == Decimal("0.99")
    ledger.close()


def test_free_pictures_need_no_budget(tmp_path):
    ledger = Ledger(tmp_path / "record.db")
    ledger.reserve("f", backend="studio", model="studio", most=Decimal(0), caps=Caps(Decimal(0)))
    ledger.close()


def test_a_lost_answer_is_unknown_until_it_is_bought_again(tmp_path):
    ledger = Ledger(tmp_path / "record.db")
    ledger.sent(ledger.reserve("f", backend="b", model="m", most=Decimal("0.2")))
    ledger.recover()
    assert ledger.last("f").state == "unknown"
    assert ledger.spent() == Decimal("0.2")
    second = ledger.reserve("f", backend="b", model="m", most=Decimal("0.2"))
    ledger.sent(second)
    ledger.book(second, answer(Decimal("0.1")), "a" * 64)
    assert ledger.last("f").state == "received"
    assert ledger.spent() == Decimal("0.3")
    ledger.close()


def test_a_record_of_the_first_version_is_carried_over(tmp_path):
    path = tmp_path / "record.db"
    db = sqlite3.connect(path)
    db.executescript(VERSION_1)
    db.close()
    ledger = Ledger(path)
    (attempt,) = ledger.attempts()
    ledger.book_invalid(attempt.id, cost=Decimal("0.1"), digest="b" * 64, note="cut off")
    assert (attempt.state, ledger.last("f").state, ledger.spent()) == ("unknown", "received_invalid", Decimal("0.1"))
    ledger.close()
    Ledger(path).close()


VERSION_1 = """
CREATE TABLE attempt (
  id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL, backend TEXT NOT NULL, model TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('reserved','sent','received','refused','failed','unknown','released')),
  most_micro INTEGER NOT NULL, cost_micro INTEGER NOT NULL DEFAULT 0,
  sha256 TEXT, media_type TEXT, request_id TEXT, usage TEXT, note TEXT, at TEXT NOT NULL
);
CREATE INDEX attempt_by_fingerprint ON attempt (fingerprint, state);
CREATE TABLE asset (id TEXT PRIMARY KEY, key TEXT NOT NULL, result TEXT NOT NULL, at TEXT NOT NULL);
INSERT INTO attempt (fingerprint, backend, model, state, most_micro, cost_micro, at)
  VALUES ('f', 'b', 'm', 'unknown', 200000, 200000, '2026-11-20T10:00:00.000+00:00');
PRAGMA user_version=1;
"""


def test_a_newer_record_is_refused(tmp_path):
    path = tmp_path / "record.db"
    Ledger(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version=99")
    db.commit()
    db.close()
    with pytest.raises(OutputError, match="newer brandkit"):
        Ledger(path)


def test_a_damaged_blob_is_set_aside_and_never_returned(tmp_path):
    store = Store(tmp_path)
    digest = store.put(b"picture")
    assert store.get(digest) == b"picture"
    store.path(digest).write_bytes(b"pictura")
    assert store.get(digest) is None
    assert store.path(digest).with_suffix(".corrupt").read_bytes() == b"pictura"
    assert store.get(digest) is None
