"""A scheme: one kind of mechanism, read from ``scheme.toml`` and checked."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

from jiedui.errors import InputError
from jiedui.language import LANGUAGES, Words, finding

SCORE_RULES = ("nearness", "earlier_pair", "present_pair")
CANDIDATE_RULES = ("all",)
OBJECTIVES = ("coverage", "load", "floor", "total")
NOTICES = ("scenario", "scenario_counted")
WORDS = ("helper", "recipient", "unit", "place", "places", "strength", "load_unit")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a candidate's score: a rule that gives 0 to 1, and its weight."""

    id: str
    rule: str
    weight: Fraction
    words: Words


@dataclass(frozen=True, slots=True)
class CapacityRule:
    """How much a helper may carry: hard shares, or loads to be evened out; and the objective it serves."""

    id: str
    words: Words
    hard: bool
    objective: tuple[str, ...]


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
    sha256 : str
        Of the file it was read from.
    """

    id: str
    name: Words
    source: str
    default_period: str
    words: Mapping[str, Words]
    parts: tuple[Part, ...]
    capacity: Mapping[str, CapacityRule]
    values: Mapping[str, Value]
    notices: Mapping[str, Words]
    sha256: str

    def notice(self, *, counted: bool) -> Words:
        """Give the sentence that stands beside every comparison; counted: other duties were filled in."""
        return self.notices["scenario_counted" if counted else "scenario"]


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
        for rule, cell, found, allowed in (*_shape(tree), *_score(tree), *_capacity(tree), *_values(tree))
    ]:
        raise InputError(findings)
    return Scheme(
        id=tree["id"],
        name=tree["name"],
        source=tree["source"],
        default_period=tree["default_period"],
        words=tree["words"],
        parts=tuple(
            Part(part["id"], part["rule"], Fraction(str(part["weight"])), part["words"])
            for part in tree["score"]
        ),
        capacity={
            rule["id"]: CapacityRule(rule["id"], rule["words"], rule["hard"], tuple(rule["objective"]))
            for rule in tree["capacity"]
        },
        values={
            key: Value(value["unit"], value["source"], value["at"]) for key, value in tree["values"].items()
        },
        notices=tree["notices"],
        sha256=hashlib.sha256(content).hexdigest(),
    )


def is_objective(names: Sequence[str]) -> bool:
    """Whether a list of objectives can be followed: known, none twice, coverage first.

    ``total`` comes last, or is followed by ``least_change``; ``leximin(band)`` stands just before it.

    Examples
    --------
    >>> is_objective(["coverage", "load", "total"]), is_objective(["load", "total"])
    (True, False)
    >>> is_objective(["coverage", "leximin(0.05)", "total", "least_change"])
    True
    """
    plain = [name for name in names if not band_of(name)]
    if plain[-1:] == ["least_change"]:
        plain = plain[:-1]
    known = set(plain) <= set(OBJECTIVES) and len(set(plain)) == len(plain)
    ordered = len(plain) > 1 and (plain[0], plain[-1]) == ("coverage", "total")
    bands = [place for place, name in enumerate(names) if band_of(name)]
    return known and ordered and bands in ([], [len(plain) - 1])


def band_of(name: str) -> float:
    """Give the band of ``leximin(band)``, between 0 and 1; 0 for any other objective.

    Examples
    --------
    >>> band_of("leximin(0.05)"), band_of("total"), band_of("leximin(2)")
    (0.05, 0.0, 0.0)
    """
    found = re.fullmatch(r"leximin\((0\.\d{1,6}|1)\)", name)
    return float(found.group(1)) if found else 0.0


Fault = tuple[str, str, Any, str]
"""Rule, key in the file, what was found, what is allowed."""


def _shape(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Find missing keys and words that lack a language."""
    needed = {
        "id": str, "name": dict, "source": str, "default_period": str, "words": dict,
        "score": list, "capacity": list, "values": dict, "notices": dict, "candidates": dict,
    }  # fmt: skip
    for key, kind in needed.items():
        if not isinstance(tree.get(key), kind):
            yield "key", key, tree.get(key), kind.__name__
    words = tree.get("words")
    spoken = {"name": tree.get("name")} | {
        f"words.{key}": words.get(key) for key in WORDS if isinstance(words, dict)
    }
    notices = tree.get("notices")
    spoken |= {f"notices.{key}": notices.get(key) for key in NOTICES if isinstance(notices, dict)}
    for key, word in spoken.items():
        if not isinstance(word, dict) or not set(LANGUAGES) <= set(word):
            yield "words", key, word, "{ zh = …, en = … }"
    rule = tree.get("candidates", {})
    if isinstance(rule, dict) and rule.get("rule") not in CANDIDATE_RULES:
        yield "rule", "candidates.rule", rule.get("rule"), " | ".join(CANDIDATE_RULES)


def _entries(tree: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Give the entries of an array of tables, leaving out what is none."""
    entries = tree.get(key)
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _score(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Find score parts with unknown rules or weights that do not sum to one."""
    total = Fraction(0)
    for place, part in enumerate(_entries(tree, "score")):
        key = f"score[{place}]"
        weight = part.get("weight")
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 1:
            yield "weight", f"{key}.weight", weight, "0 … 1"
        else:
            total += Fraction(str(weight))
        if part.get("rule") not in SCORE_RULES:
            yield "rule", f"{key}.rule", part.get("rule"), " | ".join(SCORE_RULES)
        if not isinstance(part.get("id"), str) or not isinstance(part.get("words"), dict):
            yield "key", key, sorted(part), "id, rule, weight, words"
    if total != 1:
        yield "weights", "score", float(total), "1"


def _capacity(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Find capacity rules that the engine cannot follow."""
    for place, rule in enumerate(_entries(tree, "capacity")):
        key = f"capacity[{place}]"
        if not {"id", "words", "hard", "objective"} <= set(rule):
            yield "key", key, sorted(rule), "id, words, hard, objective"
        elif not isinstance(rule["objective"], list) or not is_objective(rule["objective"]):
            yield (
                "rule",
                f"{key}.objective",
                rule["objective"],
                '["coverage", …, "total"]: ' + " | ".join(OBJECTIVES),
            )
        elif not isinstance(rule["hard"], bool):
            yield "key", f"{key}.hard", rule["hard"], "true | false"


def _values(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Find numbers without date, unit or source."""
    values = tree.get("values")
    rules = {part.get("rule") for part in _entries(tree, "score")}
    for name in ("load_scale", *(["reach_km"] if "nearness" in rules else [])):
        if not isinstance(values, dict) or name not in values:
            yield "value", f"values.{name}", None, 'unit, source, at = { "YYYY" = … }'
    for name, value in values.items() if isinstance(values, dict) else ():
        if not isinstance(value, dict) or not {"unit", "source", "at"} <= set(value):
            yield "value", f"values.{name}", value, 'unit, source, at = { "YYYY" = … }'
        elif not all(isinstance(number, int | float) for number in value["at"].values()) or not value["at"]:
            yield "value", f"values.{name}.at", value["at"], '{ "YYYY" = … }'
