"""Curves of groups over the same axis: dominance over cut-offs, Lorenz curves, the errors of a threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiedui.language import Lang, Words, text
from jiedui.publish.charts.drawing import (
    WIDTH,
    Box,
    Caption,
    Layer,
    Mark,
    dot,
    finish,
    layers,
    legend,
    percent,
    refuse_many,
    said,
    ticks,
)

if TYPE_CHECKING:
    import pyarrow as pa

HEIGHT = 700
MARKS = 24
"""Points are marked where a curve has no more of them."""


@dataclass(frozen=True, slots=True)
class Series:
    """A curve: its name, its points in order, and limits (x, low, high) where they are known."""

    name: str
    points: Sequence[tuple[float, float]]
    band: Sequence[tuple[float, float, float]] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around curves: the words of both axes, whether x is a share, and the line of equality."""

    x: str
    y: str
    is_percent_x: bool = True
    is_percent_y: bool = True
    has_even: bool = False


def draw_dominance(
    table: pa.Table,
    lang: Lang,
    *,
    groups: Mapping[str, Words],
    title: Words,
    measure: str = "H",
    prefix: str = "d0",
) -> str:
    """Give the SVG of a measure by cut-off k for groups, with confidence bands: who is worse off at any k.

    Parameters
    ----------
    table : pyarrow.Table
        Long estimates; the rows of `measure` without indicator are drawn.
    groups : mapping of str to Words
        At most six, in the order of the legend.

    Raises
    ------
    InputError
        If there is no group, or more than six.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = [dict(measure="H", indicator="", group="", k=k, b=b, ll=None, ul=None)
    ...         for k, b in ((0.2, 0.5), (0.4, 0.3))]
    >>> table, groups = pa.Table.from_pylist(rows), {"": {"en": "All"}}
    >>> svg = draw_dominance(table, "en", groups=groups, title={"en": "H by k"})
    >>> svg.startswith("<svg"), "H by k" in svg
    (True, True)
    """
    chosen = [row for row in table.to_pylist() if row["measure"] == measure and not row["indicator"]]
    series = [_of_group(chosen, group, said(groups, group, lang)) for group in groups]
    frame = Frame(text("charts.cutoff", lang), text(f"charts.{measure}", lang), is_percent_y=measure == "H")
    return _draw(series, frame, lang, title=title, desc="charts.dominance_desc", prefix=prefix)


def draw_lorenz(
    table: pa.Table, lang: Lang, *, groups: Mapping[str, Words], title: Words, prefix: str = "l0"
) -> str:
    """Give the SVG of Lorenz curves beside the line of equality.

    Parameters
    ----------
    table : pyarrow.Table
        Long estimates of the measure ``lorenz``: the share of people in ``k``, of income in ``b``.

    Raises
    ------
    InputError
        If there is no group, or more than six.
    """
    chosen = [row for row in table.to_pylist() if row["measure"] == "lorenz"]
    series = [_of_group(chosen, group, said(groups, group, lang), start=True) for group in groups]
    frame = Frame(text("charts.people", lang), text("charts.income", lang), has_even=True)
    return _draw(series, frame, lang, title=title, desc="charts.lorenz_desc", prefix=prefix)


def draw_tradeoff(table: pa.Table, lang: Lang, *, title: Words, group: str = "", prefix: str = "t0") -> str:
    """Give the SVG of exclusion and inclusion error by the share that a threshold selects.

    Parameters
    ----------
    table : pyarrow.Table
        Columns ``group``, ``selected`` (share), ``exclusion`` and ``inclusion`` (errors), a row for each
        threshold.
    """
    rows = [row for row in table.to_pylist() if (row["group"] or "") == group]
    series = [
        Series(
            text(f"charts.{name}", lang),
            sorted((row["selected"], row[name]) for row in rows if row[name] is not None),
        )
        for name in ("exclusion", "inclusion")
    ]
    frame = Frame(text("charts.selected", lang), text("charts.error", lang))
    return _draw(series, frame, lang, title=title, desc="charts.tradeoff_desc", prefix=prefix)


