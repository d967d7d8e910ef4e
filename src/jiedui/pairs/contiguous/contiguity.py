"""Whole-area help (整体帮扶、连片开发): helpers receive few, whole, contiguous blocks of places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InputError
from jiedui.geo import Adjacency
from jiedui.language import finding
from jiedui.pairs.certificate import Certificate
from jiedui.pairs.contiguous.connected_choice import close
from jiedui.pairs.contiguous.islands import land
from jiedui.pairs.contiguous.regions import improve
from jiedui.pairs.contiguous.territory import Territory
from jiedui.pairs.proof import certify
from jiedui.pairs.proposal import Proposal, Step
from jiedui.pairs.search import Search, ceiling, optimum

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.errors import Finding
    from jiedui.pairs.certificate import Proof
    from jiedui.pairs.contiguous.connected_choice import Closed
    from jiedui.pairs.instance import Flags, Ints
    from jiedui.pairs.problem import Problem

BORDER = ("code_a", "code_b")
SHAKES, SHAKES_EACH, WORK = 500, 4, 25_000_000
"""Neighbourhoods emptied in search of a better choice: at most, per place, and times places squared."""


def propose_contiguous(
    problem: Problem,
    neighbours: pa.Table,
    *,
    quota: Mapping[str, int],
    blocks: int = 1,
    least: Mapping[str, int] | None = None,
) -> Proposal:
    """Find pairs in which the places of each helper form few contiguous blocks.

    As many as possible are served under these rules; then as few places as possible are lacking to the
    `least`; then the sum of scores is as high as possible. A choice found by exchanges is taken where no
    other can be better; else linear programs search for a better one, as far as size and budget allow.

    Parameters
    ----------
    problem
        Of single places: every recipient wants one helper, and all are of one size.
    neighbours
        ``code_a``, ``code_b``: recipients that share a border, in either direction, once or more often.
    quota
        Places each helper may take at most, unless forced pairs already exceed it.
    blocks
        Contiguous blocks each helper may have at most, unless its forced pairs alone form more.
    least
        Places some helpers must take at least, as far as possible once as many as possible are served;
        who stays below is told by `Proposal.below`.

    Returns
    -------
    Proposal
        Its certificate holds the bound that prices prove for the question without contiguity, so that its
        gap can be checked without a solver. Its proof is ``prices`` where that bound is met, ``solver`` where
        only the solver calls the choice the best contiguous one, else ``heuristic``; ``told`` is the
        solver's own bound. Who stays unserved is counted at the penalty, in the gap as well.

    Raises
    ------
    InputError
        If the problem is not of single places, a border names an unknown place or one place twice, or the
        limits are missing, negative or contradict each other.

    References
    ----------
    Carvajal et al. (2013), *Imposing connectivity constraints in forest planning models*, Operations
    Research 61; Ahuja, Orlin, Sharma (2003), *A composite very large-scale neighborhood structure for the
    capacitated minimum spanning tree problem*, Operations Research Letters 31.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.pairs import make_problem
    >>> scores = {("1", "a"): 1.0, ("2", "a"): 0.1, ("3", "a"): 1.0}
    >>> scores |= {("1", "b"): 0.0, ("2", "b"): 0.9, ("3", "b"): 0.2}
    >>> made = make_problem(
    ...     pa.table({"id": ["a", "b"], "capacity": [1.0, 1.0]}),
    ...     pa.table({"id": ["1", "2", "3"]}),
    ...     pa.table(
    ...         {
    ...             "recipient": [recipient for recipient, _ in scores],
    ...             "helper": [helper for _, helper in scores],
    ...             "score": list(scores.values()),
    ...         }
    ...     ),
    ... )
    >>> line = pa.table({"code_a": ["1", "2"], "code_b": ["2", "3"]})
    >>> found = propose_contiguous(made, line, quota={"a": 2, "b": 2})
    >>> found.pairs["helper"].to_pylist(), found.proof, round(found.gap, 3), found.faults()
    (['a', 'b', 'b'], 'solver', 0.267, [])
    """
    least = least or {}
    if findings := [*_check(problem, neighbours, quota=quota, blocks=blocks, least=least)]:
        raise InputError(findings)
    territory = make_territory(problem, neighbours, quota=quota, blocks=blocks, least=least)
    relaxed = optimum(territory.instance)
    count = len(problem.recipient_ids)
    shakes = min(SHAKES, SHAKES_EACH * count, WORK // count**2)
    landing = land(territory)
    starts = [relaxed, landing.chosen] if landing else [relaxed]
    enough = territory.instance.value(relaxed)
    mended = [improve(territory, start, shakes=shakes, enough=enough) for start in starts]
    start = min(mended, key=territory.rank)
    closed = close(territory, start, relaxed, unserved=landing.unserved if landing else 0)
    step = Step("total", territory.instance, _certificate(territory, closed, relaxed))
    return Proposal(problem, closed.chosen, (step,), unstated=("contiguity",))


def blocks_of(problem: Problem, chosen: Flags, neighbours: pa.Table) -> dict[str, int]:
    """Count the contiguous blocks of each helper's places, by id.

    Parameters
    ----------
    chosen : bool[E]
        The candidate pairs taken.
    neighbours
        ``code_a``, ``code_b``: recipients that share a border.
    """
    adjacency = Adjacency(neighbours)
    taken: dict[str, list[str]] = {helper: [] for helper in problem.helper_ids}
    for edge in np.flatnonzero(chosen):
        taken[problem.helper_ids[problem.column[edge]]].append(problem.recipient_ids[problem.row[edge]])
    return {helper: len(adjacency.blocks(places)) for helper, places in taken.items()}


def _certificate(territory: Territory, closed: Closed, relaxed: Flags) -> Certificate:
    """Say what prices prove about the choice, and what the solver tells."""
    instance = territory.instance
    proved = certify(instance, relaxed)
    value, (unserved, short, _) = instance.value(closed.chosen), territory.rank(closed.chosen)
    proof: Proof = "solver" if closed.closed else "heuristic"
    if value == proved.bound and not short:
        proof = "prices"
    lacking = int(instance.penalty.max(initial=0)) * unserved
    told = None if closed.bound is None else max(proved.bound, closed.bound + lacking)
    return Certificate(value, proved.bound, proof, proved.nodes, told)


def make_territory(
    problem: Problem,
    neighbours: pa.Table,
    *,
    quota: Mapping[str, int],
    blocks: int,
    least: Mapping[str, int],
) -> Territory:
    """Put the question in numbers."""
    instance = Search(problem, ceiling(problem, quota), None).question()
    unit = int(problem.weight[0])
    room = np.minimum(instance.capacity // unit, len(problem.recipient_ids))
    wanted = [-(-int(least.get(helper, 0) * problem.tick) // unit) for helper in problem.helper_ids]
    near = _near(problem, neighbours)
    free = Territory(instance, near, room, np.minimum(room, np.array(wanted, np.int64)), np.zeros_like(room))
    return Territory(free.instance, near, free.room, free.least, _limit(free, blocks))


def _near(problem: Problem, neighbours: pa.Table) -> tuple[tuple[int, ...], ...]:
    """List the neighbours of each place by position."""
    position = {place: one for one, place in enumerate(problem.recipient_ids)}
    near: list[set[int]] = [set() for _ in position]
    for a, b in zip(*(neighbours[name].to_pylist() for name in BORDER), strict=True):
        near[position[a]].add(position[b])
        near[position[b]].add(position[a])
    return tuple(tuple(sorted(beside)) for beside in near)


def _limit(territory: Territory, blocks: int) -> Ints:
    """Give the blocks each helper may have: as asked, or as many as its forced places form by themselves."""
    row, column = (
        part[territory.instance.forced] for part in (territory.instance.row, territory.instance.column)
    )
    forced = [territory.parts(set(row[column == helper].tolist())) for helper in range(len(territory.room))]
    return np.array([max(blocks, len(parts)) for parts in forced], np.int64)


def _check(
    problem: Problem,
    neighbours: pa.Table,
    *,
    quota: Mapping[str, int],
    blocks: int,
    least: Mapping[str, int],
) -> Iterator[Finding]:
    """Find what keeps the question from being asked."""
    if int(problem.need.max(initial=1)) > 1 or len(np.unique(problem.weight)) > 1:
        yield finding("pairs.contiguity_places")
    if blocks != int(blocks) or blocks < 1:
        yield finding("pairs.contiguity_blocks", found=blocks)
    yield from _check_borders(problem, neighbours)
    for helper in problem.helper_ids:
        if helper not in quota:
            yield finding("pairs.contiguity_missing", id=helper)
    for name, limits in (("quota", quota), ("least", least)):
        yield from _check_limits(problem, name, limits)
    for helper, count in sorted(least.items()):
        if helper in quota and count > quota[helper] >= 0:
            yield finding("pairs.contiguity_least", id=helper, least=count, quota=quota[helper])


def _check_limits(problem: Problem, name: str, limits: Mapping[str, int]) -> Iterator[Finding]:
    """Find unknown helpers and numbers that are no counts."""
    known = set(problem.helper_ids)
    for helper, count in sorted(limits.items()):
        if helper not in known:
            yield finding("pairs.contiguity_helper", where=name, id=helper)
        if count != int(count) or count < 0:
            yield finding("pairs.contiguity_limit", where=name, id=helper, found=count)


def _check_borders(problem: Problem, neighbours: pa.Table) -> Iterator[Finding]:
    """Find missing columns, unknown places and borders of a place with itself."""
    if missing := [name for name in BORDER if name not in neighbours.column_names]:
        yield finding("pairs.contiguity_columns", found=", ".join(missing), allowed=", ".join(BORDER))
        return
    known = set(problem.recipient_ids)
    borders = zip(*(neighbours[name].to_pylist() for name in BORDER), strict=True)
    for place, (a, b) in enumerate(borders, start=1):
        for code in {a, b} - known:
            yield finding("pairs.contiguity_unknown", row=place, id=code)
        if a == b and a in known:
            yield finding("pairs.contiguity_self", row=place, id=a)
