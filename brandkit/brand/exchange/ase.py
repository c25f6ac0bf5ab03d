"""Adobe Swatch Exchange (.ase): names and colours in RGB, CMYK, LAB or grey; written as RGB."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

from brandkit.brand.exchange.format import Format, Written
from brandkit.brand.exchange.json_source import read_bytes
from brandkit.brand.exchange.sketch import Reading, Sketch
from brandkit.brand.exchange.swatches import MAX_BYTES, MAX_SWATCHES, Swatches, cmyk_hex, css_lab, hex_of, joined
from brandkit.brand.exchange.values import srgb_hex

HEAD = b"ASEF"
COLOR, GROUP, END = 0x0001, 0xC001, 0xC002
SIZES = {b"RGB ": 3, b"CMYK": 4, b"LAB ": 3, b"Gray": 1}
NORMAL = 2  # neither global nor spot
REMEDY = "export the swatches again"


def read(files: Sequence[Path], _contexts: Mapping[str, str]) -> Reading:
    """Read swatch files; those in CMYK are guessed, as they carry no profile."""
    return joined([_read(file) for file in files])


def _read(file: Path) -> Swatches:
    data = read_bytes(file, MAX_BYTES)
    swatches = Swatches(file)
    if len(data) < 12 or data[:4] != HEAD:
        raise swatches.stop("is no Adobe Swatch Exchange file: it does not begin with 'ASEF'", REMEDY)
    count = int.from_bytes(data[8:12], "big")
    at, group = 12, ""
    for _ in range(min(count, MAX_SWATCHES * 2)):
        if at + 6 > len(data):
            raise swatches.stop(f"ends at byte {len(data)}, before its {count} blocks are complete", REMEDY)
        kind, size = struct.unpack_from(">HI", data, at)
        block = data[at + 6 : at + 6 + size]
        if len(block) < size:
            raise swatches.stop(f"the block at byte {at} is cut off", REMEDY)
        if kind == GROUP:
            group = _name(block)[0]
        elif kind == END:
            group = ""
        elif kind == COLOR:
            _color(swatches, block, at, group)
        at += 6 + size
    if not swatches.colors:
        raise swatches.stop("holds no colours", REMEDY)
    return swatches


def _name(block: bytes) -> tuple[str, int]:
    """The name at the begin of a block, and where it ends."""
    length = int.from_bytes(block[:2], "big")
    end = 2 + 2 * length
    return block[2:end].decode("utf-16-be", "replace").rstrip("\0"), end


def _color(swatches: Swatches, block: bytes, at: int, group: str) -> None:
    name, end = _name(block)
    model = block[end : end + 4]
    size = SIZES.get(model)
    if size is None or len(block) < end + 4 + 4 * size:
        swatches.remark("broken", f"the colour at byte {at} has the unknown model {model!r}", REMEDY)
        return
    parts = struct.unpack_from(f">{size}f", block, end + 4)
    if not all(math.isfinite(part) for part in parts):
        swatches.remark("broken", f"the colour {name[:60]!r} at byte {at} holds no numbers", REMEDY)
        return
    if model == b"CMYK":
        hint = "write the brand's own screen value"
        swatches.remark("guessed", f"{name[:60]!r} at byte {at} is CMYK without a profile; its screen colour is approximate", hint)
    value = {
        b"RGB ": lambda: hex_of(*parts), b"CMYK": lambda: cmyk_hex(*parts), b"LAB ": lambda: css_lab(parts[0] * 100, *parts[1:]),
        b"Gray": lambda: hex_of(parts[0], parts[0], parts[0]),
    }[model]()  # fmt: skip
    swatches.add(name, value, f"swatch {name!r}" + (f" of {group!r}" if group else "") + f", {model.decode().strip()}")


def write(sketch: Sketch) -> Written:
    """All colours as RGB swatches."""
    blocks = []
    for color in sketch.colors:
        digits = srgb_hex(color.value)
        parts = [int(digits[index : index + 2], 16) / 255 for index in (1, 3, 5)]
        name = color.name.encode("utf-16-be") + b"\0\0"
        block = struct.pack(">H", len(name) // 2) + name + b"RGB " + struct.pack(">3fH", *parts, NORMAL)
        blocks.append(struct.pack(">HI", COLOR, len(block)) + block)
    return Written(HEAD + struct.pack(">HHI", 1, 0, len(blocks)) + b"".join(blocks))


FORMAT = Format(
    id="ase",
    title="Adobe Swatch Exchange",
    file="palette.ase",
    says=(),
    recognises=lambda _file, data: data[:4] == HEAD,
    read=read,
    write=write,
)
