"""Servers that speak the Images API in their own way: which fields each takes, and what its prompts must not hold."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from brandkit.brand.model import Document
from brandkit.errors import BackendError, InputError

KIND = "BRANDKIT_SERVER"
ADDRESSES = "BRANDKIT_SERVER_URLS"


class Server(Document):
    """What one kind of server takes and gives."""

    kind: str
    title: str
    generate: tuple[str, ...]
    """Fields beside the prompt; nothing else is sent."""
    edit: tuple[str, ...] = ()
    """Fields beside prompt and pictures; empty: it takes no pictures."""
    picture_field: Literal["image[]", "image"] = "image[]"
    """What each of several pictures is called in the form."""
    exact: bool = True
    """False where pictures may come in another size and kind."""
    escape: dict[str, str] = {}
    """Characters that its prompts give a meaning, and what stands for them."""
    source: str
    confidence: Literal["high", "medium", "low"]

    def prompt(self, text: str) -> str:
        """`text` without characters that this server would read as instructions of its own."""
        return text.translate({ord(character): other for character, other in self.escape.items()})

    def fields(self, parameters: Mapping[str, str | int], *, edit: bool) -> dict[str, Any]:
        """Those of `parameters` that may be sent.

        Raises:
            BackendError: Pictures go along and the server takes none.
        """
        if edit and not self.edit:
            raise BackendError(
                f"{self.title} takes no reference pictures", hint="use a concept without references, or another server; nothing was sent"
            )
        declared = self.edit if edit else self.generate
        return {name: value for name, value in {**parameters, "response_format": "b64_json"}.items() if name in declared}


@cache
def load_servers() -> dict[str, Server]:
    """The catalogue, by kind."""
    tables = tomllib.loads(files("brandkit.generate").joinpath("servers.toml").read_text(encoding="utf-8"))
    return {kind: Server(kind=kind, **table) for kind, table in tables.items()}


def chosen_server() -> Server:
    """The server that the environment names, which no kit or campaign can do; OpenAI's own by default.

    Raises:
        InputError: There is no such kind.
    """
    kind = os.environ.get(KIND, "").strip() or "openai"
    servers = load_servers()
    if kind not in servers:
        raise InputError(f"{KIND}={kind[:40]!r} is no kind of server", hint=f"choose one of {', '.join(servers)}")
    return servers[kind]


def fetches_addresses() -> bool:
    """Whether answers that name an address instead of holding the picture may be followed; only the user can say so."""
    return os.environ.get(ADDRESSES, "").strip() == "same-host"
