"""What a check looks at: one picture with its brand and layout, and the facts about it, each computed once."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.resolve import Brand
from brandkit.brand.tone import Brief
from brandkit.check.likeness import strangeness_here
from brandkit.check.marks import Sighting, search_displaced, sight
from brandkit.check.swatches import SwatchTable, swatch_table
from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import srgb_to_lab
from brandkit.errors import BrandkitError
from brandkit.image.load import Picture
from brandkit.image.region import Box
from brandkit.image.shown import shown_part
from brandkit.layout.boxes import Format, Layout
from brandkit.metric.ink import Ink, read_inks
from brandkit.metric.palette import FlatColors, flat_colors
from brandkit.metric.series import SeriesReading
from brandkit.results import Region

LOSSY_TYPES = ("image/jpeg", "image/webp", "image/avif")


@dataclass(frozen=True)
class Subject:
    """One asset under test.

    `layout` is the truth for assets that brandkit composed and None for pictures made elsewhere; `raw` is the picture
    underneath as the backend gave it; `copy` maps slots to the text that was asked for, and `brief` says what the campaign says about it.
    """

    picture: Picture
    brand: Brand
    layout: Layout | None = None
    format: Format | None = None
    copy: Mapping[str, str] | None = None
    raw: Picture | None = None
    brief: Brief | None = None
    crop: Box | None = None
    """The part of `raw` that the layout's picture shows, in pixels of `raw`; None: all of it."""
    generated: bool = True
    """False when the picture underneath is the brand's own photograph or drawing, so that no model can have changed a product."""
    must_carry: bool | None = None
    """Whether the picture must carry one of the marks; None: as the brand file says."""
    series: SeriesReading | None = None
    """How the picture stands in its series; None where it is checked by itself."""

    @property
    def foreign(self) -> bool:
        """True when nobody laid this picture out here, so that everything must be found in its pixels."""
        return self.layout is None

    @property
    def logo_required(self) -> bool:
        """True when the picture must carry one of the brand's marks, wherever it was made."""
        logo = self.brand.document.logo
        return (logo is not None and logo.required) if self.must_carry is None else self.must_carry

    @property
    def width(self) -> int:
        return self.picture.width

    @property
    def height(self) -> int:
        return self.picture.height

    @property
    def rgb(self) -> NDArray[np.uint8]:
        """The pixels, shape (H, W, 3), sRGB, composited on the declared ground."""
        return self.picture.rgb

    @cached_property
    def invisible(self) -> bool:
        """True when every pixel is fully transparent, so that there is nothing to see."""
        return self.picture.alpha is not None and not self.picture.alpha.any()

    @property
    def lossy(self) -> bool:
        """True when the file's coding changes pixels by itself."""
        return self.picture.media_type in LOSSY_TYPES

    def beneath(self, box: Box) -> NDArray[np.uint8] | None:
        """What the picture underneath shows in `box` (whole page pixels), shape (h, w, 3); None where none is known or shown."""
        if self.raw is None or self.layout is None or self.layout.picture is None:
            return None
        return shown_part(self.raw.rgb, self.crop, self.layout.picture, box, self.layout.ground)

    @property
    def words(self) -> dict[str, str] | None:
        """Slot to text as it stands in the asset, without the slots that its layout drops; None when nobody says what it should read."""
        if self.layout is None:
            return None if self.copy is None else dict(self.copy)
        return {slot.name: (self.copy or {}).get(slot.name, slot.text) for slot in self.layout.slots}

    @property
    def told(self) -> Brief:
        """What is known about the copy; without a brief, the layout's locale and no topics."""
        return self.brief or Brief(self.layout.locale if self.layout else "en")

    @cached_property
    def swatches(self) -> dict[str, str]:
        """Colour name to `#RRGGBB`, in the brand's order; empty for a brand without a palette."""
        palette = self.brand.document.palette
        return {name: color.hex for name, color in self.brand.colors.items()} if palette else {}

    @cached_property
    def flat(self) -> FlatColors:
        """The picture's flat colours. The placed mark (other checks measure it) and invisible pixels do not count."""
        return self._flat_ahead.result() if "_flat_ahead" in vars(self) else self._flat()

    def read_ahead(self) -> None:
        """Begin to read the flat colours beside the checks that need none, where OpenCV may use several threads, too."""
        import cv2

        if cv2.getNumThreads() > 1:
            _ = self._flat_ahead

    @cached_property
    def _flat_ahead(self) -> Future[FlatColors]:
        reader = ThreadPoolExecutor(1, thread_name_prefix="flat")
        coming = reader.submit(self._flat)
        reader.shutdown(wait=False)
        return coming

    def _flat(self) -> FlatColors:
        ignore = np.zeros((self.height, self.width), bool)
        if self.picture.alpha is not None:
            ignore |= self.picture.alpha == 0
        if self.layout is not None:
            ignore[self.layout.mark.box.grown(2).pixels(self.width, self.height)] = True
        return flat_colors(self.rgb, ignore=ignore)

    @cached_property
    def table(self) -> SwatchTable:
        """The brand's palette as arrays."""
        return swatch_table(self.brand)

    @cached_property
    def deltas(self) -> NDArray[np.float64]:
        """ΔE00 of every flat colour to every swatch, shape (modes, swatches)."""
        modes = self.flat.modes
        if not modes or not self.table.names:
            return np.zeros((len(modes), len(self.table.names)))
        lab = srgb_to_lab(np.array([mode.rgb for mode in modes]) / 255)
        return delta_e_2000(lab[:, None], self.table.lab[None])

    @cached_property
    def inks(self) -> tuple[Ink, ...]:
        """The inks of strokes and type on the largest flat grounds, where the picture shows them unmixed."""
        return tuple(read_inks(self.flat))

    @cached_property
    def sighting(self) -> Sighting | None:
        """The brand's mark in this picture: read in its box, or searched for; None where nothing resembles one."""
        return sight(self)

    @property
    def underneath(self) -> NDArray[np.uint8]:
        """The picture underneath as far as the layout shows it, without copy and scrims; the finished pixels where none is known."""
        if self.raw is None or self.crop is None:
            return self.rgb if self.raw is None else self.raw.rgb
        return self.raw.rgb[self.crop.pixels(self.raw.width, self.raw.height)]

    @cached_property
    def strangeness(self) -> float | None:
        """How strange it is to the pictures that the brand approved, see `brandkit.check.likeness`; None where that cannot be told."""
        try:
            return strangeness_here(self)
        except BrandkitError:  # a calibration that is damaged: its file is named
            raise
        except Exception:  # what breaks on this picture is told by the checks that read it, and must not cost the others' results
            return None

    @cached_property
    def displaced(self) -> Sighting | None:
        """The laid-out mark where it stands instead of in its box: moved, turned, or too small; None where it is in it, or nowhere."""
        return search_displaced(self, self.sighting) if self.sighting and not self.foreign and not self.sighting.sure else None

    def region(self, box: Box) -> Region:
        """`box` as a region of whole pixels inside the picture."""
        rows, columns = box.pixels(self.width, self.height)
        return Region(x=columns.start, y=rows.start, w=max(0, columns.stop - columns.start), h=max(0, rows.stop - rows.start))
