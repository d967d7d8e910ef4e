"""Merging rows of one key against a twin in plain Python."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.registers_made import findings_of

from jiedui.registers import Register, Source, empty_register, locate_findings, merge_rows, schema_of
from jiedui.registers.linkage import link_persons
from jiedui.registers.tables import HOUSEHOLDS, PERSONS
from jiedui.tables.grid import Place

COLUMNS = ("household", "head", "income")
SOURCES = tuple(
    Source(Place(f"{name}.xlsx", "Sheet1"), {"households": {c: i for i, c in enumerate(COLUMNS)}}, name)
    for name in ("a", "b")
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", None]),
        st.sampled_from(["甲", "乙", None]),
        st.sampled_from([100, 250, None]),
    ),
    max_size=7,
)


def register(rows: list[tuple[str | None, str | None, int | None]]) -> Register:
    """Put rows by turns into two sheets, in the order of sources and rows."""
    made = [
        {**dict(zip(COLUMNS, row, strict=True)), "_source": order % 2, "_row": order + 2}
        for order, row in enumerate(rows)
    ]
    made.sort(key=lambda row: (row["_source"], row["_row"]))
    table = pa.Table.from_pylist(made, schema=schema_of(HOUSEHOLDS))
    return Register({**empty_register().tables, "households": table}, SOURCES)


@settings(max_examples=25)
@given(ROWS)
def test_one_row_a_key_with_the_first_value_that_any_file_holds(
    rows: list[tuple[str | None, str | None, int | None]],
) -> None:
    given_ = register(rows)
    merged = merge_rows(given_)
    plain = given_.tables["households"].to_pylist()
    seen: Counter[tuple[int, str]] = Counter()
    for row in plain:
        if row["household"] is not None:
            seen[row["_source"], row["household"]] += 1
            row["key"] = (row["household"], seen[row["_source"], row["household"]])
    expected = [row for row in plain if row["household"] is None]
    clashes = []
    for key in dict.fromkeys(row["key"] for row in plain if "key" in row):
        own = [{n: v for n, v in row.items() if n != "key"} for row in plain if row.get("key") == key]
        values = {name: [row[name] for row in own if row[name] is not None] for name in COLUMNS}
        firsts = {name: found[0] if found else None for name, found in values.items()}
        expected.append({**own[0], **firsts, "_source": own[0]["_source"] if len(own) == 1 else len(SOURCES)})
        clashes += [
            (
                key[0],
                name,
                SOURCES[row["_source"]].cell("households", row["_row"], name),
            )
            for name in COLUMNS
            for row in own
            if row[name] is not None and row[name] != values[name][0]
        ]
    expected.sort(key=lambda row: (row["_source"], row["_row"]))
    found = sorted(
        merged.register.tables["households"].to_pylist(), key=lambda row: (row["_source"], row["_row"])
    )
    assert found == expected
    told = [(row["row_key"], row["column"], row["cell"]) for row in merged.findings.to_pylist()]
    assert sorted(told) == sorted(clashes)


def test_the_finding_names_both_cells_and_both_values() -> None:
    merged = merge_rows(register([("1", "甲", 100), ("1", "甲", 250)]))
    (found,) = merged.findings.to_pylist()
    assert (found["file"], found["cell"], found["found"]) == ("b.xlsx", "C3", "2.50")
    assert "a.xlsx [Sheet1] C2" in found["zh"]
    assert "1.00" in found["en"]
    assert merged.origins["households"].num_rows == 2


def test_one_person_written_in_two_ways_in_two_files_is_one_row_of_the_household() -> None:
    number = synthetic_number("99010119800101001")
    rows = [("1", "聂安", None), ("1", "聂安", number), ("2", "聂安", number)]
    columns = ("household", "name", "id_number")
    table = pa.Table.from_pylist(
        [
            {**dict(zip(columns, row, strict=True)), "_source": order % 2, "_row": order + 2}
            for order, row in enumerate(rows)
        ],
        schema=schema_of(PERSONS),
    )
    given_ = Register({**empty_register().tables, "persons": table}, SOURCES)
    merged = merge_rows(given_, persons=link_persons(given_)).register.tables["persons"]
    assert merged.select(columns).to_pylist() == [
        {"household": "1", "name": "聂安", "id_number": number},
        {"household": "2", "name": "聂安", "id_number": number},
    ]


def test_a_merged_row_knows_the_columns_of_all_its_sheets_and_a_blank_cell_is_found_in_the_right_one() -> (
    None
):
    sources = tuple(
        Source(Place(f"{file}.xlsx", "Sheet1"), {"households": {"household": 0, column: 1}}, file)
        for file, column in (("a", "head"), ("b", "phone"))
    )
    rows = [
        {"household": "1", "head": "甲", "_source": 0, "_row": 2},
        {"household": "2", "head": "乙", "_source": 0, "_row": 3},
        {"household": "1", "_source": 1, "_row": 9},
    ]
    tables = {**empty_register().tables, "households": pa.Table.from_pylist(rows, schema_of(HOUSEHOLDS))}
    before = Register(tables, sources)
    merged = merge_rows(before)
    own = merged.register.tables["households"].select(["household", "_source"]).to_pylist()
    had = {row["household"]: merged.register.sources[row["_source"]].columns("households") for row in own}
    assert had == {"1": {"household", "head", "phone"}, "2": {"household", "head"}}
    found = findings_of(
        *({"row_key": "1", "column": name, "cell": "?"} for name in ("head", "phone", "note"))
    )
    cells = locate_findings(found, before, merged).select(["file", "cell"]).to_pylist()
    assert [tuple(cell.values()) for cell in cells] == [("a.xlsx", "B2"), ("b.xlsx", "B9"), (None, "?")]


def test_who_stands_twice_in_one_sheet_stays_twice() -> None:
    rows = register([("1", "甲", 100), (None, None, None), ("1", "甲", 100)])
    assert merge_rows(rows).register.tables["households"].num_rows == 3


def synthetic_number(front: str) -> str:
    """Give an ID number of a region that does not exist, with its check digit."""
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    return front + "10X98765432"[sum(int(d) * w for d, w in zip(front, weights, strict=True)) % 11]
