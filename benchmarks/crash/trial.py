"""One trial: a campaign run that is killed up to three times, run again until it is done, and looked at after every end."""

from __future__ import annotations

import itertools
import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial, wraps
from pathlib import Path
from typing import Any, Literal, NamedTuple

from benchmarks.crash.server import Books, Server
from brandkit.campaign import batch as by_batch
from brandkit.campaign import finish, run
from brandkit.campaign.batch import half
from brandkit.campaign.ledger import BILLED, Ledger, Received
from brandkit.campaign.plan import Plan, PlannedAsset, make_plan
from brandkit.campaign.run import run_plan
from brandkit.campaign.store import Store
from brandkit.check import ahead
from brandkit.check.registry import load_checks
from brandkit.check.run import check_picture
from brandkit.errors import UnfinishedError
from brandkit.files import sha256, sha256_file, write_atomic
from brandkit.generate import answer
from brandkit.generate.backend import Backend
from brandkit.generate.backends.openai import OpenAIBackend
from brandkit.generate.open import open_backend
from brandkit.image import apart
from brandkit.image.load import load_picture
from brandkit.image.load_process import Tried
from brandkit.metric.ocr import readers_of
from brandkit.prompt.brief import FormatChoice
from brandkit.prompt.load import load_campaign
from brandkit.prompt.models import get_model
from brandkit.report.html import template
from brandkit.results import AssetResult, Verdict
from brandkit.testing.provider import Fault

CAMPAIGN = Path(__file__).parents[2] / "brands/halfpast/campaigns/every-half-hour"
FORMATS = ("google-medium-rectangle", "google-half-page", "google-large-rectangle")
MODEL = "gpt-image-2.5-flare"
PARALLEL = 2
KILLED = 137
MOST_RUNS = 12  # of one trial; each kills or fails at most once
FAULTS: tuple[Fault, ...] = ("drop", "truncated", "cut-json", "bad-base64", "rate-limit", "server-error", "wrong-size")
# The steps of the promise, by name: a run ends right before (<) or right after (>) one of them.
STEPS: dict[str, tuple[Any, str]] = {
    "reserve": (Ledger, "reserve"),
    "sent": (Ledger, "sent"),
    "post": (OpenAIBackend, "_post"),
    "keep-answer": (Store, "keep_answer"),
    "read": (OpenAIBackend, "read"),
    "put": (Store, "put"),
    "book": (Ledger, "book"),
    "drop-answer": (Store, "drop_answer"),
    "compose": (finish, "compose"),
    "keep-asset": (Ledger, "keep_asset"),
    "report": (run, "render"),
}
POINTS = tuple(f"{side}{name}" for name in STEPS for side in "<>")
# And those of a batch: submitted in one run, collected in a later one.
BATCH_STEPS: dict[str, tuple[Any, str]] = {
    "batched": (Ledger, "batched"),
    "submit": (by_batch, "submit"),
    "batch-named": (Ledger, "batch_named"),
    "look": (by_batch, "look"),
    "batch-closed": (Ledger, "batch_closed"),
}
OF_BOTH = ("reserve", "keep-answer", "read", "put", "book", "drop-answer")
BATCH_POINTS = tuple(f"{side}{name}" for name in (*OF_BOTH, *BATCH_STEPS) for side in "<>")
LINE_FAULTS: tuple[Fault, ...] = ("drop", "bad-base64", "no-picture", "cut-picture", "wrong-size", "server-error")


@dataclass(frozen=True)
class Case:
    """The campaign that all trials run, and what an undisturbed run makes of it."""

    plan: Plan
    backend: Backend
    final: dict[str, str]
    """Asset id to the hash of its main file."""
    replaced: dict[tuple[Any, str], Any] = field(default_factory=dict)
    """What every forked run has in another form: module and name to that form."""


class Outcome(NamedTuple):
    """A trial: what ended its runs, and what did not hold (nothing, when the promise is kept)."""

    seed: int
    by_batch: bool
    kills: tuple[str, ...]
    posts: int
    bought_again: int
    """Calls billed beyond one for each picture: answers lost or useless."""
    broken: tuple[str, ...]


def prepare(server: Server, folder: Path, *, light: bool = False) -> Case:
    """Plan the campaign and run it once undisturbed; `light` neither composes nor starts a helper that decodes."""
    os.environ["OPENAI_API_KEY"], os.environ["OPENAI_BASE_URL"] = server.key, server.base_url
    loaded = load_campaign(CAMPAIGN)
    formats = [FormatChoice(name=name, template="split") for name in FORMATS]
    concepts = dict(list(loaded.document.concepts.items())[:1])
    document = loaded.document.model_copy(update={"formats": formats, "locales": ["en"], "quality": "low", "concepts": concepts})
    backend = open_backend("openai", model=get_model(MODEL))
    plan = make_plan(replace(loaded, document=document), backend, model=get_model(MODEL), budget=Decimal(50))
    # The promise is about pictures and money: one check stands for all of them.
    skipped = {check.id: "not part of these trials" for check in load_checks() if check.id != "format-wrong"}
    replaced: dict[tuple[Any, str], Any] = {(finish, "check_picture"): partial(check_picture, left_out=skipped)}
    if light:
        replaced[run, "finish_asset"] = uncomposed
        replaced[answer, "try_picture"] = tried_here
        replaced[apart, "load_apart"] = replaced[ahead, "load_apart"] = load_picture
    import openai.resources.images

    assert openai  # made here once, or every forked run would do it again
    backend.client()
    template()
    readers_of(["A"])
    server.reset()
    case = Case(plan, backend, {}, replaced)
    _child(case, plan, folder, lambda: None, None)
    return replace(case, final=accepted_in(folder))


