"""Places in a picture, in pixels: the origin is the top left corner, x grows right and y grows down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """An axis-parallel rectangle in pixels; `w` and `h` may be fractional but not negative."""

    x: float
    y: float
    w: float
    h: float

    def __post_init__(self) -> None:
        if self.w < 0 or self.h < 0:
            raise ValueError(f"a box needs w >= 0 and h >= 0, got {self!r}")

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def area(self) -> float:
        return self.w * self.h

    def grown(self, margin: float) -> Box:
        """This box with `margin` pixels added on every side (negative shrinks, at most to nothing)."""
        return Box(self.x - margin, self.y - margin, max(0.0, self.w + 2 * margin), max(0.0, self.h + 2 * margin))

    def scaled(self, fx: float, fy: float) -> Box:
        """This box in a picture that is `fx` times as wide and `fy` times as high."""
        return Box(self.x * fx, self.y * fy, self.w * fx, self.h * fy)

    def intersection(self, other: Box) -> Box:
        """The common part of both boxes; of area 0 where they do not meet."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        return Box(x, y, max(0.0, min(self.right, other.right) - x), max(0.0, min(self.bottom, other.bottom) - y))

    def pixels(self, width: int, height: int) -> tuple[slice, slice]:
        """Row and column slices of the whole pixels this box touches, clipped to a `width` × `height` picture."""
        x0, y0 = max(0, int(self.x)), max(0, int(self.y))
        x1, y1 = min(width, -int(-self.right // 1)), min(height, -int(-self.bottom // 1))
        return slice(y0, max(y0, y1)), slice(x0, max(x0, x1))
