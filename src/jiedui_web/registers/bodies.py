"""What a record keeps of values: the body without numbers of persons, the seal, the columns beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jiedui_web.bridge.declarations import Declaration
from jiedui_web.registers.sealing import index_of, seal, seal_text

JOINED = "|"


@dataclass(frozen=True, slots=True)
class Kept:
    """The columns of a record that follow from its values."""

    key: str
    name: str
    kind: str
    parent: str
    body: dict[str, Any]


def kept(one: Declaration, values: Mapping[str, Any], index_of_id: str) -> Kept:
    """Give what a record keeps; values that are None are left out.

    Parameters
    ----------
    values
        By column, without the one that is sealed beside the body; a further number sealed already.
    """
    body = {name: value for name, value in values.items() if value is not None and name != one.id_field}
    return Kept(
        key=key_of(one, body, index_of_id),
        name=_text(body, one.name_field),
        kind=_text(body, one.kind_field)[:64],
        parent=_text(body, one.parent_field),
        body=body,
    )


def key_of(one: Declaration, body: Mapping[str, Any], index_of_id: str) -> str:
    """Give the parts of the declared key joined; in the place of an ID number, its index."""
    parts = (index_of_id if name == one.id_field else str(body.get(name) or "") for name in one.key)
    return JOINED.join(parts)[:200]


def sealed_values(one: Declaration, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give values with every further number of a person sealed."""
    further = {field.name for field in one.fields if field.privacy == "further_id"}
    return {
        name: seal_text(value) if name in further and value else value
        for name, value in values.items()
        if name != one.id_field
    }


def seal_and_index(number: str) -> tuple[bytes | None, str]:
    """Give the seal of a number and its index; none of an empty one."""
    return (seal(number), index_of(number)) if number else (None, "")


def _text(body: Mapping[str, Any], name: str) -> str:
    return str(body.get(name) or "")[:200] if name else ""
