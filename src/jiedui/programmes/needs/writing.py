"""The outputs of a run that finds needs: estimates, areas, needs, the page, and the proposals beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiedui.needs import ESTIMATES
from jiedui.needs.areas import AREAS
from jiedui.needs.tables import NEEDS
from jiedui.needs.targeting.tables import COMPARISON, CONSEQUENCES
from jiedui.programmes.needs.page import make_page
from jiedui.programmes.publishing import make_publication
from jiedui.programmes.writing import MARK, write_whole
from jiedui.publish import render_page, write, write_csv, write_run
from jiedui.tables.shared import RECIPIENTS

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.language import Words
    from jiedui.programmes.needs.running import NeedsRun
    from jiedui.tables import Table

OFFICE, PAIRS = "office", "pairs"
"""Folders of the output: for the office itself, as it may tell of one household; and what pairing gives."""


def write_needs(run: NeedsRun, target: Path) -> tuple[Words, ...]:
    """Write everything a run that finds needs gives into the folder target, whole or not at all.

    Returns
    -------
    tuple of Words
        What was left out, and why.

    Raises
    ------
    InputError
        If target holds anything but an earlier output.
    """
    return write_whole(target, lambda made: _write(run, made), timings=run.seconds)


def _write(run: NeedsRun, made: Path) -> tuple[Words, ...]:
    (made / OFFICE).mkdir()
    for name, table, rows in _tables(run):
        write_csv(made / f"{name}.csv", rows, declaration=table, lang=run.lang)
    notes: tuple[Words, ...] = ()
    if run.targeted:
        run.targeted.model.save(made / OFFICE / "score.json")
    if run.paired:
        (made / PAIRS).mkdir()
        notes = write(make_publication(run.paired), made / PAIRS, run.lang).notes
    names = sorted(path.relative_to(made).as_posix() for path in made.rglob("*") if _is_open(path))
    page = render_page(make_page(run), run.lang, files=names)
    (made / "report.html").write_text(page, encoding="utf-8", newline="\n")
    write_run(made / MARK, _record(run, made))
    return notes


def _is_open(path: Path) -> bool:
    return path.is_file() and path.parent.name != OFFICE


def _tables(run: NeedsRun) -> Iterator[tuple[str, Table, pa.Table]]:
    """Give every table with the name of its file."""
    yield "survey", ESTIMATES, run.survey.table
    yield "areas", AREAS, run.areas.table
    if run.income is not None:
        yield "income", ESTIMATES, run.income.table
    yield from _targeting(run)
    yield f"{OFFICE}/register", ESTIMATES, run.register.table
    if run.needs is not None:
        yield f"{OFFICE}/needs", NEEDS, run.needs
    if run.recipients is not None:
        yield f"{OFFICE}/recipients", _present(RECIPIENTS, run.recipients), run.recipients


def _targeting(run: NeedsRun) -> Iterator[tuple[str, Table, pa.Table]]:
    """Give the errors of thresholds, and for the office the households to be visited."""
    import pyarrow as pa

    if run.targeted is None:
        return
    rows = pa.concat_tables([run.targeted.shown, run.targeted.groups])
    yield "consequences", CONSEQUENCES, rows
    if run.targeted.compared:
        yield f"{OFFICE}/visits", COMPARISON, run.targeted.compared.table


def _present(table: Table, rows: pa.Table) -> Table:
    """Give a declaration with the columns that rows have."""
    return replace(table, columns=tuple(one for one in table.columns if one.name in rows.column_names))


def _record(run: NeedsRun, made: Path) -> dict[str, Any]:
    """Freeze what the outputs were made from."""
    import jiedui

    return {
        "programme": run.content.programme.id,
        "version": jiedui.__version__,
        "settings": run.content.programme.sha256,
        "survey": dict(run.survey.origin),
        "register": dict(run.register.origin),
        "areas": dict(run.areas.origin),
        "inputs": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in run.content.tables.values()
        },
        "outputs": {
            path.relative_to(made).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(made.rglob("*.csv"))
        },
    }
