"""How a sample was drawn: which sampling unit and which stratum each unit belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.errors import Finding
    from jiedui.needs.estimates import Design

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SINGLE = ("refuse", "centre", "certain")
"""What may be done with a stratum of one sampling unit."""
SHOWN = 5
"""So many strata are named in a finding."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """Which sampling unit each unit belongs to, and which stratum each sampling unit.

    Attributes
    ----------
    of : array of int
        The sampling unit of each unit, from 0.
    stratum : array of int
        The stratum of each sampling unit, from 0.
    single : str
        What is done with a stratum of one sampling unit, as in `Design`.
    """

    of: Ints
    stratum: Ints
    single: str

    @property
    def psu(self) -> int:
        """Count the sampling units."""
        return len(self.stratum)

    @property
    def df(self) -> int:
        """Degrees of freedom: sampling units less strata."""
        return self.psu - int(self.stratum.max(initial=-1)) - 1


def make_clusters(units: pa.Table, design: Design) -> Clusters:
    """Find the sampling unit of each unit; those of one name in two strata are two.

    Raises
    ------
    InputError
        If a column is missing, a unit has no stratum or sampling unit, ``single`` is unknown, or it is
        ``refuse`` and there is a stratum of one sampling unit.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.needs import Design
    >>> units = pa.table({"s": ["a", "a", "a", "b", "b"], "p": [1, 1, 2, 1, 2]})
    >>> made = make_clusters(units, Design(strata="s", psu="p"))
    >>> made.of.tolist(), made.stratum.tolist(), made.df
    ([0, 0, 1, 2, 3], [0, 0, 1, 1], 2)
    """
    import numpy as np

    if faults := _faults(units, design):
        raise InputError(faults)
    rows = units.num_rows
    strata = _codes(units, design.strata) if design.strata else np.zeros(rows, np.int64)
    psu = _codes(units, design.psu) if design.psu else np.arange(rows)
    pairs = strata * (psu.max(initial=0) + 1) + psu
    _, first, of = np.unique(pairs, return_index=True, return_inverse=True)
    made = Clusters(of, strata[first], design.single)
    alone = np.flatnonzero(np.bincount(made.stratum) == 1)
    if len(alone) and design.single == "refuse":
        named = _named(units, design.strata, alone)
        raise InputError([finding("sampling.single", count=len(alone), named=named)])
    return made


def _codes(units: pa.Table, column: str) -> Ints:
    """Give each value of a column its number, by first appearance."""
    import numpy as np

    return np.asarray(_values(units, column).indices, np.int64)


def _values(units: pa.Table, column: str) -> pa.DictionaryArray:
    """Give a column with each value stored once."""
    import pyarrow as pa

    values = units[column].combine_chunks()
    return values if pa.types.is_dictionary(values.type) else values.dictionary_encode()


def _faults(units: pa.Table, design: Design) -> list[Finding]:
    """Find what makes a design unusable."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = []
    for column in filter(None, (design.strata, design.psu)):
        if column not in units.column_names:
            found.append(
                finding("sampling.no_column", column=column, found=", ".join(units.column_names) or "–")
            )
        elif empty := pc.sum(pc.is_null(units[column], nan_is_null=True)).as_py():
            found.append(finding("sampling.empty", column=column, count=empty))
        elif pa.types.is_nested(units.schema.field(column).type):
            kind = units.schema.field(column).type
            found.append(finding("sampling.not_plain", column=column, found=kind))
    if design.single not in SINGLE:
        found.append(finding("sampling.rule", found=design.single, allowed=" | ".join(SINGLE)))
    return found


def _named(units: pa.Table, column: str, alone: Ints) -> str:
    """Name the first strata of one sampling unit."""
    if not column:
        return "–"
    values = _values(units, column).dictionary.take(alone[:SHOWN])
    return ", ".join(str(value) for value in values.to_pylist()) + (" …" if len(alone) > SHOWN else "")
