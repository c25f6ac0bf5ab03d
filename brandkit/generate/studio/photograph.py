"""Developing one of the brand's photographs: choose and frame, resample, grade, quieten, grain."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.resolve import Brand
from brandkit.errors import BackendError, PictureError
from brandkit.generate.studio.calm import quieten, smooth_texture
from brandkit.generate.studio.framing import Frame, View, frame, look
from brandkit.generate.studio.grade import calm_ground, make_grade
from brandkit.generate.studio.gradient import grain
from brandkit.generate.studio.room import random
from brandkit.image.region import Box
from brandkit.metric.layout import gradient_energy

LESS_LIKED = 0.3  # cost of each place further down the list: a clearly better crop may still win
CHANCE = 0.12  # spread of the seed's say: variants differ only among photographs that suit about as well
SMOOTHED = (0.02, 0.06)  # of the short side: radii that dissolve the streaks of pulled-out texture, fine ones and clouds
GRAIN = 0.9  # levels (0..255) over everything: hides 8-bit steps of the grade and ties pulled-out ground to the rest


def develop_photograph(
    width: int, height: int, brand: Brand, *, names: tuple[str, ...], ground: str, zones: tuple[Box, ...], seed: int
) -> NDArray[np.uint8]:
    """Make a picture from one of the brand's photographs.

    Args:
        width: Of the picture in pixels.
        height: Of the picture in pixels.
        brand: Its `imagery.photographs`, and its palette for the grade.
        names: Photographs to choose from, best first; empty: all of them.
        ground: The scheme's ground as `#RRGGBB`.
        zones: Quiet zones in fractions of the picture.
        seed: Decides between photographs that suit equally well, and the grain.

    Returns:
        Shape ``(height, width, 3)``, sRGB.

    Raises:
        BackendError: The brand has no such photograph.
        PictureError: A photograph cannot be read.
    """
    rng = random(seed, 3)
    known = brand.document.imagery.photographs
    wanted = [name for name in names if name in known] if names else list(known)
    if not wanted:
        raise BackendError(
            _missing(brand, names), hint="name photographs under imagery.photographs in the brand file, or choose scene kind 'pattern'"
        )
    ranked = []
    for rank, name in enumerate(wanted):
        shot = known[name]
        focus = shot.focus if "focus" in shot.model_fields_set else None
        framed = frame(_view(*_key(brand, name), focus, shot.subject), width, height, zones)
        ranked.append((framed.cost + LESS_LIKED * rank * bool(names) + float(rng.uniform(0, CHANCE)), rank, name, framed))
    _, _, name, framed = min(ranked, key=lambda one: one[:2])
    picture = resample(_pixels(*_key(brand, name)), framed, width, height)
    return finish(picture, brand, ground=ground, zones=zones, subject=framed.subject, rng=rng)


def finish(
    picture: NDArray[np.uint8], brand: Brand, *, ground: str, zones: tuple[Box, ...], subject: Box | None, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Grade a framed picture, quieten its quiet zones and lay grain over it."""
    graded = make_grade(brand, ground, calm_ground(picture, gradient_energy(picture))).apply(picture)
    calm = quieten(graded, zones, subject=subject)
    calm += grain(picture.shape[0], picture.shape[1], GRAIN, rng)
    return np.asarray(np.clip(calm + np.float32(0.5), 0, 255), dtype=np.uint8)


def resample(rgb: NDArray[np.uint8], framed: Frame, width: int, height: int) -> NDArray[np.uint8]:
    """The framed part of a photograph at `width` × `height`, with smooth margins pulled out where the frame passes them."""
    from PIL import Image

    x, y = framed.x, framed.y
    left, top = max(0.0, x.start), max(0.0, y.start)
    right, bottom = min(x.size, x.start + x.length), min(y.size, y.start + y.length)
    lanczos = Image.Resampling.LANCZOS
    if not framed.stretched:
        return np.asarray(Image.fromarray(rgb).resize((width, height), lanczos, box=(left, top, right, bottom)))
    import cv2

    core_w = max(2, round((right - left) * width / x.length))
    core_h = max(2, round((bottom - top) * height / y.length))
    core = np.asarray(Image.fromarray(rgb).resize((core_w, core_h), lanczos, box=(left, top, right, bottom)))
    across = (x.source(x.start + (np.arange(width) + 0.5) * x.length / width) - left) * core_w / (right - left)
    down = (y.source(y.start + (np.arange(height) + 0.5) * y.length / height) - top) * core_h / (bottom - top)
    grid_x = np.ascontiguousarray(np.broadcast_to(across - 0.5, (height, width)), dtype=np.float32)
    grid_y = np.ascontiguousarray(np.broadcast_to(down[:, None] - 0.5, (height, width)), dtype=np.float32)
    pulled = np.asarray(cv2.remap(core, grid_x, grid_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)
    return _retextured(pulled, _pull(across)[None, :], _pull(down)[:, None])


def _pull(places: NDArray[np.float64]) -> NDArray[np.float32]:
    """How far each column (or row) is pulled out, 0 to 1: 0 at true scale, 1 from half of it."""
    slope = np.gradient(places) if len(places) > 1 else np.ones(1)
    t = np.clip((1 - slope) / 0.5, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)


def _retextured(picture: NDArray[np.uint8], across: NDArray[np.float32], down: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Pulled-out ground with its streaks smoothed away and even grain, as strong as the ground's own, in their place."""
    import cv2

    weight = np.maximum(across, down)
    height, width = picture.shape[:2]
    original = picture.astype(np.float32)
    smooth = original / np.float32(255)
    for share in SMOOTHED:
        smooth = smooth_texture(smooth, max(1, round(share * min(height, width))))
    smooth *= np.float32(255)
    ground = (weight > 0.02) & (weight < 0.6)
    fine = np.abs(original - cv2.blur(original, (5, 5))).mean(axis=2)
    strength = 1.25 * float(np.median(fine[ground])) if ground.any() else 0.0  # 1.25: from mean deviation to standard deviation
    noise = random(height, width).standard_normal((height, width), dtype=np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), 0.7) * np.float32(2.2 * strength)  # 2.2: the blur's loss of deviation
    out = original + (smooth + noise[..., None] - original) * weight[..., None]
    return np.asarray(np.clip(out + np.float32(0.5), 0, 255), dtype=np.uint8)


def _missing(brand: Brand, names: tuple[str, ...]) -> str:
    if names:
        return f"brand {brand.document.name!r} has no photograph named {', '.join(map(repr, names))}"
    return f"brand {brand.document.name!r} has no photographs for a scene of kind 'photograph'"


def _key(brand: Brand, name: str) -> tuple[str, str]:
    """Path and content hash of a photograph: what the caches go by."""
    path = brand.paths.get(("imagery", "photographs", name, "file")) or brand.file.parent / brand.document.imagery.photographs[name].file
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PictureError(
            f"{path.name}: photograph {name!r} cannot be read: {error.strerror}", hint="correct imagery.photographs in the brand file"
        ) from error
    return str(path), hashlib.sha256(data).hexdigest()


@functools.lru_cache(maxsize=4)
def _pixels(path: str, digest: str) -> NDArray[np.uint8]:
    from brandkit.image.apart import load_material

    return load_material(Path(path)).rgb


@functools.lru_cache(maxsize=256)
def _view(path: str, digest: str, focus: tuple[float, float] | None, subject: tuple[float, float, float, float] | None) -> View:
    return look(_pixels(path, digest), focus, subject)
