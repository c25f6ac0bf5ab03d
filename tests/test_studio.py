"""The studio backend: exact, repeatable, calm where it must be, and faithful to palette and photograph."""

import io
import math
from pathlib import Path

import numpy as np
import pytest
import skimage
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from brandkit.brand.model import BrandDocument, Imagery, Palette, PaletteColor, Pattern, Photograph
from brandkit.brand.resolve import Brand
from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import srgb_to_lab
from brandkit.errors import BackendError, PictureError
from brandkit.generate.backend import ImageRequest, SceneRequest
from brandkit.generate.backends.studio import Studio
from brandkit.generate.studio.framing import frame, look
from brandkit.generate.studio.grade import make_grade
from brandkit.image.region import Box
from brandkit.metric.layout import busyness

DATA = Path(skimage.__file__).parent / "data"
GROUND = "#F4F1EA"
COLORS = {"navy": "#1B2A6B", "signal": "#FF5A36", "sun": "#F2B705", "sky": "#9DC3E6"}
KINDS = ["arcs", "rings", "lines", "waves", "grid", "blocks"]
SIZES = [(540, 960), (720, 900), (640, 640), (764, 400), (960, 540), (900, 300), (728, 90)]
COPY = (("copy", Box(0.05, 0.1, 0.5, 0.6)),)
PATTERN_CALM = 0.05  # busyness: plain ground, but for rounding
GRADIENT_CALM = 1.2  # busyness: a soft light across the zone


def brand(*, kind: str = "arcs", photographs: dict[str, Path] | None = None, scale: float = 0.5) -> Brand:
    shots = photographs or {}
    imagery = Imagery(
        pattern=Pattern(kind=kind, colors=list(COLORS), scale=scale),
        photographs={name: Photograph(file=path.name) for name, path in shots.items()},
    )
    palette = Palette(
        colors={"paper": PaletteColor(value=GROUND, role="surface")} | {name: PaletteColor(value=v) for name, v in COLORS.items()}
    )
    paths = {("imagery", "photographs", name, "file"): path for name, path in shots.items()}
    return Brand(
        document=BrandDocument(brandkit=1, name="Any", palette=palette, imagery=imagery), file=Path("brand.yaml"), positions={}, paths=paths
    )


def request(of: Brand, kind: str, width: int, height: int, *, quiet=COPY, seed: int = 7, names: tuple[str, ...] = ()) -> ImageRequest:
    scene = SceneRequest(kind=kind, photographs=names, ground=GROUND, ink="#111111", accent="#FF5A36", quiet=quiet, seed=seed)
    return ImageRequest(model="", prompt="", width=width, height=height, quality="", references=(), scene=scene, brand=of)


def make(*args, **options) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(Studio().generate(request(*args, **options)).data)))


def backdrop(path: Path, width: int = 1200, height: int = 900) -> Path:
    """A warm grey backdrop, lit from the left, with a dark blue disc at the right: a product photograph in small."""
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    picture = (205 - 20 * x[..., None] - 8 * y[..., None]) * np.array([1.0, 0.97, 0.93])
    picture[np.hypot((x - 0.72) * width, (y - 0.5) * height) < 150] = (30, 60, 110)
    Image.fromarray(picture.astype(np.uint8)).save(path)
    return path


@pytest.fixture(scope="module")
def shot(tmp_path_factory):
    return backdrop(tmp_path_factory.mktemp("photos") / "disc.png")


@pytest.fixture(scope="module")
def photographic(shot):
    return brand(photographs={"disc": shot, "coffee": DATA / "coffee.png"})


