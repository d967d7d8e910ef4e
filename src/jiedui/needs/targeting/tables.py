"""What targeting gives, column by column."""

from __future__ import annotations

from jiedui.tables import Column, Table

SCORES = Table(
    "scores",
    {"zh": "得分", "en": "scores"},
    (
        Column("unit", "text", {"zh": "户编号", "en": "unit"}),
        Column("score", "number", {"zh": "推算值", "en": "score"}, required=False),
        Column("lower", "number", {"zh": "区间下限", "en": "lower limit"}, required=False),
        Column("upper", "number", {"zh": "区间上限", "en": "upper limit"}, required=False),
    ),
    key=("unit",),
)
COEFFICIENTS = Table(
    "coefficients",
    {"zh": "得分的系数", "en": "coefficients of a score"},
    (
        Column("term", "text", {"zh": "项", "en": "term"}),
        Column("b", "number", {"zh": "系数", "en": "coefficient"}),
        Column("se", "number", {"zh": "标准误", "en": "standard error"}, required=False),
        Column("ll", "number", {"zh": "置信下限", "en": "lower limit"}, required=False),
        Column("ul", "number", {"zh": "置信上限", "en": "upper limit"}, required=False),
    ),
    key=("term",),
)


def _measure(name: str, zh: str, en: str) -> Column:
    return Column(name, "number", {"zh": zh, "en": en}, required=False)


CONSEQUENCES = Table(
    "consequences",
    {"zh": "各界线的后果", "en": "consequences of thresholds"},
    (
        Column("group", "text", {"zh": "组别", "en": "group"}, required=False),
        Column("threshold", "number", {"zh": "界线", "en": "threshold"}),
        _measure("asked", "给定比例", "share asked for"),
        Column("units", "integer", {"zh": "户数", "en": "units"}),
        Column("needy_units", "integer", {"zh": "需帮扶户数", "en": "units in need"}),
        Column("selected_units", "integer", {"zh": "入选户数", "en": "units selected"}),
        _measure("needy", "需帮扶比例", "share in need"),
        _measure("selected", "入选比例", "share selected"),
        _measure("exclusion", "漏评误差（需帮扶者中未入选）", "exclusion error"),
        _measure("inclusion", "错评误差（入选者中不需帮扶）", "inclusion error"),
        _measure("coverage", "覆盖率", "coverage"),
        _measure("leakage", "漏出率", "leakage"),
        _measure("under", "漏评占全部", "left out, of all"),
        _measure("over", "错评占全部", "selected without need, of all"),
        _measure("differential", "瞄准差", "targeting differential"),
        _measure("cgh", "科迪–格罗什–霍迪诺特指数", "Coady–Grosh–Hoddinott index"),
        Column("small", "boolean", {"zh": "样本偏少", "en": "few units"}),
    ),
    key=("group", "threshold", "asked"),
)


def _error(name: str, zh: str, en: str) -> tuple[Column, ...]:
    parts = (
        ("", "", ""), ("_ll", "下限", ", lower limit"), ("_ul", "上限", ", upper limit"),
        ("_gap", "与其他各组之差", ", less that of all others"),
        ("_gap_ll", "之差下限", ", difference, lower limit"),
        ("_gap_ul", "之差上限", ", difference, upper limit"),
    )  # fmt: skip
    return tuple(
        Column(f"{name}{end}", "number", {"zh": f"{zh}{own}", "en": f"{en}{other}"}, required=False)
        for end, own, other in parts
    )


FAIRNESS = Table(
    "fairness",
    {"zh": "分组误差", "en": "errors by group"},
    (
        Column("column", "text", {"zh": "分组依据", "en": "grouped by"}, required=False),
        Column("group", "text", {"zh": "组别", "en": "group"}, required=False),
        Column("units", "integer", {"zh": "户数", "en": "units"}),
        Column("needy_units", "integer", {"zh": "需帮扶户数", "en": "units in need"}),
        Column("selected_units", "integer", {"zh": "入选户数", "en": "units selected"}),
        *_error("exclusion", "漏评误差", "exclusion error"),
        *_error("inclusion", "错评误差", "inclusion error"),
        Column("small", "boolean", {"zh": "样本偏少", "en": "few units"}),
    ),
    key=("column", "group"),
)


SIDES = ("alike", "score_needier", "appraisal_needier", "score_only", "appraisal_only")

COMPARISON = Table(
    "comparison",
    {"zh": "推算与评议对照", "en": "score beside appraisal"},
    (
        Column("village", "text", {"zh": "村", "en": "village"}),
        Column("unit", "text", {"zh": "户编号", "en": "unit"}),
        Column("score", "number", {"zh": "推算值", "en": "score"}, required=False),
        Column("score_rank", "number", {"zh": "推算位次", "en": "rank by score"}, required=False),
        Column("appraisal_rank", "number", {"zh": "评议位次", "en": "rank by appraisal"}, required=False),
        Column("compared", "integer", {"zh": "本村对照户数", "en": "units compared in the village"}),
        Column("difference", "number", {"zh": "位次差", "en": "difference of ranks"}, required=False),
        Column("side", "text", {"zh": "不一致的方向", "en": "which is needier"}, choices=SIDES),
        Column("visit", "boolean", {"zh": "入户核实", "en": "to be visited"}),
        Column("score_reason", "text", {"zh": "推算的依据", "en": "reason of the score"}, required=False),
        Column(
            "appraisal_reason", "text", {"zh": "评议的依据", "en": "reason of the appraisal"}, required=False
        ),
    ),
    key=("unit",),
)
