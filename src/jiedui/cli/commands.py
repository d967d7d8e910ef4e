"""What each command does; the work itself is in `jiedui.programmes`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from jiedui.cli import store
from jiedui.cli.store import both

MOST_SHOWN = 20
"""Questions written out on the screen; the report holds all."""

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(store.app, name="store")


class Language(StrEnum):
    """Languages of the outputs."""

    zh = "zh"
    en = "en"


class Until(StrEnum):
    """Stages a run may end with."""

    registers = "registers"
    needs = "needs"
    pairs = "pairs"
    publish = "publish"


Folder = Annotated[Path, typer.Argument(help=both("cli.folder"))]
Lang = Annotated[Language, typer.Option(help=both("cli.lang"))]


@app.callback(help=both("cli.about"), invoke_without_command=True)
def about(*, version: Annotated[bool, typer.Option("--version", help=both("cli.version"))] = False) -> None:
    """Show the version."""
    if version:
        from jiedui import __version__

        typer.echo(f"jiedui {__version__}")


@app.command(help=both("cli.check"))
def check(folder: Folder) -> None:
    """Read a programme folder and say what is wrong with it."""
    from jiedui.cli.screen import show_findings, show_summary, show_text
    from jiedui.programmes import purpose_of, read_folder
    from jiedui.programmes.needs import read_needs_folder
    from jiedui.programmes.registers import read_register_folder

    purpose = purpose_of(folder)
    if purpose == "registers":
        show_text("screen.checked_registers", count=len(read_register_folder(folder).files))
        return
    if purpose == "needs":
        show_text("screen.checked", name=read_needs_folder(folder).programme.name)
        return
    content = read_folder(folder)
    show_findings(content.notes)
    show_summary(content)


@app.command(help=both("cli.run"))
def run(
    folder: Folder,
    *,
    until: Annotated[Until, typer.Option(help=both("cli.until"))] = Until.publish,
    lang: Lang = Language.zh,
    out: Annotated[Path | None, typer.Option(help=both("cli.out"))] = None,
    processes: Annotated[int, typer.Option(min=1, help=both("cli.processes"))] = 1,
) -> None:
    """Run a programme folder and write what it found."""
    from jiedui.cli.screen import Steps, show_comparison, show_findings, show_written
    from jiedui.programmes import check_target, publish_run, purpose_of, run_programme

    target = out or folder / "out"
    if until == Until.publish:
        check_target(target)
    purpose = purpose_of(folder)
    if purpose in ("registers", "needs"):
        run_stage = {"registers": _run_registers, "needs": _run_needs}[purpose]
        run_stage(folder, lang=lang, until=until, target=target if until == Until.publish else None)
        return
    with Steps(lang.value) as steps:
        made = run_programme(folder, lang=lang.value, processes=processes, on_step=steps.start)
        written = None
        if until == Until.publish:
            steps.start("publish")
            written = publish_run(made, target)
    show_findings(made.folder.notes)
    show_comparison(made)
    if written:
        show_written(written, target, lang.value)


def _run_needs(folder: Path, *, lang: Language, until: Until, target: Path | None) -> None:
    """Run a programme that finds needs and, where it asks for proposals, who could meet them."""
    from jiedui.cli.needs_screen import show_needs, show_written
    from jiedui.cli.screen import Steps, show_comparison
    from jiedui.programmes.needs import run_needs, write_needs

    pairs = until in (Until.pairs, Until.publish)
    with Steps(lang.value) as steps:
        made = run_needs(folder, lang=lang.value, pairs=pairs, on_step=steps.start)
        if target:
            steps.start("publish")
        notes = write_needs(made, target) if target else ()
    show_needs(made)
    if made.paired:
        show_comparison(made.paired)
    if target:
        show_written(notes, target, lang.value)


def _run_registers(folder: Path, *, lang: Language, until: Until, target: Path | None) -> None:  # noqa: ARG001
    """Run a programme that takes in registers: a stage that nothing follows in its folder."""
    from jiedui.cli.register_screen import show_run, show_written
    from jiedui.cli.screen import Steps
    from jiedui.programmes.registers import run_registers, write_registers

    with Steps(lang.value) as steps:
        made = run_registers(folder, lang=lang.value, on_step=steps.start)
        notes = write_registers(made, target, on_step=steps.start) if target else ()
    show_run(made)
    if target:
        show_written(notes, target, lang.value)


@app.command(help=both("cli.new"))
def new(
    scheme: Annotated[str, typer.Argument(help=both("cli.scheme"))],
    folder: Folder,
    *,
    lang: Lang = Language.zh,
) -> None:
    """Start a programme folder with comments and Excel templates."""
    from jiedui.cli.screen import show_paths
    from jiedui.programmes import start_folder

    show_paths(start_folder(scheme, folder, lang=lang.value))


@app.command(help=both("cli.warm_up"))
def warm_up() -> None:
    """Compile the pairing kernel ahead of its first use."""
    from jiedui.cli.screen import show_text
    from jiedui.pairs import warm_up as compile_all

    show_text("screen.warmed_up" if compile_all() else "screen.no_compiler")


@app.command(help=both("cli.repair"))
def repair(
    file: Annotated[Path, typer.Argument(help=both("cli.file"))],
    *,
    report: Annotated[Path | None, typer.Option(help=both("cli.report"))] = None,
    out: Annotated[Path | None, typer.Option(help=both("cli.repaired"))] = None,
) -> None:
    """Write a repaired copy of a file and say what was done and what is asked."""
    from jiedui.cli.screen import show_findings, show_paths, show_text
    from jiedui.registers.damaged import repair_file, write_report

    done = repair_file(file, out=out)
    show_findings([question.finding(file=done.file) for question in done.questions[:MOST_SHOWN]])
    counts = {"changes": len(done.changes), "questions": len(done.questions)}
    show_text("damaged_report.summary", file=done.file, **counts)
    if not done.copy:
        show_text("damaged_report.unchanged")
    if report:
        write_report(done, report)
    show_paths([path for path in (done.copy, report) if path])
