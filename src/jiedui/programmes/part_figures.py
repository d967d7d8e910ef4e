"""Pairs of many parts as numbers: who has whom, sums for each part, and whether the pairs are the best."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Numbers = NDArray[np.float64]

Figures = dict[str, int | float | None]
PIECE = 2**20
"""Rows looked at together."""
FEW = 3
"""At least so many helpers stand behind these figures, so that none of them can be made out."""
OF_FEW = ("over_places", "mean_km", "score_mean", "mean_per_helper", "most_per_helper")
ROUNDING = 1e-6
"""Pairing counts scores in millionths."""


@dataclass(frozen=True, slots=True)
class Market:
    """Candidates as numbers: E rows of R recipients and H helpers.

    Attributes
    ----------
    row, column : numpy.ndarray of int32
        Recipient and helper (-1 for none) of each candidate, [E].
    part : numpy.ndarray of int64
        The part of each recipient, [R].
    places : numpy.ndarray of int64
        What each helper may take, [H].
    table : pyarrow.Table
        The candidates themselves, [E].
    """

    table: pa.Table
    recipients: pa.Array
    helpers: pa.Array
    row: NDArray[np.int32]
    column: NDArray[np.int32]
    part: Ints
    places: Ints

    def pieces(self) -> Iterator[slice]:
        """Cut the candidates into pieces that need little memory."""
        return (slice(start, start + PIECE) for start in range(0, len(self.row), PIECE))

    def values(self, column: str, edges: Ints) -> Numbers:
        """Give a column of some candidates; nan where it says nothing."""
        if column not in self.table.column_names:
            return np.full(len(edges), np.nan)
        return np.asarray(self.table[column].take(edges).cast("float64").to_numpy(), float)


@dataclass(frozen=True, slots=True)
class Choice:
    """Who has whom.

    Attributes
    ----------
    edges : numpy.ndarray of int64
        Which candidate each recipient has, -1 for none, [R].
    prices : numpy.ndarray of float64 or None
        What one more place of each helper would add, [H]; infinite where it would serve one more.
    """

    edges: Ints
    prices: Numbers | None = None


def make_market(candidates: pa.Table, parts: pa.Table) -> Market:
    """Give the candidates of a programme as numbers."""
    import pyarrow as pa

    coded = {name: _coded(candidates[name]) for name in ("part", "recipient", "helper")}
    row, column = _codes(coded["recipient"]), _codes(coded["helper"])
    recipients, helpers = (coded[name].chunk(0).dictionary for name in ("recipient", "helper"))
    order = pa.compute.index_in(coded["part"].chunk(0).dictionary, value_set=parts["code"].combine_chunks())
    part, places = np.zeros(len(recipients), np.int64), np.zeros(len(helpers), np.int64)
    part[row] = np.append(order.fill_null(0).to_numpy(), 0)[_codes(coded["part"])]
    named = np.flatnonzero(column >= 0)
    places[column[named]] = candidates["places"].take(named).cast("int64").to_numpy()
    return Market(candidates, recipients, helpers, row, column, part, places)


def present_choice(market: Market) -> Choice:
    """Give the pairs as they are."""
    edges = np.full(len(market.recipients), -1, np.int64)
    if "present" in market.table.column_names:
        held = np.flatnonzero(market.table["present"].fill_null(False).to_numpy())  # noqa: FBT003 - a value
        edges[market.row[held]] = held
    return Choice(edges)


def best_choice(market: Market, paired: pa.Table) -> Choice:
    """Find the candidates, and the prices of helpers, in what `pair_by_part` gives."""
    import pyarrow.compute as pc

    place = pc.index_in(paired["recipient"], value_set=market.recipients).to_numpy()
    chosen = pc.index_in(paired["helper"], value_set=market.helpers).fill_null(-2).to_numpy()
    wanted = np.full(len(market.recipients), -2, np.int64)
    wanted[place] = chosen
    edges = np.full(len(wanted), -1, np.int64)
    for piece in market.pieces():
        found = piece.start + np.flatnonzero(market.column[piece] == wanted[market.row[piece]])
        edges[market.row[found]] = found
    prices = np.where(market.places > 0, 0.0, np.inf)
    has = chosen >= 0
    prices[chosen[has]] = paired["price"].fill_null(np.inf).to_numpy()[has]
    return Choice(edges, prices)


def figures(market: Market, choice: Choice, *, part: Ints, parts: int) -> list[Figures]:
    """Count for each of so many parts; `part` gives that of each recipient."""
    served = np.flatnonzero(choice.edges >= 0)
    taken, own = choice.edges[served], part[served]
    load = loads(market, choice)
    homes, helpers = _once(own, market.column[taken], len(load))
    active = np.bincount(homes, minlength=parts)
    most = np.zeros(parts, np.int64)
    np.maximum.at(most, homes, load[helpers])
    around, near = _candidates(market, part)
    over = np.maximum(load - market.places, 0)
    columns = {
        "recipients": np.bincount(part, minlength=parts),
        "helpers": np.bincount(around, minlength=parts),
        "places": np.bincount(around, market.places[near], minlength=parts).astype(np.int64),
        "unserved": np.bincount(part[choice.edges < 0], minlength=parts),
        "over_places": np.bincount(homes, over[helpers], minlength=parts).astype(np.int64),
        "kept": np.bincount(own[market.values("present", taken) == 1], minlength=parts),
        "mean_km": _means(market.values("distance_km", taken), own, parts),
        "score_mean": _means(market.values("score", taken), own, parts),
        "mean_per_helper": _means(load[helpers].astype(float), homes, parts),
        "most_per_helper": most,
    }
    return [
        {
            name: None
            if np.isnan(column[one]) or (active[one] < FEW and name in OF_FEW)
            else column[one].item()
            for name, column in columns.items()
        }
        for one in range(parts)
    ]


def loads(market: Market, choice: Choice) -> Ints:
    """Count the recipients of each helper, [H]."""
    taken = choice.edges[choice.edges >= 0]
    return np.bincount(market.column[taken], minlength=len(market.helpers))


def faults(market: Market, choice: Choice) -> Iterator[str]:
    """Say what keeps pairs from being within their places, and the most and best that can be.

    A helper with a price is full, and nobody has a candidate worth more, after its price, than the own one:
    then no other choice serves more, nor as many with a higher total. Where places are so short that a price
    is that of serving one more, this proves how many are served, not the total.
    """
    load = loads(market, choice)
    if (load > market.places).any():
        yield "places"
    if choice.prices is None:
        return
    if (load < market.places)[choice.prices > 0].any():
        yield "prices"
    served = np.flatnonzero(choice.edges >= 0)
    taken = choice.edges[served]
    worth = np.full(len(choice.edges), -np.inf)
    worth[served] = market.values("score", taken) - choice.prices[market.column[taken]]
    price = np.append(choice.prices, np.inf)
    for piece in market.pieces():
        score = market.table["score"].slice(piece.start, PIECE).to_numpy()
        if (score - price[market.column[piece]] > worth[market.row[piece]] + ROUNDING).any():
            yield "best"
            return


def _coded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give a column of ids as numbers of one list; a file read by column has them already."""
    import pyarrow as pa

    is_coded = pa.types.is_dictionary(column.type)
    return column if is_coded else column.dictionary_encode().unify_dictionaries()


