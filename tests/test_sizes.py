"""Sizes: always legal, crops of the right shape, inside the picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandkit.image.region import Box
from brandkit.prompt.models import get_model, load_models
from brandkit.prompt.sizes import crop_to, plan_size

EDGE = st.integers(1, 6000)
MODELS = sorted(load_models())


@given(model=st.sampled_from(MODELS), width=EDGE, height=EDGE)
def test_every_plan_is_legal_and_its_crop_fits(model: str, width: int, height: int) -> None:
    plan = plan_size(load_models()[model], width, height)
    assert load_models()[model].allows(plan.width, plan.height)
    crop = plan.crop
    assert 0 <= crop.x and 0 <= crop.y and crop.right <= plan.width and crop.bottom <= plan.height
    assert all(value == int(value) for value in (crop.x, crop.y, crop.w, crop.h))
    assert min(abs(crop.w - crop.h * width / height), abs(crop.h - crop.w * height / width)) <= 1
    assert plan.upscale == pytest.approx(max(1, width / crop.w, height / crop.h))


@pytest.mark.parametrize("target", [(1200, 628), (728, 90), (5000, 3000), (160, 600), (4000, 500)])
def test_no_legal_size_needs_less_enlarging(target: tuple[int, int]) -> None:
    free = get_model("gpt-image-2").free
    assert free is not None
    edges = range(free.step, free.max_edge + 1, free.step)
    crops = (crop_to(w, h, *target) for w in edges for h in edges if free.allows(w, h))
    least = min(max(1.0, target[0] / crop.w, target[1] / crop.h) for crop in crops)
    assert plan_size(get_model("gpt-image-2"), *target).upscale == pytest.approx(least, abs=0.001)


@pytest.mark.parametrize(
    ("model", "target", "size", "crop"),
    [
        ("gpt-image-2", (1920, 1080), (1920, 1088), (0, 4, 1920, 1080)),
        ("gpt-image-2", (1080, 1080), (1088, 1088), (0, 0, 1088, 1088)),
        ("gpt-image-2", (1080, 1920), (1088, 1920), (4, 0, 1080, 1920)),
        ("gpt-image-2", (1200, 628), (1200, 640), (0, 6, 1200, 628)),
        ("gpt-image-2", (728, 90), (1408, 480), (0, 153, 1408, 174)),
        ("gpt-image-2.6-flare", (3840, 2160), (3840, 2160), (0, 0, 3840, 2160)),
        ("gpt-image-1.5", (1080, 1920), (1024, 1536), (80, 0, 864, 1536)),
        ("gpt-image-1.5", (1200, 628), (1536, 1024), (0, 110, 1536, 804)),
        ("gpt-image-1-mini", (500, 500), (1024, 1024), (0, 0, 1024, 1024)),
        ("studio", (728, 90), (728, 90), (0, 0, 728, 90)),
    ],
)
def test_known_targets(model: str, target: tuple[int, int], size: tuple[int, int], crop: tuple[int, int, int, int]) -> None:
    plan = plan_size(load_models()[model], *target)
    assert (plan.width, plan.height) == size
    assert (plan.crop.x, plan.crop.y, plan.crop.w, plan.crop.h) == crop


@pytest.mark.parametrize(
    ("width", "height", "legal"),
    [
        (1024, 1024, True),
        (3840, 2160, True),
        (3840, 1280, True),
        (1920, 1080, False),  # 1080 is no multiple of 16
        (3856, 1440, False),  # longer than 3840
        (2400, 784, False),  # wider than 3:1
        (800, 800, False),  # fewer than 655 360 pixels
        (3840, 2176, False),  # more than 8 294 400 pixels
    ],
)
def test_the_limits_of_free_sizes(width: int, height: int, legal: bool) -> None:
    assert get_model("gpt-image-2").allows(width, height) is legal


def test_an_empty_target_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1x1"):
        plan_size(get_model(None), 0, 10)


@given(fx=st.floats(0, 1), fy=st.floats(0, 1), fw=st.floats(0, 1), fh=st.floats(0, 1))
def test_zones_keep_their_place_in_the_used_part(fx: float, fy: float, fw: float, fh: float) -> None:
    plan, target = plan_size(get_model(None), 728, 90), Box(100, 50, 728, 90)
    zone = Box(100 + fx * 728, 50 + fy * 90, fw * (1 - fx) * 728, fh * (1 - fy) * 90)
    moved = plan.to_picture(zone, target).scaled(plan.width, plan.height)
    assert (moved.x - plan.crop.x) / plan.crop.w == pytest.approx(fx, abs=1e-9)
    assert moved.h / plan.crop.h == pytest.approx(fh * (1 - fy), abs=1e-9)


def test_crops_are_centred() -> None:
    assert crop_to(1000, 500, 1, 1) == Box(250, 0, 500, 500)
