"""palette-drift."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.check.registry import NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.check.swatches import EVEN, SwatchTable, button_of, is_fill, lab_of, swatch_limit
from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import srgb_to_lab, srgb_to_oklab
from brandkit.image.region import Box
from brandkit.layout.boxes import Layout
from brandkit.metric.area import color_at, fill_at, within
from brandkit.metric.blend import opacity_distance, tint_distance
from brandkit.metric.ink import TOGETHER, Ink, as_coded, find_ink
from brandkit.metric.median import channel_medians
from brandkit.metric.palette import FlatMode, is_grey
from brandkit.metric.panel import Panel
from brandkit.metric.shade import is_one_color
from brandkit.results import Finding, Limit, Measurement, Region, Verdict

ID = "palette-drift"
AREA_SHARE = 0.2  # of an area's pixels must show its colour: copy, marks and rounded corners may stand on the rest
INK_SHARE = 0.02  # of a text's box must show its ink at full weight; strokes cover 10 to 30 %, most of them soft rim
INK_SIZE = 32  # px; strokes of smaller type are all soft rim
LOSSY_SLACK = 300.0  # ΔE00 × px; lossy files halve the resolution of colour, so that strokes lose some of theirs: 4 at 80 px, 9 at 32
SMALL = 14  # px; the strokes of smaller type never show their ink
EVEN_INK, EVEN_SHARE = (
    8.0,
    0.45,
)  # 8-bit levels around its median in which so much of a text's box lies where its ground is flat
RIM_SLACK, CODED_SLACK = 20.0, 100.0  # ΔE00 × px by which a solved ink may be off: its rims, and what coding leaves to explain: 2 at 50 px
LOOKED_AT = 12_000  # px of an area that say its colour
SOLVED_AT = 4_000  # px of a text from which its ink is solved
MIN_AREA = 400  # px; smaller areas are all edge
DRIFTED = 12.0  # ΔE00; farther from a swatch, a colour is a stranger (palette-intruder), not that swatch gone astray
MIN_SHARE = 0.01  # of the area; a drifted fill below that is a detail of an illustration
FILL_UNIFORM = 0.8  # of a fill's pixels have even neighbours; sensor noise and paint do not
BLEND = 0.008  # OKLab units; a tint, shade or blend that a program made is nearer to its line, a colour that drifted seldom is
PURE = 0.96  # of everything around its colour, and of its neighbourhoods, that is the ground itself: no wall is as even
LARGE_PURE = 0.9  # the same, of a large one that is one colour all over
LARGE, ONE_COLOR = 0.2, 1.6  # of the area that is no detail of a drawing; 8-bit levels of deviation that coding alone makes
PLAIN, PLAIN_UNIFORM = 1.2, 0.9  # 8-bit levels of deviation, and pixels with even neighbours, of a ground whatever else the picture shows
PANEL = 0.9  # of its box that an off-white or dark ground fills, with everything that stands on it
INK_SLACK = 1.5  # ΔE00 by which strokes are read less exactly than areas
PURE_BLEND = 3.0  # times the swatch's own tolerance; a blend within it of a swatch would be invisible as a tint


class Expected(NamedTuple):
    """A colour that the layout put somewhere: what for, what it is, where, and how much of that place shows it."""

    place: str
    name: str
    hex: str
    box: Box
    pixels: NDArray[np.uint8]
    share: float
    size: float = 0.0
    """Of the type whose ink it is, in px; 0 for areas."""


class Read(NamedTuple):
    """What a place shows: its distance (ΔE00) from its colour, the colour that it shows instead, and that distance before any slack."""

    delta: float
    color: tuple[float, float, float]
    whole: float


@dataclass
class Tally:
    """The distances (ΔE00) of all colours that were read, and how many of them are faults."""

    deltas: list[float] = field(default_factory=list)
    wrong: int = 0

    def note(self, delta: float, verdict: Verdict) -> None:
        self.deltas.append(delta)
        self.wrong += verdict is not Verdict.PASS

    def together(self) -> Iterator[Outcome]:
        """How far all colours are off in sum, where one is a fault: for the order of assets, the worst one decides."""
        if self.wrong and len(self.deltas) > 1:
            words = f"{self.wrong} of {len(self.deltas)} colours off, in sum"
            yield Measurement(name="together", measured=words, expected="none", value=sum(self.deltas), unit="ΔE00")


@check(
    id=ID,
    version=5,
    rationale="""
        People recognise a brand by its colours long before they read its name. A fill that is a little off is what image models,
        profile mix-ups and hand-picked values produce, and nobody notices until two assets stand side by side.
        In pictures made elsewhere it reads fills, buttons, and the inks of type and strokes on flat grounds; of strokes whose colour a
        lossy file thinned out it judges what is left of it.
    """,
    limits=Limit(review_at=2.5, fail_at=5.0, unit="ΔE00"),
)
def palette_drift(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """Every brand colour in the asset is the colour that the brand declares."""
    table = subject.table
    if not table.names:
        yield NotChecked(f"{subject.brand.file.name} declares no palette; add `palette.colors`")
    elif subject.layout is not None:
        yield from _own(subject, subject.layout, table, limit)
    else:
        yield from _foreign(subject, table, limit)
        if subject.invisible:
            yield NotChecked("every pixel of the picture is transparent")


def _own(subject: Subject, layout: Layout, table: SwatchTable, limit: Limit) -> Iterator[Outcome]:
    checked, off = False, Tally()
    for expected in _expected(subject, layout, table):
        read = _read(expected, lossy=subject.lossy)
        if read is None:
            continue
        checked = True
        name = expected.name if expected.name in table.names else None
        applied = swatch_limit(subject.brand, name, limit)
        delta, mean = read.delta, read.color
        region = subject.region(expected.box)
        yield _reading(expected.name, expected.hex, _hex(mean), delta, applied, region)
        verdict = applied.verdict(delta)
        off.note(read.whole, verdict)
        if verdict is not Verdict.PASS:
            other = _other_swatch(_shown(expected), table, applied)
            if other is not None and table.names[other] != name:
                yield _misplaced(expected, table, other, delta, applied, verdict, region)
            else:
                yield _finding("drifted", expected.name, expected.hex, _hex(mean), delta, applied, verdict, region)
    yield from off.together()
    if not checked:
        yield NotChecked("the layout has no flat colour large enough to measure")


def _expected(subject: Subject, layout: Layout, table: SwatchTable) -> Iterator[Expected]:
    names = dict(zip(reversed(table.hexes), reversed(table.names), strict=True))
    page = Box(0, 0, subject.width, subject.height)
    step = 1 + int(np.sqrt(page.area / LOOKED_AT))
    thin = subject.rgb[::step, ::step]
    free: NDArray[np.bool_] = np.ones(thin.shape[:2], bool)
    covers = [layout.mark.box, *(slot.box for slot in layout.slots), *([layout.picture] if layout.picture else [])]
    for box in (*covers, *(panel for _, panel, _ in layout.panels)):
        free[box.grown(step).scaled(1 / step, 1 / step).pixels(free.shape[1], free.shape[0])] = False
    areas: list[tuple[str, str, Box, NDArray[np.uint8]]] = [("the ground", layout.ground, page, _some(thin[free]))]
    areas += [(f"the panel {name!r}", color, box, _pixels(subject, box.grown(-1))) for name, box, color in layout.panels]
    for place, color, box, pixels in areas:
        if len(pixels) >= MIN_AREA:
            yield Expected(place, names.get(color.upper(), color.upper()), color.upper(), box, pixels, AREA_SHARE)
    for slot in layout.slots:
        if slot.size >= SMALL and len(pixels := _pixels(subject, slot.box)) >= MIN_AREA:
            name = names.get(slot.ink.upper(), slot.ink.upper())
            yield Expected(f"the ink of the {slot.name}", name, slot.ink.upper(), slot.box, pixels, INK_SHARE, slot.size)


def _read(expected: Expected, *, lossy: bool) -> Read | None:
    """How far a place is from its colour; None where strokes are too thin to tell."""
    lab = lab_of(expected.hex)
    if not expected.size:
        delta, color = fill_at(expected.pixels, lab, share=expected.share)
        return Read(delta, color, delta)
    if lossy and expected.size < INK_SIZE:
        return None
    if (solved := _solved(expected, lab, lossy=lossy)) is not None or expected.size < INK_SIZE:
        return solved
    delta, color = color_at(expected.pixels, lab, share=expected.share)
    return Read(max(0.0, delta - (LOSSY_SLACK / expected.size if lossy else 0.0)), color, delta)


def _solved(expected: Expected, lab: NDArray[np.float64], *, lossy: bool) -> Read | None:
    """The ink of type on a flat ground, where its strokes show it unmixed."""
    some = np.ascontiguousarray(expected.pixels[:: 1 + len(expected.pixels) // SOLVED_AT])
    ground, pixels = channel_medians(some[None]).lower, some.astype(np.float32)
    if float(within(pixels, ground.astype(np.float32), EVEN_INK).mean()) < EVEN_SHARE:
        return None
    ink = find_ink(pixels, ground.astype(np.float32))
    if ink is None:
        return None
    known = as_coded(lab[None], srgb_to_lab(ground / 255))[0] if lossy else lab[None]
    red, green, blue = (float(value) for value in ink.color)
    delta = float(delta_e_2000(srgb_to_lab(ink.color.astype(np.float64) / 255), known).min())
    return Read(max(0.0, delta - (CODED_SLACK if lossy else RIM_SLACK) / expected.size), (red, green, blue), delta)


def _shown(expected: Expected) -> NDArray[np.float64]:
    """CIELAB of what most of the place shows instead; for ink, of the pixels farthest from the place's median."""
    pixels = expected.pixels.astype(np.float64)
    middle = np.median(pixels, axis=0)
    if expected.share != INK_SHARE:
        return srgb_to_lab(middle / 255)
    away = np.linalg.norm(pixels - middle, axis=1)
    return srgb_to_lab(np.median(pixels[away >= np.quantile(away, 1 - INK_SHARE)], axis=0) / 255)


