"""Equivalised income: what a household has, over the size that its needs count for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.money.intake import column_faults

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.errors import Finding

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

Scale = Literal["oecd_modified", "square_root", "per_person"]
SCALES = ("oecd_modified", "square_root", "per_person")
ADULT = 14
"""From this age on a member counts as grown up in the OECD-modified scale (Hagenaars, de Vos, Zaidi 1994)."""
FURTHER, CHILD = 0.5, 0.3
"""What each further grown-up and each child counts; the first one counts 1."""


def equivalise(
    units: pa.Table,
    roster: pa.Table,
    income: str,
    *,
    household: str = "household",
    age: str = "age",
    scale: Scale = "oecd_modified",
) -> pa.Table:
    """Add ``persons``, ``equivalent_size`` and ``equivalised_income`` to households.

    Parameters
    ----------
    units
        One row a household, with its id and its income.
    roster
        One row a member, with the household's id and, for the OECD-modified scale, the age in years. Members
        of households that are not among the units are passed over.
    scale
        ``oecd_modified``: 1 for the first person, 0.5 for each further one of 14 years or more, 0.3 for each
        child; where all are children the first counts 1. ``square_root`` of the members; ``per_person``.

    Raises
    ------
    InputError
        If a column is missing, a household has no members or no id, or an age is missing or negative.

    Examples
    --------
    >>> import pyarrow as pa
    >>> units = pa.table({"household": ["a"], "income": [4200]})
    >>> roster = pa.table({"household": ["a", "a", "a"], "age": [40, 38, 5]})
    >>> equivalise(units, roster, "income").select(["equivalent_size", "equivalised_income"]).to_pylist()
    [{'equivalent_size': 1.8, 'equivalised_income': 2333.3333333333335}]
    """
    import numpy as np

    ages = (age,) if scale == "oecd_modified" else ()
    faults = [*_scale_faults(scale), *column_faults(units, (income,), (household,))]
    if faults := [*faults, *column_faults(roster, ages, (household,))]:
        raise InputError(faults)
    place = _places(units, roster, household)
    persons = np.bincount(place[place >= 0], minlength=units.num_rows)
    if alone := int((persons == 0).sum()):
        first = units[household][int(np.argmin(persons))].as_py()
        raise InputError([finding("money.no_members", count=alone, first=first)])
    if scale == "oecd_modified":
        adults = np.bincount(place[_adults(roster, age, place)], minlength=units.num_rows)
        size = _oecd_modified(persons, adults)
    else:
        size = np.sqrt(persons) if scale == "square_root" else persons.astype(np.float64)
    earned = np.asarray(units[income].cast("float64", safe=False).to_numpy(), np.float64) / size
    added = {"persons": persons, "equivalent_size": size, "equivalised_income": _nullable(earned)}
    for name, values in added.items():
        units = units.append_column(name, [values])
    return units


def _scale_faults(scale: str) -> list[Finding]:
    return [] if scale in SCALES else [finding("money.scale", found=scale, allowed=" | ".join(SCALES))]


def _places(units: pa.Table, roster: pa.Table, household: str) -> Ints:
    """Find the row of the household of each member; -1 where it is not among the units."""
    import numpy as np
    import pyarrow.compute as pc

    if empty := units[household].null_count:
        raise InputError([finding("money.no_household", column=household, count=empty)])
    ids = units[household].cast("string")
    if (distinct := len(pc.unique(ids))) != units.num_rows:
        raise InputError(
            [finding("money.household_twice", column=household, count=units.num_rows - distinct)]
        )
    found = pc.index_in(roster[household].cast("string"), value_set=ids.combine_chunks())
    return np.asarray(pc.fill_null(found, -1).to_numpy(), np.int64)


def _adults(roster: pa.Table, age: str, place: Ints) -> NDArray[np.bool_]:
    """Mark the members of the households who count as grown up; an age that is missing is refused."""
    import numpy as np

    years = np.asarray(roster[age].cast("float64", safe=False).to_numpy(), np.float64)
    inside = place >= 0
    if wrong := int((inside & ~(years >= 0)).sum()):
        raise InputError([finding("money.age", column=age, count=wrong)])
    return np.asarray(inside & (years >= ADULT))


def _oecd_modified(persons: Ints, adults: Ints) -> Floats:
    """Give the OECD-modified size; the first person counts 1 whatever its age."""
    import numpy as np

    first = np.maximum(adults, 1)
    size: Floats = 1 + FURTHER * (first - 1) + CHILD * (persons - first)
    return size


def _nullable(values: Floats) -> pa.Array:
    """Give numbers, empty where there is none."""
    import pyarrow as pa

    return pa.array(values, from_pandas=True)
