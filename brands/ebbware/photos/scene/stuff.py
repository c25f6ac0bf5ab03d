"""Materials: bare clay and glaze in one, paper, plaster, oak, stone, linen, dry stems.

Base colours are linear and stay well inside the gamut; every surface has noise in its roughness and its height.
"""

from __future__ import annotations

from typing import Any

import bpy

Colour = tuple[float, float, float]

CLAY: Colour = (0.56, 0.455, 0.335)
CLAY_DARK: Colour = (0.43, 0.335, 0.235)
IRON: Colour = (0.075, 0.036, 0.018)
FLASH: Colour = (0.40, 0.165, 0.060)
TIDE: Colour = (0.0080, 0.0560, 0.0760)
TIDE_THIN: Colour = (0.030, 0.130, 0.150)
TIDE_DEEP: Colour = (0.0035, 0.0220, 0.0340)
RIM: Colour = (0.21, 0.115, 0.055)


class Graph:
    """A material's nodes, with inputs given by name: a value sets, a socket links."""

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.nodes = self.material.node_tree.nodes
        self.links = self.material.node_tree.links
        self.nodes.clear()
        self.output = self.nodes.new("ShaderNodeOutputMaterial")

    def put(self, socket: Any, value: Any) -> None:
        if isinstance(value, bpy.types.NodeSocket):
            self.links.new(value, socket)
        elif isinstance(value, tuple) and len(value) == 3 and socket.type == "RGBA":
            socket.default_value = (*value, 1.0)
        else:
            socket.default_value = value

    def node(self, kind: str, inputs: dict[str | int, Any] | None = None, **properties: Any) -> Any:
        made = self.nodes.new("ShaderNode" + kind)
        for key, value in properties.items():
            setattr(made, key, value)
        for key, value in (inputs or {}).items():
            self.put(made.inputs[key], value)
        return made

    def math(self, operation: str, *values: Any, clamp: bool = False) -> Any:
        made = self.nodes.new("ShaderNodeMath")
        made.operation = operation
        made.use_clamp = clamp
        for socket, value in zip(made.inputs, values, strict=False):
            self.put(socket, value)
        return made.outputs[0]

    def ramp(self, value: Any, low: float, high: float, to_low: float = 0.0, to_high: float = 1.0) -> Any:
        made = self.node("MapRange", interpolation_type="SMOOTHSTEP")
        for key, v in (("Value", value), ("From Min", low), ("From Max", high), ("To Min", to_low), ("To Max", to_high)):
            self.put(made.inputs[key], v)
        return made.outputs["Result"]

    def mix(self, factor: Any, a: Any, b: Any, blend: str = "MIX") -> Any:
        made = self.nodes.new("ShaderNodeMix")
        made.data_type = "RGBA"
        made.blend_type = blend
        for index, value in ((0, factor), (6, a), (7, b)):
            self.put(made.inputs[index], value)
        return made.outputs[2]

    def noise(self, vector: Any, scale: float, detail: float = 4.0, rough: float = 0.55) -> Any:
        return self.node("TexNoise", {"Vector": vector, "Scale": scale, "Detail": detail, "Roughness": rough}).outputs[0]

    def stretched(self, vector: Any, scale: tuple[float, float, float], turn: float = 0.0) -> Any:
        return self.node("Mapping", {"Vector": vector, "Scale": scale, "Rotation": (0.0, 0.0, turn)}).outputs[0]

    def specks(self, vector: Any, scale: float, share: float, size: float) -> Any:
        """Scattered dots: a cell has one when its random value is under ``share``; its size varies."""
        cells = self.node("TexVoronoi", {"Vector": vector, "Scale": scale, "Randomness": 1.0})
        parts = self.node("SeparateColor", {0: cells.outputs["Color"]})
        radius = self.math("MULTIPLY", parts.outputs[1], size)
        has = self.math("LESS_THAN", parts.outputs[0], share)
        dot = self.math("SUBTRACT", 1.0, self.math("DIVIDE", cells.outputs["Distance"], self.math("ADD", radius, 0.02)))
        return self.math("MULTIPLY", self.ramp(dot, 0.0, 0.35), has)

    def bump(self, height: Any, distance: float, strength: float = 1.0, normal: Any = None) -> Any:
        made = self.node("Bump", {"Height": height, "Distance": distance, "Strength": strength})
        if normal is not None:
            self.put(made.inputs["Normal"], normal)
        return made.outputs[0]

    def finish(self, shader: Any) -> bpy.types.Material:
        self.links.new(shader, self.output.inputs["Surface"])
        return self.material

    def principled(self, **inputs: Any) -> Any:
        names = {
            "Base_Color": "Base Color",
            "Coat_Weight": "Coat Weight",
            "Coat_Roughness": "Coat Roughness",
            "Sheen_Weight": "Sheen Weight",
            "Sheen_Roughness": "Sheen Roughness",
            "Specular": "Specular IOR Level",
        }
        return self.node("BsdfPrincipled", {names.get(k, k): v for k, v in inputs.items()}).outputs[0]


