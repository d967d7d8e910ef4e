"""Maps without boundaries: pale dots for every place, rings for places served, arcs for who helps whom."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from types import MappingProxyType

from jiedui.language import Lang, Words, text
from jiedui.publish.cells import width
from jiedui.publish.classes import class_edges, classes
from jiedui.publish.curves import Curve, Point, curve, point
from jiedui.publish.labels import Box, Crowd, Label, Placed, place
from jiedui.publish.publication import Arc, Picture, Publication
from jiedui.publish.rendering import render

WIDTH, HEIGHT, FOOT, MARGIN = 1000, 860, 112, 20
"""The drawing: its size, the strip of the legend at its foot, and the free edge around the points."""

SIZES = {"wide": (17.0, 14.0), "narrow": (30.0, 26.0)}
"""Letters of helpers and units, on wide pages and on paper, and on phones."""


WORDS = ("helper", "unit", "point", "load")
"""Words of the legend that a publication may have its own for."""


EVEN = 9.0
"""Where all arcs stand for equally many places, they are as thin as if the most were so many times that."""
CHINA, EQUATOR = (73.0, 3.0, 136.0, 54.0), 5.0
"""West, south, east and north of the points one view fits; degrees within which the equator is near."""
PLAIN = "#0b5d5a"
"""The colour of rings that tell nothing of loads."""
RING, OWN_RING, LONE_RING = 3, 4, 8
"""The radius of a ring among arcs, where it is the end of one, and where it stands for a whole part."""
LEGEND = {"wide": 15, "narrow": 26}
"""Letters of the legend."""


@dataclass(frozen=True, slots=True)
class View:
    """Where the flat map is centred, and the parallels along which its lengths are true, in degrees."""

    centre: Point = (105.0, 36.0)
    parallels: Point = (25.0, 47.0)

    @classmethod
    def of(cls, points: Sequence[Point]) -> View:
        """Give the view of a country known to fit, or else the one that fits the points."""
        (west, south), (east, north) = (
            map(min, zip(*points, strict=True)),
            map(max, zip(*points, strict=True)),
        )
        if west > CHINA[0] and south > CHINA[1] and east < CHINA[2] and north < CHINA[3]:
            return cls()
        middle, sixth = (south + north) / 2, (north - south) / 6
        near_equator = abs(middle) < EQUATOR
        parallels = (0.0, 2 * EQUATOR) if near_equator else (south + sixth, north - sixth)
        return cls(((west + east) / 2, middle), parallels)


@dataclass(frozen=True, slots=True)
class Frame:
    """How kilometres become units of the drawing."""

    view: View
    scale: float
    west: float
    north: float
    left: float
    top: float

    @classmethod
    def around(cls, picture: Picture) -> Frame:
        """Give the frame that holds every point of a picture, in the middle of the drawing."""
        places = [*picture.ground, *(ring[:2] for ring in picture.rings)]
        ends = [end for arc in picture.arcs for end in (arc.start, arc.end)]
        points = [*places, *ends, *(helper[1:] for helper in picture.helpers)]
        view = View.of(points)
        x, y = _project(points, view)
        wide, high = WIDTH - 2 * MARGIN, HEIGHT - FOOT - 2 * MARGIN
        across, down = max(max(x) - min(x), 1.0), max(max(y) - min(y), 1.0)
        scale = min(wide / across, high / down)
        left, top = (wide - across * scale) / 2, (high - down * scale) / 2
        return cls(view, scale, min(x), max(y), MARGIN + left, MARGIN + top)

    def place(self, points: Sequence[Point]) -> list[Point]:
        """Give the points of the drawing for degrees of longitude and latitude."""
        if not points:
            return []
        across, up = _project(points, self.view)
        return [
            (self.left + (x - self.west) * self.scale, self.top + (self.north - y) * self.scale)
            for x, y in zip(across, up, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Line:
    """One arc as it is drawn."""

    curve: Curve
    weight: int
    confirmed: bool
    mutual: bool
    title: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A helper or a unit as it is drawn."""

    x: float
    y: float
    name: str


