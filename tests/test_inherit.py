"""Chains of brands: what wins, what may be changed, where files are found, and what `brandkit explain` says about it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_cli import brandkit  # noqa: F401  (a fixture)

from brandkit.brand.load import load_brand
from brandkit.brand.origin import explain_brand
from brandkit.brand.reading import read_source
from brandkit.errors import InputError

ORG = """\
brandkit: 1
name: Org
open: [palette.colors, imagery, typography, tone.ban]
palette:
  open: true
  tolerance: 3
  colors:
    pine: {value: "#1F4D3A", role: primary, open: false}
    flare: {value: "oklch(0.7 0.17 45)", role: accent}
  pairs: [{ink: pine, on: flare, why: "a reason that is long enough to be broken into two lines where it stands beside its place"}]
logo: {marks: {main: {file: logo/main.svg}}}
typography: {families: {text: {files: [fonts/latin.ttf]}}}
tone: {ban: [cheap], voice: [plain]}
imagery: {style: calm, light: soft window}
"""
SUB = """\
brandkit: 1
name: Sub
idea: One line of the house.
extends: ../org
open: [imagery, typography, palette.colors.flare]
palette: {colors: {flare: {value: "#FF5500"}}}
imagery: {style: loud}
"""
SEASON = """\
brandkit: 1
name: Season
extends: ../sub
open: [imagery.light, typography]
imagery: {style: loud and snowy}
palette: {colors: {flare: {value: "#FF0000"}}}
"""
LOCALE = """\
brandkit: 1
name: Season (ar)
extends: ../season
imagery: {light: desert noon}
typography: {families: {text: {files: [fonts/arabic.ttf]}}}
"""


@pytest.fixture
def chain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four brands side by side, each extending the one before; the working folder holds them."""
    for name, text in {"org": ORG, "sub": SUB, "season": SEASON, "ar": LOCALE}.items():
        (tmp_path / name / "fonts").mkdir(parents=True)
        (tmp_path / name / "brand.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "org/logo").mkdir()
    (tmp_path / "org/logo/main.svg").write_text("<svg/>")
    (tmp_path / "org/fonts/latin.ttf").write_bytes(b"latin")
    (tmp_path / "ar/fonts/arabic.ttf").write_bytes(b"arabic")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_nearest_of_four_brands_wins_and_files_belong_to_who_names_them(chain: Path) -> None:
    brand = load_brand(Path("ar"))
    assert brand.name == "Season (ar)"
    assert brand.document.idea == "One line of the house."
    assert (brand.hex("flare"), brand.hex("pine")) == ("#FF0000", "#1F4D3A")
    assert (brand.document.imagery.style, brand.document.imagery.light) == ("loud and snowy", "desert noon")
    assert brand.mark_path("main") == chain / "org/logo/main.svg"
    assert brand.font_files == [chain / "ar/fonts/arabic.ttf"]
    assert load_brand(Path("season")).font_files == [chain / "org/fonts/latin.ttf"]


@pytest.mark.parametrize("changed", ["org/logo/main.svg", "ar/fonts/arabic.ttf"])
def test_every_file_of_the_chain_counts_in_the_kit_hash(chain: Path, changed: str) -> None:
    before = load_brand(Path("ar")).kit_hash
    (chain / changed).write_bytes(b"other")
    assert load_brand(Path("ar")).kit_hash != before


def test_the_kit_hash_is_the_same_wherever_the_kit_lies(chain: Path) -> None:
    before = load_brand(Path("ar")).kit_hash
    assert load_brand(chain / "ar/brand.yaml").kit_hash == before
    shutil.copytree(chain, chain / "elsewhere/deep")
    assert load_brand(Path("elsewhere/deep/ar")).kit_hash == before


def test_writing_out_a_default_changes_no_hash(chain: Path) -> None:
    before = load_brand(Path("org"))
    (chain / "org/brand.yaml").write_text(
        ORG.replace("tone: {", "gate: {profile: default}\ntone: {claims: {allowed: []}, "), encoding="utf-8"
    )
    after = load_brand(Path("org"))
    assert (after.kit_hash, after.part_hashes) == (before.kit_hash, before.part_hashes)


def test_leave_to_change_something_is_in_no_hash(chain: Path) -> None:
    before = load_brand(Path("ar"))
    for name in ("org", "season"):
        file = chain / name / "brand.yaml"
        file.write_text(
            file.read_text().replace("typography]", "typography, tone]").replace("open: true", "open: true\n  level: must")
            + "gate: {open: true}\n"
        )
    after = load_brand(Path("ar"))
    assert (after.kit_hash, after.part_hashes) == (before.kit_hash, before.part_hashes)


def test_explain_shows_the_chain(chain: Path, brandkit, golden) -> None:  # noqa: F811
    code, out, err = brandkit("explain", "ar")
    assert (code, err) == (0, "")
    golden("explain.txt", "\n".join(line if "  kit " not in line else line[: line.index("  kit ")] for line in out.splitlines()) + "\n")


def test_explain_gives_one_value_with_all_it_overrode(chain: Path, brandkit) -> None:  # noqa: F811
    code, out, _ = brandkit("explain", "ar", "palette.colors.flare.value", "--format", "json")
    document = json.loads(out)
    assert code == 0
    assert document["kit_hash"] == load_brand(Path("ar")).kit_hash
    assert document["files"] == [f"{name}/brand.yaml" for name in ("ar", "season", "sub", "org")]
    assert document["values"] == [
        {
            "path": "palette.colors.flare.value",
            "value": "#FF0000",
            "source": {"file": "season/brand.yaml", "line": 6, "column": 35},
            "open": False,
            "overrode": [
                {"value": "#FF5500", "source": {"file": "sub/brand.yaml", "line": 6, "column": 35}},
                {"value": "oklch(0.7 0.17 45)", "source": {"file": "org/brand.yaml", "line": 9, "column": 20}},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("palette.pairs[0].on", "flare", "org/brand.yaml:10"),
        ("palette.pairs.0.on", "flare", "org/brand.yaml:10"),
        ("tone.ban[0]", "cheap", "org/brand.yaml:13"),
        ("logo.marks.main.min_width", "48px", None),
        ("imagery.light", "desert noon", "ar/brand.yaml:4"),
    ],
)
def test_a_path_may_be_as_deep_as_the_file(chain: Path, key: str, value: str, place: str | None) -> None:
    (origin,) = explain_brand(Path("ar"), key).origins
    assert (origin.value, origin.place and f"{origin.place.file}:{origin.place.line}") == (value, place)


@pytest.mark.parametrize(
    ("key", "message", "hint"),
    [
        ("palete", "nothing called 'palete' at the top", "did you mean 'palette'?"),
        ("palette.colors.pin.value", "nothing called 'pin' under 'palette.colors'", "did you mean 'pine'?"),
        ("palette.pairs[7]", "nothing called 7 under 'palette.pairs'", "write one of: 0"),
        ("palette.colors.pine.share", "'palette.colors.pine.share' is not set", "How much of an asset it covers"),
    ],
)
def test_a_path_that_leads_nowhere_says_what_is_near(chain: Path, key: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        explain_brand(Path("ar"), key)
    assert message in caught.value.message and hint in str(caught.value.hint)


def test_what_a_child_may_change_is_marked(chain: Path) -> None:
    marked = {".".join(map(str, origin.loc)) for origin in explain_brand(Path("org")).origins if origin.open}
    assert {"palette.tolerance", "palette.colors.flare.value", "tone.ban", "imagery.style"} <= marked
    assert not {"palette.colors.pine.value", "tone.voice", "logo.marks.main.file"} & marked


def test_nothing_in_a_kit_rules_the_terminal(chain: Path) -> None:
    from brandkit.brand.explain import explanation_text

    (chain / "ar/\x1b[31m\u202e.svg").write_text("<svg/>")
    text = LOCALE + 'logo: {marks: {main: {file: "\\e[31m\\u202e.svg"}}}\n'
    (chain / "ar/brand.yaml").write_text(text.replace("extends: ../season\n", ""), encoding="utf-8")
    shown = explanation_text(explain_brand(Path("ar"), "logo"))
    assert "�[31m�.svg" in shown and "\x1b" not in shown


def test_colour_is_for_terminals_only(chain: Path) -> None:
    from brandkit.brand.explain import explanation_text

    explanation = explain_brand(Path("ar"))
    assert "\x1b" not in explanation_text(explanation)
    assert "\x1b[38;2;255;0;0m██" in explanation_text(explanation, width=100, color=True), "a patch of the colour itself"
    assert all(len(line) <= 72 for line in explanation_text(explanation, width=72).splitlines()[5:])


words = st.sampled_from(["calm", "loud", "soft", "hard", "warm"])
layers = st.fixed_dictionaries(
    {},
    optional={
        "idea": words,
        "tone": st.fixed_dictionaries({}, optional={"ban": st.lists(words, max_size=2), "voice": st.lists(words, max_size=2)}),
        "imagery": st.fixed_dictionaries({}, optional={"style": words, "light": words, "materials": st.lists(words, max_size=2)}),
        "gate": st.fixed_dictionaries({}, optional={"profile": st.sampled_from(["default", "strict"])}),
    },
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(layers, min_size=2, max_size=4))
def test_each_value_is_the_one_at_its_place_and_history_ends_at_the_oldest(tmp_path: Path, documents: list[dict]) -> None:
    for index, document in enumerate(documents):
        folder = tmp_path / str(index)
        folder.mkdir(exist_ok=True)
        head = {"brandkit": 1, "name": f"brand {index}", "open": ["tone", "imagery", "gate"]}
        links = {"extends": f"../{index - 1}"} if index else {}
        (folder / "brand.yaml").write_text(yaml.safe_dump(head | links | document, sort_keys=False), encoding="utf-8")
    explanation = explain_brand(tmp_path / str(len(documents) - 1), defaults=True)
    sources = {os.path.normpath(file): read_source(file) for file in explanation.files}
    for origin in explanation.origins:
        lines = [(origin.value, origin.place)] if origin.place else []
        for value, place in [*lines, *((old.value, old.place) for old in origin.earlier)]:
            source = sources[os.path.normpath(place.file)]
            written = source.tree
            for step in origin.loc:
                written = written[step]
            assert written == value
            assert source.values[origin.loc] == place


def test_a_path_that_reads_like_the_parents_names_the_childs_own_file(tmp_path: Path) -> None:
    mark = "logo: {marks: {main: {file: main.svg}}}\n"
    for name, head in (("house", "open: [logo]\n"), ("child", "extends: ../house\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "brand.yaml").write_text(f"brandkit: 1\nname: Any\n{head}{mark}")
        (tmp_path / name / "main.svg").write_text(f"<svg>{name}</svg>")
    assert load_brand(tmp_path / "child").mark_path("main") == (tmp_path / "child/main.svg").resolve()


def test_the_page_on_inheritance_shows_what_the_command_prints(chain: Path, brandkit) -> None:  # noqa: F811
    page = (Path(__file__).parents[1] / "docs/inheritance.md").read_text(encoding="utf-8")
    _, out, _ = brandkit("explain", "ar", "palette.colors")
    head, _, rest = out.partition("  kit ")
    assert head in page and rest.partition("\n")[2] in page
