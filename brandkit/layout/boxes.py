"""What a layout is: every slot and mark with its box in pixels. The truth for prompts and checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from brandkit.image.region import Box

Confidence = Literal["confirmed", "secondary", "convention", "unconfirmed"]
"""`confirmed` by the platform's own words, `secondary` by somebody else's, a `convention` that no platform sets, or `unconfirmed`."""


@dataclass(frozen=True)
class SafeZone:
    """Margins in pixels that the platform's interface may cover: keep copy and mark out of them."""

    top: int = 0
    right: int = 0
    bottom: int = 0
    left: int = 0


@dataclass(frozen=True)
class Format:
    """A placement: pixels, safe zone, file weight, and where the figures come from."""

    name: str
    title: str
    platform: str
    width: int
    height: int
    source: str
    safe: SafeZone = SafeZone()
    max_kb: int | None = None
    types: tuple[str, ...] = ("png", "jpeg")
    """File types the placement accepts."""
    text_min: int = 11
    """Smallest legible text in delivered pixels."""
    checked: str = ""
    """Day on which somebody looked the figures up, as `2026-11-20`; empty where nobody did."""
    confidence: Confidence = "convention"
    """How well the pixels, the safe zone and the weight are known."""
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.width / self.height


@dataclass(frozen=True)
class Slot:
    """One set text: `box` is the ink's box (line box for scripts without caps), `zone` the room it was given."""

    name: str
    text: str
    box: Box
    zone: Box
    size: float
    """Font size in pixels."""
    ink: str
    """Colour as `#RRGGBB`."""
    ground: str | None
    """Colour under the text as `#RRGGBB`; None where the picture (or a scrim over it) is the ground."""
    style: str = ""
    """Slot of the type scale that it was set in."""


@dataclass(frozen=True)
class PlacedMark:
    """The placed logo."""

    name: str
    """Name of the mark in the brand's `logo.marks`. On a picture the composed asset may wear another colouring, in the same box."""
    box: Box
    clear: Box
    """The box grown by the clear space: nothing else may stand here."""
    ground: str | None
    """Colour under the mark as `#RRGGBB`; None where it is the picture."""
    tone: Literal["light", "dark", "photo"] = "light"


@dataclass(frozen=True)
class Scrim:
    """A soft shade over the picture under copy or mark."""

    name: str
    """`copy` or `mark`."""
    box: Box
    side: Literal["left", "right", "top", "bottom", "all", "around"]
    """The edge where it is densest; `around` the mark, and into the corner where that stands."""
    strength: float = 0.0
    """Opacity in [0, 1] under the text; filled in when the picture is known."""
    color: str | None = None
    """`#RRGGBB`; None is the layout's ground. Another one where the mark that reads best there is made for other grounds."""


@dataclass(frozen=True)
class Layout:
    """A laid-out asset without its picture.

    `picture` is the part of the page that shows the picture (None for layouts without one), `quiet` are the parts of the
    *page* under which the picture must stay calm because copy or mark stands on it, with a name each. They depend on
    template, format and direction, not on the length of the copy, so that locales can share a picture.
    """

    template: str
    format: Format
    locale: str
    rtl: bool
    scheme: str
    ground: str
    slots: tuple[Slot, ...]
    mark: PlacedMark
    picture: Box | None
    quiet: tuple[tuple[str, Box], ...] = ()
    panels: tuple[tuple[str, Box, str], ...] = ()
    """Flat areas: name, box, `#RRGGBB`."""
    dropped: tuple[str, ...] = ()
    """Slots the template left out of this format, by its own rules."""
    scrims: tuple[Scrim, ...] = ()
    crop: Box | None = None
    """The part of the picture that is shown, in whole pixels of it; filled in when the picture is known."""
    data: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What the template was given: enough to draw it again."""
