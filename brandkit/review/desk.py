"""Where decisions are taken: the run as it is on disk now, its assets in the order of their risk, and one decision at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from brandkit.errors import InputError
from brandkit.files import contained, sha256, sha256_file, write_atomic
from brandkit.results import Action, AssetResult, Decision, Record, RunResult, Verdict
from brandkit.review.kit import KitReference
from brandkit.review.log import MAX_NOTE, DecisionLog, Outcome, Wish
from brandkit.review.pictures import read_exactly
from brandkit.review.reading import against, reading
from brandkit.review.standing import CHANGED, RUN, asset_path, changed, laid_on, read_run, unchanged, with_decisions

SUPERSEDED = "superseded"  # folder of what older revisions of the kit made, as a run sets it aside
ACCEPTED = "accepted"  # folder of the files that were accepted, byte for byte, under their hash


class Posted(Record):
    """A decision as the page sends it, with everything that its author was shown."""

    asset: str = Field(max_length=64)
    """The asset's key."""
    action: Action
    note: str = Field(default="", max_length=4 * MAX_NOTE)
    reviewer: str = Field(default="", max_length=400)
    after: int = Field(ge=0)
    sha256: str = Field(max_length=64)
    reading: str = Field(max_length=64)
    token: str = Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9-]+$")


class Kind(StrEnum):
    """What became of a posted decision."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    OVERTAKEN = "overtaken"
    STALE = "stale"
    UNKNOWN = "unknown"


class Answer(NamedTuple):
    """What became of a posted decision, in words for its author, and the decision that stands in the log."""

    kind: Kind
    words: str
    decision: Decision | None = None


@dataclass(frozen=True)
class Queue:
    """A run with what people decided, the riskiest asset first."""

    result: RunResult
    assets: Mapping[str, AssetResult]
    """Key to asset, in the order in which they should be looked at."""
    versions: Mapping[str, int]
    """Asset id to the number of the last decision about it."""
    torn: str
    """What a crash left of an unfinished decision."""


class Seen(NamedTuple):
    """An asset as it stands, and every decision about it, oldest first."""

    asset: AssetResult
    history: tuple[Decision, ...]

    @property
    def version(self) -> int:
        """The number of the last decision about it; 0 when there is none."""
        return self.history[-1].seq if self.history else 0


class Desk:
    """A run folder under review. Every call reads what is on disk now: a run may be at work in the folder.

    Args:
        folder: The run folder: `run.json` is read, `decisions.jsonl` and `accepted/` are written.
        root: Folder that the assets must lie in.
        reviewer: Who decides when the page does not say.
        references: The kit's pictures that every asset can be laid beside.
    """

    def __init__(self, folder: Path, root: Path, reviewer: str, references: Iterable[KitReference] = ()) -> None:
        self.folder, self.root, self.reviewer = folder, root, reviewer
        self.references = {reference.name: reference for reference in references}
        self.log = DecisionLog(folder)
        self._lock = threading.Lock()
        self._read: tuple[tuple[int, ...], RunResult, dict[str, AssetResult]] | None = None
        self._seen: dict[tuple[str, str, tuple[int, ...]], bool] = {}

    def document(self) -> tuple[RunResult, dict[str, AssetResult]]:
        """The result document as it was measured, and its assets by key."""
        with self._lock:
            stamp = _stamp(self.folder / RUN)
            if self._read is None or self._read[0] != stamp:
                result = read_run(self.folder)
                self._read = (stamp, result, {key_of(asset): asset for asset in result.assets})
            return self._read[1], self._read[2]

    def revision(self) -> str:
        """Changes whenever run.json does, so that a page learns that a run ended."""
        return sha256(repr(_stamp(self.folder / RUN)).encode())[:12]

    def queue(self) -> Queue:
        """Everything that the page lists."""
        decisions = self.log.read()
        result = with_decisions(self.document()[0], decisions)
        assets = [asset if self._unchanged(asset) else changed(asset, self.root) for asset in result.assets]
        versions = {decision.asset: decision.seq for decision in decisions}
        return Queue(result, {key_of(asset): asset for asset in sorted(assets, key=risk)}, versions, self.log.torn)

    def one(self, key: str) -> Seen | None:
        """One asset with what people decided about it; None when the run has no such asset any more."""
        asset = self.document()[1].get(key)
        if asset is None:
            return None
        history = tuple(decision for decision in self.log.read() if decision.asset == asset.id)
        now = laid_on(asset, history[-1] if history else None)
        return Seen(now if self._unchanged(asset) else changed(now, self.root), history)

    def decide(self, posted: Posted) -> Answer:
        """Record a decision, if it was made for the file that lies there now and nobody decided meanwhile.

        Raises:
            InputError: A reason or a name is missing or too long, or the log is damaged.
            OutputError: It cannot be written; nothing was recorded.
        """
        asset = self.document()[1].get(posted.asset)
        if asset is None:
            return Answer(Kind.UNKNOWN, "there is no such asset in this run any more")
        if posted.sha256 != asset.sha256 or posted.reading != reading(asset):
            return Answer(Kind.STALE, f"{asset.id} was made or measured anew since you looked; look again")
        wish = Wish(asset, posted.action, posted.reviewer or self.reviewer, posted.note, posted.after, posted.token)
        if wish.action is not Action.UNDO:
            try:
                data = read_exactly(asset_path(self.root, asset), asset.sha256)
            except InputError:
                return Answer(Kind.STALE, f"{CHANGED}; wait for the run to end, or run or check again")
            if wish.action is Action.ACCEPT and not self.accepted_path(asset.sha256).exists():
                write_atomic(self.accepted_path(asset.sha256), data)
        outcome, decision = self.log.append(wish)
        return Answer(Kind(outcome.value), _words(outcome, decision), decision)

    def accepted_path(self, digest: str) -> Path:
        """Where the accepted file with this SHA-256 stands, whether or not it exists."""
        return self.folder / ACCEPTED / digest

    def comparisons(self, asset: AssetResult) -> dict[str, tuple[Path, str]]:
        """What the asset can be laid beside: name to file and SHA-256, for files that exist."""
        found = {}
        before = next((made for made in reversed(self.log.read()) if made.asset == asset.id and made.action is Action.ACCEPT), None)
        if before and before.sha256 != asset.sha256:
            found["accepted"] = (self.accepted_path(before.sha256), before.sha256)
        if earlier := self._superseded(asset):
            found["earlier"] = (earlier, sha256_file(earlier))
        if asset.picture and len(digest := asset.picture.sha256) == 64 and digest.isalnum():
            found["raw"] = (contained(self.folder, f"objects/{digest[:2]}/{digest}"), digest)
        return {name: pair for name, pair in found.items() if pair[0].is_file()}

    def _superseded(self, asset: AssetResult) -> Path | None:
        """The asset as the last revision of the kit made it, which a run set aside."""
        try:
            made = [contained(revision, asset.file) for revision in (self.folder / SUPERSEDED).glob("*")]
        except InputError:
            return None
        return max((path for path in made if path.is_file()), key=lambda path: path.stat().st_mtime_ns, default=None)

    def _unchanged(self, asset: AssetResult) -> bool:
        """`unchanged`, hashed again only when the file's times or size moved; for showing, never for deciding."""
        try:
            seen = (asset.file, asset.sha256, _stamp(asset_path(self.root, asset)))
        except InputError:
            return False
        if seen not in self._seen:
            self._seen[seen] = unchanged(asset, self.root)
        return self._seen[seen]


