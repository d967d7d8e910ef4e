"""A run that finds needs: the survey, the registers, small areas, needs in units, proposals."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jiedui.language import Lang
from jiedui.needs import Design, Estimates, poverty
from jiedui.needs.areas import AreaEstimates, fay_herriot, suppress
from jiedui.needs.cube import curves, profile_cube
from jiedui.needs.multidimensional import deprivations
from jiedui.needs.quantities import count_gaps, needs_in_units
from jiedui.programmes.needs.folder import NeedsFolder, read_needs_folder
from jiedui.programmes.needs.income import measure_income
from jiedui.programmes.needs.pairing import pair_needs, recipients_of
from jiedui.programmes.needs.targeting import Targeted, target_households
from jiedui.programmes.running import Run
from jiedui.programmes.watch import Watch

if TYPE_CHECKING:
    import pyarrow as pa

FEW = 5
"""Fewer households than this are shown nowhere."""
MOST_CV = 0.3
"""An area whose coefficient of variation is above this is not shown."""
SHOWN = ("H", "A", "M0")


@dataclass(frozen=True, slots=True)
class NeedsRun:
    """What one run that finds needs gives, before anything is written.

    Attributes
    ----------
    survey : Estimates
        From the survey, by domain, with standard errors.
    register : Estimates
        From the registers, by area: all that are registered, without sampling errors.
    areas : AreaEstimates or None
        H of the first cut-off in small areas, from survey and covariates; None where the survey has too few.
    curves : pyarrow.Table
        H and M0 by cut-off, from the cube of the registers.
    needs, recipients : pyarrow.Table or None
        As `NEEDS` declares, and as a pairing reads them; None without a catalogue.
    income : Estimates or None
        Measures of income from the survey; None where the programme says nothing of income.
    targeted : Targeted or None
        A score of income and what it does; None where the programme does not ask for it.
    paired : Run or None
        The proposals; None where the programme asks for none, or the run stopped before.
    """

    content: NeedsFolder
    survey: Estimates
    register: Estimates
    areas: AreaEstimates
    curves: pa.Table
    needs: pa.Table | None
    recipients: pa.Table | None
    income: Estimates | None
    targeted: Targeted | None
    paired: Run | None
    lang: Lang
    seconds: Mapping[str, float]


def run_needs(
    folder: Path,
    *,
    lang: Lang = "zh",
    pairs: bool = True,
    on_step: Callable[[str], None] = lambda _: None,
    watch: Callable[[], float] = time.perf_counter,
) -> NeedsRun:
    """Find the needs of a programme folder, and who could meet them where it asks for proposals.

    Parameters
    ----------
    pairs
        Whether to go on to proposals.
    on_step, watch
        As in `run_registers`.

    Raises
    ------
    InputError
        If the folder, its specification or its tables cannot be used as they are.
    InfeasibleError
        If a proposal cannot keep the rules it was asked to keep.
    """
    watched = Watch(on_step, watch)
    content = read_needs_folder(folder)
    with watched("survey"):
        survey = _survey(content)
        income = measure_income(content)
    with watched("register"):
        units = _deprivations(content)
        register = _register(content, units)
        curves = _curves(content, units)
    with watched("areas"):
        areas = _areas(content, register)
    with watched("targeting"):
        targeted = target_households(content, lang=lang)
    with watched("units"):
        needs, recipients = _needs(content, units, lang)
    paired = None
    if pairs and content.programme.asks and recipients is not None:
        with watched("pairs"):
            paired = pair_needs(
                content.programme, content.helping, recipients, lang=lang, on_step=on_step, watch=watch
            )
    return NeedsRun(
        content=content,
        survey=survey,
        register=register,
        areas=areas,
        curves=curves,
        needs=needs,
        recipients=recipients,
        income=income,
        targeted=targeted,
        paired=paired,
        lang=lang,
        seconds=watched.seconds,
    )


def _survey(content: NeedsFolder) -> Estimates:
    """Estimate from the survey by domain."""
    inquiry = content.inquiry
    return poverty(
        content.tables["survey"],
        content.spec,
        by=inquiry.domain,
        design=Design(**inquiry.design),
        size=inquiry.size,
        roster=content.tables.get("survey_members"),
    )


def _deprivations(content: NeedsFolder) -> pa.Table:
    """Give the deprivations of every registered unit, with its places and members."""
    inquiry = content.inquiry
    keep = [name for name in (inquiry.domain, inquiry.area, inquiry.size) if name]
    return deprivations(
        content.tables["units"], content.spec, keep=keep, roster=content.tables.get("members")
    )


def _register(content: NeedsFolder, units: pa.Table) -> Estimates:
    """Count all that are registered, by area."""
    return poverty(units, content.plain, by=content.inquiry.area, size=content.inquiry.size)


def _curves(content: NeedsFolder, units: pa.Table) -> pa.Table:
    """Give H and M0 of the whole at every cut-off."""
    import ibis
    import pyarrow.compute as pc

    cube = profile_cube(
        ibis.memtable(units), content.plain, (content.inquiry.domain,), size=content.inquiry.size
    )
    found = curves(cube)
    return found.filter(pc.equal(found["group"], ""))


def _areas(content: NeedsFolder, register: Estimates) -> AreaEstimates:
    """Give H of the first cut-off in every small area, from what was surveyed there and the covariates.

    What the registers say of an area is a covariate too.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    inquiry = content.inquiry
    found = poverty(
        content.tables["survey"],
        content.spec,
        by=inquiry.area,
        design=Design(weight=inquiry.design.get("weight", "")),
        size=inquiry.size,
        roster=content.tables.get("survey_members"),
        measures=("H",),
        cutoffs=content.spec.cutoffs[:1],
    ).table
    surveyed = found.filter(pc.not_equal(found["group"], ""))
    given = pa.table(
        {"area": surveyed["group"], "b": surveyed["b"], "se": surveyed["se"], "n": surveyed["n"]}
    )
    areas = content.areas.select(["code", *inquiry.covariates]).rename_columns(["area", *inquiry.covariates])
    k = float(content.spec.cutoffs[0])
    known = {
        row["group"]: row["b"]
        for row in register.table.to_pylist()
        if row["measure"] == "H" and row["k"] == k
    }
    areas = areas.append_column("register", pa.array([known[code] for code in areas["area"].to_pylist()]))
    return suppress(fay_herriot(given, areas, unsure="smooth"), least_n=FEW, most_cv=MOST_CV)


def _needs(content: NeedsFolder, units: pa.Table, lang: Lang) -> tuple[pa.Table | None, pa.Table | None]:
    """Count what each area lacks, in units, and give it as recipients of a pairing."""
    if content.catalogue is None:
        return None, None
    import pyarrow.compute as pc

    counted = units
    for name in content.inquiry.gaps.values():
        at = counted.schema.get_field_index(name)
        counted = counted.set_column(
            at, name, pc.cast(pc.fill_null(counted[name], fill_value=False), "int64")
        )
    gaps = count_gaps(counted, content.inquiry.area, content.inquiry.gaps)
    needs = needs_in_units(gaps, content.catalogue, on=content.programme.round, lang=lang)
    return needs, recipients_of(needs, content.areas, content.programme)
