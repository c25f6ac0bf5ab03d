"""ICC profiles: pixels in whatever space a file says they are in, converted to sRGB."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageCms import ImageCmsProfile

PROBE_STEPS = 6  # levels per channel of the test card that tells whether a profile is sRGB under another name
SAME_LEVELS = 1  # 8-bit levels; rounding of a conversion that changes nothing
GAMUT_SAMPLE = 256  # pixels a side; enough for a share of the area to 1 %
GAMUT_LEVELS = 4  # 8-bit levels by which a round trip must miss before a pixel counts as outside sRGB
MAX_PROFILE = 8 * 2**20  # bytes; the largest press profiles have about 3 MB


class Converted(NamedTuple):
    """A picture in sRGB; `applied` is false when the profile could not be used, and `note` says why."""

    image: Image
    applied: bool
    gamut_share: float
    note: str


def convert_to_srgb(image: Image, icc: bytes) -> Converted:
    """Convert an opaque picture to sRGB by its profile, relative colorimetric with black point compensation.

    Args:
        image: Mode `RGB`, `L`, `CMYK` or `LAB`.
        icc: The embedded profile.

    Returns:
        The picture in mode `RGB`, and the share of pixels in [0, 1] that lay outside sRGB and were clipped.
    """
    from PIL import ImageCms

    if len(icc) > MAX_PROFILE:
        return Converted(image.convert("RGB"), False, 0.0, "the colour profile is too large and was ignored; colours are read as sRGB")
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        space = profile.profile.xcolor_space.strip()
        source = _matching(image, space)
        if source is None:
            return Converted(image.convert("RGB"), False, 0.0, f"the colour profile is for {space}, the pixels are {image.mode}: ignored")
        if source.mode == "RGB" and _is_srgb(icc):
            return Converted(source, True, 0.0, "")
        share = _outside(source, profile) if source.mode == "RGB" else 0.0
        return Converted(_transform(source, profile, _srgb(), "RGB"), True, share, "")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError) as error:
        return Converted(
            image.convert("RGB"), False, 0.0, f"the colour profile is damaged ({error}) and was ignored; colours are read as sRGB"
        )


def _matching(image: Image, space: str) -> Image | None:
    """The picture in the mode that the profile is for; None where the two have nothing to do with each other."""
    mode = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}.get(space)
    if mode == image.mode:
        return image
    if mode == "RGB" and image.mode == "L":
        return image.convert("RGB")
    if mode == "L" and image.mode == "RGB":  # decoders widen 16-bit grey with alpha to RGB
        red, green, blue = image.split()
        return red if red.tobytes() == green.tobytes() == blue.tobytes() else None
    return None


def _srgb() -> ImageCmsProfile:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _transform(image: Image, source: ImageCmsProfile, target: ImageCmsProfile, mode: str) -> Image:
    from PIL import ImageCms

    result = ImageCms.profileToProfile(
        image,
        source,
        target,
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode=mode,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    if result is None:
        raise ValueError("no conversion to sRGB")
    return result


@lru_cache(maxsize=32)
def _is_srgb(icc: bytes) -> bool:
    """Whether the profile leaves a test card as it is: names lie, numbers do not."""
    from PIL import Image, ImageCms

    profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    steps = np.linspace(0, 255, PROBE_STEPS).round().astype(np.uint8)
    card = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
    converted = np.asarray(_transform(Image.fromarray(card), profile, _srgb(), "RGB"))
    return int(np.abs(converted.astype(int) - card).max()) <= SAME_LEVELS


def _outside(image: Image, profile: ImageCmsProfile) -> float:
    """Share of a sample of pixels that do not come back from sRGB."""
    from PIL import Image

    size = (min(image.width, GAMUT_SAMPLE), min(image.height, GAMUT_SAMPLE))
    sample = image.resize(size, Image.Resampling.NEAREST)
    back = _transform(_transform(sample, profile, _srgb(), "RGB"), _srgb(), profile, "RGB")
    missed = np.abs(np.asarray(back).astype(int) - np.asarray(sample)).max(axis=-1) > GAMUT_LEVELS
    return float(missed.mean())


def lab_to_srgb_image(image: Image) -> Image:
    """Convert a picture of mode `LAB` (D50, as TIFF stores it) without a profile of its own to mode `RGB` in sRGB."""
    from PIL import ImageCms

    return _transform(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), _srgb(), "RGB")
