"""Golden files, and a network that ends at this machine."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from brandkit.testing.provider import Provider

settings.register_profile("house", deadline=None)  # no test asserts a duration
settings.load_profile("house")

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="Rewrite golden files; review the diff, then commit.")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare text with tests/golden/<name>."""

    def compare(name: str, actual: str) -> None:
        file = GOLDEN / name
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(actual, encoding="utf-8")
        assert file.exists(), f"{file} is missing; make it with --update-golden and review it"
        assert actual == file.read_text(encoding="utf-8"), f"{file} differs; see --update-golden"

    return compare


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """The loopback image provider, as the server that the `openai` backend finds in its environment."""
    with Provider() as server:
        monkeypatch.setenv("OPENAI_API_KEY", server.key)
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        yield server


def _local(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0])
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches beyond this machine, and none sees a real key."""
    for name, original in (("connect", socket.socket.connect), ("connect_ex", socket.socket.connect_ex)):

        def guarded(self: socket.socket, address: Any, original: Any = original) -> Any:
            if not _local(address):
                raise RuntimeError(f"a test tried to reach {address!r}; tests use replay or the loopback provider")
            return original(self, address)

        monkeypatch.setattr(socket.socket, name, guarded)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)
