"""The values that a brand file is made of (colours, lengths, names, texts, paths) and the base of all its sections."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from brandkit.color.parse import parse_color
from brandkit.results import Level

LENGTH = r"^[0-9]{1,5}(\.[0-9]{1,3})?px$"


def _color(value: str) -> str:
    parse_color(value)
    return value


def _length(value: str) -> str:
    if not re.fullmatch(LENGTH, value):
        raise ValueError(f"{value!r} is not a length; write pixels with the unit, e.g. '96px'")
    return value


def _text(value: str) -> str:
    if bad := re.search(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff]", value):
        raise ValueError(f"holds the invisible control character U+{ord(bad[0]):04X}; delete it")
    return value


def _version(value: Any) -> Any:
    if isinstance(value, bool):  # Python takes true for 1
        raise ValueError("must be a number; write 1")
    return value


def _range(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (value, value)
    return tuple(value) if isinstance(value, list) else value


Color = Annotated[str, AfterValidator(_color), Field(min_length=1, examples=["#1F4D3A", "oklch(0.39 0.07 163)"])]
"""A CSS colour: `#1F4D3A`, `rgb(31 77 58)`, `oklch(0.39 0.07 163)`, `color(display-p3 0.2 0.3 0.2)`."""
Length = Annotated[str, AfterValidator(_length), Field(json_schema_extra={"pattern": LENGTH}, examples=["96px"])]
"""A length in pixels at delivery size, with its unit: `96px`."""
Text = Annotated[str, AfterValidator(_text), Field(min_length=1, max_length=2000)]
"""Text of a person: data, never instruction; at most 2000 characters and no invisible control characters."""
Version = Annotated[Literal[1], BeforeValidator(_version, json_schema_input_type=Literal[1])]
"""Version of the file format."""
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$", examples=["deep-sea"])]
"""A name used elsewhere in the kit: lower-case letters, digits and hyphens."""
RelativePath = Annotated[str, Field(min_length=1, max_length=400, examples=["logo/primary.svg"])]
"""A path relative to the file that names it, with `/`, inside the kit."""
Fraction = Annotated[float, Field(ge=0, le=1)]
"""A number in [0, 1]."""
Share = Annotated[tuple[Fraction, Fraction], BeforeValidator(_range, json_schema_input_type=Fraction | tuple[Fraction, Fraction])]
"""A share of the area in [0, 1]: one number, or `[least, most]`."""


class Document(BaseModel):
    """Base of everything read from a brand or campaign file."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Rule(Document):
    """A rule with its force and its reason."""

    level: Level = Level.MUST
    """`must` decides the verdict of an asset, `should` only advises."""
    why: Text | None = None
    """The reason, shown beside every finding and in the brand book."""


class Openable(Document):
    """What a brand that extends this one may be allowed to change on its own."""

    open: bool | None = None
    """Whether brands that extend this one may change it: `true` opens it, `false` locks it even where `open` lists what is around it."""
