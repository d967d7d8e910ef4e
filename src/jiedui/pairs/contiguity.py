"""Whole-area help (整体帮扶、连片开发): helpers receive few, whole, contiguous blocks of places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InputError
from jiedui.geo import Adjacency
from jiedui.language import finding
from jiedui.pairs.proof import certify
from jiedui.pairs.proposal import Proposal, Step
from jiedui.pairs.regions import improve
from jiedui.pairs.search import Search, ceiling, optimum
from jiedui.pairs.territory import Territory

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.errors import Finding
    from jiedui.pairs.certificate import Certificate, Proof
    from jiedui.pairs.instance import Flags, Ints
    from jiedui.pairs.problem import Problem

COLUMNS = ("code_a", "code_b")


def propose_contiguous(
    problem: Problem,
    neighbours: pa.Table,
    *,
    quota: Mapping[str, int],
    blocks: int = 1,
    least: Mapping[str, int] | None = None,
) -> Proposal:
    """Find pairs in which each helper's places form few contiguous blocks."""
    if findings := [*check_contiguity(problem, neighbours, quota=quota, blocks=blocks, least=least or {})]:
        raise InputError(findings)
    instance = Search(problem, ceiling(problem, quota), None).question()
    relaxed = optimum(instance)
    territory = None
    return None
