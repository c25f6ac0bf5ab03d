"""Colours seen in files, joined into proposals: where, how much, how sure, and what to call them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from brandkit.color.difference import delta_e_2000
from brandkit.color.parse import parse_color
from brandkit.color.spaces import oklab_to_oklch, srgb_to_lab, srgb_to_oklab

SAME = 3.0  # ΔE00 under which two sightings are one colour: closer swatches cannot be told apart by the gate
MAX_PROPOSED = 12  # colours from logos and pictures; more is an inventory, not a palette
ONE_PICTURE = 0.08  # of the area, from which a flat colour of a single picture is proposed
SEVERAL_PICTURES = 0.02  # of the area of one of them, from which a flat colour of several pictures is
SEVERAL = 4  # pictures from which a colour must be in more than one of them
RELATIVE = 0.1  # of the main colour's weight; less is a variant's, not the brand's
NEUTRAL = 0.025  # OKLab chroma; at most this is black, white or grey

Sure = Literal["exact", "flat", "display"]
"""`exact`: written in the file. `flat`: measured on an even area. `display`: what a photograph looks like at a glance."""

ORDER = {"exact": 0, "flat": 1, "display": 2}

HUES = (
    (20, "pink"), (40, "red"), (75, "orange"), (115, "yellow"), (165, "green"), (210, "teal"), (280, "blue"), (325, "purple"),
    (361, "pink"),
)  # fmt: skip
"""Up to which OKLCH hue in degrees a colour has which name."""


@dataclass(frozen=True)
class Sighting:
    """One colour in one file; `share` of the file's ink or area in [0, 1]."""

    hex: str
    share: float
    sure: Sure
    file: str
    logo: bool

    def __str__(self) -> str:
        what = "of its ink" if self.logo else "of its area"
        return f"{self.file}: {_percent(self.share)} {what}, {self.sure}"


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.095 else f"{share:.1%}"


@dataclass(frozen=True)
class Proposal:
    """A colour of the brand-to-be with all its sightings, the surest first."""

    hex: str
    sightings: tuple[Sighting, ...]

    @property
    def weight(self) -> float:
        """How much it matters, for the order: logos count before pictures, many files before one."""
        return sum((3.0 if sighting.logo else 1.0) * min(1.0, 0.1 + sighting.share) for sighting in self.sightings)

    @property
    def evidence(self) -> str:
        """Its sightings in a few words."""
        shown = "; ".join(str(sighting) for sighting in self.sightings[:2])
        more = len(self.sightings) - 2
        return shown + (f"; and {more} more files" if more > 0 else "")


def lab_of(digits: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """CIELAB of `#RRGGBB`."""
    return srgb_to_lab(np.array(parse_color(digits).rgb) / 255)


def proposals(sightings: Iterable[Sighting]) -> list[Proposal]:
    """Sightings of one colour joined, and only those that carry weight; the weightiest first.

    What is written in a logo outweighs what its pixels show, and a display palette, which is a guess about a photograph, proposes
    colours only where nothing surer is at hand.
    """
    every = list(sightings)
    exact = any(sighting.logo and sighting.sure == "exact" for sighting in every)
    sure = [one for one in every if one.sure != "display" and not (exact and one.logo and one.sure == "flat")] or every
    pictures = len({sighting.file for sighting in sure if not sighting.logo})
    groups: list[list[Sighting]] = []
    for sighting in sorted(sure, key=lambda one: (ORDER[one.sure], not one.logo, -one.share)):
        lab = lab_of(sighting.hex)
        near = next((group for group in groups if float(delta_e_2000(lab_of(group[0].hex), lab)) < SAME), None)
        if near is None:
            groups.append([sighting])
        elif all(sighting.file != known.file for known in near):
            near.append(sighting)
    found = [Proposal(group[0].hex, tuple(group)) for group in groups if _carries(group, pictures)]
    least = RELATIVE * max((proposal.weight for proposal in found), default=0.0)
    return sorted((one for one in found if one.weight >= least), key=lambda proposal: -proposal.weight)[:MAX_PROPOSED]


def _carries(group: Sequence[Sighting], pictures: int) -> bool:
    """Whether a colour is more than an accident of one picture."""
    first = group[0]
    if first.logo or first.sure == "display":
        return True
    largest = max(sighting.share for sighting in group)
    return (largest >= ONE_PICTURE and pictures < SEVERAL) or (len(group) > 1 and largest >= SEVERAL_PICTURES)


def name_of(digits: str) -> str:
    """A plain name: `blue`, `dark-blue`, `light-grey`, `black`, `white`."""
    lightness, chroma, hue = oklab_to_oklch(srgb_to_oklab(np.array(parse_color(digits).rgb) / 255)).tolist()
    if chroma <= NEUTRAL:
        if lightness > 0.97:
            return "white"
        if lightness < 0.2:
            return "black"
        return "grey" if 0.4 <= lightness <= 0.8 else "light-grey" if lightness > 0.8 else "dark-grey"
    word = next(name for limit, name in HUES if hue < limit)
    return f"light-{word}" if lightness > 0.85 and chroma < 0.12 else f"dark-{word}" if lightness < 0.42 else word
