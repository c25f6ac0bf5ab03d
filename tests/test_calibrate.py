"""Calibration: fits, what they may not do, the file beside the brand, and the command."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from brandkit.brand.calibration import CALIBRATION_FILE, Calibration, read_calibration
from brandkit.brand.load import load_brand
from brandkit.brand.resolve import Brand
from brandkit.check.calibrate import calibrate
from brandkit.check.calibrated import to_text
from brandkit.check.fit import fit_check, left_out, number_of, widened
from brandkit.check.likeness import unlike_others
from brandkit.check.limits import limit_for, limit_here
from brandkit.check.registry import Check, Further, load_checks
from brandkit.check.run import check_files, check_picture, run_check
from brandkit.check.subject import Subject
from brandkit.cli.main import main
from brandkit.errors import InputError
from brandkit.image.load import load_picture
from brandkit.image.vector import render_mark
from brandkit.metric.conformal import fewest_examples
from brandkit.metric.likeness import PARTS, Look, distances, look_of, off_palette
from brandkit.metric.likeness_paint import new_paint
from brandkit.results import CheckResult, Level, Limit, Measurement, Verdict

PINE, SAIL, STRANGER = "#1F4D3A", "#F6F1E7", "#C71585"
INTRUDER = "palette-intruder"


def a_check(*, higher_is_worse: bool = True, id: str = "palette-any") -> Check:
    review, fail = (3, 5) if higher_is_worse else (90, 80)
    limits = Limit(review_at=review, fail_at=fail, unit="u", higher_is_worse=higher_is_worse)
    return Check(id, "Any.", "Any.", limits, 1, Level.MUST, Level.MUST, lambda subject, limit: iter(()))


def named(numbers: list[float]) -> dict[str, float]:
    return {f"{index}.png": number for index, number in enumerate(numbers)}


FITS = {
    "nothing beyond the default": ([0, 1, 2, 2.9], 0.25, "floor", (3, 5)),
    "tighter examples keep the physical floor": ([0.1] * 30, 0.1, "floor", (3, 5)),
    "looser examples move both limits": ([0, 1, 2, 7], 0.2, "fitted", (7.001, 9.001)),
    "the worst is left to the rate": ([0, 1, 2, 3, 4, 5, 6, 7, 50], 0.2, "fitted", (7.001, 9.001)),
    "too few for the rate": ([9, 9, 9], 0.01, "too-few", (3, 5)),
    "one example": ([9], 0.1, "too-few", (3, 5)),
}


@pytest.mark.parametrize(("numbers", "alpha", "state", "limits"), FITS.values(), ids=FITS)
def test_fits(numbers: list[float], alpha: float, state: str, limits: tuple[float, float]) -> None:
    fit = fit_check(a_check(), named(numbers), (), alpha)
    assert fit.state == state
    assert fit.limits == pytest.approx(limits, abs=0.0011)


def test_lower_is_worse_moves_down_and_ends_at_zero() -> None:
    fit = fit_check(a_check(higher_is_worse=False), named([95, 60, 99, 100]), (), 0.2)
    assert fit.limits == pytest.approx((60, 50), abs=0.0011)
    assert fit_check(a_check(higher_is_worse=False), named([1, 60, 99, 100]), (), 0.2).limits[1] == 0


@pytest.mark.parametrize("id", ["text-contrast", "logo-missing", "tone-ban", "format-wrong"])
def test_some_limits_are_not_for_pictures_to_move(id: str) -> None:
    fit = fit_check(a_check(id=id), named([50.0] * 200), (), 0.1)
    assert (fit.state, fit.limits) == ("fixed", (3, 5))


@given(st.lists(st.floats(0, 100), min_size=1, max_size=50), st.lists(st.floats(0, 100), max_size=9), st.floats(0.02, 0.5))
def test_limits_never_tighten_below_the_floor_and_rejected_pictures_move_nothing(good: list[float], bad: list[float], alpha: float) -> None:
    alone, beside = fit_check(a_check(), named(good), (), alpha), fit_check(a_check(), named(good), bad, alpha)
    assert alone.limits == beside.limits
    assert alone.limits[0] >= 3
    assert alone.limits[1] - alone.limits[0] == pytest.approx(2, abs=0.002)
    if alone.state == "fitted":
        assert sum(number > alone.limits[0] for number in good) <= alpha * (len(good) + 1)


def test_an_example_that_set_the_limit_alone_is_flagged_when_left_out() -> None:
    numbers = named([0, 1, 2, 3, 4, 4, 4, 4, 4, 40])
    assert left_out(a_check(), numbers, 0.1) == {"9.png"}
    assert left_out(a_check(), numbers, 0.001) == set(list(numbers)[4:]), "where nothing can be fitted, the default flags"


def test_an_example_unlike_all_others_is_flagged_where_only_the_wider_limit_let_it_pass() -> None:
    numbers = named([0, 1, 2, 3, 4, 4, 4, 4, 4, 4])
    assert left_out(a_check(), numbers, 0.1) == set()
    assert left_out(a_check(), numbers, 0.1, unlike={"0.png", "9.png"}) == {"9.png"}, "within the default nobody needs to look alike"


@given(st.lists(st.floats(-2, 1), min_size=3, max_size=40), st.floats(0.03, 0.5))
def test_no_more_than_alpha_of_exchangeable_pictures_are_unlike_the_others(strange: list[float], alpha: float) -> None:
    assume(len(strange) - 1 >= fewest_examples(alpha))
    assert sum(unlike_others(strange, alpha)) <= alpha * len(strange) + 1e-9


@pytest.mark.parametrize(("numbers", "alone"), [([0, 1, 2, 4, 40], "4 to 40"), ([0, 1, 2, 38, 40], ""), ([0, 0, 0, 0, 4], "3 to 4")])
def test_an_example_that_moves_a_limit_by_itself_is_named_with_how_far(kit: Path, numbers: list[float], alone: str) -> None:
    outcome = calibrate(load_brand(kit / "kit"), [kit / "approved"], alpha=0.2)
    fit = fit_check(a_check(), named(numbers), (), 1 / 6)
    text = to_text(replace(outcome, calibration=outcome.calibration.model_copy(update={"checks": {"palette-any": fit}})))
    named_so = f"4.png alone moves it from {alone} u: declare its colours, or leave it out if it is an exception"
    assert (named_so in text) is bool(alone) and ("alone moves" in text) is bool(alone)


@given(st.lists(st.floats(0, 100), min_size=3, max_size=40), st.floats(0.03, 0.5), st.booleans())
def test_no_more_than_alpha_of_exchangeable_pictures_exceed_the_limit_that_the_others_set(
    numbers: list[float], alpha: float, higher_is_worse: bool
) -> None:
    """The conformal promise itself, exactly: take each picture in turn as the one that is still to come."""
    assume(len(numbers) - 1 >= fewest_examples(alpha))
    check, exceeded = a_check(higher_is_worse=higher_is_worse), 0
    for index, number in enumerate(numbers):
        fit = fit_check(check, named(numbers[:index] + numbers[index + 1 :]), (), alpha)
        assert fit.state in ("fitted", "floor")
        exceeded += number > fit.limits[0] if higher_is_worse else number < fit.limits[0]
    assert exceeded <= alpha * len(numbers) + 1e-9
    assert len(left_out(check, named(numbers), alpha)) <= alpha * len(numbers) + 1e-9


@given(st.lists(st.none() | st.floats(0, 100), min_size=3, max_size=40), st.floats(0.03, 0.5))
def test_the_promise_holds_for_pictures_on_which_a_check_may_read_nothing(read: list[float | None], alpha: float) -> None:
    assume(len(read) - 1 >= fewest_examples(alpha))
    exceeded = 0
    for index, number in enumerate(read):
        others = [other for other in read[:index] + read[index + 1 :] if other is not None]
        fit = fit_check(a_check(), named(others), (), alpha, silent=len(read) - 1 - len(others))
        assert fit.state in ("fitted", "floor") and fit.n == len(read) - 1
        exceeded += number is not None and number > fit.limits[0]
    assert exceeded <= alpha * len(read) + 1e-9


def test_pictures_without_a_reading_make_few_readings_enough() -> None:
    assert fit_check(a_check(), named([4, 6]), (), 0.2).state == "too-few"
    fit = fit_check(a_check(), named([4, 6]), (), 0.2, silent=3)
    assert (fit.state, fit.n) == ("fitted", 5) and fit.limits == pytest.approx((6.001, 8.001), abs=0.0011)


@pytest.mark.parametrize("n", [20, 60])
def test_the_false_alarms_stay_within_what_was_promised(n: int) -> None:
    """300 calibrations of one check on skewed numbers, each tried on 1000 further pictures."""
    rng, alpha, rates, held = np.random.default_rng(11), 0.1, [], 0
    for _ in range(300):
        fit = fit_check(a_check(), named((3 + rng.exponential(2, n)).tolist()), (), alpha)
        rates.append(float((3 + rng.exponential(2, 1000) > fit.limits[0]).mean()))
        held += fit.alarms.low - 0.02 <= rates[-1] <= fit.alarms.high + 0.02
    assert np.mean(rates) <= alpha + 0.01
    assert held >= 0.93 * 300


@pytest.mark.parametrize(
    ("verdict", "measured", "number"),
    [
        (Verdict.PASS, 9.0, 3.0),
        (Verdict.PASS, 1.0, 1.0),
        (Verdict.REVIEW, 4.0, 4.0),
        (Verdict.FAIL, 9.0, 9.0),
        (Verdict.NOT_CHECKED, None, None),
    ],
)
def test_a_number_counts_as_far_as_it_is_judged(verdict: Verdict, measured: float | None, number: float | None) -> None:
    check = a_check()
    read = () if measured is None else (Measurement(name="any", measured="", value=measured, unit="u"),)
    made = CheckResult(check=check.id, version=1, level=Level.MUST, title="Any.", verdict=verdict, measurements=read)
    assert number_of(made, check.limits) == number


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """A brand, ten approved pictures with 0 to 9 % of a strange colour, two rejected ones with 30 and 40 %, and stray files."""
    root = tmp_path / "kit"
    root.mkdir()
    colors = {"pine": {"value": PINE, "role": "primary"}, "sail": {"value": SAIL, "role": "surface"}}
    (root / "brand.yaml").write_text(yaml.safe_dump({"brandkit": 1, "name": "Any", "palette": {"colors": colors}}))
    for folder, shares in (("approved", range(10)), ("rejected", (30, 40))):
        (tmp_path / folder).mkdir()
        for part in shares:
            draw(part).save(tmp_path / folder / f"{part}.png")
    (tmp_path / "approved/again.png").write_bytes((tmp_path / "approved/3.png").read_bytes())
    (tmp_path / "approved/broken.png").write_bytes(b"broken")
    return tmp_path


def draw(part: int) -> Image.Image:
    picture = Image.new("RGB", (200, 100), SAIL)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 50, 99, 99), fill=PINE)
    if part:
        pen.rectangle((100, 0, 199, part - 1), fill=STRANGER)
    return picture


def test_the_whole_way(kit: Path) -> None:
    brand = load_brand(kit / "kit")
    outcome = calibrate(brand, [kit / "approved"], [kit / "rejected"], alpha=0.2)
    fit = outcome.calibration.checks[INTRUDER]
    assert fit.state == "fitted" and fit.n == 10 and fit.set_by == "approved/8.png"
    assert 3.9 < fit.limits[0] < 4.2, "8 of 100 rows of half the width"
    assert fit.detected is not None and fit.detected.rate == 1
    assert {item.file for item in outcome.calibration.excluded} == {"approved/again.png", "approved/broken.png"}
    assert outcome.after["approved"][Verdict.PASS] > outcome.before["approved"][Verdict.PASS]
    assert outcome.after["rejected"][Verdict.PASS] == 0 and outcome.caught is not None and outcome.caught.rate == 1
    assert calibrate(brand, [kit / "approved"], alpha=0.2).caught is None, "nobody turned anything down"
    text = to_text(outcome)
    assert "rejected pictures that would wait for a person or fail: 100.0 % (95 % sure: 15.8 to 100.0 %)" in text
    assert "set by example 9 of 10" in text and "nothing was written" in text
    assert "beyond it 0 of 10 approved" in text and text.count("the examples keep within the default") == 0, (
        "what holds for all is told once"
    )
    assert not (kit / "kit" / CALIBRATION_FILE).exists()


MARK = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 60"><path fill="#1F4D3A" d="M0 0h14l16 38V0h14v60H30L14 22v38H0z"/>
    <circle cx="80" cy="30" r="24" fill="none" stroke="#1F4D3A" stroke-width="10"/></svg>
"""


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    """A brand whose nine approved pictures show its mark in greens that stray more and more, upright and as drawn."""
    root = tmp_path / "kit"
    root.mkdir()
    (root / "mark.svg").write_text(MARK)
    (root / "brand.yaml").write_text(
        yaml.safe_dump({"brandkit": 1, "name": "Any", "logo": {"marks": {"main": {"file": "mark.svg", "on": ["light"]}}}})
    )
    (tmp_path / "approved").mkdir()
    for step in range(9):
        show(tmp_path, f"#1F{0x4D + 6 * step:02X}3A").save(tmp_path / f"approved/{step}.png")
    return tmp_path


