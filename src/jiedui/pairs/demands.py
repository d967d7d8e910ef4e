"""What is asked of a proposal beside its tables: places, moves, the bonus for staying, as usable numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from numbers import Integral, Real
from typing import TYPE_CHECKING

from jiedui.language import finding

if TYPE_CHECKING:
    from jiedui.errors import Finding
    from jiedui.pairs.problem import Problem

LARGEST_STAY = 1000
"""In score; far more than any sum of scores that an exchange could win."""


def check_demands(
    problem: Problem,
    *,
    quota: Mapping[str, int] | None = None,
    least: Mapping[str, int] | None = None,
    max_moves: int | None = None,
    stay: float = 0.0,
    threads: int = 1,
) -> list[Finding]:
    """List helpers that are unknown or have no quota, and numbers that cannot be.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.pairs import make_problem
    >>> problem = make_problem(
    ...     pa.table({"id": ["h"], "capacity": [1.0]}),
    ...     pa.table({"id": ["r"]}),
    ...     pa.table({"recipient": ["r"], "helper": ["h"], "score": [0.5]}),
    ... )
    >>> [one.rule for one in check_demands(problem, quota={"g": 1}, max_moves=-1)]
    ['pairs.unknown_id', 'pairs.quota_absent', 'pairs.max_moves']
    """
    findings = [*_places(problem, "quota", quota or {}), *_places(problem, "least", least or {})]
    if quota is not None:
        absent = [name for name in problem.helper_ids if name not in quota]
        findings += [finding("pairs.quota_absent", id=name) for name in absent]
    if max_moves is not None and not _is_count(max_moves):
        findings.append(finding("pairs.max_moves", value=max_moves))
    if not (isinstance(stay, Real) and isfinite(stay) and 0 <= stay <= LARGEST_STAY):
        findings.append(finding("pairs.stay", value=stay, most=LARGEST_STAY))
    if not (_is_count(threads) and threads):
        findings.append(finding("pairs.processes", found=threads))
    return findings


def _places(problem: Problem, table: str, places: Mapping[str, int]) -> Iterator[Finding]:
    """Check places by helper."""
    known = set(problem.helper_ids)
    for name, count in places.items():
        if name not in known:
            yield finding("pairs.unknown_id", table=table, id=name, allowed="helpers")
        elif not _is_count(count):
            yield finding("pairs.helper_places", table=table, id=name, value=count)


def _is_count(value: object) -> bool:
    return isinstance(value, Integral) and int(value) >= 0
