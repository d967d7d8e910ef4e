"""The folder of a programme that takes in registers: incoming files, and what people decided beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from jiedui.errors import Finding, InputError
from jiedui.language import finding
from jiedui.programmes.programme import Programme, read_programme
from jiedui.programmes.purposes import Intake
from jiedui.registers.checks import Rules, read_rules, shipped_rules, try_cases
from jiedui.registers.forms import Form, read_form, shipped_forms
from jiedui.registers.headings import SavedMap, read_map
from jiedui.registers.place_names import KnownPlaces, read_places
from jiedui.registers.tables import CORRECTIONS, LINK_DECISIONS
from jiedui.tables import read_table

if TYPE_CHECKING:
    import pyarrow as pa

INCOMING = "incoming"
MAPPING, RULES, PLACES, FORMS, TRUTH = "mapping.csv", "rules.toml", "places.csv", "forms", "truth"
HIDDEN = (".", "~$")
"""How the names of files begin that programs leave behind."""
NOTHING_YET = ("table.no_rows",)
"""A file with headings only, as a run writes it when there is nothing to decide, decides nothing."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RegisterFolder:
    """A checked folder of a programme that takes in registers.

    Attributes
    ----------
    files : tuple of Path
        What offices sent, in the order of their names: of two that disagree the earlier holds for now.
    saved : SavedMap or None
        The headings that a person confirmed.
    rules : Rules
        The shipped ones with the county's own.
    places : KnownPlaces or None
        The user's table of places; without one the villages of the registers stand for it.
    corrections, decisions : pyarrow.Table
        As ``CORRECTIONS`` and ``LINK_DECISIONS``.
    forms : mapping of str to Form
        The shipped ones and the county's own.
    truth : Path or None
        What is known of synthetic registers, to be compared with.
    """

    folder: Path
    programme: Programme
    intake: Intake
    files: tuple[Path, ...]
    saved: SavedMap | None
    rules: Rules
    places: KnownPlaces | None
    corrections: pa.Table
    decisions: pa.Table
    forms: Mapping[str, Form]
    truth: Path | None


def read_register_folder(folder: Path) -> RegisterFolder:
    """Read and check a folder, all but the incoming files.

    Raises
    ------
    InputError
        With everything that is wrong with its settings, rules, decisions and forms.
    """
    programme = read_programme(folder)
    findings: list[Finding] = []

    def read(name: str, reader: Callable[[Path], T], otherwise: T) -> T:
        path = folder / name
        if not path.exists():
            return otherwise
        try:
            return reader(path)
        except InputError as error:
            findings.extend(found for found in error.findings if found.rule not in NOTHING_YET)
            return otherwise

    forms = dict(shipped_forms())
    for path in sorted((folder / FORMS).glob("*.toml")):
        if form := read(f"{FORMS}/{path.name}", _own_form, None):
            forms[path.stem] = form
    files = _incoming(folder / INCOMING)
    if not files:
        findings.append(finding("programme.nothing_incoming", file=INCOMING))
    intake = programme.intake
    saved = read(MAPPING, _saved_map, None)
    rules = read(RULES, partial(_own_rules, on=intake.on if intake else ""), shipped_rules())
    places = read(PLACES, _places, None)
    corrections = read(f"{CORRECTIONS.name}.csv", _corrections, CORRECTIONS.schema().empty_table())
    decisions = read(f"{LINK_DECISIONS.name}.csv", _decisions, LINK_DECISIONS.schema().empty_table())
    if findings or intake is None:
        raise InputError(findings)
    truth = folder / TRUTH
    return RegisterFolder(
        folder,
        programme,
        intake,
        files,
        saved,
        rules,
        places,
        corrections,
        decisions,
        forms,
        truth if truth.is_dir() else None,
    )


def _incoming(folder: Path) -> tuple[Path, ...]:
    """List the files that offices sent."""
    if not folder.is_dir():
        return ()
    return tuple(path for path in sorted(folder.iterdir()) if not path.name.startswith(HIDDEN))


def _own_rules(path: Path, *, on: str) -> Rules:
    """Read the county's rules; the cases that they bring along must come out as they say."""
    rules = read_rules(path)
    shipped = {id(rule) for rule in shipped_rules().rules}
    own = tuple(rule for rule in rules.rules if id(rule) not in shipped)
    try:
        wrong = try_cases(Rules(own, rules.values), on=on)
    except InputError as error:
        wrong = error.findings
    if wrong:
        raise InputError(replace(one, file=path.name) for one in wrong)
    return rules


def _own_form(path: Path) -> Form | None:
    """Read a form of the county; it takes the place of a shipped one only where it says so."""
    form = read_form(path)
    if path.stem in shipped_forms() and not form.replaces:
        raise InputError([finding("forms.shipped", file=path.name, found=path.stem)])
    return form


def _saved_map(path: Path) -> SavedMap | None:
    return read_map(path)


def _places(path: Path) -> KnownPlaces | None:
    return read_places(path)


def _corrections(path: Path) -> pa.Table:
    return read_table(path, CORRECTIONS, needed=("was", "is")).table


def _decisions(path: Path) -> pa.Table:
    """Read the decided lines; each must name who decided and when."""
    import pyarrow.compute as pc

    reading = read_table(path, LINK_DECISIONS, needed=("same",))
    rows = reading.table.to_pylist()
    if findings := [
        reading.finding("programme.decision_unsigned", row, name)
        for row, decided in enumerate(rows)
        for name in ("who", "when")
        if decided["same"] is not None and decided[name] is None
    ]:
        raise InputError(findings)
    return reading.table.filter(pc.is_valid(reading.table["same"]))
