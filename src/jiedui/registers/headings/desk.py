"""The headings of one sheet while they are matched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from jiedui.registers.files import Sheet
from jiedui.registers.headings.asking import Asking
from jiedui.registers.headings.labels import SAME, Label, read_label, title_unit
from jiedui.registers.headings.maps import Feed, HeadingMap, Reason
from jiedui.registers.headings.offices import office_layouts
from jiedui.registers.headings.saved import SavedLine, identify, numbered
from jiedui.registers.headings.similarity import Nearest, nearest
from jiedui.registers.headings.vocabulary import EXACT, Hit, Vocabulary, factor
from jiedui.tables import Column

Target = tuple[str, str]
MOST = 300
"""So many headings that nobody knows are compared by likeness; a sheet with more is not one of ours."""
SHARED = ("household", "county", "township", "village", "group", "place_code")
"""Columns of a household that a heading of a person's row may feed beside the person's own."""


@dataclass(slots=True)
class Desk:
    """The headings of one sheet while they are matched."""

    sheet: Sheet
    vocabulary: Vocabulary
    feeds: dict[int, list[Feed]] = field(default_factory=dict)
    columns: Mapping[Target, Column] = field(init=False)
    labels: list[Label] = field(init=False)
    unit: str = field(init=False)
    asking: Asking = field(init=False)

    def __post_init__(self) -> None:
        self.labels = [read_label(heading) for heading in self.sheet.headings]
        self.columns = self.vocabulary.columns
        self.unit = title_unit(self.sheet.title)
        self.asking = Asking(self.sheet)

    @property
    def open(self) -> list[int]:
        """Positions of which nothing is said yet."""
        return [position for position in range(len(self.labels)) if position not in self.feeds]

    def _fed(self) -> Iterator[Feed]:
        """Give the feeds that stand."""
        return (feed for feeds in self.feeds.values() for feed in feeds if feed.is_fed)

    def take_saved(self, lines: Mapping[tuple[str, int], Sequence[SavedLine]]) -> None:
        """Take what the lines of the map say; a second heading for one column is asked about."""
        for position, identity in enumerate(numbered(self.sheet.headings)):
            for line in lines.get(identity, ()):
                target = line.table, line.column
                rival = next((feed for feed in self._fed() if (feed.table, feed.column) == target), None)
                if line.binds and rival is not None:
                    self.asking.contested(position, target, rival.position, is_open=True)
                    self._leave(position, target, 1.0)
                elif line.binds:
                    self._feed(position, target, "saved", self._unit(position, target), line=line)

    def take_named(self, subjects: Sequence[str]) -> None:
        """Take names and aliases; where two headings name one column equally well, neither is taken."""
        taken = {(feed.table, feed.column): feed.position for feed in self._fed()}
        lost: dict[int, tuple[Target, int, Reason]] = {}
        for target, claims in self._claims(subjects).items():
            best = [position for position, hit in claims if hit.rank == claims[0][1].rank]
            if target not in taken and len(best) == 1:
                position, hit = claims[0]
                self._feed(position, target, "exact" if hit.rank[0] == EXACT else "alias", hit.unit)
                taken[target] = position
            for position, _ in claims:
                rival = taken.get(target, best[0] if best[0] != position else best[-1])
                lost.setdefault(position, (target, rival, "second" if target in taken else "unclear"))
        for position, (target, rival, reason) in sorted(lost.items()):
            if position not in self.feeds:
                self.asking.contested(position, target, rival, is_open=reason == "unclear")
                self._leave(position, target, 1.0, reason)

    def take_similar(self) -> None:
        """Take what is clearly alike; ask about what is only near."""
        found = dict(self._near())
        clear = [near.target for near in found.values() if near.is_clear]
        for position, near in found.items():
            if near.is_clear and clear.count(near.target) == 1:
                self._feed(position, near.target, "similar", self.labels[position].unit, near)
            else:
                self.asking.unclear(position, near)
                self._leave(position, near.target, near.score)

    def close(self, subjects: tuple[str, ...]) -> HeadingMap:
        """Give the map; headings still open are unknown."""
        headings = self.sheet.headings
        for position in self.open:
            self.feeds[position] = [Feed(position, headings[position])]
        order = (*subjects, "")
        feeds = (
            feed
            for _, found in sorted(self.feeds.items())
            for feed in sorted(found, key=lambda feed: (order.index(feed.table), feed.column))
        )
        questions, notes = tuple(self.asking.questions), tuple(self.asking.notes)
        return HeadingMap(self.sheet.place, subjects, tuple(feeds), questions, notes)

    def _unit(self, position: int, target: Target) -> str:
        """Give the unit of a heading that a line of the map leads to a column; what is counted is none."""
        label = self.labels[position]
        named = (hit.unit for hit in self.vocabulary.hits(label) if hit.target == target)
        unit = next(named, label.unit)
        return "" if any(unit in spellings for spellings in SAME.values()) else unit

    def _claims(self, subjects: Sequence[str]) -> dict[Target, list[tuple[int, Hit]]]:
        """Give, by column, the open headings that name it, the best first."""
        claims: dict[Target, list[tuple[int, Hit]]] = {}
        for position in self.open:
            for hit in _of_rows(self.vocabulary.hits(self.labels[position]), subjects):
                claims.setdefault(hit.target, []).append((position, hit))
        for found in claims.values():
            found.sort(key=lambda claim: (claim[1].rank, claim[0]))
        return claims

    def _near(self) -> Iterator[tuple[int, Nearest]]:
        """Give the columns, not yet fed, that open headings are near to."""
        taken = {(feed.table, feed.column) for feed in self._fed()}
        names = [(target, name) for target, name in self.vocabulary.names() if target not in taken]
        for position in self.open[:MOST]:
            if identify(self.sheet.headings[position]) in beside():
                continue
            if near := nearest((form for _, form, _ in self.labels[position].forms()), names):
                yield position, near

    def _feed(
        self,
        position: int,
        target: Target,
        reason: Reason,
        unit: str,
        near: Nearest | None = None,
        *,
        line: SavedLine | None = None,
    ) -> None:
        """Let a heading feed a column, if its unit can be converted."""
        column = self.columns.get(target)
        by = factor(column, unit, self.unit) if column else 1
        if by is None:
            self.asking.unit(position, target, unit)
            self._leave(position, target, near.score if near else 1.0)
            return
        if near:
            self.asking.similar(position, near)
        feed = Feed(
            position, self.sheet.headings[position], *target, reason, 1.0 if column else 0.0, factor=by
        )
        if near:
            runner_up, runner_up_score = ".".join(near.runner_up or ()), near.runner_up_score
            feed = replace(feed, score=near.score, runner_up=runner_up, runner_up_score=runner_up_score)
        if line:
            feed = replace(feed, who=line.who, when=line.when)
        self.feeds.setdefault(position, []).append(feed)

    def _leave(self, position: int, target: Target, score: float, reason: Reason = "unclear") -> None:
        """Let a heading feed nothing until a person says so."""
        heading, suggested = self.sheet.headings[position], ".".join(target)
        feed = Feed(position, heading, reason=reason, score=score, runner_up=suggested)
        self.feeds.setdefault(position, []).append(feed)


@cache
def beside() -> frozenset[str]:
    """Give the headings of the five workbooks: those that name no column are known to name none."""
    return frozenset(identify(heading) for layout in office_layouts() for heading in layout.headings)


def _of_rows(hits: Iterable[Hit], subjects: Sequence[str]) -> Iterator[Hit]:
    """Leave out a household's column where the same heading tells of the person, but key and place."""
    found = list(hits)
    main = {hit.table for hit in found} >= {*subjects[:1]}
    for hit in found:
        if hit.table == subjects[0] or not main or hit.column in SHARED:
            yield hit
