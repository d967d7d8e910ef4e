"""The shape of rules and values in a file: which keys, of which types; nothing yet about expressions."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from typing import Any

from jiedui.errors import InputError
from jiedui.language import LANGUAGES
from jiedui.registers.checks.columns import TABLES
from jiedui.registers.checks.grammar import TODAY
from jiedui.registers.checks.rule import SEVERITIES
from jiedui.registers.tables import SOURCES_OF_DATA
from jiedui.schemes import load_period

Fault = tuple[str, str, object, str]
"""Which rule is broken, at which key, what was found, what is allowed."""
TEXTS = ("id", *LANGUAGES, "severity", "source", "table")
NEEDED: Mapping[str, type] = {**dict.fromkeys(TEXTS, str), "columns": list}
MAY: Mapping[str, type] = {
    "period": list, "find": str, "having": str, "where": str, "shows": str, "with": str, "on": list,
    "group": list, "absent": bool, "compares": str, "home": str, "needs": list, "passes": dict, "fails": dict,
}  # fmt: skip
ID = re.compile(r"\d_\d{2}_\d{3}", re.ASCII)
NAME = re.compile(r"[a-z][a-z0-9_]{0,60}", re.ASCII)
START = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


def faults_of_rule(entry: object, key: str) -> Iterator[Fault]:
    """Find what is wrong with the keys of a rule."""
    if not isinstance(entry, dict):
        yield "key", key, entry, "[[rule]]"
        return
    allowed = {**NEEDED, **MAY}
    for name in sorted({*NEEDED, *entry}):
        if name not in allowed:
            yield "key", f"{key}.{name}", name, ", ".join(allowed)
        elif not _is(entry.get(name), allowed[name]):
            yield "type", f"{key}.{name}", entry.get(name), allowed[name].__name__
    yield from _choices(entry, key)
    yield from _together(entry, key)


def faults_of_value(name: str, entry: object) -> Iterator[Fault]:
    """Find what is wrong with a value: its name, and numbers without date, unit or source."""
    key = f"values.{name}"
    if not NAME.fullmatch(name) or name in {TODAY, "found"}:
        yield "choice", key, name, "a–z, 0–9, _"
    if not isinstance(entry, dict) or set(entry) != {"unit", "source", "at"}:
        yield "key", key, entry, "unit, source, at"
        return
    if not isinstance(entry["unit"], dict) or set(entry["unit"]) != set(LANGUAGES):
        yield "type", f"{key}.unit", entry["unit"], "{ zh = …, en = … }"
    if not isinstance(entry["source"], str) or not entry["source"].strip():
        yield "type", f"{key}.source", entry["source"], "str"
    at = entry["at"]
    dated = isinstance(at, dict) and bool(at) and all(map(START.fullmatch, at))
    if not dated or not all(_is_number(number) for number in at.values()):
        yield "type", f"{key}.at", at, '{ "YYYY" = … }'


def _is(value: object, kind: type) -> bool:
    """Whether a value is of a type; a list or mapping holds something, a text is not blank."""
    if not isinstance(value, kind):
        return False
    if isinstance(value, str):
        return bool(value.strip())
    return not isinstance(value, list) or all(isinstance(item, str) for item in value)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e15  # noqa: PLR2004


def _choices(entry: Mapping[str, Any], key: str) -> Iterator[Fault]:
    """Find words that are none of those allowed."""
    if not ID.fullmatch(str(entry.get("id"))):
        yield "choice", f"{key}.id", entry.get("id"), "1_11_009"
    allowed = {
        "severity": SEVERITIES,
        "table": tuple(TABLES),
        "with": ("", *TABLES),
        "compares": ("", *SOURCES_OF_DATA),
    }
    for name, words in allowed.items():
        if entry.get(name, "") not in words:
            yield "choice", f"{key}.{name}", entry.get(name), ", ".join(filter(None, words))
    for name in entry.get("period", []) if isinstance(entry.get("period", []), list) else []:
        try:
            load_period(str(name))
        except InputError as error:
            yield "choice", f"{key}.period", name, error.findings[0].en
    if entry.get("columns") == []:
        yield "type", f"{key}.columns", [], "list"


def _together(entry: Mapping[str, Any], key: str) -> Iterator[Fault]:
    """Find keys that do not go together."""
    if "with" in entry:
        forbidden, needed = {"group"}, {"on"}
    elif "group" in entry:
        forbidden, needed = {"on", "absent", "compares"}, {"having"}
    else:
        forbidden, needed = {"on", "where", "absent", "having", "compares"}, {"find"}
    if "having" in entry:
        forbidden |= {"find", "absent"}
    elif not entry.get("absent"):
        needed |= {"find"}
    for name in sorted(forbidden & set(entry)):
        yield "together", f"{key}.{name}", name, ", ".join(sorted(needed))
    for name in sorted(needed - set(entry)):
        yield "key", f"{key}.{name}", "", name
    yield from _comparison(entry, key)


def _comparison(entry: Mapping[str, Any], key: str) -> Iterator[Fault]:
    """Find data of another office that would be joined without saying so, or for nobody."""
    table, other = str(entry.get("table")), str(entry.get("with", ""))
    wanted = other if other in SOURCES_OF_DATA else ""
    if entry.get("compares", "") != wanted:
        yield "compares", f"{key}.compares", entry.get("compares", ""), wanted
    columns = [column.name for column in TABLES[table].columns] if table in TABLES else []
    if (wanted and "household" not in columns) or (other and table in SOURCES_OF_DATA):
        yield "compares", f"{key}.table", table, "persons, households"


def places(words: str) -> set[str] | None:
    """Name what a text has filled in; None where its brackets do not match."""
    try:
        return {name for part in string.Formatter().parse(words) for name in _named(*part[1:])}
    except ValueError:
        return None


def _named(name: str | None, spec: str | None, turn: str | None) -> list[str]:
    if spec or turn:
        raise ValueError(name)
    return [] if name is None else [name]
