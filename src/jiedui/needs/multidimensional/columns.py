"""Columns of units as arrays: deprivations and weights; nothing else is let in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from jiedui.needs.spec import Spec

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]


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
