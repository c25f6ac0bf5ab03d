"""Render Ebbware's photographs and cut-outs with Blender as a Python package.

How to rerun (Python 3.11, a virtual environment of its own; brandkit never needs it)::

    python -m venv blender && blender/bin/pip install bpy==5.0.1 pillow numpy
    blender/bin/python shots.py --list
    blender/bin/python shots.py mug-sweep --preview      # 512 px, 16 samples, beside the script
    blender/bin/python shots.py mug-sweep                # the final into ../ or ../../products/

Everything is made here: no downloaded model, texture or light. Seeds are fixed, so a rerun gives the same
scene; grain and noise differ with the number of samples and the version of the denoiser.
"""

from __future__ import annotations

import argparse
import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from PIL import Image

import room
import stuff
import ware
from ware import Dip

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Shot:
    build: Callable[[], None]
    size: tuple[int, int]
    exposure: float = 0.65
    samples: int = 10
    product: bool = False


def mug_sweep() -> None:
    clay = stuff.stoneware()
    room.sweep(stuff.paper())
    ware.throw("mug", ware.MUG, Dip(0.036), clay, turn=math.radians(-28), seed=4)
    room.window(34, at=(-1.35, -0.25, 1.05))
    room.fill(3.0)
    room.sky(0.10)
    room.camera((0.0, -0.93, 0.27), (-0.088, 0.0, 0.058), lens=85, stop=5.6, focus=(0.0, -0.03, 0.05))


def bowls_linen() -> None:
    clay = stuff.stoneware()
    room.boards(stuff.oak())
    room.wall(stuff.plaster(), 0.42)
    room.cloth((0.46, 0.34), (-0.125, -0.045, 0.0016), math.radians(17), stuff.linen(), calm=(0.02, 0.02, 0.145), seed=5)
    ware.throw("plate", ware.PLATE, Dip(-0.022, (-0.16, 1.0, 0.0), inside=None), clay, at=(0.02, 0.02, 0.0030), seed=3)
    for i, (turn, level) in enumerate(((0.4, 0.039), (2.1, 0.046), (4.0, 0.049))):
        at = (0.018 + 0.002 * i, 0.02 - 0.0015 * i, 0.0128 + 0.0215 * i)
        ware.throw(f"bowl-{i}", ware.BOWL, Dip(level, (0.05, -0.02, 1.0)), clay, at=at, turn=turn, seed=11 + i)
    ware.throw("cup", ware.CUP, Dip(0.030), clay, at=(0.185, 0.165, 0.0), turn=1.2, seed=21)
    room.window(36, at=(-1.4, -0.15, 1.0), target=(0, 0, 0.05))
    room.fill(2.6)
    room.sky(0.09)
    room.camera((0.10, -1.02, 0.36), (0.0, 0.0, 0.085), lens=80, stop=5.0, focus=(0.02, -0.055, 0.05))


def vase_window() -> None:
    clay = stuff.stoneware()
    rng = np.random.default_rng(8)
    room.wall(stuff.plaster((0.66, 0.59, 0.49)), 0.20)
    room.slab("ledge", (4.0, 0.62, 0.05), (0, -0.05, -0.025), stuff.stone((0.46, 0.415, 0.35), (0.34, 0.305, 0.255)), 0.004)
    ware.throw("vase", ware.VASE, Dip(0.118, (0.04, 0.01, 1.0)), clay, at=(0.0, 0.0, 0.0), turn=0.7, seed=6)
    stem = stuff.dry("stem", (0.30, 0.225, 0.125), (0.17, 0.115, 0.060))
    pod = stuff.dry("pod", (0.33, 0.265, 0.175), (0.19, 0.140, 0.085))
    straw = stuff.dry("straw", (0.46, 0.355, 0.205), (0.33, 0.235, 0.120))
    for tip, bow, size in (
        ((0.105, -0.01, 0.500), (0.010, 0.0, 0.02), 0.030),
        ((-0.060, 0.02, 0.540), (-0.018, 0.0, 0.02), 0.034),
        ((0.035, -0.02, 0.595), (0.012, 0.0, 0.0), 0.027),
    ):
        room.poppy((tip[0] * -0.12, 0.0, 0.06), _neck(tip), tip, bow, size, stem, pod, rng)
    for tip, bow in (
        ((-0.165, -0.02, 0.445), (-0.02, 0.0, 0.075)),
        ((0.195, 0.01, 0.425), (0.02, 0.0, 0.080)),
        ((-0.105, 0.03, 0.590), (-0.02, 0.0, 0.05)),
    ):
        room.grass((tip[0] * -0.10, 0.0, 0.06), _neck(tip), tip, bow, straw, rng)
    direction = (1.0, 0.95, -0.50)
    room.sun(4.6, direction, softness=0.75)
    away = np.array(direction) / np.linalg.norm(direction)
    room.window_frame(tuple(np.array((0.08, 0.19, 0.33)) - away * 1.7), direction, size=(0.50, 0.80))
    room.window(7, at=(-1.4, -0.5, 1.0), target=(0, 0, 0.2))
    room.sky(0.34, (0.86, 0.92, 1.0))
    room.camera((0.0, -1.72, 0.34), (0.03, 0.0, 0.300), lens=80, stop=5.6, focus=(0.0, -0.06, 0.2))


