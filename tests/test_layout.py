"""Both demo brands × every template × shapes × locales: nothing overflows, overlaps, leaves the safe zone or the brand's rules."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from brandkit.brand.load import load_brand
from brandkit.brand.model import BrandDocument
from brandkit.brand.resolve import Brand
from brandkit.campaign.show import show_formats
from brandkit.errors import InputError, LayoutError
from brandkit.image.region import Box
from brandkit.layout import typeset
from brandkit.layout.boxes import Format, Layout, SafeZone
from brandkit.layout.breaking import cut, phrases
from brandkit.layout.engine import choose_template, lay_out, templates_for
from brandkit.layout.formats import get_format, load_formats
from brandkit.layout.given import given_marks, type_scale
from brandkit.layout.typeset import shipped_templates

BRANDS = Path(__file__).parent.parent / "brands"
KITS = ("halfpast", "ebbware", "nightround")
SHAPES = {
    "square": (540, 540, SafeZone()),
    "portrait": (540, 675, SafeZone()),
    "story": (540, 960, SafeZone(135, 0, 190, 0)),
    "link": (600, 314, SafeZone()),
    "slide": (640, 360, SafeZone()),
    "cover": (792, 198, SafeZone()),
    "rectangle": (300, 250, SafeZone()),
    "half-page": (300, 600, SafeZone()),
    "skyscraper": (160, 600, SafeZone()),
    "leaderboard": (728, 90, SafeZone()),
    "billboard": (970, 250, SafeZone()),
    "mobile": (320, 100, SafeZone()),
}
SLACK = 2.0  # px; the boxes are promised to be this exact


@lru_cache
def kit(name: str) -> Brand:
    return load_brand(BRANDS / name)


@lru_cache
def copy_of(name: str) -> dict[str, dict[str, str]]:
    file = next((BRANDS / name / "campaigns").glob("*/campaign.yaml"))
    concepts = yaml.safe_load(file.read_text(encoding="utf-8"))["concepts"]
    copy: dict[str, dict[str, str]] = next(iter(concepts.values()))["copy"]
    return copy


def shape(name: str) -> Format:
    width, height, safe = SHAPES[name]
    return Format(name, name, "test", width, height, "own: test", safe)


def laid(brand: str, template: str, form: str, locale: str, scheme: str | None = None) -> Layout:
    return lay_out(kit(brand), copy=copy_of(brand)[locale], format=shape(form), locale=locale, template=template, scheme=scheme)


def apart(first: Box, second: Box, slack: float = 1.0) -> bool:
    common = first.intersection(second)
    return common.w <= slack or common.h <= slack


def crossed(layout: Layout) -> list[str]:
    """The flat areas and pictures of which an edge runs through the mark's clear space (page edges cut it off)."""
    page = Box(0, 0, layout.format.width, layout.format.height)
    clear = layout.mark.clear.grown(-1).intersection(page)
    areas = [(name, box) for name, box, _ in layout.panels] + ([("picture", layout.picture)] if layout.picture else [])
    return [name for name, box in areas if 0 < clear.intersection(box).area < clear.area - 0.01]


def inside(box: Box, page: Format) -> bool:
    safe = page.safe
    room = Box(safe.left, safe.top, page.width - safe.left - safe.right, page.height - safe.top - safe.bottom).grown(SLACK)
    return box.x >= room.x and box.y >= room.y and box.right <= room.right and box.bottom <= room.bottom


CASES = [
    pytest.param(brand, template, form, locale, id=f"{brand} {template} {form} {locale}")
    for brand, locales in (("halfpast", ("en", "de", "ar")), ("ebbware", ("en", "ja")), ("nightround", ("ar", "ja", "en")))
    for number, template in enumerate(shipped_templates())
    for index, form in enumerate(SHAPES)
    for locale in [locales[(number + index) % len(locales)]]
]


