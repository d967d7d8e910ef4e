"""Villages, households and persons."""

from __future__ import annotations

from jiedui.registers.tables.columns import (
    AREA,
    COUNTY,
    GROUP,
    HEALTH,
    HOUSE_GRADES,
    HOUSEHOLD,
    HOUSEHOLD_KINDS,
    ID_NUMBER,
    LABOUR,
    MONTHS,
    NAME,
    NOTE,
    PERSONS_UNIT,
    PLACE_CODE,
    RELATIONS,
    REMOVALS,
    RISKS,
    SCHOOLING,
    SEXES,
    STUDENT,
    TOWNSHIP,
    VILLAGE,
    choice_column,
    count_column,
    date_column,
    money_column,
    text_column,
    yes_column,
)
from jiedui.tables import Column, Table

RISK_COLUMNS = tuple(
    choice_column(
        f"risk_{order}",
        f"致贫返贫风险{order}",
        f"risk {order}",
        RISKS,
        f"致贫/返贫风险{order}",
        f"致贫（返贫）风险{order}",
        f"主要风险{order}",
    )
    for order in range(1, 6)
)
MEASURE_WORDS = (
    ("industry", "产业帮扶", "产业帮扶措施", "发展产业"),
    ("jobs", "就业帮扶", "就业帮扶措施"),
    ("education", "教育帮扶", "雨露计划", "教育帮扶(雨露计划)", "教育帮扶（雨露计划）"),
    ("health", "健康帮扶", "健康帮扶措施"),
    ("finance", "金融帮扶", "小额信贷", "金融帮扶措施"),
    ("society", "社会帮扶", "社会帮扶措施"),
    ("public_post", "公益性岗位", "公益岗位"),
    ("safe_house", "住房安全保障", "住房安全保障措施", "危房改造"),
    ("safe_water", "饮水安全保障", "饮水安全保障措施"),
    ("schooling", "义务教育保障", "义务教育保障措施"),
    ("protection", "综合保障", "综合保障措施", "兜底保障"),
    ("relocation", "搬迁", "易地搬迁", "易地扶贫搬迁"),
    ("living_conditions", "生产生活条件改善"),
    ("infrastructure", "基础设施建设"),
)
MEASURE_COLUMNS = tuple(
    yes_column(f"measure_{name}", zh, f"measure: {name.replace('_', ' ')}", *aliases)
    for name, zh, *aliases in MEASURE_WORDS
)
"""Measures recorded for a household (帮扶措施)."""

VILLAGES = Table(
    "villages",
    {"zh": "行政村", "en": "villages"},
    (
        COUNTY,
        TOWNSHIP,
        Column("village", "text", {"zh": "村", "en": "village"}, aliases=VILLAGE.aliases),
        PLACE_CODE,
        yes_column("is_exited", "是否脱贫村", "former listed village", "脱贫村", "是否为脱贫村"),
        count_column("groups", "村民小组数", "villagers' groups", "村民组数", "自然村数"),
        count_column("households", "总户数", "households", "户数", "农户总数", "户籍户数"),
        count_column("persons", "总人口", "persons", "人口数", "户籍人口数", "总人数", unit=PERSONS_UNIT),
        yes_column("has_road", "是否通硬化路", "paved road", "通硬化路", "是否通沥青（水泥）路"),
        yes_column("has_clinic", "是否有卫生室", "clinic", "有卫生室", "是否有村卫生室"),
        yes_column("has_school", "是否有小学", "primary school", "有小学", "是否有教学点"),
        yes_column("has_safe_water", "是否通自来水", "piped water", "通自来水", "是否解决集中供水"),
        yes_column("has_internet", "是否通宽带", "broadband", "通宽带", "是否通光纤"),
        money_column(
            "collective_income", "村集体经济收入", "collective income", "村集体收入", "集体经济收入"
        ),
        text_column("first_secretary", "第一书记", "first secretary", "第一书记姓名", "驻村第一书记"),
        text_column("assisting_unit", "帮扶单位", "assisting unit", "定点帮扶单位", "结对帮扶单位"),
    ),
    key=("township", "village"),
)

