"""Rules put to registers: cases, cells, authorisations, columns nobody sent, files that are refused."""

# ruff: noqa: E501

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest

from jiedui.errors import InputError
from jiedui.registers import Register, Source
from jiedui.registers.checks import Rules, check_register, read_rules, shipped_rules, try_cases
from jiedui.registers.checks.binding import unbound
from jiedui.registers.checks.cases import make_case
from jiedui.registers.checks.database import open_database
from jiedui.registers.tables import FINDINGS
from jiedui.tables.grid import Place

ON = "2026-06-30"
PURPOSE = "防止返贫监测"
ID = "990101198005200018"
PERSON = {"household": "1", "name": "甲一", "id_number": ID}
CAR = {"id_number": ID, "plate": "甲A0001", "kind": "小型轿车"}
COMPARED_WITH_CARS = "2_02_001"
SPOILED = "990101198005200011"
"""A number whose check digit does not fit."""


def rules(*ids: str) -> Rules:
    shipped = shipped_rules()
    return Rules(tuple(rule for rule in shipped.rules if rule.id in ids), shipped.values)


def found(
    case: dict[str, list[dict[str, Any]]],
    *ids: str,
    on: str = ON,
    purpose: str = PURPOSE,
    regions: tuple[int, ...] = (99,),
) -> list[dict[str, Any]]:
    register = make_case(case, "case")
    checked = check_register(register, rules=rules(*ids), on=on, purpose=purpose, regions=regions)
    return list(checked.findings.to_pylist())


def test_the_id_number_of_these_tests_belongs_to_nobody() -> None:
    assert found({"persons": [PERSON]}, "1_01_002", "1_01_004", "1_01_005") == []
    assert [one["rule"] for one in found({"persons": [PERSON]}, "1_01_003", regions=())] == ["1_01_003"]


@pytest.mark.parametrize("family", "12345")
def test_every_rule_passes_and_fails_as_its_cases_say(family: str) -> None:
    shipped = shipped_rules()
    own = tuple(rule for rule in shipped.rules if rule.id.startswith(family))
    assert len(own) >= 3
    assert try_cases(Rules(own, shipped.values), on=ON) == ()


def test_every_rule_has_both_cases_and_is_in_force() -> None:
    assert [rule.id for rule in shipped_rules().rules if not rule.passes or not rule.fails] == []
    assert [rule.id for rule in shipped_rules().rules if not rule.holds(ON)] == []


def test_every_shipped_rule_has_types_that_go_together() -> None:
    assert unbound(shipped_rules().rules, shipped_rules().values, "") == []


def test_every_value_is_used_by_a_rule() -> None:
    used = {name for rule in shipped_rules().rules for one in rule.expressions for name in one.values}
    assert set(shipped_rules().values) - used == set()


def test_questions_ask_and_never_accuse() -> None:
    questions = [rule for rule in shipped_rules().rules if rule.severity == "question"]
    assert [rule.id for rule in questions if "核实" not in rule.words["zh"]] == []
    assert [rule.id for rule in questions if "verif" not in rule.words["en"]] == []
    accusing = ("贫困", "虚报", "骗", "违规", "造假", "fraud", "cheat", "false claim")
    texts = {rule.id: rule.words["zh"] + rule.words["en"] for rule in shipped_rules().rules}
    assert [name for name, words in texts.items() if any(word in words for word in accusing)] == []


def test_a_finding_points_at_its_cell_and_tells_both_languages() -> None:
    register = make_case({"persons": [PERSON, {**PERSON, "id_number": SPOILED}]}, "case")
    place = Source(Place("人口.xlsx", "一村"), {"persons": {"household": 0, "name": 1, "id_number": 3}}, "")
    checked = check_register(
        Register(register.tables, (place,)), on=ON, rules=rules("1_01_005"), regions=(99,)
    )
    [one] = checked.findings.to_pylist()
    assert (one["file"], one["sheet"], one["cell"]) == ("人口.xlsx", "一村", "D3")
    assert (one["rule"], one["severity"], one["register"]) == ("1_01_005", "error", "persons")
    assert one["found"] == "**************0011"
    assert one["found"] in one["zh"]
    assert one["found"] in one["en"]
    assert one["row_key"] == f"1|甲一|{SPOILED}"
    assert checked.findings.schema.equals(FINDINGS.schema())


