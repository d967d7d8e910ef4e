"""The chapter of small areas: a map of points, and why some are not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiedui.language import words
from jiedui.programmes.needs.survey_chapter import PERCENT, interval
from jiedui.publish import Chapter
from jiedui.publish.charts import draw_areas
from jiedui.tables import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.programmes.needs.running import NeedsRun

SMALL_AREAS = Table(
    "small_areas",
    {"zh": "小区域估计：各村发生率", "en": "Small areas: H by village"},
    (
        Column("name", "text", {"zh": "村", "en": "village"}),
        Column("n", "integer", {"zh": "样本户", "en": "households asked"}, required=False),
        Column("eblup", "number", {"zh": "模型估计", "en": "model estimate"}, PERCENT, required=False),
        Column("interval", "text", {"zh": "置信区间（95%）", "en": "95 % interval"}, required=False),
        Column("why", "text", {"zh": "说明", "en": "remark"}, required=False),
    ),
    key=("name",),
)


def areas_chapter(run: NeedsRun) -> Chapter:
    """Give the model estimate of each small area, on a map without boundaries and as a table."""
    points = ((words("needs_run.points"), _points(run)),)
    areas = ((SMALL_AREAS, _areas(run)),)
    return Chapter(words("needs_run.areas"), words("needs_run.areas_lead"), pictures=points, tables=areas)


def _points(run: NeedsRun) -> str:
    """Draw the small areas as points; what is not shown is marked."""
    import pyarrow as pa

    named = "name_en" if run.lang == "en" else "name"
    places = {row["code"]: row for row in run.content.areas.to_pylist()}
    rows = [
        {
            "name": places[row["area"]][named] or row["area"],
            "lon": places[row["area"]]["lon"],
            "lat": places[row["area"]]["lat"],
            "b": row["eblup"],
            "cv": row["cv"],
            "hidden": row["hidden"],
        }
        for row in run.areas.table.to_pylist()
    ]
    return draw_areas(pa.Table.from_pylist(rows), run.lang, title=words("needs_run.points"))


def _areas(run: NeedsRun) -> pa.Table:
    """Give the model estimate of each area, or why it is not shown."""
    import pyarrow as pa

    named = "name_en" if run.lang == "en" else "name"
    names = dict(zip(*(run.content.areas[name].to_pylist() for name in ("code", named)), strict=True))
    rows = [
        {
            "name": names[row["area"]],
            "n": row["n"],
            "eblup": None if row["eblup"] is None else 100 * row["eblup"],
            "interval": interval(row),
            "why": _why(row, run),
        }
        for row in run.areas.table.to_pylist()
    ]
    return pa.Table.from_pylist(rows, SMALL_AREAS.schema())


def _why(row: dict[str, Any], run: NeedsRun) -> str:
    if row["hidden"]:
        return words(f"needs_run.hidden_{row['hidden']}")[run.lang]
    return "" if row["is_sampled"] else words("needs_run.not_sampled")[run.lang]