def tried_here(data: bytes) -> Tried:
    """A picture read without a helper, which each of these short runs would have to start."""
    picture = load_picture(data)
    return Tried(picture.media_type, picture.width, picture.height, picture.alpha is not None)


def uncomposed(asset: PlannedAsset, plan: Plan, out: Path, *, received: Received | None, raw: bytes | None) -> AssetResult:
    """An asset that is its raw picture's hash: for trials of what comes before composing."""
    data = sha256(raw or b"")
    name = f"{asset.stem}.txt"
    write_atomic(out / name, data)
    return AssetResult(id=asset.id, file=name, files=(name,), sha256=sha256(data.encode()), width=1, height=1, verdict=Verdict.PASS)


Mode = Literal["live", "batch", "resume"]


def try_once(case: Case, server: Server, folder: Path, seed: int, *, point: str = "", batch: bool = False) -> Outcome:
    """Run the campaign into `folder` with kills and faults drawn from `seed`; the first kill is at `point` if one is named.

    With `batch` its first run submits a batch, and every later one that is killed submits, collects or buys live as it comes.
    """
    rng = random.Random(seed)
    clean, kinds = 2 if point else 0, LINE_FAULTS if batch else FAULTS  # answers that are good, so that a named step is reached
    faults = tuple(rng.choice(kinds) if i >= clean and rng.random() < 0.25 else "ok" for i in range(8))
    server.reset(faults, looks=rng.randint(0, 1) if batch and not point else 0, lose=batch and not point and rng.random() < 0.2)
    most = max(price.most for price in case.plan.prices.values())
    tight = not batch and rng.random() < 0.3  # a cap that lets only some of the pictures be bought, until it is raised
    told = _Told(folder)
    for turn in range(MOST_RUNS):
        named = point if (turn == 0 or batch) and not told.kills else ""
        kill = (named or _drawn(rng, batch)) if turn < rng.randint(1, 3) or named else ""
        mode: Mode = "live" if not batch else "batch" if turn == 0 or named or not kill else rng.choice(("batch", "resume", "live"))
        if batch and turn > MOST_RUNS - 4:
            mode = "live"
        cap = most * 2 if tight and turn < 2 else case.plan.budget
        nth = rng.randint(1, 3) if kill[:1] in "<>" and not named else 1
        code = told.run(case, replace(case.plan, budget=cap), mode, kill, nth)
        if code == 0 and not kill:
            break
    books = server.books()
    broken = [*told.broken, *_final(case, books, folder, told.accepted, PARALLEL * told.live_kills)]
    bought_again = max(0, len(books.billed) - len(case.plan.prices))
    return Outcome(seed, batch, tuple(told.kills), books.posts, bought_again, tuple(dict.fromkeys(broken)))


@dataclass
class _Told:
    """The runs of one trial: how they ended, and what did not hold after each."""

    folder: Path
    kills: list[str] = field(default_factory=list)
    live_kills: int = 0
    broken: list[str] = field(default_factory=list)
    accepted: dict[str, str] = field(default_factory=dict)

    def run(self, case: Case, plan: Plan, mode: Mode, kill: str, nth: int) -> int:
        watch = _Cap(self.folder / "record.db", plan.budget or Decimal(0))
        code = _child(case, plan, self.folder, watch, kill, nth, mode)
        if code == KILLED:
            self.kills.append(kill)
            self.live_kills += mode == "live"
        elif code not in (0, UnfinishedError.exit_code):
            self.broken.append(f"a run ended with the exit code {code}")
        self.broken += [*watch.broken, *looked_at(self.folder, self.accepted)]
        self.accepted = accepted_in(self.folder)
        return code


def _drawn(rng: random.Random, batch: bool) -> str:
    return rng.choice(BATCH_POINTS if batch else POINTS) if rng.random() < 0.5 else f"{rng.uniform(0.0, 1.0):.3f}s"


