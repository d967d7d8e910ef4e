"""What is asked about the names and codes of a table: each distinct one once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jiedui.registers.place_names.found import Found, NamedPlace
from jiedui.registers.place_names.tables import VILLAGE
from jiedui.registers.tables import PLACE_CODE

SEPARATOR = "\x1f"
"""Between the parts of a joined path."""
SHOWN = 5
"""So many candidates are written out in a question; of the rest only the count."""
RULES = {
    "sign": "like_sign",
    "sound": "like_sound",
    "kind": "like_kind",
    "elsewhere": "elsewhere",
    "ended": "ended",
}
"""The question that a reason leads to."""
CODES = ("form", "level", "unknown", "ended", "early", "follows")


@dataclass(frozen=True, slots=True)
class Question:
    """A question before its cell is known."""

    rule: str
    row: int
    column: str
    values: dict[str, Any]


@dataclass(slots=True)
class Undecided:
    """A name whose place is not known: the rows that no code decides."""

    rows: int = 0
    first: int = field(default=1 << 62)


def is_certain(found: Found) -> bool:
    """Tell whether a name leaves no doubt about its place."""
    return found.status == "one" and found.reason != "ended"


def ask_about_code(by_code: Found, by_name: Found, row: int, said: dict[str, Any]) -> Iterator[Question]:
    """Give what is to be asked about a written code."""
    if by_code.reason in CODES:
        values = said | _candidates(by_code.matches)
        yield Question(f"place_names.written_{by_code.reason}", row, PLACE_CODE.name, values)
    if by_code.status == "one" and by_name.status == "one" and by_code.matches != by_name.matches:
        values = said | {"coded": by_code.matches[0].label, "named": by_name.matches[0].label}
        yield Question("place_names.contradicts", row, PLACE_CODE.name, values)


def ask_about_names(
    names: Sequence[str], found: Sequence[Found], undecided: Mapping[int, Undecided]
) -> Iterator[Question]:
    """Give what is to be asked about names, each once."""
    for name, rows in undecided.items():
        one = found[name]
        if is_certain(one) or one.reason == "blank":
            continue
        rule = RULES.get(one.reason, "several" if one.status == "several" else "unknown")
        values = {"name": "/".join(filter(None, names[name].split(SEPARATOR))), "rows": rows.rows}
        yield Question(f"place_names.{rule}", rows.first, VILLAGE, values | _candidates(one.matches))


def in_order(questions: Iterable[Question]) -> list[Question]:
    """Sort questions by the rows that they are about."""
    return sorted(questions, key=lambda one: (one.row, one.rule))


def _candidates(matches: Sequence[NamedPlace]) -> dict[str, Any]:
    """Write out the first candidates and count them all."""
    return {"candidates": "、".join(place.label for place in matches[:SHOWN]) or "–", "total": len(matches)}
