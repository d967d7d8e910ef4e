"""Rules beyond capacities: quotas between groups, pairs that exclude each other, budgets, "some or none".

Quotas that are nested on either side stay flows; the others are whole-number choices (see
`jiedui.pairs.search`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral, Real
from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.pairs.limits import Limits
from jiedui.pairs.problem import Problem, exact

if TYPE_CHECKING:
    from jiedui.errors import Finding
    from jiedui.pairs.instance import Flags, Ints

LARGEST = 10**12
"""Whole numbers of rules, in their smallest unit, stay below this: solvers count in 53 bits."""
Pair = tuple[str, str]
"""Helper, recipient."""


@dataclass(frozen=True, slots=True)
class Quota:
    """At most, and at least, so many pairs between these helpers and these recipients (None: all of them)."""

    helpers: Collection[str] | None = None
    recipients: Collection[str] | None = None
    at_most: int | None = None
    at_least: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Apart:
    """At most one of these pairs (helper, recipient)."""

    pairs: Sequence[Pair]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """The amounts of the chosen pairs (helper, recipient) sum to at most the limit; other pairs are free."""

    amounts: Mapping[Pair, float]
    limit: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class SomeOrNone:
    """Each of these helpers takes nobody, or at least so many recipients."""

    helpers: Collection[str]
    at_least: int
    name: str = ""


Rule = Quota | Apart | Budget | SomeOrNone
KINDS = "Quota | Apart | Budget | SomeOrNone"


def limits_of(problem: Problem, rules: Sequence[Rule]) -> Limits | None:
    """Turn rules into limits over the candidate pairs; None without rules.

    Raises
    ------
    InputError
        With every unknown id, number that cannot be, and lower bound above its upper bound.
    """
    if not rules:
        return None
    if findings := [one for rule in rules for one in _faults(problem, rule)]:
        raise InputError(findings)
    rows = [row for rule in rules for row in _rows(problem, rule)]
    columns = {name: place for place, name in enumerate(problem.helper_ids)}
    some: dict[int, int] = {}
    for rule in (one for one in rules if isinstance(one, SomeOrNone)):
        for helper in rule.helpers:
            some[columns[helper]] = max(rule.at_least, some.get(columns[helper], 0))
    empty = np.zeros(0, np.int64)
    return Limits(
        limit=np.repeat(np.arange(len(rows)), [len(row.edges) for row in rows]),
        edge=np.concatenate([empty, *(row.edges for row in rows)]),
        amount=np.concatenate([empty, *(row.amounts for row in rows)]),
        most=np.array([row.most for row in rows], np.int64),
        names=tuple(row.name for row in rows),
        scale=tuple(row.scale for row in rows),
        some=tuple(sorted(some.items())),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One limit: pairs, their amounts, and the most these may sum to; what it is, for messages."""

    edges: Ints
    amounts: Ints
    most: int
    name: str
    scale: int = 1


def _rows(problem: Problem, rule: Rule) -> Iterator[_Row]:
    """Give the limits of a rule."""
    if isinstance(rule, Quota):
        edges = np.flatnonzero(
            _members(problem.helper_ids, rule.helpers)[problem.column]
            & _members(problem.recipient_ids, rule.recipients)[problem.row]
        )
        if rule.at_most is not None:
            yield _Row(edges, np.ones_like(edges), rule.at_most, f"{_told(rule)} ≤ {rule.at_most}")
        if rule.at_least:
            yield _Row(edges, -np.ones_like(edges), -rule.at_least, f"{_told(rule)} ≥ {rule.at_least}")
    elif isinstance(rule, Apart):
        edges = _edges(problem, rule.pairs)
        yield _Row(edges, np.ones_like(edges), 1, _told(rule))
    elif isinstance(rule, Budget):
        yield _budget(problem, rule)


