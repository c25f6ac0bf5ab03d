"""Are a brand's own pictures told from other brands' after calibrating on half of them, and are the other half left in peace?

Run: `.venv/bin/python -m benchmarks.own_or_other --out docs/benchmarks/own-or-other.md`. Material: `BRANDKIT_CORPUS`, by default
`../shared/corpus`; brand files are made from its facts as in `benchmarks.drift.real`. Raster pictures only: vector twins of a picture
in the other half would be known examples. What strangers usually read is taken from the other three brands (see `benchmarks.own_score`).
"""

from __future__ import annotations

import argparse
import copy
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.drift.real import CORPUS, MOST_MARKS, NAMES, RASTER, make_brand
from benchmarks.own_score import Round, Side, scored, shown, usual_of
from brandkit import __version__
from brandkit.brand.calibration import Calibration, Example, Fit
from brandkit.brand.load import load_brand
from brandkit.brand.resolve import Brand
from brandkit.check.calibrate import Measured, _fits, _likeness, _numbers, _strangeness
from brandkit.check.drift import check_values
from brandkit.check.likeness import USUAL, Floats, Readings, read_alone
from brandkit.check.registry import load_checks
from brandkit.check.run import run_check
from brandkit.check.subject import Subject
from brandkit.files import write_atomic
from brandkit.image.load import load_picture
from brandkit.metric.conformal import share
from brandkit.metric.likeness import Look, distances, look_of
from brandkit.results import CheckResult, Verdict, asset_verdict

ALPHA = 0.15  # halves of 13 pictures promise no better


@dataclass
class Seen:
    """A picture as one brand sees it at default limits."""

    owner: str
    path: Path
    subject: Subject
    checks: tuple[CheckResult, ...]
    look: Look
    alone: Floats
    """See `brandkit.check.likeness.Readings`."""


def measure(name: str, repeats: int) -> dict[str, Any]:
    """Everything about one brand."""
    import cv2

    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        make_brand(name, Path(folder) / name)
        brand = load_brand(Path(folder) / name)
        seen = [_see(brand, owner, path) for owner in NAMES for path in _rasters(owner)]
        own = [item for item in seen if item.owner == name]
        others = [item for item in seen if item.owner != name]
        generator = np.random.default_rng(3)
        rounds = [_round(brand, own, others, generator.permutation(len(own))) for _ in range(repeats)]
    return {
        "name": name,
        "own": len(own),
        "others": len(others),
        "default": _verdicts([asset_verdict(item.checks) for item in own]),
        "default_others": _verdicts([asset_verdict(item.checks) for item in others]),
        "marks": len(brand.marks),
        "rounds": rounds,
    }


def _rasters(name: str) -> list[Path]:
    return sorted(path for path in (CORPUS / name / "examples").iterdir() if path.suffix.lower() in RASTER)


def _see(brand: Brand, owner: str, path: Path) -> Seen:
    picture = load_picture(path)
    subject = Subject(picture, brand)
    checks = tuple(run_check(check, subject) for check in load_checks())
    return Seen(owner, path, subject, checks, look_of(picture.rgb), read_alone(subject))


def _round(brand: Brand, own: list[Seen], others: list[Seen], order: np.ndarray[Any, Any]) -> Round:
    half = len(own) // 2
    examples, held_out = [own[index] for index in order[:half]], [own[index] for index in order[half:]]
    calibration = _calibrate(brand, examples)
    fresh = replace(brand, calibration=calibration)
    looks = [item.look for item in examples]

    def side(items: list[Seen]) -> Side:
        values = [check_values(calibration, _again(item, fresh), item.checks) for item in items]
        verdicts = _verdicts([_verdict(item, fresh, calibration) for item in items])
        return Side([Readings(distances(item.look, looks), item.alone) for item in items], values, verdicts)

    rest = [[look for look in looks if look is not item.look] for item in examples]
    known = [Readings(distances(item.look, others_of), item.alone) for item, others_of in zip(examples, rest, strict=True)]
    return Round(order[half:], known, side(held_out), side(others))


def _calibrate(brand: Brand, examples: list[Seen]) -> Calibration:
    """As `brandkit calibrate` does, from what was measured already."""
    good = [
        Measured(item.path, item.path.name, "approved", "", item.checks, _numbers(item.checks, brand), item.look, item.alone)
        for item in examples
    ]
    fits: dict[str, Fit] = _fits(good, (), ALPHA)
    kept = tuple(Example(file=item.path.name, sha256="", role="approved", numbers={}, look=item.look.packed()) for item in examples)
    return Calibration(
        made="", brandkit=__version__, brand=brand.name, kit_hash=brand.kit_hash, parts=brand.part_hashes, alpha=ALPHA, checks=fits,
        likeness=_likeness(_strangeness(good)), examples=kept,
    )  # fmt: skip


def _again(item: Seen, brand: Brand) -> Subject:
    """The same picture under another calibration, with everything that was read from it."""
    subject = copy.copy(item.subject)
    object.__setattr__(subject, "brand", brand)
    subject.__dict__.pop("strangeness", None)  # it depends on the calibration
    return subject


