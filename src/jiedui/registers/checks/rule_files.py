"""Files of rules, read and checked by key: shipped ones, and a county's own that add to them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jiedui.errors import Finding, InputError
from jiedui.language import finding
from jiedui.registers.checks.binding import unbound
from jiedui.registers.checks.rule import Rule, Rules
from jiedui.registers.checks.rule_entry import read_rule
from jiedui.registers.checks.shape import Fault, faults_of_rule, faults_of_value
from jiedui.schemes import Value

LARGEST = 2**22
"""Bytes in one file of rules."""


@cache
def shipped_rules() -> Rules:
    """Give the rules and values that come with the package.

    Examples
    --------
    >>> len(shipped_rules().rules) >= 60
    True
    """
    folder = files(__package__).joinpath("rules")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    values = _values(_tree(folder.joinpath("values.toml").read_bytes(), "values.toml"), "values.toml")
    rules: list[Rule] = []
    for name in names:
        rules += _rules(_tree(folder.joinpath(name).read_bytes(), name), name, values)
    return Rules(tuple(sorted(rules, key=lambda rule: rule.id)), values)


def read_rules(path: Path) -> Rules:
    """Give the shipped rules with those of a county's own file: more rules, other values, some left out.

    Parameters
    ----------
    path : Path
        A .toml file with ``leave_out`` (ids of shipped rules), ``[values.NAME]`` and ``[[rule]]``. A rule
        with the id of a shipped one replaces it, and a value with its name likewise.

    Raises
    ------
    InputError
        With everything that is wrong in the file, by key.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "county.toml"
    >>> _ = path.write_text('leave_out = ["1_11_009"]', encoding="utf-8")
    >>> len(shipped_rules().rules) - len(read_rules(path).rules)
    1
    """
    shipped = shipped_rules()
    try:
        if path.stat().st_size > LARGEST:
            raise InputError([finding("checks.file_large", file=path.name, largest=LARGEST)])
        content = path.read_bytes()
    except OSError:
        raise InputError([finding("checks.file_missing", file=path.name)]) from None
    tree = _tree(content, path.name)
    values = {**shipped.values, **_values(tree, path.name)}
    own = _rules(tree, path.name, values)
    if wrong := unbound(own, values, path.name):
        raise InputError(wrong)
    aside = {*_left_out(tree, path.name, shipped), *(rule.id for rule in own)}
    kept = [rule for rule in shipped.rules if rule.id not in aside]
    return Rules(tuple(sorted([*kept, *own], key=lambda rule: rule.id)), values)


def _tree(content: bytes, file: str) -> dict[str, Any]:
    """Parse a file; refuse keys that mean nothing."""
    try:
        tree = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError([finding("checks.not_toml", file=file, found=str(error))]) from None
    allowed = {"leave_out": list, "values": dict, "rule": list}
    wrong = [key for key, value in tree.items() if not isinstance(value, allowed.get(key, ()))]
    if wrong:
        raise InputError(_findings(file, [("key", key, key, ", ".join(allowed)) for key in wrong]))
    return tree


def _values(tree: Mapping[str, Any], file: str) -> dict[str, Value]:
    """Read the values of a file."""
    entries = tree.get("values", {})
    wrong = [fault for name, entry in entries.items() for fault in faults_of_value(name, entry)]
    if wrong:
        raise InputError(_findings(file, wrong))
    return {name: Value(entry["unit"], entry["source"], entry["at"]) for name, entry in entries.items()}


def _rules(tree: Mapping[str, Any], file: str, values: Mapping[str, Value]) -> list[Rule]:
    """Read the rules of a file: first their shape, then their expressions."""
    entries = tree.get("rule", [])
    if wrong := _findings(file, _shape(entries)):
        raise InputError(wrong)
    rules: list[Rule] = []
    for entry in entries:
        rule, found = read_rule(entry, values, file)
        rules += [rule] if rule else []
        wrong += found
    if wrong:
        raise InputError(wrong)
    return rules


def _shape(entries: list[Any]) -> Iterator[Fault]:
    """Find keys that are missing, wrong or unknown, and ids that stand twice."""
    seen: set[str] = set()
    for place, entry in enumerate(entries):
        yield from faults_of_rule(entry, f"rule[{place}]")
        name = str(entry.get("id")) if isinstance(entry, dict) else ""
        if name in seen:
            yield "twice", f"rule[{place}].id", name, ""
        seen.add(name)


def _left_out(tree: Mapping[str, Any], file: str, shipped: Rules) -> list[str]:
    known = {rule.id for rule in shipped.rules}
    unknown = [str(name) for name in tree.get("leave_out", []) if name not in known]
    if unknown:
        allowed = f"{min(known)} … {max(known)}"
        raise InputError(_findings(file, [("choice", "leave_out", name, allowed) for name in unknown]))
    return list(tree.get("leave_out", []))


def _findings(file: str, faults: Iterator[Fault] | list[Fault]) -> list[Finding]:
    return [
        finding(f"checks.{rule}", file=file, cell=cell, found=str(found)[:80], allowed=allowed)
        for rule, cell, found, allowed in faults
    ]
