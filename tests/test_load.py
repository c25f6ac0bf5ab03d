"""The door for pixels: what comes through it, how, and what does not."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from load_one import MEMORY, SECONDS
from painting import p3_profile
from PIL import Image, ImageCms

from brandkit.color.parse import parse_color
from brandkit.errors import PictureError
from brandkit.image.load import LoadLimits, load_picture

CORPUS = Path(os.environ.get("BRANDKIT_CORPUS", Path(__file__).parents[1] / "../shared/corpus")).resolve()
PHOTOS = CORPUS / "photos"
needs_corpus = pytest.mark.skipif(not PHOTOS.is_dir(), reason="no corpus at BRANDKIT_CORPUS")


def saved(image: Image.Image, kind: str = "png", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


GREY16 = Image.fromarray(np.full((4, 6), 40000, np.uint16))
FRAMES = [Image.new("RGB", (8, 8), color) for color in ("#FF0000", "#00FF00")]

ACCEPTED = [
    ("one pixel", saved(Image.new("RGB", (1, 1), "#1F4D3A")), (31, 77, 58), 0),
    ("16-bit grey", saved(GREY16), (156, 156, 156), 0),
    ("8-bit grey", saved(Image.new("L", (4, 4), 90)), (90, 90, 90), 0),
    ("one bit", saved(Image.new("1", (4, 4), 1)), (255, 255, 255), 0),
    ("palette", saved(Image.new("RGB", (4, 4), "#1F4D3A").quantize(4)), (31, 77, 58), 0),
    ("grey with alpha", saved(Image.new("LA", (4, 4), (0, 128))), (127, 127, 127), 0),
    ("transparent magenta", saved(Image.new("RGBA", (4, 4), (255, 0, 255, 0))), (255, 255, 255), 0),
    ("CMYK", saved(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "jpeg", quality=100), (255, 0, 0), 3),
    ("JPEG", saved(Image.new("RGB", (8, 8), "#1F4D3A"), "jpeg", quality=100), (31, 77, 58), 1),
    ("WebP", saved(Image.new("RGB", (8, 8), "#1F4D3A"), "webp", lossless=True), (31, 77, 58), 0),
    ("AVIF", saved(Image.new("RGB", (8, 8), "#1F4D3A"), "avif", quality=100), (31, 77, 58), 2),
    ("TIFF", saved(Image.new("RGB", (8, 8), "#1F4D3A"), "tiff"), (31, 77, 58), 0),
    ("animated GIF", saved(FRAMES[0], "gif", save_all=True, append_images=FRAMES[1:]), (255, 0, 0), 0),
    ("animated WebP", saved(FRAMES[0], "webp", lossless=True, save_all=True, append_images=FRAMES[1:]), (255, 0, 0), 0),
    ("animated PNG", saved(FRAMES[0], "png", save_all=True, append_images=FRAMES[1:]), (255, 0, 0), 0),
]


@pytest.mark.parametrize(("data", "color", "within"), [row[1:] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
def test_pictures_of_every_kind_come_in_as_srgb(data: bytes, color: tuple[int, int, int], within: int) -> None:
    picture = load_picture(data)
    assert picture.rgb.dtype == np.uint8 and picture.rgb.shape == (picture.height, picture.width, 3)
    assert np.abs(picture.rgb.astype(int) - color).max() <= within
    assert picture.bytes_count == len(data) and len(picture.sha256) == 64


@pytest.mark.parametrize("kind", ["gif", "webp", "png"])
def test_animations_say_that_one_frame_is_read(kind: str) -> None:
    options = {"lossless": True} if kind == "webp" else {}
    picture = load_picture(saved(FRAMES[0], kind, save_all=True, append_images=FRAMES[1:], **options))
    assert picture.animated and any("only the first picture" in note for note in picture.notes)


def test_transparency_stands_on_the_declared_ground_and_is_kept() -> None:
    image = Image.new("RGBA", (4, 2), (255, 0, 255, 0))
    image.putpixel((0, 0), (200, 100, 0, 255))
    picture = load_picture(saved(image), ground="#1F4D3A")
    assert picture.rgb[0, 0].tolist() == [200, 100, 0] and picture.rgb[1, 1].tolist() == [31, 77, 58]
    assert picture.alpha is not None and picture.alpha[0].tolist() == [255, 0, 0, 0]
    assert not any("white" in note for note in picture.notes)
    assert any("white" in note for note in load_picture(saved(image)).notes)


def test_opaque_alpha_is_no_transparency() -> None:
    assert load_picture(saved(Image.new("RGBA", (4, 4), "#1F4D3A"))).alpha is None


def test_pixels_are_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        load_picture(saved(FRAMES[0])).rgb[0, 0] = 0


def test_exif_orientation_is_obeyed() -> None:
    image = Image.new("RGB", (16, 8), "red")
    image.paste("blue", (8, 0, 16, 8))
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = load_picture(saved(image, "jpeg", exif=exif, quality=95))
    assert (picture.width, picture.height) == (8, 16)
    assert picture.rgb[2, 4, 0] > 200 and picture.rgb[13, 4, 2] > 200


def test_a_profile_is_converted_and_what_lies_outside_srgb_is_counted() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    same = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = load_picture(saved(Image.new("RGB", (8, 8), "#1F4D3A"), icc_profile=same))
    assert picture.profile_applied and (picture.rgb == [31, 77, 58]).all() and picture.gamut_share == 0
    foreign = load_picture(saved(Image.new("RGB", (8, 8), "#1F4D3A"), icc_profile=lab.tobytes()))
    assert foreign.had_profile and not foreign.profile_applied and any("ignored" in note for note in foreign.notes)
    broken = load_picture(saved(Image.new("RGB", (8, 8), "#1F4D3A"), icc_profile=b"nonsense" * 40))
    assert (broken.rgb == [31, 77, 58]).all() and any("damaged" in note for note in broken.notes)


def test_display_p3_pixels_become_srgb() -> None:
    for red, green, blue in [(51, 77, 51), (200, 120, 60), (120, 160, 200)]:
        expected = parse_color(f"color(display-p3 {red / 255:.6f} {green / 255:.6f} {blue / 255:.6f})")
        picture = load_picture(saved(Image.new("RGB", (8, 8), (red, green, blue)), icc_profile=p3_profile()))
        assert picture.profile_applied and picture.gamut_share == 0
        assert np.abs(picture.rgb[0, 0].astype(int) - expected.rgb).max() <= 1
    outside = load_picture(saved(Image.new("RGB", (8, 8), (0, 255, 0)), icc_profile=p3_profile()))
    assert outside.gamut_share == 1


REFUSED = [
    ("bomb", png_claiming(60_000, 60_000), "million"),
    ("just too many pixels", png_claiming(10_000, 5_001), "10000×5001"),
    ("cut short PNG", saved(Image.effect_noise((64, 64), 50))[:-900], "cut short"),
    ("cut short JPEG", saved(Image.effect_noise((64, 64), 50), "jpeg")[:-900], "cut short"),
    ("empty", b"", "empty"),
    ("text", b"hello", "not a picture"),
    ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
    ("PDF", b"%PDF-1.7", "PDF"),
    ("BMP", saved(FRAMES[0], "bmp"), "BMP"),
    ("HEIC", b"\x00\x00\x00\x18ftypheic" + bytes(40), "HEIC"),
    ("float TIFF", saved(Image.new("F", (4, 4), 0.5), "tiff"), "defined white"),
]


@pytest.mark.parametrize(("data", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_the_rest_is_refused_with_place_and_remedy(data: bytes, words: str) -> None:
    with pytest.raises(PictureError, match=words) as caught:
        load_picture(data, name="upload.png")
    assert caught.value.message.startswith("upload.png: ") and caught.value.hint


def test_limits_and_paths(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(saved(Image.new("RGB", (100, 100))))
    assert load_picture(file).name == "a.png"
    with pytest.raises(PictureError, match="100×100"):
        load_picture(file, limits=LoadLimits(pixels=9_999))
    with pytest.raises(PictureError, match="more than"):
        load_picture(file, limits=LoadLimits(bytes=50))
    with pytest.raises(PictureError, match="is a folder"):
        load_picture(tmp_path)
    with pytest.raises(PictureError, match="no such file"):
        load_picture(tmp_path / "b.png")


def reference(path: Path) -> np.ndarray[Any, Any]:
    """A known-good conversion: Little CMS on the untouched file, through another call than the loader's."""
    image = Image.open(path)
    profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
    target = ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(
        profile, target, image.mode, "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
    )
    return np.asarray(ImageCms.applyTransform(image, transform))


