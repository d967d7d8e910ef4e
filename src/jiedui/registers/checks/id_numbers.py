"""ID numbers of residents held against GB 11643-1999: length, signs, region, day of birth, check digit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Signs = NDArray[np.uint8]
    Truths = NDArray[np.bool_]

FAULTS: Final = ("missing", "old", "length", "signs", "region", "birth", "digit")
"""What may be wrong; ``old`` is a number of 15 digits, issued until 1999, no fault but to be renewed."""
LENGTH, OLD_LENGTH = 18, 15
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11643-1999: 2 to the power 17, 16 … 1, modulo 11."""
CHECK_SIGNS = b"10X98765432"
"""The last sign, by the weighted sum modulo 11."""
REGIONS = (
    *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66),
    71, 81, 82, 83,
)  # fmt: skip
"""Two digits of the province (GB/T 2260); 81–83 also for residence permits of Hong Kong, Macao, Taiwan."""
FOREIGN = 9
"""First digit of a foreigner's permanent residence card (2023); the province stands in digits 2 and 3."""
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONTHS = 12
CENTURIES = (18, 19, 20)
NINE = 9


def id_faults(ids: pa.Array | pa.ChunkedArray, *, regions: tuple[int, ...] = ()) -> pa.Array:
    """Give the first fault of each ID number, null where it has none.

    Parameters
    ----------
    ids : array of n strings
        As written, without spaces around; a last ``x`` counts as ``X``.
    regions : tuple of int
        Further first two digits to accept, such as those of synthetic registers.

    Returns
    -------
    array of n dictionary-encoded strings
        One of `FAULTS`.

    References
    ----------
    GB 11643-1999, Citizen identification number.

    Examples
    --------
    >>> import pyarrow as pa
    >>> id_faults(pa.array(["11010519491231002X", "110105194912310021", None]), regions=(99,)).to_pylist()
    [None, 'digit', 'missing']
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
    lengths = pc.fill_null(pc.binary_length(whole), 0).to_numpy(zero_copy_only=False)
    faults = np.full(len(whole), FAULTS.index("length"), np.int8)
    faults[lengths == 0] = FAULTS.index("missing")
    for length, judge in ((LENGTH, _faults), (OLD_LENGTH, _old_faults)):
        chosen = lengths == length
        signs = _signs(pc.filter(whole, pa.array(chosen)), length)
        faults[chosen] = judge(signs, (*REGIONS, *regions))
    codes = pa.array(faults, mask=faults < 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(FAULTS))


def _signs(ids: pa.Array, length: int) -> Signs:
    """Give strings of one length in bytes as a matrix, a row each."""
    import numpy as np

    packed = b"" if not len(ids) else ids.cast("binary").buffers()[2].to_pybytes()
    first = ids.offset * length
    return np.frombuffer(packed, np.uint8)[first : first + len(ids) * length].reshape(-1, length)


def _faults(signs: Signs, regions: tuple[int, ...]) -> NDArray[np.int8]:
    """Judge numbers of 18 signs; a later test yields to an earlier one."""
    import numpy as np

    digits = signs - np.uint8(ord("0"))
    last = np.where(signs[:, -1] == ord("x"), ord("X"), signs[:, -1])
    is_number = (digits[:, :-1] <= NINE).all(axis=1) & ((digits[:, -1] <= NINE) | (last == ord("X")))
    sums = digits[:, :-1].astype(np.int32) @ np.array(WEIGHTS, np.int32)
    wrong: dict[str, Truths] = {
        "digit": np.frombuffer(CHECK_SIGNS, np.uint8)[sums % 11] != last,
        "birth": ~_is_day(digits[:, 6:14]) | ~np.isin(_number(digits[:, 6:8]), CENTURIES),
        "region": ~_is_region(digits, regions),
        "signs": ~is_number,
    }
    return _first(wrong, len(signs))


def _old_faults(signs: Signs, regions: tuple[int, ...]) -> NDArray[np.int8]:
    """Judge numbers of 15 digits; born in 19YY."""
    import numpy as np

    digits = signs - np.uint8(ord("0"))
    century = np.broadcast_to(np.array([1, 9], np.uint8), (len(signs), 2))
    wrong: dict[str, Truths] = {
        "old": np.ones(len(signs), np.bool_),
        "birth": ~_is_day(np.hstack([century, digits[:, 6:12]])),
        "region": ~_is_region(digits, regions),
        "signs": np.asarray((digits > NINE).any(axis=1)),
    }
    return _first(wrong, len(signs))


def _first(wrong: dict[str, Truths], count: int) -> NDArray[np.int8]:
    """Give the place in `FAULTS` of the last test that fails, -1 where none does."""
    import numpy as np

    found = np.full(count, -1, np.int8)
    for name, rows in wrong.items():
        found[rows] = FAULTS.index(name)
    return found


def _number(digits: Signs) -> NDArray[np.int32]:
    """Read each row of digits as one number."""
    import numpy as np

    powers = 10 ** np.arange(digits.shape[1] - 1, -1, -1, dtype=np.int32)
    numbers: NDArray[np.int32] = digits.astype(np.int32) @ powers
    return numbers


def _is_region(digits: Signs, regions: tuple[int, ...]) -> Truths:
    import numpy as np

    allowed = np.zeros(256 * 11, np.bool_)
    allowed[list(regions)] = True
    foreign = (digits[:, 0] == FOREIGN) & allowed[_number(digits[:, 1:3])]
    found: Truths = allowed[_number(digits[:, :2])] | foreign
    return found


def _is_day(digits: Signs) -> Truths:
    """Tell which rows YYYYMMDD are days of the calendar."""
    import numpy as np

    years, months, days = (_number(digits[:, part]) for part in (slice(4), slice(4, 6), slice(6, 8)))
    known = (months >= 1) & (months <= MONTHS)
    longest = np.array(DAYS)[np.where(known, months, 1) - 1]
    leap = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    longest = longest + (leap & (months == 2))  # noqa: PLR2004
    found: Truths = known & (days >= 1) & (days <= longest)
    return found
