"""What was done to a mark is read as that and as nothing else: faded, slightly turned or pulled, whatever its strokes and its variants."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml
from PIL import Image

from brandkit.brand.load import load_brand
from brandkit.check.marks import DRAWN_AREA, draw
from brandkit.check.run import check_picture
from brandkit.image.region import Box
from brandkit.image.vector import render_mark
from brandkit.metric.logo import Pose, build_pyramid, find_mark, find_upright, is_clear, measure_drawn, premultiply
from brandkit.metric.mark_model import in_pixels
from brandkit.results import Verdict

INK, LIGHT = "#2A3560", "#F4F1EA"
LETTERS = (
    '<path d="M10 90V10H30L60 60V10H80V90H60L30 40V90Z M100 10H170V30H120V42H160V60H120V90H100Z M190 50A40 40 0 1 1 270 50A40 40 0 1 1 '
    '190 50ZM212 50A18 18 0 1 0 248 50A18 18 0 1 0 212 50Z M290 10H380V30H345V90H325V30H290Z" fill="{0}" fill-rule="evenodd"/>'
)
LINES = "".join(f'<path d="M4 {y}Q35 {y - 14} 70 {y}T136 {y}" stroke="{{0}}" stroke-width="1.6" fill="none"/>' for y in range(18, 98, 10))
LINES += '<rect x="1" y="1" width="138" height="98" stroke="{0}" stroke-width="2" fill="none"/>'


def svg(file: Path, width: float, drawing: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 100">{drawing}</svg>', encoding="utf-8")
    return file


def house(folder: Path, *, required: bool = True) -> Path:
    """A brand with a dark wordmark for light grounds and its light variant for dark ones."""
    entries = {}
    for name, colour, ground in (("primary", INK, "light"), ("reversed", LIGHT, "dark")):
        svg(folder / f"logo/{name}.svg", 390, LETTERS.format(colour))
        entries[name] = {"file": f"logo/{name}.svg", "on": [ground], "min_width": "40px", "clear_space": 0.2}
    document = {"brandkit": 1, "name": "Noft", "palette": {"colors": {"ink": {"value": INK}, "light": {"value": LIGHT}}},
                "logo": {"required": required, "marks": entries}}  # fmt: skip
    (folder / "brand.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return folder


def faded(root: Path, share: float) -> Path:
    """A page with the dark mark, of which `share` is left, on the light ground."""
    mark = render_mark(root / "logo/primary.svg", 160).copy()
    mark[..., 3] = np.rint(mark[..., 3] * share)
    page = Image.new("RGB", (480, 320), LIGHT)
    page.paste(Image.fromarray(mark[..., :3]), (61, 47), Image.fromarray(mark[..., 3]))
    page.save(root / "page.png")
    return root / "page.png"


@pytest.mark.parametrize("share", [0.4, 0.25, 0.12])
def test_a_faded_mark_is_not_the_variant_in_the_colour_of_its_ground(tmp_path: Path, share: float) -> None:
    brand = load_brand(house(tmp_path / "noft"))
    result = check_picture(faded(tmp_path / "noft", share), brand)
    altered = next(check for check in result.checks if check.check == "logo-altered")
    assert {finding.code for finding in altered.findings} >= {"recoloured"}
    expected = share * np.array([0x2A, 0x35, 0x60]) + (1 - share) * np.array([0xF4, 0xF1, 0xEA])
    told = next(finding.message for finding in altered.findings if finding.code == "recoloured")
    seen = told.split("#")[1][:6]
    assert "'primary'" in told and f"should be {INK}" in told
    assert [int(seen[at : at + 2], 16) for at in (0, 2, 4)] == pytest.approx(expected, abs=4)


def test_the_less_is_left_of_a_mark_the_farther_its_colour_strays(tmp_path: Path) -> None:
    brand = load_brand(house(tmp_path / "noft"))
    strays = []
    for share in (1.0, 0.6, 0.4, 0.25, 0.12):
        checks = check_picture(faded(tmp_path / "noft", share), brand).checks
        entries = next(check for check in checks if check.check == "logo-altered").measurements
        strays.append(next(entry.value for entry in entries if entry.name == "colour"))
    assert strays == sorted(strays) and strays[0] < 1 < strays[1]


@pytest.mark.parametrize("share", [0.25, 0.12])
@pytest.mark.parametrize("order", [1, -1], ids=["reversed first", "grey first"])
def test_a_faded_light_mark_is_not_the_grey_variant(share: float, order: int) -> None:
    """The grey one strays less from what little is left, and yet its hue is not what is left."""
    drawn = render_mark_pair()
    page = np.full((220, 420, 3), (24, 28, 96), np.uint8)
    alpha = share * drawn["reversed"][..., 3:] / 255
    part = page[60 : 60 + alpha.shape[0], 50 : 50 + alpha.shape[1]]
    part[:] = np.rint(part * (1 - alpha) + drawn["reversed"][..., :3] * alpha)
    names = ["reversed", "grey"][::order]
    found = find_upright(build_pyramid(page), [drawn[name] for name in names])
    assert found is not None and names[found.variant] == "reversed" and found.reading.ncc > 0.8


def render_mark_pair() -> dict[str, np.ndarray]:
    """One drawing in an orange and a cream half, and in one grey."""
    shape = np.zeros((60, 240), np.uint8)
    cv2.circle(shape, (32, 30), 22, 255, 9)
    cv2.fillPoly(
        shape, [np.array([[80, 6], [96, 6], [126, 40], [126, 6], [142, 6], [142, 54], [126, 54], [96, 22], [96, 54], [80, 54]])], 255
    )
    cv2.rectangle(shape, (164, 8), (180, 52), 255, -1)
    cv2.rectangle(shape, (196, 34), (230, 52), 255, -1)
    pair = {}
    for name, colours in (("reversed", ((251, 101, 39), (244, 241, 234))), ("grey", ((120, 124, 138), (120, 124, 138)))):
        ink = np.empty((60, 240, 4), np.uint8)
        ink[:, :120, :3], ink[:, 120:, :3], ink[..., 3] = *colours, shape
        pair[name] = ink
    return pair


@pytest.mark.parametrize(("required", "verdict"), [(True, Verdict.FAIL), (False, Verdict.REVIEW)])
def test_a_mark_that_stands_there_and_nobody_sees_is_told_as_pale(tmp_path: Path, required: bool, verdict: Verdict) -> None:
    brand = load_brand(house(tmp_path / "noft", required=required))
    missing = next(check for check in check_picture(faded(tmp_path / "noft", 0.06), brand).checks if check.check == "logo-missing")
    assert [(finding.code, finding.verdict) for finding in missing.findings] == [("pale", verdict)]
    region = missing.findings[0].region
    assert region is not None and (region.x, region.y) == pytest.approx((61, 47), abs=3) and "'primary'" in missing.findings[0].message
    gone = next(check for check in check_picture(faded(tmp_path / "noft", 0.0), brand).checks if check.check == "logo-missing")
    assert [finding.code for finding in gone.findings] == (["missing"] if required else [])


@pytest.mark.parametrize("turn", [1.5, 3.0, 5.0, 8.0, 11.0, 20.0, -8.0])
@pytest.mark.parametrize("at", [(40.0, 30.0), (40.4, 30.7)])
def test_thin_parallel_strokes_that_were_turned_are_read_as_turned_and_nothing_else(
    tmp_path: Path, turn: float, at: tuple[float, float]
) -> None:
    file, box = svg(tmp_path / "lines.svg", 140, LINES.format("#582122")), Box(*at, 70, 50)
    mark = render_mark(file, 265)
    shown = in_pixels(premultiply(mark), Pose.of_box(box, turn), (160, 110)) / np.float32(255)
    page = np.rint(255 * (shown[..., :3] + (1 - shown[..., 3:]) * np.array([0.97, 0.95, 0.94]))).astype(np.uint8)
    drawn = np.zeros((54, 74, 4), np.uint8)
    placed = in_pixels(premultiply(mark), Pose.of_box(Box(at[0] - 38, at[1] - 28, 70, 50)), (74, 54))
    alpha = placed[..., 3:]
    drawn[..., :3] = np.where(alpha > 0, np.minimum(255, placed[..., :3] * 255.0 / np.maximum(alpha, 1)), 0)
    drawn[..., 3:] = alpha
    reading = measure_drawn(page, drawn, (38, 28), box, mark)
    assert reading.found and reading.rotation == pytest.approx(turn, abs=0.15)
    assert abs(reading.aspect_error) < 0.7 and reading.residual < 0.02


@pytest.mark.parametrize("height", [18, 22, 27, 34, 50])
@pytest.mark.parametrize("factor", [1.0, 0.95, 1.05], ids=["own", "narrower", "wider"])
def test_a_pull_of_a_twentieth_is_read_in_small_wordmarks(tmp_path: Path, height: int, factor: float) -> None:
    mark = render_mark(svg(tmp_path / "word.svg", 390, LETTERS.format(INK)), 468)
    worst = 0.0
    for shift in (0.0, 0.3, 0.7):
        box = Box(60 + shift, 44 + shift, factor * 3.9 * height, height)
        shown = in_pixels(premultiply(mark), Pose.of_box(box), (360, 180)) / np.float32(255)
        page = np.rint(255 * (shown[..., :3] + (1 - shown[..., 3:]) * np.float32(0.96))).astype(np.uint8)
        _, coded = cv2.imencode(".jpg", page[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])
        page = np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1])
        reading = find_mark(page, mark, pyramid=build_pyramid(page, lossy=True))
        assert reading is not None and is_clear(reading)
        worst = max(worst, abs(reading.aspect_error - 100 * (factor - 1)))
    assert worst < 1.2


@pytest.mark.parametrize("width", [101, 139, 390, 433.7, 812])
def test_a_mark_is_drawn_in_its_own_proportions(tmp_path: Path, width: float) -> None:
    root = house(tmp_path / "noft")
    svg(root / "logo/primary.svg", width, LETTERS.format(INK))
    rows, columns = draw(load_brand(root), "primary").shape[:2]
    assert columns / rows == pytest.approx(width / 100, rel=1.2e-3)
    assert math.sqrt(rows * columns / DRAWN_AREA) == pytest.approx(1.03, abs=0.04)
