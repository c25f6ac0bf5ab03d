"""palette-intruder."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from brandkit.brand.calibration import CALIBRATED
from brandkit.check.registry import NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.check.swatches import BUTTON, SwatchTable, is_button, is_fill, lab_of
from brandkit.metric.blend import nearest_swatch, tint_distance
from brandkit.metric.palette import FlatMode
from brandkit.results import Finding, Limit, Measurement, Verdict

ID = "palette-intruder"
NEAR = 12.0  # ΔE00; closer to a swatch, a colour is that swatch gone astray, which palette-drift judges
BLEND = 0.03  # OKLab units; closer to a blend of two swatches, or a tint or shade, a colour belongs to the palette
BUTTON_BLEND = 0.02  # of a button, whose colour was chosen and not mixed in a drawing
ASIDE = 0.35  # of a colour's chroma; farther from a blend, it has another hue than that blend, however dark both are
FILL_UNIFORM = 0.6  # of a fill's pixels have even neighbours; sensor noise and texture do not
DARK = 0.22  # OKLab lightness below which no hue is seen
PANEL = 0.8  # of its box that a panel or button fills; a disc fills 0.79, drawn shapes less
CLIPPED = 0.85  # of its box that forbidden black or white must fill; clipped shadows and highlights have no such outline
FORBIDDEN = 2.0  # ΔE00 around a forbidden colour: the same colour to the eye; a warm white is not the forbidden white
FORBIDDEN_SHARE = 0.5  # % of area; less is a photograph's clipped shadow or highlight


@check(
    id=ID,
    version=3,
    rationale="""
        One flat area in a colour from elsewhere, such as a default blue button or last season's accent, breaks the palette at once.
        Photographs, skin, greys and blends between brand colours are not strangers and do not count.
    """,
    limits=Limit(review_at=1.0, fail_at=4.0, unit="% of area"),
)
def palette_intruder(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """No flat area shows a chromatic colour from outside the palette."""
    table = subject.table
    if not table.names:
        yield NotChecked(f"{subject.brand.file.name} declares no palette; add `palette.colors`")
        return
    if subject.invisible:
        yield NotChecked("every pixel of the picture is transparent")
        return
    strangers: list[FlatMode] = []
    forbidden: list[FlatMode] = []
    for mode, deltas in zip(subject.flat.modes, subject.deltas, strict=True):
        banned = _forbidden(subject, mode) if 100 * mode.share > FORBIDDEN_SHARE and is_fill(mode, FILL_UNIFORM) else None
        if banned is not None and _drawn(subject, mode):
            forbidden.append(mode)
            yield from _banned(subject, mode, banned, limit)
        elif deltas.min() > NEAR and _counts(mode) and not _blended(mode, table):
            strangers.append(mode)
    total = 100 * sum(mode.share for mode in strangers)
    yield Measurement(name="off-palette", measured=f"{total:.1f} %", expected="0 %", value=total, unit=limit.unit)
    verdict = _verdict(subject, strangers, limit)
    yield from _buttons(subject, table, forbidden + (strangers if verdict is not Verdict.PASS else []), limit)
    if verdict is not Verdict.PASS:
        largest = strangers[0]
        near = nearest_swatch(largest.lab, table.lab)
        name, hex_ = table.names[near.position], table.hexes[near.position]
        listed = ", ".join(f"{mode.hex} ({100 * mode.share:.1f} %)" for mode in strangers[:4])
        yield Finding(
            check=ID,
            code="off-palette",
            verdict=verdict,
            message=f"{total:.1f} % of the area is flat colour from outside the palette: {listed}",
            measured=total,
            unit=limit.unit,
            limit=limit,
            region=subject.region(subject.flat.region(largest)),
            remedy=f"use a palette colour; nearest to {largest.hex} is {name} {hex_} (ΔE00 {near.delta:.0f} away)",
        )


def _buttons(subject: Subject, table: SwatchTable, counted: list[FlatMode], limit: Limit) -> Iterator[Outcome]:
    """Small panels in a strange colour, too small to count as an area."""
    least = max(BUTTON, limit.review_at) if limit.source == CALIBRATED else BUTTON  # panels as in approved pictures are the brand's
    for mode, deltas in zip(subject.flat.modes, subject.deltas, strict=True):
        share = 100 * mode.share
        if share <= least or deltas.min() <= NEAR or mode in counted:
            continue
        if not _chromatic(mode) or not is_button(subject.flat, mode) or _blended(mode, table, BUTTON_BLEND):
            continue
        near = int(deltas.argmin())
        applied = limit.model_copy(update={"review_at": least})
        yield Finding(
            check=ID, code="button", verdict=Verdict.REVIEW, measured=share, unit=limit.unit, limit=applied,
            message=f"a small panel of {mode.hex} ({share:.1f} % of the area) is from outside the palette",
            region=subject.region(subject.flat.region(mode)),
            remedy=f"use a palette colour; nearest is {table.names[near]} {table.hexes[near]}",
        )  # fmt: skip


def _verdict(subject: Subject, strangers: list[FlatMode], limit: Limit) -> Verdict:
    """Drawn shapes in a picture from elsewhere may be an illustration, which a person must judge; panels and buttons are not."""
    verdict = limit.verdict(100 * sum(mode.share for mode in strangers))
    if verdict is not Verdict.FAIL or not subject.foreign:
        return verdict
    panels = sum(mode.share for mode in strangers if subject.flat.solidity(mode) >= PANEL)
    return Verdict.FAIL if limit.verdict(100 * panels) is Verdict.FAIL else Verdict.REVIEW


def _counts(mode: FlatMode) -> bool:
    """Whether a mode is a chromatic fill rather than a photograph, skin, a grey or nearly black."""
    return is_fill(mode, FILL_UNIFORM) and _chromatic(mode)


def _chromatic(mode: FlatMode) -> bool:
    return not mode.neutral and not mode.skin and float(np.asarray(mode.oklab)[0]) > DARK


def _blended(mode: FlatMode, table: SwatchTable, blend: float = BLEND) -> bool:
    chroma = float(np.hypot(*mode.oklab[1:]))
    return tint_distance(mode.rgb, table.rgb) <= min(blend, ASIDE * chroma)


def _drawn(subject: Subject, mode: FlatMode) -> bool:
    """Whether a mode is a fill that somebody drew, and not the shadows or highlights that a photograph clipped."""
    return not mode.grey or subject.flat.solidity(mode) >= CLIPPED


def _forbidden(subject: Subject, mode: FlatMode) -> int | None:
    palette = subject.brand.document.palette
    if palette is None or not palette.forbidden:
        return None
    near = nearest_swatch(mode.lab, np.stack([lab_of(color) for color in palette.forbidden]))
    return near.position if near.delta <= FORBIDDEN else None


def _banned(subject: Subject, mode: FlatMode, index: int, limit: Limit) -> Iterator[Outcome]:
    palette = subject.brand.document.palette
    place = subject.brand.where("palette", "forbidden", index)
    share = 100 * mode.share
    yield Finding(
        check=ID,
        code="forbidden",
        verdict=Verdict.FAIL,
        message=f"{share:.1f} % of the area is {mode.hex}, which the brand forbids ({palette.forbidden[index] if palette else ''})",
        measured=share,
        unit=limit.unit,
        limit=limit.model_copy(update={"review_at": FORBIDDEN_SHARE, "fail_at": FORBIDDEN_SHARE, "source": place}),
        region=subject.region(subject.flat.region(mode)),
        remedy="use a palette colour instead",
    )
