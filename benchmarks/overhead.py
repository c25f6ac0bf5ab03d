"""What brandkit adds to a paid call, and whether the ledger holds up 64 calls at once.

Run: `.venv/bin/python -m benchmarks.overhead --out docs/benchmarks/overhead.md`
The backend answers with a finished picture after a pause, without a network: what is measured is the ledger's transactions (each synced
to disk), keeping the answer, decoding and verifying the picture in the helper process, and storing it.
"""

from __future__ import annotations

import argparse
import base64
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from brandkit.campaign.ledger import Caps, Ledger
from brandkit.campaign.pictures import PictureDesk
from brandkit.campaign.store import Store
from brandkit.files import write_atomic
from brandkit.generate.answer import read_answer
from brandkit.generate.backend import Answer, ImageRequest, ImageResponse, Keep, Price, forget
from brandkit.image.load import load_picture
from brandkit.image.load_process import try_picture
from brandkit.prompt.models import get_model
from brandkit.testing.drawing import draw_answer

MODEL = get_model("gpt-image-2.5-sunburst-2026-09-08")
SIZE = (1536, 1024)
CALL = 10.0  # s: a short call to a real model
AT_ONCE = 64


class Paused:
    """Answers every request with the same finished picture after a pause."""

    id = "paused"

    def __init__(self, pause: float) -> None:
        self.pause = pause
        picture = base64.b64encode(draw_answer("#204060 #E0C080", *SIZE)).decode()
        usage = {"input_tokens": 900, "output_tokens": 1372, "total_tokens": 2272}
        self.body = json.dumps({"created": 1, "data": [{"b64_json": picture}], "usage": usage}).encode()

    def price(self, request: ImageRequest) -> Price:
        return Price(Decimal("0.05"), Decimal("0.09"))

    def generate(self, request: ImageRequest, *, keep: Keep = forget) -> ImageResponse:
        time.sleep(self.pause)
        answer = Answer(self.body, {"x-request-id": f"req_{request.fingerprint[:8]}"})
        keep(answer)
        return read_answer(answer, request, MODEL, most=Decimal("0.09"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--calls", type=int, default=64, help="calls one after another")
    options = parser.parse_args()
    alone = measure(options.calls, 1, 0.0)
    together = measure(AT_ONCE * 4, AT_ONCE, CALL / 10)
    ideal = 4 * CALL / 10
    here, away = isolation(options.calls)
    command = "python -m benchmarks.overhead" + (f" --out {options.out}" if options.out else "")
    text = (
        "# What brandkit adds to a paid call\n\n"
        f"<!-- Made by the command below; not edited by hand. -->\n\n    .venv/bin/{command}\n\n"
        f"Pictures of {SIZE[0]}×{SIZE[1]} px, budget checked, every step synced to disk.\n\n"
        "| what | figure | target |\n|---|---:|---:|\n"
        f"| one call after another: added to each (median of {options.calls}) | {1000 * statistics.median(alone.each):.0f} ms "
        f"= {100 * statistics.median(alone.each) / CALL:.2f} % of a call of {CALL:.0f} s | ≤ 1 % |\n"
        f"| of it: decoding in a process of its own, and what that adds to decoding here | {1000 * away:.0f} ms, "
        f"{1000 * (away - here):.0f} ms | |\n"
        f"| {AT_ONCE} at once, {AT_ONCE * 4} calls of {CALL / 10:.0f} s: against the {ideal:.0f} s that the calls alone take | "
        f"{together.whole:.1f} s = {together.whole / ideal:.2f}× | |\n"
        f"| the same: calls booked each second | {AT_ONCE * 4 / together.whole:.0f} (the largest account: 4) | > 4 |\n"
    )
    if options.out:
        write_atomic(options.out, text)
    print(text)


def isolation(times: int) -> tuple[float, float]:
    """Median seconds to read a picture here and in the helper."""
    picture = draw_answer("#204060 #E0C080", *SIZE)
    return _median(load_picture, picture, times), _median(try_picture, picture, times)


def _median(read: Callable[[bytes], object], picture: bytes, times: int) -> float:
    read(picture)
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        read(picture)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def measure(calls: int, at_once: int, pause: float) -> Any:
    """Seconds of each call and of all together."""
    backend = Paused(pause)
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "record.db")
        desk = PictureDesk(backend, ledger, Store(Path(folder)), Caps(Decimal(1000)))

        def one(index: int) -> float:
            request = replace(REQUEST, fingerprint=f"{index:064x}")
            start = time.perf_counter()
            desk.get(request, backend.price(request))
            return time.perf_counter() - start

        one(calls)
        start = time.perf_counter()
        with ThreadPoolExecutor(at_once) as pool:
            each = list(pool.map(one, range(calls)))
        whole = time.perf_counter() - start
        assert len(ledger.attempts()) == calls + 1
        ledger.close()
    return SimpleNamespace(each=each, whole=whole)


NOTHING: Any = None  # neither scene nor brand is read here
REQUEST = ImageRequest(MODEL.id, "x", *SIZE, "high", (), NOTHING, NOTHING)

if __name__ == "__main__":
    main()
