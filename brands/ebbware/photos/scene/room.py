"""What stands around the pots: sweep, wall, boards, cloth, stems; and the one window that lights them all."""

from __future__ import annotations

import math

import bpy
import numpy as np
from mathutils import Vector as V

import stuff
from ware import Vector, smoothstep, spline


def empty_room() -> bpy.types.Scene:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    return bpy.context.scene


def add(name: str, points: np.ndarray, faces: np.ndarray | list, material: bpy.types.Material, *, smooth: bool = True) -> bpy.types.Object:
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(np.asarray(points, float).tolist(), [], np.asarray(faces).tolist())
    if smooth:
        mesh.shade_smooth()
    mesh.materials.append(material)
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(thing)
    return thing


def sweep(material: bpy.types.Material, *, back: float = 0.55, radius: float = 0.38) -> bpy.types.Object:
    """A paper roll hung behind the table: floor, a soft curve, wall."""
    line = [(-2.2, 0.0), (back - radius, 0.0)]
    line += [(back - radius + radius * math.sin(a), radius - radius * math.cos(a)) for a in np.linspace(0.02, math.pi / 2, 60)]
    line += [(back, 2.6)]
    y, z = np.array(line).T
    x = np.array([-3.0, 3.0])
    grid = np.stack([np.repeat(x[None, :], len(y), 0), np.repeat(y[:, None], 2, 1), np.repeat(z[:, None], 2, 1)], axis=2)
    faces = [[2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2] for i in range(len(y) - 1)]
    return add("sweep", grid.reshape(-1, 3), faces, material)


def slab(name: str, size: Vector, at: Vector, material: bpy.types.Material, bevel: float = 0.003, turn: float = 0.0) -> bpy.types.Object:
    bpy.ops.mesh.primitive_cube_add(size=1.0, location=at, rotation=(0, 0, turn))
    thing = bpy.context.object
    thing.name = name
    thing.scale = size
    bpy.ops.object.transform_apply(location=False, rotation=False, scale=True)
    edge = thing.modifiers.new("edge", "BEVEL")
    edge.width, edge.segments = bevel, 4
    thing.data.materials.append(material)
    return thing


def boards(material: bpy.types.Material, *, width: float = 0.135, count: int = 9, length: float = 2.6, front: float = -0.75) -> None:
    """A table of boards along x, its top at z = 0."""
    for i in range(count):
        slab(
            f"board-{i}",
            (length, width - 0.0012, 0.03),
            (0.07 * math.sin(i * 2.3), front + i * width, -0.015 - 0.0003 * (i % 2)),
            material,
            0.0016,
        )


def wall(material: bpy.types.Material, y: float) -> bpy.types.Object:
    return slab("wall", (6.0, 0.1, 4.0), (0.0, y + 0.05, 1.0), material, 0.001)


def window(
    energy: float = 60.0,
    *,
    at: Vector = (-1.5, -0.35, 1.25),
    target: Vector = (0.0, 0.0, 0.05),
    size: tuple[float, float] = (1.1, 1.5),
    colour: Vector = (1.0, 0.94, 0.855),
) -> None:
    light = bpy.data.lights.new("window", "AREA")
    light.shape, light.size, light.size_y = "RECTANGLE", *size
    light.energy, light.color = energy, colour
    _place(light, at, target)


def fill(energy: float = 6.0, *, at: Vector = (1.7, -0.9, 0.9), target: Vector = (0.0, 0.0, 0.05), size: float = 1.6) -> None:
    light = bpy.data.lights.new("fill", "AREA")
    light.size, light.energy, light.color = size, energy, (0.80, 0.90, 1.0)
    _place(light, at, target)


def sun(energy: float, direction: Vector, *, softness: float = 1.6, colour: Vector = (1.0, 0.88, 0.72)) -> None:
    light = bpy.data.lights.new("sun", "SUN")
    light.energy, light.color, light.angle = energy, colour, math.radians(softness)
    _place(light, (0, 0, 3), tuple(V((0, 0, 3)) + V(direction)))


def sky(strength: float, colour: Vector = (0.80, 0.90, 1.0)) -> None:
    world = bpy.data.worlds.new("sky")
    world.use_nodes = True
    background = world.node_tree.nodes["Background"]
    background.inputs[0].default_value = (*colour, 1.0)
    background.inputs[1].default_value = strength
    bpy.context.scene.world = world


def _place(data: bpy.types.ID, at: Vector, target: Vector) -> bpy.types.Object:
    thing = bpy.data.objects.new(data.name, data)
    thing.location = at
    thing.rotation_euler = (V(target) - V(at)).to_track_quat("-Z", "Y").to_euler()
    bpy.context.scene.collection.objects.link(thing)
    return thing