def show(folder: Path, color: str, *, width: int = 240, turn: float = 0) -> Image.Image:
    (folder / "drawn.svg").write_text(MARK.replace(PINE, color))
    mark = Image.fromarray(render_mark(folder / "drawn.svg", 240)).resize((width, 120))
    layer = Image.new("RGBA", (640, 400))
    layer.paste(mark, (180, 140))
    page = Image.new("RGBA", layer.size, "white")
    page.alpha_composite(layer.rotate(turn, Image.Resampling.BICUBIC))
    return page.convert("RGB")


def test_approved_pictures_widen_what_they_show_of_the_mark_and_nothing_else(marked: Path) -> None:
    brand = load_brand(marked / "kit")
    outcome = calibrate(brand, [marked / "approved"], alpha=0.1)
    fits = {name: fit for name, fit in outcome.calibration.checks.items() if name.startswith("logo-altered")}
    assert {name for name, fit in fits.items() if fit.state == "fitted"} == {"logo-altered/colour"}
    fit = fits["logo-altered/colour"]
    assert fit.unit == "× its limit" and fit.default == (1, 2) and fit.set_by == "approved/8.png"
    assert fit.limits[1] - fit.limits[0] == pytest.approx(1, abs=0.002)
    assert "logo-altered/colour: review / fail at 1 / 2 → " in to_text(outcome)
    (marked / "kit" / CALIBRATION_FILE).write_text(outcome.calibration.to_text(), encoding="utf-8")
    fitted = load_brand(marked / "kit")

    def judge(kit: Brand) -> CheckResult:
        return run_check(load_checks()["logo-altered"], Subject(load_picture(marked / "one.png"), kit))

    looks = {
        "as approved": (show(marked, "#1F773A"), Verdict.PASS, []),
        "stranger still": (show(marked, STRANGER), Verdict.REVIEW, [("recoloured", "calibration")]),
        "turned": (show(marked, "#1F773A", turn=6), Verdict.FAIL, [("rotated", "default")]),
        "wider": (show(marked, "#1F773A", width=264), Verdict.FAIL, [("stretched", "default")]),
    }
    for name, (picture, verdict, sources) in looks.items():
        picture.save(marked / "one.png")
        check = judge(fitted)
        assert judge(brand).verdict is not Verdict.PASS, name
        assert check.verdict is verdict, name
        assert [(finding.code, finding.limit.source) for finding in check.findings if finding.limit] == sources, name
    colour = next(entry for entry in check.measurements if entry.name == "colour")
    assert colour.limit is not None and colour.limit.source == "calibration"
    assert colour.limit.review_at == pytest.approx(3 * fit.limits[0], abs=1e-3)


