"""Exports: records streamed as csv, xlsx, parquet or GeoJSON, batch by batch, in constant memory."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator, Sequence
from enum import StrEnum
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from typing import IO, TYPE_CHECKING, Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from jiedui_web.bridge.exporting import DECLARED, arrow_rows, heads
from jiedui_web.language import text, this_language
from jiedui_web.registers.models import Record
from jiedui_web.registers.sealing import MAYBE, covered

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 4000
"""Rows at a time: some ten MiB, however many there are."""
ORDER = ("place_code", "id")
"""As the index of a register holds them: nothing is sorted."""
OWN = ("outer_id", "programme", "place_code")
MOST_XLSX = 1_048_575
"""Rows of a worksheet below its heading."""
FORMULA = r"^[=+\-@\t\r\x00]"
"""Starts of cells that a spreadsheet takes for a formula (ASVS 1.2.10): they get an apostrophe."""


class Format(StrEnum):
    """Formats of exports."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    GEOJSON = "geojson"


TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.GEOJSON: "application/geo+json",
}


def exported(rows: Sequence[QuerySet[Record]], *, register: str, form: Format) -> HttpResponseBase:
    """Answer with the records of one or several branches, each once, in a format.

    Csv and GeoJSON flow; workbooks and parquet come from a file.
    """
    name = f"{register if register in DECLARED else 'records'}.{form}"
    if form in {Format.CSV, Format.GEOJSON}:
        stream = (_csv if form == Format.CSV else _geojson)(rows, register)
        response: HttpResponseBase = StreamingHttpResponse(stream, content_type=TYPES[form])
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    file = (_xlsx if form == Format.XLSX else _parquet)(rows, register)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[form])


def _batches(rows: Sequence[QuerySet[Record]], register: str) -> Iterator[pa.Table]:
    """Give the records as tables of at most `BATCH` rows: own columns first."""
    lists = [_rows(branch) for branch in rows]
    joined = lists[0] if len(lists) == 1 else merge(*lists, key=itemgetter(slice(len(ORDER))))
    once = (next(same)[len(ORDER) :] for _, same in groupby(joined, key=itemgetter(1)))
    while batch := list(islice(once, BATCH)):
        yield _table(batch, register)


def _rows(branch: QuerySet[Record]) -> Iterator[tuple[Any, ...]]:
    """Give a branch in the order of its index: place and id, own columns, body."""
    found = branch.order_by(*ORDER).annotate(raw=Cast("body", TextField()))
    return found.values_list(*ORDER, *OWN, "raw").iterator(chunk_size=BATCH)


def _table(batch: list[tuple[str, ...]], register: str) -> pa.Table:
    """Put own columns before those of the bodies."""
    import pyarrow as pa

    *own, bodies = zip(*batch, strict=True)
    table = arrow_rows(register, bodies)
    fields = [pa.field(name, pa.string()) for name in OWN]
    columns = [pa.array(values, pa.string()) for values in own]
    names = {name: f"record_{name}" if name in table.column_names else name for name in OWN}
    return pa.table(
        [*columns, *_covered(table).columns],
        schema=pa.schema([*(f.with_name(names[f.name]) for f in fields), *table.schema]),
    )


def _covered(table: pa.Table) -> pa.Table:
    """Cover ID numbers that somebody wrote into free text; the columns meant for them are not exported."""
    import pyarrow as pa
    from pyarrow import compute

    for place, field in enumerate(table.schema):
        if not pa.types.is_string(field.type):
            continue
        cells = table.column(place)
        if compute.any(compute.match_substring_regex(cells, MAYBE)).as_py():
            told = [value and covered(value) for value in cells.to_pylist()]
            table = table.set_column(place, field, pa.array(told, pa.string()))
    return table


def _harmless(table: pa.Table) -> pa.Table:
    """Put an apostrophe before texts that a spreadsheet would take for a formula."""
    import pyarrow as pa
    from pyarrow import compute

    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            cells = table.column(place)
            marked = compute.replace_substring_regex(cells, FORMULA, r"'\0")
            table = table.set_column(place, field, marked)
    return table


def _headings(register: str) -> list[str]:
    """Name the columns in the reader's language."""
    lang = this_language()
    return [*(text(f"export.{name}") for name in OWN), *heads(register, lang)]


def _csv(rows: Sequence[QuerySet[Record]], register: str) -> Iterator[bytes]:
    from pyarrow import csv

    yield "\ufeff".encode() + (",".join(f'"{head}"' for head in _headings(register)) + "\r\n").encode()
    options = csv.WriteOptions(include_header=False)
    for table in _batches(rows, register):
        out = io.BytesIO()
        csv.write_csv(_harmless(table), out, options)
        yield out.getvalue()


def _geojson(rows: Sequence[QuerySet[Record]], register: str) -> Iterator[str]:
    """Write features; a record without coordinates has no geometry."""
    yield '{"type":"FeatureCollection","features":['
    first = True
    for table in _batches(rows, register):
        for row in table.to_pylist():
            lon, lat = row.get("lon"), row.get("lat")
            point = (
                {"type": "Point", "coordinates": [lon, lat]} if lon is not None and lat is not None else None
            )
            feature = {"type": "Feature", "geometry": point, "properties": row}
            yield ("" if first else ",") + json.dumps(feature, ensure_ascii=False)
            first = False
    yield "]}"


def _xlsx(rows: Sequence[QuerySet[Record]], register: str) -> IO[bytes]:
    import xlsxwriter

    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    line, sheet = 0, book.add_worksheet()
    sheet.write_row(0, 0, _headings(register))
    for table in _batches(rows, register):
        for row in table.to_pylist():
            if line == MOST_XLSX:
                line, sheet = 0, book.add_worksheet()
                sheet.write_row(0, 0, _headings(register))
            line += 1
            sheet.write_row(line, 0, row.values())
    book.close()
    return file


def _parquet(rows: Sequence[QuerySet[Record]], register: str) -> IO[bytes]:
    from pyarrow import parquet

    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    writer = None
    for table in _batches(rows, register):
        writer = writer or parquet.ParquetWriter(file, table.schema, compression="zstd")
        writer.write_table(table)
    if writer:
        writer.close()
    return file
