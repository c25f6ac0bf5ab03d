"""Running the checks: one picture or a heap of files in, the result document out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from brandkit import __version__
from brandkit.brand.resolve import Brand
from brandkit.brand.tone import Brief
from brandkit.check.ahead import read_ahead
from brandkit.check.drift import asset_drift
from brandkit.check.held import deciding, held_finding, held_measurement
from brandkit.check.journal import BROKE, HALTED, Journal, journal_key
from brandkit.check.limits import limit_here, require_checks
from brandkit.check.registry import Check, load_checks
from brandkit.check.subject import Subject
from brandkit.check.unbranded import LOOKED, is_unbranded
from brandkit.errors import BrandkitError, InputError, PictureError, UnfinishedError
from brandkit.files import StrPath, as_paths, sha256, sha256_file, slug
from brandkit.image.load import Picture, load_picture
from brandkit.image.region import Box
from brandkit.layout.boxes import Format, Layout
from brandkit.results import AssetResult, CheckResult, Finding, Level, Limit, Measurement, RunResult, Verdict, asset_verdict

SUFFIXES = {".png", ".apng", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".tif", ".tiff"}  # what a folder is searched for
Heard = Callable[[str, int, int], None]  # told of each file before it is measured: its name, how many are done, and of how many
FLAT = "palette-intruder"  # the check of every picture that needs its flat colours
SERIES = "series-drift"  # the one check that is made for many pictures at once


def check_picture(
    source: StrPath | bytes | Picture,
    brand: Brand,
    *,
    layout: Layout | None = None,
    format: Format | None = None,
    copy: Mapping[str, str] | None = None,
    raw: Picture | None = None,
    crop: Box | None = None,
    generated: bool = True,
    brief: Brief | None = None,
    logo_required: bool | None = None,
    asset_id: str | None = None,
    file: str | None = None,
    left_out: Mapping[str, str] | None = None,
) -> AssetResult:
    """Check one picture against a brand.

    Args:
        source: The picture's file, its content (of an image in memory: `image.save(buffer, "PNG")`, then `buffer.getvalue()`), or the
            picture as `load_picture` read it.
        brand: The brand.
        layout: Where brandkit put everything; None for a picture made elsewhere, in which it must be found.
        format: The placement it is for; by default the layout's.
        copy: Slot to the text that was asked for.
        raw: The picture underneath, as the backend gave it.
        generated: Whether a model made the picture underneath; False for the brand's own photographs and drawings.
        crop: The part of `raw` that the layout's picture shows, in its pixels; by default all of it.
        brief: What the campaign says about the copy: locale, topics, and where it was written.
        logo_required: Whether it must carry one of the brand's marks; by default as the brand file says under `logo.required`.
        asset_id: Its id in the result; by default made from the file's name.
        file: Its file in the result; by default the path as given.
        left_out: Check id to the reason why it is not made, from `brandkit.check.select.left_out`.

    Several threads may call it at once, also with the same brand.

    Raises:
        BrandFileError: The brand's gate names a check that does not exist.
        InputError: `source` is neither a path nor bytes nor a `Picture`.
        PictureError: The picture cannot be read.
    """
    require_checks(brand)
    name = file or (os.fspath(source) if isinstance(source, str | os.PathLike) else asset_id or "picture")
    ground = layout.ground if layout else None
    picture = source if isinstance(source, Picture) else load_picture(source, name=Path(name).name, ground=ground)
    placement = format or (layout.format if layout else None)
    subject = Subject(
        picture, brand, layout=layout, format=placement, copy=copy, raw=raw, crop=crop, generated=generated, brief=brief,
        must_carry=logo_required,
    )  # fmt: skip
    return _checked(subject, asset_id or slug(Path(name).stem), name, left_out or {})


def _checked(subject: Subject, asset_id: str, file: str, reasons: Mapping[str, str]) -> AssetResult:
    """The result of all checks of a picture but those that are left out, for the reasons given."""
    if FLAT not in reasons:
        subject.read_ahead()
    checks = tuple(
        skip_check(check, subject, reasons[check.id]) if check.id in reasons else run_check(check, subject) for check in load_checks()
    )
    return AssetResult(
        id=asset_id,
        file=file,
        files=(file,),
        sha256=subject.picture.sha256,
        width=subject.width,
        height=subject.height,
        verdict=asset_verdict(checks),
        format=subject.format.name if subject.format else "",
        locale=subject.layout.locale if subject.layout else "",
        template=subject.layout.template if subject.layout else "",
        checks=checks,
        kit_hash=subject.brand.kit_hash,
        drift=asset_drift(subject, checks),
        unbranded=reasons.keys().isdisjoint(LOOKED) and _unbranded(subject),
    )


def _unbranded(subject: Subject) -> bool:
    try:
        return is_unbranded(subject)
    except Exception:  # the checks that look for palette and mark broke on the same, and say so
        return False


def check_files(
    paths: StrPath | Sequence[StrPath],
    brand: Brand,
    *,
    copy: Mapping[str, str] | None = None,
    brief: Brief | None = None,
    logo_required: bool | None = None,
    left_out: Mapping[str, str] | None = None,
    on_file: Heard | None = None,
    journal: Journal | None = None,
) -> RunResult:
    """Check pictures that were made anywhere.

    Args:
        paths: One or several pictures, or folders that are walked for pictures; links to folders are not followed.
        brand: The brand.
        copy: Slot to the text that every one of them should read; None where nobody says.
        brief: What is known about that copy.
        logo_required: Whether each must carry one of the brand's marks; None: as the brand file says under `logo.required`.
        left_out: Check id to the reason why it is not made.
        on_file: Told of each file before it is measured.
        journal: Where the result of each finished picture is kept, and found when the same check is made again after it was stopped.

    Returns:
        One asset for each picture, in the order of the paths. Pictures of one folder, where a folder was given, are also compared
        with each other as a series. When there are others to report, a picture that cannot be read is an asset that fails with the
        reason, and one that crashes or exhausts the decoder's own process is `unread`; as the only one either raises.

    Raises:
        BrandFileError: The brand's gate names a check that does not exist.
        InputError: A path does not exist, or there is no picture among them.
        PictureError: The only picture cannot be read.
        UnfinishedError: The only picture could not be read here.
    """
    require_checks(brand)
    given = as_paths(paths)
    files = list(dict.fromkeys(walk_pictures(given)))
    if not files:
        raise InputError(
            f"there is no picture in {', '.join(map(str, given)) or 'nothing'}", hint=f"looked for {', '.join(sorted(SUFFIXES))}"
        )
    taken: set[str] = set()
    ids = [_unique(slug(path.stem), taken) for path in files]
    told = {"copy": copy, "brief": brief, "logo_required": logo_required, "left_out": left_out}
    journal = journal or Journal(None)
    several = journal.folder is not None and len(files) > 1
    done = journal.begin(journal_key(brand, **told), files, ids, kit=brand.paths.values()) if several else {}
    left = [index for index in range(len(files)) if index not in done]
    for index, read in zip(_told(left, files, on_file), read_ahead([files[index] for index in left]), strict=True):
        done[index] = journal.keep(_check_file(files[index], read, brand, ids[index], alone=len(files) == 1, **told))
    assets = [done[index] for index in range(len(files))]
    if SERIES not in (left_out or {}):
        assets = _as_series(assets, files, [path for path in given if path.is_dir()], brand)
    return RunResult(brandkit=__version__, brand=brand.name, kit_hash=brand.kit_hash, swatches=brand.swatches, assets=tuple(assets))


def _told(left: Sequence[int], files: Sequence[Path], on_file: Heard | None) -> Iterator[int]:
    for done, index in enumerate(left, len(files) - len(left)):
        if on_file:
            on_file(files[index].name, done, len(files))
        yield index


def _check_file(path: Path, read: Picture | BrandkitError, brand: Brand, asset_id: str, *, alone: bool, **told: Any) -> AssetResult:
    """One of the files; what could not be read is an asset that says why, unless it is `alone`."""
    if isinstance(read, Picture):
        return check_picture(read, brand, asset_id=asset_id, file=str(path), **told)
    if alone:
        raise read
    return _unreadable(path, asset_id, read, brand)


def _as_series(assets: Sequence[AssetResult], files: Sequence[Path], given: Sequence[Path], brand: Brand) -> list[AssetResult]:
    """The assets, those in one of the folders below `given` compared with each other."""
    from brandkit.check.series import check_series  # which runs its check through this module

    done = list(assets)
    folders: dict[Path, list[int]] = {}
    for index, file in enumerate(files):
        if any(file.is_relative_to(folder) for folder in given):
            folders.setdefault(file.parent, []).append(index)
    for members in folders.values():
        for index, asset in zip(members, check_series([assets[index] for index in members], Path(), brand), strict=True):
            done[index] = asset
    return done


def walk_pictures(paths: Sequence[Path]) -> Iterator[Path]:
    """The pictures among `paths`, with folders walked in the order of names.

    Raises:
        InputError: A path does not exist.
    """
    for path in paths:
        if path.is_symlink() and not path.exists():
            raise InputError(f"{path}: the link leads to no file", hint="give the file itself")
        if not path.exists():
            raise InputError(f"{path}: there is no such file", hint="check the path")
        if not path.is_dir():
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders.sort()
            yield from (Path(folder) / name for name in sorted(names) if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."))


def _unique(name: str, taken: set[str]) -> str:
    number, candidate = 2, name
    while candidate in taken:
        candidate, number = f"{name}-{number}", number + 1
    taken.add(candidate)
    return candidate


def _unreadable(path: Path, asset_id: str, error: BrandkitError, brand: Brand) -> AssetResult:
    check = load_checks()["format-wrong"]
    if isinstance(error, PictureError):
        finding = Finding(check=check.id, code="unreadable", verdict=Verdict.FAIL, message=error.message, remedy=error.hint or "")
        result = _result(check, check.limits, check.level, Verdict.FAIL, findings=(finding,))
    else:
        result = _result(check, check.limits, Level.MUST, Verdict.NOT_CHECKED, reason=error.message)
    try:
        digest = sha256_file(path)
    except OSError:
        digest = sha256(b"")
    return AssetResult(
        id=asset_id, file=str(path), files=(str(path),), sha256=digest, width=0, height=0, verdict=asset_verdict([result]),
        checks=(result,), kit_hash=brand.kit_hash,
    )  # fmt: skip


def level_for(check: Check, subject: Subject) -> Level:
    """How binding the check is for this picture: the brand's word, else the check's own."""
    said = subject.brand.document.gate.levels.get(check.id)
    if said or not subject.foreign:
        return said or check.level
    return (check.promise.level(subject) if check.promise else None) or check.foreign_level


def run_check(check: Check, subject: Subject) -> CheckResult:
    """Run one check. Whatever goes wrong inside it becomes `not_checked` with the reason, never a crash of the run."""
    limit, level = limit_here(check, subject), level_for(check, subject)
    findings: list[Finding] = []
    measurements: list[Measurement] = []
    reasons: list[str] = []
    try:
        for outcome in check.run(subject, limit):
            if isinstance(outcome, Finding):
                findings.append(held_finding(outcome))
            elif isinstance(outcome, Measurement):
                measurements.append(held_measurement(outcome, limit))
            else:
                reasons.append(outcome.reason)
    except UnfinishedError as error:
        reasons.append(f"{HALTED}: {error.message}")
    except BrandkitError as error:  # what the brand or the layout names and does not have; said in words that name the place
        reasons.append(error.message)
    except Exception as error:  # one check that breaks on one picture must not cost the others' results
        reasons.append(f"{BROKE} ({type(error).__name__}: {error}); please report it with the picture")
    verdict = Verdict.worst([*(finding.verdict for finding in findings), *([Verdict.NOT_CHECKED] if reasons else [])])
    return _result(check, limit, level, verdict, findings=findings, measurements=measurements, reason="; ".join(reasons))


def skip_check(check: Check, subject: Subject, reason: str) -> CheckResult:
    """The result of a check that is not made, for `reason`: `not_checked`, which never passes where the check is a must."""
    return _result(check, limit_here(check, subject), level_for(check, subject), Verdict.NOT_CHECKED, reason=reason)


def _result(
    check: Check,
    limit: Limit,
    level: Level,
    verdict: Verdict,
    *,
    findings: Iterable[Finding] = (),
    measurements: Iterable[Measurement] = (),
    reason: str = "",
) -> CheckResult:
    found, read = tuple(findings), tuple(measurements)
    shown = deciding(found, read, limit)
    return CheckResult(
        check=check.id,
        version=check.version,
        level=level,
        title=check.summary,
        verdict=verdict,
        measured=shown.value,
        unit=shown.limit.unit,
        limit=shown.limit,
        drift=None if shown.value is None else shown.limit.drift(shown.value),
        reason=reason if verdict is Verdict.NOT_CHECKED else "",
        findings=found,
        measurements=read,
    )