def _verdict(item: Seen, brand: Brand, calibration: Calibration) -> Verdict:
    subject, registry = _again(item, brand), load_checks()
    moved = {name.partition("/")[0] for name, fit in calibration.checks.items() if fit.state == "fitted"}

    def again(check: CheckResult) -> CheckResult:
        """What passes needs no second look: a calibration only ever widens."""
        return run_check(registry[check.check], subject) if check.check in moved and check.verdict is not Verdict.PASS else check

    return asset_verdict(map(again, item.checks))


def _verdicts(verdicts: list[Verdict]) -> list[int]:
    return [sum(verdict is wanted for verdict in verdicts) for wanted in (Verdict.PASS, Verdict.REVIEW, Verdict.FAIL)]


def report(tables: list[dict[str, Any]], command: str) -> str:
    """The page."""
    rounds = {table["name"]: table["rounds"] for table in tables}
    in_use = {name: scored(one, USUAL) for name, one in rounds.items()}
    fresh = {name: scored(one, usual_of([other for key, other in rounds.items() if key != name])) for name, one in rounds.items()}
    measured = ", ".join(f"{value:.3g}" for value in usual_of(list(rounds.values())))
    own, others = (sum(table[key] for table in tables) for key in ("own", "others"))
    lines = [
        "# Own or someone else's?\n",
        f"Made by `python -m benchmarks.own_or_other {command}`, brandkit {__version__}, α {ALPHA}.\n",
        f"**What a brand that had no say in it may expect: AUROC of the drift {shown([one.drift for one in fresh.values()])}**, the mean",
        f"of {len(tables)} brands, {own} official pictures, each brand's against about {others // len(tables)} of others. Target: .95.\n",
        f"Half of a brand's official pictures are the examples, {len(tables[0]['rounds'])} times chosen at random; the other half and the",
        "other brands' pictures are then judged. `drift` is the asset's number in reports, `strangeness` the part of it that compares",
        "looks. Kinds of evidence all weigh the same; what is fitted is only what strangers usually read in each. *Left out* takes that",
        "from the three other brands, *in use* is what brandkit ships, which has seen all four. Intervals: 95 % of 1,000 bootstrap samples",
        "of the pictures. Which kinds there are, and how they are put together, was decided on these brands, too: expect a little less.",
        "Several Firefox pictures are crops of one photograph.\n",
        f"The mean of the four, in the order of `READ` in `brandkit/check/likeness.py`: {measured}.\n",
        "| brand | own / others' | drift, left out | strangeness, left out | drift, in use | worst, best round (drift, left out) |",
        "|---|---|---|---|---|---|",
    ]
    for table in tables:
        name, left, used = table["name"], fresh[table["name"]], in_use[table["name"]]
        cells = [
            shown([left.drift]),
            shown([left.strange]),
            shown([used.drift]),
            f"{min(left.drift.areas):.2f}, {max(left.drift.areas):.2f}",
        ]
        lines.append(f"| {name} | {table['own']} / {table['others']} | {' | '.join(cells)} |")
    means = [[one.drift for one in fresh.values()], [one.strange for one in fresh.values()], [one.drift for one in in_use.values()]]
    lines.append(f"| mean | | {' | '.join(map(shown, means))} | |\n")
    return "\n".join([*lines, *_verdict_lines(tables)]) + "\n"


def _verdict_lines(tables: list[dict[str, Any]]) -> list[str]:
    lines = [
        "| brand | own, default: pass / review / fail | own half after calibration | others', default | others' after |",
        "|---|---|---|---|---|",
    ]
    for table in tables:
        after, strangers = (
            np.sum([getattr(entry, key).verdicts for entry in table["rounds"]], axis=0).tolist() for key in ("own", "others")
        )
        cells = [_shares(counts) for counts in (table["default"], after, table["default_others"], strangers)]
        lines.append(f"| {table['name']} | {' | '.join(cells)} |")
    default = np.sum([table["default"] for table in tables], axis=0).tolist()
    after = np.sum([entry.own.verdicts for table in tables for entry in table["rounds"]], axis=0).tolist()
    bounds, marks = share(default[2], sum(default)), ", ".join(f"{table['name']} {table['marks']}" for table in tables)
    return [
        *lines,
        f"| all | {_shares(default)} | {_shares(after)} | | |\n",
        f"Official pictures that fail at default limits: {default[2]} of {sum(default)} (95 % sure: {100 * bounds.low:.1f} to "
        f"{100 * bounds.high:.1f} %); after calibration, over all rounds, {100 * after[2] / sum(after):.1f} %.",
        f"Marks in the brand files (every one that looks different; a file may declare {MOST_MARKS}): {marks}.",
    ]


def _shares(counts: list[int]) -> str:
    return " / ".join(f"{100 * count / max(1, sum(counts)):.0f} %" for count in counts)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    if not CORPUS.is_dir():
        print(f"{CORPUS}: not there; set BRANDKIT_CORPUS", file=sys.stderr)
        return 2
    with ProcessPoolExecutor(options.workers) as pool:
        tables = list(pool.map(measure, NAMES, [options.repeats] * len(NAMES)))
    text = report(tables, " ".join(sys.argv[1:] if arguments is None else arguments))
    if options.out:
        write_atomic(options.out, text)
    print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