def _other_swatch(lab: NDArray[np.float64], table: SwatchTable, limit: Limit) -> int | None:
    """The swatch that a colour is within tolerance, if any."""
    deltas = delta_e_2000(lab, table.lab)
    nearest = int(np.argmin(deltas))
    return nearest if limit.verdict(float(deltas[nearest])) is Verdict.PASS else None


def _misplaced(expected: Expected, table: SwatchTable, other: int, delta: float, limit: Limit, verdict: Verdict, region: Region) -> Finding:
    name, hex_ = table.names[other], table.hexes[other]
    return Finding(
        check=ID, code="wrong-role", verdict=verdict, measured=delta, unit="ΔE00", limit=limit, region=region,
        message=f"{expected.place} is {name} {hex_}, where the layout chose {expected.name} {expected.hex} (ΔE00 {delta:.1f})",
        remedy=f"set it in {expected.name}, or lay the asset out in the scheme that gives {name} this role",
    )  # fmt: skip


def _pixels(subject: Subject, box: Box) -> NDArray[np.uint8]:
    """The pixels of a box, shape (N, 3): all of them, or an even selection of a large one."""
    rows, columns = box.pixels(subject.width, subject.height)
    step = 1 + int(np.sqrt(box.area / LOOKED_AT))
    return subject.rgb[rows, columns][::step, ::step].reshape(-1, 3)


