"""The only door for pixels: every picture is read here, within limits, upright, in sRGB, and with its transparency on a known ground.

Accepted are PNG, JPEG, WebP, AVIF, GIF and TIFF: what designers, printers, shops and image models deliver. Of animations and
multi-picture files the first picture is read, with a note. Everything else is refused before a decoder sees it.
"""

from __future__ import annotations

import io
import os
import warnings
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.color.parse import parse_color
from brandkit.errors import InputError, PictureError
from brandkit.files import StrPath, sha256
from brandkit.image.png import Room, decode_plain
from brandkit.image.profile import convert_to_srgb, lab_to_srgb_image

if TYPE_CHECKING:
    from PIL.Image import Image

Pixels = NDArray[np.uint8]

MEDIA_TYPES = {
    "PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "WEBP": "image/webp",
    "AVIF": "image/avif", "GIF": "image/gif", "TIFF": "image/tiff",
}  # fmt: skip
FORMATS = ("PNG", "JPEG", "WEBP", "AVIF", "GIF", "TIFF")  # the allow-list; no other decoder is ever run (JPEG covers MPO)
WHITE = "#FFFFFF"  # the ground of transparent pictures for which none is declared: paper and most pages
ROOM = 2**25 - 2**16  # bytes; just below the largest block that glibc learns from
BAND = 128  # rows handled at a time, so that a 50-megapixel picture needs no second full-size buffer
SAVE_AS = "save it as PNG, JPEG, WebP, AVIF, GIF or TIFF"
# What people try most, to name it in the message: offset, first bytes, kind.
SIGNATURES = (
    (0, b"<svg", "an SVG drawing"),
    (0, b"<?xml", "an XML file, perhaps an SVG drawing"),
    (0, b"%PDF", "a PDF"),
    (0, b"8BPS", "a Photoshop file"),
    (4, b"ftyphei", "a HEIC photograph"),
    (4, b"ftypmif", "a HEIF photograph"),
    (4, b"jP  ", "a JPEG 2000 picture"),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (0, b"BM", "a BMP picture"),
    (0, b"%!PS", "a PostScript file"),
    (0, b"PK", "a ZIP archive"),
)


@dataclass(frozen=True)
class LoadLimits:
    """How large a picture may be before it is refused unread."""

    pixels: int = 50_000_000
    """Width × height; a poster at 300 dpi has about 35 million."""
    bytes: int = 40 * 2**20
    """Size of the file."""


DEFAULT = LoadLimits()


@dataclass(frozen=True)
class Picture:
    """A picture as everything else sees it: upright, 8-bit sRGB, no hidden colours.

    `rgb` has shape (H, W, 3) with transparency composited on `ground`; `alpha` has shape (H, W), 255 opaque, and is None
    where every pixel is opaque. Both are read-only. `notes` say in words what was done on the way in.
    """

    rgb: Pixels = field(repr=False)
    alpha: Pixels | None = field(repr=False)
    width: int
    height: int
    media_type: str
    name: str
    sha256: str
    bytes_count: int
    ground: str = WHITE
    mode: str = "RGB"
    """Pixel mode as stored, in Pillow's names: `RGB`, `RGBA`, `L`, `P`, `CMYK`, `I;16`."""
    had_profile: bool = False
    """True when the file carries a colour profile, whether or not it could be used."""
    profile_applied: bool = False
    gamut_share: float = 0.0
    """Share of pixels in [0, 1] that lay outside sRGB before they were clipped."""
    animated: bool = False
    notes: tuple[str, ...] = ()


def load_picture(
    source: StrPath | bytes,
    *,
    name: str | None = None,
    ground: str | None = None,
    limits: LoadLimits = DEFAULT,
    room: Room = lambda shape: None,
) -> Picture:
    """Read a picture.

    Args:
        source: A file, or its content: of an image in memory what it would be as a file, e.g. Pillow's
            `image.save(buffer, "PNG")` and then `buffer.getvalue()`.
        name: What to call it in messages; by default the file's name.
        ground: CSS colour that transparent pixels stand on; white when not given.
        limits: Largest file and picture accepted.
        room: Asked, by its shape, for an array that the pixels of the commonest kind of file are written into.

    Raises:
        InputError: `source` is neither a path nor bytes.
        PictureError: Not a picture, of a kind that is not accepted, too large, cut short or damaged. The message names the file.
    """
    keep_room()
    path = Path(source) if isinstance(source, str | os.PathLike) else None
    label = name or (path.name if path else "picture")
    data = read_file(path, label, limits) if path else _content(source)
    _weigh(data, label, limits)
    paper = parse_color(ground or WHITE)
    opened = _decode(data, label, limits, room)
    pixels = _pixels(opened, label, paper.rgb)
    if pixels.alpha is not None and ground is None:
        pixels.notes.append("transparent parts are shown on white, because no ground is declared")
    height, width = pixels.rgb.shape[:2]
    pixels.rgb.setflags(write=False)
    return Picture(
        rgb=pixels.rgb,
        alpha=pixels.alpha,
        width=width,
        height=height,
        media_type=MEDIA_TYPES[opened.format],
        name=label,
        sha256=sha256(data),
        bytes_count=len(data),
        ground=paper.hex,
        mode=opened.mode,
        had_profile=bool(opened.icc),
        profile_applied=pixels.profile_applied,
        gamut_share=pixels.gamut_share,
        animated=opened.animated,
        notes=tuple(opened.notes + pixels.notes),
    )


