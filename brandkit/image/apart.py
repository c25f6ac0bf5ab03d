"""Pictures decoded in another process: what crashes a codec, or uses up memory or time, costs one picture and never this process."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.errors import PictureError, UnfinishedError
from brandkit.image.load import DEFAULT, Picture, keep_room, read_file
from brandkit.image.shared import Slot, Slots
from brandkit.process import Helper, Killed

SECONDS = 20  # of processor time: the largest picture that is accepted takes five
MEMORY = 5 << 28  # bytes of address space, OpenCV's libraries among them: the largest picture that is accepted takes three quarters
TRIES = 2  # the first may have failed for what else the machine was doing
SHARED = Slots()
HELPER = Helper("brandkit.image.apart_worker", seconds=SECONDS, memory=MEMORY, tries=TRIES, files=SHARED.files)
FACTS = struct.Struct(">I")  # bytes of JSON, which stand before it at the end of an answer; the pixels begin it, where memory is aligned
HINT = "export the picture again from its source; if it is whole everywhere else, check it alone on a machine with more memory"
BROKEN = "export it again from its source"


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
    with SHARED.taken() as slot:
        try:
            return _loaded(data, label, ground, slot)
        except Killed as error:
            raise UnfinishedError(f"{label}: could not be checked: {_why(error)}", hint=HINT) from None


def load_material(path: Path, *, ground: str | None = None) -> Picture:
    """As `load_apart`, for pictures of a kit, which may be kept for long: one that crashes the decoder is a fault of the kit.

    Raises:
        PictureError: As `load_picture`; or it crashed the decoder or took more time or memory than one picture may, in two processes.
        UnfinishedError: No process can be started.
    """
    try:
        return _loaded(read_file(path, path.name, DEFAULT), path.name, ground)
    except Killed as error:
        raise PictureError(f"{path.name}: cannot be read: {_why(error)}", hint=BROKEN) from None


def draw_mark(data: bytes, name: str, width: int, height: int) -> NDArray[np.uint8]:
    """A mark saved as PNG, drawn in the helper process as straight RGBA, shape (height, width, 4), read-only.

    Raises:
        PictureError: It is damaged, or crashes or exhausts the decoder.
        UnfinishedError: No process can be started.
    """
    pixels = _of_mark(data, {"name": name, "draw": [width, height]}).pixels
    return np.frombuffer(pixels, np.uint8, 4 * width * height).reshape(height, width, 4)


def rewrite_mark(data: bytes, name: str) -> bytes:
    """A mark saved as PNG, decoded in the helper process and written anew: fit to be read by any other decoder in this one.

    Raises:
        PictureError: It is damaged, or crashes or exhausts the decoder.
        UnfinishedError: No process can be started.
    """
    answer = _of_mark(data, {"name": name, "rewrite": True})
    return answer.pixels[: answer.facts["bytes"]]


class _Answer(NamedTuple):
    pixels: bytes
    facts: dict[str, Any]


def _loaded(data: bytes, label: str, ground: str | None, slot: Slot | None = None) -> Picture:
    keep_room()
    answer, facts = _ask({"name": label, "ground": ground, "slot": slot.number if slot else None}, data)
    shape = facts["height"], facts["width"]
    if facts.pop("shared") and slot:
        rgb, at = slot.pixels((*shape, 3)), 0
    else:
        at = 3 * shape[0] * shape[1]
        rgb = np.frombuffer(answer, np.uint8, at).reshape(*shape, 3)
    alpha = np.frombuffer(answer, np.uint8, shape[0] * shape[1], at).reshape(shape) if facts.pop("has_alpha") else None
    return Picture(**facts | {"rgb": rgb, "alpha": alpha, "notes": tuple(facts["notes"])})


def _of_mark(data: bytes, head: dict[str, object]) -> _Answer:
    try:
        return _ask(head, data)
    except Killed as error:
        raise PictureError(f"{head['name']}: cannot be drawn: {_why(error)}", hint=f"{BROKEN}, best as SVG") from None


def _ask(head: dict[str, object], data: bytes) -> _Answer:
    answer = HELPER.ask(json.dumps(head).encode() + b"\n" + data)
    at = len(answer) - FACTS.size
    facts = json.loads(answer[at - FACTS.unpack_from(answer, at)[0] : at])
    if "error" in facts:
        raise PictureError(facts["error"], hint=facts["hint"])
    return _Answer(answer, facts)


def _why(error: Killed) -> str:
    return f"it crashed or exhausted the decoder, {TRIES} times: {error}"
