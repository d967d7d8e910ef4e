"""The outputs of a run over registers, for the office itself: they hold what offices sent, whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import Words, words
from jiedui.programmes.registers.figures import FIGURES, figures
from jiedui.programmes.registers.page import make_page
from jiedui.programmes.registers.truth import compare_truth
from jiedui.programmes.writing import MARK, write_whole
from jiedui.publish import render_page, write_csv, write_run
from jiedui.registers import REPAIRS
from jiedui.registers.checks import COMPARED
from jiedui.registers.corrections import with_names
from jiedui.registers.forms import (
    TICKED,
    return_workbook,
    tick_off,
    write_form,
    write_tables,
    write_update_list,
)
from jiedui.registers.headings import write_map
from jiedui.registers.tables import LINK_DECISIONS

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.programmes.registers.running import RegisterRun
    from jiedui.registers.forms import Written
    from jiedui.tables import Table


def write_registers(
    run: RegisterRun, target: Path, *, on_step: Callable[[str], None] = lambda _: None
) -> tuple[Words, ...]:
    """Write everything a run over registers gives into the folder target, whole or not at all.

    Returns
    -------
    tuple of Words
        What was left out, and why.

    Raises
    ------
    InputError
        If target holds anything but an earlier output.
    """
    return write_whole(target, lambda made: tuple(_write(run, made, on_step)), timings=run.seconds)


def _write(run: RegisterRun, made: Path, on_step: Callable[[str], None]) -> Iterator[Words]:
    """Write every file into a new folder; give what was left out."""
    for name in ("tables", "returned", "forms"):
        (made / name).mkdir()
    on_step("tables")
    yield from _noted(lambda: write_tables(run.register, made / "tables", run.lang, findings=run.findings))
    yield from _returned(run, made / "returned", on_step)
    yield from _forms(run, made / "forms", on_step)
    if run.corrected.applied.num_rows:
        update = made / "update_list.xlsx"
        on_day = run.content.intake.on
        yield from _noted(
            lambda: write_update_list(
                with_names(run.corrected.applied), run.register, update, run.lang, on=on_day
            )
        )
    write_map(made / "mapping.csv", run.taken.maps, lang=run.lang)
    for table, rows in _lists(run):
        write_csv(made / f"{table.name}.csv", rows, declaration=table, lang=run.lang)
    names = sorted(path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file())
    page = render_page(make_page(run), run.lang, files=names)
    (made / "report.html").write_text(page, encoding="utf-8", newline="\n")
    write_run(made / MARK, _record(run, made))


def _lists(run: RegisterRun) -> Iterator[tuple[Table, pa.Table]]:
    """Give the short tables that tell what happened on the way."""
    yield FIGURES, figures(run)
    yield COMPARED, run.compared
    yield REPAIRS, run.taken.repairs
    yield LINK_DECISIONS, _to_decide(run)
    if run.content.corrections.num_rows:
        yield TICKED, tick_off(with_names(run.content.corrections), run.sent)
    if run.content.truth:
        yield from compare_truth(run, run.content.truth)


def _returned(run: RegisterRun, folder: Path, on_step: Callable[[str], None]) -> Iterator[Words]:
    """Give every workbook back with its issues."""
    bottoms: dict[str, dict[str, int]] = {}
    for sheet in run.taken.sheets:
        bottoms.setdefault(sheet.place.file, {})[sheet.place.sheet] = sheet.bottom
    for path in run.content.files:
        if path in run.taken.refused:
            continue
        on_step(path.name)
        target = folder / f"{path.stem}.xlsx"
        target = folder / f"{path.name}.xlsx" if target.exists() else target
        headings = bottoms.get(path.name, {})
        write = partial(return_workbook, path, run.findings, target, run.lang, headings=headings)
        for note in _noted(write):
            yield {lang: f"{path.name}: {said}" for lang, said in note.items()}


def _forms(run: RegisterRun, folder: Path, on_step: Callable[[str], None]) -> Iterator[Words]:
    """Fill every form in."""
    write = partial(write_form, register=run.register, findings=run.findings, on=run.content.intake.on)
    for name, form in run.content.forms.items():
        on_step(name)
        yield from _noted(partial(write, form, target=folder / f"{name}.xlsx", lang=run.lang))


def _noted(write: Callable[[], Written]) -> Iterator[Words]:
    """Write something; what it holds may keep it from being written, and is told; a full disk is an error."""
    try:
        yield from write().notes
    except InputError as error:
        if isinstance(error.__cause__, OSError):
            raise error.__cause__ from error
        for found in error.findings:
            yield {"zh": found.zh, "en": found.en}


def _to_decide(run: RegisterRun) -> pa.Table:
    """Give the links that a person has to decide, in the form in which the decision is read back."""
    import pyarrow as pa
    import pyarrow.compute as pc

    links = run.linked.links.filter(pc.equal(run.linked.links["status"], "decide"))
    rows = [{"left": row["left"], "right": row["right"]} for row in links.to_pylist()]
    return pa.Table.from_pylist(rows, LINK_DECISIONS.schema())


def _record(run: RegisterRun, made: Path) -> dict[str, Any]:
    """Freeze what the outputs were made from."""
    import jiedui

    programme = run.content.programme
    return {
        "programme": programme.id,
        "version": jiedui.__version__,
        "on": run.content.intake.on,
        "settings": programme.sha256,
        "inputs": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in run.content.files
            if path.is_file()
        },
        "outputs": {
            path.relative_to(made).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(made.rglob("*.csv"))
        },
        "figures": {row["figure"]: row["count"] for row in figures(run).to_pylist()},
        "notes": [words("register_run.office")],
    }
