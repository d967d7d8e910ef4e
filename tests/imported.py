"""Small registers of households to import, and a program that imports one and may be killed."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from typing import TypedDict

import duckdb
import pyarrow as pa

from jiedui.registers import Register, Source, empty_register, schema_of
from jiedui.registers.imports import commit, review, stage
from jiedui.registers.tables import HOUSEHOLDS
from jiedui.tables.grid import Place

Row = Mapping[str, object]


class By(TypedDict):
    """Who does something, and when."""

    by: str
    on: str


BY: By = {"by": "county office", "on": "2026-10-31"}


def households(rows: Sequence[Row], columns: Sequence[str], *, file: str = "a.csv") -> Register:
    """Make a register of one sheet of households with some columns."""
    table = pa.Table.from_pylist(
        [{"_source": 0, "_row": number, **row} for number, row in enumerate(rows, start=2)],
        schema=schema_of(HOUSEHOLDS),
    )
    content = f"{file}{[sorted(row.items()) for row in rows]}"
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    positions = {"households": {name: place for place, name in enumerate(columns)}}
    tables = {**empty_register().tables, "households": table}
    return Register(tables, (Source(Place(file, "Sheet1"), positions, sha256),))


def many(count: int, *, size: int) -> Register:
    """Make a register of many households of one size."""
    rows = [{"household": f"{number:08}", "size": size, "village": "甲村"} for number in range(count)]
    return households(rows, ("household", "size", "village"), file=f"{size}.csv")


def import_and_commit(path: str, *, count: int, size: int, chunk: int) -> None:
    """Stage a register in small chunks and merge it, as a program that may be killed at any moment."""
    with duckdb.connect(path) as db:
        (number,) = stage(db, many(count, size=size), chunk=chunk, **BY)
        commit(db, number, reviewed=review(db, number).version, **BY)


if __name__ == "__main__":
    import_and_commit(sys.argv[1], count=int(sys.argv[2]), size=int(sys.argv[3]), chunk=int(sys.argv[4]))
