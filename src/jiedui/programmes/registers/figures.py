"""What a run over registers counts: rows, headings, repairs, links, findings by rule, and what is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from jiedui.language import words
from jiedui.tables import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.language import Words
    from jiedui.programmes.registers.running import RegisterRun

FIGURES = Table(
    "figures",
    {"zh": "数字", "en": "figures"},
    (
        Column("figure", "text", {"zh": "编号", "en": "figure"}),
        Column("zh", "text", {"zh": "名称", "en": "in Chinese"}),
        Column("en", "text", {"zh": "英文名称", "en": "in English"}),
        Column("count", "integer", {"zh": "数量", "en": "count"}),
    ),
    key=("figure",),
)


def figures(run: RegisterRun) -> pa.Table:
    """Count what happened on the way, as `FIGURES`."""
    import pyarrow as pa

    rows = [
        {"figure": key, "zh": said["zh"], "en": said["en"], "count": count}
        for key, said, count in (*_reading(run), *_linking(run), *_tables(run), *_findings(run))
    ]
    return pa.Table.from_pylist(rows, FIGURES.schema())


def _reading(run: RegisterRun) -> Iterator[tuple[str, Words, int]]:
    taken = run.taken
    reasons = Counter(feed.reason for one in taken.maps for feed in one.feeds)
    yield _figure("files", len(run.content.files))
    yield _figure("files_refused", len(taken.refused))
    yield _figure("sheets", len(taken.sheets))
    yield _figure("rows_read", sum(sheet.cells.num_rows for sheet in taken.sheets))
    yield _figure("headings", sum(reasons.values()))
    yield _figure("headings_matched", sum(reasons[one] for one in ("saved", "exact", "alias", "similar")))
    yield _figure("headings_asked", reasons["unclear"])
    yield _figure("repairs", taken.repairs.num_rows)
    yield _figure("tidied", sum(taken.tidying["cells"].to_pylist()))


def _linking(run: RegisterRun) -> Iterator[tuple[str, Words, int]]:
    status = Counter(run.linked.links["status"].to_pylist())
    yield _figure("records", run.linked.identities.num_rows)
    yield _figure("linked", status["linked"])
    yield _figure("to_decide", status["decide"])
    yield _figure("corrections", run.corrected.applied.num_rows)


def _tables(run: RegisterRun) -> Iterator[tuple[str, Words, int]]:
    from jiedui.registers.tables import REGISTERS

    for table in REGISTERS:
        if count := run.register.tables[table.name].num_rows:
            yield f"rows_{table.name}", words("register_run.rows_of", table=table.words), count


def _findings(run: RegisterRun) -> Iterator[tuple[str, Words, int]]:
    severities = Counter(run.findings["severity"].to_pylist())
    for severity in ("error", "question", "note"):
        yield _figure(f"findings_{severity}", severities[severity])
    yield _figure("rules", run.compared.num_rows)
    yield _figure("rules_hit", sum(count > 0 for count in run.compared["hits"].to_pylist()))
    yield _figure("not_compared", sum(run.compared["not_compared"].to_pylist()))


def _figure(key: str, count: int) -> tuple[str, Words, int]:
    return key, words(f"register_run.{key}"), count
