"""Variances of ratios by linearisation, for any number of groups at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

SINGLE = ("refuse", "centre", "certain")
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Frame:
    """The sampling units of the whole sample, numbered by stratum.

    Attributes
    ----------
    unit : integers, shape (units,)
        The sampling unit of each unit.
    stratum : integers, shape (psus,)
        The stratum of each sampling unit, not falling.
    size : integers, shape (strata,)
        Sampling units of each stratum, n_h.
    factor : floats, shape (strata,)
        n_h / (n_h - 1); for a stratum of one, what the design says of it.
    """

    unit: Integers
    stratum: Integers
    size: Integers
    factor: Floats

    @property
    def df(self) -> int:
        """Degrees of freedom: sampling units less strata."""
        return len(self.stratum) - len(self.size)


def make_frame(stratum: Integers, psu: Integers, single: str, names: Sequence[str] = ()) -> Frame:
    """Give numbers to sampling units; one of the same number in two strata is two.

    Raises
    ------
    InputError
        If a stratum has one sampling unit and the design says nothing of it.
    """
    import numpy as np

    if single not in SINGLE:
        raise InputError([finding("needs.choice", cell="single", found=single, allowed=", ".join(SINGLE))])
    step = int(psu.max()) + 1
    pairs, unit = np.unique(stratum * step + psu, return_inverse=True)
    codes, of_psu, size = np.unique(pairs // step, return_inverse=True, return_counts=True)
    if single == "refuse" and (size == 1).any():
        alone = codes[size == 1][:SHOWN].tolist()
        found = ", ".join(names[one] if names else "—" for one in alone)
        raise InputError([finding("needs.single", found=found)])
    factor = np.where(size > 1, size / np.maximum(size - 1, 1), float(single == "centre"))
    return Frame(unit.ravel().astype(np.int64), of_psu.astype(np.int64), size.astype(np.int64), factor)


@dataclass(frozen=True, slots=True)
class Cells:
    """Sampling units within groups, ordered by group, then by stratum.

    Attributes
    ----------
    of_row : integers, shape (rows,)
        The cell of each row; a unit is a row of the whole and of its group.
    rows : integers, shape (rows,)
        The unit of each row.
    group, psu : integers, shape (cells,)
        What each cell is.
    """

    of_row: Integers
    rows: Integers
    group: Integers
    psu: Integers

    def sums(self, values: Floats) -> Floats:
        """Sum values of units by cell."""
        import numpy as np

        totals: Floats = np.bincount(self.of_row, values[self.rows], len(self.group)).astype(np.float64)
        return totals

    @property
    def starts(self) -> Integers:
        """Where each group begins."""
        import numpy as np

        return np.flatnonzero(np.diff(self.group, prepend=-1))


def make_cells(group: Integers, unit: Integers) -> Cells:
    """Cross groups with sampling units; group 0 is the whole, the others follow in order."""
    import numpy as np

    members = np.flatnonzero(group >= 0)
    rows = np.concatenate([np.arange(len(group)), members])
    groups = np.concatenate([np.zeros(len(group), np.int64), group[members] + 1])
    psus = int(unit.max()) + 1 if len(unit) else 1
    found, of_row = np.unique(groups * psus + unit[rows], return_inverse=True)
    return Cells(of_row.ravel(), rows, found // psus, found % psus)


def variances(z: Floats, cells: Cells, frame: Frame) -> Floats:
    """Sum over strata n_h/(n_h-1) times the squares about the stratum's mean, by group.

    Parameters
    ----------
    z : floats, shape (cells, measures)
        Linearised values; sampling units of the sample without a cell count with 0.

    Returns
    -------
    floats, shape (groups, measures)

    References
    ----------
    D. Binder, On the variances of asymptotically normal estimators from complex surveys, Int. Stat. Rev. 51
    (1983). With replacement, no finite population correction. The mean of a stratum of one is that of all
    sampling units, which is 0 for linearised ratios.
    """
    import numpy as np

    stratum = frame.stratum[cells.psu]
    edges = np.flatnonzero(np.diff(cells.group * len(frame.size) + stratum, prepend=-1))
    count = np.diff(edges, append=len(z))
    size = frame.size[stratum[edges]]
    mean = np.add.reduceat(z, edges, axis=0) / size[:, None]
    mean[size == 1] = 0
    about = z - np.repeat(mean, count, axis=0)
    squares = np.add.reduceat(about * about, edges, axis=0) + (size - count)[:, None] * mean * mean
    squares *= frame.factor[stratum[edges]][:, None]
    begins = np.flatnonzero(np.diff(cells.group[edges], prepend=-1))
    found: Floats = np.add.reduceat(squares, begins, axis=0)
    return found
