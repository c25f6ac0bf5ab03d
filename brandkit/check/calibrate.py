"""Fitting a brand's limits to pictures that it approved, and showing what they would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from brandkit import __version__
from brandkit.brand.calibration import Calibration, Example, Excluded, Fit, Likeness
from brandkit.brand.resolve import Brand
from brandkit.check.ahead import read_ahead
from brandkit.check.fit import fit_check, left_out, number_of, parts_of
from brandkit.check.likeness import FEWEST, VERSION, Floats, Readings, read_alone, unlike_others, weigh
from brandkit.check.limits import limit_for, require_checks
from brandkit.check.registry import Check, load_checks
from brandkit.check.run import Heard, run_check, walk_pictures
from brandkit.check.subject import Subject
from brandkit.errors import InputError, UnfinishedError
from brandkit.files import StrPath, as_paths
from brandkit.image.apart import load_apart
from brandkit.image.load import Picture
from brandkit.metric.conformal import Interval, share
from brandkit.metric.likeness import Look, distances, look_of
from brandkit.results import CheckResult, Verdict, asset_verdict

Role = Literal["approved", "rejected"]
DIGITS = 4  # decimals of a strangeness


class Listed(NamedTuple):
    """A picture that was given."""

    role: Role
    path: Path
    file: str
    """`path` from the folder that was given on: the same on every machine."""


@dataclass(frozen=True)
class Measured:
    """One picture with what the checks say under the limits that hold now."""

    path: Path
    file: str
    """`path` from the folder that was given on: the same on every machine."""
    role: Role
    sha256: str
    checks: tuple[CheckResult, ...]
    numbers: Mapping[str, float]
    """Check id, or `check/reading`, to what was read, where anything was."""
    look: Look
    alone: Floats
    """See `brandkit.check.likeness.Readings`."""


@dataclass(frozen=True)
class Outcome:
    """A calibration, and the verdicts on its own examples before and with it."""

    calibration: Calibration
    before: Mapping[Role, Counter[Verdict]]
    after: Mapping[Role, Counter[Verdict]]
    changed: tuple[tuple[str, Verdict, Verdict], ...]
    """File, verdict before, verdict with the new limits."""
    left_out: Interval
    """Share of the approved pictures that the limits of all others flag on any check."""
    caught: Interval | None
    """Share of the rejected pictures that would not pass; None without any. A calibration never moves a limit for them."""
    overruled: Mapping[str, str]
    """Check id to the line of the brand file whose limits stay in force."""
    unread: bool
    """Whether a picture that may be good could not be read here; `calibration.excluded` names it and says why."""


def calibrate(
    brand: Brand,
    approved: StrPath | Sequence[StrPath],
    rejected: StrPath | Sequence[StrPath] = (),
    *,
    alpha: float = 0.01,
    on_file: Heard | None = None,
) -> Outcome:
    """Measure the examples and fit every check's limits.

    Args:
        brand: The brand; a calibration that it has is what the new one is compared with.
        approved: One or several pictures, or folders of them, that the brand stands by.
        rejected: Pictures that it turned down: they show what the limits catch, and never move one.
        alpha: False-alarm rate for each check, in (0, 1).
        on_file: Told of each picture before it is measured.

    A picture that crashes or exhausts the decoder's own process is left out and told, as is one that is no picture.

    Raises:
        BrandFileError: The brand's gate names a check that does not exist.
        InputError: A path is missing, a folder holds no picture, or a picture is both approved and rejected.
    """
    if not 0 < alpha < 1:
        raise InputError(f"--alpha must lie between 0 and 1, got {alpha:g}", hint="0.01 lets one on-brand picture in a hundred wait")
    require_checks(brand)
    listed = [*_listed("approved", as_paths(approved)), *_listed("rejected", as_paths(rejected))]
    if not any(one.role == "approved" for one in listed):
        raise InputError(f"there is no picture in {', '.join(map(str, as_paths(approved)))}", hint="give a folder of approved pictures")
    examples, excluded, unread = _measure(listed, replace(brand, calibration=None), on_file or (lambda _file, _done, _total: None))
    good = [example for example in examples if example.role == "approved"]
    bad = [example for example in examples if example.role == "rejected"]
    fits = _fits(good, bad, alpha)
    strange = _strangeness(good)
    likeness = _likeness(strange)
    calibration = Calibration(
        made=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        brandkit=__version__,
        brand=brand.name,
        kit_hash=brand.kit_hash,
        parts=brand.part_hashes,
        alpha=alpha,
        checks=fits,
        likeness=likeness,
        examples=tuple(_record(example, likeness is not None) for example in examples),
        excluded=tuple(excluded),
    )
    unlike = {one.file for one, apart in zip(good, unlike_others(strange, alpha), strict=False) if apart}
    return replace(_compare(brand, calibration, examples, unlike), unread=unread)


def _measure(listed: Sequence[Listed], bare: Brand, on_file: Heard) -> tuple[list[Measured], list[Excluded], bool]:
    """Everything that is read of the examples, what could not be used, and whether any of that was this machine's fault."""
    examples, excluded, unread = dict[str, Measured](), list[Excluded](), False
    for done, (one, read) in enumerate(zip(listed, read_ahead([one.path for one in listed]), strict=True)):
        on_file(one.path.name, done, len(listed))
        if not isinstance(read, Picture):
            excluded.append(Excluded(file=one.file, reason=read.message))
            unread = unread or isinstance(read, UnfinishedError)
        elif twin := examples.get(read.sha256):
            excluded.append(_excluded(one, twin))
        else:
            examples[read.sha256] = _measured(one, Subject(read, bare))
    return list(examples.values()), excluded, unread


