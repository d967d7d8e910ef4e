"""Figures of needs: what is drawn, for whom it can be read, and that the same input gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pyarrow as pa
import pytest

from jiedui.errors import InputError
from jiedui.language import LANGUAGES, Lang
from jiedui.publish.charts import draw_areas, draw_dominance, draw_headcounts, draw_lorenz, draw_tradeoff
from jiedui.publish.charts.drawing import WIDTH, length, ticks

SVG = "{http://www.w3.org/2000/svg}"
TITLE = {"zh": "标题 & 一", "en": "Title & one"}
GROUPS = {"n": {"zh": "北部", "en": "North"}, "s": {"zh": "南部", "en": "South"}}
INDICATORS = {"water": {"zh": "饮水安全", "en": "Safe water"}, "school": {"zh": "受教育", "en": "School"}}


def row(measure: str, group: str, k: float, b: float | None, indicator: str = "") -> dict[str, Any]:
    limits = {"ll": None if b is None else b - 0.02, "ul": None if b is None else b + 0.02}
    return {"measure": measure, "indicator": indicator, "group": group, "k": k, "b": b, **limits}


def estimates() -> pa.Table:
    rows = [row("hdk", group, 0.5, 0.1, one) for one in INDICATORS for group in GROUPS][:-1]
    rows += [row("H", group, k / 10, 0.9 - k / 12) for group in GROUPS for k in range(1, 10)]
    rows += [row("lorenz", group, k / 10, (k / 10) ** 2) for group in GROUPS for k in range(1, 11)]
    return pa.Table.from_pylist(rows)


def places(**columns: list[Any]) -> pa.Table:
    given = {
        "name": ["甲县", "乙县", "丙县"],
        "lon": [104.0, 105.0, 106.5],
        "lat": [35.0, 36.0, 35.5],
        "b": [0.1, 0.3, 0.4],
        "cv": [0.05, 0.3, 0.1],
        "hidden": ["", "", "few"],
    }
    return pa.table(given | columns)


def errors() -> pa.Table:
    shares = [0.1, 0.2, 0.3]
    return pa.table({"group": [""] * 3, "selected": shares, "exclusion": shares[::-1], "inclusion": shares})


FIGURES: dict[str, Callable[[Lang], str]] = {
    "headcounts": lambda lang: draw_headcounts(
        estimates(), lang, indicators=INDICATORS, groups=GROUPS, title=TITLE, k=0.5
    ),
    "dominance": lambda lang: draw_dominance(estimates(), lang, groups=GROUPS, title=TITLE),
    "lorenz": lambda lang: draw_lorenz(estimates(), lang, groups=GROUPS, title=TITLE),
    "tradeoff": lambda lang: draw_tradeoff(errors(), lang, title=TITLE),
    "areas": lambda lang: draw_areas(places(), lang, title=TITLE),
}


def drawn(name: str, lang: Lang = "zh") -> ET.Element:
    return ET.fromstring(FIGURES[name](lang))  # noqa: S314 - our own text


def paths(svg: ET.Element, style: str) -> list[str]:
    wanted = rf"\w+-{style}"
    return [one.get("d", "") for one in svg.iter(f"{SVG}path") if re.fullmatch(wanted, one.get("class", ""))]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_has_words_for_those_who_cannot_see_it(name: str, lang: Lang) -> None:
    svg = drawn(name, lang)
    assert svg.get("role") == "img"
    assert svg.findtext(f"{SVG}title") == TITLE[lang]
    assert len(svg.findtext(f"{SVG}desc") or "") > 20


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_input_gives_the_same_bytes(name: str) -> None:
    assert FIGURES[name]("zh") == FIGURES[name]("zh")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", FIGURES)
def test_every_text_stands_inside_on_every_screen(name: str, lang: Lang) -> None:
    for layer in drawn(name, lang).findall(f"{SVG}g"):
        size = float(layer.get("font-size", ""))
        for one in layer.iter(f"{SVG}text"):
            room, x = length(one.text or "", size), float(one.get("x", ""))
            left = x - {"end": room, "middle": room / 2}.get(one.get("text-anchor", ""), 0)
            assert left >= 0
            assert left + room <= WIDTH


@pytest.mark.parametrize("name", FIGURES)
def test_english_figures_hold_no_chinese_but_names(name: str) -> None:
    said = "".join(drawn(name, "en").itertext()).translate(str.maketrans("", "", "甲乙丙县"))
    without_style = re.sub(r"\.\w+-chart.*", "", said)
    assert not re.search(r"[一-鿿]", without_style)


def test_a_bar_is_as_long_as_its_value() -> None:
    rows = [row("hdk", "n", 0.5, 0.1, "water"), row("hdk", "s", 0.5, 0.2, "water")]
    svg = ET.fromstring(  # noqa: S314 - our own text
        draw_headcounts(
            pa.Table.from_pylist(rows), "en", indicators={"water": {"en": "W"}}, groups=GROUPS, title=TITLE
        )
    )
    lengths = [float(re.search(r"h([\d.]+)v", paths(svg, f"f{one}")[1])[1]) for one in (0, 1)]  # type: ignore[index]
    assert lengths[1] == pytest.approx(2 * lengths[0], abs=0.2)


def test_what_is_not_known_is_a_dash() -> None:
    assert "–" in [one.text for one in drawn("headcounts").iter(f"{SVG}text")]


def test_only_the_chosen_cut_off_is_drawn() -> None:
    svg = draw_headcounts(estimates(), "zh", indicators=INDICATORS, groups=GROUPS, title=TITLE, k=0.3)
    assert "10.0%" not in svg


def test_limits_are_drawn_as_bands() -> None:
    svg = drawn("dominance")
    assert len(paths(svg, "b0")) == len(paths(svg, "b1")) == 2
    assert not paths(drawn("tradeoff"), "b0")


def test_a_lorenz_curve_begins_at_nothing_and_ends_at_all() -> None:
    svg = drawn("lorenz")
    even, curve = paths(svg, "even")[-1], paths(svg, "s0")[-1]
    assert curve.split("L")[0] == even.split("L")[0]
    assert curve.split("L")[-1] == even.split("L")[-1]


def test_unsure_areas_are_hatched_and_hidden_ones_empty() -> None:
    one = draw_areas(places(cv=[0.05] * 3, hidden=[""] * 3), "zh", title=TITLE)
    clear, mixed = ET.fromstring(one), drawn("areas")  # noqa: S314 - our own text
    in_legend = 2
    assert (len(paths(clear, "hatch")), len(paths(clear, "hidden"))) == (in_legend, in_legend)
    assert (len(paths(mixed, "hatch")), len(paths(mixed, "hidden"))) == (2 * in_legend, 2 * in_legend)


def test_a_hidden_value_stands_nowhere_in_the_file() -> None:
    svg = draw_areas(places(b=[0.1, 0.3, 0.777]), "zh", title=TITLE)
    assert "77.7" not in svg
    assert "丙县：不公布" in svg


@pytest.mark.parametrize("count", [0, 7])
def test_groups_that_cannot_be_told_apart_are_refused(count: int) -> None:
    groups = {str(one): {"zh": "组", "en": "group"} for one in range(count)}
    with pytest.raises(InputError) as caught:
        draw_dominance(estimates(), "zh", groups=groups, title=TITLE)
    assert caught.value.findings[0].rule == "figure.groups"


def test_areas_without_a_place_are_refused_by_name() -> None:
    with pytest.raises(InputError) as caught:
        draw_areas(places(lat=[35.0, None, 36.0]), "zh", title=TITLE)
    assert "乙县" in caught.value.findings[0].zh


@pytest.mark.parametrize("most", [0.0001, 0.07, 0.99, 1.0, 3.0, 42.0, 1e7])
def test_ticks_are_few_and_reach_the_largest_value(most: float) -> None:
    found = ticks(most)
    assert found[0] == 0
    assert most <= found[-1] * (1 + 1e-9)
    assert 3 <= len(found) <= 7
