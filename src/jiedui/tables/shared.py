"""The tables that every stage shares: places, who helps, who is helped, and what was decided."""

from __future__ import annotations

from jiedui.tables.declaration import Column, Table

MANY, MOST = 10_000, 10**9
"""So many units of one need at most, and so large numbers of rules: more is a slip of the pen."""
DEGREES = {"zh": "度", "en": "degrees"}
MODES = ("used_up", "shared")
"""An offer is used up by whom it is given to, or shared: any number may subscribe to it."""
GRADES = ("seen", "secondary", "unconfirmed", "synthetic")
"""How well a fact is sourced: read in the text itself, in another's account, nowhere yet; or made up."""

LON = Column("lon", "number", {"zh": "经度", "en": "longitude"}, DEGREES, at_least=-180, at_most=180)
LAT = Column("lat", "number", {"zh": "纬度", "en": "latitude"}, DEGREES, at_least=-90, at_most=90)
NAME = Column("name", "text", {"zh": "名称", "en": "name"})
NAME_EN = Column("name_en", "text", {"zh": "英文名称", "en": "English name"}, required=False)
PREFECTURE = Column("prefecture", "text", {"zh": "所属市（州、盟）", "en": "prefecture"}, required=False)
PROVINCE = Column("province", "text", {"zh": "所属省（区、市）", "en": "province"}, required=False)
HELPER = Column("helper", "text", {"zh": "帮扶方代码", "en": "helper id"})
RECIPIENT = Column("recipient", "text", {"zh": "受援方代码", "en": "recipient id"})
VALID_FROM = Column("valid_from", "date", {"zh": "起始日期", "en": "valid from"})
VALID_TO = Column("valid_to", "date", {"zh": "终止日期", "en": "valid to"}, required=False)
SOURCE_GRADE = Column("source_grade", "text", {"zh": "来源等级", "en": "source grade"}, choices=GRADES)

PARTY = Column("party", "text", {"zh": "所属单位代码", "en": "id of the party it belongs to"}, required=False)
KIND = Column("kind", "text", {"zh": "种类", "en": "kind"}, required=False)
COUNT = {"zh": "个", "en": "places"}

PLACES = Table(
    "places",
    {"zh": "地点", "en": "places"},
    (Column("code", "text", {"zh": "区划代码", "en": "place code"}), NAME, LON, LAT),
    key=("code",),
)

ADJACENCY = Table(
    "adjacency",
    {"zh": "相邻关系", "en": "neighbours"},
    (
        Column("code_a", "text", {"zh": "区划代码甲", "en": "place code a"}),
        Column("code_b", "text", {"zh": "区划代码乙", "en": "place code b"}),
    ),
    key=("code_a", "code_b"),
)

PLACE_CODES = Table(
    "place_codes",
    {"zh": "区划代码沿革", "en": "place codes over time"},
    (
        Column("place", "text", {"zh": "地点编号", "en": "place id"}),
        Column("code", "text", {"zh": "区划代码", "en": "place code"}, required=False),
        NAME,
        PREFECTURE,
        PROVINCE,
        VALID_FROM,
        VALID_TO,
        Column("successor", "text", {"zh": "后继代码", "en": "successor code"}, required=False),
    ),
    key=("place", "valid_from"),
)

HELPERS = Table(
    "helpers",
    {"zh": "帮扶方", "en": "helpers"},
    (
        Column("id", "text", {"zh": "帮扶方代码", "en": "helper id"}),
        NAME,
        NAME_EN,
        LON,
        LAT,
        Column("capacity", "number", {"zh": "帮扶能力", "en": "capacity"}, above=0),
        Column("gross", "number", {"zh": "全域总量", "en": "gross capacity"}, required=False, above=0),
        Column(
            "other_duties", "number", {"zh": "其他任务折算", "en": "other duties"}, required=False, at_least=0
        ),
        PARTY,
        KIND,
        Column("mode", "text", {"zh": "使用方式", "en": "how it is used"}, required=False, choices=MODES),
        Column(
            "at_least", "integer", {"zh": "至少承担", "en": "at least"}, COUNT, required=False, at_least=0
        ),
        Column("at_most", "integer", {"zh": "至多承担", "en": "at most"}, COUNT, required=False, at_least=0),
        Column("available_from", "date", {"zh": "可派出日期", "en": "available from"}, required=False),
        SOURCE_GRADE,
    ),
    key=("id",),
)

UNITS = Table(
    "units",
    {"zh": "受援单元", "en": "recipient units"},
    (
        Column("code", "text", {"zh": "单元代码", "en": "unit code"}),
        NAME,
        NAME_EN,
        Column("level", "text", {"zh": "层级", "en": "level"}),
        PROVINCE,
    ),
    key=("code",),
)

