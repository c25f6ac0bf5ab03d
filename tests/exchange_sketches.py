"""Sketches made by Hypothesis, for the laws of foreign formats."""

from __future__ import annotations

import string
from typing import Any

from hypothesis import strategies as st

from brandkit.brand.exchange.sketch import STYLE_SLOTS, Color, Font, Mark, Sketch, Style

names = st.from_regex(r"[a-z][a-z0-9]{0,6}(-[a-z][a-z0-9]{0,5})?", fullmatch=True)
words = st.text(string.ascii_letters + " ,.:;#'\"{}[]!&*%@`-éß漢字", min_size=1, max_size=24).map(str.strip).filter(bool)
hexes = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06X}")


def _number(low: float, high: float) -> st.SearchStrategy[str]:
    return (
        st.floats(low, high, allow_nan=False)
        .map(lambda value: f"{round(value, 4):.4f}".rstrip("0").rstrip(".") or "0")
        .map(lambda text: "0" if text == "-0" else text)
    )


wide = st.one_of(
    st.tuples(_number(0, 1), _number(0, 0.4), _number(0, 359)).map(lambda lch: "oklch({} {} {})".format(*lch)),
    st.tuples(_number(0, 1), _number(-0.4, 0.4), _number(-0.4, 0.4)).map(lambda lab: "oklab({} {} {})".format(*lab)),
    st.tuples(_number(0, 100), _number(-120, 120), _number(-120, 120)).map(lambda lab: "lab({} {} {})".format(*lab)),
    st.tuples(_number(0, 100), _number(0, 140), _number(0, 359)).map(lambda lch: "lch({} {} {})".format(*lch)),
    st.tuples(_number(0, 359), _number(0, 100), _number(0, 100)).map(lambda hsl: "hsl({} {}% {}%)".format(*hsl)),
    st.tuples(_number(0, 359), _number(0, 100), _number(0, 100)).map(lambda hwb: "hwb({} {}% {}%)".format(*hwb)),
    st.tuples(
        st.sampled_from(["srgb-linear", "display-p3", "a98-rgb", "prophoto-rgb", "rec2020", "xyz-d65", "xyz-d50"]),
        _number(0, 1), _number(0, 1), _number(0, 1),
    ).map(lambda rgb: "color({} {} {} {})".format(*rgb)),
)  # fmt: skip
colors = st.builds(
    Color,
    name=names,
    value=hexes | wide,
    role=st.sampled_from(["", "primary", "secondary", "surface", "ink", "accent", "neutral", "tint"]),
    note=st.just("") | words,
)
marks = st.builds(
    Mark,
    name=names,
    file=names.map(lambda name: f"logo/{name}.svg"),
    on=st.lists(st.sampled_from(["light", "dark", "photo"]), unique=True, max_size=3).map(tuple),
    lockup=st.sampled_from(["", "horizontal", "stacked", "symbol", "wordmark"]),
    alt=st.just("") | words,
)


@st.composite
def fonts_and_styles(draw: st.DrawFn) -> tuple[tuple[Font, ...], tuple[Style, ...]]:
    """Families of different names, and styles that use them."""
    keys = draw(st.lists(names, unique=True, max_size=3))
    families = draw(st.lists(st.from_regex(r"[A-Z][a-z]{2,8}( [A-Z][a-z]{1,6})?", fullmatch=True), min_size=3, max_size=3))
    fonts = tuple(
        Font(name, families[index], tuple(draw(st.lists(names.map(lambda stem: f"fonts/{stem}.ttf"), unique=True, max_size=2))))
        for index, name in enumerate(keys)
    )
    slots = draw(st.lists(st.sampled_from(STYLE_SLOTS), unique=True, max_size=4)) if fonts else []
    styles = tuple(
        Style(
            slot,
            draw(st.sampled_from(keys)),
            draw(st.none() | st.integers(8, 200).map(float)),
            draw(st.none() | st.integers(1, 9).map(lambda hundreds: hundreds * 100)),
            draw(st.none() | st.integers(80, 250).map(lambda hundredths: hundredths / 100)),
            draw(st.none() | st.integers(-100, 500).map(lambda thousandths: thousandths / 1000)),
        )
        for slot in slots
    )
    return fonts, styles


@st.composite
def sketches(draw: st.DrawFn) -> Sketch:
    """Whole sketches with at least one colour."""
    fonts, styles = draw(fonts_and_styles())
    tone: dict[str, Any] = {}
    if voice := draw(st.lists(words, max_size=3)):
        tone["voice"] = voice
    if ban := draw(st.lists(words, max_size=2)):
        tone["ban"] = ban
    rest: dict[str, Any] = {}
    if style := draw(st.none() | words):
        rest["imagery"] = {"style": style}
    if tolerance := draw(st.none() | st.integers(1, 20)):
        rest["palette"] = {"tolerance": tolerance}
    return Sketch(
        name=draw(words),
        idea=draw(st.just("") | words),
        colors=tuple(draw(st.lists(colors, min_size=1, max_size=6, unique_by=lambda color: color.name))),
        fonts=fonts,
        styles=styles,
        marks=tuple(draw(st.lists(marks, max_size=3, unique_by=lambda mark: mark.name))),
        tone=tone,
        rest=rest,
    )
