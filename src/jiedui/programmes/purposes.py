"""What a programme folder is for: registers to take in, needs to find, proposals to make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jiedui.programmes.keys import Fault, is_count, is_date, unknown

PURPOSES = ("registers", "needs", "proposals")
FOLLOWING = {"needs": ("proposals",)}
"""What a purpose may go on to in the same folder."""
INTAKE = ("on", "purpose", "regions")
DAY = 2
"""Hyphens in a whole date."""


@dataclass(frozen=True, slots=True)
class Intake:
    """That a programme takes in registers, and as of when.

    Attributes
    ----------
    on : str
        The day the registers are checked for: ages, terms and idle money are counted to it.
    purpose : str
        The purpose of comparing with other offices' data, as the households authorised it.
    regions : tuple of int
        First two digits of ID numbers to accept beside those in use: synthetic registers have their own.
    """

    on: str
    purpose: str = ""
    regions: tuple[int, ...] = ()


def named_purpose(tree: Mapping[str, Any]) -> str:
    """Give the first purpose that a file names; pairing when it names none."""
    return next((name for name in PURPOSES if name in tree), "proposals")


def check_intake(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Check ``[registers]``."""
    yield from refuse_others(tree, "registers")
    intake = tree["registers"]
    if not isinstance(intake, dict):
        yield "key", "registers", {"found": intake, "allowed": "[registers]"}
        return
    yield from unknown(intake, "registers.", INTAKE)
    if not isinstance(on := intake.get("on"), str) or on.count("-") != DAY or not is_date(on):
        yield "key", "registers.on", {"found": on, "allowed": '"YYYY-MM-DD"'}
    if not isinstance(purpose := intake.get("purpose", ""), str):
        yield "key", "registers.purpose", {"found": purpose, "allowed": '"…"'}
    regions = intake.get("regions", [])
    if not isinstance(regions, list) or not all(is_count(one) and 10 <= one < 100 for one in regions):  # noqa: PLR2004
        yield "key", "registers.regions", {"found": regions, "allowed": "[10 … 99]"}


def read_intake(tree: Mapping[str, Any]) -> Intake | None:
    """Give what a checked file says of registers."""
    if "registers" not in tree:
        return None
    intake = tree["registers"]
    return Intake(intake["on"], intake.get("purpose", ""), tuple(intake.get("regions", ())))


def refuse_others(tree: Mapping[str, Any], purpose: str) -> Iterator[Fault]:
    """Refuse a second purpose that does not follow from the first."""
    for other in PURPOSES:
        if other not in (purpose, *FOLLOWING.get(purpose, ())) and other in tree:
            yield "two_purposes", other, {"purpose": purpose, "other": other}
