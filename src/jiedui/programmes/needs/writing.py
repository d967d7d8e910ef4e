"""The outputs of a run that finds needs: estimates, areas, needs, the page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiedui.needs import ESTIMATES
from jiedui.needs.areas import AREAS
from jiedui.needs.tables import NEEDS
from jiedui.programmes.needs.page import make_page
from jiedui.programmes.writing import MARK, write_whole
from jiedui.publish import render_page, write_csv, write_run
from jiedui.tables.shared import RECIPIENTS

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.programmes.needs.running import NeedsRun
    from jiedui.tables import Table


def write_needs(run: NeedsRun, target: Path) -> None:
    """Write everything a run that finds needs gives into the folder target, whole or not at all.

    Raises
    ------
    InputError
        If target holds anything but an earlier output.
    """
    write_whole(target, lambda made: _write(run, made), timings=run.seconds)


def _write(run: NeedsRun, made: Path) -> None:
    for name, table, rows in _tables(run):
        write_csv(made / f"{name}.csv", rows, declaration=table, lang=run.lang)
    names = sorted(path.name for path in made.iterdir())
    page = render_page(make_page(run), run.lang, files=names)
    (made / "report.html").write_text(page, encoding="utf-8", newline="\n")
    write_run(made / MARK, _record(run, made))


def _tables(run: NeedsRun) -> Iterator[tuple[str, Table, pa.Table]]:
    """Give every table with the name of its file."""
    yield "survey", ESTIMATES, run.survey.table
    yield "register", ESTIMATES, run.register.table
    yield "areas", AREAS, run.areas.table
    if run.needs is not None:
        yield "needs", NEEDS, run.needs
    if run.recipients is not None:
        yield "recipients", _present(RECIPIENTS, run.recipients), run.recipients


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
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(made.glob("*.csv"))
        },
    }
