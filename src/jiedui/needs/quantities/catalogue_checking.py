"""What a catalogue must hold: columns with words, values with source, rules that can be followed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from jiedui.errors import Finding, InputError
from jiedui.language import LANGUAGES, finding
from jiedui.needs.expressions import read_quantity

BOTH = "{ zh = …, en = … }"
DATED = 'unit, source, at = { "YYYY" = … }'
STEPS = "[{ when = …, is = 1 }, …, { is = 2 }]"
TYPES = ("integer", "number", "text")
NEEDED: Mapping[str, type] = {
    "id": str,
    "words": dict,
    "source": str,
    "columns": dict,
    "values": dict,
    "rules": list,
}
RULE_KEYS = frozenset(
    ["id", "words", "kind", "kind_from", "unit", "quantity", "whole", "priority", "source", "off"]
)

NAME = re.compile("[a-z][a-z0-9_]*")

Fault = tuple[str, str, object, str]
"""Rule, key in the file, what was found, what is allowed."""


def check_catalogue(tree: Mapping[str, Any], file: str) -> list[Finding]:
    """Find everything that is wrong in a catalogue; its formulas are read once the rest is right."""
    wrong = [
        ("key", key, tree.get(key), kind.__name__)
        for key, kind in NEEDED.items()
        if not isinstance(tree.get(key), kind)
    ]
    found = _findings(wrong or _contents(tree), file)
    return found or [replace(one, file=file) for one in _formulas(tree)]


def check_changes(tree: Mapping[str, Any], file: str) -> list[Finding]:
    """Find what keeps the changes of a province from being put over a catalogue: each names its source."""
    return _findings(_changes(tree), file)


def _findings(faults: Iterable[Fault], file: str) -> list[Finding]:
    return [
        finding(f"quantities.{rule}", file=file, cell=cell, found=found, allowed=allowed)
        for rule, cell, found, allowed in faults
    ]


def _changes(tree: Mapping[str, Any]) -> Iterator[Fault]:
    if not isinstance(tree.get("source"), str):
        yield "key", "source", tree.get("source"), "source"
    for key in ("columns", "values"):
        if not isinstance(tree.get(key, {}), dict):
            yield "key", key, tree[key], f"[{key}.…]"
    rules = tree.get("rules", [])
    for place, rule in enumerate(rules if isinstance(rules, list) else [rules]):
        if not isinstance(rule, dict) or not all(isinstance(rule.get(key), str) for key in ("id", "source")):
            yield "key", f"rules[{place}]", rule, "id, source, …"


def _contents(tree: Mapping[str, Any]) -> Iterator[Fault]:
    if not _is_words(tree["words"]):
        yield "words", "words", tree["words"], BOTH
    for name, column in tree["columns"].items():
        if name == "recipient" or not NAME.fullmatch(name):
            yield "key", f"columns.{name}", name, NAME.pattern
        yield from _column(f"columns.{name}", column)
    for name, value in tree["values"].items():
        if not _is_value(value):
            yield "value", f"values.{name}", value, DATED
    yield from _rules(tree)


def _rules(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Find rules without an id of their own, and what is wrong in those that are in force."""
    seen: set[object] = set()
    for place, rule in enumerate(tree["rules"]):
        name = rule.get("id") if isinstance(rule, dict) else None
        if not isinstance(name, str) or name in seen:
            yield "key", f"rules[{place}]", name, "id"
        elif rule.get("off") is not True:
            yield from _rule(f"rules.{name}", rule, tree["columns"])
        seen.add(name)


def _column(key: str, column: object) -> Iterator[Fault]:
    """Find a column without type or words, and a unit without a language."""
    if not isinstance(column, dict) or column.get("type") not in TYPES:
        yield "key", key, column, f"type = {' | '.join(TYPES)}"
    elif not _is_words(column.get("words")) or not _is_words(column.get("unit", {"zh": "", "en": ""})):
        yield "words", key, column.get("words"), BOTH
    elif not _are_choices(column.get("choices", [])):
        yield "key", f"{key}.choices", column["choices"], '["…", …]'


