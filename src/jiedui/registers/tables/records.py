"""What people decide, and what is asked: corrections, link decisions, findings."""

from __future__ import annotations

from jiedui.registers.tables.columns import (
    TOWNSHIP,
    VILLAGE,
    date_column,
    text_column,
    yes_column,
)
from jiedui.tables import Column, Table

CORRECTIONS = Table(
    "corrections",
    {"zh": "更正", "en": "corrections"},
    (
        Column("register", "text", {"zh": "表", "en": "table"}),
        Column("row_key", "text", {"zh": "行标识", "en": "row key"}),
        Column("column", "text", {"zh": "字段", "en": "column"}),
        text_column("was", "原值", "was"),
        text_column("is", "现值", "is"),
        Column("reason", "text", {"zh": "原因", "en": "reason"}),
        Column("who", "text", {"zh": "更正人", "en": "who"}),
        Column("when", "date", {"zh": "更正日期", "en": "when"}),
    ),
    key=("register", "row_key", "column", "when"),
)
"""``row_key``: the parts of the key of the table, joined by ``|``."""

LINK_DECISIONS = Table(
    "link_decisions",
    {"zh": "关联决定", "en": "link decisions"},
    (
        Column("left", "text", {"zh": "甲记录", "en": "left record"}),
        Column("right", "text", {"zh": "乙记录", "en": "right record"}),
        yes_column("same", "是否同一", "the same"),
        text_column("who", "决定人", "who"),
        date_column("when", "决定日期", "when"),
        text_column("why", "理由", "why"),
    ),
    key=("left", "right"),
)
"""A line where ``same`` is blank is not decided yet; one that is decided names who and when."""

FINDINGS = Table(
    "findings",
    {"zh": "待核实问题", "en": "findings"},
    (
        Column("rule", "text", {"zh": "规则编号", "en": "rule"}),
        Column("severity", "text", {"zh": "程度", "en": "severity"}, choices=("error", "question", "note")),
        Column("register", "text", {"zh": "表", "en": "table"}),
        Column("row_key", "text", {"zh": "行标识", "en": "row key"}, required=False),
        Column("column", "text", {"zh": "字段", "en": "column"}, required=False),
        Column("found", "text", {"zh": "现值", "en": "found"}, required=False),
        TOWNSHIP,
        VILLAGE,
        Column("file", "text", {"zh": "文件", "en": "file"}, required=False),
        Column("sheet", "text", {"zh": "工作表", "en": "sheet"}, required=False),
        Column("cell", "text", {"zh": "单元格", "en": "cell"}, required=False),
        Column("zh", "text", {"zh": "说明", "en": "in Chinese"}),
        Column("en", "text", {"zh": "英文说明", "en": "in English"}),
    ),
    key=("rule", "register", "row_key", "column"),
)
"""Questions to be looked into (待核实), never verdicts. ID numbers in ``found`` and ``row_key`` are masked
wherever a finding leaves the office."""
