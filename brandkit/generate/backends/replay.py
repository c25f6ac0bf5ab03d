"""Backend `replay`: plays recorded answers back. Free, offline, exact."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from brandkit.errors import BackendError, PictureError
from brandkit.files import sha256, write_atomic
from brandkit.generate.backend import ImageRequest, ImageResponse, Keep, Price, forget
from brandkit.image.load_process import try_picture

SCHEMA = "brandkit/recording@1"
SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


class Replay:
    """Answers each request with the recording of that same request.

    A recording is two files named by the request's fingerprint: the picture as it came, and a JSON file about it.
    """

    id = "replay"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def price(self, request: ImageRequest) -> Price:
        """Nothing: it was paid when it was recorded."""
        return Price(Decimal(0), Decimal(0), "recorded")

    def generate(self, request: ImageRequest, *, keep: Keep = forget) -> ImageResponse:
        """Play the recording of `request`.

        Raises:
            BackendError: There is none, or it is damaged.
        """
        about = self._about(request.fingerprint)
        path = self.folder / f"{request.fingerprint}.{SUFFIXES.get(str(about.get('media_type')), 'png')}"
        try:
            data = path.read_bytes()
        except OSError as error:
            raise BackendError(f"cannot read the recorded picture {path}: {error.strerror}", hint="record it again") from error
        if sha256(data) != about.get("sha256"):
            raise BackendError(f"the recorded picture {path} was changed after it was recorded", hint="restore it, or record it again")
        try:
            try_picture(data)
        except PictureError as error:
            raise BackendError(f"the recorded picture {path} cannot be used: {error.message}", hint="record it again") from None
        return ImageResponse(
            data=data,
            media_type=str(about["media_type"]),
            cost=Decimal(0),
            request_id=str(about.get("request_id", "")),
            usage=about.get("usage", {}),
            headers=about.get("headers", {}),
            raw=about.get("raw", {}),
        )

    def record(self, request: ImageRequest, response: ImageResponse) -> Path:
        """Write `response` as the recording of `request`, and give the path of its picture.

        Raises:
            OutputError: The folder cannot be written.
        """
        path = self.folder / f"{request.fingerprint}.{SUFFIXES[response.media_type]}"
        write_atomic(path, response.data)
        about = {
            "schema_version": SCHEMA,
            "model": request.model,
            "media_type": response.media_type,
            "sha256": sha256(response.data),
            "cost_usd": str(response.cost),
            "request_id": response.request_id,
            "usage": dict(response.usage),
            "headers": dict(response.headers),
            "raw": dict(response.raw),
        }
        write_atomic(self.folder / f"{request.fingerprint}.json", json.dumps(about, indent=2, sort_keys=True) + "\n")
        return path

    def _about(self, fingerprint: str) -> dict[str, Any]:
        path = self.folder / f"{fingerprint}.json"
        try:
            about = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            hint = "it belongs to another brief, model or size; record it with the backend that makes it"
            raise BackendError(f"no recording for request {fingerprint[:12]} in {self.folder}", hint=hint) from None
        except (OSError, ValueError) as error:
            raise BackendError(f"cannot read the recording {path}: {error}", hint="restore it, or record it again") from error
        if not isinstance(about, dict) or about.get("media_type") not in SUFFIXES:
            raise BackendError(f"{path} is no recording", hint="restore it, or record it again")
        return about
