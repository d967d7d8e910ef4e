"""The files of one made-up county as seventeen offices would send them, and the truth about them.

    python examples/county_registers/make_workbooks.py examples/county_registers

writes `incoming/` (17 files), `corrections.csv`, `places.csv` and `truth/`. Nobody and no place in them
exists. The same arguments give the same bytes. Needs the packages of development (xlwt, odfpy).
"""  # noqa: INP001 - a script

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

from jiedui.registers.synthetic import County, Delivery, Page, make_county, make_deliveries

HOUSEHOLDS, SEED = 1200, 20261031
CREATED = dt.datetime(2026, 10, 31, 9, 0, 0)  # noqa: DTZ001 - a workbook's clock has no zone
ZIP_TIME = (2026, 10, 31, 9, 0, 0)
EXCEL_BEGINS = 1900
"""Earlier days stand as text: a workbook cannot count them."""
Cell = str | int | float | dt.date | None


def main() -> None:
    """Write the example."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args()
    write_example(chosen.folder, households=chosen.households, seed=chosen.seed)


def write_example(folder: Path, *, households: int = HOUSEHOLDS, seed: int = SEED) -> None:
    """Write the files, the corrections, the places and the truth."""
    county = make_county(households=households, seed=seed)
    deliveries = make_deliveries(county, seed=seed)
    for name in ("incoming", "truth"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for delivery in deliveries:
        write_delivery(folder / "incoming" / delivery.file, delivery)
    write_csv(folder / "corrections.csv", corrections(county))
    write_csv(folder / "places.csv", places(county))
    write_csv(folder / "truth" / "faults.csv", county.truth.to_pylist())
    write_csv(folder / "truth" / "people.csv", county.people.to_pylist())
    write_csv(folder / "truth" / "cells.csv", odd_cells(deliveries))


def write_delivery(path: Path, delivery: Delivery) -> None:
    """Write one file in the format that its ending names."""
    if delivery.encoding:
        write_text(path, delivery.pages[0], delivery.encoding)
    else:
        WRITERS[path.suffix](path, delivery.pages)


def write_text(path: Path, page: Page, encoding: str) -> None:
    """Write a text file with commas or tabs; UTF-16 in little-endian order with its mark."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter="\t" if path.suffix == ".tsv" else ",").writerows(page.rows)
    text = buffer.getvalue()
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16" else text.encode(encoding)
    path.write_bytes(data)


def write_xlsx(path: Path, pages: Sequence[Page]) -> None:
    """Write a workbook with borders, merged headings, hidden rows and formatted empty rows."""
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False})
    book.set_properties({"created": CREATED, "author": ""})
    plain = book.add_format({"border": 1})
    bold = book.add_format({"border": 1, "bold": True, "align": "center", "text_wrap": True})
    date = book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
    for page in pages:
        sheet = book.add_worksheet(page.sheet)
        for number, row in enumerate(page.rows):
            for place, cell in enumerate(row):
                _write_cell(sheet, number, place, cell, date if isinstance(cell, dt.date) else plain)
        for first, left, last, right in page.merges:
            sheet.merge_range(first, left, last, right, page.rows[first][left], bold)
        for number in page.hidden:
            sheet.set_row(number, None, None, {"hidden": True})
        width = len(page.rows[0])
        for number in range(len(page.rows), len(page.rows) + page.empty):
            for place in range(width):
                sheet.write_blank(number, place, None, plain)
    book.close()


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, form: xlsxwriter.format.Format
) -> None:
    if cell is None:
        sheet.write_blank(row, column, None, form)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell, form)
    elif isinstance(cell, dt.date) and cell.year < EXCEL_BEGINS:
        sheet.write_string(row, column, cell.isoformat(), form)
    elif isinstance(cell, dt.date):
        sheet.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), form)
    else:
        sheet.write_number(row, column, cell, form)


def write_xls(path: Path, pages: Sequence[Page]) -> None:
    """Write a workbook of the old format."""
    book = xlwt.Workbook(encoding="utf-8")
    for page in pages:
        sheet = book.add_sheet(page.sheet)
        for number, row in enumerate(page.rows):
            for place, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, place, cell)
        for first, left, last, right in page.merges:
            sheet.merge(first, last, left, right)
        for number in page.hidden:
            sheet.row(number).hidden = True
    book.save(str(path))


