"""How like two headings are, where neither name nor alias is met."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

SURE = 0.9
"""A heading at least so like a name is taken, if one sign at most is more or less in it."""
LEAD = 0.1
"""By how much the likeness must exceed that of the next column."""
NEAR = 0.6
"""A name at least so like is suggested."""
FILLERS = re.compile("情况|信息|具体|填写|登记|的|之|及|与|和")
TELLING = re.compile(
    "[0-9原现新旧前后上下未非不无总净毛月年日季男女父母子拟应实已一二三四五六七八九十省市县区乡镇村组户人家主副]"
)
"""Signs that make another column of a heading: two that differ in one are not alike."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The column nearest to a heading, and the next."""

    target: tuple[str, str]
    score: float
    runner_up: tuple[str, str] | None
    runner_up_score: float

    @property
    def is_clear(self) -> bool:
        """Whether it is like enough, with a clear lead."""
        return self.score >= SURE and self.score - self.runner_up_score >= LEAD


def likeness(one: str, other: str) -> float:
    """Give how like two headings are, 0 to 1, without the words that say nothing.

    Examples
    --------
    >>> likeness("是否解决安全饮用水情况", "是否解决安全饮用水"), likeness("致贫风险1", "致贫风险2") < SURE
    (1.0, True)
    """
    left, right = (FILLERS.sub("", text) or text for text in (one, other))
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.real_quick_ratio() < NEAR or matcher.quick_ratio() < NEAR:
        return 0.0
    score = matcher.ratio()
    apart = len(left) + len(right) - 2 * sum(block.size for block in matcher.get_matching_blocks())
    is_safe = apart <= 1 and _counts(left) == _counts(right)
    return score if is_safe else min(score, SURE - LEAD)


def nearest(forms: Iterable[str], names: Iterable[tuple[tuple[str, str], str]]) -> Nearest | None:
    """Give the column whose name is most like any form of a heading; None where none is near."""
    scores: dict[tuple[str, str], float] = {}
    spoken = tuple(dict.fromkeys(forms))
    for target, name in names:
        for form in spoken:
            scores[target] = max(scores.get(target, 0.0), likeness(form, name))
    ranked = sorted(scores, key=lambda target: (-scores[target], target))[:2]
    if not ranked or scores[ranked[0]] < NEAR:
        return None
    second = ranked[1] if len(ranked) > 1 and scores[ranked[1]] >= NEAR else None
    return Nearest(ranked[0], scores[ranked[0]], second, scores[second] if second else 0.0)


def _counts(text: str) -> list[str]:
    return sorted(TELLING.findall(text))
