"""What registers hold: villages, households, persons, measures, lists of other offices, findings.

Names and choices are neutral; the headings that offices use stand as aliases, so that their files go in
without renaming. Choices keep the wording of the national system: a clerk must recognise them.
"""

from __future__ import annotations

from jiedui.tables import Column, Table

PERSONS_UNIT = {"zh": "人", "en": "persons"}
YUAN = {"zh": "元", "en": "yuan"}
AREA = {"zh": "平方米", "en": "m²"}
MONTHS = {"zh": "月", "en": "months"}

HOUSEHOLD_KINDS = ("脱贫户", "脱贫不稳定户", "边缘易致贫户", "突发严重困难户", "低收入户", "一般农户")
"""Kinds of household in the national system; a scheme of a period uses some of them."""
RISKS = (
    "因病", "因学", "因残", "因自然灾害", "因意外事故", "因产业项目失败", "务工就业不稳", "缺劳动力",
    "因安全住房", "因安全饮水", "收入骤减", "支出骤增", "其他",
)  # fmt: skip
REMOVALS = ("未消除", "已消除", "稳定消除", "自然消除")
LABOUR = ("普通劳动力", "技能劳动力", "弱劳动力或半劳动力", "丧失劳动力", "无劳动力")
HEALTH = ("健康", "长期慢性病", "患有大病", "残疾", "长期慢性病，残疾", "患有大病，残疾")
SCHOOLING = ("文盲或半文盲", "小学", "初中", "高中", "中专", "大专", "本科及以上", "学龄前儿童")
STUDENT = (
    "非在校生", "学前教育", "小学", "七年级", "八年级", "九年级", "普通高中", "中职", "高职高专",
    "本科及以上",
)  # fmt: skip
COMPULSORY = ("小学", "七年级", "八年级", "九年级")
"""Stages of compulsory education among the values of `student`."""
SEXES = ("男", "女")
RELATIONS = (
    "户主", "配偶", "之子", "之女", "之儿媳", "之女婿", "之孙子", "之孙女", "之外孙子", "之外孙女",
    "之父", "之母", "之岳父", "之岳母", "之公公", "之婆婆", "之祖父", "之祖母", "之兄弟姐妹", "其他",
)  # fmt: skip
HOUSE_GRADES = ("A级", "B级", "C级", "D级")
"""Grades of house safety: C and D are dangerous."""
PROJECT_STAGES = ("入库", "立项", "报备", "招标", "开工", "完工", "验收")
SOURCES_OF_DATA = ("vehicles", "properties", "payroll", "deaths", "enrolment", "businesses")
"""Tables of other offices, compared only with an authorisation or a stated legal basis."""


def _text(name: str, zh: str, en: str, *aliases: str, required: bool = False) -> Column:
    return Column(name, "text", {"zh": zh, "en": en}, required=required, aliases=aliases)


def _choice(name: str, zh: str, en: str, choices: tuple[str, ...], *aliases: str) -> Column:
    return Column(name, "text", {"zh": zh, "en": en}, required=False, choices=choices, aliases=aliases)


def _date(name: str, zh: str, en: str, *aliases: str) -> Column:
    return Column(name, "date", {"zh": zh, "en": en}, required=False, aliases=aliases)


def _yes(name: str, zh: str, en: str, *aliases: str) -> Column:
    return Column(name, "boolean", {"zh": zh, "en": en}, required=False, aliases=aliases)


def _money(name: str, zh: str, en: str, *aliases: str, at_least: float | None = None) -> Column:
    return Column(
        name, "money", {"zh": zh, "en": en}, YUAN, required=False, at_least=at_least, aliases=aliases
    )


def _count(name: str, zh: str, en: str, *aliases: str, unit: dict[str, str] | None = None) -> Column:
    words = {"zh": zh, "en": en}
    return Column(name, "integer", words, unit, required=False, at_least=0, aliases=aliases)