def stoneware(name: str = "stoneware", glaze: Colour = TIDE, thin: Colour = TIDE_THIN, deep: Colour = TIDE_DEEP) -> bpy.types.Material:
    """Bare clay where the attribute ``glaze`` is negative, glaze where it is positive."""
    g = Graph(name)
    where = g.node("TexCoord").outputs["Object"]
    distance = g.node("Attribute", attribute_name="glaze").outputs["Fac"]
    rim = g.node("Attribute", attribute_name="rim").outputs["Fac"]
    tremble = g.math("MULTIPLY", g.math("SUBTRACT", g.noise(where, 260.0, 3.0), 0.5), 0.0011)
    edge = g.math("ADD", distance, tremble)
    glazed = g.ramp(edge, -0.00010, 0.00012)

    small = g.specks(where, 620.0, 0.42, 0.32)
    large = g.specks(where, 250.0, 0.26, 0.25)
    specks = g.math("MAXIMUM", g.math("MULTIPLY", small, 0.75), large)

    # clay: warm, uneven, toasted in a thin line under the glaze
    clay = g.mix(g.ramp(g.noise(where, 22.0, 5.0), 0.30, 0.72), CLAY, CLAY_DARK)
    clay = g.mix(g.math("MULTIPLY", g.noise(where, 900.0, 2.0), 0.28), clay, (0.70, 0.60, 0.47))
    clay = g.mix(g.math("MULTIPLY", g.ramp(distance, -0.0050, -0.0002), 0.62), clay, FLASH)
    clay = g.mix(g.math("MULTIPLY", specks, 0.82), clay, IRON)
    grain = g.math("ADD", g.math("MULTIPLY", g.noise(where, 1400.0, 3.0, 0.7), 0.5), g.noise(where, 300.0, 4.0))
    clay_shader = g.principled(
        Base_Color=clay,
        Roughness=g.ramp(g.noise(where, 80.0), 0.3, 0.7, 0.74, 0.92),
        Specular=0.28,
        Normal=g.bump(grain, 0.00042, 0.8),
    )

    # glaze: thin and warm on the rim, deep in the bead at the line, iron coming through in places
    colour = g.mix(g.ramp(g.noise(where, 16.0, 6.0, 0.6), 0.34, 0.70), glaze, thin)
    colour = g.mix(g.math("MULTIPLY", g.ramp(g.noise(where, 150.0, 4.0, 0.65), 0.46, 0.72), 0.45), colour, deep)
    bead = g.math("SUBTRACT", 1.0, g.ramp(g.math("ABSOLUTE", g.math("SUBTRACT", distance, 0.0013)), 0.0, 0.0024))
    colour = g.mix(g.math("MULTIPLY", bead, 0.75), colour, deep)
    colour = g.mix(g.math("MULTIPLY", large, 0.45), colour, (0.050, 0.030, 0.018))
    worn = g.math("ADD", rim, g.math("MULTIPLY", g.math("SUBTRACT", g.noise(where, 120.0, 4.0), 0.5), 0.0042))
    colour = g.mix(g.math("SUBTRACT", 0.92, g.ramp(worn, 0.0006, 0.0036, 0.0, 0.92)), colour, RIM)
    skin = g.math("ADD", g.noise(where, 110.0, 2.0), g.math("MULTIPLY", g.noise(where, 700.0, 2.0), 0.10))
    glaze_shader = g.principled(
        Base_Color=colour,
        Roughness=g.ramp(g.noise(where, 45.0, 4.0), 0.30, 0.72, 0.13, 0.30),
        Specular=0.5,
        Coat_Weight=0.35,
        Coat_Roughness=0.08,
        Normal=g.bump(skin, 0.00035, 0.55),
    )
    both = g.node("MixShader", {0: glazed, 1: clay_shader, 2: glaze_shader})
    return g.finish(both.outputs[0])


