"""The review server: one decision at a time, never about anything but what was seen, and nobody but its own page."""

from __future__ import annotations

import fcntl
import io
import json
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from PIL import Image
from review_room import HOSTILE, make_room, paint, serving, write_run

from brandkit.cli.review_page import in_use
from brandkit.files import sha256
from brandkit.review import serve as serve_module
from brandkit.review.guard import HEADER
from brandkit.review.log import NAME, DecisionLog
from brandkit.review.standing import standing_run


@pytest.fixture
def room(tmp_path):
    with serving(make_room(tmp_path / "out")) as running:
        yield running


def log(room) -> list[tuple[str, str]]:
    return [(made.asset, made.action.value) for made in DecisionLog(room.folder).read()]


# Deciding.


def test_the_riskiest_comes_first(room):
    entries = room.queue()
    assert list(entries) == ["broken", "far", "near", "fine"]
    assert [entry["open"] for entry in entries.values()] == [True, True, True, False]


def test_a_decision_is_on_disk_when_the_page_hears_of_it(room):
    status, answer = room.decide(room.queue()["far"], "accept")
    assert (status, answer["kind"], answer["asset"]["state"]) == (201, "recorded", "accepted")
    assert log(room) == [("far", "accept")]
    assert answer["asset"]["words"].startswith("Accepted by Ada, ")
    assert (room.folder / "accepted" / answer["asset"]["sha256"]).read_bytes() == (room.folder / "assets/far.png").read_bytes()


def test_a_double_click_counts_once(room):
    entry = room.queue()["far"]
    first, second = room.decide(entry, "accept", token="click-12345"), room.decide(entry, "accept", token="click-12345")
    assert (first[0], second[0]) == (201, 200)
    assert log(room) == [("far", "accept")]


