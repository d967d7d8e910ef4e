"""The parts of the benchmark, each a program: ``python -m benchmarks.registers.parts PART FOLDER ROWS``."""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from jiedui.registers import Register

WORKBOOK_ROWS = 30_000
WORKBOOK_COLUMNS = (
    "household", "county", "township", "village", "group", "head", "size", "kind", "identified_on", "removal",
    "risk_1", "wage_income", "business_income", "transfer_income", "income", "house_grade", "has_safe_water",
    "has_allowance", "helper", "phone",
)  # fmt: skip
CSV_COLUMNS = (
    "household", "county", "township", "village", "group", "head", "size", "kind", "income", "has_allowance",
)  # fmt: skip
ON = "2026-10-31"
PERSONS_A_HOUSEHOLD = 3.57
"""In synthetic counties."""
Figures = dict[str, float]


def make(folder: Path, rows: int) -> Figures:
    """Write the workbook, the csv and the register that the other parts read."""
    import pyarrow.parquet as pq

    from jiedui.registers.synthetic import make_county

    county = make_county(households=20_000, seed=1)
    households = county.tables["households"]
    _workbook(folder / "households.xlsx", _repeated(households, WORKBOOK_ROWS))
    large = _repeated(households, rows)
    pq.write_table(large, folder / "households.parquet")
    (folder / "county").mkdir()
    whole = make_county(households=int(rows / PERSONS_A_HOUSEHOLD), seed=2)
    for name, table in whole.tables.items():
        pq.write_table(table, folder / "county" / f"{name}.parquet")
    texts = [_texts(large[name], name) for name in CSV_COLUMNS]
    pa_csv.write_csv(pa.table(texts, names=_headings(CSV_COLUMNS)), folder / "households.csv")
    return {}


def _repeated(table: pa.Table, rows: int) -> pa.Table:
    """Give so many households, each with a number of its own."""
    taken = table.take(pa.array(np.arange(rows) % table.num_rows))
    numbers = pa.array([f"99{number:010}" for number in range(rows)])
    return taken.set_column(taken.schema.get_field_index("household"), "household", numbers)


def _headings(columns: tuple[str, ...]) -> list[str]:
    from jiedui.registers.tables import HOUSEHOLDS

    return [HOUSEHOLDS.column(name).heading("zh") for name in columns]


def _texts(values: pa.ChunkedArray, name: str) -> pa.Array:
    """Give a column as an office writes it."""
    import pyarrow.compute as pc

    from jiedui.registers.tables import HOUSEHOLDS

    kind = HOUSEHOLDS.column(name).type
    if kind == "boolean":
        return pc.if_else(values, "是", "否")
    if kind == "money":
        return pc.divide(pc.cast(values, pa.float64()), 100.0).cast(pa.string())
    return values.cast(pa.string())


