"""Photoshop colour swatches (.aco), versions 1 and 2; written in both, as the programs themselves do."""

from __future__ import annotations

import colorsys
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

from brandkit.brand.exchange.format import Format, Written
from brandkit.brand.exchange.json_source import read_bytes
from brandkit.brand.exchange.sketch import Reading, Sketch
from brandkit.brand.exchange.swatches import MAX_BYTES, Swatches, cmyk_hex, css_lab, hex_of, joined
from brandkit.brand.exchange.values import srgb_hex

RGB, HSB, CMYK, LAB, GRAY, WIDE_CMYK = 0, 1, 2, 7, 8, 9
FULL = 65535.0
REMEDY = "export the swatches again"


def read(files: Sequence[Path], _contexts: Mapping[str, str]) -> Reading:
    """Read swatch files; those in CMYK are guessed, as they carry no profile."""
    return joined([_read(file) for file in files])


def _read(file: Path) -> Swatches:
    data = read_bytes(file, MAX_BYTES)
    swatches = Swatches(file)
    if len(data) < 4 or data[:2] not in {b"\0\1", b"\0\2"}:
        raise swatches.stop("is no Photoshop swatch file: it does not begin with version 1 or 2", REMEDY)
    at = 0
    if data[:2] == b"\0\1":
        second = 4 + 10 * int.from_bytes(data[2:4], "big")
        at = second if data[second : second + 2] == b"\0\2" else 0
    version, count = struct.unpack_from(">HH", data, at)
    at += 4
    for index in range(count):
        if at + 10 > len(data):
            raise swatches.stop(f"ends at byte {len(data)}, after {index} of its {count} colours", REMEDY)
        space, *parts = struct.unpack_from(">5H", data, at)
        at += 10
        name = ""
        if version == 2:
            length = int.from_bytes(data[at : at + 4], "big")
            name = data[at + 4 : at + 4 + 2 * min(length, 1000)].decode("utf-16-be", "replace").rstrip("\0")
            at += 4 + 2 * length
        _color(swatches, space, parts, name, at)
    if not swatches.colors:
        raise swatches.stop("holds no colours", REMEDY)
    return swatches


def _color(swatches: Swatches, space: int, parts: Sequence[int], name: str, at: int) -> None:
    w, x, y = parts[:3]
    signed = [part - 65536 if part > 32767 else part for part in parts]
    inks = [1 - part / FULL for part in parts] if space == CMYK else [part / 10000 for part in parts]
    values = {
        RGB: lambda: hex_of(w / FULL, x / FULL, y / FULL),
        HSB: lambda: hex_of(*colorsys.hsv_to_rgb(w / FULL, x / FULL, y / FULL)),
        CMYK: lambda: cmyk_hex(*inks), WIDE_CMYK: lambda: cmyk_hex(*inks),
        LAB: lambda: css_lab(w / 100, signed[1] / 100, signed[2] / 100),
        GRAY: lambda: hex_of(*[1 - w / 10000] * 3),
    }  # fmt: skip
    if space not in values:
        swatches.remark("left-out", f"the colour {name[:60]!r} before byte {at} is in the colour space {space}", "save it as RGB")
        return
    if space in {CMYK, WIDE_CMYK}:
        hint = "write the brand's own screen value"
        swatches.remark("guessed", f"{name[:60]!r} before byte {at} is CMYK without a profile; its screen colour is approximate", hint)
    swatches.add(name, values[space](), f"swatch {name!r}")


def write(sketch: Sketch) -> Written:
    """All colours as RGB swatches, first without names (version 1), then with them (version 2)."""
    first, second = [], []
    for color in sketch.colors:
        digits = srgb_hex(color.value)
        entry = struct.pack(">5H", RGB, *(int(digits[index : index + 2], 16) * 257 for index in (1, 3, 5)), 0)
        name = color.name.encode("utf-16-be") + b"\0\0"
        first.append(entry)
        second.append(entry + struct.pack(">I", len(name) // 2) + name)
    count = len(first)
    return Written(struct.pack(">HH", 1, count) + b"".join(first) + struct.pack(">HH", 2, count) + b"".join(second))


FORMAT = Format(
    id="aco",
    title="Photoshop swatches",
    file="palette.aco",
    says=(),
    recognises=lambda file, data: file.suffix.lower() == ".aco" and data[:2] in {b"\0\1", b"\0\2"},
    read=read,
    write=write,
)
