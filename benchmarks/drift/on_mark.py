"""Faults of the logo, put into the finished asset's plate with clean antialiasing."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from benchmarks.drift.base import SUPERSAMPLING, Base, Faulty
from benchmarks.drift.brands.kit import KITS, brand_named
from benchmarks.drift.colors import drifted
from brandkit.color.spaces import lab_to_srgb, srgb_to_lab
from brandkit.image.region import Box

Floats = NDArray[np.float32]
Rng = np.random.Generator
OTHER_GROUND = {
    "primary": "reversed", "reversed": "primary", "symbol": "symbol-reversed", "symbol-reversed": "symbol", "mono": "reversed",
}  # fmt: skip


def put(base: Base, mark: Floats, box: Box, turn: float = 0.0, plate: NDArray[np.uint8] | None = None) -> NDArray[np.uint8]:
    """The asset with `mark` (premultiplied RGBA in 0..1) filling `box`, turned by `turn` degrees about its centre."""
    import cv2

    page = (base.plate if plate is None else plate).astype(np.float32) / 255
    reach = math.hypot(box.w, box.h) / 2 + 2 if turn else 0
    cx, cy = box.x + box.w / 2, box.y + box.h / 2
    outer = Box(cx - reach, cy - reach, 2 * reach, 2 * reach) if turn else box.grown(2)
    rows, columns = outer.pixels(page.shape[1], page.shape[0])
    height, width = rows.stop - rows.start, columns.stop - columns.start
    if height < 1 or width < 1:
        return np.rint(page * 255).astype(np.uint8)
    s = SUPERSAMPLING
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    sx, sy = s * box.w / mark.shape[1], s * box.h / mark.shape[0]
    linear = np.array([[cosine * sx, sine * sy], [-sine * sx, cosine * sy]])
    centre = np.array([s * (cx - columns.start), s * (cy - rows.start)])
    offset = centre - linear @ [mark.shape[1] / 2, mark.shape[0] / 2]
    shift = offset + linear @ [0.5, 0.5] - 0.5  # OpenCV counts from pixel centres
    warped = cv2.warpAffine(mark, np.column_stack([linear, shift]), (s * width, s * height), flags=cv2.INTER_LINEAR)
    layer = cv2.resize(warped, (width, height), interpolation=cv2.INTER_AREA)
    page[rows, columns] = page[rows, columns] * (1 - layer[..., 3:]) + layer[..., :3]
    return np.asarray(np.rint(np.clip(page, 0, 1) * 255), np.uint8)


def _about(box: Box, fx: float, fy: float) -> Box:
    return Box(box.x + box.w * (1 - fx) / 2, box.y + box.h * (1 - fy) / 2, box.w * fx, box.h * fy)


def _padded(mark: Floats, pad: int) -> Floats:
    return np.pad(mark, ((pad, pad), (pad, pad), (0, 0)))


def _put_padded(base: Base, mark: Floats, pad: int) -> NDArray[np.uint8]:
    return put(base, mark, base.layout.mark.box.grown(pad / SUPERSAMPLING))


def stretch(base: Base, severity: float, rng: Rng) -> Faulty:
    factor = 1 + severity / 100
    wide = bool(rng.random() < 0.6)
    return put(base, base.mark(), _about(base.layout.mark.box, factor if wide else 1, 1 if wide else factor))


def rotate(base: Base, severity: float, rng: Rng) -> Faulty:
    return put(base, base.mark(), base.layout.mark.box, severity * (1 if rng.random() < 0.5 else -1))


def recolour(base: Base, severity: float, rng: Rng) -> Faulty:
    mark = base.mark().copy()
    solid = mark[..., 3] > 0.95
    if not solid.any():
        return None
    colours, counts = np.unique(np.rint(mark[solid][:, :3] * 255).astype(int), axis=0, return_counts=True)
    main = colours[int(np.argmax(counts))].astype(float)
    before, after = srgb_to_lab(main / 255), srgb_to_lab(drifted(main, severity, rng) / 255)
    inked = mark[..., 3] > 0
    straight = mark[inked][:, :3] / mark[inked][:, 3:]
    levels, back = np.unique(np.rint(straight * 255).astype(np.int32) @ np.array([65536, 256, 1]), return_inverse=True)
    paints = np.stack([levels >> 16, levels >> 8 & 255, levels & 255], axis=1) / 255
    moved = np.clip(lab_to_srgb(srgb_to_lab(paints) + (after - before)), 0, 1)[back.ravel()]
    mark[inked, :3] = moved * mark[inked][:, 3:]
    return put(base, mark, base.layout.mark.box)


def wrong(base: Base, severity: float, rng: Rng) -> Faulty:
    box = base.layout.mark.box
    if severity == 1:
        other = {
            "primary": "reversed",
            "reversed": "primary",
            "symbol": "symbol-reversed",
            "symbol-reversed": "symbol",
            "mono": "reversed",
        }[base.layout.mark.name]
        return put(base, base.mark(file=base.brand.mark_path(other)), box)
    names = [name for name in KITS if name != base.name and name in base.material.brands]
    stranger = brand_named(str(rng.choice(names)), base.folder)
    name = "reversed" if base.layout.mark.name.endswith("reversed") else "primary"
    mark = base.mark(file=stranger.mark_path(name))
    scale = min(box.w / mark.shape[1], box.h / mark.shape[0])
    return put(base, mark, _about(box, scale * mark.shape[1] / box.w, scale * mark.shape[0] / box.h))


def missing(base: Base, severity: float, rng: Rng) -> Faulty:
    return put(base, base.mark() * np.float32(1 - severity / 100), base.layout.mark.box)


def moved(base: Base, severity: float, rng: Rng) -> Faulty:
    box, far = base.layout.mark.box, severity / 100 * base.side
    form = base.layout.format
    x = far if box.x + box.w / 2 < form.width / 2 else -far
    y = far if box.y + box.h / 2 < form.height / 2 else -far
    across = rng.random() < 0.5
    return put(base, base.mark(), Box(box.x + (x if across else 0), box.y + (0 if across else y), box.w, box.h))


def too_small(base: Base, severity: float, rng: Rng) -> Faulty:
    box = base.layout.mark.box
    least = float(base.brand.marks[base.layout.mark.name].min_width.removesuffix("px"))
    factor = least * (1 - severity / 100) / box.w
    return put(base, base.mark(), _about(box, factor, factor)) if factor < 0.97 else None


def blur(base: Base, severity: float, rng: Rng) -> Faulty:
    import cv2

    sigma = severity * SUPERSAMPLING
    pad = math.ceil(3 * sigma)
    return _put_padded(base, np.asarray(cv2.GaussianBlur(_padded(base.mark(), pad), (0, 0), sigma), np.float32), pad)


def crop(base: Base, severity: float, rng: Rng) -> Faulty:
    mark = base.mark().copy()
    axis = int(rng.integers(2))
    ink = np.cumsum(mark[..., 3].sum(axis=1 - axis))
    cut = int(np.searchsorted(ink, (1 - severity / 100) * ink[-1]))
    if rng.random() < 0.5:
        cut = int(np.searchsorted(ink, severity / 100 * ink[-1]))
        mark[(slice(None),) * axis + (slice(0, cut),)] = 0
    else:
        mark[(slice(None),) * axis + (slice(cut, None),)] = 0
    return put(base, mark, base.layout.mark.box)


def crowded(base: Base, severity: float, rng: Rng) -> Faulty:
    """A bar in the ink's colour that reaches `severity` mark heights into the clear space, on a side where the page has room."""
    mark = base.mark()
    rows, columns = np.flatnonzero(mark[..., 3].max(axis=1) > 0.5), np.flatnonzero(mark[..., 3].max(axis=0) > 0.5)
    box, h = base.layout.mark.box, base.layout.mark.box.h
    fx, fy = box.w / mark.shape[1], box.h / mark.shape[0]
    ink = Box(box.x + columns[0] * fx, box.y + rows[0] * fy, (columns[-1] + 1 - columns[0]) * fx, (rows[-1] + 1 - rows[0]) * fy)
    gap = base.brand.marks[base.layout.mark.name].clear_space * ink.h - severity * h
    thick, long = max(4.0, 0.3 * h), max(10.0, 0.8 * h)
    places = [
        Box(ink.right + gap, ink.y + (ink.h - long) / 2, thick, long), Box(ink.x - gap - thick, ink.y + (ink.h - long) / 2, thick, long),
        Box(ink.x + (ink.w - long) / 2, ink.bottom + gap, long, thick), Box(ink.x + (ink.w - long) / 2, ink.y - gap - thick, long, thick),
    ]  # fmt: skip
    form = base.layout.format
    free = [place for place in places if place.x >= 0 and place.y >= 0 and place.right <= form.width and place.bottom <= form.height
            and all(place.intersection(slot.box).area == 0 for slot in base.layout.slots)]  # fmt: skip
    if not free:
        return None
    place = free[int(rng.integers(len(free)))]
    solid = mark[..., 3] > 0.95
    colour = np.median(mark[solid], axis=0) if solid.any() else np.array([0, 0, 0, 1], np.float32)
    bar = np.broadcast_to(colour.astype(np.float32), (16, 16, 4)).copy()
    return put(base, bar, place, plate=base.rgb)


