"""From the tables of a pairing to a problem: checked, sorted, in whole numbers."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InputError
from jiedui.pairs.checking import check_problem, is_increasing, joined, parts
from jiedui.pairs.instance import are_equal
from jiedui.pairs.problem import SCORE_UNIT, Problem, exact

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.pairs.instance import Flags, Ints


def make_problem(
    helpers: pa.Table,
    recipients: pa.Table,
    candidates: pa.Table,
    *,
    present: pa.Table | None = None,
    decided: pa.Table | None = None,
) -> Problem:
    """Check the tables of a pairing and put them in order.

    Parameters
    ----------
    helpers
        ``id``, ``capacity`` (any weight of strength, more than 0), optional ``duties`` (places) and
        ``shared`` (whether any number of recipients may subscribe to what it offers).
    recipients
        ``id``, optional ``places`` (whole, at least 1), ``need`` (helpers wanted, at least 1), ``need_min``
        (of these it must have, 0 to ``need``, which is the default) and ``priority`` (1 is served first when
        places are short; without a number, last).
    candidates
        ``recipient``, ``helper``, ``score`` (0 to 1), optional ``score_back``: what the recipient gives the
        helper where both give (mutual pairs); such a pair is worth what the side that gains less gains.
    present
        ``recipient``, ``helper``: pairs that exist.
    decided
        ``recipient``, ``helper``, ``kind``: ``forced``, ``locked`` (both: must be) or ``forbidden``.

    Raises
    ------
    InputError
        With every unknown id, duplicate, wrong number and contradiction.

    Examples
    --------
    >>> import pyarrow as pa
    >>> made = make_problem(
    ...     pa.table({"id": ["h"], "capacity": [2.0]}),
    ...     pa.table({"id": ["r"]}),
    ...     pa.table({"recipient": ["r"], "helper": ["h"], "score": [0.5]}),
    ... )
    >>> made.helper_ids, made.recipient_ids, made.score.tolist()
    (('h',), ('r',), [500000])
    """
    if findings := check_problem(helpers, recipients, candidates, present, decided):
        raise InputError(findings)
    _release_memory()
    helpers, recipients = helpers.sort_by("id"), recipients.sort_by("id")
    helper_ids, recipient_ids = tuple(helpers["id"].to_pylist()), tuple(recipients["id"].to_pylist())
    places, need = _counts(recipients, "places"), _counts(recipients, "need")
    need_min = _least(recipients, need)
    row, column, order = _sorted_pairs(candidates, recipients["id"], helpers["id"])
    score = _scores(candidates)
    score = score if order is None else score[order]
    kept, forced = _decided(decided, recipients["id"], helpers["id"], row, column)
    existing = _marked(present, recipients["id"], helpers["id"], row, column)
    if not kept.all():
        row, column, score = row[kept], column[kept], score[kept]
        existing, forced = existing[kept], forced[kept]
    _release_memory()
    return Problem(
        helper_ids=helper_ids,
        recipient_ids=recipient_ids,
        strength=_exactly(helpers["capacity"].to_pylist()),
        duties=_exactly(_optional(helpers, "duties", 0)),
        places=places,
        need=need,
        need_min=need_min,
        urgency=_urgency(recipients),
        shared=np.array(_optional(helpers, "shared", 0), bool),
        tick=_tick(places, need),
        row=row,
        column=column,
        score=score,
        present=existing,
        forced=forced,
    )


def _release_memory() -> None:
    """Give back what looking up ids took; Arrow would keep it for later."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()


def _exactly(values: list[float]) -> tuple[Fraction, ...]:
    """Take numbers as they are written, each kind once."""
    kinds = {value: exact(value) for value in set(values)}
    return tuple(kinds[value] for value in values)


def _tick(places: Ints, need: Ints) -> Fraction:
    """Give the ticks of a place: the largest unit that divides every share, upside down."""
    if are_equal(places) and are_equal(need):
        places, need = places[:1], need[:1]
    kinds = np.unique(np.stack([places, need]), axis=1)
    shares = [Fraction(int(whole), int(count)) for whole, count in kinds.T]
    whole = lcm(*(share.denominator for share in shares))
    return Fraction(whole, gcd(*(int(share * whole) for share in shares)))


def _optional(table: pa.Table, column: str, default: float) -> list[float]:
    """Give a column that may be absent or have gaps."""
    if column not in table.column_names:
        return [default] * table.num_rows
    return [value or default for value in table[column].to_pylist()]


