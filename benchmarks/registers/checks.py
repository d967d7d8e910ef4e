"""Checks over a million rows, beside a scan that aggregates every column in the same database.

Run as ``python -m benchmarks.registers.checks [ROWS]``. CPU seconds of the process, the best of three.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from jiedui.registers.checks import Rules, id_faults, shipped_rules
from jiedui.registers.checks.checking import Asking, put
from jiedui.registers.checks.database import load_tables, open_database
from jiedui.registers.register import Register, empty_register, schema_of
from jiedui.registers.tables import HOUSEHOLDS, PERSONS

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.tables import Column, Table

MILLION = 1_000_000
TIMES = 3
FAULTY = 0.02
"""Share of cells that hold any value of their kind; the rest hold what no rule asks about."""
PLAIN: dict[str, Any] = {
    "removal": "未消除", "kind": "脱贫户", "relation": "其他", "student": "非在校生", "health": "健康",
    "labour": "普通劳动力", "schooling": "初中", "work_months": 6, "size": 3, "ethnicity": "汉族",
    "house_grade": "A级", "identified_on": "2026-05", "removed_on": None, "born_on": "1980-05-20",
    "sex": "男",
    "work_from": "2026-01", "wage": 300_000, "phone": "13000000000",
    "is_disabled": False, "disability_number": None, "has_allowance": False, "is_dangerous_house": False,
    "house_area": 80.0, "risk_1": "因病", "risk_2": None, "risk_3": None, "risk_4": None, "risk_5": None,
}  # fmt: skip


def rows(table: Table, count: int) -> pa.Table:
    """Make rows that a rule finds here and there, every column filled."""
    import pyarrow as pa

    draw = np.random.default_rng(7)
    schema = schema_of(table)
    own = {"_source": np.zeros(count, np.int64), "_row": np.arange(2, count + 2)}
    made = {column.name: _cells(column, count, draw) for column in table.columns}
    return pa.table({**made, **own}, schema=schema)


def _cells(column: Column, count: int, draw: np.random.Generator) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    if "id_number" in column.name:
        return _ids(count)
    if column.name == "household":
        return pa.array([f"H{place // 3:08}" for place in range(count)])
    if column.name == "name":
        return pa.array([chr(0x4E00 + place % 5000) + chr(0x4E00 + place // 5000) for place in range(count)])
    kinds: dict[str, list[Any]] = {
        "text": [*column.choices] or [f"{column.name}{number}" for number in range(50)],
        "date": ["1980-05-20", "2026-05", "2015", "2031-01-01"],
        "boolean": [True, False],
        "money": [0, 300_000, 1_200_000],
        "integer": [0, 3, 6],
        "number": [0.0, 80.0],
    }
    choices = [PLAIN.get(column.name, kinds[column.type][0]), *kinds[column.type]]
    drawn = np.where(draw.random(count) < FAULTY, draw.integers(0, len(choices), count), 0)
    return pc.take(pa.array(choices), pa.array(drawn))


def _ids(count: int) -> pa.Array:
    """Give ID numbers of a region that does not exist, each with its check digit."""
    import pyarrow as pa

    weights = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
    body = [f"99{place // 500:04}19800520{2 * (place % 500) + 1:03}" for place in range(count)]
    digits = np.frombuffer("".join(body).encode(), np.uint8).reshape(-1, 17).astype(np.int64) - 48
    last = digits @ weights % 11
    return pa.array([start + "10X98765432"[sign] for start, sign in zip(body, last.tolist(), strict=True)])


def cpu(work: Callable[[], object]) -> float:
    """Give the CPU seconds of the best of several runs."""
    taken = []
    for _ in range(TIMES):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def measure(count: int = MILLION) -> dict[str, float]:
    """Give the figures, by the keys of the benchmarks."""
    figures: dict[str, float] = {"rows": count}
    ids = _ids(count)
    figures["id_check_1m_s"] = round(cpu(lambda: id_faults(ids, regions=(99,))), 3)
    scans = checks = 0.0
    for table in (PERSONS, HOUSEHOLDS):
        scan, check, rules, hits = _ratio(table, count)
        scans, checks = scans + scan, checks + check
        figures |= {f"{table.name}_scan_s": round(scan, 3), f"{table.name}_checks_s": round(check, 3)}
        figures |= {f"{table.name}_rules": rules, f"{table.name}_findings": hits}
    return {**figures, "checks_vs_scan": round(checks / scans, 2)}


def _ratio(table: Table, count: int) -> tuple[float, float, int, int]:
    """Give the CPU seconds of the scan and of all single-table rules, their number and what they found."""
    shipped = shipped_rules()
    own = tuple(rule for rule in shipped.rules if rule.table == table.name and rule.kind == "row")
    register = Register({**empty_register().tables, table.name: rows(table, count)}, ())
    asking = Asking(Rules(own, shipped.values), "2026-06-30", "", (99,))
    with open_database(on=asking.on) as database:
        load_tables(database, register.tables, wanted={table.name})
        figures = ", ".join(f'max("{column.name}"), count("{column.name}")' for column in table.columns)
        scan = cpu(lambda: database.execute(f'SELECT {figures} FROM "raw_{table.name}"').fetchall())  # noqa: S608
        check = cpu(lambda: put(database, register, asking))
        return scan, check, len(own), put(database, register, asking).num_rows


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else MILLION), indent=2) + "\n")
