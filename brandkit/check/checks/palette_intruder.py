"""palette-intruder."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.calibration import CALIBRATED
from brandkit.check.registry import NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.check.swatches import BUTTON, SwatchTable, button_of, is_fill, lab_of
from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import srgb_to_lab, srgb_to_oklab
from brandkit.image.region import Box
from brandkit.metric.blend import nearest_swatch, opacity_distance, tint_distance, tint_distances
from brandkit.metric.ink import SHARE, Ink
from brandkit.metric.palette import NEUTRAL_CHROMA, FlatMode, skin_colored
from brandkit.metric.panel import Panel
from brandkit.metric.patches import patch_at, patch_seeds
from brandkit.metric.smooth import grain, smooth_colors, smooth_region
from brandkit.results import Finding, Limit, Measurement, Verdict

ID = "palette-intruder"
NEAR = 12.0  # ΔE00; closer to a swatch, a colour is that swatch gone astray, which palette-drift judges
BLEND = 0.03  # OKLab units; closer to a blend of two swatches, or a tint or shade, a colour belongs to the palette
BUTTON_BLEND = 0.012  # of a button, whose colour was chosen and not mixed in a drawing
ASIDE = 0.35  # of a colour's chroma; farther from a blend, it has another hue than that blend, however dark both are
FILL_UNIFORM = 0.6  # of a fill's pixels have even neighbours; sensor noise and texture do not
DARK = 0.22  # OKLab lightness below which no hue is seen
PANEL = 0.8  # of its box that a panel or button fills; a disc fills 0.79, drawn shapes less
CLIPPED = 0.85  # of its box that forbidden black or white must fill; clipped shadows and highlights have no such outline
GRADIENT = 8.0  # % of area that smooth shadings in strange colours cover; a photograph's sky or screen seldom does
GRADIENT_CHROMA = 0.05  # OKLab chroma from which a shading has a hue of its own
GRAIN = 1.1  # 8-bit levels of noise; sensors leave more, unless compression took it away
SHOWN = 0.005  # of the area from which a colour of the brand is seen
FORBIDDEN = 2.0  # ΔE00 around a forbidden colour: the same colour to the eye; a warm white is not the forbidden white
SAME = 3.0  # ΔE00 within which type has the colour of an area: wide strokes are areas too
FORBIDDEN_SHARE = 0.5  # % of area; less is a photograph's clipped shadow or highlight


@check(
    id=ID,
    version=5,
    rationale="""
        One flat area in a colour from elsewhere, such as a default blue button or last season's accent, breaks the palette at once.
        Photographs, skin, greys and blends between brand colours are not strangers and do not count; type in a strange colour on a flat
        ground waits for a person, and so do many small patches that add up to an area. Large smooth shadings in strange
        colours, as drawn gradients are, wait for a person where nothing else speaks for the brand, neither a colour nor its mark: beside
        them they may be the clear sky of a photograph.
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
    inks = _strange_inks(subject, table) if subject.foreign else []
    if verdict is not Verdict.PASS:
        yield _off_palette(subject, table, strangers, limit, verdict)
        yield from _with_type(strangers, inks, limit)
        return
    yield from _inks(subject, table, inks, limit)
    yield from _patches(subject, table, strangers, limit)
    if subject.foreign:
        yield from _gradients(subject, table, limit)


