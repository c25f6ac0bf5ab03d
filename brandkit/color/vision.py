"""How colours look to people who lack one kind of cone: protanopia, deuteranopia and tritanopia, simulated on whole arrays.

About 1 in 12 men and 1 in 200 women see reds and greens alike to some degree; complete dichromacy, which is simulated here, is the
hardest case. Protan and deutan follow Viénot, tritan follows Brettel, for which Viénot's single plane is not exact enough.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from brandkit.color import matrices as mx
from brandkit.color.spaces import linear_to_srgb, srgb_to_linear

Floats = NDArray[np.float64]
Deficiency = Literal["protan", "deutan", "tritan"]
DEFICIENCIES: tuple[Deficiency, ...] = ("protan", "deutan", "tritan")

XYZ_TO_LMS = ((0.15514, 0.54312, -0.03286), (-0.15514, 0.45684, 0.03286), (0.0, 0.0, 0.01608))  # Smith and Pokorny (1975)
CONE = {"protan": 0, "deutan": 1, "tritan": 2}  # which of L, M, S is missing
WAVE_485 = (0.05699, 0.16987, 0.5864)  # XYZ (Judd-Vos) of 485 nm: a blue-green that tritanopes see as others do
WAVE_660 = (0.16161, 0.061, 0.00001)  # XYZ (Judd-Vos) of 660 nm: the red of which that holds


def simulate(rgb: ArrayLike, deficiency: Deficiency) -> Floats:
    """What a dichromat sees, as colours that look alike to everybody.

    Args:
        rgb: sRGB, shape `(..., 3)`, range [0, 1].
        deficiency: `protan` (no L cones), `deutan` (no M cones) or `tritan` (no S cones).

    Returns:
        sRGB of the same shape, clipped to [0, 1]. Greys stay as they are.

    References:
        Brettel, Viénot & Mollon (1997). Computerized simulation of color appearance for dichromats. JOSA A 14(10).
        Viénot, Brettel & Mollon (1999). Digital video colourmaps for checking the legibility of displays by dichromats. CR&A 24(4).
    """
    linear = srgb_to_linear(rgb)
    planes = projections(deficiency)
    seen = linear @ planes.first.T
    if planes.second is not None:
        seen = np.where((linear @ planes.normal)[..., None] >= 0, seen, linear @ planes.second.T)
    return np.clip(linear_to_srgb(np.clip(seen, 0, 1)), 0, 1)


class Projections(NamedTuple):
    """Matrices on linear sRGB; `second` applies where the dot product with `normal` is negative."""

    first: Floats
    second: Floats | None
    normal: Floats


@lru_cache(maxsize=3)
def projections(deficiency: Deficiency) -> Projections:
    """The projections of a deficiency, derived from the cone fundamentals and the colours that it leaves unchanged."""
    to_lms = np.array(XYZ_TO_LMS) @ np.array(mx.SRGB_TO_XYZ)
    white = to_lms @ np.ones(3)
    if deficiency != "tritan":
        blue = to_lms @ np.array([0.0, 0.0, 1.0])  # Viénot, section 2: white and the blue primary stay
        return Projections(_project(to_lms, deficiency, white, blue), None, np.zeros(3))
    near, far = np.array(XYZ_TO_LMS) @ np.array(WAVE_485), np.array(XYZ_TO_LMS) @ np.array(WAVE_660)
    border = np.cross(white, np.array([0.0, 0.0, 1.0]))  # Brettel, equation (4): the plane through white and the missing cone's axis
    side = border @ to_lms
    first, second = (far, near) if border @ far > 0 else (near, far)
    return Projections(_project(to_lms, deficiency, white, first), _project(to_lms, deficiency, white, second), side)


def _project(to_lms: Floats, deficiency: Deficiency, white: Floats, anchor: Floats) -> Floats:
    """Linear sRGB to linear sRGB: the missing cone's answer becomes what lies in the plane of black, white and `anchor`."""
    plane = np.cross(white, anchor)  # Brettel, equation (8): a L + b M + c S = 0
    missing = CONE[deficiency]
    kept = np.eye(3)
    kept[missing] = -plane / plane[missing]
    kept[missing, missing] = 0.0
    return np.asarray(np.linalg.inv(to_lms) @ kept @ to_lms, dtype=np.float64)
