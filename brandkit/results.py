"""The one result document: what was made, measured and judged. Everything shown or stored is a rendering of it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

SCHEMA = "brandkit/run@1"
DECISION_SCHEMA = "brandkit/decision@1"


class Verdict(StrEnum):
    """What may be done with an asset, from good to bad.

    `not_checked` weighs more than `pass` (nobody knows) and counts as `review` where the check is a must.
    """

    PASS = "pass"
    NOT_CHECKED = "not_checked"
    REVIEW = "review"
    FAIL = "fail"

    @property
    def weight(self) -> int:
        return list(Verdict).index(self)

    @staticmethod
    def worst(verdicts: Iterable[Verdict]) -> Verdict:
        """The worst of `verdicts`; `pass` when there are none."""
        return max(verdicts, key=lambda verdict: verdict.weight, default=Verdict.PASS)


class Level(StrEnum):
    """How binding a rule is: only `must` rules decide an asset's verdict."""

    MUST = "must"
    SHOULD = "should"


class Record(BaseModel):
    """Base of all parts of the result document: frozen, and unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Region(Record):
    """A rectangle in the asset, in whole pixels from its top left corner."""

    x: int
    y: int
    w: int
    h: int


class Limit(Record):
    """Two limits in a physical unit: values up to `review_at` pass, from `fail_at` on fail, a person decides between."""

    review_at: float
    fail_at: float
    unit: str
    source: str = "default"
    """Where the limit comes from: `default`, `brand.yaml:41`, or `calibration`."""
    higher_is_worse: bool = True
    most: Verdict = Verdict.FAIL
    """The worst verdict that it gives here: `review` where only a person can tell, however far a value is off."""

    def verdict(self, value: float) -> Verdict:
        """The verdict on a measured `value` in `unit`."""
        sign = 1 if self.higher_is_worse else -1
        if sign * value <= sign * self.review_at:
            return Verdict.PASS
        return min(Verdict.FAIL if sign * value >= sign * self.fail_at else Verdict.REVIEW, self.most, key=lambda verdict: verdict.weight)

    def drift(self, value: float) -> float:
        """`value` mapped to [0, 1] for ranking and plots: 0.5 at `review_at`, 1 from `fail_at` on.

        Piecewise linear from the best value (0 where higher is worse; twice `review_at` where lower is worse).
        """
        best = 0.0 if self.higher_is_worse else 2 * self.review_at
        if value == best or (value < best) == self.higher_is_worse:
            return 0.0
        if self.review_at != best:
            part = (value - best) / (self.review_at - best)
            if part <= 1:
                return max(0.0, part / 2)
        if self.fail_at == self.review_at:
            return 1.0
        return min(1.0, 0.5 + 0.5 * (value - self.review_at) / (self.fail_at - self.review_at))


class Finding(Record):
    """One fault that a check saw, with its number, its limit, its place and what to do."""

    check: str
    code: str
    """The reason within the check, e.g. `stretched` in `logo-altered`."""
    verdict: Verdict
    message: str
    measured: float | None = None
    unit: str = ""
    limit: Limit | None = None
    region: Region | None = None
    remedy: str = ""


class Measurement(Record):
    """One number that a check read, whether or not it is a fault: shown as expected against measured."""

    name: str
    """What was measured, e.g. `pine` or `aspect`."""
    measured: str
    """What was read, in words or as a hex colour: `#1F4E3A`, `1.4 %`."""
    expected: str = ""
    value: float | None = None
    unit: str = ""
    limit: Limit | None = None
    """The limit that this value was held to; None where it was held to none."""
    region: Region | None = None


class CheckResult(Record):
    """The outcome of one check on one asset."""

    check: str
    version: int
    level: Level
    title: str
    """What holds when the check passes."""
    verdict: Verdict
    measured: float | None = None
    """The number that decided, in `unit`, and `limit` gives it this verdict: of the worst finding, else of the reading nearest to its
    limit. None when no number decided: nothing could be measured, or the fault is none of degree."""
    unit: str = ""
    limit: Limit | None = None
    """The limit that `measured` was held to; without a number, the check's."""
    drift: float | None = None
    """`measured` mapped to [0, 1] by `Limit.drift`; for ranking only."""
    reason: str = ""
    """Why the check could not be made; set exactly when `verdict` is `not_checked`."""
    findings: tuple[Finding, ...] = ()
    measurements: tuple[Measurement, ...] = ()


class Source(Record):
    """A prompt clause with the place in the brand or campaign file that it comes from."""

    section: str
    text: str
    level: Level
    source: str


class PictureRecord(Record):
    """How the picture underneath was made."""

    backend: str
    model: str
    fingerprint: str
    sha256: str
    size: str
    """Width × height of the raw answer, e.g. `1536x1024`."""
    crop: tuple[int, int, int, int] | None = None
    """The part of the raw picture that was used: x, y, w, h in its pixels."""
    cost_usd: str = "0"
    request_id: str = ""
    prompt: str = ""
    clauses: tuple[Source, ...] = ()
    references: tuple[str, ...] = ()


