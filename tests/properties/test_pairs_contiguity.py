"""Contiguous proposals meet their brute-force twin on small random maps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pyarrow as pa
import pytest

from jiedui.errors import InputError
from jiedui.pairs import Proposal, make_problem, propose
from jiedui.pairs.contiguous import blocks_of, propose_contiguous
from jiedui.pairs.contiguous.connected_choice import close
from jiedui.pairs.contiguous.contiguity import make_territory
from jiedui.pairs.contiguous.regions import improve
from jiedui.pairs.contiguous.separators import separators
from jiedui.pairs.problem import Problem
from jiedui.pairs.search import optimum

NOBODY = ""
Rank = tuple[int, int, int]


@dataclass(frozen=True)
class Map:
    """A small map, often in pieces: everything a brute-force search needs."""

    places: list[str]
    helpers: list[str]
    score: dict[tuple[str, str], float]
    borders: list[tuple[str, str]]
    quota: dict[str, int]
    least: dict[str, int]
    forced: dict[str, str]
    blocks: int

    def problem(self) -> Problem:
        forced = pa.table(
            {
                "recipient": pa.array(list(self.forced), pa.string()),
                "helper": pa.array(list(self.forced.values()), pa.string()),
                "kind": pa.array(["forced"] * len(self.forced), pa.string()),
            }
        )
        return make_problem(
            pa.table({"id": self.helpers, "capacity": [1.0] * len(self.helpers)}),
            pa.table({"id": self.places}),
            pa.table(
                {
                    "recipient": [place for place, _ in self.score],
                    "helper": [helper for _, helper in self.score],
                    "score": list(self.score.values()),
                }
            ),
            decided=forced,
        )

    def neighbours(self) -> pa.Table:
        return pa.table(
            {
                "code_a": pa.array([a for a, _ in self.borders], pa.string()),
                "code_b": pa.array([b for _, b in self.borders], pa.string()),
            }
        )

    def propose(self) -> Proposal:
        return propose_contiguous(
            self.problem(), self.neighbours(), quota=self.quota, blocks=self.blocks, least=self.least
        )

    def rank(self, owners: dict[str, str]) -> Rank:
        """Say how good a choice is: unserved, places short, and scores missed, in millionths."""
        served = [(place, helper) for place, helper in owners.items() if helper]
        count = Counter(helper for _, helper in served)
        short = sum(max(0, self.least.get(helper, 0) - count[helper]) for helper in self.helpers)
        return len(owners) - len(served), short, self.missed(owners)

    def missed(self, owners: dict[str, str]) -> int:
        """Sum by how much the pairs stay below the best score."""
        best = max(round(score * 10**6) for score in self.score.values())
        return sum(best - round(self.score[pair] * 10**6) for pair in owners.items() if pair[1])

    def keeps_rules(self, owners: dict[str, str]) -> bool:
        """Whether a choice keeps candidates, forced pairs, quotas and blocks."""
        if any(owners[place] != helper for place, helper in self.forced.items()):
            return False
        own = {
            helper: {place for place, owner in owners.items() if owner == helper} for helper in self.helpers
        }
        return all(self.fits(helper, places) for helper, places in own.items())

    def best(self) -> Rank:
        """Try every set of places for every helper, sets as bits."""
        found = {0: (0, 0)}
        for helper in self.helpers:
            least = self.least.get(helper, 0)
            sets = [(taken, max(0, least - len(own)), self.missed(own)) for taken, own in self.sets(helper)]
            merged: dict[int, tuple[int, int]] = {}
            for before, (short, missed) in found.items():
                for taken, more_short, more_missed in sets:
                    if not before & taken:
                        value = (short + more_short, missed + more_missed)
                        union = before | taken
                        merged[union] = min(merged.get(union, value), value)
            found = merged
        return min((len(self.places) - taken.bit_count(), *value) for taken, value in found.items())

    def sets(self, helper: str) -> Iterator[tuple[int, dict[str, str]]]:
        """List the sets of places that one helper may have."""
        for flags in product([False, True], repeat=len(self.places)):
            own = {place: helper for place, flag in zip(self.places, flags, strict=True) if flag}
            allowed = all((place, helper) in self.score for place in own)
            others = {place for place, owner in self.forced.items() if owner != helper}
            forced = {place for place, owner in self.forced.items() if owner == helper}
            if allowed and not others & own.keys() and forced <= own.keys() and self.fits(helper, set(own)):
                yield sum(1 << self.places.index(place) for place in own), own

    def fits(self, helper: str, own: set[str]) -> bool:
        """Whether a helper may have these places at once."""
        fixed = {place for place, owner in self.forced.items() if owner == helper}
        few = len(own) <= max(self.quota[helper], len(fixed))
        return few and pieces(own, self.borders) <= max(self.blocks, pieces(fixed, self.borders))


def pieces(places: set[str], borders: list[tuple[str, str]]) -> int:
    """Count what hangs together, by joining the names of the pieces."""
    name = {place: place for place in places}
    for _ in places:
        for a, b in borders:
            if a in name and b in name:
                name[a] = name[b] = min(name[a], name[b])
    return len(set(name.values()))


def random_map(seed: int, *, most_places: int = 7) -> Map:
    draw = np.random.default_rng(seed)
    places = [f"p{number}" for number in range(draw.integers(2, most_places + 1))]
    helpers = ["a", "b", "c"][: draw.integers(2, 4)]
    kinds = draw.choice([3, 1000])
    score = {
        (place, helper): int(draw.integers(0, kinds + 1)) / int(kinds)
        for place in places
        for helper in helpers
        if draw.random() < 0.85
    } or {(places[0], helpers[0]): 0.5}
    share = draw.choice([0.2, 0.35, 0.6])
    borders = [(a, b) for a in places for b in places if a < b and draw.random() < share]
    quota = {helper: int(draw.integers(0, 5)) for helper in helpers}
    least = {
        helper: int(draw.integers(0, min(quota[helper], len(places)) + 1))
        for helper in helpers
        if draw.random() < 0.3
    }
    forced = {place: helper for place, helper in score if draw.random() < 0.06}
    return Map(places, helpers, score, borders, quota, least, forced, int(draw.integers(1, 3)))


def owners_of(found: Proposal) -> dict[str, str]:
    """Give the helper of each place, empty where nobody helps."""
    pairs = found.pairs
    taken = dict(zip(pairs["recipient"].to_pylist(), pairs["helper"].to_pylist(), strict=True))
    return {place: taken.get(place, NOBODY) for place in found.problem.recipient_ids}


@pytest.mark.parametrize("start", range(0, 120, 40))
def test_no_assignment_in_contiguous_blocks_is_better(start: int) -> None:
    for seed in range(start, start + 40):
        asked = random_map(seed, most_places=7 if seed % 4 == 0 else 6)
        found = asked.propose()
        owners = owners_of(found)
        assert asked.keeps_rules(owners), seed
        assert asked.rank(owners) == asked.best(), seed
        assert found.faults() == [], seed
        assert found.proof in {"prices", "solver"}, seed
        assert (found.gap or 0) >= 0, seed
        counted = blocks_of(found.problem, found.chosen, asked.neighbours())
        for helper, count in counted.items():
            assert count == pieces({p for p, owner in owners.items() if owner == helper}, asked.borders)


def fewest(asked: Map) -> dict[str, str]:
    """Take the forced pairs only."""
    return {place: asked.forced.get(place, NOBODY) for place in asked.places}


@pytest.mark.parametrize("start", range(0, 60, 30))
def test_the_exact_search_needs_no_good_start(start: int) -> None:
    for seed in range(start, start + 30):
        asked = random_map(seed, most_places=6)
        territory = make_territory(
            asked.problem(), asked.neighbours(), quota=asked.quota, blocks=asked.blocks, least=asked.least
        )
        forced = territory.instance.forced
        assert asked.keeps_rules(fewest(asked))
        found = close(territory, forced, optimum(territory.instance))
        assert found.closed, seed
        assert territory.rank(found.chosen) == asked.best(), seed


@pytest.mark.parametrize("start", range(0, 100, 50))
def test_exchanges_always_keep_the_rules_and_never_beat_the_best(start: int) -> None:
    for seed in range(start, start + 50):
        asked = random_map(seed, most_places=6)
        territory = make_territory(
            asked.problem(), asked.neighbours(), quota=asked.quota, blocks=asked.blocks, least=asked.least
        )
        chosen = improve(territory, optimum(territory.instance), shakes=seed % 5)
        owners = owners_of(Proposal(asked.problem(), chosen))
        assert asked.keeps_rules(owners), seed
        assert asked.rank(owners) == territory.rank(chosen) >= asked.best(), seed


def grid(side: int, helpers: int, *, noise: float = 0.0) -> tuple[Problem, pa.Table, dict[str, int]]:
    """Pair the fields of a square with helpers seated on it, by nearness and some noise."""
    draw = np.random.default_rng(1)
    x, y = np.divmod(np.arange(side * side), side)
    seat = draw.uniform(0, side, (2, helpers))
    far = np.hypot(x[:, None] - seat[0], y[:, None] - seat[1]) / (1.5 * side)
    score = (1 - noise) * np.clip(1 - far, 0, 1) + noise * draw.random(far.shape)
    ids = [f"{a:03}-{b:03}" for a, b in zip(x, y, strict=True)]
    names = [f"h{number:02}" for number in range(helpers)]
    problem = make_problem(
        pa.table({"id": names, "capacity": [1.0] * helpers}),
        pa.table({"id": ids}),
        pa.table(
            {
                "recipient": np.repeat(ids, helpers).tolist(),
                "helper": names * len(ids),
                "score": score.round(4).ravel(),
            }
        ),
    )
    field = np.arange(side * side).reshape(side, side)
    a = [*field[:-1].ravel(), *field[:, :-1].ravel()]
    b = [*field[1:].ravel(), *field[:, 1:].ravel()]
    borders = pa.table({"code_a": [ids[one] for one in a], "code_b": [ids[one] for one in b]})
    return problem, borders, dict.fromkeys(names, -(-side * side // helpers))


def test_many_places_are_all_served_in_one_block_each() -> None:
    problem, borders, quota = grid(30, 25, noise=0.2)
    found = propose_contiguous(problem, borders, quota=quota)
    assert found.unserved == 0
    assert set(blocks_of(problem, found.chosen, borders).values()) == {1}
    assert found.proof == "heuristic"
    assert found.faults() == []
    assert 0 < (found.gap or 0) < 0.05


def test_what_is_contiguous_anyway_is_proved_by_prices() -> None:
    problem, borders, quota = grid(10, 6)
    found = propose_contiguous(problem, borders, quota=quota)
    assert found.proof == "prices"
    assert found.gap == 0
    assert found.pairs.equals(propose(problem, quota=quota, objective=("coverage", "total")).pairs)


def test_the_order_of_rows_changes_nothing() -> None:
    asked = random_map(5)
    turned = pa.table(
        {
            "code_a": pa.array(
                [b for _, b in reversed(asked.borders)] + [a for a, _ in asked.borders], pa.string()
            ),
            "code_b": pa.array(
                [a for a, _ in reversed(asked.borders)] + [b for _, b in asked.borders], pa.string()
            ),
        }
    )
    again = propose_contiguous(
        asked.problem(), turned, quota=asked.quota, blocks=asked.blocks, least=asked.least
    )
    found = asked.propose()
    assert again.pairs.equals(found.pairs)
    assert again.steps[-1].certificate == found.steps[-1].certificate


def test_a_separator_of_a_fractional_choice_is_cut_off() -> None:
    share, root = np.array([1.0, 0.5, 1.0]), np.array([1.0, 0.0, 0.0])
    found = list(separators(share, root, ((1,), (0, 2), (1,))))
    assert [(one.place, sorted(one.inside)) for one in found] == [(2, [2])]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"blocks": 0}, "pairs.contiguity_blocks"),
        ({"quota": {"a": 2}}, "pairs.contiguity_missing"),
        ({"quota": {"a": 2, "b": -1}}, "pairs.contiguity_limit"),
        ({"quota": {"a": 2, "b": 2, "x": 2}}, "pairs.contiguity_helper"),
        ({"least": {"a": 3}}, "pairs.contiguity_least"),
        ({"least": {"x": 1}}, "pairs.contiguity_helper"),
        ({"borders": [("p0", "nowhere")]}, "pairs.contiguity_unknown"),
        ({"borders": [("p0", "p0")]}, "pairs.contiguity_self"),
    ],
)
def test_bad_input_is_refused(change: dict[str, object], code: str) -> None:
    good = Map(
        ["p0", "p1"],
        ["a", "b"],
        {("p0", "a"): 0.5, ("p1", "b"): 0.5},
        [("p0", "p1")],
        {"a": 2, "b": 2},
        {},
        {},
        1,
    )
    asked = replace(good, **change)  # type: ignore[arg-type]
    with pytest.raises(InputError) as caught:
        asked.propose()
    assert [one.rule for one in caught.value.findings] == [code]


def test_borders_without_their_columns_are_refused() -> None:
    asked = random_map(1)
    with pytest.raises(InputError) as caught:
        propose_contiguous(asked.problem(), pa.table({"code_a": ["p0"]}), quota=asked.quota)
    assert [one.rule for one in caught.value.findings] == ["pairs.contiguity_columns"]


def test_whole_units_are_refused() -> None:
    problem = make_problem(
        pa.table({"id": ["a"], "capacity": [1.0]}),
        pa.table({"id": ["1", "2"], "places": [1, 2]}),
        pa.table({"recipient": ["1", "2"], "helper": ["a", "a"], "score": [0.5, 0.5]}),
    )
    with pytest.raises(InputError) as caught:
        propose_contiguous(problem, pa.table({"code_a": ["1"], "code_b": ["2"]}), quota={"a": 3})
    assert [one.rule for one in caught.value.findings] == ["pairs.contiguity_places"]
