"""The answer of the Images API, read strictly: one whole picture, in base64, of the kind and size that brandkit asked for."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from brandkit.errors import AnswerInvalid, PictureError
from brandkit.generate.backend import Answer, ImageRequest, ImageResponse
from brandkit.generate.price import cost_of
from brandkit.image.load_process import try_picture
from brandkit.prompt.models import ImageModel

REQUEST_ID = "x-request-id"
SHAPE = 0.01  # share of a picture; what differs less in shape is the shape that was asked for
MOST_LOST = 0.25  # share of a picture that may be cropped away to give it the shape: what was planned for its parts hardly holds beyond
LEAST_WIDTH = {True: 0.75, False: 0.5}  # of the width asked for, after cropping: by whether the server is known to give what is asked
HINT = "it was paid for and is kept in the run folder; the request id is what the provider's support asks for"


class _Unusable(Exception):
    """Why there is no usable picture."""


def read_answer(answer: Answer, request: ImageRequest, model: ImageModel, *, most: Decimal, exact: bool = True) -> ImageResponse:
    """Read an answer.

    Args:
        answer: As it came.
        request: What was asked for.
        model: Whose prices apply.
        most: US dollars to book when the answer does not say what it used.
        exact: False where pictures may come in another size and kind.

    Raises:
        AnswerInvalid: There is no usable picture in it. It was made and counts as paid.
    """
    request_id = answer.headers.get(REQUEST_ID, "")
    raw: dict[str, Any] = {}
    try:
        raw = _document(answer.body)
        items = raw.get("data")
        if not isinstance(items, list) or not items or not isinstance(items[0], dict):
            raise _Unusable("the answer holds no picture")
        if len(items) > 1:
            raise _Unusable(f"the answer holds {len(items)} pictures, asked for was one")
        data = _decoded(items[0])
        media_type = _checked(data, request, exact=exact)
    except _Unusable as reason:
        cost = _cost(model, raw, most)
        raise AnswerInvalid(f"{model.id}, request {request_id or 'without id'}: {reason}", cost=cost, hint=HINT) from None
    usage = raw["usage"] if isinstance(raw.get("usage"), dict) else {}
    return ImageResponse(
        data=data,
        media_type=media_type,
        cost=_cost(model, raw, most),
        request_id=request_id,
        usage=usage,
        headers=answer.headers,
        raw={**raw, "data": [_without_picture(item) for item in items]},
    )


def sniff(data: bytes) -> str | None:
    """The media type by the first bytes; None for anything but PNG, JPEG and WebP."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def sniff_suffix(data: bytes) -> str:
    """The suffix of a file with these bytes; `bin` for anything but a picture."""
    return {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}.get(sniff(data) or "", "bin")


def _document(body: bytes) -> dict[str, Any]:
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        raise _Unusable(f"the answer is cut off or no JSON ({len(body)} bytes)") from None
    return raw if isinstance(raw, dict) else {}


def _cost(model: ImageModel, raw: Mapping[str, Any], most: Decimal) -> Decimal:
    usage = raw.get("usage")
    cost = cost_of(model, usage) if isinstance(usage, dict) else None
    return most if cost is None else cost


def _decoded(item: Mapping[str, Any]) -> bytes:
    code = item.get("b64_json")
    if not isinstance(code, str) or not code:
        if item.get("url"):
            raise _Unusable("the answer names an address instead of holding the picture; brandkit fetches nothing")
        raise _Unusable("the answer holds no base64 picture")
    try:
        return base64.b64decode(code, validate=True)
    except (binascii.Error, ValueError):
        raise _Unusable(f"the picture's base64 is damaged ({len(code)} characters)") from None


def _checked(data: bytes, request: ImageRequest, *, exact: bool) -> str:
    """The media type of a picture that is whole and as asked for. It is decoded in another process, which may crash of it."""
    media_type = sniff(data)
    if media_type is None:
        raise _Unusable(f"the answer's picture is neither PNG, JPEG nor WebP (it begins {data[:8]!r})")
    if exact and media_type != f"image/{request.output_format}":
        raise _Unusable(f"the picture is {media_type}, asked for was image/{request.output_format}")
    try:
        tried = try_picture(data)
    except PictureError as error:
        raise _Unusable(error.message) from None
    if request.background == "transparent" and not tried.alpha:
        raise _Unusable("the picture is opaque, asked for was a transparent background")
    if not _fits((tried.width, tried.height), request, exact=exact):
        raise _Unusable(f"the picture measures {tried.width}×{tried.height} px, asked for was {request.width}×{request.height}")
    return media_type


def lost_share(size: tuple[int, int], request: ImageRequest) -> float:
    """Share in [0, 1) of a picture of `size` that is cropped away to give it the shape that was asked for."""
    ratio = size[0] * request.height / (size[1] * request.width)
    return 1 - min(ratio, 1 / ratio)


def _fits(size: tuple[int, int], request: ImageRequest, *, exact: bool) -> bool:
    """Whether a paid picture can be used: cropped to the shape that was asked for it keeps most of itself, and is large enough."""
    used = min(size[0], size[1] * request.width / request.height)
    return lost_share(size, request) <= MOST_LOST and used >= LEAST_WIDTH[exact] * request.width


def _without_picture(item: Any) -> Any:
    return {key: value for key, value in item.items() if key != "b64_json"} if isinstance(item, dict) else item
