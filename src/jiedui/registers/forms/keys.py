"""The keys of a form's file, checked; each finding says at which key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from jiedui.errors import Finding
from jiedui.language import LANGUAGES, Words, words
from jiedui.registers.forms.form import TABLES
from jiedui.tables import Table
from jiedui.tables.allowed import listed
from jiedui.tables.grid import Place

LARGEST = 2**53
"""Whole numbers below are exact, whichever way they are held; NaN and infinity are not below."""
TYPES: Mapping[type, str] = {str: "text", dict: "table", list: "list", bool: "truth", float: "number"}


@dataclass(frozen=True, slots=True)
class Keys:
    """One table of the file: its keys, where it stands, and the findings so far."""

    tree: dict[str, Any]
    file: str
    found: list[Finding]
    path: str = ""

    def wrong(self, key: str, rule: str, **values: str | Words) -> None:
        """Add a finding at a key."""
        self.found.append(Place(self.file).finding(rule, cell=f"{self.path}{key}", **values))

    def below(self, key: str, position: int) -> Keys:
        """Give one table of a list of tables; an empty one when it is none."""
        tree = self.tree[key][position]
        inner = Keys(
            tree if isinstance(tree, dict) else {},
            self.file,
            self.found,
            f"{self.path}{key}[{position + 1}].",
        )
        if not isinstance(tree, dict):
            self.wrong(f"{key}[{position + 1}]", "forms.not_kind", wanted=words("form_word.type_table"))
        return inner

    def check(
        self,
        known: Mapping[str, type],
        *,
        needed: Iterable[str] = (),
        choices: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Check names, types and choices; a value that does not fit is taken away."""
        for key in list(self.tree):
            if key not in known:
                self.wrong(key, "forms.key", near=_near(key, known))
            elif not _is(self.tree[key], known[key]):
                kind = words(f"form_word.type_{TYPES[known[key]]}")
                self.wrong(key, "forms.not_kind", wanted=kind)
                del self.tree[key]
            elif key in (choices or {}) and self.tree[key] not in (allowed := (choices or {})[key]):
                self.wrong(key, "forms.choice", found=self.tree.pop(key), allowed=listed(allowed))
        for key in needed:
            self.demand(key)

    def demand(self, key: str) -> None:
        """Say so when a key is missing or empty."""
        if not self.tree.get(key):
            self.wrong(key, "forms.missing", name=key)

    def column(self, key: str, table: Table, name: str) -> bool:
        """Tell whether a table has a column; say so when not."""
        names = [column.name for column in table.columns]
        if name not in names:
            self.wrong(key, "forms.column", found=name, table=table.name, near=_near(name, names))
        return name in names

    def table(self, key: str, name: str) -> Table | None:
        """Give a table; say so when there is none."""
        if name not in TABLES:
            self.wrong(key, "forms.table", found=name, allowed=listed(TABLES))
        return TABLES.get(name)

    def joins(self, left: Table, right: Table, on: Iterable[str]) -> bool:
        """Tell whether two tables both have the columns that join them."""
        both = {column.name for column in left.columns} & {column.name for column in right.columns}
        return set(on) <= both


def words_of(keys: Keys, key: str, position: int | None = None) -> Words | None:
    """Give words in both languages; none when the key is missing."""
    value = keys.tree.get(key)
    if value is not None and position is not None:
        value = value[position]
    if value is None:
        return None
    if isinstance(value, dict) and all(isinstance(value.get(lang), str) for lang in LANGUAGES):
        return value
    keys.wrong(key, "forms.words")
    return None


def is_plain(value: object) -> bool:
    """Tell whether a value is a number that a table can be compared with."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST


def _is(value: object, kind: type) -> bool:
    if kind is float:
        return is_plain(value)
    return isinstance(value, kind)


def _near(name: str, names: Iterable[str]) -> Words:
    known = sorted(names)
    return listed(get_close_matches(name, known, n=3, cutoff=0.5) or known)