def _workbook(path: Path, table: pa.Table) -> None:
    """Write households as the national system exports them: a title, a unit line, headings on row 3."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("户信息")
        sheet.write_string(0, 0, "（乡村建设）户信息")
        sheet.write_string(1, 0, "单位：元、人")
        sheet.write_row(2, 0, _headings(WORKBOOK_COLUMNS))
        columns = [_texts(table[name], name).to_pylist() for name in WORKBOOK_COLUMNS]
        for number, row in enumerate(zip(*columns, strict=True), start=3):
            for place, value in enumerate(row):
                if value is not None:
                    sheet.write_string(number, place, value)


def read(folder: Path, _rows: int) -> Figures:
    """Read, match and check a workbook of 30,000 rows and 20 columns, beside a bare read.

    Libraries, rules and tables of signs are loaded beforehand, as the bare reader is; how long that takes is
    told apart.
    """
    begun = _cpu()
    from python_calamine import CalamineWorkbook

    from jiedui.registers import read_register
    from jiedui.registers.checks import check_register

    path, small = folder / "households.xlsx", folder / "small.csv"
    small.write_text("户编号,户主姓名\n1,張(zhāng)三\n", encoding="utf-8")
    check_register(read_register([small]).register, on=ON)
    loaded = _cpu() - begun
    start = _cpu()
    CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    bare = _cpu() - start
    start = _cpu()
    taken = read_register([path])
    reading = _cpu() - start
    check_register(taken.register, on=ON)
    whole = _cpu() - start
    if taken.register.tables["households"].num_rows != WORKBOOK_ROWS or taken.problems():
        raise SystemExit("the workbook was not read whole")
    return {
        "read_30k_s": whole,
        "read_30k_reading_s": reading,
        "read_30k_vs_bare": whole / bare,
        "loading_s": loaded,
    }


def rules(_folder: Path, rows: int) -> Figures:
    """Put the rules of one table to so many rows beside a scan; find the faults of so many ID numbers."""
    from benchmarks.registers.checks import measure

    return measure(rows)


def check(folder: Path, _rows: int) -> Figures:
    """Put every rule, those between tables too, to a county, beside a scan of its tables."""
    import duckdb

    from jiedui.registers.checks import check_register

    register = _register(folder / "county")
    with duckdb.connect() as db:
        db.execute("SET threads = 2")
        for name, rows in register.tables.items():
            db.register(name, rows)
        start = _cpu()
        for name, rows in register.tables.items():
            counted = ", ".join(f'count("{column}"), max("{column}")' for column in rows.schema.names)
            db.execute(f"SELECT {counted} FROM {name}").fetchall()  # noqa: S608
        scan = _cpu() - start
    start = _cpu()
    checked = check_register(register, on=ON, purpose="防止返贫监测数据比对", regions=(99,))
    seconds = _cpu() - start
    return {
        "county_vs_scan": seconds / scan,
        "county_s": seconds,
        "county_persons": register.tables["persons"].num_rows,
        "county_findings": checked.findings.num_rows,
    }


def _register(folder: Path) -> Register:
    """Give the tables of a synthetic county as one register."""
    import pyarrow.parquet as pq

    from jiedui.registers import Register, Source, empty_register
    from jiedui.tables.grid import Place

    tables = dict(empty_register().tables)
    for path in sorted(folder.iterdir()):
        rows = pq.read_table(path)
        for name, start, step in (("_source", 0, 0), ("_row", 2, 1)):
            rows = rows.append_column(name, pa.array(start + step * np.arange(rows.num_rows)))
        schema = tables[path.stem].schema
        tables[path.stem] = rows.select(schema.names).cast(schema)
    positions = {
        name: {c: place for place, c in enumerate(rows.schema.names)} for name, rows in tables.items()
    }
    return Register(tables, (Source(Place("county.parquet", lettered=False), positions, ""),))


def take(folder: Path, rows: int) -> Figures:
    """Import so many households of ten columns from csv: read, typed, keyed, compared, merged."""
    from jiedui.registers import read_register
    from jiedui.registers.imports import commit, review, rows_in_force, stage
    from jiedui.store import Store

    path = folder / "import.duckdb"
    path.unlink(missing_ok=True)
    start = _cpu()
    taken = read_register([folder / "households.csv"])
    reading = _cpu() - start
    with Store.open(path, create=True) as store:
        db = store.connection()
        (number,) = stage(db, taken.register, by="benchmark", on=ON)
        commit(db, number, reviewed=review(db, number).version, by="benchmark", on=ON)
        whole = _cpu() - start
        if rows_in_force(db, "households").num_rows != rows:
            raise SystemExit("not every household was imported")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"import_1m_s": whole, "import_1m_reading_s": reading, "import_1m_peak_mib": peak}


def _cpu() -> float:
    """Give the CPU seconds of this process and of those it waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


PARTS: dict[str, Callable[[Path, int], Figures]] = {
    "make": make,
    "read": read,
    "rules": rules,
    "check": check,
    "take": take,
}


if __name__ == "__main__":
    found = PARTS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
    print(json.dumps(found))
