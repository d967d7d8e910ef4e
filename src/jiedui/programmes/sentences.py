"""The reason of a pair in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from jiedui.language import Lang, decimal, integer, text

if TYPE_CHECKING:
    from jiedui.pairs.answers import Reason

SMALLEST_GAP = 0.0005
"""Gaps are shown with three decimals; a smaller one is shown as none."""
LISTED = 12
"""How many names are told; of more only the count."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What is known of a pair beyond its proof.

    Attributes
    ----------
    km : float
        The distance.
    held : frozenset of str
        The score rules that give it anything.
    kinds : str
        What is needed and offered, in words.
    runner_up : str or None
        The name of the helper that would come next.
    """

    km: float
    held: frozenset[str]
    kinds: str
    is_forced: bool
    is_optimised: bool
    is_present: bool
    runner_up: str | None


def sentence(reason: Reason, pair: Pair, *, lang: Lang, persons: bool) -> str:
    """Say the reason; of people only need, skill, distance and what was decided."""
    say = partial(text, lang=lang)
    parts = [say("reason.decided")] if pair.is_forced else []
    parts += [say("reason.skills" if persons else "reason.kinds", kinds=pair.kinds)] if pair.kinds else []
    parts.append(say("reason.distance", km=integer(pair.km)))
    parts += [say("reason.earlier")] if "earlier_pair" in pair.held else []
    parts.append(say("reason.kept" if pair.is_present else "reason.new"))
    if not persons:
        parts.append(say("reason.rank", rank=reason.own_rank, count=reason.candidates))
        if reason.price:
            parts.append(_scarcity(reason.price, lang))
        parts += _alternative(reason, pair, lang)
    return say("reason.join").join(parts) + say("reason.end")


def _alternative(reason: Reason, pair: Pair, lang: Lang) -> list[str]:
    """Say who would come next, and what that would cost."""
    if pair.runner_up is None:
        return [text("reason.no_other", lang)] if pair.is_optimised and not pair.is_forced else []
    if reason.gap is None:
        return [text("reason.best_other", lang, name=pair.runner_up)]
    key = "reason.equal" if reason.gap < SMALLEST_GAP else "reason.runner_up"
    return [text(key, lang, name=pair.runner_up, gap=decimal(reason.gap, 3))]


def names_listed(names: Sequence[str], lang: Lang) -> str:
    """List names, of many the first and the count.

    Examples
    --------
    >>> names_listed(["甲村", "乙村"], "zh")
    '甲村、乙村'
    """
    told = text("pairs.comma", lang).join(names[:LISTED])
    return told if len(names) <= LISTED else text("pairs.and_more", lang, names=told, count=len(names))


def _scarcity(price: float, lang: Lang) -> str:
    """Say what one more place of the helper would be worth."""
    if math.isinf(price):
        return text("reason.price_serves", lang)
    return text("reason.price", lang, price=decimal(price, 3))
