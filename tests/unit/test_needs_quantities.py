"""Needs in units: what is lacking becomes kinds, quantities and priorities that a pairing takes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import ceil
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.errors import InputError
from jiedui.needs.quantities import (
    as_recipients,
    count_gaps,
    load_catalogue,
    needs_in_units,
    shipped_catalogues,
)
from jiedui.needs.tables import NEEDS
from jiedui.pairs import make_problem
from jiedui.programmes import read_folder
from jiedui.schemes import load_scheme
from jiedui.tables import read_table

EXAMPLE = Path(__file__).parents[2] / "examples" / "education"

VILLAGE: Mapping[str, object] = {
    "recipient": "v1",
    "unhardened_road_km": 5.25,
    "households": 100,
    "households_without_water": 30,
    "scattered_without_water": 21,
    "dwellings_c": 4,
    "dwellings_d": 2,
    "able_without_work": 9,
    "training_wanted": 0,
    "pupils_in_need": 1,
    "persons_uninsured": 3,
}


def villages(**changes: object) -> pa.Table:
    return pa.Table.from_pylist([dict(VILLAGE) | changes])


def school(
    recipient: str, subject: str, classes: int, weekly_lessons: float, teachers: float
) -> dict[str, object]:
    return {
        "recipient": recipient,
        "subject": subject,
        "classes": classes,
        "weekly_lessons": weekly_lessons,
        "teachers": teachers,
    }


def rules(refused: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [found.rule for found in refused.value.findings]


def test_a_village_lacks_what_its_gaps_say() -> None:
    found = needs_in_units(villages(), load_catalogue("villages"), on="2026")
    assert found.schema.equals(NEEDS.schema())
    rows = {row["kind"]: (row["quantity"], row["unit"], row["priority"]) for row in found.to_pylist()}
    assert rows == {
        "road": (5.25, "公里", 1),
        "water_supply": (9, "户", 1),
        "wells": (3, "口", 1),
        "dwelling_rebuild": (2, "户", 1),
        "dwelling_repair": (4, "户", 2),
        "jobs": (9, "个", 2),
        "study_aid": (1, "人", 1),
        "medical_cover": (3, "人", 1),
    }


def test_a_reason_names_the_facts_in_the_language_asked_for() -> None:
    catalogue = load_catalogue("villages")
    reasons = {
        lang: {
            row["kind"]: row["reason"]
            for row in needs_in_units(villages(), catalogue, on="2026", lang=lang).to_pylist()
        }
        for lang in ("zh", "en")
    }
    assert reasons["zh"]["road"] == "未通硬化路里程（公里）：5.25"
    assert reasons["en"]["water_supply"] == (
        "households without safe drinking water (households): 30; of these beyond any pipe (households): 21"
    )


def test_what_is_not_lacking_has_no_row() -> None:
    nothing = villages(**{name: 0 for name in VILLAGE if name not in ("recipient", "households")})
    found = needs_in_units(nothing, load_catalogue("villages"), on="2026")
    assert found.num_rows == 0
    assert found.schema.equals(NEEDS.schema())


@settings(max_examples=10)
@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 20), st.integers(0, 80)),
        min_size=1,
        max_size=60,
    )
)
def test_teacher_terms_are_the_lessons_nobody_gives(drawn: list[tuple[int, int, int]]) -> None:
    rows = [
        school(f"s{place:02}", "maths", classes, halves / 2, tenths / 10)
        for place, (classes, halves, tenths) in enumerate(drawn)
    ]
    found = needs_in_units(pa.Table.from_pylist(rows), load_catalogue("schools"), on="2026").to_pylist()
    expected = {}
    for place, (classes, halves, tenths) in enumerate(drawn):
        wanted, teachers = Fraction(classes * halves, 2), Fraction(tenths, 10)
        if terms := ceil(max(wanted / 16 - teachers, Fraction(0)) * 2):
            expected[f"s{place:02}"] = terms
    assert {row["recipient"]: row["quantity"] for row in found} == expected


@pytest.mark.parametrize(("teachers", "priority"), [(2.0, 1), (2.2, 2)])
def test_a_school_that_lacks_three_lessons_in_ten_comes_first(teachers: float, priority: int) -> None:
    gaps = pa.Table.from_pylist([school("s", "maths", 10, 4.8, teachers)])
    found = needs_in_units(gaps, load_catalogue("schools"), on="2026")
    assert found["priority"].to_pylist() == [priority]


@pytest.mark.parametrize("each", ["0.1", "0.7", "3"])
def test_whole_units_are_rounded_up_and_never_by_a_rounding_error(each: str, tmp_path: Path) -> None:
    own = OVERRIDE.replace('{ "2021" = 10, "2025" = 7 }', f'{{ "2021" = {each} }}')
    catalogue = load_catalogue("villages", province=province(tmp_path, own))
    counts = range(1, 400)
    gaps = [
        dict(VILLAGE) | {"recipient": f"{n:03}", "households_without_water": n, "scattered_without_water": n}
        for n in counts
    ]
    table = pa.Table.from_pylist(gaps).append_column("toilets", [[0] * len(gaps)])
    found = [row for row in needs_in_units(table, catalogue, on="2026").to_pylist() if row["kind"] == "wells"]
    exact = [ceil(Fraction(n) / Fraction(each)) for n in counts]
    assert [row["quantity"] for row in found] == exact


REFUSED: list[tuple[str, dict[str, object]]] = [
    ("quantities.missing", {"dwellings_c": None}),
    ("quantities.negative", {"dwellings_c": -1}),
    ("quantities.missing", {"unhardened_road_km": float("nan")}),
    ("quantities.large", {"unhardened_road_km": float("inf")}),
    ("quantities.not_whole", {"dwellings_c": 1.5}),
    ("quantities.not_number", {"dwellings_c": "4"}),
    ("quantities.undefined", {"scattered_without_water": 31}),
    ("quantities.missing", {"recipient": None}),
]


@pytest.mark.parametrize(
    ("rule", "changes"), REFUSED, ids=[f"{n}-{rule}" for n, (rule, _) in enumerate(REFUSED)]
)
def test_gaps_that_are_missing_negative_or_impossible_are_refused(
    rule: str, changes: dict[str, object]
) -> None:
    with pytest.raises(InputError) as refused:
        needs_in_units(villages(**changes), load_catalogue("villages"), on="2026")
    assert rules(refused) == [rule]


def test_a_column_that_is_absent_is_named_in_both_languages() -> None:
    with pytest.raises(InputError) as refused:
        needs_in_units(villages().drop_columns(["dwellings_d"]), load_catalogue("villages"), on="2026")
    assert rules(refused) == ["quantities.no_column"]
    assert "D级危房" in refused.value.findings[0].zh
    assert "grade D" in refused.value.findings[0].en


def test_a_subject_nobody_knows_and_a_row_that_stands_twice_are_refused() -> None:
    schools = load_catalogue("schools")
    with pytest.raises(InputError) as refused:
        needs_in_units(pa.Table.from_pylist([school("s", "latin", 9, 5, 0)]), schools, on="2026")
    assert rules(refused) == ["quantities.choice"]
    with pytest.raises(InputError) as refused:
        needs_in_units(pa.Table.from_pylist([school("s", "maths", 9, 5, 0)] * 2), schools, on="2026")
    assert rules(refused) == ["quantities.twice"]


def province(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "province.toml"
    path.write_text(text, encoding="utf-8")
    return path


OVERRIDE = """
source = "某省实施办法"
[values.households_per_well]
unit = { zh = "户/口", en = "households a well" }
source = "某省实施办法"
at = { "2021" = 10, "2025" = 7 }
[[rules]]
id = "medical_cover"
off = true
source = "由医保部门另行统计"
[[rules]]
id = "road"
quantity = "unhardened_road_km * 1.1"
priority = [{ is = 3 }]
source = "某省实施办法第五条"
[columns.toilets]
type = "integer"
words = { zh = "未改厕户数", en = "households without a sanitary toilet" }
[[rules]]
id = "toilets"
words = { zh = "改厕", en = "sanitary toilets" }
kind = "toilets"
unit = { zh = "户", en = "households" }
quantity = "toilets"
whole = true
priority = [{ is = 2 }]
source = "某省实施办法第六条"
"""


def test_a_province_changes_values_and_rules_by_date_and_the_fingerprint_tells(tmp_path: Path) -> None:
    catalogue = load_catalogue("villages", province=province(tmp_path, OVERRIDE))
    gaps = villages(toilets=12).drop_columns(["persons_uninsured"])
    rows = {row["kind"]: row for row in needs_in_units(gaps, catalogue, on="2025-03").to_pylist()}
    assert rows["road"]["quantity"] == pytest.approx(5.775)
    assert rows["road"]["priority"] == 3
    assert (rows["wells"]["quantity"], rows["toilets"]["quantity"]) == (3, 12)
    assert "medical_cover" not in rows
    before = {row["kind"]: row for row in needs_in_units(gaps, catalogue, on="2024").to_pylist()}
    assert before["wells"]["quantity"] == 3
    shipped = load_catalogue("villages")
    assert catalogue.sha256 != shipped.sha256
    assert catalogue.source == "某省实施办法"


BROKEN = [
    ("quantities.not_toml", "source = "),
    ("quantities.key", "[values]"),
    ("quantities.key", 'source = "a"\n[[rules]]\nid = "road"'),
    ("formulas.no_column", 'source = "a"\n[[rules]]\nid = "road"\nsource = "b"\nquantity = "nothing_known"'),
    ("formulas.not_allowed", 'source = "a"\n[[rules]]\nid = "road"\nsource = "b"\nquantity = "(select 1)"'),
    ("formulas.unreadable", 'source = "a"\n[[rules]]\nid = "road"\nsource = "b"\nquantity = "1 +"'),
    ("quantities.key", 'source = "a"\n[[rules]]\nid = "road"\nsource = "b"\nquantity = 3'),
    ("quantities.formula", 'source = "a"\n[[rules]]\nid = "road"\nsource = "b"\nquantity = "3"'),
    (
        "quantities.key",
        'source = "a"\n[[rules]]\nid = "road"\nsource = "b"\npriority = [{ when = "1 < 2", is = 1 }]',
    ),
    ("quantities.key", 'source = "a"\n[[rules]]\nid = "road"\nsource = "b"\npriority = [{ is = 0 }]'),
    ("quantities.words", 'source = "a"\n[[rules]]\nid = "road"\nsource = "b"\nunit = { en = "km" }'),
    ("quantities.value", 'source = "a"\n[values.many]\nat = { "2021" = 1 }'),
    ("quantities.key", 'source = "a"\n[columns."a b"]\ntype = "integer"\nwords = { zh = "甲", en = "a" }'),
    ("quantities.key", 'source = "a"\nvalues = 3'),
    (
        "quantities.key",
        'source = "a"\n[columns.b]\ntype = "text"\nwords = { zh = "乙", en = "b" }\nchoices = 3',
    ),
]


@pytest.mark.parametrize(("rule", "text"), BROKEN, ids=[f"{n}-{rule}" for n, (rule, _) in enumerate(BROKEN)])
def test_changes_without_source_or_that_cannot_be_followed_are_refused(
    tmp_path: Path, rule: str, text: str
) -> None:
    with pytest.raises(InputError) as refused:
        load_catalogue("villages", province=province(tmp_path, text))
    assert rules(refused) == [rule]
    assert refused.value.findings[0].file == "province.toml"


@pytest.mark.parametrize("quantity", ["-(households > 1)", "households + 9999999999 * 9999999999"])
def test_a_formula_that_cannot_be_computed_is_refused_by_its_rule(tmp_path: Path, quantity: str) -> None:
    text = f'source = "a"\n[[rules]]\nid = "road"\nsource = "b"\nquantity = "{quantity}"'
    catalogue = load_catalogue("villages", province=province(tmp_path, text))
    with pytest.raises(InputError, match="road") as refused:
        needs_in_units(villages(), catalogue, on="2026")
    assert rules(refused) == ["quantities.cannot_run"]


def test_a_catalogue_nobody_knows_is_refused() -> None:
    with pytest.raises(InputError, match=r"quantities.unknown"):
        load_catalogue("hospitals")


@pytest.mark.parametrize("name", shipped_catalogues())
def test_every_shipped_catalogue_gives_offices_a_form_to_fill_in(name: str, tmp_path: Path) -> None:
    table = load_catalogue(name).gaps
    path = tmp_path / f"{name}.csv"
    row = {column.name: column.choices[0] if column.choices else "1" for column in table.columns}
    path.write_text("\n".join([",".join(row), ",".join(row.values())]) + "\n", encoding="utf-8")
    needs = needs_in_units(read_table(path, table).table, load_catalogue(name), on="2026")
    assert set(needs["recipient"].to_pylist()) <= {"1"}
    for rule in load_catalogue(name).rules:
        assert rule.source


def test_the_subjects_of_schools_hold_the_teacher_kinds_of_the_scheme() -> None:
    subjects = load_catalogue("schools").gaps.column("subject").choices
    assert {"maths", "english", "arts"} <= set(subjects) & set(load_scheme("education").kinds)


def test_gaps_of_households_add_up_to_those_of_their_village() -> None:
    units = pa.table({"village": ["b", "a", "a"], "g_housing": [1, 0, 1], "jobless": [2, 0, 1]})
    found = count_gaps(units, "village", {"dwellings_d": "g_housing", "able_without_work": "jobless"})
    assert found.to_pylist() == [
        {"recipient": "a", "dwellings_d": 1, "able_without_work": 1},
        {"recipient": "b", "dwellings_d": 1, "able_without_work": 2},
    ]


@pytest.mark.parametrize(
    ("rule", "column"),
    [
        ("quantities.unit", pa.array([1, None])),
        ("quantities.unit", pa.array([1, -1], pa.int8())),
        ("quantities.unit", pa.array([1, float("inf")])),
        ("quantities.not_number", pa.array(["1", "0"])),
    ],
    ids=["missing", "negative", "infinite", "text"],
)
def test_a_household_of_which_nothing_is_known_is_not_one_without_need(rule: str, column: pa.Array) -> None:
    with pytest.raises(InputError) as refused:
        count_gaps(pa.table({"v": ["a", "a"], "g": column}), "v", {"dwellings_d": "g"})
    assert rules(refused) == [rule]


SCHOOLS = pa.table(
    {"code": ["S1", "S2"], "name": ["一校", "二校"], "lon": [107.8, 107.6], "lat": [32.4, 32.5]}
)


def school_needs() -> pa.Table:
    rows = [
        school("S1", "maths", 9, 5, 2),
        school("S1", "english", 9, 3, 1.6),
        school("S2", "arts", 6, 4, 0.5),
    ]
    return needs_in_units(pa.Table.from_pylist(rows), load_catalogue("schools"), on="2026")


def test_a_pairing_takes_needs_as_recipients() -> None:
    recipients = as_recipients(school_needs(), SCHOOLS)
    assert recipients.select(["id", "party", "quantity", "priority"]).to_pylist() == [
        {"id": "S1-english", "party": "S1", "quantity": 1, "priority": 2},
        {"id": "S1-maths", "party": "S1", "quantity": 2, "priority": 2},
        {"id": "S2-arts", "party": "S2", "quantity": 2, "priority": 1},
    ]
    problem = make_problem(
        pa.table({"id": ["H"], "capacity": [4.0]}),
        recipients.rename_columns({"quantity": "places"}),
        pa.table({"recipient": recipients["id"], "helper": ["H"] * 3, "score": [0.5] * 3}),
    )
    assert problem.places.tolist() == [1, 2, 2]


def test_a_programme_folder_reads_needs_as_its_recipients(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "education", ignore=shutil.ignore_patterns("out")))
    recipients = as_recipients(school_needs(), SCHOOLS)
    pa_csv.write_csv(recipients, folder / "recipients.csv")
    (folder / "pairings.csv").unlink()
    read = read_folder(folder)
    assert read.notes == ()
    assert read.tables["recipients"].select(recipients.column_names).equals(recipients)


Fault = Callable[[], pa.Table]
ASKED: list[tuple[str, Fault]] = [
    ("quantities.no_place", lambda: as_recipients(school_needs(), SCHOOLS.slice(1))),
    ("quantities.place_twice", lambda: as_recipients(school_needs(), pa.concat_tables([SCHOOLS, SCHOOLS]))),
    ("quantities.no_column", lambda: as_recipients(school_needs(), SCHOOLS.drop_columns(["lon"]))),
    (
        "quantities.unit",
        lambda: as_recipients(school_needs(), SCHOOLS.set_column(2, "lon", pa.array([None, 1.0]))),
    ),
    (
        "quantities.not_number",
        lambda: as_recipients(school_needs(), SCHOOLS.set_column(2, "lon", [["x", "y"]])),
    ),
    (
        "quantities.not_plain",
        lambda: as_recipients(school_needs(), SCHOOLS.set_column(1, "name", [[["x"], ["y"]]])),
    ),
    (
        "quantities.countless",
        lambda: as_recipients(
            needs_in_units(
                pa.Table.from_pylist([school("S1", "maths", 99_999, 9, 0)]),
                load_catalogue("schools"),
                on="2026",
            ),
            SCHOOLS,
        ),
    ),
]


@pytest.mark.parametrize(("rule", "ask"), ASKED, ids=[rule for rule, _ in ASKED])
def test_needs_that_a_pairing_cannot_place_or_count_are_refused(rule: str, ask: Fault) -> None:
    with pytest.raises(InputError) as refused:
        ask()
    assert rules(refused) == [rule]
