"""Render the product pairs: invented products, each as it is, with one thing wrong, or with only light, camera or room changed.

How to rerun (Python 3.11, a virtual environment of its own; brandkit never needs it)::

    python -m venv blender && blender/bin/pip install bpy==5.0.1 pillow numpy
    blender/bin/python scene.py            # every picture that is missing, its mask, and index.tsv

Nothing is downloaded: shapes, labels, surfaces and light are made here, and a rerun gives the same pictures. The mask is the
alpha of a second render in which only the product is visible, without depth of field.
"""

from __future__ import annotations

import math
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import bpy
import numpy as np
from mathutils import Vector
from PIL import Image, ImageDraw

HERE = Path(__file__).resolve().parent
ROOM = tempfile.TemporaryDirectory(prefix="pairs-")  # of its own, so that two runs do not write over each other
SCRATCH = Path(ROOM.name)
sys.path.insert(0, str(HERE.parents[2]))  # brandkit's colour room is plain numpy, so this other environment can use it

from goods import ABOVE, PRODUCTS, TAKES, Color, Product, Take  # noqa: E402

from brandkit.color.difference import delta_e_2000  # noqa: E402
from brandkit.color.spaces import lab_to_srgb, srgb_to_lab  # noqa: E402

SIDE = 400  # px
SAMPLES = 14


def linear(color: Color) -> Color:
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color)
    return r, g, b


def material(name: str, color: Color, roughness: float) -> bpy.types.Material:
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    shader = made.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*linear(color), 1.0)
    shader.inputs["Roughness"].default_value = roughness
    return made


def mesh(name: str, points: np.ndarray, faces: list[list[int]], surface: bpy.types.Material) -> bpy.types.Object:
    data = bpy.data.meshes.new(name)
    data.from_pydata(points.tolist(), [], faces)
    data.shade_smooth()
    data.materials.append(surface)
    thing = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(thing)
    return thing


def lathe(
    name: str, outline: np.ndarray, surface: bpy.types.Material, section: tuple[float, float] = (1.0, 2.0), lean: np.ndarray | None = None
) -> bpy.types.Object:
    turns = 128
    a = np.linspace(0, 2 * math.pi, turns, endpoint=False)
    depth, exponent = section
    across, deep = (np.sign(wave) * np.abs(wave) ** (2 / exponent) for wave in (np.cos(a), np.sin(a)))
    shift, depths = (0.0, depth) if lean is None else (np.interp(outline[:, 1:], lean[:, 0], lean[:, way]) for way in (1, 2))
    grid = np.stack([shift + outline[:, :1] * across, outline[:, :1] * depths * deep, np.repeat(outline[:, 1:], turns, 1)], axis=2)
    steps = np.hypot(np.diff(across, append=across[0]), depth * np.diff(deep, append=deep[0]))
    along = np.concatenate([[0.0], np.cumsum(steps)[:-1]]) / steps.sum()  # the print is wrapped around, not projected
    faces = [
        [i * turns + j, i * turns + (j + 1) % turns, (i + 1) * turns + (j + 1) % turns, (i + 1) * turns + j]
        for i in range(len(outline) - 1)
        for j in range(turns)
    ]
    thing = mesh(name, grid.reshape(-1, 3), faces, surface)
    layer = thing.data.uv_layers.new(name="uv")
    for loop in thing.data.loops:
        row, column = divmod(loop.vertex_index, turns)
        layer.data[loop.index].uv = (along[column], outline[row, 1])
    for face in thing.data.polygons:  # the last column of faces joins 1 to 0
        us = [layer.data[i].uv[0] for i in face.loop_indices]
        if max(us) - min(us) > 0.5:
            for i in face.loop_indices:
                if layer.data[i].uv[0] < 0.5:
                    layer.data[i].uv = (layer.data[i].uv[0] + 1.0, layer.data[i].uv[1])
    return thing


def rounded(profile: tuple[tuple[float, float], ...]) -> np.ndarray:
    """The profile with every edge cut twice, which makes the bevels that catch light."""
    points = np.array(profile)
    for _ in range(2):
        step = points[1:] - points[:-1]
        long = np.linalg.norm(step, axis=1, keepdims=True)
        part = np.minimum(0.25, 0.004 / np.maximum(long, 1e-9))
        cut = np.stack([points[:-1] + part * step, points[1:] - part * step], axis=1).reshape(-1, 2)
        points = np.vstack([points[:1], cut, points[-1:]])
    dense = [points[:1]]
    for one, two in pairwise(points):
        dense.append(one + np.linspace(0, 1, 5)[1:, None] * (two - one))
    return np.vstack(dense)


