"""Made-up households of any number, with a column for each indicator: for examples and measurements."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

COUNTIES = 2844
PREVALENCE = (0.18, 0.12, 0.10, 0.15, 0.08, 0.22, 0.05, 0.17, 0.11, 0.14)
INDICATORS = ("d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9")
STEPS = 4096
"""Chances are whole numbers of so many parts: twelve bits of a hash decide."""


def make_households(
    path: Path,
    rows: int,
    *,
    indicators: Sequence[str] = INDICATORS,
    counties: int = COUNTIES,
    missing: float = 0,
    seed: int = 0,
) -> Path:
    """Write made-up households into a Parquet file, by DuckDB alone, in seconds a million.

    Hashes of the row's number and the seed decide, so the same version of DuckDB gives the same rows. One
    household in eight lives in hardship and is deprived in much at once; counties differ ninefold.

    Parameters
    ----------
    rows
        Households; they fill the counties in order, as evenly as they can.
    indicators
        Names of the columns of 1, 0 and nothing.
    missing
        Chance that an indicator is missing.

    Returns
    -------
    Path
        The file: ``county`` (100000 and on), ``size`` (1 to 9), ``weight`` (50 to 249), and the
        indicators.

    Examples
    --------
    >>> import pyarrow.parquet as pq
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     table = pq.read_table(make_households(Path(folder) / "made.parquet", 1000, counties=10))
    >>> table.num_rows, len(table["county"].unique()), max(table["size"].to_pylist())
    (1000, 10, 9)
    """
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(
            _query(indicators, counties=counties, missing=missing),
            {"rows": rows, "seed": seed, "path": str(path)},
        ).fetchall()
    return path


def _query(indicators: Sequence[str], *, counties: int, missing: float) -> str:
    """Write the statement: each indicator reads a hash of its own."""
    stride = len(indicators) + 1
    columns = [_column(name, place, missing=missing) for place, name in enumerate(indicators)]
    draws = [f"hash(start + {place}) AS h{place}" for place in range(stride)]
    own = f"h{stride - 1}"
    return f"""COPY (
        WITH counted AS (
            SELECT i * {counties} // $rows AS place, ($seed::BIGINT << 48) + {stride} * i AS start
            FROM range($rows) AS t(i)),
        drawn AS (
            SELECT place, {", ".join(draws)},
                (hash(($seed::BIGINT << 48) - 1 - place) & 1023) / 1023.0 AS level
            FROM counted),
        living AS (
            SELECT *, (0.2 + 1.6 * level) * (CASE WHEN {own} & 7 = 0 THEN 3.5 ELSE 0.65 END) AS chance
            FROM drawn)
        SELECT (100000 + place)::INTEGER AS county,
            (1 + (({own} >> 8) & 3) + (CASE WHEN ({own} >> 10) & 7 = 0 THEN ({own} >> 13) % 6 ELSE 0 END))
                ::UTINYINT AS size,
            (50 + ({own} >> 20) % 200)::USMALLINT AS weight,
            {", ".join(columns)}
        FROM living
    ) TO $path (FORMAT parquet, COMPRESSION zstd)"""  # noqa: S608 — numbers, and names in quotes


def _column(name: str, place: int, *, missing: float) -> str:
    """Draw one indicator: twelve bits for its value, twelve for whether it is missing."""
    draw, often = f"h{place} & {STEPS - 1}", PREVALENCE[place % len(PREVALENCE)] * STEPS
    lost = f"(h{place} >> 12) & {STEPS - 1} < {round(missing * STEPS)}"
    quoted = name.replace('"', '""')
    return f'CASE WHEN NOT {lost} THEN (({draw}) < chance * {often})::UTINYINT END AS "{quoted}"'