@pytest.mark.parametrize(("brand", "template", "form", "locale"), CASES)
def test_every_layout_keeps_the_rules(brand: str, template: str, form: str, locale: str) -> None:
    layout = laid(brand, template, form, locale)
    mark = kit(brand).marks[layout.mark.name]
    boxes = {slot.name: slot.box for slot in layout.slots} | {f"panel {name}": box for name, box, _ in layout.panels if name == "cta"}
    assert "headline" in boxes, "the headline is never dropped"
    assert {*copy_of(brand)[locale]} == {slot.name for slot in layout.slots} | set(layout.dropped)
    for name, box in boxes.items():
        assert inside(box, layout.format), (name, box)
        assert apart(box, layout.mark.clear), (name, box, layout.mark.clear)
    assert inside(layout.mark.box, layout.format)
    assert not crossed(layout)
    names = [slot.name for slot in layout.slots]
    for one, name in enumerate(names):
        for other in names[one + 1 :]:
            assert apart(boxes[name], boxes[other]), (name, other)
    assert all(slot.size >= layout.format.text_min - 0.01 for slot in layout.slots)
    assert layout.mark.box.w >= float(mark.min_width.removesuffix("px")) - 0.01
    corners = kit(brand).document.logo
    assert corners is not None
    assert layout.rtl == (locale == "ar")
    if layout.picture:
        assert (
            apart(layout.picture, layout.mark.box)
            or layout.mark.ground is None
            or any(name in ("card", "panel", "strip", "block") for name, _, _ in layout.panels)
        )


@pytest.mark.parametrize("locale", ["en", "ar", "de"])
@pytest.mark.parametrize("template", ["full-bleed", "poster", "strip"])
def test_boxes_are_where_the_ink_is(template: str, locale: str) -> None:
    brand, layout = kit("halfpast"), laid("halfpast", template, "portrait", locale)
    _, files = given_marks(brand)
    sources, foreign = typeset.project(brand, template, files)
    page = Image.open(BytesIO(typeset.draw(brand, sources, layout.data | {"mode": "overlay"}, foreign=foreign))).convert("RGBA")
    flat = np.asarray(page).astype(int)
    for slot in layout.slots:
        rows, columns = slot.box.grown(6).pixels(page.width, page.height)
        part = flat[rows, columns]
        under = part[0, 0]
        near = np.abs(part - under).max(axis=-1) > 30
        ys, xs = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
        found = (xs[0] + columns.start, ys[0] + rows.start, xs[-1] + 1 + columns.start, ys[-1] + 1 + rows.start)
        assert found == pytest.approx((slot.box.x, slot.box.y, slot.box.right, slot.box.bottom), abs=SLACK), slot.name


def test_right_to_left_is_the_mirror() -> None:
    english, arabic = laid("halfpast", "split", "link", "en"), laid("halfpast", "split", "link", "ar")
    assert english.picture and arabic.picture
    assert english.picture.x == pytest.approx(arabic.format.width - arabic.picture.right, abs=0.1)
    assert english.mark.box.x == pytest.approx(arabic.format.width - arabic.mark.box.right, abs=0.1)


@pytest.mark.parametrize("template", shipped_templates())
def test_quiet_zones_and_picture_do_not_depend_on_the_length_of_the_copy(template: str) -> None:
    long, short = {"headline": "A rather long headline that takes several lines", "cta": "Go"}, {"headline": "Short", "cta": "Go"}
    first, second = (
        lay_out(kit("halfpast"), copy=copy, format=shape("portrait"), locale="en", template=template) for copy in (long, short)
    )
    assert (first.quiet, first.picture) == (second.quiet, second.picture)


def test_every_line_starts_on_the_margin() -> None:
    """Both lines of an Arabic headline end at the right edge; a block set to the left would leave the shorter one short."""
    layout = laid("halfpast", "poster", "square", "ar")
    _, files = given_marks(kit("halfpast"))
    sources, _ = typeset.project(kit("halfpast"), "poster", files)
    page = np.asarray(Image.open(BytesIO(typeset.draw(kit("halfpast"), sources, layout.data | {"mode": "probe"}))).convert("RGBA"))
    box = next(slot.box for slot in layout.slots if slot.name == "headline")
    rows, columns = box.pixels(540, 540)
    inked = page[rows, columns][..., 3] > 40
    half = inked.shape[0] // 2
    ends = [int(np.flatnonzero(part.any(axis=0))[-1]) for part in (inked[:half], inked[half:])]
    assert abs(ends[0] - ends[1]) <= 4


