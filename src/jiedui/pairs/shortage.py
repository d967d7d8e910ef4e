"""Why somebody stays without help: who competes for which places, and what would cure it.

References
----------
Hall (1935), *On representatives of subsets*: a set of recipients with fewer places among all their
candidates than they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.language import Lang, text

if TYPE_CHECKING:
    from jiedui.pairs.instance import Flags, Ints, Whole
    from jiedui.pairs.proposal import Proposal

NAMED = 12
"""So many names stand in a sentence; the others are counted."""


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
        All their candidates; every one is full.
    places : int
        Pairs these helpers can take in all.
    missing : int
        Pairs lacking: so many more places at these helpers, or candidates elsewhere, cure it at least.
    """

    recipients: tuple[str, ...]
    unserved: tuple[str, ...]
    helpers: tuple[str, ...]
    places: int
    missing: int

    def sentence(self, lang: Lang) -> str:
        """Say it in words of the office."""
        names = {side: _listed(getattr(self, side), lang) for side in ("unserved", "helpers")}
        kind = "pairs.shortage" if self.helpers else "pairs.no_candidate"
        return text(
            kind, lang, **names, recipients=len(self.recipients), places=self.places, missing=self.missing
        )


def shortages(proposal: Proposal) -> tuple[Shortage, ...]:
    """Give the groups that compete for too few places, each by name; empty where nobody lacks help.

    Of a proposal whose pairs all weigh the same and that serves as many as possible.

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
    served = np.bincount(problem.row[chosen], minlength=len(problem.need))
    lacking = problem.need - served
    rows: list[Whole] = [np.flatnonzero(lacking > 0)]
    inside, helpers = lacking > 0, np.zeros(len(problem.helper_ids), bool)
    while len(rows[-1]):
        reached = np.unique(problem.column[np.isin(problem.row, rows[-1]) & ~chosen])
        new = reached[~helpers[reached]]
        helpers[new] = True
        joined = np.unique(problem.row[chosen & ~problem.forced & np.isin(problem.column, new)])
        rows.append(joined[~inside[joined]])
        inside[joined] = True
    return tuple(_group(proposal, group, lacking) for group in _groups(proposal, inside, helpers))


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


def _group(proposal: Proposal, rows: Ints, lacking: Ints) -> Shortage:
    """Describe one group."""
    problem = proposal.problem
    own = np.isin(problem.row, rows)
    columns = np.unique(problem.column[own])
    full = np.isin(problem.column, columns) & proposal.chosen
    names = problem.recipient_ids
    return Shortage(
        tuple(names[row] for row in rows),
        tuple(names[row] for row in rows if lacking[row] > 0),
        tuple(problem.helper_ids[column] for column in columns),
        int(full.sum()),
        int(lacking[rows].sum()),
    )


def _listed(names: tuple[str, ...], lang: Lang) -> str:
    """Name some and count the others."""
    comma = text("pairs.comma", lang)
    shown = comma.join(names[:NAMED])
    more = len(names) - NAMED
    return shown if more <= 0 else text("pairs.and_more", lang, names=shown, count=len(names))
