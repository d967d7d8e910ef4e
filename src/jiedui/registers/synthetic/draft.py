"""One county being made: its places, persons and households as arrays, before they are tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.columns import choose, join
from jiedui.registers.synthetic.economy import draw_economy
from jiedui.registers.synthetic.families import IN_LAW, MOTHER, SPOUSE, YEAR, make_roster
from jiedui.registers.synthetic.ids import digit_texts, id_numbers
from jiedui.registers.synthetic.misplaced import copy_persons, split_families
from jiedui.registers.synthetic.names import join_names
from jiedui.registers.synthetic.people import draw_people
from jiedui.registers.synthetic.territory import PEOPLES, STYLES, make_territory

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.registers.synthetic.economy import Economy
    from jiedui.registers.synthetic.families import Roster
    from jiedui.registers.synthetic.people import People
    from jiedui.registers.synthetic.territory import Territory

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]
    Days = NDArray[np.datetime64]

MARRIED_IN = 0.25
"""Share of spouses and mothers whose ID number begins with the code of the county next door."""
OF_THE_VILLAGE = 0.9
"""Share of households of the people that the village mostly belongs to."""
GROUPS = "一二三四五六"
PHONE = 12_900_000_000
"""No mobile number begins with 129."""
PHONES_A_PART = 400_000
PERSONS_A_PART = 10_000_000


@dataclass(frozen=True, slots=True)
class Draft:
    """One county before its tables are written.

    Attributes
    ----------
    on : datetime64[D]
        The day of the register.
    nation, group : array of int64
        Of each household.
    origin : array of int64
        The household that each was split from; itself where it was not.
    person, row_household : array of int64
        For each row of the table of persons: the row of the roster, and the household. A person who is
        written down twice has two rows.
    household, id_number, name : pyarrow.StringArray
        The number of each household; the ID number and name of each person.
    """

    part: int
    on: np.datetime64
    rng: np.random.Generator
    territory: Territory
    village: Ints
    nation: Ints
    group: Ints
    origin: Ints
    roster: Roster
    person: Ints
    row_household: Ints
    is_copy: Truths
    people: People
    economy: Economy
    household: pa.StringArray
    born: Days
    id_number: pa.StringArray
    name: pa.StringArray

    @property
    def count(self) -> int:
        """How many households there are."""
        return len(self.village)

    @property
    def heads(self) -> Ints:
        """The row of each household's head in the roster."""
        return np.searchsorted(self.roster.household, np.arange(self.count))

    @property
    def first_person(self) -> int:
        """Where the numbers of the part's persons begin; they follow the roster."""
        return self.part * PERSONS_A_PART

    @property
    def phone(self) -> Ints:
        """The number of each household; split families share it."""
        return PHONE + self.part * PHONES_A_PART + self.origin

    def places(self, household: Ints) -> dict[str, pa.Array]:
        """Give the columns county, township and village for households."""
        village = self.village[household]
        territory = self.territory
        return {
            "county": choose([territory.county], np.zeros(len(village), np.int64)),
            "township": choose(territory.townships, territory.township[village]),
            "village": choose(territory.villages, village),
        }

    def addresses(self) -> pa.StringArray:
        """Give each household's address: county to house number; split families share it."""
        import pyarrow as pa

        places = self.places(np.arange(self.count))
        number = pa.array(self.origin % 97 + 1).cast(pa.string())
        groups = choose([f"{sign}组" for sign in GROUPS], self.group)
        lane = pa.array(self.origin // 97 + 1).cast(pa.string())
        return join(places["county"], places["township"], places["village"], groups, lane, "-", number, "号")


def draw_county(
    part: int, *, households: int, rates: Mapping[str, float], on: np.datetime64, rng: np.random.Generator
) -> Draft:
    """Draw one county; only who lives where is already at fault: split families, persons written twice."""
    territory = make_territory(part, households=households, rng=rng)
    common = territory.people[territory.village]
    any_people = rng.integers(0, len(PEOPLES), households)
    nation = np.where(rng.random(households) < OF_THE_VILLAGE, common, any_people)
    whole = make_roster(np.array(STYLES)[nation], rng)
    roster, origin = split_families(whole, rates["split_family"], rng)
    copies = copy_persons(roster, origin, rates, rng)
    since_autumn = (on - np.datetime64(f"{str(on)[:4]}-09-01")).astype(int) / YEAR
    people = draw_people(roster, since_autumn=since_autumn, rng=rng)
    born = on - np.ceil(roster.age * YEAR).astype("m8[D]")
    married_in = np.isin(roster.seat, (SPOUSE, MOTHER, IN_LAW)) & (rng.random(len(born)) < MARRIED_IN)
    number = territory.code * 1_000_000 + np.arange(len(origin)) + 1
    size = np.bincount(copies.row_household, minlength=len(origin))
    return Draft(
        part=part,
        on=on,
        rng=rng,
        territory=territory,
        village=territory.village[origin],
        nation=nation[origin],
        group=rng.integers(0, len(GROUPS), households)[origin],
        origin=origin,
        roster=roster,
        person=copies.person,
        row_household=copies.row_household,
        is_copy=copies.is_copy,
        people=people,
        economy=draw_economy(roster, people, size, rng),
        household=digit_texts(number, 12),
        born=born,
        id_number=id_numbers(prefix=territory.code + married_in, born=born, male=roster.male),
        name=join_names(roster.names),
    )
