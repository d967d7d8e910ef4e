"""A scheme: one kind of mechanism, read from ``scheme.toml`` and checked."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from jiedui.errors import InputError
from jiedui.language import LANGUAGES, Lang, Words, finding
from jiedui.schemes.checking import check_scheme
from jiedui.tables import Table
from jiedui.tables.shared import OPEN

Form = Literal["whole", "parts"]
Limit = Literal["share", "own", "none"]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a candidate's score: a rule that gives 0 to 1, and its weight."""

    id: str
    rule: str
    weight: Fraction
    words: Words


@dataclass(frozen=True, slots=True)
class CapacityRule:
    """How much a helper may carry, and the objective it serves.

    Attributes
    ----------
    limit : str
        ``share`` (in proportion to strength), ``own`` (what each helper says it can carry) or ``none``.
    least : int
        Every helper shall take at least so many.
    most : int or None
        No helper may take more.
    beyond : int
        Places a helper may take beyond its share.
    contiguous : int
        At most so many contiguous blocks for each helper; 0 where blocks do not matter.
    """

    id: str
    words: Words
    limit: Limit
    objective: tuple[str, ...]
    least: int = 0
    most: int | None = None
    beyond: int = 0
    contiguous: int = 0

    @property
    def is_hard(self) -> bool:
        """Whether helpers may not take more than a number."""
        return self.limit != "none" or self.most is not None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of need and offer; what both sides aim at together, where that is agreed by kind."""

    id: str
    words: Words
    target: Words | None = None

    @property
    def names(self) -> frozenset[str]:
        """What a table may call it."""
        return frozenset({self.id, *(self.words[lang] for lang in LANGUAGES)})


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table that a scheme uses beyond those every scheme has."""

    must: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A number of a law, an office or a fact: dated, with unit and source."""

    unit: Words
    source: str
    at: Mapping[str, float]

    def on(self, date: str) -> float:
        """Give the value in force on a date (``YYYY[-MM[-DD]]``); before the first, the first."""
        past = [start for start in sorted(self.at) if start <= date]
        return self.at[past[-1] if past else min(self.at)]


@dataclass(frozen=True, slots=True)
class Scheme:
    """A checked scheme.

    Attributes
    ----------
    candidates : str
        Who may help whom: ``all``, ``same_kind``, ``parent``, or those that a ``table`` lists.
    form : str
        ``whole`` (all recipients together) or ``parts`` (inside counties, from a table of candidates).
    columns : mapping of str to Columns
        What it uses of the tables ``helpers`` and ``recipients``.
    headings : mapping of str to Words
        Its own headings of columns of the outputs.
    leave_out : tuple of str
        Columns of the outputs that mean nothing in it.
    mutual : bool
        Whether both sides give.
    persons : bool
        Whether helpers are people: nothing in the outputs scores, ranks or compares them.
    is_bilingual : bool
        Whether notices stand in both languages whatever the language of the outputs.
    places_by_period : bool
        Whether key figures call the places as the period does.
    fixed_share : bool
        Whether a fixed share of those who might need help may be selected; else whoever qualifies is helped.
    sha256 : str
        Of the file it was read from.
    """

    id: str
    name: Words
    source: str
    default_period: str
    words: Mapping[str, Words]
    candidates: str
    form: Form
    parts: tuple[Part, ...]
    capacity: Mapping[str, CapacityRule]
    kinds: Mapping[str, Kind]
    columns: Mapping[str, Columns]
    headings: Mapping[str, Words]
    leave_out: tuple[str, ...]
    values: Mapping[str, Value]
    notices: Mapping[str, Words]
    mutual: bool
    persons: bool
    is_bilingual: bool
    places_by_period: bool
    fixed_share: bool
    sha256: str

    def notice(self, lang: Lang, *, counted: bool) -> list[str]:
        """Give the sentences beside every comparison; counted: other duties were filled in."""
        words = self.notices["scenario_counted" if counted else "scenario"]
        return list(words.values()) if self.is_bilingual else [words[lang]]

    def uses(self, table: str, column: str) -> bool:
        """Whether the scheme uses an open column of an input table."""
        own = self.columns.get(table, Columns())
        return column in (*own.must, *own.may)

    def table(self, declared: Table) -> Table:
        """Give the declaration of an input table as this scheme fills it in."""
        must = self.columns.get(declared.name, Columns()).must
        open_columns = OPEN.get(declared.name, ())
        columns = (
            replace(column, required=column.name in must) if column.name in open_columns else column
            for column in declared.columns
            if column.name not in open_columns or self.uses(declared.name, column.name)
        )
        return replace(declared, columns=tuple(columns))


def shipped_schemes() -> tuple[str, ...]:
    """Name the schemes that come with the package."""
    folders = (entry for entry in files(__package__).iterdir() if entry.joinpath("scheme.toml").is_file())
    return tuple(sorted(folder.name for folder in folders))


def load_scheme(name: str, *, beside: Path | None = None) -> Scheme:
    """Read and check a scheme.

    Parameters
    ----------
    name
        A shipped scheme, or a folder (relative to `beside`) that holds a ``scheme.toml``.

    Raises
    ------
    InputError
        With everything that is wrong in the file.

    Examples
    --------
    >>> [str(part.weight) for part in load_scheme("east_west").parts]
    ['1/2', '3/10', '1/5']
    """
    if name in shipped_schemes():
        content = files(__package__).joinpath(name, "scheme.toml").read_bytes()
        return _scheme(content, f"{name}/scheme.toml")
    path = (beside or Path()) / name / "scheme.toml"
    if not path.is_file():
        where = {"file": "programme.toml", "cell": "programme.scheme"} if beside else {}
        raise InputError(
            [finding("scheme.unknown", **where, found=name, allowed=" | ".join(shipped_schemes()))]
        )
    return _scheme(path.read_bytes(), f"{name}/scheme.toml")


def _scheme(content: bytes, file: str) -> Scheme:
    """Parse, check, build."""
    try:
        tree = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError([finding("scheme.not_toml", file=file, found=str(error))]) from error
    if findings := [
        finding(f"scheme.{rule}", file=file, cell=cell, found=found, allowed=allowed)
        for rule, cell, found, allowed in check_scheme(tree)
    ]:
        raise InputError(findings)
    return Scheme(
        id=tree["id"],
        name=tree["name"],
        source=tree["source"],
        default_period=tree["default_period"],
        words={"unit": tree["words"]["recipient"]} | tree["words"],
        candidates=tree["candidates"]["rule"],
        form=tree.get("form", "whole"),
        parts=tuple(
            Part(part["id"], part["rule"], Fraction(str(part["weight"])), part["words"])
            for part in tree["score"]
        ),
        capacity={rule["id"]: _capacity(rule) for rule in tree["capacity"]},
        kinds={one["id"]: Kind(one["id"], one["words"], one.get("target")) for one in tree.get("kinds", ())},
        columns={name: _columns(own) for name, own in tree.get("columns", {}).items()},
        headings=tree.get("headings", {}),
        leave_out=tuple(tree.get("leave_out", ())),
        values={
            key: Value(value["unit"], value["source"], value["at"])
            for key, value in tree.get("values", {}).items()
        },
        notices=tree["notices"],
        mutual=tree.get("mutual", False),
        persons=tree.get("persons", False),
        is_bilingual=tree.get("bilingual", True),
        places_by_period=tree.get("places_by_period", False),
        fixed_share=tree.get("fixed_share", False),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _capacity(rule: Mapping[str, Any]) -> CapacityRule:
    return CapacityRule(**{**rule, "objective": tuple(rule["objective"])})


def _columns(own: Mapping[str, Sequence[str]]) -> Columns:
    return Columns(tuple(own.get("must", ())), tuple(own.get("may", ())))