def draw_maps(publication: Publication, lang: Lang) -> dict[str, str]:
    """Give the drawing of each picture under its file name; all share the classes of one legend."""
    pictures = publication.pictures
    pairs = publication.declarations.get("pairs")
    counted = (pairs.column("places").unit if pairs else None) or {lang: ""}
    edges = class_edges(load for picture in pictures if picture.load_unit for *_, load in picture.rings)
    return {
        f"map_{picture.proposal}.svg" if number else "map.svg": draw_map(
            picture, lang, edges=edges, counted=counted, own=publication.words, prefix=f"m{number}"
        )
        for number, picture in enumerate(pictures)
    }


def draw_map(
    picture: Picture,
    lang: Lang,
    *,
    edges: Sequence[float],
    counted: Words,
    own: Mapping[str, Words] = MappingProxyType({}),
    prefix: str,
) -> str:
    """Give the SVG of one picture.

    Parameters
    ----------
    edges : sequence of float
        The limits of the classes of load, the least and the worst load included.
    counted : Words
        What the places of an arc are: counties, schools.
    own : mapping of str to Words
        The words of `WORDS` that are not those of the catalogue.
    prefix : str
        Stands before every class and id, so that several maps can stand in one page.
    """
    frame = Frame.around(picture)
    said = {key: own[key][lang] if key in own else text(f"publish.map.{key}", lang) for key in WORDS}
    helpers = _spots(frame, [((lon, lat), name[lang]) for name, lon, lat in picture.helpers])
    lines = _lines(picture.arcs, frame, [_title(arc, lang, counted) for arc in picture.arcs])
    dots = frame.place(picture.ground)
    crowd = Crowd([*dots, *(at for line in lines for at in line.curve.way)])
    named = [((lon, lat), name[lang]) for name, lon, lat in picture.names]
    units = _spots(frame, [*((arc.end, arc.unit[lang]) for arc in picture.arcs), *named])
    return render(
        "map.svg.j2",
        p=prefix,
        width=WIDTH,
        height=HEIGHT,
        foot=HEIGHT - FOOT,
        title=picture.title[lang],
        words={
            "desc": text("publish.map.desc" if lines else "publish.map.desc_rings", lang),
            "assumed": text("publish.map.assumed", lang),
            "note": text("publish.map.note", lang, point=said["point"]),
            **said,
        },
        has_areas=picture.has_areas,
        is_assumed=not all(line.confirmed for line in lines),
        apart={name: _legend_room(said, name, lang) for name in SIZES},
        load=text("publish.map.loads", lang, load=said["load"], unit=picture.load_unit)
        if picture.load_unit
        else "",
        ground="".join(f"M{at}h0" for at in sorted({point(at) for at in dots})),
        rings=_rings(picture, frame, edges),
        lines=lines,
        helpers=helpers,
        units=units,
        ring=LONE_RING if not lines else RING if picture.has_areas else OWN_RING,
        labels={
            name: _labels(helpers, units, sizes=sizes, crowd=crowd, gap=0 if lines else LONE_RING)
            for name, sizes in SIZES.items()
        },
        classes=classes(edges) if picture.load_unit else [],
    )


def _legend_room(said: Mapping[str, str], screen: str, lang: Lang) -> list[float]:
    """Give where the symbols of the legend stand beside each other: helper, unit, dashed line, end."""
    size = LEGEND[screen]
    after = [size * (0.52 * width(said[key]) + 3.2) for key in ("helper", "unit")]
    last = size * (0.52 * width(text("publish.map.assumed", lang)) + 3.2) + 54
    return list(accumulate([0.0, *after, last]))


