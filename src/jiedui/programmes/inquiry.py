"""What ``[needs]`` of a programme asks: who needs help, in what, how sure, with which income and score."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jiedui.language import Words
from jiedui.programmes.keys import Fault, is_date, is_number, is_words, unknown
from jiedui.programmes.purposes import refuse_others

DESIGN = ("strata", "psu", "weight")


@dataclass(frozen=True, slots=True)
class Income:
    """Income and its line.

    Attributes
    ----------
    column : str
        Income per head, a column of the survey.
    line : float
        In the unit of the column; households strictly below it are spoken of.
    unit, source : Words
        Of the line: what it is counted in, and who set it.
    """

    column: str
    line: float
    unit: Words
    source: Words


@dataclass(frozen=True, slots=True)
class Targeting:
    """A score that stands for income in the registers, and who chose its threshold.

    Attributes
    ----------
    covariates : tuple of str
        Columns of survey and registers.
    by, why : Words
        Who chose the threshold, and for which reason.
    on : str
        When.
    rule : mapping of str to float
        One of ``exclusion_at_most``, ``threshold``, ``share``.
    groups : mapping of str to Words
        Columns of 1 and 0 whose households are compared with all others, and what they are called.
    scheme : str
        The mechanism that households are found for; no shipped one allows a fixed share.
    """

    covariates: tuple[str, ...]
    by: Words
    why: Words
    on: str
    rule: Mapping[str, float]
    groups: Mapping[str, Words]
    scheme: str


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
    income: Income | None = None
    targeting: Targeting | None = None


def check_inquiry(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Check ``[needs]``."""
    yield from refuse_others(tree, "needs")
    inquiry = tree["needs"]
    if not isinstance(inquiry, dict):
        yield "key", "needs", {"found": inquiry, "allowed": "[needs]"}
        return
    yield from _keys(inquiry, "needs", INQUIRY)
    if isinstance(inquiry.get("design"), dict):
        yield from unknown(inquiry["design"], "needs.design.", DESIGN)
    for name, keys in (("income", INCOME), ("targeting", TARGETING)):
        if isinstance(inquiry.get(name), dict):
            yield from _keys(inquiry[name], f"needs.{name}", keys)
    if isinstance(targeting := inquiry.get("targeting"), dict):
        if sum(rule in targeting for rule in RULES) != 1:
            yield "key", "needs.targeting", {"found": sorted(targeting), "allowed": " | ".join(RULES)}
        if "income" not in inquiry:
            yield "key", "needs.income", {"found": None, "allowed": "[needs.income]"}


def read_inquiry(tree: Mapping[str, Any]) -> Inquiry | None:
    """Give what a checked file says of needs."""
    if "needs" not in tree:
        return None
    asked = dict(tree["needs"])
    income, targeting = asked.pop("income", None), asked.pop("targeting", None)
    return Inquiry(
        **asked | {"covariates": tuple(asked.get("covariates", ()))},
        income=Income(**income) if income else None,
        targeting=_targeting(targeting) if targeting else None,
    )


def _targeting(asked: Mapping[str, Any]) -> Targeting:
    return Targeting(
        covariates=tuple(asked["covariates"]),
        by=asked["by"],
        why=asked["why"],
        on=asked["on"],
        rule={rule: asked[rule] for rule in RULES if rule in asked},
        groups=asked.get("groups", {}),
        scheme=asked.get("scheme", "household"),
    )


def _keys(found: Mapping[str, Any], prefix: str, keys: Mapping[str, Key]) -> Iterator[Fault]:
    """Check the keys of one table of settings."""
    yield from unknown(found, f"{prefix}.", tuple(keys))
    for name, key in keys.items():
        if (name in found or key.is_demanded) and not key.fits(found.get(name)):
            yield "key", f"{prefix}.{name}", {"found": found.get(name), "allowed": key.allowed}


@dataclass(frozen=True, slots=True)
class Key:
    """A key: what fits it, and how that is said."""

    fits: Callable[[object], bool]
    allowed: str
    is_demanded: bool = False


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_named(value: object) -> bool:
    """Whether a value gives a text for each name."""
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _is_day(value: object) -> bool:
    return isinstance(value, str) and value.count("-") == 2 and is_date(value)  # noqa: PLR2004


def _is_worded(value: object) -> bool:
    """Whether a value gives words for each name."""
    return isinstance(value, dict) and all(map(is_words, value.values()))


TEXT, WORDS = '"…"', "{ zh = …, en = … }"
RULES = ("exclusion_at_most", "threshold", "share")
NUMBER = Key(is_number, "1.0")
INQUIRY = {
    "spec": Key(_is_text, TEXT, is_demanded=True),
    "domain": Key(_is_text, TEXT, is_demanded=True),
    "area": Key(_is_text, TEXT, is_demanded=True),
    "size": Key(_is_text, TEXT),
    "design": Key(_is_named, '{ strata = "…", psu = "…", weight = "…" }'),
    "gaps": Key(_is_named, '{ gap = "indicator", … }'),
    "covariates": Key(_is_list, '["…", …]'),
    "values": Key(_is_table, "{ name = …, … }"),
    "income": Key(_is_table, "[needs.income]"),
    "targeting": Key(_is_table, "[needs.targeting]"),
}
INCOME = {
    "column": Key(_is_text, TEXT, is_demanded=True),
    "line": Key(is_number, "1.0", is_demanded=True),
    "unit": Key(is_words, WORDS, is_demanded=True),
    "source": Key(is_words, WORDS, is_demanded=True),
}
TARGETING = {
    "covariates": Key(_is_list, '["…", …]', is_demanded=True),
    "by": Key(is_words, WORDS, is_demanded=True),
    "why": Key(is_words, WORDS, is_demanded=True),
    "on": Key(_is_day, "YYYY-MM-DD", is_demanded=True),
    "groups": Key(_is_worded, "{ column = { zh = …, en = … }, … }"),
    "scheme": Key(_is_text, TEXT),
    **dict.fromkeys(RULES, NUMBER),
}
