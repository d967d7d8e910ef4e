"""The folder of a programme that finds needs: units and members, a survey, areas, a catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from jiedui.errors import Finding, InputError
from jiedui.language import finding
from jiedui.needs import Spec, load_spec, read_spec, shipped_specs
from jiedui.needs.quantities import Catalogue, load_catalogue
from jiedui.programmes.inquiry import Inquiry
from jiedui.programmes.needs.columns import find_missing_columns
from jiedui.programmes.needs.pairing import read_helping
from jiedui.programmes.programme import Programme, read_programme
from jiedui.tables import Column, Reading, Table, read_table
from jiedui.tables.shared import LAT, LON, NAME, NAME_EN

if TYPE_CHECKING:
    import pyarrow as pa

UNITS = ("units", "members", "survey", "survey_members", "appraisal")
"""Tables in Parquet; members may be missing where the specification asks about none, and the appraisal."""
CATALOGUE = "catalogue.toml"


@dataclass(frozen=True, slots=True)
class NeedsFolder:
    """A checked folder of a programme that finds needs.

    Attributes
    ----------
    tables : mapping of str to Path
        Of `UNITS`, those that are there.
    areas : pyarrow.Table
        ``code``, ``name``, ``name_en``, ``lon``, ``lat`` and the covariates.
    catalogue : Catalogue or None
        How needs are counted in units; without one they are not.
    helping : mapping of str to Reading
        Who helps, and what was decided; empty where the programme asks for no proposals.
    """

    folder: Path
    programme: Programme
    inquiry: Inquiry
    spec: Spec
    tables: Mapping[str, Path]
    areas: pa.Table
    catalogue: Catalogue | None
    helping: Mapping[str, Reading]

    @property
    def plain(self) -> Spec:
        """The specification for units whose deprivations are computed already."""
        return replace(
            self.spec, indicators=tuple(replace(one, deprived="", roster="") for one in self.spec.indicators)
        )


def read_needs_folder(folder: Path) -> NeedsFolder:
    """Read and check a folder.

    Raises
    ------
    InputError
        With everything that is wrong with its settings, specification, areas and catalogue.
    """
    programme = read_programme(folder)
    inquiry = programme.inquiry
    if inquiry is None:
        raise InputError(
            [finding("programme.key", file="programme.toml", cell="needs", found=None, allowed="[needs]")]
        )
    findings: list[Finding] = []
    tables = {name: path for name in UNITS if (path := folder / f"{name}.parquet").is_file()}
    findings += [
        finding("programme.needs_table", file=f"{name}.parquet")
        for name in ("units", "survey")
        if name not in tables
    ]
    findings += find_missing_columns(tables, inquiry)
    try:
        spec = _spec(folder, inquiry, int(programme.round[:4]))
        areas = read_table(folder / "areas.csv", areas_table(inquiry.covariates)).table
        catalogue = load_catalogue(str(folder / CATALOGUE)) if (folder / CATALOGUE).is_file() else None
        helping = read_helping(folder, programme, catalogue)
    except InputError as error:
        raise InputError([*findings, *error.findings]) from None
    if findings:
        raise InputError(findings)
    return NeedsFolder(folder, programme, inquiry, spec, tables, areas, catalogue, helping)


def areas_table(covariates: tuple[str, ...]) -> Table:
    """Declare the table of areas with the covariates of a programme."""
    code = Column("code", "text", {"zh": "区域代码", "en": "area code"})
    own = tuple(Column(name, "number", {"zh": name, "en": name}) for name in covariates)
    return Table(
        "areas", {"zh": "小区域", "en": "areas"}, (code, NAME, NAME_EN, LON, LAT, *own), key=("code",)
    )


def _spec(folder: Path, inquiry: Inquiry, year: int) -> Spec:
    """Read the specification that is shipped or stands in the folder."""
    if inquiry.spec in shipped_specs():
        return load_spec(inquiry.spec, year=year, values=inquiry.values)
    return read_spec(folder / inquiry.spec, year=year, values=inquiry.values)