def test_a_blank_part_of_a_key_keeps_its_place() -> None:
    [one] = found({"persons": [{"household": "1", "name": "甲一"}]}, "1_01_001")
    assert one["row_key"] == "1|甲一|"


def test_a_row_is_named_as_its_file_writes_it_and_read_in_capitals() -> None:
    written = "99010119800520000x"
    case = {"persons": [{**PERSON, "id_number": written, "sex": "男"}]}
    assert found(case, "1_01_005") == []
    [one] = found(case, "1_01_009")
    assert one["row_key"] == f"1|甲一|{written}"


def test_a_county_may_call_its_values_as_it_likes() -> None:
    own = """
        find = "work_months > :rule"
        shows = "work_months - :place"
        [values.rule]
        unit = { zh = "个月", en = "months" }
        source = "本县规定"
        at = { "2026" = 5 }
        [values.place]
        unit = { zh = "个月", en = "months" }
        source = "本县规定"
        at = { "2026" = 2 }
    """
    register = make_case({"persons": [{**PERSON, "work_months": 9}]}, "")
    [one] = check_register(register, on=ON, rules=county_rules(own)).findings.to_pylist()
    assert one["found"] == "7"
    assert one["zh"] == "待核实：7"


def test_a_long_cell_is_repeated_in_part() -> None:
    [one] = found({"persons": [{**PERSON, "name": "1" * 30_000}]}, "1_13_001")
    assert len(one["found"]) == 200


def test_a_blank_cell_is_told_in_words() -> None:
    case = {"households": [{"household": "1", "is_dangerous_house": True, "removal": "已消除"}]}
    [one] = found(case, "1_08_001")
    assert one["found"] is None
    assert "（无）" in one["zh"]
    assert "None" not in one["en"]


AUTHORISED = {"household": "1", "purpose": PURPOSE, "sources": "vehicles", "valid_from": "2026-01-01"}


@pytest.mark.parametrize(
    ("change", "compared"),
    [
        ({}, 1),
        ({"sources": "不动产登记、机动车登记"}, 1),
        ({"sources": "properties; payroll"}, 0),
        ({"sources": "vehicles2"}, 0),
        ({"purpose": "其他目的"}, 0),
        ({"household": "2"}, 0),
        ({"valid_from": "2026-07-01"}, 0),
        ({"valid_from": "2026"}, 0),
        ({"valid_from": "2026-06"}, 0),
        ({"valid_from": "2026-05"}, 1),
        ({"valid_to": "2026-06-29"}, 0),
        ({"valid_to": "2026-06-30"}, 1),
        ({"valid_to": "2026"}, 1),
        ({"withdrawn_on": "2026-06-30"}, 0),
        ({"withdrawn_on": "2026-06"}, 0),
        ({"withdrawn_on": "2026-07-01"}, 1),
    ],
    ids=str,
)
def test_only_an_authorisation_in_force_lets_data_be_compared(change: dict[str, str], compared: int) -> None:
    case = {
        "persons": [PERSON],
        "households": [{"household": "1"}],
        "vehicles": [CAR],
        "authorisations": [{**AUTHORISED, **change}],
    }
    checked = check_register(
        make_case(case, "case"), on=ON, purpose=PURPOSE, rules=rules(COMPARED_WITH_CARS), regions=(99,)
    )
    assert checked.compared.to_pylist() == [
        {
            "rule": COMPARED_WITH_CARS,
            "register": "persons",
            "compared": compared,
            "not_compared": 1 - compared,
            "hits": compared,
        }
    ]
    assert checked.findings.num_rows == compared


@pytest.mark.parametrize(
    ("basis", "hits"),
    [
        ({"legal_basis": "例"}, 1),
        ({"source": "机动车登记", "legal_basis": "例"}, 1),
        ({}, 0),
        ({"legal_basis": " "}, 0),
        ({"source": "payroll", "legal_basis": "例"}, 0),
        ({"legal_basis": "例", "delete_by": "2026-06-29"}, 0),
        ({"legal_basis": "例", "delete_by": "2026-06-30"}, 1),
    ],
    ids=str,
)
def test_a_legal_basis_lets_data_be_compared_until_they_must_be_deleted(
    basis: dict[str, str], hits: int
) -> None:
    case = {
        "persons": [PERSON],
        "households": [{"household": "1"}],
        "vehicles": [CAR],
        "data_sources": [{"source": "vehicles", "office": "公安局", **basis}],
    }
    assert len(found(case, COMPARED_WITH_CARS, purpose="")) == hits


