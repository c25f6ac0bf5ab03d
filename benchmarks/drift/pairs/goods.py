"""The products of the pairs and what is done to each: data for `scene.py`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

Color = tuple[float, float, float]

# height of the whole for the body's, by the part on top
ABOVE = {"knob": 1.25, "cap": 1.25, "pump": 1.4, "loop": 1.2, "grip": 1.25}


@dataclass(frozen=True)
class Product:
    """A lathed body with a printed band, and parts that can be scaled or left out. Lengths in metres, colours in sRGB."""

    name: str
    profile: tuple[tuple[float, float], ...]
    color: Color
    ink: Color
    band: Color
    label: tuple[float, float]
    """Lower and upper edge of the label as shares of the height."""
    parts: tuple[str, ...]
    words: str
    roughness: float = 0.35
    section: tuple[float, float] = (1.0, 2.0)
    """Depth for width and exponent of the superellipse that the body is in plan: 2 is round, 10 a box with soft corners."""
    lean: tuple[tuple[float, float, float], ...] = ()
    """Height, how far the body's middle is shifted there to the right, and depth for width there; straight lines between."""


PRODUCTS = (
    Product("mug", ((0.0, 0.0), (0.036, 0.0), (0.040, 0.004), (0.041, 0.09), (0.041, 0.095), (0.037, 0.095), (0.036, 0.01), (0.0, 0.009)),
            (0.16, 0.36, 0.42), (0.12, 0.16, 0.20), (0.93, 0.90, 0.84), (0.30, 0.68), ("handle",), "NOON"),
    Product("jar", ((0.0, 0.0), (0.038, 0.0), (0.046, 0.006), (0.048, 0.05), (0.044, 0.085), (0.036, 0.092), (0.0, 0.092)),
            (0.74, 0.42, 0.26), (0.95, 0.92, 0.86), (0.22, 0.26, 0.24), (0.25, 0.62), ("lid", "knob"), "SALT", 0.5),
    Product("bottle", ((0.0, 0.0), (0.028, 0.0), (0.032, 0.004), (0.032, 0.105), (0.028, 0.122), (0.013, 0.138),
                                                                                   (0.012, 0.158), (0.0, 0.158)),
            (0.46, 0.52, 0.30), (0.15, 0.17, 0.12), (0.92, 0.89, 0.80), (0.18, 0.52), ("cap",), "OLIO", 0.25),
    Product("pot", ((0.0, 0.0), (0.034, 0.0), (0.044, 0.006), (0.056, 0.038), (0.054, 0.062), (0.036, 0.082), (0.028, 0.085), (0.0, 0.085)),
            (0.30, 0.28, 0.46), (0.93, 0.90, 0.85), (0.78, 0.60, 0.32), (0.30, 0.58), ("handle", "spout", "knob"), "FIVE", 0.3),
    Product("caddy", ((0.0, 0.0), (0.037, 0.0), (0.039, 0.003), (0.039, 0.052), (0.038, 0.100), (0.0, 0.100)),
            (0.55, 0.22, 0.24), (0.20, 0.13, 0.12), (0.90, 0.83, 0.68), (0.28, 0.66), ("lid",), "LEAF", 0.4),
    Product("jug", ((0.0, 0.0), (0.036, 0.0), (0.046, 0.007), (0.049, 0.034), (0.036, 0.078), (0.031, 0.104), (0.036, 0.120),
                                                                                   (0.031, 0.119), (0.026, 0.104), (0.0, 0.102)),
            (0.80, 0.66, 0.34), (0.16, 0.22, 0.34), (0.95, 0.93, 0.88), (0.16, 0.46), ("handle",), "MILK", 0.28),
    Product("carton", ((0.0, 0.0), (0.036, 0.0), (0.036, 0.100), (0.033, 0.112), (0.0, 0.112)),
            (0.55, 0.66, 0.78), (0.12, 0.16, 0.30), (0.95, 0.94, 0.90), (0.30, 0.72), ("cap",), "OATS", 0.5, (0.75, 14.0)),
    Product("tin", ((0.0, 0.0), (0.043, 0.0), (0.044, 0.002), (0.044, 0.106), (0.0, 0.106)),
            (0.17, 0.34, 0.25), (0.24, 0.14, 0.08), (0.93, 0.86, 0.70), (0.24, 0.60), ("cover",), "CHAI", 0.35, (0.8, 7.0)),
    Product("dispenser", ((0.0, 0.0), (0.034, 0.0), (0.037, 0.004), (0.037, 0.088), (0.030, 0.104), (0.013, 0.110), (0.0, 0.110)),
            (0.84, 0.66, 0.63), (0.30, 0.16, 0.16), (0.97, 0.94, 0.91), (0.22, 0.62), ("pump", "nozzle"), "SOAP", 0.3),
    Product("pouch",
            ((0.0, 0.0), (0.042, 0.0), (0.045, 0.005), (0.047, 0.045), (0.044, 0.100), (0.046, 0.132), (0.0, 0.132)),
            (0.62, 0.58, 0.70), (0.18, 0.14, 0.26), (0.95, 0.91, 0.80), (0.26, 0.62), ("nib",), "BEAN", 0.35, (0.6, 2.4),
            lean=((0.0, 0.0, 0.55), (0.030, 0.0, 0.60), (0.110, 0.0, 0.16), (0.120, 0.0, 0.06), (0.132, 0.0, 0.05))),
    Product("boot",
            ((0.0, 0.0), (0.055, 0.0), (0.058, 0.004), (0.058, 0.016), (0.052, 0.032), (0.042, 0.050), (0.034, 0.068), (0.033, 0.095),
             (0.037, 0.142), (0.034, 0.142), (0.030, 0.070), (0.0, 0.060)),
            (0.24, 0.34, 0.22), (0.92, 0.88, 0.72), (0.70, 0.30, 0.22), (0.46, 0.80), ("pull",), "MUDD", 0.3, (0.45, 2.3),
            lean=((0.0, 0.014, 0.44), (0.016, 0.014, 0.44), (0.032, 0.008, 0.50), (0.050, -0.002, 0.62), (0.068, -0.009, 0.80),
                  (0.142, -0.012, 0.95))),
    Product("can", ((0.0, 0.0), (0.045, 0.0), (0.048, 0.004), (0.042, 0.076), (0.038, 0.084), (0.0, 0.086)),
            (0.30, 0.50, 0.50), (0.95, 0.93, 0.86), (0.82, 0.52, 0.24), (0.24, 0.66), ("grip", "neck"), "RAIN", 0.3),
    Product("flask", ((0.0, 0.0), (0.025, 0.0), (0.028, 0.004), (0.028, 0.168), (0.020, 0.186), (0.020, 0.190), (0.0, 0.190)),
            (0.72, 0.30, 0.22), (0.20, 0.12, 0.10), (0.94, 0.88, 0.76), (0.34, 0.66), ("stopper", "ring"), "TRIP", 0.4),
    Product("viewer", ((0.0, 0.0), (0.056, 0.0), (0.058, 0.003), (0.058, 0.074), (0.055, 0.078), (0.0, 0.078)),
            (0.28, 0.29, 0.32), (0.22, 0.18, 0.16), (0.86, 0.78, 0.64), (0.50, 0.94), ("barrel", "button"), "PICA", 0.45, (0.42, 9.0)),
    Product("sack", ((0.0, 0.0), (0.044, 0.0), (0.055, 0.009), (0.060, 0.044), (0.048, 0.082), (0.020, 0.101), (0.018, 0.107),
                     (0.034, 0.126), (0.030, 0.127), (0.0, 0.110)),
            (0.78, 0.70, 0.55), (0.96, 0.91, 0.80), (0.50, 0.24, 0.20), (0.22, 0.56), ("cord",), "GRIT", 0.85, (0.75, 2.6),
            lean=((0.0, 0.0, 0.75), (0.044, -0.003, 0.80), (0.082, 0.002, 0.75), (0.101, 0.006, 0.90), (0.127, 0.010, 0.60))),
    Product("bag", ((0.0, 0.0), (0.056, 0.0), (0.062, 0.006), (0.064, 0.050), (0.058, 0.118), (0.048, 0.132), (0.0, 0.134)),
            (0.22, 0.27, 0.38), (0.95, 0.92, 0.86), (0.78, 0.58, 0.36), (0.46, 0.80), ("pocket", "loop"), "WALK", 0.75, (0.6, 5.0)),
    Product("tube",
            ((0.0, 0.0), (0.011, 0.0), (0.011, 0.018), (0.029, 0.022), (0.031, 0.026), (0.032, 0.080), (0.033, 0.150), (0.0, 0.150)),
            (0.86, 0.84, 0.76), (0.16, 0.34, 0.33), (0.50, 0.66, 0.60), (0.38, 0.76), ("screw",), "BALM", 0.38,
            lean=((0.0, 0.0, 1.0), (0.030, 0.0, 1.0), (0.150, 0.0, 0.10))),
    Product("shoe",
            ((0.0, 0.0), (0.068, 0.0), (0.072, 0.004), (0.073, 0.022), (0.066, 0.034), (0.052, 0.046), (0.042, 0.062), (0.038, 0.082),
             (0.034, 0.081), (0.032, 0.040), (0.0, 0.036)),
            (0.52, 0.50, 0.44), (0.20, 0.22, 0.26), (0.80, 0.42, 0.26), (0.20, 0.48), ("sole", "tab"), "TREK", 0.8, (0.36, 2.6),
            lean=((0.0, 0.0, 0.36), (0.022, 0.0, 0.36), (0.034, 0.006, 0.37), (0.046, 0.018, 0.42), (0.062, 0.027, 0.50),
                  (0.082, 0.033, 0.58))),
    Product("radio", ((0.0, 0.0), (0.060, 0.0), (0.062, 0.004), (0.062, 0.092), (0.058, 0.096), (0.0, 0.096)),
            (0.36, 0.22, 0.15), (0.14, 0.12, 0.10), (0.88, 0.82, 0.68), (0.50, 0.90), ("dial", "grip"), "ZITA", 0.4, (0.45, 12.0)),
    Product("lamp", ((0.0, 0.0), (0.040, 0.0), (0.042, 0.004), (0.036, 0.011), (0.008, 0.015), (0.006, 0.074), (0.054, 0.078),
                     (0.034, 0.146), (0.0, 0.146)),
            (0.76, 0.58, 0.24), (0.93, 0.90, 0.82), (0.24, 0.30, 0.36), (0.60, 0.90), ("knob",), "GLOW", 0.55),
)  # fmt: skip


