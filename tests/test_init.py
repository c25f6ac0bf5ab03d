"""Beginning a kit: what is proposed, how sure it is, and that a person's decisions stay."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image
from typer.testing import CliRunner

from brandkit.brand.lint import lint_brand
from brandkit.brand.load import load_brand
from brandkit.cli.main import app
from brandkit.color.contrast import WCAG_RATIOS, wcag_contrast
from brandkit.color.difference import delta_e_2000
from brandkit.errors import InputError, OutputError
from brandkit.start.begin import begin_kit
from brandkit.start.pictures import display_palette
from brandkit.start.sightings import SAME, Sighting, lab_of, name_of, proposals

LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100">
<rect width="200" height="100" fill="#1F4D3A"/><rect x="200" width="99" height="100" fill="#E4572E"/>
<rect x="299" width="1" height="100" fill="#00FF00"/></svg>"""
WHITE_LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><circle cx="50" cy="50" r="40" fill="#FFFFFF"/></svg>'


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def picture(folder: Path, name: str, *blocks: tuple[str, float]) -> Path:
    """A picture of upright stripes, each of a colour and a share of the width."""
    image = Image.new("RGB", (600, 300))
    left = 0
    for color, share in blocks:
        right = left + round(share * 600)
        image.paste(color, (left, 0, right, 300))
        left = right
    file = folder / name
    image.save(file)
    return file


def test_a_logo_gives_its_exact_paints_with_their_share(tmp_path: Path) -> None:
    result = begin_kit(tmp_path / "kit", [write(tmp_path, "logo.svg", LOGO)], name="Pine")
    document = load_brand(tmp_path / "kit").document
    assert document.palette and document.logo
    colors = {name: (color.value, color.role) for name, color in document.palette.colors.items()}
    assert colors == {
        "dark-green": ("#1F4D3A", "primary"),
        "red": ("#E4572E", "accent"),
        "paper": ("#FFFFFF", "surface"),
    }, "the sliver of green is no colour of the brand, and a ground stands in"
    text = result.file.read_text(encoding="utf-8")
    assert '{value: "#1F4D3A", role: primary} # logo.svg: 67% of its ink, exact' in text
    assert "# decide: no file shows a light ground" in text
    assert document.logo.marks["logo"].on == ["light"] and document.logo.marks["logo"].lockup == "horizontal"
    assert (tmp_path / "kit/logo/logo.svg").read_text(encoding="utf-8") == LOGO
    assert result.lint.exit_code == 0


def test_every_proposed_pair_reaches_its_level(tmp_path: Path) -> None:
    begin_kit(tmp_path / "kit", [write(tmp_path, "logo.svg", LOGO)])
    brand = load_brand(tmp_path / "kit")
    pairs = brand.document.palette.pairs if brand.document.palette else []
    assert pairs
    for pair in pairs:
        assert wcag_contrast(brand.hex(pair.ink), brand.hex(pair.on)) >= WCAG_RATIOS[pair.level]


def test_pictures_give_flat_colours_where_logos_do_not(tmp_path: Path) -> None:
    files = [picture(tmp_path, f"{name}.png", ("#004488", 0.5), ("#FFFFFF", 0.45), ("#CC00CC", 0.05)) for name in "ab"]
    begin_kit(tmp_path / "kit", [*files, picture(tmp_path, "c.png", ("#FFFFFF", 0.96), ("#00AA00", 0.04))])
    colors = load_brand(tmp_path / "kit").colors
    assert {color.hex for color in colors.values()} == {"#004488", "#FFFFFF", "#CC00CC"}, "green is an accident of one picture"


def test_stated_colours_keep_their_names_and_gain_evidence(tmp_path: Path) -> None:
    tokens = write(tmp_path, "a.tokens.json", '{"color": {"$type": "color", "forest": {"$value": "#1F4D3A"}}}')
    result = begin_kit(tmp_path / "kit", [tokens, write(tmp_path, "logo.svg", LOGO)])
    assert "forest: {" in result.file.read_text(encoding="utf-8")
    assert "token color.forest; logo.svg: 67% of its ink" in result.file.read_text(encoding="utf-8")
    assert "dark-green" not in load_brand(tmp_path / "kit").colors


