"""The chapter of income: below the line by domain, and how unequal incomes are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiedui.language import decimal, words
from jiedui.programmes.needs.survey_chapter import PERCENT, interval
from jiedui.publish import Chapter
from jiedui.publish.charts import draw_lorenz
from jiedui.tables import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.language import Words
    from jiedui.programmes.needs.running import NeedsRun

MEASURES = ("fgt0", "fgt1", "fgt2", "gini")
OF_INCOME = Table(
    "income_measures",
    {"zh": "收入指标", "en": "Income measures"},
    (
        Column("measure", "text", {"zh": "指标", "en": "measure"}),
        Column("b", "text", {"zh": "估计", "en": "estimate"}),
        Column("interval", "text", {"zh": "置信区间（95%）", "en": "95 % interval"}, required=False),
    ),
    key=("measure",),
)
BY_DOMAIN = Table(
    "income_by_domain",
    {"zh": "各地收入低于参考线的人口", "en": "People below the line, by domain"},
    (
        Column("group", "text", {"zh": "地区", "en": "domain"}),
        Column("n", "integer", {"zh": "样本户", "en": "households asked"}),
        Column("b", "number", {"zh": "低于参考线", "en": "below the line"}, PERCENT, required=False),
        Column("interval", "text", {"zh": "置信区间（95%）", "en": "95 % interval"}, required=False),
    ),
    key=("group",),
)


def income_chapter(run: NeedsRun) -> Chapter:
    """Give the measures below the line, the Gini coefficient and the Lorenz curve."""
    assert run.income is not None  # noqa: S101 - the chapter is made only then
    curve = draw_lorenz(
        run.income.table, run.lang, groups={"": words("needs_run.whole")}, title=words("needs_run.lorenz")
    )
    return Chapter(
        words("needs_run.income"),
        _lead(run),
        pictures=((words("needs_run.lorenz"), curve),),
        tables=((OF_INCOME, _of_income(run)), (BY_DOMAIN, _by_domain(run))),
    )


def _lead(run: NeedsRun) -> Words:
    """Name the line, its unit and who set it."""
    asked = run.content.inquiry.income
    assert asked is not None  # noqa: S101
    return words("needs_run.income_lead", line=f"{asked.line:,g}", unit=asked.unit, source=asked.source)


def _rows(run: NeedsRun) -> list[dict[str, Any]]:
    assert run.income is not None  # noqa: S101
    return [row for row in run.income.table.to_pylist() if row["measure"] in MEASURES]


def _of_income(run: NeedsRun) -> pa.Table:
    """Give each measure of the whole, the indices of depth and inequality as plain numbers."""
    import pyarrow as pa

    found = {row["measure"]: row for row in _rows(run) if row["group"] == ""}
    rows = []
    for name in MEASURES:
        row, is_share = found[name], name in ("fgt0", "fgt1")
        limits = interval(row) if is_share else _limits(row)
        value = f"{decimal(100 * row['b'], 1)} %" if is_share else decimal(row["b"], 3)
        rows.append({"measure": words(f"needs_run.{name}")[run.lang], "b": value, "interval": limits})
    return pa.Table.from_pylist(rows, OF_INCOME.schema())


def _limits(row: dict[str, Any]) -> str:
    return "" if row["ll"] is None else f"{decimal(row['ll'], 3)}–{decimal(row['ul'], 3)}"


def _by_domain(run: NeedsRun) -> pa.Table:
    """Give who is below the line in each part."""
    import pyarrow as pa

    rows = [
        {
            "group": row["group"] or words("needs_run.whole")[run.lang],
            "n": row["n"],
            "b": None if row["b"] is None else 100 * row["b"],
            "interval": interval(row),
        }
        for row in _rows(run)
        if row["measure"] == "fgt0"
    ]
    return pa.Table.from_pylist(rows, BY_DOMAIN.schema())