@dataclass(frozen=True)
class Take:
    """One picture: `kind` is `base`, `drift` or `kept`; `what` and `amount` say what differs from the base."""

    what: str
    amount: float = 0.0
    kind: str = "drift"
    part_scale: float = 1.0
    without: bool = False
    stretch: tuple[float, float] = (1.0, 1.0)
    label_lift: float = 0.0
    label_turn: float = 0.0
    words: str = ""
    shade: float = 0.0
    light: tuple[float, float, float] = (-1.2, -0.9, 1.1)
    light_color: Color = (1.0, 0.96, 0.90)
    energy: float = 22.0
    fill: float = 0.35
    azimuth: float = 0.0
    elevation: float = 13.0
    distance: float = 1.0
    lens: float = 85.0
    pan: tuple[float, float] = (0.0, 0.0)
    roll: float = 0.0
    ground: Color = (0.80, 0.77, 0.72)
    props: bool = False
    tags: tuple[str, ...] = field(default=())


BASE = Take("base", kind="base")


def kept(what: str, amount: float = 0.0, **changes: object) -> Take:
    return replace(BASE, what=what, amount=amount, kind="kept", **changes)  # type: ignore[arg-type]


def drift(what: str, amount: float = 0.0, **changes: object) -> Take:
    return replace(BASE, what=what, amount=amount, kind="drift", **changes)  # type: ignore[arg-type]


