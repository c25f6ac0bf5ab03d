"""The review page in a real browser: keys, what is seen before it is decided, other people, and nothing from elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from review_room import HOSTILE, Room, make_kit, make_room, paint, readable, serving, write_run

from brandkit.review.log import DecisionLog

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (apt-get install chromium)")
WAIT = 20_000  # ms; how long something may take to show up before the test says that it never did
AA = 4.5  # contrast of text, WCAG 2.2 level AA
# Every text on the page with the contrast of its colour to the nearest opaque ground beneath it.
CONTRASTS = """
() => {
  const parse = (css) => css.match(/[\\d.]+/g).map(Number);
  const linear = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join("");
    const style = getComputedStyle(element);
    if (!text || element.disabled || element.closest("noscript") || !element.checkVisibility({ visibilityProperty: true })) continue;
    let ground = element, color = parse(style.color);
    while (ground && (parse(getComputedStyle(ground).backgroundColor)[3] ?? 1) < 1) ground = ground.parentElement;
    const under = parse(getComputedStyle(ground || document.body).backgroundColor), opacity = Number(style.opacity);
    color = color.slice(0, 3).map((value, at) => value * opacity + under[at] * (1 - opacity));
    const [high, low] = [light(color), light(under)].sort((a, b) => b - a);
    found.push([text.slice(0, 40), (high + 0.05) / (low + 0.05)]);
  }
  return found;
}
"""

NAMES = """
() => [...document.querySelectorAll("a, button, input, summary, [tabindex='0']")]
  .filter((each) => each.checkVisibility())
  .map((each) => (each.ariaLabel || each.labels?.[0]?.textContent || each.textContent).trim())
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu", "--disable-dev-shm-usage"])
        yield started
        started.close()


@pytest.fixture
def room(tmp_path) -> Iterator[Room]:
    with serving(make_room(tmp_path / "out"), readable(make_kit(tmp_path / "kit"))) as running:
        yield running


@pytest.fixture
def open_page(browser, room):
    """Open the review in a browser of its own, and see that it loads without complaint and from its own server only."""
    contexts, complaints = [], []

    def open_(width: int = 1440, height: int = 900, scheme: str = "light", reviewer: str = "Ada"):
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        context.set_default_timeout(WAIT)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"a dialog: {dialog.message}"))
        page.on("request", lambda request: complaints.append(request.url) if f"127.0.0.1:{room.port}/" not in request.url else None)
        page.goto(room.url)
        page.wait_for_selector("[data-key]")
        page.fill("#reviewer", reviewer)
        page.locator("#content").focus()
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [text for text in complaints if not any(word in text for word in ("409", "422", "ERR_FAILED"))] == []


def seen(page, title: str) -> None:
    """Wait until an asset and its picture are on the screen."""
    page.wait_for_function(
        """(title) => document.querySelector("#content[data-shown] .id strong")?.textContent === title
        && document.querySelector("figure img")?.complete""",
        arg=title,
    )


def log(room) -> list[tuple[str, str, str]]:
    return [(made.asset, made.action.value, made.note) for made in DecisionLog(room.folder).read()]


def test_a_whole_review_by_keyboard(open_page, room):
    page = open_page()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    seen(page, "format-broken")
    page.keyboard.press("a")
    page.wait_for_selector("#why[open]")
    page.keyboard.press("Enter")
    assert page.locator("#why[open]").count(), "what fails is not accepted without a reason"
    page.keyboard.type("signed off by the client")
    page.keyboard.press("Enter")
    seen(page, "format-far")
    page.keyboard.press("k")
    seen(page, "format-broken")
    page.keyboard.press("j")
    seen(page, "format-far")
    page.keyboard.press("a")
    seen(page, "format-near")
    page.keyboard.press("r")
    page.wait_for_selector("#why[open]")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_selector(".grid")
    assert page.inner_text("#progress") == "3 of 3 decided"
    assert "Everything is decided: 2 accepted, 1 rejected" in page.inner_text("#notice")
    page.keyboard.press("u")
    seen(page, "format-near")
    assert page.inner_text("#progress") == "2 of 3 decided"
    assert log(room) == [
        ("broken", "accept", "signed off by the client"),
        ("far", "accept", ""),
        ("near", "reject", "Colour is off"),
        ("near", "undo", ""),
    ]


def test_several_are_decided_at_once_and_taken_back_at_once(open_page, room):
    page = open_page()
    page.wait_for_function("() => [...document.querySelectorAll('.grid img')].every((each) => each.complete)")
    for key in ("j", "x", "j", "j", "X", "a"):
        page.keyboard.press(key)
    page.wait_for_selector("#why[open]")
    assert "1 of 3 fail" in page.inner_text("#why-words")
    page.keyboard.type("for the archive")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('#progress').textContent === '3 of 3 decided'")
    assert log(room) == [("broken", "accept", "for the archive"), ("far", "accept", ""), ("near", "accept", "")]
    page.keyboard.press("u")
    page.wait_for_function("() => document.querySelector('#progress').textContent === '0 of 3 decided'")
    assert [made[:2] for made in log(room)[3:]] == [("broken", "undo"), ("far", "undo"), ("near", "undo")]


