"""Whether a picture looks like the brand's own: its look and paints beside approved ones, its colours beside the palette, and the mark.

Evidence for ranking only. Brands share colours and ways of drawing, so it never makes a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.calibration import CALIBRATION_FILE, Calibration
from brandkit.check.subject import Subject
from brandkit.check.swatches import swatch_table
from brandkit.errors import InputError
from brandkit.metric.likeness import Look, distances, look_of, off_palette
from brandkit.metric.likeness_paint import new_paint

VERSION = 3  # raised whenever the number moves
USUAL = np.array([0.80, 0.60, 0.11, 1.74, 0.019, 0.13, 0.83, 0.92, 0.89])
"""Strangers' pictures: the six parts of a look, off palette, no mark, new paint."""
WEIGHTS = np.array([0.75, 0, 0, 1.5, 0.5, 0.5, 0.75, 1.5, 1])  # hue and edges repeat colour and tone; palette and paint are colour again
NOTHING = 0.1  # of the usual; nearer than this, a picture is simply the same
NO_MARK, CERTAIN_MARK = 0.35, 0.85  # agreement with the nearest mark: what any picture reads, and what a clean mark reads
FEWEST = 8  # examples; halves of less say nothing


def strangeness(subject: Subject, examples: Sequence[Look], *, look: Look | None = None) -> float:
    """How strange a picture is to a brand: 0 like a stranger's, negative like the brand's own, in natural logarithms.

    Args:
        subject: The picture with its brand.
        examples: Looks of approved pictures; at least one.
        look: Look of the picture, when it is known.
    """
    return float(np.average(np.log(readings(subject, examples, look=look) / USUAL + NOTHING), weights=WEIGHTS))


def readings(subject: Subject, examples: Sequence[Look], *, look: Look | None = None) -> NDArray[np.float64]:
    """What strangeness weighs, as listed for `USUAL`, shape (9,): each 0 for the brand's own, and higher for strangers."""
    sighting = subject.sighting
    agreement = sighting.reading.ncc if sighting else 0.0
    unmarked = 1 - float(np.clip((agreement - NO_MARK) / (CERTAIN_MARK - NO_MARK), 0, 1))
    strange = off_palette(subject.rgb, swatch_table(subject.brand).oklab)
    seen = look or look_of(subject.rgb)
    paint = new_paint(seen.paints, [example.paints for example in examples])
    return np.array([*distances(seen, examples), strange, unmarked, paint])


def example_looks(calibration: Calibration) -> list[Look]:
    """The looks that a calibration keeps.

    Raises:
        InputError: One of them is damaged.
    """
    try:
        return [Look.unpacked(example.look) for example in calibration.examples if example.look]
    except ValueError as error:
        raise InputError(f"{CALIBRATION_FILE}: {error}", hint="run `brandkit calibrate --apply` again, or delete the file") from error