def write_ods(path: Path, pages: Sequence[Page]) -> None:
    """Write an OpenDocument sheet; its times are set afterwards, so that its bytes do not change."""
    book = OpenDocumentSpreadsheet()
    for page in pages:
        table = Table(name=page.sheet)
        spans = {
            (first, left): (last - first + 1, right - left + 1) for first, left, last, right in page.merges
        }
        covered = {
            (row, column)
            for first, left, last, right in page.merges
            for row in range(first, last + 1)
            for column in range(left, right + 1)
        } - set(spans)
        for number, row in enumerate(page.rows):
            line = TableRow(visibility="collapse") if number in page.hidden else TableRow()
            for place, cell in enumerate(row):
                if (number, place) in covered:
                    line.addElement(CoveredTableCell())
                else:
                    line.addElement(_ods_cell(cell, spans.get((number, place), (1, 1))))
            table.addElement(line)
        book.spreadsheet.addElement(table)
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(_with_fixed_times(buffer.getvalue()))


def _ods_cell(cell: Cell, span: tuple[int, int]) -> TableCell:
    spans = {"numberrowsspanned": span[0], "numbercolumnsspanned": span[1]} if span != (1, 1) else {}
    if cell is None:
        return TableCell(**spans)
    if isinstance(cell, (int, float)):
        made = TableCell(valuetype="float", value=cell, **spans)
    else:
        made = TableCell(valuetype="string", **spans)
    made.addElement(P(text=str(cell)))
    return made


def _with_fixed_times(data: bytes) -> bytes:
    """Give a zip file with one time for all its parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "meta.xml":
                content = b"".join(_without_times(content))
            made = zipfile.ZipInfo(part.filename, ZIP_TIME)
            made.compress_type = zipfile.ZIP_STORED if part.filename == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(made, content)
    return target.getvalue()


def _without_times(content: bytes) -> Iterable[bytes]:
    """Leave out the time of creation."""
    before, mark, rest = content.partition(b"<meta:creation-date>")
    yield before
    if mark:
        yield rest.partition(b"</meta:creation-date>")[2]


WRITERS: Mapping[str, Callable[[Path, Sequence[Page]], None]] = {
    ".xlsx": write_xlsx,
    ".xls": write_xls,
    ".ods": write_ods,
}

CORRECTED = {"id_check_digit": 2, "helper_missing": 1, "two_heads": 1}
"""How many faults of a family last month's corrections mend."""


def corrections(county: County) -> list[dict[str, object]]:
    """Give last month's corrections: some mend planted faults, the last one fits nothing any more."""
    rows = []
    left = dict(CORRECTED)
    for fault in county.truth.to_pylist():
        if left.get(fault["family"], 0):
            left[fault["family"]] -= 1
            rows.append(
                _correction(fault["table"], fault["row_key"], fault["column"], fault["is"], fault["was"])
            )
    first = county.tables["households"]["household"][0].as_py()
    rows.append(_correction("households", first, "house_grade", "C级", "B级"))
    return rows


def _correction(register: str, key: str, column: str, was: object, now: object) -> dict[str, object]:
    return {
        "register": register, "row_key": key, "column": column, "was": was, "is": now,
        "reason": "入户核实", "who": "乡镇核实员", "when": "2026-09-28",
    }  # fmt: skip


def places(county: County) -> list[dict[str, object]]:
    """Give codes and names of the county, its townships and villages; one township had another name."""
    villages = county.tables["villages"].to_pylist()
    code = villages[0]["place_code"][:6]
    rows = [_place(code, villages[0]["county"], "county", "")]
    townships = dict.fromkeys((one["place_code"][:9], one["township"]) for one in villages)
    rows += [_place(number, name, "township", code) for number, name in townships]
    number = next(iter(townships))[0]
    rows.append(_place(f"{code}900", "旧穗乡", "township", code) | {"valid_to": "2019", "successor": number})
    rows += [_place(one["place_code"], one["village"], "village", one["place_code"][:9]) for one in villages]
    return rows


def _place(code: str, name: str, level: str, parent: str) -> dict[str, object]:
    return {
        "code": code, "name": name, "level": level, "parent": parent, "valid_from": "", "valid_to": "",
        "successor": "", "aliases": "",
    }  # fmt: skip


def odd_cells(deliveries: Sequence[Delivery]) -> list[dict[str, object]]:
    """Give the cells that no longer say what they said."""
    return [
        {"file": delivery.file, "sheet": odd.sheet, "row": odd.row, "heading": odd.heading, "kind": odd.kind,
         "clean": odd.clean}
        for delivery in deliveries
        for odd in delivery.oddities
    ]  # fmt: skip


def write_csv(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows as UTF-8 with a heading; truth values as ``true`` and ``false``."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(
                {key: str(cell).lower() if isinstance(cell, bool) else cell for key, cell in row.items()}
            )


if __name__ == "__main__":
    main()
