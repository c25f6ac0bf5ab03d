"""Medians by counting are the medians of sorting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandkit.metric.median import channel_medians, median, quantiles


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 4), st.integers(0, 2**32 - 1), st.integers(1, 256), st.booleans())
def test_counted_medians_are_sorted_ones(height: int, width: int, channels: int, seed: int, levels: int, masked: bool) -> None:
    rng = np.random.default_rng(seed)
    picture = rng.integers(0, levels, (height, width, channels), np.uint8)
    mask = rng.random((height, width)) < 0.5
    mask[0, 0] = True
    pixels = picture[mask] if masked else picture.reshape(-1, channels)
    count, ordered, found = len(pixels), np.sort(pixels, axis=0), channel_medians(picture, mask if masked else None)
    assert (found.lower == ordered[(count - 1) // 2]).all() and (found.upper == ordered[count // 2]).all()
    assert (found.middle == np.median(pixels, axis=0)).all()


@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=60), st.sampled_from([np.float32, np.float64]))
def test_selected_medians_are_those_of_numpy(values: list[float], kind: type[np.floating]) -> None:
    array = np.array(values, kind)
    assert median(array) == np.median(array)


@given(st.integers(1, 4), st.integers(1, 80), st.lists(st.floats(0, 1), min_size=1, max_size=20), st.integers(0, 2**32 - 1))
def test_sorted_quantiles_are_those_of_numpy(rows: int, count: int, shares: list[float], seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(rows, count))
    assert (quantiles(values, np.array(shares)) == np.quantile(values, shares, axis=1).T).all()


def test_no_pixels_have_no_median() -> None:
    with pytest.raises(ValueError, match="at least one pixel"):
        channel_medians(np.zeros((0, 4, 3), np.uint8))
    with pytest.raises(ValueError, match="at least one pixel"):
        channel_medians(np.zeros((2, 4, 3), np.uint8), np.zeros((2, 4), bool))
