"""Specifications as files: TOML with exact weights, expressions and dated values."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from jiedui.errors import Finding, InputError
from jiedui.language import LANGUAGES, Words, finding
from jiedui.needs.exact import read_fraction
from jiedui.needs.expressions import fill_values
from jiedui.needs.spec import Indicator, Missing, Spec

LARGEST = 200_000
"""Bytes of a file."""
PARTS = ("spec", "dimensions", "indicators", "values")
HEAD = ("id", "words", "cutoffs", "missing", "identification", "analysis", "source")
INDICATOR = ("id", "dimension", "words", "weight", "deprived", "roster")
VALUE = ("words", "unit", "by_year", "source")
ROSTER = ("", "any", "all")


def shipped_specs() -> tuple[str, ...]:
    """Give the names of the specifications that come with the library.

    Examples
    --------
    >>> "global_mpi" in shipped_specs()
    True
    """
    folder = files("jiedui.needs").joinpath("specs")
    return tuple(
        sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name[-5:] == ".toml")
    )


def load_spec(name: str, *, year: int | None = None, values: Mapping[str, object] | None = None) -> Spec:
    """Give a specification that comes with the library.

    Parameters
    ----------
    name : str
        One of `shipped_specs`.
    year : int, optional
        Which of the dated values is meant, where a specification has some.
    values : mapping, optional
        Values that a specification leaves to whoever uses it, such as the line a province sets in yuan.

    Raises
    ------
    InputError
        If there is none of that name, or a value is absent.

    Examples
    --------
    >>> load_spec("income_line", year=2013).indicators[0].deprived
    'income_per_head < 2736'
    """
    if name not in shipped_specs():
        raise InputError([finding("needs.no_spec", found=name, allowed=", ".join(shipped_specs()))])
    text = files("jiedui.needs").joinpath("specs", f"{name}.toml").read_text(encoding="utf-8")
    return _spec(tomllib.loads(text, parse_float=str), f"{name}.toml", year, values or {})


def read_spec(
    path: Path | str, *, year: int | None = None, values: Mapping[str, object] | None = None
) -> Spec:
    """Read a specification from a TOML file; `year` and `values` as for `load_spec`.

    Raises
    ------
    InputError
        If the file cannot be read, holds an unknown key or type, or is not whole: see `Spec`.
    """
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST:
            raise InputError([finding("needs.file_large", file=path.name, largest=LARGEST)])
        tree = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=str)
    except OSError:
        raise InputError([finding("needs.no_file", file=path.name)]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError([finding("needs.not_toml", file=path.name, found=str(error)[:200])]) from None
    return _spec(tree, path.name, year, values or {})


def _spec(tree: Mapping[str, Any], file: str, year: int | None, given: Mapping[str, object]) -> Spec:
    if found := list(_shape_findings(tree, file)):
        raise InputError(found)
    head = {"cutoffs": (), **tree["spec"]}
    values = _values(tree.get("values", {}), file, year, given)
    indicators = tuple(_indicator(one, file, values) for one in tree["indicators"])
    cutoffs = tuple(read_fraction(k, file=file, cell="cutoffs") for k in head.pop("cutoffs"))
    try:
        return Spec(dimensions=tree["dimensions"], indicators=indicators, cutoffs=cutoffs, **head)
    except InputError as error:
        raise InputError([replace(one, file=file) for one in error.findings]) from None


def _indicator(row: Mapping[str, Any], file: str, values: Mapping[str, object]) -> Indicator:
    weight = read_fraction(row["weight"], file=file, cell=row["id"])
    text = row.get("deprived", "")
    bound = fill_values(text, values, file=file, cell=row["id"]) if text else ""
    return Indicator(**{**row, "weight": weight, "deprived": bound})


def _values(
    tree: Mapping[str, Any], file: str, year: int | None, given: Mapping[str, object]
) -> dict[str, object]:
    """Choose the dated values of the year; what has no value must be given, and nothing else may be."""
    values = dict(given)
    for name in given:
        if name not in tree or "by_year" in tree[name]:
            allowed = ", ".join(one for one in tree if "by_year" not in tree[one])
            raise InputError([finding("needs.no_value", file=file, cell=name, found=name, allowed=allowed)])
    for name, one in tree.items():
        if "by_year" in one:
            if str(year) not in one["by_year"]:
                years = ", ".join(one["by_year"])
                raise InputError(
                    [finding("needs.no_year", file=file, cell=name, found=str(year), allowed=years)]
                )
            values[name] = one["by_year"][str(year)]
        elif name not in values:
            raise InputError([finding("needs.value_needed", file=file, cell=name, found=one["words"])])
    return values


def _shape_findings(tree: Mapping[str, Any], file: str) -> Iterator[Finding]:
    """Say which keys are unknown or missing, and what is of the wrong type."""
    yield from _keys(tree, PARTS, ("spec", "dimensions", "indicators"), file, "")
    head, rows = tree.get("spec", {}), tree.get("indicators", [])
    parts = (head, dict, "spec"), (tree.get("dimensions", {}), dict, "dimensions"), (rows, list, "indicators")
    wrong = [name for part, kind, name in parts if not isinstance(part, kind)]
    yield from (finding("needs.type", file=file, cell=name, found=name) for name in wrong)
    if wrong or not all(isinstance(row, dict) for row in rows):
        return
    yield from _keys(head, HEAD, ("id", "words", "cutoffs"), file, "spec")
    yield from _types(head, file, "spec")
    for name, one in tree.get("dimensions", {}).items():
        yield from _types({"words": one}, file, name)
    for number, row in enumerate(rows, start=1):
        place = str(row.get("id", number))
        yield from _keys(row, INDICATOR, ("id", "dimension", "words", "weight"), file, place)
        yield from _types(row, file, place)
    for name, one in tree.get("values", {}).items():
        yield from _keys(one, VALUE, ("words",), file, name)


def _keys(
    part: Mapping[str, Any], allowed: tuple[str, ...], needed: tuple[str, ...], file: str, cell: str
) -> Iterator[Finding]:
    for key in (*(one for one in part if one not in allowed), *(one for one in needed if one not in part)):
        yield finding("needs.key", file=file, cell=cell, found=key, allowed=", ".join(allowed))


def _types(part: Mapping[str, Any], file: str, cell: str) -> Iterator[Finding]:
    """Find values of the wrong type; numbers are read, and refused, one by one."""
    right = {"missing": get_args(Missing), "roster": ROSTER}
    for key, value in part.items():
        if key == "words":
            is_right = _is_words(value)
        elif key == "cutoffs":
            is_right = isinstance(value, list)
        else:
            is_right = key == "weight" or (isinstance(value, str) and value in right.get(key, (value,)))
        if not is_right:
            yield finding("needs.type", file=file, cell=cell, found=f"{key} = {value}"[:80])


def _is_words(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(value.get(lang), str) for lang in LANGUAGES)


def spec_words(spec: Spec) -> Mapping[str, Words]:
    """Give the words of every indicator and dimension, for tables and figures.

    Examples
    --------
    >>> spec_words(load_spec("global_mpi"))["nutrition"]["en"]
    'nutrition'
    """
    return {**spec.dimensions, **{one.id: one.words for one in spec.indicators}}
