"""Who stays without help in each proposal, in words, and what would cure it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InputError
from jiedui.language import LANGUAGES, words
from jiedui.pairs.answers import shortages
from jiedui.programmes.sentences import names_listed

if TYPE_CHECKING:
    from jiedui.language import Lang, Words
    from jiedui.programmes.records import Scenario
    from jiedui.programmes.setting import Setting


def lacking(setting: Setting, one: Scenario) -> tuple[Words, ...]:
    """Give a sentence for each group that lacks help; empty where nobody does."""
    if not one.proposal.unserved:
        return ()
    try:
        groups = shortages(one.proposal)
    except InputError:
        return (_plainly(setting, one),)
    told = {lang: _names(setting, one, lang) for lang in LANGUAGES}
    return tuple({lang: group.sentence(lang, told[lang]) for lang in LANGUAGES} for group in groups)


def _names(setting: Setting, one: Scenario, lang: Lang) -> dict[str, str]:
    """Name helpers and recipients."""
    rows = zip(setting.ids(one.grain), setting.recipients(one.grain), strict=True)
    named = [*rows, *((row["id"], row) for row in setting.helpers)]
    return {key: (row.get("name_en") if lang == "en" else None) or row["name"] for key, row in named}


def _plainly(setting: Setting, one: Scenario) -> Words:
    """Name who lacks help, where places alone do not tell why."""
    problem, chosen = one.proposal.problem, one.proposal.chosen
    served = np.bincount(problem.row[chosen], minlength=len(problem.need))
    ids = [problem.recipient_ids[row] for row in np.flatnonzero(served < problem.need_min)]
    told = {
        lang: names_listed([names[key] for key in ids], lang)
        for lang in LANGUAGES
        for names in (_names(setting, one, lang),)
    }
    return words("publish.lacking", names=told)
