"""The helper processes, with drawings of SVGs: they die of what would take this one down, are replaced, and do not outlive us."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

import brandkit.image.svg_process as drawing
from brandkit.errors import PictureError, UnfinishedError
from brandkit.image.svg_process import HELPER, draw_svg
from brandkit.image.vector import drawable, render_mark

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><path d="M0 0h10v10H0z" fill="#F37726"/></svg>'
SLOW = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><filter id="f"><feGaussianBlur stdDeviation="3"/></filter>'
    + b'<rect width="20" height="10" filter="url(#f)"/>' * 2000
    + b"</svg>"
)
START = "fork" if sys.version_info < (3, 12) else "spawn"  # from 3.12 on Python warns of forks beside threads


@pytest.fixture
def fresh():
    """No worker before, and none with a test's limits after."""
    HELPER.end()
    yield
    HELPER.end()


def size_of(png: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(png)) as picture:
        return picture.size


def worker() -> int:
    assert HELPER.running is not None
    return HELPER.running.process.pid


def test_one_worker_serves_many_drawings(fresh: None) -> None:
    assert size_of(draw_svg(SVG, "a.svg", 20, 10)) == (20, 10)
    first = worker()
    assert size_of(draw_svg(SVG, "a.svg", 40, 20)) == (40, 20)
    assert worker() == first


def test_a_drawing_that_takes_too_long_is_killed_and_the_next_one_drawn(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HELPER, "seconds", 0)
    with pytest.raises(PictureError, match=r"slow\.svg: cannot be drawn: it takes longer than") as caught:
        draw_svg(SLOW, "slow.svg", 2000, 1000)
    assert "simplify the drawing" in str(caught.value.hint)
    monkeypatch.undo()
    assert size_of(draw_svg(SVG, "a.svg", 20, 10)) == (20, 10)


def test_a_drawing_that_waits_is_killed_by_the_clock(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    draw_svg(SVG, "a.svg", 20, 10)
    monkeypatch.setattr(HELPER, "wall", 0.2)
    os.kill(worker(), signal.SIGSTOP)
    with pytest.raises(PictureError, match="takes longer than"):
        draw_svg(SVG, "a.svg", 20, 10)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit on address space")
def test_a_drawing_that_needs_too_much_memory_is_refused_by_a_fresh_worker_too(fresh: None) -> None:
    draw_svg(SVG, "a.svg", 20, 10)
    with pytest.raises(PictureError, match="needs more than 512 MiB"):
        draw_svg(SVG, "big.svg", 20_000, 20_000)
    assert size_of(draw_svg(SVG, "a.svg", 20, 10)) == (20, 10)


def test_a_worker_that_was_shot_between_two_drawings_is_replaced(fresh: None) -> None:
    draw_svg(SVG, "a.svg", 20, 10)
    first = worker()
    os.kill(first, signal.SIGKILL)
    assert size_of(draw_svg(SVG, "a.svg", 20, 10)) == (20, 10)
    assert worker() != first


def test_a_helper_without_work_ends_and_the_next_question_starts_another(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HELPER, "idle", 1)
    draw_svg(SVG, "a.svg", 20, 10)
    assert HELPER.running
    first = HELPER.running.process
    assert first.wait(timeout=60) == 0
    assert size_of(draw_svg(SVG, "a.svg", 20, 10)) == (20, 10)
    assert worker() != first.pid


def test_a_machine_that_starts_no_process_is_told(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(UnfinishedError, match="a helper process cannot be started: No such file"):
        draw_svg(SVG, "a.svg", 20, 10)


def test_what_the_renderer_refuses_is_told_in_its_words(fresh: None) -> None:
    with pytest.raises(PictureError, match="cannot be drawn: failed to parse SVG"):
        draw_svg(b"<svg", "a.svg", 20, 10)
    assert size_of(draw_svg(SVG, "a.svg", 20, 10)) == (20, 10)


def test_a_failure_is_remembered(fresh: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.svg").write_bytes(SVG.replace(b"F37726", b"F37727"))
    calls = []

    def fails(*arguments: object) -> bytes:
        calls.append(arguments)
        raise PictureError("a.svg: cannot be drawn: it takes longer than 3 s", hint="simplify")

    monkeypatch.setattr(drawing, "draw_svg", fails)
    for _ in range(3):
        with pytest.raises(PictureError, match="takes longer"):
            render_mark(tmp_path / "a.svg", 77)
    assert len(calls) == 1


def test_what_is_set_into_a_page_was_drawn_once_before(fresh: None) -> None:
    assert drawable(SVG.replace(b"h10", b"h11"), name="a.svg").startswith(b"<svg")
    assert HELPER.running and HELPER.running.served == 1


def test_threads_take_turns(fresh: None) -> None:
    sizes = [(20 + index, 10) for index in range(24)]
    with ThreadPoolExecutor(8) as pool:
        assert [size_of(png) for png in pool.map(lambda size: draw_svg(SVG, "a.svg", *size), sizes)] == sizes


def _drawn_by(width: int) -> tuple[int, int, tuple[int, int]]:
    size = size_of(draw_svg(SVG, "a.svg", width, 10))
    return os.getpid(), worker(), size


def test_each_process_of_a_pool_has_its_own(fresh: None) -> None:
    draw_svg(SVG, "a.svg", 20, 10)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(START)) as pool:
        answers = list(pool.map(_drawn_by, range(20, 32)))
    assert [size for _, _, size in answers] == [(width, 10) for width in range(20, 32)]
    assert len({pid for pid, _, _ in answers}) == len({own for _, own, _ in answers})
    assert worker() not in {own for _, own, _ in answers}
    assert size_of(draw_svg(SVG, "a.svg", 20, 10)) == (20, 10), "ours still answers us"


def test_the_worker_ends_with_its_process() -> None:
    code = f"import os; from brandkit.image import svg_process as s; s.draw_svg({SVG!r}, 'a', 20, 10); "
    code += "print(s.HELPER.running.process.pid, flush=True); os._exit(1)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    pid = int(run.stdout)
    for _ in range(200):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("the worker outlived its process by ten seconds")