def test_data_past_their_deletion_are_not_compared_even_when_authorised() -> None:
    overdue = {"source": "vehicles", "office": "公安局", "delete_by": "2026-01-01"}
    case = {
        "persons": [PERSON],
        "households": [{"household": "1"}],
        "vehicles": [CAR],
        "authorisations": [AUTHORISED],
    }
    assert len(found(case, COMPARED_WITH_CARS)) == 1
    assert found({**case, "data_sources": [overdue]}, COMPARED_WITH_CARS) == []


def test_without_a_purpose_nothing_is_compared_by_authorisation() -> None:
    case = {
        "persons": [PERSON],
        "households": [{"household": "1"}],
        "vehicles": [CAR],
        "authorisations": [{**AUTHORISED, "purpose": ""}],
    }
    assert found(case, COMPARED_WITH_CARS, purpose="") == []


def test_rows_whose_sheet_lacks_a_column_are_counted_as_not_compared() -> None:
    rows = [{"household": "1", "removal": "已消除"}, {"household": "2", "removal": "已消除"}]
    register = make_case({"households": rows}, "case")
    table = register.tables["households"]
    table = table.set_column(table.column_names.index("_source"), "_source", [[0, 1]])
    whole = Source(Place("a.xlsx"), {"households": {"household": 0, "removal": 1, "removed_on": 2}}, "")
    part = Source(Place("b.xlsx"), {"households": {"household": 0, "removal": 1}}, "")
    sent = Register({**register.tables, "households": table}, (whole, part))
    checked = check_register(sent, on=ON, rules=rules("1_11_004"))
    assert [one["file"] for one in checked.findings.to_pylist()] == ["a.xlsx"]
    assert checked.compared.to_pylist()[0]["not_compared"] == 1


def test_nothing_is_missing_from_a_table_that_nobody_sent() -> None:
    case = {"households": [{"household": "1", "helper": "丁四", "township": "甲乡", "village": "子村"}]}
    assert found(case, "5_01_003", "4_01_001", "1_02_002") == []


def test_a_rule_of_another_period_is_not_asked() -> None:
    case = {"households": [{"household": "1", "removal": "已消除", "income_per_head": 10}]}
    assert len(found(case, "1_07_003")) == 1
    assert found(case, "1_07_003", on="2019-06-30") == []


def test_the_same_register_gives_the_same_findings() -> None:
    people = [{**PERSON, "household": str(place % 7), "sex": "女"} for place in range(200)]
    first, second = (check_register(make_case({"persons": people}, ""), on=ON) for _ in range(2))
    assert first.findings.num_rows > 200
    assert first.findings.equals(second.findings)
    assert first.compared.equals(second.compared)


@pytest.mark.parametrize("on", ["2026", "2026-06", "2026-02-30", "", "20260630", "2026-W01-1"])
def test_a_date_that_is_no_day_is_refused(on: str) -> None:
    with pytest.raises(InputError) as refused:
        check_register(make_case({}, ""), on=on)
    assert refused.value.findings[0].rule == "checks.on"


def test_numbers_too_large_for_a_rule_are_refused_in_words() -> None:
    register = make_case({"persons": [{**PERSON, "work_months": 2**63 - 1}]}, "")
    own = county_rules("find = 'work_months * 3 > 1'")
    with pytest.raises(InputError) as refused:
        check_register(register, on=ON, rules=own)
    assert refused.value.findings[0].rule == "checks.cannot_run"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/hostname')",
        "COPY (SELECT 1) TO '/tmp/x.csv'",
        "ATTACH '/tmp/x.db'",
        "SET threads = 1",
    ],
)
def test_the_database_of_the_checks_is_closed(query: str) -> None:
    with open_database(on=ON) as database, pytest.raises(duckdb.Error):
        database.execute(query)


