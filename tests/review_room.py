"""A run folder with four small assets, and the review server on a loopback port."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from PIL import Image, ImageDraw

from brandkit.brand.load import load_brand
from brandkit.brand.resolve import Brand
from brandkit.files import sha256_file, write_atomic
from brandkit.report import render
from brandkit.results import (
    AssetResult,
    CheckResult,
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
from brandkit.review.app import make_app
from brandkit.review.desk import Desk
from brandkit.review.guard import HEADER, Door
from brandkit.review.kit import KitReference, kit_references
from brandkit.review.serve import SETTINGS

LIMIT = Limit(review_at=3, fail_at=6, unit="ΔE00", source="brand.yaml:41")
KIT = "k" * 64
READINGS = {"fine": 1.0, "near": 3.2, "far": 5.5, "broken": 12.3}  # ΔE00 by asset: pass, review, review, fail
HOSTILE = "<img src=x onerror=alert(1)>"


def make_asset(name: str, folder: Path, *, value: float | None = None, kit: str = KIT, version: int = 1) -> AssetResult:
    """The asset as a check would describe the file that lies in `folder`."""
    value = READINGS[name] if value is None else value
    verdict = LIMIT.verdict(value)
    finding = Finding(
        check="palette-drift", code="drifted", verdict=verdict, message=f"pine is off in {HOSTILE}", measured=value, unit="ΔE00",
        limit=LIMIT, region=Region(x=20, y=30, w=60, h=40), remedy="set this area to #1F4D3A",
    )  # fmt: skip
    check = CheckResult(
        check="palette-drift", version=version, level=Level.MUST, title="Colours hold.", verdict=verdict, measured=value, unit="ΔE00",
        limit=LIMIT, drift=LIMIT.drift(value), findings=() if verdict is Verdict.PASS else (finding,),
        measurements=(Measurement(name="pine", measured="#3A4D1F", expected="#1F4D3A", value=value, unit="ΔE00"),),
    )  # fmt: skip
    picture = PictureRecord(
        backend="studio", model="", fingerprint="f" * 64, sha256="0" * 64, size="240x160",
        clauses=(Source(section="scene", text=f"A quay {HOSTILE}", level=Level.MUST, source="campaign.yaml:9"),),
    )  # fmt: skip
    file = f"assets/{name}.png"
    return AssetResult(
        id=name, file=file, files=(file,), sha256=sha256_file(folder / file), width=240, height=160, verdict=verdict, concept="quay",
        format=f"format-{name}", locale="en", checks=(check,), kit_hash=kit, picture=picture,
        boxes={"headline": Region(x=8, y=8, w=90, h=24)},
    )  # fmt: skip


def paint(folder: Path, name: str, color: str = "#3A4D1F") -> None:
    """Make the asset's file, or make it anew."""
    picture = Image.new("RGB", (240, 160), "#F6F1E7")
    ImageDraw.Draw(picture).rectangle((20, 30, 80, 70), fill=color)
    (folder / "assets").mkdir(parents=True, exist_ok=True)
    picture.save(folder / f"assets/{name}.png")


def write_run(folder: Path, **changes: Any) -> RunResult:
    """Write run.json for the files that lie in `folder`."""
    assets = tuple(make_asset(name, folder, **changes) for name in READINGS)
    swatch = Swatch(name="pine", hex="#1F4D3A", role="primary")
    values = {"brandkit": "0", "brand": "Harbor & Pine", "kit_hash": changes.get("kit", KIT), "campaign": "Spring"}
    result = RunResult(**values, swatches=(swatch,), assets=assets)
    write_atomic(folder / "run.json", render(result, "json"))
    return result


def make_room(folder: Path) -> Path:
    """A run folder: one asset that passes, two for review, one that fails."""
    for index, name in enumerate(READINGS):
        paint(folder, name, f"#3A4D{index:02X}")
    write_run(folder)
    return folder


@dataclass
class Room:
    """A running review server, and a browser that was let in."""

    folder: Path
    desk: Desk
    door: Door
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/?key={self.door.token}"

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str | None) -> http.client.HTTPResponse:
        """One request as the page sends it; headers named here replace the page's own, None leaves one out."""
        own: dict[str, str | None] = {"Host": f"127.0.0.1:{self.port}", "Cookie": f"{self.door.cookie}={self.door.token}"}
        if method == "POST":
            own |= {"Origin": f"http://127.0.0.1:{self.port}", "Content-Type": "application/json", HEADER: self.door.header}
        sent = own | {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in sent.items():
            if value is not None:
                connection.putheader(name, value)
        if body is not None and "Content-Length" not in sent:
            connection.putheader("Content-Length", str(len(body)))
        with suppress(ConnectionError):  # a server that refuses the headers does not wait for the body
            connection.endheaders(body)
        answer = connection.getresponse()
        answer.data = b""  # type: ignore[attr-defined]
        with suppress(ConnectionError):  # it has closed what was not read; what it said first, the status, is here
            answer.data = answer.read()  # type: ignore[attr-defined]
        connection.close()
        return answer

    def queue(self) -> dict[str, dict[str, Any]]:
        """The entries as the page has them, by asset id."""
        return {entry["id"]: entry for entry in json.loads(self.ask("GET", "/api/queue").data)["assets"]}

    def decide(self, entry: dict[str, Any], action: str, **changes: Any) -> tuple[int, dict[str, Any]]:
        """Decide on what an entry shows: status and answer."""
        body = {
            "asset": entry["key"], "action": action, "note": "", "reviewer": "Ada", "after": entry["version"], "sha256": entry["sha256"],
            "reading": entry["reading"], "token": f"click-{time.monotonic_ns()}-{threading.get_ident()}",
        }  # fmt: skip
        answer = self.ask("POST", "/api/decisions", json.dumps(body | changes).encode())
        return answer.status, json.loads(answer.data)


def make_kit(folder: Path) -> Brand:
    """A kit with a style reference that stands upright, a product reference on a transparent ground, and one that is no picture."""
    (folder / "refs").mkdir(parents=True)
    Image.new("RGB", (120, 200), "#1F4D3A").save(folder / "refs/quay.jpg")
    Image.new("RGBA", (300, 100), "#17B89080").save(folder / "refs/tin.png")
    (folder / "refs/broken.png").write_bytes(b"no picture")
    references = [
        {"file": "refs/quay.jpg", "role": "style", "note": f"the light, not the boat {HOSTILE}"},
        {"file": "refs/broken.png", "role": "style"},
        {"file": "refs/tin.png", "role": "product", "keep": "geometry"},
    ]
    document = {"brandkit": 1, "name": "Harbor & Pine", "imagery": {"references": references}}
    (folder / "brand.yaml").write_text(json.dumps(document), encoding="utf-8")
    return load_brand(folder)


def readable(brand: Brand) -> list[KitReference]:
    """The references of a kit that the page can show."""
    return [each for each in kit_references(brand) if isinstance(each, KitReference)]


@contextmanager
def serving(folder: Path, references: Iterable[KitReference] = ()) -> Iterator[Room]:
    """The review server for a folder, in a thread of this process."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        desk, door = Desk(folder, folder, "Ada", references), Door(cookie=f"brandkit-review-{port}")
        server = uvicorn.Server(uvicorn.Config(make_app(desk, door), **SETTINGS))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the server ended"
                time.sleep(0.01)
            yield Room(folder, desk, door, port)
        finally:
            server.should_exit = True
            thread.join()
