"""ID numbers sealed, found, masked; and the declarations of the core that say which they are."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.registers.intake import tidying
from jiedui.registers.tables import REGISTERS
from jiedui_web.bridge import arrangement
from jiedui_web.bridge.declarations import declarations, typed_value, value_of
from jiedui_web.registers import sealing

NUMBER = "990101199001011234"


@settings(max_examples=30)
@given(st.text("0123456789", min_size=17, max_size=17).map("{}X".format))
def test_what_is_sealed_opens_again_and_never_looks_alike(number: str) -> None:
    """The index is equal for equal numbers, the seal never."""
    one, other = sealing.seal_many([number, number])
    assert one != other
    assert sealing.open_sealed(one) == sealing.open_sealed(sealing.seal(number)) == number
    assert sealing.index_of(number) == sealing.index_of(f" {number.lower()} ")
    assert number not in str(one)
    assert sealing.open_text(sealing.seal_text(number)) == number


def test_a_seal_that_somebody_changed_or_of_another_key_does_not_open() -> None:
    """Every byte is under the tag."""
    sealed = sealing.seal(NUMBER)
    for place in range(len(sealed)):
        spoiled = bytearray(sealed)
        spoiled[place] ^= 1
        with pytest.raises(InvalidTag):
            sealing.open_sealed(bytes(spoiled))
    index = sealing.index_of(NUMBER)
    with override_settings(SEAL_KEY="another"):
        assert sealing.index_of(NUMBER) != index
        with pytest.raises(InvalidTag):
            sealing.open_sealed(sealed)


def test_nothing_is_sealed_as_nothing() -> None:
    """An empty number has neither seal nor index."""
    assert sealing.seal_many(["", NUMBER])[0] is None
    assert sealing.index_of("") == ""
    assert sealing.open_sealed(None) == ""


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        (NUMBER, True),
        (" 99010119900101123x", True),
        ("990101900101123", True),
        ("9901011990", False),
        ("王", False),
    ],
)
def test_a_whole_number_is_known_as_one(typed: str, whole: bool) -> None:  # noqa: FBT001
    """With spaces, with a small x, of the old fifteen digits."""
    assert sealing.is_whole(typed) is whole


def test_of_a_short_number_nothing_is_shown() -> None:
    """Four of few signs would be too much."""
    assert sealing.masked("12345678") == "********"
    assert sealing.masked_phone("12345") == "*****"


def test_the_declarations_say_the_same_as_the_core() -> None:
    """Every register of the core, every number of a person."""
    assert arrangement.IDENTITIES == tidying.IDENTITIES
    assert [table.name for table in REGISTERS] == list(declarations())[: len(REGISTERS)]
    for table in REGISTERS:
        one = declarations()[table.name]
        assert [field.name for field in one.fields] == [column.name for column in table.columns]
        private = {field.name for field in one.fields if field.privacy in {"id", "further_id"}}
        assert private == {column.name for column in table.columns if column.name in tidying.IDENTITIES}
        for name in (*one.listed, one.name_field, one.kind_field, one.parent_field, one.number_field):
            assert not name or one.has(name), f"{table.name}.{name}"
        assert not private & set(one.listed)


@given(st.integers(-(10**12), 10**12))
def test_money_typed_and_held_is_the_same(fen: int) -> None:
    """What a form shows reads back as what the register holds."""
    field = declarations()["households"].field("income")
    assert value_of("households", "income", typed_value(field, fen)) == fen
