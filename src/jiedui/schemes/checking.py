"""What a ``scheme.toml`` must hold: every key, word, weight and number that the stages will ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from jiedui.language import LANGUAGES
from jiedui.tables.shared import OPEN

SCORE_RULES = ("nearness", "earlier_pair", "present_pair", "kind_fit")
CANDIDATE_RULES = ("all", "same_kind", "parent", "table")
FORMS = ("whole", "parts")
OBJECTIVES = ("coverage", "load", "floor", "total")
LIMITS = ("share", "own", "none")
NOTICES = ("scenario", "scenario_counted")
WORDS = ("helper", "recipient", "place", "places")
STRENGTH_WORDS = ("strength", "load_unit")
FLAGS = ("mutual", "persons", "bilingual", "places_by_period", "fixed_share")
OWN_PLACES = {"limit": "own", "objective": ["coverage", "total"]}
"""The only capacity of a scheme composed by parts: what each helper may take at most, and all are served."""
BOTH = "{ zh = …, en = … }"
DATED = 'unit, source, at = { "YYYY" = … }'

Fault = tuple[str, str, Any, str]
"""Rule, key in the file, what was found, what is allowed."""


def check_scheme(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Find everything that is wrong in a scheme."""
    yield from _shape(tree)
    yield from _columns(tree)
    yield from _words(tree)
    yield from _score(tree)
    yield from _capacity(tree)
    yield from _kinds(tree)
    yield from _values(tree)
    yield from _form(tree)


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


def _shape(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Find missing keys, and keys of the wrong type."""
    needed = {
        "id": str, "name": dict, "source": str, "default_period": str, "words": dict,
        "score": list, "capacity": list, "notices": dict, "candidates": dict,
    }  # fmt: skip
    for key, kind in needed.items():
        if not isinstance(tree.get(key), kind):
            yield "key", key, tree.get(key), kind.__name__
    left_out = tree.get("leave_out", [])
    if not isinstance(left_out, list) or not all(isinstance(name, str) for name in left_out):
        yield "key", "leave_out", left_out, '["…", …]'
    for key in FLAGS:
        if not isinstance(tree.get(key, False), bool):
            yield "key", key, tree[key], "true | false"
    rule = _table(tree, "candidates")
    if rule and rule.get("rule") not in CANDIDATE_RULES:
        yield "rule", "candidates.rule", rule.get("rule"), " | ".join(CANDIDATE_RULES)


def _columns(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Find columns that no table has, and columns a candidate rule cannot do without."""
    for name, own in _table(tree, "columns").items():
        known = OPEN.get(name, ())
        listed = [*own.get("must", ()), *own.get("may", ())] if isinstance(own, dict) else [own]
        for column in listed:
            if column not in known:
                yield "rule", f"columns.{name}", column, " | ".join(known)
    demanded = {"same_kind": (("helpers", "kind"), ("recipients", "kind")), "parent": (("helpers", "party"),)}
    for name, column in demanded.get(_table(tree, "candidates").get("rule", ""), ()):
        if column not in _table(_table(tree, "columns"), name).get("must", ()):
            yield "key", f"columns.{name}.must", None, column


def _words(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Find words that lack a language."""
    uses_strength = "capacity" in _table(_table(tree, "columns"), "helpers").get("must", ())
    wanted = (*WORDS, *(STRENGTH_WORDS if uses_strength else ()))
    spoken = {"name": tree.get("name")}
    spoken |= {f"words.{key}": word for key, word in _table(tree, "words").items()}
    spoken |= {f"words.{key}": _table(tree, "words").get(key) for key in wanted}
    spoken |= {f"notices.{key}": _table(tree, "notices").get(key) for key in NOTICES}
    spoken |= {f"headings.{key}": word for key, word in _table(tree, "headings").items()}
    for key, word in spoken.items():
        if not _is_words(word):
            yield "words", key, word, BOTH


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
    if total != 1 and not _is_by_part(tree):
        yield "weights", "score", float(total), "1"


def _capacity(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Find capacity rules that the engine cannot follow."""
    needed, optional = {"id", "words", "limit", "objective"}, {"least", "most", "beyond", "contiguous"}
    for place, rule in enumerate(_entries(tree, "capacity")):
        key = f"capacity[{place}]"
        if not needed <= set(rule) <= needed | optional:
            yield "key", key, sorted(rule), f"{', '.join(sorted(needed))} (, {', '.join(sorted(optional))})"
            continue
        if not isinstance(rule["objective"], list) or not is_objective(rule["objective"]):
            allowed = '["coverage", …, "total"]: ' + " | ".join(OBJECTIVES)
            yield "rule", f"{key}.objective", rule["objective"], allowed
        if rule["limit"] not in LIMITS:
            yield "key", f"{key}.limit", rule["limit"], " | ".join(LIMITS)
        for name in sorted(optional & set(rule)):
            if isinstance(rule[name], bool) or not isinstance(rule[name], int) or rule[name] < 1:
                yield "key", f"{key}.{name}", rule[name], "1, 2, …"


def _kinds(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Find kinds without an id or words."""
    for place, kind in enumerate(_entries(tree, "kinds")):
        for key in ("words", *(["target"] if "target" in kind else [])):
            if not isinstance(kind.get("id"), str) or not _is_words(kind.get(key)):
                yield "words", f"kinds[{place}].{key}", kind.get(key), BOTH


def _values(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Find numbers without date, unit or source."""
    values = _table(tree, "values")
    rules = {part.get("rule") for part in _entries(tree, "score")}
    needed = ["reach_km"] if "nearness" in rules else []
    for name in sorted(set(needed) - set(values)):
        yield "value", f"values.{name}", None, DATED
    for name, value in values.items():
        if not isinstance(value, dict) or not {"unit", "source", "at"} <= set(value):
            yield "value", f"values.{name}", value, DATED
        elif not all(isinstance(number, int | float) for number in value["at"].values()) or not value["at"]:
            yield "value", f"values.{name}.at", value["at"], '{ "YYYY" = … }'


def _form(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Find what does not go with how a scheme is composed: all in one go, or part by part."""
    if tree.get("form", "whole") not in FORMS:
        yield "rule", "form", tree["form"], " | ".join(FORMS)
    by_part, rule = _is_by_part(tree), _table(tree, "candidates").get("rule")
    if by_part != (rule == "table"):
        yield "rule", "candidates.rule", rule, "table" if by_part else " | ".join(CANDIDATE_RULES[:-1])
    if not by_part:
        return
    if tree.get("score"):
        yield "key", "score", len(tree["score"]), "[]"
    if not _is_words(_table(tree, "words").get("parts")):
        yield "words", "words.parts", _table(tree, "words").get("parts"), BOTH
    for place, entry in enumerate(_entries(tree, "capacity")):
        own = {key: value for key, value in entry.items() if key not in ("id", "words")}
        if own != OWN_PLACES:
            yield "all_served", f"capacity[{place}]", own, str(OWN_PLACES)


def _is_by_part(tree: Mapping[str, Any]) -> bool:
    return tree.get("form") == "parts"


def _entries(tree: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Give the entries of an array of tables, leaving out what is none."""
    entries = tree.get(key)
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _table(tree: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Give a table, empty where there is none."""
    found = tree.get(key)
    return found if isinstance(found, dict) else {}


def _is_words(word: object) -> bool:
    return isinstance(word, dict) and set(LANGUAGES) <= set(word)
