"""Rules on how marks are used: space, sizes, words, and each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from brandkit.brand.drawing import Drawing
from brandkit.brand.kit import Kit
from brandkit.brand.references import select
from brandkit.brand.registry import Found, rule

LEVELS = 24  # of 255; more than the rounding of edges when one drawing is saved by two programs
SAME = 0.002  # of the canvas that may differ in drawings that are one; a dot that changes its colour has more


@rule(
    id="clear-space-missing",
    area="logo",
    level="advice",
    rationale="""
        Clear space keeps other things from becoming part of the mark. With 0 anything may touch it, and the gate has nothing to
        measure. A common rule is half the height of the mark.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/main.svg, clear_space: 0}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/main.svg, clear_space: 0.5}
    """,
)
def clear_space_missing(kit: Kit) -> Iterator[Found]:
    """A mark has no clear space."""
    for name, mark in kit.brand.marks.items():
        if mark.clear_space == 0:
            yield Found(
                ("logo", "marks", name, "clear_space"), f"anything may touch {name!r}", "write e.g. 0.5, half the height of the mark"
            )


@rule(
    id="mark-twin",
    area="logo",
    level="advice",
    rationale="""
        Two marks with the same drawing are one mark with two names: nobody knows which to choose, and when one file is replaced
        the other stays.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/main.svg}
            classic: {file: logo/main.svg}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/main.svg}
    """,
)
def mark_twin(kit: Kit) -> Iterator[Found]:
    """Two marks look the same."""
    for (first, _, one), (second, _, two) in combinations(list(kit.drawn), 2):
        if abs(one.ratio / two.ratio - 1) < 0.02 and _difference(one, two) < SAME:
            message = f"{second!r} looks the same as {first!r}"
            yield Found(("logo", "marks", second), message, "delete one, and join their 'on' lists", key=True)


def _difference(one: Drawing, two: Drawing) -> float:
    """Share of the canvas in [0, 1] on which two drawings of one width show something else."""
    rows = min(len(one.pixels), len(two.pixels))
    flat = [drawing.pixels[:rows].astype(np.float64) for drawing in (one, two)]
    for pixels in flat:
        pixels[..., :3] *= pixels[..., 3:] / 255
    return float((np.abs(flat[0] - flat[1]).max(-1) > LEVELS).mean())


@rule(
    id="mark-lockup",
    area="logo",
    level="advice",
    rationale="""
        Layouts choose marks by how they are built: wide places take the horizontal lockup, narrow ones the symbol. A square mark
        that is called horizontal is set far too small, and a wide one that is called a symbol far too large.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/square.svg}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/square.svg, lockup: symbol}
    """,
)
def mark_lockup(kit: Kit) -> Iterator[Found]:
    """The lockup of a mark does not fit its proportions."""
    for name, mark, drawing in kit.drawn:
        wide = mark.lockup in ("horizontal", "wordmark")
        if (wide and drawing.ratio < 1.1) or (mark.lockup == "symbol" and drawing.ratio > 2.5):
            message = f"{name!r} is {drawing.ratio:.2f} times as wide as high, which is no {mark.lockup} mark"
            hint = "write 'lockup: symbol' or 'lockup: stacked'" if wide else "write 'lockup: horizontal' or 'lockup: wordmark'"
            yield Found(("logo", "marks", name, "lockup"), message, hint)


@rule(
    id="mark-alt",
    area="logo",
    level="advice",
    rationale="""
        The words for a mark go into alternative texts, for people who do not see it, and into prompts, where the model must know
        what it should leave out. Describe what is drawn, not what it stands for.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/main.svg}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/main.svg, alt: A square cut by a diagonal line}
    """,
)
def mark_alt(kit: Kit) -> Iterator[Found]:
    """Marks have no description in words."""
    without = [name for name, mark in kit.brand.marks.items() if not mark.alt]
    if without:
        named = ", ".join(map(repr, without[:4])) + (", …" if len(without) > 4 else "")
        yield Found(("logo", "marks", without[0]), f"no words describe {named}", "add 'alt:' with what the mark shows", key=True)


@rule(
    id="mark-wide",
    area="logo",
    level="error",
    rationale="""
        A mark may not be smaller than its smallest width. When a placement of the kit's own campaigns is narrower than every
        mark, the layout cannot be made at all. Add a symbol for narrow places, or leave the placement out.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/main.svg, min_width: 1200px}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/main.svg, min_width: 96px}
    """,
)
def mark_wide(kit: Kit) -> Iterator[Found]:
    """No mark fits into a placement that a campaign of the kit uses."""
    widths = {name: float(mark.min_width.removesuffix("px")) for name, mark in kit.brand.marks.items()}
    narrowest = min(widths, key=lambda name: widths[name], default=None)
    margin = kit.brand.document.layout.margin
    for campaign in kit.campaigns if narrowest else ():
        for pattern in (("formats", "*"), ("formats", "*", "name")):
            for loc, name in select(campaign.tree, pattern):
                width, height = kit.surroundings.formats.get(name, (0, 0)) if isinstance(name, str) else (0, 0)
                room = width - 2 * margin * min(width, height)
                if width and narrowest and widths[narrowest] > room:
                    needs = f"the narrowest mark, {narrowest!r}, needs {widths[narrowest]:g} px"
                    message = f"{name} has {room:.0f} px between its margins, and {needs}"
                    yield Found(loc, message, "add a symbol with a smaller min_width, or leave this format out", source=campaign)
