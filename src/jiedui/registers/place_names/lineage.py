"""States of places made into places of today: what follows what, what lies in what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from jiedui.errors import Finding, InputError
from jiedui.language import finding
from jiedui.registers.place_names.levels import parents_of
from jiedui.registers.place_names.states import LAST, State


@dataclass(frozen=True, slots=True)
class Lineage:
    """States, and how they hang together; a place is the last of its states and has its index.

    Attributes
    ----------
    by_code : mapping of str to sequence of int
        The states that carry a code, oldest first.
    becomes : sequence of tuple of int
        What each state became, after all changes; itself where nothing followed.
    inside : sequence of tuple of int
        The states that a state lies in, the nearest first.
    """

    states: Sequence[State]
    by_code: Mapping[str, Sequence[int]]
    becomes: Sequence[tuple[int, ...]]
    inside: Sequence[tuple[int, ...]]

    def above(self) -> Sequence[frozenset[int]]:
        """Give, for each place, the places that it lies in, or lay in under an earlier name."""
        above: list[set[int]] = [set() for _ in self.states]
        for state, places in enumerate(self.becomes):
            around = {place for outer in self.inside[state] for place in self.becomes[outer]}
            for place in places:
                above[place] |= around - {place}
        return [frozenset(one) for one in above]


def trace(states: Sequence[State]) -> Lineage:
    """Follow every state to its successors and up to what it lies in.

    Raises
    ------
    InputError
        If a code stands twice for one time, a parent is not in the table, or a way leads back to itself.
    """
    by_code: defaultdict[str, list[int]] = defaultdict(list)
    for index in sorted(range(len(states)), key=lambda one: states[one].order):
        by_code[states[index].code].append(index)
    if problems := [*_twice(states, by_code), *_orphans(states, by_code)]:
        raise InputError(problems)
    following = [tuple(_following(states, by_code, index)) for index in range(len(states))]
    parents = [_parent(states, by_code, index) for index in range(len(states))]
    becomes = [tuple(sorted(_ends(states, following, index))) for index in range(len(states))]
    inside = [tuple(_climb(states, parents, index)) for index in range(len(states))]
    return Lineage(states, by_code, becomes, inside)


def _twice(states: Sequence[State], by_code: Mapping[str, Sequence[int]]) -> Iterator[Finding]:
    for code, same in by_code.items():
        for before, after in pairwise(same):
            if states[before].order == states[after].order:
                both = {"one": states[before].name, "other": states[after].name}
                yield finding("place_names.code_twice", code=code, **both)


def _orphans(states: Sequence[State], by_code: Mapping[str, Sequence[int]]) -> Iterator[Finding]:
    for state in states:
        if state.parent and state.parent not in by_code:
            said = {"code": state.code, "name": state.name, "parent": state.parent}
            yield finding("place_names.parent_missing", **said)


def _following(states: Sequence[State], by_code: Mapping[str, Sequence[int]], index: int) -> Iterator[int]:
    """Give the states that follow one: its successors, or else the next that carries its code."""
    state = states[index]
    same = by_code[state.code]
    later = same[same.index(index) + 1 :]
    for code in state.successors:
        if code == state.code:
            yield from later[:1]
        elif code in by_code:
            yield by_code[code][-1]
    if not state.successors:
        yield from later[:1]


def _parent(states: Sequence[State], by_code: Mapping[str, Sequence[int]], index: int) -> int | None:
    """Give the state that one lies in: as it was when the one ended, the newest where it holds."""
    state = states[index]
    for code in (state.parent,) if state.parent else parents_of(state.code):
        if known := by_code.get(code):
            until = state.valid_to or LAST
            return next((one for one in reversed(known) if states[one].valid_from <= until), known[0])
    return None


def _ends(states: Sequence[State], following: Sequence[tuple[int, ...]], start: int) -> set[int]:
    """Give the states from which nothing follows, reached from one."""
    ends: set[int] = set()
    todo: list[tuple[int, frozenset[int]]] = [(start, frozenset({start}))]
    while todo:
        index, way = todo.pop()
        if not following[index]:
            ends.add(index)
        for after in following[index]:
            if after in way:
                state = states[index]
                raise InputError([finding("place_names.successor_loop", code=state.code, name=state.name)])
            todo.append((after, way | {after}))
    return ends


def _climb(states: Sequence[State], parents: Sequence[int | None], start: int) -> Iterator[int]:
    """Give what a state lies in, the nearest first."""
    seen = {start}
    while (above := parents[start]) is not None:
        if above in seen:
            state = states[start]
            raise InputError([finding("place_names.parent_loop", code=state.code, name=state.name)])
        seen.add(above)
        yield above
        start = above
