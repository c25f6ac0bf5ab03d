"""What lint finds in kits that load: each finding with its id, level, place and remedy."""

import json
import struct
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph
from PIL import Image
from typer.testing import CliRunner

from brandkit.brand.fonts import font_characters
from brandkit.brand.lint import lint_brand, nearest_passing
from brandkit.cli.main import app
from brandkit.color.contrast import wcag_contrast
from brandkit.errors import PictureError

ROOT = Path(__file__).parents[1]
BLACK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#111"/></svg>'
WHITE = BLACK.replace("#111", "#FFF")
PLATE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#1C304A"/>'
    '<rect x="4" y="4" width="32" height="12" fill="#FFF"/></svg>'
)
HEAD = "brandkit: 1\nname: Any\n"
PALETTE = (
    'palette: {colors: {night: {value: "#1C304A", role: ink}, day: {value: "#FFFFFF", role: surface}, '
    'sun: {value: "#FFC400", role: accent}}}\n'
)


def font(characters: str) -> bytes:
    names = [".notdef", *(f"u{ord(letter):04X}" for letter in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(letter): name for letter, name in zip(characters, names[1:], strict=True)})
    builder.setupGlyf({name: Glyph() for name in names})
    builder.setupHorizontalMetrics({name: (500, 0) for name in names})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Any", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    from io import BytesIO

    stream = BytesIO()
    builder.save(stream)
    return stream.getvalue()


def lint(folder: Path, body: str, files: dict[str, str | bytes] | None = None) -> list[tuple[str, str, str, str, str]]:
    """Lint a kit of `body` and `files`; (id, level, line:column, message, remedy) of every finding."""
    for name, content in ({"brand.yaml": HEAD + body} | (files or {})).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return [
        (one.id, one.level, f"{one.fault.line}:{one.fault.column}", one.fault.message, one.fault.hint)
        for one in lint_brand(folder).findings
    ]


