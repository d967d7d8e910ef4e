"""The curves of a map: each bends to the north and ends in an arrow head before its unit."""

from __future__ import annotations

import math
from dataclasses import dataclass

BEND = 0.16
"""How far north the control point is pulled, as a part of the distance."""

STOP = 8.0
"""How far before the unit's middle a curve ends, so that its ring stays free."""

HEAD = 9.0
"""The length of an arrow head."""

STEPS = 16
"""A curve's way is told in so many steps."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """The path of a curve and of its arrow head, as SVG writes them, and some points on its way."""

    line: str
    head: str
    way: tuple[Point, ...]


def curve(start: Point, end: Point, *, has_head: bool = True) -> Curve:
    """Give the curve between two points of the drawing (y runs down); without a head it runs to its tip."""
    length = math.dist(start, end) or 1.0
    bend = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 - BEND * length)
    tangent = math.dist(bend, end) or 1.0
    along = ((end[0] - bend[0]) / tangent, (end[1] - bend[1]) / tangent)
    tip = (end[0] - STOP * along[0], end[1] - STOP * along[1])
    base = (tip[0] - HEAD * along[0], tip[1] - HEAD * along[1])
    across = (-along[1] * HEAD * 0.38, along[0] * HEAD * 0.38)
    left, right = (base[0] + across[0], base[1] + across[1]), (base[0] - across[0], base[1] - across[1])
    return Curve(
        f"M{point(start)}Q{point(bend)} {point(base if has_head else tip)}",
        f"M{point(tip)}L{point(left)} {point(right)}Z",
        tuple(_between(start, bend, base, part=step / STEPS) for step in range(1, STEPS)),
    )


def _between(start: Point, bend: Point, end: Point, *, part: float) -> Point:
    """Give the point of a quadratic curve after a part of its way."""
    first, second, third = (1 - part) ** 2, 2 * part * (1 - part), part**2
    return (
        first * start[0] + second * bend[0] + third * end[0],
        first * start[1] + second * bend[1] + third * end[1],
    )


def point(at: Point) -> str:
    """Write a point with one decimal.

    Examples
    --------
    >>> point((12.04, -0.04))
    '12 0'
    """
    return " ".join(f"{round(value, 1) + 0:.1f}".removesuffix(".0") for value in at)
