"""Write a finished page as PNG, JPEG or WebP: tagged as sRGB, deterministic, and no heavier than the placement allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

QUALITY_STEP = 4  # by which quality is lowered until a file is light enough
QUALITY_LEAST = 40  # below this JPEG and WebP show blocks beside type
EMBED_QUALITY = 90  # JPEG inside SVG and PDF
EMBED_FROM = 250_000  # bytes of PNG from which a picture is embedded as JPEG


@dataclass(frozen=True)
class Encoded:
    """A file with what it took to make it."""

    data: bytes = field(repr=False)
    quality: int | None = None
    notes: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _profile() -> bytes:
    """A small sRGB profile without a date: bytes 24-35 of an ICC header are when it was made."""
    from PIL import ImageCms

    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made[24:36] = bytes(12)
    return bytes(made)


def encode(image: Image, *, type: str, quality: int, max_kb: int | None) -> Encoded:
    """Write `image` (RGB, or RGBA for PNG and WebP; sRGB) as `type`.

    Args:
        image: The finished page.
        type: `png`, `jpeg` or `webp`.
        quality: 1 to 100 to start from, for JPEG and WebP.
        max_kb: Most kilobytes (1000 bytes), or None.

    Returns:
        The file; a note says where the weight could not be kept.
    """
    if not 1 <= quality <= 100:
        raise ValueError(f"quality is 1 to 100, got {quality!r}")
    if type == "png":
        return _weighed(_png(image), None, max_kb)
    least = min(quality, QUALITY_LEAST)
    for step in range(quality, least - 1, -QUALITY_STEP):
        data = _lossy(image, type, step)
        if max_kb is None or len(data) <= max_kb * 1000:
            return Encoded(data, step)
    return _weighed(_lossy(image, type, least), least, max_kb)


def _weighed(data: bytes, quality: int | None, max_kb: int | None) -> Encoded:
    if max_kb is None or len(data) <= max_kb * 1000:
        return Encoded(data, quality)
    advice = "ask for jpeg" if quality is None else "use a calmer picture"
    return Encoded(data, quality, (f"{len(data) / 1000:.0f} kB where the placement takes {max_kb} kB: {advice}",))


def _png(image: Image) -> bytes:
    from PIL import PngImagePlugin

    info = PngImagePlugin.PngInfo()
    info.add(b"sRGB", b"\x00")
    return _saved(image, "PNG", optimize=True, pnginfo=info)


def _lossy(image: Image, type: str, quality: int) -> bytes:
    if type == "jpeg":
        return _jpeg(image, quality=quality, progressive=True, icc_profile=_profile())
    return _saved(image, "WEBP", quality=quality, method=4, icc_profile=_profile())


def _jpeg(image: Image, **options: Any) -> bytes:
    """A JPEG with full colour resolution, in one pass for optimal codes where that works.

    Pillow gives such a JPEG one byte of room for each pixel, which noise can pass. Its global `MAXBLOCK` would make more room, and
    would change the bytes of every PNG written afterwards; so noise is written in blocks instead.
    """
    try:
        return _saved(image, "JPEG", subsampling=0, optimize=True, **options)
    except OSError:
        return _saved(image, "JPEG", subsampling=0, **{**options, "progressive": False})


def _saved(image: Image, kind: str, **options: Any) -> bytes:
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def embed(image: Image, *, flat: bool) -> tuple[str, bytes]:
    """File name and bytes of a page for SVG and PDF: PNG when flat or small, else JPEG."""
    if flat or image.width * image.height < EMBED_FROM // 3:
        return "picture.png", _saved(image, "PNG", optimize=True)
    png = _saved(image, "PNG", compress_level=1)
    if len(png) <= EMBED_FROM:
        return "picture.png", png
    return "picture.jpg", _jpeg(image, quality=EMBED_QUALITY)