def _of_group(rows: Sequence[Mapping[str, Any]], group: str, name: str, *, start: bool = False) -> Series:
    """Give the curve of a group; rows without a value are left out."""
    own = sorted(
        (
            row
            for row in rows
            if (row["group"] or "") == group and row["b"] is not None and row["k"] is not None
        ),
        key=lambda row: row["k"],
    )
    band = [(row["k"], row["ll"], row["ul"]) for row in own if None not in (row["ll"], row["ul"])]
    points = [(row["k"], row["b"]) for row in own]
    return Series(name, [(0.0, 0.0), *points] if start and points and points[0][0] > 0 else points, band)


def _draw(series: Sequence[Series], frame: Frame, lang: Lang, *, title: Words, desc: str, prefix: str) -> str:
    """Draw curves in their frame, for every screen."""
    refuse_many({str(number): {} for number in range(len(series))})
    high = [value for one in series for value in (*(y for _, y in one.points), *(u for *_, u in one.band))]
    across = [x for one in series for x, _ in one.points]
    most_x, most_y = (1.0, 1.0) if frame.has_even else (max(across, default=1.0), max(high, default=1.0))
    made = layers()
    for layer in made:
        layer.height = HEIGHT
        top = (
            legend(layer, [one.name for one in series], top=layer.size * 1.4, shape="line") + layer.size * 2.4
        )
        box = Box(
            20 + layer.size * 3.2,
            top,
            WIDTH - 20 - layer.size,
            HEIGHT - layer.size * 3.6,
            ticks(most_x)[-1],
            ticks(most_y)[-1],
        )
        _frame(layer, box, frame)
        for number, one in enumerate(series):
            _curve(layer, box, one, number)
    return finish(made, title=title[lang], desc=text(desc, lang), prefix=prefix)


def _frame(layer: Layer, box: Box, frame: Frame) -> None:
    """Draw grid, axes and their words."""
    size = layer.size
    for value in ticks(box.most_y):
        y = box.y(value)
        layer.marks.append(Mark("grid", f"M{box.left:.1f} {y:.1f}H{box.right:.1f}"))
        words = percent(value) if frame.is_percent_y else f"{value:g}"
        layer.captions.append(Caption(box.left - size * 0.5, y + size * 0.35, words, "end", "small"))
    for value in ticks(box.most_x):
        x = box.x(value)
        layer.marks.append(Mark("axis", f"M{x:.1f} {box.bottom:.1f}v{size * 0.4:.1f}"))
        words = percent(value) if frame.is_percent_x else f"{value:g}"
        layer.captions.append(Caption(x, box.bottom + size * 1.6, words, "middle", "small"))
    layer.marks.append(Mark("axis", f"M{box.left:.1f} {box.bottom:.1f}H{box.right:.1f}"))
    layer.captions.append(Caption(20, box.top - size * 0.9, frame.y, style="small"))
    layer.captions.append(Caption(box.right, box.bottom + size * 3.1, frame.x, "end", "small"))
    if frame.has_even:
        layer.marks.append(Mark("even", f"M{box.x(0):.1f} {box.y(0):.1f}L{box.x(1):.1f} {box.y(1):.1f}"))


def _curve(layer: Layer, box: Box, one: Series, number: int) -> None:
    """Draw a curve with its band and, where its points are few, their marks."""
    if len(one.band) > 1:
        up = [f"{box.x(x):.1f} {box.y(u):.1f}" for x, _, u in one.band]
        down = [f"{box.x(x):.1f} {box.y(low):.1f}" for x, low, _ in reversed(one.band)]
        layer.marks.append(Mark(f"b{number}", f"M{'L'.join([*up, *down])}z"))
    places = [(box.x(x), box.y(y)) for x, y in one.points]
    if places:
        layer.marks.append(
            Mark(f"s{number}", "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places), one.name)
        )
    if len(places) <= MARKS:
        marks = "".join(dot(number, x, y, layer.size * 0.28) for x, y in places)
        layer.marks.append(Mark(f"f{number}", marks))