def test_a_brand_with_only_a_reversed_logo_is_dark_ground_first(tmp_path: Path) -> None:
    result = begin_kit(tmp_path / "kit", [write(tmp_path, "white.svg", WHITE_LOGO)])
    brand = load_brand(tmp_path / "kit")
    assert brand.marks["white"].on == ["dark"]
    assert brand.hex(brand.role("surface") or "") == "#1A1A1A"
    assert result.lint.exit_code == 0
    assert "every logo is for dark grounds" in result.file.read_text(encoding="utf-8")


def test_fonts_become_families_and_a_scale(tmp_path: Path) -> None:
    fonts = sorted((Path(__file__).parent.parent / "brands/ebbware/fonts").glob("*.[to]tf"))
    result = begin_kit(tmp_path / "kit", [write(tmp_path, "logo.svg", LOGO), *fonts])
    typography = load_brand(tmp_path / "kit").document.typography
    assert typography
    assert {name: len(family.files) for name, family in typography.families.items()} == {
        "fraunces": 2,
        "hanken-grotesk": 2,
        "noto-serif-jp": 2,
    }
    assert typography.scale["headline"].family == "fraunces" and typography.scale["body"].family == "hanken-grotesk", (
        "one for another script is a fallback"
    )
    assert result.lint.exit_code == 0


def test_a_persons_decisions_stay(tmp_path: Path) -> None:
    logo = write(tmp_path, "logo.svg", LOGO)
    file = begin_kit(tmp_path / "kit", [logo]).file
    mine = file.read_text(encoding="utf-8").replace("role: accent", "role: tint").replace("dark-green", "pine") + "# my own words\n"
    mine = mine.replace("# logo.svg: 67% of its ink, exact", "# ours since 1987")
    file.write_text(mine, encoding="utf-8")
    tokens = write(tmp_path, "a.tokens.json", '{"color": {"$type": "color", "sky": {"$value": "#66AAFF"}}}')
    result = begin_kit(tmp_path / "kit", [logo, tokens])
    once = file.read_text(encoding="utf-8")
    assert once.startswith(mine) and result.added
    added = [line for line in once[len(mine) :].splitlines() if line]
    assert len(added) == 2 and all(line.startswith("# ") for line in added) and "sky" in added[1]
    begin_kit(tmp_path / "kit", [logo, tokens])
    assert file.read_text(encoding="utf-8") == once
    assert lint_brand(tmp_path / "kit").exit_code == 0


def test_a_folder_is_looked_through_and_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "stuff"
    write(folder, "logo.svg", LOGO)
    write(folder, "notes.txt", "nothing")
    write(folder, "broken.png", "no picture")
    result = begin_kit(tmp_path / "kit", [folder])
    told = {(Path(remark.fault.file).name, remark.kind) for remark in result.remarks}
    assert told == {("notes.txt", "left-out"), ("broken.png", "broken")}
    with pytest.raises(InputError):
        begin_kit(tmp_path / "other", [folder / "notes.txt"])


@pytest.mark.parametrize("sources", [[], ["logo.svg"]])
def test_the_command_says_what_it_did(sources: list[str], tmp_path: Path) -> None:
    options = [option for name in sources for option in ("--from", str(write(tmp_path, name, LOGO)))]
    answer = CliRunner().invoke(app, ["init", str(tmp_path / "kit"), *options, "--format", "json"])
    assert answer.exit_code == 0, answer.output
    said = json.loads(answer.stdout)
    assert said["schema_version"] == "brandkit/import@1" and said["lint"]["errors"] == 0 and said["decide"]


@pytest.mark.parametrize(
    ("name", "pixels", "most"),
    [
        ("white", np.full((40, 40, 3), 255), 0),
        ("nearly white, where colorthief raises", np.full((40, 40, 3), 251), 0),
        ("one colour, which colorthief gives six times", np.full((40, 40, 3), (228, 87, 46)), 1),
        ("pure red, which colorthief makes 256", np.full((40, 40, 3), (255, 0, 0)), 1),
    ],
)
def test_the_display_palette_is_guarded(name: str, pixels: np.ndarray, most: int) -> None:
    assert len(display_palette(pixels.astype(np.uint8))) == most, name


@settings(max_examples=40, deadline=None)
@given(arrays(np.uint8, (12, 12, 3), elements=st.integers(0, 255)))
def test_a_display_palette_holds_colours_that_can_be_told_apart(pixels: np.ndarray) -> None:
    found = display_palette(pixels)
    assert all(len(digits) == 7 for digits in found)
    for index, one in enumerate(found):
        assert all(float(delta_e_2000(lab_of(one), lab_of(other))) >= SAME for other in found[:index])


