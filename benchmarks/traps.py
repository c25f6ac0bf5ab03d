"""Kits that are traps, made on the spot: each function writes one into a folder and returns what a user would be given."""

from __future__ import annotations

import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
BRAND = 'brandkit: 1\nname: Any\npalette: {colors: {night: {value: "#1C304A", role: ink}, day: {value: "#FFFFFF", role: surface}}}\n'


def _kit(folder: Path, text: str = "", **files: bytes | str) -> Path:
    (folder / "brand.yaml").write_text(BRAND + text, encoding="utf-8")
    for name, content in files.items():
        file = folder / name.replace("__", "/").replace("_dot_", ".")
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def _yaml(text: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / "brand.yaml").write_text(text, encoding="utf-8")
        return folder

    return make


def _mark(body: str) -> Callable[[Path], Path]:
    return lambda folder: _kit(folder, "logo: {marks: {main: {file: mark.svg}}}\n", mark_dot_svg=f"{HEAD}{body}</svg>")


def _png(width: int, height: int) -> bytes:
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    parts = [struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _use_bomb(levels: int) -> str:
    groups = "".join(f'<g id="a{level}">' + f'<use href="#a{level - 1}"/>' * 10 + "</g>" for level in range(1, levels))
    return f'<defs><path id="a0" d="M0 0h9v9z"/>{groups}</defs><use href="#a{levels - 1}"/>'


def _link(folder: Path) -> Path:
    kit = _kit(folder, "logo: {marks: {main: {file: mark.svg}}}\n")
    os.symlink("/etc/passwd", kit / "mark.svg")
    return kit


def _device(folder: Path) -> Path:
    kit = _kit(folder, "logo: {marks: {main: {file: mark.svg}}}\n")
    os.mkfifo(kit / "mark.svg")
    return kit


def _font(data: bytes) -> Callable[[Path], Path]:
    return lambda folder: _kit(folder, "typography: {families: {text: {files: [a.ttf]}}}\n", a_dot_ttf=data)


def _table_font(map_: bytes) -> bytes:
    """A font that is nothing but a directory, a head, a maxp and a character map."""
    tables = {b"cmap": map_, b"head": bytes(18) + struct.pack(">H", 1000) + bytes(34), b"maxp": struct.pack(">LH", 0x5000, 3)}
    start, directory, body = 12 + 16 * len(tables), b"", b""
    for tag, data in tables.items():
        directory += tag + struct.pack(">3L", 0, start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    return b"OTTO" + struct.pack(">4H", len(tables), 0, 0, 0) + directory + body


def _zip(*entries: tuple[str, bytes]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / "kit.zip", "w", zipfile.ZIP_DEFLATED) as file:
            for name, data in (("brand.yaml", BRAND.encode()), *entries):
                file.writestr(name, data)
        return folder / "kit.zip"

    return make


def _many(folder: Path) -> Path:
    return _zip(*((f"{index}.txt", b"") for index in range(20_000)))(folder)


LAUGHS = "".join(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 9))
SEGMENTS = struct.pack(">4HL", 0, 1, 3, 1, 12) + struct.pack(">7H", 4, 32_014, 0, 8000, 0, 0, 0) + b"\xff\xff" * 4000 + bytes(24_002)
PARTS = struct.pack(">2H", 0, 60_000) + b"".join(struct.pack(">2HL", 3, 10, 480_004 + index) for index in range(60_000)) + bytes(9_000_000)
FILTERS = '<filter id="f"><feGaussianBlur stdDeviation="9"/></filter>' + '<path filter="url(#f)" d="M0 0h40v20z"/>' * 85

TRAPS: dict[str, Callable[[Path], Path]] = {
    "yaml: a billion laughs": _yaml(f"brandkit: 1\na0: &a0 lol\n{LAUGHS}"),
    "yaml: nested 100,000 deep": _yaml("a: " + "[" * 100_000),
    "yaml: 300,000 keys": _yaml("".join(f"k{index}: 1\n" for index in range(90_000)) + "x: [" + "1," * 100_000 + "]"),
    "yaml: one key twice": _yaml(BRAND + "name: Other\n"),
    "yaml: a tag that makes an object": _yaml(BRAND + "idea: !!python/object/apply:os.system [ls]\n"),
    "yaml: a number of 900,000 digits": _yaml("brandkit: 1\nname: " + "9" * 900_000),
    "path: absolute": lambda folder: _kit(folder, "logo: {marks: {main: {file: /etc/passwd}}}\n"),
    "path: climbs": lambda folder: _kit(folder, "logo: {marks: {main: {file: ../../etc/passwd}}}\n"),
    "path: a link out of the kit": _link,
    "path: a pipe": _device,
    "path: extends a folder that is no kit": lambda folder: _kit(folder, "extends: /etc\n"),
    "svg: a use bomb": _mark(_use_bomb(9)),
    "svg: a use bomb just within the limits": _mark(_use_bomb(5)),
    "svg: filters just within the limits": _mark(FILTERS),
    "svg: layers just within the limits": _mark('<g opacity=".99">' * 10 + '<path d="M0 0h40v20z"/>' + "</g>" * 10),
    "svg: 19,000 dashed circles": _mark('<circle cx="9" cy="9" r="9" stroke="red"/>' * 19_000),
    "svg: a path of 1.9 MB": _mark(f'<path d="M0 0{"l1 1-1 2" * 230_000}"/>'),
    "svg: dashes without end": _mark('<path stroke="red" stroke-dasharray="0.000001" d="M0 0h40v20z"/>'),
    "svg: patterns in patterns": _mark(
        "".join(
            f'<pattern id="p{level}" width=".01" height=".01"><rect width="9" height="9" fill="url(#p{level - 1})"/></pattern>'
            for level in range(1, 9)
        )
        + '<pattern id="p0" width=".01" height=".01"><rect width="1" height="1"/></pattern><rect width="40" height="20" fill="url(#p8)"/>'
    ),
    "svg: a chain of 9,000 uses": _mark("".join(f'<g id="a{at}"><use href="#a{at + 1}"/></g>' for at in range(9_000))),
    "svg: a style sheet without rules": _mark("<style>" + "a" * 1_900_000 + '</style><path d="M0 0h40v20z"/>'),
    "svg: 100,000 rules for one class": _mark("<style>" + ".a{fill:red}" * 100_000 + '</style><path class="a" d="M0 0h40v20z"/>'),
    "svg: a url that is never closed": _mark('<path fill="' + "url(" * 400_000 + '"/>'),
    "svg: a script": _mark("<script>fetch('x')</script>"),
    "svg: a file inside": _mark('<image href="file:///etc/passwd"/>'),
    "png: 60,000 × 60,000 px": lambda folder: _kit(folder, "logo: {marks: {main: {file: mark.png}}}\n", mark_dot_png=_png(60_000, 60_000)),
    "png: a picture that unfolds": lambda folder: _kit(folder, "imagery: {references: [{file: a.png}]}\n", a_dot_png=_png(30_000, 30_000)),
    "font: segments that overlap": _font(_table_font(SEGMENTS)),
    "font: 60,000 parts that overlap": _font(_table_font(PARTS)),
    "font: a map of everything": _font(
        _table_font(struct.pack(">4HL", 0, 1, 3, 10, 12) + struct.pack(">2H3L3L", 12, 0, 28, 0, 1, 0, 0xFFFFFFFF, 1))
    ),
    "zip: a bomb": _zip(("bomb.bin", bytes(200_000_000))),
    "zip: climbs": _zip(("../../evil.txt", b"x")),
    "zip: a zip inside": _zip(("kit2.zip", b"PK\x03\x04")),
    "zip: 20,000 entries": _many,
    "json: a saved calibration nested 100,000 deep": lambda folder: _kit(folder, calibration_dot_json="[" * 100_000),
    "json: a huge calibration": lambda folder: _kit(folder, calibration_dot_json=json.dumps({"x": "y" * 60_000_000})),
}
