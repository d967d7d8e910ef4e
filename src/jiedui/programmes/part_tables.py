"""What a programme composed by parts gives: sums only, for all parts together and for each part."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jiedui.programmes import tables
from jiedui.tables import Column, Table

if TYPE_CHECKING:
    from jiedui.schemes import Scheme

FIGURES = (
    Column("recipients", "integer", {"zh": "受援方数", "en": "recipients"}),
    Column("helpers", "integer", {"zh": "可选的帮扶方数", "en": "helpers available"}),
    Column("places", "integer", {"zh": "帮扶方至多可承担", "en": "places of these helpers"}),
    Column("unserved", "integer", {"zh": "未安排的受援方", "en": "recipients without a helper"}),
    Column(
        "over_places",
        "integer",
        {"zh": "超出帮扶方至多可承担", "en": "recipients beyond the places"},
        required=False,
    ),
    Column("kept", "integer", {"zh": "保持现有结对", "en": "present pairs kept"}),
    Column("mean_km", "number", {"zh": "平均距离", "en": "mean distance"}, tables.KM, required=False),
    Column("score_mean", "number", {"zh": "平均得分", "en": "mean score of pairs"}, required=False),
    Column(
        "mean_per_helper",
        "number",
        {"zh": "每个帮扶方平均承担", "en": "mean recipients per helper"},
        required=False,
    ),
    Column(
        "most_per_helper",
        "integer",
        {"zh": "一个帮扶方最多承担", "en": "most recipients of one helper"},
        required=False,
    ),
)

COUNTS = ("places", "unserved", "over_places", "kept", "mean_per_helper", "most_per_helper")
"""Counted in what the scheme counts its recipients in."""

COMPARISON = Table(
    "comparison",
    tables.COMPARISON.words,
    (
        tables.PROPOSAL,
        tables.PROPOSAL_NAME,
        *FIGURES,
        tables.COMPARISON.column("certificate"),
        tables.COMPARISON.column("notice"),
    ),
    key=("proposal",),
)

COUNTIES = Table(
    "counties",
    {"zh": "各县情况", "en": "county by county"},
    (
        tables.PROPOSAL,
        tables.PROPOSAL_NAME,
        Column("part", "text", {"zh": "县（分区）代码", "en": "part"}),
        Column("part_name", "text", {"zh": "县（分区）", "en": "name of the part"}),
        *FIGURES,
    ),
    key=("proposal", "part"),
)


def in_words_of(scheme: Scheme, table: Table) -> Table:
    """Give a declaration with the headings and the unit of a scheme."""
    columns = (
        replace(
            column,
            words=scheme.headings.get(column.name, column.words),
            unit=scheme.words["places"] if column.name in COUNTS else column.unit,
        )
        for column in table.columns
    )
    return replace(table, columns=tuple(columns))
