"""A run of a programme composed by parts: named helpers for recipients inside each part, up to millions."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from jiedui.language import Lang
from jiedui.pairs.parts import pair_by_part
from jiedui.programmes.folder import Folder, read_folder
from jiedui.programmes.part_figures import (
    Choice,
    Figures,
    Market,
    best_choice,
    faults,
    figures,
    make_market,
    present_choice,
)
from jiedui.programmes.part_tables import COMPARISON, COUNTIES, in_words_of
from jiedui.programmes.programme import Ask, Programme, read_programme
from jiedui.programmes.records import Records
from jiedui.programmes.running import Run, run_folder
from jiedui.programmes.watch import Watch

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class PartRun:
    """What one run of a programme composed by parts found, before anything is written.

    Attributes
    ----------
    market : Market
        Candidates as numbers.
    choices : mapping of str to Choice
        Who has whom, by proposal.
    records : Records
        Sums only: nothing in them tells of one recipient or helper.
    faults : list of str
        What the independent check finds wrong with pairs or proofs; empty when all holds.
    seconds : mapping of str to float
        How long each step took.
    """

    folder: Folder
    market: Market
    choices: Mapping[str, Choice]
    records: Records
    faults: list[str]
    lang: Lang
    seconds: Mapping[str, float]

    @property
    def is_counted(self) -> bool:
        """Whether other duties of the helpers were filled in."""
        return False


def run_programme(
    folder: Path,
    *,
    lang: Lang = "zh",
    processes: int = 1,
    on_step: Callable[[str], None] = lambda _: None,
    watch: Callable[[], float] = time.perf_counter,
) -> Run | PartRun:
    """Run a programme folder, all in one go or part by part, as its scheme says.

    Parameters
    ----------
    processes
        Used where the scheme is composed by parts.
    on_step, watch
        As in `run_folder`.

    Raises
    ------
    InputError
        If the folder cannot be used as it is.
    InfeasibleError
        If a proposal cannot keep the rules it was asked to keep.
    """
    if folder.is_dir() and read_programme(folder).scheme.form == "parts":
        return run_by_part(folder, lang=lang, processes=processes, on_step=on_step, watch=watch)
    return run_folder(folder, lang=lang, on_step=on_step, watch=watch)


def run_by_part(
    folder: Path,
    *,
    lang: Lang = "zh",
    processes: int = 1,
    on_step: Callable[[str], None] = lambda _: None,
    watch: Callable[[], float] = time.perf_counter,
) -> PartRun:
    """Pair the candidates of a programme folder part by part; the same for any number of processes.

    Raises
    ------
    InputError
        If the folder cannot be used as it is.
    """
    watched = Watch(on_step, watch)
    watched.start("read")
    content = read_folder(folder)
    candidates, asks = content.tables["candidates"], content.programme.asks
    paired: pa.Table = None
    if any(ask.method == "optimum" for ask in asks):
        watched.start("pairs")
        paired = pair_by_part(candidates, processes=processes)
    watched.start("records")
    market = make_market(candidates, content.tables["parts"])
    choices = {
        ask.id: present_choice(market) if ask.method == "present" else best_choice(market, paired)
        for ask in asks
    }
    wrong = [f"{ask.id}: {fault}" for ask in asks for fault in _faults(market, ask, choices[ask.id])]
    records = _records(content, market, choices, lang)
    watched.stop()
    return PartRun(content, market, choices, records, wrong, lang, watched.seconds)


def _faults(market: Market, ask: Ask, choice: Choice) -> list[str]:
    """Check what was computed; who is over the own places at present is no fault of ours."""
    return [] if ask.method == "present" else list(faults(market, choice))


def _records(content: Folder, market: Market, choices: Mapping[str, Choice], lang: Lang) -> Records:
    """Write the sums of all parts together, and of each."""
    import pyarrow as pa

    programme, parts = content.programme, content.tables["parts"].to_pylist()
    rows: dict[str, list[dict[str, Any]]] = {"comparison": [], "counties": []}
    everywhere = np.zeros(len(market.part), np.int64)
    for ask in programme.asks:
        choice = choices[ask.id]
        head = {"proposal": ask.id, "name": ask.name[lang]}
        (whole,) = figures(market, choice, part=everywhere, parts=1)
        rows["comparison"].append(head | whole | _proof(programme, ask, lang))
        each = figures(market, choice, part=market.part, parts=len(parts))
        rows["counties"] += [head | _part(row, lang) | one for row, one in zip(parts, each, strict=True)]
    own = (in_words_of(programme.scheme, table) for table in (COMPARISON, COUNTIES))
    declarations = {table.name: table for table in own}
    tables = {name: pa.Table.from_pylist(rows[name], table.schema()) for name, table in declarations.items()}
    return Records(tables, declarations, {}, {})


def _proof(programme: Programme, ask: Ask, lang: Lang) -> Figures | dict[str, str]:
    """Say what proves a proposal, and what it is not."""
    notice = programme.scheme.notice(lang, counted=False)
    return {"certificate": "none" if ask.method == "present" else "prices", "notice": " / ".join(notice)}


def _part(row: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Name a part."""
    return {"part": row["code"], "part_name": (row["name_en"] if lang == "en" else None) or row["name"]}
