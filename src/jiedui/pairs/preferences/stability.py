"""A stable matching of two-sided lists, and what is unstable in any other set of pairs.

A pair blocks when both would rather have each other than what they have. The recipients propose, and the
matching has no such pair (ties: weakly stable); without ties it is the best stable one for every recipient.

References
----------
Gale, Shapley (1962), *College admissions and the stability of marriage*, American Mathematical Monthly 69.
Roth (1984), *The evolution of the labor market for medical interns and residents*, Journal of Political
Economy 92. Irving, Manlove, Scott (2000), *The hospitals/residents problem with ties*, SWAT.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappush, heappushpop
from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InputError
from jiedui.pairs.checking import duplicates, unknown_ids
from jiedui.pairs.columns import column_faults
from jiedui.pairs.preferences.lists import PAIR, codes_of, positions
from jiedui.pairs.proposal import Proposal

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.pairs.instance import Ints
    from jiedui.pairs.preferences.lists import Ids, Preferences

WORST = 2**62
"""A rank worse than every rank on a list."""


@dataclass(frozen=True, slots=True)
class Matching:
    """A matching by preferences: the pairs, and whom it leaves without a helper.

    Attributes
    ----------
    pairs : pyarrow.Table
        ``recipient``, ``helper``, ``recipient_rank``, ``helper_rank``, sorted by ids.
    unserved : tuple of str
        Recipients without a helper, sorted.
    """

    preferences: Preferences
    pairs: pa.Table
    unserved: tuple[str, ...]

    def faults(self) -> list[str]:
        """Check the matching anew; empty when it keeps the places and no pair blocks it."""
        given = self.preferences
        columns = positions(self.pairs["helper"], given.helper_ids)
        rows = positions(self.pairs["recipient"], given.recipient_ids)
        checks = {
            "capacity": bool((np.bincount(columns, minlength=len(given.places)) <= given.places).all()),
            "need": len(np.unique(rows)) == len(rows),
            "blocking": not blocking_pairs(given, self.pairs).num_rows,
        }
        return [name for name, holds in checks.items() if not holds]


def match_stably(preferences: Preferences) -> Matching:
    """Let recipients propose in the order of their lists; a helper keeps the best it has places for.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.pairs.preferences import make_preferences
    >>> made = make_preferences(
    ...     pa.table({"id": ["g", "h"], "places": [1, 1]}),
    ...     pa.table({"id": ["r", "s"]}),
    ...     recipient_lists=pa.table(
    ...         {"recipient": ["r", "r", "s", "s"], "helper": ["g", "h", "g", "h"], "rank": [1, 2, 1, 2]}
    ...     ),
    ...     helper_lists=pa.table(
    ...         {"recipient": ["r", "s", "r", "s"], "helper": ["g", "g", "h", "h"], "rank": [2, 1, 1, 1]}
    ...     ),
    ... )
    >>> match_stably(made).pairs.select(["recipient", "helper"]).to_pylist()
    [{'recipient': 'r', 'helper': 'h'}, {'recipient': 's', 'helper': 'g'}]
    """
    kept = np.sort(_defer(preferences))
    left = np.delete(np.arange(len(preferences.recipient_ids)), preferences.row[kept])
    unserved = tuple(preferences.recipient_ids[row] for row in left)
    return Matching(preferences, preferences.named(kept), unserved)


def blocking_pairs(preferences: Preferences, pairs: pa.Table | Proposal) -> pa.Table:
    """List the pairs that would both rather have each other than what some pairs give them.

    A recipient without a helper would rather have any on its list, a helper with a place left any recipient
    on its list; a partner not on one's list counts as worse than all on it.

    Parameters
    ----------
    pairs
        ``recipient``, ``helper``, one helper for each recipient; or a proposal, which takes one place for
        each pair.

    Returns
    -------
    pyarrow.Table
        ``recipient``, ``helper``, ``recipient_rank``, ``helper_rank``, sorted by ids.

    Raises
    ------
    InputError
        If an id is unknown or a recipient has several helpers.
    """
    table = pairs.pairs if isinstance(pairs, Proposal) else pairs
    ids = preferences.recipient_ids, preferences.helper_ids
    _check_pairs(table, ids)
    codes = preferences.row * len(ids[1]) + preferences.column
    own, taken = codes_of(table, ids), positions(table["helper"], ids[1])
    listed = np.isin(codes, own)
    having = np.full(len(ids[0]), WORST)
    having[preferences.row[listed]] = preferences.recipient_rank[listed]
    keeping = np.zeros(len(ids[1]), np.int64)
    np.maximum.at(keeping, preferences.column[listed], preferences.helper_rank[listed])
    keeping[taken[~np.isin(own, codes)]] = WORST
    keeping[np.bincount(taken, minlength=len(keeping)) < preferences.places] = WORST
    wanted = preferences.recipient_rank < having[preferences.row]
    welcome = preferences.helper_rank < keeping[preferences.column]
    return preferences.named(np.flatnonzero(wanted & welcome))


def _defer(preferences: Preferences) -> Ints:
    """Give the pairs kept at the end, in no order.

    A helper holds its pairs in a heap, as negative places in the strict order of all helpers' lists: the
    worst is on top.
    """
    row, column = preferences.row, preferences.column
    asked = np.lexsort((column, -preferences.score, preferences.recipient_rank, row)).tolist()
    at_place = np.lexsort((row, -preferences.score, preferences.helper_rank))
    place = np.empty(len(row), np.int64)
    place[at_place] = np.arange(len(row))
    key, helper, owner = (-place).tolist(), column.tolist(), row[at_place].tolist()
    bounds = np.searchsorted(row, np.arange(len(preferences.recipient_ids) + 1)).tolist()
    following, end, room = bounds[:-1], bounds[1:], preferences.places.tolist()
    held: list[list[int]] = [[] for _ in room]
    for first in range(len(following)):
        recipient = first
        while following[recipient] < end[recipient]:
            edge = asked[following[recipient]]
            following[recipient] += 1
            own = held[helper[edge]]
            if len(own) < room[helper[edge]]:
                heappush(own, key[edge])
                break
            if own and key[edge] > own[0]:
                recipient = owner[-heappushpop(own, key[edge])]
    kept: Ints = at_place[np.array([-one for own in held for one in own], np.int64)]
    return kept


def _check_pairs(table: pa.Table, ids: Ids) -> None:
    """Refuse pairs with unknown ids and recipients with several helpers."""
    import pyarrow as pa

    if wrong := list(column_faults("pairs", table, texts=PAIR)):
        raise InputError(wrong)
    recipients, helpers = ids
    tables = {
        "recipients": pa.table({"id": pa.array(recipients, "string")}),
        "helpers": pa.table({"id": pa.array(helpers, "string")}),
        "pairs": table,
    }
    found = [*unknown_ids(tables, ("pairs",)), *duplicates(tables, {"pairs": ["recipient"]})]
    if found:
        raise InputError(found)