CASES = {
    "a pair below its level": (
        PALETTE.replace("}}}\n", "}}, pairs: [{ink: sun, on: day}]}\n"),
        {},
        [("contrast-low", "error", "3:146", "'sun' on 'day' has a contrast of 1.59:1, and AA needs 4.5:1", "darken 'sun' to #")],
    ),
    "a pair that passes": (PALETTE.replace("}}}\n", "}}, pairs: [{ink: night, on: day, level: AAA}]}\n"), {}, []),
    "a scheme that cannot be read": (
        PALETTE + "layout: {schemes: {a: {ground: day, ink: sun, accent: sun, on_accent: night}}}\n",
        {},
        [("scheme-contrast", "error", "4:42", "'sun' on 'day' has a contrast of 1.59:1", "darken 'sun' to #")],
    ),
    "two swatches alike": (
        'palette: {colors: {a: {value: "#1C304A"}, b: {value: "#1D314B"}}}\n',
        {},
        [("swatch-twin", "warning", "3:43", "'b' is only ΔE00 0.", "move them apart")],
    ),
    "a colour outside sRGB and a clear one": (
        'palette: {colors: {a: {value: "color(display-p3 0 1 0)"}, b: {value: "#FF000080"}}}\n',
        {},
        [
            ("swatch-gamut", "warning", "3:31", "'a' lies outside sRGB; assets will show #", "write '#"),
            ("swatch-transparent", "error", "3:70", "'b' is 50% opaque", "as it looks on its ground"),
        ],
    ),
    "a logo that does not parse": (
        "logo: {marks: {main: {file: a.svg}}}\n",
        {"a.svg": "<svg"},
        [("mark-unreadable", "error", "3:29", "a.svg", "")],
    ),
    "a logo with a script": (
        "logo: {marks: {main: {file: a.svg}}}\n",
        {"a.svg": '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + BLACK},
        [("mark-unreadable", "error", "3:29", "a.svg", "")],
    ),
    "a logo that is no picture": (
        "logo: {marks: {main: {file: a.png}}}\n",
        {"a.png": b"GIF89a and then nothing"},
        [("mark-unreadable", "error", "3:29", "a.png", "")],
    ),
    "a white mark for light grounds": (
        PALETTE + "logo: {marks: {main: {file: a.svg, on: [light]}}}\n",
        {"a.svg": WHITE},
        [("mark-ground", "error", "4:40", "contrast of only 1.00:1 on 'day'", "darker drawing")],
    ),
    "a mark on a plate stands out by its plate": (PALETTE + "logo: {marks: {main: {file: a.svg, on: [light]}}}\n", {"a.svg": PLATE}, []),
    "no mark for a dark scheme": (
        PALETTE
        + "logo: {marks: {main: {file: a.svg, on: [light]}}}\n"
        + "layout: {schemes: {night: {ground: night, ink: day, accent: sun, on_accent: night}}}\n",
        {"a.svg": BLACK},
        [("mark-missing", "error", "4:8", "the scheme 'night' has a dark ground ('night')", "the reversed one")],
    ),
    "a font that is no font": (
        "typography: {families: {text: {files: [a.ttf], licence: OFL.txt}}}\n",
        {"a.ttf": "not a font at all", "OFL.txt": "free"},
        [("font-unreadable", "error", "3:40", "a.ttf is not a font", "name a TTF or OTF file")],
    ),
    "a font for the web": (
        "typography: {families: {text: {files: [a.woff2], licence: OFL.txt}}}\n",
        {"a.woff2": b"wOF2" + bytes(60), "OFL.txt": "free"},
        [("font-unreadable", "error", "3:40", "a.woff2 is WOFF2", "convert it")],
    ),
    "a font without its licence": (
        "typography: {families: {text: {files: [a.ttf]}}}\n",
        {"a.ttf": font("abc")},
        [("font-licence", "warning", "3:25", "'text' names no licence", "OFL.txt")],
    ),
    "copy with characters that no font has": (
        "typography: {families: {text: {files: [a.ttf], licence: OFL.txt}}}\n",
        {
            "a.ttf": font("Helo"),
            "OFL.txt": "free",
            "campaigns/spring/campaign.yaml": "concepts:\n  one:\n    copy:\n      en: {headline: Hello}\n      ja: {headline: Hello 港}\n",
        },
        [("glyph-missing", "error", "5:22", "the family 'text' and its fallbacks have no glyph for 港 (U+6E2F)", "'fallback'")],
    ),
    "copy that a fallback can set": (
        "typography: {families: {text: {files: [a.ttf], licence: OFL.txt, fallback: [kana]}, kana: {files: [b.ttf], licence: OFL.txt}}}\n",
        {
            "a.ttf": font("Helo"),
            "b.ttf": font("港"),
            "OFL.txt": "free",
            "campaigns/a.yaml": "concepts: {one: {copy: {ja: {headline: Hello 港}}}}\n",
        },
        [],
    ),
    "copy in capitals that the font lacks": (
        "typography: {families: {text: {files: [a.ttf], licence: OFL.txt}}, scale: {cta: {family: text, case: upper}}}\n",
        {"a.ttf": font("go"), "OFL.txt": "free", "campaigns/a.yaml": "concepts: {one: {copy: {en: {cta: go}}}}\n"},
        [("glyph-missing", "error", "1:35", "G (U+0047), O (U+004F)", "'fallback'")],
    ),
    "a photograph that is none": (
        "imagery: {photographs: {quay: {file: q.jpg}}}\n",
        {"q.jpg": b"\xff\xd8\xff and no more"},
        [("picture-unreadable", "error", "3:38", "q.jpg", "")],
    ),
    "faults of loading": ("palete: {}\n", {}, [("brand-file", "error", "3:1", "unknown key 'palete'", "did you mean 'palette'?")]),
}


@pytest.mark.parametrize("name", CASES)
def test_lint_finds_exactly_this(name, tmp_path):
    body, files, expected = CASES[name]
    found = lint(tmp_path, body, files)
    assert [entry[:3] for entry in found] == [entry[:3] for entry in expected]
    for (*_, message, remedy), (*_, wanted, hint) in zip(found, expected, strict=True):
        assert wanted in message
        assert remedy
        assert hint in remedy


def test_a_png_mark_too_small_for_its_use_is_told(tmp_path):
    Image.new("RGBA", (60, 30), (20, 20, 20, 255)).save(tmp_path / "a.png")
    found = lint(tmp_path, PALETTE + "logo: {marks: {main: {file: a.png, min_width: 48px}}}\n")
    assert [entry[:3] for entry in found] == [("mark-blurred", "warning", "4:29")]
    assert "at least 96 px wide" in found[0][4]


@pytest.mark.parametrize("ground", ["#FFFFFF", "#000000", "#777777", "#FFC400"])
def test_the_proposed_fix_passes_and_is_the_nearest(ground):
    fix = nearest_passing("#D08020", ground, 4.5)
    assert fix is not None
    assert wcag_contrast(fix.hex, ground) >= 4.5
    assert nearest_passing(fix.hex, ground, 4.5).distance < 0.01


def damaged(cut: int) -> bytes:
    return font("abc")[:cut]


def bomb() -> bytes:
    """A font whose character map claims four thousand million characters in one group."""
    data = bytearray(font("abc\U00020000"))
    at = data.find(struct.pack(">HHI", 12, 0, 40))
    start = at + 16 if at >= 0 else data.find(b"\x00\x0c\x00\x00") + 16
    data[start : start + 12] = struct.pack(">III", 0, 0xFFFFFFFF, 1)
    return bytes(data)


@pytest.mark.parametrize("data", [b"", b"OTTO", damaged(40), damaged(200), damaged(600), bomb()], ids=lambda data: f"{len(data)} bytes")
def test_hostile_fonts_are_refused(data, tmp_path):
    (tmp_path / "a.ttf").write_bytes(data)
    with pytest.raises(PictureError, match=r"^a\.ttf ") as caught:
        font_characters(tmp_path / "a.ttf")
    assert caught.value.hint


def test_the_command_prints_findings_and_exits_with_two(tmp_path, monkeypatch, golden):
    monkeypatch.chdir(tmp_path)
    lint(Path("kit"), PALETTE.replace("}}}\n", "}}, pairs: [{ink: sun, on: day}]}\n"))
    text = CliRunner().invoke(app, ["lint", "kit"])
    assert text.exit_code == 2
    golden("lint.txt", text.stdout)
    data = json.loads(CliRunner().invoke(app, ["lint", "kit", "--format", "json"]).stdout)
    assert (data["schema_version"], data["errors"], data["findings"][0]["id"]) == ("brandkit/lint@1", 1, "contrast-low")


def test_the_command_exits_with_zero_when_there_are_only_warnings(tmp_path):
    lint(tmp_path, 'palette: {colors: {a: {value: "#1C304A"}, b: {value: "#1D314B"}}}\n')
    run = CliRunner().invoke(app, ["lint", str(tmp_path)])
    assert (run.exit_code, "0 errors, 1 warning" in run.stdout) == (0, True)


@pytest.mark.parametrize("kit", sorted((ROOT / "brands").glob("*/brand.yaml")), ids=lambda file: file.parent.name)
def test_the_demo_brands_lint_clean(kit):
    report = lint_brand(kit)
    assert not report.errors, report.to_text()
