"""What the tables of registers share: choices in the words of the national system, columns, their makers."""

from __future__ import annotations

from jiedui.tables import Column

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


def text_column(name: str, zh: str, en: str, *aliases: str, required: bool = False) -> Column:
    """Give a column of free text that may be blank."""
    return Column(name, "text", {"zh": zh, "en": en}, required=required, aliases=aliases)


def choice_column(name: str, zh: str, en: str, choices: tuple[str, ...], *aliases: str) -> Column:
    """Give a column with a list of choices that may be blank."""
    return Column(name, "text", {"zh": zh, "en": en}, required=False, choices=choices, aliases=aliases)


def date_column(name: str, zh: str, en: str, *aliases: str) -> Column:
    """Give a column of dates that may be blank."""
    return Column(name, "date", {"zh": zh, "en": en}, required=False, aliases=aliases)


def yes_column(name: str, zh: str, en: str, *aliases: str) -> Column:
    """Give a column of yes or no that may be blank."""
    return Column(name, "boolean", {"zh": zh, "en": en}, required=False, aliases=aliases)


def money_column(name: str, zh: str, en: str, *aliases: str, at_least: float | None = None) -> Column:
    """Give a column of money in yuan that may be blank."""
    return Column(
        name, "money", {"zh": zh, "en": en}, YUAN, required=False, at_least=at_least, aliases=aliases
    )


def count_column(name: str, zh: str, en: str, *aliases: str, unit: dict[str, str] | None = None) -> Column:
    """Give a column of counts that may be blank."""
    words = {"zh": zh, "en": en}
    return Column(name, "integer", words, unit, required=False, at_least=0, aliases=aliases)


COUNTY = text_column(
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
TOWNSHIP = text_column(
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
VILLAGE = text_column(
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
GROUP = text_column("group", "村民组", "villagers' group", "组", "村民小组", "自然村", "自然村（组）", "社")
PLACE_CODE = text_column(
    "place_code", "村代码", "village code", "行政村代码", "行政区划代码", "区划代码", "村编码"
)
HOUSEHOLD = text_column(
    "household", "户编号", "household number", "户号", "家庭编号", "农户编号", "户编码", "家庭户编号"
)
NAME = text_column("name", "姓名", "name", "人员姓名", "家庭成员姓名", "成员姓名", "名字")
ID_NUMBER = text_column(
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
NOTE = text_column("note", "备注", "note", "说明", "其他说明")
