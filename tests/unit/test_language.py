"""The catalogues: the same keys and places in Chinese and English, punctuation as each language writes it."""

from __future__ import annotations

import re
import string
from importlib.resources import files

import pytest

from jiedui.language import LANGUAGES, Lang, finding, text, words
from jiedui.language.catalogue import catalogue


def places(value: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(value) if name is not None}


def names(lang: Lang) -> set[str]:
    return {file.name for file in files("jiedui.language").joinpath(lang).iterdir()}


def test_both_languages_have_the_same_catalogues() -> None:
    assert names("zh") == names("en")


def test_both_languages_have_the_same_keys() -> None:
    assert set(catalogue("zh")) == set(catalogue("en"))


def test_each_text_has_the_same_places_in_both_languages() -> None:
    chinese, english = catalogue("zh"), catalogue("en")
    unlike = [key for key in english if places(chinese.get(key, "")) != places(english[key])]
    assert unlike == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_is_empty(lang: Lang) -> None:
    assert [key for key, value in catalogue(lang).items() if not value] == []


def test_chinese_texts_use_full_width_punctuation() -> None:
    beside_chinese = re.compile(r"[一-鿿”][,;:!?()]|[,;:!?(][一-鿿“]")
    assert [key for key, value in catalogue("zh").items() if beside_chinese.search(value)] == []


def test_english_texts_hold_no_chinese_but_what_may_be_typed() -> None:
    chinese = [key for key, value in catalogue("en").items() if re.search(r"[一-鿿]", value)]
    assert chinese == ["table.not_boolean"]


def test_a_value_may_be_words_in_both_languages() -> None:
    found = finding("table.column_missing", heading={"zh": "名称", "en": "name"}, accepted="x", found="y")
    assert "名称" in found.zh
    assert "name" in found.en


def test_a_finding_says_where_it_is() -> None:
    found = finding("table.no_rows", file="tables.xlsx", sheet="helpers", cell="A1")
    assert found.place == "tables.xlsx [helpers] A1"
    assert str(found).splitlines()[0] == "table.no_rows  tables.xlsx [helpers] A1"


def test_an_unknown_key_fails_loudly() -> None:
    with pytest.raises(KeyError, match=r"no\.such_key"):
        text("no.such_key", "en")


def test_a_missing_value_fails_loudly() -> None:
    with pytest.raises(KeyError, match="name"):
        words("screen.checked")
