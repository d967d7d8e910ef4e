"""How firm a proposal is: what staying as it is costs, and which pairs survive when scores are uncertain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.pairs.answers.questions import Answers
from jiedui.pairs.demands import check_demands
from jiedui.pairs.problem import SCORE_UNIT
from jiedui.pairs.search import propose

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.pairs.problem import Problem
    from jiedui.pairs.proposal import Proposal

PLAIN = ("coverage", "total")


def frontier(
    problem: Problem,
    *,
    stay: Sequence[float],
    objective: Sequence[str] = PLAIN,
    quota: Mapping[str, int] | None = None,
) -> pa.Table:
    """Give what keeping present pairs costs: one row for each score added to them.

    Parameters
    ----------
    stay
        Scores to add to present pairs, each at least 0.
    objective, quota
        As in `propose`.

    Raises
    ------
    InputError
        As `propose`.

    Returns
    -------
    pyarrow.Table
        ``stay``, ``moves`` (pairs that depart from the present), ``score`` (sum over pairs, without what was
        added), ``worst`` (least score of a pair), ``unserved``.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.pairs import make_problem
    >>> problem = make_problem(
    ...     pa.table({"id": ["g", "h"], "capacity": [1.0, 1.0]}),
    ...     pa.table({"id": ["r"]}),
    ...     pa.table({"recipient": ["r", "r"], "helper": ["g", "h"], "score": [0.6, 0.5]}),
    ...     present=pa.table({"recipient": ["r"], "helper": ["h"]}),
    ... )
    >>> frontier(problem, stay=[0, 0.2], quota={"g": 1, "h": 1})["moves"].to_pylist()
    [1, 0]
    """
    import pyarrow as pa

    findings = {str(one): one for added in stay for one in check_demands(problem, quota=quota, stay=added)}
    if findings:
        raise InputError(findings.values())
    rows: list[dict[str, Any]] = []
    for added in stay:
        made = propose(problem, objective=objective, quota=quota, stay=added)
        scores = problem.score[made.chosen] / SCORE_UNIT
        rows.append(
            {
                "stay": float(added),
                "moves": made.moves,
                "score": float(scores.sum()),
                "worst": float(scores.min()) if len(scores) else None,
                "unserved": made.unserved,
            }
        )
    return pa.Table.from_pylist(rows)


def firmness(
    proposal: Proposal,
    *,
    error: float,
    draws: int = 30,
    seed: int = 0,
    quota: Mapping[str, int] | None = None,
) -> pa.Table:
    """Give how firm each pair is.

    Parameters
    ----------
    proposal
        Single places, proved by prices.
    error
        Standard error of a score, more than 0; scores are redrawn from a normal distribution around theirs,
        independently, and kept between 0 and 1.
    draws
        How often to draw and solve anew, at least 1.
    quota
        As in `propose`.

    Returns
    -------
    pyarrow.Table
        ``recipient``, ``helper``, ``margin`` (how far the score may fall before the pair changes, exact; null
        for any), ``stays`` (share of draws in which the pair stays), ``se`` (its standard error).

    Raises
    ------
    InputError
        If error or draws is not as said, or the proposal is not proved by prices.
    """
    import pyarrow as pa

    if not (0 < error < float("inf") and draws >= 1 and draws % 1 == 0):
        raise InputError([finding("pairs.draws", error=error, draws=draws)])
    answers, problem = Answers(proposal), proposal.problem
    if findings := check_demands(problem, quota=quota):
        raise InputError(findings)
    random = np.random.default_rng(seed)
    stays = np.zeros(len(problem.row))
    for _ in range(int(draws)):
        moved = problem.score + random.normal(0, error * SCORE_UNIT, len(problem.score))
        drawn = replace(problem, score=np.rint(moved.clip(0, SCORE_UNIT)).astype(np.int32))
        stays += propose(drawn, objective=PLAIN, quota=quota).chosen
    edges = np.flatnonzero(proposal.chosen)
    names = [problem.recipient_ids[row] for row in problem.row[edges]]
    share = stays[edges] / draws
    margins = [answers.firmness(name) for name in names]
    return pa.table(
        {
            "recipient": names,
            "helper": [problem.helper_ids[column] for column in problem.column[edges]],
            "margin": pa.array([None if np.isinf(one) else one for one in margins], pa.float64()),
            "stays": share,
            "se": np.sqrt(share * (1 - share) / draws),
        }
    )