def _rule(key: str, rule: Mapping[str, Any], columns: Mapping[str, Any]) -> Iterator[Fault]:
    """Find what keeps a rule from being followed."""
    if unknown := sorted(set(rule) - RULE_KEYS):
        yield "key", key, ", ".join(unknown), ", ".join(sorted(RULE_KEYS))
    for name in ("words", "unit"):
        if not _is_words(rule.get(name)):
            yield "words", f"{key}.{name}", rule.get(name), BOTH
    if not isinstance(rule.get("source"), str) or not rule["source"]:
        yield "key", f"{key}.source", rule.get("source"), "source"
    if not isinstance(rule.get("whole"), bool):
        yield "key", f"{key}.whole", rule.get("whole"), "true | false"
    if not isinstance(rule.get("quantity"), str):
        yield "key", f"{key}.quantity", rule.get("quantity"), '"…"'
    if not _are_steps(rule.get("priority")):
        yield "key", f"{key}.priority", rule.get("priority"), STEPS
    yield from _kind(key, rule, columns)


def _kind(key: str, rule: Mapping[str, Any], columns: Mapping[str, Any]) -> Iterator[Fault]:
    """Find a rule without one kind: its own, or that of a column of choices."""
    own, column = rule.get("kind"), rule.get("kind_from")
    if column is not None:
        choices = columns.get(column, {}).get("choices") if isinstance(column, str) else None
        if own is not None or not choices:
            yield "key", f"{key}.kind_from", column, "type = text, choices = [ … ]"
    elif not isinstance(own, str) or not own:
        yield "key", f"{key}.kind", own, "kind | kind_from"


def _formulas(tree: Mapping[str, Any]) -> Iterator[Finding]:
    """Find formulas that cannot be used, and quantities that depend on nothing."""
    columns = [name for name, column in tree["columns"].items() if column["type"] != "text"]
    values = dict.fromkeys(tree["values"], 1.0)
    for rule in tree["rules"]:
        for key, text in _texts(rule):
            cell = f"rules.{rule['id']}.{key}"
            try:
                read = read_quantity(text, columns, values)
            except InputError as error:
                yield from (replace(one, cell=cell) for one in error.findings)
                continue
            if key == "quantity" and not read.columns:
                yield finding("quantities.formula", cell=cell, found=text, allowed=", ".join(columns))


def _texts(rule: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give the formulas of a rule with their keys; none of one that is left out."""
    if rule.get("off") is True:
        return []
    steps = [(f"priority[{place}]", step.get("when")) for place, step in enumerate(rule["priority"])]
    return [("quantity", rule["quantity"]), *((key, when) for key, when in steps if when is not None)]


def _are_steps(steps: object) -> bool:
    """Whether a list of conditions gives everybody a priority: only the last has none."""
    if not isinstance(steps, list) or not steps or not all(isinstance(step, dict) for step in steps):
        return False
    whole = all(type(step.get("is")) is int and step["is"] >= 1 for step in steps)
    whole = whole and all(isinstance(step.get("when", ""), str) for step in steps)
    return whole and ["when" in step for step in steps] == [True] * (len(steps) - 1) + [False]


def _are_choices(choices: object) -> bool:
    return isinstance(choices, list) and all(isinstance(choice, str) for choice in choices)


def _is_value(value: object) -> bool:
    """Whether a value has unit, source and dates."""
    if not isinstance(value, dict) or not {"unit", "source", "at"} <= set(value):
        return False
    dated = value["at"]
    return isinstance(dated, dict) and bool(dated) and all(_is_finite(one) for one in dated.values())


def _is_finite(number: object) -> bool:
    return isinstance(number, int | float) and type(number) is not bool and math.isfinite(number)


def _is_words(word: object) -> bool:
    return isinstance(word, dict) and set(LANGUAGES) <= set(word)
