"""Servers whose answers are larger than any picture, or come to no end: a call ends with a clear error, on the books, in little memory."""

from __future__ import annotations

import json
import sqlite3
import tracemalloc
import zlib
from decimal import Decimal

import httpx2
import pytest
from small_kit import make_layout, write_kit

from brandkit.campaign.ledger import Ledger
from brandkit.errors import AnswerInvalid, AnswerTooLarge, BackendDenied, BackendError, BackendUnavailable, UnfinishedError
from brandkit.generate.backend import ImageRequest
from brandkit.generate.backends.openai import OpenAIBackend
from brandkit.generate.intake import AROUND, MARKS, OTHER, PICTURE, Tally, intake
from brandkit.prompt.compile import compile_prompt
from brandkit.prompt.models import get_model
from brandkit.testing.floods import FLOODS
from brandkit.testing.provider import UNCHARGED
from tests.faults.jobs import job_of

MODEL = get_model("gpt-image-2.5-flare")
MB = 1_000_000
SHOULD = {
    "endless": (AnswerTooLarge, "goes on beyond the 57 MB"),
    "huge-length": (AnswerTooLarge, "announces 10,000 MB, where 57 MB are the most"),
    "gzip-bomb": (AnswerTooLarge, "goes on beyond the 57 MB"),
    "gzip-twice": (AnswerTooLarge, "goes on beyond the 57 MB"),
    "values": (AnswerTooLarge, "holds more than 100,000 values"),
    "endless-error": (AnswerTooLarge, "goes on beyond the 8 MB"),
    "drip": (BackendUnavailable, "gave no answer in time"),
    "redirect": (BackendDenied, "sends the call on to another address"),
}


@pytest.fixture(scope="module")
def request_(tmp_path_factory):
    campaign = write_kit(tmp_path_factory.mktemp("kit"))
    prompt = compile_prompt(campaign, "mug", campaign.document.formats[0], make_layout(640, 480), model=MODEL, quality="low")
    return ImageRequest(
        model=prompt.model, prompt=prompt.text, width=prompt.width, height=prompt.height, quality=prompt.quality, references=(),
        scene=prompt.scene, brand=campaign.brand, fingerprint=prompt.fingerprint,
    )  # fmt: skip


def test_every_flood_has_its_row():
    assert set(SHOULD) == set(FLOODS)


@pytest.mark.parametrize(("kind", "previews"), [*((kind, 0) for kind in FLOODS), ("endless", 2), ("values", 2), ("drip", 2)])
def test_a_flood_ends_in_one_clear_error(provider, request_, kind, previews):
    error, words = SHOULD[kind]
    provider.fail(kind)
    backend = OpenAIBackend(MODEL, timeout=0.5 if kind == "drip" else 30, previews=previews)
    with pytest.raises(BackendError) as caught:
        backend.generate(request_)
    wanted = words.replace("57 MB", "169 MB") if previews else words
    assert type(caught.value) is error and wanted in caught.value.message and caught.value.hint
    assert len(provider.seen) == 1, "one call, sent nowhere else"
    if kind not in UNCHARGED:
        assert caught.value.maybe_billed
    if error is AnswerTooLarge:
        assert caught.value.request_id == "req_000001" and "req_000001" in caught.value.message
    provider.fail()
    assert OpenAIBackend(MODEL).generate(request_).data, "and the next call is answered"


def test_an_answer_that_goes_on_after_its_length_is_cut_there(provider, request_):
    provider.fail("short-length")
    with pytest.raises(AnswerInvalid, match="cut off or no JSON"):
        OpenAIBackend(MODEL).generate(request_)
    assert OpenAIBackend(MODEL).generate(request_).data