def _some(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return pixels[:: 1 + len(pixels) // LOOKED_AT]


def _foreign(subject: Subject, table: SwatchTable, limit: Limit) -> Iterator[Outcome]:
    modes, deltas = subject.flat.modes, subject.deltas
    judged, off = set[int](), Tally()
    for index, name in enumerate(table.names):
        palette = subject.brand.document.palette
        if palette is None or not palette.colors[name].required:
            continue
        applied = swatch_limit(subject.brand, name, limit)
        nearest = int(np.argmin(deltas[:, index])) if modes else -1
        mode, delta = (modes[nearest], float(deltas[nearest, index])) if modes else (None, np.inf)
        if mode is None or delta > max(DRIFTED, applied.fail_at):
            yield _missing(name, table.hexes[index], None if mode is None else (mode, delta), applied)
            continue
        judged.add(mode.index)
        region = subject.region(subject.flat.region(mode))
        yield _reading(name, table.hexes[index], mode.hex, delta, applied, region)
        off.note(delta, verdict := applied.verdict(delta))
        if verdict is not Verdict.PASS:
            yield _finding("drifted", name, table.hexes[index], mode.hex, delta, applied, verdict, region)
    yield from _astray(subject, table, limit, judged, off)
    yield from _inks(subject, table, limit, judged, off)
    yield from off.together()


def _astray(subject: Subject, table: SwatchTable, limit: Limit, judged: set[int], off: Tally) -> Iterator[Outcome]:
    """Fills and panels that are nearly a swatch, yet neither it nor a blend: a person decides, because no brief says what they are."""
    seen: list[Box] = []
    for mode, row in zip(subject.flat.modes, subject.deltas, strict=True):
        if float(row.min()) > DRIFTED or mode.index in judged:
            continue
        drawn = _drawn(subject, mode)
        if drawn is None or any(drawn.box.intersection(box).area for box in seen):
            continue
        deltas = row
        if drawn.rgb != mode.rgb:  # a panel of several shades, as letters and coding make them
            seen.append(drawn.box)
            deltas = delta_e_2000(srgb_to_lab(np.array(drawn.rgb) / 255), table.lab)
        position = int(np.argmin(deltas))
        name, delta = table.names[position], float(deltas[position])
        applied = swatch_limit(subject.brand, name, limit)
        verdict = applied.verdict(delta)
        if delta > DRIFTED or (verdict is not Verdict.PASS and not _meant(subject, table, mode, drawn, delta, applied)):
            continue
        region = subject.region(drawn.box)
        yield _reading(name, table.hexes[position], _hex(drawn.rgb), delta, applied, region)
        off.note(delta, verdict)
        if verdict is not Verdict.PASS:
            judged.add(mode.index)
            yield _finding("near-swatch", name, table.hexes[position], _hex(drawn.rgb), delta, applied, Verdict.REVIEW, region)


def _inks(subject: Subject, table: SwatchTable, limit: Limit, judged: set[int], off: Tally) -> Iterator[Outcome]:
    """Inks of type and strokes that are nearly a swatch, yet neither it nor it at some opacity: a person decides here too."""
    for ink in subject.inks:
        lab, hex_ = srgb_to_lab(np.array(ink.rgb) / 255), _hex(ink.rgb)
        known = as_coded(table.lab, ink.ground.lab) if subject.lossy else table.lab[:, None]
        deltas = delta_e_2000(lab, known).min(axis=1)
        position = int(np.argmin(deltas))
        name, delta = table.names[position], float(deltas[position])
        if delta > DRIFTED or _reported(subject, lab, judged) or is_grey(lab, srgb_to_oklab(np.array(ink.rgb) / 255)):
            continue
        applied = swatch_limit(subject.brand, name, limit)
        applied = applied.model_copy(update={"review_at": applied.review_at + INK_SLACK, "fail_at": applied.fail_at + INK_SLACK})
        mixed = opacity_distance(ink.rgb, table.rgb, ink.ground.rgb)
        if delta > PURE_BLEND * limit.review_at:
            mixed = min(mixed, tint_distance(ink.rgb, table.rgb))
        if applied.verdict(delta) is not Verdict.PASS and (mixed < BLEND or _seen_between(subject, ink)):
            continue
        region = subject.region(ink.box)
        yield _reading(f"{name} in type", table.hexes[position], hex_, delta, applied, region)
        off.note(delta, applied.verdict(delta))
        if applied.verdict(delta) is not Verdict.PASS:
            yield _finding("near-ink", f"the ink of {name}", table.hexes[position], hex_, delta, applied, Verdict.REVIEW, region)


def _seen_between(subject: Subject, ink: Ink) -> bool:
    """Whether an ink is what large letters stand on, seen between them, or may be mixed with a ground that is a shading."""
    around = (np.abs(np.subtract(mode.rgb, ink.rgb)).max() for mode in subject.flat.modes if mode.share > ink.ground.share)
    return any(far <= TOGETHER for far in around) or not is_one_color(subject.flat, ink.ground)


def _reported(subject: Subject, lab: NDArray[np.float64], judged: set[int]) -> bool:
    """Whether a colour is one of the flat colours that were found wrong: wide strokes are areas too."""
    return any(float(delta_e_2000(lab, mode.lab)) <= INK_SLACK for mode in subject.flat.modes if mode.index in judged)


def _drawn(subject: Subject, mode: FlatMode) -> Panel | None:
    """A flat colour that somebody filled an area with, and its place; None for a detail, a photograph or a gradient."""
    if (mode.share >= MIN_SHARE and is_fill(mode, FILL_UNIFORM)) or _plain(mode):
        return Panel(subject.flat.region(mode), mode.rgb, mode.share)
    return button_of(subject.flat, mode)


def _meant(subject: Subject, table: SwatchTable, mode: FlatMode, drawn: Panel, delta: float, limit: Limit) -> bool:
    """Whether a drawn colour at ΔE00 `delta` from a swatch is meant to be it: neither anybody's grey, nor a blend, nor a lit wall."""
    if mode.grey or (mode.neutral and not _ground(subject, mode)) or not is_one_color(subject.flat, mode):
        return False
    return delta <= PURE_BLEND * limit.review_at or tint_distance(drawn.rgb, table.rgb) >= BLEND


def _ground(subject: Subject, mode: FlatMode) -> bool:
    """Whether a mode is a drawn ground or panel: nothing but itself, or whole but for what stands on it."""
    if mode.deviation > EVEN:
        return False
    large = mode.share >= LARGE and mode.deviation <= ONE_COLOR
    alone = mode.peak >= (LARGE_PURE if large else PURE)
    return _plain(mode) or (alone and (mode.uniform >= PURE or large)) or subject.flat.solidity(mode) >= PANEL


def _plain(mode: FlatMode) -> bool:
    """Whether a mode is so large and so even that it is a drawn ground, even where a gradient ends in its colour."""
    return mode.share >= LARGE and mode.deviation <= PLAIN and mode.uniform >= PLAIN_UNIFORM


def _missing(name: str, hex_: str, found: tuple[FlatMode, float] | None, limit: Limit) -> Finding:
    nearest = f"; the nearest flat colour is {found[0].hex} at ΔE00 {found[1]:.1f}" if found else "; it has no flat colour at all"
    return Finding(
        check=ID,
        code="missing",
        verdict=Verdict.FAIL,
        message=f"the required colour {name} {hex_} is not in the picture{nearest}",
        measured=found[1] if found else None,
        unit="ΔE00",
        limit=limit,
        remedy=f"use {name} {hex_} for a ground, a panel or a shape",
    )


def _finding(code: str, name: str, hex_: str, measured: str, delta: float, limit: Limit, verdict: Verdict, region: Region) -> Finding:
    return Finding(
        check=ID,
        code=code,
        verdict=verdict,
        message=f"{name} should be {hex_} and is {measured}: ΔE00 {delta:.1f}, allowed {limit.review_at:g}",
        measured=delta,
        unit="ΔE00",
        limit=limit,
        region=region,
        remedy=f"set this area to {hex_}, and export in sRGB",
    )


def _reading(name: str, expected: str, measured: str, delta: float, limit: Limit, region: Region) -> Measurement:
    return Measurement(name=name, expected=expected, measured=measured, value=delta, unit="ΔE00", limit=limit, region=region)


def _hex(color: tuple[float, float, float]) -> str:
    return "#{:02X}{:02X}{:02X}".format(*(round(channel) for channel in color))