@cache
def keep_room() -> None:
    """Have the C library keep the room of one picture for the next: up to a fifth of a check's time goes into finding it anew.

    glibc gives every large block back to the system until it has seen one of this size freed (mallopt(3), M_MMAP_THRESHOLD); this one
    is never touched, so it costs nothing. Other C libraries take no notice.
    """
    np.empty(ROOM, np.uint8)


def _weigh(data: bytes, label: str, limits: LoadLimits) -> None:
    if not data:
        raise PictureError(f"{label}: the file is empty", hint="export it again")
    if len(data) > limits.bytes:
        raise PictureError(
            f"{label}: {len(data) / 2**20:.0f} MB, more than the {limits.bytes / 2**20:.0f} MB accepted", hint="export it smaller"
        )


def _content(source: object) -> bytes:
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source)
    hint = 'encode it first, e.g. image.save(buffer, "PNG"), and give buffer.getvalue()'
    raise InputError(f"a picture is given as a path or as the bytes of its file, not as {type(source).__name__}", hint=hint)


def read_file(path: Path, label: str, limits: LoadLimits) -> bytes:
    """The content of a picture's file, up to one byte more than is accepted.

    Raises:
        PictureError: It is no regular file, or cannot be read.
    """
    try:
        if path.is_dir():
            raise PictureError(f"{label}: is a folder, not a picture", hint="name the picture inside it")
        if path.exists() and not path.is_file():
            raise PictureError(f"{label}: is not a regular file", hint="give a picture file")
        with path.open("rb") as file:
            return file.read(limits.bytes + 1)
    except FileNotFoundError:
        raise PictureError(f"{path}: there is no such file", hint="check the path") from None
    except OSError as error:
        raise PictureError(f"{path}: cannot be read: {error.strerror or error}", hint="check its permissions") from error


class _Opened(NamedTuple):
    """A decoded file: its pixels where they are plain sRGB, else Pillow's image of them."""

    pixels: Pixels | Image
    format: str
    mode: str
    icc: bytes
    animated: bool
    notes: list[str]


def _decode(data: bytes, label: str, limits: LoadLimits, room: Room) -> _Opened:
    from PIL import Image, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # broken metadata; the pixels are what counts
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as probe:
                _measure(probe, label, limits)
                if probe.format == "PNG" and (pixels := decode_plain(data, room)) is not None:
                    return _Opened(pixels, "PNG", probe.mode, b"", False, [])
                probe.verify()
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            _measure(image, label, limits)
            mode, animated = image.mode, bool(getattr(image, "is_animated", False))
            image.load()
            notes = _first_frame_note(image, animated)
            icc = image.info.get("icc_profile") or b""
            return _Opened(_upright(image, notes), image.format or "", mode, icc, animated, notes)
        except PictureError:
            raise
        except UnidentifiedImageError:
            raise PictureError(f"{label}: {_what(data)}", hint=SAVE_AS) from None
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise _too_large(label, "more pixels than any picture needs", limits) from None
        except Exception as error:  # decoders raise nearly anything on damaged files, down to TypeError and MemoryError
            reason = str(error).strip() or type(error).__name__
            raise PictureError(
                f"{label}: the file is cut short or damaged: {reason[:160]}", hint="export it again, or " + SAVE_AS
            ) from error


def _measure(image: Image, label: str, limits: LoadLimits) -> None:
    width, height = image.size
    if width < 1 or height < 1:
        raise PictureError(f"{label}: has no pixels ({width}×{height})", hint="export it again")
    if width * height > limits.pixels:
        raise _too_large(label, f"{width}×{height} pixels", limits)


def _too_large(label: str, what: str, limits: LoadLimits) -> PictureError:
    return PictureError(
        f"{label}: {what}, where at most {limits.pixels / 1e6:.0f} million are accepted", hint="scale it down before it is checked"
    )


def _what(data: bytes) -> str:
    head = data[:32].lstrip() if data[:1].isspace() else data[:32]
    kind = next((kind for at, magic, kind in SIGNATURES if head[at : at + len(magic)] == magic), "")
    return f"is {kind}, and pixels are checked" if kind else "is not a picture of a known kind"