@pytest.mark.parametrize("brand", KITS)
@pytest.mark.parametrize("template", ["full-bleed", "split", "poster", "frame"])
@pytest.mark.parametrize("form", ["square", "portrait", "link", "slide"])
def test_what_belongs_together_stands_together(brand: str, template: str, form: str) -> None:
    """The label is nearer to the headline than to the mark over both, and the body keeps clear of the headline's tails, in every script."""
    for locale in copy_of(brand):
        layout = laid(brand, template, form, locale)
        at = {slot.name: slot for slot in layout.slots}
        headline, mark = at["headline"], layout.mark.box
        label = at["label"].box if "label" in at else None
        if label and mark.bottom <= label.y and mark.x < label.right and label.x < mark.right:
            assert label.y - mark.bottom > headline.box.y - label.bottom, locale
        if "body" in at:
            assert 0.24 * headline.size <= at["body"].box.y - headline.box.bottom <= 0.86 * headline.size, locale


def test_button_never_has_the_colour_of_its_ground() -> None:
    layout = laid("halfpast", "poster", "square", "en", "line")
    button, block = (next(fill for name, _, fill in layout.panels if name == wanted) for wanted in ("cta", "block"))
    assert button != block


def test_optical_margin() -> None:
    """Label, headline and body stand on one edge by their ink, although their side bearings differ."""
    layout = laid("halfpast", "full-bleed", "square", "en")
    edges = [slot.box.x for slot in layout.slots if slot.name != "cta"]
    assert max(edges) - min(edges) <= 1.0


def test_word_wider_than_its_column_is_an_error_with_place_and_numbers() -> None:
    with pytest.raises(LayoutError, match=r"headline, de, skyscraper: its longest word needs \d+ px and the column has \d+ px") as caught:
        lay_out(
            kit("halfpast"), copy={"headline": "Verkehrsinfrastrukturfinanzierungsgesellschaft"}, format=shape("skyscraper"), locale="de"
        )
    assert "shorten the headline" in (caught.value.hint or "")


def test_a_word_exactly_as_wide_as_its_column_does_not_push_others_out_of_it() -> None:
    copy = {"headline": "Small rooms, long views", "cta": "Book a house"}
    layout = lay_out(kit("halfpast"), copy=copy, format=get_format("google-large-rectangle"), locale="en", template="full-bleed")
    headline = layout.slots[0]
    assert headline.box.right <= headline.zone.right + SLACK


def test_too_much_copy_is_an_error() -> None:
    with pytest.raises(LayoutError, match="body, en, square: the copy needs"):
        lay_out(kit("halfpast"), copy={"headline": "Short", "body": "word " * 390}, format=shape("square"), locale="en")


def test_missing_glyph_is_named() -> None:
    with pytest.raises(LayoutError, match=r"headline, en, square: no font of the brand has '駅' \(U\+99C5"):
        lay_out(kit("halfpast"), copy={"headline": "Meet at 駅"}, format=shape("square"), locale="en")


def test_a_mark_that_may_not_be_as_small_as_the_page_is_refused() -> None:
    low = Format("low", "low", "test", 320, 12, "own: test")
    message = r"en, low: the smallest size .*\(`logo\.marks\.[\w-]+\.min_width`\), does not fit 320×12 px"
    with pytest.raises(LayoutError, match=message) as caught:
        lay_out(kit("nightround"), copy={"headline": "Short"}, format=low, locale="en")
    assert "lockup: symbol" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"template": "tryptich"}, "no template is called 'tryptich'"),
        ({"scheme": "neon"}, "no colour scheme 'neon'"),
        ({"copy": {"subtitle": "x"}}, "no slot is called 'subtitle'"),
        ({"copy": {"headline": "   "}}, "there is no copy to set"),
    ],
)
def test_wrong_names(changes: dict[str, object], message: str) -> None:
    arguments: dict[str, object] = {"copy": {"headline": "x"}, "format": shape("square"), "locale": "en"} | changes
    with pytest.raises(InputError, match=message):
        lay_out(kit("halfpast"), **arguments)  # type: ignore[arg-type]


