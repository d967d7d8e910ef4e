"""A made-up county taken the whole way, from the files of its offices to its outputs."""

from __future__ import annotations

import importlib.util
import shutil
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from jiedui.programmes.registers import RegisterRun, compare_truth
from jiedui.registers.files import Sheet
from jiedui.tables import Column, Table, read_table

EXAMPLE = Path(__file__).parents[1] / "examples" / "county_registers"
CELLS = Table(
    "cells",
    {"zh": "单元格", "en": "cells"},
    tuple(
        Column(name, "integer" if name == "row" else "text", {"zh": name, "en": name}, required=False)
        for name in ("file", "sheet", "row", "heading", "kind", "clean")
    ),
)


@cache
def script() -> ModuleType:
    """Give the script that makes the example."""
    spec = importlib.util.spec_from_file_location("make_workbooks", EXAMPLE / "make_workbooks.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_county(folder: Path, *, households: int, seed: int) -> Path:
    """Write a county of its own seed as a programme folder."""
    folder.mkdir(parents=True, exist_ok=True)
    script().write_example(folder, households=households, seed=seed)
    shutil.copy(EXAMPLE / "programme.toml", folder)
    return folder


def truth_of(run: RegisterRun) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Give the rules and the links against what was planted, by their names."""
    assert run.content.truth
    by_rule, of_links = (rows.to_pylist() for _, rows in compare_truth(run, run.content.truth))
    return {row["rule"]: row for row in by_rule}, {row["figure"]: row for row in of_links}


def damaged_cells(run: RegisterRun) -> list[tuple[str, object]]:
    """Give each damaged remark that was planted: what it said, and what it says after the repair."""
    assert run.content.truth
    sheets = {(sheet.place.file, sheet.place.sheet): sheet for sheet in run.taken.sheets}
    cells = read_table(run.content.truth / "cells.csv", CELLS).table.to_pylist()
    return [
        (cell["clean"], _read(sheets[cell["file"], cell["sheet"] or ""], cell["row"], cell["heading"]))
        for cell in cells
        if cell["kind"] == "damaged_text"
    ]


def _read(sheet: Sheet, row: int, heading: str) -> object:
    """Give a cell of a sheet as it was read and mended."""
    at = sheet.rows.tolist().index(row)
    return sheet.cells.column(list(sheet.headings).index(heading))[at].as_py()
