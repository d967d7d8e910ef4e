"""Rules as SQL: many rules of one table in one pass, a rule about pairs of rows in a query of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jiedui.registers.checks.columns import TABLES
from jiedui.registers.checks.rule import Rule

BITS = 60
"""Rules in one whole number of 64 bits."""
PLACE = ("township", "village")
# Expressions come from `read_expression`, names from declarations: nothing here is typed by a user as SQL.
# ruff: noqa: S608


def rows_of(rules: Sequence[Rule]) -> str:
    """Give the FROM clause that rules of one table and one kind read."""
    first = rules[0]
    this = f'"{first.table}" AS this'
    if first.kind == "match":
        return f'{this} JOIN "{first.other}" AS other ON {_equal(first)}'
    joins: dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, str]] = {}
    for rule in rules:
        if rule.kind == "group":
            made = joins.setdefault((rule.other, rule.on), {})
            made |= {one.name: one.sql for each in rule.expressions for one in each.aggregates}
    return " ".join([this, *(_figures(place, *key, made) for place, (key, made) in enumerate(joins.items()))])


def flags_query(rules: Sequence[Rule], gates: Mapping[str, str]) -> str:
    """Give the rows with a finding of any rule, with bits that tell of which."""
    kept = [f'this."{name}"' for name in kept_columns(rules)]
    kept += sorted({f'"{one.name}"' for rule in rules for one in rule.shows.aggregates})
    parts = [rules[start : start + BITS] for start in range(0, len(rules), BITS)]
    masks = [" + ".join(_bit(rule, place, gates) for place, rule in enumerate(part)) for part in parts]
    named = [f"{mask} AS m{place}" for place, mask in enumerate(masks)]
    hit = " OR ".join(f"m{place} <> 0" for place in range(len(masks)))
    return f"SELECT * FROM (SELECT {', '.join([*kept, *named])} FROM {rows_of(rules)}) WHERE {hit}"


def pairs_query(rule: Rule, gates: Mapping[str, str]) -> str:
    """Give the rows that match another row, or that match none, with what is shown of them."""
    kept = ", ".join(f'this."{name}"' for name in kept_columns([rule]))
    tests = [f"({rule.find.sql})", gates.get(rule.id, "")]
    where = rule.where.sql if rule.where else "true"
    if rule.kind == "absent":
        tests += [f'this."{left}" IS NOT NULL' for left, _ in rule.on]
        tests.append(f'NOT EXISTS (SELECT 1 FROM "{rule.other}" AS other WHERE {_equal(rule)} AND ({where}))')
        shows = f"({rule.shows.sql})::VARCHAR"
        return f"SELECT {kept}, {shows} AS shows FROM {rows_of([rule])} WHERE {_all(tests)}"
    tests.append(f"({where})")
    shows = f"min(({rule.shows.sql})::VARCHAR)"
    return f"SELECT {kept}, {shows} AS shows FROM {rows_of([rule])} WHERE {_all(tests)} GROUP BY ALL"


def kept_columns(rules: Sequence[Rule]) -> list[str]:
    """Name the columns that a finding is written from."""
    table = TABLES[rules[0].table]
    known = {column.name for column in table.columns}
    shown = {name for rule in rules for name in rule.shows.columns}
    return [
        "_id", "_source", "_row", "_key",
        *sorted({*(name for name in PLACE if name in known), *shown}),
    ]  # fmt: skip


def bit_of(place: int) -> str:
    """Give the test that tells whether the rule at a place found a row."""
    return f"(m{place // BITS} & {1 << place % BITS}) <> 0"


def _bit(rule: Rule, place: int, gates: Mapping[str, str]) -> str:
    tests = _all([f"({rule.find.sql})", gates.get(rule.id, "")])
    return f"CASE WHEN {tests} THEN {1 << place}::BIGINT ELSE 0 END"


def _figures(place: int, other: str, on: tuple[tuple[str, str], ...], made: Mapping[str, str]) -> str:
    """Join the figures over the matching rows, computed once for each group."""
    keys = [f'other."{right}"' for _, right in on]
    named = [f"{key} AS k{number}" for number, key in enumerate(keys)]
    figures = [f'{sql} AS "{name}"' for name, sql in made.items()]
    known = _all([f"{key} IS NOT NULL" for key in keys])
    group = f'SELECT {", ".join([*named, *figures])} FROM "{other}" AS other WHERE {known}'
    equal = _all([f'this."{left}" = j{place}.k{number}' for number, (left, _) in enumerate(on)])
    return f"LEFT JOIN ({group} GROUP BY {', '.join(keys)}) AS j{place} ON {equal}"


def _equal(rule: Rule) -> str:
    return _all([f'this."{left}" = other."{right}"' for left, right in rule.on])


def _all(tests: Sequence[str]) -> str:
    return " AND ".join(test for test in tests if test)
