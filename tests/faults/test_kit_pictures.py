"""Pictures and marks of a kit that crash or exhaust the decoder: each is a fault with its place, and everything else goes on."""

from __future__ import annotations

import shutil
import struct
import sys
from io import BytesIO

import numpy as np
import pytest
import yaml
from PIL import Image

from brandkit.book.pictures import photographs, references
from brandkit.brand.lint import lint_brand
from brandkit.brand.load import load_brand
from brandkit.check.run import check_files
from brandkit.cli.main import main
from brandkit.errors import PictureError
from brandkit.generate.studio.photograph import develop_photograph
from brandkit.image import vector
from brandkit.image.apart import HELPER, load_material
from brandkit.image.load import load_picture
from brandkit.image.mark_png import png_size
from brandkit.image.vector import drawable, mark_size, render_mark
from brandkit.layout.engine import lay_out
from brandkit.layout.formats import get_format
from brandkit.prompt.references import encode_reference
from brandkit.results import Verdict
from brandkit.start.begin import begin_kit
from tests.faults.jobs import HALFPAST
from tests.faults.poisoned_apart import ABORTS, CRASHES, STARVES
from tests.faults.test_apart import POISONED


class OnIsAWord(yaml.SafeLoader):
    """As YAML 1.2 has it; 1.1 reads `on` as true."""


OnIsAWord.yaml_implicit_resolvers = {first: kinds for first, kinds in yaml.SafeLoader.yaml_implicit_resolvers.items() if first not in "oO"}
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit on address space")
SAID = "it crashed or exhausted the decoder, 2 times"


@pytest.fixture(autouse=True)
def poisoned(monkeypatch):
    """A decoder that really dies of pictures of certain widths, in a process that nothing else uses."""
    HELPER.end()
    monkeypatch.setattr(HELPER, "module", POISONED)
    monkeypatch.setattr(vector, "_failed", {})
    drawable.cache_clear()
    yield
    HELPER.end()


