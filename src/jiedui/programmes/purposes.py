"""What a programme folder is for, beside pairing: registers to take in, needs to find."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jiedui.programmes.keys import Fault, is_count, is_date, unknown

PURPOSES = ("registers", "needs", "proposals")
INTAKE = ("on", "purpose", "regions")
DESIGN = ("strata", "psu", "weight")
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


@dataclass(frozen=True, slots=True)
class Inquiry:
    """That a programme finds who needs help, in what and how sure.

    Attributes
    ----------
    spec : str
        A shipped specification, or a file of the folder.
    domain, area : str
        Columns of the units: the larger parts that a survey speaks of, and the small areas of the map.
    size : str
        The column of members; empty when units count as one.
    design : mapping of str to str
        Columns of the survey: ``strata``, ``psu``, ``weight``.
    covariates : tuple of str
        Columns of ``areas.csv`` that explain differences between areas.
    gaps : mapping of str to str
        For each gap of ``catalogue.toml`` the indicator whose deprived households it counts.
    values : mapping of str to object
        Values that the specification asks for, such as the line of the province.
    """

    spec: str
    domain: str
    area: str
    size: str = ""
    design: Mapping[str, str] = field(default_factory=dict)
    covariates: tuple[str, ...] = ()
    gaps: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, object] = field(default_factory=dict)


def named_purpose(tree: Mapping[str, Any]) -> str:
    """Give the first purpose that a file names; pairing when it names none."""
    return next((name for name in PURPOSES if name in tree), "proposals")


def check_intake(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Check ``[registers]``."""
    yield from _only(tree, "registers")
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


def check_inquiry(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Check ``[needs]``."""
    yield from _only(tree, "needs")
    inquiry = tree["needs"]
    if not isinstance(inquiry, dict):
        yield "key", "needs", {"found": inquiry, "allowed": "[needs]"}
        return
    yield from unknown(inquiry, "needs.", INQUIRY)
    for key, fits, allowed in INQUIRY_KEYS:
        found = inquiry.get(key)
        if (key in inquiry or key in DEMANDED) and not fits(found):
            yield "key", f"needs.{key}", {"found": found, "allowed": allowed}
    if isinstance(inquiry.get("design"), dict):
        yield from unknown(inquiry["design"], "needs.design.", DESIGN)


def read_intake(tree: Mapping[str, Any]) -> Intake | None:
    """Give what a checked file says of registers."""
    if "registers" not in tree:
        return None
    intake = tree["registers"]
    return Intake(intake["on"], intake.get("purpose", ""), tuple(intake.get("regions", ())))


def read_inquiry(tree: Mapping[str, Any]) -> Inquiry | None:
    """Give what a checked file says of needs."""
    if "needs" not in tree:
        return None
    inquiry = tree["needs"]
    return Inquiry(**inquiry | {"covariates": tuple(inquiry.get("covariates", ()))})


def _only(tree: Mapping[str, Any], purpose: str) -> Iterator[Fault]:
    """Refuse a second purpose."""
    for other in PURPOSES:
        if other != purpose and other in tree:
            yield "two_purposes", other, {"purpose": purpose, "other": other}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_named(value: object) -> bool:
    """Whether a value gives a text for each name."""
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


DEMANDED = ("spec", "domain", "area")
INQUIRY_KEYS: tuple[tuple[str, Callable[[object], bool], str], ...] = (
    ("spec", _is_text, '"…"'),
    ("domain", _is_text, '"…"'),
    ("area", _is_text, '"…"'),
    ("size", _is_text, '"…"'),
    ("design", _is_named, '{ strata = "…", psu = "…", weight = "…" }'),
    ("gaps", _is_named, '{ gap = "indicator", … }'),
    ("covariates", _is_list, '["…", …]'),
    ("values", lambda value: isinstance(value, dict), "{ name = …, … }"),
)
INQUIRY = tuple(key for key, _, _ in INQUIRY_KEYS)
