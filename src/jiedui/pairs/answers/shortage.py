"""Why somebody stays without help: who competes for which places, and what would cure it.

References
----------
Hall (1935), *On representatives of subsets*: a set of recipients with fewer places among all their
candidates than they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InputError
from jiedui.language import Lang, finding, text
from jiedui.pairs.instance import are_equal

if TYPE_CHECKING:
    from jiedui.pairs.instance import Flags, Ints, Whole
    from jiedui.pairs.problem import Problem
    from jiedui.pairs.proposal import Proposal

NAMED = 12
"""So many names stand in a sentence; the others are counted."""


@dataclass(frozen=True, slots=True)
class Addition:
    """So many pairs more for a helper."""

    helper: str
    pairs: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """Recipients who among them have too few places (a Hall set).

    Attributes
    ----------
    recipients : tuple of str
        Everybody who competes: those without help and those whose helpers could serve them.
    unserved : tuple of str
        Those of them who stay without help, or lack some.
    helpers : tuple of str
        Whoever else could help them; every one is full.
    places : int
        Pairs these helpers can take in all, without those decided for others.
    missing : int
        Pairs lacking: no fewer places more at these helpers, or candidates elsewhere, cure it.
    additions : tuple of Addition
        One way to cure it with just so many places more; empty without helpers.
    """

    recipients: tuple[str, ...]
    unserved: tuple[str, ...]
    helpers: tuple[str, ...]
    places: int
    missing: int
    additions: tuple[Addition, ...]

    def sentence(self, lang: Lang, names: Mapping[str, str] | None = None) -> str:
        """Say it in words of the office, by the names of ids where they have any."""
        told = names or {}

        def named(ids: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(told.get(one, one) for one in ids)

        sides = {side: _listed(named(getattr(self, side)), lang) for side in ("unserved", "helpers")}
        more = tuple(f"{named((one.helper,))[0]} +{one.pairs}" for one in self.additions)
        kind = "pairs.shortage" if self.helpers else "pairs.no_candidate"
        return text(
            kind,
            lang,
            **sides,
            recipients=len(self.recipients),
            places=self.places,
            missing=self.missing,
            additions=_listed(more, lang),
        )


def shortages(proposal: Proposal) -> tuple[Shortage, ...]:
    """Give the groups that compete for too few places, each by name; empty where nobody lacks help.

    Raises
    ------
    InputError
        If the proposal does not serve as many as possible by places alone: nobody optimised it, pairs weigh
        differently, or rules hold others back.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.pairs import make_problem, propose
    >>> problem = make_problem(
    ...     pa.table({"id": ["h"], "capacity": [1.0]}),
    ...     pa.table({"id": ["r", "s"]}),
    ...     pa.table({"recipient": ["r", "s"], "helper": ["h", "h"], "score": [0.9, 0.5]}),
    ... )
    >>> [(one.recipients, one.missing) for one in shortages(propose(problem, quota={"h": 1}))]
    [(('r', 's'), 1)]
    """
    problem, chosen = proposal.problem, proposal.chosen
    rules = any(step.instance.limits is not None for step in proposal.steps)
    if proposal.proof == "none" or rules or not are_equal(problem.weight):
        raise InputError([finding("pairs.no_shortages", found=proposal.proof)])
    lacking = np.maximum(0, problem.need_min - np.bincount(problem.row[chosen], minlength=len(problem.need)))
    open_pairs = np.bincount(problem.row, minlength=len(problem.need))
    alone = np.maximum(0, problem.need_min - open_pairs)
    found = [_without_candidates(problem, int(row), int(alone[row])) for row in np.flatnonzero(alone)]
    inside, helpers = _competing(proposal, lacking > alone)
    groups = _groups(proposal, inside, helpers)
    return (*found, *(_group(proposal, group, helpers, lacking=lacking - alone) for group in groups))


def _without_candidates(problem: Problem, row: int, missing: int) -> Shortage:
    """Tell of a recipient that has fewer candidates than it needs."""
    name = (problem.recipient_ids[row],)
    return Shortage(name, name, (), 0, missing, ())


def _competing(proposal: Proposal, lacking: Flags) -> tuple[Flags, Flags]:
    """Mark recipients and helpers that chains of exchanges reach from those who lack help."""
    problem, chosen = proposal.problem, proposal.chosen
    inside, helpers = lacking.copy(), np.zeros(len(problem.helper_ids), bool)
    rows: Whole = np.flatnonzero(lacking)
    while len(rows):
        reached = np.unique(problem.column[np.isin(problem.row, rows) & ~chosen])
        new = reached[~helpers[reached]]
        helpers[new] = True
        joined = np.unique(problem.row[chosen & ~problem.forced & np.isin(problem.column, new)])
        rows = joined[~inside[joined]]
        inside[joined] = True
    return inside, helpers


def _groups(proposal: Proposal, inside: Flags, helpers: Flags) -> list[Ints]:
    """Part the competing recipients into groups that share no helper."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    problem = proposal.problem
    edges = np.flatnonzero(inside[problem.row] & helpers[problem.column])
    size = len(inside) + len(helpers)
    ends = problem.row[edges].astype(np.int64), len(inside) + problem.column[edges].astype(np.int64)
    _, label = connected_components(coo_array((np.ones(len(edges)), ends), (size, size)), directed=False)
    rows = np.flatnonzero(inside)
    return [rows[label[rows] == one] for one in dict.fromkeys(label[rows].tolist())]


def _group(proposal: Proposal, rows: Ints, helpers: Flags, *, lacking: Ints) -> Shortage:
    """Describe one group."""
    problem = proposal.problem
    own = np.isin(problem.row, rows) & helpers[problem.column] & ~problem.forced
    columns = np.unique(problem.column[own])
    names = problem.recipient_ids
    more = Counter(
        problem.helper_ids[problem.column[edge]]
        for row in rows[lacking[rows] > 0]
        for edge in _best_open(proposal, int(row), int(lacking[row]))
    )
    return Shortage(
        tuple(names[row] for row in rows),
        tuple(names[row] for row in rows if lacking[row] > 0),
        tuple(problem.helper_ids[column] for column in columns),
        int((own & proposal.chosen).sum()),
        int(lacking[rows].sum()),
        tuple(Addition(helper, count) for helper, count in sorted(more.items())),
    )


def _best_open(proposal: Proposal, row: int, count: int) -> Ints:
    """Give the best pairs that a recipient could still have."""
    problem = proposal.problem
    edges = np.flatnonzero((problem.row == row) & ~proposal.chosen)
    return edges[np.argsort(-problem.score[edges], kind="stable")[:count]]


def _listed(names: tuple[str, ...], lang: Lang) -> str:
    """Name some and count the others."""
    comma = text("pairs.comma", lang)
    shown = comma.join(names[:NAMED])
    more = len(names) - NAMED
    return shown if more <= 0 else text("pairs.and_more", lang, names=shown, count=len(names))
