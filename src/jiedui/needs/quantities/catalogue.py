"""A catalogue of conversion rules, read from TOML and checked; a province changes what it must."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from jiedui.errors import InputError
from jiedui.language import Words, finding
from jiedui.needs.quantities.catalogue_checking import check_catalogue, check_changes
from jiedui.schemes import Value
from jiedui.tables import Column, Table
from jiedui.tables.shared import MOST, RECIPIENT


@dataclass(frozen=True, slots=True)
class Rule:
    """How a gap becomes a need.

    Attributes
    ----------
    kind : str
        The kind of need; with `kind_from`, what stands before the value of that column.
    kind_from : str
        The column whose value is the kind, such as the subject a teacher is lacking for; empty otherwise.
    quantity : str
        A formula over the columns of the gaps, ``:name`` for a value.
    is_whole : bool
        Whether a part of a unit is of no use: the quantity is then rounded up.
    priority : tuple of (str, int)
        Conditions and the priority of the first that holds; the last condition is empty and always holds.
    """

    id: str
    words: Words
    kind: str
    kind_from: str
    unit: Words
    quantity: str
    is_whole: bool
    priority: tuple[tuple[str, int], ...]
    source: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Conversion rules for one kind of recipient.

    Attributes
    ----------
    gaps : Table
        What offices fill in: the recipient and its gaps.
    values : mapping of str to Value
        Numbers of the rules, dated, with unit and source.
    sha256 : str
        Of the file, and of that of the province.
    """

    id: str
    words: Words
    source: str
    gaps: Table
    values: Mapping[str, Value]
    rules: tuple[Rule, ...]
    sha256: str


def shipped_catalogues() -> tuple[str, ...]:
    """Name the catalogues that come with the package.

    Examples
    --------
    >>> shipped_catalogues()
    ('households', 'schools', 'villages')
    """
    folder = files(__package__).joinpath("catalogues")
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir()))


def load_catalogue(name: str, *, province: Path | None = None) -> Catalogue:
    """Read a shipped catalogue, changed by the file of a province.

    Parameters
    ----------
    name
        One of `shipped_catalogues`, or the path of a ``.toml`` file.
    province
        A file with ``source`` and any of: columns and values by name, and ``[[rules]]``, each with its ``id``
        and ``source``. A rule of a known id changes what it names, or with ``off = true`` is left out; any
        other is added.

    Raises
    ------
    InputError
        With everything that is wrong in the files.

    Examples
    --------
    >>> [rule.id for rule in load_catalogue("schools").rules]
    ['teachers']
    """
    content, file = _content(name)
    tree = _checked(_tree(content, file), file)
    if province is not None:
        changes, file = _read(province), province.name
        tree = _checked(_changed(tree, _tree(changes, file), file), file)
        content += changes
    return _catalogue(tree, hashlib.sha256(content).hexdigest())


def _checked(tree: dict[str, Any], file: str) -> dict[str, Any]:
    """Refuse a catalogue with faults."""
    if found := check_catalogue(tree, file):
        raise InputError(found)
    return tree


def _content(name: str) -> tuple[bytes, str]:
    """Give the bytes of a catalogue and the name of its file."""
    if name in shipped_catalogues():
        file = f"{name}.toml"
        return files(__package__).joinpath("catalogues", file).read_bytes(), file
    path = Path(name)
    return _read(path), path.name


def _read(path: Path) -> bytes:
    if path.is_file():
        return path.read_bytes()
    allowed = " | ".join(shipped_catalogues())
    raise InputError([finding("quantities.unknown", found=str(path), allowed=allowed)])


def _tree(content: bytes, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError([finding("quantities.not_toml", file=file, found=str(error))]) from None


def _changed(tree: dict[str, Any], changes: dict[str, Any], file: str) -> dict[str, Any]:
    """Put what a province says over what is shipped."""
    if found := check_changes(changes, file):
        raise InputError(found)
    rules = changes.get("rules", [])
    own = {rule["id"]: rule for rule in rules}
    known = [rule["id"] for rule in tree["rules"]]
    return {
        **tree,
        **changes,
        "columns": tree["columns"] | changes.get("columns", {}),
        "values": tree["values"] | changes.get("values", {}),
        "rules": [
            *(rule | own.get(rule["id"], {}) for rule in tree["rules"]),
            *(rule for rule in rules if rule["id"] not in known),
        ],
    }


def _catalogue(tree: Mapping[str, Any], sha256: str) -> Catalogue:
    """Build what was checked."""
    columns = [RECIPIENT, *(_column(name, column) for name, column in tree["columns"].items())]
    texts = [column.name for column in columns if column.type == "text"]
    return Catalogue(
        id=tree["id"],
        words=tree["words"],
        source=tree["source"],
        gaps=Table(f"gaps_{tree['id']}", tree["words"], tuple(columns), key=tuple(texts)),
        values={name: Value(one["unit"], one["source"], one["at"]) for name, one in tree["values"].items()},
        rules=tuple(_rule(rule) for rule in tree["rules"] if not rule.get("off", False)),
        sha256=sha256,
    )


def _column(name: str, column: Mapping[str, Any]) -> Column:
    kind = column["type"]
    if kind == "text":
        return Column(name, kind, column["words"], choices=tuple(column.get("choices", ())))
    return Column(name, kind, column["words"], column.get("unit"), at_least=0, at_most=MOST)


def _rule(rule: Mapping[str, Any]) -> Rule:
    return Rule(
        id=rule["id"],
        words=rule["words"],
        kind=rule.get("kind", ""),
        kind_from=rule.get("kind_from", ""),
        unit=rule["unit"],
        quantity=rule["quantity"],
        is_whole=rule["whole"],
        priority=tuple((step.get("when", ""), step["is"]) for step in rule["priority"]),
        source=rule["source"],
    )