RULE = """
[[rule]]
id = "9_01_001"
zh = "待核实：{found}"
en = "To be verified: {found}"
severity = "question"
source = "本县规定"
table = "persons"
columns = ["name"]
"""


def county(folder: Path, text: str) -> Path:
    path = folder / "county.toml"
    path.write_text(text, encoding="utf-8")
    return path


def county_rules(body: str) -> Rules:
    with TemporaryDirectory() as folder:
        read = read_rules(county(Path(folder), RULE + body))
    return Rules(tuple(rule for rule in read.rules if rule.id == "9_01_001"), read.values)


def test_a_county_adds_replaces_and_leaves_out(tmp_path: Path) -> None:
    own = """
        leave_out = ["1_13_001"]
        [values.school_from]
        unit = { zh = "岁", en = "years" }
        source = "本县规定"
        at = { "2026" = 7 }
    """
    replaced = RULE.replace("9_01_001", "1_13_002") + "find = \"ethnicity = '汗'\""
    read = read_rules(county(tmp_path, own + RULE + "find = \"name = '甲一'\"" + replaced))
    ids = [rule.id for rule in read.rules]
    assert len(ids) == len(shipped_rules().rules) == len(set(ids))
    assert "9_01_001" in ids
    assert "1_13_001" not in ids
    assert read.values["school_from"].on(ON) == 7
    assert next(rule for rule in read.rules if rule.id == "1_13_002").source == "本县规定"
    register = make_case({"persons": [PERSON]}, "")
    assert "9_01_001" in check_register(register, on=ON, rules=read).findings["rule"].to_pylist()


@pytest.mark.parametrize(
    ("text", "rule", "cell"),
    [
        ("=", "checks.not_toml", ""),
        ("rules = []", "checks.key", "rules"),
        ("rule = {}", "checks.key", "rule"),
        ("rule = [1]", "checks.key", "rule[0]"),
        ("leave_out = ['9_99_999']", "checks.choice", "leave_out"),
        ("[values.line]\nat = 1", "checks.key", "values.line"),
        ("[values.today]\nunit = {zh='', en=''}\nsource = 'x'\nat = {'2026'=1}", "checks.choice", "values.today"),
        ("[values.line]\nunit = {zh='', en=''}\nsource = 'x'\nat = {'26'=1}", "checks.type", "values.line.at"),
        ("[values.line]\nunit = {zh='', en=''}\nsource = ' '\nat = {'2026'=1}", "checks.type", "values.line.source"),
        ("[values.line]\nunit = {zh='', en=''}\nsource = 'x'\nat = {'2026'=true}", "checks.type", "values.line.at"),
        (RULE, "checks.key", "rule[0].find"),
        (RULE + "find = ''", "checks.type", "rule[0].find"),
        (RULE + "find = 'true'\ncolour = 1", "checks.key", "rule[0].colour"),
        (RULE + "find = 'true'\nperiod = ['1900-']", "checks.choice", "rule[0].period"),
        (RULE + "find = 'true'\non = ['name']", "checks.together", "rule[0].on"),
        (RULE + "find = 'true'\nwith = 'persons'", "checks.key", "rule[0].on"),
        (RULE + "find = 'true'\nwith = 'persons'\non = []", "checks.no_on", "9_01_001"),
        (RULE + "find = 'true'\nwith = 'vehicles'\non = ['id_number']", "checks.compares", "rule[0].compares"),
        (RULE + "find = 'true'\ncompares = 'vehicles'", "checks.together", "rule[0].compares"),
        (RULE + "having = 'count(*) > 1'", "checks.together", "rule[0].having"),
        (RULE + "find = 'true'\nwith = 'x'\non = ['name']", "checks.choice", "rule[0].with"),
        (RULE + "find = 'nmae = 1'", "formulas.no_column", "9_01_001"),
        (RULE + "find = 'name = :line'", "formulas.no_value", "9_01_001"),
        (RULE + "find = 'name ='", "formulas.unreadable", "9_01_001"),
        (RULE + "find = 'name'", "checks.unbound", "9_01_001"),
        (RULE + "find = 'work_months = born_on - 1'", "checks.unbound", "9_01_001"),
        (RULE + "find = 'true'\nneeds = ['colour']", "formulas.no_column", "9_01_001"),
        (RULE + "find = 'count(*) > 1'", "formulas.not_allowed", "9_01_001"),
        (RULE + "group = ['name']\nhaving = 'other.name = name'", "checks.wrong_row", "9_01_001"),
        (RULE.replace("{found}", "{name}") + "find = 'true'", "checks.places", "9_01_001"),
        (RULE.replace("{found}", "{found!r}") + "find = 'true'", "checks.places", "9_01_001"),
        (RULE.replace("persons", "vehicles") + "find = 'true'\nwith = 'persons'\non = ['id_number']", "checks.compares", "rule[0].table"),
        (RULE.replace("9_01_001", "rule one") + "find = 'true'", "checks.choice", "rule[0].id"),
        (RULE + "find = 'true'" + RULE + "find = 'true'", "checks.twice", "rule[1].id"),
    ],
)  # fmt: skip
def test_a_wrong_file_of_rules_is_refused_by_key(tmp_path: Path, text: str, rule: str, cell: str) -> None:
    with pytest.raises(InputError) as refused:
        read_rules(county(tmp_path, text))
    told = [(one.rule, one.cell) for one in refused.value.findings]
    assert (rule, cell) in told
    assert {one.file for one in refused.value.findings} == {"county.toml"}


