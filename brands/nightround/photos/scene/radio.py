"""The radio at three in the morning. Run once, outside brandkit: `python radio.py SHOT OUT.png [WIDTH] [SAMPLES]`, with bpy 5.0.

Nothing here is needed to use the kit; the finished JPEGs lie one folder up.
"""

from __future__ import annotations

import math
import sys

import bpy
from mathutils import Vector

SHOTS = {  # camera at, looks at, lens in mm, height / width, f-stop, focus point
    "bedside": ((0.22, -1.62, 0.27), (-0.13, 0.0, 0.165), 72, 0.6667, 2.8, (0.085, -0.062, 0.10)),
    "dial": ((-0.16, -0.66, 0.165), (0.040, 0.0, 0.105), 62, 1.3333, 4.0, (0.085, -0.062, 0.10)),
    "far": ((0.05, -1.75, 0.36), (0.035, 0.0, 0.235), 66, 1.3333, 3.2, (0.0, -0.062, 0.10)),
}


def linear(value: str) -> tuple[float, float, float, float]:
    channels = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return (*(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels), 1.0)


def matter(name: str, color: str, rough: float = 0.5, *, bump: float = 0.0, scale: float = 40.0, glow: float = 0.0, metal: float = 0.0):
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    nodes, links = made.node_tree.nodes, made.node_tree.links
    shader = nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = linear(color)
    shader.inputs["Roughness"].default_value = rough
    shader.inputs["Metallic"].default_value = metal
    if glow:
        shader.inputs["Emission Color"].default_value = linear(color)
        shader.inputs["Emission Strength"].default_value = glow
    if bump:
        noise, hill = nodes.new("ShaderNodeTexNoise"), nodes.new("ShaderNodeBump")
        noise.inputs["Scale"].default_value, noise.inputs["Detail"].default_value = scale, 8.0
        hill.inputs["Strength"].default_value = bump
        links.new(noise.outputs[0], hill.inputs["Height"])
        links.new(hill.outputs["Normal"], shader.inputs["Normal"])
    return made


def box(size, at, material, bevel: float, segments: int = 10):
    bpy.ops.mesh.primitive_cube_add(size=1.0, location=at)
    thing = bpy.context.object
    thing.scale = size
    bpy.ops.object.transform_apply(location=False, rotation=False, scale=True)
    edge = thing.modifiers.new("edge", "BEVEL")
    edge.width, edge.segments = bevel, segments
    thing.data.materials.append(material)
    bpy.ops.object.shade_smooth()
    return thing


def disc(radius: float, depth: float, at, material, bevel: float = 0.0006):
    bpy.ops.mesh.primitive_cylinder_add(vertices=128, radius=radius, depth=depth, location=at, rotation=(math.pi / 2, 0, 0))
    thing = bpy.context.object
    edge = thing.modifiers.new("edge", "BEVEL")
    edge.width, edge.segments = bevel, 3
    thing.data.materials.append(material)
    bpy.ops.object.shade_auto_smooth(angle=0.6)
    return thing


def torus(radius: float, thick: float, at, material):
    bpy.ops.mesh.primitive_torus_add(
        major_radius=radius, minor_radius=thick, location=at, rotation=(math.pi / 2, 0, 0), major_segments=160, minor_segments=16
    )
    bpy.context.object.data.materials.append(material)
    bpy.ops.object.shade_smooth()


def lathe(profile, at, material):
    turns = 96
    points = [(r * math.cos(a), r * math.sin(a), z) for r, z in profile for a in (2 * math.pi * i / turns for i in range(turns))]
    faces = [
        (row * turns + i, row * turns + (i + 1) % turns, (row + 1) * turns + (i + 1) % turns, (row + 1) * turns + i)
        for row in range(len(profile) - 1)
        for i in range(turns)
    ]
    mesh = bpy.data.meshes.new("lathe")
    mesh.from_pydata(points, [], faces)
    mesh.shade_smooth()
    mesh.materials.append(material)
    thing = bpy.data.objects.new("lathe", mesh)
    thing.location = at
    bpy.context.scene.collection.objects.link(thing)
    thing.modifiers.new("round", "SUBSURF").render_levels = 2