def test_of_several_the_one_that_somebody_decided_meanwhile_is_left_and_told(open_page, room):
    page = open_page()
    page.wait_for_function("() => [...document.querySelectorAll('.grid img')].every((each) => each.complete)")
    room.decide(room.queue()["far"], "reject", reviewer="Bo", note="too dark")
    page.click("text=format-far", modifiers=["Control"])
    page.click("text=format-near", modifiers=["Shift"])
    page.click("#selection [data-action=accept]")
    page.wait_for_function("() => document.querySelector('#notice').textContent.startsWith('1 of 2 recorded. far: Bo rejected it')")
    assert [made[:2] for made in log(room)] == [("far", "reject"), ("near", "accept")]


def test_escape_decides_nothing(open_page, room):
    page = open_page()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    seen(page, "format-broken")
    for key in ("r", "a"):
        page.keyboard.press(key)
        page.wait_for_selector("#why[open]")
        page.keyboard.press("Escape")
        page.wait_for_selector("#why:not([open])", state="hidden")
    page.keyboard.press("Escape")
    page.wait_for_selector(".grid")
    assert log(room) == []


def test_a_double_click_decides_about_one_asset(open_page, room):
    page = open_page()
    page.click("text=format-far")
    seen(page, "format-far")
    page.dblclick("[data-action=accept]")
    seen(page, "format-near")
    assert log(room) == [("far", "accept", "")]


def test_nothing_is_decided_before_it_is_seen(open_page, room):
    """Keys pressed in a row walk on at once, but a decision waits for the picture."""
    page = open_page()
    page.click("text=format-broken")
    seen(page, "format-broken")
    page.route("**/picture/**", lambda route: None)  # pictures never come
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.wait_for_function("() => document.querySelector('#content[data-shown] .id strong')?.textContent === 'format-near'")
    page.keyboard.press("a")
    page.wait_for_function("() => document.querySelector('#notice').textContent.includes('still loading')")
    assert log(room) == []


def test_a_second_reviewer_is_told_what_the_first_decided(open_page, room):
    ada, bo = open_page(reviewer="Ada"), open_page(reviewer="Bo")
    for page in (ada, bo):
        page.click("text=format-far")
        seen(page, "format-far")
    bo.keyboard.press("a")
    seen(bo, "format-near")
    ada.keyboard.press("r")
    ada.wait_for_selector("#why[open]")
    ada.keyboard.press("2")
    ada.keyboard.press("Enter")
    ada.wait_for_function("() => document.querySelector('#notice').textContent.startsWith('Bo accepted it meanwhile')")
    ada.wait_for_selector(".told.accepted")
    assert log(room) == [("far", "accept", "")]


def test_an_asset_that_a_run_replaced_meanwhile_is_not_decided(open_page, room):
    page = open_page()
    page.click("text=format-far")
    seen(page, "format-far")
    paint(room.folder, "far", "#010203")
    page.keyboard.press("a")
    page.wait_for_function("() => document.querySelector('#notice').textContent.includes('not the one that was checked')")
    page.wait_for_selector("[data-action=accept][disabled]")
    write_run(room.folder)
    page.reload()
    seen(page, "format-far")
    page.keyboard.press("a")
    seen(page, "format-near")
    assert log(room) == [("far", "accept", "")]


def test_a_server_that_is_gone_is_told_and_the_click_may_be_sent_again(open_page, room):
    page = open_page()
    page.click("text=format-far")
    seen(page, "format-far")
    page.route("**/api/decisions", lambda route: (route.fetch(), route.abort())[1])  # it arrives, and its answer is lost
    page.keyboard.press("a")
    page.wait_for_function("() => document.querySelector('#notice').textContent.includes('not known whether this was recorded')")
    page.unroute("**/api/decisions")
    page.keyboard.press("a")
    seen(page, "format-near")
    assert log(room) == [("far", "accept", "")]


def card_says(page, name, words):
    """Wait until an asset's card says something, as text: what is not on the screen yet is not laid out."""
    page.wait_for_function(
        "wanted => [...document.querySelectorAll('[data-key]')].some(card => wanted.every(words => card.textContent.includes(words)))",
        arg=[name, words],
    )


def test_the_page_learns_what_others_decided_and_that_a_run_ended(open_page, room):
    page = open_page()
    room.decide(room.queue()["far"], "accept", reviewer="Bo")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function("() => document.querySelector('#progress').textContent === '1 of 3 decided'")
    card_says(page, "format-far", "Accepted by Bo")
    paint(room.folder, "far", "#010203")
    write_run(room.folder)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function("() => document.querySelector('#progress').textContent === '0 of 3 decided'")
    card_says(page, "format-far", "Accepted by Bo")  # what was
    assert page.locator(".standing.stale").count() == 1


def test_text_of_strangers_stays_text(open_page):
    page = open_page()
    page.click("text=format-far")
    seen(page, "format-far")
    assert HOSTILE in page.inner_text(".finding")
    assert page.locator("img[src='x']").count() == 0


