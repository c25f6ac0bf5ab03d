"""Whether a picture looks like the brand's own: its look and paints beside approved ones, its colours beside the palette, and the mark.

Evidence for ranking, and for who may have the room that approved pictures made. Brands share colours and ways of drawing, so it finds no
fault with any picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.calibration import CALIBRATION_FILE, Calibration
from brandkit.check.marks import Sighting
from brandkit.check.swatches import swatch_table
from brandkit.errors import InputError
from brandkit.metric.conformal import Interval, rate_of, upper_limit
from brandkit.metric.likeness import PARTS, Look, distances, look_of, off_palette

if TYPE_CHECKING:
    from brandkit.check.subject import Subject

VERSION = 5  # raised whenever the number moves
READ = (*PARTS, "palette", "mark")  # what is read: from each example, then of the picture alone
USUAL = np.array([0.80, 0.79, 1.74, 0.019, 0.13, 1.71, 0.92, 0.94, 0.96])
"""What strangers' pictures read, in the order of `READ`, the first seven as means over the nearest `NEIGHBOURS`."""
KINDS = (("color", "meetings"), ("tone",), ("colors", "greys"), ("contrast",), ("paint",), ("palette",), ("mark",))
"""The kinds of evidence. All weigh the same: weights chosen on some brands served others worse than none."""
NEIGHBOURS = 3  # examples that a picture is compared with, the nearest in all kinds together: one alone may be an oddity
NOTHING = 0.1  # of the usual; nearer than this, a picture is simply the same
NO_MARK, CERTAIN_MARK = 0.35, 0.85  # agreement with the nearest mark: what any picture reads, and what a clean mark reads
MOST_CHANCE = 0.80  # by which a clean mark is told however small it is
FEWEST = 6  # examples; each is seen from all others, and fewer than five say little
CLOSE = -0.5  # strangeness that no stranger's picture read (the least was -0.33): near enough, however alike the approved ones are
MARGIN = 0.1  # of strangeness (natural logarithm) beyond the approved pictures within which a picture still looks like them

Floats = NDArray[np.float64]


class Readings(NamedTuple):
    """What strangeness weighs: each 0 for the brand's own, and higher for strangers."""

    apart: Floats
    """From each example, in the order of `PARTS`, shape (N, 7)."""
    alone: Floats
    """Off the palette, and without the mark, in 0..1, shape (2,)."""


def strangeness(subject: Subject, examples: Sequence[Look], *, look: Look | None = None) -> float:
    """How strange a picture is to a brand: 0 like a stranger's, negative like the brand's own, in natural logarithms.

    Args:
        subject: The picture with its brand.
        examples: Looks of approved pictures; at least one.
        look: Look of the picture, when it is known.
    """
    return weigh(readings(subject, examples, look=look))


def weigh(readings: Readings, usual: Floats = USUAL) -> float:
    """Strangeness of what was read: the mean over `KINDS` of the logarithm of each, as a multiple of what strangers read.

    Args:
        readings: Of one picture.
        usual: What strangers read, in the order of `READ`, shape (9,).
    """
    count = len(PARTS)
    apart, alone = _kinds(readings.apart / usual[:count], READ[:count]), _kinds(readings.alone[None] / usual[count:], READ[count:])
    nearest = np.sort(apart.sum(axis=1))[:NEIGHBOURS]
    return float(nearest.mean() + alone.sum()) / len(KINDS)


def readings(subject: Subject, examples: Sequence[Look], *, look: Look | None = None) -> Readings:
    """What a picture reads beside these examples."""
    return Readings(distances(look or look_of(subject.rgb), examples), read_alone(subject))


def read_alone(subject: Subject) -> Floats:
    """What a picture reads by itself, whatever was approved: off the palette, and without the mark, in 0..1, shape (2,)."""
    return np.array([off_palette(subject.rgb, swatch_table(subject.brand).oklab), 1 - _shown(subject.sighting)])


def _shown(sighting: Sighting | None) -> float:
    """How certainly a mark is seen, in 0..1: from what any picture of this size reads to what a clean mark reads."""
    if sighting is None:
        return 0.0
    least = min(MOST_CHANCE, max(NO_MARK, sighting.chance))
    return float(np.clip((sighting.reading.ncc - least) / (CERTAIN_MARK - least), 0, 1))


def _kinds(ratios: Floats, names: Sequence[str]) -> Floats:
    """Logarithms of each kind that `names` holds, shape (N, kinds), from multiples of the usual, shape (N, names)."""
    held = [[names.index(name) for name in kind] for kind in KINDS if kind[0] in names]
    return np.stack([np.log(ratios[:, index].mean(axis=1) + NOTHING) for index in held], axis=1)


def strangeness_here(subject: Subject) -> float | None:
    """How strange a picture is to those that its brand approved; None where it approved none, or too few, or the kit changed since."""
    calibration = subject.brand.calibration
    if calibration is None or calibration.likeness is None or calibration.likeness.version != VERSION:
        return None
    if calibration.stale(subject.brand, "likeness", 0):
        return None
    looks = example_looks(calibration)
    return strangeness(subject, looks) if looks else None


def alike_limit(calibration: Calibration) -> float | None:
    """The strangeness up to which a picture looks like the approved ones; None where they are too few to tell.

    At least the conformal quantile at the rate that was asked for: of further pictures of the brand at most that share is stranger.
    """
    return _limit(calibration.likeness.numbers, calibration.alpha) if calibration.likeness else None


def _limit(numbers: Sequence[float], alpha: float) -> float | None:
    quantile = upper_limit(numbers, alpha)
    return max(quantile.value + MARGIN, CLOSE) if quantile else None


def unlike_share(calibration: Calibration) -> Interval | None:
    """The most of the brand's further pictures that do not look like the approved ones, with its interval; None where it is not known."""
    quantile = upper_limit(calibration.likeness.numbers, calibration.alpha) if calibration.likeness else None
    return rate_of(quantile) if quantile else None


def unlike_others(strange: Sequence[float], alpha: float) -> list[bool]:
    """Which approved pictures would not look like the others, had each been left out."""
    limits = [_limit([*strange[:index], *strange[index + 1 :]], alpha) for index in range(len(strange))]
    return [most is not None and number > most for number, most in zip(strange, limits, strict=True)]


def looks_approved(subject: Subject) -> bool:
    """Whether a picture looks like those that its brand approved, as far as that can be told."""
    calibration = subject.brand.calibration
    most = alike_limit(calibration) if calibration else None
    return most is None or subject.strangeness is None or subject.strangeness <= most


def example_looks(calibration: Calibration) -> list[Look]:
    """The looks that a calibration keeps.

    Raises:
        InputError: One of them is damaged.
    """
    try:
        return [Look.unpacked(example.look) for example in calibration.examples if example.look]
    except ValueError as error:
        raise InputError(f"{CALIBRATION_FILE}: {error}", hint="run `brandkit calibrate --apply` again, or delete the file") from error
