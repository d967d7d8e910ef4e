"""How a sample was drawn: which sampling unit and which stratum each unit belongs to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.errors import Finding
    from jiedui.needs.estimates import Design

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
    of : array (n,) of int
        The sampling unit of each unit, from 0.
    stratum : array (psu,) of int
        The stratum of each sampling unit, from 0, not falling.
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
    def size(self) -> Ints:
        """Count the sampling units of each stratum."""
        import numpy as np

        return np.bincount(self.stratum)

    @property
    def df(self) -> int:
        """Degrees of freedom: sampling units less strata."""
        return self.psu - len(self.size)


@dataclass(frozen=True, slots=True)
class Draw:
    """Where each unit was drawn, as the columns of a design say it.

    Attributes
    ----------
    stratum, psu : array (n,) of int
        Sampling units of one number in two strata are two.
    strata : tuple of str
        The names of the strata; none where no column tells them apart.
    """

    stratum: Ints
    psu: Ints
    strata: tuple[str, ...]
    single: str

    def take(self, rows: Ints) -> Draw:
        """Keep some of the units, in order."""
        return replace(self, stratum=self.stratum[rows], psu=self.psu[rows])

    def clusters(self) -> Clusters:
        """Give the sampling units numbers by stratum, and numbers to the strata that have any.

        Raises
        ------
        InputError
            If there is a stratum of one sampling unit and ``single`` is ``refuse``.
        """
        import numpy as np

        step = int(self.psu.max(initial=0)) + 1
        pairs, of = np.unique(self.stratum * step + self.psu, return_inverse=True)
        present, stratum = np.unique(pairs // step, return_inverse=True)
        alone = present[np.bincount(stratum, minlength=len(present)) == 1]
        if len(alone) and self.single == "refuse":
            named = ", ".join(self.strata[one] for one in alone[:SHOWN]) if self.strata else "–"
            more = " …" if len(alone) > SHOWN else ""
            raise InputError([finding("sampling.single", count=len(alone), named=named + more)])
        return Clusters(of, stratum, self.single)


def make_clusters(units: pa.Table, design: Design) -> Clusters:
    """Find the sampling unit of each unit; those of one name in two strata are two.

    Raises
    ------
    InputError
        As `read_draw`, and if ``single`` is ``refuse`` and there is a stratum of one sampling unit.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.needs import Design
    >>> units = pa.table({"s": ["a", "a", "a", "b", "b"], "p": [1, 1, 2, 1, 2]})
    >>> made = make_clusters(units, Design(strata="s", psu="p"))
    >>> made.of.tolist(), made.stratum.tolist(), made.df
    ([0, 0, 1, 2, 3], [0, 0, 1, 1], 2)
    """
    return read_draw(units, design).clusters()


def read_draw(units: pa.Table, design: Design) -> Draw:
    """Read stratum and sampling unit of each unit; each is one of its own where no column names them.

    Raises
    ------
    InputError
        If a column is missing, a unit has no stratum or sampling unit, or ``single`` is unknown.
    """
    import numpy as np

    if faults := _faults(units, design):
        raise InputError(faults)
    stratum, psu = np.zeros(units.num_rows, np.int64), np.arange(units.num_rows)
    strata: tuple[str, ...] = ()
    if design.strata:
        encoded = _encoded(units, design.strata)
        stratum = np.asarray(encoded.indices, np.int64)
        strata = tuple(map(str, encoded.dictionary.to_pylist()))
    if design.psu:
        psu = np.asarray(_encoded(units, design.psu).indices, np.int64)
    return Draw(stratum, psu, strata, design.single)


def _encoded(units: pa.Table, column: str) -> pa.DictionaryArray:
    """Give a column with each value stored once."""
    import pyarrow as pa

    values = units[column].combine_chunks()
    return values if pa.types.is_dictionary(values.type) else values.dictionary_encode()


def _faults(units: pa.Table, design: Design) -> list[Finding]:
    """Find what makes a design unusable."""
    import pyarrow as pa

    found = []
    for column in filter(None, (design.strata, design.psu)):
        if column not in units.column_names:
            known = ", ".join(units.column_names) or "–"
            found.append(finding("sampling.no_column", column=column, found=known))
        elif pa.types.is_nested(kind := units.schema.field(column).type):
            found.append(finding("sampling.not_plain", column=column, found=kind))
        elif empty := _count_empty(units, column):
            found.append(finding("sampling.empty", column=column, count=empty))
    if design.single not in SINGLE:
        found.append(finding("sampling.rule", found=design.single, allowed=" | ".join(SINGLE)))
    return found


def _count_empty(units: pa.Table, column: str) -> int:
    """Count the cells that hold nothing, or an empty text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = units[column]
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    is_empty = pc.is_null(values, nan_is_null=True)
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        is_empty = pc.or_(is_empty, pc.fill_null(pc.equal(values, ""), fill_value=True))
    return int(pc.sum(is_empty).as_py() or 0)
