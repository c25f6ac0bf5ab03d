"""Reports are renderings of the result document: golden text, and a page that holds what the document holds."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from xml.etree import ElementTree

import pytest
from PIL import Image

from brandkit.campaign.run import Event
from brandkit.cli.progress import Progress
from brandkit.report import render
from brandkit.report.html import order_checks, silent_advice, worst_findings
from brandkit.report.words import limit_span, limit_words, money, number, sentence, verdict_words
from brandkit.results import (
    Action,
    AssetResult,
    CheckResult,
    Decision,
    Finding,
    Level,
    Limit,
    Measurement,
    PictureRecord,
    Region,
    RunResult,
    Source,
    Swatch,
    Verdict,
)
from brandkit.review.view import asset_view

LIMIT = Limit(review_at=3, fail_at=6, unit="ΔE00", source="brand.yaml:41")
DRIFTED = Finding(
    check="palette-drift",
    code="drifted",
    verdict=Verdict.FAIL,
    message="pine should be #1F4D3A and is #3A4D1F",
    measured=12.345,
    unit="ΔE00",
    limit=LIMIT,
    region=Region(x=10, y=20, w=30, h=40),
    remedy="set this area to #1F4D3A",
)


def check(verdict: Verdict, **values: object) -> CheckResult:
    return CheckResult.model_validate(
        {
            "check": "palette-drift",
            "version": 1,
            "level": Level.MUST,
            "title": "Colours hold.",
            "verdict": verdict,
            "unit": "ΔE00",
            **values,
        }
    )


@pytest.fixture
def result(tmp_path):
    Image.new("RGB", (120, 80), "#3A4D1F").save(tmp_path / "bad.png")
    swatches = [Measurement(name="pine", measured="#3A4D1F", expected="#1F4D3A", value=12.345, unit="ΔE00")]
    failing = check(Verdict.FAIL, measured=12.345, limit=LIMIT, drift=1, findings=[DRIFTED], measurements=swatches)
    unchecked = CheckResult(
        check="logo-missing", version=1, level=Level.MUST, title="X.", verdict=Verdict.NOT_CHECKED, reason="the brand has no logo"
    )
    picture = PictureRecord(
        backend="openai",
        model="m",
        fingerprint="f" * 64,
        sha256="0" * 64,
        size="1536x1024",
        crop=(0, 8, 1536, 1008),
        cost_usd="0.0412",
        clauses=(Source(section="scene", text="A [quay] <b>at dawn</b>.", level=Level.MUST, source="campaign.yaml:9"),),
    )
    size = {"sha256": "0", "width": 120, "height": 80}
    assets = (
        AssetResult(id="good", file="good.png", verdict=Verdict.PASS, checks=(check(Verdict.PASS, measured=1.0, limit=LIMIT),), **size),
        AssetResult(id="bad", file="bad.png", verdict=Verdict.FAIL, checks=(failing, unchecked), picture=picture, **size),
        AssetResult(id="open", file="open.png", verdict=Verdict.REVIEW, checks=(unchecked,), **size),
    )
    swatch = Swatch(name="pine", hex="#1F4D3A", role="primary")
    return RunResult(
        brandkit="0", brand="B & <C>", kit_hash="k" * 64, campaign="Spring", swatches=(swatch,), spent_usd="0.0412", assets=assets
    )


def test_text(result, golden):
    golden("report.txt", render(result, "text"))


def test_text_tells_what_decides_first_and_missing_advice_once(result):
    """Advice never hides what failed: it stands behind it and is named so; advice nobody could give is counted at the end."""
    advice = check(Verdict.FAIL, measured=9.0, limit=LIMIT, findings=[DRIFTED]).model_copy(update={"level": Level.SHOULD})
    silent = [
        CheckResult(check=name, version=1, level=Level.SHOULD, title="X.", verdict=Verdict.NOT_CHECKED, reason="nobody says")
        for name in ("text-size", "text-misspelt")
    ]
    assets = tuple(asset.model_copy(update={"checks": (advice, *silent, *asset.checks)}) for asset in result.assets)
    text = render(result.model_copy(update={"assets": assets}), "text")
    bad = text.split("bad.png")[1].split("open.png")[0]
    assert bad.index("palette-drift/drifted:") < bad.index("palette-drift/drifted (advice):")
    assert text.count("nobody says") == 1
    assert "text-misspelt, text-size in 3 of 3\n" in text


def test_json_is_the_document(result):
    assert RunResult.model_validate_json(render(result, "json")) == result


def test_html_shows_the_worst_first_with_numbers_regions_and_sources(result, tmp_path):
    page = render(result, "html", root=tmp_path)
    assert page.index("bad.png") < page.index("open.png") < page.index("good.png")
    assert '<rect x="10" y="20" width="30" height="40"/>' in page
    for text in (
        "12.3",
        "review over 3, fail from 6, brand.yaml:41",
        "The brand has no logo",
        "campaign.yaml:9",
        "#1F4D3A",
        "$0.0412",
    ):
        assert text in page
    assert "<b>at dawn" not in page
    assert "B &amp; &lt;C&gt;" in page
    assert not re.search(r'(src|href)="(?!data:|#)', page)


def test_an_empty_run_is_a_designed_page(tmp_path):
    page = render(RunResult(brandkit="0", brand="B", kit_hash="", assets=()), "html", root=tmp_path)
    assert "Nothing was made yet" in page


def test_an_unknown_format_is_refused(result):
    with pytest.raises(ValueError, match="text"):
        render(result, "docx")


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (0.004, "0"), (1.5, "1.5"), (2.004, "2"), (12.34, "12.3"), (123.4, "123")])
def test_numbers_have_no_more_digits_than_a_person_uses(value, text):
    assert number(value) == text


@pytest.mark.parametrize(("usd", "text"), [("0", "$0.00"), ("0.0412", "$0.0412"), ("12.5", "$12.50")])
def test_money_hides_nothing(usd, text):
    assert money(usd) == text


def test_a_limit_says_which_side_is_bad():
    assert "under 4.5" in limit_words(Limit(review_at=4.5, fail_at=3, unit=":1", higher_is_worse=False))
    asks = Limit(review_at=2.5, fail_at=5, unit="ΔE00", most=Verdict.REVIEW)
    assert limit_words(asks) == "review over 2.5 ΔE00, no value fails (default)"
    assert limit_span(asks) == "review over 2.5, no value fails, default"
    assert limit_words(Limit(review_at=2, fail_at=2, unit="words")) == "fail over 2 words (default)"


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({Verdict.PASS: 1}, "It is on-brand"),
        ({Verdict.FAIL: 1}, "It is off-brand"),
        ({Verdict.NOT_CHECKED: 1}, "It waits for a person to decide"),
        ({Verdict.PASS: 3}, "All 3 assets are on-brand"),
        ({Verdict.PASS: 3, Verdict.FAIL: 1}, "1 of 4 assets is off-brand"),
        ({Verdict.PASS: 1, Verdict.REVIEW: 2}, "2 of 3 assets wait for a person"),
        ({Verdict.FAIL: 2, Verdict.REVIEW: 1}, "2 of 3 assets are off-brand, 1 waits for a person"),
    ],
)
def test_the_verdict_is_told_in_one_line(counts, words):
    assert verdict_words(Counter(counts)) == words


@pytest.mark.parametrize(
    ("text", "told"),
    [("the mark is turned", "The mark is turned"), ("brand.yaml:3 says", "brand.yaml:3 says"), ("'a' is", "'a' is"), ("", "")],
)
def test_a_message_begins_like_a_sentence(text, told):
    assert sentence(text) == told


def test_what_decides_stands_first_and_missing_advice_once(result):
    bad = next(asset for asset in result.assets if asset.id == "bad")
    advice = check(Verdict.FAIL, measured=9.0, limit=LIMIT, findings=[DRIFTED]).model_copy(update={"level": Level.SHOULD, "check": "a"})
    silent = [
        CheckResult(check=name, version=1, level=Level.SHOULD, title="X.", verdict=Verdict.NOT_CHECKED, reason="nobody says")
        for name in ("tone-ban", "tone-claim")
    ]
    asset = bad.model_copy(update={"checks": (advice, *silent, *bad.checks)})
    assert [entry.check for entry in order_checks(asset)][:2] == ["palette-drift", "logo-missing"]
    assert silent_advice(asset) == [("nobody says", ["tone-ban", "tone-claim"])]
    assert worst_findings(asset) == ["Pine should be #1F4D3A and is #3A4D1F", "The brand has no logo"]


def test_findings_at_one_corner_do_not_hide_each_other(result, tmp_path):
    bad = next(asset for asset in result.assets if asset.id == "bad")
    second = DRIFTED.model_copy(update={"code": "other", "message": "second"})
    checks = (bad.checks[0].model_copy(update={"findings": (DRIFTED, second)}),)
    page = render(result.model_copy(update={"assets": (bad.model_copy(update={"checks": checks}),)}), "html", root=tmp_path)
    assert re.findall(r'class="tag fail" data-n="(\d)"[^>]*--beside:(\d)', page) == [("1", "0"), ("2", "1")]
    assert '<body class="single">' in page
    assert "Second" in page


def test_markdown(result, golden):
    golden("report.md", render(result, "markdown"))


@pytest.mark.parametrize("count", [3, 150, 700, 3000])
def test_markdown_of_any_number_of_assets_fits_into_a_comment(result, count):
    """GitHub refuses more than 65,536 characters. The worst are told, in order, and what is not told is counted."""
    made = [
        result.assets[index % len(result.assets)].model_copy(update={"id": f"{index:04}", "file": f"ads/{index:04}.png"})
        for index in range(count)
    ]
    many = result.model_copy(update={"assets": tuple(made)})
    text = render(many, "markdown")
    assert len(text) <= 65_536 and text.splitlines()[-1].startswith("kit `")
    rows, told = re.findall(r"(?m)^\| . (\w.*?) \| ads", text), re.findall(r"(?m)^### ads", text)
    left = {
        what: int(number)
        for number, what in re.findall(r"(?m)^(\d+) assets (are not in this table|that do not pass are not told here)", text)
    }
    bad = sum(asset.standing is not Verdict.PASS for asset in made)
    assert len(rows) + left.get("are not in this table", 0) == count
    assert len(told) + left.get("that do not pass are not told here", 0) == bad
    assert rows == sorted(rows, key=["fail", "for review", "pass"].index)
    assert bool(left) == (count >= 700) and (count < 700 or len(text) > 60_000), "the room is used"


@pytest.mark.parametrize("index", [0, 1], ids=["passes", "does not"])
def test_what_is_to_be_told_of_the_making_stands_in_every_report(result, tmp_path, index):
    asset = result.assets[index].model_copy(update={"notes": ("the picture came as 9×4",)})
    one = result.model_copy(update={"assets": (asset,)})
    for format in ("text", "markdown", "html"):
        assert "he picture came as 9×4" in render(one, format, root=tmp_path)
    assert asset_view("key", asset, 0, beside=(), history=())["notes"] == ["The picture came as 9×4"]


def test_junit(result, golden):
    golden("report.junit.xml", render(result, "junit"))


def test_sarif(result, golden):
    golden("report.sarif.json", render(result, "sarif"))


@pytest.mark.parametrize("accept_review", [False, True])
def test_junit_fails_exactly_where_the_exit_code_does(result, accept_review):
    """Asset by asset, also with what people decided: a build that reads the file and one that reads the exit code agree."""
    bad, open_ = result.assets[1], result.assets[2]
    decided = [
        asset.model_copy(update={"decision": decision(asset, action)}) for asset in (bad, open_) for action in Action if action != "undo"
    ]
    stale = [asset.model_copy(update={"stale": "the file is another"}) for asset in decided]
    changed = result.assets[0].model_copy(update={"stale": "the file is another", "verdict": Verdict.REVIEW})
    unread = open_.model_copy(update={"width": 0, "height": 0})
    unchecked = open_.model_copy(update={"checks": ()})
    for asset in (*result.assets, *decided, *stale, changed, unread, unchecked):
        one = result.model_copy(update={"assets": (asset,)})
        suites = ElementTree.fromstring(render(one, "junit", accept_review=accept_review))
        assert (suites.get("failures") != "0") == bool(one.exit_code(accept_review=accept_review)), asset
        assert int(suites.get("failures")) == len(suites.findall(".//failure"))


def test_junit_skips_only_what_somebody_let_through(result):
    """Advice that could not be given is no test: it is named beside them, each reason once."""
    advice = [
        CheckResult(check=name, version=1, level=Level.SHOULD, title="X.", verdict=Verdict.NOT_CHECKED, reason=reason)
        for name, reason in (("tone-ban", "nobody says"), ("text-size", "no layout"), ("tone-claim", "nobody says"))
    ]
    must = advice[0].model_copy(update={"level": Level.MUST, "check": "logo-missing"})
    asset = result.assets[0].model_copy(update={"checks": (result.assets[0].checks[0], *advice, must), "verdict": Verdict.REVIEW})
    one = result.model_copy(update={"assets": (asset,)})
    for accept_review, outcome in ((False, "failure"), (True, "skipped")):
        suite = ElementTree.fromstring(render(one, "junit", accept_review=accept_review)).find("testsuite")
        assert [case.get("name") for case in suite.findall("testcase")] == [asset.checks[0].check, "logo-missing"]
        assert (suite.get("tests"), suite.get("skipped")) == ("2", str(int(accept_review)))
        assert suite.find(f"testcase[@name='logo-missing']/{outcome}") is not None
        assert suite.findtext("system-out") == "not checked: tone-ban, tone-claim: nobody says\nnot checked: text-size: no layout"


def test_sarif_suppresses_what_people_accepted(result):
    asset = result.assets[1].model_copy(update={"decision": decision(result.assets[1], Action.ACCEPT)})
    found = json.loads(render(result.model_copy(update={"assets": (asset,)}), "sarif"))["runs"][0]["results"]
    assert found and all("Ada" in entry["suppressions"][0]["justification"] for entry in found)


def test_sarif_tells_a_rejection(result):
    asset = result.assets[0].model_copy(update={"decision": decision(result.assets[0], Action.REJECT)})
    found = json.loads(render(result.model_copy(update={"assets": (asset,)}), "sarif"))["runs"][0]["results"]
    assert [(entry["ruleId"], entry["level"]) for entry in found] == [("decision", "error")]


@pytest.mark.parametrize("format", ["text", "markdown", "junit", "sarif", "html"])
@pytest.mark.parametrize(
    "name", ["a\npass        b.png", "a\x1b[2J.png", "a\u202egnp.exe", "a\u2028pass b", "a|b](x)<script>.png", "a\udcff.png"]
)
def test_a_hostile_file_name_forges_nothing(result, tmp_path, format, name):
    """A name that holds line breaks, terminal codes or markup is shown; it never becomes a line, a command or an element of a report."""
    forged = result.assets[1].model_copy(update={"file": name, "verdict": Verdict.FAIL})
    text = render(result.model_copy(update={"assets": (forged,)}), format, root=tmp_path)
    text.encode()
    assert format == "html" or ("\x1b" not in text and not re.search(r"(?m)^pass ", text))
    assert "<script>.png" not in text or format in ("text", "sarif")
    if format in ("text", "markdown"):
        assert "\u202e" not in text and "\u2028" not in text


def decision(asset, action):
    return Decision(
        seq=1, after=0, asset=asset.id, action=action, note="seen", reviewer="Ada", at="2026-11-26T14:03:11.482+00:00", sha256="0",
        kit_hash="", reading="", verdict=asset.verdict,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["[/foo].png", "[red]a.png", "a\x1b[2J.png", "a\nb.png"])
def test_progress_shows_any_name_as_text(name, monkeypatch):
    """Names are no markup of the bar: one like a closing tag once ended the whole check."""
    err = io.StringIO()
    err.isatty = lambda: True
    monkeypatch.setattr("sys.stderr", err)
    monkeypatch.setenv("TERM", "xterm")
    with Progress() as progress:
        progress.count(name, 0, 3)
        progress._bar.refresh()
    assert name.replace("\x1b", "\\x1b").replace("\n", " ") in err.getvalue()


def test_progress_tells_once_what_stops_every_picture(capsys):
    with Progress() as progress:
        for index in range(4):
            progress(Event("problem", f"poster/{index}: there is no API key\n  hint: export it", 0, 4))
        progress(Event("problem", "poster/5: refused", 0, 4))
    assert capsys.readouterr().err.splitlines() == [
        "brandkit: poster/0: there is no API key", "  hint: export it", "brandkit: poster/5: refused"
    ]  # fmt: skip
