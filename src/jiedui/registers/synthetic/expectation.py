"""Which rules should find which planted faults."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def expected_rules(*, also: bool = False) -> Mapping[str, tuple[str, ...]]:
    """Give, by family of planted faults, the rules that should find it.

    Parameters
    ----------
    also
        With those that it may trip beside them.

    Examples
    --------
    >>> expected_rules()["two_heads"], expected_rules(also=True)["pupil_too_old"]
    (('1_02_005',), ('1_04_003', '2_05_001'))
    """
    tree = tomllib.loads(files(__package__).joinpath("expected.toml").read_text(encoding="utf-8"))
    return {
        family: (*rules, *(tree["may"].get(family, ()) if also else ()))
        for family, rules in tree["must"].items()
    }