def _codes(column: pa.ChunkedArray) -> NDArray[np.int32]:
    """Give the numbers of ids, -1 where there is none."""
    return np.concatenate([chunk.indices.fill_null(-1).to_numpy() for chunk in column.chunks]).astype(
        np.int32
    )


def _candidates(market: Market, part: Ints) -> tuple[Ints, Ints]:
    """List each part and helper that has candidates in it once."""
    size = len(market.helpers)
    seen = [np.zeros(0, np.int64)]
    for piece in market.pieces():
        named = market.column[piece] >= 0
        seen.append(np.unique(part[market.row[piece][named]] * size + market.column[piece][named]))
    return _split(np.unique(np.concatenate(seen)), size)


def _once(part: Ints, helper: NDArray[np.int32], size: int) -> tuple[Ints, Ints]:
    """List each part and helper once."""
    return _split(np.unique(part * size + helper), size)


def _split(keys: Ints, size: int) -> tuple[Ints, Ints]:
    return keys // max(size, 1), keys % max(size, 1)


def _means(values: Numbers, part: Ints, parts: int) -> Numbers:
    """Give the mean of known values in each part; nan where there is none."""
    known = ~np.isnan(values)
    count = np.bincount(part[known], minlength=parts)
    total = np.bincount(part[known], values[known], minlength=parts)
    means: Numbers = np.divide(total, count, out=np.full(parts, np.nan), where=count > 0)
    return means
