"""Open tables: CSV for offices, Parquet for machines, the codebook, and the record of the run."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jiedui.language import Lang
from jiedui.publish.cells import plain
from jiedui.tables import CODEBOOK, Table, codebook_rows

if TYPE_CHECKING:
    import pyarrow as pa


def write_csv(path: Path, table: pa.Table, *, declaration: Table, lang: Lang) -> None:
    """Write a table as Excel and WPS open it by a double click: UTF-8 with its mark, CRLF line ends."""
    columns = declaration.columns
    values = (table.column(column.name).to_pylist() for column in columns)
    rows = (
        [plain(value, column, lang) for value, column in zip(row, columns, strict=True)]
        for row in zip(*values, strict=True)
    )
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(column.heading(lang) for column in columns)
        writer.writerows(rows)


def write_parquet(path: Path, table: pa.Table, *, declaration: Table) -> None:
    """Write a table with its declared fields and types."""
    import pyarrow.parquet as pq

    schema = declaration.schema()
    pq.write_table(table.select(schema.names).cast(schema), path, compression="zstd")


def write_codebook(path: Path, tables: Sequence[Table], lang: Lang) -> None:
    """Write what each column of the tables means."""
    import pyarrow as pa

    rows = pa.Table.from_pylist(codebook_rows(tables, lang), schema=CODEBOOK.schema())
    write_csv(path, rows, declaration=CODEBOOK, lang=lang)


def write_run(path: Path, run: Mapping[str, object]) -> None:
    """Write the record of the run, keys in order."""
    record = json.dumps(run, ensure_ascii=False, indent=2, sort_keys=True)
    path.write_text(record + "\n", encoding="utf-8", newline="\n")
