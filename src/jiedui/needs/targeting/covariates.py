"""Covariates as columns of numbers: categories become one column each but their base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from jiedui.errors import Finding, InputError
from jiedui.language import finding
from jiedui.needs.targeting.columns import Rows, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jiedui.needs.targeting.columns import Flags, Floats

Unknown = Literal["refuse", "base"]
CONSTANT = "1"
"""The name of the constant term."""
DEPENDENT = 1e-9
"""A column of length one counts as dependent on those before it when so little of it is its own."""


@dataclass(frozen=True, slots=True)
class Covariate:
    """One covariate: a number, or categories of which one is the base.

    Attributes
    ----------
    categories : tuple of str
        All categories of the survey, in order; empty for a number.
    base : str
        The category that the others are compared with.
    """

    name: str
    categories: tuple[str, ...] = ()
    base: str = ""

    @property
    def terms(self) -> tuple[str, ...]:
        """Name the columns it becomes."""
        others = [one for one in self.categories if one != self.base]
        return tuple(f"{self.name}={one}" for one in others) if self.categories else (self.name,)


def covariates_of(
    rows: Rows, names: Sequence[str], *, weights: Floats, base: Mapping[str, str]
) -> tuple[Covariate, ...]:
    """Give the covariates of a survey; the base of categories is as named, else the one with most weight."""
    if lost := sorted(set(base) - set(names)):
        raise rows.fault("base_unknown", column=lost[0], found=base[lost[0]], allowed=listed(names))
    return tuple(_covariate(rows, name, weights=weights, base=base.get(name, "")) for name in names)


def _covariate(rows: Rows, name: str, *, weights: Floats, base: str) -> Covariate:
    import numpy as np

    if not rows.is_text(name):
        rows.numbers(name)
        return Covariate(name)
    codes, categories = rows.codes(name)
    if base and base not in categories:
        raise rows.fault("base_unknown", column=name, found=base, allowed=listed(categories))
    return Covariate(name, tuple(categories), base or categories[int(np.bincount(codes, weights).argmax())])


def check_register(rows: Rows, covariates: Iterable[Covariate], *, unknown: Unknown) -> dict[str, int]:
    """Count the cells of each covariate whose category the survey never saw.

    Raises
    ------
    InputError
        With every column that is missing or of another type, and unknown categories unless they go to the
        base.
    """
    strange: dict[str, int] = {}
    faults: list[Finding] = []
    for one in covariates:
        try:
            new = _unseen(rows, one)
        except InputError as error:
            faults += error.findings
            continue
        if new and unknown == "refuse":
            faults.append(_unknown(one, new))
        elif new:
            strange[one.name] = sum(new.values())
    if faults:
        raise InputError(faults)
    return strange


def _unseen(rows: Rows, one: Covariate) -> dict[str, int]:
    """Count the values of a covariate that the survey never saw; a number has none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not one.categories:
        rows.floats(one.name)
        return {}
    counts = pc.cast(rows.column(one.name), pa.string()).value_counts().to_pylist()
    known = {None, *one.categories}
    return {row["values"]: row["counts"] for row in counts if row["values"] not in known}


def _unknown(one: Covariate, new: Mapping[str, int]) -> Finding:
    return finding(
        "targeting.category_unknown",
        cell=one.name,
        column=one.name,
        count=sum(new.values()),
        found=listed(sorted(new)),
        allowed=listed(one.categories),
        base=one.base,
    )


def matrix(rows: Rows, covariates: Sequence[Covariate]) -> Floats:
    """Give the columns of covariates after a constant (n, p); nan where a cell is empty."""
    import numpy as np

    columns = [np.ones(rows.table.num_rows)]
    for one in covariates:
        columns += _indicators(rows, one) if one.categories else [rows.floats(one.name)]
    return np.column_stack(columns)


def _indicators(rows: Rows, one: Covariate) -> list[Floats]:
    """Give a column of 0 and 1 for each category but the base."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pc.cast(rows.column(one.name), pa.string())
    empty = texts.is_null().to_numpy()
    others = [value for value in one.categories if value != one.base]
    return [
        np.where(empty, np.nan, pc.fill_null(pc.equal(texts, value), fill_value=False).to_numpy())
        for value in others
    ]


def terms_of(covariates: Iterable[Covariate]) -> tuple[str, ...]:
    """Name all columns of a matrix."""
    return (CONSTANT, *(term for one in covariates for term in one.terms))


def check_independent(rows: Rows, X: Floats, weights: Floats, terms: Sequence[str]) -> None:  # noqa: N803
    """Refuse columns that those before them make up already."""
    import numpy as np

    own = X * np.sqrt(weights)[:, None]
    length = np.linalg.norm(own, axis=0)
    left = np.abs(np.diag(np.linalg.qr(own / np.where(length > 0, length, 1), mode="r")))
    short = np.ones(len(terms), bool)
    short[: len(left)] = left < DEPENDENT
    dependent: Flags = short | (length == 0)
    if dependent.any():
        names = [terms[place] for place in np.flatnonzero(dependent).tolist()]
        raise rows.fault("dependent", column=names[0], found=listed(names))
