"""Commands of a store of registers: put in, look at, merge, undo."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from jiedui.language import LANGUAGES, text


def both(key: str) -> str:
    """Give a text in every language, one after the other."""
    return " / ".join(text(key, lang) for lang in LANGUAGES)


app = typer.Typer(no_args_is_help=True, add_completion=False, help=both("cli.store"))


def _day(on: str) -> str:
    """Give the day told, or the one on which the command is given."""
    if not on:
        return datetime.now(UTC).astimezone().date().isoformat()
    try:
        return date.fromisoformat(on).isoformat()
    except ValueError:
        raise typer.BadParameter(both("cli.on")) from None


Path_ = Annotated[Path, typer.Argument(help=both("cli.store_file"))]
Number = Annotated[int, typer.Argument(help=both("cli.number"))]
By = Annotated[str, typer.Option(help=both("cli.by"))]
On = Annotated[str, typer.Option(help=both("cli.on"), show_default=False, callback=_day)]


@app.command(help=both("cli.store_add"))
def add(
    store: Path_,
    files: Annotated[list[Path], typer.Argument(help=both("cli.files"))],
    *,
    by: By,
    on: On = "",
    mapping: Annotated[Path | None, typer.Option(help=both("cli.mapping"))] = None,
) -> None:
    """Stage the rows of files and show what they would change."""
    from jiedui.cli.screen import Steps, show_findings
    from jiedui.cli.store_screen import show_review
    from jiedui.registers import read_register
    from jiedui.registers.headings import read_map
    from jiedui.registers.imports import review, stage
    from jiedui.store import Store

    saved = read_map(mapping) if mapping else None
    with Steps("zh") as steps:
        taken = read_register(files, saved=saved, on_file=lambda path: steps.start(path.name))
        with Store.open(store, create=True) as opened:
            db = opened.connection()
            told = stage(db, taken.register, by=by, on=on, on_progress=steps.count)
            reviews = [review(db, number) for number in told]
    show_findings(taken.problems())
    for one in reviews:
        show_review(one)
    if taken.refused:
        raise typer.Exit(2)


@app.command(help=both("cli.store_review"))
def review(store: Path_, number: Number) -> None:
    """Show what an import would change, against the rows in force now."""
    from jiedui.cli.store_screen import show_review
    from jiedui.registers.imports import review as look_at
    from jiedui.store import Store

    with Store.open(store) as opened:
        show_review(look_at(opened.connection(), number), all_changes=True)


@app.command(help=both("cli.store_commit"))
def commit(
    store: Path_,
    number: Number,
    *,
    reviewed: Annotated[int, typer.Option(help=both("cli.reviewed"))],
    by: By,
    on: On = "",
) -> None:
    """Put a reviewed import in force."""
    from jiedui.registers.imports import commit as merge
    from jiedui.store import Store

    with Store.open(store) as opened:
        merge(opened.connection(), number, reviewed=reviewed, by=by, on=on)
    listed(store)


@app.command(help=both("cli.store_refuse"))
def refuse(store: Path_, number: Number, *, by: By, on: On = "") -> None:
    """Put an import aside for good."""
    from jiedui.registers.imports import refuse as set_aside
    from jiedui.store import Store

    with Store.open(store) as opened:
        set_aside(opened.connection(), number, by=by, on=on)
    listed(store)


@app.command(help=both("cli.store_undo"))
def undo(store: Path_, number: Number, *, by: By, on: On = "") -> None:
    """Take a merged import back."""
    from jiedui.registers.imports import undo as take_back
    from jiedui.store import Store

    with Store.open(store) as opened:
        take_back(opened.connection(), number, by=by, on=on)
    listed(store)


@app.command("list", help=both("cli.store_list"))
def listed(store: Path_) -> None:
    """List the imports of a store and who did what."""
    from jiedui.cli.store_screen import show_history
    from jiedui.registers.imports import history
    from jiedui.store import Store

    with Store.open(store) as opened:
        show_history(history(opened.connection()))