def _neck(tip: ware.Vector) -> ware.Vector:
    """Where a stem with this tip leans on the vase's rim."""
    return (math.copysign(min(abs(tip[0]) * 0.16, 0.0175), tip[0]), tip[1] * 0.3, 0.262)


def table_overhead() -> None:
    clay = stuff.stoneware()
    room.slab("table", (3.0, 3.0, 0.05), (0, 0, -0.025), stuff.stone((0.52, 0.46, 0.38), (0.44, 0.39, 0.32), vein=0.05), 0.004)
    tide = np.array((0.13, 1.0, 0.0))
    tide /= np.linalg.norm(tide)
    line = -0.012  # one tide line runs through the whole table

    def lay(name: str, pot: ware.Pot, x: float, y: float, seed: int, lift: float = 0.0) -> None:
        ware.throw(name, pot, Dip(line - float(tide @ (x, y, 0.0)), tuple(tide), inside=None), clay, at=(x, y, lift), seed=seed)

    lay("plate", ware.PLATE, -0.105, 0.015, 2)
    lay("bowl", ware.BOWL, -0.098, 0.012, 5, 0.0100)
    lay("side", ware.SIDE_PLATE, 0.148, -0.052, 7)
    lay("dish", ware.TEA_BOWL, 0.155, 0.128, 9)
    lay("cup", ware.CUP, 0.018, -0.155, 12)
    room.window(46, at=(-1.25, 0.55, 1.05), target=(0, 0, 0))
    room.fill(3.0, at=(1.5, -0.8, 1.2))
    room.sky(0.10)
    room.camera((0.0, 0.0, 1.42), (0.0, 0.0001, 0.0), lens=80, stop=8.0, focus=(0, 0, 0.02))


def pitcher_line() -> None:
    clay = stuff.stoneware()
    room.sweep(stuff.plaster((0.60, 0.535, 0.445)), back=0.9)
    ware.throw("pitcher", ware.PITCHER, Dip(0.084, (0.10, 0.02, 1.0)), clay, turn=math.radians(12), seed=9)
    ware.throw("cup", ware.CUP, Dip(0.040), clay, at=(-0.118, 0.27, 0.0), turn=0.3, seed=31)
    room.window(34, at=(-1.15, -0.45, 0.95), target=(0, 0, 0.1))
    room.fill(2.2)
    room.sky(0.08)
    room.camera((0.09, -0.77, 0.190), (0.002, 0.0, 0.100), lens=90, stop=5.6, focus=(-0.01, -0.058, 0.090))


def cups_row() -> None:
    clay = stuff.stoneware()
    room.wall(stuff.plaster(), 0.16)
    room.slab("bench", (3.0, 1.6, 0.04), (0, -0.64, -0.02), stuff.oak((0.46, 0.33, 0.205), (0.30, 0.195, 0.110)), 0.0025)
    levels = (0.016, 0.026, 0.037, 0.049, 0.062)
    for i, level in enumerate(levels):
        x = -0.211 + i * 0.1042 + (0.0015 if i % 2 else -0.0015)
        ware.throw(
            f"cup-{i}",
            ware.CUP,
            Dip(level, (0.04, 0.03, 1.0)),
            clay,
            at=(x, 0.02 + 0.006 * math.sin(i * 2), 0.0),
            turn=i * 1.9,
            seed=40 + i,
        )
    room.window(40, at=(-1.2, -0.75, 1.1), target=(0, 0, 0.08))
    room.fill(2.6)
    room.sky(0.09)
    room.camera((-0.005, -1.24, 0.18), (-0.005, 0.0, 0.112), lens=80, stop=5.6, focus=(0, -0.02, 0.05))


