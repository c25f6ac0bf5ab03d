"""palette-intruder."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from brandkit.check.registry import NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.check.swatches import lab_of, swatch_table
from brandkit.metric.palette import FlatMode, blend_distance, nearest_swatch
from brandkit.results import Finding, Limit, Measurement, Verdict

ID = "palette-intruder"
NEAR = 12.0  # ΔE00; closer to a swatch, a colour is that swatch gone astray, which palette-drift judges
BLEND = 0.03  # OKLab units; closer to a blend of two swatches, or a tint or shade, a colour belongs to the palette
FILL_PEAK = 0.8  # a fill stands alone in colour space; photographs, shading and gradients do not
FILL_UNIFORM = 0.6  # of a fill's pixels have even neighbours; sensor noise and texture do not
DARK = 0.22  # OKLab lightness below which no hue is seen
PANEL = 0.8  # of its box that a panel or button fills; a disc fills 0.79, drawn shapes less
FORBIDDEN = 2.0  # ΔE00 around a forbidden colour: the same colour to the eye; a warm white is not the forbidden white
FORBIDDEN_SHARE = 0.5  # % of area; less is a photograph's clipped shadow or highlight


@check(
    id=ID,
    version=2,
    rationale="""
        One flat area in a colour from elsewhere, such as a default blue button or last season's accent, breaks the palette at once.
        Photographs, skin, greys and blends between brand colours are not strangers and do not count.
    """,
    limits=Limit(review_at=1.0, fail_at=4.0, unit="% of area"),
)
def palette_intruder(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """No flat area shows a chromatic colour from outside the palette."""
    table = swatch_table(subject.brand)
    if not table.names:
        yield NotChecked(f"{subject.brand.file.name} declares no palette; add `palette.colors`")
        return
    strangers = []
    for mode in subject.flat.modes:
        banned = _forbidden(subject, mode) if 100 * mode.share >= FORBIDDEN_SHARE and _fill(mode) else None
        if banned is not None:
            yield from _banned(subject, mode, banned, limit)
        elif _counts(mode) and nearest_swatch(mode.lab, table.lab).delta > NEAR and blend_distance(mode.oklab, table.oklab) > BLEND:
            strangers.append(mode)
    total = 100 * sum(mode.share for mode in strangers)
    yield Measurement(name="off-palette", measured=f"{total:.1f} %", expected="0 %", value=total, unit=limit.unit)
    verdict = _verdict(subject, strangers, limit)
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


def _verdict(subject: Subject, strangers: list[FlatMode], limit: Limit) -> Verdict:
    """Drawn shapes in a picture from elsewhere may be an illustration, which a person must judge; panels and buttons are not."""
    verdict = limit.verdict(100 * sum(mode.share for mode in strangers))
    if verdict is not Verdict.FAIL or not subject.foreign:
        return verdict
    panels = sum(mode.share for mode in strangers if subject.flat.solidity(mode) >= PANEL)
    return Verdict.FAIL if limit.verdict(100 * panels) is Verdict.FAIL else Verdict.REVIEW


def _counts(mode: FlatMode) -> bool:
    """Whether a mode is a chromatic fill rather than a photograph, skin, a grey or nearly black."""
    lightness = float(np.asarray(mode.oklab)[0])
    return not mode.neutral and not mode.skin and lightness > DARK and _fill(mode)


def _fill(mode: FlatMode) -> bool:
    return mode.peak >= FILL_PEAK and mode.uniform >= FILL_UNIFORM


def _forbidden(subject: Subject, mode: FlatMode) -> int | None:
    palette = subject.brand.document.palette
    deltas = [nearest_swatch(mode.lab, lab_of(color).reshape(1, 3)).delta for color in (palette.forbidden if palette else [])]
    return next((index for index, delta in enumerate(deltas) if delta <= FORBIDDEN), None)


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
