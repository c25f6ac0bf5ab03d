"""Colours as people write them: every CSS Color 4 notation, read into sRGB."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from typing import NamedTuple

from brandkit.color import matrices as mx
from brandkit.color.matrices import Vector

GAMUT_EPSILON = 0.002  # of the 0..1 range; half an 8-bit level, so that published conversions rounded to 4 digits count as inside
JND_OK = 0.02  # ΔE OK that CSS Color 4 calls just noticeable
MAX_LENGTH = 120  # characters; longer than any notation of one colour
WRITE = "write e.g. '#1F4D3A', 'rgb(31 77 58)', 'oklch(0.39 0.07 163)', 'color(display-p3 0.2 0.3 0.2)' or a CSS name"
ANGLES = {"": 1.0, "deg": 1.0, "grad": 0.9, "rad": 180 / math.pi, "turn": 360.0}  # degrees for each unit

Curve = Callable[[float], float]


class ParsedColor(NamedTuple):
    """A colour in sRGB.

    `hex` is `#RRGGBB`; `rgb` the same as integers 0..255; `alpha` is in [0, 1]; `in_srgb` is false when the colour as
    written lies outside sRGB and `hex` is the nearest one inside at the same lightness and hue.
    """

    hex: str
    rgb: tuple[int, int, int]
    alpha: float
    in_srgb: bool


@functools.lru_cache(maxsize=4096)
def parse_color(text: str) -> ParsedColor:
    """Read a CSS colour.

    Args:
        text: `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`, a CSS name, `transparent`, or one of the functions `rgb`, `rgba`,
            `hsl`, `hsla`, `hwb`, `lab`, `lch`, `oklab`, `oklch` and `color`, in modern or (where CSS has it) comma syntax.

    Returns:
        The colour in sRGB. Colours outside sRGB are mapped in by lowering their OKLCh chroma (CSS Color 4, section 13.2).

    Raises:
        ValueError: `text` is not a colour; the message says what to write.
    """
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is not a colour; {WRITE}")
    plain = text.strip().lower()
    if not plain or len(plain) > MAX_LENGTH:
        raise ValueError(f"{text[:40]!r} is not a colour; {WRITE}")
    if plain.startswith("#"):
        return _hex(plain, text)
    if call := re.fullmatch(r"([a-z][a-z-]*)\(([^()]*)\)", plain):
        return _function(call[1], call[2].strip(), text)
    return _name(plain, text)


def _hex(plain: str, text: str) -> ParsedColor:
    digits = plain[1:]
    if not re.fullmatch(r"[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8}", digits):
        raise ValueError(f"{text!r} is not a hex colour; write 3, 4, 6 or 8 hex digits after '#', e.g. '#1F4D3A'")
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue, *alpha = bytes.fromhex(digits)
    return _srgb8((red, green, blue), alpha[0] / 255 if alpha else 1.0)


def _name(plain: str, text: str) -> ParsedColor:
    from PIL.ImageColor import colormap

    if plain == "transparent":
        return _srgb8((0, 0, 0), 0.0)
    value = colormap.get(plain)
    if value is None:
        raise ValueError(f"{text!r} is not a colour; {WRITE}")
    return _hex(value if isinstance(value, str) else "#{:02x}{:02x}{:02x}".format(*value), text)


def _srgb8(rgb: tuple[int, int, int], alpha: float) -> ParsedColor:
    return ParsedColor("#{:02X}{:02X}{:02X}".format(*rgb), rgb, alpha, True)


def _function(name: str, body: str, text: str) -> ParsedColor:
    legacy = "," in body
    if legacy and name not in {"rgb", "rgba", "hsl", "hsla"}:
        raise ValueError(f"{text!r}: {name}() takes spaces between its numbers, not commas")
    space = ""
    if name == "color":
        space, _, body = body.partition(" ")
    values, alpha = _arguments(body, legacy, text)
    convert = COLOR_SPACES.get(space) if name == "color" else FUNCTIONS.get(name)
    if convert is None:
        known = ", ".join(COLOR_SPACES) if name == "color" else ", ".join(FUNCTIONS) + ", color"
        raise ValueError(f"{text!r}: {space or name!r} is not a colour {'space' if name == 'color' else 'function'}; known: {known}")
    try:
        xyz = convert(*values)
    except (TypeError, KeyError) as error:
        raise ValueError(f"{text!r}: a number has the wrong unit for {name}(); {WRITE}") from error
    opacity = 1.0 if alpha is None else min(1.0, max(0.0, alpha.of(1.0)))
    return _to_srgb(xyz, opacity, text)


class Number(NamedTuple):
    """A CSS number with its unit: empty, `%`, or an angle."""

    value: float
    unit: str

    def of(self, whole: float) -> float:
        """The value, where 100 % stands for `whole`."""
        if self.unit not in {"", "%"}:
            raise KeyError(self.unit)
        return self.value / 100 * whole if self.unit == "%" else self.value

    def degrees(self) -> float:
        """The value as an angle in degrees."""
        return self.value * ANGLES[self.unit]


def _arguments(body: str, legacy: bool, text: str) -> tuple[list[Number], Number | None]:
    if legacy:
        parts = [part.strip() for part in body.split(",")]
        tail = parts[3:]
        parts = parts[:3] if len(parts) <= 4 else parts
    else:
        main, slash, last = body.partition("/")
        parts, tail = main.split(), [last.strip()] if slash else []
    if len(parts) != 3:
        raise ValueError(f"{text!r}: three numbers are needed, got {len(parts)}; {WRITE}")
    return [_number(part, text) for part in parts], _number(tail[0], text) if tail else None


def _number(token: str, text: str) -> Number:
    if token == "none":
        return Number(0.0, "")
    match = re.fullmatch(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?)(%|deg|grad|rad|turn)?", token)
    if not match or not math.isfinite(value := float(match[1])) or abs(value) > 1e6:
        raise ValueError(f"{text!r}: {token!r} is not a number; {WRITE}")
    return Number(value, match[2] or "")


def _decode_srgb(value: float) -> float:
    size = abs(value)
    return value / 12.92 if size <= 0.04045 else math.copysign(((size + 0.055) / 1.055) ** 2.4, value)


def _encode_srgb(value: float) -> float:
    size = abs(value)
    return value * 12.92 if size <= 0.0031308 else math.copysign(1.055 * size ** (1 / 2.4) - 0.055, value)


def _decode_rec2020(value: float) -> float:
    return math.copysign(abs(value) ** 2.4, value)  # display light (ITU-R BT.1886), as CSS Color 4 has it since 2025


def _decode_a98(value: float) -> float:
    return math.copysign(abs(value) ** (563 / 256), value)


def _decode_prophoto(value: float) -> float:
    return value / 16 if abs(value) <= 16 / 512 else math.copysign(abs(value) ** 1.8, value)


def _identity(value: float) -> float:
    return value


def _rgb_space(matrix: mx.Matrix, decode: Curve) -> Callable[[Number, Number, Number], Vector]:
    def convert(r: Number, g: Number, b: Number) -> Vector:
        return mx.apply(matrix, (decode(r.of(1)), decode(g.of(1)), decode(b.of(1))))

    return convert


def _prophoto(r: Number, g: Number, b: Number) -> Vector:
    return mx.apply(mx.D50_TO_D65, _rgb_space(mx.PROPHOTO_TO_XYZ_D50, _decode_prophoto)(r, g, b))


def _xyz_d50(x: Number, y: Number, z: Number) -> Vector:
    return mx.apply(mx.D50_TO_D65, (x.of(1), y.of(1), z.of(1)))


def _srgb_to_xyz(red: float, green: float, blue: float) -> Vector:
    return mx.apply(mx.SRGB_TO_XYZ, (_decode_srgb(red), _decode_srgb(green), _decode_srgb(blue)))


def _rgb(r: Number, g: Number, b: Number) -> Vector:
    red, green, blue = (min(1.0, max(0.0, channel.of(255) / 255)) for channel in (r, g, b))
    return _srgb_to_xyz(red, green, blue)


def _hue_to_rgb(hue: float) -> Vector:
    red, green, blue = (min(1.0, max(0.0, abs((hue / 60 + shift) % 6 - 3) - 1)) for shift in (0, 4, 2))
    return red, green, blue


def _hsl(h: Number, s: Number, lightness: Number) -> Vector:
    saturation, light = min(1.0, max(0.0, s.value / 100)), lightness.value / 100
    chroma = (1 - abs(2 * light - 1)) * saturation
    red, green, blue = (light + chroma * (pure - 0.5) for pure in _hue_to_rgb(h.degrees()))
    return _srgb_to_xyz(red, green, blue)


def _hwb(h: Number, w: Number, b: Number) -> Vector:
    white, black = w.value / 100, b.value / 100
    if white + black >= 1:
        return _srgb_to_xyz(*[white / (white + black)] * 3)
    red, green, blue = (pure * (1 - white - black) + white for pure in _hue_to_rgb(h.degrees()))
    return _srgb_to_xyz(red, green, blue)


def _lab(lightness: Number, a: Number, b: Number) -> Vector:
    return _lab_to_xyz(lightness.of(100), a.of(125), b.of(125))


def _lch(lightness: Number, c: Number, h: Number) -> Vector:
    angle = math.radians(h.degrees())
    chroma = max(0.0, c.of(150))
    return _lab_to_xyz(lightness.of(100), chroma * math.cos(angle), chroma * math.sin(angle))


def _lab_to_xyz(lightness: float, a: float, b: float) -> Vector:
    kappa, epsilon = 24389 / 27, 216 / 24389  # CIE 15
    fy = (min(100.0, max(0.0, lightness)) + 16) / 116
    x, y, z = (f**3 if f**3 > epsilon else (116 * f - 16) / kappa for f in (fy + a / 500, fy, fy - b / 200))
    return mx.apply(mx.D50_TO_D65, (x * mx.D50_WHITE[0], y, z * mx.D50_WHITE[2]))


def _oklab(lightness: Number, a: Number, b: Number) -> Vector:
    return _oklab_to_xyz(lightness.of(1), a.of(0.4), b.of(0.4))


def _oklch(lightness: Number, c: Number, h: Number) -> Vector:
    angle = math.radians(h.degrees())
    chroma = max(0.0, c.of(0.4))
    return _oklab_to_xyz(lightness.of(1), chroma * math.cos(angle), chroma * math.sin(angle))


def _oklab_to_xyz(lightness: float, a: float, b: float) -> Vector:
    x, y, z = mx.apply(mx.OKLAB_TO_LMS, (min(1.0, max(0.0, lightness)), a, b))
    return mx.apply(mx.LMS_TO_XYZ, (x**3, y**3, z**3))


def _to_srgb(xyz: Vector, alpha: float, text: str) -> ParsedColor:
    rgb = _encode(xyz)
    if not all(math.isfinite(channel) for channel in rgb):
        raise ValueError(f"{text!r} is out of every range; {WRITE}")
    inside = all(-GAMUT_EPSILON <= channel <= 1 + GAMUT_EPSILON for channel in rgb)
    red, green, blue = (round(channel * 255) for channel in (_clip(rgb) if inside else _map_into_gamut(xyz)))
    return _srgb8((red, green, blue), alpha)._replace(in_srgb=inside)


def _encode(xyz: Vector) -> Vector:
    red, green, blue = (_encode_srgb(channel) for channel in mx.apply(mx.XYZ_TO_SRGB, xyz))
    return red, green, blue


def _clip(rgb: Vector) -> Vector:
    red, green, blue = (min(1.0, max(0.0, channel)) for channel in rgb)
    return red, green, blue


def _ok(xyz: Vector) -> Vector:
    long, medium, short = (math.cbrt(cone) for cone in mx.apply(mx.XYZ_TO_LMS, xyz))
    return mx.apply(mx.LMS_TO_OKLAB, (long, medium, short))


def _map_into_gamut(xyz: Vector) -> Vector:
    """Lower the chroma until plain clipping is not noticeable (CSS Color 4, section 13.2.2)."""
    lightness, a, b = _ok(xyz)
    if lightness >= 1:
        return 1.0, 1.0, 1.0
    if lightness <= 0:
        return 0.0, 0.0, 0.0
    low, high, clipped = 0.0, 1.0, _clip(_encode(xyz))
    while high - low > 1e-4:
        part = (low + high) / 2
        candidate = _oklab_to_xyz(lightness, a * part, b * part)
        clipped = _clip(_encode(candidate))
        if math.dist(_ok(_srgb_to_xyz(*clipped)), (lightness, a * part, b * part)) < JND_OK:
            low = part
        else:
            high = part
    return clipped


FUNCTIONS: dict[str, Callable[[Number, Number, Number], Vector]] = {
    "rgb": _rgb, "rgba": _rgb, "hsl": _hsl, "hsla": _hsl, "hwb": _hwb,
    "lab": _lab, "lch": _lch, "oklab": _oklab, "oklch": _oklch,
}  # fmt: skip
COLOR_SPACES: dict[str, Callable[[Number, Number, Number], Vector]] = {
    "srgb": _rgb_space(mx.SRGB_TO_XYZ, _decode_srgb),
    "srgb-linear": _rgb_space(mx.SRGB_TO_XYZ, _identity),
    "display-p3": _rgb_space(mx.P3_TO_XYZ, _decode_srgb),
    "rec2020": _rgb_space(mx.REC2020_TO_XYZ, _decode_rec2020),
    "a98-rgb": _rgb_space(mx.A98_TO_XYZ, _decode_a98),
    "prophoto-rgb": _prophoto,
    "xyz": _rgb_space(((1, 0, 0), (0, 1, 0), (0, 0, 1)), _identity),
    "xyz-d65": _rgb_space(((1, 0, 0), (0, 1, 0), (0, 0, 1)), _identity),
    "xyz-d50": _xyz_d50,
}
