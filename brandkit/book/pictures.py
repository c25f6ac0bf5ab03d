"""Imagery as files for the page: the kit's photographs and references, made small enough to send by mail."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from brandkit.brand.resolve import Brand
from brandkit.errors import PictureError

LONGEST = 1700  # px; sharp at the 842 pt a full page is wide, at about 150 dpi
QUALITY = 84


def photographs(brand: Brand) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """The photographs that may be published, with their words, and their files."""
    shown: list[dict[str, Any]] = []
    files: dict[str, bytes] = {}
    for index, (name, photo) in enumerate(brand.document.imagery.photographs.items()):
        entry = _entry(brand.path("imagery", "photographs", name, "file"), f"photo-{index}", files)
        if entry:
            shown.append(entry | {"name": name, "alt": photo.alt or "", "focus": list(photo.focus)})
    return shown, files


def references(brand: Brand) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """The references with their roles and notes, and their files; one that is already a photograph comes again, with its note."""
    shown: list[dict[str, Any]] = []
    files: dict[str, bytes] = {}
    for index, reference in enumerate(brand.document.imagery.references):
        entry = _entry(brand.path("imagery", "references", index, "file"), f"ref-{index}", files)
        if entry:
            shown.append(entry | {"role": reference.role, "keep": reference.keep or "", "note": reference.note or ""})
    return shown, files


def _entry(path: Path, name: str, files: dict[str, bytes]) -> dict[str, Any] | None:
    try:
        data, size, clear = shrink(path)
    except PictureError:
        return None
    file = f"{name}.{'png' if clear else 'jpg'}"
    files[file] = data
    return {"file": file, "aspect": size[0] / size[1], "clear": clear}


def shrink(path: Path, longest: int = LONGEST) -> tuple[bytes, tuple[int, int], bool]:
    """A picture as JPEG, or as PNG where parts of it are transparent; its size, and whether they are.

    Raises:
        PictureError: It cannot be read.
    """
    from PIL import Image

    from brandkit.image.apart import load_material

    loaded = load_material(path)
    picture = Image.fromarray(loaded.rgb)
    alpha = loaded.alpha
    if alpha is not None and int(alpha.min()) < 250:
        picture.putalpha(Image.fromarray(alpha))
        picture.thumbnail((longest // 2, longest // 2), Image.Resampling.LANCZOS)
        return _saved(picture, "PNG", optimize=True), picture.size, True
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return jpeg(picture), picture.size, False


def jpeg(picture: Any) -> bytes:
    """An RGB picture as JPEG."""
    return _saved(picture, "JPEG", quality=QUALITY, subsampling=0, optimize=True)


def _saved(picture: Any, kind: str, **options: Any) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()
