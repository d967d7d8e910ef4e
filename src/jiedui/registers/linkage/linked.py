"""What linking gives, and the limits it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.errors import Finding

LINKED, DECIDE, APART = "linked", "decide", "apart"
"""Status of a link: the same, to be decided by a person, kept apart by a decision."""
BY_NUMBER, BY_HOUSEHOLD, BY_PROBABILITY, BY_DECISION = "id_number", "household", "probability", "decision"
BY_LIKENESS, BY_CODE, BY_NAME, BY_MEMBERS = "likeness", "place_code", "name", "members"
"""Ways of a link."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From which score on two records are linked without a hand, and from which they are asked.

    Attributes
    ----------
    linked, decide : float
        Probabilities; below `decide` nothing is said.
    shared : int
        A key that more records than this carry says nothing.
    learnt_from : int
        Pairs of equal ID number from which the model learns; with fewer it keeps what it came with.
    seed : int
        Draws the random pairs from which the model learns what agrees by chance.
    """

    linked: float = 0.99
    decide: float = 0.5
    shared: int = 50
    learnt_from: int = 500
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Link:
    """A link between two records by their positions, left before right; `why` it would be asked."""

    left: int
    right: int
    score: float
    way: str
    status: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """Which records are the same.

    Attributes
    ----------
    links : pyarrow.Table
        ``left``, ``right`` (record ids, left before right), ``score`` (0 to 1), ``way``, ``status``.
    identities : pyarrow.Table
        ``record``, ``identity``: every record and what it is a record of, named by its first record.
    findings : tuple of Finding
        Questions to be decided and decisions that no longer fit.
    figures : mapping of str to int
        Counts of records, identities and links by way and status.
    """

    links: pa.Table
    identities: pa.Table
    findings: tuple[Finding, ...]
    figures: Mapping[str, int]