@given(st.floats(1, 9), st.booleans())
def test_a_widened_limit_is_the_same_multiple_of_its_own(times: float, higher_is_worse: bool) -> None:
    """A reading passes the widened limit just where its multiple of the own limit passes the fitted one."""
    own = (
        Limit(review_at=4, fail_at=8, unit="u") if higher_is_worse else Limit(review_at=0.5, fail_at=0.25, unit="u", higher_is_worse=False)
    )
    check = replace(a_check(id="logo-altered"), further=(Further("any", own, fitted=True),))
    fit = fit_check(check.part("any"), named([times] * 30), (), 0.1)

    class Kit:
        part_hashes: ClassVar[dict[str, str]] = {"palette": "", "logo": ""}
        calibration = Calibration(
            made="", brandkit="", brand="Any", kit_hash="", parts=part_hashes, alpha=0.1, checks={"logo-altered/any": fit}, examples=()
        )

    limit = widened(own, "any", check, Kit())  # type: ignore[arg-type]
    worst = own.review_at * times if higher_is_worse else own.review_at / times
    assert limit.verdict(worst) is Verdict.PASS
    assert limit.verdict(worst * 1.01 if higher_is_worse else worst / 1.01) is (Verdict.REVIEW)
    beyond = own.review_at * (times + 1.05) if higher_is_worse else own.review_at / (times + 1.05)  # limits are rounded outwards
    assert limit.verdict(beyond) is Verdict.FAIL


