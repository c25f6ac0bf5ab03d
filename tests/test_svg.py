"""What a logo SVG may hold: attacks, mistakes and the limits, and that what remains is drawn as before."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandkit.errors import PictureError
from brandkit.image.svg import clean_svg, svg_colors, svg_size
from brandkit.image.svg_css import rules_of, urls_of, without_comments
from brandkit.image.vector import mark_size, render_mark

CORPUS = Path(os.environ.get("BRANDKIT_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 20 10"'
BOMB = "<defs><path id='a0' d='M0 0h1'/>" + "".join(
    f"<g id='a{i}'>" + f"<use href='#a{i - 1}'/>" * 10 + "</g>" for i in range(1, 9)
) + "</defs><use href='#a8'/>"  # fmt: skip

REFUSED = [
    ("a script", "<script>alert(1)</script>", "<script> is not allowed"),
    ("a foreign object", "<foreignObject/>", "<foreignObject> is not allowed"),
    ("an event handler", "<path d='M0 0h1' onclick='x()'/>", "event handler 'onclick'"),
    ("live text", "<text>Any</text>", "live text"),
    ("a file", "<image href='../secret.png'/>", "out of the file"),
    ("an address", "<image xlink:href='https://example.com/a.png'/>", "out of the file"),
    ("another SVG inside", "<image href='data:image/svg+xml;base64,AAAA'/>", "out of the file"),
    ("a broken picture inside", "<image href='data:image/png;base64,AAAA'/>", "does not load"),
    ("a use of another file", "<use href='other.svg#a'/>", "out of the file"),
    ("a paint from an address", "<path fill='url(https://example.com#a)'/>", "leads out of the file"),
    ("a quoted paint from a file", "<path style='fill:url(\"a.svg#b\")'/>", "leads out of the file"),
    ("an escaped url", "<path style='fill:u\\72l(a)'/>", "leads out of the file"),
    ("an unclosed url", "<path fill='url(http://a'/>", "leads out of the file"),
    ("an import", "<style>@import 'a.css';</style>", "@import"),
    ("a clever selector", "<style>g > path:first-child {fill: red}</style>", "style selector"),
    ("a use of itself", "<g id='a'><use href='#a'/></g>", "refers to itself"),
    ("two gradients in a circle", "<linearGradient id='a' href='#b'/><linearGradient id='b' href='#a'/>", "refers to itself"),
    ("a pattern filled with itself", "<pattern id='a'><path fill='url(#a)'/></pattern>", "refers to itself"),
    ("a use bomb", BOMB, "unfolds to"),
    ("too many filters", "<filter id='f'><feFlood/></filter>" + "<path filter='url(#f)'/>" * 200, "unfolds to"),
    ("a chain of uses", "".join(f"<g id='a{i}'><use href='#a{i + 1}'/></g>" for i in range(4000)), "more than 128 elements"),
    (
        "a chain of gradients",
        "<path fill='url(#a0)'/>" + "".join(f"<linearGradient id='a{i}' href='#a{i + 1}'/>" for i in range(4000)),
        "more than 128 elements",
    ),
    ("an id for everything", "<g id='a'/>" * 60, "the id 'a' for more than 50 elements"),
    (
        "rules without end",
        "<style>.a{" + "fill:red;" * 50_000 + "}</style>" + "<path class='a'/>" * 60,
        "style rules that apply to 20,000,000 characters",
    ),
    ("a url that is never closed, many times", "<path fill='" + "url(" * 400_000 + "'/>", "leads out of the file"),
    ("groups upon groups", "<g opacity='.5'>" * 12 + "</g>" * 12, "nested groups with opacity"),
    ("depth", "<g>" * 70 + "</g>" * 70, "deep"),
    ("many elements", "<g/>" * 20_001, "more than 20000 elements"),
    ("a filter over a country", "<filter id='f' filterUnits='userSpaceOnUse' x='-9' width='9e4'><feFlood/></filter>", "filter region"),
    ("a filter over a hundred shapes", "<filter id='f' height='9000%'><feFlood/></filter>", "filter region"),
    ("a blur without end", "<filter id='f'><feGaussianBlur stdDeviation='9999'/></filter>", "blur"),
]


def svg(body: str, head: str = HEAD) -> bytes:
    return f"{head}>\n{body}</svg>".encode()


@pytest.mark.parametrize(("body", "message"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_is_dangerous_is_refused_with_its_place(body: str, message: str) -> None:
    with pytest.raises(PictureError) as caught:
        clean_svg(svg(body), name="logo.svg")
    assert message in caught.value.message
    assert caught.value.message.startswith("logo.svg:") and caught.value.hint
    assert caught.value.message.split(":")[1].isdigit()


LONG = {  # each takes a regular expression hours, and must take no longer than it is
    "a sheet without rules": "<style>" + "a" * 1_900_000 + "</style><path d='M0 0h1'/>",
    "comments that are never closed": "<style>" + "/* " * 600_000 + "</style>",
    "braces": "<style>" + "{" * 900_000 + "</style>",
    "space before a target": "<path fill='url(" + " " * 1_800_000 + "#a)'/>",
    "a length": "<rect width='" + "1" * 1_800_000 + "x!'/>",
    "a rule and its class, again and again": "<style>" + ".a{fill:red}" * 100_000 + "</style><path class='" + "a " * 100_000 + "'/>",
}


@pytest.mark.parametrize("body", LONG.values(), ids=LONG)
def test_long_texts_are_read_in_time_that_grows_with_their_length(body: str) -> None:
    assert clean_svg(svg(body), name="logo.svg").startswith(b"<svg")


css = st.text(st.sampled_from("ab{}/*;:., #\n"), max_size=60)


@given(css)
def test_rules_and_comments_are_those_that_a_pattern_finds(text: str) -> None:
    assert rules_of(text) == re.findall(r"([^{}]*)\{([^{}]*)\}", text)
    closed = text + " */"  # a comment that stays open reaches to the end
    assert without_comments(closed) == re.sub(r"/\*.*?\*/", "", closed, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("value", "targets"),
    [
        ("none", []),
        ("url(#a)", ["#a"]),
        ("URL( '#a' ) url(\"#b\")", ["#a", "#b"]),
        ("url(#a", [""]),
        ("url(url(#a))", ["url(#a"]),
        ("url()", [""]),
    ],
)
def test_targets_of_url(value: str, targets: list[str]) -> None:
    assert urls_of(value) == targets


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not well-formed"),
        (b"<svg", "not well-formed"),
        (b"<html/>", "starts with <html>"),
        (b"<svg viewBox='0 0 1 1'/>", "without the SVG namespace"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg(""), "DOCTYPE"),
        (b"\x1f\x8b\x08", "svgz"),
        (b"<?xml version='1.0' encoding='nonsense'?>" + svg(""), "encoding"),
        (svg("<g>" + " " * 2_000_001 + "</g>"), "2.0 MB"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "no size"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 0"/>', "unusable size"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="900"/>', "unusable size"),
    ],
)
def test_what_is_no_usable_svg_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(PictureError, match=message):
        clean_svg(data, name="logo.svg")


ILLUSTRATOR = (
    b'<?xml version="1.0" encoding="utf-8"?>\n<!-- Generator: Adobe Illustrator 24.0.1 -->\n'
    b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"'
)


def test_an_illustrator_file_with_a_bare_doctype_is_read() -> None:
    clean = clean_svg(ILLUSTRATOR + b">\n" + svg("<path d='M0 0h5v5z'/>"), name="a.svg")
    assert b"DOCTYPE" not in clean and b"M0 0h5v5z" in clean


def test_the_message_on_illustrators_own_declarations_says_how_to_save() -> None:
    with pytest.raises(PictureError) as caught:
        clean_svg(ILLUSTRATOR + b' [\n\t<!ENTITY ns_svg "http://www.w3.org/2000/svg">\n]>\n' + svg(""), name="a.svg")
    assert caught.value.message.startswith("a.svg:3:") and "Illustrator Editing Capabilities" in str(caught.value.hint)


@pytest.mark.parametrize("body", ["<path d='&a;M0 0h5'/>", "<desc>&nbsp;</desc>", "<g id='a&b.c;'/>"])
def test_under_a_doctype_no_entity_is_left_out_unseen(body: str) -> None:
    with pytest.raises(PictureError, match="which the file does not define"):
        clean_svg(ILLUSTRATOR + b">\n" + svg(body), name="a.svg")
    assert clean_svg(ILLUSTRATOR + b">\n" + svg("<g id='a&amp;b&#65;'/>"), name="a.svg")


def test_what_a_logo_needs_is_kept_and_the_rest_dropped() -> None:
    body = (
        "<title>Any</title><metadata><x/></metadata><style>.st0{fill:#F37726;behavior:none}</style>"
        "<g data-name='x' transform='scale(2)'><path class='st0' d='M0 0h5v5z'/></g>"
    )
    clean = clean_svg(svg(body, HEAD + ' xmlns:inkscape="http://www.inkscape.org" inkscape:label="y"'), name="logo.svg").decode()
    assert ".st0{fill:#F37726}" in clean and 'd="M0 0h5v5z"' in clean and 'transform="scale(2)"' in clean
    assert not any(word in clean for word in ("title", "metadata", "inkscape", "data-name", "behavior", "xlink"))
    assert clean_svg(clean.encode(), name="again.svg").decode() == clean


def test_size_and_paints_are_read() -> None:
    assert svg_size(svg("")) == (20, 10)
    assert svg_size(svg("", HEAD.replace("viewBox", 'width="2in" viewBox'))) == (192, 96)
    body = "<path d='M0 0'/><path fill='rgb(255 0 0)'/><g style='stroke:blue;fill:none'><path/></g>"
    assert svg_colors(svg(body)) == ["#000000", "#FF0000", "#0000FF"]


def test_a_rendering_is_crisp_straight_and_cached(tmp_path: Path) -> None:
    file = tmp_path / "half.svg"
    file.write_bytes(svg("<path fill='#F37726' fill-opacity='.5' d='M0 0h10v10H0z'/>"))
    pixels = render_mark(file, 40)
    assert pixels.shape == (20, 40, 4) and not pixels.flags.writeable
    assert np.abs(pixels[:, :20].astype(int) - (0xF3, 0x77, 0x26, 128)).max() <= 2, "straight, not premultiplied"
    assert not pixels[:, 20:, 3].any(), "the edge is on a pixel, so nothing bleeds"
    assert render_mark(file, 40) is pixels and mark_size(file) == (20, 10)
    file.write_bytes(svg("<path d='M0 0h20v10H0z'/>"))
    assert render_mark(file, 40)[0, 0].tolist() == [0, 0, 0, 255], "the cache goes by content"


def test_a_png_mark_is_scaled_without_hidden_colour(tmp_path: Path) -> None:
    from PIL import Image

    picture = Image.new("RGBA", (40, 20), (255, 0, 255, 0))
    picture.paste((0, 80, 0, 255), (0, 0, 20, 20))
    picture.save(tmp_path / "mark.png")
    pixels = render_mark(tmp_path / "mark.png", 13)
    inked = pixels[..., 3] > 60
    assert pixels.shape == (6, 13, 4) and pixels[inked][:, 0].max() <= 4, "no magenta in the edge"


@pytest.mark.parametrize("data", [b"GIF89a", b"", b"\x89PNG\r\n\x1a\nbroken", b"\x00\x01\x02"])
def test_what_is_no_mark_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "mark.svg").write_bytes(data)
    with pytest.raises(PictureError, match=r"mark\.svg"):
        render_mark(tmp_path / "mark.svg", 20)


def test_a_missing_mark_and_a_huge_rendering_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="cannot be read"):
        render_mark(tmp_path / "none.svg", 20)
    (tmp_path / "a.svg").write_bytes(svg(""))
    with pytest.raises(PictureError, match="too large"):
        render_mark(tmp_path / "a.svg", 8000)


@pytest.mark.skipif(not CORPUS.exists(), reason="needs the corpus of real files (BRANDKIT_CORPUS)")
def test_every_collected_logo_draws() -> None:
    files = sorted((CORPUS / "brands").glob("*/logos/*.svg"))
    assert len(files) >= 80 and all(render_mark(file, 64)[..., 3].any() for file in files)


@pytest.mark.skipif(not CORPUS.exists(), reason="needs the corpus of real files (BRANDKIT_CORPUS)")
def test_every_hostile_svg_draws_or_is_refused() -> None:
    outcomes = []
    for file in sorted((CORPUS / "badsvg").glob("*/*")):
        try:
            outcomes.append(render_mark(file, 128).shape[1] == 128)
        except PictureError as error:
            outcomes.append(file.name in error.message and bool(error.hint))
    assert len(outcomes) >= 150 and all(outcomes)
