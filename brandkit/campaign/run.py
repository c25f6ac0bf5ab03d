"""A run: get each picture once, compose, check, record. Stopping it anywhere loses nothing; running it again goes on."""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from brandkit import __version__
from brandkit.campaign.finish import finish_asset
from brandkit.campaign.ledger import Ledger, Received
from brandkit.campaign.pictures import PictureDesk
from brandkit.campaign.plan import Plan, PlannedAsset, asset_key
from brandkit.campaign.store import Store
from brandkit.check.series import check_series
from brandkit.errors import BackendRefused, BackendUnavailable, BrandkitError, OutputError, RunLocked, UnfinishedError
from brandkit.files import sha256_file, write_atomic
from brandkit.generate.backend import Backend
from brandkit.generate.backends.replay import Replay
from brandkit.report import render
from brandkit.results import AssetResult, RunResult


@dataclass(frozen=True)
class Event:
    """Something that happened in a run: `done` of `total` assets stand."""

    kind: Literal["made", "kept", "problem"]
    text: str
    done: int
    total: int


@dataclass
class _Work:
    """What the threads of a run share."""

    plan: Plan
    out: Path
    desk: PictureDesk
    ledger: Ledger
    stop: threading.Event = field(default_factory=threading.Event)
    locks: dict[str, threading.Lock] = field(default_factory=dict)
    problems: list[BrandkitError] = field(default_factory=list)


def run_plan(
    plan: Plan,
    backend: Backend,
    out: Path,
    *,
    retry_unknown: bool = False,
    record: Path | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> RunResult:
    """Make what `plan` says into `out`, and keep what already stands there unchanged.

    Args:
        plan: From `make_plan`.
        backend: The one the plan was priced with.
        out: Run folder: assets, raw pictures, record, `run.json` and `report.html`.
        retry_unknown: Buy pictures again whose answers were lost and may have been billed.
        record: Folder where every answer bought in this run is also recorded for the backend `replay`.
        on_event: Called from the calling thread with each asset made or kept and each problem.

    Returns:
        The result document, which also stands in `out/run.json`.

    Raises:
        RunLocked: Another process works in `out`.
        OutputError: `out` cannot be written.
        UnfinishedError: Some assets could not be made; everything else is made, recorded and reported. Running again resumes.
    """
    with _locked(out):
        ledger = Ledger(out / "record.db")
        try:
            ledger.recover()
            desk = PictureDesk(backend, ledger, Store(out), plan.budget, retry_unknown, Replay(record) if record else None)
            work = _Work(plan, out, desk, ledger, locks={fingerprint: threading.Lock() for fingerprint in plan.prices})
            assets = _run_all(work, on_event or (lambda event: None))
            result = _result(plan, ledger, check_series(assets, out, plan.campaign.brand))
        finally:
            ledger.close()
        write_atomic(out / "run.json", render(result, "json"))
        write_atomic(out / "report.html", render(result, "html", root=out))
    if work.problems:
        raise _unfinished(work, len(assets))
    return result


def _run_all(work: _Work, on_event: Callable[[Event], None]) -> list[AssetResult]:
    total = len(work.plan.assets)
    results: dict[str, AssetResult] = {}
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        futures = {pool.submit(_one, work, asset): asset for asset in work.plan.assets}
        try:
            for future in as_completed(futures):
                asset = futures[future]
                try:
                    made = future.result()
                except BrandkitError as error:
                    work.problems.append(error)
                    on_event(Event("problem", f"{asset.id}: {error}", len(results), total))
                    continue
                if made is not None:
                    results[asset.id] = made[0]
                    on_event(Event("made" if made[1] else "kept", asset.id, len(results), total))
        except BaseException:
            work.stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    return [results[asset.id] for asset in work.plan.assets if asset.id in results]


def _one(work: _Work, asset: PlannedAsset) -> tuple[AssetResult, bool] | None:
    """The asset's result and whether it was made now; None when the run is stopping."""
    key = asset_key(asset, work.plan)
    if (kept := _kept(work, asset, key)) is not None:
        return kept, False
    if work.stop.is_set():
        return None
    received = _picture(work, asset)
    raw = work.desk.store.get(received.sha256) if received else None
    result = finish_asset(asset, work.plan, work.out, received=received, raw=raw)
    work.ledger.keep_asset(asset.id, key, result.model_dump(mode="json"))
    return result, True


def _picture(work: _Work, asset: PlannedAsset) -> Received | None:
    request = asset.request
    if request is None:
        return None
    with work.locks[request.fingerprint]:
        try:
            return work.desk.get(request, work.plan.prices[request.fingerprint])
        except (BackendRefused, BackendUnavailable):
            raise
        except UnfinishedError:
            work.stop.set()  # key, quota, budget or disk: the next call would fail the same way
            raise


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
    try:
        out.mkdir(parents=True, exist_ok=True)
        file = (out / ".lock").open("a+")
    except OSError as error:
        raise OutputError(f"cannot write to {out}: {error.strerror}", hint="choose a writable folder with --out") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise RunLocked(
                f"{out} is in use by process {file.read().strip() or 'unknown'}", hint="wait for that run to end, or choose another --out"
            ) from error
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield
