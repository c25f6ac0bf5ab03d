"""Many pictures, each decoded in a process of its own while the one before it is checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from brandkit.errors import PictureError, UnfinishedError
from brandkit.image.apart import load_apart
from brandkit.image.load import Picture


def read_ahead(paths: Sequence[Path]) -> Iterator[Picture | PictureError | UnfinishedError]:
    """The pictures at `paths` in their order, or why one cannot be used (PictureError) or could not be read here (UnfinishedError).

    Two are in memory at a time: the one that was given last, and the next.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="read-ahead") as reader:
        coming = [reader.submit(_read, path) for path in paths[:1]]
        for index in range(len(paths)):
            picture = coming.pop().result()
            coming += [reader.submit(_read, path) for path in paths[index + 1 : index + 2]]
            yield picture
            del picture


def _read(path: Path) -> Picture | PictureError | UnfinishedError:
    try:
        return load_apart(path)
    except (PictureError, UnfinishedError) as error:
        return error
