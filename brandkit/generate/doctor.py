"""Whether a paid run would work here: packages, key, address, model and price, looked at without making anything."""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from brandkit.errors import BrandkitError
from brandkit.generate.backends.openai import BASE_URL, KEY, OpenAIBackend, base_url
from brandkit.generate.choose import Need, choose_model, typical_price
from brandkit.generate.price import PROMPT_OVERHEAD
from brandkit.generate.servers import KIND, chosen_server
from brandkit.prompt.models import ImageModel, availability, get_model

MARKS = {"ok": "ok", "warning": "look", "error": "no"}
SDK = (3, 52)  # the first release that knows the models of the catalogue


class Line(NamedTuple):
    """One thing that was looked at."""

    level: Literal["ok", "warning", "error"]
    about: str
    message: str


@dataclass(frozen=True)
class Report:
    """What was found."""

    lines: tuple[Line, ...]

    @property
    def ready(self) -> bool:
        return all(line.level != "error" for line in self.lines)

    @property
    def text(self) -> str:
        width = max(len(line.about) for line in self.lines)
        return "".join(f"{MARKS[line.level]:<5} {line.about:<{width}}  {line.message}\n" for line in self.lines)


def examine(name: str | None = None, *, online: bool = False) -> Report:
    """Look at everything that a run with the backend `openai` needs.

    Args:
        name: Model id, or `auto`; the backend's default when None.
        online: Also ask the server whether it knows the key.

    Raises:
        InputError: There is no such model.
    """
    today = datetime.now(UTC).date()
    model = choose_model(Need(), today=today).model if name == "auto" else get_model(name, backend="openai")
    return Report((_sdk(), _key(), _address(), _server(), *_model(model), _price(model), *([_asked(model)] if online else [])))


def _sdk() -> Line:
    try:
        version = importlib.metadata.version("openai")
    except importlib.metadata.PackageNotFoundError:
        return Line("error", "package", "openai is not installed: pip install 'brandkit[openai]'")
    parts = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    wanted = ".".join(map(str, SDK))
    return Line("ok" if parts >= SDK else "error", "package", f"openai {version}{'' if parts >= SDK else f'; at least {wanted} is needed'}")


def _key() -> Line:
    key = os.environ.get(KEY, "").strip()
    if not key:
        return Line("error", "key", f"{KEY} is not set: export {KEY}=…")
    return Line("ok", "key", f"{KEY} is set ({len(key)} characters)")


def _server() -> Line:
    server = chosen_server()
    pictures = "reference pictures go along" if server.edit else "takes no reference pictures"
    return Line("ok", "server kind", f"{server.title}: {pictures}; facts of {server.confidence} confidence ({KIND} chooses another)")


def _address() -> Line:
    try:
        address = base_url()
    except BrandkitError as error:
        return Line("error", "address", str(error.message))
    return Line("ok", "address", f"{address} (from {BASE_URL})" if address else "the provider's own")


def _model(model: ImageModel) -> Iterator[Line]:
    state = availability(model, datetime.now(UTC).date())
    known = f"{model.id}: {', '.join(model.qualities)}; facts of {model.confidence} confidence"
    yield Line(state.level, "model", f"{state.message} → {state.remedy}" if state.message else known)


def _price(model: ImageModel) -> Line:
    prices = [f"{quality} ${typical_price(model, quality):.4f}" for quality in model.qualities]
    return Line("ok", "one call", f"about a megapixel without references: {', '.join(prices)}, and {PROMPT_OVERHEAD}+ tokens of prompt")


def _asked(model: ImageModel) -> Line:
    backend = OpenAIBackend(model)  # its connections close with it
    try:
        backend.client().models.list()
        return Line("ok", "server", "it knows the key")
    except BrandkitError as error:
        return Line("error", "server", error.message)
    except Exception as error:  # the SDK's and its HTTP library's, of which none may show the key
        from brandkit.generate.faults import translate

        return Line("error", "server", translate(error, model.id, secret=os.environ.get(KEY, "")).message)
