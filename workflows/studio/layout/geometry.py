"""Points, boxes and how wide a text is.  Pixels; y grows downwards."""

import math
from dataclasses import dataclass

Point = tuple[float, float]

_WIDE, _NARROW, LINE_HEIGHT = 12.0, 6.5, 14.0
_LAST_NARROW = 0x2E7F  # everything beyond is drawn as wide as it is high


@dataclass(frozen=True)
class Box:
    """An upright rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, dx: float, dy: float) -> "Box":
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def grown(self, margin: float) -> "Box":
        return Box(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)

    def meets(self, other: "Box") -> bool:
        """Whether the two share more than a border."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def holds(self, point: Point) -> bool:
        """Whether the point lies strictly inside."""
        return self.x < point[0] < self.right and self.y < point[1] < self.bottom


def segment_box(start: Point, end: Point) -> Box:
    """The thin box around a horizontal or vertical piece of a flow."""
    x, y = min(start[0], end[0]), min(start[1], end[1])
    return Box(x - 1, y - 1, abs(start[0] - end[0]) + 2, abs(start[1] - end[1]) + 2)


def text_width(text: str) -> float:
    """Width of one line at 12 px."""
    return sum(_WIDE if ord(letter) > _LAST_NARROW else _NARROW for letter in text)


def text_size(text: str, widest: float) -> tuple[float, float]:
    """Width and height of a text wrapped at `widest`."""
    width = text_width(text)
    lines = max(1, math.ceil(width / widest))
    return (min(width, widest) if lines == 1 else widest), lines * LINE_HEIGHT
