"""The seventeen files of a made-up county: what they hold, how it is written, and that they stay the same."""

from __future__ import annotations

import datetime as dt
import importlib.util
import re
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from jiedui.errors import InputError
from jiedui.registers.checks import shipped_rules
from jiedui.registers.synthetic import RATES, County, Delivery, expected_rules, make_county, make_deliveries
from jiedui.registers.synthetic.filling import find_column
from jiedui.registers.synthetic.spelling import Style, spell, spell_date
from jiedui.registers.synthetic.words import read_plans
from jiedui.registers.tables import HOUSEHOLDS, PERSONS

EXAMPLE = Path(__file__).parents[2] / "examples" / "county_registers"
SCRIPT = EXAMPLE / "make_workbooks.py"
TEXTS = ("*.csv", "truth/*.csv", "incoming/*.csv", "incoming/*.tsv")
"""Files that hold the same bytes whatever library packs the others."""


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_workbooks", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def county() -> County:
    return make_county(households=400, seed=8)


@cache
def deliveries() -> tuple[Delivery, ...]:
    return make_deliveries(county(), seed=8)


def cells(delivery: Delivery) -> list[object]:
    return [cell for page in delivery.pages for row in page.rows for cell in row if cell is not None]


def test_there_are_seventeen_files_of_five_formats() -> None:
    names = [delivery.file for delivery in deliveries()]
    assert len(set(names)) == 17
    assert {Path(name).suffix for name in names} == {".xlsx", ".xls", ".csv", ".tsv", ".ods"}
    assert not any("{" in name for name in names)


def test_the_same_seed_gives_the_same_files_and_another_seed_others() -> None:
    assert make_deliveries(county(), seed=8) == deliveries()
    assert make_deliveries(county(), seed=9) != deliveries()


def test_a_county_with_too_few_townships_is_refused_in_words() -> None:
    with pytest.raises(InputError) as refused:
        make_deliveries(make_county(households=60, seed=1), seed=1)
    assert [finding.rule for finding in refused.value.findings] == ["synthetic.deliveries"]


def test_every_person_stands_in_exactly_one_list_of_a_township() -> None:
    found: Counter[str] = Counter()
    for plan, delivery in zip(read_plans()["delivery"], deliveries(), strict=True):
        first = plan["page"][0]
        if str(first["rows"]).startswith("township"):
            known = [find_column(heading, ["households"]) for heading in first["headings"]]
            place = [one[1].name if one else "" for one in known].index("household")
            rows = (row for page in delivery.pages for row in page.rows if len(row) > place)
            found.update(str(row[place]) for row in rows if re.fullmatch(r"99\d{10}", str(row[place])))
    assert found == Counter(county().tables["persons"]["household"].to_pylist())


@pytest.mark.parametrize("plan", read_plans()["delivery"], ids=lambda plan: plan["file"])
def test_every_table_of_a_plan_has_its_key_among_the_headings(plan: dict[str, object]) -> None:
    pages = plan["page"]
    assert isinstance(pages, list)
    for page in pages:
        if "headings" in page:
            known = [find_column(heading, page["tables"]) for heading in page["headings"]]
            named = {found[1].name for found in known if found}
            first = "persons" if "persons" in page["tables"] else page["tables"][0]
            keys = {"persons": {"household", "name", "id_number"}, "households": {"household"}}
            assert keys.get(first, set()) <= named
            assert len(named) > len(page["headings"]) // 3


def test_the_money_of_projects_stands_in_ten_thousand_yuan() -> None:
    (projects,) = (delivery for delivery in deliveries() if "项目" in delivery.file)
    numbers = [row[7] for row in projects.pages[0].rows if isinstance(row[7], float)]
    total = sum(county().tables["projects"]["planned"].to_pylist())
    assert sum(numbers[:-1]) * 10_000 * 100 == pytest.approx(total)
    assert numbers[-1] == pytest.approx(sum(numbers[:-1]))


