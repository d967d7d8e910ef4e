"""A run over registers: read, link, merge, correct, place, check."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jiedui.language import Lang
from jiedui.programmes.registers.folder import RegisterFolder, read_register_folder
from jiedui.registers import (
    Intake,
    Merged,
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
    merged: Merged
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
        Hears the name of each step before it starts: ``read`` and each file, ``link``, ``merge``,
        ``correct``, ``place``, ``check``.
    watch
        A stop watch in seconds, for the timings only.

    Raises
    ------
    InputError
        If the folder's settings, rules, decisions or forms cannot be used as they are.
    """
    import pyarrow as pa

    seconds: dict[str, float] = {}
    content = read_register_folder(folder)

    def step(name: str, start: float) -> float:
        now = watch()
        seconds[name] = now - start
        return now

    start = watch()
    on_step("read")
    taken = read_register(content.files, saved=content.saved, on_file=lambda path: on_step(path.name))
    start = step("read", start)
    on_step("link")
    linked = link_persons(taken.register, decisions=content.decisions)
    start = step("link", start)
    on_step("merge")
    merged = merge_rows(taken.register, persons=linked)
    start = step("merge", start)
    on_step("correct")
    corrected = apply_corrections(merged.register, content.corrections)
    start = step("correct", start)
    on_step("place")
    known = content.places or places_of_register(corrected.register)
    year = int(content.intake.on[:4])
    placed = place_rows(corrected.register, Gazetteer(known.table), year=year)
    start = step("place", start)
    on_step("check")
    checked = check_register(
        placed.register,
        on=content.intake.on,
        purpose=content.intake.purpose,
        rules=content.rules,
        regions=content.intake.regions,
    )
    found = locate_findings(checked.findings, taken.register, merged)
    step("check", start)
    parts = [
        taken.findings,
        findings_table(linked.findings, "question", "persons"),
        merged.findings,
        findings_table(corrected.findings, "question", ""),
        findings_table(placed.findings, "question", ""),
        found,
    ]
    return RegisterRun(
        content,
        taken,
        linked,
        merged,
        corrected,
        placed.register,
        pa.concat_tables(parts),
        checked.compared,
        lang,
        seconds,
    )
