"""Draw cleaned SVGs in a process that may be killed."""

from __future__ import annotations

from brandkit.errors import PictureError
from brandkit.image.svg_worker import HEAD
from brandkit.process import Helper, Killed, Refused

HELPER = Helper("brandkit.image.svg_worker")
SIMPLER = "simplify the drawing: fewer points, filters and transparent layers; or save it as a PNG"


def draw_svg(svg: bytes, name: str, width: int, height: int) -> bytes:
    """Draw a cleaned SVG stretched to `width` × `height` pixels on nothing.

    Args:
        svg: From `clean_svg`.
        name: How messages call the file.
        width: Pixels, >= 1.
        height: As `width`.

    Returns:
        A PNG.

    Raises:
        PictureError: The renderer refuses it, fails on it, or takes more time or memory than a helper may.
    """
    try:
        return HELPER.ask(HEAD.pack(width, height) + svg)
    except Refused as error:
        raise PictureError(f"{name}: cannot be drawn: {error}", hint="export the SVG again as plain SVG") from None
    except Killed as error:
        raise PictureError(f"{name}: cannot be drawn: {error}", hint=SIMPLER) from None
