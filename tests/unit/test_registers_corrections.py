"""Corrections as data: applied where they fit, each other one reported and left."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from jiedui.registers import Register, empty_register, schema_of
from jiedui.registers.corrections import Corrected, apply_corrections
from jiedui.registers.tables import CORRECTIONS, HOUSEHOLDS, PERSONS
from jiedui.tables import read_table

FEN = 100


def register() -> Register:
    households = [
        {"household": "H1", "size": 4, "kind": "脱贫户", "income": 8612 * FEN, "note": None},
        {"household": "H2", "size": 3, "kind": "一般农户", "income": None, "note": "甲"},
        {"household": "H3", "size": 1},
        {"household": "H3", "size": 2},
    ]
    persons = [
        {"household": "H1", "name": "张三", "id_number": "ID1", "is_disabled": False},
        {"household": "H1", "name": "李四", "id_number": None, "born_on": "1990"},
    ]
    tables = dict(empty_register().tables)
    tables["households"] = pa.Table.from_pylist(households, schema_of(HOUSEHOLDS))
    tables["persons"] = pa.Table.from_pylist(persons, schema_of(PERSONS))
    return Register(tables, ())


def entry(row_key: str, column: str, was: str | None, now: str | None, **other: str) -> dict[str, str | None]:
    made = {"register": "households", "row_key": row_key, "column": column, "was": was, "is": now}
    return {**made, "reason": "入户核查", "who": "某某", "when": "2026-03-01", **other}


def correct(*entries: dict[str, str | None], given: Register | None = None) -> Corrected:
    return apply_corrections(given or register(), pa.Table.from_pylist(entries, CORRECTIONS.schema()))


@pytest.mark.parametrize(
    ("column", "was", "now", "held"),
    [
        ("size", "4", "5", 5),
        ("家庭人口数", "4", "5", 5),
        ("income", "8612", "8612.5", 861_250),
        ("家庭纯收入（元）", "8612.00", "9000", 900_000),
        ("kind", "脱贫户", "脱贫不稳定户", "脱贫不稳定户"),
        ("note", None, "已核实", "已核实"),
        ("size", "4", None, None),
    ],
)
def test_a_correction_that_fits_is_applied(
    column: str, was: str | None, now: str | None, held: object
) -> None:
    corrected = correct(entry("H1", column, was, now))
    row = corrected.register.tables["households"].to_pylist()[0]
    assert held in row.values() if held is not None else row["size"] is None
    assert corrected.outcomes == ["applied"]
    assert corrected.applied.num_rows == 1
    assert corrected.findings == ()


@pytest.mark.parametrize(
    ("made", "outcome"),
    [
        (entry("H1", "size", "4", "5", register="cars"), "no_table"),
        (entry("H1", "colour", "4", "5"), "no_column"),
        (entry("H9", "size", "4", "5"), "row_gone"),
        (entry("P1", "plate", "4", "5", register="vehicles"), "row_gone"),
        (entry("H3", "size", "1", "5"), "several_rows"),
        (entry("H1", "size", "3", "5"), "changed"),
        (entry("H1", "size", "2", "4"), "done"),
        (entry("H1", "size", "4", "five"), "unreadable"),
        (entry("H1", "size", "4", "-5"), "unreadable"),
        (entry("H1", "kind", "脱贫户", "富户"), "unreadable"),
        (entry("H1", "household", "H1", None), "unreadable"),
    ],
)
def test_a_correction_that_does_not_fit_is_reported_and_left(
    made: dict[str, str | None], outcome: str
) -> None:
    corrected = correct(made)
    assert corrected.outcomes == [outcome]
    assert [finding.rule for finding in corrected.findings] == [f"corrections.{outcome}"]
    assert corrected.applied.num_rows == 0
    for name, table in register().tables.items():
        assert corrected.register.tables[name].equals(table)


def test_a_third_value_is_shown_in_its_unit() -> None:
    finding = correct(entry("H1", "income", "1", "2")).findings[0]
    assert "8612.00" in finding.zh
    assert "8612.00" in finding.en


def test_a_finding_shows_no_more_than_the_last_four_digits_of_an_id_number() -> None:
    number = "000000199001010012"
    finding = correct(entry(f"H1|张三|{number}", "note", "甲", "乙", register="persons")).findings[0]
    assert number not in finding.zh + finding.en
    assert "0012" in finding.zh


def test_an_empty_part_of_a_key_names_the_row_too() -> None:
    corrected = correct(entry("H1|李四|", "born_on", "1990", "1990-05", register="人口"))
    assert corrected.register.tables["persons"]["born_on"].to_pylist() == [None, "1990-05"]


def test_two_corrections_that_contradict_are_both_left() -> None:
    corrected = correct(entry("H1", "size", "4", "5"), entry("H1", "size", "4", "6"))
    assert corrected.outcomes == ["contradiction", "contradiction"]
    assert corrected.register.tables["households"]["size"].to_pylist() == [4, 3, 1, 2]


def test_the_same_correction_twice_is_one() -> None:
    corrected = correct(entry("H1", "size", "4", "5"), entry("H1", "size", "4", "5", who="另一人"))
    assert corrected.outcomes == ["applied", "applied"]
    assert corrected.register.tables["households"]["size"].to_pylist()[0] == 5


def test_a_later_correction_takes_up_what_an_earlier_one_gave() -> None:
    later = entry("H1", "size", "4", "6", when="2026-05-01")
    earlier = entry("H1", "size", "3", "4", when="2026-04-01")
    corrected = correct(later, earlier)
    assert corrected.outcomes == ["applied", "done"]
    assert corrected.register.tables["households"]["size"].to_pylist()[0] == 6


def test_applying_again_finds_everything_done() -> None:
    entries = [entry("H1", "size", "4", "5"), entry("H1", "income", "8612", "8613")]
    once = correct(*entries)
    again = correct(*entries, given=once.register)
    assert again.outcomes == ["done", "done"]
    assert again.register.tables["households"].equals(once.register.tables["households"])


def test_a_row_whose_key_the_office_has_corrected_is_found_by_its_new_key() -> None:
    entries = [
        entry("H1|张三|ID1", "name", "张三", "张叁", register="persons"),
        entry("H1|张三|ID1", "id_number", "ID1", "ID2", register="persons"),
        entry("H1|张三|ID1", "is_disabled", "否", "是", register="persons"),
    ]
    once = correct(*entries)
    assert once.outcomes == ["applied"] * 3
    assert once.register.tables["persons"].to_pylist()[0]["id_number"] == "ID2"
    assert correct(*entries, given=once.register).outcomes == ["done"] * 3


def test_no_correction_changes_nothing() -> None:
    assert correct().outcomes == []
    assert correct(given=empty_register()).applied.num_rows == 0


def test_corrections_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "corrections.csv"
    path.write_text(
        "表,行标识,字段,原值,现值,原因,更正人,更正日期\n户,H1,家庭人口数,4,5,入户核查,某某,2026-03-01\n",
        encoding="utf-8",
    )
    assert apply_corrections(register(), read_table(path, CORRECTIONS).table).outcomes == ["applied"]


@pytest.mark.parametrize("rounded", ["9.9002E+17", "1E+18", "9.90020198001e17"])
def test_a_number_that_a_spreadsheet_rounded_corrects_nothing(rounded: str) -> None:
    done = correct(entry("H1|张三|ID1", "id_number", "ID1", rounded, register="persons"))
    assert done.outcomes == ["unreadable"]
    assert done.register.tables["persons"]["id_number"].to_pylist() == ["ID1", None]
