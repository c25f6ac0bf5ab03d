"""The process that decodes pictures and marks for another one: the file in, its pixels and what is known of it out. `apart` asks it.

Pixels go into shared memory where the question names a slot with room for them, else into the answer.
"""

from __future__ import annotations

import json
import sys
from dataclasses import fields
from functools import partial

import numpy as np

from brandkit.errors import PictureError
from brandkit.image.apart import FACTS
from brandkit.image.load import Picture, load_picture
from brandkit.image.mark_png import draw_png, rewrite_png
from brandkit.image.png import Pixels, Room
from brandkit.image.shared import Desk
from brandkit.process import Payload, serve

PIXELS = ("rgb", "alpha")


def answer(desk: Desk, question: bytes) -> Payload:
    """What was asked for, and after it what is known of it as JSON; or why the file cannot be read."""
    head, _, data = question.partition(b"\n")
    told = json.loads(head)
    try:
        if size := told.get("draw"):
            return [draw_png(data, told["name"], *size).data, *_facts({})]
        if told.get("rewrite"):
            again = rewrite_png(data, told["name"])
            return [again, *_facts({"bytes": len(again)})]
        return _picture(data, told["name"], told["ground"], partial(desk.room, told["slot"]))
    except PictureError as error:
        if isinstance(error.__cause__, MemoryError):
            raise error.__cause__ from None
        return _facts({"error": error.message, "hint": error.hint})


def _picture(data: bytes, name: str, ground: str | None, room: Room) -> Payload:
    """The pixels of a picture unless they are shared, and its alpha where it has any."""
    picture = load_picture(data, name=name, ground=ground, room=room)
    facts = {field.name: getattr(picture, field.name) for field in fields(Picture) if field.name not in PIXELS}
    alpha = [] if picture.alpha is None else [picture.alpha.data]
    shared = _shared(picture.rgb, room)
    rgb = [] if shared else [picture.rgb.data]
    return [*rgb, *alpha, *_facts(facts | {"has_alpha": bool(alpha), "shared": shared})]


def _shared(rgb: Pixels, room: Room) -> bool:
    """Whether the pixels are where both processes see them, after they were put there if they fit."""
    place = room((rgb.shape[0], rgb.shape[1], 3))
    if place is not None and not np.may_share_memory(place, rgb):
        place[:] = rgb
    return place is not None


def _facts(facts: dict[str, object]) -> list[bytes]:
    text = json.dumps(facts).encode()
    return [text, FACTS.pack(len(text))]


if __name__ == "__main__":
    from PIL import Image

    Image.init()  # the decoders, once
    sys.exit(serve(partial(answer, Desk([int(word) for word in sys.argv[4:]]))))
