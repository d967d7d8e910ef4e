"""What a figure is made of: paths and texts, laid out once for wide pages and once for phones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import floor, log10
from typing import Literal

from jiedui.errors import InputError
from jiedui.language import Lang, Words, finding
from jiedui.publish.cells import is_wide
from jiedui.publish.rendering import render

WIDTH = 1000
LETTERS = {"wide": 17.0, "narrow": 28.0}
"""The size of letters in a drawing 1,000 units wide, on wide pages and paper and on phones."""
SERIES = 6
"""So many groups can be told apart by dash, mark and grey."""
STEPS = (1, 2, 2.5, 5, 10)
WIDE, NARROW = 1.0, 0.54
"""Room of a Chinese character and of another letter, in units of the letters' size."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A path in one of the styles of the figure, with words for those who point at it."""

    style: str
    d: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Caption:
    """A text at a place."""

    x: float
    y: float
    text: str
    anchor: Literal["start", "middle", "end"] = "start"
    style: str = "text"


@dataclass(slots=True)
class Layer:
    """One layout of a figure: what it shows on one kind of screen."""

    screen: str
    size: float
    height: float = 0.0
    marks: list[Mark] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Box:
    """The rectangle in which values are drawn, and the largest values across and up."""

    left: float
    top: float
    right: float
    bottom: float
    most_x: float
    most_y: float

    def x(self, value: float) -> float:
        """Give the place of a value across."""
        return self.left + (self.right - self.left) * value / self.most_x

    def y(self, value: float) -> float:
        """Give the place of a value up."""
        return self.bottom - (self.bottom - self.top) * value / self.most_y


def layers() -> list[Layer]:
    """Give an empty layout for each kind of screen."""
    return [Layer(screen, size) for screen, size in LETTERS.items()]


def finish(made: Sequence[Layer], *, title: str, desc: str, prefix: str) -> str:
    """Give the SVG of a figure: as high as the wide layout, and in a page on a phone as the narrow one."""
    heights = {layer.screen: round(layer.height) for layer in made}
    return render("chart.svg.j2", layers=made, width=WIDTH, heights=heights, title=title, desc=desc, p=prefix)


def length(words: str, size: float) -> float:
    """Give about how long a text is."""
    return size * sum(WIDE if is_wide(sign) else NARROW for sign in words)


def ticks(most: float, count: int = 5) -> list[float]:
    """Give round values from nothing to the first that is not below the largest.

    Examples
    --------
    >>> ticks(0.37), ticks(0)
    ([0.0, 0.1, 0.2, 0.3, 0.4], [0.0, 1.0])
    """
    if most <= 0:
        return [0.0, 1.0]
    rough = most / count
    power = 10.0 ** floor(log10(rough))
    step = next(step * power for step in STEPS if step * power >= rough * (1 - 1e-9))
    number = 0
    found = [0.0]
    while found[-1] < most * (1 - 1e-9):
        number += 1
        found.append(round(number * step, 12))
    return found


def percent(value: float, places: int = 0) -> str:
    """Write a share as percent.

    Examples
    --------
    >>> percent(0.125, 1), percent(0.2)
    ('12.5%', '20%')
    """
    return f"{100 * value:.{places}f}%"


def refuse_many(groups: Mapping[str, Words]) -> None:
    """Refuse more groups than can be told apart."""
    if not 1 <= len(groups) <= SERIES:
        raise InputError([finding("figure.groups", count=len(groups), most=SERIES)])


def legend(layer: Layer, names: Sequence[str], *, top: float, shape: Literal["line", "box"]) -> float:
    """Draw what each style stands for; give where the legend ends."""
    x, y, size = 20.0, top, layer.size
    for number, name in enumerate(names):
        room = size * 2.6 + length(name, size) + size * 1.2
        if x + room > WIDTH and x > 20:  # noqa: PLR2004 - the edge at the left
            x, y = 20.0, y + size * 1.6
        middle = y - size * 0.35
        if shape == "line":
            layer.marks.append(Mark(f"s{number}", f"M{x:.1f} {middle:.1f}h{size * 2:.1f}"))
            layer.marks.append(Mark(f"f{number}", dot(number, x + size, middle, size * 0.3)))
        else:
            layer.marks.append(Mark(f"f{number}", bar(x, middle - size * 0.4, size * 2, size * 0.8)))
        layer.captions.append(Caption(x + size * 2.6, y, name))
        x += room
    return y + size * 0.6


def bar(x: float, y: float, wide: float, high: float) -> str:
    """Give the path of a rectangle."""
    return f"M{x:.1f} {y:.1f}h{wide:.1f}v{high:.1f}h{-wide:.1f}z"


def dot(number: int, x: float, y: float, r: float) -> str:
    """Give the path of the mark of a series: disc, square, triangle, diamond, and these again."""
    kind = number % 4
    if kind == 0:
        return (
            f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0z"
        )
    if kind == 1:
        return bar(x - r, y - r, 2 * r, 2 * r)
    tip = 1.3 * r
    if kind == 2:  # noqa: PLR2004 - the third of four marks
        return f"M{x:.1f} {y - tip:.1f}L{x + tip:.1f} {y + r:.1f}H{x - tip:.1f}z"
    return f"M{x:.1f} {y - tip:.1f}L{x + tip:.1f} {y:.1f}L{x:.1f} {y + tip:.1f}L{x - tip:.1f} {y:.1f}z"


def said(words: Mapping[str, Words], key: str, lang: Lang) -> str:
    """Give the words for a name, or the name itself where it has none."""
    return words[key][lang] if key in words else key