def _counts(table: pa.Table, column: str) -> Ints:
    """Give whole numbers, 1 where none stands."""
    if column not in table.column_names:
        return _ones(table)
    return np.array(_optional(table, column, 1), np.int64)


def _ones(table: pa.Table) -> Ints:
    """Give 1 for each row, without memory."""
    return np.broadcast_to(np.int64(1), table.num_rows)


def _least(recipients: pa.Table, need: Ints) -> Ints:
    """Give the helpers each recipient must have: all of its need where nothing is said."""
    if "need_min" not in recipients.column_names:
        return need
    told = recipients["need_min"].to_pylist()
    least = [most if one is None else one for one, most in zip(told, need.tolist(), strict=True)]
    return np.array(least, np.int64)


def _urgency(recipients: pa.Table) -> Ints:
    """Turn priorities (1 first, none last) into urgency (1 last)."""
    if "priority" not in recipients.column_names:
        return _ones(recipients)
    told = _optional(recipients, "priority", np.inf)
    classes, place = np.unique(np.array(told), return_inverse=True)
    return (len(classes) - place).astype(np.int64)


def _positions(values: pa.ChunkedArray, ids: pa.ChunkedArray) -> NDArray[np.int32]:
    """Look up where values stand among ids."""
    import pyarrow as pa
    import pyarrow.compute as pc

    ids = ids.cast("string")
    if not pa.types.is_dictionary(values.type):
        return np.asarray(pc.index_in(values.cast("string"), value_set=ids).to_numpy(), np.int32)
    values = joined(values)
    places = pc.index_in(values.dictionary.cast("string"), value_set=ids).to_numpy(zero_copy_only=False)
    found, codes = np.asarray(places, np.int32), values.indices.to_numpy()
    if codes.dtype == np.int32 and np.array_equal(found, np.arange(len(found))):
        own: NDArray[np.int32] = codes
        return own
    looked_up: NDArray[np.int32] = found[codes]
    return looked_up


def _sorted_pairs(
    table: pa.Table, recipients: pa.ChunkedArray, helpers: pa.ChunkedArray
) -> tuple[NDArray[np.int32], NDArray[np.int32], Ints | None]:
    """Give recipient and helper of each pair, sorted, and the order that sorts them; None if they were."""
    row, column = _positions(table["recipient"], recipients), _positions(table["helper"], helpers)
    if is_increasing((row, column)):
        return row, column, None
    order = np.lexsort((column, row))
    return row[order], column[order], order


def _scores(candidates: pa.Table) -> NDArray[np.int32]:
    """Give scores in millionths; of mutual pairs the smaller of the two."""
    score = _millionths(candidates["score"])
    if "score_back" not in candidates.column_names:
        return score
    return np.minimum(score, _millionths(candidates["score_back"]))


def _millionths(score: pa.ChunkedArray) -> NDArray[np.int32]:
    """Round scores to whole millionths."""
    rounded = np.empty(len(score), np.int32)
    for first, part in parts(score):
        millionths = part.to_numpy(zero_copy_only=False) * float(SCORE_UNIT)
        rounded[first : first + len(part)] = np.rint(millionths)
    return rounded


def _marked(
    table: pa.Table | None,
    recipients: pa.ChunkedArray,
    helpers: pa.ChunkedArray,
    row: NDArray[np.int32],
    column: NDArray[np.int32],
) -> Flags:
    """Mark the candidate pairs that a table names."""
    if table is None or not table.num_rows:
        return np.zeros(len(row), bool)
    width = np.int64(len(helpers))
    wanted = _positions(table["recipient"], recipients) * width + _positions(table["helper"], helpers)
    return np.isin(row * width + column, wanted)


def _decided(
    decided: pa.Table | None,
    recipients: pa.ChunkedArray,
    helpers: pa.ChunkedArray,
    row: NDArray[np.int32],
    column: NDArray[np.int32],
) -> tuple[Flags, Flags]:
    """Mark the candidate pairs that nobody forbade, and those that must be."""
    if decided is None:
        return np.ones(len(row), bool), np.zeros(len(row), bool)
    banned = np.array([kind == "forbidden" for kind in decided["kind"].to_pylist()], bool)
    forbidden = _marked(decided.filter(banned), recipients, helpers, row, column)
    return ~forbidden, _marked(decided.filter(~banned), recipients, helpers, row, column)
