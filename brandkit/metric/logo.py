"""Logo measures in physical units; knows no brand, no limit and no file.

`measure_drawn` reads a mark that was drawn, `measure_mark` one where it is expected, `find_mark` looks for one anywhere, and
`measure_clear_space` says how near other ink stands to it.
"""

from brandkit.metric.clear_space import ClearSpace, measure_clear_space
from brandkit.metric.mark_apart import find_apart
from brandkit.metric.mark_chance import chance_agreement
from brandkit.metric.mark_color import share_kept
from brandkit.metric.mark_common import is_proven, may_be_meant
from brandkit.metric.mark_exact import measure_drawn
from brandkit.metric.mark_measure import MarkReading, measure_mark
from brandkit.metric.mark_model import Pose, once, premultiply
from brandkit.metric.mark_pyramid import Pyramid
from brandkit.metric.mark_search import (
    Found,
    better_of,
    build_pyramid,
    find_askew,
    find_mark,
    find_upright,
    is_clear,
    is_odd,
    is_sharp,
    promise,
    read_again,
    same_shape,
)
from brandkit.metric.mark_soft import find_soft
from brandkit.metric.mark_view import PaintReading

__all__ = [
    "ClearSpace",
    "Found",
    "MarkReading",
    "PaintReading",
    "Pose",
    "Pyramid",
    "better_of",
    "build_pyramid",
    "chance_agreement",
    "find_apart",
    "find_askew",
    "find_mark",
    "find_soft",
    "find_upright",
    "is_clear",
    "is_odd",
    "is_proven",
    "is_sharp",
    "may_be_meant",
    "measure_clear_space",
    "measure_drawn",
    "measure_mark",
    "once",
    "premultiply",
    "promise",
    "read_again",
    "same_shape",
    "share_kept",
]