def test_of_two_reviewers_at_once_one_wins_and_the_other_is_told_what_was_decided(room):
    entry, answers, start = room.queue()["far"], [], threading.Barrier(2)

    def decide(reviewer: str, action: str) -> None:
        start.wait()
        answers.append((reviewer, *room.decide(entry, action, reviewer=reviewer, note=f"says {reviewer}")))

    threads = [threading.Thread(target=decide, args=pair) for pair in (("Ada", "accept"), ("Bo", "reject"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner, won, _), (_, lost, told) = sorted(answers, key=lambda each: each[1])
    assert (won, lost, told["kind"]) == (201, 409, "overtaken")
    assert told["words"].startswith(winner) and f"says {winner}" in told["words"] and "not recorded" in told["words"]
    assert len(log(room)) == 1
    assert room.decide(told["asset"], "reject", note="seen both")[0] == 201, "who has seen the other's decision may replace it"


def test_undo_opens_an_asset_again_and_history_keeps_everything(room):
    _, answer = room.decide(room.queue()["far"], "reject", note="colour is off")
    _, answer = room.decide(answer["asset"], "undo")
    assert (answer["asset"]["state"], answer["asset"]["open"]) == ("open", True)
    assert [words.split(" ")[0] for words in answer["asset"]["history"]] == ["Taken", "Rejected"]
    assert log(room) == [("far", "reject"), ("far", "undo")]


def test_a_decision_about_a_file_that_a_run_replaced_meanwhile_is_refused(room):
    entry = room.queue()["far"]
    paint(room.folder, "far", "#010203")
    status, answer = room.decide(entry, "accept")
    assert (status, answer["kind"]) == (409, "stale")
    assert answer["asset"]["changed"]
    write_run(room.folder)  # the run ends
    status, answer = room.decide(entry, "accept")
    assert (status, answer["kind"]) == (409, "stale")
    assert log(room) == []
    assert room.decide(room.queue()["far"], "accept")[0] == 201, "after another look"


@pytest.mark.parametrize("changes", [{"kit": "n" * 64}, {"value": 5.7}, {"version": 2}])
def test_an_acceptance_is_stale_after_an_edit_of_the_kit_or_another_measurement(room, changes):
    room.decide(room.queue()["far"], "accept")
    write_run(room.folder, **changes)
    entry = room.queue()["far"]
    assert (entry["state"], entry["open"]) == ("stale", True)
    assert entry["stale"]
    assert standing_run(room.folder, room.folder).exit_code() == 1


def test_what_the_page_saw_before_a_new_measurement_cannot_be_decided(room):
    entry = room.queue()["far"]
    write_run(room.folder, value=5.9)
    status, answer = room.decide(entry, "accept")
    assert (status, answer["kind"]) == (409, "stale")
    assert log(room) == []


def test_others_decisions_reach_the_page(room):
    room.decide(room.queue()["far"], "accept", reviewer="Bo")
    changes = json.loads(room.ask("GET", "/api/changes?after=0").data)
    assert [(entry["id"], entry["state"]) for entry in changes["assets"]] == [("far", "accepted")]
    assert json.loads(room.ask("GET", f"/api/changes?after={changes['seq']}").data)["assets"] == []


def test_the_version_that_was_accepted_before_can_be_laid_beside(room):
    room.decide(room.queue()["far"], "accept")
    before = (room.folder / "assets/far.png").read_bytes()
    paint(room.folder, "far", "#C0FFEE")
    write_run(room.folder)
    entry = room.queue()["far"]
    beside = json.loads(room.ask("GET", f"/api/asset/{entry['key']}").data)["beside"]
    assert [each["name"] for each in beside] == ["accepted"]
    shown = room.ask("GET", f"/picture/{entry['key']}/accepted/full/{entry['sha256']}").data
    assert Image.open(io.BytesIO(shown)).tobytes() == Image.open(io.BytesIO(before)).tobytes()


def test_what_the_last_revision_of_the_kit_made_can_be_laid_beside(room):
    aside = room.folder / "superseded/0123456789ab/assets/far.png"
    aside.parent.mkdir(parents=True)
    Image.new("RGB", (24, 16), "#ABCDEF").save(aside)
    entry = room.queue()["far"]
    beside = json.loads(room.ask("GET", f"/api/asset/{entry['key']}").data)["beside"]
    assert [each["name"] for each in beside] == ["earlier"]
    shown = Image.open(io.BytesIO(room.ask("GET", f"/picture/{entry['key']}/earlier/full/{entry['sha256']}").data))
    assert (shown.size, shown.getpixel((0, 0))) == ((24, 16), (0xAB, 0xCD, 0xEF))


@pytest.mark.parametrize(
    ("action", "changes", "status"),
    [
        ("reject", {}, 422),
        ("accept", {"note": "x" * 1001}, 422),
        ("accept", {"after": 7}, 409),
        ("accept", {"asset": "0" * 20}, 404),
        ("accept", {"sha256": "0" * 64}, 409),
        ("accept", {"reading": "0" * 64}, 409),
        ("undo", {}, 422),
        ("erase", {}, 422),
        ("accept", {"token": "../../x"}, 422),
        ("accept", {"after": -1}, 422),
        ("accept", {"extra": 1}, 422),
    ],
)
def test_what_is_no_decision_on_what_was_seen_is_refused(room, action, changes, status):
    answer = room.decide(room.queue()["far"], action, **changes)
    assert answer[0] == status
    assert answer[1].get("error") or answer[1]["words"]
    assert log(room) == []


def test_what_fails_is_accepted_only_with_a_reason(room):
    entry = room.queue()["broken"]
    status, answer = room.decide(entry, "accept")
    assert status == 422 and "needs a reason" in answer["error"]
    assert room.decide(entry, "accept", note="the client signed it off")[0] == 201


def test_a_log_that_a_crash_cut_short_is_recovered_and_told(room):
    room.decide(room.queue()["far"], "accept")
    with (room.folder / NAME).open("ab") as file:
        file.write(b'{"seq":2,"aft')
    assert json.loads(room.ask("GET", "/api/queue").data)["torn"]
    assert room.decide(room.queue()["near"], "accept")[0] == 201
    assert log(room) == [("far", "accept"), ("near", "accept")]


def test_a_log_that_cannot_be_written_is_told_and_nothing_is_recorded(room, monkeypatch):
    monkeypatch.setattr("brandkit.review.log.os.write", lambda file, data: 0)
    status, answer = room.decide(room.queue()["far"], "accept")
    assert status == 503 and "nothing was recorded" in answer["hint"]
    assert (room.folder / NAME).read_bytes() == b""


# Strangers.


def decision(entry) -> dict[str, object]:
    seen = {name: entry[name] for name in ("sha256", "reading")}
    return {"asset": entry["key"], "action": "accept", "after": 0, "token": "click-123456", **seen}


def post(room, **headers):
    return room.ask("POST", "/api/decisions", json.dumps(decision(room.queue()["far"])).encode(), **headers)


def test_the_page_itself_may_decide(room):
    assert post(room).status == 201


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1.evil.example"}, 421),
        ({"Host": None}, 400),
        ({"Cookie": None}, 403),
        ({"Cookie": "brandkit-review-1=x"}, 403),
        ({"Origin": None}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "http://localhost"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"x-brandkit-review": None}, 403),
        ({"x-brandkit-review": "0" * 64}, 403),
        ({"x-brandkit-review": "\u00e9"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Length": "16385"}, 413),
        ({"Content-Length": None, "Transfer-Encoding": "chunked"}, 413),
    ],
)
def test_a_decision_from_anywhere_else_is_refused(room, headers, status):
    assert post(room, **headers).status == status
    assert log(room) == []


@pytest.mark.parametrize(
    "path",
    [
        "/", "/?", "/?monkey=1", "/?key", "/?key=", "/?KEY=x", "/api/queue", "/api/queue?key=x", "/api/changes", "/static/main.js",
        "/picture/a/asset/thumb/b", "/nothing", "//?key=x",
    ],
)  # fmt: skip
def test_without_the_key_there_is_nothing_to_see(room, path):
    answer = room.ask("GET", path, Cookie=None)
    assert answer.status == 403
    assert b"Spring" not in answer.data and room.door.header.encode() not in answer.data
    assert room.ask("GET", path, Host="evil.example").status == 421


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_other_methods_are_refused(room, method):
    answer = room.ask(method, "/api/decisions", Origin="http://evil.example")
    assert answer.status == 405
    assert not answer.getheader("access-control-allow-origin")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../log.py",
        "/static/..%2flog.py",
        "/static/%2e%2e/%2e%2e/log.py",
        "/static/review.html.j2",
        "/picture/../../../../etc/passwd/asset/thumb/x",
        "/picture/%2e%2e%2f%2e%2e%2fetc%2fpasswd/asset/thumb/x",
        "/assets/far.png",
        "/decisions.jsonl",
        "/run.json",
    ],
)
def test_no_path_leads_to_a_file(room, path):
    assert room.ask("GET", path).status == 404


