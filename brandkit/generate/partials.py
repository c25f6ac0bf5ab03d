"""Streamed answers: previews on the way, which are shown and never accepted, and the finished picture at the end."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from brandkit.errors import BackendUnavailable
from brandkit.generate.backend import Answer

Preview = Callable[[int, bytes], None]
"""Number, from 0, and bytes of a preview."""
TOKENS = 100  # output tokens that each preview costs
MOST = 3  # previews of one call
KEPT = ("b64_json", "size", "quality", "background", "output_format", "usage")


def gather(events: Iterable[Any], headers: Mapping[str, str], show: Preview, *, model: str) -> Answer:
    """The finished picture of a stream, in the shape of an answer that was not streamed.

    Raises:
        BackendUnavailable: The stream ended before the picture was finished; what came on the way is no picture.
    """
    for event in events:
        told = event.to_dict() if hasattr(event, "to_dict") else dict(event)
        kind = str(told.get("type", ""))
        if kind.endswith(".partial_image"):
            try:
                show(int(told.get("partial_image_index") or 0), base64.b64decode(str(told.get("b64_json") or ""), validate=True))
            except (binascii.Error, ValueError):
                continue  # a preview that cannot be shown costs nothing more
        elif kind.endswith(".completed"):
            found = {name: told[name] for name in KEPT if told.get(name) is not None}
            item = {"b64_json": found.pop("b64_json", None)}
            return Answer(json.dumps({"created": told.get("created_at"), "data": [item], **found}).encode(), headers)
    raise BackendUnavailable(f"{model}: the stream ended before the picture was finished", hint="it may have been billed; run again later")
