"""What the commands of a store show in a terminal, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from jiedui.cli.screen import console
from jiedui.language import LANGUAGES, integer, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from jiedui.registers.imports import Import, Review

SHOWN = 20
"""Changed cells listed unless all are asked for."""


def both(key: str) -> str:
    """Give a word in every language."""
    return " / ".join(text(key, lang) for lang in LANGUAGES)


def show_review(review: Review, *, all_changes: bool = False) -> None:
    """Show what an import would change."""
    screen = console()
    where = f"{review.file} [{review.sheet}]" if review.sheet else review.file
    values = {"number": review.number, "file": where, "version": review.version}
    for lang in LANGUAGES:
        state = text(f"imports_word.{review.state}", lang)
        screen.print(text("imports_word.head", lang, state=state, **values), soft_wrap=True)
    for row in review.counts.to_pylist():
        state = both(f"imports_word.row_{row['state'] or 'unmarked'}")
        screen.print(f"{integer(row['rows']):>10}  {row['register']}  {state}")
    shown = review.changes if all_changes else review.changes.slice(0, SHOWN)
    if shown.num_rows:
        screen.print(_table(shown))
    if left := review.changes.num_rows - shown.num_rows:
        for lang in LANGUAGES:
            screen.print(text("imports_word.more", lang, count=left), soft_wrap=True)
    if review.open_rows.num_rows:
        screen.print(_table(review.open_rows.slice(0, None if all_changes else SHOWN)))


def _table(rows: pa.Table) -> Table:
    """Give rows as they are."""
    table = Table(pad_edge=False)
    for name in rows.schema.names:
        table.add_column(both(f"imports_word.column_{name}"), overflow="fold")
    for row in rows.to_pylist():
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    return table


def show_history(imports: Sequence[Import]) -> None:
    """List imports with who did what when."""
    table = Table(pad_edge=False)
    for name in ("number", "file", "sheet", "state", "staged", "decided", "undone"):
        table.add_column(both(f"imports_word.column_{name}"), overflow="fold")
    for one in imports:
        deeds = (
            (one.staged_by, one.staged_on),
            (one.decided_by, one.decided_on),
            (one.undone_by, one.undone_on),
        )
        told = (f"{by or ''} {on or ''}".strip() for by, on in deeds)
        table.add_row(str(one.number), one.file, one.sheet, both(f"imports_word.{one.state}"), *told)
    console().print(table)
