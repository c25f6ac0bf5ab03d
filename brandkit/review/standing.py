"""What holds of the decisions: each is laid against the asset as it is now, and what it was not made for does not count."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from brandkit.errors import InputError
from brandkit.files import contained, sha256_file
from brandkit.results import Action, AssetResult, Decision, RunResult, Verdict
from brandkit.review.log import DecisionLog, latest
from brandkit.review.reading import against, reading

CHANGED = "the file is not the one that was checked"
GONE = "there is no such file here; go to the folder that it was checked in, or say with --files where it lies"
RUN = "run.json"


def why_stale(decision: Decision, asset: AssetResult) -> str:
    """Why a decision does not hold for an asset as it is now; "" when it holds.

    A rejection holds for the file, whatever the kit says later. An acceptance also needs the kit and the readings it was made for.
    """
    if decision.sha256 != asset.sha256:
        return "the file was made anew"
    if decision.action is Action.REJECT:
        return ""
    if decision.kit_hash != asset.kit_hash:
        return "the kit was edited"
    if decision.reading != reading(asset):
        names = ", ".join(check.check for check in against(asset)) or "nothing"
        return f"it is measured differently now; against it: {names}"
    return ""


def with_decisions(result: RunResult, decisions: Sequence[Decision]) -> RunResult:
    """The result with the last decision about each asset, and whether it still holds."""
    last = latest(tuple(decisions))
    return result.model_copy(update={"assets": tuple(laid_on(asset, last.get(asset.id)) for asset in result.assets)})


def decided(result: RunResult, folder: Path) -> RunResult:
    """`with_decisions`, from the log in `folder`."""
    return with_decisions(result, DecisionLog(folder).read())


def read_run(folder: Path) -> RunResult:
    """The result document of a run folder, as it was measured.

    Raises:
        InputError: There is none, or it is not one.
    """
    path = folder / RUN
    try:
        return RunResult.model_validate(json.loads(path.read_bytes()))  # not pydantic's reader: names of files may be no UTF-8
    except FileNotFoundError:
        hint = "give the folder of `brandkit run --out` or `brandkit check --out`; a run writes run.json when it ends"
        raise InputError(f"{folder}: there is no {RUN} here", hint=hint) from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}", hint="check its permissions") from error
    except ValueError as error:
        if not isinstance(error, ValidationError):
            raise InputError(f"{path}: not a result document: {error}", hint="run or check again with this brandkit") from error
        first = error.errors()[0]
        raise InputError(
            f"{path}: not a result document: {'.'.join(map(str, first['loc']))} {first['msg']}",
            hint="run or check again with this brandkit",
        ) from error


def asset_path(root: Path, asset: AssetResult) -> Path:
    """The asset's main file inside `root`: a path from there, else one from the current folder, or an absolute one, that lies there.

    Raises:
        InputError: It lies elsewhere.
    """
    base = root.resolve()
    name = asset.file
    if "\0" not in name and (os.path.isabs(name) or not (base / name).resolve().is_relative_to(base) or not (base / name).exists()):
        folder, own = os.path.split(os.path.abspath(name))
        there = Path(os.path.realpath(folder)) / own
        name = there.relative_to(base).as_posix() if there.is_relative_to(base) else name
    return contained(base, name)


def unchanged(asset: AssetResult, root: Path) -> bool:
    """Whether the asset's file is inside `root` and, byte for byte, the one that was checked."""
    try:
        return sha256_file(asset_path(root, asset)) == asset.sha256
    except (InputError, OSError):
        return False


def standing_run(folder: Path, root: Path) -> RunResult:
    """The result document with what holds now: decisions laid on, and files that are not the checked ones put to a person.

    Raises:
        InputError: No result document, or a damaged log.
    """
    result = decided(read_run(folder), folder)
    return result.model_copy(update={"assets": tuple(asset if unchanged(asset, root) else changed(asset, root) for asset in result.assets)})


def changed(asset: AssetResult, root: Path) -> AssetResult:
    """An asset whose file is gone or not the one that was checked: neither its verdict nor a decision says anything about it."""
    try:
        why = CHANGED if asset_path(root, asset).exists() else GONE
    except (InputError, OSError):
        why = GONE
    return asset.model_copy(update={"stale": why, "verdict": Verdict.worst([asset.verdict, Verdict.REVIEW])})


def laid_on(asset: AssetResult, decision: Decision | None) -> AssetResult:
    """The asset with the last decision about it, and whether that still holds."""
    if decision is None or decision.action is Action.UNDO:
        return asset.model_copy(update={"decision": None, "stale": ""})
    return asset.model_copy(update={"decision": decision, "stale": why_stale(decision, asset)})
