"""What people see of the money: the ledger's commands, the catalogue of models, the choice of one, and the doctor."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from brandkit.campaign.books import open_books, reconcile, settle, show_books
from brandkit.campaign.ledger import Ledger
from brandkit.campaign.mounts import network_file_system
from brandkit.cli.main import app
from brandkit.errors import InputError, OutputError
from brandkit.generate.backend import ImageResponse
from brandkit.generate.choose import Need, choose_model
from brandkit.prompt import models
from brandkit.testing.provider import Provider

TODAY = date(2026, 11, 25)
HALFPAST = Path(__file__).parent.parent / "brands/halfpast/campaigns/every-half-hour"


@pytest.fixture
def out(tmp_path):
    """A run folder with one received, one lost and one refused call."""
    ledger = Ledger(tmp_path / "record.db")
    for fingerprint in ("aaa", "bbb", "ccc"):
        attempt = ledger.reserve(fingerprint, backend="openai:m", model="m", most=Decimal("0.2"), likely=Decimal("0.05"))
        ledger.sent(attempt)
    ledger.book(1, ImageResponse(b"x", "image/png", Decimal("0.06"), "req_1", {"output_tokens": 9}), "d" * 64)
    ledger.fail(2, note="lost on the way", maybe_billed=True)
    ledger.fail(3, note="refused, for =HYPERLINK", maybe_billed=False, refused=True)
    ledger.close()
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def test_the_ledger_shows_estimate_and_cost(out):
    code, text = run("ledger", str(out))
    assert code == 0 and "1 received, 1 refused, 1 unknown; $0.2600 spent or possibly spent" in text
    assert "received pictures cost +20.0 % against the estimate" in text
    assert json.loads(run("ledger", str(out), "--format", "json")[1])["spent_usd"] == "0.260000"
    rows = list(csv.DictReader(io.StringIO(run("ledger", str(out), "--format", "csv")[1])))
    assert [row["state"] for row in rows] == ["received", "unknown", "refused"] and rows[1]["cost_usd"] == "0.200000"


def test_the_bill_is_compared_call_by_call(out, tmp_path):
    bill = tmp_path / "bill.csv"
    bill.write_text("request_id,usd\nreq_1,0.06\n")
    text, same = reconcile(open_books(out), bill)
    assert not same and "settle it with --settle 2=USD" in text
    assert run("ledger", str(out), "--settle", "2=0", "--bill", str(bill)) == (0, "1 calls in both, 0 to look at\n")
    assert open_books(out).spent == Decimal("0.06")
    bill.write_text("request_id,usd\nreq_1,0.07\nreq_9,0.01\n")
    code, text = run("ledger", str(out), "--bill", str(bill))
    assert code == 1 and "booked at $0.060000, billed at $0.070000" in text and "req_9: billed at $0.010000, not in the books" in text


def test_a_lost_answer_whose_request_is_known_is_settled_as_billed(tmp_path):
    ledger, bill = Ledger(tmp_path / "record.db"), tmp_path / "bill.csv"
    for index, (billed, refused) in enumerate([(True, False), (True, False), (False, True)], 1):
        ledger.sent(ledger.reserve("aaa", backend="openai:m", model="m", most=Decimal("0.2")))
        ledger.fail(index, note="HTTP 500", maybe_billed=billed, refused=refused, request_id=f"req_{index}")
    ledger.sent(ledger.reserve("bbb", backend="openai:m", model="m", most=Decimal("0.2")))
    ledger.book_invalid(4, cost=Decimal("0.06"), digest="d" * 64, note="poison", request_id="req_4")
    ledger.close()
    bill.write_text("request_id,usd\nreq_2,0.05\nreq_4,0.06\n")
    code, text = run("ledger", str(tmp_path), "--bill", str(bill))
    assert code == 1 and "--settle 1=0.000000\n" in text and "--settle 2=0.050000\n" in text and "2 calls in both, 2 to look at" in text
    settled = run("ledger", str(tmp_path), "--settle", "1=0.000000", "--settle", "2=0.050000", "--bill", str(bill))
    assert settled == (0, "2 calls in both, 0 to look at\n")


@pytest.mark.parametrize("words", ["2", "two=1", "2=-1", "2=NaN", "=", "2=1e"])
def test_a_settlement_that_says_nothing_is_refused(out, words):
    assert run("ledger", str(out), "--settle", words)[0] == 2


def test_only_lost_answers_can_be_settled(out):
    for attempt in (1, 3, 77):
        with pytest.raises(InputError, match="lost: 2"):
            settle(out, attempt, Decimal(0))


def test_bad_bills_are_refused_with_their_line(out, tmp_path):
    bill = tmp_path / "bill.csv"
    for text in ("request_id,usd\nreq_1,a lot\n", "id,amount\n1,2\n", "request_id,usd\nreq_1\n"):
        bill.write_text(text)
        with pytest.raises(InputError, match=r"bill\.csv:2"):
            reconcile(open_books(out), bill)
    with pytest.raises(InputError, match="no record"):
        open_books(tmp_path / "nowhere")
    assert show_books(open_books(out), "text")


def test_a_network_file_system_is_told_and_refused(tmp_path, monkeypatch):
    mounts = tmp_path / "mounts"
    share = f"{tmp_path}/net\\040share"
    lines = ("/dev/a / ext4 rw 0 0", f"server:/x {share} nfs4 rw 0 0", f"/dev/b {share}/disk ext4 rw 0 0")
    mounts.write_text("\n".join(lines))
    assert network_file_system(tmp_path / "net share/run", mounts=mounts) == "nfs4"
    assert network_file_system(tmp_path / "net share/disk/run", mounts=mounts) is None
    assert network_file_system(tmp_path / "run", mounts=mounts) is None
    assert network_file_system(tmp_path, mounts=tmp_path / "none") is None
    monkeypatch.setattr("brandkit.campaign.ledger.network_file_system", lambda folder: "nfs4")
    with pytest.raises(OutputError, match="network file system"):
        Ledger(tmp_path / "record.db")


CHOICES = [
    (Need("draft"), "gpt-image-2.5-flare-2026-09-08"),
    (Need("final"), "gpt-image-2.5-sunburst-2026-09-08"),
    (Need("final", transparent=True), "gpt-image-2.5-sunburst-2026-09-08"),
    (Need("final", quality="max"), "gpt-image-2.5-sunburst-2026-09-08"),
]


@pytest.mark.parametrize(("need", "expected"), CHOICES)
def test_auto_takes_what_suits_and_says_why(need, expected):
    choice = choose_model(need, today=TODAY)
    assert choice.model.id == expected and "a dated snapshot" in choice.why and need.stage in choice.why


def test_auto_never_takes_what_is_switched_off_or_unproven():
    off = choose_model(Need("draft"), today=date(2026, 1, 1)).model
    assert off.id == "gpt-image-1-mini", "the cheapest draft while it answers"
    mini = models.get_model("gpt-image-1-mini")
    with pytest.raises(InputError, match="switched off"):
        choose_model(Need("draft"), today=TODAY, models=[mini])
    with pytest.raises(InputError, match="third party"):
        choose_model(Need("draft"), today=TODAY, models=[models.get_model("gpt-image-2.6-flare")])


def test_own_prices_lie_over_the_catalogue(tmp_path, monkeypatch):
    own = tmp_path / "own.toml"
    own.write_text('[prices."2"]\nimage_out = "10"\n\n[models.house]\nfamily = "gpt-image-2.5"\nprices = "2"\n')
    monkeypatch.setenv("BRANDKIT_MODELS", str(own))
    models.load_models.cache_clear()
    try:
        catalogue = models.load_models()
        assert catalogue["gpt-image-2"].prices.image_out == 10 and catalogue["gpt-image-2"].prices.text_in == 5
        assert catalogue["house"].qualities == catalogue["gpt-image-2.5-flare"].qualities
        own.write_text("[models.house]\nfamily = 3\n")
        models.load_models.cache_clear()
        with pytest.raises(InputError, match="BRANDKIT_MODELS"):
            models.load_models()
    finally:
        monkeypatch.undo()
        models.load_models.cache_clear()


def test_the_catalogue_is_shown_whole_and_one_by_one():
    assert all(name in run("models")[1] for name in models.load_models())
    one = run("models", "gpt-image-2.6-sunburst")[1]
    assert "complexity: low, medium, high" in one and "3840×2160" in one
    assert json.loads(run("models", "gpt-image-1", "--format", "json")[1])["state"] == "error"


def test_the_doctor_says_what_is_missing_and_never_the_key(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    code, text = run("doctor")
    assert code == 3 and "OPENAI_API_KEY is not set" in text
    with Provider() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", server.key)
        code, text = run("doctor", "--online", "--model", "auto")
        assert code == 0 and "it knows the key" in text and "$0.0132" in text and server.key not in text
        monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-0123456789abcdef")
        code, text = run("doctor", "--online")
        assert code == 3 and "HTTP 401" in text and "sk-wrong" not in text
        assert not server.bill and not server.seen


def test_a_paid_run_without_a_budget_is_refused_and_told_what_it_costs(tmp_path, monkeypatch):
    copy = tmp_path / "kit"
    shutil.copytree(HALFPAST.parents[1], copy)
    file = copy / "campaigns/every-half-hour/campaign.yaml"
    file.write_text(re.sub(r"(?m)^budget:.*\n", "", file.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-none-0123456789")
    result = CliRunner().invoke(app, ["run", str(file), "--backend", "openai", "--out", str(tmp_path / "out")])
    assert isinstance(result.exception, InputError) and "the plan has no budget: it costs about $" in str(result.exception)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("kill", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_brings_home_what_is_under_way(tmp_path, monkeypatch, kill, code):
    with Provider(slow_seconds=5.0) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", server.key)
        server.fail("slow", "slow")
        options = ["--backend", "openai", "--model", "gpt-image-2.5-flare", "--budget", "5", "--parallel", "2"]
        start = [sys.executable, "-c", "from brandkit.cli.main import main; main()", "run"]
        command = [*start, str(HALFPAST), "--out", str(tmp_path / "out"), *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while len(server.seen) < 2 and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(kill)
        _, error = process.communicate(timeout=120)
        assert process.returncode == code and "run the same command again to resume" in error
        books = open_books(tmp_path / "out")
        assert [attempt.state for attempt in books.attempts if attempt.state != "released"] == ["received"] * len(server.bill)
        assert len(server.bill) == 2
