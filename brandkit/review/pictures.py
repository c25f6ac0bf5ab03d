"""Pictures for the page: always decoded and encoded anew, of exactly the bytes that were checked, and never a file as it stands."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from pathlib import Path

from brandkit.errors import InputError, PictureError
from brandkit.files import sha256
from brandkit.image.apart import load_apart
from brandkit.image.load import DEFAULT

SIZES = {"thumb": 520, "large": 1600, "full": 0}  # px on the long side; 0: as it is, without loss, to judge single pixels
QUALITY = 86  # WebP quality of the reduced copies; the assets themselves are never touched
KEPT = 96 * 2**20  # bytes of encoded pictures held in memory: some thousand thumbnails
DECODERS = 2  # pictures decoded at once: a 50-megapixel picture takes about 400 MB while it is read


class Pictures:
    """Encoded copies by content hash and size, the latest used held in memory."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._decoding = threading.BoundedSemaphore(DECODERS)

    def get(self, path: Path, digest: str, size: str) -> bytes:
        """The picture in `path`, as WebP, or PNG in size `full`.

        Args:
            path: A file inside the run folder.
            digest: SHA-256 that its content must have.
            size: A key of `SIZES`.

        Raises:
            InputError: The file is missing, or is not the one with this hash.
            PictureError: It cannot be decoded.
            UnfinishedError: Decoding it crashed or exhausted a helper process.
        """
        with self._lock:
            if found := self._kept.get((digest, size)):
                self._kept.move_to_end((digest, size))
                return found
        data = read_exactly(path, digest)
        with self._decoding:
            made = _encode(data, path.name, SIZES[size])
        if SIZES[size]:
            self._keep((digest, size), made)
        return made

    def _keep(self, key: tuple[str, str], made: bytes) -> None:
        with self._lock:
            self._kept[key] = made
            while sum(map(len, self._kept.values())) > KEPT:
                self._kept.popitem(last=False)


def read_exactly(path: Path, digest: str) -> bytes:
    """The bytes of `path`, if their SHA-256 is `digest`.

    Raises:
        InputError: The file is missing, too large, or another one now.
    """
    try:
        with path.open("rb") as file:
            data = file.read(DEFAULT.bytes + 1)
    except OSError as error:
        raise InputError(f"{path.name} is missing or cannot be read", hint="run or check again") from error
    if sha256(data) != digest:
        raise InputError(f"{path.name} is not the file that was checked", hint="run or check again")
    return data


def _encode(data: bytes, name: str, longest: int) -> bytes:
    from PIL import Image

    picture = Image.fromarray(load_apart(data, name=name).rgb)
    buffer = io.BytesIO()
    try:
        if not longest:
            picture.save(buffer, "PNG", compress_level=1)
            return buffer.getvalue()
        picture.thumbnail((longest, longest))
        picture.save(buffer, "WEBP", quality=QUALITY, method=3)
    except (OSError, ValueError, MemoryError) as error:
        raise PictureError(f"{name}: cannot be shown: {error}") from error
    return buffer.getvalue()