def test_cells_that_lost_something_are_told_with_what_they_said() -> None:
    kinds = Counter(odd.kind for delivery in deliveries() for odd in delivery.oddities)
    assert set(kinds) == {"damaged_text", "id_as_number"}
    for delivery in deliveries():
        pages = {page.sheet: page for page in delivery.pages}
        for odd in delivery.oddities:
            row = pages[odd.sheet].rows[odd.row - 1]
            assert odd.clean not in row
            if odd.kind == "damaged_text":
                assert any(isinstance(cell, str) and "(" in cell for cell in row)
            else:
                assert float(odd.clean) in row


def test_villages_and_digits_come_in_variants_and_rows_are_hidden_or_empty() -> None:
    everything = [cell for delivery in deliveries() for cell in cells(delivery)]
    texts = [cell for cell in everything if isinstance(cell, str)]
    assert any(text.endswith("村委会") for text in texts)
    assert any(text.endswith("行政村") for text in texts)
    assert any(re.fullmatch("[０-９]+", text) for text in texts)
    assert any(isinstance(cell, dt.date) for cell in everything)
    assert "旧穗乡" in texts
    assert "合计" in texts
    assert any(page.hidden for delivery in deliveries() for page in delivery.pages)
    assert any(page.empty for delivery in deliveries() for page in delivery.pages)


@pytest.mark.parametrize(
    ("kind", "day", "month"),
    [
        ("iso", "2024-05-01", "2024-05"),
        ("slashes", "2024/5/1", "2024/5"),
        ("dots", "2024.5.1", "2024.5"),
        ("chinese", "2024年5月1日", "2024年5月"),
        ("digits", "20240501", "202405"),
        ("months", "202405", "202405"),
        ("cells", dt.date(2024, 5, 1), "202405"),
    ],
)
def test_dates_are_written_in_seven_ways(kind: str, day: object, month: str) -> None:
    assert spell_date("2024-05-01", kind) == day
    assert spell_date("2024-05", kind) == month


def test_values_are_written_as_the_office_writes_them() -> None:
    income, truth = HOUSEHOLDS.column("income"), HOUSEHOLDS.column("has_safe_water")
    assert spell(1234567, income, Style()) == 12345.67
    assert spell(1234500, income, Style()) == 12345
    assert spell(1234567, income, Style(texts=True)) == "12,345.67"
    assert spell(30_000_000, income, Style(wan=True)) == 30.0
    assert [spell(value, truth, Style(truth=("√", "×"))) for value in (True, False)] == ["√", "×"]
    assert spell(None, income, Style(blank="/")) == "/"
    number = "99002019900101003X"
    assert spell(number, PERSONS.column("id_number"), Style(lowered=True)) == number.lower()


def test_the_files_of_the_example_are_those_the_script_writes(tmp_path: Path) -> None:
    script().write_example(tmp_path)
    for folder in ("incoming", "truth"):
        assert sorted(path.name for path in (tmp_path / folder).iterdir()) == sorted(
            path.name for path in (EXAMPLE / folder).iterdir()
        )
    for pattern in TEXTS:
        for path in tmp_path.glob(pattern):
            assert path.read_bytes() == (EXAMPLE / path.relative_to(tmp_path)).read_bytes(), path.name


def test_workbooks_hold_what_their_pages_say_and_the_same_bytes_twice(tmp_path: Path) -> None:
    from python_calamine import load_workbook

    made = script()
    for delivery in deliveries():
        if (
            Path(delivery.file).suffix in (".xls", ".ods")
            or "行政村" in delivery.file
            or "项目" in delivery.file
        ):
            path, again = tmp_path / delivery.file, tmp_path / f"again-{delivery.file}"
            made.write_delivery(path, delivery)
            made.write_delivery(again, delivery)
            # odfpy remembers in one process which namespaces earlier books named.
            assert path.suffix == ".ods" or path.read_bytes() == again.read_bytes()
            book = load_workbook(path)
            for page in delivery.pages:
                rows = book.get_sheet_by_name(page.sheet).to_python(skip_empty_area=False)
                for row, written in zip(page.rows, rows, strict=False):
                    assert [cell if cell is not None else "" for cell in row] == written[: len(row)]


def test_every_family_of_faults_has_a_shipped_rule_that_asks_about_it() -> None:
    asked = expected_rules(also=True)
    assert set(asked) == set(RATES) - {"damaged"}
    known = {rule.id for rule in shipped_rules().rules}
    assert {rule for rules in asked.values() for rule in rules} <= known
