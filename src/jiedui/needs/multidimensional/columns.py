"""Columns of units as arrays: deprivations, weights, and where units were drawn; nothing else is let in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.multidimensional.gathering import as_texts

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from jiedui.needs.estimates import Design
    from jiedui.needs.spec import Spec

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Integers = npt.NDArray[np.int64]


def indicator_flags(table: pa.Table, spec: Spec) -> tuple[Flags, Flags]:
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


def weight_numbers(table: pa.Table, name: str) -> Any:  # noqa: ANN401
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


def drawn_units(table: pa.Table, design: Design) -> tuple[Integers, Integers, tuple[str, ...]]:
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