def test_a_display_palette_proposes_only_where_nothing_surer_is_at_hand() -> None:
    display = Sighting("#AA5500", 0.0, "display", "photo.jpg", False)
    exact = Sighting("#112233", 0.9, "exact", "logo.svg", True)
    assert [one.hex for one in proposals([display])] == ["#AA5500"]
    assert [one.hex for one in proposals([display, exact])] == ["#112233"]


def test_names_say_what_is_seen() -> None:
    seen = {digits: name_of(digits) for digits in ("#000000", "#FFFFFF", "#808080", "#0063B8", "#E4572E", "#1F4D3A", "#FFD900", "#FFE0EC")}
    assert list(seen.values()) == ["black", "white", "grey", "blue", "red", "dark-green", "yellow", "light-pink"]


def test_a_full_disk_leaves_no_torn_file_that_the_next_time_would_be_kept(tmp_path, monkeypatch):
    """Files that are there are never overwritten, so half a logo would stay for good."""
    mark = tmp_path / "mark.svg"
    mark.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z" fill="#123B6D"/></svg>')

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(OutputError, match="No space left"):
            begin_kit(tmp_path / "kit", [mark])
    assert not [file for file in (tmp_path / "kit").rglob("*") if file.is_file()]
    begin_kit(tmp_path / "kit", [mark])
    assert (tmp_path / "kit/logo/mark.svg").read_bytes() == mark.read_bytes()


def test_folders_in_a_folder_are_looked_through_but_not_the_kit_itself(tmp_path: Path) -> None:
    client = tmp_path / "Kunde Größe"
    logo = write(client, "01 Logo/Vektor/Logo final.svg", LOGO)
    write(client, "01 Logo/.cache/old.svg", WHITE_LOGO)
    write(client, "__MACOSX/01 Logo/._Logo.svg", "nothing")
    write(client, "broken.tokens.json", '{"color": {"$type": "color",')
    write(client, "fonts/broken.ttf", "no font")
    result = begin_kit(client / "kit", [client])
    once = result.file.read_text(encoding="utf-8")
    assert {name: mark.file for name, mark in load_brand(client / "kit").marks.items()} == {"logo-final": "logo/logo-final.svg"}
    assert (client / "kit/logo/logo-final.svg").read_bytes() == logo.read_bytes()
    assert {Path(remark.fault.file).name for remark in result.remarks if remark.kind == "broken"} >= {"broken.ttf"}
    begin_kit(client / "kit", [client])
    assert result.file.read_text(encoding="utf-8") == once, "the kit is no source of itself"


