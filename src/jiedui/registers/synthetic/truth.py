"""The truth about a county: what was planted, and who is who over the lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.columns import choose
from jiedui.registers.synthetic.list_faults import OFFICE_FAULTS
from jiedui.registers.synthetic.planting import row_keys
from jiedui.registers.synthetic.village_rows import LEGAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.registers.synthetic.planting import Planting, Told

    Ints = NDArray[np.int64]

COMPARES = {family: table for family, (table, _) in OFFICE_FAULTS.items()} | dict.fromkeys(
    ("pupil_not_enrolled", "enrolled_not_recorded", "aid_missing"), "enrolment"
)
"""The list that finds a fault, where one is needed."""


def tell_truth(planting: Planting) -> pa.Table:
    """Give what was planted, one row a cell."""
    import pyarrow as pa

    schema = pa.schema(
        [("case", pa.int64()), *((name, pa.string()) for name in ("family", "table", "row_key", "household")),
         *((name, pa.string()) for name in ("column", "was", "is")), ("comparable", pa.bool_())]
    )  # fmt: skip
    pieces = [_piece(planting, told, schema) for told in planting.told if len(told.rows)]
    return pa.concat_tables([schema.empty_table(), *pieces])


def _piece(planting: Planting, told: Told, schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    same = np.zeros(len(told.rows), np.int64)
    household = _households(planting, told)
    comparable = np.ones(len(told.rows), bool)
    if COMPARES.get(told.family, next(iter(LEGAL))) not in LEGAL:
        comparable = planting.authorised[household]
    number = planting.draft.household.take(pa.array(household, mask=household < 0))
    columns = [
        told.cases,
        choose([told.family], same),
        choose([told.table], same),
        row_keys(told.table, planting.tables[told.table].take(told.rows)),
        number,
        choose([told.column], same),
        told.was,
        told.now,
        comparable,
    ]
    return pa.table(columns, schema=schema)


def _households(planting: Planting, told: Told) -> Ints:
    """Give the household that each row belongs to, -1 where there is none."""
    if told.table == "persons":
        return planting.draft.row_household[told.rows]
    return told.rows if told.table == "households" else np.full(len(told.rows), -1)


def tell_people(
    planting: Planting, lists: Mapping[str, tuple[Ints, list[str]]], offsets: Mapping[str, int]
) -> pa.Table:
    """Give who is who over the lists."""
    import pyarrow as pa

    draft = planting.draft
    persons = draft.first_person + draft.person
    damage = np.where(draft.is_copy, "copy", "").tolist()
    pieces = []
    for name, (person, how) in {"persons": (persons, damage), **lists}.items():
        rows = planting.tables[name]
        pieces.append(
            pa.table(
                {
                    "table": choose([name], np.zeros(len(person), np.int64)),
                    "row": offsets.get(name, 0) + np.arange(len(person)),
                    "row_key": row_keys(name, rows),
                    "name": rows["name"],
                    "person": person,
                    "damage": pa.array(how, pa.string()),
                }
            )
        )
    return pa.concat_tables(pieces)
