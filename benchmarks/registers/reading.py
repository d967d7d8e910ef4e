"""``python -m benchmarks.registers.reading [--json FILE]``: reading files beside a bare read of the same.

The workbook has 30,000 rows and 20 columns; bare is python-calamine giving lists of values, in the same
run. The text file has a million rows and 10 columns; its peak is that of a process of its own. CPU seconds
count this process and those it starts.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from jiedui.registers.files import read_sheets

ROWS, COLUMNS = 30_000, 20
LINES = 1_000_000
TIMES = 3


def write_workbook(path: Path) -> None:
    """Write a third of the cells as text, two thirds as numbers."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [f"列{column}" for column in range(COLUMNS)])
        for row in range(1, ROWS + 1):
            for column in range(COLUMNS):
                if column % 3:
                    sheet.write_number(row, column, row * column / 2)
                else:
                    sheet.write_string(row, column, f"某{row}村{column}")


def write_text(path: Path) -> None:
    """Write a table of households."""
    with path.open("w", encoding="utf-8") as file:
        file.write("户编号,县,乡,村,户主姓名,证件号码,家庭人口数,工资性收入,家庭纯收入,备注\n")
        file.writelines(
            f"H{row:07},某县,第{row % 30}乡,第{row % 400}村,某{row % 5000},X{row:017},{row % 7},"
            f"{row % 9999}.5,{row % 77777},\n"
            for row in range(LINES)
        )


def used() -> float:
    """Give the CPU seconds so far, of this process and those that ended."""
    parts = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(part.ru_utime + part.ru_stime for part in parts)


def timed(do: Callable[[], object]) -> float:
    """Give the median CPU seconds of doing something a few times."""
    found = []
    for _ in range(TIMES):
        start = used()
        do()
        found.append(used() - start)
    return median(found)


def bare(path: Path) -> int:
    """Read a workbook as lists of values and do nothing with them."""
    from python_calamine import CalamineWorkbook

    return len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())


def reading() -> dict[str, float]:
    """Measure, and give the keys asked for."""
    with TemporaryDirectory() as folder:
        workbook, text = Path(folder) / "a.xlsx", Path(folder) / "a.csv"
        write_workbook(workbook)
        write_text(text)
        read_sheets(workbook)
        ours, theirs = timed(lambda: read_sheets(workbook)), timed(lambda: bare(workbook))
        command = [sys.executable, "-m", "benchmarks.registers.reading", "--text", str(text)]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {"read_sheets_30k_s": round(ours, 2), "read_sheets_vs_bare": round(ours / theirs, 2), **told}


def text_alone(path: Path) -> dict[str, float]:
    """Measure reading a text file in this process."""
    start, clock = used(), time.perf_counter()
    (sheet,) = read_sheets(path)
    if sheet.cells.num_rows != LINES:
        raise SystemExit(f"{sheet.cells.num_rows} rows were read")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "read_csv_1m_cpu_s": round(used() - start, 2),
        "read_csv_1m_wall_s": round(time.perf_counter() - clock, 2),
        "read_csv_1m_peak_mib": round(peak),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.registers.reading")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--text", type=Path, help="measure only this text file")
    asked = parser.parse_args()
    keys = text_alone(asked.text) if asked.text else reading()
    print(json.dumps(keys, indent=2))
    if asked.json:
        asked.json.write_text(json.dumps(keys, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
