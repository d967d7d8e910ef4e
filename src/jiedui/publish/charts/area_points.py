"""Areas as points at their seats: the darker the more, hatched where unsure, empty where not shown."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import Lang, Words, finding, text
from jiedui.publish.charts.drawing import WIDTH, Caption, Layer, Mark, dot, finish, layers, length, percent
from jiedui.publish.classes import class_edges
from jiedui.publish.maps import frame_points

if TYPE_CHECKING:
    import pyarrow as pa

HEIGHT = 710.0
SHADES = 5


def draw_areas(
    table: pa.Table,
    lang: Lang,
    *,
    title: Words,
    is_share: bool = True,
    unsure_cv: float = 0.2,
    prefix: str = "a0",
) -> str:
    """Give the SVG of areas as points at their seats, without boundaries.

    Parameters
    ----------
    table : pyarrow.Table
        Columns ``name``, ``lon``, ``lat`` (degrees), ``b``, ``cv``, ``hidden`` (empty where the value may be
        shown). Areas with a larger coefficient of variation than `unsure_cv` are hatched.
    is_share : bool
        Whether values are shares, written as percent.

    Raises
    ------
    InputError
        If there is no area, or one has no longitude or latitude.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = [dict(name="甲县", lon=105.0, lat=35.0, b=0.2, cv=0.1, hidden=""),
    ...         dict(name="乙县", lon=106.0, lat=36.0, b=None, cv=None, hidden="few")]
    >>> svg = draw_areas(pa.Table.from_pylist(rows), "zh", title={"zh": "估计"})
    >>> "甲县：20.0%" in svg, "乙县" in svg
    (True, True)
    """
    rows = table.to_pylist()
    lost = [str(row["name"]) for row in rows if row["lon"] is None or row["lat"] is None]
    if lost or not rows:
        raise InputError([finding("figure.no_place", areas=", ".join(lost[:10]) or "–", count=len(lost))])
    places = frame_points([(row["lon"], row["lat"]) for row in rows], size=(WIDTH, HEIGHT), margin=24)
    edges = _edges(rows)
    made = layers()
    for layer in made:
        radius = min(14.0, 240 / max(len(rows), 1) ** 0.5) + (2 if layer.screen == "narrow" else 0)
        for row, (x, y) in sorted(zip(rows, places, strict=True), key=lambda pair: (pair[1][1], pair[1][0])):
            _point(
                layer,
                row,
                dot(0, x, y, radius),
                edges=edges,
                unsure_cv=unsure_cv,
                is_share=is_share,
                lang=lang,
            )
        layer.height = _key(layer, edges, unsure_cv=unsure_cv, is_share=is_share, lang=lang)
    return finish(made, title=title[lang], desc=text("charts.areas_desc", lang), prefix=prefix)


def _edges(rows: list[dict[str, Any]]) -> list[float]:
    """Give the limits of at most five classes, in parts of a hundred where values are below one."""
    values = [row["b"] for row in rows if _is_shown(row)]
    factor = 100.0 if max(values, default=0.0) <= 1 else 1.0
    return [edge / factor for edge in class_edges(value * factor for value in values)]


def _is_shown(row: dict[str, Any]) -> bool:
    return row["b"] is not None and not row["hidden"]


def _point(
    layer: Layer,
    row: dict[str, Any],
    path: str,
    *,
    edges: list[float],
    unsure_cv: float,
    is_share: bool,
    lang: Lang,
) -> None:
    """Draw an area."""
    if not _is_shown(row):
        layer.marks.append(Mark("hidden", path, text("charts.area_hidden", lang, name=row["name"])))
        return
    value = percent(row["b"], 1) if is_share else f"{row['b']:,.2f}"
    cv = "–" if row["cv"] is None else percent(row["cv"])
    words = text("charts.area", lang, name=row["name"], value=value, cv=cv)
    layer.marks.append(Mark(_shade(row["b"], edges), path, words))
    if row["cv"] is None or row["cv"] > unsure_cv:
        layer.marks.append(Mark("hatch", path, words))


def _shade(value: float, edges: list[float]) -> str:
    """Give the style of the class that a value falls in, the classes spread over all shades."""
    classes = max(len(edges) - 1, 1)
    number = min(bisect_right(edges[1:-1], value), classes - 1)
    return f"c{round(number * (SHADES - 1) / max(classes - 1, 1))}"


def _key(layer: Layer, edges: list[float], *, unsure_cv: float, is_share: bool, lang: Lang) -> float:
    """Draw what shades, hatching and empty points stand for; give where it ends."""
    size = layer.size
    shown = [percent(edge, 1) if is_share else f"{edge:,.2f}" for edge in edges]
    items = [
        (_shade(low, edges), f"{first}–{second}")
        for low, first, second in zip(edges, shown, shown[1:], strict=False)
    ]
    unsure = text("charts.unsure", lang, limit=percent(unsure_cv))
    items += [("hatch", unsure), ("hidden", text("charts.hidden", lang))]
    x, y = 20.0, HEIGHT + size * 1.2
    for style, words in items:
        room = size * 3.2 + length(words, size)
        if x + room - size > WIDTH:
            x, y = 20.0, y + size * 1.5
        path = dot(0, x + size * 0.5, y - size * 0.35, size * 0.45)
        layer.marks += [Mark("c3", path), Mark(style, path)] if style == "hatch" else [Mark(style, path)]
        layer.captions.append(Caption(x + size * 1.4, y, words))
        x += room
    layer.captions.append(Caption(20, y + size * 1.8, text("charts.areas_note", lang), style="small"))
    return y + size * 2.5