COUNTY = _text(
    "county",
    "县",
    "county",
    "县(市、区、旗)",
    "县（市、区、旗）",
    "县区",
    "所在县",
    "区县",
    "县名",
    "县(区)",
    "县(市、区)",
)
TOWNSHIP = _text(
    "township",
    "乡",
    "township",
    "乡(镇)",
    "乡（镇）",
    "乡镇",
    "所在乡镇",
    "乡镇(街道)",
    "镇",
    "镇街",
    "乡镇名称",
    "镇(乡)",
)
VILLAGE = _text(
    "village",
    "村",
    "village",
    "行政村",
    "所在村",
    "村名",
    "村委会",
    "行政村(社区)",
    "村(社区)",
    "行政村名称",
    "村(居)",
)
GROUP = _text("group", "村民组", "villagers' group", "组", "村民小组", "自然村", "自然村（组）", "社")
PLACE_CODE = _text("place_code", "村代码", "village code", "行政村代码", "行政区划代码", "区划代码", "村编码")
HOUSEHOLD = _text(
    "household", "户编号", "household number", "户号", "家庭编号", "农户编号", "户编码", "家庭户编号"
)
NAME = _text("name", "姓名", "name", "人员姓名", "家庭成员姓名", "成员姓名", "名字")
ID_NUMBER = _text(
    "id_number",
    "证件号码",
    "ID number",
    "身份证号",
    "身份证号码",
    "公民身份号码",
    "证件号",
    "居民身份证号",
    "身份证",
)
NOTE = _text("note", "备注", "note", "说明", "其他说明")