def tube(name: str, path: np.ndarray, radius: np.ndarray, surface: bpy.types.Material) -> bpy.types.Object:
    sides = 24
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    side = np.array([0.0, 1.0, 0.0])
    up = np.cross(along, side)
    a = np.linspace(0, 2 * math.pi, sides, endpoint=False)
    grid = path[:, None] + radius[:, None, None] * (np.cos(a)[None, :, None] * up[:, None] + 1.25 * np.sin(a)[None, :, None] * side)
    faces = [
        [i * sides + j, i * sides + (j + 1) % sides, (i + 1) * sides + (j + 1) % sides, (i + 1) * sides + j]
        for i in range(len(path) - 1)
        for j in range(sides)
    ]
    return mesh(name, grid.reshape(-1, 3), faces, surface)


def printed(product: Product, take: Take, color: Color) -> Image.Image:
    """The body's surface unrolled: its colour with the label on the side that faces the camera."""
    from PIL import ImageFont

    side = 2048
    sheet = Image.new("RGB", (side, side), tuple(round(255 * c) for c in color))
    low, high = (part + take.label_lift for part in product.label)
    band = Image.new("RGBA", (560, round(side * (high - low))), (0, 0, 0, 0))
    draw = ImageDraw.Draw(band)
    paper, ink = (tuple(round(255 * c) for c in paint) for paint in (product.band, product.ink))
    if product.name in ("jar", "pot"):
        paper, ink = ink, paper
    w, h = band.size
    draw.rectangle((40, 40, w - 41, h - 41), fill=paper)
    words = product.words[:-1] + "E" if take.words else product.words
    draw.text((w / 2, h * 0.42), words, fill=ink, font=ImageFont.load_default(150), anchor="mm")
    draw.rectangle((90, h * 0.66, w - 90, h * 0.66 + 26), fill=ink)
    draw.ellipse((w / 2 - 40, h * 0.74, w / 2 + 40, h * 0.74 + 80), fill=ink)
    band = band.rotate(take.label_turn, Image.Resampling.BICUBIC)
    sheet.paste(band, (side * 3 // 4 - w // 2, round(side * (1 - high))), band)
    return sheet


def shaded(color: Color, delta: float) -> Color:
    """`color` turned in hue and chroma until it is `delta` ΔE00 away."""
    lab = srgb_to_lab(np.array(color))
    hue = math.atan2(lab[2], lab[1]) + math.radians(70)
    for step in np.arange(0.1, 60, 0.1):
        other = lab_to_srgb(lab + step * np.array([0, math.cos(hue), math.sin(hue)])).clip(0, 1)
        if delta_e_2000(lab, srgb_to_lab(other)) >= delta:
            return float(other[0]), float(other[1]), float(other[2])
    raise ValueError(f"no colour is {delta} away from {color}")


def build(product: Product, take: Take) -> list[bpy.types.Object]:
    """The product in the scene; returns its objects."""
    color = shaded(product.color, take.shade) if take.shade else product.color
    wide, tall = take.stretch
    outline = rounded(product.profile)
    height = outline[:, 1].max()
    lean = np.array(product.lean) * (tall, wide, 1) if product.lean else None
    body = lathe("body", outline * (wide, tall), material("body", color, product.roughness), product.section, lean)
    for entry in body.data.uv_layers["uv"].data:
        entry.uv = (entry.uv[0], entry.uv[1] / (height * tall))
    nodes = body.data.materials[0].node_tree
    file = SCRATCH / "label.png"
    printed(product, take, color).save(file)
    texture = nodes.nodes.new("ShaderNodeTexImage")
    texture.image = bpy.data.images.load(str(file), check_existing=False)
    nodes.links.new(texture.outputs["Color"], nodes.nodes["Principled BSDF"].inputs["Base Color"])
    things = [body]
    surface, trim = material("part", color, product.roughness), material("trim", product.band, product.roughness)
    if product.name == "jar":
        trim = material("wood", (0.62, 0.47, 0.32), 0.6)
    for index, part in enumerate(product.parts):
        if take.without and index == len(product.parts) - 1:
            continue
        scale = take.part_scale if index == len(product.parts) - 1 or part == "handle" else 1.0
        things.append(_part(product, part, outline * (wide, tall), scale, surface, trim))
    return things


def _part(
    product: Product, part: str, outline: np.ndarray, scale: float, surface: bpy.types.Material, trim: bpy.types.Material
) -> bpy.types.Object:
    top, widest = float(outline[:, 1].max()), float(outline[:, 0].max())
    t = np.linspace(-0.5, 0.5, 60)[:, None]
    if part == "handle":
        x, z, out = (widest - 0.004, top * 0.52, 0.030)
        path = np.hstack([x + scale * out * np.cos(t * math.pi * 1.05), 0 * t, z + scale * 0.031 * np.sin(t * math.pi * 1.05) * 1.0])
        return tube("handle", path, np.full(60, 0.0048 * scale), surface)
    if part == "spout":
        s = t + 0.5
        path = np.hstack([-widest * 0.85 - scale * 0.042 * s, 0 * t, top * 0.40 + scale * 0.045 * s**1.5])
        return tube("spout", path, scale * (0.011 - 0.006 * s[:, 0]), surface)
    if part in ("pump", "nozzle"):
        if part == "nozzle":
            path = np.hstack([scale * 0.036 * (t + 0.5), 0 * t, top + 0.0385 - scale * 0.010 * (t + 0.5) ** 2])
            return tube("nozzle", path, scale * (0.0052 - 0.0014 * (t[:, 0] + 0.5)), trim)
        pump = ((0.0, 0.0), (0.0155, 0.0), (0.0155, 0.013), (0.005, 0.016), (0.0045, 0.031), (0.010, 0.033), (0.010, 0.044), (0.0, 0.046))
        thing = lathe("pump", rounded(pump), trim)
        thing.location = (0, 0, top - 0.002)
        return thing
    if part == "cover":
        cover = np.array(((0.0, -0.016), (widest + 0.002, -0.016), (widest + 0.002, 0.004), (widest - 0.002, 0.007), (0.0, 0.008)))
        thing = lathe("cover", rounded(tuple(map(tuple, cover * scale))), surface, product.section)
        thing.location = (0, 0, top)
        return thing
    if part == "screw":
        return lathe("screw", rounded(((0.0, -0.001), (0.0185, 0.0), (0.019, 0.002), (0.0175, 0.021), (0.0, 0.022))) * scale, trim)
    if part == "sole":
        edge = widest + 0.002
        sole = ((0.0, 0.0), (edge - 0.001, 0.0), (edge, 0.003), (edge - 0.001, 0.014), (0.0, 0.014))
        return lathe("sole", rounded(sole), trim, product.section)
    if part == "tab":
        path = np.hstack([0.93 * widest + scale * 0.016 * np.cos(t * math.pi), 0 * t, 0.80 * top + scale * 0.020 * np.sin(t * math.pi)])
        return tube("tab", path, np.full(60, 0.0036 * scale), trim)
    if part == "dial":
        thing = lathe("dial", rounded(((0.0, 0.0), (0.017, 0.0), (0.017, 0.007), (0.015, 0.009), (0.0, 0.009))), trim)
        thing.location, thing.rotation_euler = (0.6 * widest, -product.section[0] * widest, 0.25 * top), (math.pi / 2, 0, 0)
        return thing
    if part == "grip":
        path = np.hstack([scale * 0.8 * widest * np.sin(t * math.pi), 0 * t, top - 0.004 + scale * 0.024 * np.cos(t * math.pi)])
        return tube("grip", path, np.full(60, 0.0036 * scale), trim)
    if part == "pocket":
        pocket = ((0.0, 0.0), (0.041, 0.0), (0.043, 0.003), (0.043, 0.036), (0.041, 0.040), (0.0, 0.040))
        thing = lathe("pocket", rounded(pocket), surface, (0.35, 5.0))
        thing.location = (0, -0.6 * widest, 0.012)
        return thing
    if part == "loop":
        path = np.hstack([scale * 0.026 * np.sin(t * math.pi), 0 * t, top - 0.003 + scale * 0.026 * np.cos(t * math.pi)])
        return tube("loop", path, np.full(60, 0.0042 * scale), trim)
    if part == "nib":
        nib = ((0.0, 0.0), (0.006, 0.0), (0.006, 0.005), (0.0095, 0.006), (0.0095, 0.017), (0.008, 0.019), (0.0, 0.019))
        thing = lathe("nib", rounded(nib) * scale, trim)
        thing.location = (0.55 * widest, 0, top - 0.001)
        return thing
    if part == "pull":
        path = np.hstack([-0.0490 - scale * 0.013 * np.cos(t * math.pi), 0 * t, 0.90 * top + scale * 0.016 * np.sin(t * math.pi)])
        return tube("pull", path, np.full(60, 0.0034 * scale), trim)
    if part == "neck":
        s = t + 0.5
        path = np.hstack([-widest * 0.88 - scale * 0.033 * s, 0 * t, top * 0.22 + scale * 0.076 * s**1.3])
        return tube("neck", path, scale * (0.0085 - 0.0035 * s[:, 0] + 0.0040 * np.clip(20 * s[:, 0] - 18, 0, 2)), trim)
    if part == "stopper":
        stopper = ((0.0, -0.001), (0.021, 0.0), (0.0215, 0.002), (0.020, 0.024), (0.017, 0.028), (0.0, 0.029))
        thing = lathe("stopper", rounded(stopper), trim)
        thing.location = (0, 0, top)
        return thing
    if part == "ring":
        path = np.hstack([0.019 + scale * 0.017 * np.cos(t * math.pi), 0 * t, top + 0.012 + scale * 0.013 * np.sin(t * math.pi)])
        return tube("ring", path, np.full(60, 0.0030 * scale), trim)
    if part == "barrel":
        barrel = ((0.0, 0.0), (0.021, 0.0), (0.021, 0.012), (0.019, 0.022), (0.016, 0.022), (0.013, 0.014), (0.0, 0.012))
        thing = lathe("barrel", rounded(barrel), material("barrel", (0.60, 0.61, 0.62), 0.3))
        thing.location, thing.rotation_euler = (-0.42 * widest, -product.section[0] * widest, 0.32 * top), (math.pi / 2, 0, 0)
        return thing
    if part == "button":
        thing = lathe("button", rounded(((0.0, 0.0), (0.013, 0.0), (0.013, 0.008), (0.011, 0.010), (0.0, 0.010))) * scale, trim)
        thing.location = (0.55 * widest, 0, top - 0.001)
        return thing
    if part == "cord":
        path = np.hstack([0.024 + scale * 0.022 * np.cos(t * math.pi), 0 * t - 0.012, 0.70 * top + scale * 0.026 * np.sin(t * math.pi)])
        return tube("cord", path, np.full(60, 0.0034 * scale), trim)
    if part == "lid":
        lid = ((0.0, -0.002), (0.041, -0.002), (0.042, 0.006), (0.036, 0.010), (0.0, 0.013))
        thing = lathe("lid", rounded(lid) * scale, trim)
        thing.location = (0, 0, top)
        return thing
    if part == "knob":
        knob = ((0.0, 0.0), (0.005, 0.0), (0.006, 0.006), (0.0105, 0.012), (0.009, 0.019), (0.0, 0.021))
        thing = lathe("knob", rounded(knob) * scale, trim)
        thing.location = (0, 0, top + (0.012 if "lid" in product.parts else -0.001))
        return thing
    cap = ((0.0, 0.0), (0.0145, 0.0), (0.0150, 0.002), (0.0150, 0.021), (0.013, 0.024), (0.0, 0.024))
    thing = lathe("cap", rounded(cap) * scale, material("cap", (0.16, 0.15, 0.14), 0.4))
    thing.location = (0, 0, top - 0.010)
    return thing


def stage(take: Take, middle: float, height: float) -> None:
    """Paper sweep, light and camera."""
    back, radius = 0.5, 0.3
    line = [(-2.0, 0.0), (back - radius, 0.0)]
    line += [(back - radius + radius * math.sin(a), radius - radius * math.cos(a)) for a in np.linspace(0.05, math.pi / 2, 40)]
    line += [(back, 2.5)]
    points = np.array([(x, y, z) for y, z in line for x in (-3.0, 3.0)])
    mesh("sweep", points, [[2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2] for i in range(len(line) - 1)], material("paper", take.ground, 0.9))
    if take.props:
        for i, (x, y, r, paint) in enumerate(((-0.11, 0.16, 0.035, (0.55, 0.40, 0.28)), (0.14, 0.22, 0.05, (0.30, 0.38, 0.33)))):
            bpy.ops.mesh.primitive_uv_sphere_add(radius=r, location=(x, y, r), segments=64, ring_count=32)
            bpy.context.object.data.shade_smooth()
            bpy.context.object.data.materials.append(material(f"prop-{i}", paint, 0.6))
    light = bpy.data.lights.new("window", "AREA")
    light.size, light.energy, light.color = 0.9, take.energy, take.light_color
    _aim(light, take.light, (0, 0, middle))
    world = bpy.data.worlds.new("sky")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs[0].default_value = (*(0.5 + 0.5 * c for c in take.light_color), 1.0)
    world.node_tree.nodes["Background"].inputs[1].default_value = take.fill
    bpy.context.scene.world = world
    camera = bpy.data.cameras.new("camera")
    camera.lens, camera.sensor_width, camera.clip_start = take.lens, 36.0, 0.01
    away = take.distance * 4.5 * height
    turn, rise = math.radians(take.azimuth), math.radians(take.elevation)
    target = Vector((take.pan[0], 0, middle + take.pan[1]))
    at = target + away * Vector((math.sin(turn) * math.cos(rise), -math.cos(turn) * math.cos(rise), math.sin(rise)))
    camera.dof.use_dof, camera.dof.focus_distance, camera.dof.aperture_fstop = True, away - 0.03, 11.0
    thing = _aim(camera, at, target)
    thing.rotation_euler.rotate_axis("Z", math.radians(take.roll))
    bpy.context.scene.camera = thing


def _aim(data: bpy.types.ID, at: object, target: object) -> bpy.types.Object:
    thing = bpy.data.objects.new(data.name, data)
    thing.location = at
    thing.rotation_euler = (Vector(target) - Vector(at)).to_track_quat("-Z", "Y").to_euler()
    bpy.context.scene.collection.objects.link(thing)
    return thing


def render(product: Product, take: Take, picture: Path, mask: Path) -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    things = build(product, take)
    tall = max(z for _, z in product.profile) * next((more for part, more in ABOVE.items() if part in product.parts), 1.1)
    stage(take, 0.5 * tall, max(tall, 0.115))
    scene.render.engine = "CYCLES"
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.seed = SAMPLES, True, 1
    scene.cycles.max_bounces = 4
    scene.render.resolution_x = scene.render.resolution_y = SIDE
    scene.view_settings.view_transform = "Standard"
    scene.render.image_settings.file_format = "PNG"
    scratch = SCRATCH / "pair.png"
    scene.render.filepath = str(scratch)
    bpy.ops.render.render(write_still=True)
    grain = np.random.default_rng(len(take.what) + round(10 * take.amount)).normal(0, 1.2, (SIDE, SIDE, 1))
    rgb = np.asarray(Image.open(scratch).convert("RGB"), float) + grain
    Image.fromarray(rgb.round().clip(0, 255).astype(np.uint8)).save(picture, quality=90)
    for thing in scene.objects:
        thing.hide_render = thing not in things and thing.type == "MESH"
    scene.camera.data.dof.use_dof = False
    scene.render.film_transparent, scene.cycles.use_denoising, scene.cycles.samples = True, False, 4
    scene.render.image_settings.color_mode = "RGBA"
    bpy.ops.render.render(write_still=True)
    alpha = Image.open(scratch).getchannel("A").point(lambda value: 255 if value > 127 else 0)
    alpha.convert("1").save(mask, optimize=True)


def main() -> None:
    rows = ["product\tfile\tmask\tkind\twhat\tamount"]
    for product in sorted(PRODUCTS, key=lambda product: product.name == "jar"):
        for take in TAKES:
            if take.words and product.words.endswith("E"):
                continue  # its last letter already is the one that would be printed instead
            name = f"{product.name}-{take.what}" + (f"-{take.amount:g}" if take.amount else "")
            picture, mask = HERE / f"{name}.jpg", HERE / f"{name}.png"
            if not mask.exists() and (len(sys.argv) < 2 or product.name in sys.argv[1:]):
                render(product, take, picture, mask)
            if not mask.exists():
                continue
            rows.append("\t".join((product.name, picture.name, mask.name, take.kind, take.what, f"{take.amount:g}")))
    (HERE / "index.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