WORDS = st.lists(st.text(alphabet="abcdefghijklmnoprstuvw", min_size=1, max_size=16), min_size=1, max_size=30).map(" ".join)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    headline=WORDS,
    body=WORDS,
    form=st.sampled_from(["square", "link", "skyscraper", "leaderboard"]),
    template=st.sampled_from(["split", "card", "strip"]),
)
def test_random_copy_fits_or_is_refused(headline: str, body: str, form: str, template: str) -> None:
    try:
        layout = lay_out(
            kit("halfpast"), copy={"headline": headline, "body": body, "cta": "Go"}, format=shape(form), locale="en", template=template
        )
    except LayoutError as error:
        assert form in error.message
        return
    for slot in layout.slots:
        assert inside(slot.box, layout.format)
        assert apart(slot.box, layout.mark.clear)


def test_same_input_same_layout() -> None:
    first, second = laid("ebbware", "card", "link", "ja"), laid("ebbware", "card", "link", "ja")
    assert first == second and first.data == second.data


def test_dropping_on_request() -> None:
    layout = lay_out(kit("halfpast"), copy=copy_of("halfpast")["en"], format=shape("square"), locale="en", drop=["body", "legal"])
    assert {"body", "legal"} <= set(layout.dropped)


def test_templates_and_default_choice() -> None:
    assert len(templates_for(kit("halfpast"))) >= 7
    chosen = {choose_template(form) for form in load_formats().values()}
    assert chosen <= set(shipped_templates()) and len(chosen) >= 3


def test_type_scale_is_one_at_the_reference_and_grows_with_the_page() -> None:
    assert type_scale(1080, 1080) == 1
    sizes = [type_scale(side, side) for side in (100, 300, 600, 1080, 2160)]
    assert sizes == sorted(sizes) and sizes[-1] == 2


def test_japanese_particles_stay_with_their_word() -> None:
    assert phrases("引き潮の色を、毎日の器に") == ["引き", "潮の", "色を、", "毎日の", "器に"]
    assert phrases("マグを見る") == ["マグを", "見る"]


@pytest.mark.parametrize("form", ["rectangle", "link", "portrait"])
def test_japanese_phrases_stay_whole_rather_than_as_large_as_goes(form: str) -> None:
    """Set as large as it goes, the headline once broke inside a word."""
    longest = max(phrases("朝六時の行列が、私たちにパンのすべてを教えてくれました。"), key=len)
    copy = {"headline": "朝六時の行列が、私たちにパンのすべてを教えてくれました。"}
    layout = lay_out(kit("ebbware"), copy=copy, format=shape(form), locale="ja", template="poster")
    headline = layout.slots[0]
    assert headline.size * (len(longest) - 1) <= headline.zone.w, "the longest phrase fits into one line"


def test_a_soft_hyphen_says_where_a_long_word_may_break() -> None:
    word = "Feinschmecker\u00adwochenend\u00adfrühstücks\u00adgutschein\u00adverkaufs\u00adstelle"
    assert cut(word, script="latin").words == ("Feinschmecker-", "wochenend-", "frühstücks-", "gutschein-", "verkaufs-", "stelle")
    broken = lay_out(kit("ebbware"), copy={"headline": word}, format=shape("rectangle"), locale="de", template="poster")
    with pytest.raises(LayoutError, match="its longest word") as refused:
        lay_out(kit("ebbware"), copy={"headline": word.replace("\u00ad", "")}, format=shape("rectangle"), locale="de", template="poster")
    assert "U+00AD" in (refused.value.hint or "") and broken.slots[0].box.h > 2 * broken.slots[0].size


def test_no_lone_last_word_and_hanging_quotes() -> None:
    assert cut("one two three go", script="latin").lines == (("one two three\u00a0go",),)
    assert cut("“Quoted” text", script="latin").hang == "“"
    assert cut("first\nsecond", script="latin").lines == (("first",), ("second",))


