"""The chapter of needs in units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.language import words
from jiedui.publish import Chapter
from jiedui.tables import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.programmes.needs.running import NeedsRun

OF_NEEDS = Table(
    "needs_by_kind",
    {"zh": "需求数量合计", "en": "Needs by kind"},
    (
        Column("kind", "text", {"zh": "种类", "en": "kind"}),
        Column("unit", "text", {"zh": "单位", "en": "unit"}),
        Column("places", "integer", {"zh": "涉及村数", "en": "villages"}),
        Column("quantity", "number", {"zh": "数量", "en": "quantity"}),
    ),
    key=("kind",),
)


def units_chapter(run: NeedsRun) -> Chapter:
    """Give the needs of all places together, by kind."""
    tables = ((OF_NEEDS, _of_needs(run)),)
    return Chapter(words("needs_run.units"), words("needs_run.units_lead"), tables=tables)


def _of_needs(run: NeedsRun) -> pa.Table:
    """Add up needs by kind."""
    import pyarrow as pa

    assert run.needs is not None  # noqa: S101 - the chapter is made only then
    found = run.needs.group_by(["kind", "unit"]).aggregate(
        [("quantity", "sum"), ("recipient", "count_distinct")]
    )
    rule = (
        {one.kind: one.words[run.lang] for one in run.content.catalogue.rules}
        if run.content.catalogue
        else {}
    )
    rows = [
        {
            "kind": rule.get(row["kind"], row["kind"]),
            "unit": row["unit"],
            "places": row["recipient_count_distinct"],
            "quantity": row["quantity_sum"],
        }
        for row in found.sort_by("kind").to_pylist()
    ]
    return pa.Table.from_pylist(rows, OF_NEEDS.schema())