def camera(
    at: Vector,
    target: Vector,
    *,
    lens: float = 85.0,
    stop: float = 5.6,
    focus: Vector | None = None,
    shift: tuple[float, float] = (0.0, 0.0),
) -> None:
    data = bpy.data.cameras.new("camera")
    data.lens, data.sensor_width, data.sensor_fit = lens, 36.0, "AUTO"
    data.shift_x, data.shift_y = shift
    data.clip_start = 0.01
    thing = _place(data, at, target)
    forward = (V(target) - V(at)).normalized()
    data.dof.use_dof = True
    data.dof.focus_distance = (V(focus or target) - V(at)).dot(forward)
    data.dof.aperture_fstop = stop
    data.dof.aperture_blades = 9
    bpy.context.scene.camera = thing


def window_frame(
    centre: Vector, towards: Vector, *, panes: tuple[int, int] = (2, 3), size: tuple[float, float] = (0.62, 0.95), bar: float = 0.028
) -> None:
    """Bars and surround that only the sun sees: the shadow of a casement on the wall."""
    material = stuff.paper((0.3, 0.28, 0.25))
    turn = V(towards).to_track_quat("-Z", "Y").to_euler()
    w, h = size
    pieces = [((i / panes[0] - 0.5) * w, 0.0, bar, h) for i in range(1, panes[0])]
    pieces += [(0.0, (j / panes[1] - 0.5) * h, w, bar) for j in range(1, panes[1])]
    pieces += [(-w / 2 - 1.0, 0, 2.0, h + 4), (w / 2 + 1.0, 0, 2.0, h + 4), (0, h / 2 + 1.0, w, 2.0), (0, -h / 2 - 1.0, w, 2.0)]
    for x, y, wide, high in pieces:
        thing = slab("bar", (wide, high, 0.02), (0, 0, 0), material, 0.001)
        thing.matrix_world = turn.to_matrix().to_4x4()
        thing.location = V(centre) + turn.to_matrix() @ V((x, y, 0))
        thing.visible_camera = thing.visible_glossy = thing.visible_diffuse = False


def cloth(
    size: tuple[float, float], at: Vector, turn: float, material: bpy.types.Material, *, calm: Vector, seed: int = 3
) -> bpy.types.Object:
    """A pressed linen cloth, folded once: hems, the creases of the iron, and slack where nothing holds it down.

    ``calm`` is (x, y, radius) of the place, in the room, where something stands on it: no slack there.
    """
    rng = np.random.default_rng(seed)
    nu, nv = 420, round(420 * size[1] / size[0])
    u, v = np.meshgrid(np.linspace(-0.5, 0.5, nu) * size[0], np.linspace(-0.5, 0.5, nv) * size[1], indexing="ij")
    c, s = math.cos(turn), math.sin(turn)
    away = np.hypot(at[0] + c * u - s * v - calm[0], at[1] + s * u + c * v - calm[1])
    loose = smoothstep(calm[2] * 0.85, calm[2] + 0.12, away)
    edge = np.minimum(size[0] / 2 - np.abs(u), size[1] / 2 - np.abs(v))
    hem = 0.0005 * smoothstep(0.0105, 0.0090, edge)
    creases = sum(np.exp(-(((u - x) / 0.0035) ** 2)) for x in (-size[0] / 6, size[0] / 6)) + np.exp(-((v / 0.0035) ** 2))
    phase = rng.uniform(0, 2 * math.pi, 6)
    bend = u + 0.16 * v + 0.012 * np.sin(v * 13 + phase[0])
    wave = np.maximum(np.sin(bend * 31 + phase[1]) * np.sin(v * 5 + phase[2]), 0) ** 1.6
    wave += 0.55 * np.maximum(np.sin((v + 0.5 * u) * 27 + phase[3]) * np.sin(u * 8 + phase[4]), 0) ** 2
    z = 0.0008 + hem + 0.0011 * creases * (0.3 + 0.7 * loose) + 0.0075 * wave * loose
    fray = 0.0006 * np.sin(v * 210 + phase[5]) + 0.0009 * np.sin(v * 37)
    points = np.stack([u + fray * (np.abs(u) > size[0] * 0.4), v + 0.0012 * np.sin(u * 21), z], axis=2).reshape(-1, 3)
    faces = [[i * nv + j, (i + 1) * nv + j, (i + 1) * nv + j + 1, i * nv + j + 1] for i in range(nu - 1) for j in range(nv - 1)]
    thing = add("linen", points, faces, material)
    layer = thing.data.uv_layers.new(name="uv")
    index = np.empty(len(thing.data.loops), dtype=np.int32)
    thing.data.loops.foreach_get("vertex_index", index)
    layer.data.foreach_set("uv", np.stack([u.reshape(-1), v.reshape(-1)], axis=1)[index].astype(np.float32).reshape(-1))
    thing.location, thing.rotation_euler = at, (0, 0, turn)
    body = thing.modifiers.new("body", "SOLIDIFY")
    body.thickness = 0.0022
    body.offset = -1.0
    return thing