@pytest.mark.parametrize(("name", "text"), [("evil.svg", LOGO.replace("<rect", "<script/><rect", 1)), ("notes.txt", "x"), ("", "")])
def test_sources_that_give_nothing_are_an_error_and_leave_no_kit(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    source = write(tmp_path, name, text) if name else tmp_path / "empty"
    with pytest.raises(InputError) as caught:
        begin_kit(tmp_path / "kit", [source])
    assert not (tmp_path / "kit").exists() and (name or "empty") in str(caught.value)


def test_a_kit_begun_from_nothing_is_filled_until_somebody_works_on_it(tmp_path: Path) -> None:
    file = begin_kit(tmp_path / "kit", [], name="Pine & Sons").file
    blank = file.read_text(encoding="utf-8")
    logo = write(tmp_path, "logo.svg", LOGO)
    begin_kit(tmp_path / "kit", [logo])
    assert load_brand(tmp_path / "kit").name == "Pine & Sons" and load_brand(tmp_path / "kit").marks
    file.write_text(blank + "# ask Ada\n", encoding="utf-8")
    begin_kit(tmp_path / "kit", [logo])
    assert file.read_text(encoding="utf-8").startswith(blank + "# ask Ada\n") and not load_brand(tmp_path / "kit").marks


def test_a_broken_brand_file_is_told_and_nothing_is_added_to_it(tmp_path: Path) -> None:
    file = write(tmp_path / "kit", "brand.yaml", 'brandkit: 1\nname: "Pine\n')
    with pytest.raises(InputError, match=r"brand\.yaml:2:7"):
        begin_kit(tmp_path / "kit", [write(tmp_path, "logo.svg", LOGO)])
    assert [path for path in (tmp_path / "kit").rglob("*")] == [file] and file.read_text() == 'brandkit: 1\nname: "Pine\n'


def test_fonts_for_a_kit_that_is_there_are_proposed_with_their_scale_and_nothing_is_asked_twice(tmp_path: Path) -> None:
    begin_kit(tmp_path / "kit", [write(tmp_path, "logo.svg", LOGO)])
    fonts = sorted((Path(__file__).parent.parent / "brands/ebbware/fonts").glob("*.ttf"))
    result = begin_kit(tmp_path / "kit", fonts)
    once = result.file.read_text(encoding="utf-8")
    assert "# proposed: typography.families.fraunces: {" in once and "# proposed: typography.scale.headline: {family: fraunces" in once
    assert not [line for line in result.decide if line.startswith(("palette", "logo", "type"))], "the kit says it already"
    begin_kit(tmp_path / "kit", fonts)
    assert result.file.read_text(encoding="utf-8") == once


@pytest.mark.parametrize(
    ("inks", "on"),
    [
        ([("#F37726", 60), ("#4E4E4E", 40)], ["light"]),
        ([("#F37726", 100)], ["light", "dark"]),
        ([("#F37726", 40), ("#FFFFFF", 60)], ["dark"]),
        ([("#111111", 90), ("#FFFFFF", 10)], ["light"]),
        ([("#FFD900", 45), ("#20123A", 55)], ["light"]),
        ([("#00CFFF", 90), ("#1C304A", 10)], ["dark"]),
    ],
    ids=[
        "orange with grey type",
        "orange",
        "orange with white type",
        "black with a white detail",
        "a pale flame with dark type",
        "pale with dark type in it",
    ],
)
def test_a_mark_is_for_the_grounds_on_which_it_keeps_its_ink(inks: list[tuple[str, int]], on: list[str], tmp_path: Path) -> None:
    left, parts = 0, ""
    for color, width in inks:
        parts += f'<rect x="{left}" width="{width}" height="50" fill="{color}"/>'
        left += width
    begin_kit(tmp_path / "kit", [write(tmp_path, "m.svg", f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50">{parts}</svg>')])
    assert load_brand(tmp_path / "kit").marks["m"].on == on


def test_the_colour_that_the_logo_shows_is_the_primary_one_whatever_stands_first(tmp_path: Path) -> None:
    rows = "179 239 255\tR=179 G=239 B=255\n4 107 153\tR=4 G=107 B=153\n228 87 46\tR=228 G=87 B=46\n31 77 58\tR=31 G=77 B=58\n"
    begin_kit(tmp_path / "kit", [write(tmp_path, "a.gpl", f"GIMP Palette\n{rows}"), write(tmp_path, "logo.svg", LOGO)])
    brand = load_brand(tmp_path / "kit")
    assert brand.role("primary") == "dark-green", "it has two thirds of the logo's ink"
    assert not [name for name in brand.colors if name.startswith("color-")], "digits are no names"


def test_photographs_are_named_with_what_may_be_done_with_them(tmp_path: Path) -> None:
    noise = np.random.default_rng(7).integers(0, 255, (300, 400, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "harbour.jpg")
    result = begin_kit(tmp_path / "kit", [write(tmp_path, "logo.svg", LOGO), tmp_path / "harbour.jpg"])
    assert any("harbour.jpg" in line and "imagery.photographs" in line for line in result.decide)


def test_the_defaults_that_a_kit_says_nothing_about_are_asked_for_as_they_are(tmp_path: Path) -> None:
    result = begin_kit(tmp_path / "kit", [write(tmp_path, "logo.svg", LOGO)])
    logo = load_brand(tmp_path / "kit").document.logo
    assert logo and logo.marks["logo"].clear_space == 0.5 and logo.placement.allow == ["top-left", "bottom-right"]
    assert any("half a mark's height" in line and "top left or bottom right" in line for line in result.decide)


def test_logos_come_first_and_a_cut_out_product_is_none(tmp_path: Path) -> None:
    client = tmp_path / "client"
    write(client, "a-icons/arrow.svg", WHITE_LOGO.replace("#FFFFFF", "#222222"))
    write(client, "z-logos/acme.svg", LOGO)
    write(client, "z-logos/acme-favicon.svg", LOGO)
    cut_out = Image.new("RGBA", (300, 300))
    cut_out.paste("#AA5500", (100, 100, 200, 260))
    for name in ("mug.png", "acme-logo-small.png"):
        cut_out.save(client / name)
    result = begin_kit(tmp_path / "kit", [client])
    assert list(load_brand(tmp_path / "kit").marks) == ["acme", "acme-logo-small", "acme-favicon", "arrow"]
    assert [Path(remark.fault.file).name for remark in result.remarks if remark.kind == "guessed"] == ["mug.png"]
    (tmp_path / "bare").mkdir()
    cut_out.save(tmp_path / "bare/acme.png")
    picture(tmp_path / "bare", "logo-rules.png", ("#004488", 1.0))
    begin_kit(tmp_path / "plain", [tmp_path / "bare"])
    assert "acme" in load_brand(tmp_path / "plain").marks, "an opaque page about the logo is none"
    begin_kit(tmp_path / "given", [client, client / "mug.png"])
    assert "mug" in load_brand(tmp_path / "given").marks, "a person who names it knows"


@pytest.mark.parametrize(("name", "said"), [("K\udcc3\udcbcche", "Küche"), ("a\udcff", "a\N{REPLACEMENT CHARACTER}"), ("a\nb\x1b", "a b")])
def test_a_name_from_any_bytes_can_stand_in_a_kit(name: str, said: str, tmp_path: Path) -> None:
    begin_kit(tmp_path / "kit", [write(tmp_path, "logo.svg", LOGO)], name=name)
    assert load_brand(tmp_path / "kit").name == said


@pytest.mark.parametrize(
    ("name", "way"),
    [("logo.ai", "plain SVG"), ("logo.EPS", "plain SVG"), ("brand.woff2", "TTF or OTF"), ("kit.zip", "unpack it"), ("p.pdf", "as SVG")],
)
def test_what_agencies_send_and_brandkit_does_not_read_is_told_with_what_to_give_instead(name: str, way: str, tmp_path: Path) -> None:
    write(tmp_path / "client", "logo.svg", LOGO)
    sent = write(tmp_path / "client", name, "%PDF-1.5")
    (remark,) = begin_kit(tmp_path / "kit", [tmp_path / "client"]).remarks
    assert remark.kind == "left-out" and remark.fault.file == str(sent) and way in remark.fault.hint
    with pytest.raises(InputError, match=way):
        begin_kit(tmp_path / "other", [sent])


def test_import_sends_logos_to_init(tmp_path: Path) -> None:
    answer = CliRunner().invoke(app, ["import", str(write(tmp_path, "logo.svg", LOGO)), "--into", str(tmp_path / "kit")])
    assert "give it to `brandkit init`" in str(answer.exception) and answer.exit_code != 0


def test_fonts_of_one_name_or_one_content_stand_once_under_a_name_of_their_own(tmp_path: Path) -> None:
    fonts = Path(__file__).parent.parent / "brands/ebbware/fonts"
    sent = {"desktop/Fraunces-Regular.ttf": "Fraunces-Regular.ttf", "web/Fraunces-Regular.ttf": "Fraunces-Regular.ttf"}
    sent |= {"web/Fraunces-SemiBold.ttf": "Fraunces-SemiBold.ttf", "other/Fraunces-Regular.ttf": "HankenGrotesk-Regular.ttf"}
    for name, source in sent.items():
        (tmp_path / "fonts" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "fonts" / name).write_bytes((fonts / source).read_bytes())
    result = begin_kit(tmp_path / "kit", [tmp_path / "fonts", write(tmp_path, "logo.svg", LOGO)])
    typography = load_brand(tmp_path / "kit").document.typography
    assert typography
    files = {name: family.files for name, family in typography.families.items()}
    assert {name: len(listed) for name, listed in files.items()} == {"fraunces": 2, "hanken-grotesk": 1}
    for name, source in {
        **dict.fromkeys(files["hanken-grotesk"], "HankenGrotesk-Regular.ttf"),
        files["fraunces"][0]: "Fraunces-Regular.ttf",
    }.items():
        assert (tmp_path / "kit" / name).read_bytes() == (fonts / source).read_bytes()
    told = {finding.fault.rule for finding in result.lint.findings}
    assert not told & {"text-small", "scale-overlap", "font-twin"}, "what is proposed keeps the rules of lint"
