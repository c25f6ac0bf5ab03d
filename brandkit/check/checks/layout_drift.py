"""layout-drift."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.check.limits import profiled
from brandkit.check.registry import NO_LAYOUT, Further, NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.color.parse import parse_color
from brandkit.image.region import Box
from brandkit.layout.boxes import Layout, Slot
from brandkit.metric.layout import busyness
from brandkit.metric.median import channel_medians
from brandkit.metric.placement import MARGIN, Shift, fills_box, find_shift
from brandkit.results import Finding, Level, Limit, Measurement, Verdict

ID = "layout-drift"
REACH = 0.15  # of the short side: how far an element is followed
ROUNDING = 1.5  # px that are rounding, however small the picture
SEEN = 0.02  # of its box that must show the element's colour; the thinnest type covers more than twice as much
FULL, NEAR = 0.25, 0.5  # of the distance between ink and ground up to which a pixel is ink, and from which it is none
DETAIL = 256  # px; panels are looked for in a picture whose short side has about as many, which places them to 0.4 %
PANEL_NEAR = 14.0  # 8-bit levels in every channel within which a pixel has a panel's colour
FINE = 28  # px of type for each pixel of a step in which its ink is looked at: strokes stay several steps wide
THIN = 4.0  # px; thinner elements are rules, whose place one pixel of rounding decides
LETTER = 1.8  # heights of the type that a connected part may measure: brackets and joined letters with marks stay below
SAMPLE = 16_000  # px of an element with its surroundings that say what it stands on
CONTRAST = 40.0  # 8-bit levels between ink and ground (or panel and page) below which nobody can say where it stands
CALM = Limit(review_at=8.0, fail_at=16.0, unit="busyness")  # luma levels for each 256th of the side: grain 3-6, foliage > 10


@check(
    id=ID,
    version=3,
    rationale="""
        A template is a promise: the headline sits on its line, panels meet their edges, copy stands on calm ground. A few percent
        off is what readers feel as sloppy, and a busy picture under copy costs more readers than any wrong shade.
    """,
    limits=Limit(review_at=1.0, fail_at=2.5, unit="% of side"),
    further=[Further("calm", CALM, "of the picture underneath, where copy stands")],
    foreign_level=Level.SHOULD,
)
def layout_drift(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """Copy and panels stand where the layout put them, and the picture is calm under the copy."""
    layout = subject.layout
    if layout is None:
        yield NO_LAYOUT
        return
    read = False
    for name, box, shift in _elements(subject, layout):
        if shift is not None and shift.sure:
            read = True
            yield from _judge(subject, limit, name, box, shift)
        else:
            yield Measurement(name=name, measured="cannot be told from what is behind it", region=subject.region(box))
    yield from _calm(subject, layout)
    if not read:
        yield NotChecked("the layout has no copy and no panel that stands out enough to say where it is")


def _elements(subject: Subject, layout: Layout) -> Iterator[tuple[str, Box, Shift | None]]:
    """Every element with where it stands; None for those that cannot be told from what is behind them."""
    page = Box(0, 0, subject.width, subject.height)
    reach = max(2, round(REACH * min(subject.width, subject.height)))
    for name, box, color in layout.panels:
        if box.intersection(page).area < 0.98 * page.area and min(box.w, box.h) >= THIN:
            yield name, box, _panel_shift(subject, box, color, reach) if _apart(subject, box, color, []) >= CONTRAST else None
    others = [slot.box for slot in layout.slots] + [layout.mark.box] + [box for _, box, _ in layout.panels]
    for slot in layout.slots:
        if min(slot.box.w, slot.box.h) >= THIN:
            hidden = [box.grown(1) for box in others if box.intersection(slot.box).area < 0.5 * slot.box.area]
            yield slot.name, slot.box, _text_shift(subject, slot, hidden, reach)


class _Part(NamedTuple):
    """A part of the picture, thinned out to every `step`-th pixel, and the element's box in it."""

    pixels: NDArray[np.uint8]
    box: Box
    step: int
    left: int
    top: int