def test_too_few_examples_keep_the_default_and_say_how_many_it_takes(kit: Path) -> None:
    fit = calibrate(load_brand(kit / "kit"), [kit / "approved"]).calibration.checks[INTRUDER]
    assert fit.state == "too-few" and fit.limits == fit.default
    assert "takes 99" in fit.reason and "--alpha 0.091" in fit.reason


def test_one_picture_cannot_be_approved_and_rejected(kit: Path) -> None:
    (kit / "rejected/twin.png").write_bytes((kit / "approved/3.png").read_bytes())
    with pytest.raises(InputError, match=r"twin\.png is rejected and, as .*3\.png, approved"):
        calibrate(load_brand(kit / "kit"), [kit / "approved"], [kit / "rejected"], alpha=0.2)


def applied(kit: Path) -> Calibration:
    outcome = calibrate(load_brand(kit / "kit"), [kit / "approved"], alpha=0.2)
    (kit / "kit" / CALIBRATION_FILE).write_text(outcome.calibration.to_text(), encoding="utf-8")
    return outcome.calibration


def test_an_applied_calibration_sets_the_limit_and_says_so(kit: Path) -> None:
    before = check_files([kit / "approved"], load_brand(kit / "kit"))
    calibration = applied(kit)
    brand = load_brand(kit / "kit")
    assert brand.calibration == calibration
    result = check_files([kit / "approved", kit / "rejected"], brand)
    drift = {asset.file.rpartition("/")[2]: asset.drift for asset in result.assets}
    assert drift["0.png"] is not None and drift["30.png"] is not None and drift["40.png"] is not None
    assert drift["0.png"] < drift["30.png"] <= drift["40.png"] <= 1
    assert all(asset.drift is None for asset in before.assets), "without examples nobody knows what is usual"
    limits = {check.limit.source for asset in result.assets for check in asset.checks if check.check == INTRUDER and check.limit}
    assert limits == {"calibration"}