def test_pictures_are_made_anew_from_exactly_what_was_checked(room):
    entry = room.queue()["far"]
    for size, kind, width in (("thumb", "image/webp", 240), ("large", "image/webp", 240), ("full", "image/png", 240)):
        answer = room.ask("GET", f"/picture/{entry['key']}/asset/{size}/{entry['sha256']}")
        assert (answer.status, answer.getheader("content-type")) == (200, kind)
        assert Image.open(io.BytesIO(answer.data)).size[0] == width
    assert room.ask("GET", f"/picture/{entry['key']}/asset/huge/{entry['sha256']}").status == 404
    assert room.ask("GET", f"/picture/{entry['key']}/asset/full/{'0' * 64}").status == 404
    paint(room.folder, "far", "#010203")
    assert room.ask("GET", f"/picture/{entry['key']}/asset/full/{entry['sha256']}").status == 422, "another file must not pass for it"


def test_a_drawing_is_never_handed_on(room):
    """An SVG in the place of an asset is refused by the door for pixels, whatever run.json says about it."""
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    (room.folder / "assets/far.png").write_bytes(drawing)
    write_run(room.folder)
    entry = room.queue()["far"]
    assert entry["sha256"] == sha256(drawing)
    answer = room.ask("GET", f"/picture/{entry['key']}/asset/full/{entry['sha256']}")
    assert answer.status == 422 and b"<svg" not in answer.data


