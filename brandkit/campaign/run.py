"""A run: get each picture once, compose, check, record. Stopping it anywhere loses nothing; running it again goes on."""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from brandkit import __version__
from brandkit.campaign.finish import finish_asset
from brandkit.campaign.ledger import Caps, Ledger, Received
from brandkit.campaign.pictures import PictureDesk
from brandkit.campaign.plan import Plan, PlannedAsset, asset_key
from brandkit.campaign.revision import set_aside
from brandkit.campaign.store import Store
from brandkit.check.series import check_series
from brandkit.errors import BackendRefused, BackendUnavailable, BrandkitError, OutputError, RunLocked, UnfinishedError
from brandkit.files import StrPath, make_folder, require_place, sha256_file, write_atomic
from brandkit.generate.answer import sniff_suffix
from brandkit.generate.backend import Backend, ImageRequest
from brandkit.generate.backends.openai import OpenAIBackend
from brandkit.generate.backends.replay import Replay
from brandkit.report import render
from brandkit.results import AssetResult, Level, RunResult
from brandkit.review.log import DecisionLog
from brandkit.review.standing import decided

T = TypeVar("T")
PAID_CALLS = 4  # under way at once: a picture takes minutes, and the smallest account may ask for five a minute


@dataclass(frozen=True)
class Event:
    """Something that happened in a run: `done` of `total` assets stand."""

    kind: Literal["made", "kept", "problem", "note"]
    text: str
    done: int
    total: int


Tell = Callable[[Event], None]


@dataclass
class _Work:
    """What the threads of a run share."""

    plan: Plan
    out: Path
    desk: PictureDesk
    ledger: Ledger
    stop: threading.Event = field(default_factory=threading.Event)
    problems: list[BrandkitError] = field(default_factory=list)


@dataclass(frozen=True)
class _Options:
    retry_unknown: bool
    record: Path | None
    batch: bool
    resume: bool
    parallel: int | None
    tell: Tell


def run_plan(
    plan: Plan,
    backend: Backend,
    out: StrPath,
    *,
    retry_unknown: bool = False,
    record: Path | None = None,
    batch: bool = False,
    resume: bool = False,
    parallel: int | None = None,
    on_event: Tell | None = None,
) -> RunResult:
    """Make what `plan` says into `out`, and keep what already stands there unchanged.

    Args:
        plan: From `make_plan`.
        backend: The one the plan was priced with.
        out: Run folder: assets, raw pictures, record, `run.json` and `report.html`.
        retry_unknown: Buy pictures again whose answers were lost and may have been billed.
        record: Folder where every answer bought in this run is also recorded for the backend `replay`.
        batch: Submit what is missing as a batch, for half the price within a day, and make what stands already.
        resume: Collect batches and make what stands, and buy nothing new.
        parallel: Calls under way at once, at least 1; by default 4 for a backend that costs money, else one for each core.
        on_event: Called from the calling thread with each asset made or kept, each problem and note; with previews from others.

    Returns:
        The result document, which also stands in `out/run.json`, with what people decided about these very files.

    Raises:
        RunLocked: Another process works in `out`.
        OutputError: `out` cannot be written, or its record is gone.
        InputError: `decisions.jsonl` in `out` is damaged.
        UnfinishedError: Some assets could not be made; everything else is made, recorded and reported. Running again resumes.
    """
    options = _Options(retry_unknown, record, batch, resume, parallel, on_event or (lambda event: None))
    out = Path(out)
    with _locked(out):
        DecisionLog(out).read()  # a damaged log is told before anything is bought
        return _run(plan, backend, out, options)


def _run(plan: Plan, backend: Backend, out: Path, options: _Options) -> RunResult:
    ledger = Ledger(out / "record.db")
    try:
        desk = _desk(plan, backend, ledger, out, options)
        for folder, count in set_aside(plan, ledger, out).items():
            _note(options.tell, f"the kit was edited since: {count} assets of its old revision are in {out / folder}", plan)
        for conflict in plan.conflicts:
            if conflict.level is Level.MUST or conflict.place == plan.campaign.where("model"):
                _note(options.tell, f"{conflict.place}: {conflict.message} ({conflict.remedy})", plan)
        _show_previews(backend, plan, out, options.tell)
        _batches(plan, desk, options.batch and not options.resume, options.tell)
        work = _Work(plan, out, desk, ledger)
        calls = options.parallel or (PAID_CALLS if plan.most else os.cpu_count() or 1)
        assets = _run_all(work, calls, options.tell)
        result = decided(_result(plan, ledger, check_series(assets, out, plan.campaign.brand)), out)
    finally:
        ledger.close()
    write_atomic(out / "run.json", render(result, "json"))
    write_atomic(out / "report.html", render(result, "html", root=out))
    if work.problems:
        raise _unfinished(work, len(assets))
    return result