def elsewhere(part: int) -> Image.Image:
    """A picture of nobody's making with the same share of the same strange colour."""
    noise = np.random.default_rng(5).integers(0, 255, (20, 40, 3), np.uint8)
    picture = Image.fromarray(noise).resize((200, 100), Image.Resampling.BICUBIC).convert("L").convert("RGB")
    ImageDraw.Draw(picture).rectangle((100, 0, 199, part - 1), fill=STRANGER)
    return picture


def test_what_approved_pictures_made_wider_holds_for_those_that_look_like_them(kit: Path) -> None:
    applied(kit)
    plain, fitted = replace(load_brand(kit / "kit"), calibration=None), load_brand(kit / "kit")
    for name, picture, verdict, source in (
        ("like.png", draw(7), Verdict.PASS, "calibration"),
        ("unlike.png", elsewhere(7), Verdict.REVIEW, "default; unlike the approved pictures, for which the limit is wider"),
    ):
        picture.save(kit / name)
        (before,), (after,) = (
            [check for check in check_picture(kit / name, brand).checks if check.check == INTRUDER] for brand in (plain, fitted)
        )
        assert before.verdict is Verdict.REVIEW and before.measured == pytest.approx(3.5, abs=0.2)
        assert (after.verdict, after.limit and after.limit.source) == (verdict, source), name


def test_the_profile_and_a_persons_limits_hold_for_whatever_it_looks_like(kit: Path) -> None:
    applied(kit)
    file, check = kit / "kit/brand.yaml", load_checks()[INTRUDER]
    elsewhere(7).save(kit / "unlike.png")
    document = yaml.safe_load(file.read_text())
    for gate, wanted in (({"profile": "strict"}, (1, 1)), ({"limits": {INTRUDER: [6, 8]}}, (6, 8))):
        file.write_text(yaml.safe_dump(document | {"gate": gate}))
        limit = limit_here(check, Subject(load_picture(kit / "unlike.png"), load_brand(kit / "kit")))
        assert (limit.review_at, limit.fail_at) == wanted and "brand.yaml:" in limit.source