def photograph(width, height=640):
    noise = np.random.default_rng(width).integers(0, 255, (height // 32, 20, 3), np.uint8)
    return Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC)


def mark(width, height=20, color="#272BC7"):
    drawn = Image.new("RGBA", (width, height), color)
    drawn.paste((0, 0, 0, 0), (2, 2, width // 2, height - 2))
    return drawn


def saved(image, **options):
    buffer = BytesIO()
    image.save(buffer, "PNG", **options)
    return buffer.getvalue()


@pytest.fixture
def kit(tmp_path):
    """Makes a kit with a PNG mark, a photograph, and references of a style and a product, each of the width that is given."""

    def make(*, logo=300, photo=700, style=720, product=740):
        root = tmp_path / "kit"
        shutil.copytree(HALFPAST, root, ignore=shutil.ignore_patterns("campaigns"))
        (root / "photos").mkdir()
        photograph(photo).save(root / "photos/quay.png")
        photograph(style).save(root / "refs/light.png")
        photograph(product).save(root / "refs/tin.png")
        mark(logo).save(root / "logo/stamp.png")
        text = yaml.load((root / "brand.yaml").read_text(encoding="utf-8"), OnIsAWord)
        text["logo"]["marks"] = {"stamp": {"file": "logo/stamp.png", "on": ["light", "dark"], "min_width": "32px", "alt": "A stamp"}}
        text["imagery"]["photographs"] = {"quay": {"file": "photos/quay.png", "alt": "A quay"}}
        text["imagery"]["references"] = [
            {"file": "refs/light.png", "role": "style", "note": "the light"},
            {"file": "refs/tin.png", "role": "product", "keep": "everything", "note": "the tin"},
        ]
        (root / "brand.yaml").write_text(yaml.safe_dump(text, sort_keys=False), encoding="utf-8")
        return root

    return make


def faults_of(root):
    report = lint_brand(root, select=["picture-unreadable", "mark-unreadable"])
    return [(found.id, found.fault.path, found.fault.message) for found in report.findings]


@pytest.mark.parametrize("width", [CRASHES, pytest.param(STARVES, marks=linux)])
def test_lint_names_every_poisonous_file_in_its_place(kit, width):
    found = faults_of(kit(logo=width, photo=width, product=width))
    assert [(rule, path) for rule, path, _ in found] == [
        ("mark-unreadable", "logo.marks.stamp.file"),
        ("picture-unreadable", "imagery.references[1].file"),
        ("picture-unreadable", "imagery.photographs.quay.file"),
    ]
    assert all(SAID in message for _, _, message in found)


def test_a_healthy_kit_has_no_such_fault(kit):
    assert faults_of(kit()) == []


def test_the_command_ends_with_2_and_the_place(kit, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["brandkit", "lint", str(kit(style=CRASHES))])
    with pytest.raises(SystemExit) as end:
        main()
    told = capsys.readouterr()
    assert end.value.code == 2 and "brand.yaml:" in told.out and f"light.png: cannot be read: {SAID}" in told.out


def test_an_asset_is_checked_against_a_kit_with_poisonous_pictures(kit, tmp_path):
    brand = load_brand(kit(style=CRASHES, product=ABORTS, photo=CRASHES))
    (tmp_path / "asset.png").write_bytes(saved(photograph(800)))
    (asset,) = check_files([tmp_path / "asset.png"], brand).assets
    made = {check.check: check for check in asset.checks}
    assert not asset.unread and made["palette-grade"].verdict is Verdict.NOT_CHECKED
    assert made["logo-altered"].verdict is not Verdict.FAIL


def test_the_book_is_made_without_them(kit):
    brand = load_brand(kit(style=ABORTS, photo=CRASHES))
    assert [list(files) for _, files in (photographs(brand), references(brand))] == [[], ["ref-1.jpg"]]


def test_a_poisonous_mark_stops_the_layout_before_the_typesetter_sees_it(kit):
    brand = load_brand(kit(logo=ABORTS))
    with pytest.raises(PictureError, match=r"stamp\.png: cannot be drawn: " + SAID):
        lay_out(brand, copy={"headline": "Every half hour"}, format=get_format("instagram-post"), locale="en")


def test_the_studio_and_the_prompt_refuse_them_by_name(kit):
    root = kit(photo=CRASHES, style=ABORTS)
    with pytest.raises(PictureError, match=r"quay\.png: cannot be read: " + SAID):
        develop_photograph(320, 200, load_brand(root), names=("quay",), ground="#EAEEF9", zones=(), seed=1)
    with pytest.raises(PictureError, match=r"light\.png: cannot be read: " + SAID):
        encode_reference(root / "refs/light.png", lossless=False)


def test_a_kit_is_begun_without_them(tmp_path):
    for width in (ABORTS, 600):
        mark(width).save(tmp_path / f"{width}.png")
    begun = begin_kit(tmp_path / "kit", [tmp_path / f"{ABORTS}.png", tmp_path / "600.png"])
    assert [file.name for file in (tmp_path / "kit/logo").iterdir()] == ["mark-600.png"]
    assert any(SAID in remark.fault.message for remark in begun.remarks)


def test_a_poisonous_mark_is_tried_once_and_remembered(tmp_path):
    mark(ABORTS).save(tmp_path / "stamp.png")
    for width in (40, 80):
        with pytest.raises(PictureError, match=SAID):
            render_mark(tmp_path / "stamp.png", width)
        assert HELPER.running is None, "and no helper was started for it again"
    assert len(vector._failed) == 1


KINDS = {
    "plain": saved(mark(300)),
    "opaque": saved(Image.new("RGB", (90, 30), "#123456")),
    "grey": saved(mark(120).convert("LA")),
    "paletted": saved(mark(120).quantize(8)),
    "clear by colour": saved(Image.new("RGB", (60, 30), "#123456"), transparency=(18, 52, 86)),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(31, 11), (400, 90)])
def test_a_mark_drawn_apart_is_the_one_drawn_here(tmp_path, kind, size):
    (tmp_path / "stamp.png").write_bytes(KINDS[kind])
    with Image.open(BytesIO(KINDS[kind])) as picture:
        here = picture.convert("RGBA").convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")
        own = picture.size
        pixels = np.asarray(picture.convert("RGBA"))
    drawn = render_mark(tmp_path / "stamp.png", *size)
    np.testing.assert_array_equal(drawn, np.asarray(here))
    assert not drawn.flags.writeable and mark_size(tmp_path / "stamp.png") == own
    with Image.open(BytesIO(drawable(KINDS[kind], name="stamp.png"))) as again:
        assert again.mode == "RGBA" and "icc_profile" not in again.info
        np.testing.assert_array_equal(np.asarray(again), pixels)


def test_what_is_set_into_a_page_holds_nothing_but_the_pixels():
    profile = saved(mark(300), icc_profile=b"\x00" * 200, dpi=(300, 300))
    assert b"iCCP" in profile and b"iCCP" not in drawable(profile, name="stamp.png")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (saved(mark(300))[:20], "it has no header"),
        (saved(mark(300))[:60], "the PNG does not load"),
        (b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 9000, 9000), "too large for a mark"),
        (b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 0, 40), "it has no header"),
    ],
)
def test_a_broken_mark_says_what_is_wrong(tmp_path, data, says):
    (tmp_path / "stamp.png").write_bytes(data)
    with pytest.raises(PictureError, match=says):
        render_mark(tmp_path / "stamp.png", 40)
    with pytest.raises(PictureError, match=says):
        drawable(data, name="stamp.png")


def test_the_size_of_a_mark_is_that_of_its_header():
    assert png_size(saved(mark(300, 44)), "a.png") == (300, 44)


def test_kept_pictures_leave_the_shared_memory_to_others(tmp_path):
    (tmp_path / "a.png").write_bytes(saved(photograph(300)))
    kept = [load_material(tmp_path / "a.png") for _ in range(3)]
    wanted = load_picture(tmp_path / "a.png").rgb
    for one in kept:
        np.testing.assert_array_equal(one.rgb, wanted)
        assert not one.rgb.flags.writeable and isinstance(one.rgb.base.base, bytes)
