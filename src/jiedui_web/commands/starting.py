"""Turning to a site: its folder, its database, Django with its settings."""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path

import typer

from jiedui_web.commands.words import both

SETTINGS = "jiedui_web.config.settings"


def use_site(data: Path, database: str = "") -> None:
    """Set Django up for a site."""
    name_site(data, database)
    import django

    django.setup()


def find_site(data: Path, database: str = "") -> None:
    """Set Django up for a site that is there.

    Raises
    ------
    typer.Exit
        If there is none: then it is not made by the way.
    """
    if not data.is_dir():
        typer.echo(both("commands.no_site", path=data), err=True)
        raise typer.Exit(2)
    use_site(data, database)


def name_site(data: Path, database: str = "") -> None:
    """Tell this process and its children which site is meant."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ["JIEDUI_SITE"] = str(data.resolve())
    if database:
        os.environ["JIEDUI_DATABASE"] = database
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS


def manage_site(arguments: list[str], *, data: Path) -> None:
    """Run a command of Django; hyphens in its name are as good as underscores."""
    os.environ["JIEDUI_SITE"] = str(data.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    from django.core.management import execute_from_command_line

    name, *rest = arguments or ["help"]
    execute_from_command_line(["jiedui manage", name.replace("-", "_"), *rest])


def serve_locally(host: str) -> None:
    """Serve without TLS where only this machine can ask and no host name was given."""
    if "JIEDUI_HOSTS" not in os.environ and is_local(host):
        os.environ.setdefault("JIEDUI_LOCAL", "1")


def is_local(host: str) -> bool:
    """Whether only this machine can ask an address.

    Examples
    --------
    >>> is_local("127.0.0.1"), is_local("localhost"), is_local("0.0.0.0"), is_local("db.example")
    (True, True, False, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