def test_too_few_approved_pictures_to_tell_what_looks_like_them_widen_for_all(kit: Path) -> None:
    for part in (0, 1, 2, 3, 4):
        (kit / f"approved/{part}.png").unlink()
    outcome = calibrate(load_brand(kit / "kit"), [kit / "approved"], alpha=0.2)
    assert outcome.calibration.likeness is not None, "again.png is the sixth"
    (kit / "approved/9.png").unlink()
    outcome = calibrate(load_brand(kit / "kit"), [kit / "approved"], alpha=0.2)
    assert outcome.calibration.likeness is None and outcome.calibration.checks[INTRUDER].state == "fitted"
    assert "they hold for every picture: 6 approved ones would tell" in to_text(outcome)
    (kit / "kit" / CALIBRATION_FILE).write_text(outcome.calibration.to_text(), encoding="utf-8")
    elsewhere(7).save(kit / "unlike.png")
    assert Subject(load_picture(kit / "unlike.png"), load_brand(kit / "kit")).strangeness is None
    (made,) = (one for one in check_picture(kit / "unlike.png", load_brand(kit / "kit")).checks if one.check == INTRUDER)
    assert made.limit and made.limit.source == "calibration"


def test_a_person_overrules_a_calibration(kit: Path) -> None:
    applied(kit)
    file = kit / "kit/brand.yaml"
    document = yaml.safe_load(file.read_text())
    document["gate"] = {"limits": {INTRUDER: [0.5, 1]}}
    file.write_text(yaml.safe_dump(document))
    brand = load_brand(kit / "kit")
    limit = limit_for(load_checks()[INTRUDER], brand)
    assert (limit.review_at, limit.fail_at) == (0.5, 1) and limit.source.startswith("brand.yaml:")
    assert INTRUDER in calibrate(brand, [kit / "approved"], alpha=0.2).overruled


def test_a_calibration_of_another_palette_or_check_version_is_ignored_and_says_why(kit: Path) -> None:
    applied(kit)
    check = load_checks()[INTRUDER]
    brand = load_brand(kit / "kit")
    assert limit_for(check, brand).source == "calibration"
    newer = limit_for(replace(check, version=check.version + 1), brand)
    assert (newer.review_at, newer.source) == (
        check.limits.review_at,
        "default; calibration.json is stale: palette-intruder measures differently since",
    )
    file = kit / "kit/brand.yaml"
    file.write_text(file.read_text().replace(PINE, "#1F4D3B"))
    changed = limit_for(check, load_brand(kit / "kit"))
    assert (changed.review_at, changed.source) == (check.limits.review_at, "default; calibration.json is stale: the palette changed since")
    file.write_text(file.read_text().replace("#1F4D3B", PINE) + "idea: Any other sentence.\n")
    assert limit_for(check, load_brand(kit / "kit")).source == "calibration", "what checks do not read changes nothing"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema_version": "brandkit/calibration@9"}'])
def test_a_damaged_calibration_is_wrong_input(kit: Path, text: str) -> None:
    (kit / "kit" / CALIBRATION_FILE).write_text(text)
    with pytest.raises(InputError, match=r"calibration\.json is no calibration") as raised:
        read_calibration(kit / "kit")
    assert (raised.value.hint or "").startswith("delete it"), "calibrating again reads the kit, too, and would say the same"