def evening_wide() -> None:
    clay = stuff.stoneware(glaze=(0.010, 0.068, 0.090))
    room.wall(stuff.plaster((0.019, 0.058, 0.071)), 0.50)
    room.slab("table", (3.0, 1.6, 0.05), (0, -0.25, -0.025), stuff.stone((0.34, 0.305, 0.255), (0.25, 0.222, 0.186)), 0.004)
    ware.throw("bottle", ware.BOTTLE, Dip(0.098, (-0.06, 0.02, 1.0)), clay, at=(0.150, 0.150, 0), turn=0.4, seed=14)
    ware.throw("bowl", ware.SERVING_BOWL, Dip(0.040, (0.05, 0.02, 1.0)), clay, at=(0.055, -0.01, 0), turn=1.4, seed=15)
    ware.throw("cup", ware.TEA_BOWL, Dip(0.030), clay, at=(0.226, -0.088, 0), turn=2.4, seed=16)
    room.window(44, at=(-1.45, -0.20, 0.85), target=(0.1, 0, 0.06))
    room.fill(2.0)
    room.sky(0.07)
    room.camera((0.03, -1.56, 0.33), (-0.020, 0.0, 0.102), lens=80, stop=5.0, focus=(0.10, -0.10, 0.06))


def mug_cutout() -> None:
    clay = stuff.stoneware()
    ware.throw("mug", ware.MUG, Dip(0.036), clay, turn=math.radians(-28), seed=4)
    _table_glow()
    room.window(34, at=(-1.35, -0.25, 1.05))
    room.fill(4.0)
    room.sky(0.22)
    room.camera((0.0, -1.05, 0.27), (0.013, 0.0, 0.0445), lens=268, stop=28)


def vase_cutout() -> None:
    clay = stuff.stoneware()
    ware.throw("vase", ware.VASE, Dip(0.118, (0.04, 0.01, 1.0)), clay, turn=0.7, seed=6)
    _table_glow()
    room.window(40, at=(-1.35, -0.35, 1.15), target=(0, 0, 0.13))
    room.fill(4.0)
    room.sky(0.22)
    room.camera((0.0, -1.60, 0.38), (0.0, 0.0, 0.131), lens=172, stop=28)


def _table_glow() -> None:
    """Light from the table that the camera does not see, so that a cut-out is lit as if it stood somewhere."""
    table = room.slab("table", (4.0, 4.0, 0.02), (0, 0, -0.011), stuff.paper(), 0.001)
    table.visible_camera = False


SHOTS = {
    "mug-sweep": Shot(mug_sweep, (2048, 1536), samples=40),
    "bowls-linen": Shot(bowls_linen, (2048, 1366), exposure=0.95),
    "vase-window": Shot(vase_window, (1536, 2048), exposure=0.30),
    "table-overhead": Shot(table_overhead, (2048, 1536), exposure=0.75, samples=40),
    "pitcher-line": Shot(pitcher_line, (1536, 2048), samples=40),
    "cups-row": Shot(cups_row, (2048, 1152)),
    "evening-wide": Shot(evening_wide, (2304, 1208), exposure=0.8),
    "mug": Shot(mug_cutout, (1800, 1500), product=True),
    "vase": Shot(vase_cutout, (1200, 1800), product=True),
}


def develop(raw: Image.Image, seed: int, *, grain: float = 1.5) -> Image.Image:
    """A little film grain, stronger in the middle tones, slightly soft."""
    rng = np.random.default_rng(seed)
    pixels = np.asarray(raw.convert("RGB"), dtype=np.float32)
    noise = rng.standard_normal(pixels.shape[:2]).astype(np.float32)
    noise = (noise + np.roll(noise, 1, 0) * 0.5 + np.roll(noise, 1, 1) * 0.5) / 1.22
    tone = pixels.mean(axis=2) / 255.0
    pixels += (noise * grain * (0.45 + 2.2 * tone * (1.0 - tone)))[..., None]
    return Image.fromarray(np.clip(pixels + 0.5, 0, 255).astype(np.uint8))


