"""The page of a run that finds needs: the survey with intervals, the map of areas, needs in units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from jiedui.language import decimal, integer, words
from jiedui.needs import ESTIMATES
from jiedui.publish import Chapter, Page
from jiedui.publish.charts import draw_areas, draw_dominance, draw_headcounts
from jiedui.tables import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.language import Words
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


def make_page(run: NeedsRun) -> Page:
    """Make the page of a run."""
    programme = run.content.programme
    return Page(
        title=programme.name,
        lead=programme.lead,
        figures=tuple(_figures(run)),
        notices=(words("needs_run.survey_notice"), words("needs_run.area_notice")),
        chapters=tuple(_chapters(run)),
        limits=programme.limits,
        sources=programme.sources,
        run=run.survey.origin,
    )


def _chapters(run: NeedsRun) -> Iterator[Chapter]:
    survey = ((BY_DOMAIN, _by_domain(run)), (BY_INDICATOR, _by_indicator(run)))
    bars = ((words("needs_run.bars"), _bars(run)), (words("needs_run.curve"), _curve(run)))
    points = ((words("needs_run.points"), _points(run)),)
    areas = ((SMALL_AREAS, _areas(run)),)
    yield Chapter(words("needs_run.survey"), words("needs_run.survey_lead"), pictures=bars, tables=survey)
    yield Chapter(words("needs_run.areas"), words("needs_run.areas_lead"), pictures=points, tables=areas)
    if run.needs is not None:
        yield Chapter(
            words("needs_run.units"), words("needs_run.units_lead"), tables=((OF_NEEDS, _of_needs(run)),)
        )


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


def _figures(run: NeedsRun) -> Iterator[tuple[str, Words]]:
    """Give the figures at the head of the page."""
    whole = _values(run, "")
    H, A, M0 = (whole[name] for name in ("H", "A", "M0"))  # noqa: N806 - letters of Alkire and Foster
    yield integer(H["n"]), words("needs_run.asked")
    yield f"{decimal(100 * H['b'], 1)} %", words("needs_run.H")
    yield _interval(H), words("needs_run.interval")
    yield f"{decimal(100 * A['b'], 1)} %", words("needs_run.A")
    yield decimal(M0["b"], 3), words("needs_run.M0")
    if run.needs is not None:
        yield integer(run.needs.num_rows), words("needs_run.needs")


def _rows(run: NeedsRun) -> list[dict[str, Any]]:
    k = float(run.content.spec.cutoffs[0])
    return [row for row in run.survey.table.to_pylist() if row["k"] is None or abs(row["k"] - k) < 1e-12]  # noqa: PLR2004


def _values(run: NeedsRun, group: str) -> dict[str, dict[str, Any]]:
    return {row["measure"]: row for row in _rows(run) if row["group"] == group and not row["indicator"]}


def _by_domain(run: NeedsRun) -> pa.Table:
    """Give H with its interval, A and M0 of each domain."""
    import pyarrow as pa

    groups = dict.fromkeys(row["group"] for row in _rows(run))
    rows = []
    for group in groups:
        found = _values(run, str(group))
        H = found["H"]  # noqa: N806
        rows.append(
            {
                "group": group or words("needs_run.whole")[run.lang],
                "n": H["n"],
                "H": 100 * H["b"],
                "interval": _interval(H),
                "A": None if found["A"]["b"] is None else 100 * found["A"]["b"],
                "M0": found["M0"]["b"],
            }
        )
    return pa.Table.from_pylist(rows, BY_DOMAIN.schema())


def _interval(row: dict[str, Any]) -> str:
    if row["ll"] is None:
        return ""
    return f"{decimal(100 * row['ll'], 1)}–{decimal(100 * row['ul'], 1)}"


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
            "interval": _interval(row),
            "why": _why(row, run),
        }
        for row in run.areas.table.to_pylist()
    ]
    return pa.Table.from_pylist(rows, SMALL_AREAS.schema())


def _why(row: dict[str, Any], run: NeedsRun) -> str:
    if row["hidden"]:
        return words(f"needs_run.hidden_{row['hidden']}")[run.lang]
    return "" if row["is_sampled"] else words("needs_run.not_sampled")[run.lang]


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
