"""Colours: published values, laws that hold for every colour, and scikit-image as the oracle."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from skimage.color import deltaE_ciede2000, rgb2lab

from brandkit.color.contrast import apca_contrast, wcag_contrast
from brandkit.color.difference import delta_e_2000
from brandkit.color.parse import parse_color
from brandkit.color.spaces import lab_to_srgb, oklab_to_oklch, oklab_to_srgb, oklch_to_oklab, srgb_to_lab, srgb_to_oklab

SHARMA = np.loadtxt(Path(__file__).parent / "data/sharma2005.txt")
Floats = NDArray[np.float64]
srgb = arrays(np.float64, 3, elements=st.floats(0, 1))
byte = st.integers(0, 255)
rgb8 = st.tuples(byte, byte, byte)

NOTATIONS = [
    ("#1F4D3A", "#1F4D3A", 1, True),
    ("#abc", "#AABBCC", 1, True),
    ("#abcd", "#AABBCC", 0xDD / 255, True),
    ("#1f4d3a80", "#1F4D3A", 0x80 / 255, True),
    ("rgb(31 77 58)", "#1F4D3A", 1, True),
    ("rgb(31, 77, 58)", "#1F4D3A", 1, True),
    ("rgba(31, 77, 58, 50%)", "#1F4D3A", 0.5, True),
    ("RGB(10% 20% 30% / .25)", "#1A334C", 0.25, True),
    ("rgb(300 -5 0)", "#FF0000", 1, True),
    ("hsl(120deg 100% 25%)", "#008000", 1, True),
    ("hsl(0.5turn, 100%, 50%)", "#00FFFF", 1, True),
    ("hwb(0 20% 20%)", "#CC3333", 1, True),
    ("hwb(0 80% 80%)", "#808080", 1, True),
    ("oklch(62.7966% 0.257704 29.2346)", "#FF0000", 1, True),
    ("oklch(0.519752 0.176858 142.495)", "#008000", 1, True),
    ("oklab(0.627955 0.224863 0.125846)", "#FF0000", 1, True),
    ("lab(54.29054 80.80492 69.89099)", "#FF0000", 1, True),
    ("lch(46.2775 67.9842 134.3838)", "#008000", 1, True),
    ("color(srgb 1 0.5 0)", "#FF8000", 1, True),
    ("color(srgb-linear 0.5 0.5 0.5)", "#BCBCBC", 1, True),
    ("color(display-p3 0 1 0)", "#00FB29", 1, False),
    ("color(xyz-d65 0.412391 0.212639 0.019331)", "#FF0000", 1, True),
    ("color(xyz-d50 0.436066 0.222488 0.013916)", "#FF0000", 1, True),
    ("rebeccapurple", "#663399", 1, True),
    ("transparent", "#000000", 0, True),
    ("oklch(none none none)", "#000000", 1, True),
]
REFUSED = [
    "", "#", "#12", "#12345", "#GGGGGG", "1F4D3A", "notacolor", "rgb(1 2)", "rgb(1 2 3 4)", "rgb(1,2,3,4,5)", "rgb(1deg 2 3)",
    "oklch(a b c)",    "lab(1, 2, 3)", "color(foo 1 2 3)", "color(srgb)", "rgb(1e999 0 0)", "rgb(nan 0 0)",
    "url(x)", "red; drop", "rgb(" + "1" * 500, "var(--x)",
]  # fmt: skip


@pytest.mark.parametrize(("text", "hex_", "alpha", "inside"), NOTATIONS, ids=[row[0] for row in NOTATIONS])
def test_css_notations(text: str, hex_: str, alpha: float, inside: bool) -> None:
    color = parse_color(text)
    assert max(abs(a - b) for a, b in zip(color.rgb, bytes.fromhex(hex_[1:]), strict=True)) <= 1, color.hex
    assert (color.alpha, color.in_srgb) == (pytest.approx(alpha), inside)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_colour_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"write|known|takes|needed"):
        parse_color(text)


@given(rgb8)
def test_hex_round_trips(rgb: tuple[int, int, int]) -> None:
    text = "#{:02X}{:02X}{:02X}".format(*rgb)
    assert parse_color(text) == (text, rgb, 1.0, True)


@given(rgb8)
def test_other_notations_of_a_colour_are_that_colour(rgb: tuple[int, int, int]) -> None:
    lightness, a, b = srgb_to_oklab(np.array(rgb) / 255)
    _, chroma, hue = oklab_to_oklch(np.array([lightness, a, b]))
    assert parse_color(f"oklab({lightness:.9f} {a:.9f} {b:.9f})").rgb == rgb
    assert parse_color(f"oklch({lightness:.9f} {chroma:.9f} {hue:.9f}deg)").rgb == rgb


@given(st.floats(0.15, 1), st.floats(0, 0.4), st.floats(0, 360))  # below, one 8-bit level is a large step of lightness
def test_colours_outside_srgb_keep_their_lightness(lightness: float, chroma: float, hue: float) -> None:
    color = parse_color(f"oklch({lightness:.6f} {chroma:.6f} {hue:.6f})")
    assert srgb_to_oklab(np.array(color.rgb) / 255)[0] == pytest.approx(lightness, abs=0.03)


@pytest.mark.parametrize("row", SHARMA, ids=[str(number) for number in range(1, len(SHARMA) + 1)])
def test_ciede2000_as_published(row: Floats) -> None:
    assert delta_e_2000(row[:3], row[3:6]) == pytest.approx(row[6], abs=1e-4)


def test_the_published_table_is_complete_and_agrees_with_scikit_image() -> None:
    assert SHARMA.shape == (34, 7)
    assert deltaE_ciede2000(SHARMA[:, :3], SHARMA[:, 3:6]) == pytest.approx(SHARMA[:, 6], abs=1e-4)


@given(srgb, srgb)
def test_ciede2000_is_symmetric_not_negative_and_agrees_with_scikit_image(first: Floats, second: Floats) -> None:
    one, two = srgb_to_lab(first), srgb_to_lab(second)
    delta = delta_e_2000(one, two)
    assert delta == pytest.approx(float(delta_e_2000(two, one)), abs=1e-9) and delta >= 0
    assert delta == pytest.approx(float(deltaE_ciede2000(one, two)), abs=1e-6)
    assert delta_e_2000(one, one) == 0


def test_differences_broadcast_and_refuse_other_shapes() -> None:
    assert delta_e_2000(np.zeros((4, 5, 3)), np.zeros(3)).shape == (4, 5)
    with pytest.raises(ValueError, match=r"\(\.\.\., 3\)"):
        delta_e_2000(np.zeros(4), np.zeros(3))


@given(srgb)
def test_spaces_round_trip(color: Floats) -> None:
    assert lab_to_srgb(srgb_to_lab(color)) == pytest.approx(color, abs=1e-6)  # the two parts of the sRGB curve miss each other by 3e-8
    assert oklab_to_srgb(srgb_to_oklab(color)) == pytest.approx(color, abs=1e-6)
    oklab = srgb_to_oklab(color)
    assert oklch_to_oklab(oklab_to_oklch(oklab)) == pytest.approx(oklab, abs=1e-8)


@given(srgb)
def test_lab_agrees_with_scikit_image(color: Floats) -> None:
    assert srgb_to_lab(color) == pytest.approx(rgb2lab(color), abs=0.03)  # its white is rounded to five digits


@pytest.mark.parametrize(
    ("color", "oklab"), [([1, 1, 1], [1, 0, 0]), ([1, 0, 0], [0.627955, 0.224863, 0.125846]), ([0, 0, 1], [0.452014, -0.032457, -0.311528])]
)
def test_oklab_as_published(color: list[float], oklab: list[float]) -> None:
    assert srgb_to_oklab(color) == pytest.approx(oklab, abs=1e-5)


@given(rgb8, rgb8)
def test_wcag_contrast_is_symmetric_and_bounded(first: tuple[int, int, int], second: tuple[int, int, int]) -> None:
    ratio = wcag_contrast(first, second)
    assert ratio == wcag_contrast(second, first)
    assert 1 <= ratio <= 21 + 1e-9
    assert wcag_contrast(first, first) == 1


@pytest.mark.parametrize(("color", "ratio"), [("#000000", 21.0), ("#767676", 4.54), ("#949494", 3.03), ("#595959", 7.0), ("#FF0000", 4.0)])
def test_wcag_contrast_against_white(color: str, ratio: float) -> None:
    assert wcag_contrast(color, "#FFFFFF") == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize(
    ("text", "ground", "lc"),
    [
        ("#888", "#fff", 63.056469930209424), ("#fff", "#888", -68.54146436644962), ("#000", "#aaa", 58.146262578561334),
        ("#aaa", "#000", -56.24113336839742), ("#123", "#def", 91.66830811481631), ("#def", "#123", -93.06770049484275),
        ("#123", "#444", 8.32326136957393), ("#444", "#123", -7.526878460278154), ("#777", "#777", 0.0),
    ],
)  # fmt: skip
def test_apca_as_published(text: str, ground: str, lc: float) -> None:
    assert apca_contrast(text, ground) == pytest.approx(lc, abs=1e-9)