def key_of(asset: AssetResult) -> str:
    """An opaque id for addresses: no part of a name or path ever stands in one."""
    return sha256(asset.id.encode())[:20]


def risk(asset: AssetResult) -> tuple[int, float, str]:
    """Sorts the riskiest first: by verdict, then by how far over the limit the worst must check is."""
    drift = max((check.drift or 0 for check in against(asset)), default=0.0)
    return (-asset.verdict.weight, -drift or -(asset.drift or 0), asset.id)


def is_open(asset: AssetResult) -> bool:
    """Whether a person has to look: nothing valid was decided, and it does not pass by itself."""
    return bool(asset.stale) or (asset.decision is None and asset.verdict is not Verdict.PASS)


def _words(outcome: Outcome, decision: Decision | None) -> str:
    if outcome is not Outcome.OVERTAKEN:
        return "recorded"
    if decision is None:
        return "this asset's decisions are not what you saw; look again"
    what = {Action.ACCEPT: "accepted it", Action.REJECT: "rejected it", Action.UNDO: "took the last decision back"}[decision.action]
    why = f": “{decision.note}”" if decision.note else ""
    return f"{decision.reviewer} {what} meanwhile{why}. Yours was not recorded; decide again if you still want to."


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        stat = path.stat()
    except OSError:
        return ()
    return (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino)
