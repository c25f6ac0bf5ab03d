"""What every foreign format is: a reader, a writer or both, and how its files are recognised."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from brandkit.brand.exchange.sketch import Reading, Sketch


class Written(NamedTuple):
    """A written file, and what it lost beside the parts that its format never says."""

    data: bytes
    losses: tuple[str, ...] = ()


Reader = Callable[[Sequence[Path], Mapping[str, str]], Reading]
"""Files of one format, and the contexts chosen for resolver documents, to what they say. Raises `BrandFileError`."""
Writer = Callable[[Sketch], Written]


@dataclass(frozen=True)
class Format:
    """One foreign format."""

    id: str
    title: str
    file: str
    """Usual name of its file."""
    says: tuple[str, ...]
    """Parts of a sketch that it can hold (see `sketch.PARTS`), besides colours."""
    partly: Mapping[str, str] = field(default_factory=dict)
    """Parts that are written but do not read back, and what is lost of them."""
    recognises: Callable[[Path, bytes], bool] = field(default=lambda _file, _data: False, repr=False)
    read: Reader | None = field(default=None, repr=False)
    write: Writer | None = field(default=None, repr=False)
