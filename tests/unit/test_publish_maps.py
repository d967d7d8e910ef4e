"""Maps: what is drawn, and that labels stay apart."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree as ET

import pytest

from jiedui.publish import Arc, Picture
from jiedui.publish.classes import class_edges, classes
from jiedui.publish.curves import curve
from jiedui.publish.labels import Box, Crowd, Label, place
from jiedui.publish.maps import HEIGHT, WIDTH, draw_map

SVG = "{http://www.w3.org/2000/svg}"
COUNTIES = {"zh": "个县", "en": "counties"}


def words(name: str) -> dict[str, str]:
    return {"zh": name, "en": name}


def picture(helpers: int = 3) -> Picture:
    ground = [(100.0 + at % 10, 30.0 + at // 10) for at in range(60)]
    seats = [(118.0 + at * 0.01, 31.0) for at in range(helpers)]
    return Picture(
        "present",
        words("现有 & 新增"),
        [*ground, *ground],
        [(*at, float(number)) for number, at in enumerate(ground[:20])],
        [(words(f"帮扶方{number}"), *seat) for number, seat in enumerate(seats)],
        [
            Arc(words("甲"), words("一区"), seats[0], (104.0, 33.0), 14.0),
            Arc(words("乙"), words("二区"), seats[-1], (108.0, 34.0), 0.5, confirmed=False),
        ],
        words("县/千亿元"),
    )


def drawn(one: Picture) -> ET.Element:
    edges = class_edges(load for *_, load in one.rings)
    return ET.fromstring(draw_map(one, "zh", edges=edges, counted=COUNTIES, prefix="q"))  # noqa: S314


def test_a_map_is_one_picture_with_words_for_those_who_cannot_see_it() -> None:
    svg = drawn(picture())
    assert svg.get("role") == "img"
    assert svg.findtext(f"{SVG}title") == "现有 & 新增"
    assert svg.findtext(f"{SVG}desc")
    assert "示意图，无边界" in "".join(svg.itertext())


def test_every_point_is_drawn_once_and_inside() -> None:
    svg = drawn(picture())
    ground = next(path for path in svg.iter(f"{SVG}path") if path.get("class") == "q-ground")
    points = re.findall(r"M([\d.]+) ([\d.]+)h0", ground.get("d", ""))
    assert len(points) == len(set(points)) == 60
    assert all(0 < float(x) < WIDTH and 0 < float(y) < HEIGHT for x, y in points)


def test_rings_are_grouped_by_class() -> None:
    groups = [group for group in drawn(picture()).iter(f"{SVG}g") if group.get("class") == "q-ring"]
    assert [len(group) for group in groups] == [4, 4, 4, 4, 4]
    assert len({group.get("stroke") for group in groups}) == 5


def test_arcs_say_who_helps_whom_and_a_pair_not_confirmed_is_dashed() -> None:
    arcs = {
        group.findtext(f"{SVG}title"): group.find(f"{SVG}path")
        for group in drawn(picture()).iter(f"{SVG}g")
        if group.find(f"{SVG}title") is not None
    }
    assert list(arcs) == ["甲 → 一区：14 个县", "乙 → 二区：0.5 个县（未核实）"]
    dashed = ["q-assumed" in path.get("class", "") for path in arcs.values() if path is not None]
    assert dashed == [False, True]


@pytest.mark.parametrize("screen", ["q-wide", "q-narrow"])
def test_every_helper_has_its_label(screen: str) -> None:
    svg = drawn(picture(helpers=9))
    names = {
        label.text
        for group in svg.iter(f"{SVG}g")
        if group.get("class") == screen
        for label in group.iter(f"{SVG}text")
    }
    assert {f"帮扶方{number}" for number in range(9)} < names


def test_a_map_of_one_point_can_be_drawn() -> None:
    svg = drawn(Picture("p", words("t"), [(105.0, 36.0)], [], [], [], words("u")))
    assert svg.tag == f"{SVG}svg"


def test_labels_never_cover_each_other() -> None:
    crowded = [Label(f"帮扶方{number}", 300 + number, 300, size=20, must_stay=True) for number in range(12)]
    placed = place(crowded, frame=Box(0, 0, 600, 600), taken=[])
    assert len(placed) == 12
    assert not any(one.box.meets(other.box) for one, other in itertools.combinations(placed, 2))


def test_a_label_that_may_go_is_left_out_where_there_is_no_place() -> None:
    everywhere = Box(0, 0, 100, 100)
    unit, helper = Label("区", 50, 50, size=10), Label("市", 50, 50, size=10, must_stay=True)
    placed = place([unit, helper], frame=everywhere, taken=[everywhere])
    assert [one.label.text for one in placed] == ["市"]


def test_a_label_prefers_the_emptier_side() -> None:
    to_the_east = Crowd((60.0 + at, 50.0) for at in range(20))
    (placed,) = place(
        [Label("山东省", 50, 50, size=10)], frame=Box(0, 0, 100, 100), taken=[], crowd=to_the_east
    )
    assert placed.anchor == "end"


def test_a_curve_bends_to_the_north_and_stops_before_its_unit() -> None:
    arc = curve((100, 100), (0, 100))
    assert all(y < 100 for _, y in arc.way)
    tip = re.match(r"M([\d.]+) ([\d.]+)", arc.head)
    assert tip
    assert (float(tip[1]) ** 2 + (float(tip[2]) - 100) ** 2) ** 0.5 == pytest.approx(8, abs=0.1)


def test_few_different_loads_make_few_classes() -> None:
    assert class_edges([]) == ()
    assert classes(class_edges([])) == []
    assert [shade.limits for shade in classes(class_edges([2.0, 2.0]))] == ["2.00–2.00"]
    assert len(classes(class_edges([1.0, 2.0, float("inf")]))) <= 5