@pytest.mark.parametrize("kind", ["photograph", "pattern", "gradient", "flat"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_size_is_exact_and_the_bytes_repeat(photographic, kind, size):
    asked = request(photographic, kind, *size)
    first, second = Studio().generate(asked), Studio().generate(asked)
    assert first.data == second.data
    with Image.open(io.BytesIO(first.data)) as picture:
        assert (picture.size, picture.mode, picture.format) == (size, "RGB", "PNG")
    assert (Studio().price(asked).most, first.cost) == (0, 0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_patterns_show_swatches_only_and_leave_the_zones_plain(kind, size):
    picture = make(brand(kind=kind), "pattern", *size)
    swatches = np.array([tuple(bytes.fromhex(value[1:])) for value in (GROUND, *COLORS.values())])
    exact = (picture[:, :, None, :] == swatches).all(-1)
    assert exact.any(-1).mean() > 0.85, "all but the antialiased edges is a swatch, to the last bit"
    assert exact.any((0, 1)).sum() >= 2, "something is drawn"
    assert 0.02 < 1 - exact[..., 0].mean() < 0.8, "neither empty nor wallpaper"
    width, height = size
    assert busyness(picture, COPY[0][1].scaled(width, height)) <= PATTERN_CALM


@pytest.mark.parametrize("left", [0.0, 0.1, 0.7])
@pytest.mark.parametrize("size", [(540, 960), (640, 640), (900, 300)])
def test_a_subject_that_nobody_declared_is_found(tmp_path, left, size):
    """Taken to be in the middle, one at the edge once was cropped away."""
    path = tmp_path / "edge.png"
    x, y = np.meshgrid(np.linspace(0, 1, 1200), np.linspace(0, 1, 800))
    picture = (190 - 20 * y[..., None]) * np.array([1.0, 0.95, 0.85])
    thing = (x >= left) & (x < left + 0.25) & (y > 0.35) & (y < 0.75)
    picture[thing] = (150, 52, 34)
    Image.fromarray(picture.astype(np.uint8)).save(path)
    shown = look(np.asarray(Image.open(path)), None, None)
    assert shown.subject.intersection(Box(left * 1200, 280, 300, 320)).area > 0.85 * max(300 * 320, shown.subject.area)
    page = frame(shown, *size, ())
    assert page.subject.area > 0.05 and page.x.start <= shown.focus[0] <= page.x.start + page.x.length
    declared = look(np.asarray(Image.open(path)), (0.5, 0.5), None)
    assert declared.focus == (600, 400), "what is declared wins"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("colors", [2, 4])
def test_a_pattern_beside_copy_has_edges_against_the_page(kind, colors):
    """The colour of the page in it once made holes in its frame."""
    of = brand(kind=kind)
    of.document.imagery.pattern.colors[:] = list(COLORS)[:colors]
    for seed in range(8):
        picture = make(of, "pattern", 640, 400, quiet=(), seed=seed)
        assert not (picture == tuple(bytes.fromhex(GROUND[1:]))).all(axis=2).any()
        assert picture.std(axis=(0, 1)).max() > 8, "and something is drawn on it"


@pytest.mark.parametrize("kind", KINDS)
def test_another_seed_draws_another_pattern(kind):
    pictures = [make(brand(kind=kind), "pattern", 640, 640, quiet=(), seed=seed) for seed in range(4)]
    assert len({picture.tobytes() for picture in pictures}) == 4


def test_gradients_are_calm_under_copy_and_begin_with_the_ground():
    picture = make(brand(), "gradient", 900, 600)
    zone = COPY[0][1].scaled(900, 600)
    assert busyness(picture, zone) <= GRADIENT_CALM
    corner = picture[:40, :40].reshape(-1, 3).mean(0) / 255
    assert delta_e_2000(srgb_to_lab(corner), srgb_to_lab(np.array([0xF4, 0xF1, 0xEA]) / 255)) < 1
    far = picture[-40:, -40:].reshape(-1, 3).mean(0) / 255
    assert delta_e_2000(srgb_to_lab(corner), srgb_to_lab(far)) > 4, "there is a gradient"


def test_the_flat_ground_is_the_ground():
    assert np.unique(make(brand(), "flat", 50, 40).reshape(-1, 3), axis=0).tolist() == [[0xF4, 0xF1, 0xEA]]


def test_neutrals_stay_neutral_and_colours_near_in_the_grade():
    ground = np.array([0.86, 0.0, 0.0])
    grade = make_grade(brand(), GROUND, ground)
    steps = np.linspace(0, 255, 9).astype(np.uint8)
    greys = np.repeat(steps[None, :, None], 3, axis=2)
    before, after = srgb_to_lab(greys / 255.0), srgb_to_lab(grade.apply(greys) / 255.0)
    assert delta_e_2000(before, after).max() < 4
    cube = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
    assert delta_e_2000(srgb_to_lab(cube / 255.0), srgb_to_lab(grade.apply(cube) / 255.0)).max() < 12
    assert np.array_equal(grade.apply(greys)[0, [0, -1]], greys[0, [0, -1]]), "black and white stay"


def test_grade_pulls_a_near_hue_toward_the_palette():
    orange = np.full((4, 4, 3), (235, 120, 60), dtype=np.uint8)
    graded = make_grade(brand(), GROUND, None).apply(orange)
    goal = srgb_to_lab(np.array([0xFF, 0x5A, 0x36]) / 255)
    hue = [np.arctan2(lab[2], lab[1]) for lab in (srgb_to_lab(orange[0, 0] / 255), srgb_to_lab(graded[0, 0] / 255), goal)]
    assert abs(hue[1] - hue[2]) < abs(hue[0] - hue[2])


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_crops_keep_the_subject_whole_and_out_of_the_copy(shot, size):
    width, height = size
    zones = [Box(0.04, 0.06, 0.9, 0.4)] if height > width else [Box(0.04, 0.1, 0.5, 0.8)]
    view = look(np.asarray(Image.open(shot)), (0.72, 0.5), (0.595, 0.33, 0.25, 0.34))
    framed = frame(view, width, height, zones)
    page = Box(framed.x.start, framed.y.start, framed.x.length, framed.y.length)
    assert view.subject.intersection(page).area == pytest.approx(view.subject.area), "whole"
    assert page.w / page.h == pytest.approx(width / height)
    assert framed.subject.intersection(zones[0]).area < 0.02 * framed.subject.area, "beside the copy"


def test_pulled_out_ground_has_no_seam(shot):
    picture = make(brand(photographs={"disc": shot}), "photograph", 1456, 180)
    assert busyness(picture, Box(0.02 * 1456, 0.1 * 180, 0.5 * 1456, 0.8 * 180)) < 1


@pytest.mark.parametrize("name", ["coffee.png", "chelsea.png", "rocket.jpg"])
def test_quiet_zones_get_calmer_where_they_are_busy(name):
    of = brand(photographs={"one": DATA / name})
    loud, calm = make(of, "photograph", 480, 480, quiet=()), make(of, "photograph", 480, 480)
    assert calm.shape == loud.shape
    zone = COPY[0][1].scaled(480, 480)
    assert busyness(calm, zone) < max(busyness(loud, zone), 2.0)


def test_without_photographs_it_says_what_to_do():
    with pytest.raises(BackendError, match="no photographs") as caught:
        Studio().generate(request(brand(), "photograph", 100, 100))
    assert "imagery.photographs" in str(caught.value)
    with pytest.raises(BackendError, match="'nosuch'"):
        Studio().generate(request(brand(photographs={"coffee": DATA / "coffee.png"}), "photograph", 100, 100, names=("nosuch",)))


def test_unreadable_photographs_are_named(tmp_path):
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 not a photograph")
    for path in (broken, tmp_path / "missing.jpg"):
        with pytest.raises(PictureError, match=path.name):
            Studio().generate(request(brand(photographs={"one": path}), "photograph", 100, 100))


@pytest.mark.parametrize("size", [(0, 10), (10, -1), (100_000, 100_000)])
def test_impossible_sizes_are_refused(size):
    with pytest.raises(BackendError, match="studio cannot make"):
        Studio().generate(request(brand(), "flat", *size))


share = st.floats(0, 1)
zones = st.lists(st.builds(lambda x, y, w, h: ("zone", Box(x, y, w * (1 - x), h * (1 - y))), share, share, share, share), max_size=3)


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(["pattern", "pattern", "gradient", "photograph"]),
    geometry=st.sampled_from(KINDS),
    scale=st.floats(0.01, 2),
    width=st.integers(1, 400),
    height=st.integers(1, 400),
    quiet=zones,
    seed=st.integers(-(2**70), 2**70),
)
def test_any_request_is_answered(photographic, kind, geometry, scale, width, height, quiet, seed):
    of = photographic if kind == "photograph" else brand(kind=geometry, scale=scale)
    picture = make(of, kind, width, height, quiet=tuple(quiet), seed=seed)
    assert picture.shape == (height, width, 3)
    if kind == "pattern":
        for _, zone in quiet:
            box = zone.scaled(width, height)  # in pictures of a few pixels, those that lie partly outside it may be mixed
            rows = slice(math.ceil(box.y), max(0, math.floor(box.bottom)))
            columns = slice(math.ceil(box.x), max(0, math.floor(box.right)))
            assert (picture[rows, columns] == (0xF4, 0xF1, 0xEA)).all(), "quiet zones stay plain ground"


def test_busyness_knows_flat_ground_from_texture():
    plain = np.full((300, 400, 3), 128, dtype=np.uint8)
    noisy = np.random.default_rng(1).integers(0, 255, (300, 400, 3)).astype(np.uint8)
    half = plain.copy()
    half[:, 200:] = noisy[:, 200:]
    left, right = Box(0, 0, 190, 300), Box(210, 0, 190, 300)
    assert busyness(plain, Box(0, 0, 400, 300)) == 0
    assert busyness(half, left) == 0
    assert busyness(half, right) > 10
    assert busyness(half, Box(900, 0, 10, 10)) == 0


@pytest.mark.parametrize("factor", [1, 2, 3])
def test_busyness_does_not_depend_on_the_resolution(factor):
    picture = np.asarray(Image.open(DATA / "coffee.png").convert("RGB").resize((480, 320)))
    large = np.asarray(Image.fromarray(picture).resize((480 * factor, 320 * factor), Image.Resampling.BICUBIC))
    box = Box(0, 0, 480 * factor, 320 * factor)
    assert busyness(large, box) == pytest.approx(busyness(picture, Box(0, 0, 480, 320)), rel=0.1)


def test_busyness_wants_a_colour_picture():
    with pytest.raises(ValueError, match=r"\(H, W, 3\)"):
        busyness(np.zeros((4, 4), dtype=np.uint8), Box(0, 0, 1, 1))
