"""What a programme gives: proposals side by side, their pairs, prices and reasons.

A scheme lends its own units and headings, adds to the reasons a column for each part of its score, and leaves
out the columns that mean nothing in it (see `jiedui.programmes.outputs`).
"""

from __future__ import annotations

from jiedui.tables import Column, Table

KM = {"zh": "公里", "en": "km"}
PLACES = {"zh": "个县", "en": "counties"}
LOAD = {"zh": "县/千亿元", "en": "counties per 100 bn yuan"}

PROPOSAL = Column("proposal", "text", {"zh": "方案编号", "en": "proposal"})
PROPOSAL_NAME = Column("name", "text", {"zh": "方案", "en": "proposal name"})
HELPER = Column("helper", "text", {"zh": "帮扶方代码", "en": "helper id"})
HELPER_NAME = Column("helper_name", "text", {"zh": "帮扶方", "en": "helper"})
RECIPIENT = Column("recipient", "text", {"zh": "受援方代码", "en": "recipient id"})
RECIPIENT_NAME = Column("recipient_name", "text", {"zh": "受援方", "en": "recipient"})
SCORE = Column("score", "number", {"zh": "得分", "en": "score"})
PRICE = Column("price", "number", {"zh": "名额价格", "en": "price of a place"}, required=False)
KIND = Column("kind", "text", {"zh": "种类", "en": "kind"}, required=False)
CONFIRMED = Column("confirmed", "boolean", {"zh": "来源已核实", "en": "sources confirmed"})

COMPARISON = Table(
    "comparison",
    {"zh": "方案对照", "en": "comparison"},
    (
        PROPOSAL,
        PROPOSAL_NAME,
        Column("load_max", "number", {"zh": "最重负担", "en": "worst load"}, LOAD),
        Column("load_min", "number", {"zh": "最轻负担", "en": "least load"}, LOAD),
        Column(
            "load_ratio",
            "number",
            {"zh": "最重/最轻", "en": "worst / least"},
            required=False,
        ),
        Column("load_gini", "number", {"zh": "负担基尼系数", "en": "Gini of load"}),
        Column("gross_max", "number", {"zh": "最重负担（全域）", "en": "worst load (gross)"}, LOAD),
        Column("gross_min", "number", {"zh": "最轻负担（全域）", "en": "least load (gross)"}, LOAD),
        Column(
            "gross_ratio",
            "number",
            {"zh": "最重/最轻（全域）", "en": "worst / least (gross)"},
            required=False,
        ),
        Column("gross_gini", "number", {"zh": "负担基尼系数（全域）", "en": "Gini of load (gross)"}),
        Column("over_share", "number", {"zh": "超出份额", "en": "beyond the shares"}, PLACES),
        Column(
            "idle_helpers", "integer", {"zh": "未安排受援地的帮扶方", "en": "helpers without a recipient"}
        ),
        Column("mean_km", "number", {"zh": "平均距离", "en": "mean distance"}, KM),
        Column("worst_km", "number", {"zh": "最远距离", "en": "longest distance"}, KM),
        Column("blocks", "integer", {"zh": "连片块数", "en": "contiguous blocks"}),
        Column("earlier_kept", "integer", {"zh": "延续以往结对", "en": "earlier pairs kept"}),
        Column("unit_moves", "number", {"zh": "调整单元数", "en": "units moved"}, required=False),
        Column("kept", "integer", {"zh": "保留现有结对", "en": "present pairs kept"}),
        Column("place_moves", "number", {"zh": "调整受援地数", "en": "places moved"}),
        Column("score_mean", "number", {"zh": "平均得分", "en": "mean score"}),
        Column("score_worst", "number", {"zh": "最低得分", "en": "worst score"}),
        Column("unserved", "integer", {"zh": "未安排的帮扶名额", "en": "unserved"}),
        Column("unserved_names", "text", {"zh": "未安排的受援方", "en": "not served"}, required=False),
        Column("certificate", "text", {"zh": "最优性证明", "en": "certificate"}),
        Column("gap", "number", {"zh": "与最优界的差距", "en": "gap to the bound"}, required=False),
        Column("notice", "text", {"zh": "说明", "en": "notice"}),
    ),
    key=("proposal",),
)

PAIRS = Table(
    "pairs",
    {"zh": "结对关系", "en": "pairs"},
    (
        PROPOSAL,
        PROPOSAL_NAME,
        HELPER,
        HELPER_NAME,
        RECIPIENT,
        RECIPIENT_NAME,
        Column("unit_name", "text", {"zh": "所属受援单元", "en": "recipient unit"}),
        Column("places", "number", {"zh": "受援地数", "en": "places"}, PLACES),
        Column("km", "number", {"zh": "距离", "en": "distance"}, KM),
        Column("status", "text", {"zh": "与现状比", "en": "against the present"}, choices=("kept", "new")),
        Column(
            "exit_year",
            "integer",
            {
                "zh": "退出年份（在决定之后，不作需求）",
                "en": "year of exit (after the decision, never used as need)",
            },
            required=False,
        ),
        KIND,
        Column("priority", "integer", {"zh": "优先级", "en": "priority"}, required=False),
        Column("needed_from", "date", {"zh": "到岗日期", "en": "needed from"}, required=False),
        Column("available_from", "date", {"zh": "可派出日期", "en": "available from"}, required=False),
        Column("mutual", "boolean", {"zh": "互相帮扶", "en": "both give"}, required=False),
        Column("target", "text", {"zh": "共同目标", "en": "joint target"}, required=False),
        CONFIRMED,
    ),
    key=("proposal", "recipient", "helper"),
)

PRICES = Table(
    "prices",
    {"zh": "帮扶方负担与价格", "en": "helpers, load and prices"},
    (
        PROPOSAL,
        PROPOSAL_NAME,
        HELPER,
        HELPER_NAME,
        KIND,
        Column("places", "number", {"zh": "承担受援地数", "en": "places helped"}, PLACES),
        Column("other_duties", "number", {"zh": "其他任务折算", "en": "other duties"}, PLACES),
        Column("share", "integer", {"zh": "按份额应承担", "en": "share"}, PLACES),
        Column("load", "number", {"zh": "负担", "en": "load"}, LOAD, required=False),
        Column("gross_load", "number", {"zh": "负担（全域）", "en": "load (gross)"}, LOAD, required=False),
        PRICE,
        CONFIRMED,
    ),
    key=("proposal", "helper"),
)

REASONS = Table(
    "reasons",
    {"zh": "结对理由", "en": "reasons"},
    (
        PROPOSAL,
        PROPOSAL_NAME,
        RECIPIENT,
        RECIPIENT_NAME,
        HELPER,
        HELPER_NAME,
        SCORE,
        Column("own_rank", "integer", {"zh": "在自身候选中的名次", "en": "rank in its own list"}),
        Column("runner_up", "text", {"zh": "次优帮扶方", "en": "runner-up"}, required=False),
        Column("gap", "number", {"zh": "与次优之差", "en": "gap to the runner-up"}, required=False),
        PRICE,
        Column("reason", "text", {"zh": "理由", "en": "reason"}),
        CONFIRMED,
    ),
    key=("proposal", "recipient", "helper"),
)