def _rings(picture: Picture, frame: Frame, edges: Sequence[float]) -> list[tuple[str, list[str]]]:
    """Give the colour of each class and the middles of its rings."""
    places = [point(at) for at in frame.place([ring[:2] for ring in picture.rings])]
    if not picture.load_unit:
        return [(PLAIN, sorted(places))]
    members: list[list[str]] = [[] for _ in edges[1:]]
    for at, (*_, load) in zip(places, picture.rings, strict=True):
        members[bisect_right(edges[1:-1], load)].append(at)
    return [(shade.colour, sorted(found)) for shade, found in zip(classes(edges), members, strict=True)]


def _lines(arcs: Sequence[Arc], frame: Frame, titles: Sequence[str]) -> list[Line]:
    """Give the arcs, the widest first, so that narrow ones stay visible on top."""
    amounts = {arc.places for arc in arcs}
    most = (max(amounts, default=1.0) or 1.0) * (1 if len(amounts) > 1 else EVEN)
    starts, ends = frame.place([arc.start for arc in arcs]), frame.place([arc.end for arc in arcs])
    return sorted(
        (
            Line(
                curve(start, end, has_head=not arc.mutual),
                weight=1 + round(3 * math.sqrt(max(arc.places, 0.0) / most)),
                confirmed=arc.confirmed,
                mutual=arc.mutual,
                title=title,
            )
            for arc, start, end, title in zip(arcs, starts, ends, titles, strict=True)
        ),
        key=lambda line: -line.weight,
    )


def _title(arc: Arc, lang: Lang, counted: Words) -> str:
    """Give the words of an arc: who helps whom, in how many places."""
    key = "publish.map.arc" if arc.confirmed else "publish.map.arc_unconfirmed"
    places = f"{arc.places:.2f}".rstrip("0").rstrip(".")
    sign = "↔" if arc.mutual else "→"
    return text(key, lang, helper=arc.helper, sign=sign, unit=arc.unit, places=places, counted=counted)


def _spots(frame: Frame, named: Sequence[tuple[Point, str]]) -> list[Spot]:
    """Give each different point once."""
    unique = list(dict.fromkeys(named))
    places = frame.place([at for at, _ in unique])
    return [Spot(x, y, name) for (x, y), (_, name) in zip(places, unique, strict=True)]


def _labels(
    helpers: Sequence[Spot], units: Sequence[Spot], *, sizes: Point, crowd: Crowd, gap: float
) -> list[Placed]:
    """Place the helpers' labels, which all stay, then those of the units among them."""
    large, small = sizes
    wanted = [Label(spot.name, spot.x, spot.y, size=large, must_stay=True) for spot in helpers if spot.name]
    wanted += [Label(spot.name, spot.x, spot.y, size=small, gap=gap) for spot in units]
    return place(
        wanted,
        frame=Box(4, 4, WIDTH - 4, HEIGHT - FOOT - 2),
        taken=[Box.around(spot.x, spot.y, 5) for spot in (*helpers, *units)],
        crowd=crowd,
    )


def frame_points(points: Sequence[Point], *, size: Point, margin: float) -> list[Point]:
    """Give the places of points in a drawing of that size (x, y down), as large as they fit in its middle."""
    across, up = _project(points, View.of(points))
    wide, high = max(max(across) - min(across), 1.0), max(max(up) - min(up), 1.0)
    scale = min((size[0] - 2 * margin) / wide, (size[1] - 2 * margin) / high)
    left, top = (size[0] - wide * scale) / 2, (size[1] - high * scale) / 2
    return [
        (left + (x - min(across)) * scale, top + (max(up) - y) * scale)
        for x, y in zip(across, up, strict=True)
    ]


def _project(points: Sequence[Point], view: View) -> tuple[list[float], list[float]]:
    """Give kilometres east and north."""
    import numpy as np

    from jiedui.geo import project

    degrees = np.asarray(points, dtype=float)
    across, up = project(degrees[:, 0], degrees[:, 1], centre=view.centre, parallels=view.parallels)
    return across.tolist(), up.tolist()
