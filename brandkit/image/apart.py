"""Pictures decoded in another process: what crashes a codec, or uses up memory or time, costs one picture and never this process."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np

from brandkit.errors import PictureError, UnfinishedError
from brandkit.image.load import DEFAULT, Picture, keep_room, read_file
from brandkit.image.shared import Slots
from brandkit.process import Helper, Killed

SECONDS = 20  # of processor time: the largest picture that is accepted takes five
MEMORY = 5 << 28  # bytes of address space, OpenCV's libraries among them: the largest picture that is accepted takes three quarters
TRIES = 2  # the first may have failed for what else the machine was doing
SHARED = Slots()
HELPER = Helper("brandkit.image.apart_worker", seconds=SECONDS, memory=MEMORY, tries=TRIES, files=SHARED.files)
FACTS = struct.Struct(">I")  # bytes of JSON, which stand before it at the end of an answer; the pixels begin it, where memory is aligned
HINT = "export the picture again from its source; if it is whole everywhere else, check it alone on a machine with more memory"


def load_apart(source: Path | bytes, *, name: str | None = None, ground: str | None = None) -> Picture:
    """Read a picture exactly as `load_picture` does, but decode it in a helper process that may be killed.

    Args:
        source: A file, or its content.
        name: What to call it in messages; by default the file's name.
        ground: CSS colour that transparent pixels stand on; white when not given.

    Raises:
        PictureError: As `load_picture`.
        UnfinishedError: It crashed the decoder or took more time or memory than one picture may, in two processes; or none can be started.
    """
    label = name or (source.name if isinstance(source, Path) else "picture")
    data = read_file(source, label, DEFAULT) if isinstance(source, Path) else source
    keep_room()
    with SHARED.taken() as slot:
        answer = _asked(json.dumps({"name": label, "ground": ground, "slot": slot.number}).encode() + b"\n" + data, label)
        at = len(answer) - FACTS.size
        facts = json.loads(answer[at - FACTS.unpack_from(answer, at)[0] : at])
        if "error" in facts:
            raise PictureError(facts["error"], hint=facts["hint"])
        shape = facts["height"], facts["width"]
        if facts.pop("shared"):
            rgb, at = slot.pixels((*shape, 3)), 0
        else:
            at = 3 * shape[0] * shape[1]
            rgb = np.frombuffer(answer, np.uint8, at).reshape(*shape, 3)
    alpha = np.frombuffer(answer, np.uint8, shape[0] * shape[1], at).reshape(shape) if facts.pop("has_alpha") else None
    return Picture(**facts | {"rgb": rgb, "alpha": alpha, "notes": tuple(facts["notes"])})


def _asked(question: bytes, label: str) -> bytes:
    try:
        return HELPER.ask(question)
    except Killed as error:
        message = f"{label}: could not be checked: it crashed or exhausted the decoder, {TRIES} times: {error}"
        raise UnfinishedError(message, hint=HINT) from None
