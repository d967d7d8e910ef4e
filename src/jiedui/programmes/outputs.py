"""The tables that a programme gives: the declared ones, with what its scheme adds, renames and leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from jiedui.language import words
from jiedui.programmes import tables
from jiedui.tables import Column, Table

if TYPE_CHECKING:
    from jiedui.programmes.setting import Setting
    from jiedui.schemes import Scheme

NAMES = ("comparison", "pairs", "prices", "reasons")
LOADS = ("load_max", "load_min", "load_ratio", "load_gini", "load")
GROSS = ("gross_max", "gross_min", "gross_ratio", "gross_gini", "gross_load")
OF_PERSONS = ("idle_helpers", "score", "score_mean", "score_worst", "own_rank", "runner_up", "gap", "price")
"""What would score, rank or compare people."""


def declared(scheme: Scheme, setting: Setting) -> dict[str, Table]:
    """Declare the tables of a run."""
    left_out = frozenset(_left_out(scheme, setting))
    names = [name for name in NAMES if not (scheme.persons and name == "prices")]
    return {name: _own(scheme, getattr(tables, name.upper()), left_out) for name in names}


def _own(scheme: Scheme, table: Table, left_out: frozenset[str]) -> Table:
    """Give a declaration in the scheme's words, with the parts of its score, without what means nothing."""
    units = {id(tables.PLACES): scheme.words["places"], id(tables.LOAD): scheme.words.get("load_unit")}
    columns = [
        replace(
            column,
            words=_heading(scheme, column),
            unit=units.get(id(column.unit), column.unit),
        )
        for column in table.columns
        if column.name not in left_out
    ]
    if table is tables.REASONS and not scheme.persons:
        place = next(number for number, column in enumerate(columns, start=1) if column.name == "score")
        columns[place:place] = [
            Column(part.id, "number", words("reason.part", part=part.words)) for part in scheme.parts
        ]
    return replace(table, columns=tuple(columns))


def _heading(scheme: Scheme, column: Column) -> Mapping[str, str]:
    """Give a heading: the scheme's own, or its word for the two sides, or the declared one."""
    sides = {"helper_name": "helper", "recipient_name": "recipient", "unit_name": "unit"}
    own = scheme.words[sides[column.name]] if column.name in sides else column.words
    return scheme.headings.get(column.name, own)


def _left_out(scheme: Scheme, setting: Setting) -> Iterator[str]:
    """Name the columns that the scheme, or this run, has nothing to say in."""
    limits = {rule.limit for rule in scheme.capacity.values()}
    used = {
        LOADS: scheme.uses("helpers", "capacity"),
        GROSS: scheme.uses("helpers", "gross"),
        ("over_share", "share"): bool(limits & {"share", "own"}),
        ("other_duties",): scheme.uses("helpers", "other_duties"),
        ("exit_year",): scheme.uses("recipients", "exit_year"),
        ("kind",): bool(scheme.kinds),
        ("priority",): scheme.uses("recipients", "priority"),
        ("needed_from",): scheme.uses("recipients", "needed_from"),
        ("available_from",): scheme.uses("helpers", "available_from"),
        ("mutual",): scheme.mutual,
        ("target",): any(kind.target for kind in scheme.kinds.values()),
        ("unit_name", "unit_moves"): setting.has_areas,
        ("earlier_kept",): bool(setting.earlier),
        ("blocks",): any(map(setting.adjacency.knows, setting.border_codes)),
        ("confirmed",): any(row["source_grade"] != "synthetic" for row in setting.helpers),
        OF_PERSONS: not scheme.persons,
    }
    yield from scheme.leave_out
    for names, is_used in used.items():
        yield from () if is_used else names
