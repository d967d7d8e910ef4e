"""Order by lot among equals: off by default, only exact ties, by a decision of named people.

The list is closed first and its fingerprint made public. Then a public source that nobody controls gives a
value, and the seed is the SHA-256 of both: nobody can choose it, everybody can check it. Of all choices
exactly as good as the plain proposal's that serve the same recipients, the one with the least sum of
random numbers is drawn: nobody is left without help because of it. How often redraws give each pair says
with which probability it was assigned, so that what pairing brings can later be estimated without bias.

References
----------
Abdulkadiroğlu, Angrist, Narita, Pathak (2017), *Research design meets market design: using centralized
assignment for impact evaluation*, Econometrica 85: probabilities of assignment by redrawing lots.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.pairs.lots.equals import Equals, draw, equals_of

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.errors import Finding
    from jiedui.pairs.proposal import Proposal

STATED = ("who", "why", "source", "value")
"""What a decision must say in words."""


@dataclass(frozen=True, slots=True)
class LotDecision:
    """The decision to let a lot order equals.

    Attributes
    ----------
    who, why : str
        Who decided it, and the reason.
    decided_on, closed_on, drawn_on : date
        When it was decided, when the list was closed, when the public source gave its value: neither of the
        first two after the last.
    source, value : str
        The public source, and what it gave, as published.
    """

    who: str
    why: str
    decided_on: date
    closed_on: date
    drawn_on: date
    source: str
    value: str


@dataclass(frozen=True, slots=True)
class Lot:
    """What a lot decided, and how probable it was.

    Attributes
    ----------
    plain, proposal : Proposal
        Without the lot and by the lot: equally good, the same recipients served.
    decision : LotDecision
    fingerprint, seed : str
        Of the closed list; and of both list and value. SHA-256, hexadecimal.
    chances : pyarrow.Table
        ``recipient``, ``helper``, ``probability``, ``se`` of every pair that some draw may take, by ids:
        its share of the redraws and the binomial standard error; 1 and 0 where nothing is open.
    redraws : int
    """

    plain: Proposal
    proposal: Proposal
    decision: LotDecision
    fingerprint: str
    seed: str
    chances: pa.Table
    redraws: int

    def faults(self) -> list[str]:
        """Check anew, trusting no solver: as good, the same served, the seed and the draw as they must be."""
        problem, again = self.plain.problem, _drawn(equals_of(self.plain), self.seed)
        before, after = (np.sort(problem.row[one.chosen]) for one in (self.plain, self.proposal))
        checks = {
            "lot: total": _worth(self.plain) == _worth(self.proposal),
            "lot: served": np.array_equal(before, after),
            "lot: list": self.fingerprint == fingerprint(self.plain),
            "lot: seed": self.seed == seed_of(self.fingerprint, self.decision.value),
            "lot: draw": np.array_equal(again.chosen, self.proposal.chosen),
            "lot: decision": not list(_wrong(self.decision)),
        }
        return self.proposal.faults() + [name for name, holds in checks.items() if not holds]


def draw_lot(plain: Proposal, *, decision: LotDecision | None, redraws: int = 1000) -> Lot:
    """Let a lot choose among the choices exactly as good as a proposal's that serve the same recipients.

    Parameters
    ----------
    plain
        Proved by prices on single places, and made without a limit of moves or contiguity, which a draw would
        not keep.
    decision
        Who decided it, and where the seed comes from; without one there is no lot.
    redraws
        How often to draw anew, from seeds that follow from the seed, to estimate probabilities; at least 1.

    Raises
    ------
    InputError
        If there is no decision or it is not complete, its dates are not in order, or the proposal cannot be
        ordered by lot.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.pairs import make_problem, propose
    >>> problem = make_problem(
    ...     pa.table({"id": ["g", "h"], "capacity": [1.0, 1.0]}),
    ...     pa.table({"id": ["r", "s"]}),
    ...     pa.table({"recipient": ["r", "r", "s"], "helper": ["g", "h", "g"], "score": [0.5, 0.5, 0.5]}),
    ... )
    >>> plain = propose(problem, objective=("coverage", "total"), quota={"g": 1, "h": 1})
    >>> day = date(2026, 3, 2)
    >>> decision = LotDecision("county office", "all are equal", day, day, day, "lottery", "07 11 12")
    >>> lot = draw_lot(plain, decision=decision)
    >>> lot.faults(), lot.chances["probability"].to_pylist()
    ([], [1.0, 1.0])
    """
    if decision is None:
        raise InputError([finding("pairs.lot_undecided")])
    findings = list(_wrong(decision))
    findings += [finding("pairs.lot_redraws", found=redraws)] if redraws < 1 else []
    if findings:
        raise InputError(findings)
    equals, mark = equals_of(plain), fingerprint(plain)
    seed = seed_of(mark, decision.value)
    return Lot(plain, _drawn(equals, seed), decision, mark, seed, _chances(equals, seed, redraws), redraws)


def fingerprint(proposal: Proposal) -> str:
    """Give the fingerprint of a closed list: ids, pairs, scores and what was asked; SHA-256, hexadecimal.

    To be made public when the list is closed, before the public source gives its value.
    """
    rounds = proposal.followed.rounds[:-1] if proposal.followed else ()
    asked = [proposal.problem, [one.wish for one in rounds], *(one.best.market for one in rounds[:1])]
    for step in proposal.steps:
        asked += [step.objective, step.instance]
    digest = sha256()
    for part in (part for one in asked for part in _contents(one)):
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.hexdigest()


def seed_of(fingerprint: str, value: str) -> str:
    """Give the SHA-256 of a fingerprint, a line break and a public value (UTF-8), hexadecimal."""
    return sha256(f"{fingerprint}\n{value}".encode()).hexdigest()


def _contents(value: object) -> Iterator[bytes]:
    """Give a value in parts: whole numbers as 64 bits, the lowest byte first; all else as JSON."""
    if isinstance(value, np.ndarray):
        yield value.astype("<i8").tobytes()
    elif is_dataclass(value):
        for one in fields(value):
            yield one.name.encode()
            yield from _contents(getattr(value, one.name))
    else:
        yield json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def _drawn(equals: Equals, seed: str) -> Proposal:
    """Give the choice of a seed."""
    pairs = equals.open_pairs
    return equals.proposed(pairs[draw(equals.open_face(), seed=seed, pair=equals.pair[pairs])])


def _chances(equals: Equals, seed: str, redraws: int) -> pa.Table:
    """Count how often redraws give each pair."""
    import pyarrow as pa

    problem, face, pairs = equals.proposal.problem, equals.open_face(), equals.open_pairs
    own = equals.pair[pairs]
    counts = np.zeros(len(problem.row), np.int64)
    for number in range(redraws):
        np.add.at(counts, own[draw(face, seed=seed_of(seed, str(number + 1)), pair=own)], 1)
    settled = equals.usable & ~equals.is_open[equals.row]
    counts[equals.pair[settled]] = redraws
    counts[problem.forced] = redraws
    listed = problem.forced.copy()
    listed[equals.pair[equals.usable]] = True
    edges = np.flatnonzero(listed)
    share = counts[edges] / redraws
    return pa.table(
        {
            "recipient": [problem.recipient_ids[row] for row in problem.row[edges]],
            "helper": [problem.helper_ids[column] for column in problem.column[edges]],
            "probability": share,
            "se": np.sqrt(share * (1 - share) / redraws),
        }
    )


def _worth(proposal: Proposal) -> int:
    """Give the cost of a proposal where the total was the last question; 0 where rounds prove it."""
    if not proposal.steps or proposal.steps[-1].objective != "total":
        return 0
    return proposal.steps[-1].instance.value(proposal.chosen[proposal.open_edges])


def _wrong(decision: LotDecision) -> Iterator[Finding]:
    """Find what a decision lacks, and dates out of order."""
    for name in STATED:
        if not getattr(decision, name).strip():
            yield finding("pairs.lot_unstated", field=name)
    for name in ("decided_on", "closed_on"):
        if getattr(decision, name) > decision.drawn_on:
            yield finding(
                "pairs.lot_dates", field=name, found=getattr(decision, name), drawn_on=decision.drawn_on
            )
