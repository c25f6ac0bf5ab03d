"""Answers that are meant to fill a client's memory or to hold it for ever: how a hostile server, or a broken one, ends a call."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from typing import Any, Literal, get_args

Flood = Literal[
    "endless",  # work done, an answer in chunks that does not end
    "huge-length",  # work done, an answer that announces ten gigabytes
    "gzip-bomb",  # work done, an answer of a hundred kilobytes that unpacks to a thousand times as much
    "gzip-twice",  # work done, the same, packed twice
    "values",  # work done, an answer of millions of empty lists
    "drip",  # work done, an answer of which a byte comes now and then
    "endless-error",  # 400 before any work, with a body that does not end
    "redirect",  # 307 to another path, before any work
]
FLOODS: tuple[str, ...] = get_args(Flood)
FREE = ("endless-error", "redirect")
PAUSE = 0.1  # s between the bytes of a drip
ENOUGH = 200_000_000  # bytes after which even what is endless ends, so that a client without limits fails and the machine lives
BLOCK = 1_000_000
HEAD = b'{"created": 1, "data": [{"b64_json": "'


def flood(kind: str) -> tuple[int, dict[str, str], Iterator[bytes]]:
    """Status, headers and body of an answer; the body is as long as its headers say, except where lying is the point."""
    chunked = {"transfer-encoding": "chunked"}
    if kind == "redirect":
        return 307, {"location": "/v1/files/elsewhere/content", "content-length": "0"}, iter(())
    if kind in ("gzip-bomb", "gzip-twice"):
        body, coding = _bomb(kind == "gzip-twice")
        return 200, {"content-encoding": coding, "content-length": str(len(body))}, iter((body,))
    if kind == "huge-length":
        return 200, {"content-length": str(10**10)}, _endless(b"A" * BLOCK)
    if kind == "values":
        return 200, chunked, _in_chunks(iter((b'{"data": [', *([b"[]," * (BLOCK // 4)] * 40), b"0]}")))
    if kind == "endless-error":
        return 400, chunked, _in_chunks(_endless(b"A" * BLOCK))
    return 200, chunked, _in_chunks(_dripping() if kind == "drip" else _endless(b"A" * BLOCK))


def pour(body: Iterator[bytes], wire: Any) -> None:
    """Send a body until it ends or the client has left."""
    try:
        for chunk in body:
            wire.write(chunk)
            wire.flush()
    except OSError:
        return


def _endless(block: bytes) -> Iterator[bytes]:
    yield HEAD
    for _ in range(ENOUGH // BLOCK):
        yield block


def _dripping() -> Iterator[bytes]:
    yield HEAD
    for _ in range(200):
        time.sleep(PAUSE)
        yield b"A"


def _in_chunks(body: Iterator[bytes]) -> Iterator[bytes]:
    yield from (b"%x\r\n%s\r\n" % (len(part), part) for part in body)
    yield b"0\r\n\r\n"


def _bomb(twice: bool) -> tuple[bytes, str]:
    packer = zlib.compressobj(1, wbits=31)
    bomb = packer.compress(HEAD) + b"".join(packer.compress(b"A" * BLOCK) for _ in range(ENOUGH // BLOCK)) + packer.flush()
    return (zlib.compress(bomb, wbits=31), "gzip, gzip") if twice else (bomb, "gzip")
