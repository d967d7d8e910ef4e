"""Schools, projects and responsible helpers."""

from __future__ import annotations

from jiedui.registers.tables.columns import (
    COUNTY,
    NOTE,
    PROJECT_STAGES,
    TOWNSHIP,
    VILLAGE,
    choice_column,
    count_column,
    date_column,
    money_column,
    text_column,
)
from jiedui.tables import Column, Table

SCHOOLS = Table(
    "schools",
    {"zh": "学校", "en": "schools"},
    (
        Column("school", "text", {"zh": "学校代码", "en": "school code"}, aliases=("学校标识码", "学校编码")),
        Column("name", "text", {"zh": "学校名称", "en": "name of the school"}, aliases=("学校", "校名")),
        TOWNSHIP,
        VILLAGE,
        text_column("stage", "学段", "stage", "办学类型", "学校类型"),
        count_column("pupils", "在校生数", "pupils", "学生数", "在校学生数"),
        count_column("teachers", "教师数", "teachers", "专任教师数"),
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
        text_column("kind", "项目类型", "kind of project", "项目类别"),
        choice_column("stage", "项目状态", "stage", PROJECT_STAGES, "项目进度", "实施阶段", "项目阶段"),
        money_column("planned", "计划资金", "planned funds", "计划投资", "预算资金", "总投资", at_least=0),
        money_column("received", "到位资金", "funds received", "已到位资金", "资金到位", at_least=0),
        money_column("paid", "支出资金", "funds paid", "已支出资金", "拨付资金", "已拨付资金", at_least=0),
        date_column("received_on", "资金到位时间", "received on", "到位时间"),
        date_column("started_on", "开工时间", "started on", "开工日期", "实际开工时间"),
        date_column("completed_on", "完工时间", "completed on", "完工日期", "竣工时间"),
        date_column("accepted_on", "验收时间", "accepted on", "验收日期"),
        date_column("published_on", "公示时间", "published on", "公示日期", "公告公示时间"),
        count_column("beneficiaries", "受益户数", "households benefiting", "受益农户数"),
        text_column("owner", "责任单位", "responsible unit", "实施单位", "项目负责单位", "主管部门"),
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
        text_column("duty", "职务", "post", "职务职级"),
        text_column("phone", "联系电话", "phone", "电话", "手机号码"),
    ),
    key=("name", "unit"),
)
