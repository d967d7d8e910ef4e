"""Pairing part by part: counties that share no helper are paired each for itself, the others together.

Parts that share no helper do not compete, so the union of their optima is the exact optimum of the whole.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.pairs.parts.part import GIVEN, check_candidates, in_two_parts, listed, pair_part, positions, texts

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.errors import Finding

AHEAD = 2
"""Groups handed to each process before the first of them is done, so that few wait in memory."""
PIECE = 2**20
"""Rows looked at together."""
ORDER = [("part", "ascending"), ("recipient", "ascending")]


def pair_by_part(candidates: pa.Table, *, processes: int = 1) -> pa.Table:
    """Pair all parts, those that share helpers together, each group in one of several processes.

    The result is the same whatever the number of processes, and equals `pair_part` of the whole.

    Parameters
    ----------
    candidates
        As in `pair_part`, for many parts.
    processes
        At least 1; with 1 everything runs in this process. Others are started anew, so a script that asks
        for several must guard its own start (``if __name__ == "__main__"``).

    Returns
    -------
    pyarrow.Table
        As in `pair_part`.

    Raises
    ------
    InputError
        With the findings of all parts, or if there are fewer than 1 processes.
    """
    import pyarrow as pa

    if processes < 1:
        raise InputError([finding("pairs.processes", found=processes)])
    check_candidates(candidates)
    if not candidates.num_rows:
        raise InputError([finding("pairs.no_rows", table="candidates")])
    groups = part_groups(candidates)
    findings: list[Finding] = []
    done: list[pa.Table] = []
    for outcome in _outcomes(_tables(candidates.select(GIVEN), groups), processes):
        done += _success(outcome, findings)
    if findings:
        raise InputError(findings)
    told = pa.concat_tables(done)
    if findings := list(in_two_parts(told.select(["part", "recipient"]))):
        raise InputError(findings)
    alone = len(done) == groups.num_rows
    return told if alone else told.sort_by(ORDER)


def part_groups(candidates: pa.Table) -> pa.Table:
    """Find the parts that share helpers, at once or through others: they must be paired in one go.

    Parameters
    ----------
    candidates
        ``part``, ``helper``; each pair once is enough.

    Returns
    -------
    pyarrow.Table
        ``part``, ``group`` (the first part of the group), sorted.
    """
    import pyarrow as pa
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pieces = _pieces(candidates, ["part", "helper"])
    known = listed(
        pa.concat_tables([listed(piece, ["part", "helper"]) for piece in pieces]), ["part", "helper"]
    )
    parts = listed(known, ["part"])["part"]
    linked = known.filter(known["helper"].is_valid())
    helpers = listed(linked, ["helper"])["helper"]
    ends = positions(linked["part"], parts), len(parts) + positions(linked["helper"], helpers)
    size = len(parts) + len(helpers)
    graph = coo_array((np.ones(linked.num_rows), ends), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    _, first, group = np.unique(component[: len(parts)], return_index=True, return_inverse=True)
    return pa.table({"part": parts, "group": parts.take(pa.array(first[group]))})


def _tables(candidates: pa.Table, groups: pa.Table) -> Iterator[pa.Table]:
    """Give the candidates of each group, in the order of groups, in memory of their own."""
    names = listed(groups, ["group"])["group"]
    group_of = positions(groups["group"], names).astype(np.int32)
    pieces = _pieces(candidates, ["part"])
    group = np.concatenate([group_of[positions(piece["part"], groups["part"])] for piece in pieces])
    if (np.diff(group) < 0).any():
        order = np.argsort(group, kind="stable")
        candidates, group = candidates.combine_chunks().take(order), group[order]
    for low, high in pairwise(np.searchsorted(group, np.arange(len(names) + 1)).tolist()):
        yield texts(candidates.slice(low, high - low)).take(np.arange(high - low))


def _pieces(table: pa.Table, columns: list[str]) -> Iterator[pa.Table]:
    """Cut columns of ids into pieces that need little memory, as plain texts."""
    import pyarrow as pa

    for batch in table.select(columns).to_batches(PIECE):
        yield texts(pa.Table.from_batches([batch]))


def _outcomes(tables: Iterator[pa.Table], processes: int) -> Iterator[Callable[[], pa.Table]]:
    """Pair each table, in order, here or in other processes."""
    if processes == 1:
        for table in tables:
            yield partial(pair_part, table)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[pa.Table]] = deque()
        for table in tables:
            waiting.append(pool.submit(pair_part, table))
            if len(waiting) > AHEAD * processes:
                yield waiting.popleft().result
        while waiting:
            yield waiting.popleft().result


def _success(outcome: Callable[[], pa.Table], findings: list[Finding]) -> list[pa.Table]:
    """Take a result, or add its findings."""
    try:
        return [outcome()]
    except InputError as error:
        findings += error.findings
        return []
