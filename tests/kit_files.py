"""Files for kits in tests, made from short descriptions: fonts with given characters, drawings, pictures."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph
from PIL import Image


def font(characters: str, *, weight: int = 400, embedding: int = 0, italic: bool = False) -> bytes:
    """A TTF file with empty glyphs for `characters`."""
    names = [".notdef", *(f"u{ord(letter):04X}" for letter in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(letter): name for letter, name in zip(characters, names[1:], strict=True)})
    builder.setupGlyf({name: Glyph() for name in names})
    builder.setupHorizontalMetrics({name: (500, 0) for name in names})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Any", "styleName": "Regular"})
    builder.setupOS2(usWeightClass=weight, fsType=embedding, fsSelection=1 if italic else 64)
    builder.setupPost()
    stream = BytesIO()
    builder.save(stream)
    return stream.getvalue()


def svg(body: str, box: str = "0 0 40 20") -> str:
    """An SVG drawing."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{body}</svg>'


def picture(size: tuple[int, int], colors: list[str], kind: str = "PNG") -> bytes:
    """A picture of upright bands of equal width; `#RRGGBBAA` makes it transparent there."""
    image = Image.new("RGBA", size)
    for index, color in enumerate(colors):
        left, right = (round(size[0] * step / len(colors)) for step in (index, index + 1))
        image.paste(Image.new("RGBA", (right - left, size[1]), color), (left, 0))
    stream = BytesIO()
    (image if kind == "PNG" else image.convert("RGB")).save(stream, kind)
    return stream.getvalue()


def calibration(body: str) -> str:
    """A `calibration.json` that was made for the kit of `body`, with limits for `palette-drift`."""
    from brandkit.brand.calibration import Calibration, Fit, Rate
    from brandkit.brand.load import load_brand
    from brandkit.check.registry import load_checks

    with TemporaryDirectory() as folder:
        brand = load_brand(write_kit(Path(folder), body))
    fit = Fit(
        version=load_checks()["palette-drift"].version, unit="ΔE00", state="fitted", reason="Any.", default=(2.5, 5), limits=(3, 6), n=40,
        alarms=Rate(rate=0, low=0, high=0.1),
    )  # fmt: skip
    made = {"made": "2026-01-01T00:00:00Z", "brandkit": "0", "brand": "Any", "kit_hash": brand.kit_hash, "alpha": 0.05}
    return Calibration(**made, parts=brand.part_hashes, checks={"palette-drift": fit}, examples=()).to_text()


def content(described: Any) -> bytes:
    """The bytes of a file that a case table describes: text as it is, or `{font: …}`, `{svg: …}`, `{picture: …}`."""
    if isinstance(described, str):
        return described.encode()
    kind = next(iter(described))
    if kind == "calibrated_for":
        return calibration(described[kind]).encode()
    value, rest = described[kind], {key: entry for key, entry in described.items() if key != kind}
    if kind == "font":
        return font(value, **rest)
    if kind == "svg":
        return svg(value, **rest).encode()
    return picture(tuple(value), **rest)


def write_kit(folder: Path, body: str, files: dict[str, Any] | None = None) -> Path:
    """A kit of `body` under two lines of head, and `files` beside it; returns the folder."""
    for name, described in ({"brand.yaml": f"brandkit: 1\nname: Any\n{body}"} | (files or {})).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(described if isinstance(described, bytes) else content(described))
    return folder
