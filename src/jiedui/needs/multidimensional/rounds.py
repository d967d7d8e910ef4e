"""Rounds of a survey, put under one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.groups import group_units
from jiedui.needs.multidimensional.columns import indicator_numbers
from jiedui.needs.multidimensional.gathering import deprivations

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.needs.spec import Spec

SHOWN = 200
MANY = 3


def stack_rounds(
    units: object,
    spec: Spec,
    *,
    keep: Iterable[str],
    round: str,  # noqa: A002
    roster: object,
    key: str,
) -> pa.Table:
    """Give one table of deprivations with a column of the round; a mapping holds a table for each round.

    Raises
    ------
    InputError
        If the tables of the rounds do not go together.
    """
    import pyarrow as pa

    kept = [name for name in dict.fromkeys(keep) if name]
    if not isinstance(units, Mapping):
        return deprivations(units, spec, keep=[*kept, round], roster=roster, key=key)
    found = []
    for when, table in units.items():
        members = roster.get(when) if isinstance(roster, Mapping) else roster
        one = deprivations(
            table, spec, keep=[name for name in kept if name != round], roster=members, key=key
        )
        label = pa.array([str(when)] * one.num_rows)
        found.append(_as_numbers(one, spec).append_column(round, label))
    try:
        return pa.concat_tables(found, promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise InputError([finding("needs.units", found=str(error)[:SHOWN])]) from None


def _as_numbers(table: pa.Table, spec: Spec) -> pa.Table:
    """Give indicators one type, so that rounds go under one another."""
    import pyarrow as pa

    for one in spec.indicators:
        numbers = pa.array(indicator_numbers(table, one.id), from_pandas=True)
        table = table.set_column(table.column_names.index(one.id), one.id, numbers)
    return table


def without_expressions(spec: Spec) -> Spec:
    """Give the specification over columns that already hold the deprivations."""
    return replace(spec, indicators=tuple(replace(one, deprived="", roster="") for one in spec.indicators))


def round_pairs(labels: Sequence[str]) -> list[tuple[str, str]]:
    """Give each round with the next, and the first with the last.

    Raises
    ------
    InputError
        If there is only one round.

    Examples
    --------
    >>> round_pairs(["2010", "2014", "2018"])
    [('2010', '2014'), ('2014', '2018'), ('2010', '2018')]
    """
    if len(labels) < MANY - 1:
        raise InputError([finding("needs.rounds", found=", ".join(labels))])
    return [*pairwise(labels), *([(labels[0], labels[-1])] if len(labels) >= MANY else [])]


def round_years(table: pa.Table, round: str, year: str, *, named: bool) -> dict[str, float]:  # noqa: A002
    """Give the time of each round in years; empty where none is given.

    Raises
    ------
    InputError
        If a round has no year, or several.
    """
    if not year and not named:
        return {}
    rounds, labels = group_units(table, [round])
    values: Any = table[year or round].to_numpy(zero_copy_only=False) if year else None
    years = {}
    for number, label in enumerate(labels):
        texts = [label] if values is None else {str(one) for one in values[rounds == number]}
        try:
            (years[label],) = (float(one) for one in texts)
        except ValueError:
            raise InputError([finding("needs.times", cell=year, found=label)]) from None
    return years