@pytest.mark.parametrize("path", ["/", "/api/queue", "/static/main.js", "/nothing", "/static/icon.svg"])
def test_every_answer_carries_the_headers_that_keep_it_apart(room, path):
    headers = {name.lower(): value for name, value in room.ask("GET", path).getheaders()}
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers and "server" not in headers


def test_the_page_holds_no_text_of_the_run_and_no_inline_script(room):
    page = room.ask("GET", "/").data.decode()
    assert HOSTILE not in page and "Harbor" not in page
    assert "<script>" not in page and " style=" not in page and "onclick" not in page
    assert HOSTILE in json.loads(room.ask("GET", "/api/queue").data)["assets"][0]["why"], "as data"


def test_the_address_lets_a_browser_in_and_the_key_leaves_it(room):
    answer = room.ask("GET", f"/?key={room.door.token}", Cookie=None)
    assert (answer.status, answer.getheader("location")) == (303, "/")
    cookie = answer.getheader("set-cookie")
    assert cookie.startswith(f"brandkit-review-{room.port}=") and "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert room.ask("GET", "/?key=" + "x" * 43, Cookie=None).status == 403


def test_a_single_key_opens_once(room):
    key = room.door.single_key()
    assert [room.ask("GET", f"/?key={key}", Cookie=None).status for _ in range(2)] == [303, 403]


# The command.


@contextmanager
def command(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    line = [sys.executable, "-c", "from brandkit.cli.main import main; main()", "review", str(folder), *arguments]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_the_review_and_says_how_it_went(tmp_path, end):
    with command(make_room(tmp_path)) as process:
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:"), process.stderr.read()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        with opener.open(url, timeout=30) as page:
            header = re.search(r'name="review-header" content="(\w+)"', page.read().decode())[1]
        base = url.partition("/?")[0]
        with opener.open(f"{base}/api/queue", timeout=30) as answer:
            entry = next(entry for entry in json.load(answer)["assets"] if entry["id"] == "far")
        request = urllib.request.Request(f"{base}/api/decisions", json.dumps(decision(entry)).encode())
        for name, value in {"Origin": base, "Content-Type": "application/json", HEADER: header}.items():
            request.add_header(name, value)
        with opener.open(request, timeout=30) as answer:
            assert answer.status == 201
        process.send_signal(end)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 0, told
    assert "1 decision recorded, 2 open" in told
    assert "Accepted by " in (tmp_path / "report.html").read_text(encoding="utf-8"), "the report says it, too"


def test_a_port_in_use_is_told(tmp_path):
    with serving(make_room(tmp_path)) as room, command(tmp_path, "--port", str(room.port)) as process:
        _, told = process.communicate(timeout=30)
    assert process.returncode == 3
    assert f"port {room.port} of 127.0.0.1 cannot be used" in told


def test_without_the_extra_the_way_out_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(serve_module, "find_spec", lambda name: None)
    from brandkit.errors import InputError
    from brandkit.review.desk import Desk

    with pytest.raises(InputError, match=r"brandkit\[review\]") as told:
        serve_module.serve(Desk(make_room(tmp_path), tmp_path, "Ada"), ready=print)
    assert told.value.hint


def test_people_decide_while_a_run_holds_the_folder(room):
    """A run locks the folder; the log has a lock of its own, and the report is left to the run."""
    with (room.folder / ".lock").open("w") as held:
        assert not in_use(room.folder)
        fcntl.flock(held, fcntl.LOCK_EX)
        assert room.decide(room.queue()["far"], "accept")[0] == 201
        assert in_use(room.folder)
    assert log(room) == [("far", "accept")]