RISK_COLUMNS = tuple(
    _choice(
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
    _yes(f"measure_{name}", zh, f"measure: {name.replace('_', ' ')}", *aliases)
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
        _yes("is_exited", "是否脱贫村", "former listed village", "脱贫村", "是否为脱贫村"),
        _count("groups", "村民小组数", "villagers' groups", "村民组数", "自然村数"),
        _count("households", "总户数", "households", "户数", "农户总数", "户籍户数"),
        _count("persons", "总人口", "persons", "人口数", "户籍人口数", "总人数", unit=PERSONS_UNIT),
        _yes("has_road", "是否通硬化路", "paved road", "通硬化路", "是否通沥青（水泥）路"),
        _yes("has_clinic", "是否有卫生室", "clinic", "有卫生室", "是否有村卫生室"),
        _yes("has_school", "是否有小学", "primary school", "有小学", "是否有教学点"),
        _yes("has_safe_water", "是否通自来水", "piped water", "通自来水", "是否解决集中供水"),
        _yes("has_internet", "是否通宽带", "broadband", "通宽带", "是否通光纤"),
        _money("collective_income", "村集体经济收入", "collective income", "村集体收入", "集体经济收入"),
        _text("first_secretary", "第一书记", "first secretary", "第一书记姓名", "驻村第一书记"),
        _text("assisting_unit", "帮扶单位", "assisting unit", "定点帮扶单位", "结对帮扶单位"),
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
        _text("head", "户主姓名", "name of the head", "户主", "家庭户主", "户主名称"),
        _text("head_id_number", "户主证件号码", "ID number of the head", "户主身份证号", "户主身份证号码"),
        _count(
            "size", "家庭人口数", "members", "家庭人口", "人口数", "家庭成员数", "户人口", unit=PERSONS_UNIT
        ),
        _choice("kind", "户类型", "kind of household", HOUSEHOLD_KINDS, "监测对象类别", "农户类型", "户属性"),
        _date("identified_on", "识别监测时间", "identified on", "识别时间", "纳入监测时间", "纳入时间"),
        _choice("removal", "风险是否已消除", "risk removed", REMOVALS, "风险消除情况", "风险消除状态"),
        _date("removed_on", "消除监测时间", "removed on", "风险消除时间", "消除时间"),
        _text("removal_way", "风险消除方式", "way of removal", "消除方式"),
        *RISK_COLUMNS,
        _money("wage_income", "工资性收入", "wage income", "工资收入", "务工收入"),
        _money("business_income", "生产经营性收入", "business income", "经营性收入", "生产经营收入"),
        _money("property_income", "财产性收入", "property income", "财产收入"),
        _money("transfer_income", "转移性收入", "transfer income", "转移收入"),
        _money("business_cost", "生产经营性支出", "business cost", "经营性支出", "生产经营支出"),
        _money("income", "家庭纯收入", "net income", "年纯收入", "家庭年纯收入", "纯收入"),
        _money("income_per_head", "人均纯收入", "net income per head", "家庭人均纯收入", "年人均纯收入"),
        _yes("is_dangerous_house", "是否危房户", "dangerous house", "是否危房", "危房户"),
        _choice(
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
        _yes(
            "has_safe_water", "是否解决安全饮用水", "safe water", "饮水是否安全", "安全饮水", "是否饮水安全"
        ),
        _yes(
            "has_allowance",
            "是否享受低保",
            "subsistence allowance",
            "享受低保政策情况",
            "低保户",
            "是否低保户",
        ),
        *MEASURE_COLUMNS,
        _text("helper", "帮扶责任人", "responsible helper", "帮扶联系人", "帮扶人", "结对帮扶人", "包联干部"),
        _text(
            "helper_unit", "帮扶责任人单位", "unit of the helper", "帮扶联系人单位", "帮扶人单位", "帮扶单位"
        ),
        _text("address", "家庭住址", "address", "住址", "家庭地址", "详细地址"),
        _text("phone", "联系电话", "phone", "电话", "手机号码", "联系方式"),
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
        _choice("sex", "性别", "sex", SEXES),
        _date("born_on", "出生日期", "born on", "出生年月", "出生时间", "出生年月日"),
        _text("ethnicity", "民族", "ethnicity"),
        _choice(
            "relation", "与户主关系", "relation to the head", RELATIONS, "与户主的关系", "成员关系", "关系"
        ),
        _choice("schooling", "文化程度", "schooling", SCHOOLING, "学历", "受教育程度"),
        _choice("student", "在校生状况", "student", STUDENT, "在校生情况", "就学情况"),
        _choice("health", "健康状况", "health", HEALTH, "身体状况", "健康情况"),
        _choice("labour", "劳动技能", "labour", LABOUR, "劳动能力", "劳动力类型", "劳动力情况"),
        _text("work_place", "务工所在地", "place of work", "务工地点", "务工地", "务工区域"),
        _count("work_months", "务工时间", "months of work", "务工月数", "务工时长", unit=MONTHS),
        _text("employer", "务工企业名称", "employer", "务工单位", "务工企业"),
        _money("wage", "务工月收入", "monthly wage", "月工资", "务工收入（月）"),
        _date("work_from", "外出务工时间", "at work since", "务工开始时间", "外出时间"),
        _text("work_plan", "计划务工所在地", "planned place of work", "计划务工地点", "意向务工地"),
        _yes(
            "has_insurance", "是否参加医保", "medical insurance", "是否参加城乡居民基本医疗保险", "参加医保"
        ),
        _yes("has_pension", "是否参加养老保险", "pension insurance", "是否参加城乡居民基本养老保险"),
        _yes("is_disabled", "是否持残疾证", "disability certificate", "是否残疾", "残疾证"),
        _text("disability_number", "残疾证号", "disability certificate number", "残疾证号码"),
        _text("phone", "联系电话", "phone", "电话", "手机号码", "联系方式"),
        NOTE,
    ),
    key=("household", "name", "id_number"),
)

SCHOOLS = Table(
    "schools",
    {"zh": "学校", "en": "schools"},
    (
        Column("school", "text", {"zh": "学校代码", "en": "school code"}, aliases=("学校标识码", "学校编码")),
        Column("name", "text", {"zh": "学校名称", "en": "name of the school"}, aliases=("学校", "校名")),
        TOWNSHIP,
        VILLAGE,
        _text("stage", "学段", "stage", "办学类型", "学校类型"),
        _count("pupils", "在校生数", "pupils", "学生数", "在校学生数"),
        _count("teachers", "教师数", "teachers", "专任教师数"),
    ),
    key=("school",),
)

PROJECTS = Table(
    "projects",
    {"zh": "帮扶项目", "en": "projects"},
    (
        Column(
            "project", "text", {"zh": "项目编号", "en": "project number"}, aliases=("项目代码", "项目编码")
        ),
        Column("name", "text", {"zh": "项目名称", "en": "name of the project"}, aliases=("名称",)),
        COUNTY,
        TOWNSHIP,
        VILLAGE,
        _text("kind", "项目类型", "kind of project", "项目类别"),
        _choice("stage", "项目状态", "stage", PROJECT_STAGES, "项目进度", "实施阶段", "项目阶段"),
        _money("planned", "计划资金", "planned funds", "计划投资", "预算资金", "总投资", at_least=0),
        _money("received", "到位资金", "funds received", "已到位资金", "资金到位", at_least=0),
        _money("paid", "支出资金", "funds paid", "已支出资金", "拨付资金", "已拨付资金", at_least=0),
        _date("received_on", "资金到位时间", "received on", "到位时间"),
        _date("started_on", "开工时间", "started on", "开工日期", "实际开工时间"),
        _date("completed_on", "完工时间", "completed on", "完工日期", "竣工时间"),
        _date("accepted_on", "验收时间", "accepted on", "验收日期"),
        _date("published_on", "公示时间", "published on", "公示日期", "公告公示时间"),
        _count("beneficiaries", "受益户数", "households benefiting", "受益农户数"),
        _text("owner", "责任单位", "responsible unit", "实施单位", "项目负责单位", "主管部门"),
        NOTE,
    ),
    key=("project",),
)

CADRES = Table(
    "cadres",
    {"zh": "帮扶责任人", "en": "responsible helpers"},
    (
        Column(
            "name", "text", {"zh": "姓名", "en": "name"}, aliases=("帮扶责任人", "帮扶联系人", "干部姓名")
        ),
        Column("unit", "text", {"zh": "单位", "en": "unit"}, aliases=("所在单位", "工作单位", "派出单位")),
        TOWNSHIP,
        VILLAGE,
        _text("duty", "职务", "post", "职务职级"),
        _text("phone", "联系电话", "phone", "电话", "手机号码"),
    ),
    key=("name", "unit"),
)

VEHICLES = Table(
    "vehicles",
    {"zh": "机动车登记", "en": "vehicles"},
    (
        Column(
            "id_number", "text", ID_NUMBER.words, aliases=(*ID_NUMBER.aliases, "车主证件号", "所有人证件号码")
        ),
        _text("name", "所有人", "owner", "车主", "车主姓名", "机动车所有人"),
        _text("plate", "号牌号码", "plate", "车牌号", "号牌"),
        _text("kind", "车辆类型", "kind of vehicle", "车型"),
        _date("registered_on", "初次登记日期", "registered on", "登记日期", "注册日期"),
        _money("value", "车辆价格", "value", "购置价格", "价格", at_least=0),
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
        _text("name", "权利人", "owner", "产权人", "权利人姓名"),
        _text("title", "不动产权证号", "title number", "产权证号", "不动产单元号"),
        _text("use", "用途", "use", "房屋用途", "规划用途"),
        Column(
            "area",
            "number",
            {"zh": "建筑面积", "en": "floor area"},
            AREA,
            required=False,
            at_least=0,
            aliases=("面积",),
        ),
        _text("address", "坐落", "address", "房屋坐落", "地址"),
        _date("registered_on", "登记时间", "registered on", "登记日期"),
    ),
    key=("id_number", "title"),
)

PAYROLL = Table(
    "payroll",
    {"zh": "财政供养人员", "en": "public payroll"},
    (
        Column("id_number", "text", ID_NUMBER.words, aliases=ID_NUMBER.aliases),
        NAME,
        _text("unit", "单位名称", "unit", "单位", "工作单位"),
        _text("post", "人员类别", "kind of post", "岗位类别", "编制类型"),
        _date("since", "入职时间", "since", "参加工作时间", "任职时间"),
    ),
    key=("id_number", "unit"),
)

DEATHS = Table(
    "deaths",
    {"zh": "死亡人员", "en": "deaths"},
    (
        Column("id_number", "text", ID_NUMBER.words, aliases=(*ID_NUMBER.aliases, "死者证件号码")),
        NAME,
        _date("died_on", "死亡日期", "died on", "死亡时间", "火化日期", "火化时间"),
        _text("source", "信息来源", "source", "来源"),
    ),
    key=("id_number",),
)

ENROLMENT = Table(
    "enrolment",
    {"zh": "学籍", "en": "enrolment"},
    (
        Column("id_number", "text", ID_NUMBER.words, aliases=(*ID_NUMBER.aliases, "学生证件号码")),
        _text("name", "学生姓名", "name of the pupil", "姓名"),
        _text("school", "学校名称", "school", "就读学校", "学校"),
        _text("stage", "学段", "stage", "就读学段", "年级"),
        _yes("is_enrolled", "是否在籍", "enrolled", "是否在读", "在校状态"),
        _yes("has_aid", "是否享受资助", "student aid", "是否资助", "教育资助"),
    ),
    key=("id_number",),
)

BUSINESSES = Table(
    "businesses",
    {"zh": "市场主体", "en": "businesses"},
    (
        Column("id_number", "text", ID_NUMBER.words, aliases=(*ID_NUMBER.aliases, "法定代表人证件号码")),
        _text("name", "法定代表人", "legal representative", "负责人", "经营者"),
        _text("business", "企业名称", "business", "市场主体名称", "字号名称"),
        _money("capital", "注册资本", "registered capital", "注册资金", at_least=0),
        _date("registered_on", "成立日期", "registered on", "登记日期", "注册日期"),
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
        _text("form", "授权形式", "form", "形式"),
        Column(
            "valid_from", "date", {"zh": "起始日期", "en": "valid from"}, aliases=("授权日期", "签署日期")
        ),
        _date("valid_to", "终止日期", "valid to", "有效期至", "截止日期"),
        _date("withdrawn_on", "撤回日期", "withdrawn on", "撤回时间"),
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
        _text("legal_basis", "法律依据", "legal basis", "依据"),
        _date("received_on", "接收日期", "received on", "收到日期"),
        _date("delete_by", "删除期限", "delete by", "应删除日期"),
    ),
    key=("source",),
)
"""With a legal basis a table may be compared with every household, without one only with authorised ones."""

CORRECTIONS = Table(
    "corrections",
    {"zh": "更正", "en": "corrections"},
    (
        Column("register", "text", {"zh": "表", "en": "table"}),
        Column("row_key", "text", {"zh": "行标识", "en": "row key"}),
        Column("column", "text", {"zh": "字段", "en": "column"}),
        _text("was", "原值", "was"),
        _text("is", "现值", "is"),
        Column("reason", "text", {"zh": "原因", "en": "reason"}),
        Column("who", "text", {"zh": "更正人", "en": "who"}),
        Column("when", "date", {"zh": "更正日期", "en": "when"}),
    ),
    key=("register", "row_key", "column", "when"),
)
"""``row_key``: the parts of the key of the table, joined by ``|``."""

LINK_DECISIONS = Table(
    "link_decisions",
    {"zh": "关联决定", "en": "link decisions"},
    (
        Column("left", "text", {"zh": "甲记录", "en": "left record"}),
        Column("right", "text", {"zh": "乙记录", "en": "right record"}),
        _yes("same", "是否同一", "the same"),
        _text("who", "决定人", "who"),
        _date("when", "决定日期", "when"),
        _text("why", "理由", "why"),
    ),
    key=("left", "right"),
)
"""A line where ``same`` is blank is not decided yet; one that is decided names who and when."""

FINDINGS = Table(
    "findings",
    {"zh": "待核实问题", "en": "findings"},
    (
        Column("rule", "text", {"zh": "规则编号", "en": "rule"}),
        Column("severity", "text", {"zh": "程度", "en": "severity"}, choices=("error", "question", "note")),
        Column("register", "text", {"zh": "表", "en": "table"}),
        Column("row_key", "text", {"zh": "行标识", "en": "row key"}, required=False),
        Column("column", "text", {"zh": "字段", "en": "column"}, required=False),
        Column("found", "text", {"zh": "现值", "en": "found"}, required=False),
        TOWNSHIP,
        VILLAGE,
        Column("file", "text", {"zh": "文件", "en": "file"}, required=False),
        Column("sheet", "text", {"zh": "工作表", "en": "sheet"}, required=False),
        Column("cell", "text", {"zh": "单元格", "en": "cell"}, required=False),
        Column("zh", "text", {"zh": "说明", "en": "in Chinese"}),
        Column("en", "text", {"zh": "英文说明", "en": "in English"}),
    ),
    key=("rule", "register", "row_key", "column"),
)
"""Questions to be looked into (待核实), never verdicts. ID numbers in ``found`` and ``row_key`` are masked
wherever a finding leaves the office."""

REGISTERS: tuple[Table, ...] = (
    VILLAGES, HOUSEHOLDS, PERSONS, SCHOOLS, PROJECTS, CADRES,
    VEHICLES, PROPERTIES, PAYROLL, DEATHS, ENROLMENT, BUSINESSES,
    AUTHORISATIONS, DATA_SOURCES,
)  # fmt: skip
"""What offices send: the tables that a heading may belong to."""
