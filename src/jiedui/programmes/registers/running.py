"""A run over registers: read, place, link, merge, correct, check."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jiedui.language import Lang
from jiedui.programmes.registers.folder import RegisterFolder, read_register_folder
from jiedui.programmes.watch import Watch
from jiedui.registers import (
    Intake,
    Register,
    findings_table,
    locate_findings,
    merge_rows,
    read_register,
)
from jiedui.registers.checks import check_register
from jiedui.registers.corrections import Corrected, apply_corrections
from jiedui.registers.linkage import Linked, link_persons
from jiedui.registers.place_names import Gazetteer, place_rows, places_of_register

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class RegisterRun:
    """What one run over registers found, before anything is written.

    Attributes
    ----------
    taken : Intake
        The files as they were read.
    sent : Register
        The tables as the offices sent them, merged, before corrections.
    register : Register
        The clean tables: merged, corrected, with codes of places.
    findings : pyarrow.Table
        As ``FINDINGS``, from reading to rules.
    compared : pyarrow.Table
        How many rows each rule was put to.
    seconds : mapping of str to float
        How long each step took.
    """

    content: RegisterFolder
    taken: Intake
    linked: Linked
    sent: Register
    corrected: Corrected
    register: Register
    findings: pa.Table
    compared: pa.Table
    lang: Lang
    seconds: Mapping[str, float]


def run_registers(
    folder: Path,
    *,
    lang: Lang = "zh",
    on_step: Callable[[str], None] = lambda _: None,
    watch: Callable[[], float] = time.perf_counter,
) -> RegisterRun:
    """Take the registers of a programme folder the whole way.

    Parameters
    ----------
    on_step
        Hears the name of each step before it starts: ``read`` and each file, ``place``, ``link``,
        ``merge``, ``correct``, ``check``.
    watch
        A stop watch in seconds, for the timings only.

    Raises
    ------
    InputError
        If the folder's settings, rules, decisions or forms cannot be used as they are.
    """
    import pyarrow as pa

    watched = Watch(on_step, watch)
    content = read_register_folder(folder)
    intake = content.intake
    with watched("read"):
        taken = read_register(content.files, saved=content.saved, on_file=lambda path: on_step(path.name))
    with watched("place"):
        known = places_of_register(taken.register, content.places)
        placed = place_rows(taken.register, Gazetteer(known.table), year=int(intake.on[:4]))
    with watched("link"):
        linked = link_persons(placed.register, decisions=content.decisions)
    with watched("merge"):
        merged = merge_rows(placed.register, persons=linked)
    with watched("correct"):
        corrected = apply_corrections(merged.register, content.corrections)
    with watched("check"):
        checked = check_register(
            corrected.register,
            on=intake.on,
            purpose=intake.purpose,
            rules=content.rules,
            regions=intake.regions,
        )
        found = locate_findings(checked.findings, placed.register, merged)
    parts = (
        taken.findings,
        findings_table(placed.findings, "question", ""),
        findings_table(linked.findings, "question", "persons"),
        merged.findings,
        findings_table(corrected.findings, "question", ""),
        found,
    )
    return RegisterRun(
        content=content,
        taken=taken,
        linked=linked,
        sent=merged.register,
        corrected=corrected,
        register=corrected.register,
        findings=pa.concat_tables(parts),
        compared=checked.compared,
        lang=lang,
        seconds=watched.seconds,
    )
