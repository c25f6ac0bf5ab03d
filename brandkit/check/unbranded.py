"""Whether a picture made elsewhere shows anything of the brand at all: what passes without it only breaks no rule."""

from __future__ import annotations

import numpy as np

from brandkit.check.subject import Subject
from brandkit.check.swatches import swatch_limit
from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import srgb_to_lab
from brandkit.metric.palette import is_grey
from brandkit.results import Limit

LOOKED = ("palette-drift", "logo-missing")  # the checks that look for the palette and for the mark
NEAR = Limit(review_at=2.5, fail_at=5.0, unit="ΔE00")  # from a swatch, up to which a colour may be meant to be it


def is_unbranded(subject: Subject) -> bool:
    """True when neither a mark, nor anything like one, nor a flat colour or ink of the palette was seen.

    Colours that nobody owns (white, black, greys) say nothing, unless the palette has no others. What was laid out by brandkit
    always shows its brand.
    """
    if not subject.foreign or subject.invisible or subject.sighting is not None:
        return False
    table = subject.table
    own = [index for index in range(len(table.names)) if not is_grey(table.lab[index], table.oklab[index])] or range(len(table.names))
    if not len(own):
        return bool(subject.brand.marks)
    seen = [*(mode.rgb for mode in subject.flat.modes), *(ink.rgb for ink in subject.inks)]
    if not seen:
        return True
    deltas = delta_e_2000(srgb_to_lab(np.array(seen) / 255)[:, None], table.lab[None])
    far = (float(deltas[:, index].min()) > swatch_limit(subject.brand, table.names[index], NEAR).fail_at for index in own)
    return all(far)
