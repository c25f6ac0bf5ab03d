"""The kit's references on the review page: only those files, under the same protections as every other picture."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys

import pytest
from PIL import Image
from review_room import HOSTILE, make_kit, make_room, readable, serving, write_run

from brandkit.errors import PictureError
from brandkit.image.apart import HELPER
from brandkit.review.kit import kit_references
from tests.faults.poisoned_apart import ABORTS


@pytest.fixture
def kit(tmp_path):
    return make_kit(tmp_path / "kit")


@pytest.fixture
def room(tmp_path, kit):
    with serving(make_room(tmp_path / "out"), readable(kit)) as running:
        yield running


def view(room, name="far"):
    return json.loads(room.ask("GET", f"/api/asset/{room.queue()[name]['key']}").data)


def test_references_come_in_the_kit_s_order_with_what_it_says_about_them(kit):
    style, broken, product = kit_references(kit)
    assert style.label == f"Style reference of the kit: the light, not the boat {HOSTILE}" and (style.width, style.height) == (120, 200)
    assert product.label == "Product reference of the kit: tin.png" and (product.name, product.width) == ("kit-2", 300)
    assert isinstance(broken, PictureError) and broken.message.startswith("brand.yaml:1:") and "refs/broken.png" in broken.message


def test_the_page_gets_them_made_anew(room):
    entry = view(room)
    assert [each["name"] for each in entry["references"]] == ["kit-0", "kit-2"]
    assert not {"quay", "refs", "tin"} & set(json.dumps([each["name"] for each in entry["references"]]).split("/"))
    for each in entry["references"]:
        answer = room.ask("GET", f"/picture/{entry['key']}/{each['name']}/large/{each['sha256']}")
        assert (answer.status, answer.getheader("content-type")) == (200, "image/webp")
        assert Image.open(io.BytesIO(answer.data)).size == (each["width"], each["height"])
        assert answer.getheader("x-content-type-options") == "nosniff" and "default-src 'none'" in answer.getheader(
            "content-security-policy"
        )


@pytest.mark.parametrize("which", ["kit-1", "kit-3", "kit-0.jpg", "kit--1", "refs", "quay.jpg", "..", "%2e%2e%2fkit%2frefs%2fquay.jpg"])
def test_nothing_else_of_the_kit_can_be_had(room, which):
    entry = view(room)
    digest = entry["references"][0]["sha256"]
    assert room.ask("GET", f"/picture/{entry['key']}/{which}/large/{digest}").status == 404


@pytest.mark.parametrize(
    ("change", "status"), [({"digest": "0" * 64}, 404), ({"key": "0" * 20}, 404), ({"size": "huge"}, 404), ({"cookie": None}, 403)]
)
def test_an_address_that_was_not_given_shows_nothing(room, change, status):
    entry = view(room)
    wanted = {"key": entry["key"], "size": "large", "digest": entry["references"][0]["sha256"]} | change
    headers = {"Cookie": None} if "cookie" in change else {}
    assert room.ask("GET", f"/picture/{wanted['key']}/kit-0/{wanted['size']}/{wanted['digest']}", **headers).status == status


def test_another_file_in_its_place_is_not_shown(room, tmp_path):
    entry = view(room)
    (tmp_path / "kit/refs/quay.jpg").write_bytes(b"<svg onload=alert(1)>")
    assert room.ask("GET", f"/picture/{entry['key']}/kit-0/large/{entry['references'][0]['sha256']}").status == 422


def test_without_a_kit_there_is_nothing_beside(tmp_path):
    with serving(make_room(tmp_path / "out")) as room:
        assert view(room)["references"] == []
        assert room.ask("GET", f"/picture/{view(room)['key']}/kit-0/large/{'0' * 64}").status == 404


def test_the_command_says_which_references_it_cannot_show(tmp_path, kit):
    line = [
        sys.executable,
        "-c",
        "from brandkit.cli.main import main; main()",
        "review",
        str(make_room(tmp_path / "out")),
        "--brand",
        str(tmp_path / "kit"),
    ]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)) as server:
        assert server.stdout.readline().startswith("http://127.0.0.1:")
        server.send_signal(signal.SIGINT)
        said = server.communicate(timeout=60)[1]
    assert "not, or no longer, the kit of this run" in said and "not shown: brand.yaml:1:" in said and "refs/broken.png" in said


def test_a_picture_that_crashes_its_decoder_is_told_and_the_page_lives(room, monkeypatch):
    Image.new("RGB", (ABORTS, 48)).save(room.folder / "assets/far.png")
    write_run(room.folder)
    HELPER.end()
    try:
        with monkeypatch.context() as patch:
            patch.setattr(HELPER, "module", "tests.faults.poisoned_apart")
            far, near = (room.queue()[name] for name in ("far", "near"))
            answer = room.ask("GET", f"/picture/{far['key']}/asset/large/{far['sha256']}")
            assert answer.status == 503 and "crashed or exhausted the decoder" in json.loads(answer.data)["error"]
            assert room.ask("GET", f"/picture/{near['key']}/asset/large/{near['sha256']}").status == 200
    finally:
        HELPER.end()