def _desk(plan: Plan, backend: Backend, ledger: Ledger, out: Path, options: _Options) -> PictureDesk:
    """Where pictures come from, with the ledger and the store as the last run, however it ended, should have left them."""
    store = Store(out)
    if plan.most and ledger.is_new() and not store.is_empty():
        hint = "restore record.db from a backup; or take objects/ and inbox/ away, and everything is bought again"
        raise OutputError(f"{out} holds pictures, and its record of what was paid for is gone", hint=hint)
    ledger.recover()
    store.recover()
    caps, recorder = Caps(plan.budget, plan.budget_per_day), Replay(options.record) if options.record else None
    return PictureDesk(backend, ledger, store, caps, options.retry_unknown, buying=not options.resume, recorder=recorder)


def _note(tell: Tell, text: str, plan: Plan) -> None:
    tell(Event("note", text, 0, len(plan.assets)))


def _show_previews(backend: Backend, plan: Plan, out: Path, tell: Tell) -> None:
    """Let previews be written where a person can look at them; nothing ever reads them back."""
    if not isinstance(backend, OpenAIBackend) or not backend.previews:
        return

    def show(fingerprint: str, number: int, data: bytes) -> None:
        path = out / "previews" / f"{fingerprint[:12]}.{sniff_suffix(data)}"
        write_atomic(path, data)
        _note(tell, f"preview {number + 1} of {backend.previews}: {path}", plan)

    backend.on_preview = show


def _batches(plan: Plan, desk: PictureDesk, submitting: bool, tell: Tell) -> None:
    """Collect what batches have answered, and submit a new one where that is wanted."""
    if not submitting and not desk.ledger.open_batches():
        return
    from brandkit.campaign.batch import BatchDesk

    def told(text: str) -> None:
        _note(tell, text, plan)

    requests = {asset.request.fingerprint: asset.request for asset in plan.assets if asset.request}
    batches = BatchDesk(desk)
    batches.collect(requests, told)
    if submitting:
        batches.submit([(request, plan.prices[fingerprint]) for fingerprint, request in requests.items()], told)


def _run_all(work: _Work, calls: int, on_event: Tell) -> list[AssetResult]:
    """Every asset: kept, or made as soon as its picture is there. Calls wait for a provider, composing for a core: two pools."""
    assets = work.plan.assets
    keys = {asset.id: asset_key(asset, work.plan) for asset in assets}
    results: dict[str, AssetResult] = {}
    with ThreadPoolExecutor(calls) as buying, ThreadPoolExecutor(os.cpu_count() or 1) as making:
        try:
            kept = making.map(lambda asset: _kept(work, asset, keys[asset.id]), assets)
            for asset, result in zip(assets, kept, strict=True):
                if result is not None:
                    results[asset.id] = result
                    on_event(Event("kept", asset.id, len(results), len(assets)))
            left = [asset for asset in assets if asset.id not in results]
            for asset, made in _made(work, left, keys, buying, making):
                if isinstance(made, BrandkitError):
                    work.problems.append(made)
                    on_event(Event("problem", f"{asset.id}: {made}", len(results), len(assets)))
                else:
                    results[asset.id] = made
                    on_event(Event("made", asset.id, len(results), len(assets)))
                    for note in made.notes:
                        on_event(Event("note", f"{asset.id}: {note}", len(results), len(assets)))
        except BaseException:  # what is under way is brought home and booked, what is not is not begun
            work.stop.set()
            buying.shutdown(cancel_futures=True)
            making.shutdown(cancel_futures=True)
            raise
    return [results[asset.id] for asset in assets if asset.id in results]


