"""Numbers that look like those of offices and belong to nobody: the place in them is not assigned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Days = NDArray[np.datetime64]
    Truths = NDArray[np.bool_]

UNASSIGNED = "99"
"""GB/T 2260 gives no place a code that begins with 99, and no foreigner's card number (9, then the code of
a province) does: no number of a real person can begin so."""
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11643-1999, for the first 17 digits; the last is `CHECKS` at their weighted sum modulo 11."""
CHECKS = np.frombuffer(b"10X98765432", np.uint8)
ZERO = ord("0")


def id_numbers(*, prefix: Ints, born: Days, male: Truths) -> pa.StringArray:
    """Give valid ID numbers, all different for one prefix as long as a day has at most 500 births a sex.

    Parameters
    ----------
    prefix
        Six digits, shape (n,).
    born
        Birth dates, shape (n,).
    male
        Shape (n,): the last sign before the check digit is odd for men.
    """
    day = calendar_numbers(born)
    order = np.lexsort((male, day, prefix))
    group = np.stack((prefix, day, male))[:, order]
    starts = np.r_[True, (group[:, 1:] != group[:, :-1]).any(axis=0)] if len(order) else np.zeros(0, bool)
    place = np.arange(len(order))
    rank = np.empty(len(order), np.int64)
    rank[order] = place - np.maximum.accumulate(np.where(starts, place, 0))
    sequence = 2 * ((rank + day * 37) % 500) + male
    return with_check_digit(prefix * 10**11 + day * 10**3 + sequence)


def with_check_digit(number: Ints) -> pa.StringArray:
    """Give 17 digits and their check digit."""
    digits = _digits(number, 17)
    checks = CHECKS[(digits * np.array(WEIGHTS)).sum(axis=1) % 11]
    return texts(np.column_stack((digits.astype(np.uint8) + ZERO, checks)))


def digit_texts(number: Ints, width: int) -> pa.StringArray:
    """Give numbers as texts of one width, zeros in front."""
    return texts(_digits(number, width).astype(np.uint8) + ZERO)


def date_texts(days: Days) -> pa.StringArray:
    """Give days as ``YYYY-MM-DD``."""
    import pyarrow as pa

    return pa.array(days).cast(pa.string())


def texts(signs: NDArray[np.uint8]) -> pa.StringArray:
    """Give the rows of a matrix of ASCII signs as texts."""
    import pyarrow as pa

    rows, width = signs.shape
    offsets = np.arange(0, (rows + 1) * width, max(width, 1), dtype=np.int32)
    data = np.ascontiguousarray(signs)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(data))


def calendar_numbers(days: Days) -> Ints:
    """Give days as whole numbers YYYYMMDD."""
    months = days.astype("M8[M]")
    years = days.astype("M8[Y]")
    year = years.astype(np.int64) + 1970
    month = (months - years.astype("M8[M]")).astype(np.int64) + 1
    day = (days.astype("M8[D]") - months.astype("M8[D]")).astype(np.int64) + 1
    return np.asarray(year * 10_000 + month * 100 + day)


def _digits(number: Ints, width: int) -> Ints:
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return np.asarray(number[:, None] // powers % 10)
