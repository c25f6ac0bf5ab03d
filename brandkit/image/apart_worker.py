"""The process that decodes pictures for another one: the file in, its pixels and what is known of it out. `apart` asks it."""

from __future__ import annotations

import json
import sys
from dataclasses import fields

from brandkit.errors import PictureError
from brandkit.image.apart import FACTS
from brandkit.image.load import Picture, load_picture
from brandkit.process import Payload, serve

PIXELS = ("rgb", "alpha")


def answer(question: bytes) -> Payload:
    """The pixels of a picture, its alpha where it has any, and the rest as JSON; or why it cannot be read."""
    head, _, data = question.partition(b"\n")
    told = json.loads(head)
    try:
        picture = load_picture(data, name=told["name"], ground=told["ground"])
    except PictureError as error:
        if isinstance(error.__cause__, MemoryError):
            raise error.__cause__ from None
        return _facts({"error": error.message, "hint": error.hint})
    facts = {field.name: getattr(picture, field.name) for field in fields(Picture) if field.name not in PIXELS}
    alpha = [] if picture.alpha is None else [picture.alpha.data]
    return [picture.rgb.data, *alpha, *_facts(facts | {"has_alpha": bool(alpha)})]


def _facts(facts: dict[str, object]) -> list[bytes]:
    text = json.dumps(facts).encode()
    return [text, FACTS.pack(len(text))]


if __name__ == "__main__":
    from PIL import Image

    Image.init()  # the decoders, once
    sys.exit(serve(answer))