RECIPIENTS = Table(
    "recipients",
    {"zh": "受援方", "en": "recipients"},
    (
        Column("id", "text", {"zh": "受援方代码", "en": "recipient id"}),
        NAME,
        NAME_EN,
        Column("code", "text", {"zh": "区划代码", "en": "place code"}, required=False),
        PREFECTURE,
        PROVINCE,
        LON,
        LAT,
        Column(
            "exit_year",
            "integer",
            {"zh": "退出年份", "en": "year of exit"},
            required=False,
            at_least=1900,
            at_most=2200,
        ),
        PARTY,
        KIND,
        Column(
            "quantity",
            "integer",
            {"zh": "需求数量", "en": "quantity"},
            required=False,
            at_least=1,
            at_most=MANY,
        ),
        Column(
            "helpers",
            "integer",
            {"zh": "所需帮扶方数", "en": "helpers wanted"},
            required=False,
            at_least=0,
            at_most=MANY,
        ),
        Column("priority", "integer", {"zh": "优先级", "en": "priority"}, required=False, at_least=1),
        Column("needed_from", "date", {"zh": "到岗日期", "en": "needed from"}, required=False),
    ),
    key=("id",),
)

PAIRINGS = Table(
    "pairings",
    {"zh": "结对关系", "en": "pairings"},
    (
        HELPER,
        Column("helper_name", "text", {"zh": "帮扶方", "en": "name of the helper"}, required=False),
        RECIPIENT,
        Column("recipient_name", "text", {"zh": "受援方", "en": "name of the recipient"}, required=False),
        VALID_FROM,
        VALID_TO,
        SOURCE_GRADE,
    ),
    key=("helper", "recipient", "valid_from"),
)

DECIDED = Table(
    "decided",
    {"zh": "人工决定", "en": "human decisions"},
    (
        Column(
            "kind",
            "text",
            {"zh": "决定种类", "en": "kind of decision"},
            choices=("forced", "forbidden", "locked"),
        ),
        HELPER,
        RECIPIENT,
        Column("who", "text", {"zh": "决定人", "en": "decided by"}),
        Column("why", "text", {"zh": "决定理由", "en": "reason given"}),
    ),
    key=("helper", "recipient", "kind"),
)

RULES = Table(
    "rules",
    {"zh": "规则", "en": "rules"},
    (
        Column("rule", "text", {"zh": "规则编号", "en": "rule"}),
        Column(
            "kind",
            "text",
            {"zh": "规则种类", "en": "kind of rule"},
            choices=("quota", "apart", "budget", "some_or_none"),
        ),
        HELPER,
        RECIPIENT,
        Column(
            "amount", "number", {"zh": "金额或数量", "en": "amount"}, required=False, at_least=0, at_most=MOST
        ),
        Column(
            "at_most", "number", {"zh": "至多", "en": "at most"}, required=False, at_least=0, at_most=MOST
        ),
        Column(
            "at_least", "integer", {"zh": "至少", "en": "at least"}, required=False, at_least=0, at_most=MOST
        ),
        Column("who", "text", {"zh": "决定人", "en": "decided by"}),
        Column("why", "text", {"zh": "决定理由", "en": "reason given"}),
    ),
    key=("rule", "helper", "recipient"),
)

OPEN = {
    "helpers": (
        "capacity", "gross", "other_duties", "party", "kind", "mode", "at_least", "at_most", "available_from",
    ),
    "recipients": (
        "exit_year", "party", "kind", "quantity", "helpers", "priority", "needed_from",
    ),
}  # fmt: skip
"""Columns that stand in a folder only where its scheme uses them."""

CANDIDATES = Table(
    "candidates",
    {"zh": "候选", "en": "candidates"},
    (
        Column("part", "text", {"zh": "县（分区）代码", "en": "part"}),
        RECIPIENT,
        Column("helper", "text", {"zh": "帮扶方代码", "en": "helper id"}, required=False),
        Column("score", "number", {"zh": "得分", "en": "score"}, required=False, at_least=0, at_most=1),
        Column("places", "integer", {"zh": "至多承担", "en": "at most"}, COUNT, required=False, at_least=0),
        Column(
            "distance_km",
            "number",
            {"zh": "距离", "en": "distance"},
            {"zh": "公里", "en": "km"},
            required=False,
            at_least=0,
        ),
        Column("present", "boolean", {"zh": "现有结对", "en": "present pair"}, required=False),
    ),
    key=("recipient", "helper"),
)

PARTS = Table(
    "parts",
    {"zh": "县（分区）", "en": "parts"},
    (Column("code", "text", {"zh": "代码", "en": "code"}), NAME, NAME_EN, LON, LAT),
    key=("code",),
)