def test_a_finding_is_marked_where_it_is(open_page):
    page = open_page()
    page.click("text=format-far")
    seen(page, "format-far")
    picture, mark = page.locator("figure img").bounding_box(), page.locator("figure .mark > rect").bounding_box()
    scale = picture["width"] / 240
    air = 0.004 * 240  # px of the asset, around the place
    left, top, width, height = 20 - air, 30 - air, 60 + 2 * air, 40 + 2 * air
    wanted = (picture["x"] + left * scale, picture["y"] + top * scale, width * scale, height * scale)
    assert (mark["x"], mark["y"], mark["width"], mark["height"]) == pytest.approx(wanted, abs=3)  # px; half the stroke on each side
    facts = page.inner_text(".checks")
    assert "5.5" in facts and "review over 3, fail from 6 ΔE00 (brand.yaml:41)" in facts and "Set this area to #1F4D3A" in facts
    page.locator(".finding").focus()
    assert page.locator("figure.fade").count() == 1


def test_single_pixels_come_without_loss(open_page):
    page = open_page()
    page.click("text=format-far")
    seen(page, "format-far")
    page.keyboard.press("z")
    page.wait_for_function("() => document.querySelector('.zoomed img')?.naturalWidth === 240")
    assert "/full/" in page.get_attribute(".zoomed img", "src")
    assert page.locator(".zoomed img").bounding_box()["width"] == pytest.approx(240, abs=1)


def figures(page):
    """The pictures on the stage that are loaded, from left to right or from top to bottom: alt text and place."""
    page.wait_for_function("() => [...document.querySelectorAll('figure img')].every((each) => each.complete && each.naturalWidth)")
    return [(each.get_attribute("alt"), each.bounding_box()) for each in page.locator("figure img").all()]


@pytest.mark.parametrize(("width", "height"), [(1280, 760), (390, 844)])
def test_the_kit_s_references_are_laid_beside_one_after_the_other(open_page, width, height):
    page = open_page(width, height)
    page.click("text=format-far")
    seen(page, "format-far")
    assert len(figures(page)) == 1
    page.keyboard.press("e")
    page.wait_for_selector("figure.kit")
    (asset, left), (style, right) = figures(page)
    assert asset.startswith("format-far") and style == f"Style reference of the kit: the light, not the boat {HOSTILE}"
    assert "1 of 2" in page.inner_text("figure.kit figcaption")
    apart = left["x"] + left["width"] <= right["x"] if width > 900 else left["y"] + left["height"] <= right["y"]
    assert apart and right["width"] / right["height"] == pytest.approx(120 / 200, abs=0.02)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("e")
    page.wait_for_selector("figure.kit figcaption:has-text('tin.png')")
    page.keyboard.press("k")
    seen(page, "format-broken")
    assert len(figures(page)) == 2, "the reference stays while one walks through the assets"
    page.keyboard.press("z")
    page.wait_for_selector(".zoomed")
    assert len(figures(page)) == 1, "single pixels are the asset's alone"
    page.keyboard.press("e")
    page.wait_for_function("() => !document.querySelector('.zoomed') && document.querySelectorAll('figure').length === 1")


def test_a_reference_that_was_changed_since_is_not_shown(open_page, tmp_path):
    page = open_page()
    (tmp_path / "kit/refs/quay.jpg").write_bytes((tmp_path / "kit/refs/tin.png").read_bytes())
    page.click("text=format-far")
    seen(page, "format-far")
    page.keyboard.press("e")
    page.wait_for_selector("figure.kit .blank")
    assert "not the one that it was" in page.inner_text("figure.kit")


def test_the_filter_stays_in_the_address(open_page):
    page = open_page()
    page.keyboard.press("/")
    page.keyboard.type("near")
    page.wait_for_function("() => document.querySelectorAll('[data-key]').length === 1")
    page.reload()
    page.wait_for_selector("[data-key]")
    assert [page.inner_text(".grid .name"), page.input_value("#search")] == ["format-near", "near"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(open_page, scheme):
    page = open_page(scheme=scheme)
    read = dict(page.evaluate(CONTRASTS))
    page.click("text=format-broken")
    seen(page, "format-broken")
    read |= dict(page.evaluate(CONTRASTS))
    page.keyboard.press("r")
    page.wait_for_selector("#why[open]")
    read |= dict(page.evaluate(CONTRASTS))
    assert len(read) > 30
    assert {text: ratio for text, ratio in read.items() if ratio < AA} == {}


def test_every_control_has_a_name_and_shows_its_focus(open_page):
    page = open_page()
    page.click("text=format-far")
    seen(page, "format-far")
    names = page.evaluate(NAMES)
    assert len(names) > 6 and all(names)
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert page.get_attribute("figure img", "alt").startswith("format-far, quay")


@pytest.mark.parametrize("width", [390, 768])
def test_a_narrow_screen_needs_no_sideways_scrolling(open_page, width):
    page = open_page(width, 844)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click("text=format-far")
    seen(page, "format-far")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    accept = page.locator("[data-action=accept]").bounding_box()
    assert accept["y"] + accept["height"] <= 844 and accept["height"] >= 44
