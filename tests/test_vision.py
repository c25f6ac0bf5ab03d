"""Dichromatic vision: published projections, and what holds for every colour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from brandkit.color.difference import delta_e_2000
from brandkit.color.parse import parse_color
from brandkit.color.spaces import srgb_to_lab
from brandkit.color.vision import DEFICIENCIES, projections, simulate

# libDaltonLens, the public-domain reference; it goes through Judd-Vos XYZ, which moves entries by the tolerance given
PUBLISHED = {
    "protan": (0.005, [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]], None),
    "deutan": (0.005, [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]], None),
    "tritan": (
        0.03,
        [[1.01277, 0.13548, -0.14826], [-0.01243, 0.86812, 0.14431], [0.07589, 0.80500, 0.11911]],
        [[0.93678, 0.18979, -0.12657], [0.06154, 0.81526, 0.12320], [-0.37562, 1.12767, 0.24796]],
    ),
}
ALIKE = [  # colours that a dichromat confuses, from the confusion lines of the papers, and a pair that stays apart
    ("protan", "#8D6E00", "#5D7A00", True),
    ("deutan", "#B0503C", "#7A7A2E", True),
    ("tritan", "#0E8C86", "#1878A8", True),
    ("protan", "#0033CC", "#FFD400", False),
    ("deutan", "#0033CC", "#FFD400", False),
    ("tritan", "#CC0000", "#00A0A0", False),
]


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_the_projections_are_the_published_ones(deficiency):
    tolerance, first, second = PUBLISHED[deficiency]
    planes = projections(deficiency)
    assert planes.first == pytest.approx(np.array(first), abs=tolerance)
    assert (planes.second is None) == (second is None)
    if second is not None:
        assert planes.second == pytest.approx(np.array(second), abs=tolerance)
        assert planes.normal == pytest.approx(np.array([0.03901, -0.02788, -0.01113]), abs=0.001)


@given(st.floats(0, 1), st.sampled_from(DEFICIENCIES))
def test_greys_stay_grey(level, deficiency):
    assert simulate([level] * 3, deficiency) == pytest.approx(np.full(3, level), abs=1e-6)


@given(arrays(np.float64, (4, 3), elements=st.floats(0, 1)), st.sampled_from(DEFICIENCIES))
def test_the_result_is_a_picture_of_the_same_shape(rgb, deficiency):
    seen = simulate(rgb, deficiency)
    assert seen.shape == rgb.shape
    assert seen.min() >= 0 and seen.max() <= 1
    assert seen[2] == pytest.approx(simulate(rgb[2], deficiency), abs=1e-12)


@given(arrays(np.float64, 3, elements=st.floats(0.2, 0.8)), st.sampled_from(DEFICIENCIES))
def test_seeing_twice_is_seeing_once(rgb, deficiency):
    once = simulate(rgb, deficiency)
    inside = bool((once > 0.001).all() and (once < 0.999).all())  # clipping moves a colour off the plane
    if inside:
        assert simulate(once, deficiency) == pytest.approx(once, abs=0.002)


@pytest.mark.parametrize(("deficiency", "first", "second", "alike"), ALIKE)
def test_confused_colours_are_confused(deficiency, first, second, alike):
    pair = np.array([parse_color(first).rgb, parse_color(second).rgb]) / 255
    seen = srgb_to_lab(simulate(pair, deficiency))
    plain = srgb_to_lab(pair)
    apart, merged = float(delta_e_2000(plain[0], plain[1])), float(delta_e_2000(seen[0], seen[1]))
    assert (merged < 0.6 * apart) == alike, f"ΔE00 {apart:.1f} becomes {merged:.1f}"