@pytest.mark.parametrize("kind", ["gzip-bomb", "gzip-twice", "values"])
def test_a_bomb_takes_no_more_memory_than_an_answer_may(kind):
    """Without the provider, whose own memory would be measured along."""
    body = (b'{"data": [' + b"[]," * (150 * MB // 3)) if kind == "values" else b"A" * (200 * MB)
    head = {}
    if kind != "values":
        head, body = {"content-encoding": "gzip"}, zlib.compress(body, 1, wbits=31)
    if kind == "gzip-twice":
        head, body = {"content-encoding": "gzip, gzip"}, zlib.compress(body, wbits=31)
    transport = httpx2.MockTransport(lambda request: httpx2.Response(200, headers=head, stream=httpx2.ByteStream(body)))
    hooks = {"response": [intake("m", seconds=60)]}
    tracemalloc.start()
    with httpx2.Client(transport=transport, event_hooks=hooks) as client, pytest.raises(AnswerTooLarge):
        client.post("http://127.0.0.1/v1/images/generations")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < PICTURE + AROUND + 10 * MB


@pytest.mark.parametrize(
    ("pictures", "most"), [(0, OTHER), (1, PICTURE + AROUND), (3, 3 * PICTURE + AROUND)], ids=["none", "one", "with two previews"]
)
def test_the_most_is_what_the_pictures_weigh(pictures, most):
    tally = Tally("m", pictures)
    tally.announced(str(most))
    tally.add(b"A" * most)
    with pytest.raises(AnswerTooLarge):
        tally.add(b"A")
    with pytest.raises(AnswerTooLarge):
        Tally("m", pictures).announced(str(most + 1))


def test_values_are_counted_only_around_pictures():
    Tally("m", 1).add(b"," * MARKS)
    Tally("m", 0).add(b"," * (MARKS + 1))
    with pytest.raises(AnswerTooLarge, match="100,000 values"):
        Tally("m", 1).add(b",[{" * (MARKS // 3 + 1))


def test_a_body_that_outlasts_its_time_is_a_time_out():
    now = iter([0.0, 1.0, 3.0])
    transport = httpx2.MockTransport(lambda request: httpx2.Response(200, stream=SlowStream()))
    hooks = {"response": [intake("m", seconds=2, clock=lambda: next(now))]}
    with httpx2.Client(transport=transport, event_hooks=hooks) as client, pytest.raises(httpx2.ReadTimeout):
        client.get("http://127.0.0.1/v1/models")


class SlowStream(httpx2.SyncByteStream):
    def __iter__(self):
        yield b"a"
        yield b"b"


@pytest.mark.parametrize("kind", ["endless", "huge-length", "gzip-bomb"])
def test_a_run_books_a_flood_as_possibly_paid_and_goes_on(monkeypatch, tmp_path, kind):
    with job_of(monkeypatch) as job:
        job.server.fail(kind)
        with pytest.raises(UnfinishedError, match=r"1 of 2 assets stand") as caught:
            job.run(tmp_path, parallel=1)
        assert caught.value.exit_code == 3 and len(job.server.bill) == 2
        ledger = Ledger(tmp_path / "record.db")
        lost, received = ledger.attempts()
        assert (lost.state, received.state) == ("unknown", "received")
        assert lost.cost == lost.most > 0 and lost.request_id == "req_000001" and "MB" in lost.note
        assert ledger.spent() == lost.most + received.cost
        ledger.close()
        with pytest.raises(UnfinishedError, match="retry-unknown"):
            job.run(tmp_path)
        assert len(job.server.seen) == 2, "not bought again unasked"
        result = job.run(tmp_path, retry_unknown=True)
        assert len(result.assets) == 2 and Decimal(result.spent_usd) > lost.most


def spoil(monkeypatch, change):
    """Let the provider give changed results of its batch."""
    from brandkit.testing.batches import Batches

    content = Batches.content
    monkeypatch.setattr(Batches, "content", lambda self, name: content(self, name)._replace(body=change(content(self, name).body)))


def first_of(body):
    return body.splitlines(keepends=True)[0]


BOTH = ["received", "received"]
CHANGES = {
    "a line that is too long": (lambda body: first_of(body) + b"A" * (PICTURE + 2 * MB), ["received", "unknown"], "57 MB"),
    "more lines than were asked for": (lambda body: body + first_of(body) * 3, BOTH, "more pictures"),
    "a line twice": (lambda body: first_of(body) * 2, ["failed", "received"], ""),
    "blank lines": (lambda body: b"\n\n" + body.replace(b"\n", b"\n\n"), BOTH, ""),
    "a line of another": (lambda body: body.replace(b'"custom_id": "2"', b'"custom_id": "77"'), ["failed", "received"], ""),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_results_of_a_batch_are_read_line_by_line_within_limits(monkeypatch, tmp_path, kind):
    change, states, words = CHANGES[kind]
    told = []
    with job_of(monkeypatch) as job:
        with pytest.raises(UnfinishedError):
            job.run(tmp_path, batch=True)
        spoil(monkeypatch, change)
        try:
            job.run(tmp_path, batch=True, resume=True, on_event=lambda event: told.append(event.text))
        except UnfinishedError:
            assert states != ["received", "received"]
        db = sqlite3.connect(tmp_path / "record.db")
        assert [state for (state,) in db.execute("SELECT state FROM attempt ORDER BY state")] == states
        assert db.execute("SELECT state FROM batch").fetchall() == [("closed",)], "what cannot be read is not asked for again"
        db.close()
    assert words in " ".join(told)


@pytest.mark.parametrize("line", [b"[]", b"null", b'{"custom_id": "x"}', b'{"custom_id": "1", "response": 7}', b"[" * 100_000])
def test_results_that_are_no_results_leave_the_batch_for_later(monkeypatch, tmp_path, line):
    with job_of(monkeypatch) as job:
        with pytest.raises(UnfinishedError):
            job.run(tmp_path, batch=True)
        with monkeypatch.context() as patch, pytest.raises(UnfinishedError, match="results cannot be read"):
            spoil(patch, lambda body: line + b"\n")
            job.run(tmp_path, batch=True, resume=True)
        assert len(job.run(tmp_path, batch=True, resume=True).assets) == 2


def test_the_server_s_head_is_told_when_it_is_examined(provider, monkeypatch):
    from brandkit.generate.doctor import examine
    from brandkit.testing.batches import Reply
    from brandkit.testing.provider import _Handler

    monkeypatch.setattr(_Handler, "do_GET", lambda self: self._reply(Reply(200, json.dumps({"data": ["x" * 9 * MB]}).encode())))
    report = examine(MODEL.id, online=True)
    assert not report.ready and "announces 9 MB, where 8 MB are the most" in report.text


@pytest.mark.parametrize("kind", ["ok", "wrong-size", "endless", "huge-length", "server-error", "moderation", "drop"])
def test_a_key_that_the_server_echoes_as_its_request_id_is_written_nowhere(monkeypatch, tmp_path, kind):
    with job_of(monkeypatch) as job:
        receive = job.server.receive
        monkeypatch.setattr(job.server, "receive", lambda seen: (receive(seen)[0], f"req-{job.server.key}"))
        job.server.fail(kind, "ok")
        said = ""
        try:
            job.run(tmp_path, parallel=1)
        except UnfinishedError as error:
            said = str(error)
        assert job.server.seen and job.server.key not in said
        kept = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert kept and not [path.name for path in kept if job.server.key.encode() in path.read_bytes()]