def tube(name: str, path: np.ndarray, radius: np.ndarray, material: bpy.types.Material, sides: int = 10) -> bpy.types.Object:
    tangent = np.gradient(path, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    first = np.cross(tangent, (0.31, 0.87, 0.12))
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    second = np.cross(tangent, first)
    a = np.linspace(0, 2 * math.pi, sides, endpoint=False)
    grid = path[:, None, :] + radius[:, None, None] * (
        np.cos(a)[None, :, None] * first[:, None, :] + np.sin(a)[None, :, None] * second[:, None, :]
    )
    n = len(path)
    faces = [
        [i * sides + j, i * sides + (j + 1) % sides, (i + 1) * sides + (j + 1) % sides, (i + 1) * sides + j]
        for i in range(n - 1)
        for j in range(sides)
    ]
    return add(name, grid.reshape(-1, 3), faces, material)


def poppy(
    foot: Vector,
    neck: Vector,
    tip: Vector,
    bow: Vector,
    size: float,
    stem: bpy.types.Material,
    pod: bpy.types.Material,
    rng: np.random.Generator,
) -> None:
    """A dried poppy: a thin bowed stem, a ribbed capsule, the crown on top."""
    foot_v, neck_v, tip_v, bow_v = (np.array(v, float) for v in (foot, neck, tip, bow))
    path = spline([foot_v, neck_v, neck_v + (tip_v - neck_v) * 0.55 + bow_v * 0.6, tip_v], 90)
    path += 0.0012 * np.cumsum(rng.standard_normal(path.shape), axis=0) / 12
    tube("stem", path, np.linspace(0.0014, 0.0010, 90) * (1 + 0.1 * rng.standard_normal(90)).clip(0.8, 1.3), stem)
    axis = V(path[-1] - path[-6]).normalized()
    turn = axis.to_track_quat("Z", "Y").to_matrix()
    outline = spline(
        [
            (0.0016, -0.10),
            (0.0030, -0.02),
            (0.0040, 0.0),
            (0.30, 0.16),
            (0.50, 0.52),
            (0.45, 0.86),
            (0.30, 1.02),
            (0.285, 1.07),
            (0.44, 1.10),
            (0.46, 1.13),
            (0.20, 1.19),
            (0.0005, 1.20),
        ],
        90,
    )
    outline[:, 0] = np.where(outline[:, 1] < 0.0, outline[:, 0] * 0.5 / size * 0.9, outline[:, 0])
    t = np.linspace(0, 2 * math.pi, 96, endpoint=False)
    r = outline[:, :1] * (1 + 0.030 * np.cos(11 * t)[None, :] * ((outline[:, 1:] > 0.1) & (outline[:, 1:] < 1.05)))
    r = np.where(outline[:, 1:] > 1.075, outline[:, :1] * (1 + 0.16 * np.cos(11 * t)[None, :]), r)
    points = np.stack([r * np.cos(t), r * np.sin(t), np.repeat(outline[:, 1:], 96, 1)], axis=2).reshape(-1, 3) * size
    points = points @ np.array(turn).T + path[-1]
    faces = [[i * 96 + j, i * 96 + (j + 1) % 96, (i + 1) * 96 + (j + 1) % 96, (i + 1) * 96 + j] for i in range(89) for j in range(96)]
    add("pod", points, faces, pod)


def grass(
    foot: Vector, neck: Vector, tip: Vector, bow: Vector, material: bpy.types.Material, rng: np.random.Generator, *, ears: int = 46
) -> None:
    """A dry grass: a hair-thin culm and a nodding panicle of small ears."""
    foot_v, neck_v, tip_v, bow_v = (np.array(v, float) for v in (foot, neck, tip, bow))
    path = spline([foot_v, neck_v, neck_v + (tip_v - neck_v) * 0.60 + bow_v * 0.6, tip_v], 120)
    tube("culm", path, np.linspace(0.0010, 0.00035, 120), material, 8)
    t = np.linspace(0, 2 * math.pi, 8, endpoint=False)
    s = np.linspace(0, 1, 9)
    ear = np.stack(
        [
            np.sin(math.pi * s**0.8)[:, None] * np.cos(t) * 0.16,
            np.sin(math.pi * s**0.8)[:, None] * np.sin(t) * 0.11,
            np.repeat(s[:, None], 8, 1),
        ],
        axis=2,
    ).reshape(-1, 3)
    faces = [[i * 8 + j, i * 8 + (j + 1) % 8, (i + 1) * 8 + (j + 1) % 8, (i + 1) * 8 + j] for i in range(8) for j in range(8)]
    points, all_faces = [], []
    for k in range(ears):
        at = 0.70 + 0.30 * (k / ears)
        base = path[min(int(at * 119), 119)]
        along = V(path[min(int(at * 119), 118) + 1] - base).normalized()
        out = V(rng.standard_normal(3))
        out = (out - along * out.dot(along)).normalized()
        way = (along * 0.9 + out * rng.uniform(0.25, 0.8) + V((0, 0, -0.15))).normalized()
        start = base + np.array(out) * 0.0006
        length = rng.uniform(0.008, 0.013) * (1.15 - 0.5 * (k / ears))
        turn = np.array(way.to_track_quat("Z", "Y").to_matrix())
        stalk = start + np.array(way) * rng.uniform(0.001, 0.006)
        points.append(ear * length @ turn.T + stalk)
        all_faces.append(np.array(faces) + 72 * k)
    add("ears", np.vstack(points), np.vstack(all_faces), material)
