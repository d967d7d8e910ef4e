"""The chapter of the pairing: the ways of pairing side by side, and where the whole of it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.language import words
from jiedui.programmes.tables import KM
from jiedui.publish import Chapter
from jiedui.tables import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.programmes.needs.running import NeedsRun
    from jiedui.programmes.running import Run

PROPOSALS = Table(
    "proposals",
    {"zh": "结对方案对照", "en": "Ways of pairing"},
    (
        Column("name", "text", {"zh": "方案", "en": "proposal"}),
        Column("served", "integer", {"zh": "有帮扶方", "en": "with a helper"}),
        Column("unserved", "integer", {"zh": "没有帮扶方", "en": "without"}),
        Column("fits", "integer", {"zh": "所需与所长有相合", "en": "a need and a skill in common"}),
        Column("mean_km", "number", {"zh": "平均距离", "en": "mean distance"}, KM),
    ),
    key=("name",),
)


def pairing_chapter(run: NeedsRun) -> Chapter:
    """Give the ways of pairing beside each other."""
    paired = run.paired
    assert paired is not None  # noqa: S101 - the chapter is made only then
    return Chapter(
        words("needs_run.pairing"),
        words("needs_run.pairing_lead", scheme=paired.folder.programme.scheme.name),
        tables=((PROPOSALS, _proposals(paired)),),
    )


def _proposals(paired: Run) -> pa.Table:
    """Count for each way of pairing who has a helper, and how many of them find in it what they need."""
    import pyarrow as pa

    rows = []
    for row in paired.records.tables["comparison"].to_pylist():
        own = [
            pair for pair in paired.records.tables["pairs"].to_pylist() if pair["proposal"] == row["proposal"]
        ]
        fits = {
            pair["recipient"] for pair in own if (pair["helper"], pair["recipient"]) in paired.setting.fit
        }
        rows.append(
            {
                "name": row["name"],
                "served": len({pair["recipient"] for pair in own}),
                "unserved": row["unserved"],
                "fits": len(fits),
                "mean_km": row["mean_km"],
            }
        )
    return pa.Table.from_pylist(rows, PROPOSALS.schema())
