"""The process that draws SVGs: a size and a cleaned drawing in, PNG out. `svg_process` asks it."""

from __future__ import annotations

import struct
import sys
from functools import lru_cache
from typing import Any

from brandkit.process import serve

HEAD = struct.Struct(">II")  # width and height in pixels, before the SVG
SOURCE = b"""#let data = sys.inputs
#set page(width: int(data.width) * 1pt, height: int(data.height) * 1pt, margin: 0pt, fill: none)
#image(bytes(data.svg), format: "svg", width: 100%, height: 100%, fit: "stretch")
"""  # constant: the SVG is data, never source


@lru_cache(maxsize=1)
def _no_fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[])


def answer(question: bytes) -> bytes:
    """A PNG of the drawing, stretched to the size."""
    import typst

    width, height = HEAD.unpack_from(question)
    inputs = {"svg": question[HEAD.size :].decode(), "width": str(width), "height": str(height)}
    return bytes(typst.compile(SOURCE, format="png", ppi=72, font_paths=_no_fonts(), sys_inputs=inputs))


if __name__ == "__main__":
    _no_fonts()
    sys.exit(serve(answer))