def _off_palette(subject: Subject, table: SwatchTable, strangers: list[FlatMode], limit: Limit, verdict: Verdict) -> Finding:
    largest, total = strangers[0], 100 * sum(mode.share for mode in strangers)
    near = nearest_swatch(largest.lab, table.lab)
    name, hex_ = table.names[near.position], table.hexes[near.position]
    listed = ", ".join(f"{mode.hex} ({100 * mode.share:.1f} %)" for mode in strangers[:4])
    return Finding(
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


def _gradients(subject: Subject, table: SwatchTable, limit: Limit) -> Iterator[Outcome]:
    """Smooth areas in strange colours, where neither a colour nor the mark of the brand is seen. A person decides, whatever the area."""
    colors = smooth_colors(subject.flat)
    strange = _strange(colors.rgb, table)
    share = 100 * float(colors.share[strange].sum())
    applied = limit.model_copy(update={"review_at": max(GRADIENT, limit.review_at), "fail_at": 100.0, "most": Verdict.REVIEW})
    if share > applied.review_at and (_of_the_brand(subject, table) or not _drawn_smooth(subject, colors.rgb[strange])):
        applied = applied.model_copy(update={"most": Verdict.PASS})
    yield Measurement(name="strange shadings", measured=f"{share:.1f} %", value=share, unit=limit.unit, limit=applied)
    if applied.verdict(share) is not Verdict.PASS:
        most = colors.rgb[strange][np.argmax(colors.share[strange])]
        near = nearest_swatch(srgb_to_lab(most / 255), table.lab)
        yield Finding(
            check=ID, code="gradient", verdict=Verdict.REVIEW, measured=share, unit=limit.unit, limit=applied,
            message=f"{share:.0f} % of the area is smooth colour from elsewhere, most of it near {_hex(most)}, and nothing is the brand's",
            region=subject.region(smooth_region(subject.flat, colors.rgb[strange])),
            remedy=f"shade between palette colours; nearest is {table.names[near.position]} {table.hexes[near.position]}",
        )  # fmt: skip


def _of_the_brand(subject: Subject, table: SwatchTable) -> bool:
    """Whether a chromatic colour of the brand, or its mark, stands in the picture."""
    own = np.hypot(table.oklab[:, 1], table.oklab[:, 2]) >= NEUTRAL_CHROMA
    shown = np.array([mode.share >= SHOWN for mode in subject.flat.modes], bool)
    if shown.any() and own.any() and float(subject.deltas[shown][:, own].min()) <= NEAR / 2:
        return True
    return subject.sighting is not None and subject.sighting.likely


def _drawn_smooth(subject: Subject, colors: NDArray[np.float64]) -> bool:
    """Whether smooth areas lack the grain that a camera leaves."""
    box = smooth_region(subject.flat, colors)
    return grain(subject.rgb[box.y : box.y + box.h, box.x : box.x + box.w], colors) <= GRAIN


def _strange(rgb: NDArray[np.float64], table: SwatchTable) -> NDArray[np.bool_]:
    """Which of the colours (N, 3) are chromatic and neither skin, nor near a swatch, nor a blend of swatches."""
    lab, oklab = srgb_to_lab(rgb / 255), srgb_to_oklab(rgb / 255)
    chroma = np.hypot(oklab[:, 1], oklab[:, 2])
    strange = (chroma > GRADIENT_CHROMA) & (oklab[:, 0] > DARK) & ~skin_colored(lab)
    left = np.flatnonzero(strange)
    if len(left):
        apart = delta_e_2000(lab[left, None], table.lab[None]).min(axis=1) > NEAR
        strange[left] = apart & (tint_distances(rgb[left], table.rgb) > np.minimum(BLEND, ASIDE * chroma[left]))
    return np.asarray(strange)


def _hex(rgb: NDArray[np.float64]) -> str:
    return "#{:02X}{:02X}{:02X}".format(*(round(float(channel)) for channel in rgb))


def _buttons(subject: Subject, table: SwatchTable, counted: list[FlatMode], limit: Limit) -> Iterator[Outcome]:
    """Small panels in a strange colour, too small to count as an area."""
    least = max(BUTTON, limit.review_at) if limit.source == CALIBRATED else BUTTON  # panels as in approved pictures are the brand's
    seen: list[Box] = []
    for mode, deltas in zip(subject.flat.modes, subject.deltas, strict=True):
        if deltas.min() <= NEAR or mode in counted or mode.neutral or float(np.asarray(mode.oklab)[0]) <= DARK:
            continue
        panel = button_of(subject.flat, mode, outlined=subject.foreign)
        if panel is None or 100 * panel.share <= least or any(panel.box.intersection(box).area for box in seen):
            continue
        seen.append(panel.box)
        if tint_distance(panel.rgb, table.rgb) <= min(BUTTON_BLEND, ASIDE * float(np.hypot(*mode.oklab[1:]))):
            continue
        near, share = int(deltas.argmin()), 100 * panel.share
        applied = limit.model_copy(update={"review_at": least})
        yield Finding(
            check=ID, code="button", verdict=Verdict.REVIEW, measured=share, unit=limit.unit, limit=applied,
            message=f"a panel of {_hex(np.array(panel.rgb))} ({share:.1f} % of the area) is from outside the palette",
            region=subject.region(panel.box), remedy=f"use a palette colour; nearest is {table.names[near]} {table.hexes[near]}",
        )  # fmt: skip


def _strange_inks(subject: Subject, table: SwatchTable) -> list[Ink]:
    return [
        ink for ink in subject.inks
        if _strange(np.array([ink.rgb]), table)[0] and opacity_distance(ink.rgb, table.rgb, ink.ground.rgb) > BLEND
    ]  # fmt: skip


def _inks(subject: Subject, table: SwatchTable, inks: list[Ink], limit: Limit) -> Iterator[Outcome]:
    """Type and strokes in a strange colour on flat grounds; drawings have such strokes too, so a person decides."""
    for ink in inks:
        rgb, share = np.array(ink.rgb), 100 * ink.share
        near = nearest_swatch(srgb_to_lab(rgb / 255), table.lab)
        yield Finding(
            check=ID, code="ink", verdict=Verdict.REVIEW, measured=share, unit=limit.unit, region=subject.region(ink.box),
            limit=limit.model_copy(update={"review_at": 100 * SHARE, "fail_at": 100.0}),
            message=f"type or strokes on {ink.ground.hex} are set in {_hex(rgb)}, which is from outside the palette",
            remedy=f"set them in a palette colour; nearest is {table.names[near.position]} {table.hexes[near.position]}",
        )  # fmt: skip


def _with_type(strangers: list[FlatMode], inks: list[Ink], limit: Limit) -> Iterator[Outcome]:
    """Everything strange together, for the order of assets: areas, and type that is none of those areas."""
    labs = np.stack([mode.lab for mode in strangers])
    more = [ink.share for ink in inks if float(delta_e_2000(srgb_to_lab(np.array(ink.rgb) / 255), labs).min()) > SAME]
    if more:
        total = 100 * (sum(mode.share for mode in strangers) + sum(more))
        yield Measurement(name="off-palette with type", measured=f"{total:.1f} %", expected="0 %", value=total, unit=limit.unit)


def _patches(subject: Subject, table: SwatchTable, strangers: list[FlatMode], limit: Limit) -> Iterator[Outcome]:
    """Patches too small to count alone that together cover as much as an area would; a person decides, as drawings have them too."""
    panels = _strange_patches(subject, table, strangers)
    total = 100 * (sum(panel.share for panel in panels) + sum(mode.share for mode in strangers))
    if not panels:
        return
    yield Measurement(name="small patches", measured=f"{total:.1f} %", expected="0 %", value=total, unit=limit.unit)
    if limit.verdict(total) is not Verdict.PASS:
        near = nearest_swatch(srgb_to_lab(np.array(panels[0].rgb) / 255), table.lab)
        colors = list(dict.fromkeys(_hex(np.array(panel.rgb)) for panel in panels))
        yield Finding(
            check=ID, code="patches", verdict=Verdict.REVIEW, measured=total, unit=limit.unit, limit=limit,
            message=f"{len(panels)} small patches, with what else is strange {total:.1f} % of the area, are from outside the palette: "
            + ", ".join(colors[:4]),
            region=subject.region(panels[0].box),
            remedy=f"use palette colours; nearest to {colors[0]} is {table.names[near.position]} {table.hexes[near.position]}",
        )  # fmt: skip


def _strange_patches(subject: Subject, table: SwatchTable, strangers: list[FlatMode]) -> list[Panel]:
    most = BUTTON / 100
    seeds, found = patch_seeds(subject.flat, most), list[Panel]()
    for index in np.flatnonzero(_strange(seeds.rgb, table)).tolist() if len(seeds.rgb) else ():
        panel = patch_at(subject.flat, seeds.rgb[index], seeds.places[index], most)
        if panel and not _among(subject, panel, strangers) and not any(panel.box.intersection(one.box).area for one in found):
            found.append(panel)
    return found


def _among(subject: Subject, panel: Panel, strangers: list[FlatMode]) -> bool:
    """Whether a patch is a part of a strange colour that was counted as an area."""
    step, box = subject.flat.step, panel.box
    index = int(subject.flat.labels[int((box.y + box.h / 2) / step), int((box.x + box.w / 2) / step)])
    return any(mode.index == index for mode in strangers)


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


def _blended(mode: FlatMode, table: SwatchTable) -> bool:
    chroma = float(np.hypot(*mode.oklab[1:]))
    return tint_distance(mode.rgb, table.rgb) <= min(BLEND, ASIDE * chroma)


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
