"""ID numbers made comparable: cleaned, 15 digits made 18, the check digit tried (GB 11643)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

LENGTH, OLD_LENGTH = 18, 15
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_SIGNS = "10X98765432"


def number_table(written: Iterable[str]) -> pa.Table:
    """Give the distinct ID numbers of a column as they are compared.

    Returns
    -------
    pyarrow.Table
        ``number``: 15 to 19 signs, an old number in its new form, null where it is nothing like one.
        ``proved``: the same where its check digit and date are right. ``whole``: as ``proved``, and old
        numbers with a right date, which have no check digit. ``told_born``, ``told_sex``: what ``whole``
        says.

    Examples
    --------
    >>> number_table(["11010519491231002x", "110105491231002"])["whole"].to_pylist()
    ['11010519491231002X', '11010519491231002X']
    """
    import duckdb
    import pyarrow as pa

    texts = pa.table({"written": pa.array(sorted(set(written)), pa.string())})
    with duckdb.connect() as base:
        base.execute("SET threads=1")
        base.register("texts", texts)
        cleaned = base.sql(CLEANED).to_arrow_table()
        numbers = cleaned["number"].combine_chunks()
        right = pa.array(check_digits_hold(numbers.fill_null("").to_pylist()))
        base.register("cleaned", cleaned.append_column("is_right", right))
        return base.sql(JUDGED).to_arrow_table()


def check_digits_hold(numbers: list[str]) -> NDArray[np.bool_]:
    """Tell for each number whether it has 18 signs and the check digit that belongs to them.

    Examples
    --------
    >>> check_digits_hold(["11010519491231002X", "110105194912310021", ""]).tolist()
    [True, False, False]
    """
    import numpy as np

    signs = np.array(numbers, f"S{LENGTH + 1}").view(np.uint8).reshape(-1, LENGTH + 1)
    digits = signs[:, : LENGTH - 1].astype(np.int64) - ord("0")
    are_digits = (digits == digits % len("0123456789")).all(axis=1) & (signs[:, LENGTH] == 0)
    wanted = np.frombuffer(CHECK_SIGNS.encode(), np.uint8)[(digits @ np.array(WEIGHTS)) % len(CHECK_SIGNS)]
    return np.asarray(are_digits & (wanted == signs[:, LENGTH - 1]))


def _check_sign(first: str) -> str:
    """Write in SQL the check sign of seventeen digits."""
    total = " + ".join(
        f"{weight} * substr({first}, {place}, 1)::INT" for place, weight in enumerate(WEIGHTS, 1)
    )
    return f"substr('{CHECK_SIGNS}', ({total}) % {len(CHECK_SIGNS)} + 1, 1)"


CLEANED = f"""
WITH plain AS (
    SELECT written, regexp_replace(upper(nfc_normalize(translate(
        written, '０１２３４５６７８９Ｘｘ', '0123456789XX'))), '[^0-9X]', '', 'g') AS signs
    FROM texts
), renewed AS (
    SELECT written, signs, length(signs) = {OLD_LENGTH} AND regexp_full_match(signs, '[0-9]+') AS is_old,
        substr(signs, 1, 6) || '19' || substr(signs, 7) AS first
    FROM plain
)
SELECT written, is_old, CASE WHEN is_old THEN first || {_check_sign("first")}
    WHEN length(signs) BETWEEN {OLD_LENGTH} AND {LENGTH + 1} THEN signs END AS number
FROM renewed ORDER BY written
"""
JUDGED = """
WITH dated AS (
    SELECT *, try_strptime(substr(number, 7, 8), '%Y%m%d') AS day FROM cleaned
), judged AS (
    SELECT *, is_right AND day IS NOT NULL AND year(day) BETWEEN 1900 AND 2099 AS holds FROM dated
)
SELECT written, number,
    CASE WHEN holds AND NOT is_old THEN number END AS proved,
    CASE WHEN holds THEN number END AS whole,
    CASE WHEN holds THEN strftime(day, '%Y-%m-%d') END AS told_born,
    CASE WHEN NOT holds THEN NULL WHEN substr(number, 17, 1)::INT % 2 = 1 THEN '男' ELSE '女' END AS told_sex
FROM judged ORDER BY written
"""