def paper(colour: Colour = (0.74, 0.66, 0.55)) -> bpy.types.Material:
    g = Graph("paper")
    where = g.node("TexCoord").outputs["Object"]
    tone = g.mix(g.math("MULTIPLY", g.noise(where, 3.0, 3.0), 0.10), colour, tuple(c * 0.86 for c in colour))
    return g.finish(
        g.principled(Base_Color=tone, Roughness=0.86, Specular=0.25, Normal=g.bump(g.noise(where, 900.0, 3.0, 0.7), 0.00012, 0.6))
    )


def plaster(colour: Colour = (0.62, 0.555, 0.465)) -> bpy.types.Material:
    """Lime plaster: cloudy in colour, a trowel's long soft marks, fine sand."""
    g = Graph("plaster")
    where = g.node("TexCoord").outputs["Object"]
    cloud = g.noise(g.stretched(where, (1.0, 1.0, 1.6)), 3.2, 7.0, 0.62)
    tone = g.mix(g.ramp(cloud, 0.34, 0.68), colour, tuple(c * 0.80 for c in colour))
    trowel = g.noise(g.stretched(where, (5.0, 5.0, 14.0), 0.4), 1.6, 4.0, 0.6)
    sand = g.noise(where, 420.0, 3.0, 0.7)
    normal = g.bump(trowel, 0.010, 0.35, g.bump(sand, 0.0005, 0.5))
    return g.finish(g.principled(Base_Color=tone, Roughness=g.ramp(cloud, 0.3, 0.7, 0.78, 0.92), Specular=0.22, Normal=normal))


def oak(light: Colour = (0.42, 0.285, 0.165), dark: Colour = (0.25, 0.150, 0.078)) -> bpy.types.Material:
    """Oiled oak boards, the grain along x; each board (object attribute ``board``) has its own figure."""
    g = Graph("oak")
    raw = g.node("TexCoord").outputs["Object"]
    info = g.node("ObjectInfo")
    offset = g.node(
        "CombineXYZ", {0: g.math("MULTIPLY", info.outputs["Random"], 17.0), 1: g.math("MULTIPLY", info.outputs["Random"], 5.0), 2: 0.0}
    )
    where = g.node("VectorMath", {0: raw, 1: offset.outputs[0]}, operation="ADD").outputs[0]
    bend = g.noise(g.stretched(where, (1.2, 6.0, 6.0)), 1.6, 3.0)
    warped = g.node(
        "VectorMath", {0: where, 1: g.node("CombineXYZ", {0: 0.0, 1: g.math("MULTIPLY", bend, 0.10), 2: 0.0}).outputs[0]}, operation="ADD"
    ).outputs[0]
    rings = g.noise(g.stretched(warped, (1.3, 55.0, 10.0)), 1.0, 6.0, 0.6)
    fibre = g.noise(g.stretched(warped, (14.0, 900.0, 60.0)), 1.0, 3.0, 0.6)
    pores = g.ramp(g.noise(g.stretched(warped, (34.0, 1500.0, 60.0)), 1.0, 2.0), 0.60, 0.72)
    tone = g.mix(g.ramp(rings, 0.32, 0.68), light, dark)
    tone = g.mix(g.math("MULTIPLY", fibre, 0.30), tone, tuple(c * 1.25 for c in light))
    tone = g.mix(g.math("MULTIPLY", pores, 0.60), tone, tuple(c * 0.45 for c in dark))
    tone = g.mix(0.35, tone, g.mix(info.outputs["Random"], (0.75, 0.75, 0.75), (1.15, 1.10, 1.05)), "MULTIPLY")
    height = g.math(
        "SUBTRACT", g.math("ADD", g.math("MULTIPLY", rings, 0.4), g.math("MULTIPLY", fibre, 0.25)), g.math("MULTIPLY", pores, 0.7)
    )
    return g.finish(
        g.principled(Base_Color=tone, Roughness=g.ramp(rings, 0.3, 0.7, 0.46, 0.62), Specular=0.38, Normal=g.bump(height, 0.0009, 0.6))
    )


