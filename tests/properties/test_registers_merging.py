"""Merging rows of one key against a twin in plain Python."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.registers import Register, Source, empty_register, merge_rows, schema_of
from jiedui.registers.tables import HOUSEHOLDS
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
    expected = [row for row in plain if row["household"] is None]
    clashes = []
    for key in dict.fromkeys(row["household"] for row in plain if row["household"] is not None):
        own = [row for row in plain if row["household"] == key]
        values = {name: [row[name] for row in own if row[name] is not None] for name in COLUMNS}
        expected.append({**own[0], **{name: found[0] if found else None for name, found in values.items()}})
        clashes += [
            (key, name, SOURCES[row["_source"]].cell("households", row["_row"], name))
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


def test_an_identity_takes_the_place_of_the_key() -> None:
    rows = register([("1", "甲", None), ("2", None, 100)])
    merged = merge_rows(rows, identity={"households": pa.array(["p", "p"])})
    assert [
        {name: row[name] for name in COLUMNS} for row in merged.register.tables["households"].to_pylist()
    ] == [{"household": "1", "head": "甲", "income": 100}]
