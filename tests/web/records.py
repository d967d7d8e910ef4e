"""Records of a made-up county, for the site's tests."""

from __future__ import annotations

from tests.web.conftest import OWN

from jiedui_web.accounts.actions import System
from jiedui_web.registers.actions import make_record
from jiedui_web.registers.models import Record

NUMBER = "990101199001011234"
"""A number of no real place."""


def add_household(
    number_of_household: str,
    head: str,
    *,
    place_code: str = OWN,
    village: str = "红星村",
    kind: str = "一般农户",
    number: str = "",
) -> Record:
    """Add a household."""
    return make_record(
        by=System(),
        register="households",
        programme="county",
        place_code=place_code,
        values={
            "household": number_of_household,
            "head": head,
            "village": village,
            "kind": kind,
            "phone": "13900000001",
            "income": 1_234_500,
        },
        number=number,
    )


def add_person(household: str, name: str, *, place_code: str = OWN, number: str = "") -> Record:
    """Add a person to a household."""
    return make_record(
        by=System(),
        register="persons",
        programme="county",
        place_code=place_code,
        values={"household": household, "name": name, "sex": "男", "relation": "户主"},
        number=number,
    )
