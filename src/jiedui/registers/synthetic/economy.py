"""How each household stands: its kind, income in fen, dwelling, risks and measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.tables import HOUSE_GRADES, HOUSEHOLD_KINDS, MEASURE_WORDS, REMOVALS, RISKS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jiedui.registers.synthetic.families import Roster
    from jiedui.registers.synthetic.people import People

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]

KIND_SHARES = (0.150, 0.024, 0.024, 0.016, 0.020, 0.766)
"""As `HOUSEHOLD_KINDS` lists them."""
ORDINARY = HOUSEHOLD_KINDS.index("一般农户")
MONITORED = tuple(HOUSEHOLD_KINDS.index(kind) for kind in ("脱贫不稳定户", "边缘易致贫户", "突发严重困难户"))
REMOVAL_SHARES = (0.5, 0.26, 0.24, 0.0)
"""As `REMOVALS` lists them; a household whose risk ended by itself has died out or moved away."""
NOT_REMOVED = REMOVALS.index("未消除")
FEN = 100
REMOVED_FLOOR = 12_000 * FEN
"""Income per head that a household has at least where its risk is removed."""
MEASURES = tuple(name for name, *_ in MEASURE_WORDS)
RISKS_HELD = 3
"""At most so many risks stand for one household."""
REMEDIES = {
    "因病": "health", "因学": "education", "因残": "protection", "缺劳动力": "protection",
    "因安全住房": "safe_house", "因安全饮水": "safe_water", "务工就业不稳": "jobs", "收入骤减": "industry",
    "支出骤增": "society", "因自然灾害": "living_conditions", "因意外事故": "society",
    "因产业项目失败": "finance", "其他": "society",
}  # fmt: skip
EVENTS: tuple[str, ...] = (
    "务工就业不稳",
    "收入骤减",
    "支出骤增",
    "因自然灾害",
    "因意外事故",
    "因产业项目失败",
)
"""What may strike any household; the first only one with somebody who can work."""


@dataclass(frozen=True, slots=True)
class Economy:
    """Codes and amounts for each household, the first axis households.

    Attributes
    ----------
    removal : array of int64
        Index in `REMOVALS`; -1 for a household that is not monitored.
    risks : array of int64
        Shape (households, RISKS_HELD): index in `RISKS`, -1 where there is none.
    wages, business, property_, transfer, cost : array of int64
        Fen a year.
    measures : array of bool
        Shape (households, len(MEASURES)).
    """

    size: Ints
    kind: Ints
    removal: Ints
    risks: Ints
    wages: Ints
    business: Ints
    property_: Ints
    transfer: Ints
    cost: Ints
    grade: Ints
    water: Truths
    allowance: Truths
    measures: Truths

    @property
    def income(self) -> Ints:
        """Net income, fen a year."""
        return self.wages + self.business + self.property_ + self.transfer - self.cost

    @property
    def monitored(self) -> Truths:
        """Which households are monitored against return to poverty."""
        return np.isin(self.kind, MONITORED)

    @property
    def removed(self) -> Truths:
        """Which monitored households had their risk removed."""
        return self.removal > NOT_REMOVED


def draw_economy(roster: Roster, people: People, size: Ints, rng: np.random.Generator) -> Economy:
    """Give each household a standing that fits its members."""
    households = len(size)
    kind = rng.choice(len(HOUSEHOLD_KINDS), households, p=KIND_SHARES)
    monitored = np.isin(kind, MONITORED)
    removal = np.where(monitored, rng.choice(len(REMOVALS), households, p=REMOVAL_SHARES), -1)
    open_ = removal == NOT_REMOVED
    grade = _grades(kind, open_, rng)
    water = ~(open_ & (rng.random(households) < 0.2))
    risks = _risks(roster, people, monitored, grade=grade, water=water, rng=rng)
    allowance = (kind != ORDINARY) & (rng.random(households) < np.where(kind == 0, 0.2, 0.55))
    wages = np.bincount(roster.household, people.wage * people.months, households).astype(np.int64)
    business, property_, transfer, cost = _amounts(size, kind, allowance, rng)
    short = REMOVED_FLOOR * size - (wages + business + property_ + transfer - cost)
    transfer += np.where((removal > NOT_REMOVED) & (short > 0), short, 0)
    able = np.bincount(roster.household, people.able, households) > 0
    measures = _measures(kind, risks, able, rng)
    return Economy(
        size=size, kind=kind, removal=removal, risks=risks, wages=wages, business=business,
        property_=property_, transfer=transfer, cost=cost, grade=grade, water=water, allowance=allowance,
        measures=measures,
    )  # fmt: skip


def _grades(kind: Ints, open_: Truths, rng: np.random.Generator) -> Ints:
    """Give house grades: dangerous ones (C, D) only where a risk is not removed."""
    draw = rng.random(len(kind))
    safe = np.where(draw < np.where(kind == ORDINARY, 0.75, 0.5), 0, 1)
    danger = len(HOUSE_GRADES) - 2 + (draw < 0.04)
    return np.where(open_ & (draw < 0.2), danger, safe)


def _risks(
    roster: Roster, people: People, monitored: Truths, *, grade: Ints, water: Truths, rng: np.random.Generator
) -> Ints:
    """Name up to three risks that the members and the dwelling bear out, at least one."""
    households = len(monitored)

    def count(who: Truths) -> Ints:
        return np.bincount(roster.household, who, households).astype(np.int64)

    grounds = {
        "因病": count(people.ill) > 0,
        "因学": count(people.student > 1) > 0,
        "因残": count(people.disabled) > 0,
        "缺劳动力": count(people.able) <= 1,
        "因安全住房": grade >= len(HOUSE_GRADES) - 2,
        "因安全饮水": ~water,
    }
    weights = np.full((households, len(RISKS)), -1.0)
    for word, holds in grounds.items():
        always = word in ("因安全住房", "因安全饮水")
        weights[:, RISKS.index(word)] = np.where(holds, rng.random(households) + always, -1)
    first = count(people.able) == 0
    event = np.array([RISKS.index(word) for word in EVENTS])[rng.integers(first, len(EVENTS))]
    weights[np.arange(households), event] = rng.random(households)
    order = np.argsort(-weights, axis=1, kind="stable")[:, :RISKS_HELD]
    held = np.take_along_axis(weights, order, axis=1) > np.array([-1, 0.35, 0.6])
    held[:, 0] = True
    held = np.logical_and.accumulate(held, axis=1) & monitored[:, None]
    return np.where(held, order, -1)


def _amounts(
    size: Ints, kind: Ints, allowance: Truths, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints, Ints]:
    """Give business, property and transfer income and cost in fen, whole yuan; log-normal by household."""
    count = len(size)
    better = np.where(kind == ORDINARY, 1.0, 0.62)

    def amounts(yuan: float, spread: float, share: float) -> Ints:
        drawn = np.exp(rng.normal(np.log(yuan), spread, count)) * better
        return np.where(rng.random(count) < share, drawn.round(), 0).astype(np.int64) * FEN

    business = amounts(14_000, 0.7, 0.85)
    property_ = amounts(700, 0.9, 0.4)
    transfer = amounts(2200, 0.5, 1.0) + 2600 * FEN * size * allowance
    cost = (business * rng.uniform(0.15, 0.45, count) / FEN).round().astype(np.int64) * FEN
    return business, property_, transfer, cost


def _measures(kind: Ints, risks: Ints, able: Truths, rng: np.random.Generator) -> Truths:
    """Record what was done: a remedy for each risk, and what is common among households helped."""
    common = {"industry": 0.5, "jobs": 0.4, "finance": 0.12, "public_post": 0.15, "relocation": 0.08}
    done = np.zeros((len(kind), len(MEASURES)), bool)
    for name, share in common.items():
        done[:, MEASURES.index(name)] = (kind != ORDINARY) & (rng.random(len(kind)) < share)
    for risk, remedy in REMEDIES.items():
        done[:, MEASURES.index(remedy)] |= (risks == RISKS.index(risk)).any(axis=1)
    for name in ("jobs", "public_post"):
        done[:, MEASURES.index(name)] &= able | (name == "jobs")
    return done
