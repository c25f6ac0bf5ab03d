"""How servers differ from OpenAI's own: what each accepts and how it answers, written down independently of the client's catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from brandkit.testing.rules import Rejection


@dataclass(frozen=True)
class Kind:
    """The manners of one kind of server."""

    generate: frozenset[str]
    edit: frozenset[str] | None
    """None: no such path."""
    pictures: tuple[str, ...]
    """Names of picture parts that it reads."""
    errors: Literal["object", "detail", "string"]
    usage: Literal["given", "zeros", "none"] = "none"
    url_by_default: bool = False
    forbidden: str = ""
    """Characters that a prompt must not hold, because they would be read as instructions."""


COMMON = frozenset({"prompt", "model", "n", "size", "output_format"})
KINDS: dict[str, Kind] = {
    "litellm": Kind(
        COMMON | {"quality", "background", "moderation", "output_compression", "user"},
        COMMON | {"quality", "background"},
        ("image[]",),
        "object",
        usage="given",
    ),
    "vllm-omni": Kind(
        frozenset({"prompt", "model", "n", "size", "response_format", "seed"}), COMMON | {"background"}, ("image", "mask_image"), "detail"
    ),
    "sglang": Kind(
        COMMON | {"quality", "background", "response_format", "seed"},
        COMMON | {"background", "response_format"},
        ("image", "image[]", "mask"),
        "object",
        url_by_default=True,
    ),
    "stable-diffusion-cpp": Kind(
        COMMON - {"model"}, COMMON - {"model"}, ("image", "image[]", "mask"), "string", forbidden="<>"
    ),
    "localai": Kind(
        frozenset({"prompt", "model", "n", "size", "response_format"}),
        None,
        (),
        "object",
        usage="zeros",
        url_by_default=True,
        forbidden="|",
    ),
}  # fmt: skip


def check_kind(kind: Kind, fields: Mapping[str, object], names: list[str], *, edit: bool) -> None:
    """Refuse a request that this kind of server would misread.

    Raises:
        Rejection: With the parameter at fault.
    """
    allowed = kind.edit if edit else kind.generate
    if allowed is None:
        raise Rejection("path", "Not Found", "not_found")
    for name in fields:
        if name not in allowed:
            raise Rejection(name, f"undeclared field: {name}", "unknown_parameter")
    for name in names:
        if name not in kind.pictures:
            raise Rejection(name, f"unread part: {name}", "unknown_parameter")
    if found := set(kind.forbidden) & set(str(fields.get("prompt", ""))):
        raise Rejection("prompt", f"holds {sorted(found)}", "injection")


def shaped(kind: Kind, answer: dict[str, Any], fields: Mapping[str, object], address: str) -> dict[str, Any]:
    """A good answer in this kind's manner."""
    document = {name: value for name, value in answer.items() if name in ("created", "data")}
    if kind.usage == "given":
        document["usage"] = answer["usage"]
    elif kind.usage == "zeros":
        document["usage"] = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}
    if kind.url_by_default and fields.get("response_format") != "b64_json":
        document["data"] = [{"url": f"{address}/generated/picture"}]
    return document


def error_body(kind: Kind, message: str, code: str) -> dict[str, Any]:
    """A refusal in this kind's manner."""
    if kind.errors == "detail":
        return {"detail": message}
    if kind.errors == "string":
        return {"error": message}
    return {"error": {"message": message, "code": code, "type": "invalid_request_error", "param": None}}
