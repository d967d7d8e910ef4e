"""The same person in every table of a register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.language import finding
from jiedui.registers.linkage.keys import link_by_keys
from jiedui.registers.linkage.linked import Limits, Link, Linked
from jiedui.registers.linkage.probability import can_weigh, link_by_probability
from jiedui.registers.linkage.records import person_records
from jiedui.registers.linkage.settlement import settle

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from jiedui.errors import Finding
    from jiedui.registers.register import Register

USUAL = Limits()


def link_persons(register: Register, *, decisions: pa.Table | None = None, limits: Limits = USUAL) -> Linked:
    """Tell which records of a register are of the same person.

    By key first: an equal right ID number with names that fit, an equal household number and name. Then by
    probability, for records without a right ID number. Two different right ID numbers are never one person,
    unless somebody decided so. The register itself is not changed.

    Parameters
    ----------
    decisions
        As `jiedui.registers.tables.LINK_DECISIONS`. ``same = false`` keeps two records apart for ever,
        ``same = true`` makes them one.

    Examples
    --------
    >>> from jiedui.registers import empty_register
    >>> link_persons(empty_register()).figures["records"]
    0
    """
    import duckdb

    with duckdb.connect() as base:
        base.execute("SET threads=1")
        person_records(base, register)
        link_by_keys(base, limits)
        notes = (*_weigh(base, limits), *_fillers(base))
        records = base.sql(
            "SELECT record, register, _source, _row, name FROM keyed ORDER BY position"
        ).to_arrow_table()
        marks = dict(base.sql(MARKS).fetchall())
        links = [Link(*link) for link in base.sql(STRONGEST_FIRST).fetchall()]
    return settle(register, records, links, decisions=decisions, marks=marks, notes=notes)


MARKS = "SELECT position, proved FROM keyed WHERE proved IS NOT NULL"
STRONGEST_FIRST = """
SELECT l, r, score::DOUBLE, way, status, why FROM (
    SELECT *, CASE status WHEN 'linked' THEN 1.0 ELSE 0.5 END AS score, 1e9 AS weight FROM by_key
    UNION ALL BY NAME SELECT * FROM by_probability)
ORDER BY weight DESC, status DESC, way DESC, l, r
"""


def _weigh(base: duckdb.DuckDBPyConnection, limits: Limits) -> tuple[Finding, ...]:
    """Weigh the pairs that keys leave open, where there are any."""
    unproved = base.sql("SELECT count(*) FROM keyed WHERE proved IS NULL").fetchall()[0][0]
    if unproved and can_weigh():
        link_by_probability(base, limits)
        return ()
    base.execute(
        "CREATE TABLE by_probability AS SELECT *, 0.0 AS score, 0.0 AS weight FROM by_key WHERE false"
    )
    return (finding("linkage.without_splink", records=unproved),) if unproved else ()


def _fillers(base: duckdb.DuckDBPyConnection) -> tuple[Finding, ...]:
    """Tell of ID numbers that too many records carry."""
    told = base.sql("""SELECT right(whole, 4), count(*) FROM records
        WHERE position IN (SELECT position FROM keyed WHERE is_filler) GROUP BY whole ORDER BY whole""")
    return tuple(finding("linkage.id_filler", last=last, records=count) for last, count in told.fetchall())
