"""Where the labels of a map stand: beside their point, on no other label and on no symbol."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from jiedui.publish.cells import is_wide

DIRECTIONS = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1))
"""East first, then west, north, south and the corners (y runs down)."""

STEPS = (1.0, 2.2, 3.6, 5.2, 7.0, 9.0, 11.0, 13.0)
"""How far from the point, in line heights, a label may go before it covers another."""

WIDE, NARROW, LINE = 1.03, 0.6, 1.15
"""A Chinese character, another letter (bold ones are wide), and a line, in units of the letters' size."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the map."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Tell whether two boxes share any area."""
        apart = self.left >= other.right or other.left >= self.right
        return not (apart or self.top >= other.bottom or other.top >= self.bottom)

    def holds(self, other: Box) -> bool:
        """Tell whether the other box lies wholly inside."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    @classmethod
    def around(cls, x: float, y: float, radius: float) -> Box:
        """Give the square around a round symbol."""
        return cls(x - radius, y - radius, x + radius, y + radius)


@dataclass(frozen=True, slots=True)
class Label:
    """A text that wants to stand beside a point; only one that must stay may go far from it.

    Attributes
    ----------
    gap : float
        Room left for the symbol at the point.
    """

    text: str
    x: float
    y: float
    size: float
    must_stay: bool = False
    gap: float = 0.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A label where it stands; one that is away from its point needs a leader line."""

    label: Label
    box: Box
    x: float
    y: float
    anchor: Literal["start", "middle", "end"]
    far: bool


class Crowd:
    """How many points lie where: a label prefers the emptier side."""

    CELL = 10

    def __init__(self, points: Iterable[tuple[float, float]]) -> None:
        self.counts = Counter((int(x // self.CELL), int(y // self.CELL)) for x, y in points)

    def under(self, box: Box) -> int:
        """Count the points in the cells that a box touches."""
        across = range(int(box.left // self.CELL), int(box.right // self.CELL) + 1)
        down = range(int(box.top // self.CELL), int(box.bottom // self.CELL) + 1)
        return sum(self.counts[x, y] for x in across for y in down)


def place(
    labels: Sequence[Label], *, frame: Box, taken: Sequence[Box], crowd: Crowd | None = None
) -> list[Placed]:
    """Give each label the nearest free place, first come first served; those that find none are left out.

    A label that must stay takes a place inside the frame even where none is free.

    Examples
    --------
    >>> both = [Label("山东省", 50, 50, size=10), Label("重庆市", 50, 50, size=10)]
    >>> [placed.anchor for placed in place(both, frame=Box(0, 0, 100, 100), taken=[])]
    ['start', 'end']
    """
    boxes, found = list(taken), []
    for label in labels:
        spot = _best(label, frame=frame, taken=boxes, crowd=crowd or Crowd([]))
        if spot:
            boxes.append(spot.box)
            found.append(spot)
    return found


def _best(label: Label, *, frame: Box, taken: Sequence[Box], crowd: Crowd) -> Placed | None:
    """Give the emptiest of the nearest free places; one that is not free only where the label must stay."""
    steps = STEPS if label.must_stay else STEPS[:1]
    inside = [[spot for spot in _spots(label, step) if frame.holds(spot.box)] for step in steps]
    free = ([spot for spot in near if not any(map(spot.box.meets, taken))] for near in inside)
    options = next(filter(None, free), None)
    if options is None and label.must_stay:
        options = next(filter(None, inside), None)
    return min(options, key=lambda spot: crowd.under(spot.box)) if options else None


def _spots(label: Label, step: float) -> Iterator[Placed]:
    """Give the places around a point, so many steps away."""
    size, reach = label.size, label.size * 0.55 * step + label.gap
    length, height = size * sum(WIDE if is_wide(sign) else NARROW for sign in label.text), size * LINE
    for east, south in DIRECTIONS:
        slant = 0.8 if east and south else 1.0
        x, y = label.x + east * reach * slant, label.y + south * reach * slant * 1.25
        left = x - length * (1 - east) / 2
        box = Box(left, y - height / 2, left + length, y + height / 2)
        anchor: Literal["start", "middle", "end"] = "start" if east > 0 else "end" if east else "middle"
        yield Placed(label, box, x, y, anchor, far=step > STEPS[0])
