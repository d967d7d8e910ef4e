"""What is published: the tables of a run, what they say in words, and the points a map needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jiedui.language import Words
from jiedui.tables.declaration import Table

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Arc:
    """One line of the map: a helper and a unit it helps.

    Attributes
    ----------
    start, end : tuple of float
        Longitude and latitude in degrees of the helper's seat and of the unit's middle.
    places : float
        How many places of the unit the helper serves.
    confirmed : bool
        False when the pair or a figure of it was found in no text.
    mutual : bool
        Whether both sides give.
    """

    helper: Words
    unit: Words
    start: tuple[float, float]
    end: tuple[float, float]
    places: float
    confirmed: bool = True
    mutual: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """What one map shows, for one proposal.

    Attributes
    ----------
    title : Words
        What is shown.
    ground : list of tuple of float
        Every place as (longitude, latitude): pale dots.
    rings : list of tuple of float
        The places served as (longitude, latitude, load of their helper).
    helpers : list of tuple
        (name, longitude, latitude) of each helper.
    load_unit : Words or None
        The unit of the load; without it rings tell nothing of loads.
    has_areas : bool
        Whether units are areas of several places, marked in their middle.
    names : list of tuple
        (name, longitude, latitude) of what rings stand for, where no arcs name it.
    """

    proposal: str
    title: Words
    ground: list[tuple[float, float]]
    rings: list[tuple[float, float, float]]
    helpers: list[tuple[Words, float, float]]
    arcs: list[Arc]
    load_unit: Words | None
    has_areas: bool = True
    names: list[tuple[Words, float, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Publication:
    """All that one run publishes.

    Attributes
    ----------
    title, lead : Words
        The programme's name and one sentence of what the run did.
    notices : tuple of Words
        Sentences that stand beside every comparison (courtesy and truth).
    limits : tuple of Words
        The paragraph *what this does not show*, sentence by sentence.
    figures : tuple of (str, Words)
        At most three key figures: the number as text, and what it counts.
    proposals : mapping of str to Words
        The name of each proposal, in the order of the comparison.
    tables : mapping of str to pyarrow.Table
        ``comparison``, ``pairs``, ``prices`` (not where helpers are people), ``reasons``, in this order,
        columns as declared; of a run by parts ``comparison`` and ``counties`` only.
    declarations : mapping of str to Table
        The declaration of each of the tables.
    sources : tuple of Words
        Where the data come from.
    run : mapping
        What ``run.json`` holds.
    words : mapping of str to Words
        The programme's own words on its maps: ``helper``, ``unit``, ``point`` (where its points lie).
    lacking : mapping of str to tuple of Words
        By proposal, who stays without help and what would cure it.
    office : mapping of str to pyarrow.Table
        What is for the office itself and not for publication: written apart, named nowhere else.
    """

    title: Words
    lead: Words
    notices: tuple[Words, ...]
    limits: tuple[Words, ...]
    figures: tuple[tuple[str, Words], ...]
    proposals: Mapping[str, Words]
    tables: Mapping[str, pa.Table]
    declarations: Mapping[str, Table]
    pictures: tuple[Picture, ...]
    sources: tuple[Words, ...]
    run: Mapping[str, object] = field(default_factory=dict)
    words: Mapping[str, Words] = field(default_factory=dict)
    lacking: Mapping[str, tuple[Words, ...]] = field(default_factory=dict)
    office: Mapping[str, pa.Table] = field(default_factory=dict)