def stone(light: Colour = (0.30, 0.275, 0.24), dark: Colour = (0.185, 0.170, 0.150), vein: float = 0.10) -> bpy.types.Material:
    """A honed limestone: clouds, fine fossils, a few soft veins."""
    g = Graph("stone")
    where = g.node("TexCoord").outputs["Object"]
    cloud = g.noise(where, 7.0, 8.0, 0.62)
    line = g.math(
        "SUBTRACT",
        1.0,
        g.ramp(g.math("ABSOLUTE", g.math("SUBTRACT", g.noise(g.stretched(where, (1.0, 1.7, 1.0), 0.5), 3.0, 6.0, 0.6), 0.5)), 0.0, 0.018),
    )
    tone = g.mix(g.ramp(cloud, 0.34, 0.68), light, dark)
    tone = g.mix(g.math("MULTIPLY", line, vein), tone, tuple(c * 1.5 for c in light))
    tone = g.mix(g.math("MULTIPLY", g.specks(where, 190.0, 0.25, 0.35), 0.35), tone, tuple(c * 0.55 for c in dark))
    fine = g.noise(where, 520.0, 4.0, 0.7)
    pits = g.specks(where, 120.0, 0.10, 0.22)
    height = g.math("SUBTRACT", g.math("MULTIPLY", fine, 0.4), pits)
    return g.finish(
        g.principled(Base_Color=tone, Roughness=g.ramp(fine, 0.3, 0.7, 0.50, 0.70), Specular=0.34, Normal=g.bump(height, 0.0006, 0.5))
    )


def linen(colour: Colour = (0.50, 0.435, 0.345)) -> bpy.types.Material:
    """A plain weave in UV space (u, v in metres), with slubs in both directions."""
    g = Graph("linen")
    uv = g.node("TexCoord").outputs["UV"]
    part = g.node("SeparateXYZ", {0: uv})
    pitch = 2 * 3.14159265 / 0.00085
    slub_u = g.noise(g.stretched(uv, (3.0, 700.0, 1.0)), 1.0, 2.0)
    slub_v = g.noise(g.stretched(uv, (700.0, 3.0, 1.0)), 1.0, 2.0)
    u = g.math("ADD", g.math("MULTIPLY", part.outputs[0], pitch), g.math("MULTIPLY", slub_v, 2.2))
    v = g.math("ADD", g.math("MULTIPLY", part.outputs[1], pitch), g.math("MULTIPLY", slub_u, 2.2))
    weave = g.math("MULTIPLY", g.math("SINE", u), g.math("SINE", v))
    thread = g.math("ADD", g.math("MULTIPLY", slub_u, 0.9), g.math("MULTIPLY", slub_v, 0.9))
    tone = g.mix(g.ramp(thread, 0.55, 1.25), tuple(c * 0.80 for c in colour), tuple(min(c * 1.16, 0.8) for c in colour))
    tone = g.mix(g.ramp(weave, -0.9, 0.2, 0.35, 0.0), tone, tuple(c * 0.55 for c in colour))
    height = g.math("ADD", g.math("MULTIPLY", weave, 0.35), thread)
    return g.finish(
        g.principled(
            Base_Color=tone, Roughness=0.92, Specular=0.15, Sheen_Weight=0.25, Sheen_Roughness=0.5, Normal=g.bump(height, 0.00055, 0.9)
        )
    )


def dry(name: str, light: Colour, dark: Colour) -> bpy.types.Material:
    g = Graph(name)
    where = g.node("TexCoord").outputs["Object"]
    tone = g.mix(g.ramp(g.noise(g.stretched(where, (1.0, 1.0, 0.4)), 60.0, 5.0), 0.32, 0.7), light, dark)
    return g.finish(g.principled(Base_Color=tone, Roughness=0.8, Specular=0.25, Normal=g.bump(g.noise(where, 420.0, 3.0), 0.0006, 0.7)))
