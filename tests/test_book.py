"""The brand book: what is in it, that the same kit gives the same bytes, and that no kit breaks it or gets out of its strings."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from painting import make_brand
from typer.testing import CliRunner

from brandkit.book import samples
from brandkit.book.colour import LEADING, leading, matrix, values, vision
from brandkit.book.gather import gather
from brandkit.book.html import render_page
from brandkit.book.look import look_of
from brandkit.book.typeset import set_pages
from brandkit.brand.load import load_brand
from brandkit.check.registry import load_checks
from brandkit.cli.main import app
from brandkit.color.contrast import wcag_contrast

ROOT = Path(__file__).parent.parent
FONTS = ROOT / "brands/halfpast/fonts"
MARK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path fill="#222244" d="M0 0H40V20H0Z"/></svg>'
HOSTILE = '#import "@preview/x:1.0.0" </script><script>alert(1)</script> "quoted" {{ 7 * 7 }} $x^2$ \\ *a* @b <c>'
KITS = yaml.safe_load((Path(__file__).parent / "cases_book.yaml").read_text(encoding="utf-8"))


class Text(HTMLParser):
    """Headings and words of a page, and every address it names."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.hidden = tag == "style"
        self.addresses += [value or "" for key, value in attrs if key in ("src", "href")]

    def handle_data(self, data: str) -> None:
        if not self.hidden and data.strip():
            self.lines.append(" ".join(data.split()))


@pytest.fixture(autouse=True)
def few_samples(monkeypatch):
    """Two layouts are as good a test as eight, and take a quarter of the time."""
    monkeypatch.setattr(samples, "SHOWN", (("poster", "instagram-post", 0), ("strip", "google-leaderboard", 0)))
    monkeypatch.setattr(samples, "LATER", ("instagram-post", "poster", 0))


def write_kit(folder: Path, kit: dict[str, object]) -> Path:
    """A kit on disk with its mark and its font files beside it."""
    folder.mkdir()
    (folder / "mark.svg").write_text(MARK)
    for font in FONTS.glob("*.ttf"):
        (folder / font.name).write_bytes(font.read_bytes())
    (folder / "brand.yaml").write_text(yaml.safe_dump({"brandkit": 1, **kit}, allow_unicode=True), encoding="utf-8")
    return folder


def read(html: str) -> Text:
    text = Text()
    text.feed(html)
    return text


@pytest.mark.parametrize("kit", KITS, ids=lambda kit: kit["name"])
def test_a_hard_kit_has_the_sections_that_it_says_something_about(kit, tmp_path):
    brand = load_brand(write_kit(tmp_path / "kit", kit["brand"]))
    content = gather(brand)
    pdf = set_pages(content, brand)
    page = read(render_page(content, brand))
    titles = kit["sections"]
    assert json.loads(set_pages(content, brand, "query"))[0]["sections"] == titles
    assert pdf.startswith(b"%PDF-")
    assert [line for line in page.lines if line in titles]
    assert not [address for address in page.addresses if not address.startswith(("data:", "#"))]


def test_words_of_a_kit_are_words_and_nothing_else(tmp_path):
    kit = {
        "name": HOSTILE[:110], "idea": HOSTILE,
        "palette": {"colors": {"night": {"value": "#101020", "why": HOSTILE}, "day": {"value": "#F0F0F4", "role": "surface"}}},
        "logo": {"marks": {"main": {"file": "mark.svg", "alt": HOSTILE}}},
        "typography": {"families": {"text": {"files": ["IBMPlexSans-Regular.ttf"]}}},
        "tone": {"voice": [HOSTILE], "prefer": [{"instead_of": HOSTILE, "say": HOSTILE, "why": HOSTILE}], "ban": [HOSTILE]},
        "imagery": {"style": HOSTILE, "subjects": {"prefer": [HOSTILE]}},
    }  # fmt: skip
    brand = load_brand(write_kit(tmp_path / "kit", kit))
    content = gather(brand)
    html = render_page(content, brand)
    page = read(html)
    assert set_pages(content, brand).startswith(b"%PDF-")
    assert "script" not in page.tags
    assert page.lines.count(HOSTILE) >= 6
    assert "c" not in page.tags


def test_the_same_kit_gives_the_same_bytes(tmp_path):
    brand = load_brand(ROOT / "brands/halfpast")
    one, two = gather(brand), gather(brand)
    assert one.files == two.files
    assert set_pages(one, brand) == set_pages(two, brand)
    assert render_page(one, brand) == render_page(two, brand)


@pytest.mark.parametrize("name", ["halfpast", "ebbware", "nightround", "nightround/firstlight"])
def test_what_the_book_of_a_demo_brand_says(name, golden):
    brand = load_brand(ROOT / "brands" / name)
    content = gather(brand)
    content.values["gate"]["rows"] = []  # the checks have tests of their own, and change more often than the book
    plan = json.loads(set_pages(content, brand, "query"))[0]
    lines = [line for line in read(render_page(content, brand)).lines if brand.kit_hash not in line and "brandkit" not in line]
    head = [f"{plan['pages']} pages", *plan["sections"], "---"]
    golden(f"book-{name.replace('/', '-')}.txt", "\n".join([*head, *lines]) + "\n")