@needs_corpus
@pytest.mark.parametrize(
    "name", ["Channel_digital_image_CMYK_color.jpg", "fogra-0-100-100-0.tif", "tifftag-photoshop.tiff", "prophoto.png"]
)
def test_press_and_wide_gamut_files_match_little_cms(name: str) -> None:
    picture = load_picture(PHOTOS / "tricky" / name)
    assert picture.profile_applied
    assert np.abs(picture.rgb.astype(int) - reference(PHOTOS / "tricky" / name)).max() <= 1


@needs_corpus
@pytest.mark.parametrize("shape", ["Landscape", "Portrait"])
def test_all_eight_orientations_show_the_same_picture(shape: str) -> None:
    first = load_picture(PHOTOS / f"tricky/{shape}_1.jpg")
    for number in range(2, 9):
        other = load_picture(PHOTOS / f"tricky/{shape}_{number}.jpg")
        assert other.rgb.shape == first.rgb.shape
        small = [np.asarray(Image.fromarray(p.rgb).convert("L").resize((24, 24)), float) for p in (first, other)]
        assert np.corrcoef(small[0].ravel(), small[1].ravel())[0, 1] > 0.97, number


@needs_corpus
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the limits are set through Linux's /proc")
def test_every_file_of_the_corpus_loads_or_is_refused_within_the_limits() -> None:
    files = [str(file) for folder in ("bad", "photos") for file in sorted((CORPUS / folder).rglob("*")) if file.is_file()]
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, str(root / "tests/load_one.py"), *files],
        capture_output=True, text=True, timeout=120, check=False, env=os.environ | {"PYTHONPATH": str(root), "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr[-2000:]
    assert [outcome["path"] for outcome in outcomes] == files
    assert max(outcome["seconds"] for outcome in outcomes) < SECONDS
    assert outcomes[-1]["peak"] < MEMORY
    for outcome in outcomes:
        assert outcome["ok"] or (Path(outcome["path"]).name in outcome["message"] and outcome["hint"]), outcome
