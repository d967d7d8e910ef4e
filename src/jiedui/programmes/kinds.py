"""Kinds of need and offer: what a cell of a table names, and what two sides have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jiedui.language import Lang
    from jiedui.schemes import Scheme

APART = re.compile(r"[、;；,，]")


@dataclass(frozen=True, slots=True)
class Common:
    """What helpers (H) and places (P) have in common.

    Attributes
    ----------
    fit : float64[P, H]
        The part of the kinds needed that are offered; where both give, of what either side seeks, the less.
    kinds : mapping of (str, str) to frozenset of str
        By helper and recipient, where there are any.
    """

    fit: NDArray[np.float64]
    kinds: Mapping[tuple[str, str], frozenset[str]]


def named(cell: str | None) -> tuple[str, ...]:
    """Give the names in a cell, which commas or semicolons set apart.

    Examples
    --------
    >>> named("数学、英语; 体育"), named(None)
    (('数学', '英语', '体育'), ())
    """
    return tuple(name.strip() for name in APART.split(cell or "") if name.strip())


def kinds_of(cell: str | None, scheme: Scheme) -> tuple[str, ...]:
    """Give the ids of the kinds that a cell names; what the scheme does not know is left out."""
    known = {name: kind.id for kind in scheme.kinds.values() for name in kind.names}
    return tuple(known[name] for name in named(cell) if name in known)


def kind_words(kinds: Sequence[str], scheme: Scheme, lang: Lang) -> str:
    """Name kinds in a language."""
    return ("、" if lang == "zh" else ", ").join(scheme.kinds[kind].words[lang] for kind in kinds)


def in_common(
    helpers: Sequence[Mapping[str, Any]], places: Sequence[Mapping[str, Any]], scheme: Scheme
) -> Common:
    """Compare the kinds of every helper with those of every place."""
    offered = [frozenset(kinds_of(row["kind"], scheme)) for row in helpers]
    needed = [frozenset(kinds_of(row["kind"], scheme)) for row in places]
    fit = np.zeros((len(places), len(helpers)))
    kinds = {}
    for row, need in enumerate(needed):
        for column, offer in enumerate(offered):
            if both := need & offer:
                whole = max(len(need), len(offer)) if scheme.mutual else len(need)
                fit[row, column] = len(both) / whole
                kinds[helpers[column]["id"], places[row]["recipient"]] = both
    return Common(fit, kinds)
