"""Which table a sheet is for, seen from all its headings together."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from jiedui.registers.headings.vocabulary import Hit
from jiedui.tables import Table

PERSONS, HOUSEHOLDS = "persons", "households"
LEAST = 1.0
"""Evidence below this is none: one heading that only one table knows weighs 1."""
LEAD = 0.4
"""By how much the evidence for a table must exceed that for any other."""
HINT = 1.0
"""What the name of the file, the sheet or the title weighs."""
KEYS = 0.5
"""What having all columns of the key weighs."""


def choose_subjects(
    hits: Sequence[Sequence[Hit]], tables: Iterable[Table], named: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the tables a sheet is for, first the one its rows stand for, or the candidates to ask about.

    Parameters
    ----------
    hits : sequence of sequence of Hit
        One for each heading.
    named : str
        The names of file and sheet and the title.

    Returns
    -------
    tuple
        The tables, empty when not clear; the candidates when more than one is near, else empty.
    """
    weights = _weights(hits, tables, named)
    ranked = sorted(weights, key=lambda name: (-weights[name], name))
    best = ranked[0] if ranked else ""
    if not best or weights[best] < LEAST:
        return (), ()
    near = tuple(name for name in ranked if weights[best] - weights[name] < LEAD)
    if len(near) > 1:
        return (), near
    return _nested(hits) if best == HOUSEHOLDS else (best,), ()


def _weights(hits: Sequence[Sequence[Hit]], tables: Iterable[Table], named: str) -> dict[str, float]:
    """Weigh the evidence for each table; persons and households count as one, under households."""
    weights: dict[str, float] = {}
    claimed: dict[str, set[str]] = {}
    for found in hits:
        claiming = sorted({_family(hit.table) for hit in found})
        for name in claiming:
            weights[name] = weights.get(name, 0.0) + 1 / len(claiming)
        for hit in found:
            claimed.setdefault(hit.table, set()).add(hit.column)
    hinted: set[str] = set()
    for table in tables:
        family = _family(table.name)
        if family not in weights:
            continue
        if table.name != PERSONS:
            weights[family] += KEYS * len(claimed.get(table.name, set()) & {*table.key}) / len(table.key)
        if any(word in named for word in hints().get(table.name, ())) and family not in hinted:
            hinted.add(family)
            weights[family] += HINT
    return weights


def _family(table: str) -> str:
    return HOUSEHOLDS if table == PERSONS else table


def _nested(hits: Sequence[Sequence[Hit]]) -> tuple[str, ...]:
    """Tell whether rows are persons, households, or persons with their household's values repeated."""
    own = {PERSONS: 0, HOUSEHOLDS: 0}
    persons_named = False
    for found in hits:
        targets = {hit.table: hit.column for hit in found}
        persons_named |= targets.get(PERSONS) == "name"
        owners = own.keys() & targets
        if len(owners) == 1 and "name" not in targets.values() and "id_number" not in targets.values():
            own[owners.pop()] += 1
    if persons_named and own[PERSONS]:
        return (PERSONS, HOUSEHOLDS) if own[HOUSEHOLDS] else (PERSONS,)
    return (HOUSEHOLDS,) if own[HOUSEHOLDS] else (PERSONS,)


@cache
def hints() -> Mapping[str, tuple[str, ...]]:
    """Give, by table, the words that tell of it in the names of files and sheets."""
    written = files(__package__).joinpath("subjects.toml").read_text(encoding="utf-8")
    return {name: tuple(words) for name, words in tomllib.loads(written).items()}
