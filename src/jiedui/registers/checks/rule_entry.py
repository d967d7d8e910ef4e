"""One rule of a file: its expressions checked, its columns found, what it cannot do without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from jiedui.errors import Finding, InputError
from jiedui.language import LANGUAGES, finding
from jiedui.registers.checks.columns import known_columns, shown, sources_of
from jiedui.registers.checks.expressions import read_expression
from jiedui.registers.checks.grammar import Scope, Side
from jiedui.registers.checks.rule import Expression, Kind, Rule
from jiedui.registers.checks.shape import places
from jiedui.schemes import Value
from jiedui.tables.formulas import missing_column

NOTHING = Expression("true")
HOME = '"this"."household" IN (SELECT household FROM "households" AS this WHERE {})'


def read_rule(
    entry: Mapping[str, Any], values: Mapping[str, Value], file: str
) -> tuple[Rule | None, list[Finding]]:
    """Give the rule of an entry whose shape is right, or what is wrong with it."""
    wrong = list(_names(entry, values))
    if not wrong:
        try:
            return _rule(entry, values), []
        except InputError as refused:
            wrong = list(refused.findings)
    return None, [replace(one, file=file, cell=str(entry["id"])) for one in wrong]


def _rule(entry: Mapping[str, Any], values: Mapping[str, Value]) -> Rule:
    table, other = entry["table"], entry.get("with") or (entry["table"] if "group" in entry else "")
    on = tuple(_pair(each) for each in entry.get("on", entry.get("group", ())))
    kind = _kind(entry, other)
    where = _aside(entry, "where", Scope("other", {"other": other}, values))
    home = _aside(entry, "home", Scope("this", {"this": "households"}, values))
    tables: dict[Side, str] = {"this": table}
    if kind in {"match", "group"}:
        tables["other"] = other
    grouped = f"{other}|{on}" if kind == "group" else ""
    scope = Scope("this", tables, values, grouped, where.sql if where else "")
    find, shows = _find(entry, scope, where=where, home=home)
    own = entry.get("needs", [*find.columns, *entry["columns"], *(left for left, _ in on)])
    needs = tuple(dict.fromkeys(sources_of(table, name) for name in own))
    joined: dict[str, Any] = {"other": other, "on": on, "where": where, "home": home, "kind": kind}
    return Rule(**_told(entry), find=find, shows=shows, needs=needs, **joined)


def _told(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Give what stands in a rule as its file tells it."""
    same = ("id", "severity", "source", "table", "compares", "passes", "fails")
    return {
        **{name: entry[name] for name in same if name in entry},
        "words": {lang: entry[lang] for lang in LANGUAGES},
        "columns": tuple(entry["columns"]),
        "period": tuple(entry.get("period", ())),
    }


def _aside(entry: Mapping[str, Any], key: str, scope: Scope) -> Expression | None:
    """Read an expression that a rule may have beside its condition."""
    return read_expression(entry[key], scope) if key in entry else None


def _kind(entry: Mapping[str, Any], other: str) -> Kind:
    if not other:
        return "row"
    if "having" in entry:
        return "group"
    return "absent" if entry.get("absent") else "match"


def _find(
    entry: Mapping[str, Any], scope: Scope, *, where: Expression | None, home: Expression | None
) -> tuple[Expression, Expression]:
    """Give what is true for a finding, and what is shown of it."""
    asked = entry.get("having") or entry.get("find")
    find = read_expression(asked, scope) if asked else NOTHING
    shows_text = entry.get("shows") or shown(entry["table"], entry["columns"][0])
    shows = read_expression(shows_text, scope, masked=True)
    if where and scope.grouped:
        find, shows = (_with_values(one, where) for one in (find, shows))
    if home:
        find = _with_values(replace(find, sql=f"({find.sql}) AND {HOME.format(home.sql)}"), home)
    return find, shows


def _with_values(made: Expression, where: Expression) -> Expression:
    """Count the values of a filter among those of the figures that it filters."""
    values = tuple(sorted({*made.values, *where.values}))
    return replace(made, values=values)


def _pair(text: str) -> tuple[str, str]:
    """Read ``column`` or ``column = column of the other``."""
    left, _, right = text.partition("=")
    return left.strip().strip('"'), (right.strip() or left.strip()).strip('"')


def _names(entry: Mapping[str, Any], values: Mapping[str, Value]) -> Iterator[Finding]:
    """Find columns that a table has not, and words with places that nothing fills."""
    table, other = entry["table"], entry.get("with") or entry["table"]
    asked = [(table, name) for name in [*entry["columns"], *entry.get("needs", ())]]
    for left, right in map(_pair, [*entry.get("on", ()), *entry.get("group", ())]):
        asked += [(table, left), (other, right)]
    for where, name in asked:
        if name not in known_columns(where):
            yield missing_column(name, known_columns(where), table=where)
    for lang in LANGUAGES:
        named = places(entry[lang])
        if named is None or not named <= {"found", *values}:
            yield finding("checks.places", found=entry[lang], language=lang)
    if "home" in entry and "household" not in known_columns(table):
        yield missing_column("household", known_columns(table), table=table)
    if "on" in entry and not entry["on"]:
        yield finding("checks.no_on", table=other)
