"""Ebbware in clay: lathed pots with a dip line, as Blender meshes.

Every pot is a closed wall turned around an axis, wobbled as a hand would leave it, and dipped once: a plane cuts
the pot, and the signed distance to that plane is stored on the mesh (attribute ``glaze``, in metres) for the
material to colour and for the geometry to thicken. Real sizes in metres.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import bpy
import numpy as np

Point = tuple[float, float]
Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Dip:
    """One dip into the glaze: everything on the ``normal`` side of the plane at ``level`` is glazed."""

    level: float
    normal: Vector = (0.035, 0.02, 1.0)
    inside: bool | None = True  # True: lined with glaze, False: bare, None: as the plane cuts it


@dataclass(frozen=True)
class Handle:
    """A pulled handle: a path in the x-z plane, outside the wall at both ends."""

    path: Sequence[Point]
    width: float = 0.017
    thickness: float = 0.0085


@dataclass(frozen=True)
class Pot:
    """A thrown shape: the outer silhouette from foot to rim as (radius, height)."""

    outer: Sequence[Point]
    wall: float = 0.0042
    floor: float = 0.007
    foot: float = 0.004
    rings: float = 0.00022
    pitch: float = 0.0065
    wobble: float = 0.006
    spout: float = 0.0
    handle: Handle | None = None


def smoothstep(low: float, high: float, value: np.ndarray) -> np.ndarray:
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def spline(points: Sequence[Sequence[float]], count: int) -> np.ndarray:
    """A centripetal Catmull-Rom curve through the points, resampled to equal steps."""
    p = np.asarray(points, dtype=float)
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    dense: list[np.ndarray] = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False):
        t = np.cumsum([0.0, *(max(float(np.linalg.norm(v - u)), 1e-9) ** 0.5 for u, v in ((a, b), (b, c), (c, d)))])
        s = np.linspace(t[1], t[2], 60, endpoint=False)[:, None]
        a1 = (t[1] - s) / (t[1] - t[0]) * a + (s - t[0]) / (t[1] - t[0]) * b
        a2 = (t[2] - s) / (t[2] - t[1]) * b + (s - t[1]) / (t[2] - t[1]) * c
        a3 = (t[3] - s) / (t[3] - t[2]) * c + (s - t[2]) / (t[3] - t[2]) * d
        b1 = (t[2] - s) / (t[2] - t[0]) * a1 + (s - t[0]) / (t[2] - t[0]) * a2
        b2 = (t[3] - s) / (t[3] - t[1]) * a2 + (s - t[1]) / (t[3] - t[1]) * a3
        dense.extend((t[2] - s) / (t[2] - t[1]) * b1 + (s - t[1]) / (t[2] - t[1]) * b2)
    dense.append(p[-2])
    return resample(np.asarray(dense), count)


def resample(curve: np.ndarray, count: int) -> np.ndarray:
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])
    at = np.linspace(0.0, length[-1], count)
    return np.stack([np.interp(at, length, curve[:, i]) for i in range(curve.shape[1])], axis=1)


def wall_profile(pot: Pot, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The closed wall as (radius, height), a 0/1 flag for the inside, and the distance to the rim along the wall."""
    outer = spline(pot.outer, 700)
    tangent = np.gradient(outer, axis=0)
    normal = np.stack([tangent[:, 1], -tangent[:, 0]], axis=1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    inner = outer - normal * pot.wall
    inner = inner[(inner[:, 1] > pot.floor + 0.006) | (np.arange(len(inner)) > 350)]
    inner = inner[inner[:, 1] > pot.floor]
    inner = inner[::-1]

    side = tangent[-1] / np.linalg.norm(tangent[-1])
    middle = (outer[-1] + inner[0]) / 2
    arc = [
        middle + (outer[-1] - middle) * math.cos(a) + side * (pot.wall / 2) * math.sin(a) * 1.05 for a in np.linspace(0, math.pi, 14)[1:-1]
    ]
    radius, foot = outer[0, 0], pot.foot
    base = spline(
        [
            (0.0001, foot),
            (radius * 0.5, foot),
            (radius - 0.0085, foot * 0.95),
            (radius - 0.0068, foot * 0.45),
            (radius - 0.0058, 0.0003),
            (radius - 0.0046, 0.0),
            (radius - 0.0018, 0.0),
            (radius - 0.0006, 0.0004),
            (radius, outer[0, 1]),
        ],
        120,
    )[:-1]
    last = inner[-1]
    bowl = [
        (last[0] * (1 - t) ** 1.0 * (1 + 0.25 * t), pot.floor + (last[1] - pot.floor) * (1 - t) ** 2.4) for t in np.linspace(0, 1, 60)[1:]
    ]
    bowl[-1] = (0.0001, pot.floor)
    curve = np.vstack([base, outer, arc, inner, bowl])
    inside = np.concatenate(
        [np.zeros(len(base) + len(outer) + len(arc) // 2), np.ones(len(curve) - len(base) - len(outer) - len(arc) // 2)]
    )
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])
    rim = length[len(base) + len(outer) + len(arc) // 2]
    at = np.linspace(0.0, length[-1], count)
    profile = np.stack([np.interp(at, length, curve[:, i]) for i in range(2)], axis=1)
    return profile, (np.interp(at, length, inside) > 0.5).astype(float), np.abs(at - rim)


def throw(
    name: str,
    pot: Pot,
    dip: Dip,
    material: bpy.types.Material,
    *,
    at: Vector = (0.0, 0.0, 0.0),
    turn: float = 0.0,
    seed: int = 1,
    detail: tuple[int, int] = (620, 288),
) -> bpy.types.Object:
    """Make one pot and put it on the table."""
    rng = np.random.default_rng(seed)
    profile, inside, rim = wall_profile(pot, detail[0])
    theta = np.linspace(0.0, 2 * math.pi, detail[1], endpoint=False)
    height = float(profile[:, 1].max())
    r = np.repeat(profile[:, :1], detail[1], axis=1)
    z = np.repeat(profile[:, 1:], detail[1], axis=1)
    t = theta[None, :]
    up = z / height
    phase = rng.uniform(0, 2 * math.pi, 8)

    # the thrower's hand: a soft spiral of rings, an oval drift toward the rim, a rim that is not quite level
    strength = 0.55 + 0.45 * np.sin(up * 7.0 + phase[0]) * np.sin(up * 3.1 + phase[1])
    spiral = np.sin(2 * math.pi * (z / pot.pitch) + t + 0.6 * np.sin(up * 9 + phase[2]) + 0.3 * np.sin(2 * t + phase[3]))
    body = smoothstep(0.003, 0.012, z)
    r = r + pot.rings * strength * spiral * body
    r = r * (1 + pot.wobble * up * (np.sin(2 * t + phase[4]) * 0.7 + np.sin(3 * t + phase[5]) * 0.3))
    z = z + 0.0009 * up**2 * np.sin(t + phase[6]) + 0.0004 * up**2 * np.sin(3 * t + phase[7])

    if pot.spout:
        away = np.angle(np.exp(1j * (t - math.pi)))
        rise = smoothstep(0.66, 1.0, up)
        throat = np.exp(-((away / 0.30) ** 2))
        cheeks = np.exp(-(((np.abs(away) - 0.62) / 0.26) ** 2))
        r = r * (1 + pot.spout * rise**1.4 * throat - pot.spout * 0.24 * rise * cheeks)
        z = z + height * 0.055 * rise**2 * throat

    grid = np.stack([r * np.cos(t), r * np.sin(t), z], axis=2)
    points, faces = [grid.reshape(-1, 3)], [_grid_faces(*grid.shape[:2], 0, closed=True)]
    inner_flags, rim_distance = [np.repeat(inside, detail[1])], [np.repeat(rim, detail[1])]
    normals = [_grid_normals(grid).reshape(-1, 3)]
    if pot.handle:
        loop = _sweep(pot.handle, rng)
        faces.append(_grid_faces(*loop.shape[:2], len(points[0]), closed=True))
        points.append(loop.reshape(-1, 3))
        normals.append(_grid_normals(loop).reshape(-1, 3))
        edge = np.full(loop.shape[:2], 1.0)
        rim_distance.append(edge.reshape(-1))
        inner_flags.append(np.zeros(loop.shape[0] * loop.shape[1]))
    p, n = np.vstack(points), np.vstack(normals)
    flags = np.concatenate(inner_flags)

    # the dip: a plane, a surface that trembled, and a thickness of glaze with a bead at its edge
    direction = np.asarray(dip.normal, dtype=float)
    direction /= np.linalg.norm(direction)
    distance = p @ direction - dip.level
    along = np.arctan2(p[:, 1], p[:, 0]) if abs(direction[2]) > 0.5 else (p @ np.cross(direction, (0, 0, 1.0))) * 18
    for frequency, size in ((2, 0.0006), (5, 0.00032), (9, 0.00022), (17, 0.00013), (31, 0.00008)):
        distance += size * np.sin(frequency * along + rng.uniform(0, 6.3))
    if dip.inside is not None:
        lined = np.abs(distance) + 0.01 if dip.inside else -np.abs(distance) - 0.01
        distance = np.where(flags > 0.5, np.where(distance > 0, distance, lined) if dip.inside else lined, distance)
    bead = 0.00045 * np.exp(-(((distance - 0.0012) / 0.0011) ** 2))
    thickness = 0.00055 * smoothstep(-0.0001, 0.0010, distance) + bead
    p = p + n * thickness[:, None]

    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(p.tolist(), [], np.vstack(faces).tolist())
    for label, values in (("glaze", distance), ("rim", np.concatenate(rim_distance)), ("inside", flags)):
        mesh.attributes.new(label, "FLOAT", "POINT").data.foreach_set("value", values.astype(np.float32))
    mesh.shade_smooth()
    mesh.materials.append(material)
    thing = bpy.data.objects.new(name, mesh)
    thing.location = at
    thing.rotation_euler = (0.0, 0.0, turn)
    bpy.context.scene.collection.objects.link(thing)
    return thing


def _grid_faces(rows: int, columns: int, start: int, *, closed: bool) -> np.ndarray:
    i, j = np.meshgrid(np.arange(rows - 1), np.arange(columns if closed else columns - 1), indexing="ij")
    k = (j + 1) % columns
    quads = np.stack([i * columns + j, i * columns + k, (i + 1) * columns + k, (i + 1) * columns + j], axis=-1)
    return quads.reshape(-1, 4) + start


def _grid_normals(grid: np.ndarray) -> np.ndarray:
    down = np.gradient(grid, axis=0)
    around = np.roll(grid, -1, axis=1) - np.roll(grid, 1, axis=1)
    normal = np.cross(around, down)
    return normal / np.maximum(np.linalg.norm(normal, axis=2, keepdims=True), 1e-12)


def _sweep(handle: Handle, rng: np.random.Generator, steps: int = 260, sides: int = 72) -> np.ndarray:
    """A flattened tube along the path, flared where it was pressed onto the wall."""
    path = spline(handle.path, steps)
    s = np.linspace(0, 1, steps)
    flare = 1 + 0.75 * np.exp(-((s / 0.055) ** 1.6)) + 0.6 * np.exp(-(((1 - s) / 0.055) ** 1.6))
    pull = 1 + 0.10 * np.sin(math.pi * (1 - s)) - 0.14 * s + 0.012 * np.sin(9 * s + rng.uniform(0, 6))
    tangent = np.gradient(path, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    side = np.stack([tangent[:, 1], -tangent[:, 0]], axis=1)
    a = np.linspace(0, 2 * math.pi, sides, endpoint=False)
    wide = np.sign(np.cos(a)) * np.abs(np.cos(a)) ** 0.8 * handle.width / 2
    thick = np.sign(np.sin(a)) * np.abs(np.sin(a)) ** 0.8 * handle.thickness / 2
    thick = thick * (1 - 0.16 * np.exp(-((wide / (handle.width * 0.16)) ** 2)))
    grid = np.zeros((steps, sides, 3))
    grid[:, :, 0] = path[:, 0][:, None] + side[:, 0][:, None] * thick[None, :] * flare[:, None]
    grid[:, :, 2] = path[:, 1][:, None] + side[:, 1][:, None] * thick[None, :] * flare[:, None]
    grid[:, :, 1] = wide[None, :] * (flare * pull)[:, None] + 0.0006 * np.sin(3 * s)[:, None]
    return grid


MUG = Pot(
    outer=[(0.0345, 0.0012), (0.0385, 0.006), (0.0412, 0.018), (0.0422, 0.040), (0.0418, 0.066), (0.0412, 0.088)],
    handle=Handle(
        [
            (0.0395, 0.0735),
            (0.0470, 0.0765),
            (0.0600, 0.0760),
            (0.0705, 0.0660),
            (0.0715, 0.0500),
            (0.0630, 0.0335),
            (0.0500, 0.0235),
            (0.0395, 0.0205),
        ]
    ),
    rings=0.00013,
)
CUP = Pot(
    outer=[(0.0270, 0.0012), (0.0310, 0.006), (0.0345, 0.020), (0.0368, 0.045), (0.0378, 0.070), (0.0382, 0.080)],
    rings=0.00028,
)
TEA_BOWL = Pot(
    outer=[(0.0290, 0.0015), (0.0310, 0.007), (0.0420, 0.014), (0.0530, 0.030), (0.0580, 0.050), (0.0590, 0.066)],
    rings=0.00030,
)
BOWL = Pot(
    outer=[(0.0380, 0.0015), (0.0395, 0.008), (0.0520, 0.0135), (0.0690, 0.027), (0.0780, 0.045), (0.0815, 0.062)],
    wall=0.0046,
    rings=0.00028,
)
SERVING_BOWL = Pot(
    outer=[(0.0520, 0.0015), (0.0540, 0.009), (0.0740, 0.016), (0.1000, 0.036), (0.1130, 0.062), (0.1170, 0.080)],
    wall=0.0055,
    floor=0.010,
)
PLATE = Pot(
    outer=[(0.0780, 0.0015), (0.0800, 0.006), (0.0900, 0.0085), (0.1080, 0.0105), (0.1220, 0.0150), (0.1310, 0.0230)],
    wall=0.0052,
    floor=0.0085,
    rings=0.00012,
    wobble=0.003,
)
SIDE_PLATE = Pot(
    outer=[(0.0520, 0.0015), (0.0540, 0.006), (0.0610, 0.0080), (0.0740, 0.0100), (0.0850, 0.0140), (0.0920, 0.0210)],
    wall=0.0048,
    floor=0.0080,
    rings=0.00012,
    wobble=0.003,
)
VASE = Pot(
    outer=[
        (0.0400, 0.0015),
        (0.0440, 0.008),
        (0.0590, 0.040),
        (0.0690, 0.085),
        (0.0680, 0.130),
        (0.0540, 0.172),
        (0.0330, 0.200),
        (0.0245, 0.222),
        (0.0240, 0.246),
        (0.0290, 0.264),
    ],
    rings=0.00034,
    pitch=0.0090,
    wobble=0.009,
)
BOTTLE = Pot(
    outer=[
        (0.0360, 0.0015),
        (0.0400, 0.007),
        (0.0450, 0.030),
        (0.0465, 0.075),
        (0.0440, 0.110),
        (0.0330, 0.140),
        (0.0200, 0.158),
        (0.0160, 0.180),
        (0.0162, 0.204),
        (0.0190, 0.214),
    ],
    rings=0.00030,
    wobble=0.008,
)
PITCHER = Pot(
    outer=[
        (0.0460, 0.0015),
        (0.0500, 0.007),
        (0.0600, 0.030),
        (0.0655, 0.065),
        (0.0630, 0.105),
        (0.0520, 0.142),
        (0.0445, 0.166),
        (0.0450, 0.186),
        (0.0490, 0.202),
    ],
    rings=0.00036,
    pitch=0.0085,
    spout=0.36,
    handle=Handle(
        [
            (0.0385, 0.1788),
            (0.0465, 0.1793),
            (0.0580, 0.1826),
            (0.0780, 0.1800),
            (0.0950, 0.1580),
            (0.0985, 0.1260),
            (0.0880, 0.0940),
            (0.0720, 0.0720),
            (0.0610, 0.0660),
        ],
        width=0.023,
        thickness=0.0100,
    ),
)
