"""A form read from its file; every mistake is named by its key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jiedui.errors import Finding, InputError
from jiedui.language import finding
from jiedui.registers.forms.form import ROWS, TABLES, Form
from jiedui.registers.forms.keys import Keys, words_of
from jiedui.registers.forms.parts import read_fields, read_parts, read_where
from jiedui.tables import Table

KEYS: Mapping[str, type] = {
    "id": str, "title": dict, "rows": str, "layout": str, "orientation": str, "serial": bool, "total": bool,
    "group": str, "sheet_by": list, "where": dict, "only_with": str, "note": dict, "signatures": list,
    "columns": list, "parts": list, "replaces": bool,
}  # fmt: skip
CHOICES = {
    "rows": ROWS,
    "layout": ("list", "page"),
    "orientation": ("portrait", "landscape"),
    "only_with": tuple(TABLES),
}
NOT_IN = {"list": {"parts"}, "page": {"columns", "group", "total", "serial", "note"}}
"""Keys that mean nothing in a layout."""
LARGEST = 1_000_000
"""Bytes of a form's file."""


def read_form(path: Path) -> Form:
    """Give the form that a file declares.

    Raises
    ------
    InputError
        If the file cannot be read, or one finding for each key that does not fit.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "heads.toml"
    >>> _ = path.write_text('''
    ... id = "heads"
    ... title = { zh = "户主名单", en = "Heads" }
    ... rows = "households"
    ... columns = [{ value = "head" }, { count = "persons", heading = { zh = "人数", en = "persons" } }]
    ... ''', encoding="utf-8")
    >>> [field.kind for field in read_form(path).fields]
    ['value', 'count']
    """
    try:
        data = path.read_bytes()
    except OSError:
        raise InputError([finding("forms.unreadable", file=path.name)]) from None
    return _form(data, path.name)


@cache
def shipped_forms() -> Mapping[str, Form]:
    """Give the forms that come with the program, by id.

    Examples
    --------
    >>> list(shipped_forms())
    ['household_handbook', 'project_ledger', 'township_summary', 'village_monthly', 'visit_list']
    """
    folder = files("jiedui.registers.forms").joinpath("templates")
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    forms = [_form(entry.read_bytes(), entry.name) for entry in entries if entry.name.endswith(".toml")]
    return {form.id: form for form in forms}


def _form(data: bytes, name: str) -> Form:
    found: list[Finding] = []
    form = _declared(Keys(_tree(data, name), name, found))
    if found:
        raise InputError(found)
    return form


def _tree(data: bytes, name: str) -> dict[str, Any]:
    try:
        if len(data) > LARGEST:
            raise InputError([finding("forms.large", file=name)])
        return tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError([finding("forms.toml", file=name, why=str(error))]) from None


def _declared(keys: Keys) -> Form:
    keys.check(KEYS, needed=("id", "title", "rows"), choices=CHOICES)
    tree = keys.tree
    rows = TABLES.get(tree.get("rows", ""), TABLES[ROWS[0]])
    layout = tree.get("layout", "list")
    keys.demand("columns" if layout == "list" else "parts")
    for key in sorted(NOT_IN[layout] & set(tree)):
        keys.wrong(key, "forms.layout", layout=layout)
    return Form(
        id=tree.get("id", ""),
        title=words_of(keys, "title") or {},
        rows=rows.name,
        fields=read_fields(keys, rows),
        parts=read_parts(keys, rows),
        layout=layout,
        landscape=tree.get("orientation", "landscape" if layout == "list" else "portrait") == "landscape",
        serial=tree.get("serial", True),
        total=tree.get("total", False),
        group="".join(_own(keys, "group", rows)),
        sheet_by=_own(keys, "sheet_by", rows),
        where=read_where(keys, rows),
        only_with=_mentioned(keys, rows),
        note=words_of(keys, "note"),
        replaces=tree.get("replaces", False),
        signatures=tuple(
            words
            for number in range(len(tree.get("signatures", [])))
            if (words := words_of(keys, "signatures", number))
        ),
    )


def _own(keys: Keys, key: str, rows: Table) -> tuple[str, ...]:
    """Give the names of columns of the rows."""
    value = keys.tree.get(key, [])
    names = [value] if isinstance(value, str) else value
    return tuple(name for name in names if name and keys.column(key, rows, str(name)))


def _mentioned(keys: Keys, rows: Table) -> str:
    name: str = keys.tree.get("only_with", "")
    if name in TABLES and not keys.joins(rows, TABLES[name], rows.key):
        keys.wrong("only_with", "forms.no_join", table=name, rows=rows.name)
    return name