def redrawn(base: Base, severity: float, rng: Rng) -> Faulty:
    """Strokes displaced by a smooth random field: as a model that draws the logo from memory."""
    import cv2

    tall = SUPERSAMPLING * base.layout.mark.box.h
    pad = math.ceil(3 * severity / 100 * tall) + 2
    mark = _padded(base.mark(), pad)
    h, w = mark.shape[:2]
    fields = []
    for _ in range(2):
        noise = cv2.GaussianBlur(rng.normal(0, 1, (h, w)).astype(np.float32), (0, 0), max(2.0, 0.12 * tall))
        fields.append(noise / max(1e-9, float(noise.std())) * severity / 100 * tall)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    return _put_padded(base, np.asarray(cv2.remap(mark, x + fields[0], y + fields[1], cv2.INTER_LINEAR), np.float32), pad)


def shadow(base: Base, severity: float, rng: Rng) -> Faulty:
    import cv2

    far = severity / 100 * SUPERSAMPLING * base.layout.mark.box.h
    pad = math.ceil(3 * far) + 2
    mark = _padded(base.mark(), pad)
    soft = cv2.GaussianBlur(np.roll(mark[..., 3], (round(far), round(far)), (0, 1)), (0, 0), max(0.5, 0.5 * far)) * np.float32(0.55)
    tone = 0.0 if base.plate[base.layout.mark.box.grown(2).pixels(base.plate.shape[1], base.plate.shape[0])].mean() > 90 else 1.0
    under = np.dstack([np.full_like(soft, tone)] * 3 + [np.ones_like(soft)]) * soft[..., None]
    return _put_padded(base, np.asarray(mark + under * (1 - mark[..., 3:]), np.float32), pad)


def outline(base: Base, severity: float, rng: Rng) -> Faulty:
    import cv2

    wide = max(1, round(severity / 100 * SUPERSAMPLING * base.layout.mark.box.h))
    mark = _padded(base.mark(), wide + 2)
    around = cv2.dilate(mark[..., 3], cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * wide + 1, 2 * wide + 1)))
    ground = base.plate[base.layout.mark.box.pixels(base.plate.shape[1], base.plate.shape[0])].mean()
    own = np.median(mark[mark[..., 3] > 0.95][:, :3], axis=0).mean() * 255 if (mark[..., 3] > 0.95).any() else ground
    choices = [tone for tone in (0.0, 0.5, 1.0) if abs(255 * tone - ground) > 60 and abs(255 * tone - own) > 40] or [0.5]
    tone = float(rng.choice(choices))
    under = np.dstack([np.full_like(around, tone)] * 3 + [np.ones_like(around)]) * around[..., None]
    return _put_padded(base, np.asarray(mark + under * (1 - mark[..., 3:]), np.float32), wide + 2)
