"""From a run by parts to what is published: sums of each part; the pairs themselves go to the office only."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from jiedui.language import LANGUAGES, Words, integer, words
from jiedui.programmes.folder import fingerprint
from jiedui.programmes.part_figures import FEW
from jiedui.programmes.publishing import origin
from jiedui.publish import Picture, Publication

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from jiedui.programmes.by_part import PartRun

LISTED = 20
"""Parts with unserved recipients told in sentences; the table tells all."""
MAP_WORDS = ("helper", "unit", "point", "load")


def make_part_publication(run: PartRun) -> Publication:
    """Gather what one run by parts publishes, in the language it ran in."""
    programme, pairs = run.folder.programme, office_pairs(run)
    scheme = programme.scheme
    notices: list[Words] = [dict.fromkeys(LANGUAGES, one) for one in scheme.notice(run.lang, counted=False)]
    own = {"helper": scheme.words["helper"], "recipient": scheme.words["recipient"]}
    return Publication(
        title=programme.name,
        lead=programme.lead,
        notices=(*notices, words("publish.sums_only", few=FEW, **own), words("publish.office")),
        limits=programme.limits,
        figures=tuple((integer(count), name) for count, name in _sizes(run)),
        proposals={ask.id: ask.name for ask in programme.asks},
        words={key: scheme.words[key] for key in MAP_WORDS if key in scheme.words},
        lacking={ask.id: _lacking(run, ask.id) for ask in programme.asks},
        tables=run.records.tables,
        declarations=run.records.declarations,
        pictures=tuple(_picture(run, name) for name in programme.pictures),
        sources=programme.sources,
        run=_facts(run, pairs),
        office={"pairs": pairs},
    )


def office_pairs(run: PartRun) -> pa.Table:
    """List who has whom in each proposal, for the office itself, without any score.

    Returns
    -------
    pyarrow.Table
        ``proposal``, ``part``, ``recipient``, ``helper``, ``status`` (``kept``, ``new``, ``unserved``);
        sorted within each proposal.
    """
    import pyarrow as pa

    market, codes = run.market, run.folder.tables["parts"]["code"].combine_chunks()
    parts = codes.take(pa.array(market.part))
    told = []
    for name, choice in run.choices.items():
        served = choice.edges >= 0
        kept = np.zeros(len(served), bool)
        kept[served] = market.values("present", choice.edges[served]) == 1
        helper = market.column[choice.edges]
        status = np.where(served, np.where(kept, "kept", "new"), "unserved")
        table = pa.table(
            {
                "proposal": pa.array([name] * len(served)),
                "part": parts,
                "recipient": market.recipients,
                "helper": market.helpers.take(pa.array(helper, mask=~served)),
                "status": pa.array(status),
            }
        )
        told.append(table.sort_by([("part", "ascending"), ("recipient", "ascending")]))
    return pa.concat_tables(told)


def _sizes(run: PartRun) -> list[tuple[int, Words]]:
    """Count who takes part."""
    own = run.folder.programme.scheme.words
    recipients, helpers = len(run.market.recipients), int((run.market.places > 0).sum())
    parts = len(np.unique(run.market.part))
    return [
        (recipients, own["places"]),
        (parts, own["parts"]),
        (helpers, words("figure.persons", helper=own["helper"])),
    ]


def _lacking(run: PartRun, proposal: str) -> tuple[Words, ...]:
    """Say for each part how many stay without help."""
    names = {row["code"]: row for row in run.folder.tables["parts"].to_pylist()}
    own = run.folder.programme.scheme.words
    asked = {ask.id: ask.method for ask in run.folder.programme.asks}[proposal]
    told = [
        words(
            f"publish.lacking_{asked}",
            part=_name(names[row["part"]]),
            count=integer(row["unserved"]),
            recipients=integer(row["recipients"]),
            places=integer(row["places"]),
            unit=own["places"],
            helper=own["helper"],
        )
        for row in run.records.tables["counties"].to_pylist()
        if row["proposal"] == proposal and row["unserved"]
    ]
    more = words("publish.lacking_more", count=len(told) - LISTED)
    return tuple(told) if len(told) <= LISTED else (*told[:LISTED], more)


def _picture(run: PartRun, proposal: str) -> Picture:
    """Gather one ring for each part, shaded by recipients per helper; no ring where that is not told."""
    rows = run.folder.tables["parts"].to_pylist()
    load = {
        row["part"]: row["mean_per_helper"]
        for row in run.records.tables["counties"].to_pylist()
        if row["proposal"] == proposal
    }
    title = {ask.id: ask.name for ask in run.folder.programme.asks}[proposal]
    return Picture(
        proposal=proposal,
        title=title,
        ground=[(row["lon"], row["lat"]) for row in rows],
        rings=[(row["lon"], row["lat"], load[row["code"]]) for row in rows if load[row["code"]] is not None],
        helpers=[],
        arcs=[],
        load_unit=run.folder.programme.scheme.words.get("load_unit"),
        has_areas=False,
        names=[(_name(row), row["lon"], row["lat"]) for row in rows],
    )


def _name(row: Mapping[str, Any]) -> Words:
    """Give a name in each language, as far as the table has one."""
    return {"zh": row["name"], "en": row["name_en"] or row["name"]}


def _facts(run: PartRun, pairs: pa.Table) -> dict[str, Any]:
    """Say what the result was computed from, in sums and hashes only."""
    outputs = {name: fingerprint(table) for name, table in sorted(run.records.tables.items())}
    return origin(run.folder, run.lang) | {
        "outputs": outputs | {"office/pairs": _digest(pairs)},
        "proposals": {
            row["proposal"]: {"proof": row["certificate"], "unserved": row["unserved"], "kept": row["kept"]}
            for row in run.records.tables["comparison"].to_pylist()
        },
    }


def _digest(table: pa.Table) -> str:
    """Hash a large table by its columns."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()
