"""Bars of each indicator for groups, with confidence limits as whiskers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jiedui.language import Lang, Words, text
from jiedui.publish.charts.drawing import (
    WIDTH,
    Box,
    Caption,
    Layer,
    Mark,
    bar,
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


def draw_headcounts(
    table: pa.Table,
    lang: Lang,
    *,
    indicators: Mapping[str, Words],
    groups: Mapping[str, Words],
    title: Words,
    k: float | None = None,
    measure: str = "hdk",
    prefix: str = "h0",
) -> str:
    """Give the SVG of headcounts by indicator and group: censored ones at a cut-off, or uncensored ones.

    Parameters
    ----------
    table : pyarrow.Table
        Long estimates; the rows of `measure` at `k` are drawn, any cut-off where `k` is None.
    indicators, groups : mapping of str to Words
        What is drawn, in this order; at most six groups.

    Raises
    ------
    InputError
        If there is no group, or more than six.

    Examples
    --------
    >>> import pyarrow as pa
    >>> row = dict(measure="hdk", indicator="water", group="", k=0.5, b=0.25, ll=0.2, ul=0.3)
    >>> svg = draw_headcounts(pa.Table.from_pylist([row]), "en", indicators={"water": {"en": "Water"}},
    ...                       groups={"": {"en": "All"}}, title={"en": "Headcounts"})
    >>> "25.0%" in svg
    True
    """
    refuse_many(groups)
    found = {
        (row["indicator"], row["group"] or ""): row
        for row in table.to_pylist()
        if row["measure"] == measure and (k is None or row["k"] is None or abs(row["k"] - k) < 1e-9)  # noqa: PLR2004
    }
    chosen = [found.get((one, group)) for one in indicators for group in groups]
    high = [value for row in chosen if row for value in (row["b"], row["ul"]) if value is not None]
    made, most = layers(), max(high, default=1.0)
    for layer in made:
        layer.height = _rows(layer, found, indicators=indicators, groups=groups, most=most, lang=lang)
    desc = text(f"charts.{measure}_desc", lang, k="–" if k is None else f"{k:.3g}")
    return finish(made, title=title[lang], desc=desc, prefix=prefix)


def _rows(
    layer: Layer,
    found: Mapping[tuple[str, str], Mapping[str, Any]],
    *,
    indicators: Mapping[str, Words],
    groups: Mapping[str, Words],
    most: float,
    lang: Lang,
) -> float:
    """Draw the bars of one layout; give where they end."""
    size, y = layer.size, layer.size * 1.4
    if len(groups) > 1:
        y = legend(layer, [said(groups, one, lang) for one in groups], top=y, shape="box") + size
    top = y
    box = Box(20, top, WIDTH - 20 - size * 4.4, top, ticks(most)[-1], 1)
    shapes: list[Mark] = []
    for indicator in indicators:
        layer.captions.append(Caption(20, y + size, said(indicators, indicator, lang)))
        y += size * 1.45
        for number, group in enumerate(groups):
            _bar(layer, shapes, box, found.get((indicator, group)), (number, y))
            y += size * 1.15
        y += size * 0.55
    for value in ticks(most):
        layer.marks.append(Mark("grid", f"M{box.x(value):.1f} {top:.1f}V{y:.1f}"))
        place = (box.x(value), y + size * 1.1, percent(value))
        layer.captions.append(Caption(*place, "middle" if value else "start", "small"))
    layer.marks.extend(shapes)
    return y + size * 1.7


def _bar(
    layer: Layer, shapes: list[Mark], box: Box, row: Mapping[str, Any] | None, at: tuple[int, float]
) -> None:
    """Draw one bar with its whisker and its number; a dash where nothing is known."""
    (number, y), high = at, layer.size
    middle, end = y + high / 2, box.left
    if row is None or row["b"] is None:
        layer.captions.append(Caption(end + 4, middle + high * 0.35, "–", style="small"))
        return
    end = box.x(row["b"])
    shapes.append(Mark(f"f{number}", bar(box.left, y, max(end - box.left, 1), high)))
    if row["ll"] is not None and row["ul"] is not None:
        low, end = box.x(row["ll"]), box.x(row["ul"])
        cap = f"v{high * 0.4:.1f}"
        ends = "".join(f"M{x:.1f} {middle - high * 0.2:.1f}{cap}" for x in (low, end))
        path = f"M{low:.1f} {middle:.1f}H{end:.1f}{ends}"
        shapes += [Mark("halo", path), Mark("whisker", path)]
    layer.captions.append(Caption(end + high * 0.4, middle + high * 0.35, percent(row["b"], 1)))