TAKES = (
    BASE,
    drift("part-smaller", 5, part_scale=0.95), drift("part-smaller", 10, part_scale=0.90), drift("part-missing", 100, without=True),
    drift("taller", 5, stretch=(1.0, 1.05)), drift("wider", 6, stretch=(1.06, 1.0)), drift("label-moved", 6, label_lift=0.06),
    drift("label-turned", 10, label_turn=10.0), drift("label-words", 1, words="x"),
    drift("colour", 4, shade=4.0), drift("colour", 7, shade=7.0), drift("colour", 10, shade=10.0),
    kept("light-side", light=(1.3, -0.8, 1.0)), kept("light-warm", light_color=(1.0, 0.86, 0.68)),
    kept("light-dim", light=(-0.4, -0.6, 1.5), energy=14.0),
    kept("camera-turned", 4, azimuth=4.0), kept("camera-higher", 3, elevation=16.0),
    kept("camera-nearer", 12, distance=0.88, pan=(0.006, 0.005)), kept("lens", 60, lens=60.0, distance=60 / 85),
    kept("background", ground=(0.42, 0.50, 0.55), props=True),
    kept("light-and-room", light=(1.2, -1.0, 1.2), ground=(0.30, 0.33, 0.30), props=True, light_color=(1.0, 0.90, 0.78)),
    kept("light-and-camera", light=(1.1, -0.9, 1.3), azimuth=-3.0, distance=0.94, roll=1.0),
)  # fmt: skip
