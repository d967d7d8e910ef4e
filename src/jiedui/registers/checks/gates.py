"""Which rows a rule is put to: only those whose office sent what it asks about, and that may be compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.registers.checks.columns import TABLES, sources_of
from jiedui.registers.checks.permissions import Permission, permit

if TYPE_CHECKING:
    import duckdb

    from jiedui.registers.checks.rule import Rule
    from jiedui.registers.register import Register

# Names come from declarations.
# ruff: noqa: S608


UNKNOWN = -1
"""The number of a row's source where the register has none."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What rows must fulfil to be asked: SQL over ``this``, empty for all; `shut` for none."""

    sql: str
    shut: bool = False


def make_gates(
    database: duckdb.DuckDBPyConnection, register: Register, rules: Iterable[Rule], *, on: str, purpose: str
) -> dict[str, Gate]:
    """Give the gate of each rule, by its id."""
    rules = list(rules)
    sources = sorted({rule.compares for rule in rules if rule.compares})
    permissions = {source: permit(database, source, on=on, purpose=purpose) for source in sources}
    wanted = {name for rule in rules for name in (rule.table, rule.other) if name}
    wanted |= {"households" for rule in rules if rule.home}
    sent = {table: _sent(database, register, table) for table in sorted(wanted)}
    return {rule.id: _gate(rule, sent, permissions) for rule in rules}


Sent = Mapping[int, frozenset[str]]
"""By number of a source: the columns that it sent."""


def _gate(rule: Rule, sent: Mapping[str, Sent], permissions: Mapping[str, Permission]) -> Gate:
    permission = permissions.get(rule.compares, "all")
    if permission == "none" or not _other_sent(rule, sent):
        return Gate("", shut=True)
    own = sent[rule.table]
    fit = [source for source, columns in own.items() if all(columns & set(some) for some in rule.needs)]
    tests = []
    if not fit:
        return Gate("", shut=True)
    if len(fit) < len(own):
        tests.append(f"coalesce(this._source, {UNKNOWN}) IN ({', '.join(map(str, fit))})")
    if permission == "some":
        tests.append(f'this.household IN (SELECT household FROM "allowed_{rule.compares}")')
    return Gate(" AND ".join(tests))


def _other_sent(rule: Rule, sent: Mapping[str, Sent]) -> bool:
    """Whether the tables beside the rule's own are there, with the columns that are asked about."""
    wanted = {(rule.other, right) for _, right in rule.on}
    wanted |= {(rule.other, name) for one in rule.expressions for name in one.other_columns}
    wanted |= {("households", name) for name in (rule.home.columns if rule.home else ())}
    return all(
        any(columns & set(sources_of(table, name)) for columns in sent[table].values())
        for table, name in wanted
    )


def _sent(database: duckdb.DuckDBPyConnection, register: Register, table: str) -> Sent:
    """Give what each source sent of a table: columns with a heading in it, or with any value."""
    columns = [column.name for column in TABLES[table].columns]
    if not register.sources:
        rows = register.tables.get(table)
        return {UNKNOWN: frozenset(columns)} if rows is not None and rows.num_rows else {}
    query = f'SELECT DISTINCT coalesce(_source, {UNKNOWN}) AS number FROM "{table}" ORDER BY number'
    numbers = [row[0] for row in database.execute(query).fetchall()]
    declared = {
        number: source.columns(table) for number, source in enumerate(register.sources) if number in numbers
    }
    missing = [name for name in columns if any(name not in found for found in declared.values())]
    filled = _filled(database, table, missing) if missing else {}
    whole = frozenset(columns)
    return {
        number: declared[number] | filled.get(number, frozenset()) if number in declared else whole
        for number in numbers
    }


def _filled(database: duckdb.DuckDBPyConnection, table: str, names: list[str]) -> dict[int, frozenset[str]]:
    """Give, by source, the columns that hold any value."""
    counts = ", ".join(f'count("{name}")' for name in names)
    rows = database.execute(f'SELECT _source, {counts} FROM "{table}" GROUP BY _source').fetchall()
    return {
        row[0]: frozenset(name for name, count in zip(names, row[1:], strict=True) if count) for row in rows
    }
