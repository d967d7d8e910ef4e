"""The table of rules, said in terms of what is paired: whole units, or single places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jiedui.pairs.rules import Apart, Budget, Quota, SomeOrNone
from jiedui.programmes.decisions import members_of, owners_of

if TYPE_CHECKING:
    from jiedui.errors import Finding
    from jiedui.pairs.rules import Rule
    from jiedui.programmes.setting import Grain, Setting
    from jiedui.tables import Reading

Rows = Sequence[Mapping[str, Any]]
ALL = "*"
"""Stands for every helper, or every recipient."""
NEEDED = {
    "quota": (("at_most", "at_least"),),
    "apart": (("helper",), ("recipient",)),
    "budget": (("helper",), ("recipient",), ("amount",), ("at_most",)),
    "some_or_none": (("helper",), ("at_least",)),
}
"""What a row of each kind must hold: one column of each group."""


def rules_of(setting: Setting, grain: Grain) -> tuple[Rule, ...]:
    """Give the rules of a programme; what is said of a unit, or a need of several, binds its places."""
    return tuple(_rule(setting, grain, rows) for rows in _by_rule(setting.rules).values())


def check_rules(reading: Reading, rows: Rows) -> Iterator[Finding]:
    """Find rows that lack what their kind needs, and rules whose rows do not agree."""
    first: dict[str, Mapping[str, Any]] = {}
    for place, row in enumerate(rows):
        for group in NEEDED[row["kind"]]:
            if all(row[column] in (None, ALL) for column in group):
                yield reading.finding(
                    "programme.rule_lacks", place, group[0], found=row["kind"], allowed=" | ".join(group)
                )
        most, least = row["at_most"], row["at_least"]
        if row["kind"] == "quota" and most is not None and most != int(most):
            yield reading.finding("programme.rule_whole", place, "at_most", found=most)
        elif row["kind"] == "quota" and None not in (most, least) and most < least:
            yield reading.finding("programme.bounds", place, "at_least", found=least, allowed=most)
        model = first.setdefault(row["rule"], row)
        for column in ("kind", "at_most", "at_least"):
            if row[column] != model[column]:
                yield reading.finding(
                    "programme.rule_differs", place, column, found=row[column], allowed=model[column]
                )


def _by_rule(rows: Rows) -> dict[str, list[Mapping[str, Any]]]:
    """Gather the rows of each rule."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["rule"]].append(row)
    return found


def _rule(setting: Setting, grain: Grain, rows: Rows) -> Rule:
    """Build one rule from its rows."""
    kind, most, least = (rows[0][name] for name in ("kind", "at_most", "at_least"))
    pairs = [
        ((row["helper"], name), row["amount"])
        for row in rows
        if ALL not in (row["helper"], row["recipient"])
        for name in _meant(setting, grain, row["recipient"])
    ]
    helpers = sorted({row["helper"] for row in rows} - {ALL})
    if kind == "apart":
        return Apart([pair for pair, _ in pairs], name=rows[0]["rule"])
    if kind == "budget":
        return Budget(dict(pairs), most, name=rows[0]["rule"])
    if kind == "some_or_none":
        return SomeOrNone(helpers, least, name=rows[0]["rule"])
    told = {row["recipient"] for row in rows} - {ALL}
    named = [name for one in sorted(told) for name in _meant(setting, grain, one)]
    return Quota(
        helpers or None, named or None, None if most is None else int(most), least or 0, rows[0]["rule"]
    )


def _meant(setting: Setting, grain: Grain, recipient: str) -> list[str]:
    """Give what is paired and meant by a recipient of the tables."""
    if grain == "units":
        return [owners_of(setting).get(recipient, recipient)]
    return members_of(setting).get(recipient, [recipient])