def radio() -> None:
    lacquer = matter("lacquer", "#7A3FA6", 0.3, bump=0.012, scale=90)
    cream = matter("cream", "#E9DFC2", 0.45)
    deep = matter("deep", "#150A1A", 0.8)
    wood = matter("wood", "#3A2233", 0.5, bump=0.05, scale=30)
    box((0.30, 0.12, 0.165), (0, 0, 0.1), lacquer, 0.036)
    front = -0.0605
    disc(0.059, 0.004, (-0.068, front, 0.1), deep)
    for start in (0.0, 24.0, 48.0, 70.0):  # the mark's own nest: every ring touches the same point at three o'clock
        radius = 0.055 * (96 - start) / 96
        torus(radius, 0.0022, (-0.068 + 0.055 - radius, front - 0.003, 0.1), cream)
    disc(0.034, 0.006, (0.085, front, 0.1), cream)
    disc(0.030, 0.003, (0.085, front - 0.0036, 0.1), matter("glow", "#C7EB3A", 0.4, glow=1.7))
    hand = box((0.022, 0.0012, 0.0022), (0.085 + 0.012, front - 0.0062, 0.1), deep, 0.0004, 3)
    hand.name = "hand"
    disc(0.0035, 0.003, (0.085, front - 0.0065, 0.1), deep)
    for x in (-0.1, 0.1):
        box((0.03, 0.08, 0.02), (x, 0, 0.011), wood, 0.004, 4)


def room() -> None:
    wall = matter("wall", "#5A3A6B", 0.92, bump=0.10, scale=7)
    table = matter("table", "#4A2A55", 0.45, bump=0.03, scale=26)
    box((6, 0.1, 4), (0, 0.52, 1), wall, 0.001, 1)
    box((5, 2.6, 0.05), (0, -0.87, -0.025), table, 0.008, 4)
    clay = matter("clay", "#B9A3CC", 0.6, bump=0.03, scale=60)
    cup = [(0.0, 0.003), (0.026, 0.003), (0.029, 0.006), (0.033, 0.03), (0.035, 0.062), (0.0345, 0.066), (0.0325, 0.064), (0.030, 0.03), (0.0, 0.009)]
    lathe(cup, (0.222, -0.03, 0), clay)


def light(energy: float, at, target, size, color: str, spread: float = math.pi) -> None:
    lamp = bpy.data.lights.new("lamp", "AREA")
    lamp.spread = spread
    lamp.energy, lamp.color = energy, linear(color)[:3]
    lamp.shape, lamp.size, lamp.size_y = "RECTANGLE", *size
    thing = bpy.data.objects.new("lamp", lamp)
    thing.location = at
    thing.rotation_euler = (Vector(target) - Vector(at)).to_track_quat("-Z", "Y").to_euler()
    bpy.context.scene.collection.objects.link(thing)


def camera(at, target, lens: float, stop: float, focus) -> None:
    lens_data = bpy.data.cameras.new("camera")
    lens_data.lens = lens
    lens_data.dof.use_dof = True
    lens_data.dof.aperture_fstop = stop
    lens_data.dof.focus_distance = (Vector(focus) - Vector(at)).length
    thing = bpy.data.objects.new("camera", lens_data)
    thing.location = at
    thing.rotation_euler = (Vector(target) - Vector(at)).to_track_quat("-Z", "Y").to_euler()
    bpy.context.scene.collection.objects.link(thing)
    bpy.context.scene.camera = thing


def main() -> None:
    shot, out = sys.argv[1], sys.argv[2]
    width, samples = int((sys.argv[3:] or ["1536"])[0]), int((sys.argv[4:] or ["24"])[0])
    at, target, lens, ratio, stop, focus = SHOTS[shot]
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    room()
    radio()
    light(26.0, (1.3, -0.8, 0.9), (0.0, 0.0, 0.1), (0.4, 0.9), "#F6E9C8")  # the hall light through a door, from the right
    light(11.0, (-1.5, -1.2, 1.1), (0.0, 0.3, 0.2), (1.4, 1.4), "#9A6BD2")  # what is left of the sky
    for pane in (0.0, 0.25):  # two panes of moonlight on the wall
        light(0.42, (1.35 + pane, -0.75, 0.80), (-0.06 + pane, 0.47, 0.31), (0.13, 0.36), "#EFE6DC", 0.03)
    camera(at, target, lens, stop, focus)
    world = bpy.data.worlds.new("night")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs[0].default_value = linear("#2A1436")
    world.node_tree.nodes["Background"].inputs[1].default_value = 0.25
    scene.world = world
    scene.render.engine = "CYCLES"
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.max_bounces = samples, True, 4
    scene.cycles.adaptive_threshold = 0.08
    scene.render.resolution_x, scene.render.resolution_y = width, round(width * ratio)
    scene.view_settings.view_transform, scene.view_settings.look = "AgX", "AgX - Medium High Contrast"
    scene.render.image_settings.file_format = "PNG"
    scene.render.filepath = out
    bpy.ops.render.render(write_still=True)


if __name__ == "__main__":
    main()
