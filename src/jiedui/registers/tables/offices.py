"""Lists of other offices, and what allows comparing with them."""

from __future__ import annotations

from jiedui.registers.tables.columns import (
    AREA,
    HOUSEHOLD,
    ID_NUMBER,
    NAME,
    date_column,
    money_column,
    text_column,
    yes_column,
)
from jiedui.tables import Column, Table

VEHICLES = Table(
    "vehicles",
    {"zh": "机动车登记", "en": "vehicles"},
    (
        Column(
            "id_number", "text", ID_NUMBER.words, aliases=(*ID_NUMBER.aliases, "车主证件号", "所有人证件号码")
        ),
        text_column("name", "所有人", "owner", "车主", "车主姓名", "机动车所有人"),
        text_column("plate", "号牌号码", "plate", "车牌号", "号牌"),
        text_column("kind", "车辆类型", "kind of vehicle", "车型"),
        date_column("registered_on", "初次登记日期", "registered on", "登记日期", "注册日期"),
        money_column("value", "车辆价格", "value", "购置价格", "价格", at_least=0),
    ),
    key=("id_number", "plate"),
)

PROPERTIES = Table(
    "properties",
    {"zh": "不动产登记", "en": "properties"},
    (
        Column(
            "id_number",
            "text",
            ID_NUMBER.words,
            aliases=(*ID_NUMBER.aliases, "权利人证件号", "产权人证件号码"),
        ),
        text_column("name", "权利人", "owner", "产权人", "权利人姓名"),
        text_column("title", "不动产权证号", "title number", "产权证号", "不动产单元号"),
        text_column("use", "用途", "use", "房屋用途", "规划用途"),
        Column(
            "area",
            "number",
            {"zh": "建筑面积", "en": "floor area"},
            AREA,
            required=False,
            at_least=0,
            aliases=("面积",),
        ),
        text_column("address", "坐落", "address", "房屋坐落", "地址"),
        date_column("registered_on", "登记时间", "registered on", "登记日期"),
    ),
    key=("id_number", "title"),
)

PAYROLL = Table(
    "payroll",
    {"zh": "财政供养人员", "en": "public payroll"},
    (
        Column("id_number", "text", ID_NUMBER.words, aliases=ID_NUMBER.aliases),
        NAME,
        text_column("unit", "单位名称", "unit", "单位", "工作单位"),
        text_column("post", "人员类别", "kind of post", "岗位类别", "编制类型"),
        date_column("since", "入职时间", "since", "参加工作时间", "任职时间"),
    ),
    key=("id_number", "unit"),
)

DEATHS = Table(
    "deaths",
    {"zh": "死亡人员", "en": "deaths"},
    (
        Column("id_number", "text", ID_NUMBER.words, aliases=(*ID_NUMBER.aliases, "死者证件号码")),
        NAME,
        date_column("died_on", "死亡日期", "died on", "死亡时间", "火化日期", "火化时间"),
        text_column("source", "信息来源", "source", "来源"),
    ),
    key=("id_number",),
)

ENROLMENT = Table(
    "enrolment",
    {"zh": "学籍", "en": "enrolment"},
    (
        Column("id_number", "text", ID_NUMBER.words, aliases=(*ID_NUMBER.aliases, "学生证件号码")),
        text_column("name", "学生姓名", "name of the pupil", "姓名"),
        text_column("school", "学校名称", "school", "就读学校", "学校"),
        text_column("stage", "学段", "stage", "就读学段", "年级"),
        yes_column("is_enrolled", "是否在籍", "enrolled", "是否在读", "在校状态"),
        yes_column("has_aid", "是否享受资助", "student aid", "是否资助", "教育资助"),
    ),
    key=("id_number",),
)

BUSINESSES = Table(
    "businesses",
    {"zh": "市场主体", "en": "businesses"},
    (
        Column("id_number", "text", ID_NUMBER.words, aliases=(*ID_NUMBER.aliases, "法定代表人证件号码")),
        text_column("name", "法定代表人", "legal representative", "负责人", "经营者"),
        text_column("business", "企业名称", "business", "市场主体名称", "字号名称"),
        money_column("capital", "注册资本", "registered capital", "注册资金", at_least=0),
        date_column("registered_on", "成立日期", "registered on", "登记日期", "注册日期"),
    ),
    key=("id_number", "business"),
)

AUTHORISATIONS = Table(
    "authorisations",
    {"zh": "承诺授权", "en": "authorisations"},
    (
        Column("household", "text", HOUSEHOLD.words, aliases=HOUSEHOLD.aliases),
        Column("purpose", "text", {"zh": "目的", "en": "purpose"}, aliases=("授权目的", "用途")),
        Column("sources", "text", {"zh": "授权比对的数据", "en": "sources allowed"}, aliases=("授权范围",)),
        text_column("form", "授权形式", "form", "形式"),
        Column(
            "valid_from", "date", {"zh": "起始日期", "en": "valid from"}, aliases=("授权日期", "签署日期")
        ),
        date_column("valid_to", "终止日期", "valid to", "有效期至", "截止日期"),
        date_column("withdrawn_on", "撤回日期", "withdrawn on", "撤回时间"),
    ),
    key=("household", "purpose", "valid_from"),
)
"""``sources`` lists names of tables, apart by 、 or ; — or their Chinese words."""

DATA_SOURCES = Table(
    "data_sources",
    {"zh": "数据来源", "en": "data sources"},
    (
        Column("source", "text", {"zh": "数据表", "en": "table"}),
        Column("office", "text", {"zh": "提供部门", "en": "office"}, aliases=("部门", "单位")),
        text_column("legal_basis", "法律依据", "legal basis", "依据"),
        date_column("received_on", "接收日期", "received on", "收到日期"),
        date_column("delete_by", "删除期限", "delete by", "应删除日期"),
    ),
    key=("source",),
)
"""With a legal basis a table may be compared with every household, without one only with authorised ones."""
