"""From values to pixels: the frame of a server drawing. Plain numbers; the template prints the SVG."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

NARROW = 340  # pixels of a drawing for phones, whose words stay as large as the page's


@dataclass(frozen=True, slots=True)
class Frame:
    """A plot area of `width` by `height` pixels with its margins and the ranges of its axes."""

    x_range: tuple[float, float]
    y_range: tuple[float, float]
    log: bool = False
    width: int = 760
    height: int = 400
    left: int = 60
    end: int = 16
    top: int = 12
    below: int = 52

    @property
    def right(self) -> int:
        """Pixel of the right edge of the plot area."""
        return self.width - self.end

    @property
    def bottom(self) -> int:
        """Pixel of the lower edge of the plot area."""
        return self.height - self.below

    def x(self, value: float) -> float:
        """Return the pixel of a value on the horizontal axis."""
        low, high = self.x_range
        share = math.log(value / low) / math.log(high / low) if self.log else (value - low) / (high - low)
        return round(self.left + share * (self.right - self.left), 1)

    def y(self, value: float) -> float:
        """Return the pixel of a value on the vertical axis."""
        low, high = self.y_range
        return round(self.bottom - (value - low) / (high - low) * (self.bottom - self.top), 1)

    def polyline(self, pairs: Iterable[tuple[float, float]]) -> str:
        """Return the points of a line, leaving out what lies outside the plot area."""
        low, high = self.y_range
        return " ".join(f"{self.x(x)},{self.y(y)}" for x, y in pairs if low <= y <= high)
