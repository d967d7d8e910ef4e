"""A store: tables in one file, written by one process at a time, whole or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jiedui.errors import Finding
from jiedui.language import finding
from jiedui.store.opening import CATALOGUE, FORMAT, make_file, open_file, refusal

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    import duckdb
    import pyarrow as pa

__all__ = ["FORMAT", "Store"]

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)
RESERVED = "meta"
BATCH = 100_000
"""Rows written to Parquet at a time."""
HARDENED = (
    f"USE {CATALOGUE}",
    "SET enable_external_access = false",
    "SET python_enable_replacements = false",
    "SET lock_configuration = true",
)
"""Whatever is asked of the connection: no file, no network, no variable of the program, no other limit."""


class Store:
    """Tables in one DuckDB file; open it with `Store.open`, in a ``with`` statement.

    Examples
    --------
    >>> import pyarrow as pa
    >>> path = Path(tempfile.mkdtemp()) / "county.duckdb"
    >>> with Store.open(path, create=True) as store:
    ...     store.write_table("villages", pa.table({"village": ["麻子村"]}))
    >>> with Store.open(path) as store:
    ...     store.tables(), store.read_table("villages").to_pylist(), store.check()
    (('villages',), [{'village': '麻子村'}], ())
    """

    __slots__ = ("_db", "_path")

    def __init__(self, db: duckdb.DuckDBPyConnection, path: Path) -> None:
        self._db = db
        self._path = path

    @classmethod
    def open(cls, path: Path, *, create: bool = False, memory_mib: int = 2048, threads: int = 2) -> Self:
        """Give the store in a file; while it is open nobody else can open it.

        Parameters
        ----------
        create
            Whether to make the file where there is none.
        memory_mib
            What queries may use before they go on in files beside the store.

        Raises
        ------
        InputError
            If the file is missing, not a store, of a newer format, damaged, or open elsewhere.
        """
        import duckdb

        if create and not path.exists():
            make_file(path)
        limits = {
            "memory_limit": f"{memory_mib}MiB",
            "threads": str(threads),
            "temp_directory": f"{path}.tmp",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        db = duckdb.connect(config=limits)
        try:
            open_file(db, path)
            for setting in HARDENED:
                db.execute(setting)
        except BaseException:
            db.close()
            raise
        return cls(db, path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was not committed is dropped."""
        self._db.close()

    def connection(self) -> duckdb.DuckDBPyConnection:
        """Give the connection, always the same.

        It reaches this file and its spill folder, no other file, no network, no variable of the program;
        limits cannot be changed.
        """
        return self._db

    def tables(self) -> tuple[str, ...]:
        """List the tables that can be read by name, sorted."""
        return tuple(name for schema, name in self._names() if schema == "main")

    def write_table(self, name: str, rows: pa.Table) -> None:
        """Put a table in the place of the one of its name, whole or not at all.

        Raises
        ------
        InputError
            If the name is not made of small letters, digits and ``_``, or is reserved; if the disk is full.
        """
        import duckdb

        if not NAME.fullmatch(name) or name == RESERVED:
            raise refusal("table_name", self._path, name=name)
        self._db.register("rows_to_write", rows)
        try:
            self._db.execute(f'CREATE OR REPLACE TABLE main."{name}" AS SELECT * FROM rows_to_write')  # noqa: S608
        except duckdb.IOException:
            raise refusal("not_writable", self._path) from None
        finally:
            self._db.unregister("rows_to_write")

    def read_table(self, name: str) -> pa.Table:
        """Give a table, its rows in the order in which they were written.

        Raises
        ------
        InputError
            If there is no such table.
        """
        if name not in self.tables():
            raise refusal("table_missing", self._path, name=name, found="、".join(self.tables()) or "–")
        return self._db.sql(f'SELECT * FROM main."{name}"').to_arrow_table()  # noqa: S608

    def export_parquet(self, folder: Path) -> tuple[Path, ...]:
        """Write every table as it stands at one moment into a new folder, one Parquet file each.

        Raises
        ------
        InputError
            If the folder holds anything, or cannot be written.
        """
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise refusal("folder_not_empty", self._path, folder=folder.name)
        try:
            part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
            try:
                names = self._write_parquet(part)
                if folder.exists():
                    folder.rmdir()
                part.rename(folder)
            finally:
                shutil.rmtree(part, ignore_errors=True)
        except OSError:
            raise refusal("folder_not_writable", self._path, folder=folder.name) from None
        return tuple(folder / name for name in names)

    def check(self) -> tuple[Finding, ...]:
        """Read every block of every table against its checksum; give what is damaged."""
        import duckdb

        damaged: list[Finding] = []
        for schema, name in self._names():
            every = f'SELECT count(*), sum(hash(COLUMNS(*))) FROM "{schema}"."{name}"'  # noqa: S608
            try:
                self._db.execute(every).fetchall()
            except duckdb.Error:
                damaged.append(finding("store.table_damaged", file=self._path.name, name=f"{schema}.{name}"))
        return tuple(damaged)

    def _names(self) -> list[tuple[str, str]]:
        """List schema and name of every table but the mark of the store."""
        names: list[tuple[str, str]] = self._db.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = ?"
            " AND NOT (schema_name = 'main' AND table_name = ?) ORDER BY ALL",
            [CATALOGUE, RESERVED],
        ).fetchall()
        return names

    def _write_parquet(self, folder: Path) -> list[str]:
        from pyarrow import parquet

        files: list[str] = []
        self._db.execute("BEGIN")
        try:
            for schema, name in self._names():
                reader = self._db.sql(f'SELECT * FROM "{schema}"."{name}"').to_arrow_reader(BATCH)  # noqa: S608
                files.append(f"{name}.parquet" if schema == "main" else f"{schema}.{name}.parquet")
                with parquet.ParquetWriter(folder / files[-1], reader.schema, compression="zstd") as writer:
                    for batch in reader:
                        writer.write_batch(batch)
        finally:
            self._db.execute("ROLLBACK")
        return files
