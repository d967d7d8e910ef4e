"""What a run over registers shows in a terminal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from jiedui.cli.screen import console, show_findings, show_paths
from jiedui.language import decimal, integer, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from jiedui.language import Lang, Words
    from jiedui.programmes.registers import RegisterRun

SHOWN_RULES = 12
"""Rules listed on the screen; compared.csv has them all."""
PLACE = re.compile(r"\{\w+\}")
"""Where a sentence names what was found."""


def show_run(run: RegisterRun) -> None:
    """Show what happened on the way, the rules with most questions, and the truth where it is known."""
    from jiedui.programmes.registers import compare_truth, figures

    refused = {path.name for path in run.taken.refused}
    show_findings([found for found in run.taken.problems() if found.file in refused])
    screen, lang = console(), run.lang
    screen.print(Text(run.content.programme.name[lang]))
    for row in figures(run).to_pylist():
        screen.print(f"{integer(row['count']):>10}  {row[lang]}", soft_wrap=True)
    for step, seconds in run.seconds.items():
        told = text(f"register_run.step_{step}", lang)
        screen.print(f"{decimal(seconds, 1):>10}  {text('register_run.seconds', lang, step=told)}")
    screen.print(_rules(run))
    if run.content.truth:
        by_rule, of_links = (rows for _, rows in compare_truth(run, run.content.truth))
        screen.print(_truth(by_rule, lang))
        for row in of_links.to_pylist():
            share = "" if row["share"] is None else f"  {decimal(100 * row['share'], 2)} %"
            told = text(f"register_run.{row['figure']}", lang)
            screen.print(f"{integer(row['count']):>10}  {told}{share}", soft_wrap=True)


def _rules(run: RegisterRun) -> Table:
    """Give the rules with most findings, each with its sentence."""
    rules, on = run.content.rules, run.content.intake.on
    sentences = {rule.id: rules.sentence(rule, run.lang, on=on) for rule in rules.rules}
    table = Table(title=text("register_run.by_rule", run.lang), title_justify="left", pad_edge=False)
    for name in ("rule", "hits", "compared", "not_compared_short"):
        table.add_column(
            text(f"register_run.{name}", run.lang), justify="left" if name == "rule" else "right"
        )
    table.add_column(text("register_run.sentence", run.lang), overflow="fold")
    rows = sorted(
        (row for row in run.compared.to_pylist() if row["hits"]), key=lambda row: (-row["hits"], row["rule"])
    )
    for row in rows[:SHOWN_RULES]:
        counts = (integer(row[name]) for name in ("hits", "compared", "not_compared"))
        table.add_row(row["rule"], *counts, Text(PLACE.sub("…", sentences[row["rule"]])))
    return table


def _truth(rows: pa.Table, lang: Lang) -> Table:
    """Give precision and recall of each rule against what was planted."""
    table = Table(title=text("register_run.truth", lang), title_justify="left", pad_edge=False)
    for name in rows.schema.names:
        table.add_column(text(f"register_run.{name}", lang), justify="left" if name == "rule" else "right")
    for row in rows.to_pylist():
        shares = (decimal(row[name], 3) for name in ("precision", "recall"))
        counts = (integer(row[name]) for name in ("planted", "found", "right"))
        table.add_row(row["rule"], *counts, *shares)
    return table


def show_written(notes: Sequence[Words], target: Path, lang: Lang) -> None:
    """Say where everything was written, and what was left out."""
    screen = console()
    for note in notes:
        screen.print(Text(note[lang]), soft_wrap=True)
    screen.print(text("register_run.office", lang))
    names = sorted({path.relative_to(target).parts[0] for path in target.rglob("*") if path.is_file()})
    show_paths([target / name for name in names])
