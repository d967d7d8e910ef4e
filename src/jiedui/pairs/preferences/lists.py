"""Two-sided lists: whom each side would have, in ranks; checked, sorted and in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.pairs.checking import duplicates, is_amount, is_count, is_share, unknown_ids, wrong_numbers
from jiedui.pairs.columns import column_faults

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.errors import Finding
    from jiedui.pairs.instance import Ints

    Ids = tuple[tuple[str, ...], tuple[str, ...]]

PAIR = ["recipient", "helper"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """Pairs that both sides ranked, checked, sorted and in numbers; made by `make_preferences`.

    Attributes
    ----------
    helper_ids, recipient_ids : tuple of str
        Sorted.
    places : int64[H]
        How many recipients each helper may take.
    row, column : int64[E]
        Recipient and helper of each pair that both ranked, sorted.
    recipient_rank, helper_rank : int64[E]
        The rank that the recipient gives the helper, and the helper the recipient; 1 is best.
    score : float64[E]
        Breaks ties, higher first; 0 where no scores were given.
    one_sided : pyarrow.Table
        ``recipient``, ``helper``, ``ranked_by``: pairs that only one side ranked, which nobody may form.
    """

    helper_ids: tuple[str, ...]
    recipient_ids: tuple[str, ...]
    places: Ints
    row: Ints
    column: Ints
    recipient_rank: Ints
    helper_rank: Ints
    score: NDArray[np.float64]
    one_sided: pa.Table

    def named(self, edges: Ints) -> pa.Table:
        """Give pairs as a table: ``recipient``, ``helper``, ``recipient_rank``, ``helper_rank``."""
        import pyarrow as pa

        return pa.table(
            {
                "recipient": _names(self.recipient_ids, self.row[edges]),
                "helper": _names(self.helper_ids, self.column[edges]),
                "recipient_rank": self.recipient_rank[edges],
                "helper_rank": self.helper_rank[edges],
            }
        )


def make_preferences(
    helpers: pa.Table,
    recipients: pa.Table,
    *,
    recipient_lists: pa.Table,
    helper_lists: pa.Table,
    scores: pa.Table | None = None,
) -> Preferences:
    """Check the ranked lists of both sides and put them in order.

    Parameters
    ----------
    helpers
        ``id``, ``places`` (whole, at least 0): how many recipients each may take.
    recipients
        ``id``.
    recipient_lists, helper_lists
        ``recipient``, ``helper``, ``rank`` (whole, 1 is best; equal ranks are a tie): as the recipients rank
        the helpers, and as the helpers rank the recipients. What stands in one list only is no pair.
    scores
        ``recipient``, ``helper``, ``score`` (0 to 1) of every pair that both sides ranked: of equal ranks the
        higher score comes first, then the lower id. Without it ties go by id at once.

    Raises
    ------
    InputError
        With every unknown id, duplicate, wrong number and missing score.
    """
    tables = {
        "helpers": helpers,
        "recipients": recipients,
        "recipient_lists": recipient_lists,
        "helper_lists": helper_lists,
    } | ({} if scores is None else {"scores": scores})
    if findings := _wrong(tables):
        raise InputError(findings)
    helper_ids = tuple(sorted(helpers["id"].to_pylist()))
    recipient_ids = tuple(sorted(recipients["id"].to_pylist()))
    ids = recipient_ids, helper_ids
    one, other = codes_of(recipient_lists, ids), codes_of(helper_lists, ids)
    both, here, there = np.intersect1d(one, other, assume_unique=True, return_indices=True)
    return Preferences(
        helper_ids=helper_ids,
        recipient_ids=recipient_ids,
        places=_whole(helpers.sort_by("id")["places"]),
        row=both // len(helper_ids),
        column=both % len(helper_ids),
        recipient_rank=_whole(recipient_lists["rank"])[here],
        helper_rank=_whole(helper_lists["rank"])[there],
        score=np.zeros(len(both)) if scores is None else _scores(scores, both, ids),
        one_sided=_one_sided(one, other, ids),
    )


def _wrong(tables: dict[str, pa.Table]) -> list[Finding]:
    """List everything that keeps these tables from being preferences."""
    if wrong := [one for name, table in tables.items() for one in _column_faults(name, table)]:
        return wrong
    empty = [name for name in ("helpers", "recipients") if not tables[name].num_rows]
    findings = [finding("pairs.no_rows", table=name) for name in empty]
    lists = [name for name in tables if name not in {"helpers", "recipients"}]
    findings += wrong_numbers(
        tables["helpers"], "helpers", "places", is_amount, required=True, rule="helper_places"
    )
    for name in ("recipient_lists", "helper_lists"):
        findings += wrong_numbers(tables[name], name, "rank", is_count, required=True)
    if "scores" in tables:
        findings += wrong_numbers(tables["scores"], "scores", "score", is_share, required=True)
    findings += duplicates(tables, {"helpers": ["id"], "recipients": ["id"]} | dict.fromkeys(lists, PAIR))
    return findings + list(unknown_ids(tables, lists))


def _column_faults(name: str, table: pa.Table) -> Iterator[Finding]:
    """Check the columns of one table."""
    texts = ["id"] if name in {"helpers", "recipients"} else PAIR
    numbers = {"helpers": ["places"], "recipients": [], "scores": ["score"]}.get(name, ["rank"])
    return column_faults(name, table, texts=texts, numbers=numbers)


def positions(values: pa.ChunkedArray, ids: tuple[str, ...]) -> Ints:
    """Look up where values stand among ids."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.index_in(values.cast("string"), value_set=pa.array(ids, "string"))
    return np.asarray(found.to_numpy(), np.int64)


def codes_of(table: pa.Table, ids: Ids) -> Ints:
    """Give each pair a number, by recipient, then helper."""
    recipients, helpers = ids
    return positions(table["recipient"], recipients) * len(helpers) + positions(table["helper"], helpers)


def _whole(column: pa.ChunkedArray) -> Ints:
    return np.asarray(column.to_numpy(), np.int64)


def _names(ids: tuple[str, ...], places: Ints) -> pa.Array:
    """Give the ids at places."""
    import pyarrow as pa

    return pa.array(ids, "string").take(pa.array(places))


def _scores(scores: pa.Table, both: Ints, ids: Ids) -> NDArray[np.float64]:
    """Give the score of each pair that both sides ranked; none may be missing."""
    given = codes_of(scores, ids)
    if len(missing := np.setdiff1d(both, given)):
        pairs = (divmod(int(code), len(ids[1])) for code in missing)
        labels = [f"{ids[0][row]}–{ids[1][column]}" for row, column in pairs]
        raise InputError([finding("pairs.no_score", table="scores", id=label) for label in labels])
    order = np.argsort(given)
    found: NDArray[np.float64] = scores["score"].to_numpy()[order][np.searchsorted(given[order], both)]
    return found


def _one_sided(one: Ints, other: Ints, ids: Ids) -> pa.Table:
    """Tell the pairs that only one side ranked."""
    import pyarrow as pa

    codes = np.setxor1d(one, other)
    by_recipient = np.isin(codes, one)
    return pa.table(
        {
            "recipient": _names(ids[0], codes // len(ids[1])),
            "helper": _names(ids[1], codes % len(ids[1])),
            "ranked_by": np.where(by_recipient, "recipient", "helper"),
        }
    )
