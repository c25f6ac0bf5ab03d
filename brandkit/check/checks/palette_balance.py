"""palette-balance."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.check.registry import NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.results import Finding, Level, Limit, Measurement, Verdict

ID = "palette-balance"
NEAR = 6.0  # ΔE00 within which a flat colour is meant to be a swatch; palette-drift says whether it is exact


@check(
    id=ID,
    version=3,
    rationale="""
        A palette is proportions as much as colours: the same five colours with the accent on half of the area are another brand.
        Photographs are free: they may stand for any colour, so only too much of a flat colour, or too little even if the whole
        photograph counted as that colour, is a fault.
    """,
    limits=Limit(review_at=10.0, fail_at=25.0, unit="% points"),
    level=Level.SHOULD,
)
def palette_balance(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """Each colour covers about as much of the asset as the brand gives it."""
    palette = subject.brand.document.palette
    declared = {name: color.share for name, color in (palette.colors if palette else {}).items() if color.share is not None}
    if not declared:
        yield NotChecked(f"{subject.brand.file.name} gives no colour a share; add `share: [least, most]` to `palette.colors`")
        return
    if subject.invisible:
        yield NotChecked("every pixel of the picture is transparent")
        return
    table = subject.table
    shares = dict.fromkeys(table.names, 0.0)
    other = 0.0
    for mode, deltas in zip(subject.flat.modes, subject.deltas, strict=True):
        if deltas.min() <= NEAR:
            shares[table.names[int(deltas.argmin())]] += mode.share
        else:
            other += mode.share
    free = max(0.0, 1 - other - sum(shares.values()))
    for name, (least, most) in declared.items():
        over, under = shares[name] - most, least - shares[name] - free
        off = 100 * max(0.0, over, under)
        seen = f"{100 * shares[name]:.0f} %" + (f" (and {100 * free:.0f} % of photographs and edges)" if free > 0.01 else "")
        expected = f"{100 * least:.0f} %" if least == most else f"{100 * least:.0f}-{100 * most:.0f} %"
        yield Measurement(name=name, measured=seen, expected=expected, value=off, unit=limit.unit)
        verdict = limit.verdict(off)
        if verdict is Verdict.FAIL and subject.foreign:
            verdict = Verdict.REVIEW  # a single picture of a series may well be all ground
        if verdict is not Verdict.PASS:
            much = over > 0
            yield Finding(
                check=ID, code="much" if much else "little", verdict=verdict, measured=off, unit=limit.unit, limit=limit,
                message=f"{name} covers {seen}; {subject.brand.where('palette', 'colors', name, 'share')} gives it {expected}",
                remedy=f"use {'less' if much else 'more'} of {name}, or another scheme or template",
            )  # fmt: skip
