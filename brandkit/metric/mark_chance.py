"""How well edges agree by chance somewhere in a picture: the more places are tried and the smaller the mark, the better."""

from __future__ import annotations

import math

CELL = 6.0  # px of the picture apart that edge directions are as good as independent, after a pose was fitted to them
STEPS = 4  # places to each side of a mark, in each direction, that agree in their own way
TURNS = 12  # angles, stretches and sizes likewise


def chance_agreement(side: float, area: float, marks: int) -> float:
    """The agreement of edge directions that the best of all places tried reaches by chance, in 0..1.

    Of n independent directions the mean cosine of twice the angle spreads by 1/√(2n); the best of T tries lies √(2 ln T) spreads up.

    Args:
        side: Geometric mean of the sides of what was found, px.
        area: Of the picture, px².
        marks: Different shapes that were looked for.
    """
    cells = max(1.0, (side / CELL) ** 2)
    tries = TURNS * max(1, marks) * max(1.0, STEPS**2 * area / max(1.0, side * side))
    return min(1.0, math.sqrt(math.log(tries) / cells))
