"""What swatch files share: colour models without a profile, and names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from brandkit.brand.exchange.names import kit_name
from brandkit.brand.exchange.settle import merged
from brandkit.brand.exchange.sketch import Color, Kind, Reading, Remark, Sketch
from brandkit.brand.source import excerpt
from brandkit.color.parse import parse_color
from brandkit.errors import BrandFileError, Fault

MAX_BYTES = 2_000_000  # bytes; thousands of swatches
MAX_SWATCHES = 5_000
NO_NAME = re.compile(r"(untitled|unnamed)\b|[RGBCMYKHSL]=[\d.]+", re.IGNORECASE)  # what programs write where nobody gave a name


def hex_of(red: float, green: float, blue: float) -> str:
    """`#RRGGBB` of three shares in [0, 1], clipped."""
    return "#" + "".join(f"{round(min(1.0, max(0.0, part)) * 255):02X}" for part in (red, green, blue))


def cmyk_hex(cyan: float, magenta: float, yellow: float, black: float) -> str:
    """`#RRGGBB` of four inks in [0, 1] by plain subtraction: no profile is known, so it is a guess."""
    return hex_of(*((1 - ink) * (1 - black) for ink in (cyan, magenta, yellow)))


def css_lab(lightness: float, a: float, b: float) -> str:
    """CIELAB (D50) as CSS."""
    return f"lab({lightness:.4f} {a:.4f} {b:.4f})"


class Swatches:
    """Colours with names of their own, gathered from one file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.colors: dict[str, Color] = {}
        self.remarks: list[Remark] = []

    def add(self, name: str, value: str, evidence: str) -> None:
        label = name if name and not NO_NAME.match(name) else f"color-{parse_color(value).hex[1:].lower()}"
        key = kit_name(label, self.colors)
        self.colors[key] = Color(key, value, evidence=evidence)

    def remark(self, kind: Kind, message: str, hint: str, line: int = 0, column: int = 0, source: str = "") -> None:
        self.remarks.append(Remark(Fault(str(self.file), line, column, "", message, excerpt(source, column), hint), kind))

    def stop(self, message: str, hint: str, line: int = 0, column: int = 0, source: str = "") -> BrandFileError:
        broken = [remark.fault for remark in self.remarks if remark.kind == "broken"]
        return BrandFileError([*broken, Fault(str(self.file), line, column, "", message, excerpt(source, column), hint)])


def joined(found: Sequence[Swatches]) -> Reading:
    """What several swatch files say together."""
    remarks = tuple(remark for swatches in found for remark in swatches.remarks)
    return Reading(merged(Sketch(colors=tuple(swatches.colors.values())) for swatches in found), remarks)
