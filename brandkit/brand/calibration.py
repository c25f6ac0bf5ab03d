"""The file `calibration.json` beside a brand file: limits fitted on the brand's own pictures, with the evidence for them.

`brandkit calibrate --apply` writes it; that it is there is what makes it apply. Each fit holds only for the parts of the kit and the
version of the check that it was made with.
"""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from brandkit.errors import InputError
from brandkit.files import sha256
from brandkit.results import Record

if TYPE_CHECKING:
    from brandkit.brand.resolve import Brand

CALIBRATION_FILE = "calibration.json"
CALIBRATED = "calibration"  # source of a limit that was fitted
MAX_BYTES = 50_000_000  # bytes; ten thousand examples need a tenth of it
FAMILIES = {"palette": ("palette", "imagery"), "logo": ("palette", "logo")}  # first word of a check's id to the parts it reads


class Rate(Record):
    """A share in [0, 1] with its 95 % interval."""

    rate: float
    low: float
    high: float


class Fit(Record):
    """What the examples say about one check."""

    version: int
    """Version of the check whose numbers these are."""
    unit: str
    state: Literal["fitted", "floor", "too-few", "fixed"]
    """`fitted`: the limits below are new. Otherwise the default stays: the examples keep within it, are too few, or may not decide."""
    reason: str
    default: tuple[float, float]
    limits: tuple[float, float]
    """`[review_at, fail_at]` that hold from now on."""
    n: int
    """Approved pictures, with those on which the check read nothing."""
    alarms: Rate
    """Share of on-brand pictures that exceed `review_at`: of further ones where it was fitted, of the examples otherwise."""
    detected: Rate | None = None
    """Share of the rejected pictures that exceed `review_at`."""
    numbers: tuple[float, ...] = ()
    """What was read on the approved pictures, where anything was, in ascending order."""
    set_by: str = ""
    """The example whose number is the limit."""
    next: tuple[float, float] | None = None
    """Limits that the example next in order would set: how far `set_by` moves them alone."""


class Example(Record):
    """One picture that was measured."""

    file: str
    sha256: str
    role: Literal["approved", "rejected"]
    numbers: dict[str, float]
    """Check id to what it read."""
    look: str = ""
    """Its look, for comparison (see `brandkit.metric.likeness`); of approved pictures only."""


class Excluded(Record):
    """A picture that could not be used, or not for every check."""

    file: str
    reason: str


class Likeness(Record):
    """How the brand's pictures resemble each other, for the order of assets only."""

    version: int
    numbers: tuple[float, ...]
    """Strangeness of each approved picture seen from all others, in ascending order."""


class Calibration(Record):
    """The whole file."""

    schema_version: Literal["brandkit/calibration@1"] = "brandkit/calibration@1"
    made: str
    """UTC, to the second."""
    brandkit: str
    brand: str
    kit_hash: str
    parts: dict[str, str]
    """Section of the brand file to its hash, with the files it names."""
    alpha: float
    """False-alarm rate that was asked for, for each check."""
    checks: dict[str, Fit]
    likeness: Likeness | None = None
    examples: tuple[Example, ...]
    excluded: tuple[Excluded, ...] = ()

    def to_text(self) -> str:
        """The file's content; the same calibration is the same text."""
        return json.dumps(self.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what it says, for keys of stored verdicts."""
        return sha256(self.to_text().encode())

    def stale(self, brand: Brand, check: str, version: int) -> str:
        """Why the fit of a check no longer holds, e.g. `the palette changed`; empty while it does."""
        fit = self.checks.get(check)
        if fit is not None and fit.version != version:
            return f"{check} measures differently since"
        now = brand.part_hashes
        parts = FAMILIES.get(check.partition("-")[0], tuple(now))
        changed = [part for part in parts if now[part] != self.parts.get(part)]
        return f"the {' and the '.join(changed)} changed since" if changed else ""


def read_calibration(folder: Path) -> Calibration | None:
    """The calibration beside the brand file in `folder`; None where nobody made one.

    Raises:
        InputError: The file is damaged, or a newer brandkit wrote it.
    """
    path = folder / CALIBRATION_FILE
    if not path.is_file():
        return None
    remedy = "delete it: the default limits hold then, and `brandkit calibrate --apply` makes a new one"
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path} is larger than {MAX_BYTES // 1_000_000} MB", hint=remedy)
        return Calibration.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", hint=remedy) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"{path} is no calibration: {place + ': ' if place else ''}{first['msg']}", hint=remedy) from error
