"""Organisations and users of the demo: each function in both counties and above them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from jiedui_web.accounts.actions import System, assign_role, make_organisation, make_user
from jiedui_web.accounts.functions import Function, Level
from jiedui_web.accounts.models import Organisation
from jiedui_web.language import text_in
from jiedui_web.office.passwords import one_time_password


@cache
def cast() -> dict[str, Any]:
    """Give the places, units and words of the demo."""
    return tomllib.loads((Path(__file__).parent / "cast.toml").read_text(encoding="utf-8"))


@transaction.atomic
def make_people() -> list[tuple[str, str, str]]:
    """Make organisations and users; gives user name, one-time password, and what each may do."""
    return [handed for seat in cast()["seats"] for unit in cast()["units"] for handed in _people(seat, unit)]


def _people(seat: dict[str, Any], unit: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Make a unit and its people, one for each of its functions."""
    names = {lang: unit["name"][lang].format(seat=seat["name"][lang]) for lang in ("zh", "en")}
    made = make_organisation(by=System(), name=names["zh"], name_en=names["en"], place_code=seat["prefix"])
    return [_person(seat, made, Function(name)) for name in unit["functions"]]


def _person(seat: dict[str, Any], unit: Organisation, function: Function) -> tuple[str, str, str]:
    """Make a user of a unit with a function."""
    username, password = f"{seat['key']}-{function}", one_time_password()
    words = {lang: text_in(lang, f"function.{function}") for lang in ("zh", "en")}
    name = cast()["person"]["name"].format(seat=seat["name"]["zh"], function=words["zh"])
    user = make_user(
        by=System(), username=username, name=name, password=password, organisation=unit,
        must_change_password=True,
    )  # fmt: skip
    assign_role(by=System(), function=function, level=Level(seat["level"]), prefix=seat["prefix"], user=user)
    about = f"{seat['name']['zh']} {words['zh']} / {seat['name']['en']}, {words['en']}"
    return username, password, about
