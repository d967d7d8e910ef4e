"""The chapter of the survey: the whole with intervals, its parts, each indicator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiedui.language import decimal, words
from jiedui.needs import ESTIMATES
from jiedui.publish import Chapter
from jiedui.publish.charts import draw_dominance, draw_headcounts
from jiedui.tables import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.programmes.needs.running import NeedsRun

PERCENT = {"zh": "%", "en": "%"}
UNCENSORED = {"zh": "未截尾剥夺率", "en": "uncensored headcount ratio"}
CENSORED = {"zh": "截尾剥夺率", "en": "censored headcount ratio"}
BY_DOMAIN = Table(
    "survey_by_domain",
    {"zh": "抽样调查：各地多维指数", "en": "From the survey, by domain"},
    (
        Column("group", "text", {"zh": "地区", "en": "domain"}, required=False),
        Column("n", "integer", {"zh": "样本户", "en": "households asked"}, required=False),
        Column("H", "number", {"zh": "发生率", "en": "headcount ratio H"}, PERCENT, required=False),
        Column("interval", "text", {"zh": "置信区间（95%）", "en": "95 % interval"}, required=False),
        Column("A", "number", {"zh": "强度", "en": "intensity A"}, PERCENT, required=False),
        Column("M0", "number", {"zh": "多维指数", "en": "adjusted headcount ratio M0"}, required=False),
    ),
    key=("group",),
)
BY_INDICATOR = Table(
    "survey_by_indicator",
    {"zh": "抽样调查：各指标", "en": "From the survey, by indicator"},
    (
        Column("zh", "text", {"zh": "指标", "en": "in Chinese"}),
        Column("en", "text", {"zh": "英文指标", "en": "indicator"}),
        Column("hd", "number", UNCENSORED, PERCENT, required=False),
        Column("hdk", "number", CENSORED, PERCENT, required=False),
        Column("pctb", "number", {"zh": "贡献率", "en": "contribution"}, PERCENT, required=False),
    ),
    key=("zh",),
)


def survey_chapter(run: NeedsRun) -> Chapter:
    """Give what the survey says of the whole, its parts and each indicator."""
    bars = ((words("needs_run.bars"), _bars(run)), (words("needs_run.curve"), _curve(run)))
    tables = ((BY_DOMAIN, _by_domain(run)), (BY_INDICATOR, _by_indicator(run)))
    return Chapter(words("needs_run.survey"), words("needs_run.survey_lead"), pictures=bars, tables=tables)


def values_of(run: NeedsRun, group: str) -> dict[str, dict[str, Any]]:
    """Give the measures of a group at the first cut-off."""
    return {row["measure"]: row for row in _rows(run) if row["group"] == group and not row["indicator"]}


def interval(row: dict[str, Any]) -> str:
    """Write the limits of a share in per cent; nothing where they are not known."""
    if row["ll"] is None:
        return ""
    return f"{decimal(100 * row['ll'], 1)}–{decimal(100 * row['ul'], 1)}"


def _bars(run: NeedsRun) -> str:
    """Draw who is poor and deprived, by indicator."""
    return draw_headcounts(
        run.survey.table,
        run.lang,
        indicators={one.id: one.words for one in run.content.spec.indicators},
        groups={"": words("needs_run.whole")},
        title=words("needs_run.bars"),
        k=float(run.content.spec.cutoffs[0]),
    )


def _curve(run: NeedsRun) -> str:
    """Draw H of the registers at every cut-off."""
    import pyarrow as pa

    rows = [
        {"measure": "H", "indicator": "", "group": "", "k": row["k"], "b": row["H"]}
        for row in run.curves.to_pylist()
    ]
    curve = pa.Table.from_pylist(rows, ESTIMATES.schema())
    whole = {"": words("needs_run.whole")}
    return draw_dominance(curve, run.lang, groups=whole, title=words("needs_run.curve"))


def _rows(run: NeedsRun) -> list[dict[str, Any]]:
    k = float(run.content.spec.cutoffs[0])
    return [row for row in run.survey.table.to_pylist() if row["k"] is None or abs(row["k"] - k) < 1e-12]  # noqa: PLR2004


def _by_domain(run: NeedsRun) -> pa.Table:
    """Give H with its interval, A and M0 of each domain."""
    import pyarrow as pa

    groups = dict.fromkeys(row["group"] for row in _rows(run))
    rows = []
    for group in groups:
        found = values_of(run, str(group))
        H = found["H"]  # noqa: N806
        rows.append(
            {
                "group": group or words("needs_run.whole")[run.lang],
                "n": H["n"],
                "H": 100 * H["b"],
                "interval": interval(H),
                "A": None if found["A"]["b"] is None else 100 * found["A"]["b"],
                "M0": found["M0"]["b"],
            }
        )
    return pa.Table.from_pylist(rows, BY_DOMAIN.schema())


def _by_indicator(run: NeedsRun) -> pa.Table:
    """Give who is deprived in each indicator, and what it contributes."""
    import pyarrow as pa

    found = {(row["measure"], row["indicator"]): row["b"] for row in _rows(run) if row["group"] == ""}
    rows = [
        {
            "zh": one.words["zh"],
            "en": one.words["en"],
            "hd": 100 * found["hd", one.id],
            "hdk": 100 * found["hdk", one.id],
            "pctb": 100 * found["pctb", one.id],
        }
        for one in run.content.spec.indicators
    ]
    return pa.Table.from_pylist(rows, BY_INDICATOR.schema())
