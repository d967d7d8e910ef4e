"""The commands that the site adds to ``jiedui``; without the extra ``web`` they say what to install."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Annotated

import typer

from jiedui_web.commands.words import both

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
audit = typer.Typer(no_args_is_help=True, add_completion=False, help=both("commands.audit"))
app.add_typer(audit, name="audit")

Data = Annotated[Path, typer.Option(help=both("commands.data"))]
Database = Annotated[str, typer.Option(help=both("commands.database"), envvar="JIEDUI_DATABASE")]
HERE = Path("jiedui-site")
PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def _need(*modules: str) -> None:
    """Say what to install where it is missing."""
    if any(importlib.util.find_spec(module) is None for module in modules):
        typer.echo(both("commands.install"), err=True)
        raise typer.Exit(2)


@app.command(help=both("commands.serve"))
def serve(
    *,
    data: Data = HERE,
    host: Annotated[str, typer.Option(help=both("commands.host"))] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help=both("commands.port"))] = 8000,
    database: Database = "",
    demo: Annotated[bool | None, typer.Option("--demo/--no-demo", help=both("commands.demo"))] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help=both("commands.workers"))] = 2,
) -> None:
    """Serve the site."""
    _need("django", "granian", "allauth")
    from jiedui_web.commands.serving import serve_site

    raise typer.Exit(
        serve_site(data=data, host=host, port=port, database=database, demo=demo, workers=workers)
    )


@app.command(help=both("commands.manage"), context_settings=PASSED_ON)
def manage(
    context: typer.Context,
    *,
    data: Annotated[Path, typer.Option(help=both("commands.data"), envvar="JIEDUI_SITE")] = HERE,
) -> None:
    """Run a command of Django with the settings of the site."""
    _need("django", "allauth")
    from jiedui_web.commands.starting import manage_site

    manage_site(context.args, data=data)


@app.command(help=both("commands.backup"))
def backup(
    file: Annotated[Path, typer.Argument(help=both("commands.backup_file"))],
    *,
    data: Data = HERE,
    database: Database = "",
    with_keys: Annotated[bool, typer.Option("--with-keys", help=both("commands.with_keys"))] = False,
) -> None:
    """Write a backup."""
    _need("django", "allauth")
    from jiedui_web.commands.starting import find_site

    find_site(data, database)
    from jiedui_web.commands.backup.writing import write_backup

    raise typer.Exit(write_backup(file, with_keys=with_keys))


@app.command(help=both("commands.restore"))
def restore(
    file: Annotated[Path, typer.Argument(help=both("commands.backup_file"), exists=True, dir_okay=False)],
    *,
    data: Data,
    database: Database = "",
) -> None:
    """Restore a backup into an empty folder, verified."""
    _need("django", "allauth")
    from jiedui_web.commands.backup.restoring import restore_backup

    raise typer.Exit(restore_backup(file, data=data, database=database))


@audit.command(help=both("commands.audit_export"))
def export(
    file: Annotated[Path, typer.Argument(help=both("commands.audit_file"))],
    *,
    data: Data = HERE,
    database: Database = "",
) -> None:
    """Write the sealed trail to a file."""
    _need("django", "allauth")
    from jiedui_web.commands.starting import find_site

    find_site(data, database)
    from jiedui_web.commands.trail import export_trail

    raise typer.Exit(export_trail(file))


@audit.command(help=both("commands.audit_verify"))
def verify(
    file: Annotated[Path, typer.Argument(help=both("commands.audit_file"), exists=True, dir_okay=False)],
    *,
    checkpoints: Annotated[
        Path | None, typer.Option(help=both("commands.checkpoints"), exists=True, file_okay=False)
    ] = None,
    key: Annotated[str, typer.Option(help=both("commands.key"))] = "",
) -> None:
    """Verify an exported trail, without the site."""
    if checkpoints is not None:
        _need("cryptography")
    from jiedui_web.commands.verifying import verify_file

    raise typer.Exit(verify_file(file, checkpoints=checkpoints, key=key))