class Action(StrEnum):
    """What a person did about an asset."""

    ACCEPT = "accept"
    REJECT = "reject"
    UNDO = "undo"
    """Take the last decision back: nobody has decided."""


class Decision(Record):
    """What a person decided about one asset, and exactly what it was decided on. One line of `decisions.jsonl`."""

    schema_version: str = DECISION_SCHEMA
    seq: int
    """Its number in the log, from 1 without gaps."""
    after: int
    """The number of the decision about this asset that the person had seen; 0 when there was none."""
    asset: str
    action: Action
    note: str = ""
    """Why, in the person's words."""
    reviewer: str
    at: str
    """UTC, ISO 8601."""
    sha256: str
    """Of the file that was looked at."""
    kit_hash: str
    reading: str
    """SHA-256 over everything that speaks against the asset: the must checks that do not pass, with their versions and numbers."""
    verdict: Verdict
    """What had been measured."""
    checks: dict[str, int] = {}
    """Check id to its version, of every check made."""
    token: str = ""
    """Names one click, so that a click sent twice counts once."""


class AssetResult(Record):
    """One asset: its files, how it was made, and what the checks say."""

    id: str
    file: str
    """Path of the main file, relative to the run folder (or as given, for a foreign asset)."""
    files: tuple[str, ...] = ()
    sha256: str
    width: int
    """0 where the picture could not be read."""
    height: int
    verdict: Verdict
    concept: str = ""
    format: str = ""
    locale: str = ""
    variant: int = 1
    template: str = ""
    picture: PictureRecord | None = None
    boxes: dict[str, Region] = {}
    """Where the layout put each slot and mark."""
    notes: tuple[str, ...] = ()
    """What whoever uses it should know of its making: a picture that came in another shape, a further file that is too heavy."""
    checks: tuple[CheckResult, ...] = ()
    kit_hash: str = ""
    """The kit that it was made from and judged by: SHA-256 over the resolved values and every file they name."""
    drift: float | None = None
    """How unusual it is among the brand's approved pictures, in [0, 1], for ordering only; None where nobody calibrated."""
    unbranded: bool = False
    """Whether, made elsewhere, it shows neither a mark of the brand nor one of its colours; False also where nobody looked for both."""
    decision: Decision | None = None
    """The last thing a person decided about it, unless it was taken back; `decisions.jsonl` is the truth, this is what it said then."""
    stale: str = ""
    """Why that decision does not hold any more, or why the file is not the one that was checked; "" when neither is so."""

    @property
    def unread(self) -> bool:
        """True when reading the picture crashed or exhausted the decoder, so that nothing about it is known, and nobody cleared it."""
        return self.width == 0 and self.standing is Verdict.REVIEW

    @property
    def standing(self) -> Verdict:
        """What holds now: a person's word about exactly this file, else what was measured."""
        if self.decision is None or self.stale:
            return self.verdict
        return Verdict.PASS if self.decision.action is Action.ACCEPT else Verdict.FAIL


class Swatch(Record):
    """A palette colour as the brand declares it."""

    name: str
    hex: str
    role: str
    share: tuple[float, float] | None = None


class RunResult(Record):
    """The result document of a run or a check."""

    schema_version: str = SCHEMA
    brandkit: str
    """Version of brandkit that made it."""
    brand: str
    kit_hash: str
    campaign: str = ""
    campaign_hash: str = ""
    swatches: tuple[Swatch, ...] = ()
    budget_usd: str | None = None
    spent_usd: str = "0"
    """For answers, and for calls whose answer was lost, in this run folder."""
    estimated_usd: str = "0"
    """What the received pictures were expected to cost; the difference is the estimate's error."""
    assets: tuple[AssetResult, ...]

    @property
    def verdict(self) -> Verdict:
        return Verdict.worst(asset.verdict for asset in self.assets)

    def exit_code(self, *, accept_review: bool = False) -> int:
        """0 when every asset passes or was accepted, else 1: what nobody cleared is not on-brand, and neither is what was rejected.

        3 when a picture could not be read here, so that the others are not the whole answer.

        Args:
            accept_review: Give 0 also when assets wait for a person, so that only a `fail` stops a pipeline.
        """
        if any(asset.unread for asset in self.assets):
            return 3
        standing = Verdict.worst(asset.standing for asset in self.assets)
        if accept_review:
            return 1 if standing is Verdict.FAIL else 0
        return 0 if standing is Verdict.PASS else 1

    def to_json(self) -> dict[str, Any]:
        """The document as plain JSON values."""
        return self.model_dump(mode="json")


def asset_verdict(checks: Iterable[CheckResult]) -> Verdict:
    """The worst `must` check decides; a `must` check that could not be made asks for a person, and so does no check at all."""
    made = list(checks)
    if not made:
        return Verdict.REVIEW
    verdicts = [check.verdict for check in made if check.level is Level.MUST]
    return Verdict.worst(Verdict.REVIEW if verdict is Verdict.NOT_CHECKED else verdict for verdict in verdicts)