def test_every_check_stands_with_its_limits_in_the_gate(tmp_path):
    kit = {"name": "Any", "palette": {"colors": {"ink": {"value": "#112233"}}}, "gate": {"limits": {"gamut": [2.5, 7]}}}
    rows = {row["id"]: row for row in gather(load_brand(write_kit(tmp_path / "kit", kit))).values["gate"]["rows"]}
    assert set(rows) == {check.id for check in load_checks()}
    assert (rows["gamut"]["pass"], rows["gamut"]["fail"]) == ("≤ 2.5", "≥ 7")
    assert rows["gamut"]["source"].startswith("brand.yaml:")


def test_every_check_stands_in_a_group_of_the_gates_page():
    gate = gather(load_brand(ROOT / "brands/halfpast")).values["gate"]
    assert {row["group"] for row in gate["rows"]} == set(gate["groups"])
    assert next(row["group"] for row in gate["rows"] if row["id"] == "logo-size") == "The mark"


@pytest.mark.parametrize(("primary", "sinks"), [("#2A2A4A", True), ("#F2C94C", False)])
def test_a_mark_that_sinks_into_the_covers_colour_stands_beside_it(tmp_path, primary, sinks):
    colors = {"main": {"value": primary, "role": "primary"}, "snow": {"value": "#F4F6F2", "role": "surface"}}
    kit = {"name": "Any", "palette": {"colors": colors}, "logo": {"marks": {"main": {"file": "mark.svg", "on": ["light", "dark"]}}}}
    values = gather(load_brand(write_kit(tmp_path / "kit", kit))).values
    assert (bool(values["cover_mark"]), bool(values["cover_panel"])) == (not sinks, sinks)


@pytest.mark.parametrize("name", ["halfpast", "ebbware", "nightround"])
def test_the_books_own_text_can_be_read(name):
    look = look_of(load_brand(ROOT / "brands" / name))
    assert wcag_contrast(look.ink, look.paper) >= 7
    assert wcag_contrast(look.quiet, look.paper) >= 4.5
    assert wcag_contrast(look.on_poster, look.poster) >= 4.5


@pytest.mark.parametrize(
    ("color", "expected"),
    [
        ("#FF0000", {"rgb": "255 0 0", "cmyk": "0 100 100 0", "oklch": "0.628 0.258 29°"}),
        ("#000000", {"rgb": "0 0 0", "cmyk": "0 0 0 100", "oklch": "0.000 0.000 0°"}),
        ("#808080", {"rgb": "128 128 128", "cmyk": "0 0 0 50", "oklch": "0.600 0.000 0°"}),
    ],
)
def test_values_of_known_colours(color, expected):
    found = values(color)
    assert {key: found[key] for key in expected} == expected


def test_red_and_green_are_said_to_look_alike(tmp_path):
    colors = {"red": {"value": "#B0643C"}, "green": {"value": "#7F7A34"}, "sky": {"value": "#BBD7FF"}}
    rows = vision(load_brand(write_kit(tmp_path / "kit", {"name": "Any", "palette": {"colors": colors}})))
    assert rows[0]["close"] == ""
    assert any("red" in row["close"] and "green" in row["close"] for row in rows[1:3])
    assert [row["title"] for row in rows] == ["As it is", "Protanopia", "Deuteranopia", "Tritanopia"]


def test_the_command_writes_both_files_and_says_where(tmp_path):
    kit = write_kit(tmp_path / "kit", {"name": "Any", "palette": {"colors": {"ink": {"value": "#112233"}}}})
    done = CliRunner().invoke(app, ["book", str(kit), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert done.stdout.split() == [str(tmp_path / "out/book.pdf"), str(tmp_path / "out/book.html")]
    assert all(Path(line).stat().st_size > 1000 for line in done.stdout.split())


def test_a_wrong_kit_is_an_error_with_its_place(tmp_path):
    (tmp_path / "brand.yaml").write_text("brandkit: 1\nname: Any\npalette: {colors: {ink: {value: nocolour}}}\n")
    done = CliRunner().invoke(app, ["book", str(tmp_path), "--out", str(tmp_path / "out")])
    assert done.exception is not None
    assert "brand.yaml:3" in str(done.exception)
    assert not (tmp_path / "out").exists()


def test_a_palette_of_many_colours_names_each_once_and_shows_the_leading_ones(tmp_path):
    shades = {f"tone-{index}": {"value": f"#{index:02X}40{255 - index:02X}"} for index in range(140)}
    roles = {"last-ink": {"value": "#101010", "role": "ink"}, "last-paper": {"value": "#FFFFFF", "role": "surface"}}
    brand = make_brand({"palette": {"colors": {**shades, **roles}}}, tmp_path)
    first = leading(brand)
    assert len(first) == LEADING and first[-2:] == ["last-ink", "last-paper"], "what has a role leads, wherever it stands"
    table = matrix(brand)
    assert [row["name"] for row in table["rows"]] == first and not table["every"]
    few = make_brand({"palette": {"colors": roles}}, tmp_path)
    assert leading(few) == list(roles) and matrix(few)["every"]
