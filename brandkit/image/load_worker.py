"""The process that tries pictures: the file in, what it holds as JSON out. `load_process` asks it."""

from __future__ import annotations

import json
import sys

from brandkit.errors import PictureError
from brandkit.image.load import load_picture
from brandkit.process import serve

NAME = "its picture"


def answer(question: bytes) -> bytes:
    """Kind and size of a picture that `load_picture` reads whole."""
    try:
        picture = load_picture(question, name=NAME)
    except PictureError as error:
        if isinstance(error.__cause__, MemoryError):
            raise error.__cause__ from None
        raise
    told = {"media_type": picture.media_type, "width": picture.width, "height": picture.height, "alpha": picture.alpha is not None}
    return json.dumps(told).encode()


if __name__ == "__main__":
    from PIL import Image

    Image.init()  # the decoders, once
    sys.exit(serve(answer))
