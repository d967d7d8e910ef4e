"""Organisations and users of the demo: each function in both counties and above them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from jiedui_web.accounts.actions import System, assign_role, make_organisation, make_user
from jiedui_web.accounts.functions import Function, Level
from jiedui_web.accounts.models import Organisation
from jiedui_web.language import text_in
from jiedui_web.office.passwords import one_time_password


@dataclass(frozen=True, slots=True)
class Seat:
    """Where people of the demo sit: a word of their user names, a name, a level, a place-code prefix."""

    key: str
    name: str
    name_en: str
    level: Level
    prefix: str


SEATS = (
    Seat("yunhe", "云禾县", "Yunhe County", Level.COUNTY, "990020"),
    Seat("qingfan", "青畈县", "Qingfan County", Level.COUNTY, "990021"),
    Seat("province", "省级", "Province", Level.PROVINCE, ""),
)
UNITS = {
    "office": ("农业农村局", "Agriculture and Rural Affairs Bureau"),
    "government": ("人民政府办公室", "Government Office"),
    "discipline": ("纪委监委", "Discipline Inspection Commission"),
    "data": ("大数据中心", "Data Centre"),
    "helper": ("对口帮扶工作组", "Assistance Team"),
}
UNIT_OF = {
    Function.APPROVE: "government",
    Function.EXAMINE: "government",
    Function.AUDIT: "discipline",
    Function.ADMINISTER: "data",
    Function.HELP: "helper",
}
"""Whoever checks sits in another unit than whoever does."""


@transaction.atomic
def make_people() -> list[tuple[str, str, str]]:
    """Make organisations and users; gives user name, one-time password, and what each may do."""
    handed = []
    for seat in SEATS:
        units = {key: _unit(seat, names) for key, names in UNITS.items()}
        for function in Function:
            username, password = f"{seat.key}-{function}", one_time_password()
            words = text_in("zh", f"function.{function}"), text_in("en", f"function.{function}")
            user = make_user(
                by=System(), username=username, name=f"{seat.name}{words[0]}员", password=password,
                organisation=units[UNIT_OF.get(function, "office")], must_change_password=True,
            )  # fmt: skip
            assign_role(by=System(), function=function, level=seat.level, prefix=seat.prefix, user=user)
            handed.append((username, password, f"{seat.name} {words[0]} / {seat.name_en}, {words[1]}"))
    return handed


def _unit(seat: Seat, names: tuple[str, str]) -> Organisation:
    """Make a unit of a seat."""
    of = "省" if seat.level == Level.PROVINCE else seat.name
    return make_organisation(
        by=System(), name=f"{of}{names[0]}", name_en=f"{names[1]}, {seat.name_en}", place_code=seat.prefix
    )
