"""What the commands show in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console
from rich.table import Table
from rich.text import Text

from jiedui.language import LANGUAGES, decimal, integer, text

if TYPE_CHECKING:
    from types import TracebackType

    from jiedui.errors import Finding
    from jiedui.language import Lang
    from jiedui.programmes import Folder, PartRun, Run
    from jiedui.publish import Written

PLAIN_WIDTH = 240
"""Signs a line of the output where it goes to a file or a pipe."""
WIDE = 120
"""Signs a line from which a terminal shows every column."""

COLUMNS = (
    "load_max", "load_min", "load_ratio", "load_gini", "over_share", "mean_km", "worst_km", "blocks",
    "earlier_kept", "kept", "place_moves", "unserved", "score_mean", "certificate",
)  # fmt: skip
OF_PARTS = ("over_places", "mean_per_helper", "most_per_helper")
"""Columns of schemes composed by parts, beside these."""
BRIEF = ("load_max", "over_share", "kept", "place_moves", "unserved", "score_mean", "certificate")


def console(*, stderr: bool = False) -> Console:
    """Give the terminal, or a wide plain one where there is none."""
    made = Console(stderr=stderr, highlight=False, soft_wrap=False)
    return made if made.is_terminal else Console(stderr=stderr, highlight=False, width=PLAIN_WIDTH)


def show_findings(findings: Sequence[Finding]) -> None:
    """List findings on the error stream, each in Chinese and English."""
    screen = console(stderr=True)
    for finding in findings:
        screen.print(Text(f"✗ {finding}"), soft_wrap=True)


def show_summary(content: Folder) -> None:
    """Say what a folder holds."""
    screen = console()
    for name, table in content.tables.items():
        screen.print(f"{name:12} {integer(table.num_rows):>8}")
    for lang in ("zh", "en"):
        screen.print(text("screen.checked", lang, name=content.programme.name))


def show_comparison(run: Run | PartRun) -> None:
    """Show the ways of pairing side by side, in the order of the programme, with what they are not."""
    screen, lang = console(), run.lang
    programme = run.folder.programme
    declared = run.records.declarations["comparison"]
    known = {column.name for column in declared.columns}
    chosen = (*(COLUMNS if screen.width >= WIDE else BRIEF), *OF_PARTS)
    columns = [name for name in chosen if name in known]
    table = Table(title=programme.name[lang], title_justify="left", pad_edge=False)
    table.add_column(declared.column("name").words[lang], overflow="fold", min_width=16)
    for name in columns:
        table.add_column(text(f"screen.{name}", lang), justify="right", overflow="fold")
    for row in run.records.tables["comparison"].to_pylist():
        table.add_row(row["name"], *(_cell(name, row[name], lang) for name in columns))
    screen.print(table)
    if "load_max" in known:
        own = programme.scheme.words
        screen.print(text("screen.legend", lang, unit=own["load_unit"], strength=own["strength"]))
    screen.print(text("screen.order", lang))
    for sentence in programme.scheme.notice(lang, counted=run.is_counted):
        screen.print(Text(sentence))
    faults = run.faults
    verified = "screen.verified_parts" if programme.scheme.form == "parts" else "screen.verified"
    screen.print(text("screen.faults" if faults else verified, lang, found="; ".join(faults)))


def show_written(written: Written, target: Path, lang: Lang) -> None:
    """Say what was written where, and what was left out and why."""
    screen = console()
    for note in written.notes:
        screen.print(Text(note[lang]), soft_wrap=True)
    show_paths([target / file.name for file in written.files])
    if written.office:
        screen.print(text("screen.office", lang))
        show_paths([target / file.parent.name / file.name for file in written.office])


def show_paths(paths: Sequence[Path]) -> None:
    """List paths, one a line."""
    screen = console()
    for path in paths:
        screen.print(Text(str(path)), soft_wrap=True)


def show_text(key: str, **values: object) -> None:
    """Say something in every language, a line each."""
    screen = console()
    for lang in LANGUAGES:
        screen.print(Text(text(key, lang, **values)), soft_wrap=True)


class Steps:
    """Tells on the error stream which step runs, while it runs."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self.status = console(stderr=True).status("")

    def __enter__(self) -> Self:
        self.status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.status.stop()

    def start(self, step: str) -> None:
        """Show the next step."""
        self.status.update(text("screen.step", self.lang, step=step))

    def count(self, done: int, total: int) -> None:
        """Show how many rows are done."""
        self.start(f"{integer(done)} / {integer(total)}")


def _cell(name: str, value: Any, lang: Lang) -> str:  # noqa: ANN401 - a cell of any type
    """Write a cell of the comparison."""
    if name == "certificate":
        return text(f"screen.certificate_{value}", lang)
    places = {
        "blocks": 0,
        "earlier_kept": 0,
        "kept": 0,
        "unserved": 0,
        "mean_km": 0,
        "most_per_helper": 0,
        "over_places": 0,
        "worst_km": 0,
        "over_share": 1,
        "place_moves": 1,
    }
    return decimal(value, places.get(name, 3 if name.startswith(("score", "load_gini")) else 2))
