"""The tables of the report as people read them: headings, texts, and which rows are not confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from jiedui.language import Lang, text
from jiedui.publish.cells import Value, decimal_places, shown
from jiedui.publish.publication import Publication
from jiedui.tables import Column

PRICE_COLUMNS = ("helper_name", "kind", "places", "other_duties", "share", "load", "gross_load", "price")
PAIR_COLUMNS = (
    "recipient_name", "helper_name", "kind", "priority", "places", "km", "status", "needed_from",
    "available_from", "score", "runner_up", "target", "reason",
)  # fmt: skip
PART_COLUMNS = (
    "part_name", "recipients", "helpers", "places", "unserved", "over_places", "kept", "mean_km",
    "score_mean", "mean_per_helper", "most_per_helper",
)  # fmt: skip
COMPACT_COLUMNS = tuple(name for name in PAIR_COLUMNS if name not in ("target", "reason"))
NAMED_ELSEWHERE = ("proposal", "name", "notice", "unserved_names")
"""Columns of the comparison that the report shows as its headings, beside it and with each proposal."""
PROSE = ("reason", "target")
LONG = 60
"""Rows from which the report shows pairs in brief."""

Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a column: its words, its unit, and what its cells hold."""

    text: str
    unit: str
    kind: Literal["number", "name", "prose", "date"]

    @classmethod
    def of(cls, column: Column, lang: Lang) -> Heading:
        """Give the heading of a declared column."""
        kind: Literal["name", "prose", "date"] = "prose" if column.name in PROSE else "name"
        kind = "date" if column.type == "date" else kind
        return cls(
            column.words[lang],
            column.unit[lang] if column.unit else "",
            "number" if column.is_numeric else kind,
        )


@dataclass(frozen=True, slots=True)
class Grid:
    """A table in words; ``flags`` holds a short remark on each row, mostly empty."""

    caption: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the comparison: a measure, its value in each proposal, and which need a remark."""

    heading: Heading
    values: tuple[str, ...]
    remarked: tuple[bool, ...]


def comparison_of(publication: Publication, lang: Lang) -> list[Measure]:
    """Give the measures, each with its value in every proposal, in the order of the publication."""
    rows = {str(row["proposal"]): row for row in _rows(publication, "comparison")}
    ordered = [rows.get(name, {}) for name in publication.proposals]
    columns = publication.declarations["comparison"].columns
    return [_measure(column, ordered, lang) for column in columns if column.name not in NAMED_ELSEWHERE]


def _measure(column: Column, rows: Sequence[Row], lang: Lang) -> Measure:
    values = [row.get(column.name) for row in rows]
    remarked = [column.name == "over_share" and bool(value) for value in values]
    places = decimal_places(values, column)
    return Measure(
        Heading.of(column, lang),
        tuple(shown(value, column, lang, places=places) for value in values),
        tuple(remarked),
    )


def prices_of(publication: Publication, proposal: str, lang: Lang) -> Grid | None:
    """Give the load and price of each helper of a proposal; None where helpers are people."""
    if "prices" not in publication.tables:
        return None
    rows = _rows(publication, "prices", proposal)
    columns = _columns(publication, PRICE_COLUMNS, ("prices",))
    caption = text("publish.prices", lang, proposal=publication.proposals[proposal])
    return _grid(caption, columns, rows, lang)


def parts_of(publication: Publication, proposal: str, lang: Lang) -> Grid | None:
    """Give the sums of each part in a proposal; None where it is not composed by parts."""
    if "counties" not in publication.tables:
        return None
    columns = _columns(publication, PART_COLUMNS, ("counties",))
    caption = text("publish.counties", lang, proposal=publication.proposals[proposal])
    return _grid(caption, columns, _rows(publication, "counties", proposal), lang)


def pairs_of(publication: Publication, proposal: str, lang: Lang) -> Grid | None:
    """Give the pairs of a proposal with their reasons; in brief where there are many; None where not told."""
    if "pairs" not in publication.tables:
        return None
    reasons = {_key(row): row for row in _rows(publication, "reasons", proposal)}
    pairs = {_key(row): row for row in _rows(publication, "pairs", proposal)}
    rows = [{**reasons.get(key, {}), **pairs.get(key, {})} for key in (pairs or reasons)]
    rows = [row | {"helper_name": f"↔ {row['helper_name']}"} if row.get("mutual") else row for row in rows]
    names = COMPACT_COLUMNS if len(rows) > LONG else PAIR_COLUMNS
    columns = _columns(publication, names, ("pairs", "reasons") if reasons else ("pairs",))
    caption = text("publish.pairs", lang, proposal=publication.proposals[proposal])
    return _grid(caption, columns, rows, lang)


def _grid(caption: str, columns: Sequence[Column], rows: Sequence[Row], lang: Lang) -> Grid:
    """Write the cells column by column, so that each column has one count of decimals."""
    texts = []
    for column in columns:
        values = [row.get(column.name) for row in rows]
        places = decimal_places(values, column)
        texts.append([shown(value, column, lang, places=places) for value in values])
    unconfirmed = text("publish.unconfirmed", lang)
    return Grid(
        caption,
        tuple(Heading.of(column, lang) for column in columns),
        tuple(zip(*texts, strict=True)),
        tuple(unconfirmed if row.get("confirmed") is False else "" for row in rows),
    )


def _columns(publication: Publication, names: Sequence[str], tables: Sequence[str]) -> list[Column]:
    """Give the columns of these names, each from the first table that declares it."""
    declared: dict[str, Column] = {}
    for table in reversed(tables):
        declared |= {column.name: column for column in publication.declarations[table].columns}
    return [declared[name] for name in names if name in declared]


def _rows(publication: Publication, table: str, proposal: str | None = None) -> list[dict[str, Value]]:
    rows: list[dict[str, Value]] = publication.tables[table].to_pylist()
    return [row for row in rows if proposal is None or row["proposal"] == proposal]


def _key(row: Row) -> tuple[Value, Value]:
    return row["helper"], row["recipient"]
