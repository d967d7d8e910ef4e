"""The same person in every table of a register."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.language import finding
from jiedui.registers.linkage.closure import close_links
from jiedui.registers.linkage.decisions import fit_decisions
from jiedui.registers.linkage.keys import link_by_keys
from jiedui.registers.linkage.linked import APART, BY_DECISION, DECIDE, LINKED, Limits, Linked
from jiedui.registers.linkage.probability import can_weigh, link_by_probability
from jiedui.registers.linkage.questions import Row, ask
from jiedui.registers.linkage.records import person_records

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from jiedui.errors import Finding
    from jiedui.registers.linkage.closure import Closure
    from jiedui.registers.linkage.decisions import Decided
    from jiedui.registers.register import Register

USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Link:
    """A link between two records by their positions."""

    left: int
    right: int
    score: float
    way: str
    status: str
    why: str = ""


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
        notes = _weigh(base, limits)
        rows = _rows(base)
        marks = [mark for (mark,) in base.sql("SELECT proved FROM keyed ORDER BY position").fetchall()]
        decided = fit_decisions(decisions, {row.record: position for position, row in enumerate(rows)})
        links = _links(base, decided)
        fillers = _fillers(base)
    closure = _close(marks, links, decided)
    links = _settle(links, closure, decided)
    asked = [
        (link.why, rows[link.left], rows[link.right], link.score) for link in links if link.status == DECIDE
    ]
    findings = (*notes, *fillers, *decided.findings, *ask(register, asked))
    return Linked(_link_table(links, rows), _identities(closure, rows), findings, _figures(links, closure))


def _weigh(base: duckdb.DuckDBPyConnection, limits: Limits) -> tuple[Finding, ...]:
    """Weigh the pairs that keys leave open, where there are any."""
    open_records = base.sql("SELECT count(*) FROM keyed WHERE proved IS NULL").fetchall()[0][0]
    if open_records and can_weigh():
        link_by_probability(base, limits)
        return ()
    base.execute(
        "CREATE TABLE by_probability AS SELECT *, 0.0 AS score, 0.0 AS weight FROM by_key WHERE false"
    )
    return (finding("linkage.without_splink", records=open_records),) if open_records else ()


def _rows(base: duckdb.DuckDBPyConnection) -> list[Row]:
    told = base.sql(
        "SELECT record, register, coalesce(_source, -1), coalesce(_row, 0), coalesce(name, '') "
        "FROM keyed ORDER BY position"
    )
    return [Row(*row) for row in told.fetchall()]


def _fillers(base: duckdb.DuckDBPyConnection) -> tuple[Finding, ...]:
    told = base.sql("""SELECT right(whole, 4), count(*) FROM records
        WHERE position IN (SELECT position FROM keyed WHERE is_filler) GROUP BY whole ORDER BY whole""")
    return tuple(finding("linkage.id_filler", last=last, records=count) for last, count in told.fetchall())


def _links(base: duckdb.DuckDBPyConnection, decided: Decided) -> list[Link]:
    """Give the links strongest first: decisions, keys, then by weight; each pair once."""
    told = [Link(*pair, 1.0, BY_DECISION, LINKED) for pair in decided.same]
    told += [Link(*pair, 0.0, BY_DECISION, APART) for pair in decided.apart]
    found = base.sql("""
        SELECT l, r, score::DOUBLE, way, status, why FROM (
            SELECT *, CASE status WHEN 'linked' THEN 1.0 ELSE 0.5 END AS score, 1e9 AS weight FROM by_key
            UNION ALL BY NAME SELECT * FROM by_probability)
        ORDER BY weight DESC, status DESC, way DESC, l, r""")
    kept: dict[tuple[int, int], Link] = {}
    for link in (*told, *(Link(*row) for row in found.fetchall())):
        kept.setdefault((link.left, link.right), link)
    return list(kept.values())


def _close(marks: list[str | None], links: list[Link], decided: Decided) -> Closure:
    pairs = [(link.left, link.right) for link in links if link.status == LINKED]
    return close_links(marks, pairs, apart=decided.apart, free=len(decided.same))


def _settle(links: list[Link], closure: Closure, decided: Decided) -> list[Link]:
    """Ask what was cut; ask each pair of identities once, and none that is joined or decided."""
    first = closure.first
    closed = {_identity_pair(first, *pair) for pair in decided.apart}
    linked = [link for link in links if link.status == LINKED]
    cut = {(linked[place].left, linked[place].right) for place in closure.cut}
    settled = []
    for link in links:
        if link.status == APART or (link.status == LINKED and (link.left, link.right) not in cut):
            settled.append(link)
            continue
        pair = _identity_pair(first, link.left, link.right)
        if pair not in closed and pair[0] != pair[1]:
            closed.add(pair)
            why = "cut" if link.status == LINKED else link.why
            settled.append(Link(link.left, link.right, link.score, link.way, DECIDE, why))
    return sorted(settled, key=lambda link: (link.left, link.right))


def _identity_pair(first: list[int], left: int, right: int) -> tuple[int, int]:
    return min(first[left], first[right]), max(first[left], first[right])


def _link_table(links: list[Link], rows: list[Row]) -> pa.Table:
    import pyarrow as pa

    return pa.table(
        {
            "left": pa.array([rows[link.left].record for link in links], pa.string()),
            "right": pa.array([rows[link.right].record for link in links], pa.string()),
            "score": pa.array([link.score for link in links], pa.float64()),
            "way": pa.array([link.way for link in links], pa.string()),
            "status": pa.array([link.status for link in links], pa.string()),
        }
    )


def _identities(closure: Closure, rows: list[Row]) -> pa.Table:
    import pyarrow as pa

    return pa.table(
        {
            "record": pa.array([row.record for row in rows], pa.string()),
            "identity": pa.array([rows[place].record for place in closure.first], pa.string()),
        }
    )


def _figures(links: list[Link], closure: Closure) -> dict[str, int]:
    counted = Counter(f"{link.status}_{link.way}" for link in links)
    figures = {"records": len(closure.first), "identities": len(set(closure.first))}
    return {**figures, **{name: counted[name] for name in sorted(counted)}}
