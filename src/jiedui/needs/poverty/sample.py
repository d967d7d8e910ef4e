"""A sample ready to be counted: deprivations, weights, groups and where each unit was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.poverty.gathering import as_texts, deprivations
from jiedui.needs.poverty.groups import group_units
from jiedui.needs.poverty.scores import is_scored

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from jiedui.needs.estimates import Design
    from jiedui.needs.spec import Spec

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sample:
    """Units with what is known of them; all arrays go by unit.

    Attributes
    ----------
    g0, observed : booleans, shape (units, indicators)
        Deprived; and known at all.
    weight : floats, shape (units,)
        Sampling weight times members.
    group : integers, shape (units,)
        Index in `labels`; -1 where a grouping column is empty.
    stratum, psu : integers, shape (units,), or None
        Where the unit was drawn; None without a design.
    strata : tuple of str
        Names of the strata.
    left_out : int
        Units that could not be scored and were taken away.
    missing : tuple of int
        Units with each indicator missing, before any was taken away.
    """

    g0: Flags
    observed: Flags
    weight: Floats
    group: Integers
    labels: tuple[str, ...]
    stratum: Integers | None
    psu: Integers | None
    strata: tuple[str, ...]
    left_out: int
    missing: tuple[int, ...]

    def take(self, rows: Integers) -> Sample:
        """Keep some of the units, in order, and the groups that still have one."""
        import numpy as np

        columns = {name: getattr(self, name)[rows] for name in ("g0", "observed", "weight", "group")}
        if self.stratum is not None and self.psu is not None:
            columns |= {"stratum": self.stratum[rows], "psu": self.psu[rows]}
        present, codes = np.unique(columns["group"], return_inverse=True)
        named = present[present >= 0]
        columns["group"] = codes.ravel() - int(len(named) < len(present))
        return replace(self, **columns, labels=tuple(self.labels[place] for place in named.tolist()))


def make_sample(
    units: object,
    spec: Spec,
    *,
    by: Sequence[str] = (),
    design: Design | None = None,
    weight: str = "",
    size: str = "",
    roster: object = None,
    key: str = "household",
) -> Sample:
    """Bring units into arrays and leave out, counted, who cannot be scored.

    Raises
    ------
    InputError
        If a column is absent or holds what it may not, or no unit is left.
    """
    heavy = _weight_column(design, weight)
    drawn = [design.strata, design.psu] if design else []
    keep = [name for name in (*by, *drawn, heavy, size) if name]
    table = deprivations(units, spec, keep=keep, roster=roster, key=key)
    g0, observed = _flags(table, spec)
    weights = _numbers(table, heavy) * _numbers(table, size)
    group, labels = group_units(table, by)
    stratum, psu, strata = _drawn(table, design) if design else (None, None, ())
    missing = tuple((~observed).sum(axis=0).tolist())
    whole = Sample(g0, observed, weights, group, labels, stratum, psu, strata, 0, missing)
    return _keep_scored(whole, spec)


def _keep_scored(sample: Sample, spec: Spec) -> Sample:
    import numpy as np

    if spec.missing == "bounds" and len(sample.g0):
        return sample
    kept = is_scored(sample.observed, spec)
    if not kept.any():
        count, found = len(kept), int((~kept).sum())
        raise InputError([finding("needs.no_units", count=count, found=found)])
    if kept.all():
        return sample
    return replace(sample.take(np.flatnonzero(kept)), left_out=int((~kept).sum()))


def _weight_column(design: Design | None, weight: str) -> str:
    other = design.weight if design else ""
    if weight and other and weight != other:
        raise InputError([finding("needs.two_weights", found=weight, other=other)])
    return weight or other


def _flags(table: pa.Table, spec: Spec) -> tuple[Flags, Flags]:
    """Give who is deprived in what, and what is known; refuse anything but 1, 0 and empty."""
    import numpy as np

    columns = [indicator_numbers(table, one.id) for one in spec.indicators]
    values = np.column_stack(columns) if table.num_rows else np.empty((0, len(columns)))
    observed = ~np.isnan(values)
    wrong = observed & (values != 0) & (values != 1)
    if wrong.any():
        raise InputError(
            [
                finding("needs.not_binary", cell=one.id, found=str(table[one.id][row]), count=int(count))
                for one, row, count in zip(
                    spec.indicators, wrong.argmax(0).tolist(), wrong.sum(0), strict=True
                )
                if count
            ]
        )
    return values == 1, observed


def indicator_numbers(table: pa.Table, name: str) -> Floats:
    """Give an indicator as numbers, not a number where it is empty."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.types as kinds

    column = table[name]
    if kinds.is_boolean(column.type):
        column = column.cast(pa.uint8())
    elif kinds.is_null(column.type):
        return np.full(table.num_rows, np.nan)
    if not (kinds.is_integer(column.type) or kinds.is_floating(column.type) or kinds.is_decimal(column.type)):
        found = next((str(one) for one in column.drop_null()), "")
        count = len(column) - column.null_count
        raise InputError([finding("needs.not_binary", cell=name, found=found, count=count)])
    numbers: Floats = column.cast(pa.float64()).to_numpy()
    return numbers


def _numbers(table: pa.Table, name: str) -> Any:  # noqa: ANN401
    """Give weights or sizes, all above 0; 1 where no column is named."""
    import numpy as np
    import pyarrow as pa

    if not name:
        return np.ones(table.num_rows)
    try:
        values = table[name].cast(pa.float64()).to_numpy()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        count = table.num_rows
        raise InputError([finding("needs.bad_weight", cell=name, count=count, found="—")]) from None
    wrong = ~(np.isfinite(values) & (values > 0))
    if wrong.any():
        found = str(table[name][int(wrong.argmax())])
        raise InputError([finding("needs.bad_weight", cell=name, count=int(wrong.sum()), found=found)])
    return values


def _drawn(table: pa.Table, design: Design) -> tuple[Integers, Integers, tuple[str, ...]]:
    """Give numbers to strata and sampling units; a unit is its own sampling unit where no column is named."""
    import numpy as np

    names = [name for name in (design.strata, design.psu) if name]
    empty = sum(table[name].null_count for name in names)
    if empty:
        raise InputError([finding("needs.empty_design", cell=", ".join(names), count=empty)])
    psu = _codes(table, design.psu)[0] if design.psu else np.arange(table.num_rows, dtype=np.int64)
    if not design.strata:
        return np.zeros(table.num_rows, np.int64), psu, ()
    stratum, strata = _codes(table, design.strata)
    return stratum, psu, strata


def _codes(table: pa.Table, name: str) -> tuple[Integers, tuple[str, ...]]:
    import numpy as np
    import pyarrow as pa

    column = table[name].combine_chunks()
    if not pa.types.is_dictionary(column.type):
        column = (as_texts(column, name) if pa.types.is_nested(column.type) else column).dictionary_encode()
    codes: Integers = column.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, tuple(str(one) for one in column.dictionary.to_pylist())
