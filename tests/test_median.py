"""Medians by counting are the medians of sorting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandkit.metric.median import channel_medians, median


@given(st.integers(1, 400), st.integers(1, 4), st.integers(0, 2**32 - 1), st.integers(1, 256))
def test_counted_medians_are_sorted_ones(count: int, channels: int, seed: int, levels: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, levels, (count, channels), np.uint8)
    ordered, found = np.sort(pixels, axis=0), channel_medians(pixels)
    assert (found.lower == ordered[(count - 1) // 2]).all() and (found.upper == ordered[count // 2]).all()
    assert (found.middle == np.median(pixels, axis=0)).all()


@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=60), st.sampled_from([np.float32, np.float64]))
def test_selected_medians_are_those_of_numpy(values: list[float], kind: type[np.floating]) -> None:
    array = np.array(values, kind)
    assert median(array) == np.median(array)


def test_no_pixels_have_no_median() -> None:
    with pytest.raises(ValueError, match="N >= 1"):
        channel_medians(np.zeros((0, 3), np.uint8))