def _child(case: Case, plan: Plan, folder: Path, watch: Callable[[], None], kill: str | None, nth: int = 1, mode: Mode = "live") -> int:
    """Fork, run the plan there, and give the exit code; `kill` names a step, or a time after which SIGKILL comes."""
    pid = os.fork()
    if pid == 0:
        code = 3
        try:
            sys.stderr = open(os.devnull, "w")
            for (module, name), other in case.replaced.items():
                setattr(module, name, other)
            if kill and kill[0] in "<>":
                _end_at(kill, nth)
            if mode == "batch":
                plan = replace(plan, prices={name: half(price) for name, price in plan.prices.items()})
            options = {"batch": mode == "batch", "resume": mode == "resume"}
            run_plan(plan, case.backend, folder, retry_unknown=True, parallel=PARALLEL, **options)
            code = 0
        except UnfinishedError:
            code = 3
        finally:
            os._exit(code)
    end = time.monotonic() + (float(kill[:-1]) if kill and kill.endswith("s") and kill[0].isdigit() else 120)
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) % 256
        watch()
        if time.monotonic() > end:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return KILLED
        time.sleep(0.004)


def _end_at(point: str, nth: int) -> None:
    """Let this process end, as under SIGKILL, before or after the `nth` time that it takes a step."""
    owner, name = (STEPS | BATCH_STEPS)[point[1:]]
    original, turns = getattr(owner, name), itertools.count(1)

    @wraps(original)
    def ending(*args: Any, **options: Any) -> Any:
        last = next(turns) == nth
        if last and point[0] == "<":
            os._exit(KILLED)
        result = original(*args, **options)
        if last and point[0] == ">":
            os._exit(KILLED)
        return result

    setattr(owner, name, ending)


class _Cap:
    """Reads the ledger from outside while a run works: at no instant may more be taken than the cap."""

    def __init__(self, path: Path, cap: Decimal) -> None:
        self.path, self.cap, self.broken = path, int(cap * 1_000_000), list[str]()

    def __call__(self) -> None:
        if not self.path.exists():
            return
        db = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=5)
        try:
            held = f"CASE WHEN state IN ({BILLED}) THEN cost_micro WHEN state='released' THEN 0 ELSE most_micro END"
            taken = db.execute(f"SELECT COALESCE(SUM({held}), 0), COUNT(*) FROM attempt").fetchone()
        except sqlite3.OperationalError:  # the table is not made yet
            return
        finally:
            db.close()
        if taken[0] > self.cap:
            self.broken.append(f"${taken[0] / 1e6:.4f} was taken of a cap of ${self.cap / 1e6:.4f}")


def accepted_in(folder: Path) -> dict[str, str]:
    """The assets on record whose files are whole: id to the hash of the main file."""
    if not (folder / "record.db").exists():
        return {}
    ledger = Ledger(folder / "record.db")
    try:
        names = [row[0] for row in ledger._db.execute("SELECT id FROM asset")]
        found = {name: (ledger.asset(name) or ("", {}))[1] for name in names}
    finally:
        ledger.close()
    return {
        name: result["sha256"]
        for name, result in found.items()
        if (folder / result["file"]).is_file() and sha256_file(folder / result["file"]) == result["sha256"]
    }


def looked_at(folder: Path, before: dict[str, str]) -> list[str]:
    """What does not hold right after a run ended, however it ended."""
    now = accepted_in(folder)
    broken = [f"the accepted asset {name} was lost or changed" for name, digest in before.items() if now.get(name) != digest]
    if not (folder / "record.db").exists():
        return broken
    ledger = Ledger(folder / "record.db")
    try:
        if (state := ledger._db.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            broken.append(f"the record is damaged: {state}")
        for attempt in ledger.attempts():
            if attempt.state in ("received", "received_invalid"):
                path = Store(folder).path(attempt.sha256)
                if not path.is_file() or sha256(path.read_bytes()) != attempt.sha256:
                    broken.append(f"attempt {attempt.id} is booked without its bytes on disk")
    finally:
        ledger.close()
    return broken


def _final(case: Case, books: Books, folder: Path, accepted: dict[str, str], in_flight: int) -> list[str]:
    """What does not hold at the end; `in_flight` are the calls that kills may have cost."""
    broken: list[str] = []
    if accepted != case.final:
        broken.append("the final record differs from that of an undisturbed run")
    if not (folder / "run.json").is_file():
        broken.append("there is no result document")
    ledger = Ledger(folder / "record.db")
    attempts = ledger.attempts()
    ledger.close()
    charged = [attempt for attempt in attempts if attempt.state in ("received", "received_invalid", "unknown")]
    known = {attempt.request_id for attempt in attempts if attempt.state.startswith("received")}
    if len(charged) < len(books.billed):
        broken.append(f"the provider billed {len(books.billed)} calls, the ledger counts {len(charged)}")
    if not known <= set(books.billed):
        broken.append("the ledger books a call that the provider did not bill")
    if max(books.posts, len(books.billed)) > len(case.plan.prices) + in_flight + books.spoilt:
        broken.append(f"{books.posts} requests, {len(books.billed)} bills for {len(case.plan.prices)} pictures")
    if list((folder / "inbox").glob("*")):
        broken.append("an answer was left unread")
    return broken