def test_a_damaged_look_is_wrong_input_and_names_the_file(kit: Path) -> None:
    file = kit / "kit" / CALIBRATION_FILE
    document = json.loads(applied(kit).to_text())
    document["examples"][0]["look"] = "rubbish"
    file.write_text(json.dumps(document))
    with pytest.raises(InputError, match=r"calibration\.json: 'rubbish"):
        check_files([kit / "approved/0.png"], load_brand(kit / "kit"))


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["brandkit", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        main()
        raise SystemExit(0)
    return int(end.value.code or 0)


def test_the_command_writes_only_where_it_is_told(kit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    common = ("calibrate", kit / "kit", kit / "approved", kit / "rejected", "--alpha", "0.2")
    assert run(monkeypatch, *common, "--out", kit / "later.json", "--format", "json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["calibration"] == json.loads((kit / "later.json").read_text())
    assert not (kit / "kit" / CALIBRATION_FILE).exists()
    assert run(monkeypatch, *common, "--apply") == 0
    assert "applies from now on" in capsys.readouterr().out
    assert read_calibration(kit / "kit") is not None
    assert run(monkeypatch, *common[:-1], "2") == 2
    assert "--alpha must lie between 0 and 1" in capsys.readouterr().err


@given(st.integers(0, 2**32 - 1), st.tuples(st.integers(1, 40), st.integers(1, 40)))
def test_a_look_survives_packing_and_is_nearest_to_itself(seed: int, size: tuple[int, int]) -> None:
    rgb = np.random.default_rng(seed).integers(0, 256, (*size, 3), dtype=np.uint8)
    look = look_of(rgb)
    again = Look.unpacked(look.packed())
    assert np.all(distances(look, [again])[0, :-1] < (0.05, 0.02, 0.01, 0.001, 0.001, 0.01))
    assert all(np.sum(part**2) == pytest.approx(1) for part in look.parts()[:2])


def test_looks_tell_kinds_of_pictures_apart() -> None:
    looks = [look_of(np.asarray(draw(part))) for part in range(6)]
    noise = look_of(np.random.default_rng(1).integers(0, 256, (100, 200, 3), dtype=np.uint8))
    assert np.all(distances(looks[0], looks[1:])[:, :-1].mean(axis=0) < distances(noise, looks[1:])[:, :-1].mean(axis=0))
    assert np.all(distances(looks[0], looks[:1]) == 0)
    with pytest.raises(ValueError, match="no example"):
        distances(noise, [])
    with pytest.raises(ValueError, match="not a packed look"):
        Look.unpacked("rubbish")


def test_borders_are_those_that_are_drawn_whatever_the_shares() -> None:
    def drawn(size: int, color: str) -> Look:
        picture = Image.new("RGB", (192, 192), "white")
        picture.paste(Image.new("RGB", (size, size), color), (20, 20))
        return look_of(np.asarray(picture))

    small, large, other = drawn(30, PINE), drawn(140, PINE), drawn(30, STRANGER)
    apart = distances(small, [large, other])
    at, color = PARTS.index("meetings"), PARTS.index("color")
    assert apart[0, at] < 0.1 < 0.9 < apart[1, at] and apart[0, color] > apart[1, color]


def test_contrast_is_read_at_the_size_of_what_is_drawn() -> None:
    x = np.arange(192)
    fine, coarse = (np.where(x // width % 2, 220, 40).astype(np.uint8) for width in (2, 32))
    looks = [look_of(np.ascontiguousarray(np.broadcast_to(row[None, :, None], (192, 192, 3)))) for row in (fine, coarse)]
    light = [np.exp(look.contrast[::2]) for look in looks]
    assert int(np.argmax(light[0])) < int(np.argmax(light[1]))
    assert all(np.exp(look.contrast[1::2]).max() < 0.003 for look in looks), "greys have no contrast of colour"


@pytest.mark.parametrize(
    ("fill", "example", "share"),
    [(PINE, PINE, 0.0), (PINE, STRANGER, 1.0), ("#808080", PINE, 0.5), (PINE, "#808080", 1.0)],
    ids=["the same paint", "another paint", "nothing painted, no evidence", "examples without paint"],
)
def test_paints_are_known_from_examples(fill: str, example: str, share: float) -> None:
    def drawn(color: str) -> Look:
        picture = Image.new("RGB", (120, 80), "white")
        picture.paste(Image.new("RGB", (60, 40), color), (20, 20))
        return look_of(np.asarray(picture))

    look = Look.unpacked(drawn(example).packed())
    assert new_paint(drawn(fill).paints, [look.paints]) == share


@given(st.integers(0, 2**32 - 1))
def test_shading_and_noise_are_no_paint(seed: int) -> None:
    rgb = np.random.default_rng(seed).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    assert len(look_of(rgb).paints.shares) == 0


@pytest.mark.parametrize(("color", "share"), [(PINE, 0.0), (STRANGER, 1.0), ("#808080", 0.5)])
def test_off_palette(color: str, share: float) -> None:
    swatches = np.array([[0.386, -0.055, 0.02]])  # OKLab of PINE, rounded
    assert off_palette(np.asarray(Image.new("RGB", (30, 20), color)), swatches) == share