HOUSEHOLDS = Table(
    "households",
    {"zh": "户", "en": "households"},
    (
        Column("household", "text", HOUSEHOLD.words, aliases=HOUSEHOLD.aliases),
        COUNTY,
        TOWNSHIP,
        VILLAGE,
        GROUP,
        PLACE_CODE,
        text_column("head", "户主姓名", "name of the head", "户主", "家庭户主", "户主名称"),
        text_column(
            "head_id_number", "户主证件号码", "ID number of the head", "户主身份证号", "户主身份证号码"
        ),
        count_column(
            "size", "家庭人口数", "members", "家庭人口", "人口数", "家庭成员数", "户人口", unit=PERSONS_UNIT
        ),
        choice_column(
            "kind", "户类型", "kind of household", HOUSEHOLD_KINDS, "监测对象类别", "农户类型", "户属性"
        ),
        date_column("identified_on", "识别监测时间", "identified on", "识别时间", "纳入监测时间", "纳入时间"),
        choice_column("removal", "风险是否已消除", "risk removed", REMOVALS, "风险消除情况", "风险消除状态"),
        date_column("removed_on", "消除监测时间", "removed on", "风险消除时间", "消除时间"),
        text_column("removal_way", "风险消除方式", "way of removal", "消除方式"),
        *RISK_COLUMNS,
        money_column("wage_income", "工资性收入", "wage income", "工资收入", "务工收入"),
        money_column("business_income", "生产经营性收入", "business income", "经营性收入", "生产经营收入"),
        money_column("property_income", "财产性收入", "property income", "财产收入"),
        money_column("transfer_income", "转移性收入", "transfer income", "转移收入"),
        money_column("business_cost", "生产经营性支出", "business cost", "经营性支出", "生产经营支出"),
        money_column("income", "家庭纯收入", "net income", "年纯收入", "家庭年纯收入", "纯收入"),
        money_column(
            "income_per_head", "人均纯收入", "net income per head", "家庭人均纯收入", "年人均纯收入"
        ),
        yes_column("is_dangerous_house", "是否危房户", "dangerous house", "是否危房", "危房户"),
        choice_column(
            "house_grade", "住房等级", "house grade", HOUSE_GRADES, "房屋等级", "危房等级", "住房鉴定等级"
        ),
        Column(
            "house_area",
            "number",
            {"zh": "住房面积", "en": "floor area"},
            AREA,
            required=False,
            at_least=0,
            aliases=("房屋面积", "人均住房面积合计"),
        ),
        yes_column(
            "has_safe_water", "是否解决安全饮用水", "safe water", "饮水是否安全", "安全饮水", "是否饮水安全"
        ),
        yes_column(
            "has_allowance",
            "是否享受低保",
            "subsistence allowance",
            "享受低保政策情况",
            "低保户",
            "是否低保户",
        ),
        *MEASURE_COLUMNS,
        text_column(
            "helper", "帮扶责任人", "responsible helper", "帮扶联系人", "帮扶人", "结对帮扶人", "包联干部"
        ),
        text_column(
            "helper_unit", "帮扶责任人单位", "unit of the helper", "帮扶联系人单位", "帮扶人单位", "帮扶单位"
        ),
        text_column("address", "家庭住址", "address", "住址", "家庭地址", "详细地址"),
        text_column("phone", "联系电话", "phone", "电话", "手机号码", "联系方式"),
        NOTE,
    ),
    key=("household",),
)

PERSONS = Table(
    "persons",
    {"zh": "人口", "en": "persons"},
    (
        Column("household", "text", HOUSEHOLD.words, aliases=HOUSEHOLD.aliases),
        COUNTY,
        TOWNSHIP,
        VILLAGE,
        Column("name", "text", NAME.words, aliases=NAME.aliases),
        ID_NUMBER,
        choice_column("sex", "性别", "sex", SEXES),
        date_column("born_on", "出生日期", "born on", "出生年月", "出生时间", "出生年月日"),
        text_column("ethnicity", "民族", "ethnicity"),
        choice_column(
            "relation", "与户主关系", "relation to the head", RELATIONS, "与户主的关系", "成员关系", "关系"
        ),
        choice_column("schooling", "文化程度", "schooling", SCHOOLING, "学历", "受教育程度"),
        choice_column("student", "在校生状况", "student", STUDENT, "在校生情况", "就学情况"),
        choice_column("health", "健康状况", "health", HEALTH, "身体状况", "健康情况"),
        choice_column("labour", "劳动技能", "labour", LABOUR, "劳动能力", "劳动力类型", "劳动力情况"),
        text_column("work_place", "务工所在地", "place of work", "务工地点", "务工地", "务工区域"),
        count_column("work_months", "务工时间", "months of work", "务工月数", "务工时长", unit=MONTHS),
        text_column("employer", "务工企业名称", "employer", "务工单位", "务工企业"),
        money_column("wage", "务工月收入", "monthly wage", "月工资", "务工收入（月）"),
        date_column("work_from", "外出务工时间", "at work since", "务工开始时间", "外出时间"),
        text_column("work_plan", "计划务工所在地", "planned place of work", "计划务工地点", "意向务工地"),
        yes_column(
            "has_insurance", "是否参加医保", "medical insurance", "是否参加城乡居民基本医疗保险", "参加医保"
        ),
        yes_column("has_pension", "是否参加养老保险", "pension insurance", "是否参加城乡居民基本养老保险"),
        yes_column("is_disabled", "是否持残疾证", "disability certificate", "是否残疾", "残疾证"),
        text_column("disability_number", "残疾证号", "disability certificate number", "残疾证号码"),
        text_column("phone", "联系电话", "phone", "电话", "手机号码", "联系方式"),
        NOTE,
    ),
    key=("household", "name", "id_number"),
)