def _first_frame_note(image: Image, animated: bool) -> list[str]:
    if not animated:
        return []
    kind = "multi-picture file" if image.format in {"MPO", "TIFF"} else "animation"
    return [f"{kind}: only the first picture is read"]


def _upright(image: Image, notes: list[str]) -> Image:
    from PIL import ImageOps

    before = image.size
    try:
        ImageOps.exif_transpose(image, in_place=True)
    except Exception as error:  # EXIF is metadata written by anybody; a broken block must not cost the picture
        notes.append(f"the EXIF data is damaged ({type(error).__name__}); the picture is taken as it is stored")
    if image.size != before:
        notes.append("turned upright as its EXIF orientation says")
    return image


@dataclass
class _Pixels:
    rgb: Pixels
    alpha: Pixels | None
    profile_applied: bool
    gamut_share: float
    notes: list[str]


def _pixels(opened: _Opened, label: str, ground: tuple[int, int, int]) -> _Pixels:
    try:
        if isinstance(opened.pixels, np.ndarray):
            found = _plain(opened.pixels)
        else:
            found = _converted(opened.pixels, opened.icc, label)
    except PictureError:
        raise
    except Exception as error:  # a conversion that the decoder's mode does not allow, or no memory for it
        raise PictureError(
            f"{label}: pixels of kind {opened.mode} cannot be read: {error}", hint=SAVE_AS + " with 8 bits a channel"
        ) from error
    if found.alpha is not None and int(found.alpha.min()) == 255:
        found.alpha = None
    if found.alpha is not None:
        _composite(found.rgb, found.alpha, ground)
        found.alpha.setflags(write=False)
    return found


def _plain(pixels: Pixels) -> _Pixels:
    if pixels.shape[2] == 3:
        return _Pixels(pixels, None, False, 0.0, [])
    return _Pixels(np.ascontiguousarray(pixels[..., :3]), np.ascontiguousarray(pixels[..., 3]), False, 0.0, [])


def _converted(image: Image, icc: bytes, label: str) -> _Pixels:
    image, alpha = _split_alpha(_eight_bit(image, label))
    notes: list[str] = []
    share, applied = 0.0, False
    if icc:
        converted = convert_to_srgb(image, icc)
        image, applied, share = converted.image, converted.applied, converted.gamut_share
        notes += [converted.note] if converted.note else []
    elif image.mode == "CMYK":
        notes.append("CMYK without a colour profile: converted by rule of thumb, so colours are approximate")
    if image.mode != "RGB":
        image = lab_to_srgb_image(image) if image.mode == "LAB" else image.convert("RGB")
    return _Pixels(_array(image), alpha, applied, share, notes)


def _array(image: Image) -> Pixels:
    """The pixels of an RGB image. In bands: Pillow's own export keeps the whole picture three times and is five times slower."""
    rgb = np.empty((image.height, image.width, 3), np.uint8)
    for top in range(0, image.height, BAND):
        bottom = min(image.height, top + BAND)
        rgb[top:bottom] = np.asarray(image.crop((0, top, image.width, bottom)))
    return rgb


def _eight_bit(image: Image, label: str) -> Image:
    """Scale 16-bit grey to 8 bits; Pillow's own conversion clips at 255."""
    from PIL import Image

    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image)
    if image.mode == "F" or values.min() < 0 or values.max() > 65535:
        raise PictureError(f"{label}: pixels of kind {image.mode} have no defined white", hint="save it with 8 or 16 bits a channel")
    grey = Image.fromarray(((values.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8))
    hidden = image.info.get("transparency")
    if isinstance(hidden, int):
        grey.putalpha(Image.fromarray(np.where(values == hidden, 0, 255).astype(np.uint8)))
    return grey


def _split_alpha(image: Image) -> tuple[Image, Pixels | None]:
    if image.mode in {"RGBa", "La", "PA"} or image.has_transparency_data:
        image = image if image.mode in {"RGBA", "LA"} else image.convert("RGBA")
        alpha = np.array(image.getchannel("A"), dtype=np.uint8)
        return (image.getchannel("L") if image.mode == "LA" else image.convert("RGB")), alpha
    if image.mode in {"RGB", "L", "CMYK", "LAB"}:
        return image, None
    return image.convert("L" if image.mode == "1" else "RGB"), None


def _composite(rgb: Pixels, alpha: Pixels, ground: tuple[int, int, int]) -> None:
    """Put `rgb` on `ground` in place, in gamma-encoded sRGB as browsers and image editors do."""
    paper = np.array(ground, dtype=np.uint32)
    for top in range(0, len(rgb), BAND):
        part = slice(top, top + BAND)
        cover = alpha[part, :, None].astype(np.uint32)
        rgb[part] = (rgb[part] * cover + paper * (255 - cover) + 127) // 255