def save_jpeg(picture: Image.Image, path: Path, limit: int = 600_000) -> None:
    for quality in range(93, 79, -1):
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True, subsampling=0 if quality > 91 else 2)
        if buffer.tell() < limit:
            break
    path.write_bytes(buffer.getvalue())


def cut_out(raw: Image.Image, margin: int = 8) -> Image.Image:
    """Smooth the edge that few samples leave rough, pull the colour out under it, and crop to the ink."""
    pixels = np.asarray(raw, dtype=np.float32)
    colour, alpha = pixels[..., :3], pixels[..., 3:] / 255.0
    for radius in (2.0, 6.0):
        solid = (alpha > 0.95).astype(np.float32)
        spread, weight = _blurred(colour * solid, radius), _blurred(np.repeat(solid, 3, axis=2), radius)
        colour = np.where((solid < 1) & (weight > 1e-3), spread / np.maximum(weight, 1e-3), colour)
    soft = _blurred(np.repeat(alpha, 3, axis=2), 1.6)[..., :1]
    alpha = np.clip((soft - 0.30) / 0.55, 0.0, 1.0)
    colour = np.where(alpha > 0, np.round(colour / 3.0) * 3.0, 0.0)  # steps of 3 levels: a third smaller, and not seen
    done = Image.fromarray(np.clip(np.concatenate([colour, alpha * 255.0], axis=2) + 0.5, 0, 255).astype(np.uint8))
    left, top, right, bottom = done.getchannel("A").point(lambda a: 255 if a > 8 else 0).getbbox()
    return done.crop((max(left - margin, 0), max(top - margin, 0), min(right + margin, done.width), min(bottom + margin, done.height)))


def _blurred(planes: np.ndarray, radius: float) -> np.ndarray:
    """A Gaussian blur of float planes, separable, with edges repeated."""
    reach = math.ceil(radius * 3)
    kernel = np.exp(-((np.arange(-reach, reach + 1) / radius) ** 2) / 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        padding = [(reach, reach) if i == axis else (0, 0) for i in range(3)]
        padded = np.pad(planes, padding, mode="edge")
        size = planes.shape[axis]
        planes = sum(w * np.take(padded, range(i, i + size), axis=axis) for i, w in enumerate(kernel))
    return planes.astype(np.float32)


def render(name: str, *, preview: bool, scratch: Path) -> Path:
    shot = SHOTS[name]
    scene = room.empty_room()
    shot.build()
    scale = 512 / max(shot.size) if preview else 1.0
    scene.render.engine = "CYCLES"
    scene.cycles.device = "CPU"
    scene.cycles.samples = 16 if preview else shot.samples
    scene.cycles.adaptive_threshold = 0.08
    scene.cycles.use_denoising = True
    scene.cycles.denoiser = "OPENIMAGEDENOISE"
    scene.cycles.max_bounces, scene.cycles.diffuse_bounces, scene.cycles.glossy_bounces = 4, 2, 2
    scene.cycles.transmission_bounces = 0
    scene.cycles.caustics_reflective = scene.cycles.caustics_refractive = False
    scene.cycles.sample_clamp_indirect = 6.0
    scene.render.resolution_x, scene.render.resolution_y = (round(side * scale) for side in shot.size)
    scene.render.film_transparent = shot.product
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = shot.exposure
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGBA" if shot.product else "RGB"
    raw_path = scratch / f"{name}{'-preview' if preview else ''}.png"
    scene.render.filepath = str(raw_path)
    bpy.ops.render.render(write_still=True)
    if preview:
        return raw_path
    with Image.open(raw_path) as raw:
        raw.load()
    if shot.product:
        path = HERE.parent.parent / "products" / f"{name}.png"
        path.parent.mkdir(exist_ok=True)
        cut_out(raw).save(path, optimize=True)
    else:
        path = HERE.parent / f"{name}.jpg"
        save_jpeg(develop(raw, seed=len(name)), path)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[*SHOTS, []], help="shots to render; all when none is named")
    parser.add_argument("--preview", action="store_true", help="512 px, 16 samples")
    parser.add_argument("--scratch", type=Path, default=HERE, help="where raw renders and previews go")
    parser.add_argument("--list", action="store_true", help="print the names and stop")
    options = parser.parse_args()
    if options.list:
        print("\n".join(SHOTS))
        return
    for name in options.names or SHOTS:
        print(render(name, preview=options.preview, scratch=options.scratch))


if __name__ == "__main__":
    main()
