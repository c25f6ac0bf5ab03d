"""palette-grade."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.resolve import Brand
from brandkit.check.registry import NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.check.swatches import is_fill
from brandkit.errors import PictureError
from brandkit.image.apart import load_material
from brandkit.metric.grade import COLOR, Grade, grade_distance, read_grade
from brandkit.metric.palette import FlatColors, flat_colors
from brandkit.results import Finding, Level, Limit, Measurement, Region, Verdict

ID = "palette-grade"
SIDE = 384  # px of the long side at which grades are read; they are about large areas
FILL_UNIFORM = 0.6  # from which a flat colour is a drawn fill and not part of a photograph
LEAST = 0.2  # share of the picture that must be photographic to speak of its grade


@check(
    id=ID,
    version=4,
    rationale="""
        Pictures of one brand share a light: as warm, as deep, as calm in colour. A single picture in another grade stands out in a
        feed even when nobody can say why. The nearest reference counts, because a brand may have a day and an evening.
    """,
    limits=Limit(review_at=0.13, fail_at=0.30, unit="OKLab"),
    level=Level.SHOULD,
)
def palette_grade(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """Photographs are graded like the brand's own references."""
    if subject.invisible:
        yield NotChecked("every pixel of the picture is transparent")
        return
    photograph = _photographic(subject.underneath, None if subject.raw else subject.flat)
    if photograph is None:
        yield Measurement(name="photographs", measured="none in this picture")
        return
    references = _references(subject.brand)
    if not references:
        yield NotChecked("the brand has no photograph as a style reference; add some under imagery.references with `role: style`")
        return
    seen = read_grade(*photograph)
    distance, name, nearest = min(((grade_distance(seen, grade), name, grade) for name, grade in references), key=lambda entry: entry[0])
    yield Measurement(name="grade", measured=_words(seen), expected=f"{_words(nearest)} ({name})", value=distance, unit=limit.unit)
    verdict = limit.verdict(distance)
    if verdict is Verdict.FAIL and subject.foreign:
        verdict = Verdict.REVIEW  # references are examples; they do not say what else the brand may show
    if verdict is not Verdict.PASS:
        yield Finding(
            check=ID, code="grade", verdict=verdict, measured=distance, unit=limit.unit, limit=limit,
            region=Region(x=0, y=0, w=subject.width, h=subject.height),
            message=f"the photograph is graded {_difference(seen, nearest)} than {name}, the nearest of {len(references)} references",
            remedy="grade it toward the reference, or name this light in a style reference of its own",
        )  # fmt: skip


def _references(brand: Brand) -> list[tuple[str, Grade]]:
    imagery = brand.document.imagery
    locs: list[tuple[str | int, ...]] = [
        ("imagery", "references", index, "file") for index, reference in enumerate(imagery.references) if reference.role == "style"
    ]
    if locs:
        locs += [("imagery", "photographs", name, "file") for name in imagery.photographs]
    paths = list(dict.fromkeys(brand.paths[loc] for loc in locs if loc in brand.paths))
    graded = ((path.name, _file_grade(path, path.stat().st_mtime_ns)) for path in paths if path.is_file())
    return [(name, grade) for name, grade in graded if grade is not None]


@lru_cache(maxsize=256)
def _file_grade(path: Path, _changed: int) -> Grade | None:
    try:
        return _grade(load_material(path).rgb)
    except PictureError:  # `brandkit lint` reports it; the other references still count
        return None


def _grade(rgb: NDArray[np.uint8]) -> Grade | None:
    """The grade of what is photographic; None where hardly anything is."""
    photograph = _photographic(rgb)
    return None if photograph is None else read_grade(*photograph)


def _photographic(rgb: NDArray[np.uint8], flat: FlatColors | None = None) -> tuple[NDArray[np.uint8], NDArray[np.bool_]] | None:
    """The picture made smaller, and which of its pixels are photographic; None where hardly any is."""
    import cv2

    flat = flat or flat_colors(_smaller(rgb))
    fills = [mode.index for mode in flat.modes if is_fill(mode, FILL_UNIFORM)]
    table = np.zeros(256, np.uint8)
    table[fills] = 1
    drawn = np.asarray(cv2.dilate(cv2.LUT(flat.labels, table), np.ones((5, 5), np.uint8)) > 0)  # their soft edges, too
    return None if np.count_nonzero(drawn) / drawn.size > 1 - LEAST else (flat.sample, ~drawn)


def _smaller(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2

    scale = min(1.0, SIDE / max(rgb.shape[:2]))
    size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), dtype=np.uint8) if scale < 1 else rgb


def _words(grade: Grade) -> str:
    return f"lightness {grade.lightness:.2f} ± {grade.contrast:.2f}, chroma {grade.chroma:.2f}, hue {grade.hue:.0f}°"


def _difference(seen: Grade, wanted: Grade) -> str:
    """What differs most, in words."""
    turn = (seen.hue - wanted.hue + 180) % 360 - 180
    parts = [
        (abs(seen.lightness - wanted.lightness), "lighter" if seen.lightness > wanted.lightness else "darker"),
        (abs(seen.contrast - wanted.contrast), "with more contrast" if seen.contrast > wanted.contrast else "with less contrast"),
        (COLOR * abs(seen.chroma - wanted.chroma), "more colourful" if seen.chroma > wanted.chroma else "paler"),
        (2 * COLOR * min(seen.chroma, wanted.chroma) * abs(np.sin(np.radians(turn / 2))), f"in hue {abs(turn):.0f}° away"),
    ]
    parts.sort(reverse=True)
    return " and ".join(word for amount, word in parts[:2] if amount > 0.01) or "otherwise"
