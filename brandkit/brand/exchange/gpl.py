"""GIMP palettes (.gpl): a name, and red, green, blue and a name on each line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from brandkit.brand.exchange.format import Format, Written
from brandkit.brand.exchange.from_tokens import clean
from brandkit.brand.exchange.json_source import decode, read_bytes
from brandkit.brand.exchange.settle import merged
from brandkit.brand.exchange.sketch import Reading, Remark, Sketch
from brandkit.brand.exchange.swatches import MAX_BYTES, MAX_SWATCHES, Swatches
from brandkit.brand.exchange.values import srgb_hex

HEAD = "GIMP Palette"
LINE = re.compile(r"\s*(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})(?:\s+(.*?))?\s*")
REMEDY = "write red, green and blue in 0..255, then the name: '31 77 58 pine'"


def read(files: Sequence[Path], _contexts: Mapping[str, str]) -> Reading:
    """Read palettes; a line that is no colour is left out with a remark."""
    sketches: list[Sketch] = []
    remarks: list[Remark] = []
    for file in files:
        name, swatches = _read(file)
        sketches.append(Sketch(name=clean(name)[:120], colors=tuple(swatches.colors.values())))
        remarks += swatches.remarks
    return Reading(merged(sketches), tuple(remarks))


def _read(file: Path) -> tuple[str, Swatches]:
    swatches = Swatches(file)
    lines = re.split(r"\r\n|\n|\r", decode(read_bytes(file, MAX_BYTES), file))
    if lines[0].strip() != HEAD:
        raise swatches.stop(f"must begin with {HEAD!r}", "save it from GIMP or Inkscape", 1, 1, lines[0])
    name = ""
    for number, line in enumerate(lines[1:], 2):
        if not line.strip() or line.lstrip().startswith("#") or line.startswith("Columns:"):
            continue
        if line.startswith("Name:"):
            name = line[5:].strip()
            continue
        match = LINE.fullmatch(line[:500])
        channels = [int(match[index]) for index in (1, 2, 3)] if match else []
        if match is None or max(channels) > 255 or len(swatches.colors) >= MAX_SWATCHES:
            swatches.remark("broken", "is no colour", REMEDY, number, 1, line)
        else:
            swatches.add(match[4] or "", "#{:02X}{:02X}{:02X}".format(*channels), f"line {number}")
    if not swatches.colors:
        raise swatches.stop("holds no colours", REMEDY, len(lines), 1)
    return name, swatches


def write(sketch: Sketch) -> Written:
    """All colours as 8-bit sRGB."""
    rows = [HEAD, f"Name: {sketch.name}", "Columns: 0", "#"]
    for color in sketch.colors:
        digits = srgb_hex(color.value)
        red, green, blue = (int(digits[index : index + 2], 16) for index in (1, 3, 5))
        rows.append(f"{red:3d} {green:3d} {blue:3d}\t{color.name}")
    return Written(("\n".join(rows) + "\n").encode())


FORMAT = Format(
    id="gpl",
    title="GIMP palette",
    file="palette.gpl",
    says=("name",),
    recognises=lambda file, data: data.lstrip(b"\xef\xbb\xbf").startswith(HEAD.encode()) or file.suffix.lower() == ".gpl",
    read=read,
    write=write,
)
