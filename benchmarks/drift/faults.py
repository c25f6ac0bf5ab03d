"""The faults: what can go wrong with an asset, at several severities, and which check must see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.drift import on_file, on_mark, on_page
from benchmarks.drift.base import Base, Faulty

Make = Callable[[Base, float, np.random.Generator], Faulty]


@dataclass(frozen=True)
class Fault:
    """One class of faults.

    `relevant` is the least severity that a brand must not publish; `right` are the checks of which one must fire; `readings` names
    the measurements that show the fault (all of the right checks' when empty), for the ranking. Where the severities are `ordered`
    no more than the kinds of a list are, no rank correlation says anything. Where the fault is `parted` among its right checks, each
    sees some of it, and their readings are added. `gone` are the checks that are right, too, in pictures made elsewhere where too little
    is left of a mark to recognise it: nobody can name then what was done to it. There, severities begin `foreign_from`.
    """

    id: str
    what: str
    unit: str
    severities: tuple[float, ...]
    relevant: float
    right: tuple[str, ...]
    make: Make
    readings: tuple[str, ...] = ()
    own: bool = True
    foreign: bool = True
    ordered: bool = True
    parted: bool = False
    gone: tuple[str, ...] = ()
    foreign_from: float = 0.0


LOGO, GONE = ("logo-altered",), ("logo-missing",)
FAULTS: dict[str, Fault] = {fault.id: fault for fault in (
    Fault("swatch", "one brand colour drifted", "ΔE00", (2, 3, 6, 10), 3, ("palette-drift",), on_page.swatch),
    Fault("palette-swap", "colours of another brand", "colours", (1, 2, 3), 1, ("palette-drift", "palette-intruder"), on_page.palette_swap,
          parted=True),
    Fault("intruder", "a flat area in a strange colour", "% of area", (2, 5, 15), 5, ("palette-intruder",), on_page.intruder),
    Fault("stretch", "logo stretched", "%", (2, 5, 10), 5, LOGO, on_mark.stretch, ("aspect",), gone=GONE),
    Fault("rotate", "logo turned", "°", (1.5, 3, 8, 20), 3, LOGO, on_mark.rotate, ("rotation",), gone=GONE),
    Fault("recolour", "logo in another colour", "ΔE00", (4, 8, 20), 8, ("logo-altered", "logo-wrong"), on_mark.recolour, ("colour",),
          gone=GONE),
    # Which of the brand's own variants was meant for its ground nobody says of a picture made elsewhere.
    Fault("wrong-logo", "other ground's variant (1), another's (2)", "kind", (1, 2), 1, ("logo-wrong", "logo-missing"), on_mark.wrong,
          ordered=False, foreign_from=2),
    Fault("missing", "logo faded away", "% faded", (75, 90, 100), 90, ("logo-missing", "logo-altered"), on_mark.missing),
    Fault("moved", "logo out of its place", "% of side", (3, 8, 20), 8, ("logo-missing", "logo-placement"), on_mark.moved, foreign=False),
    Fault("too-small", "logo under its least width", "% missing", (20, 40, 60), 20, ("logo-size",), on_mark.too_small, gone=GONE),
    Fault("blur", "logo soft", "σ px", (1, 2, 4), 2, LOGO, on_mark.blur, ("sharpness",), gone=GONE),
    Fault("crop", "logo cut off", "% of its ink", (8, 15, 30), 15, ("logo-altered", "logo-missing"), on_mark.crop, ("ink",), gone=GONE),
    Fault("clear-space", "ink inside the clear space", "mark heights", (0.05, 0.15, 0.3), 0.05, ("logo-clearspace",), on_mark.crowded,
          gone=GONE),
    Fault("redrawn", "logo's strokes melted", "% of height", (2, 4, 8), 4, LOGO, on_mark.redrawn, ("ink",), gone=GONE),
    Fault("shadow", "logo with a drop shadow", "% of height", (3, 6, 12), 6, LOGO, on_mark.shadow, ("ink",), gone=GONE),
    Fault("outline", "logo with an outline", "% of height", (2, 4, 8), 4, LOGO, on_mark.outline, ("ink",), gone=GONE),
    Fault("slot-moved", "text out of its place", "% of side", (2, 5, 12), 5, ("layout-drift",), on_page.slot_moved, foreign=False),
    Fault("contrast", "text too pale", "1 : ratio", (1 / 4.2, 1 / 3, 1 / 2), 1 / 4.2, ("text-contrast",), on_page.contrast, foreign=False),
    Fault("misspelt", "letters swapped or lost", "letters", (1, 2, 3), 1, ("text-misspelt",), on_page.misspelt, foreign=False),
    Fault("unrequested", "words nobody asked for", "words", (1, 2, 4), 1, ("text-unrequested",), on_page.unrequested, foreign=False),
    Fault("fake-transparency", "painted chequers", "% of area", (12, 30, 60), 30, ("format-wrong",), on_page.chequers),
    Fault("wrong-size", "wrong pixels", "% of width", (0.1, 2, 50), 0.1, ("format-wrong",), on_file.wrong_size, foreign=False),
    Fault("profile", "CMYK (1), colours beyond sRGB (2)", "kind", (1, 2), 1, ("format-wrong", "gamut"), on_file.profile,
          ordered=False),
    Fault("weight", "file too heavy", "× the limit", (1.05, 1.5, 3), 1.05, ("format-wrong",), on_file.weight, foreign=False),
    Fault("banned-word", "words the brand never uses", "words", (1, 2, 3), 1, ("tone-ban",), on_page.banned, foreign=False),
)}  # fmt: skip
