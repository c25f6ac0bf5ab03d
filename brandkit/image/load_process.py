"""Try pictures in a process that may be killed, so that only those which a decoder survives are ever read in this one."""

from __future__ import annotations

import json
from dataclasses import dataclass

from brandkit.errors import PictureError
from brandkit.process import Helper, Killed, Refused

SECONDS = 20  # of processor time: the largest picture that is accepted takes five
MEMORY = 5 << 28  # bytes of address space, OpenCV's libraries among them: the largest picture that is accepted takes three quarters
TRIES = 2  # the first may have failed for what else the machine was doing
IDLE = 180  # s without a picture after which the helper ends: models take up to two minutes for one
HELPER = Helper("brandkit.image.load_worker", seconds=SECONDS, memory=MEMORY, tries=TRIES, idle=IDLE)


@dataclass(frozen=True)
class Tried:
    """A picture that was read whole once, elsewhere. Sizes are in pixels, as it stands upright."""

    media_type: str
    width: int
    height: int
    alpha: bool
    """Whether any pixel is not opaque."""


def try_picture(data: bytes) -> Tried:
    """Read a picture in a helper process exactly as `load_picture` would here.

    Args:
        data: The file.

    Raises:
        PictureError: It cannot be read; or it is poison, which twice crashed the decoder, or took more time or memory than one may.
        UnfinishedError: No helper can be started.
    """
    try:
        return Tried(**json.loads(HELPER.ask(data)))
    except Refused as error:
        raise PictureError(str(error)) from None
    except Killed as error:
        raise PictureError(f"poison: it crashed or exhausted the decoder, {TRIES} times: {error}") from None