WORKED = re.search(r"```typst\n(.*?)```", (BRANDS.parent / "docs" / "templates.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("form", ["square", "story", "leaderboard"])
def test_the_example_in_the_docs_works(tmp_path: Path, form: str) -> None:
    assert WORKED
    layout = lay_out(own_kit(tmp_path, WORKED[1]), copy=copy_of("halfpast")["ar"], format=shape(form), locale="ar", template="mine")
    assert layout.panels[0][0] == "band" and layout.panels[0][1].right == layout.format.width


OWN = """
#import "/prelude.typ": *
#let arrange(p) = plan(p, (stack(p, p.area, corner: "top-left", ground: p.scheme.ground),))
"""


def own_kit(folder: Path, template: str) -> Brand:
    whole = kit("halfpast")
    (folder / "mine.typ").write_text(template, encoding="utf-8")
    tree = whole.document.model_dump(by_alias=True)
    tree["layout"]["templates"] = "templates"
    return Brand(BrandDocument.model_validate(tree), whole.file, {}, "", {**whole.paths, ("layout", "templates"): folder})


def test_own_template(tmp_path: Path) -> None:
    layout = lay_out(own_kit(tmp_path, OWN), copy={"headline": "Ours"}, format=shape("square"), locale="en", template="mine")
    assert layout.template == "mine" and layout.picture is None


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('#let arrange(p) = read("/etc/hostname")', "not found"),
        ('#let arrange(p) = read("/../../../etc/hostname")', "cannot be set"),
        ("#let arrange(p) = { while true {} }", "cannot be set"),
        ("#let arrange(p) = 3", "cannot be set|no plan"),
        ('#import "@preview/cetz:0.3.0"', "cannot be set"),
    ],
)
def test_own_template_is_contained(tmp_path: Path, source: str, message: str) -> None:
    with pytest.raises(LayoutError, match=message):
        lay_out(own_kit(tmp_path, source), copy={"headline": "x"}, format=shape("square"), locale="en", template="mine")


def test_catalogue() -> None:
    formats = load_formats()
    assert len(formats) >= 28
    for form in formats.values():
        assert form.source.startswith("own:" if form.confidence == "convention" else "https://"), form.name
        assert bool(form.checked) == (form.confidence != "convention"), form.name
    known = [form for form in formats.values() if form.confidence in ("confirmed", "secondary")]
    assert len(known) >= 25
    with pytest.raises(InputError, match="no format is called 'instagram-sqare'") as caught:
        get_format("instagram-sqare")
    assert "instagram-" in (caught.value.hint or "")


def test_formats_show_how_well_figures_are_known() -> None:
    formats = load_formats()
    rows = {row["name"]: row for row in json.loads(show_formats(formats, "json"))}
    assert rows["google-leaderboard"]["confidence"] == "confirmed" and rows["google-leaderboard"]["checked"]
    assert rows["slide"]["confidence"] == "convention" and rows["slide"]["checked"] is None
    lines = {line.split()[0]: line.split() for line in show_formats(formats, "text").splitlines() if line}
    assert all(form.confidence in lines[name] for name, form in formats.items())


def test_own_formats(tmp_path: Path) -> None:
    file = tmp_path / "formats.toml"
    file.write_text(
        '[format.kiosk]\ntitle = "Kiosk"\nplatform = "Own"\nsize = [1080, 2160]\nsource = "own: measured"\nchecked = "2026-11-01"\n',
        encoding="utf-8",
    )
    assert get_format("kiosk", file).height == 2160
    file.write_text('[format.kiosk]\ntitle = "Kiosk"\nsize = [10, 2160]\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"format\.kiosk"):
        get_format("kiosk", file)


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        ('confidence = "confirmed"', "confirmed figures need the day"),
        ('confidence = "secondary"\nchecked = ""', "secondary figures need the day"),
        ('confidence = "sure"\nchecked = "2026-11-01"', "confidence"),
        ('checked = "last week"', "checked"),
    ],
)
def test_figures_need_grounds(tmp_path: Path, figures: str, message: str) -> None:
    file = tmp_path / "formats.toml"
    entry = '[format.kiosk]\ntitle = "Kiosk"\nplatform = "Own"\nsize = [1080, 2160]\nsource = "own: measured"\n'
    file.write_text(entry + 'confidence = "unconfirmed"\n', encoding="utf-8")
    assert get_format("kiosk", file).confidence == "unconfirmed"
    file.write_text(entry + figures + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        get_format("kiosk", file)
