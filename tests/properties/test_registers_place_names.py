"""The index of names finds exactly what comparing all names of all places finds."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from jiedui.registers.place_names import KNOWN_PLACES, Gazetteer
from jiedui.registers.place_names.endings import forms_of
from jiedui.registers.place_names.levels import level_of, parents_of
from jiedui.registers.place_names.likeness import Likeness, is_near, sound
from jiedui.registers.place_names.plain import plain

Rows = list[dict[str, str | None]]
STEMS = ("新", "新新", "新村", "上新", "城关", "城", "关", "麻子", "麻字", "子麻", "东乡族", "上")
ENDINGS = {
    "county": ("县", "区", "回族自治县"),
    "township": ("镇", "乡", "街道", "苗族乡"),
    "village": ("村", "村委会", "社区", ""),
}
COUNTIES = ("610204", "610221")
TOWNSHIPS = ("100", "101")
VILLAGES = ("201", "202")
CODES = (
    *COUNTIES,
    *(county + township for county in COUNTIES for township in TOWNSHIPS),
    *(county + township + village for county in COUNTIES for township in TOWNSHIPS for village in VILLAGES),
)


def name(level: str) -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(STEMS), st.sampled_from(ENDINGS[level])).map("".join)


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    """Draw a small table of places in which some have ended, with or without a successor of their level."""
    rows: Rows = []
    for code in sorted(draw(st.sets(st.sampled_from(CODES), min_size=1))):
        level = level_of(code)
        later = [one for one in CODES if one > code and level_of(one) == level]
        ended = draw(st.booleans())
        successor = draw(st.sampled_from(["", *later])) if ended else ""
        row: dict[str, str | None] = {"code": code, "name": draw(name(level))}
        rows.append(row | {"valid_to": "2010" if ended else None, "successor": successor or None})
    return rows


def texts() -> st.SearchStrategy[str]:
    """Draw paths of names, and sometimes anything made of the signs that names are made of."""
    paths = st.tuples(
        st.just("") | name("county") | st.sampled_from(STEMS),
        st.just("") | name("township") | st.sampled_from(STEMS),
        st.just("") | name("village") | st.sampled_from(STEMS),
    ).map("".join)
    return paths | st.text("新村上城关麻子镇县", max_size=7)


@st.composite
def tables_and_texts(draw: st.DrawFn) -> tuple[Rows, str]:
    """Draw a table, and a path that is mostly made of names of a place and of what it lies in."""
    rows = draw(tables())
    if draw(st.integers(0, 3)) == 0:
        return rows, draw(texts().filter(bool))
    names = {str(row["code"]): str(row["name"]) for row in rows}
    code = draw(st.sampled_from(sorted(names)))
    way = [one for one in reversed(parents_of(code)) if one in names and draw(st.booleans())]
    spelt = []
    for one in (*way, code):
        forms = forms_of(plain(names[one]), level_of(one))
        spelt.append(draw(st.sampled_from(sorted({text for form in forms for text in form.spellings()}))))
    return rows, "".join(spelt)


class Twin:
    """All names of all places, compared one by one."""

    def __init__(self, rows: Rows) -> None:
        self.rows = {str(row["code"]): row for row in rows}

    def today(self, code: str) -> str:
        successor = self.rows[code]["successor"]
        return self.today(successor) if successor in self.rows else code

    def outer(self, code: str) -> Iterator[str]:
        return (one for one in parents_of(code) if one in self.rows)

    def lies_in(self, inner: str, outer: str) -> bool:
        """Tell whether a state of one place lay in a state of the other."""
        return inner != outer and any(
            self.today(code) == inner and self.today(above) == outer
            for code in self.rows
            for above in self.outer(code)
        )

    def spellings(self, place: str) -> dict[str, bool]:
        whole: dict[str, bool] = {}
        for code, row in self.rows.items():
            if self.today(code) == place:
                for form in forms_of(plain(str(row["name"])), level_of(code)):
                    for spelt, exact in form.spellings().items():
                        whole[spelt] = whole.get(spelt, False) or exact
        return whole

    def names(self, text: str, place: str) -> list[bool]:
        """Tell for each way in which a text names a place whether it does so by a whole name."""
        ways = []
        for spelt, exact in self.spellings(place).items():
            before = text.removesuffix(spelt)
            if before + spelt != text:
                continue
            if not before or any(
                self.lies_in(place, one) and self.names(before, one) for one in self.places()
            ):
                ways.append(exact)
        return ways

    def places(self) -> list[str]:
        return [code for code in self.rows if self.today(code) == code]

    def find(self, text: str, within: str = "") -> list[str]:
        areas = [one for one in self.places() if self.names(within, one)]
        found = {
            one: any(self.names(text, one))
            for one in self.places()
            if self.names(text, one)
            and (not within or any(one == area or self.lies_in(one, area) for area in areas))
        }
        exact = [one for one, is_exact in found.items() if is_exact]
        return sorted(exact or found)


def gazetteer(rows: Rows) -> Gazetteer:
    return Gazetteer(pa.Table.from_pylist(rows, KNOWN_PLACES.schema()))


@given(tables_and_texts())
def test_a_path_finds_what_comparing_all_names_finds(drawn: tuple[Rows, str]) -> None:
    rows, text = drawn
    found = gazetteer(rows).find(text)
    expected = Twin(rows).find(text)
    assert [place.code for place in found.matches if found.status != "none"] == expected
    assert (found.status == "one") == (len(expected) == 1)


@given(tables_and_texts(), st.data())
def test_a_narrowed_name_finds_what_comparing_all_names_finds(
    drawn: tuple[Rows, str], data: st.DataObject
) -> None:
    rows, text = drawn
    within = data.draw(st.sampled_from([str(row["name"]) for row in rows]) | name("county"))
    found = gazetteer(rows).find(text, within)
    assert [place.code for place in found.matches if found.status != "none"] == Twin(rows).find(text, within)


@given(tables(), st.data())
def test_the_whole_path_of_a_place_always_finds_it(rows: Rows, data: st.DataObject) -> None:
    known = gazetteer(rows)
    place = data.draw(st.sampled_from(Twin(rows).places()))
    label = known.find(place).matches[0]
    found = known.find("/".join(label.path))
    assert place in [match.code for match in found.matches]
    assert found.status != "none"


@given(tables(), st.data())
def test_a_path_with_one_wrong_sign_is_never_taken_for_a_place_that_it_does_not_name(
    rows: Rows, data: st.DataObject
) -> None:
    known = gazetteer(rows)
    place = data.draw(st.sampled_from(Twin(rows).places()))
    name_of_place = known.find(place).matches[0].name
    at = data.draw(st.integers(0, len(name_of_place) - 1))
    wrong = f"{name_of_place[:at]}鑫{name_of_place[at + 1 :]}"
    found = known.find(wrong)
    assert found.status == "none"
    stem = forms_of(name_of_place, level_of(place))[0].stem
    if at < len(stem) and len(stem) > 1:
        assert place in [match.code for match in found.matches]


@given(
    st.sets(st.text("新上城关麻子字", min_size=1, max_size=4)),
    st.text("新上城关麻子字", min_size=2, max_size=4),
)
def test_stems_are_alike_exactly_when_one_sign_differs_or_they_sound_the_same(
    stems: set[str], written: str
) -> None:
    expected = {
        stem
        for stem in stems
        if len(stem) > 1 and stem != written and (is_near(stem, written) or sound(stem) == sound(written))
    }
    found = list(Likeness(stems).like(written))
    assert {stem for stem, _ in found} == expected
    assert len(found) == len(expected)


@given(tables(), st.text(st.characters(exclude_categories=[]), max_size=30), st.text(max_size=9))
def test_any_text_gets_an_answer(rows: Rows, text: str, within: str) -> None:
    known = gazetteer(rows)
    found = known.find(text, within)
    assert {"one": len(found.matches) == 1, "several": len(found.matches) > 1, "none": True}[found.status]
    assert known.find_code(text).status == "none"
