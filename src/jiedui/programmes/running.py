"""A run: a checked folder taken through the stages, with all that its result was computed from."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from jiedui.errors import InputError
from jiedui.language import Lang, finding
from jiedui.programmes.composition import make_setting
from jiedui.programmes.folder import Folder, read_folder
from jiedui.programmes.programme import Programme
from jiedui.programmes.records import Records, Scenario, make_records
from jiedui.programmes.setting import Setting
from jiedui.programmes.watch import Watch


@dataclass(frozen=True, slots=True)
class Run:
    """What one run found, before anything is written.

    Attributes
    ----------
    quota : tuple of int
        Places each helper would take in proportion to strength, or may take at most.
    scale : float
        Loads are shown as places per strength times this.
    seconds : mapping of str to float
        How long each step took.
    """

    folder: Folder
    setting: Setting
    scenarios: tuple[Scenario, ...]
    quota: tuple[int, ...]
    scale: float
    records: Records
    lang: Lang
    seconds: Mapping[str, float]

    @property
    def is_counted(self) -> bool:
        """Whether other duties of the helpers were filled in."""
        return any(self.setting.duties)

    @property
    def faults(self) -> list[str]:
        """What the independent check finds wrong with pairs or proofs; empty when all holds."""
        return [f"{one.id}: {fault}" for one in self.scenarios for fault in one.proposal.faults()]


def run_folder(
    folder: Path,
    *,
    lang: Lang = "zh",
    on_step: Callable[[str], None] = lambda _: None,
    watch: Callable[[], float] = time.perf_counter,
) -> Run:
    """Read a programme folder and find every way of pairing it asks for.

    Parameters
    ----------
    on_step
        Hears the name of each step before it starts: ``read``, the id of each proposal, ``records``.
    watch
        A stop watch in seconds, for the timings only.

    Raises
    ------
    InputError
        If the folder cannot be used as it is.
    InfeasibleError
        If a proposal cannot keep the rules it was asked to keep.
    """
    return pair_folder(lambda: read_folder(folder), lang=lang, on_step=on_step, watch=watch)


def pair_folder(
    read: Callable[[], Folder], *, lang: Lang, on_step: Callable[[str], None], watch: Callable[[], float]
) -> Run:
    """Find every way of pairing that a programme asks for once its tables are read, as `run_folder` does."""
    from jiedui.programmes.scenarios import places_of, solve_asks

    watched = Watch(on_step, watch)
    watched.start("read")
    content = read()
    programme = content.programme
    if programme.scheme.form == "parts":
        raise InputError([finding("programme.by_part", found=programme.scheme.id)])
    setting = make_setting(
        content.tables, scheme=programme.scheme, on=programme.round, weights=programme.weights
    )
    quota = places_of(setting, programme.scheme)
    scenarios = solve_asks(programme, setting, on_step=watched.start)
    watched.start("records")
    scale = load_scale(programme)
    records = make_records(setting, scenarios, scheme=programme.scheme, quota=quota, scale=scale, lang=lang)
    watched.stop()
    return Run(content, setting, scenarios, quota, scale, records, lang, watched.seconds)


def in_language(run: Run, lang: Lang) -> Run:
    """Give a run with its records in another language; nothing is solved again."""
    records = make_records(
        run.setting,
        run.scenarios,
        scheme=run.folder.programme.scheme,
        quota=run.quota,
        scale=run.scale,
        lang=lang,
        reasons=run.records.reasons,
    )
    return replace(run, records=records, lang=lang)


def load_scale(programme: Programme) -> float:
    """Give what places per strength are multiplied by in a programme; 1 where its scheme says nothing."""
    value = programme.scheme.values.get("load_scale")
    return value.on(programme.round) if value else 1