def test_a_wrong_column_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_rules(county(tmp_path, RULE + "find = 'work_month > 1'"))
    assert "work_months" in refused.value.findings[0].zh


def test_a_file_of_rules_that_is_missing_or_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as missing:
        read_rules(tmp_path / "none.toml")
    with pytest.raises(InputError) as large:
        read_rules(county(tmp_path, "#" * (2**22 + 1)))
    assert missing.value.findings[0].rule == "checks.file_missing"
    assert large.value.findings[0].rule == "checks.file_large"


@pytest.mark.parametrize(
    "expression",
    [
        "(select 1) = 1", "exists(select 1)", "name in (select name from deaths)", "getenv('HOME') = ''",
        "read_text('/etc/passwd') = ''", "current_user = ''", "random() > 1", "sum(work_months) over () > 1",
        "cast(name as integer) = 1", "[1][1] = 1", "columns('a') = 1", "deaths.name = ''", "a.b.name = ''",
        "count(*) > 1", "name = any(['x'])", "current_setting('threads') = ''", "*", "true; drop table persons",
        "nextval('x') = 1", "masked(name) = ''", "this.name = other.name", "name glob '*'", "x -> x",
    ],
)  # fmt: skip
def test_an_expression_can_do_no_more_than_compare(tmp_path: Path, expression: str) -> None:
    with pytest.raises(InputError):
        read_rules(county(tmp_path, f"{RULE}find = '''{expression}'''"))


@pytest.mark.parametrize(
    "expression", ["(" * 990 + "true" + ")" * 990, "not " * 490 + "true", "true" + " " * 2000]
)
def test_an_expression_too_long_or_deep_is_refused(tmp_path: Path, expression: str) -> None:
    with pytest.raises(InputError) as refused:
        read_rules(county(tmp_path, f"{RULE}find = '''{expression}'''"))
    assert refused.value.findings[0].rule == "formulas.long"


def test_what_a_finding_shows_of_private_columns_is_masked_however_it_is_written() -> None:
    own = county_rules("find = 'true'\nshows = \"id_number || ' ' || substr(phone, 1, 3)\"")
    case = make_case({"persons": [{**PERSON, "phone": "13012345678"}]}, "")
    [one] = check_register(case, on=ON, rules=own).findings.to_pylist()
    assert one["found"] == "**************0018 ***"


def test_a_case_that_says_otherwise_is_told() -> None:
    body = """
        find = "name = '甲一'"
        passes.persons = [{ household = "1", name = "甲一" }]
        fails.persons = [{ household = "1", name = "乙二" }]
    """
    told = try_cases(county_rules(body), on=ON)
    assert [one.rule for one in told] == ["checks.case_fails", "checks.case_passes"]
    with pytest.raises(InputError) as refused:
        try_cases(county_rules("find = 'true'\nfails.persons = [{ colour = 1 }]"), on=ON)
    assert refused.value.findings[0].rule == "checks.case"
