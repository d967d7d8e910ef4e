"""The codebook: every column of some tables, one row each, as a reader who did not build them needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.language import Lang, text
from jiedui.tables.allowed import allowed
from jiedui.tables.declaration import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

CODEBOOK = Table(
    "codebook",
    {"zh": "字段说明", "en": "codebook"},
    (
        Column("table", "text", {"zh": "表", "en": "table"}),
        Column("column", "text", {"zh": "字段", "en": "field"}),
        Column("heading", "text", {"zh": "表头", "en": "heading"}),
        Column("type", "text", {"zh": "类型", "en": "type"}),
        Column("unit", "text", {"zh": "单位", "en": "unit"}, required=False),
        Column("required", "text", {"zh": "必填", "en": "must be filled in"}),
        Column("allowed", "text", {"zh": "可填内容", "en": "allowed"}, required=False),
        Column("source", "text", {"zh": "来源", "en": "source"}, required=False),
    ),
    key=("table", "column"),
)


def codebook_rows(tables: Iterable[Table], lang: Lang) -> list[dict[str, str]]:
    """Give one row a column, keyed by the columns of ``CODEBOOK``; ``table`` is the table's name.

    Examples
    --------
    >>> lat = Column("lat", "number", {"zh": "纬度", "en": "latitude"}, at_least=-90, at_most=90)
    >>> row, = codebook_rows([Table("places", {"zh": "地点", "en": "places"}, (lat,))], "en")
    >>> row["column"], row["type"], row["required"], row["allowed"]
    ('lat', 'number', 'yes', 'between -90 and 90')
    """
    return [_row(table, column, lang) for table in tables for column in table.columns]


def _row(table: Table, column: Column, lang: Lang) -> dict[str, str]:
    return {
        "table": table.name,
        "column": column.name,
        "heading": column.heading(lang),
        "type": text(f"codebook.type_{column.type}", lang),
        "unit": column.unit[lang] if column.unit else "",
        "required": text("codebook.yes" if column.required else "codebook.no", lang),
        "allowed": allowed(column, lang),
        "source": column.source,
    }
