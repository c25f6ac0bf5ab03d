"""From what was read to how well own pictures are told from others', with usual values from any brands, and intervals by bootstrap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from brandkit.check.drift import combined, likeness_p_value
from brandkit.check.likeness import NEIGHBOURS, Readings, weigh

SAMPLES = 1000  # of the bootstrap
SEED = 5
Floats = np.ndarray[Any, np.dtype[np.float64]]


class Side(NamedTuple):
    """The pictures of one side of a round."""

    readings: list[Readings]
    values: list[list[float]]
    """P-values of the checks of each."""
    verdicts: list[int]
    """How many pass, wait and fail."""


class Round(NamedTuple):
    """What was read with half of a brand's pictures as examples."""

    held_out: Floats
    """Which of the brand's pictures are judged."""
    examples: list[Readings]
    """Each example beside the others."""
    own: Side
    others: Side


@dataclass(frozen=True)
class Separation:
    """How often a stranger reads higher than one of the brand's own, for each round."""

    wins: list[Floats]
    """Share of each pair, shape (held out, others)."""
    held_out: list[Floats]

    @property
    def areas(self) -> list[float]:
        """AUROC of each round."""
        return [float(wins.mean()) for wins in self.wins]

    def resampled(self, generator: np.random.Generator) -> float:
        """The mean AUROC of all rounds with pictures of both sides drawn anew."""
        own = np.bincount(generator.integers(0, self._count, self._count), minlength=self._count)
        strangers = self.wins[0].shape[1]
        others = np.bincount(generator.integers(0, strangers, strangers), minlength=strangers)
        pairs = [(own[index] @ wins @ others, own[index].sum() * strangers) for wins, index in zip(self.wins, self.held_out, strict=True)]
        return float(np.mean([won / count for won, count in pairs if count]))

    @property
    def _count(self) -> int:
        return 1 + max(int(index.max()) for index in self.held_out)


class Scored(NamedTuple):
    """One brand's separation by the asset's drift, and by strangeness alone."""

    drift: Separation
    strange: Separation


def usual_of(brands: Sequence[Sequence[Round]]) -> Floats:
    """What strangers read, in the order of `brandkit.check.likeness.READ`: the mean over brands of their strangers' mean."""
    return np.mean([np.mean([_usual(entry) for one in rounds for entry in one.others.readings], axis=0) for rounds in brands], axis=0)


def scored(rounds: Sequence[Round], usual: Floats) -> Scored:
    """How one brand's own and others' pictures are told apart with these usual values."""
    drift, strange = [], []
    for one in rounds:
        known = [weigh(entry, usual) for entry in one.examples]
        sides = [[weigh(entry, usual) for entry in side.readings] for side in (one.own, one.others)]
        strange.append(_wins(*sides))
        drift.append(_wins(*(_drifts(side.values, numbers, known) for side, numbers in zip((one.own, one.others), sides, strict=True))))
    held_out = [one.held_out for one in rounds]
    return Scored(Separation(drift, held_out), Separation(strange, held_out))


def shown(separations: Sequence[Separation]) -> str:
    """The mean AUROC of these brands with its interval."""
    generator = np.random.default_rng(SEED)
    means = [np.mean([one.resampled(generator) for one in separations]) for _ in range(SAMPLES)]
    low, high = np.percentile(means, (2.5, 97.5))
    return f"{np.mean([np.mean(one.areas) for one in separations]):.3f} ({low:.2f}–{high:.2f})"


def _usual(entry: Readings) -> Floats:
    return np.concatenate([np.sort(entry.apart, axis=0)[:NEIGHBOURS].mean(axis=0), entry.alone])


def _drifts(values: list[list[float]], strange: list[float], known: list[float]) -> list[float]:
    return [combined(own, likeness_p_value(number, known)) or 0.0 for own, number in zip(values, strange, strict=True)]


def _wins(own: Sequence[float], others: Sequence[float]) -> Floats:
    one, two = np.asarray(own)[:, None], np.asarray(others)[None]
    return (two > one) + 0.5 * (two == one)
