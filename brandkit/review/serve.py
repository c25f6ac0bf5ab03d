"""The review server: one process, this machine only, until Ctrl-C."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from brandkit.errors import InputError, OutputError
from brandkit.review.desk import Desk

HOST = "127.0.0.1"
SETTINGS: dict[str, Any] = {  # of uvicorn
    "log_level": "warning", "access_log": False, "lifespan": "off", "ws": "none", "http": "h11", "server_header": False,
    "proxy_headers": False, "h11_max_incomplete_event_size": 16_384,
    "timeout_graceful_shutdown": 5,  # seconds that requests under way have to end after Ctrl-C
}  # fmt: skip


@dataclass(frozen=True)
class Address:
    """Where the page is. `url` may be opened by several browsers while the server runs; `once` by a single one."""

    url: str
    once: str


def serve(desk: Desk, *, port: int = 0, ready: Callable[[Address], None]) -> None:
    """Serve the review page of a run folder until SIGINT or SIGTERM; requests under way are answered first.

    Args:
        desk: The run folder.
        port: On 127.0.0.1; 0 takes a free one.
        ready: Called with the address once the port is taken.

    Raises:
        InputError: The extra `review` is not installed, or there is nothing to review.
        OutputError: The port is in use.
    """
    if not all(find_spec(name) for name in ("starlette", "uvicorn")):
        raise InputError("the review page needs starlette and uvicorn", hint="pip install 'brandkit[review]'; --list works without them")
    import uvicorn

    from brandkit.review.app import make_app
    from brandkit.review.guard import Door

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:  # uvicorn's own would raise the signal once more when it is done
            before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
            try:
                yield
            finally:
                for number, handler in before.items():
                    signal.signal(number, handler)

    desk.queue()
    with _listening(port) as listener:
        taken = listener.getsockname()[1]
        door = Door(cookie=f"brandkit-review-{taken}")
        base = f"http://{HOST}:{taken}/?key="
        ready(Address(base + door.token, base + door.single_key()))
        asyncio.run(Server(uvicorn.Config(make_app(desk, door), **SETTINGS)).serve(sockets=[listener]))


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, port))
            listener.listen(64)  # before the address is told: whoever is quick waits in line
        except OSError as error:
            words = f"port {port} of {HOST} cannot be used: {error.strerror}"
            raise OutputError(words, hint="choose another --port, or leave it out") from error
        yield listener
