"""Rules put to a register in a closed database: who is found by which, written as findings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import LANGUAGES, Lang, finding, text
from jiedui.registers.checks.binding import given, in_force
from jiedui.registers.checks.queries import PLACE, bit_of, flags_query, kept_columns, pairs_query
from jiedui.registers.tables import FINDINGS
from jiedui.schemes import Value

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from jiedui.registers.checks.gates import Gate
    from jiedui.registers.checks.rule import Rule
    from jiedui.registers.register import Register

LONGEST = 200
"""How much of a cell a finding repeats."""
STORE = (
    "CREATE OR REPLACE TEMP TABLE found (rule VARCHAR, severity VARCHAR, register VARCHAR, row_key VARCHAR, "
    '"column" VARCHAR, found VARCHAR, township VARCHAR, village VARCHAR, file VARCHAR, sheet VARCHAR, '
    "cell VARCHAR, zh VARCHAR, en VARCHAR, place BIGINT, source BIGINT, number BIGINT, id BIGINT)"
)
WRITE = """
    INSERT INTO found
    SELECT $_rule, $_severity, $_register, row_key, $_name, shows, township, village,
           file, sheet, prefix || _row::VARCHAR,
           replace($_zh, '{{found}}', coalesce(shows, $_zh_blank)),
           replace($_en, '{{found}}', coalesce(shows, $_en_blank)), $_place, _source, _row, _id
    FROM (
        SELECT this._key AS row_key, {shows} AS shows, {township} AS township,
               {village} AS village, this._source, this._row, this._id
        FROM hits AS this WHERE {test}
    ) AS this
    LEFT JOIN cells ON cells.register = $_register AND cells.name = $_name AND cells.number = this._source
"""
# Names come from declarations, expressions from `read_expression`; what a user typed is a parameter.
# ruff: noqa: S608


@dataclass(frozen=True, slots=True)
class Asked:
    """Rules, the date, and what they need to be put."""

    rules: Sequence[Rule]
    values: Mapping[str, Value]
    gates: Mapping[str, Gate]
    on: str


def find(database: duckdb.DuckDBPyConnection, asked: Asked, register: Register) -> pa.Table:
    """Give the findings of all rules, in the order of rules and rows.

    Raises
    ------
    InputError
        If a rule cannot be computed on this register, such as a sum too large for a whole number.
    """
    _register_cells(database, asked.rules, register)
    database.execute(STORE)
    open_rules = [rule for rule in asked.rules if not asked.gates[rule.id].shut]
    together = [rule for rule in open_rules if rule.kind in ("row", "group")]
    together.sort(key=_where)
    for _, same in groupby(together, key=_where):
        _ask(database, asked, list(same))
    for rule in open_rules:
        if rule.kind in ("match", "absent"):
            _ask(database, asked, [rule])
    names = ", ".join(f'"{column.name}"' for column in FINDINGS.columns)
    query = f"SELECT {names} FROM found ORDER BY place, source, number, id"
    return database.sql(query).to_arrow_table().cast(FINDINGS.schema())


def _where(rule: Rule) -> tuple[str, str]:
    """Give what rules must share to be put in one pass."""
    return rule.table, rule.kind


def _ask(database: duckdb.DuckDBPyConnection, asked: Asked, rules: Sequence[Rule]) -> None:
    """Put rules of one table and kind: one query finds the rows, then each rule writes its findings."""
    import duckdb

    gates = {rule.id: asked.gates[rule.id].sql for rule in rules}
    single = rules[0].kind in ("match", "absent")
    query = pairs_query(rules[0], gates) if single else flags_query(rules, gates)
    used = {name: value for rule in rules for name, value in given(rule, asked.values, asked.on).items()}
    try:
        database.execute(f"CREATE OR REPLACE TEMP TABLE hits AS {query}", _used(query, used))
        for place in _hit(database, rules):
            rule = rules[place]
            shows, test = ("this.shows", "true") if single else (rule.shows.sql, bit_of(place))
            _write(database, asked, rule, shows=shows, test=test)
    except duckdb.Error as error:
        cause = str(error).splitlines()[0]
        listed = ", ".join(rule.id for rule in rules)
        raise InputError([finding("checks.cannot_run", rules=listed, found=cause)]) from None


def _hit(database: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> list[int]:
    """Give the places of the rules that found anything."""
    bits = [bit_of(place) for place in range(len(rules))] if rules[0].kind in ("row", "group") else ["true"]
    tests = ", ".join(f"bool_or({bit})" for bit in bits)
    found = database.execute(f"SELECT {tests} FROM hits").fetchall()[0]
    return [place for place, hit in enumerate(found) if hit]


def _write(database: duckdb.DuckDBPyConnection, asked: Asked, rule: Rule, *, shows: str, test: str) -> None:
    """Write the findings of a rule."""
    query = WRITE.format(
        shows=f"left(({shows})::VARCHAR, {LONGEST})",
        test=test,
        **{name: f'this."{name}"' if name in kept_columns([rule]) else "NULL" for name in PLACE},
    )
    told: dict[str, object] = {
        "_rule": rule.id,
        "_severity": rule.severity,
        "_register": rule.table,
        "_name": rule.columns[0],
        "_place": asked.rules.index(rule),
    }
    for lang in LANGUAGES:
        told |= {f"_{lang}": _filled(rule, asked, lang), f"_{lang}_blank": text("codebook.none", lang)}
    database.execute(query, {**told, **_used(shows, given(rule, asked.values, asked.on))})


def _filled(rule: Rule, asked: Asked, lang: Lang) -> str:
    """Fill the values into the words of a rule; what was found is filled in for each row."""
    known = {name: in_force(value, asked.on) for name, value in asked.values.items()}
    return rule.words[lang].format_map({**known, "found": "{found}"})


def _used(query: str, values: Mapping[str, float | str]) -> dict[str, float | str]:
    """Leave out the values that a query does not name; the database refuses them."""
    named = set(re.findall(r"\$(\w+)", query))
    return {name: value for name, value in values.items() if name in named}


def _register_cells(database: duckdb.DuckDBPyConnection, rules: Sequence[Rule], register: Register) -> None:
    """Say for each column and source how the address of its cells begins."""
    import pyarrow as pa

    rows = [
        {
            "register": table,
            "name": column,
            "number": number,
            "file": source.place.file,
            "sheet": source.place.sheet,
            "prefix": source.cell(table, 0, column).removesuffix("0"),
        }
        for table, column in sorted({(rule.table, rule.columns[0]) for rule in rules})
        for number, source in enumerate(register.sources)
    ]
    texts = [pa.field(name, pa.string()) for name in ("register", "name", "file", "sheet", "prefix")]
    schema = pa.schema([*texts, pa.field("number", pa.int64())])
    database.register("cells", pa.Table.from_pylist(rows, schema=schema))
