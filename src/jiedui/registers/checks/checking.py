"""A whole register held against rules: findings, and how many rows each rule was put to."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.registers.checks.asking import Asked, find
from jiedui.registers.checks.database import load_tables, open_database
from jiedui.registers.checks.gates import make_gates
from jiedui.registers.checks.rule_files import shipped_rules
from jiedui.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb
    import pyarrow as pa

    from jiedui.registers.checks.rule import Rule, Rules
    from jiedui.registers.register import Register

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
COMPARED = Table(
    "compared",
    {"zh": "规则比对情况", "en": "rows compared by rule"},
    (
        Column("rule", "text", {"zh": "规则编号", "en": "rule"}),
        Column("register", "text", {"zh": "表", "en": "table"}),
        Column("compared", "integer", {"zh": "已比对", "en": "compared"}),
        Column("not_compared", "integer", {"zh": "未比对", "en": "not compared"}),
        Column("hits", "integer", {"zh": "待核实", "en": "to be verified"}),
    ),
    key=("rule",),
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What rules found in a register.

    Attributes
    ----------
    findings : pyarrow.Table
        As `FINDINGS` declares, in the order of rules and rows. ``row_key`` holds whole ID numbers; it is to
        be masked before it leaves the office. Everything else shows the last four signs only.
    compared : pyarrow.Table
        As `COMPARED` declares: rows not compared lack an authorisation, or their office did not send what
        the rule asks about.
    """

    findings: pa.Table
    compared: pa.Table


def check_register(
    register: Register,
    *,
    on: str,
    purpose: str = "",
    rules: Rules | None = None,
    regions: tuple[int, ...] = (),
) -> Checked:
    """Put every rule of the period to every row of a register.

    Parameters
    ----------
    on : str
        The date of the check, ``YYYY-MM-DD``; it decides the period, ages, and which authorisations hold.
    purpose : str
        The purpose of the comparison, as authorisations state it. Without one, data of other offices are
        compared only where a legal basis is stated.
    rules : Rules, optional
        The shipped ones when not given.
    regions : tuple of int
        First two digits of ID numbers to accept beside those in use, for synthetic registers.

    Raises
    ------
    InputError
        If the date is none, or a rule cannot be computed.

    Examples
    --------
    >>> from jiedui.registers import empty_register
    >>> checked = check_register(empty_register(), on="2026-06-30")
    >>> checked.findings.num_rows, checked.compared.num_rows >= 60
    (0, True)
    """
    _demand_day(on)
    with open_database(on=on) as database:
        asked = prepare(database, register, Asking(rules or shipped_rules(), on, purpose, regions))
        findings = find(database, asked, register)
        return Checked(findings, _compared(database, asked, findings))


@dataclass(frozen=True, slots=True)
class Asking:
    """What `check_register` was asked for."""

    rules: Rules
    on: str
    purpose: str
    regions: tuple[int, ...]


def put(database: duckdb.DuckDBPyConnection, register: Register, asking: Asking) -> pa.Table:
    """Load a register into an open database and give what rules find in it."""
    return find(database, prepare(database, register, asking), register)


def prepare(database: duckdb.DuckDBPyConnection, register: Register, asking: Asking) -> Asked:
    """Load a register into an open database; give the rules of the period, each with its gate."""
    asked = [rule for rule in asking.rules.rules if rule.holds(asking.on)]
    wanted = {table for rule in asked for table in rule.tables}
    judged = {table for table in wanted if _judges(asked, table)}
    load_tables(database, register.tables, wanted=wanted, judged=judged, regions=asking.regions)
    gates = make_gates(database, register, asked, on=asking.on, purpose=asking.purpose)
    return Asked(asked, asking.rules.values, gates, asking.on)


def _demand_day(on: str) -> None:
    try:
        dt.date.fromisoformat(on)
    except ValueError:
        raise InputError([finding("checks.on", found=on)]) from None
    if not DAY.fullmatch(on):
        raise InputError([finding("checks.on", found=on)])


def _judges(rules: Sequence[Rule], table: str) -> bool:
    """Whether any rule reads what is made ready from the ID numbers of a table."""
    own = {name for rule in rules if rule.table == table for one in rule.expressions for name in one.columns}
    other = {
        name
        for rule in rules
        if rule.other == table
        for one in rule.expressions
        for name in one.other_columns
    }
    return any(
        name.startswith(("id_", "head_id_")) and not name.endswith("id_number") for name in own | other
    )


def _compared(database: duckdb.DuckDBPyConnection, asked: Asked, findings: pa.Table) -> pa.Table:
    """Count the rows that each rule was put to."""
    import pyarrow as pa

    hits = Counter(findings["rule"].to_pylist())
    counts: dict[tuple[str, str], int] = {}
    rows = []
    for rule in asked.rules:
        whole = _count(database, counts, rule.table, "")
        gate = asked.gates[rule.id]
        compared = 0 if gate.shut else _count(database, counts, rule.table, gate.sql)
        told = {"compared": compared, "not_compared": whole - compared, "hits": hits[rule.id]}
        rows.append({"rule": rule.id, "register": rule.table, **told})
    return pa.Table.from_pylist(rows, schema=COMPARED.schema())


def _count(
    database: duckdb.DuckDBPyConnection, counts: dict[tuple[str, str], int], table: str, test: str
) -> int:
    """Count rows that pass a gate, each gate once."""
    if (table, test) not in counts:
        query = f'SELECT count(*) FROM "{table}" AS this WHERE {test or "true"}'  # noqa: S608
        counts[table, test] = database.execute(query).fetchall()[0][0]
    return counts[table, test]
