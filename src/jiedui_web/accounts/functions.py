"""The functions a person may hold, and which of them one person must not hold together."""

from __future__ import annotations

from django.db import models

from jiedui_web.language import lazy_text


class Function(models.TextChoices):
    """What somebody may do; what an office calls it comes from the scheme's vocabulary."""

    ENTER = "enter", lazy_text("function.enter")
    ATTEST = "attest", lazy_text("function.attest")
    EXAMINE = "examine", lazy_text("function.examine")
    DECIDE = "decide", lazy_text("function.decide")
    APPROVE = "approve", lazy_text("function.approve")
    HELP = "help", lazy_text("function.help")
    AUDIT = "audit", lazy_text("function.audit")
    ADMINISTER = "administer", lazy_text("function.administer")
    SEE = "see", lazy_text("function.see")


class Level(models.TextChoices):
    """Levels of places, from the whole country down."""

    COUNTRY = "country", lazy_text("level.country")
    PROVINCE = "province", lazy_text("level.province")
    PREFECTURE = "prefecture", lazy_text("level.prefecture")
    COUNTY = "county", lazy_text("level.county")
    TOWNSHIP = "township", lazy_text("level.township")
    VILLAGE = "village", lazy_text("level.village")


READING = frozenset(Function) - {Function.AUDIT, Function.ADMINISTER}
"""Functions that read the registers: whoever administers or audits the system does not, by that alone."""
WORKING = READING - {Function.SEE}

INCOMPATIBLE = frozenset(
    {frozenset({Function.AUDIT, one}) for one in WORKING | {Function.ADMINISTER}}
    | {frozenset({Function.ADMINISTER, one}) for one in WORKING}
    | {
        frozenset({Function.ENTER, Function.EXAMINE}),
        frozenset({Function.ENTER, Function.DECIDE}),
        frozenset({Function.ENTER, Function.APPROVE}),
        frozenset({Function.EXAMINE, Function.APPROVE}),
        frozenset({Function.DECIDE, Function.APPROVE}),
        frozenset({Function.ATTEST, Function.APPROVE}),
    }
)
"""Nobody checks his own work; administration, audit and business are three powers (三权分立)."""


def clash(held: Function, asked: Function) -> bool:
    """Whether one person must not hold both functions over the same places."""
    return frozenset({held, asked}) in INCOMPATIBLE
