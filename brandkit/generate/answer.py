"""The answer of the Images API, read strictly: one picture, in base64, of a kind that brandkit asked for."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from brandkit.errors import BackendUnavailable
from brandkit.generate.backend import ImageResponse
from brandkit.generate.price import cost_of
from brandkit.prompt.models import ImageModel

REQUEST_ID = "x-request-id"


def read_answer(text: str, model: ImageModel, *, most: Decimal, headers: Mapping[str, str]) -> ImageResponse:
    """Read an answer's JSON.

    Args:
        text: The body as it came.
        model: Whose prices apply.
        most: US dollars to book when the answer does not say what it used.
        headers: Those worth keeping, with lower-case names.

    Raises:
        BackendUnavailable: There is no usable picture in it. It was made and may be billed.
    """
    names = {name.lower(): value for name, value in headers.items()}
    place = f"{model.id}, request {names.get(REQUEST_ID) or 'without id'}"
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raise _useless(f"{place}: the answer is cut off or no JSON ({len(text)} characters)") from None
    items = raw.get("data") if isinstance(raw, dict) else None
    if not isinstance(items, list) or not items or not isinstance(items[0], dict):
        raise _useless(f"{place}: the answer holds no picture")
    data = _decode(items[0], place)
    media_type = sniff(data)
    if media_type is None:
        raise _useless(f"{place}: the answer's picture is neither PNG, JPEG nor WebP (it begins {data[:8]!r})")
    usage = raw.get("usage") if isinstance(raw.get("usage"), dict) else {}
    cost = cost_of(model, usage)
    return ImageResponse(
        data=data,
        media_type=media_type,
        cost=most if cost is None else cost,
        request_id=names.get(REQUEST_ID, ""),
        usage=usage,
        headers=names,
        raw={**raw, "data": [_without_picture(item) for item in items]},
    )


def sniff(data: bytes) -> str | None:
    """The media type by the first bytes; None for anything but PNG, JPEG and WebP."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _decode(item: Mapping[str, Any], place: str) -> bytes:
    code = item.get("b64_json")
    if not isinstance(code, str) or not code:
        if item.get("url"):
            raise _useless(f"{place}: the answer names an address instead of holding the picture; brandkit fetches nothing")
        raise _useless(f"{place}: the answer holds no base64 picture")
    try:
        return base64.b64decode(code, validate=True)
    except (binascii.Error, ValueError):
        raise _useless(f"{place}: the picture's base64 is damaged ({len(code)} characters)") from None


def _without_picture(item: Any) -> Any:
    return {key: value for key, value in item.items() if key != "b64_json"} if isinstance(item, dict) else item


def _useless(message: str) -> BackendUnavailable:
    return BackendUnavailable(message, hint="it may have been billed; the request id is what the provider's support asks for")
