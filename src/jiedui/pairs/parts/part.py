"""Pairing one part, or parts that share helpers: a table in, a table out.

So that it runs in one process, in several (see `jiedui.pairs.parts.groups`) and on a cluster (see
`jiedui.pairs.parts.clusters`). Ties go by numbers drawn from the ids: parts that share no helper give the
same pairs alone and together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.pairs.checking import duplicates, is_amount, is_share, repeated, wrong_numbers
from jiedui.pairs.columns import column_faults
from jiedui.pairs.kernel.assignment import assign
from jiedui.pairs.kernel.face import face_of
from jiedui.pairs.kernel.market import Assignment, Market
from jiedui.pairs.problem import SCORE_UNIT
from jiedui.pairs.ties import number_bits, tie_numbers

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.errors import Finding
    from jiedui.pairs.kernel.market import Ints

IDS = ["part", "recipient", "helper"]
NUMBERS = ["score", "places"]
GIVEN = [*IDS, *NUMBERS]
TOLD = {
    "part": "string",
    "recipient": "string",
    "helper": "string",
    "score": "double",
    "status": "string",
    "price": "double",
}


def pair_part(table: pa.Table) -> pa.Table:
    """Pair the recipients of one part, or of parts that share helpers: most served, then the highest total.

    Parameters
    ----------
    table
        One row for each candidate: ``part``, ``recipient``, ``helper``, ``score`` (0 to 1), ``places``
        (whole, at least 0: the helper's, the same in all its rows). A row without a helper says that the
        recipient has no candidate. Other columns are left alone.

    Returns
    -------
    pyarrow.Table
        One row for each recipient, sorted: ``part``, ``recipient``, ``helper``, ``score``, ``status``
        (``paired`` or ``unserved``), ``price`` (what one more place of the helper would add to the total
        of scores; null where it would serve one more recipient).

    Raises
    ------
    InputError
        With every wrong number, duplicate, gap and contradiction.

    Examples
    --------
    >>> import pyarrow as pa
    >>> columns = {
    ...     "part": ["520301", "520301", "520301"],
    ...     "recipient": ["r", "r", "s"],
    ...     "helper": ["g", "h", "g"],
    ...     "score": [0.9, 0.5, 0.6],
    ...     "places": [1, 1, 1],
    ... }
    >>> paired = pair_part(pa.table(columns))
    >>> paired["helper"].to_pylist(), paired["price"].to_pylist()
    (['h', 'g'], [0.0, 0.4])
    """
    import pyarrow.compute as pc

    check_candidates(table)
    table = texts(table.select(GIVEN))
    named = table.filter(pc.is_valid(table["helper"]))
    if findings := list(wrong_candidates(table)):
        raise InputError(findings)
    recipients, helpers = listed(table, ["part", "recipient"]), listed(named, ["helper", "places"])
    row = positions(named["recipient"], recipients["recipient"])
    column = positions(named["helper"], helpers["helper"])
    order = np.lexsort((column, row))
    row, column = row[order], column[order]
    score = np.rint(named["score"].to_numpy()[order] * SCORE_UNIT).astype(np.int64)
    asked = _market(row, column, score, recipients=recipients, helpers=helpers)
    best = assign(asked, smallest=True)
    bits = number_bits(recipients.num_rows, helpers.num_rows)
    marks = _marks(recipients["recipient"])[row], _marks(helpers["helper"])[column]
    first = assign(face_of(best).market(tie_numbers(*marks, bits=bits), outside=2**bits))
    return _told(replace(best, taken=first.taken), score, recipients=recipients, helpers=helpers["helper"])


def check_candidates(table: pa.Table) -> None:
    """Refuse candidates that lack columns or have none of the right type, and empty ids."""
    faults = column_faults("candidates", table, texts=IDS, numbers=NUMBERS, gaps=["helper"])
    if findings := list(faults):
        raise InputError(findings)


def in_two_parts(recipients: pa.Table) -> Iterator[Finding]:
    """Find recipients listed in several parts; the table names each once for each part."""
    for row in repeated(recipients, ["recipient"]):
        yield finding("pairs.two_parts", id=row["recipient"], count=row["count"])


def texts(table: pa.Table) -> pa.Table:
    """Give ids as plain texts, however they are stored."""
    import pyarrow as pa

    own = [field.with_type(pa.string()) if field.name in IDS else field for field in table.schema]
    return table.cast(pa.schema(own))


def listed(table: pa.Table, columns: list[str]) -> pa.Table:
    """Give what stands in columns, each once, sorted."""
    once = table.select(columns).group_by(columns).aggregate([])
    return once.sort_by([(name, "ascending") for name in columns])


def positions(values: pa.ChunkedArray, ids: pa.ChunkedArray) -> Ints:
    """Look up where values stand among ids."""
    import pyarrow.compute as pc

    return np.asarray(pc.index_in(values, value_set=ids.combine_chunks()).to_numpy(), np.int64)


def told_schema() -> pa.Schema:
    """Give the columns that `pair_part` tells."""
    import pyarrow as pa

    return pa.schema([(name, pa.type_for_alias(kind)) for name, kind in TOLD.items()])


def wrong_candidates(table: pa.Table) -> Iterator[Finding]:
    """Find everything that keeps candidates of one part, or parts that share helpers, from being paired."""
    import pyarrow.compute as pc

    named = table.filter(pc.is_valid(table["helper"]))
    yield from wrong_numbers(named, "candidates", "score", is_share, required=True)
    yield from wrong_numbers(named, "candidates", "places", is_amount, required=True, rule="helper_places")
    yield from duplicates({"candidates": table}, {"candidates": ["recipient", "helper"]})
    for row in repeated(listed(named, ["helper", "places"]), ["helper"]):
        yield finding("pairs.places_differ", table="candidates", id=row["helper"], count=row["count"])
    yield from in_two_parts(listed(table, ["part", "recipient"]))


def _market(row: Ints, column: Ints, score: Ints, *, recipients: pa.Table, helpers: pa.Table) -> Market:
    """Ask for the highest total of scores; leaving somebody out costs more than any chain of exchanges."""
    rows, columns, dearest = recipients.num_rows, helpers.num_rows, int(score.max(initial=0))
    chain = 2 * (min(rows, columns) + 2)
    return Market(
        start=np.searchsorted(row, np.arange(rows + 1)),
        helper=column.astype(np.int32),
        cost=(dearest - score).astype(np.int32),
        capacity=np.minimum(helpers["places"].to_numpy(), rows).astype(np.int64),
        penalty=np.full(rows, (chain + 1) * dearest + 1),
        floor=np.zeros(columns, np.int64),
    )


def _marks(ids: pa.ChunkedArray) -> NDArray[np.uint64]:
    """Give each id a number that is the same in every table."""
    return np.array([crc32(one.encode()) for one in ids.to_pylist()], np.uint64)


def _told(best: Assignment, score: Ints, *, recipients: pa.Table, helpers: pa.ChunkedArray) -> pa.Table:
    """Write who has whom."""
    import pyarrow as pa

    out = best.taken < 0
    place = np.where(out, -1, best.taken)
    own = np.zeros(len(out))
    own[~out] = score[best.chosen] / SCORE_UNIT
    price = np.append(best.prices, 0)[place]
    columns = {
        "part": recipients["part"],
        "recipient": recipients["recipient"],
        "helper": helpers.take(pa.array(place, mask=out)),
        "score": pa.array(own, mask=out),
        "status": pa.array(np.where(out, "unserved", "paired")),
        "price": pa.array(price / SCORE_UNIT, mask=out | (price > best.market.penalty // 2)),
    }
    return pa.table(columns).cast(told_schema())
