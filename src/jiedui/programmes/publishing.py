"""From a run to what is published: words, pictures, facts."""

from __future__ import annotations

import platform
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from jiedui.language import LANGUAGES, integer, words
from jiedui.programmes.folder import fingerprint
from jiedui.programmes.lacking import lacking
from jiedui.programmes.records import is_confirmed
from jiedui.publish import Arc, Picture, Publication

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from jiedui.language import Lang, Words
    from jiedui.programmes.folder import Folder
    from jiedui.programmes.records import Scenario
    from jiedui.programmes.running import Run
    from jiedui.programmes.setting import Setting
    from jiedui.schemes import Scheme

NOBODY: Words = {"zh": "", "en": ""}
"""People are not named on maps."""
SOLVERS = ("highspy", "numpy", "ortools", "pyarrow")


def make_publication(run: Run) -> Publication:
    """Gather what one run publishes, in the language it ran in."""
    programme, setting = run.folder.programme, run.setting
    notice = programme.scheme.notice(run.lang, counted=any(setting.duties))
    return Publication(
        title=programme.name,
        lead=programme.lead,
        notices=tuple(dict.fromkeys(LANGUAGES, sentence) for sentence in notice),
        limits=programme.limits,
        figures=tuple((integer(count), _figure(run, key)) for key, count in _sizes(setting).items()),
        proposals={one.id: one.name for one in run.scenarios},
        words=_map_words(programme.scheme, has_areas=setting.has_areas),
        lacking={one.id: lacking(setting, one) for one in run.scenarios},
        tables=run.records.tables,
        declarations=run.records.declarations,
        pictures=tuple(_picture(run, one) for one in run.scenarios if one.id in programme.pictures),
        sources=programme.sources,
        run=_facts(run),
    )


def _sizes(setting: Setting) -> dict[str, int]:
    """Count who takes part in the round; units only where they are not the places themselves."""
    units = len(np.unique(setting.unit_of[setting.wanted]))
    places = int(setting.wanted.sum())
    own = {} if units == places else {"units": units}
    return {"helpers": int(setting.active.sum()), **own, "places": places}


def _figure(run: Run, key: str) -> Words:
    """Name what a key figure counts."""
    scheme, period = run.folder.programme.scheme, run.folder.programme.period
    if key == "places" and period and scheme.places_by_period:
        return words("figure.places", place=period.words["place"], period=period.name)
    if key == "places":
        return scheme.words["places"]
    own = scheme.words.get(key)
    return own or words(f"figure.{key}", helper=scheme.words["helper"], unit=scheme.words["unit"])


def _picture(run: Run, one: Scenario) -> Picture:
    """Gather the points of one map."""
    scheme = run.folder.programme.scheme
    setting, measures = run.setting, run.records.measures[one.id]
    shares = run.records.shares[one.id]
    loads = measures.loads * run.scale
    served = shares > 0
    heaviest = np.where(served, loads[None, :], 0).max(axis=1)
    shown = setting.wanted | served.any(axis=1)
    takes_part = setting.active | served.any(axis=0)
    return Picture(
        proposal=one.id,
        title=one.name,
        ground=_ground(run),
        rings=[
            (row["lon"], row["lat"], float(load))
            for row, load, is_shown in zip(setting.places, heaviest, shown, strict=True)
            if is_shown
        ],
        helpers=[
            (NOBODY if scheme.persons else _name(row), row["lon"], row["lat"])
            for row, takes in zip(setting.helpers, takes_part, strict=True)
            if takes
        ],
        arcs=_arcs(run, shares),
        load_unit=None if scheme.persons else scheme.words.get("load_unit"),
        has_areas=setting.has_areas,
    )


def _ground(run: Run) -> list[tuple[float, float]]:
    """Give every place known, or only those in scope where the folder has no others."""
    rows = run.folder.tables["places"].to_pylist() or run.setting.places
    return [(row["lon"], row["lat"]) for row in rows]


def _map_words(scheme: Scheme, *, has_areas: bool) -> dict[str, Words]:
    """Give the words of a map's legend, as far as the scheme has its own."""
    own = {key: scheme.words[key] for key in ("helper", "point", "load") if key in scheme.words}
    return own | {"unit": scheme.words["unit" if has_areas else "recipient"]}


def _arcs(run: Run, shares: NDArray[np.float64]) -> list[Arc]:
    """Draw one line for each helper and unit, needs of one party at one point together."""
    setting, scheme = run.setting, run.folder.programme.scheme
    points = np.array([(row["lon"], row["lat"]) for row in setting.places])
    arcs: dict[tuple[Any, ...], Arc] = {}
    for unit, unit_row in enumerate(setting.units):
        members = setting.unit_of == unit
        middle = points[members].mean(axis=0)
        places = shares[members].sum(axis=0)
        for helper in np.flatnonzero(places):
            row = setting.helpers[helper]
            arc = Arc(
                helper=scheme.words["helper"] if scheme.persons else _name(row),
                unit=_name(unit_row),
                start=(row["lon"], row["lat"]),
                end=(float(middle[0]), float(middle[1])),
                places=float(places[helper]),
                confirmed=is_confirmed(row) is not False
                and (row["id"], unit_row["code"]) not in setting.unconfirmed,
                mutual=scheme.mutual,
            )
            key = (arc.start, arc.end, row["name"], unit_row["name"], arc.confirmed)
            before = arcs[key].places if key in arcs else 0.0
            arcs[key] = replace(arc, places=arc.places + before)
    return list(arcs.values())


def _name(row: Mapping[str, Any]) -> Words:
    """Give a name in each language, as far as the table has one."""
    return {"zh": row["name"], "en": row.get("name_en") or row["name"]}


def origin(folder: Folder, lang: Lang) -> dict[str, Any]:
    """Say what a result was computed from: programme, scheme, versions, inputs."""
    programme = folder.programme
    return {
        "programme": programme.id,
        "round": programme.round,
        "period": programme.period.id if programme.period else "",
        "language": lang,
        "scheme": {"id": programme.scheme.id, "sha256": programme.scheme.sha256},
        "versions": versions(),
        "seed": 0,
        "inputs": {"programme.toml": programme.sha256} | folder.fingerprints(),
    }


def _facts(run: Run) -> dict[str, Any]:
    """Say what the result was computed from and what proves it."""
    return origin(run.folder, run.lang) | {
        "outputs": {name: fingerprint(table) for name, table in sorted(run.records.tables.items())},
        "shares": dict(zip((row["id"] for row in run.setting.helpers), run.quota, strict=True)),
        "proposals": {one.id: _proof(one) for one in run.scenarios},
    }


def versions() -> dict[str, str]:
    """Give the versions of what a result was computed with."""
    own = {"jiedui": version("jiedui"), "python": platform.python_version()}
    return own | {name: version(name) for name in SOLVERS}


def _proof(one: Scenario) -> dict[str, Any]:
    """Say how one proposal was found and proved."""
    steps = [
        {
            "objective": step.objective,
            "proof": step.certificate.proof,
            "value": step.certificate.value,
            "bound": step.certificate.bound,
            "nodes": len(step.certificate.nodes),
        }
        for step in one.proposal.steps
    ]
    return {
        "grain": one.grain,
        "moves": one.proposal.moves,
        "unserved": one.proposal.unserved,
        "steps": steps,
    }