def _part(subject: Subject, box: Box, margin: float, step: int) -> _Part:
    rows, columns = box.grown(margin).pixels(subject.width, subject.height)
    place = Box((box.x - columns.start) / step, (box.y - rows.start) / step, box.w / step, box.h / step)
    return _Part(subject.rgb[rows, columns][::step, ::step], place, step, columns.start, rows.start)


def _panel_shift(subject: Subject, box: Box, color: str, reach: int) -> Shift:
    step = min(max(1, min(subject.width, subject.height) // DETAIL), max(1, int(min(box.w, box.h) / THIN)))
    near = _part(subject, box, MARGIN * step, step)
    if (cover := fills_box(_like(near.pixels, color), near.box)) is not None:
        return Shift(0, 0, cover)
    part = _part(subject, box, reach + min(box.w, box.h) / 3 + MARGIN * step, step)
    shift = find_shift(_like(part.pixels, color), part.box, reach // step)
    return shift._replace(dx=shift.dx * step, dy=shift.dy * step)


def _text_shift(subject: Subject, slot: Slot, hidden: list[Box], reach: int) -> Shift | None:
    apart = _apart(subject, slot.box, slot.ink, hidden)
    if apart < CONTRAST:
        return None
    step = max(1, int(slot.size / FINE))
    near = _part(subject, slot.box, MARGIN * step, step)
    if (cover := fills_box(_inked(near.pixels, slot.ink, apart), near.box)) is not None:
        return Shift(0, 0, cover)
    part = _part(subject, slot.box, reach + slot.box.h / 3 + MARGIN * step, step)
    ink = _inked(part.pixels, slot.ink, apart)
    for box in hidden:
        ink[Box(box.x - part.left, box.y - part.top, box.w, box.h).scaled(1 / step, 1 / step).pixels(ink.shape[1], ink.shape[0])] = 0
    shift = find_shift(_letters(ink, slot, step), part.box, reach // step)
    if not shift.sure and float(ink[part.box.pixels(ink.shape[1], ink.shape[0])].mean()) < SEEN:
        return Shift(0, 0, 0.0)  # wherever it went, it is not in its box
    return shift._replace(dx=shift.dx * step, dy=shift.dy * step)


def _inked(part: NDArray[np.uint8], color: str, apart: float) -> NDArray[np.float32]:
    """How much each pixel is ink, 0..1: all of it near the ink's colour, less on soft rims, nothing from half way to the ground."""
    import cv2

    away = cv2.absdiff(part, np.array([*_rgb(color), 0], np.float64))
    distance = np.sqrt(cv2.transform(np.square(away, dtype=np.float32), np.ones((1, 3), np.float32)).reshape(part.shape[:2]))
    return np.asarray(np.clip((NEAR * apart - distance) / ((NEAR - FULL) * apart), 0, 1), np.float32)


def _letters(ink: NDArray[np.float32], slot: Slot, step: int) -> NDArray[np.float32]:
    """`ink` without connected parts that are too large for letters of this text: grounds and things of the same colour."""
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats((ink > 0).view(np.uint8), connectivity=8)
    most, widest = max(LETTER * slot.size, slot.box.h / 2) / step, (max(slot.box.w, LETTER * slot.size) + 2) / step
    fits = (stats[:, cv2.CC_STAT_HEIGHT] <= most) & (stats[:, cv2.CC_STAT_WIDTH] <= widest)
    fits[0] = False
    return np.where(fits[labels], ink, np.float32(0))


def _judge(subject: Subject, limit: Limit, name: str, box: Box, shift: Shift) -> Iterator[Outcome]:
    side = min(subject.width, subject.height)
    off = 100 * shift.length / side
    region = subject.region(Box(max(0.0, box.x + shift.dx), max(0.0, box.y + shift.dy), box.w, box.h))
    if shift.cover < SEEN:
        yield Measurement(name=name, measured="not there", expected="in its box", region=subject.region(box))
        yield Finding(
            check=ID, code="absent", verdict=Verdict.FAIL, measured=max(100 * REACH, limit.fail_at), unit=limit.unit, limit=limit,
            region=subject.region(box), message=f"the {name} is neither in its box nor within {REACH:.0%} of the side around it",
            remedy="compose the asset again from its layout",
        )  # fmt: skip
        return
    applied = limit.model_copy(update={"review_at": max(limit.review_at, 100 * ROUNDING / side)})
    yield Measurement(
        name=name, measured=f"{shift.dx:+d}, {shift.dy:+d} px", expected="0, 0 px", value=off, unit=limit.unit, limit=applied, region=region
    )
    if (verdict := applied.verdict(off)) is not Verdict.PASS:
        yield Finding(
            check=ID, code="shifted", verdict=verdict, measured=off, unit=limit.unit, limit=applied, region=region,
            message=f"the {name} stands {shift.dx:+d}, {shift.dy:+d} px from where the layout put it",
            remedy="compose the asset again from its layout",
        )  # fmt: skip


def _calm(subject: Subject, layout: Layout) -> Iterator[Outcome]:
    """Quiet zones in the raw picture: before scrims, which repair a little and cannot repair everything."""
    if subject.raw is None or layout.picture is None:
        return
    raw = subject.raw
    crop = subject.crop or Box(0, 0, raw.width, raw.height)
    fx, fy = crop.w / layout.picture.w, crop.h / layout.picture.h
    rows, columns = crop.pixels(raw.width, raw.height)
    used = raw.rgb[rows, columns]
    for name, zone in layout.quiet:
        inside = zone.intersection(layout.picture)
        if inside.w < 2 or inside.h < 2:
            continue
        place = Box((inside.x - layout.picture.x) * fx, (inside.y - layout.picture.y) * fy, inside.w * fx, inside.h * fy)
        level, calm = busyness(used, place), profiled(CALM, subject.brand)
        yield Measurement(
            name=f"calm for {name}", measured=f"{level:.1f}", expected=f"≤ {CALM.review_at:g}", value=level, unit=calm.unit, limit=calm,
            region=subject.region(inside),
        )  # fmt: skip
        if (verdict := calm.verdict(level)) is not Verdict.PASS:
            yield Finding(
                check=ID, code="busy", verdict=verdict, measured=level, unit=calm.unit, limit=calm, region=subject.region(inside),
                message=f"the picture is busy where the {name} stands ({level:.1f}; up to {CALM.review_at:g} is calm)",
                remedy="make the picture again with this part kept empty, or choose a template that sets copy on a panel",
            )  # fmt: skip


def _apart(subject: Subject, box: Box, color: str, hidden: list[Box]) -> float:
    """How far `color` is from what surrounds `box`, in 8-bit levels: in a thin frame outside it, without other elements."""
    wide = max(3.0, 0.15 * min(box.w, box.h))
    rows, columns = box.grown(1 + wide).pixels(subject.width, subject.height)
    step = max(1, min(int(wide), int(np.sqrt((rows.stop - rows.start) * (columns.stop - columns.start) / SAMPLE))))
    part = subject.rgb[rows, columns][::step, ::step]
    mask: NDArray[np.bool_] = np.ones(part.shape[:2], bool)
    for other in (box.grown(1), *hidden):
        there = Box(other.x - columns.start, other.y - rows.start, other.w, other.h).scaled(1 / step, 1 / step)
        mask[there.pixels(mask.shape[1], mask.shape[0])] = False
    return float(np.linalg.norm(channel_medians(part, mask).middle - _rgb(color))) if mask.any() else 0.0


def _like(rgb: NDArray[np.uint8], color: str) -> NDArray[np.bool_]:
    """Pixels that have `color` but for coding noise."""
    import cv2

    value = _rgb(color)
    return np.asarray(cv2.inRange(rgb, np.maximum(value - PANEL_NEAR, 0), np.minimum(value + PANEL_NEAR, 255)) > 0)


def _rgb(color: str) -> NDArray[np.float64]:
    return np.array(parse_color(color).rgb, dtype=np.float64)