def _budget(problem: Problem, rule: Budget) -> _Row:
    """Scale amounts to whole numbers, exactly."""
    told = {pair: exact(amount) for pair, amount in rule.amounts.items()}
    scale = math.lcm(*(amount.denominator for amount in told.values()), 1)
    most = max(told.values(), default=Fraction(0))
    if most * scale > LARGEST:
        allowed = f"amount ≤ {LARGEST} × 1/{scale}"
        raise InputError([finding("pairs.rule_number", told=_told(rule), found=float(most), allowed=allowed)])
    found = [(_edges(problem, [pair]), int(amount * scale)) for pair, amount in told.items()]
    rows = sorted((int(edges[0]), amount) for edges, amount in found if len(edges) and amount)
    edges, amounts = np.array(rows, np.int64).reshape(-1, 2).T
    limit = min(math.floor(Fraction(str(rule.limit)) * scale), sum(amounts.tolist()))
    return _Row(edges, amounts, limit, f"{_told(rule)} ≤ {rule.limit}", scale)


def _told(rule: Rule) -> str:
    """Give the name of a rule, or its kind and what it is about."""
    if rule.name:
        return rule.name
    groups: tuple[Collection[str] | None, ...] = ()
    if isinstance(rule, Quota):
        groups = (rule.helpers, rule.recipients)
    elif isinstance(rule, Apart):
        groups = tuple(("–".join(pair),) for pair in rule.pairs)
    listed = ("*" if group is None else ", ".join(sorted(group)) for group in groups)
    return " ".join([type(rule).__name__, " × ".join(listed)]).strip()


def _edges(problem: Problem, pairs: Sequence[Pair]) -> Ints:
    """Give the candidate pairs among these, sorted; pairs that may not be anyway are left out."""
    rows = {name: place for place, name in enumerate(problem.recipient_ids)}
    columns = {name: place for place, name in enumerate(problem.helper_ids)}
    width = np.int64(len(columns))
    wanted = np.array([rows[recipient] * width + columns[helper] for helper, recipient in pairs], np.int64)
    keys = problem.row * width + problem.column
    place = np.searchsorted(keys, wanted)
    known = place < len(keys)
    known[known] = keys[place[known]] == wanted[known]
    return np.unique(place[known]).astype(np.int64)


def _members(ids: Sequence[str], group: Collection[str] | None) -> Flags:
    """Mark the ids of a group."""
    wanted = None if group is None else set(group)
    return np.array([wanted is None or name in wanted for name in ids], bool)


def _faults(problem: Problem, rule: Rule) -> Iterator[Finding]:
    """Find what keeps a rule from being followed."""
    if not isinstance(rule, Rule):
        yield finding("pairs.rule_number", told="rules", found=rule, allowed=KINDS)
        return
    name = _told(rule)
    sides = {"helpers": set(problem.helper_ids), "recipients": set(problem.recipient_ids)}
    for side, known in sides.items():
        for one in sorted(set(_named(rule, side)) - known):
            yield finding("pairs.unknown_id", table=name, id=one, allowed=side)
    for found, allowed in _numbers(rule):
        yield finding("pairs.rule_number", told=name, found=found, allowed=allowed)


def _named(rule: Rule, side: str) -> Collection[str]:
    """Give the ids of one side that a rule names."""
    if isinstance(rule, Apart | Budget):
        pairs = rule.pairs if isinstance(rule, Apart) else rule.amounts
        return {pair[side == "recipients"] for pair in pairs}
    return getattr(rule, side, None) or ()


def _numbers(rule: Rule) -> Iterator[tuple[object, str]]:
    """Give numbers that cannot be, each with what is allowed."""
    if isinstance(rule, Quota):
        most = LARGEST if rule.at_most is None else rule.at_most
        yield from _not_whole(most, "at_most", least=0)
        yield from _not_whole(rule.at_least, "at_least", least=0)
        if isinstance(most, Integral) and isinstance(rule.at_least, Integral) and most < rule.at_least:
            yield most, f"at_most ≥ {rule.at_least}"
    elif isinstance(rule, SomeOrNone):
        yield from _not_whole(rule.at_least, "at_least", least=0)
    elif isinstance(rule, Budget):
        for number in (*rule.amounts.values(), rule.limit):
            if not (isinstance(number, Real) and math.isfinite(number) and number >= 0):
                yield number, "0 ≤ amount, limit < ∞"


def _not_whole(number: object, name: str, *, least: int) -> Iterator[tuple[object, str]]:
    """Give a number that is not whole, or too small or too large."""
    if not (isinstance(number, Integral) and least <= int(number) <= LARGEST):
        yield number, f"{name}: {least}, {least + 1}, …, {LARGEST}"