def _measured(one: Listed, subject: Subject) -> Measured:
    checks = tuple(run_check(check, subject) for check in load_checks())
    numbers = _numbers(checks, subject.brand)
    return Measured(one.path, one.file, one.role, subject.picture.sha256, checks, numbers, look_of(subject.rgb), read_alone(subject))


def _excluded(one: Listed, twin: Measured) -> Excluded:
    if twin.role != one.role:
        raise InputError(f"{one.path} is rejected and, as {twin.path}, approved", hint="decide, and keep it in one folder only")
    return Excluded(file=one.file, reason=f"the same bytes as {twin.file}; counting it twice would fake certainty")


def _numbers(checks: Sequence[CheckResult], brand: Brand) -> dict[str, float]:
    numbers = {made.check: number_of(made, limit_for(load_checks()[made.check], brand)) for made in checks}
    parts = {name: number for made in checks for name, number in parts_of(made).items()}
    return {name: number for name, number in numbers.items() if number is not None} | parts


def _listed(role: Role, given: Sequence[Path]) -> list[Listed]:
    roots = [(path, root) for root in given for path in walk_pictures([root])]
    named = {path: (Path(root.resolve().name) / path.relative_to(root)).as_posix() for path, root in roots}
    return [Listed(role, path, name.removesuffix("/.")) for path, name in named.items()]


def _fits(good: Sequence[Measured], bad: Sequence[Measured], alpha: float) -> dict[str, Fit]:
    fits = {}
    for check in _fitted():
        approved = {example.file: example.numbers[check.id] for example in good if check.id in example.numbers}
        if approved:
            rejected = [example.numbers[check.id] for example in bad if check.id in example.numbers]
            fits[check.id] = fit_check(check, approved, rejected, alpha, silent=len(good) - len(approved))
    return fits


def _fitted() -> list[Check]:
    """Everything that has a limit: the checks, and the readings of theirs that have limits of their own."""
    return [one for check in load_checks() for one in (check, *(check.part(name) for name in check.parts))]


def _strangeness(good: Sequence[Measured]) -> list[float]:
    """How strange each approved picture is to all others; empty where these are too few to tell."""
    if len(good) < FEWEST:
        return []
    looks = [Look.unpacked(example.look.packed()) for example in good]
    rest = [looks[:index] + looks[index + 1 :] for index in range(len(good))]
    return [round(weigh(Readings(distances(one.look, others), one.alone)), DIGITS) for one, others in zip(good, rest, strict=True)]


def _likeness(strange: Sequence[float]) -> Likeness | None:
    return Likeness(version=VERSION, numbers=tuple(sorted(strange))) if strange else None


def _record(example: Measured, keep: bool) -> Example:
    look = example.look.packed() if keep and example.role == "approved" else ""
    return Example(file=example.file, sha256=example.sha256, role=example.role, numbers=example.numbers, look=look)


def _compare(brand: Brand, calibration: Calibration, examples: Sequence[Measured], unlike: set[str]) -> Outcome:
    before: dict[Role, Counter[Verdict]] = {"approved": Counter(), "rejected": Counter()}
    after: dict[Role, Counter[Verdict]] = {"approved": Counter(), "rejected": Counter()}
    changed = []
    fresh = replace(brand, calibration=calibration)
    moved = {name.partition("/")[0] for name, fit in calibration.checks.items() if fit.state == "fitted"}
    earlier = {name.partition("/")[0] for name in brand.calibration.checks} if brand.calibration else set()
    for example in examples:
        was, will = _again(example, brand, earlier), _again(example, fresh, moved)
        before[example.role][was] += 1
        after[example.role][will] += 1
        if was is not will:
            changed.append((example.file, was, will))
    good = [example for example in examples if example.role == "approved"]
    flagged: set[str] = set()
    for check in _fitted():
        numbers = {example.file: example.numbers[check.id] for example in good if check.id in example.numbers}
        flagged |= left_out(check, numbers, calibration.alpha, silent=len(good) - len(numbers), unlike=unlike)
    own = {name: brand.where("gate", "limits", name) for name in calibration.checks if name in brand.document.gate.limits}
    turned_down = after["rejected"].total()
    caught = share(turned_down - after["rejected"][Verdict.PASS], turned_down) if turned_down else None
    return Outcome(calibration, before, after, tuple(changed), share(len(flagged), len(good)), caught, own, unread=False)


def _again(example: Measured, brand: Brand, checks: set[str]) -> Verdict:
    """The verdict under the limits of `brand`, where those of `checks` may differ from when the example was measured."""
    if not checks:
        return asset_verdict(example.checks)
    subject = Subject(load_apart(example.path), brand)
    registry = load_checks()
    return asset_verdict(run_check(registry[item.check], subject) if item.check in checks else item for item in example.checks)
