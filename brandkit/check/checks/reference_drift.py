"""reference-drift."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.model import Reference
from brandkit.check.registry import NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.errors import PictureError
from brandkit.image.apart import load_material
from brandkit.metric import reference as metric
from brandkit.results import Finding, Level, Limit, Measurement, Region, Verdict

ID = "reference-drift"
SEEN = 0.6  # of the outline from which it is certainly this product; a missing part takes up to a third, other wares show half


class Part(NamedTuple):
    """One way in which a product may have changed: `value` and `limit` in `unit`, and what `keep` it breaks."""

    code: str
    value: float
    limit: float
    unit: str
    keep: str
    words: str


@check(
    id=ID,
    rationale="""
        A new light, another room or camera are what a campaign is made of; a shorter spout, a moved label or another glaze is a
        product that nobody can buy. Measures over the whole picture cannot tell them apart, so outline, parts, print and
        colour are compared each by itself, once the reference's outline is followed into the picture.
    """,
    limits=Limit(review_at=1.0, fail_at=2.0, unit="× what light and camera change"),
    version=7,
    level=Level.SHOULD,
)
def reference_drift(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """Products look as in their reference, whatever the light, the camera and the room."""
    references = [
        (index, reference)
        for index, reference in enumerate(subject.brand.document.imagery.references)
        if reference.role == "product" and reference.keep
    ]
    if not references:
        yield NotChecked("the brand keeps no product; add one under imagery.references with `role: product` and `keep: everything`")
        return
    if not subject.generated:
        yield Measurement(name="product", measured="the brand's own picture, which no model made")
        return
    if subject.layout is not None and subject.layout.picture is None:
        yield Measurement(name="product", measured="the layout shows no picture")
        return
    picture, missed = subject.underneath, []
    for index, reference in references:
        path = subject.brand.paths.get(("imagery", "references", index, "file"))
        cut = _cut_out(path, path.stat().st_mtime_ns) if path is not None and path.is_file() else None
        if path is None or cut is None:
            yield NotChecked(f"{subject.brand.where('imagery', 'references', index, 'file')} cannot be read as a picture")
            continue
        reading = metric.compare_product(picture, cut.rgb, cut.mask)
        if not reading.found or reading.seen < SEEN:
            missed.append(path.name)
            continue
        yield from _judge(subject, limit, reference, path.name, reading)
    if len(missed) == len(references):
        yield NotChecked(f"none of the kept products ({', '.join(missed)}) was found in the picture")


class _CutOut(NamedTuple):
    rgb: NDArray[np.uint8]
    mask: NDArray[np.bool_] | None


@lru_cache(maxsize=64)
def _cut_out(path: Path, _changed: int) -> _CutOut | None:
    try:
        picture = load_material(path)
    except PictureError:  # `brandkit lint` says what is wrong with it
        return None
    return _CutOut(picture.rgb, None if picture.alpha is None else picture.alpha > 127)


def _judge(subject: Subject, limit: Limit, reference: Reference, name: str, reading: metric.ReferenceReading) -> Iterator[Outcome]:
    kept = {"geometry", "colour"} if reference.keep == "everything" else {reference.keep}
    parts = [part for part in _parts(reading) if part.keep in kept]
    if any(part.code.startswith("print") and part.value > part.limit for part in parts):
        parts = [part for part in parts if part.code != "colour"]  # where the print moved, other paint is read at its place
    words = ", ".join(f"{part.words} {part.value:.1f} {part.unit}" for part in parts)
    worst = max(parts, key=lambda part: part.value / part.limit)
    drift = worst.value / worst.limit
    region = Region(x=0, y=0, w=subject.width, h=subject.height)
    yield Measurement(name=name, measured=words, expected="as in the reference", value=drift, unit=limit.unit, region=region)
    verdict = limit.verdict(drift)
    if verdict is Verdict.FAIL and subject.foreign:
        verdict = Verdict.REVIEW  # it may show another product of the same range
    if verdict is not Verdict.PASS:
        yield Finding(
            check=ID, code=worst.code, verdict=verdict, measured=drift, unit=limit.unit, limit=limit, region=region,
            message=f"{name}: {worst.words} {worst.value:.1f} {worst.unit} off; light and camera explain {worst.limit:g}",
            remedy="make the picture again with this reference, or edit with a mask that leaves the product alone",
        )  # fmt: skip


def _parts(reading: metric.ReferenceReading) -> list[Part]:
    return [
        Part("outline", reading.shape, reading.shape_limit, "% of its height", "geometry", "its outline is"),
        Part("part-missing", reading.lost, reading.lost_limit, "% of its height thick", "geometry", "a piece is missing,"),
        Part("part-gone", reading.gone, metric.GONE, "% of its outline", "geometry", "a stretch of its outline is missing,"),
        Part("part-size", reading.size, metric.SIZE, "% in size", "geometry", "a part of it differs by"),
        Part("proportions", abs(reading.aspect), metric.ASPECT, "%", "geometry", "its proportions are"),
        Part("print-moved", reading.shift, metric.SHIFT, "% of its height", "geometry", "its print is"),
        Part("print-turned", abs(reading.turn), metric.TURN, "°", "geometry", "its print is turned"),
        Part("print", reading.print, metric.PRINT, "(1 - correlation)", "geometry", "its print is"),
        Part("letters", 100 * reading.strokes, 100 * metric.STROKES, "% of the ink's contrast", "geometry", "a letter of its print is"),
        Part("colour", reading.color, metric.COLOR, "ΔE00", "colour", "its colour is"),
    ]