def _made(
    work: _Work, left: Sequence[PlannedAsset], keys: dict[str, str], buying: ThreadPoolExecutor, making: ThreadPoolExecutor
) -> Iterator[tuple[PlannedAsset, AssetResult | BrandkitError]]:
    """Each asset with its result or with what kept it from being made; assets that a stop left alone are passed over."""
    requests = {asset.request.fingerprint: asset.request for asset in left if asset.request}
    pictures = {fingerprint: buying.submit(_bought, work, request) for fingerprint, request in requests.items()}
    finishing: dict[Future[AssetResult], PlannedAsset] = {}
    waiting: dict[Future[Received | None], list[PlannedAsset]] = {}
    for asset in left:
        if asset.request is None:
            finishing[making.submit(_finished, work, asset, keys[asset.id], None)] = asset
        else:
            waiting.setdefault(pictures[asset.request.fingerprint], []).append(asset)
    while waiting or finishing:
        everything: list[Future[Any]] = [*waiting, *finishing]
        done = wait(everything, return_when=FIRST_COMPLETED).done
        for picture in [future for future in waiting if future in done]:
            received = _outcome(picture)
            for asset in waiting.pop(picture):
                if isinstance(received, BrandkitError):
                    yield asset, received
                elif received is not None:
                    finishing[making.submit(_finished, work, asset, keys[asset.id], received)] = asset
        for future in [future for future in finishing if future in done]:
            made: AssetResult | BrandkitError = _outcome(future)
            yield finishing.pop(future), made


def _outcome(future: Future[T]) -> T | BrandkitError:
    try:
        return future.result()
    except BrandkitError as error:
        return error


def _bought(work: _Work, request: ImageRequest) -> Received | None:
    """The picture; None when the run is stopping."""
    if work.stop.is_set():
        return None
    try:
        return work.desk.get(request, work.plan.prices[request.fingerprint])
    except (BackendRefused, BackendUnavailable):
        raise
    except UnfinishedError:
        work.stop.set()  # key, quota, budget or disk: the next call would fail the same way
        raise


def _finished(work: _Work, asset: PlannedAsset, key: str, received: Received | None) -> AssetResult:
    raw = work.desk.store.get(received.sha256) if received else None
    result = finish_asset(asset, work.plan, work.out, received=received, raw=raw)
    work.ledger.keep_asset(asset.id, key, result.model_dump(mode="json"))
    return result


def _kept(work: _Work, asset: PlannedAsset, key: str) -> AssetResult | None:
    stored = work.ledger.asset(asset.id)
    if stored is None or stored[0] != key:
        return None
    result = AssetResult.model_validate_json(json.dumps(stored[1]))
    main = work.out / result.file
    whole = main.is_file() and sha256_file(main) == result.sha256 and all((work.out / name).is_file() for name in result.files)
    return result if whole else None


def _result(plan: Plan, ledger: Ledger, assets: Sequence[AssetResult]) -> RunResult:
    campaign = plan.campaign
    return RunResult(
        brandkit=__version__,
        brand=campaign.brand.name,
        kit_hash=campaign.brand.kit_hash,
        campaign=campaign.document.name,
        campaign_hash=campaign.campaign_hash,
        swatches=campaign.brand.swatches,
        budget_usd=None if plan.budget is None else f"{plan.budget:.2f}",
        spent_usd=f"{ledger.spent():.4f}",
        estimated_usd=f"{ledger.estimated():.4f}",
        assets=tuple(assets),
    )


def _unfinished(work: _Work, made: int) -> UnfinishedError:
    first = work.problems[0]
    total = len(work.plan.assets)
    others = f" (and {len(work.problems) - 1} more)" if len(work.problems) > 1 else ""
    return UnfinishedError(
        f"{made} of {total} assets stand in {work.out}; the rest could not be made: {first.message}{others}",
        hint=f"{first.hint + ' — ' if first.hint else ''}the same command keeps what is there and makes only the rest",
    )


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Hold the run folder; whoever comes next is told which process does."""
    require_place(out / ".lock")
    try:
        make_folder(out)
        descriptor = os.open(out / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
            raise RunLocked(
                f"{out} is in use by process {holder or 'unknown'}", hint="wait for that run to end, or choose another --out"
            ) from error
        except OSError as error:
            raise _unwritable(out, error) from error
        yield
    finally:
        os.close(descriptor)


def _unwritable(out: Path, error: OSError) -> OutputError:
    return OutputError(f"cannot write to {out}: {error.strerror}", hint="choose a writable folder with --out")
