"""What a model of small areas gives: a row for each area, and the coefficients."""

from __future__ import annotations

from jiedui.tables import Column, Table

AREAS = Table(
    "areas",
    {"zh": "小区域估计", "en": "small areas"},
    (
        Column("area", "text", {"zh": "区域", "en": "area"}),
        Column("n", "integer", {"zh": "样本量", "en": "units observed"}, required=False),
        Column("is_sampled", "boolean", {"zh": "有样本", "en": "sampled"}),
        Column("direct", "number", {"zh": "直接估计", "en": "direct estimate"}, required=False),
        Column(
            "direct_se",
            "number",
            {"zh": "直接估计标准误", "en": "standard error of the direct estimate"},
            required=False,
        ),
        Column("synthetic", "number", {"zh": "合成估计", "en": "synthetic estimate"}, required=False),
        Column("eblup", "number", {"zh": "模型估计", "en": "model estimate (EBLUP)"}, required=False),
        Column("mse", "number", {"zh": "均方误差", "en": "mean squared error"}, required=False),
        Column("cv", "number", {"zh": "变异系数", "en": "coefficient of variation"}, required=False),
        Column("ll", "number", {"zh": "置信下限", "en": "lower limit"}, required=False),
        Column("ul", "number", {"zh": "置信上限", "en": "upper limit"}, required=False),
        Column(
            "gamma",
            "number",
            {"zh": "直接估计所占份额", "en": "share of the direct estimate"},
            required=False,
        ),
        Column("benchmarked", "number", {"zh": "与总数一致的估计", "en": "benchmarked"}, required=False),
        Column(
            "hidden",
            "text",
            {"zh": "不公布的原因", "en": "why not shown"},
            required=False,
            choices=("few", "unsure"),
        ),
    ),
    key=("area",),
)
"""``hidden`` is empty where the row may be shown, ``few`` where too few units were observed, ``unsure`` where
the coefficient of variation is too large."""

COEFFICIENTS = Table(
    "coefficients",
    {"zh": "回归系数", "en": "coefficients"},
    (
        Column("covariate", "text", {"zh": "协变量", "en": "covariate"}),
        Column("b", "number", {"zh": "估计值", "en": "estimate"}),
        Column("se", "number", {"zh": "标准误", "en": "standard error"}),
    ),
    key=("covariate",),
)
"""``intercept`` stands first."""
