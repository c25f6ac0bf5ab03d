"""Logo measures in physical units; knows no brand, no limit and no file.

`measure_drawn` reads a mark that was drawn, `measure_mark` one where it is expected, `find_mark` looks for one anywhere, and
`measure_clear_space` says how near other ink stands to it.
"""

from brandkit.metric.clear_space import ClearSpace, measure_clear_space
from brandkit.metric.mark_exact import measure_drawn
from brandkit.metric.mark_measure import MarkReading, PaintReading, measure_mark
from brandkit.metric.mark_model import Pose
from brandkit.metric.mark_search import Pyramid, build_pyramid, find_mark, read_again, same_shape

__all__ = [
    "ClearSpace",
    "MarkReading",
    "PaintReading",
    "Pose",
    "Pyramid",
    "build_pyramid",
    "find_mark",
    "measure_clear_space",
    "measure_drawn",
    "measure_mark",
    "read_again",
    "same_shape",
]
